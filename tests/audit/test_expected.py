"""What a document has to say, worked out from the data."""

import re
from dataclasses import replace

import pytest

from reports.audit.expected import Expectation
from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.translations.locale import Locale
from tests.conftest import PROJECT, TINY


@pytest.fixture(scope="module")
def expected(tiny: Dataset, tiny_view: View) -> Expectation:
    """What the document `note` has to say."""
    return Expectation(tiny, tiny_view, Locale(TINY / "templates", "en"))


@pytest.mark.parametrize(
    ("record", "name", "words", "line"),
    [
        ("M2010-1", "date", "22 April 2010", "milestones/first.yaml:87:11"),
        ("M2021-1", "text", "The exercise is to be held, after the first contact(M2001-1).", "milestones/second.yaml:44:11"),
        ("M2010-1", "the sources", "1, 3, 6", "milestones/first.yaml:98:7"),
        ("M2010-1", "frameworks", "Harbour Charter", "milestones/first.yaml:91:17"),
        ("M2010-1", "kind", "agreement", "milestones/first.yaml:90:11"),
        ("M2010-1", "the confidence", "high", "milestones/first.yaml:98:7"),
        ("dredging", "status", "done", "areas.yaml:12:15"),
        ("league", "kind", "official", "sources.yaml:15:9"),
        ("rudolf-on-harbours", "finding", "One harbour was closed[4].", "statements.yaml:8:12"),
        ("rudolf", "offices.0.seen.1", "22 April 2010", "people.yaml:8:23"),
        ("open-harbours", "points.1.value", "1234.5", "measures.yaml:14:14"),
    ],
)
def test_a_field_has_its_words_and_its_line(record: str, name: str, words: str, line: str, expected: Expectation) -> None:
    """Each field of a record is known by the words in which documents say it, and by where it stands, nested ones too."""
    (field,) = [field for field in expected.fields[record] if str(field) == name]
    assert field.words == words
    assert expected.where(field.declared, *field.keys) == str(TINY / "data" / line)


def test_records_are_counted(expected: Expectation) -> None:
    """What documents count is counted from the data."""
    counts = {"milestones": 14, "sources": 6, "key_milestones": 2, "key_statements": 0, "unassessed_statements": 1, "other_statements": 1}
    assert expected.counts.items() >= {**counts, "disagreements": 1, "key_disputed": 1, "other_disputed": 0, "figures": 2}.items()


def test_no_two_records_share_a_handle(expected: Expectation) -> None:
    """A text by which a row is told to be about a record is that of one record alone."""
    assert expected.handles["Dredging"] == (2, "dredging")
    assert "Harbour Charter" not in expected.handles
    assert expected.handles["HarbourCharter"][1] == "charter"


def test_a_link_leads_where_markdown_leads(tiny: Dataset, tiny_view: View) -> None:
    """A target may have brackets and quotes in it, and its text emphasis: what documents make of it is expected."""
    markdown = 'See [the *old* harbour](https://a.example/Harbour_(old)?at="x"), and [@M2010-1].'
    view = replace(tiny_view, about=tiny_view.about.model_copy(update={"outlook": markdown}))
    found = Expectation(tiny, view, Locale(TINY / "templates", "en")).links["theoldharbour"]
    assert found.words == "https://a.example/Harbour_(old)?at=%22x%22"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1 numerisani izvor", "sources"),
        ("Izvori: 3 numerisana izvora", "sources"),
        ("svih 12 numerisanih\u00a0izvora", "sources"),
        ("21 oblik saradnje", "frameworks"),
        ("Registar: sve 174 prekretnice", "milestones"),
        ("11 ključnih prekretnica", "key_milestones"),
    ],
)
def test_a_count_is_found_in_each_form_of_its_term(text: str, name: str, tiny: Dataset, tiny_view: View) -> None:
    """A language has a form for each kind of numbers, and the longest wording tells what is counted."""
    wordings = Expectation(tiny, tiny_view, Locale(PROJECT / "templates", "bs")).wordings
    found = [(len(match[0]), named, match[1]) for named, pattern in wordings if (match := pattern.search(text))]
    assert max(found)[1:] == (name, *re.findall(r"\d+", text))


@pytest.mark.parametrize("text", ["Figure 1. Key milestones by year", "M2018-1 Milestones of the talks"])
def test_the_number_of_something_else_is_no_count(text: str, tiny: Dataset, tiny_view: View) -> None:
    """That of a figure ends in a full stop, and that of a milestone follows its year."""
    wordings = Expectation(tiny, tiny_view, Locale(PROJECT / "templates", "en")).wordings
    assert [name for name, pattern in wordings if pattern.search(text)] == []
    assert [name for name, pattern in wordings if pattern.search("1,234 key milestones")] != []
