"""A document laid out in pieces is the document: page by page, what is drawn and what is read is the same as if it were laid out whole."""

import gc
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from reports.cache import NO_CACHE, Cache
from reports.dataset.dates import parse_date
from reports.documents.view import View
from reports.renderers import RenderedFile
from reports.renderers.pdf import pieces, render
from reports.renderers.pdf.compose import Composer, MarginsTask, PieceTask, Task
from reports.renderers.pdf.fragment import Fragment
from tests.renderers.conftest import PAGE, house_font
from tests.structure import Structure, faults, is_annotation, is_element, kids

SMALL = """@page { size: 100mm 60mm; margin: 10mm;
  @top-left { content: string(title) } @bottom-right { content: counter(page) '/' counter(pages) } }
"""
HEAD = "<colgroup><col class='w11'><col></colgroup><thead><tr><th scope='col'>Left</th><th scope='col'>Right</th></tr></thead>"

ROW = "<tr id='{0}'><th scope='row'>{0}</th><td>{1}</td></tr>"


def table(rows: int, name: str) -> str:
    body = "".join(ROW.format(f"{name}{row}", words(f"{name}{row}", row % 9 + 3)) for row in range(rows))
    return f"<table><caption>Rows</caption>{HEAD}<tbody>{body}</tbody></table>"


def words(stem: str, count: int) -> str:
    return " ".join(f"{stem}w{number}" for number in range(count))


def body(size: int) -> str:
    """Return a document of six sections, with a *size*."""
    return f"""
<header class="running">Above</header>
<main id="main"><nav><ul><li><a href="#two" data-page="">Two</a></li><li><a href="#b{2 * size - 1}" data-page="">Row</a></li></ul></nav>
<section><h2>One</h2>{"".join(f"<p>{words(f'p{at}', 40)} <a href='#a{at}'>to a{at}</a></p>" for at in range(size // 2))}</section>
<section class="new-page deep" id="two"><h2>Two</h2><div class="box"><p>x</p>{table(size, "a")}<p>after</p></div>
<ul>{"".join(f"<li>{words(f'i{at}', 12)}</li>" for at in range(size // 2 + 2))}</ul></section>
<section class="new-page"><h2>Three</h2><div><p>z</p></div><div class="new-page">{table(2 * size, "b")}</div></section>
<section class="new-page last"><p>l</p></section>
<section><h2>Four</h2><p>end <a href="https://a.example/">web</a></p></section></main>"""


BODY, SHORT_BODY = body(12), body(1)
CSS = """
@page :first { @top-left { content: 'First' } }
@page wide { size: 120mm 60mm } .deep { page: wide }
header.running { position: running(above) } @page { @top-right { content: element(above) } }
h2 { string-set: title content(); margin-top: 5mm } h2 + p { color: #333333 }
section::before { content: 'S'; } section::after { content: 'E' }
main { border: 1mm solid #444444; padding: 2mm; } .box { border: 1mm solid #555555; background: #eeeeee; padding: 3mm }
table { table-layout: fixed; border-collapse: collapse; width: 100%; margin: 2mm 0 } td, th { border: 0.3mm solid #666666 }
tr { break-inside: avoid } tr:nth-child(even) { background: #dddddd }
tr:nth-child(3n) td { color: #222222 } tr:last-child { color: #111111 }
p { margin: 0 0 2mm } ul { margin: 0 0 2mm; padding-left: 5mm } li { margin: 0 0 1mm }
li:nth-child(odd) { color: #333333 } .w11 { width: 20% }
nav a::after { content: ' p. ' attr(data-page) }
"""

LayOut = Callable[..., RenderedFile]
Made = Callable[[str], RenderedFile]


@pytest.fixture
def lay_out(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> LayOut:
    """A function that sets a body of HTML, in pieces of some hundred letters, or whole."""
    monkeypatch.setattr(pieces, "SIZE", 400)
    composed = Composer.compose

    def lay_out(body: str = BODY, css: str = CSS, cache: Cache = NO_CACHE, jobs: int = 1, is_cut: bool = True) -> RenderedFile:
        monkeypatch.setattr(Composer, "compose", lambda self, may_be: composed(self, may_be and is_cut))
        (tiny_templates / "short" / "test.css").write_text(SMALL + css, "utf-8")
        (tiny_templates / "short" / "test.html.j2").write_text(PAGE % body, "utf-8")
        return render(tiny_view, tiny_templates, "short/test.html.j2", cache, jobs)

    return lay_out


MADE: dict[str, RenderedFile] = {}


@pytest.fixture
def made_of(lay_out: LayOut) -> Made:
    """A function that sets a body in pieces, in this process and without a cache; each body once for all tests that compare with it."""
    return lambda body: MADE[body] if body in MADE else MADE.setdefault(body, lay_out(body))


def drawings(page: Any) -> list[bytes]:
    """Return what is drawn on *page*: all of it, or first its text and then its margins."""
    contents = page["/Contents"].get_object()
    return [part.get_object().get_data() for part in (contents if isinstance(contents, list) else [contents])]


def aims(reader: PdfReader) -> list[tuple[str, int | None, Any]]:
    """Return where the outline of *reader*'s file leads, and each name in it."""
    found = [item for item in reader.outline if not isinstance(item, list)] + [*reader.named_destinations.values()]
    assert len(found) > 30
    return [(str(item.title), reader.get_destination_page_number(item), item.top) for item in found]


def read(element: Any, structure: Structure) -> list[Any]:
    """Return what a screen reader finds in *element*, with what it is."""
    own = structure.own(element)
    found: list[Any] = [str(element["/S"]), str(element.get("/Alt")), str(element.get("/A", {}).get("/Scope"))]
    for kid in kids(element):
        if is_element(kid):
            found.append(read(kid, structure))
        else:
            found.append(str(kid["/Obj"].get("/Dest", kid["/Obj"].get("/A"))) if is_annotation(kid) else structure.texts[next(own)])
    return found


def test_pieces_are_the_whole(lay_out: LayOut, made_of: Made) -> None:
    """Every page is drawn alike, to the operator, with the same margins; the tree, the outline, the links and their aims are the same."""
    cut, whole = made_of(BODY), lay_out(is_cut=False)
    assert cut.pages == whole.pages
    assert (cut.pages or 0) > 20
    ours, theirs = PdfReader(BytesIO(cut.content)), PdfReader(BytesIO(whole.content))
    assert len({page.raw_get("/Resources").idnum for page in ours.pages}) >= 7  # pieces
    for ours_page, theirs_page in zip(ours.pages, theirs.pages, strict=True):
        (text, _), (all_of_it,) = drawings(ours_page), drawings(theirs_page)
        assert all_of_it.startswith(re.sub(rb"(\nQ)+$", b"", text))
        assert ours_page.extract_text() == theirs_page.extract_text()
        assert ours_page.mediabox == theirs_page.mediabox
    assert aims(ours) == aims(theirs)
    structures = Structure(ours), Structure(theirs)
    assert faults(structures[0]) == []
    assert read(structures[0].elements[0], structures[0]) == read(structures[1].elements[0], structures[1])


@pytest.mark.parametrize("rule", ["", "h3 { break-before: page }"])
def test_a_piece_that_begins_with_a_margin_stands_as_in_the_whole(rule: str, lay_out: LayOut) -> None:
    """The margin of a heading at the top of a page is lost if the page before is full, and kept if a style begins the page with it."""
    parts = "".join(f"<h3>Part {at}</h3><p>{words(f'p{at}', 25)}</p>" for at in range(16))
    body = f"<main><p>One</p><section class='new-page'><h2>Two</h2>{parts}</section></main>"
    css = f"p, h3 + p {{ break-inside: avoid }} h3 {{ margin: 7mm 0 0; break-after: avoid }} {rule}"
    cut, whole = (PdfReader(BytesIO(lay_out(body, css, is_cut=is_cut).content)) for is_cut in (True, False))
    assert (len({page.raw_get("/Resources").idnum for page in cut.pages}) > 4) == (not rule)
    for ours, theirs in zip(cut.pages, whole.pages, strict=True):
        assert drawings(theirs)[0].startswith(re.sub(rb"(\nQ)+$", b"", drawings(ours)[0]))


def test_bytes_do_not_depend_on_processes_or_cache(lay_out: LayOut, made_of: Made, tmp_path: Path) -> None:
    """The file is the same by one process and by three, from nothing, and with a cache of which some is gone and some is damaged."""
    cache = Cache(tmp_path / "cache")
    first = made_of(BODY).content
    assert lay_out(cache=cache, jobs=3).content == first
    kept = sorted((tmp_path / "cache").iterdir())
    assert len(kept) > 20
    for path in kept[::3]:
        path.unlink()
    for path in kept[1::3]:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert lay_out(cache=cache, jobs=2).content == first


def test_pieces_of_last_time_change_nothing(lay_out: LayOut, made_of: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit, pieces may begin elsewhere than those that were noted: these are not in the file, and no reason to leave it whole."""
    first, made, piece = made_of(SHORT_BODY).content, list[Fragment](), Composer._piece
    monkeypatch.setattr(Composer, "_ahead", lambda self: [PieceTask(1, start, 200) for start in range(8)])
    monkeypatch.setattr(Composer, "_piece", lambda self, task: made.append(piece(self, task)) or made[-1])
    assert lay_out(SHORT_BODY).content == first
    assert not all(fragment.fits for fragment in made)


@pytest.mark.parametrize(
    ("css", "is_whole"),
    [
        ("", False),
        ("h2 { counter-increment: chapter } h2::before { content: counter(chapter) }", True),
        ("@page :left { margin-left: 20mm }", True),
        ("p:first-child { position: fixed; bottom: 0 }", True),
        ("section h2 { position: running(head) } @page { @top-right { content: element(head) } }", True),
        (".last { display: none }", True),
        ("h2 { break-after: right }", True),
        (".box { float: footnote }", True),
        (".box { position: note(below) }", True),
    ],
)
def test_what_can_not_be_cut_is_laid_out_whole(css: str, is_whole: bool, lay_out: LayOut) -> None:
    """Where a style counts over the document, goes by sides, or puts things on pages of others, the document is as it was without cuts."""
    cut, whole = (lay_out(SHORT_BODY, CSS + css, is_cut=is_cut).content for is_cut in (True, False))
    assert (cut == whole) is is_whole


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that are done in this process, rather than found in the cache."""
    tasks: list[Task] = []
    make = Composer._made
    monkeypatch.setattr(Composer, "_made", lambda self, task: tasks.append(task) or make(self, task))
    return tasks


def test_an_edit_costs_the_pieces_that_it_touches(lay_out: LayOut, made: list[Task], tmp_path: Path) -> None:
    """A text that is edited lays out the pieces in which it was laid out, and the margins only where pages are more or less."""
    cache = Cache(tmp_path / "cache")
    before = lay_out(cache=cache)
    pieces_of_all = kinds(made)[0]
    assert pieces_of_all >= 9  # with the contents, which are laid out once more for their page numbers
    made.clear()
    assert lay_out(cache=cache).content == before.content
    assert kinds(made) == (0, 0)
    assert lay_out(BODY.replace("b3w1", "b3x1"), cache=cache).content != before.content
    assert kinds(made) in ((1, 0), (2, 0))  # the last page of a piece is laid out with the next one too
    made.clear()
    longer = lay_out(BODY.replace("b20w1", words("b20x", 150)), cache=cache)
    assert (longer.pages or 0) > (before.pages or 0)
    assert kinds(made)[0] < pieces_of_all - 3
    assert kinds(made)[1] >= 7


def test_little_is_laid_out_for_a_piece_that_no_page_ends(lay_out: LayOut, made: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no page begins with what a piece may begin with, it is lengthened: not by much more than it needs, and not often."""
    monkeypatch.setattr(pieces, "SIZE", 100)
    body = f"<main><p>a</p><section class='new-page'>{table(90, 'a')}</section></main>"
    assert (lay_out(body, CSS.replace("table-layout: fixed;", "")).pages or 0) > 20
    letters = [task.letters for task in made if isinstance(task, PieceTask) and task.part]
    assert len(letters) > 5
    assert sum(letters) < 6 * letters[-1]
    assert all(after <= 1.5 * before for before, after in pairwise(letters))


def test_pages_without_a_letter_are_a_piece(lay_out: LayOut) -> None:
    """What goes on behind pages that hold no letter is laid out, and is as long as can be told."""
    empty = "<p class='e'></p>" * 4
    texts = "".join(f"<p>{words(name, 400)}</p>" for name in "abc")
    body = f"<main><p>a</p><section class='new-page'>{empty}{texts}</section></main>"
    css = ".e { height: 35mm }"
    assert lay_out(body, css).pages == lay_out(body, css, is_cut=False).pages


def kinds(tasks: list[Task]) -> tuple[int, int]:
    """Return how many of *tasks* are about pieces, and how many about margins."""
    return sum(isinstance(task, PieceTask) for task in tasks), sum(isinstance(task, MarginsTask) for task in tasks)


def test_another_dataset_or_language_has_its_own_pieces(tiny_view: View, tiny_templates: Path, lay_out: LayOut, tmp_path: Path) -> None:
    """A piece of one dataset, or one language, never serves another, though the text is the same."""
    cache = Cache(tmp_path / "cache")
    lay_out(SHORT_BODY, cache=cache)
    kept = len(list((tmp_path / "cache").iterdir()))
    about = tiny_view.about.model_copy(update={"id": "other"})
    render(replace(tiny_view, about=about), tiny_templates, "short/test.html.j2", cache, 1)
    assert len(list((tmp_path / "cache").iterdir())) > kept


def test_a_kept_piece_is_of_no_date(tiny_view: View, tiny_templates: Path, tmp_path: Path) -> None:
    """A font that is unpacked has no date of the edition: a piece from the cache is the one that would be made."""
    font = TTFont(BytesIO(house_font("H")), recalcTimestamp=True)
    font.flavor = "woff"
    font.save(tiny_templates / "short" / "house.woff")
    css = "@font-face { font-family: H; src: url('house.woff') } html { font-family: H, 'Source Sans 3' } h1 { color: #333333 }"
    (tiny_templates / "short" / "test.css").write_text(css, "utf-8")
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % "<p>H</p><p class='new-page'>H</p>", "utf-8")
    about = tiny_view.about.model_copy(update={"published": parse_date("2021-03-04")})
    later = replace(tiny_view, about=about)
    assert later.moment != tiny_view.moment
    cache = Cache(tmp_path / "cache")
    render(tiny_view, tiny_templates, "short/test.html.j2", cache)
    kept, made = (render(later, tiny_templates, "short/test.html.j2", known).content for known in (cache, NO_CACHE))
    assert kept == made


def test_what_pieces_leave_is_collected_between_them(lay_out: LayOut, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a worker nobody else looks for garbage, and the one that lays out hundreds of pages would keep all of it to the end."""
    collected: list[int] = []

    def note(phase: str, told: Mapping[str, int]) -> None:
        collected.extend([told["collected"]] * (phase == "stop"))

    monkeypatch.setattr("reports.processes.MOST_GARBAGE", 5_000)
    gc.disable()
    gc.callbacks.append(note)
    try:
        lay_out()
    finally:
        gc.callbacks.remove(note)
        gc.enable()
    assert len(collected) > 5
    assert sum(collected) > 5_000


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copies only there")
def test_no_process_lays_out_all_of_a_long_document(
    lay_out: LayOut, made_of: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What laying out leaves behind ends with its process; the one that waits for it lays out nothing."""
    body = f"<main><p>a</p><section class='new-page'>{table(60, 'a')}</section></main>"
    first, make, log = made_of(body).content, Composer._made, tmp_path / "log"

    def made(self: Composer, task: Task) -> Fragment:
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return make(self, task)

    monkeypatch.setattr(Composer, "_made", made)
    monkeypatch.setattr("reports.renderers.pdf.compose.MOST_TASKS", 4)
    assert lay_out(body, jobs=2).content == first
    made_by = Counter(log.read_text().split())
    assert str(os.getpid()) not in made_by
    assert max(made_by.values()) <= 4
    assert len(made_by) > 4


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copies only there")
def test_a_piece_whose_process_is_killed_is_made_all_the_same(lay_out: LayOut, made_of: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system ends a process that lays out a piece, the one that waits for it does the rest."""
    first, parent, make = made_of(SHORT_BODY).content, os.getpid(), Composer._made

    def die(self: Composer, task: Task) -> Fragment:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return make(self, task)

    monkeypatch.setattr(Composer, "_made", die)
    assert lay_out(SHORT_BODY, jobs=2).content == first


def test_a_full_disk_costs_time_alone(lay_out: LayOut, made_of: Made, tmp_path: Path) -> None:
    """Where nothing can be kept, the document is made."""
    folder = tmp_path / "cache"
    folder.write_text("not a folder", "utf-8")
    assert lay_out(SHORT_BODY, cache=Cache(folder), jobs=2).content == made_of(SHORT_BODY).content
