"""Custom properties of a Word document: those that its page names, and Word has no property of its own for."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from reports.documents.view import View
from reports.renderers.word import render
from reports.renderers.word.properties import NAMESPACE
from tests.conftest import PROJECT
from tests.renderers.word.conftest import PAGE, WriteWord

PART, RELATIONSHIPS = "docProps/custom.xml", "_rels/.rels"


def custom(content: bytes) -> list[tuple[str | None, str | None, str]]:
    """Return each custom property of a file: its number, its name and its text."""
    root: Any = etree.fromstring(ZipFile(BytesIO(content)).read(PART))
    return [(own.get("pid"), own.get("name"), "".join(own.itertext())) for own in root.iter(f"{{{NAMESPACE}}}property")]


def test_the_summary_says_its_edition_and_its_digest(tiny_view: View) -> None:
    """Whoever gets the file can tell from which edition, and from which content, it was made; the package knows the part."""
    content = render(tiny_view, PROJECT / "templates", "summary/summary.html.j2").content
    assert custom(content) == [("2", "edition", "1"), ("3", "digest", tiny_view.digest)]
    package = ZipFile(BytesIO(content))
    assert f'Target="{PART}"' in package.read(RELATIONSHIPS).decode()
    assert f'PartName="/{PART}"' in package.read("[Content_Types].xml").decode()


def test_signs_are_no_markup(write_word: WriteWord) -> None:
    """A property is the text that the page gives, and a page that names none has no such part."""
    document = write_word(PAGE.replace("<title>", "<meta name='kept by' content='A &amp; &lt;B&gt; č'><title>") % "")
    saved = BytesIO()
    document.save(saved)
    assert custom(saved.getvalue()) == [("2", "kept by", "A & <B> č")]
    saved = BytesIO()
    write_word("<p>A</p>").save(saved)
    assert PART not in ZipFile(saved).namelist()
