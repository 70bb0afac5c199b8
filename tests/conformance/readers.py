"""Programs that open the finished files as people do, and what they find there: it has to be what was written."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.conformance import programs, verapdf
from tests.conformance.checklists.docx_parts import read_docx, text_of
from tests.conformance.checklists.excel import load_book
from tests.conformance.validator import Finding

PDF_UA = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'
TEXT = "txt:Text (encoded):UTF8"
# gnumeric 1.12 knows no tables: it says so of every file that has one, and reads the cells all the same.
GNUMERIC_ALWAYS_SAYS = re.compile(r"Unexpected element 'tableParts' in state :\s*worksheet\s*")
MOST_DIFFERENCES = 10

Cells = dict[str, list[list[Any]]]


def check_calamine(path: Path, scratch: Path) -> list[Finding]:
    """Return where calamine reads other cells in *path* than openpyxl, with which it shares no code."""
    found = _cells(path)
    if isinstance(found, Finding):
        return [found]
    book = load_book(path)
    if isinstance(book, Finding):
        return [book]
    return _compare({sheet.title: [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}, found)


def check_gnumeric(path: Path, scratch: Path) -> list[Finding]:
    """Return what gnumeric complains of, and where the cells that it has read are others than those of *path*."""
    saved = Path(mkdtemp(dir=scratch)) / path.name
    done = programs.run(["ssconvert", str(path), str(saved)], scratch)
    said = GNUMERIC_ALWAYS_SAYS.sub("", done.stderr).strip()
    if said or done.returncode or not saved.exists():
        return [Finding(f"gnumeric says: {said or done.stdout}")]
    return _compare(_cells(path), _cells(saved))


def check_calc(path: Path, scratch: Path) -> list[Finding]:
    """Return where the cells that LibreOffice has read are others than those of *path*."""
    saved = _convert(path, "xlsx", scratch)
    return _compare(_cells(path), _cells(saved)) if saved else [Finding("LibreOffice can't open it")]


def check_writer(path: Path, scratch: Path) -> list[Finding]:
    """Return the paragraphs of *path* that LibreOffice does not show, or not in their place."""
    saved = _convert(path, TEXT, scratch)
    return list(_lost(path, saved.read_text("utf-8-sig"))) if saved else [Finding("LibreOffice can't open it")]


def check_export(path: Path, scratch: Path) -> list[Finding]:
    """Return what veraPDF says of the PDF/UA-1 that LibreOffice makes of the document *path*."""
    pdf = _convert(path, PDF_UA, scratch)
    return verapdf.check_pdf("ua1", pdf, scratch) if pdf else [Finding("LibreOffice can't export it")]


def _convert(path: Path, to: str, scratch: Path) -> Path | None:
    """Return the file that LibreOffice has made of *path*; none if it has made none: its exit status is 0 all the same."""
    folder = Path(mkdtemp(dir=scratch))
    profile = f"-env:UserInstallation={(scratch / 'libreoffice').as_uri()}"
    programs.run(["soffice", profile, "--headless", "--norestore", "--convert-to", to, "--outdir", str(folder), str(path)], scratch)
    made = folder / f"{path.stem}.{to.split(':')[0]}"
    return made if made.exists() else None


def _lost(path: Path, text: str) -> Iterator[Finding]:
    document = read_docx(path)
    if isinstance(document, Finding):
        yield document
        return
    text, start = "".join(text.split()), 0
    for paragraph in document.paragraphs:
        wanted = "".join(text_of(paragraph).split())
        place = text.find(wanted, start)
        if place < 0:
            yield Finding(f"LibreOffice does not show '{text_of(paragraph)[:60]}' in its place")
        else:
            start = place + len(wanted)


def _compare(expected: Cells | Finding, found: Cells | Finding) -> list[Finding]:
    """Return where the cells *found* are not those *expected*; the first few, for one cause has many effects."""
    if isinstance(expected, Finding) or isinstance(found, Finding):
        return [one for one in (expected, found) if isinstance(one, Finding)]
    if list(found) != list(expected):
        return [Finding(f"the sheets are {list(found)}; they should be {list(expected)}")]
    return [Finding(text) for sheet in expected for text in _differences(sheet, expected[sheet], found[sheet])][:MOST_DIFFERENCES]


def _differences(sheet: str, expected: list[list[Any]], found: list[list[Any]]) -> Iterator[str]:
    if len(found) != len(expected):
        yield f"'{sheet}' has {len(found)} rows; it should have {len(expected)}"
    for number, (row, wanted) in enumerate(zip(found, expected, strict=False), start=1):
        if row != wanted:
            yield f"row {number} of '{sheet}' is {row}; it should be {wanted}"


def _cells(path: Path) -> Cells | Finding:
    """Return every cell of *path*, as calamine reads it, or why it can't."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except CalamineError as error:
        return Finding(f"calamine can't read it: {error}")


def _plain(value: Any) -> Any:
    """Return a value of openpyxl's as calamine gives it."""
    return "" if value is None else value.date() if isinstance(value, datetime) else value
