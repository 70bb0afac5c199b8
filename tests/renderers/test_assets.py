"""What an address in a template may lead to: files beside it, our fonts, our figures; nothing else."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import UNMERGED, sha256
from reports.renderers.assets import Resources
from reports.renderers.draft import render
from reports.renderers.environment import Templates
from reports.renderers.figures import draw_png
from reports.renderers.html import Page
from tests.conftest import Show


@pytest.fixture
def resources(tiny_templates: Path, tiny_view: View) -> Resources:
    return Resources(tiny_templates, tiny_view, NO_CACHE)


def test_files_and_fonts_have_an_address(resources: Resources, tiny_templates: Path) -> None:
    """A file is named from the folder of templates or by its full address, a font by its name; each is noted as used."""
    for address in ("note/anchor.svg", f"{tiny_templates.as_uri()}/note/anchor.svg"):
        found = resources.get(address)
        assert (found.media_type, found.content) == ("image/svg+xml", (tiny_templates / "note" / "anchor.svg").read_bytes())
    assert resources.get("anchor.svg", f"{tiny_templates.as_uri()}/note/note.css") is found  # read once
    assert resources.get("font:sans").media_type == "font/ttf"
    assert {path.name for path in resources.used} == {"anchor.svg", "SourceSans3[wght].ttf"}
    assert resources.used[found.path] == sha256(found.content)


def test_a_code_has_the_text_that_is_asked_for(resources: Resources, tiny_templates: Path, tiny_view: View) -> None:
    """A QR code in the ink of the looks, on which it depends: a drawing, and for Word a picture, with the modules of its text."""
    address = "https://ruritania.example/papers/7"
    found = resources.get(f"qr:{address}")
    assert (found.media_type, found.path, found.is_drawn) == ("image/svg+xml", tiny_templates / "shared" / "looks.css", True)
    assert resources.looks.colours["ink"].encode() in found.content
    picture = Image.open(BytesIO(Resources(tiny_templates, tiny_view, NO_CACHE, draw_png).get(f"qr:{address}").content))
    modules = [[bool(module) for module in row] for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    small = picture.convert("L").resize((len(modules), len(modules)), Image.Resampling.BOX)
    light = [*small.get_flattened_data()]
    assert [[light[y * len(modules) + x] < 128 for x in range(len(modules))] for y in range(len(modules))] == modules


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/a.css",
        "//a.example/a.css",
        "file:///etc/hostname",
        "../secret.svg",
        "note/%2e%2e/../secret.svg",
        "note/link.svg",
        "note",
        "note/none.svg",
        "font:comic",
        "data:text/css,a",
        "",
    ],
)
def test_anything_else_is_refused(address: str, resources: Resources, tiny_templates: Path, show: Show) -> None:
    """Neither the network nor a file elsewhere is opened, by any spelling or a symbolic link."""
    (tiny_templates.parent / "secret.svg").write_text("<svg/>", "utf-8")
    (tiny_templates / "note" / "link.svg").symlink_to(tiny_templates.parent / "secret.svg")
    with pytest.raises(ReportsError) as error:
        resources.get(address)
    expected = f"templates: '{address}' is neither a file in the folder 'templates' nor one of our fonts"
    if address == "note/link.svg":
        expected = "templates/note/link.svg: leads to 'secret.svg', outside the folder 'templates'; put a copy of it here"
    assert show(error.value.problems) == [expected]
    assert resources.used == {}


NO_FILE = "'' is neither a file in the folder 'templates' nor one of our fonts"


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ('<img src="shared/fonts.css" alt="a">', "'shared/fonts.css' is no picture"),
        ('<img src="font:sans" alt="a">', "'font:sans' is no picture"),
        ('<img src="" alt="a">', NO_FILE),
        ('<link rel="stylesheet" href="note/anchor.svg">', "'note/anchor.svg' is no style sheet"),
        ('<link rel="stylesheet">', NO_FILE),
        ('<script src="note/note.css"></script>', "'note/note.css' is no script"),
    ],
)
def test_an_element_links_to_a_file_of_its_kind(
    element: str, message: str, resources: Resources, tiny_templates: Path, tiny_view: View, show: Show
) -> None:
    """A file of another kind is named at the element, before anybody tries to read it as what it is not."""
    (tiny_templates / "short" / "test.html.j2").write_text(f"<!DOCTYPE html>\n{element}", "utf-8")
    with pytest.raises(ReportsError) as error:
        resources.check(Page(Templates(tiny_templates, tiny_view), "short/test.html.j2"))
    assert show(error.value.problems) == [f"templates/short/test.html.j2:2:1: {message}"]


def test_a_page_needs_its_looks(resources: Resources, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What is wrong with the colours of all documents is told by the check of any page, which need not name them."""
    (tiny_templates / "shared" / "looks.css").unlink()
    (tiny_templates / "short" / "test.html.j2").write_text("<!DOCTYPE html>", "utf-8")
    with pytest.raises(ReportsError) as error:
        resources.check(Page(Templates(tiny_templates, tiny_view), "short/test.html.j2"))
    expected = "templates/shared/looks.css: is missing: the colours of all documents; copy it from the templates of this project"
    assert show(error.value.problems) == [expected]


@pytest.mark.parametrize("name", ["50%25 off", "a#b?c", "č 100%"])
def test_a_folder_may_have_any_name(name: str, tiny_templates: Path, tiny_view: View) -> None:
    """An address is decoded once: signs of addresses in the name of a folder lead to that folder."""
    folder = tiny_templates.rename(tiny_templates.with_name(name))
    resources = Resources(folder, tiny_view, NO_CACHE)
    content = (folder / "note" / "anchor.svg").read_bytes()
    assert resources.get("note/anchor.svg").content == content
    assert resources.get(f"{resources.base}note/anchor.svg").content == content


def test_a_picture_is_what_every_format_holds(resources: Resources, tiny_templates: Path) -> None:
    """A file of any other suffix is a picture, by its content; what is noted as used is the file as it is."""
    path = tiny_templates / "note" / "PHOTO.JPG"
    Image.new("L", (4, 2)).save(path, "GIF")
    found = resources.get("note/PHOTO.JPG")
    assert (found.media_type, found.content[:4], found.is_drawn) == ("image/png", b"\x89PNG", False)
    assert resources.used == {path: sha256(path.read_bytes())}


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ("viewBox='0 0 100 50'", (2400, 1200)),
        ("viewBox='0,0,1,1000'", (9, 9600)),
        ("width='100px' height='200'", (2400, 4800)),
    ],
)
def test_word_gets_a_drawing_as_a_png(head: str, size: tuple[int, int], tiny_templates: Path, tiny_view: View) -> None:
    """Where figures are drawn as PNG, drawings are: as wide, or as high, with their texts in our font."""
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' {head}><text y='9' font-family='Arial'>a</text></svg>"
    (tiny_templates / "note" / "a.svg").write_text(drawing, "utf-8")
    found = Resources(tiny_templates, tiny_view, NO_CACHE, draw_png).get("note/a.svg")
    assert (found.media_type, found.is_drawn, found.digest) == ("image/png", True, sha256(drawing.encode()))
    assert Image.open(BytesIO(found.content)).size == size


@pytest.mark.parametrize("head", ["", "width='10mm' height='9'", "viewBox='0 0 9 0'", "viewBox='a'"])
def test_a_drawing_without_a_size_is_a_problem(head: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A drawing for Word needs a size, by which it is scaled."""
    (tiny_templates / "note" / "a.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg' {head}/>", "utf-8")
    with pytest.raises(ReportsError) as error:
        Resources(tiny_templates, tiny_view, NO_CACHE, draw_png).get("note/a.svg")
    assert show(error.value.problems) == ["templates/note/a.svg: has no size: give its <svg> a viewBox"]


def test_a_merge_left_in_a_script_is_found_before_a_page_is_made(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A draft reads the scripts of a page, since a page that is made has them inside."""
    (tiny_templates / "note" / "a.js").write_text("let a;\n<<<<<<< HEAD\nlet b;\n=======\n>>>>>>> c\n", "utf-8")
    page = '<html lang="en"><head><title>A</title></head><body><script src="note/a.js"></script></body></html>'
    (tiny_templates / "note" / "test.html.j2").write_text(page, "utf-8")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, tiny_templates, "note/test.html.j2", suffix=".html")
    assert show(error.value.problems) == [f"templates/note/a.js:2:1: {UNMERGED}"]


def test_a_figure_is_drawn_while_the_page_is_rendered(tiny_templates: Path, tiny_view: View, tmp_path: Path) -> None:
    """The figures that a template used last time are drawn from its beginning on, whatever became of them; others when it asks."""
    drawn: list[str] = []

    def draw(view: View, templates: Path, name: str, cache: Cache) -> bytes:
        drawn.append(name)
        if name == "gone":
            raise ReportsError(Problem(Location(templates), "is gone"))
        return b"<svg/>"

    def resources() -> Resources:
        return Resources(tiny_templates, tiny_view, Cache(tmp_path / "cache"), draw)

    (tiny_templates / "figures").mkdir(exist_ok=True)
    for name in ("gone", "there"):
        (tiny_templates / "figures" / f"{name}.vl.json").write_text("{}", "utf-8")
    first = resources()
    with first.drawing_ahead("a.html.j2"), suppress(ReportsError):
        assert drawn == []
        first.get("figure:there")
        first.get("figure:gone")
    with resources().drawing_ahead("a.html.j2"):
        pass
    assert drawn == ["there", "gone", "there"]
    with resources().drawing_ahead("b.html.j2"):
        pass
    assert len(drawn) == 3
