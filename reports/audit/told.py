"""What other comparisons have found already, and where a passage of a template comes from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.audit.expected import Expected
from reports.audit.findings import Difference
from reports.audit.shown import ANCHOR, collapse, squeeze


@dataclass(frozen=True)
class Template:
    """The template *name* in the *folder* of templates."""

    folder: Path
    name: str

    def __str__(self) -> str:
        return str(self.folder / self.name)


@dataclass(frozen=True)
class Told:
    """The *differences* that the other comparisons have told, and where what a passage says comes from: its *template*, or the data.

    What they have told need not be told twice; but whatever else is wrong in the same place has to be told.
    """

    differences: tuple[Difference, ...]
    template: Template
    expected: Expected

    def is_missing(self, name: str) -> bool:
        """Tell whether what has this *name* is told to be missing in the file."""
        return any(not one.place and name in one.words for one in self.differences)

    def is_all(self, place: str, column: str, cell: str, written: str) -> bool:
        """Tell whether all is told in which the *cell* at *place*, in that *column*, is not what is *written* now.

        It is if a difference is about this very cell, or if the two differ in nothing but the words of the data that are told.
        """
        found = list(self._at(place))
        words = [word for one in found for word in one.words]
        return any(column and one.column == column for one in found) or _differ_only_in(words, cell, written)

    def leads(self, place: str, link: str) -> bool:
        """Tell whether it is told where the *link* with that text, at *place*, leads to."""
        return any(squeeze(link) in map(squeeze, one.links) for one in self._at(place))

    def _at(self, place: str) -> Iterator[Difference]:
        """Yield the differences at *place*; the row of a sheet may have its first cell behind it."""
        return (one for one in self.differences if one.place == place or one.place.startswith(f"{place}, '"))

    def where(self, anchors: Iterable[str]) -> str:
        """Return the line of the data with the record that has one of the *anchors*; else the template."""
        records = self.expected.by_id
        ids = (one.removeprefix(ANCHOR) for one in sorted(anchors))
        record = next((records[one] for one in ids if one in records), None)
        return self.expected.where(record) if record else str(self.template)


def _differ_only_in(words: Iterable[str], cell: str, written: str) -> bool:
    """Tell whether *cell* is what is *written*, but for anything else where one of the *words* stands there."""
    edge = r"(?:(?<!\w)|(?!\w))"
    either = "|".join(re.escape(collapse(one)) for one in words if one)
    first, *others = (re.escape(squeeze(one)) for one in re.split(f"{edge}(?:{either}){edge}", collapse(written))) if either else ("",)
    if not others:
        return False
    # An atomic group is never tried again: a cell of thousands of letters is read once.
    between = "".join(f"(?>.*?{one})" for one in others[:-1])
    return re.fullmatch(f"{first}{between}.*{others[-1]}", squeeze(cell)) is not None
