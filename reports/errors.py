"""What a person has to mend, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.text import shown


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file; *line* and *column* count from 1, and 0 means the file as a whole."""

    path: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: what is wrong, then what would be right."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{shown(str(self.location))}: {shown(self.message)}"


class ReportsError(Exception):
    """Problems that the user can mend; anything else that is raised is a bug of ours."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the known word nearest to *word*, or nothing."""
    from difflib import get_close_matches

    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{nearest[0]}'?)" if nearest else ""


def reason(error: OSError) -> str:
    """Return what the system says of *error*, in our style."""
    return (error.strerror or str(error)).lower()
