"""What the shipped templates say of a small dataset: of days, of what is over, and of claims of one speaker."""

from pathlib import Path

import pytest

from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import View, make_view
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from tests.conftest import PROJECT, edit

TEMPLATES = PROJECT / "templates"


def view_of(data: Path, document: str) -> View:
    return make_view(load_dataset(data), load_documents(TEMPLATES, [document])[0], "en")


def printed(data: Path, document: str, medium: str = "pdf") -> str:
    return Templates(TEMPLATES, view_of(data, document), medium).render(f"{document}/{document}.html.j2")


def texts(data: Path, document: str, tag: str) -> list[str]:
    return [text_of(element) for element in parse_html(printed(data, document)).iter(tag)]


def test_a_stage_and_when_a_framework_was_joined_stand_apart(tiny_data: Path) -> None:
    """The day is not that of the stage: what was replaced was joined before."""
    edit(tiny_data / "frameworks.yaml", "  joined: 2003\n", "  joined: 2003\n  stage: Replaced\n")
    rows = [[text_of(cell) for cell in row] for row in parse_html(printed(tiny_data, "briefing")).iter("tr")]
    assert ["Observer status (OS)", "Replaced", "2003"] in [row[:3] for row in rows]
    assert ["Exchange of Pilots", "in use", "–"] in [row[:3] for row in rows]


@pytest.mark.parametrize(("when", "said"), [("2021", "The vote on the charter, 2021."), ("2019", "The vote on the charter.")])
def test_a_day_that_has_passed_is_none_to_wait_for(when: str, said: str, tiny_data: Path) -> None:
    """The summary says of an issue that was due that nothing confirms it, as the papers do."""
    edit(tiny_data / "dataset.yaml", "when: 2021", f"when: {when}")
    (issue,) = (text for text in texts(tiny_data, "summary", "li") if text.startswith("The vote on the charter"))
    assert issue.startswith(said)
    assert ("Was due 2019; not confirmed." in issue) == (when == "2019")


def test_a_milestone_that_is_not_done_says_so(tiny_data: Path) -> None:
    """Also where the summary names it among what it cites."""
    edit(tiny_data / "dataset.yaml", "It would open all harbours [@league, paragraph 8].", "It would open all harbours [see @M2019-1].")
    (cited,) = (text for text in texts(tiny_data, "summary", "li") if text.startswith("M2019-1,"))
    assert "Overdue." in cited


@pytest.mark.parametrize("document", ["briefing", "record"])
def test_an_operation_whose_end_nobody_gives_does_not_go_on(document: str, tiny_data: Path) -> None:
    """It is told from one that does."""
    assert "from 2011, its end not in the sources" in " ".join(texts(tiny_data, document, "body"))
    edit(tiny_data / "operations.yaml", "  start: 2011\n", "  start: 2011\n  ongoing: true\n")
    assert "its end not in the sources" not in " ".join(texts(tiny_data, document, "body"))


def test_claims_of_one_speaker_on_one_day_are_told_apart(tiny_data: Path) -> None:
    """Below the source that has several of them, each stands with its first words."""
    first = next(text for text in (tiny_data / "statements.yaml").read_text("utf-8").split("- id: ") if text.startswith("rudolf"))
    other = first.replace("rudolf-on-harbours", "rudolf-on-ships").replace("Every harbour is open.", "Every ship is fast.")
    with (tiny_data / "statements.yaml").open("a", encoding="utf-8") as file:
        file.write(f"- id: {other}")
    cited = [text.partition("Cited in:")[2] for text in texts(tiny_data, "record", "li")]
    assert any("(Every harbour is open.), Rudolf Rassendyll, 22 April 2010 (Every ship is fast.)" in text for text in cited)
