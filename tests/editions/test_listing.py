"""Changes for machines, for spreadsheets and for people."""

import json
from pathlib import Path

from reports.dataset.load import load_dataset
from reports.editions.editions import Comparison, compare, load_editions
from reports.editions.listing import COLUMNS, to_lines, to_plain, to_rows
from reports.editions.snapshot import snapshot_of
from tests.conftest import edit
from tests.editions.conftest import Freeze


def comparison(data: Path, freeze: Freeze) -> Comparison:
    freeze()
    second = data / "milestones" / "second.yaml"
    edit(second, "date: 2018\n", "date: 2018-05\n")
    edit(second, "The lighthouse was to be lit.", "The lighthouse in the north was lit.")
    edit(second, "locator: paragraph 5", "locator: paragraph 55")
    edit(data / "measures.yaml", "value: 3\n", "value: 4\n")
    edit(second, "The conference was not held.", "The *conference* was not held")
    found = compare(snapshot_of(load_dataset(data)), load_editions(data), data)
    assert found
    return found


def test_changes_for_people(tiny_data: Path, freeze: Freeze) -> None:
    """A line for each, without editorial ones: the words that came and went, what a value was, the places of evidence."""
    assert sorted(to_lines(comparison(tiny_data, freeze).changes)) == [
        "M2016-1 (Mandate renewed): evidence: league, paragraph 55 for league, paragraph 5",
        "M2018-1 (Conference): date: 2018 → 2018-05",
        "M2019-1 (Lighthouse): text: The lighthouse [-was to be-] {+in the north was+} lit.",
        "open-harbours (Harbours that are open): points.value of 2011, admiralty: 3 → 4",
    ]


def test_changes_for_machines(tiny_data: Path, freeze: Freeze) -> None:
    """All of them, each with what it has, and the words of a text."""
    found = json.loads(json.dumps(to_plain(comparison(tiny_data, freeze))))
    assert (found["since"], found["until"]) == (1, 2)
    changes = {(change["record"], change["field"]): change for change in found["changes"]}
    assert changes["M2018-1", "date"] == {
        **dict(zip(("kind", "record_kind", "record", "label"), ("changed", "milestone", "M2018-1", "Conference"), strict=True)),
        **dict(zip(("field", "form", "before", "after"), ("date", "date", "2018", "2018-05"), strict=True)),
    }
    assert changes["M2018-1", "text"]["editorial"] is True
    assert changes["M2019-1", "text"]["words"] == [
        *(["kept", "The lighthouse"], ["deleted", "was to be"], ["inserted", "in the north was"], ["kept", "lit."])
    ]
    assert to_plain(None) == {"since": None, "changes": []}


def test_changes_for_a_spreadsheet(tiny_data: Path, freeze: Freeze) -> None:
    """A row for each, every cell a text."""
    headings, *rows = to_rows(comparison(tiny_data, freeze))
    assert headings == COLUMNS
    (row,) = (row for row in rows if "open-harbours" in row)
    assert row[:5] == ("changed", "measure", "open-harbours", "Harbours that are open", "points.value")
    assert row[5:] == ("2011; admiralty; ", "text", "3", "4", "no", "", "", "", "", "")
    assert list(to_rows(None)) == [COLUMNS]
