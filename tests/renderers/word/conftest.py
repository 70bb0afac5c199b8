"""The tiny document `brief` in Word, made once in a run of the tests; pages that a test gives; and what reads both back."""

import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import docx
import pytest
from docx.oxml.ns import nsmap, qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html
from reports.renderers.word import render
from tests.conftest import PROJECT, TINY, Show

BRIEF = "brief/brief.html.j2"
PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>T</title></head>
<body><h1>T</h1>%s</body></html>"""

SIGNS = {qn("w:br"): "\n", qn("w:noBreakHyphen"): "-"}  # of what is an element in Word

WriteWord = Callable[[str], Any]
WordProblems = Callable[[str], list[str]]


def png() -> bytes:
    """Return a small picture, four pixels by two."""
    return b64decode("iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEElEQVR4nGMQMo2GIwZkDgA/ogURXwBuYAAAAABJRU5ErkJggg==")


def find(root: Any, path: str) -> list[Any]:
    """Return what the XPath *path* finds in *root*."""
    found: list[Any] = etree.XPath(path, namespaces=nsmap)(root)
    return found


def text(element: Any) -> str:
    """Return the text of the runs in *element*, those of content controls too, which python-docx passes over."""
    return "".join(SIGNS.get(part.tag, part.text) for part in find(element, ".//w:t | .//w:br | .//w:noBreakHyphen"))


def paragraphs(document: Any) -> Iterator[Paragraph]:
    """Yield every paragraph of the body in order, those in the cells of tables too."""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (paragraph for row in block.rows for cell in row.cells for paragraph in cell.paragraphs)
        else:
            yield block


def blocks(document: Any) -> list[tuple[str, str]]:
    """Return each block of *document*: its style, and its text."""
    return [(str(paragraph.style.name), text(paragraph._p)) for paragraph in paragraphs(document)]


def numbering_of(document: Any, paragraph: Paragraph) -> tuple[str, int, int]:
    """Return a list item's kind of number, its level, and the id of its list."""
    own, of_style = (find(where, "w:pPr/w:numPr") for where in (paragraph._p, paragraph.style.element))
    (number,) = own or of_style
    level, identifier = (int(find(number, f"w:{name}/@w:val")[0]) for name in ("ilvl", "numId"))
    numbering = document.part.numbering_part.element
    (abstract,) = find(numbering, f"w:num[@w:numId={identifier}]/w:abstractNumId/@w:val")
    (kind,) = find(numbering, f"w:abstractNum[@w:abstractNumId={abstract}]/w:lvl[@w:ilvl={level}]/w:numFmt/@w:val")
    return str(kind), level, identifier


def copy_templates(target: Path) -> Path:
    """Copy the tiny templates to *target*, with the picture of `brief` and with our own reference document."""
    shutil.copytree(TINY / "templates", target)
    shutil.copytree(PROJECT / "templates" / "word", target / "word")
    (target / "brief" / "anchor.png").write_bytes(png())
    return target


@pytest.fixture(scope="session")
def brief_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates of `brief`, as no test changes them."""
    return copy_templates(tmp_path_factory.mktemp("word") / "templates")


@pytest.fixture(scope="session")
def brief(tiny_view: View, brief_templates: Path) -> RenderedFile:
    """The tiny document `brief` in Word."""
    return render(tiny_view, brief_templates, BRIEF)


@pytest.fixture(scope="session")
def brief_document(brief: RenderedFile) -> Any:
    """The document `brief`, opened by python-docx."""
    return docx.Document(BytesIO(brief.content))


@pytest.fixture(scope="session")
def brief_page(tiny_view: View, brief_templates: Path) -> Element:
    """The HTML of which `brief` is made."""
    return parse_html(Templates(brief_templates, tiny_view, medium="docx").render(BRIEF))


@pytest.fixture
def word_templates(tmp_path: Path) -> Path:
    """Templates that a test may change."""
    return copy_templates(tmp_path / "templates")


@pytest.fixture
def write_word(word_templates: Path, tiny_view: View) -> WriteWord:
    """A function that returns the Word document of a page with the HTML that it is given."""

    def write(html: str) -> Any:
        (word_templates / "brief" / "test.html.j2").write_text(html if "<html" in html else PAGE % html, "utf-8")
        return docx.Document(BytesIO(render(tiny_view, word_templates, "brief/test.html.j2").content))

    return write


@pytest.fixture
def word_problems(write_word: WriteWord, show: Show) -> WordProblems:
    """A function that returns the problems of a page with the HTML that it is given, by the file; its lines are not told here."""

    def problems(html: str) -> list[str]:
        with pytest.raises(ReportsError) as error:
            write_word(html)
        return [re.sub(r"^templates/|(?<=j2):\d+:\d+", "", line) for line in show(error.value.problems)]

    return problems
