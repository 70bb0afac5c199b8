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
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.cache import Cache
from reports.dataset.dates import parse_date
from reports.dataset.model import Status
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import figures, vega
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates
from reports.renderers.figures import check_figure, draw_png, draw_svg
from reports.renderers.pdf import render
from tests.conftest import PROJECT, Show
from tests.renderers.conftest import house_font

DARK = ("#12355b", "#5b6670")  # of a bar for all, and of one for a group
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


def test_letters_from_right_to_left_are_drawn_by_the_house_s_fonts(templates: Path, tiny_view: View) -> None:
    """As outlines, in SVG and PNG; a letter that none of them has, and a font that is none, are named."""
    changed = tuple(operation.model_copy(update={"abbreviation": "אב"}) for operation in tiny_view.operations[:1])
    view, sheet = replace(tiny_view, operations=changed), templates / "shared" / "fonts.css"
    with pytest.raises(ReportsError, match=r"bars\.vl\.json: no font of the text's style has 'א' \(U\+05D0 hebrew letter alef\), 'ב'"):
        draw_svg(view, templates, "bars")
    sheet.write_text(f'{sheet.read_text("utf-8")}\n@font-face {{ font-family: "House"; src: url("house%20font.ttf") }}\n', "utf-8")
    (templates / "shared" / "house font.ttf").write_bytes(house_font("אב"))
    drawn = draw_svg(view, templates, "bars").decode()
    assert "אב" not in re.sub(r'aria-label="[^"]*"', "", drawn)
    assert draw_png(view, templates, "bars") != draw_png(tiny_view, templates, "bars")
    resources = Resources(templates, view, Cache(None))
    resources.get("figure:bars")
    assert {"fonts.css", "house font.ttf", "bars.vl.json"} <= {path.name for path in resources.used}
    (templates / "shared" / "house font.ttf").write_bytes(b"no font")
    with pytest.raises(ReportsError, match=r"house font\.ttf: is no font that can be read, or is damaged"):
        draw_svg(view, templates, "bars")


def test_the_words_of_a_figure_are_told_in_the_language(templates: Path, tiny_view: View) -> None:
    """They stand in its specification, and their translations in the catalogue of the templates; without one they stay."""
    spec = {**SPEC, "title": {"text": ["Who leads, in %", "Sources"]}}
    (templates / "figures" / "bars.vl.json").write_text(json.dumps(spec), "utf-8")
    locale = templates / "locale"
    shutil.copy(locale / "en.yaml", locale / "bs.yaml")
    (locale / "bs.po").write_text('msgid "Who leads, in %"\nmsgstr "Ko vodi, u %"\n', "utf-8")
    drawn = draw_svg(replace(tiny_view, language="bs"), templates, "bars").decode()
    assert ">Ko vodi, u %<" in drawn
    assert ">Sources<" in drawn
    assert ">Who leads, in %<" in draw_svg(tiny_view, templates, "bars").decode()


def test_the_same_view_makes_the_same_figure(templates: Path, tiny_view: View) -> None:
    """Same data, same bytes."""
    assert draw_svg(tiny_view, templates, "bars") == draw_svg(tiny_view, templates, "bars")


TEMPORAL = {
    **SPEC,
    "data": {"name": "counts"},
    "encoding": {"x": {"field": "date", "type": "temporal"}, "text": {"field": "date", "type": "temporal"}},
}
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
    names = "counts, key_milestones, ladder, lanes, operations, umbrella, years"
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


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The project's templates, to which a test may add its own."""
    return shutil.copytree(PROJECT / "templates", tmp_path / "shipped")


def printed(view: View, templates: Path, call: str) -> str:
    """Return what the macro *call* of the shipped figures prints of *view*."""
    page = '{% import "shared/figures.html.j2" as figures with context %}{{ figures.' + call + " }}"
    (templates / "test.html.j2").write_text(page, "utf-8")
    return Templates(templates, view).render("test.html.j2").strip()


def with_points(view: View, *points: dict[str, Any]) -> View:
    """Return *view*, whose measure has these *points*, each like its first one otherwise."""
    (measure,) = view.measures
    plain = {"total": None, "among": None}
    made = tuple(measure.points[0].model_copy(update=plain | point) for point in points)
    return replace(view, measures=(measure.model_copy(update={"points": made}),))


def yearly(first: int, last: int, **changes: Any) -> list[dict[str, Any]]:
    return [{"date": parse_date(str(year)), "value": Decimal(year % 7 + 1), **changes} for year in range(first, last + 1)]


def test_the_shipped_figures_are_drawn_from_any_data(tiny_templates: Path, tiny_view: View) -> None:
    """The project's figures know nothing of the shipped dataset, nor that there is anything to draw."""
    shutil.copytree(PROJECT / "templates" / "figures", tiny_templates / "figures")
    names = sorted(path.name.removesuffix(".vl.json") for path in (tiny_templates / "figures").glob("*.vl.json"))
    assert names == ["ladder", "ladder-long", "measure", "series", "timeline"]
    empty = replace(tiny_view, milestones=(), operations=(), frameworks=(), measures=())
    assert all(draw_svg(view, tiny_templates, name).startswith(b"<svg") for name in names for view in (tiny_view, empty))


@pytest.mark.parametrize(
    ("keys", "shown", "words"),
    [
        (14, 14, "them. Key milestones by year, a lane for each thread of the story. References"),
        (40, 40, "them. Key milestones by year, a lane for each thread of the story. References"),
        (41, 40, "them. The latest 40 key milestones by year, a lane for each thread of the story. 1 earlier one is left out. References"),
        (
            2800,
            40,
            "them. The latest 40 key milestones by year, a lane for each thread of the story. 2,760 earlier ones are left out. References",
        ),
    ],
)
def test_the_timeline_shows_as_many_key_milestones_as_fit(keys: int, shown: int, words: str, shipped: Path, tiny_view: View) -> None:
    """With more, it shows the latest ones; its caption says how many are left out, and its alternative text names those that are drawn."""
    key = {"key": True, "date": parse_date("2021-05"), "short": "Harbour opened"}
    milestones = tuple(tiny_view.milestones[0].model_copy(update={"id": f"M2021-{number}", **key}) for number in range(1, keys + 1))
    labels = {**tiny_view.labels, **{milestone.id: milestone.id for milestone in milestones}}
    view = replace(tiny_view, milestones=milestones, labels=labels)
    latest = [f"M2021-{number}" for number in range(keys - shown + 1, keys + 1)]
    drawn = draw_svg(view, shipped, "timeline").decode()
    assert re.findall(r'<path aria-label="(M2021-\d+)"', drawn) == latest
    assert drawn.count(">2021 Harbour opened<") == shown
    assert float(re.search(r'height="(\d+)', drawn)[1]) < 900
    html = printed(view, shipped, "timeline()")
    alternative = html.partition('alt="')[2].partition('"')[0]
    assert re.findall(r"May 2021, Harbour opened \((M2021-\d+)\)", alternative) == latest
    assert re.findall(r">(M2021-\d+)<", html.partition("<figcaption>")[2]) == latest
    assert words in html


def test_the_timeline_says_what_has_not_come(shipped: Path, tiny_view: View) -> None:
    """A milestone that is planned or overdue has an open dot, and words for it."""
    overdue, done = (
        replace(tiny_view, milestones=tuple(milestone.model_copy(update={"status": status}) for milestone in tiny_view.milestones))
        for status in (Status.OVERDUE, Status.DONE)
    )
    html = printed(overdue, shipped, "timeline()")
    assert html.count(", overdue)") == 2
    assert "An open dot has not come, or was not seen" in html
    assert "open dot" not in printed(done, shipped, "timeline()")
    drawn = [draw_svg(view, shipped, "timeline").decode() for view in (done, overdue)]
    assert [re.findall(r'<path aria-label="[^>]*fill="([^"]+)"', svg) for svg in drawn] == [["#12355b"] * 2, ["#ffffff"] * 2]


@pytest.mark.parametrize("call", ["timeline()", 'ladder("the tables")', "measure(view.measures[0])"])
def test_a_figure_with_nothing_to_show_is_left_out(call: str, shipped: Path, tiny_view: View) -> None:
    """No steps, no key milestones and operations, less than two points: no figure, no caption."""
    assert "<figcaption>" in printed(tiny_view, shipped, call)
    empty = replace(with_points(tiny_view, {}), milestones=(), operations=(), frameworks=())
    assert printed(empty, shipped, call) == ""


def test_captions_name_no_place_of_their_own(shipped: Path, tiny_view: View) -> None:
    """Where the sources of a figure stand is for the document to say."""
    assert "Sources" not in printed(tiny_view, shipped, "timeline()")
    assert "Sources: annex A." in printed(tiny_view, shipped, 'timeline(sources="annex A")')


def test_a_step_is_told_by_words_and_by_its_frame(shipped: Path, tiny_view: View) -> None:
    """A step that was taken up is filled, with its stage and the day; any other stands in broken lines; the roof is above all."""
    stages = {"observer": "observer", "charter": None}
    frameworks = tuple(framework.model_copy(update={"stage": stages.get(framework.id)}) for framework in tiny_view.frameworks)
    tiny_view = replace(tiny_view, frameworks=frameworks)
    drawn = draw_svg(tiny_view, shipped, "ladder").decode()
    assert re.findall(r">([^<]+)</text>", drawn) == [
        "Circle of Friends",
        "1   Observer status (OS)",
        "2   Harbour Charter",
        "observer, 2003",
    ]
    bars = re.findall(r'<path d="[^"]+" fill="([^"]+)" stroke="#12355b"', drawn)
    assert bars == ["#f1f4f7", "#12355b", "#ffffff"]
    assert drawn.count('stroke-dasharray="3,2"') == 1
    html = printed(tiny_view, shipped, 'ladder("the tables")')
    assert (
        "1, Observer status: observer, 2003; Observer since 2003; 2, Harbour Charter: Signed. Above all of them: Circle of Friends: Member."
        in html
    )
    alone = replace(tiny_view, frameworks=tuple(framework for framework in tiny_view.frameworks if framework.step))
    assert "Above" not in printed(alone, shipped, 'ladder("the tables")')
    assert "Circle" not in draw_svg(alone, shipped, "ladder").decode()


def test_a_step_of_the_ladder_shows_what_it_has_room_for(tiny_templates: Path, tiny_view: View) -> None:
    """A stage of any length ends before the name of its framework begins; the tables of the documents have all of it."""
    shutil.copytree(PROJECT / "templates" / "figures", tiny_templates / "figures")
    frameworks = tuple(framework.model_copy(update={"stage": "Since 2003 and " * 40}) for framework in tiny_view.frameworks)
    drawn = draw_svg(replace(tiny_view, frameworks=frameworks), tiny_templates, "ladder").decode()
    shown = re.findall(r">(Since 2003 and [^<]*)<", drawn)
    assert len(shown) == 3
    assert all(len(text) < 50 and text.endswith("…") for text in shown)


def test_a_figure_shows_one_measure(shipped: Path, tiny_view: View, show: Show) -> None:
    """Behind the slash stands the measure whose points are shown, in order of date, with who counted; one that is not there is named."""
    (measure,) = tiny_view.measures
    view = replace(tiny_view, measures=(measure, measure.model_copy(update={"id": "other", "points": measure.points[:1]})))
    texts = {id_: re.findall(r">([^<]+)</text>", draw_svg(view, shipped, f"measure/{id_}").decode()) for id_ in ("open-harbours", "other")}
    assert texts["open-harbours"] == [
        "2011, Admiralty of Ruritania",
        "2015, Institute of Coasts",
        "3 / 12",
        "1,234.5  harbours in the north",
    ]
    assert texts["other"] == ["2011, Admiralty of Ruritania", "3 / 12"]
    bars = [colour for colour in re.findall(r'fill="(#\w+)"', draw_svg(view, shipped, "measure/open-harbours").decode()) if colour in DARK]
    assert bars == list(DARK)
    with pytest.raises(ReportsError) as error:
        draw_svg(view, shipped, "measure/open-harbour")
    expected = "there is no measure 'open-harbour' for the figure 'measure' (did you mean 'open-harbours'?)"
    assert show(error.value.problems) == [f"shipped/figures: {expected}"]


def test_a_measure_says_what_it_counts(shipped: Path, tiny_view: View) -> None:
    """The alternative text has each point with its day, who counted, its group and its total; the caption has the sources."""
    html = printed(tiny_view, shipped, "measure(view.measures[0])")
    points = "2011, Admiralty of Ruritania: 3 of 12; 2015, Institute of Coasts, harbours in the north: 1,234.5."
    assert f'src="figure:measure/open-harbours" alt="Harbours that are open, harbours: {points}"' in html
    assert "The frame is the total of that time. A dark bar without a name is for all. Sources: <a" in html


def test_points_of_a_day_stand_together(shipped: Path, tiny_view: View) -> None:
    """A poll names its day and who held it once, above its groups; a rule parts it from the next."""
    groups = [{"date": parse_date(str(year)), "value": Decimal(2), "among": name} for year in (2011, 2012) for name in ("North", "South")]
    drawn = draw_svg(with_points(tiny_view, *reversed(groups)), shipped, "measure/open-harbours").decode()
    assert re.findall(r">([^<]+)</text>", drawn) == [
        "2011, Admiralty of Ruritania",
        "2012, Admiralty of Ruritania",
        *["2  South", "2  North"] * 2,
    ]
    assert drawn.count("<line") == 1


@pytest.mark.parametrize(
    ("points", "drawn_as"),
    [
        (yearly(2001, 2005), "series"),
        (yearly(2001, 2004), "measure"),
        ([*yearly(2001, 2005), {"date": parse_date("2005-10"), "value": Decimal(1)}], "measure"),
        (yearly(2001, 2005, among="the north"), "measure"),
        (yearly(2001, 2005, total=Decimal(9)), "measure"),
    ],
)
def test_years_on_end_are_columns(points: list[dict[str, Any]], drawn_as: str, shipped: Path, tiny_view: View) -> None:
    """Where somebody counted all in each of five years or more, columns stand over the years; two in one year need bars."""
    assert f'src="figure:{drawn_as}/open-harbours"' in printed(with_points(tiny_view, *points), shipped, "measure(view.measures[0])")


def test_each_that_counts_has_a_row_of_columns(shipped: Path, tiny_view: View) -> None:
    """In the order of the counts, on one scale of years; every column has its value, or the first and the last have if there is no room."""
    view = with_points(tiny_view, *yearly(2001, 2005), *yearly(2003, 2003, counted_by="institute", value=Decimal(500)))
    texts = re.findall(r">([^<]+)</text>", draw_svg(view, shipped, "series/open-harbours").decode())
    assert [text for text in texts if not text[0].isdecimal()] == ["Admiralty of Ruritania", "Institute of Coasts"]
    assert sorted(text for text in texts if text[0].isdecimal()) == sorted([*map(str, range(2001, 2006)), "7", "1", "2", "3", "4", "500"])
    long = with_points(tiny_view, *yearly(1981, 2020, value=Decimal(123456)))
    assert draw_svg(long, shipped, "series/open-harbours").decode().count(">123,456<") == 2


def test_a_measure_of_many_points_shows_the_latest(shipped: Path, tiny_view: View) -> None:
    """So many as stand on a page; the caption counts the others."""
    view = with_points(tiny_view, *yearly(1000, 2020, among="the north"))
    drawn = draw_svg(view, shipped, "measure/open-harbours").decode()
    assert re.findall(r">(\d{4}), Admiralty of Ruritania<", drawn) == [str(year) for year in range(1981, 2021)]
    assert "981 earlier counts are left out" in printed(view, shipped, "measure(view.measures[0])")


def test_a_picture_for_word_is_drawn_of_each(shipped: Path, tiny_view: View) -> None:
    """What a page has as a drawing, Word has as a picture of the same shape."""
    for name in ("ladder", "measure/open-harbours", "series/open-harbours", "timeline"):
        width, height = struct.unpack(">II", draw_png(tiny_view, shipped, name)[16:24])
        drawn = draw_svg(tiny_view, shipped, name).decode()
        box = [float(number) for number in re.search(r'viewBox="0 0 (\S+) (\S+)"', drawn).groups()]
        assert width == figures.DOTS
        assert height == pytest.approx(width * box[1] / box[0], abs=2)


def test_a_figure_is_drawn_again_only_if_it_changed(
    templates: Path, tiny_view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another build nor an edit of what the figure does not show draws it again; its data or its specification do."""
    drawn: list[str] = []
    convert = vega._convert
    monkeypatch.setattr(vega, "_convert", lambda path, method, *given: drawn.append(method) or convert(path, method, *given))
    first = draw_svg(tiny_view, templates, "bars", Cache(tmp_path / "kept"))
    assert draw_svg(tiny_view, templates, "bars", Cache(tmp_path / "kept")) == first
    draw_svg(replace(tiny_view, frameworks=()), templates, "bars", Cache(tmp_path / "kept"))
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
        assert problem.missing == set("ოპერაცია中")
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


def test_figures_are_numbered_as_they_are_drawn(shipped: Path, tiny_view: View) -> None:
    """One that is left out takes no number, and the headline of the dataset comes before the key measures."""
    calls = "timeline() ~ figures.ladder('') ~ figures.measure(view.measures[0])"
    numbers = re.findall(r"Figure (\d)\.", printed(tiny_view, shipped, calls))
    assert numbers == ["1", "2", "3"]
    numbers = re.findall(r"Figure (\d)\.", printed(replace(tiny_view, milestones=(), operations=()), shipped, calls))
    assert numbers == ["1", "2"]
    (first,) = tiny_view.measures
    first, second = first.model_copy(update={"key": True}), first.model_copy(update={"id": "second", "key": False})
    view = replace(tiny_view, measures=(first, second), about=tiny_view.about.model_copy(update={"headline": "second"}))
    assert [measure.id for measure in view.drawn_measures] == ["second", "open-harbours"]


def test_the_dataset_says_what_the_ladder_leads_to(shipped: Path, tiny_view: View) -> None:
    """Its words stand in captions; without them a figure names no aim."""
    html = printed(tiny_view, shipped, "ladder('')")
    assert "Steps towards the League, from the lowest: " in html
    assert "The steps towards the League, the lowest at the bottom" in html
    bare = replace(tiny_view, about=tiny_view.about.model_copy(update={"ladder": None}))
    assert "The steps of the partnership, the lowest at the bottom" in printed(bare, shipped, "ladder('')")
