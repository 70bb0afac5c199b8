"""Reads inputs as UTF-8 from the folder where they belong, replaces outputs as a whole, and takes the digests of both."""

import codecs
import hashlib
import os
import re
from _thread import get_ident  # which `threading` hands on, and takes a while to be loaded
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import accumulate, islice
from pathlib import Path

from reports.errors import Location, Problem, ReportsError, reason

MOST_CONFLICTS = 100  # that are named at once
MOST_BYTES, MOST_DIGESTED = 20_000_000, 200_000_000  # of an input, and of a finished file that is read back
# The name of a file that is being written: like nothing that a person or another program would call one.
UNFINISHED = re.compile(r"\.reports-\d+(?:-\d+)?\.tmp")
# What editors and systems leave among the files that a person keeps: copies, locks and swap files, pictures of a folder, its looks.
LEFTOVER = re.compile(r"\..*|.*~|~\$.*|#.*#|.*\.(sw[a-z]|orig|bak)|4913|(eh)?thumbs\.db|desktop\.ini|icon\r", re.IGNORECASE)
# The first and the last mark of a version control's conflict; the marks between them say nothing without these.
CONFLICT = re.compile(r"^[ \t]*([<>])\1{6}(?: .*)?$", re.MULTILINE)
UNMERGED = "an unfinished merge: keep one of the two versions, and remove the lines with '<<<<<<<', '=======' and '>>>>>>>'"


def read_bytes(path: Path, folder: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of the file *path*.

    Raises ReportsError if it can't be read, if it holds more than *most* bytes, or if it does not lie in *folder*, wherever links lead.
    """
    _refuse_foreign(path, folder)
    try:
        if path.is_dir():
            raise _refused(path, "a folder stands where a file is expected")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise _refused(path, f"can't be read: {reason(error)}") from None
    if len(content) > most:
        raise _refused(path, f"is larger than {most // 1_000_000} MB, the most that we read")
    return content


def read_text(path: Path, folder: Path, most: int = MOST_BYTES) -> str:
    """Return the text of the file *path* with line ends as \\n; raises ReportsError as read_bytes and decode do."""
    return decode(path, read_bytes(path, folder, most))


def decode(path: Path, content: bytes) -> str:
    """Return the *content* of the file *path* as text with line ends as \\n.

    Raises ReportsError for what is not UTF-8, and with every conflict that version control has left in it.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = _with_line_feeds(content.decode())
    except UnicodeDecodeError as error:
        before = _with_line_feeds(content[: error.start].decode())
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ReportsError(Problem(location_at(path, before, len(before)), message)) from None
    if problems := [Problem(location_at(path, text, index), UNMERGED) for index in islice(_conflicts(text), MOST_CONFLICTS)]:
        raise ReportsError(*problems)
    return text


def _conflicts(text: str) -> Iterator[int]:
    """Yield where each conflict in *text* begins: its first mark, or the last one if the first was taken out."""
    is_open = False
    for mark in CONFLICT.finditer(text):
        if not is_open:
            yield mark.start(1)
        is_open = mark[1] == "<"


def names_in(path: Path, folder: Path) -> list[str]:
    """Return the names in the folder *path* in order, without what is hidden or left over; raises ReportsError as read_bytes does."""
    _refuse_foreign(path, folder)
    try:
        return sorted(entry.name for entry in path.iterdir() if not LEFTOVER.fullmatch(entry.name))
    except OSError as error:
        raise _refused(path, f"can't be read: {reason(error)}") from None


def paths_below(folder: Path) -> list[Path]:
    """Return every file and folder below *folder*, in order; raises ReportsError for a folder that may not be looked into."""
    unreadable: list[OSError] = []
    found = [Path(place, name) for place, folders, files in os.walk(folder, onerror=unreadable.append) for name in (*folders, *files)]
    if unreadable and os.path.lexists(folder):
        raise ReportsError(*(Problem(Location(Path(error.filename)), f"can't be read: {reason(error)}") for error in unreadable))
    return sorted(found)


def files_at(place: Path) -> list[Path]:
    """Return the file *place*, or the files in the folder *place*; raises ReportsError if there is neither."""
    if not os.path.lexists(place):
        raise _refused(place, "there is no such file or folder")
    return [path for path in paths_below(place) if path.is_file()] if place.is_dir() else [place]


def check_folder(path: Path, content: str) -> None:
    """Raise ReportsError unless there is a folder *path*, of *content*, that may be looked into."""
    try:
        os.listdir(path)  # noqa: PTH208 - nothing but the error is wanted
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(path, f"there is no such folder of {content}") from None
    except OSError as error:
        raise _refused(path, f"can't be read: {reason(error)}") from None


def lies_in(path: Path, folder: Path) -> bool:
    """Return true if *path*, which need not exist, lies in *folder* when every link and every '..' is followed."""
    within, names = path.parts[: len(folder.parts)], path.parts[len(folder.parts) :]
    if folder.parts and within == folder.parts and ".." not in names and os.name == "posix":  # elsewhere more than links leads away
        below = islice(accumulate(names, os.path.join, initial=os.fspath(folder)), 1, None)
        if not any(map(os.path.islink, below)):
            return True  # as it is written: this is asked for each file, and to follow all folders above it takes ten times as long
    inner, outer = (os.path.normcase(os.path.realpath(one)) for one in (path, folder))
    return inner == outer or inner.startswith(os.path.join(outer, ""))  # noqa: PTH118 - Path takes longer, and this is asked for each file


def is_folder(path: Path) -> bool:
    """Return true if there is a folder *path* that may be looked into."""
    return os.path.isdir(path)  # noqa: PTH112 - never raises, however long the name is and whatever folder above may not be entered


def is_file_in(path: Path, folder: Path) -> bool:
    """Return true if there is a file *path* that lies in *folder*."""
    return os.path.isfile(path) and lies_in(path, folder)  # noqa: PTH113 - as above


def sha256(content: bytes) -> str:
    """Return the SHA-256 of *content* in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def is_file_named_in(path: Path, folder: Path) -> bool:
    """Return true if there is a file *path* in *folder*, or one by its name, though a link leads out of it: whoever reads it says so."""
    is_named_so = Path(os.path.normpath(path)).is_relative_to(folder)
    return os.path.isfile(path) and (is_named_so or lies_in(path, folder))  # noqa: PTH113 - as above


def digest_of(path: Path, root: Path) -> str:
    """Return the SHA-256 of the file at *path*, or "" if there is none in *root* that can be read."""
    try:
        return sha256(path.read_bytes()) if is_file_in(path, root) else ""
    except OSError:
        return ""


def location_at(path: Path, text: str, index: int) -> Location:
    """Return the location of the character *index* of *text*, which the file *path* holds."""
    return Location(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def write_whole(path: Path, content: bytes, lasting: bool = True) -> None:
    """Replace the file at *path* by *content*; raises ReportsError if the disk or the folder does not take it.

    What need not outlast a power cut is not *lasting*, and does not wait for the disk.
    """
    temporary = path.with_name(f".reports-{os.getpid()}-{get_ident()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        with suppress(OSError):  # a new file has none, and only who may give a file to its group gives that its rights
            before = path.stat()
            if hasattr(os, "chown"):
                os.chown(temporary, -1, before.st_gid)
            temporary.chmod(before.st_mode)
        temporary.replace(path)
    except OSError as error:
        # At what stands in the way, if the system names it, but never at a temporary file.
        in_the_way = Path(error.filename or path)
        location = Location(path if in_the_way == temporary else in_the_way)
        raise ReportsError(Problem(location, f"can't be written: {reason(error)}")) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def sweep(folders: Iterable[Path]) -> None:
    """Remove the temporary files that a killed program has left in *folders*."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if UNFINISHED.fullmatch(path.name) and path.is_file():
                    path.unlink(missing_ok=True)


def _refuse_foreign(path: Path, folder: Path) -> None:
    if not lies_in(path, folder):
        raise _refused(path, f"leads to '{os.path.realpath(path)}', outside the folder '{folder.name}'; put a copy of it here")


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refused(path: Path, message: str) -> ReportsError:
    return ReportsError(Problem(Location(path), message))
