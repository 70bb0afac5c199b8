"""What belongs together in two sequences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.audit.aligned import Aligned, Sequences


def align(found: str, wanted: str) -> Aligned:
    """Return how two texts are aligned, letter by letter: those that differ in their case only have the same name."""
    return Sequences(found, wanted, found.lower(), wanted.lower()).align()


@pytest.mark.parametrize(
    ("found", "wanted", "pairs", "moved", "more", "missing"),
    [
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)], [], [], []),
        ("aBc", "abc", [(0, 0), (1, 1), (2, 2)], [], [], []),
        ("axc", "abc", [(0, 0), (1, 1), (2, 2)], [], [], []),
        ("ac", "abc", [(0, 0), (1, 2)], [], [], [(1, 1)]),
        ("abc", "ac", [(0, 0), (2, 1)], [], [1], []),
        ("abcd", "dabc", [(0, 1), (1, 2), (2, 3)], [(3, 0)], [], []),
        ("aa", "a", [(0, 0)], [], [1], []),
    ],
    ids=["same", "changed", "replaced", "missing", "more", "moved", "twice"],
)
def test_what_belongs_together(
    found: str,
    wanted: str,
    pairs: list[tuple[int, int]],
    moved: list[tuple[int, int]],
    more: list[int],
    missing: list[tuple[int, int]],
) -> None:
    """What is equal and in order belongs together, and what stands between it if there is as much; the rest is moved, more or missing."""
    assert align(found, wanted) == Aligned(tuple(pairs), tuple(moved), tuple(more), tuple(missing))


@given(st.text("abAB", max_size=12), st.text("abAB", max_size=12))
def test_everything_is_accounted_for(found: str, wanted: str) -> None:
    """Each of what was found is a pair's, moved or more; each of what was wanted a pair's, moved or missing: once."""
    aligned = align(found, wanted)
    together = (*aligned.pairs, *aligned.moved)
    assert sorted([one for one, _ in together] + list(aligned.more)) == list(range(len(found)))
    assert sorted([other for _, other in together] + [index for index, _ in aligned.missing]) == list(range(len(wanted)))
    assert all(found[one] == wanted[other] for one, other in aligned.moved)
