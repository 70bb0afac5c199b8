"""Archives that came back: their parts, and where these lead."""

import pytest
from lxml import etree

from reports.proposals.archive import Archive, Target, holds
from reports.proposals.refusal import DAMAGED, RefusedError
from reports.renderers.ooxml import pack

LINK = '<Relationship Id="{}" Type="http://a/{}" Target="{}" TargetMode="{}"/>'
LINKS = "".join(
    LINK.format(*link)
    for link in (
        ("a", "worksheet", "sheets/a.xml", "Internal"),
        ("b", "worksheet", "/xl/b.xml", "Internal"),
        ("c", "comments", "../../../etc/passwd", "Internal"),
        ("d", "hyperlink", "http://127.0.0.1:9/", "External"),
    )
)


def test_relationships_lead_to_parts_alone() -> None:
    """From beside their part or from the root, never out of the archive, and nowhere else."""
    archive = Archive(pack({"xl/_rels/a.xml.rels": f"<Relationships>{LINKS}</Relationships>".encode()}))
    assert archive.targets("xl/a.xml") == {
        "a": Target("worksheet", "xl/sheets/a.xml"),
        "b": Target("worksheet", "xl/b.xml"),
        "c": Target("comments", "etc/passwd"),
    }
    assert (archive.targets(""), archive.read("etc/passwd"), archive.root("etc/passwd").tag) == ({}, b"", "none")


def test_a_document_type_is_refused_in_any_encoding() -> None:
    """Where a part is read whole, and where it is read element by element."""
    document = "<!DOCTYPE a><a><b/></a>"
    archive = Archive(pack({"a.xml": document.encode("utf-16"), "b.xml": b"<a><b/><b/></a>"}))
    for read in (archive.root, lambda name: list(archive.elements(name, "b"))):
        with pytest.raises(RefusedError, match=DAMAGED.partition("{")[0]):
            read("a.xml")
    assert [etree.QName(element).localname for element in archive.elements("b.xml", "b")] == ["b", "b"]


def test_what_is_no_archive_holds_nothing() -> None:
    """Nor does one whose list of parts can't be read, whatever is wrong with it."""
    content = pack({"č.xml": b""})
    assert holds(content, "č.xml")
    assert not holds(content, "a.xml")
    newer = bytearray(content)
    newer[content.index(b"PK\x01\x02") + 6] = 99  # the version of the format that it needs, in tenths
    for damaged in (b"", b"a", content[:-9], content.replace("č".encode(), b"\xff\xff"), bytes(newer)):
        assert not holds(damaged, "č.xml")
