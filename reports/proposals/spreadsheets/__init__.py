"""Returned spreadsheet -> Sheets: one module for each format, told apart by what is in the file, whatever it is called."""

from codecs import BOM_UTF8
from pathlib import Path

from reports.files import read_bytes
from reports.proposals.archive import COMPOUND, ZIPPED, Archive
from reports.proposals.refusal import EMPTY, NO_SPREADSHEET, OTHER_KIND, WEB_PAGE, RefusedError, refusing
from reports.proposals.sheets import Sheet
from reports.proposals.spreadsheets import csv, ods, xls, xlsx

MARKUP = (b"<", b"mime-version:")


def read_sheets(path: Path, known: str = "") -> tuple[Sheet, ...]:
    """Return the sheets of the file *path*: .xlsx, .ods, .xls, or a table as text.

    *known* is a text with the words of the dataset; a table as text whose encoding nothing else tells is read by them. Raises
    ReportsError for a file that can't be read or that holds more than a register ever does.
    """
    content = read_bytes(path, path.parent)
    with refusing(path, ".xlsx"):
        return _read(content, known)


def _read(content: bytes, known: str) -> tuple[Sheet, ...]:
    if not content.strip():
        raise RefusedError(EMPTY)
    if content.startswith(ZIPPED):
        return _read_archive(Archive(content))
    if content.startswith(COMPOUND):
        return xls.read(content)
    if content[:100].removeprefix(BOM_UTF8).lstrip().lower().startswith(MARKUP):
        raise RefusedError(WEB_PAGE)
    return csv.read(content, known)


def _read_archive(archive: Archive) -> tuple[Sheet, ...]:
    if xlsx.WORKBOOK in archive.names:
        return xlsx.read(archive)
    if archive.read("mimetype").startswith(ods.SPREADSHEET):
        return ods.read(archive)
    raise RefusedError(OTHER_KIND if "xl/workbook.bin" in archive.names else NO_SPREADSHEET)
