"""Packages of Office files: the same parts make the same bytes."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import pytest

from reports.renderers.ooxml import pack, unpack

PARTS = {"word/document.xml": b"<a/>" * 100, "[Content_Types].xml": b"<b/>", "_rels/.rels": b"", "Word/č.xml": "č".encode()}


def test_parts_come_back() -> None:
    """What is packed comes out again, byte for byte, an empty part too."""
    assert unpack(pack(PARTS)) == PARTS


def _set(package: bytes, local: int, central: int, value: int) -> bytes:
    """Return *package* with *value* in the headers of each entry, at *local* in the one before it and at *central* in the list."""
    changed = bytearray(package)
    for mark, at in ((b"PK\3\4", local), (b"PK\1\2", central)):
        for match in re.finditer(re.escape(mark), package):
            changed[match.start() + at] = value
    return bytes(changed)


PACKED = pack({"a": bytes(range(256)) * 40})
BROKEN = {
    "encrypted": _set(PACKED, 6, 8, 1),
    "unknown compression": _set(PACKED, 8, 10, 99),
    "changed": PACKED[:40] + bytes(1) + PACKED[41:],
    "damaged": PACKED[:31] + b"\xff" * 10 + PACKED[41:],
    "cut off": PACKED[:100],
    "no package": b"PK",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_package_that_can_not_be_read_is_refused(name: str) -> None:
    """A broken package is told by one kind of error, whichever of its parts the library stumbles over."""
    with pytest.raises(BadZipFile):
        unpack(BROKEN[name])


def test_content_types_come_first() -> None:
    """The content types are the first entry, where readers look for them; the others follow by name."""
    with ZipFile(BytesIO(pack(PARTS))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "Word/č.xml", "_rels/.rels", "word/document.xml"]
        assert archive.testzip() is None


def test_the_order_of_the_parts_leaves_no_trace() -> None:
    """The same parts in another order make the same bytes."""
    assert pack(dict(reversed(PARTS.items()))) == pack(PARTS)


def test_clock_and_machine_leave_no_trace() -> None:
    """Every entry is of the first moment that a zip entry can bear, compressed, from the same system, with the same rights."""
    with ZipFile(BytesIO(pack(PARTS))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(entry.compress_type, entry.create_system, entry.external_attr) for entry in archive.infolist()} == {
            (ZIP_DEFLATED, 3, 0o600 << 16)
        }


def test_folders_are_no_parts() -> None:
    """A package that some program wrote with entries for its folders holds the same parts as one without."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("word/", b"")
        archive.writestr("word/document.xml", b"<a/>")
    assert unpack(target.getvalue()) == {"word/document.xml": b"<a/>"}
