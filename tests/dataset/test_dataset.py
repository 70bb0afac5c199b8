"""The dataset: finding records, and its canonical text."""

import json
from dataclasses import replace
from pathlib import Path

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import KINDS, Activity, Milestone, Source, StrictModel
from tests.conftest import TINY


def test_records_are_found_by_id(tiny: Dataset) -> None:
    """Every record is found by its id, an area's activities too."""
    assert isinstance(tiny.by_id["M2010-1"], Milestone)
    assert isinstance(tiny.by_id["dredging"], Activity)
    assert len({type(record) for record in tiny.by_id.values()}) == len(KINDS) + 1


def test_what_all_documents_ask_for_is_made_once(tiny: Dataset) -> None:
    """What was made of a declaration is there when the next document asks; another dataset makes its own."""
    first, second = replace(tiny), replace(tiny)
    declared = tiny.entries[0].declared
    made: list[StrictModel] = []

    def make(declared: StrictModel) -> int:
        made.append(declared)
        return len(made)

    assert [first.remember("count", declared, make) for _ in range(3)] == [1, 1, 1]
    assert (first.remember("other", declared, make), second.remember("count", declared, make)) == (2, 3)
    assert "gazette" in first.mentions(tiny.by_id["M2010-1"])


def test_records_keep_the_order_of_the_file(tiny: Dataset) -> None:
    """Sources come as they stand in their file: their numbers depend on it."""
    assert [source.id for source in tiny.all(Source)] == ["gazette", "league", "courier", "institute", "guild", "leaflet"]


def test_the_canonical_text_is_stable(tiny: Dataset) -> None:
    """The same facts make the same text, with sorted keys and readable letters, and texts, dates and numbers as they were written."""
    text = tiny.canonical_json
    assert text == load_dataset(TINY / "data").canonical_json
    assert "Ђурђевак" in text
    content = json.loads(text)
    assert text == json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert set(content) == {"about", *(model.__name__.lower() for model in KINDS)}
    roles = ["1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]
    assert [office["role"] for office in content["person"][1]["offices"]] == roles
    assert content["measure"][0]["points"][1]["value"] == "1234.5"
    assert (content["milestone"][3]["date"], content["area"][0]["activities"][0]["date"]) == ("2003-02/2003-05", "../2015")


def test_the_canonical_text_does_not_hang_on_the_layout(tiny: Dataset, tiny_data: Path) -> None:
    """Comments, quotes and the order of fields do not change it; a fact does."""
    path = tiny_data / "abbreviations.yaml"
    other = '{stands_for: "League of Neutral Harbours", abbreviation: LNH, id: lnh, evidence: [{locator: title, source: league}]}'
    path.write_text(f"# Another layout.\n- {other}\n", "utf-8")
    assert load_dataset(tiny_data).canonical_json == tiny.canonical_json
    path.write_text(path.read_text("utf-8").replace("Neutral", "Quiet"), "utf-8")
    assert load_dataset(tiny_data).canonical_json != tiny.canonical_json
