"""Nothing that was published disappears unsaid, and no number changes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.dataset.load import load_dataset
from reports.editions.checks import check_editions
from reports.editions.editions import load_editions
from reports.errors import ReportsError
from tests.conftest import Show, edit
from tests.editions.conftest import Freeze

Check = Callable[[], list[str]]
WITHDRAWAL = "- id: {}\n  edition: {}\n  reason: It was a mistake\n"


@pytest.fixture
def check(tiny_data: Path, freeze: Freeze, show: Show) -> Check:
    """A function that returns the problems of the tiny data, of which edition 1 is frozen."""
    freeze()
    return lambda: show(tuple(sorted(check_editions(load_dataset(tiny_data), load_editions(tiny_data)))))


def remove(path: Path, identifier: str) -> str:
    """Take the record with *identifier* out of the file at *path*, where it has no indentation but that of a list; return it."""
    text = path.read_text("utf-8")
    match = re.search(rf"^( *)- id: {identifier}\n(?:\1 .*\n)*", text, re.MULTILINE)
    assert match
    path.write_text(text.replace(match[0], ""), "utf-8")
    return match[0]


def withdraw(data: Path, *withdrawals: str) -> None:
    (data / "withdrawn.yaml").write_text("".join(withdrawals), "utf-8")


def test_what_lives_on_has_no_problem(check: Check, tiny_data: Path) -> None:
    """Records may change, and new ones come."""
    edit(tiny_data / "milestones" / "second.yaml", "date: 2018\n", "date: 2018-05\n")
    edit(tiny_data / "milestones" / "second.yaml", "id: M2021-1", "id: M2021-1\n    short: Joint")
    edit(tiny_data / "milestones" / "second.yaml", "    short: Exercise\n", "")
    assert check() == []


def test_an_id_that_was_published_outlives_its_year(tiny_data: Path, freeze: Freeze, show: Show) -> None:
    """A date may turn out to be of another year; only the id of a new milestone bears the year of its date."""
    freeze()
    edit(tiny_data / "milestones" / "second.yaml", "date: 2018\n", "date: 2019\n")
    published = frozenset(name.id for edition in load_editions(tiny_data) for name in edition.snapshot.records)
    assert "M2018-1" in load_dataset(tiny_data, published=published).by_id
    with pytest.raises(ReportsError) as raised:
        load_dataset(tiny_data)
    (problem,) = show(raised.value.problems)
    assert problem.endswith("the id 'M2018-1' bears another year than its date, '2019'")


def test_what_is_gone_has_to_be_withdrawn(check: Check, tiny_data: Path) -> None:
    """Of every kind, at the file in which it stood; then that it is withdrawn says all."""
    remove(tiny_data / "milestones" / "second.yaml", "M2018-1")
    remove(tiny_data / "areas.yaml", "charts")
    remove(tiny_data / "statements.yaml", "guild-on-pilots")
    words = "of edition 1 is gone: keep it, or say in withdrawn.yaml why it is withdrawn"
    assert check() == [
        f"data/areas.yaml: the activity 'charts' {words}",
        f"data/milestones: the milestone 'M2018-1' {words}",
        f"data/statements.yaml: the statement 'guild-on-pilots' {words}",
    ]
    withdraw(tiny_data, *(WITHDRAWAL.format(name, 2) for name in ("charts", "M2018-1", "guild-on-pilots")))
    assert check() == []


def test_a_withdrawal_is_of_a_record_that_was_published(check: Check, tiny_data: Path) -> None:
    """One that lives is not withdrawn, nor one that no edition has; each is withdrawn once, since the edition that first lacks it."""
    remove(tiny_data / "milestones" / "second.yaml", "M2018-1")
    withdrawals = (("M2019-1", 2), ("M2018-2", 2), ("M2018-1", 1), ("M2018-1", 2))
    withdraw(tiny_data, *(WITHDRAWAL.format(*withdrawal) for withdrawal in withdrawals))
    assert check() == [
        "data/withdrawn.yaml:1:7: 'M2019-1' is withdrawn, and there is a record with this id: none is used again",
        "data/withdrawn.yaml:4:7: no edition has published 'M2018-2': just leave it out (did you mean 'M2018-1'?)",
        "data/withdrawn.yaml:8:12: edition 1 was the last with 'M2018-1', so it is withdrawn since 2, and not 1",
        "data/withdrawn.yaml:10:7: 'M2018-1' is withdrawn twice",
    ]


def test_an_id_is_not_used_again_for_another_kind(check: Check, tiny_data: Path) -> None:
    """A body can't become an abbreviation."""
    removed = remove(tiny_data / "statements.yaml", "guild-on-pilots")
    assert removed
    path = tiny_data / "abbreviations.yaml"
    path.write_text(path.read_text("utf-8").replace("- id: ", "- id: guild-on-pilots\n  x: ", 1), "utf-8")
    path.write_text(re.sub(r"  x: .*\n", "", path.read_text("utf-8")), "utf-8")
    assert [problem for problem in check() if "guild" in problem] == [
        "data/abbreviations.yaml:1:7: 'guild-on-pilots' is the id of the statement in edition 1: none is used again for another kind"
    ]


def test_sources_keep_their_numbers(check: Check, tiny_data: Path) -> None:
    """A new one comes last; one that was moved is put back; the number of a withdrawn one stays with it."""
    path = tiny_data / "sources.yaml"
    leaflet = remove(path, "leaflet")
    text = path.read_text("utf-8")
    path.write_text(leaflet + text, "utf-8")
    assert check() == ["data/sources.yaml:1:7: the source 'leaflet' is [6] in the editions, and [1] here: put it back in its place"]
    new = leaflet.replace("id: leaflet", "id: poster")
    edit(tiny_data / "abbreviations.yaml", "source: league", "source: poster")
    path.write_text(text.replace("- id: guild", f"{new}- id: guild") + leaflet, "utf-8")
    problem = "the source 'poster' is new: put it behind those of the editions, which keep their numbers"
    assert check() == [f"data/sources.yaml:{text[: text.index('- id: guild')].count(chr(10)) + 1}:7: {problem}"]
    path.write_text(text + leaflet + new, "utf-8")
    assert check() == []


def test_a_withdrawn_source_keeps_its_number(check: Check, tiny_data: Path) -> None:
    """It has to be said, and said right, and nothing else has a number."""
    remove(tiny_data / "statements.yaml", "guild-on-pilots")
    for path in (tiny_data / "people.yaml", *tiny_data.glob("milestones/*"), *tiny_data.glob("*.yaml")):
        path.write_text(
            re.sub(r"\bguild\b(?! \w)", "leaflet", path.read_text("utf-8")) if "sources" not in path.name else path.read_text("utf-8"),
            "utf-8",
        )
    remove(tiny_data / "sources.yaml", "guild")
    withdraw(tiny_data, WITHDRAWAL.format("guild", 2), WITHDRAWAL.format("guild-on-pilots", 2), "  number: 5\n")
    assert [problem for problem in check() if "withdrawn.yaml" in problem] == [
        "data/withdrawn.yaml:1:3: 'guild' was source [5]: say 'number: 5', so that no other source gets it",
        "data/withdrawn.yaml:7:11: 'guild-on-pilots' was no source: only a source has a number",
    ]
    withdraw(tiny_data, WITHDRAWAL.format("guild", 2), "  number: 5\n", WITHDRAWAL.format("guild-on-pilots", 2))
    assert check() == []
    assert load_dataset(tiny_data).source_numbers["leaflet"] == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_edition_that_is_written_follows_the_last(number: int, check: Check, tiny_data: Path) -> None:
    """Its number is the next one, neither one that is frozen nor one further on."""
    edit(tiny_data / "dataset.yaml", "edition: 2", f"edition: {number}")
    line = (tiny_data / "dataset.yaml").read_text("utf-8").split("edition:")[0].count("\n") + 1
    assert check() == [f"data/dataset.yaml:{line}:10: the last edition that was frozen is 1, so this is 2, and not {number}"]


def test_an_edition_is_published_after_the_one_before(check: Check, tiny_data: Path) -> None:
    """Or on the same day."""
    edit(tiny_data / "dataset.yaml", "published: 2020-07-01", "published: 2019-07-01")
    assert check() == ["data/dataset.yaml:11:12: '2019-07-01' is before edition 1 was published, '2020-07-01'"]
