"""What an address in a template may lead to: files beside it, our fonts, our figures; nothing else."""

from pathlib import Path

import pytest

from reports.cache import NO_CACHE
from reports.documents.view import View
from reports.errors import ReportsError
from reports.files import sha256
from reports.renderers.assets import Resource, Resources, parse_styles, walk_styles
from tests.conftest import Show


@pytest.fixture
def resources(tiny_templates: Path, tiny_view: View) -> Resources:
    return Resources(tiny_templates, tiny_view, NO_CACHE)


def test_files_and_fonts_have_an_address(resources: Resources, tiny_templates: Path) -> None:
    """A file is named from the folder of templates or by its full address, a font by its name; each is noted as used."""
    for address in ("note/anchor.svg", f"{tiny_templates.as_uri()}/note/anchor.svg"):
        found = resources.get(address)
        assert (found.media_type, found.content) == ("image/svg+xml", (tiny_templates / "note" / "anchor.svg").read_bytes())
    assert resources.get("anchor.svg", f"{tiny_templates.as_uri()}/note/note.css").path == found.path
    assert resources.get("font:sans").media_type == "font/ttf"
    assert {path.name for path in resources.used} == {"anchor.svg", "SourceSans3[wght].ttf"}
    assert resources.used[found.path] == sha256(found.content)


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


@pytest.mark.parametrize("name", ["50%25 off", "a#b?c", "č 100%"])
def test_a_folder_may_have_any_name(name: str, tiny_templates: Path, tiny_view: View) -> None:
    """An address is decoded once: signs of addresses in the name of a folder lead to that folder."""
    folder = tiny_templates.rename(tiny_templates.with_name(name))
    resources = Resources(folder, tiny_view, NO_CACHE)
    content = (folder / "note" / "anchor.svg").read_bytes()
    assert resources.get("note/anchor.svg").content == content
    assert resources.get(f"{resources.base}note/anchor.svg").content == content


def test_every_problem_of_a_style_sheet_is_told(show: Show) -> None:
    """Syntax errors and imports are problems at their places, all of them, those within other rules too."""
    css = b"@import 'b.css';\n@media print {\n  h1 { width: calc(1px]) }\n}\n@import url(c.css);"
    with pytest.raises(ReportsError) as error:
        parse_styles(Resource(Path("a.css"), css, "text/css", ""))
    assert show(error.value.problems) == [
        "a.css:1:1: a style sheet imports no other: link both in the template",
        "a.css:3:23: CSS syntax: Unmatched ]",
        "a.css:5:1: a style sheet imports no other: link both in the template",
    ]


def test_a_walk_goes_everywhere() -> None:
    """Tokens in preludes, blocks and arguments are found."""
    rules = parse_styles(Resource(Path("a.css"), b"@media (width: 1px) { h1 { width: calc((2px)) } }", "text/css", ""))
    assert [node.representation for node in walk_styles(rules) if node.type == "dimension"] == ["1", "2"]
