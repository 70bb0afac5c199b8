"""Finished or returned file -> Content: one reader for each format, by a library that did not write it."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, read_bytes
from reports.readers.content import Content, TooLargeError

# The module that reads each kind of file: named, not imported, since some need packages that only the audit needs.
READERS: Mapping[str, str] = {
    ".pdf": "pdf",
    ".html": "html",
    ".docx": "word",
    ".xlsx": "excel",
    ".csv": "csv",
    ".json": "content",
    ".zip": "zip",
    ".atom": "atom",
}


def read(path: Path) -> Content:
    """Return the content of the file at *path*.

    Raises ReportsError if it is damaged, if it holds more than can be compared soon, or if the package that reads it is missing.
    """
    content = read_bytes(path, path.parent, MOST_DIGESTED)
    try:
        found: Content = import_module(f"reports.readers.{READERS[path.suffix]}").read(content)
    except ModuleNotFoundError as error:
        message = f"can't be read back: the package '{error.name}' is missing; use `nox -s audit`, which installs it"
        raise ReportsError(Problem(Location(path), message)) from None
    except TooLargeError as error:
        raise ReportsError(Problem(Location(path), f"holds {error}, the most that are read back; not compared")) from None
    except Exception as error:  # the libraries' own errors, for files that somebody has damaged
        message = f"can't be read back, since it is not built as ours are: {type(error).__name__}: {error}"
        raise ReportsError(Problem(Location(path), message)) from None
    return found
