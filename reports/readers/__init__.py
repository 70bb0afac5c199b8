"""Finished or returned file -> Content: one reader for each format, by a library that did not write it."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, read_bytes
from reports.readers.content import Content

# The function that reads each kind of file: named, not imported, since some need packages that only the audit needs.
READERS: Mapping[str, tuple[str, str]] = {
    ".pdf": ("pdf", "read"),
    ".html": ("html", "read"),
    ".docx": ("word", "read"),
    ".xlsx": ("excel", "read"),
    ".csv": ("csv", "read"),
    ".json": ("content", "read_data"),
}


class MissingPackageError(ReportsError):
    """The package that reads a format is not installed."""


def read(path: Path) -> Content:
    """Return the content of the file at *path*; raises ReportsError if it is damaged, MissingPackageError if nothing can read it."""
    try:
        return _reader(path.suffix)(read_bytes(path, path.parent, MOST_DIGESTED))
    except ReportsError:
        raise
    except Exception as error:  # the libraries' own errors, for files that somebody has damaged
        message = f"can't be read back, since it is not built as ours are: {type(error).__name__}: {error}"
        raise ReportsError(Problem(Location(path), message)) from None


def _reader(suffix: str) -> Callable[[bytes], Content]:
    module, function = READERS[suffix]
    try:
        reader: Callable[[bytes], Content] = getattr(import_module(f"reports.readers.{module}"), function)
    except ModuleNotFoundError as error:
        message = f"the package '{error.name}' is missing, which reads {suffix} files back: use `nox -s audit`, which installs it"
        raise MissingPackageError(Problem(Location(Path("pyproject.toml")), message)) from None
    return reader
