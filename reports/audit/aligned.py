"""Two sequences, what a file says and what it should say -> what belongs together, what is missing, what is too much."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Aligned:
    """Indices into what was found, then into what was wanted: *pairs* that belong together, and those that only *moved*.

    *more* are the found ones that nothing wanted, *missing* the wanted ones, each with the found one before which it would stand.
    """

    pairs: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]
    more: tuple[int, ...]
    missing: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sequences:
    """What was *found* and what was *wanted*: a key for each, equal if they agree, and a name, by which they belong together if not."""

    found: Sequence[Hashable]
    wanted: Sequence[Hashable]
    found_names: Sequence[str]
    wanted_names: Sequence[str]

    def align(self) -> Aligned:
        """Return what belongs together: equal keys in the same order, between these equal names, and as many others as there should be."""
        pairs: list[tuple[int, int]] = []
        more: list[int] = []
        missing: list[tuple[int, int]] = []
        for start, end, first, last in self._stretches():
            if end - start == last - first:
                pairs += zip(range(start, end), range(first, last), strict=True)
            else:
                more += range(start, end)
                missing += [(index, end) for index in range(first, last)]
        return self._aligned(pairs, more, missing)

    def _stretches(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the bounds of each stretch of what was found, and of what stands for it in what was wanted."""
        for equal, start, end, first, last in _stretches(self.found, self.wanted):
            if equal:
                yield start, end, first, last
                continue
            for _, one, two, three, four in _stretches(self.found_names[start:end], self.wanted_names[first:last]):
                yield start + one, start + two, first + three, first + four

    def _aligned(self, pairs: list[tuple[int, int]], more: list[int], missing: list[tuple[int, int]]) -> Aligned:
        """Return these, but what is both *missing* and *more* as moved."""
        places = defaultdict(list)
        for index, _ in missing:
            places[self.wanted[index]].append(index)
        moved = {index: places[self.found[index]].pop(0) for index in more if places[self.found[index]]}
        there = set(moved.values())
        still = tuple((index, before) for index, before in missing if index not in there)
        return Aligned(tuple(pairs), tuple(moved.items()), tuple(index for index in more if index not in moved), still)


def _stretches(found: Sequence[Hashable], wanted: Sequence[Hashable]) -> list[tuple[bool, int, int, int, int]]:
    """Return the stretches that *found* and *wanted* have in common, and those between them."""
    matcher = SequenceMatcher(None, found, wanted, autojunk=False)
    return [(tag == "equal", start, end, first, last) for tag, start, end, first, last in matcher.get_opcodes()]
