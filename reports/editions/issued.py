"""Contents of issued files in all languages <-> the same as issued.json keeps it: in other languages, the cells that differ.

A register in another language has the same rows, and half of its cells are ids, numbers, addresses and titles that are no words of ours.
"""

from collections.abc import Callable, Mapping
from typing import Any

Plain = Mapping[str, Any]
LIKE = "like"  # the name, in the language of the data, of the sheet that has the cells which are null here


def shortened(files: Plain, language: str) -> Plain:
    """Return *files* in which a sheet in another language than *language* has null for each cell that is the same in that."""
    return _each(files, language, _shortened)


def whole(files: Plain, language: str) -> Plain:
    """Return *files*, which were shortened, with every cell."""
    return _each(files, language, _whole)


def _each(files: Plain, language: str, make: Callable[[Plain, Plain], Plain]) -> Plain:
    """Return *files* with what *make* makes of the sheets of each in another language, and of those of the same file in *language*."""
    originals = {name: f"{language}/{name.partition('/')[2]}" for name in files}
    made = {
        name: {"sheets": make(files[name]["sheets"], files[original]["sheets"])}
        for name, original in originals.items()
        if original != name and original in files and "sheets" in files[name]
    }
    return {**files, **made}


def _shortened(sheets: Plain, originals: Plain) -> Plain:
    if len(sheets) != len(originals):
        return sheets
    pairs = zip(sheets.items(), originals.items(), strict=True)
    return {name: _differing(sheet, like, original) for (name, sheet), (like, original) in pairs}


def _differing(sheet: Plain, like: str, original: Plain) -> Plain:
    """Return *sheet* with the cells in which it differs from *original*, which is called *like*; as it is, if its rows are of others."""
    shape, other = ([(row["record"], len(row["values"])) for row in each["rows"]] for each in (sheet, original))
    if shape != other:
        return sheet
    pairs = (zip(row["values"], same["values"], strict=True) for row, same in zip(sheet["rows"], original["rows"], strict=True))
    return {LIKE: like, **sheet, "rows": [[None if value == same else value for value, same in row] for row in pairs]}


def _whole(sheets: Plain, originals: Plain) -> Plain:
    return {name: _with_all(name, sheet, originals[sheet[LIKE]]) if LIKE in sheet else sheet for name, sheet in sheets.items()}


def _with_all(name: str, sheet: Plain, original: Plain) -> Plain:
    rows = [
        {
            "record": same["record"],
            "where": same["where"].replace(f"{sheet[LIKE]}!", f"{name}!"),
            "values": [known if value is None else value for value, known in zip(row, same["values"], strict=True)],
        }
        for row, same in zip(sheet["rows"], original["rows"], strict=True)
    ]
    return {"columns": sheet["columns"], "rows": rows}
