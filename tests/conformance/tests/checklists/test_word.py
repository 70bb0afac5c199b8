"""The checklist for accessible Word documents: each of its rules sees what it is there for."""

import re
import shutil
from pathlib import Path

import pytest

from reports.documents.view import View
from reports.renderers.ooxml import unpack
from reports.renderers.word import render
from tests.conformance.broken import Change, both, part, word
from tests.conformance.checklists.docx_parts import Docx
from tests.conformance.checklists.word import RULES, check_word
from tests.conformance.validator import Fault
from tests.conftest import PROJECT, TINY

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>T</title><meta name="author" content="A"></head><body>
<header class="running">T – For testing</header>
<h1>T</h1>
<h2>One</h2><h3>One A</h3><p>For testing only.</p>
<ul><li>First</li></ul><ol><li>Second</li></ol>
<h2>Two</h2><p>See <a href="https://league.example/">the League’s own page</a>.</p>
<table><caption>Dates</caption><thead><tr><th scope="col">Name</th><th scope="col">Date</th></tr></thead>
<tbody><tr><th scope="row">A</th><td>2010</td></tr></tbody></table>
<h2>Three</h2><p><span lang="bs">Zašto čekati?</span></p>
<footer class="running">Testing – page <span class="page"></span> of <span class="pages"></span></footer>
</body></html>"""


@pytest.fixture(scope="module")
def page(tiny_view: View, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Word document that has each thing that the checklist asks about."""
    templates = shutil.copytree(TINY / "templates", tmp_path_factory.mktemp("word") / "templates")
    shutil.copytree(PROJECT / "templates" / "word", templates / "word")
    (templates / "page.html.j2").write_text(PAGE, "utf-8")
    return render(tiny_view, templates, "page.html.j2").content


def found(content: bytes, folder: Path) -> list[str]:
    (folder / "a.docx").write_bytes(content)
    return [one.text for one in check_word(folder / "a.docx", folder)]


def test_a_good_document_keeps_the_checklist(page: bytes, tmp_path: Path) -> None:
    """Nothing is found in a document that our renderer makes."""
    assert found(page, tmp_path) == []


SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="12355B"/>'
WHITE = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>White</w:t></w:r>'
CELL = "^(.*?)</w:tcPr>(<w:p><w:pPr>.*?</w:pPr>)<w:r>.*?</w:r>"


def begun(inside: str) -> Change:
    """Return what puts a paragraph with the XML *inside* before all others."""
    return part(word.DOCUMENT, "<w:body>", f"<w:body><w:p>{inside}</w:p>")


@pytest.mark.parametrize(
    "change",
    [
        begun(WHITE.replace("</w:rPr>", f"{SHADE}</w:rPr>")),
        begun(f"<w:pPr>{SHADE}</w:pPr>{WHITE}"),
        both(begun(f'<w:pPr><w:pStyle w:val="Callout"/></w:pPr>{WHITE}'), part(word.STYLES, 'w:fill="F1F4F7"', 'w:fill="12355B"')),
        part(word.DOCUMENT, CELL, rf"\1{SHADE}</w:tcPr>\2{WHITE}"),
    ],
    ids=["of itself", "of its paragraph", "of its style", "of its cell"],
)
def test_white_on_a_dark_ground_can_be_read(change: Change, page: bytes, tmp_path: Path) -> None:
    """A text is measured against the ground that is behind it, which need not be the paper."""
    assert found(change(page), tmp_path) == []


@pytest.mark.parametrize("fault", word.CHECKLIST, ids=lambda fault: fault.what)
def test_every_fault_is_seen(fault: Fault, page: bytes, tmp_path: Path) -> None:
    """Each fault is found, and named."""
    assert [text for text in found(fault.put(page), tmp_path) if re.search(fault.says, text)] != []


def test_every_rule_has_its_fault(page: bytes) -> None:
    """None is a rule that never finds anything."""
    broken = [Docx(unpack(fault.put(page))) for fault in word.RULED]
    assert [rule.__name__ for rule in RULES if not any(list(rule(document)) for document in broken)] == []
