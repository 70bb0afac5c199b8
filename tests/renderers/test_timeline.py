"""The timeline: lanes and labels from the records, nothing that overlaps in the finished drawing, any years, and the calendar's ends."""

import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dates import parse_date
from reports.dataset.model import Milestone, Status
from reports.documents.view import IN_A_FIGURE, View
from reports.renderers.figures import draw_svg
from reports.renderers.timeline import LONGEST_LABEL, _shortened, lay_out
from reports.renderers.vega import text_width
from reports.translations.locale import Locale
from tests.conftest import PROJECT

SVG = "{http://www.w3.org/2000/svg}"
LOCALE = Locale(PROJECT / "templates", "en")


class Box(NamedTuple):
    """A text of a drawing, and where it stands."""

    text: str
    left: float
    right: float
    middle: float


@pytest.fixture
def templates(tiny_templates: Path) -> Path:
    """The tiny templates, with the shipped figures."""
    shutil.copytree(PROJECT / "templates" / "figures", tiny_templates / "figures")
    return tiny_templates


def key_milestones(view: View, **changes: Any) -> View:
    """Return *view* with all milestones key ones, and *changes* in each."""
    return replace(view, milestones=tuple(milestone.model_copy(update={"key": True, **changes}) for milestone in view.milestones))


def rows(view: View, name: str) -> list[dict[str, Any]]:
    return lay_out(view, LOCALE)[name]


def boxes(drawing: bytes) -> list[Box]:
    """Return the texts of *drawing*, by the transforms of Vega: groups that move, and texts that are moved."""
    found: list[Box] = []

    def walk(element: ET.Element, x: float, y: float) -> None:
        moved = element.get("transform", "").partition("(")[2].rstrip(")").split(",")
        x, y = (x + float(moved[0]), y + float(moved[1])) if len(moved) == 2 else (x, y)
        if element.tag == f"{SVG}text" and element.text:
            weight = 600 if element.get("font-weight") == "600" else 400
            width = text_width(element.text, weight) * float(element.get("font-size", "0").removesuffix("px"))
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
            found.append(Box(element.text, left, left + width, y))
        for child in element:
            walk(child, x, y)

    walk(ET.fromstring(drawing), 0, 0)
    return found


def test_a_topic_has_a_lane(tiny_view: View) -> None:
    """Lanes stand in the order of the topics, those with nothing in them left out, and last what has no topic."""
    plain = key_milestones(tiny_view, topic=None)
    assert [lane["name"] for lane in rows(plain, "lanes")] == ["Missions", ""]
    first, second = (
        milestone.model_copy(update={"topic": topic}) for milestone, topic in zip(plain.milestones, ("war", "trade"), strict=False)
    )
    topics = tuple(tiny_view.topics[0].model_copy(update={"id": topic, "name": topic.title()}) for topic in ("trade", "peace", "war"))
    view = replace(plain, topics=topics, milestones=(first, second, *plain.milestones[2:]))
    assert [lane["name"] for lane in rows(view, "lanes")] == ["Missions", "Trade", "War", "Other"]
    bounds = [lane["row"] for lane in rows(view, "lanes")]
    places = {row["id"]: row["row"] for row in rows(view, "key_milestones")}
    assert bounds[1] <= places[second.id] < bounds[2] <= places[first.id] < bounds[3]
    assert rows(replace(tiny_view, operations=(), milestones=()), "lanes") == []


def test_a_milestone_is_told_in_words(tiny_view: View) -> None:
    """Its label is its year and its short title, or as much of its title as there is room for; what has not come is marked."""
    assert {row["label"][5:] for row in rows(key_milestones(tiny_view, short="Talks"), "key_milestones")} == {"Talks"}
    view = key_milestones(tiny_view, short=None, title="The quick brown fox jumps over a lazy dog and away", status=Status.PLANNED)
    labels = {row["label"][5:] for row in rows(view, "key_milestones")}
    assert labels == {"The quick brown fox jumps over…"}
    assert all(row["not_yet"] for row in rows(view, "key_milestones"))
    assert not any(row["not_yet"] for row in rows(key_milestones(tiny_view, status=Status.REPORTED), "key_milestones"))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("ITPP", "ITPP"),
        ("Invitation to an Intensified Dialogue", "Invitation to an Intensified…"),
        ("x" * (LONGEST_LABEL + 1), "x" * LONGEST_LABEL + "…"),
    ],
)
def test_long_titles_are_cut_at_a_word(title: str, shown: str) -> None:
    """A title that is too long for a label says that something is left out."""
    assert _shortened(title) == shown


def test_an_end_is_drawn_only_if_it_is_known(tiny_view: View) -> None:
    """An operation whose end no source gives is not drawn as if it went on; one that goes on ends on the dataset's day."""
    found = {row["name"]: row for row in rows(tiny_view, "operations")}
    assert found["WW"]["end_known"]
    assert (found["WW"]["start"], found["WW"]["end"]) == (2008.915, 2010.995)
    assert found["WW"]["label"] == "WW, led by CL"
    assert not found["Second Watch"]["end_known"]
    assert found["Second Watch"]["end"] == 2011.5
    assert found["Second Watch"]["label"] == "Second Watch, led by CL, end not in the sources"
    going_on = tuple(operation.model_copy(update={"ongoing": True}) for operation in tiny_view.operations if operation.id == "second-watch")
    (row,) = rows(replace(tiny_view, operations=going_on), "operations")
    assert row["end_known"]
    assert int(row["end"]) == tiny_view.about.as_of.order[1].year


@pytest.mark.parametrize("day", ["9999-12", "0001-01-01", "../2011", "9999-12-31/.."])
def test_the_calendar_may_end(day: str, tiny_view: View, templates: Path) -> None:
    """What begins on the last or the first days that can be written is drawn as far as the calendar goes; an open start has no place."""
    date = parse_date(day)
    operations = tuple(operation.model_copy(update={"start": date, "end": None}) for operation in tiny_view.operations)
    view = replace(key_milestones(tiny_view, date=date), operations=operations)
    assert {row["end"] for row in rows(view, "operations")} <= {10000.413, 10000.495, 1.5}
    assert len(rows(view, "key_milestones")) == (len(view.milestones) if date.start else 0)
    assert draw_svg(view, templates, "timeline").startswith(b"<svg")


YEARS = st.dates(parse_date("1992").order[0], parse_date("2026").order[1])
LABELS = st.text("M0123456789-ij", min_size=1, max_size=LONGEST_LABEL)


@given(st.lists(st.tuples(YEARS, LABELS), min_size=1, max_size=IN_A_FIGURE))
def test_labels_of_a_row_do_not_meet(tiny_view: View, labelled: list[tuple[Any, str]]) -> None:
    """Within a row no label reaches another label, another mark or the edge, wherever they are and however long."""
    milestone = tiny_view.milestones[0]
    dated = tuple(
        milestone.model_copy(update={"id": f"M2000-{number}", "date": parse_date(day.isoformat()), "short": label, "key": True})
        for number, (day, label) in enumerate(labelled)
    )
    view = replace(tiny_view, milestones=dated)
    first, last = (row["year"] for row in rows(view, "years"))
    spans: dict[int, list[tuple[float, float]]] = {}
    for row in rows(view, "key_milestones"):
        at, width = (row["start"] - first) * 620 / (last - first), 11 * text_width(row["label"]) + 7
        spans.setdefault(row["row"], []).append((at, at + width) if row["side"] == "right" else (at - width, at))
    assert sum(map(len, spans.values())) == len(labelled)
    for row_spans in spans.values():
        assert all(one[1] < other[0] or other[1] < one[0] for one, other in combinations(row_spans, 2))
        assert all(right <= 620 for _, right in row_spans)


@pytest.mark.parametrize("crowd", ["over the years", "in one year"])
def test_nothing_meets_in_the_drawing(crowd: str, tiny_view: View, templates: Path) -> None:
    """As many milestones as there may be, two topics, long labels: each text of the finished drawing has its own place on one page."""
    milestone = tiny_view.milestones[0]

    def made(number: int) -> Milestone:
        date = parse_date(f"{1992 + number * 34 // IN_A_FIGURE}-05" if crowd == "over the years" else f"2026-{number % 12 + 1:02}")
        changes = {"id": f"M2000-{number}", "date": date, "short": f"Long label of the event number {number}", "key": True}
        return milestone.model_copy(update=changes | {"topic": "trade" if number % 2 else None})

    view = replace(tiny_view, milestones=tuple(sorted(map(made, range(IN_A_FIGURE)), key=lambda one: one.date.order)))
    drawn = draw_svg(view, templates, "timeline")
    found = boxes(drawn)
    assert len(found) > IN_A_FIGURE
    assert [(one, other) for one, other in combinations(found, 2) if _meet(one, other)] == []
    root = ET.fromstring(drawn)
    assert all(box.left >= -1 and box.right <= float(root.get("width", "0")) + 1 for box in found)
    assert float(root.get("height", "0")) < 800
    assert len({element.get("aria-label") for element in root.iter() if element.get("aria-label")}) == IN_A_FIGURE


def _meet(one: Box, other: Box) -> bool:
    return abs(one.middle - other.middle) < 10 and one.left < other.right and other.left < one.right


@pytest.mark.parametrize(("day", "years"), [("2010-05", ["2010", "2011"]), ("1850", ["1850", "1851"]), ("2010/2011", ["2010", "2011"])])
def test_the_years_are_those_of_the_data(day: str, years: list[str], tiny_view: View, templates: Path) -> None:
    """The scale begins with the first year and ends after the last one, and names each whole year once at each end."""
    view = replace(key_milestones(tiny_view, date=parse_date(day)), operations=())
    texts = [box.text for box in boxes(draw_svg(view, templates, "timeline"))]
    assert [text for text in texts if text.isdecimal()] == years * 2
