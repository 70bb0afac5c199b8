"""What a comparison finds: how much it looked at, and where a file and the data disagree."""

from dataclasses import dataclass, field


@dataclass
class Compared:
    """One comparison: *what* was compared, how many of it, and the *disagreements*, each told with its place."""

    what: str
    count: int = 0
    disagreements: list[str] = field(default_factory=list)

    def disagree(self, place: str, says: str, data: str, where: str) -> None:
        """Note that *place* says something else than the data, which stand at *where*."""
        self.disagreements.append(f"{place}: {says}; {data} ({where})")
