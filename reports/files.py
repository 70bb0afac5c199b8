"""Files, replaced as a whole: whatever stops us, each is the old one or the new one."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from reports.errors import Location, Problem, ReportsError, reason

# The name of a file that is being written: like nothing that a person or another program would call one.
UNFINISHED = re.compile(r"\.reports-\d+\.tmp")


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at *path* by *content*; raises ReportsError if the disk or the folder does not take it."""
    temporary = path.with_name(f".reports-{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise ReportsError(_unwritten(path, error)) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def sweep(folders: Iterable[Path]) -> None:
    """Remove from *folders* the files that a program which was killed had begun to write."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if UNFINISHED.fullmatch(path.name) and path.is_file():
                    path.unlink(missing_ok=True)


def _unwritten(path: Path, error: OSError) -> Problem:
    """Return the problem that *path* was not written: at what stands in the way, if the system says so, but never at a file of ours."""
    in_the_way = Path(error.filename or path)
    place = path if in_the_way.suffix == ".tmp" else in_the_way
    return Problem(Location(place), f"can't be written: {reason(error)}")
