"""What issued files say in all languages is kept once where it is the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reports.editions.issued import shortened, whole


def sheet(name: str, rows: list[list[str]]) -> dict[str, Any]:
    """Return a sheet with *rows* of values, of which the first is the record."""
    columns = [{"heading": "Reference"}, {"heading": f"{name} title", "field": "title"}]
    told = enumerate(rows, 1)
    return {"columns": columns, "rows": [{"record": row[0] or None, "where": f"{name}!A{at}", "values": row} for at, row in told]}


# Of each row the record, and its value in both languages.
ROWS = st.lists(st.tuples(*[st.sampled_from(["", "M2010-1", "Act", "Akt"])] * 3), max_size=3)


@given(sheets=st.lists(st.tuples(ROWS, st.integers(0, 3)), max_size=2), added=st.booleans())
def test_no_cell_is_lost(sheets: list[tuple[list[tuple[str, str, str]], int]], added: bool) -> None:
    """Cells may differ, rows stand in another order or be fewer, and a sheet be there in one language alone."""
    own = [[[record, value] for record, value, _ in rows] for rows, _ in sheets]
    other = [[[record, value] for record, _, value in (*rows[turn:], *rows[:turn])] for rows, turn in sheets]
    other += [[["Act", "Akt"]]] * added
    files = {
        "en/register.xlsx": {"sheets": {f"Sheet {at}": sheet(f"Sheet {at}", rows) for at, rows in enumerate(own)}},
        "bs/register.xlsx": {"sheets": {f"List {at}": sheet(f"List {at}", rows) for at, rows in enumerate(other)}},
        "bs/other.xlsx": {"sheets": {"List": sheet("List", [["M2010-1", "Akt"]])}},
        "bs/summary.docx": {"controls": {"M2010-1/title": "Akt"}},
    }
    kept = json.loads(json.dumps(shortened(files, "en")))
    assert whole(kept, "en") == files
    assert whole(files, "en") == files, "an older program kept them so"


def test_what_is_the_same_is_null() -> None:
    """In the same row and column; the file in the language of the data is whole."""
    own, other = sheet("Register", [["M2010-1", "Act"]]), sheet("Registar", [["M2010-1", "Akt"]])
    files = {"en/r.xlsx": {"sheets": {"Register": own}}, "bs/r.xlsx": {"sheets": {"Registar": other}}}
    kept = shortened(files, "en")
    assert kept["bs/r.xlsx"] == {"sheets": {"Registar": {"like": "Register", "columns": other["columns"], "rows": [[None, "Akt"]]}}}
    assert kept["en/r.xlsx"] == files["en/r.xlsx"]
