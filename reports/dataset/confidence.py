"""Confidence in a record, from the weight of its evidence, by one stated rule.

An evidence is *strong* when it is a public authority's own page that states the matter, and *ordinary* when it is dated
reporting or research that does. It is *weak* when the source has a stake, is a mirror, is undated (but for an authority's) or
only implies the matter. What a source gives otherwise than the record does not bear it.

    high     one strong evidence, or two ordinary ones of different publishers
    medium   one ordinary evidence, or two weak ones of different publishers
    low      anything less
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from reports.dataset.dates import Date, parse_date
from reports.dataset.model import Evidence, Fact, Source, SourceKind


class Confidence(StrEnum):
    """The confidence in a record."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Weight(StrEnum):
    """The weight of one evidence; the best first."""

    STRONG = "strong"
    ORDINARY = "ordinary"
    WEAK = "weak"


def weigh(evidence: Evidence, source: Source) -> Weight:
    """Return the weight of *evidence*, which is taken from *source*."""
    if evidence.inferred or source.mirror or source.kind == SourceKind.PARTY:
        return Weight.WEAK
    if source.kind == SourceKind.OFFICIAL:
        return Weight.STRONG
    return Weight.ORDINARY if source.published else Weight.WEAK


def confidence(fact: Fact, sources: Mapping[str, Source]) -> Confidence:
    """Return the confidence in *fact*; *sources* are all sources by id."""
    against = {id(disagreement.evidence) for disagreement in disagreements(fact)}
    publishers: dict[Weight, set[str]] = {weight: set() for weight in Weight}
    for evidence in fact.evidence:
        if id(evidence) not in against:
            source = sources[evidence.source]
            publishers[weigh(evidence, source)].add(source.publisher)
    strong, ordinary, weak = (publishers[weight] for weight in Weight)
    if strong or len(ordinary) > 1:
        return Confidence.HIGH
    if ordinary or len(weak) > 1:
        return Confidence.MEDIUM
    return Confidence.LOW


class Disagreement(NamedTuple):
    """A field of a record for which a source gives another *value* than the record."""

    evidence: Evidence
    field: str
    value: str


def disagreements(fact: Fact) -> tuple[Disagreement, ...]:
    """Return every disagreement of a source with *fact*; a date that is only less precise ("2006" for 14 December 2006) is none."""
    given = (Disagreement(evidence, *field_and_value) for evidence in fact.evidence for field_and_value in evidence.gives.items())
    return tuple(disagreement for disagreement in given if not _overlaps(getattr(fact, disagreement.field, None), disagreement.value))


def _overlaps(own: object, given: str) -> bool:
    return isinstance(own, Date) and parse_date(given).overlaps(own)
