"""The colours of all documents, set in one place."""

import json
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import renderer
from reports.renderers.looks import LOOKS, read_looks
from reports.renderers.ooxml import unpack
from reports.renderers.word import reference_document
from tests.conftest import PROJECT, Show, edit

PAGE = """<!DOCTYPE html><html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css">
<link rel="stylesheet" href="short/test.css"></head><body><h1>T</h1><figure><img src="figure:bar" alt="A"></figure></body></html>"""
FIGURE = {"data": {"name": "operations"}, "mark": {"type": "bar", "color": "var(--primary)"}, "encoding": {"y": {"field": "name"}}}
CSS = "h1, h2 { color: var(--primary); font-family: 'Source Serif 4' } @page { @top-left { content: 'T'; color: var(--accent) } }"


@pytest.fixture
def coloured(tiny_templates: Path) -> Path:
    """Templates with a page, a style sheet and a figure that name colours by their roles, and with our reference document."""
    shutil.copytree(PROJECT / "templates" / "word", tiny_templates / "word")
    (tiny_templates / "figures").mkdir()
    (tiny_templates / "figures" / "bar.vl.json").write_text(json.dumps({"config": {"font": "Source Sans"}, **FIGURE}), "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE, "utf-8")
    (tiny_templates / "short" / "test.css").write_text(CSS, "utf-8")
    return tiny_templates


def test_one_line_colours_every_document(coloured: Path, tiny_view: View) -> None:
    """A colour that is changed in the one place changes in PDF and page, in the figures of both, in Word and its figures, and in Excel."""
    edit(coloured / LOOKS, "--primary: #12355b;", "--primary: #0a7d3c;")
    made = {suffix: renderer(suffix)(tiny_view, coloured, "short/test.html.j2") for suffix in (".pdf", ".html", ".docx")}
    made[".xlsx"] = renderer(".xlsx")(tiny_view, coloured, "register/register.yaml")
    assert {suffix for suffix, file in made.items() if coloured / LOOKS not in file.inputs} == set()
    drawn = PdfReader(BytesIO(made[".pdf"].content)).pages[0].get_contents().get_data().decode("latin-1")
    assert drawn.count("0.039216 0.490196 0.235294") >= 2  # the heading, and the bars
    page = made[".html"].content.decode()
    assert "--primary: #0a7d3c;" in page
    assert 'fill="var(--primary)"' in page
    word = unpack(made[".docx"].content)
    assert word["word/styles.xml"].count(b"0A7D3C") >= 8
    assert b"w:theme" not in word["word/styles.xml"]
    assert word["word/theme/theme1.xml"].count(b"0A7D3C") == 3
    (picture,) = [content for name, content in word.items() if name.endswith(".png")]
    assert (0x0A, 0x7D, 0x3C) in [colour[:3] for _, colour in Image.open(BytesIO(picture)).convert("RGB").getcolors(100_000)]
    assert unpack(made[".xlsx"].content)["xl/styles.xml"].count(b"FF0A7D3C") >= 2
    assert [suffix for suffix, file in made.items() if b"12355b" in b"".join(parts(file.content)).lower()] == []


def parts(content: bytes) -> list[bytes]:
    return list(unpack(content).values()) if content.startswith(b"PK") else [content]


def test_word_gets_the_colours_to_change_styles_with(coloured: Path) -> None:
    """The reference document that a person opens in Word has the colours of the looks; what has a shade of one is left to Word."""
    edit(coloured / LOOKS, "--tint: #f1f4f7;", "--tint: #FFEEDD;")
    styles = coloured / "word/reference/word/styles.xml"
    edit(styles, 'w:fill="F1F4F7" w:themeFill="background2"/>', 'w:fill="123456" w:themeFill="background2" w:themeFillShade="BF"/>')
    reference = unpack(reference_document(coloured))
    assert reference["word/theme/theme1.xml"].count(b"FFEEDD") == 1
    assert b'w:fill="123456"' in reference["word/styles.xml"]


def test_no_other_file_has_these_colours(show: Show) -> None:
    """Style sheets and figures name colours by their roles; the styles of Word take each from the theme, too."""
    colours = {colour.lower() for colour in read_looks(PROJECT / "templates").colours.values()}
    files = [
        path for path in (PROJECT / "templates").rglob("*") if path.suffix in (".css", ".json") and path != PROJECT / "templates" / LOOKS
    ]
    assert len(files) > 6
    assert [path for path in files if any(colour in path.read_text("utf-8").lower() for colour in colours)] == []
    styles = (PROJECT / "templates/word/reference/word/styles.xml").read_text("utf-8").lower().split("<")
    own = [tag for tag in styles if any(colour[1:] in tag for colour in colours)]
    assert len(own) > 15
    assert [tag for tag in own if "theme" not in tag] == []


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (
            lambda path: path.unlink(),
            ["templates/shared/looks.css: is missing: the colours of all documents; copy it from the templates of this project"],
        ),
        (
            lambda path: edit(path, "--accent: #a8471b;", "/* --accent: #a8471b; */ --accent: brown;"),
            ["templates/shared/looks.css: has no colour for '--accent', in six digits as in '--accent: #12355b;'"],
        ),
    ],
)
def test_looks_without_a_colour_are_a_problem(
    change: Callable[[Path], None], problems: list[str], tiny_templates: Path, show: Show
) -> None:
    """Every role needs a colour that all formats know; the file that lacks one is named."""
    change(tiny_templates / LOOKS)
    with pytest.raises(ReportsError) as error:
        read_looks(tiny_templates)
    assert show(error.value.problems) == problems


def test_a_colour_that_a_figure_does_not_find_is_a_problem(coloured: Path, tiny_view: View, show: Show) -> None:
    """A role that the looks don't have is named at its place in the specification."""
    edit(coloured / "figures" / "bar.vl.json", "var(--primary)", "var(--primry)")
    with pytest.raises(ReportsError) as error:
        renderer(".html")(tiny_view, coloured, "short/test.html.j2")
    (problem,) = show(error.value.problems)
    assert problem == "templates/figures/bar.vl.json:1:103: there is no colour '--primry' (did you mean 'primary'?)"
