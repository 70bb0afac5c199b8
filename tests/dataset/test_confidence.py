"""Confidence: each line of the stated rule."""

import pytest

from reports.dataset.confidence import Confidence, Weight, confidence, disagreements, weigh
from reports.dataset.model import Activity, Evidence, Milestone, Source


def source(name: str, **fields: object) -> Source:
    """Return a source called *name* of the kind that its name begins with; *fields* say what else is known of it."""
    kind = name.partition("-")[0]
    own = {"id": name, "title": "t", "publisher": f"publisher of {name}", "language": "en", "kind": kind, "published": "2010"}
    return Source.model_validate({**own, **fields})


SOURCES = {
    each.id: each
    for each in (
        *map(source, ("official", "news", "news-2", "research", "party", "party-2")),
        *(source(f"{kind}-undated", published=None) for kind in ("official", "news", "research")),
        *(source(f"{kind}-sister", publisher=f"publisher of {kind}") for kind in ("news", "party")),
        source("official-copy", mirror="true"),
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
    ("weight", "names"),
    [
        (Weight.STRONG, "official official-undated"),
        (Weight.ORDINARY, "news research"),
        (Weight.WEAK, "official-copy official! news! news-undated research-undated party"),
    ],
)
def test_the_weight_of_one_evidence(weight: Weight, names: str) -> None:
    """An authority's own page is strong, dated reporting and research ordinary; stake, copy, no date and inference are weak."""
    for name in names.split():
        assert weigh(Evidence.model_validate(evidence(name)), SOURCES[name.rstrip("!")]) == weight, name


HIGH = ("official", "official party", "news research", "news news-2")
MEDIUM = ("news news-sister", "news news", "news", "news party", "party party-2", "party news-undated", "official! party")
LOW = ("party party-sister", "party", "official!", "official-copy")


@pytest.mark.parametrize(("expected", "facts"), [(Confidence.HIGH, HIGH), (Confidence.MEDIUM, MEDIUM), (Confidence.LOW, LOW)])
def test_the_confidence_of_a_fact(expected: Confidence, facts: tuple[str, ...]) -> None:
    """High: one strong, or two ordinary of different publishers; medium: one ordinary, or two weak of different ones; else low."""
    for names in map(str.split, facts):
        assert confidence(fact(*names), SOURCES) == expected, names
        assert confidence(fact(*reversed(names)), SOURCES) == expected, names


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
    given_by = {**evidence("news"), "gives": {"date": given}}
    raw = {"id": "M2006-1", "date": own, "title": "t", "text": "t", "kind": "reform", "evidence": [given_by]}
    found = disagreements(Milestone.model_validate(raw))
    assert [(disagreement.field, disagreement.value) for disagreement in found] == [("date", given)] * count


def test_every_difference_is_counted() -> None:
    """A source that differs in two fields disagrees twice, and is named."""
    found = disagreements(fact("news", title="another", text="more"))
    assert [(each.evidence.source, each.field, each.value) for each in found] == [("news", "title", "another"), ("news", "text", "more")]
