"""The shipped templates in a language from right to left: the tiny dataset in Arabic, as In focus and as register."""

import shutil
from io import BytesIO
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument, PdfPage

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders, Project
from reports.renderers.figures import draw_svg
from reports.renderers.outlines import SVG
from tests import arabic
from tests.conformance.checklists import check_excel
from tests.conftest import PROJECT, TINY
from tests.structure import Structure, faults


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The tiny data and the shipped templates, with what is told in Arabic, and the finished files."""
    root = tmp_path_factory.mktemp("arabic")
    others = shutil.ignore_patterns("bs.*", "hr.*", "sr-*")
    data, templates = (
        shutil.copytree(TINY / "data", root / "data"),
        shutil.copytree(PROJECT / "templates", root / "templates", ignore=others),
    )
    folders = Folders(data, templates, root / "build")
    arabic.in_arabic(folders)
    build(folders, BuildOptions(("in-focus", "register"), (".pdf", ".xlsx"), language="ar", draft=True))
    return folders


@pytest.fixture(scope="module")
def in_focus(folders: Folders) -> bytes:
    return (folders.out / "ar" / "in-focus.pdf").read_bytes()


def edges(page: PdfPage, text: str) -> tuple[float, float]:
    """Return where *text* stands on *page*: its left and its right edge."""
    letters = page.get_textpage()
    found = letters.search(text).get_next()
    assert found is not None, f"{text!r} is not in {letters.get_text_range()!r}"
    boxes = [letters.get_charbox(index) for index in range(found[0], sum(found))]
    return min(left for left, *_ in boxes), max(right for _, _, right, _ in boxes)


def test_a_page_is_laid_out_from_right_to_left(in_focus: bytes) -> None:
    """The aside stands at the left, bullets at the right, the first column is the rightmost, and page numbers are at the left."""
    with PdfDocument(in_focus) as document:
        first, second = document[0], document[1]
        aside, points = edges(first, "التصويت"), edges(first, "النقاط")
        assert aside[1] < points[0]
        assert edges(first, "•")[0] > edges(first, "روريتانيا اتفاق الموانئ")[1]
        assert edges(first, "أمناء")[0] > edges(first, "1 / 2")[1]
        date, milestone, reference = (edges(second, head) for head in ("التاريخ", "المحطة", "المرجع"))
        assert reference[1] < milestone[0] < milestone[1] < date[0]


def test_references_and_addresses_are_whole(in_focus: bytes) -> None:
    """Their letters, numbers and signs stand in their own order, and the structure that is read has no faults."""
    reader = PdfReader(BytesIO(in_focus))
    assert reader.root_object["/Lang"] == "ar"
    structure = Structure(reader)
    assert "en" in {tag.get("/Lang") for tag in structure.elements}  # of what nobody has translated
    assert faults(structure) == []
    assert {"https://ruritania.example/papers/7", "M2010-1", "M2021-1", "[1]", "[2]"} <= {*structure.texts.values()}


def test_a_figure_draws_the_letters_as_outlines(folders: Folders) -> None:
    """No program has to join and to order them: only what is in other letters is a text."""
    view = Project(folders, language="ar", draft=True).view("in-focus", "ar")
    drawn = ET.fromstring(draw_svg(view, folders.templates, "timeline"))
    texts = "".join("".join(text.itertext()) for text in drawn.iter(f"{{{SVG}}}text"))
    assert "WW" in texts
    assert not any(letter in texts for letter in "اتمر")
    places = [group for group in drawn.iter(f"{{{SVG}}}g") if group.get("fill") and group.find(f"{{{SVG}}}path") is not None]
    assert len(places) == 2  # of key milestones


def test_the_register_goes_from_right_to_left(folders: Folders) -> None:
    """Its sheets do, and its checklist finds nothing."""
    path = folders.out / "ar" / "register.xlsx"
    workbook = openpyxl.load_workbook(path)
    assert {sheet.sheet_view.rightToLeft for sheet in workbook} == {True}
    titles = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value == "اتفاق الموانئ"]
    assert titles
    assert {(cell.alignment.horizontal, cell.alignment.readingOrder) for cell in titles} == {("right", 2)}
    assert check_excel(path, path.parent) == []
