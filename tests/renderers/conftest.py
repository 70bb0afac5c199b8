"""Finished files of the tiny document `note`, each made once in a run of the tests, and one page to put a body and styles into."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pypdf import PdfReader

from reports.cache import Cache
from reports.documents.view import View
from reports.renderers import RenderedFile
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html
from tests.conftest import TINY

NOTE = "note/note.html.j2"
REGISTER = "register/register.yaml"
# Texts of the tiny dataset, most of which some format is tempted to change.
OFFICES = ["Envoy", "1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"><link rel="stylesheet" href="short/test.css"></head>
<body><h1>T</h1>%s</body></html>"""

SetPage = Callable[..., RenderedFile]


def house_font(characters: str, family: str = "House") -> bytes:
    """Return a font that has a square for each of *characters*, and a space, as a house may put one into its templates."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (500, 700), (500, 0)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", "space", *(f"u{ord(character):04X}" for character in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, f" {characters}"), names[1:], strict=True)))
    builder.setupGlyf({**dict.fromkeys(names, pen.glyph()), "space": Glyph()})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    target = BytesIO()
    builder.save(target)
    return target.getvalue()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A cache of cut fonts, which take most of the time of a page."""
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def note_pdf(tiny_view: View) -> RenderedFile:
    """The tiny document `note` as a PDF."""
    from reports.renderers.pdf import render

    return render(tiny_view, TINY / "templates", NOTE)


@pytest.fixture(scope="session")
def reader(note_pdf: RenderedFile) -> PdfReader:
    """The PDF of `note`, opened by a library that did not write it."""
    return PdfReader(BytesIO(note_pdf.content))


@pytest.fixture(scope="session")
def html(tiny_view: View) -> Element:
    """The HTML of `note` as a PDF is made from it."""
    return parse_html(Templates(TINY / "templates", tiny_view).render(NOTE))


@pytest.fixture
def set_page(tiny_templates: Path, tiny_view: View) -> SetPage:
    """A function that sets a body of HTML with a style sheet as a PDF."""
    from reports.renderers.pdf import render

    def set_page(body: str = "", css: str = "") -> RenderedFile:
        (tiny_templates / "short" / "test.css").write_text(css, "utf-8")
        (tiny_templates / "short" / "test.html.j2").write_text(PAGE % body, "utf-8")
        return render(tiny_view, tiny_templates, "short/test.html.j2")

    return set_page
