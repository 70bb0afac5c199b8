"""Figures: their data come from the view, nothing overlaps, and nothing is fetched."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cache import Cache
from reports.dataset.dates import parse_date
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import figures, vega
from reports.renderers.environment import Templates
from reports.renderers.figures import DATA, LONGEST_LABEL, check_figure, draw_png, draw_svg
from reports.renderers.fonts import MissingGlyphs
from reports.renderers.pdf import render
from tests.conftest import PROJECT, Show

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"name": "operations"},
    "mark": "text",
    "config": {"font": "Source Sans"},
    "encoding": {"y": {"field": "name", "type": "nominal"}, "text": {"field": "led_by"}},
}


@pytest.fixture
def templates(tiny_templates: Path) -> Path:
    """The tiny templates, with one figure."""
    (tiny_templates / "figures").mkdir()
    (tiny_templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC), "utf-8")
    return tiny_templates


def test_a_figure_shows_the_data_of_the_view(templates: Path, tiny_view: View) -> None:
    """What stands in the figure is what stands in the records, and an edit of a record changes it."""
    before = draw_svg(tiny_view, templates, "bars").decode()
    assert ">WW<" in before
    changed = tuple(operation.model_copy(update={"abbreviation": "WATCH"}) for operation in tiny_view.operations)
    after = draw_svg(replace(tiny_view, operations=changed), templates, "bars").decode()
    assert ">WATCH<" in after
    assert ">WW<" not in after


def test_the_same_view_makes_the_same_figure(templates: Path, tiny_view: View) -> None:
    """Same data, same bytes."""
    assert draw_svg(tiny_view, templates, "bars") == draw_svg(tiny_view, templates, "bars")


TEMPORAL = {**SPEC, "encoding": {"x": {"field": "start", "type": "temporal"}, "text": {"field": "start", "type": "temporal"}}}
DRAW = """
import sys, tempfile
from pathlib import Path
from reports.dataset.load import load_dataset
from reports.renderers.figures import draw_svg
from tests.conftest import TINY, view_of
view = view_of(load_dataset(TINY / "data"), "note")
before = tempfile.tempdir
with tempfile.TemporaryDirectory() as tempfile.tempdir:
    draw_svg(view, Path(sys.argv[1]), "bars")
tempfile.tempdir = before
sys.stdout.buffer.write(draw_svg(view, Path(sys.argv[1]), "days"))
"""


def test_a_figure_is_the_same_wherever_it_is_drawn(templates: Path, tiny_view: View) -> None:
    """Dates are not those of this computer's time zone; and a temporary folder that is gone takes no font with it."""
    (templates / "figures" / "days.vl.json").write_text(json.dumps(TEMPORAL), "utf-8")
    line = [sys.executable, "-c", DRAW, str(templates)]
    done = subprocess.run(line, cwd=PROJECT, env={**os.environ, "TZ": "Pacific/Marquesas"}, check=True, capture_output=True)
    assert b"<text" in done.stdout
    assert draw_svg(tiny_view, templates, "days") == done.stdout


def test_an_end_is_drawn_only_if_it_is_known(tiny_view: View) -> None:
    """An operation whose end no source gives is not drawn as if it went on; one that goes on ends on the dataset's day."""
    rows = {row["name"]: row for row in DATA["operations"](tiny_view)}
    assert rows["WW"]["end_known"]
    assert rows["WW"]["end"] == "2010-12-31T00:00:00Z"
    assert not rows["Second Watch"]["end_known"]
    assert rows["Second Watch"]["end"] < "2012"
    going_on = tuple(operation.model_copy(update={"ongoing": True}) for operation in tiny_view.operations if operation.id == "second-watch")
    (row,) = DATA["operations"](replace(tiny_view, operations=going_on))
    assert row["end_known"]
    assert row["end"] == f"{tiny_view.about.as_of.latest}T00:00:00Z"


@given(st.lists(st.tuples(st.dates(date(1992, 1, 1), date(2026, 12, 31)), st.text("M0123456789-", min_size=1, max_size=30)), max_size=40))
def test_labels_of_a_lane_do_not_meet(labelled: list[tuple[date, str]]) -> None:
    """Within a lane each label has ended before the next one begins."""
    rows = figures._in_lanes(sorted(labelled))
    assert len(rows) == len(labelled)
    lanes: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        lanes.setdefault(row["lane"], []).append(row)
    for lane in lanes.values():
        for before, after in pairwise(lane):
            days = parse_date(after["date"][:10]).order[0] - parse_date(before["date"][:10]).order[0]
            assert days.days >= min(len(before["label"]), LONGEST_LABEL) * 0.34 * 365


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("ITPP", "ITPP"),
        ("Intensified Dialogue", "Intensified Dialogue"),
        ("Reform Programme of Bosnia and Herzegovina", "Reform Programme…"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahr…"),
    ],
)
def test_long_labels_are_cut_at_a_word(label: str, shown: str) -> None:
    """A label that is too long for a figure says that something is left out."""
    assert figures._shortened(label) == shown


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("bars", '{"data": ', ["templates/figures/bars.vl.json:1:10: JSON syntax: expecting value"]),
        (
            "bars",
            json.dumps({"layer": [SPEC | {"data": {"name": "operation"}}, {"data": {"name": ["counts"]}}]}),
            [
                "templates/figures/bars.vl.json: there are no data '['counts']' (did you mean 'counts'?)",
                "templates/figures/bars.vl.json: there are no data 'operation' (did you mean 'operations'?)",
            ],
        ),
        ("bars", "[]", ["templates/figures/bars.vl.json: a specification is expected here, in braces"]),
        ("bars", "\udce8", ["templates/figures/bars.vl.json:1:1: byte 0xe8 is not UTF-8; save the file as UTF-8"]),
        (
            "bars",
            json.dumps(SPEC | {"params": [{"name": "p", "expr": "a("}]}),
            ["templates/figures/bars.vl.json: can't be drawn: Vega-Lite to SVG conversion failed: Error: Expression parse error: a("],
        ),
        ("bar", json.dumps(SPEC), ["templates/figures: there is no figure 'bar' (did you mean 'bars'?)"]),
        ("../bars", json.dumps(SPEC), ["templates/figures: there is no figure '../bars' (did you mean 'bars'?)"]),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_named(
    name: str, content: str, expected: list[str], templates: Path, tiny_view: View, show: Show
) -> None:
    """A mistake in a specification is a problem at its place, not a traceback."""
    (templates / "figures" / "bars.vl.json").write_text(content, "utf-8", errors="surrogateescape")
    with pytest.raises(ReportsError) as error:
        draw_svg(tiny_view, templates, name)
    assert show(error.value.problems) == expected


@pytest.mark.parametrize("url", ["https://a.example/data.csv", "file:///etc/passwd", "../secret.csv"])
@pytest.mark.parametrize("change", [lambda data: {"data": data}, lambda data: {"transform": [{"lookup": "a", "from": {"data": data}}]}])
def test_a_figure_fetches_nothing(url: str, change: Callable[[Any], dict[str, Any]], templates: Path, tiny_view: View, show: Show) -> None:
    """Data at an address or in a file are refused, wherever they are asked for: everything that a figure shows is in the view."""
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC | change({"url": url})), "utf-8")
    with pytest.raises(ReportsError) as error:
        draw_svg(tiny_view, templates, "bars")
    names = "counts, frameworks, key_milestones, ladder, operations, umbrella"
    expected = f"templates/figures/bars.vl.json: the data at '{url}' are not the view's; name one of {names}"
    assert show(error.value.problems) == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"transform": [{"sample": 5}]}, "'sample' picks rows by chance; a figure shows the view's"),
        ({"transform": [{"calculate": "now()", "as": "a"}]}, "the function 'now' gives something else with each build"),
        ({"transform": [{"filter": {"not": "datum.a < random ()"}}]}, "the function 'random' gives something else with each build"),
        ({"title": {"text": {"expr": "datetime( )"}}}, "the function 'datetime' gives something else with each build"),
        ({"width": 20_000, "height": 12, "padding": 0}, "is 20000 units wide and 12 high; each has to be more than 0, and 4000 at most"),
        ({"width": 1, "height": 20_000, "padding": 0}, "is 1 units wide and 20000 high; each has to be more than 0, and 4000 at most"),
    ],
)
@pytest.mark.parametrize("draw", [draw_svg, draw_png])
def test_a_figure_is_the_same_in_each_build_and_fits_a_page(
    draw: Callable[..., bytes], change: dict[str, Any], expected: str, templates: Path, tiny_view: View, show: Show
) -> None:
    """What chance or the clock decides, and sizes beyond a page, are refused."""
    spec = SPEC | {"encoding": {}} | change
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(spec), "utf-8")
    with pytest.raises(ReportsError) as error:
        draw(tiny_view, templates, "bars")
    assert show(error.value.problems) == [f"templates/figures/bars.vl.json: {expected}"]


def test_words_of_a_figure_are_no_functions(templates: Path, tiny_view: View) -> None:
    """A title may say what an expression may not, and a date of its own is no clock."""
    title = {"title": ["Operations now (2020)", "random (a)"], "description": "now()", "transform": [{"filter": "datetime(2020, 1) > 0"}]}
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC | title), "utf-8")
    assert b"Operations now (2020)" in draw_svg(tiny_view, templates, "bars")


def test_a_narrow_figure_has_a_sane_number_of_dots(templates: Path, tiny_view: View) -> None:
    """A picture is as wide as all are, unless it were much too high then."""
    found = []
    for width, height in ((100, 50), (1, 4000)):
        change = {
            "width": width,
            "height": height,
            "padding": 0,
            "mark": "tick",
            "encoding": {},
            "config": {"font": "Source Sans", "view": {"stroke": None}},
        }
        (templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC | change), "utf-8")
        found.append(struct.unpack(">II", draw_png(tiny_view, templates, "bars")[16:24]))
    assert found[0][0] == figures.DOTS
    assert found[1][1] == figures.HIGHEST


def test_a_specification_lies_in_the_templates(templates: Path, tiny_view: View, show: Show) -> None:
    """A link out of the folder is no specification."""
    (templates / "figures" / "bars.vl.json").rename(templates.parent / "bars.vl.json")
    (templates / "figures" / "bars.vl.json").symlink_to("../../bars.vl.json")
    with pytest.raises(ReportsError) as error:
        draw_svg(tiny_view, templates, "bars")
    assert show(error.value.problems) == [
        "templates/figures/bars.vl.json: leads to 'bars.vl.json', outside the folder 'templates'; put a copy of it here"
    ]


@pytest.mark.parametrize("day", ["9999-12", "0001-01-01", "../2011", "9999-12-31/.."])
def test_the_calendar_may_end(day: str, tiny_view: View) -> None:
    """What begins on the last or the first days that can be written is drawn as far as the calendar goes."""
    date = parse_date(day)
    operations = tuple(operation.model_copy(update={"start": date, "end": None}) for operation in tiny_view.operations)
    milestones = tuple(milestone.model_copy(update={"date": date, "key": True}) for milestone in tiny_view.milestones)
    view = replace(tiny_view, operations=operations, milestones=milestones)
    assert {row["end"] for row in DATA["operations"](view)} <= {"9999-12-31T00:00:00Z", "0001-07-02T00:00:00Z"}
    assert len(DATA["key_milestones"](view)) == (len(milestones) if date.start else 0)


def test_a_pdf_holds_the_figure(templates: Path, tiny_view: View) -> None:
    """`figure:<name>` is drawn into the PDF, and its specification is one of the inputs."""
    html = '<p>x</p><figure><img src="figure:bars" alt="Bars"><figcaption>Bars</figcaption></figure>'
    page = '<!DOCTYPE html><html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"></head><body><h1>T</h1>'
    (templates / "short" / "test.html.j2").write_text(f"{page}{html}</body></html>", "utf-8")
    made = render(tiny_view, templates, "short/test.html.j2")
    assert templates.resolve() / "figures" / "bars.vl.json" in made.inputs


def test_a_pdf_with_an_unknown_figure_is_refused(templates: Path, tiny_view: View, show: Show) -> None:
    """A figure that nobody declared is a problem that names the nearest one."""
    page = '<!DOCTYPE html><html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"></head><body><h1>T</h1>'
    (templates / "short" / "test.html.j2").write_text(f'{page}<img src="figure:bar" alt="Bars"></body></html>', "utf-8")
    with pytest.raises(ReportsError) as error:
        render(tiny_view, templates, "short/test.html.j2")
    assert "templates/short/test.html.j2:1:124: there is no figure 'bar' (did you mean 'bars'?)" in show(error.value.problems)


def test_the_shipped_figures_are_drawn_from_any_data(tiny_templates: Path, tiny_view: View) -> None:
    """The project's figures know nothing of the shipped dataset but the name of one measure."""
    shutil.copytree(PROJECT / "templates" / "figures", tiny_templates / "figures")
    names = sorted(path.name.removesuffix(".vl.json") for path in (tiny_templates / "figures").glob("*.vl.json"))
    assert names == ["ladder", "property", "timeline"]
    assert all(draw_svg(tiny_view, tiny_templates, name).startswith(b"<svg") for name in names)


@pytest.mark.parametrize(
    ("keys", "shown", "words"),
    [
        (14, 14, "and key milestones by their references (dots). Sources"),
        (40, 40, "and key milestones by their references (dots). Sources"),
        (41, 40, "and the latest 40 key milestones by their references (dots); annex A has 1 more. Sources"),
        (2800, 40, "and the latest 40 key milestones by their references (dots); annex A has 2,760 more. Sources"),
    ],
)
def test_the_timeline_shows_as_many_key_milestones_as_fit(keys: int, shown: int, words: str, tmp_path: Path, tiny_view: View) -> None:
    """With more, it shows the latest ones; its caption says how many are left out, and its alternative text names those that are drawn."""
    templates = shutil.copytree(PROJECT / "templates", tmp_path / "templates")
    page = '{% import "shared/figures.html.j2" as figures with context %}{{ figures.timeline(1) }}'
    (templates / "test.html.j2").write_text(page, "utf-8")
    key = {"key": True, "date": parse_date("2021-05")}
    milestones = tuple(tiny_view.milestones[0].model_copy(update={"id": f"M2021-{number}", **key}) for number in range(1, keys + 1))
    view = replace(tiny_view, milestones=milestones)
    latest = [f"M2021-{number}" for number in range(keys - shown + 1, keys + 1)]
    drawn = draw_svg(view, templates, "timeline").decode()
    assert re.findall(r">(M2021-\d+)<", drawn) == latest
    assert float(re.search(r'height="(\d+)', drawn)[1]) < 900
    html = Templates(templates, view).render("test.html.j2")
    assert re.findall(r"M2021-\d+", html) == latest
    assert words in html


def test_a_step_of_the_ladder_shows_what_it_has_room_for(tiny_templates: Path, tiny_view: View) -> None:
    """A state of any length ends before the name of its framework begins; the tables of the documents have all of it."""
    shutil.copytree(PROJECT / "templates" / "figures", tiny_templates / "figures")
    frameworks = tuple(framework.model_copy(update={"state": "Since 2003 and " * 40}) for framework in tiny_view.frameworks)
    drawn = draw_svg(replace(tiny_view, frameworks=frameworks), tiny_templates, "ladder").decode()
    shown = re.findall(r">(Since 2003 and [^<]*)<", drawn)
    assert shown
    assert all(len(text) < 80 and text.endswith("…") for text in shown)


def test_a_figure_is_drawn_again_only_if_it_changed(
    templates: Path, tiny_view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another build nor an edit of what the figure does not show draws it again; its data or its specification do."""
    drawn: list[str] = []
    convert = vega._convert
    monkeypatch.setattr(vega, "_convert", lambda path, method, *given: drawn.append(method) or convert(path, method, *given))
    first = draw_svg(tiny_view, templates, "bars", Cache(tmp_path / "kept"))
    assert draw_svg(tiny_view, templates, "bars", Cache(tmp_path / "kept")) == first
    draw_svg(replace(tiny_view, milestones=()), templates, "bars", Cache(tmp_path / "kept"))
    assert drawn == ["vegalite_to_svg"]
    draw_svg(replace(tiny_view, operations=tiny_view.operations[:1]), templates, "bars", Cache(tmp_path / "kept"))
    assert drawn == ["vegalite_to_svg", "vegalite_to_svg"]
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC | {"width": 300}), "utf-8")
    draw_svg(tiny_view, templates, "bars", Cache(tmp_path / "kept"))
    assert drawn == ["vegalite_to_svg", "vegalite_to_svg", "vegalite_to_svg"]


def test_a_figure_is_set_in_our_font(templates: Path, tiny_view: View, show: Show) -> None:
    """The finished figure names the font as style sheets do, in quotes, and its texts are measured and drawn in it; another is refused."""
    svg = draw_svg(tiny_view, templates, "bars").decode()
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"'Source Sans 3'"}
    blank = draw_png(replace(tiny_view, operations=()), templates, "bars")
    assert len(draw_png(tiny_view, templates, "bars")) > len(blank)
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(SPEC | {"config": {"font": "Comic Sans"}}), "utf-8")
    with pytest.raises(ReportsError) as error:
        draw_svg(tiny_view, templates, "bars")
    assert show(error.value.problems) == [
        "templates/figures/bars.vl.json: the font 'Comic Sans' is not ours, which is 'Source Sans' in a figure"
    ]


def test_a_label_in_letters_that_figures_do_not_have(templates: Path, tiny_view: View, show: Show) -> None:
    """Letters that the font of figures does not have are a problem in both kinds of picture, not boxes, and of a check already."""
    operations = (tiny_view.operations[0].model_copy(update={"name": "ოპერაცია 中", "abbreviation": None}), *tiny_view.operations[1:])
    for draw in (draw_svg, draw_png, check_figure):
        with pytest.raises(ReportsError) as error:
            draw(replace(tiny_view, operations=operations), templates, "bars")
        (problem,) = error.value.problems
        assert isinstance(problem, MissingGlyphs)
        assert problem.characters == set("ოპერაცია中")
        assert problem.message.endswith("; a figure's labels are in Latin, Greek or Cyrillic letters")


def test_a_label_in_any_letters_of_the_font(templates: Path, tiny_view: View) -> None:
    """Whatever our font has can stand in a label."""
    operations = (tiny_view.operations[0].model_copy(update={"name": "Ґ № € ελ → č", "abbreviation": None}), *tiny_view.operations[1:])
    assert "Ґ № € ελ → č" in draw_svg(replace(tiny_view, operations=operations), templates, "bars").decode()


def test_a_draft_finds_what_only_a_drawing_shows(tiny_view: View, tiny_templates: Path, show: Show) -> None:
    """A mark that Vega-Lite does not know, and a figure that the data make too high, are found before a page is made."""
    folder = tiny_templates / "figures"
    folder.mkdir(exist_ok=True)
    high = {"mark": "bar", "data": {"name": "operations"}, "encoding": {"y": {"field": "name"}}, "height": {"step": 2100}}
    for spec, message in ((SPEC | {"mark": "baar"}, "can't be drawn"), (SPEC | high, "high; each has to be more than 0")):
        (folder / "bars.vl.json").write_text(json.dumps(spec), "utf-8")
        with pytest.raises(ReportsError) as error:
            check_figure(tiny_view, tiny_templates, "bars")
        (problem,) = show(error.value.problems)
        assert problem.startswith("templates/figures/bars.vl.json: ")
        assert message in problem
