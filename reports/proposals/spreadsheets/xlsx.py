"""Excel's workbook, transitional or strict (ISO/IEC 29500) -> Sheets: by lxml, with what openpyxl knows of dates and escapes.

python-calamine, which would give the values too, keeps every cell between the first and the last, and ends the whole program when
that is more than the memory; it says nothing of errors, of formulas without a value, of notes, and takes a day before 1900 for an hour.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.utils.escape import unescape

from reports.proposals.archive import Archive
from reports.proposals.sheets import Note, Sheet, Value
from reports.proposals.spreadsheets.grid import MOST_SHEETS, Allowance, Grid, day, moment, numeral
from reports.readers.content import bound

WORKBOOK = "xl/workbook.xml"
PLACEHOLDER = "tc="  # begins the author of the note that stands for a thread, for programs that know no threads
INDENT = "    "  # before what was said, in the text of that note

Values = Mapping[str, Callable[[str], Value]]  # by the type of a cell (ISO 29500-1, 18.18.11)


def read(archive: Archive) -> tuple[Sheet, ...]:
    """Return the sheets of the workbook *archive*, hidden ones too; raises RefusedError if it has macros, TooLargeError if too much."""
    archive.refuse_macros(WORKBOOK)
    workbook, targets, allowance = archive.root(WORKBOOK), archive.targets(WORKBOOK), Allowance()
    people = {
        person.get("id"): person.get("displayName", "")
        for target in targets.values()
        if target.kind == "person"
        for person in archive.root(target.path).iter("{*}person")
    }
    found = [(element.get("name", ""), targets[_id(element)]) for element in workbook.iter("{*}sheet")]
    bound("sheets", len(found), MOST_SHEETS)
    values, epoch = _values(archive), _epoch(workbook)
    dates = _dates(archive)
    sheets = []
    for name, target in found:
        if target.kind == "worksheet":
            grid = Grid(name, allowance)
            _fill(grid, archive.elements(target.path, "{*}row"), values, dates, epoch)
            _annotate(grid, archive, target.path, people)
            sheets.append(grid.sheet())
    return tuple(sheets)


def _id(element: Any) -> str:
    """Return the id of the relationship of *element*, whose namespace is another one in a strict file."""
    return str(next(value for key, value in element.items() if key.endswith("}id")))


def _epoch(workbook: Any) -> datetime:
    """Return the day from which the workbook counts days: Excel for Macintosh had one of its own."""
    settings = workbook.find("{*}workbookPr")
    epoch: datetime = MAC_EPOCH if settings is not None and settings.get("date1904") in ("1", "true") else WINDOWS_EPOCH
    return epoch


def _values(archive: Archive) -> Values:
    """Return how the text in a cell is read, by the cell's type; a number without a type may be a date, and is read elsewhere."""
    texts = [_text(element) for element in archive.elements("xl/sharedStrings.xml", "{*}si")]
    return {
        "s": lambda text: texts[int(text)],
        "str": unescape,
        "b": lambda text: text in ("1", "true"),
        "d": lambda text: day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text),
    }


def _dates(archive: Archive) -> frozenset[str]:
    """Return the numbers of the styles that show a number as a date or a time, as cells name them."""
    styles = archive.root("xl/styles.xml")
    formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    formats |= {element.get("numFmtId"): element.get("formatCode", "") for element in styles.iterfind("{*}numFmts/{*}numFmt")}
    cells = enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(number) for number, style in cells if is_date_format(formats.get(style.get("numFmtId"), "")))


def _fill(grid: Grid, rows: Iterator[Any], values: Values, dates: frozenset[str], epoch: datetime) -> None:
    """Put the cells in the elements *rows* into *grid*; a program may leave out where one is, if it is beside the one before."""
    number = 0
    for row in rows:
        number = int(row.get("r", number + 1))
        place, behind = f"A{number}", -1
        for cell in row.iterfind("{*}c"):
            place, behind = (cell.get("r"), 0) if cell.get("r") else (place, behind + 1)
            if len(cell):  # a million others may have looks only
                line, column = coordinate_to_tuple(place)
                broken = _broken(cell)
                grid.put(line, column - 1 + behind, None if broken else _value(cell, values, dates, epoch), broken)


def _broken(cell: Any) -> str:
    """Return the error in *cell*, or its formula if that has no value, since no program has worked it out; else nothing."""
    kind, text, formula = cell.get("t"), cell.findtext("{*}v"), cell.find("{*}f")
    if kind == "e":
        return text or "#N/A"
    is_without_value = formula is not None and not text and kind not in ("str", "inlineStr")  # a text may be empty
    return f"={formula.text or ''}" if is_without_value else ""


def _value(cell: Any, values: Values, dates: frozenset[str], epoch: datetime) -> Value:
    kind, text = cell.get("t", "n"), cell.findtext("{*}v")
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return _text(inline) if inline is not None else None
    if not text:
        return None
    if kind in values:
        return values[kind](text)
    number = numeral(text)
    return moment(number, epoch) if isinstance(number, float) and cell.get("s", "0") in dates else number


def _text(element: Any) -> str:
    """Return the text in *element*, in one piece or in several with looks of their own, without what says how it is pronounced."""
    parts = (part for part in element.iterfind(".//{*}t") if not part.getparent().tag.endswith("}rPh"))
    return str(unescape("".join(part.text or "" for part in parts)))


def _annotate(grid: Grid, archive: Archive, path: str, people: Mapping[str, str]) -> None:
    """Put the notes and the threads of the sheet in the part *path* into *grid*."""
    targets = archive.targets(path).values()
    threads = [element for target in targets if target.kind == "threadedComment" for element in archive.root(target.path)]
    for thread in threads:
        note = Note(people.get(thread.get("personId"), ""), thread.get("dT", ""), thread.findtext("{*}text") or "")
        _add(grid, thread.get("ref"), note)
    told = {thread.get("ref") for thread in threads}
    for target in targets:
        if target.kind == "comments":
            comments = archive.root(target.path)
            authors = [author.text or "" for author in comments.iterfind("{*}authors/{*}author")]
            for comment in comments.iter("{*}comment"):
                if comment.get("ref") not in told:
                    _add(grid, comment.get("ref"), _note(authors[int(comment.get("authorId"))], _text(comment)))


def _note(author: str, text: str) -> Note:
    """Return a note; of one that stands for a thread which another program has lost, what was said."""
    if not author.startswith(PLACEHOLDER):
        return Note(author.strip(), "", text)
    return Note("", "", "\n".join(line.strip() for line in text.splitlines() if line.startswith(INDENT)))


def _add(grid: Grid, place: str, note: Note) -> None:
    row, column = coordinate_to_tuple(place)
    grid.annotate(row, column - 1, note)
