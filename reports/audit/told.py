"""What other comparisons have found already, and where a passage of a template comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.audit.expected import Expected

ANCHOR = "source-"  # what stands before a source's id in the anchor of its entry


@dataclass(frozen=True)
class Template:
    """The template *name* in the *folder* of templates."""

    folder: Path
    name: str

    def __str__(self) -> str:
        return str(self.folder / self.name)


@dataclass(frozen=True)
class Told:
    """What the other comparisons have *messages* about already, and where what a passage says comes from: its *template*, or the data."""

    messages: tuple[str, ...]
    template: Template
    expected: Expected

    def __contains__(self, place: str) -> bool:
        """Tell whether there is a message about *place*, which need not be told twice."""
        return any(message.startswith(place) and message[len(place) :][:1] in (":", ",", " ") for message in self.messages)

    def where(self, anchors: Iterable[str]) -> str:
        """Return the line of the data with the record that has one of the *anchors*; else the template."""
        records = self.expected.by_id
        ids = (one.removeprefix(ANCHOR) for one in sorted(anchors))
        record = next((records[one] for one in ids if one in records), None)
        return self.expected.where(record) if record else str(self.template)
