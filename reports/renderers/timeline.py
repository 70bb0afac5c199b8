"""View -> places on a timeline: a lane for operations and for each topic, and in it rows where neither bars nor labels meet.

Vega-Lite knows neither how wide a text is nor which others it meets; a specification draws what stands here at the places that it has.
"""

from collections.abc import Iterable
from datetime import date
from math import floor
from typing import Any, NamedTuple

from reports.dataset.model import Milestone, Status
from reports.documents.view import View
from reports.renderers.vega import text_width
from reports.translations.locale import Locale

WIDTH = 620  # of the timeline, in units: its specification says so too
SIZE = 11  # of its labels
GAP = 7  # between a label and its mark, and between a label and the next mark in its row
LONGEST_LABEL = 36  # letters of a milestone's title that stand for its short label
NOT_YET = (Status.PLANNED, Status.OVERDUE, Status.MISSED)

Row = dict[str, Any]


class Item(NamedTuple):
    """A mark over the years from *start* to *end*, which are the same for a point, with its *label* and further *fields*."""

    start: float
    end: float
    label: str
    fields: Row


def lay_out(view: View, locale: Locale) -> dict[str, list[Row]]:
    """Return a timeline's data by name: its `lanes`, the `operations` and `key_milestones` in them, and `years`, its first and its last."""
    lanes = _lanes(view, locale)
    ends = [year for _, _, items in lanes for item in items for year in (item.start, item.end)]
    first, last = (floor(min(ends)), floor(max(ends)) + 1) if ends else (0, 0)
    found: dict[str, list[Row]] = {"lanes": [], "operations": [], "key_milestones": []}
    top = 0
    for name, kind, items in lanes:
        taken = [[(0.0, _width(name, 600) + GAP)]] if name else []
        found["lanes"].append({"name": name, "row": top})
        for item in items:
            side, row = _place(item, taken, first, WIDTH / (last - first))
            found[kind].append({**item.fields, "start": item.start, "end": item.end, "label": item.label, "row": top + row, "side": side})
        top += len(taken)
    return found | {"years": [{"year": year} for year in (first, last) if ends]}


def _lanes(view: View, locale: Locale) -> list[tuple[str, str, list[Item]]]:
    """Return the lanes that have something in them: the name of each, the data that it belongs to, and its items in order of date."""
    milestones = view.latest_key_milestones
    lanes = [(locale.term("figure.operations"), "operations", _operations(view, locale))]
    for name, topic in [*((topic.name, topic.id) for topic in view.topics), (locale.term("figure.other"), None)]:
        found = [milestone for milestone in milestones if milestone.topic == topic]
        # What has no topic needs no name where nothing has one.
        lanes.append((name if topic or len(found) < len(milestones) else "", "key_milestones", _milestones(found)))
    return [lane for lane in lanes if lane[2]]


def _place(item: Item, taken: list[list[tuple[float, float]]], first: int, scale: float) -> tuple[str, int]:
    """Return on which side of its mark the label of *item* stands, and the first of the rows *taken* that has room, which takes it up.

    The label stands in a bar that has room for it, else on the right, or on the left if the timeline would end before it does.
    """
    start, end, width = (item.start - first) * scale, (item.end - first) * scale, _width(item.label) + GAP
    side = "in" if end - start > width + GAP else "right" if end + width <= WIDTH else "left"
    begins, ends = start - (width if side == "left" else GAP), end + (width if side == "right" else GAP)
    row = next((row for row, spans in enumerate(taken) if all(ends < left or right < begins for left, right in spans)), len(taken))
    if row == len(taken):
        taken.append([])
    taken[row].append((begins, ends))
    return side, row


def _operations(view: View, locale: Locale) -> list[Item]:
    """Return the operations whose start is known, with who led them; half a year of one if nobody knows its end."""
    today = view.about.as_of.latest or date.max
    found = []
    for operation in view.operations:
        if operation.start and operation.start.earliest:
            known, start = bool(operation.end or operation.ongoing), _years(operation.start.earliest)
            end = _years((operation.end and operation.end.latest) or today) if known else start + 0.5
            name, leader = operation.abbreviation or operation.name, view.labels[operation.led_by]
            label = locale.term("figure.led" if known else "figure.led_unknown", name=name, leader=leader)
            found.append(Item(start, max(start, end), label, {"name": name, "led_by": leader, "end_known": known}))
    return sorted(found, key=lambda item: item.start)


def _milestones(milestones: Iterable[Milestone]) -> list[Item]:
    """Return *milestones* with the year before the words of each, and whether it is still to come or was never seen."""
    return [
        Item(
            _years(milestone.date.order[0]),
            _years(milestone.date.order[0]),
            f"{milestone.date.order[0].year} {milestone.short or _shortened(milestone.title)}",
            {"id": milestone.id, "not_yet": milestone.status in NOT_YET},
        )
        for milestone in milestones
    ]


def _shortened(title: str) -> str:
    """Return *title*, or as many of its words as fit, without small ones at their end."""
    if len(title) <= LONGEST_LABEL:
        return title
    words = title[: LONGEST_LABEL + 1].split(" ")[:-1]
    while len(words) > 1 and len(words[-1]) < 4:
        words.pop()
    return f"{' '.join(words) or title[:LONGEST_LABEL]}…"


def _years(day: date) -> float:
    """Return *day* as a number of years: the middle of 2010 is 2010.5."""
    return round(day.year + (day.timetuple().tm_yday - 1) / 366, 3)


def _width(label: str, weight: int = 400) -> float:
    return SIZE * text_width(label, weight)
