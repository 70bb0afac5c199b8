"""Returned files that are not read: why, and what the person who has one can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reports.errors import Location, Problem, ReportsError
from reports.readers.content import TooLargeError

DAMAGED = "is damaged: open it in the program that it is from, and save it anew as {suffix}"
EMPTY = "is empty: nothing came with it; ask for it again"
MACROS = "holds macros, and a file with them is not opened: save it as {suffix}, which has none"
NO_DOCUMENT = "is no Word document (.docx)"
NO_SPREADSHEET = "is no spreadsheet that we can read: .xlsx, .ods, .xls, or a table as .csv, .tsv or .txt"
OTHER_KIND = "is of a kind that we can't read: open it, and save it as {suffix}"
PDF = "is a PDF, in which nothing can be told apart; ask for the Word document ({suffix})"
PROTECTED = "is protected by a password: open it, take the password off, and save it as {suffix}"
RTF = "is an RTF file, which keeps no fields; ask for the Word document ({suffix})"
TOO_LARGE = "holds {much}: delete what does not belong to it, empty rows at the end too, and save it again"
WEB_PAGE = "is a web page or another text in XML, whatever its name says: open it in a spreadsheet program, and save it as {suffix}"


class RefusedError(Exception):
    """A file is not read: the message says why, and what to do."""


@contextmanager
def refusing(path: Path, suffix: str) -> Iterator[None]:
    """Read the file *path* within; what is refused should be saved as a file with the *suffix*.

    Raises ReportsError for RefusedError and TooLargeError, and for whatever else a file raises that somebody has damaged, or made to harm.
    """
    cause = None
    try:
        yield
        return
    except RefusedError as error:
        message = str(error).format(suffix=suffix)
    except TooLargeError as error:
        message = TOO_LARGE.format(much=error)
    except Exception as error:  # the libraries' own
        message, cause = DAMAGED.format(suffix=suffix), error
    raise ReportsError(Problem(Location(path), message)) from cause
