"""Confidence: each line of the stated rule."""

import pytest

from reports.dataset.confidence import Confidence, Weight, confidence, disagreements, weigh
from reports.dataset.model import Activity, Evidence, Milestone, Source


def source(name: str, kind: str, publisher: str = "", **fields: object) -> Source:
    return Source.model_validate(
        {
            "id": name,
            "title": "t",
            "publisher": publisher or f"publisher of {name}",
            "language": "en",
            "kind": kind,
            "published": "2010",
            **fields,
        }
    )


SOURCES = {
    one.id: one
    for one in (
        source("official", "official"),
        source("official-undated", "official", published=None),
        source("official-copy", "official", mirror="true"),
        source("news", "news"),
        source("news-2", "news"),
        source("news-sister", "news", "publisher of news"),
        source("news-undated", "news", published=None),
        source("research", "research"),
        source("research-undated", "research", published=None),
        source("party", "party"),
        source("party-2", "party"),
        source("party-sister", "party", "publisher of party"),
    )
}


def evidence(name: str) -> dict[str, object]:
    """Return an evidence from the source *name*; a "!" after it says that it is only implied."""
    return {"source": name.rstrip("!"), "locator": "p. 1", "inferred": str(name.endswith("!"))}


def fact(*names: str, **gives: str) -> Activity:
    raw = {"id": "a", "title": "t", "text": "t", "evidence": [evidence(name) for name in names]}
    if gives:
        raw["evidence"][0]["gives"] = gives
    return Activity.model_validate(raw)


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("official", Weight.STRONG),
        ("official-undated", Weight.STRONG),
        ("official-copy", Weight.WEAK),
        ("official!", Weight.WEAK),
        ("news", Weight.ORDINARY),
        ("news!", Weight.WEAK),
        ("news-undated", Weight.WEAK),
        ("research", Weight.ORDINARY),
        ("research-undated", Weight.WEAK),
        ("party", Weight.WEAK),
    ],
)
def test_the_weight_of_one_evidence(name: str, weight: Weight) -> None:
    """An authority's own page is strong, dated reporting and research ordinary; stake, copy, no date and inference are weak."""
    one = Evidence.model_validate(evidence(name))
    assert weigh(one, SOURCES[one.source]) == weight


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["official"], Confidence.HIGH),
        (["official", "party"], Confidence.HIGH),
        (["news", "research"], Confidence.HIGH),
        (["news", "news-2"], Confidence.HIGH),
        (["news", "news-sister"], Confidence.MEDIUM),
        (["news", "news"], Confidence.MEDIUM),
        (["news"], Confidence.MEDIUM),
        (["news", "party"], Confidence.MEDIUM),
        (["party", "party-2"], Confidence.MEDIUM),
        (["party", "news-undated"], Confidence.MEDIUM),
        (["official!", "party"], Confidence.MEDIUM),
        (["party", "party-sister"], Confidence.LOW),
        (["party"], Confidence.LOW),
        (["official!"], Confidence.LOW),
        (["official-copy"], Confidence.LOW),
    ],
)
def test_the_confidence_of_a_fact(names: list[str], expected: Confidence) -> None:
    """High: one strong, or two ordinary of different publishers; medium: one ordinary, or two weak of different ones; else low."""
    assert confidence(fact(*names), SOURCES) == expected
    assert confidence(fact(*reversed(names)), SOURCES) == expected


def test_what_a_source_gives_otherwise_does_not_bear_the_record() -> None:
    """A source that disagrees with the record is no evidence for it."""
    assert confidence(fact("official", title="another"), SOURCES) == Confidence.LOW
    assert confidence(fact("official", "news", title="another"), SOURCES) == Confidence.MEDIUM
    assert confidence(fact("news", "news-2", title="another"), SOURCES) == Confidence.MEDIUM


@pytest.mark.parametrize(
    ("own", "given", "count"), [("2006-12-14", "2006", 0), ("2006-12-14", "2006-12-15", 1), ("2006", "2006-12-14", 0), ("2006", "2007", 1)]
)
def test_a_coarser_date_does_not_disagree(own: str, given: str, count: int) -> None:
    """A date that may be the same day does not disagree; another one does."""
    raw = {
        "id": "M2006-1",
        "date": own,
        "title": "t",
        "text": "t",
        "kind": "reform",
        "evidence": [{**evidence("news"), "gives": {"date": given}}],
    }
    found = disagreements(Milestone.model_validate(raw))
    assert [(one.field, one.value) for one in found] == [("date", given)] * count


def test_every_difference_is_counted() -> None:
    """A source that differs in two fields disagrees twice, and is named."""
    found = disagreements(fact("news", title="another", text="more"))
    assert [(one.evidence.source, one.field, one.value) for one in found] == [("news", "title", "another"), ("news", "text", "more")]
