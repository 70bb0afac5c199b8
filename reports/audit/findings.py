"""What a comparison finds: how much it looked at, and where a file and the data disagree."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One thing in which a file and the data disagree: what it *says* at a *place*, what the *data* say, and *where* that stands.

    It may be about the cell in the *column* with that heading, about the *words* of the data that should stand there, or about the
    *links* with those texts. A difference without a place is about the file as a whole; its *words* are what is missing there.
    """

    place: str
    says: str
    data: str = ""
    where: str = ""
    column: str = ""
    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = self.place + (f", '{self.column}'" if self.column else "")
        return (
            (f"{place}: " if place else "")
            + self.says
            + (f"; {self.data}" if self.data else "")
            + (f" ({self.where})" if self.where else "")
        )


@dataclass(frozen=True)
class Compared:
    """One comparison: *what* was compared, how many of it, and in what the file and the data disagree."""

    what: str
    count: int
    disagreements: tuple[Difference, ...]
