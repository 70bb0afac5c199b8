"""What a file says beside its text: in its properties, its margins and of its pictures."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from reports.audit import audit
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Tamper, redraw, replaced
from tests.conftest import edit

STYLES = """
@page { @top-center { content: element(marking) } @bottom-left { content: element(edition) } @top-left { content: string(title) } }
@page { @bottom-right { content: "Sheet " counter(page) } @bottom-center { content: counter(page) "/" counter(pages) } }
h1 { string-set: title content() }
header.running { position: running(marking); text-transform: uppercase }
footer.running { position: running(edition) }
.page::after { content: counter(page) }
.pages::after { content: counter(pages) }
p { break-before: page }
h2 { text-transform: uppercase }
caption { opacity: 0.9 }
"""
RUNNING = """
<header class="running">For <strong>friends</strong> only</header>
<footer class="running">Edition {{ view.about.edition }}, page <span class="page"></span> of <span class="pages"></span></footer>
"""
COUNTED = '{% if medium == "docx" %}<p>This is page <span class="page"></span> of them.</p>{% endif %}'
MADE = "(templates/paper/paper.html.j2)"

Says = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def with_margins(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all that is finished, but the paper has margins."""
    root = tmp_path_factory.mktemp("margins") / "root"
    shutil.copytree(finished, root)
    (root / "templates" / "paper" / "paper.css").write_text(STYLES, "utf-8")
    link = '<link rel="stylesheet" href="shared/fonts.css">'
    edit(root / "templates/paper/paper.html.j2", link, f'{link}<link rel="stylesheet" href="paper/paper.css">')
    edit(root / "templates/paper/paper.html.j2", "<main>", f"{RUNNING}<main>")
    edit(root / "templates/paper/paper.html.j2", "<h2>Claims</h2>", f"<h2>Claims</h2>{COUNTED}")
    build(Folders(root / "data", root / "templates", root / "build"), BuildOptions(suffixes=(".pdf", ".docx"), jobs=1))
    return root


@pytest.fixture
def paper(with_margins: Path, tmp_path: Path) -> Path:
    """The folder with copies of these files, which a test may change."""
    shutil.copytree(with_margins, tmp_path / "root")
    return tmp_path / "root" / "build" / "en"


def said(paper: Path, name: str) -> list[str]:
    """Return what the audit says of the file *name* in the folder *paper*."""
    root = paper.parent.parent
    found = {one.path.name: one.problems for one in audit(Folders(root / "data", root / "templates", root / "build"))}
    return [problem.message.replace(f"{root}/", "") for problem in found[name]]


@pytest.mark.parametrize("name", ["paper.pdf", "paper.docx"])
def test_what_style_sheets_and_programs_add_is_no_difference(name: str, paper: Path) -> None:
    """Numbers of pages, words and headings that a style sheet puts into margins, capitals and faded letters are what the template means."""
    assert said(paper, name) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Edition 1, page ",
            "Edition 9, page ",
            "the footer: says 'Edition 9, page of'; the template does not say 'edition 9 pageof' there",
        ),
        ("Edition 1, page ", "Edition 1, page ", ""),
        (">friends<", ">all<", "the header: says 'For all only'; the template does not say 'forallonly' there"),
        ("<dc:title>", "<dc:title>Draft ", "its title: says 'Draft "),
        ("<dc:creator>", "<dc:creator>Not ", "its author: says 'Not "),
    ],
)
def test_the_margins_of_a_word_file_are_compared(old: str, new: str, message: str, paper: Path) -> None:
    """A header or footer, the title or the author that is not the template's is told, though no page's text has changed."""
    path = paper / "paper.docx"
    path.write_bytes(replaced(path.read_bytes(), old, new))
    found = said(paper, "paper.docx")
    assert found[0].startswith(message) if message else found == []


def test_a_header_that_is_not_shown_is_missing(paper: Path) -> None:
    """A header that stands in the file, but belongs to no page, is as good as none."""
    path = paper / "paper.docx"
    path.write_bytes(replaced(path.read_bytes(), "<w:headerReference ", "<w:unknownReference "))
    assert said(paper, "paper.docx") == [f"the header: 'For friends only' is missing {MADE}"]


FRIENDS = '</w:rPr><w:t xml:space="preserve">friends<'


def test_what_a_header_hides_is_told(paper: Path) -> None:
    """Text in a margin is hidden as easily as on the page."""
    path = paper / "paper.docx"
    path.write_bytes(replaced(path.read_bytes(), FRIENDS, f"<w:vanish/>{FRIENDS}"))
    assert said(paper, "paper.docx") == ["'friends' is hidden text"]


def test_the_title_of_a_page_is_compared(tamper: Tamper) -> None:
    """What a browser writes over the page counts."""
    (message,) = tamper("paper.html", "<title>", "<title>Edition 9 of ")
    assert message.startswith("its title: says 'Edition 9 of ")


def test_the_properties_of_a_pdf_are_compared(paper: Path) -> None:
    """What a viewer writes over the pages counts."""
    writer = PdfWriter(clone_from=paper / "paper.pdf")
    writer.add_metadata({"/Title": "Another title"})
    writer.write(paper / "paper.pdf")
    assert [one.partition(";")[0] for one in said(paper, "paper.pdf")] == ["its title: says 'Another title'"]


def add(path: Path, page: int, content: bytes) -> None:
    """Draw *content* on a page, besides what is there."""
    writer = PdfWriter(clone_from=path)
    stream = DecodedStreamObject()
    stream.set_data(writer.pages[page].get_contents().get_data() + content)
    font = DictionaryObject({NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in FONT.items()})
    writer.pages[page]["/Resources"]["/Font"][NameObject("/F9")] = font
    writer.pages[page][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)


FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}


@pytest.mark.parametrize("written", [b"(REVOKED) Tj", b"[(REV) -20 (OKED)] TJ", b"14 TL (REVOKED) '"])
def test_a_text_that_is_added_to_a_page_is_seen(written: bytes, paper: Path) -> None:
    """A text that no element of the structure tree holds is told, with whatever operator it is drawn."""
    add(paper / "paper.pdf", 1, b"\nBT /F9 12 Tf 1 0 0 1 0 0 Tm 200 300 Td " + written + b" ET")
    (message,) = said(paper, "paper.pdf")
    assert message.startswith("the margin of page 2: says '")
    assert message.endswith(f"the template does not say 'revoked' there {MADE}")


HEADER = re.compile(rb"/Artifact\s*<<[^>]*/Header\s*>>.*?EMC", re.DOTALL)


def test_a_page_without_its_marking_is_seen(paper: Path) -> None:
    """What the margins of most pages say, each has to say."""
    writer = PdfWriter(clone_from=paper / "paper.pdf")
    assert len(writer.pages) > 2
    stream = DecodedStreamObject()
    stream.set_data(HEADER.sub(b"", writer.pages[1].get_contents().get_data()))
    writer.pages[1][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(paper / "paper.pdf")
    assert f"the margin of page 2: 'For friends only' is missing {MADE}" in said(paper, "paper.pdf")


def test_a_new_edition_is_told_in_the_margins(paper: Path) -> None:
    """A file of the last edition says so on every page."""
    edit(paper.parent.parent / "data" / "dataset.yaml", "edition: 1", "edition: 2")
    found = said(paper, "paper.pdf")
    assert any(one.startswith("the margin of page 2 and ") and "Edition 1, page 2 of 5" in one for one in found)
    assert f"the footer: 'Edition 2, page … of …' is missing {MADE}" in found


def test_capitals_of_no_style_sheet_are_told(paper: Path) -> None:
    """Letters that are capitals here and there have been changed by somebody."""
    redraw(paper / "paper.pdf", "MILESTONES", "MILESToNES")
    assert [one.partition(":")[2] for one in said(paper, "paper.pdf")] == [f" says 'MILESToNES'; the template says 'Milestones' {MADE}"]
