"""What is laid over columns of the finished workbook, read back: the words that stand out, and the cells that wait for an answer."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.excel import render
from tests.conftest import TINY, Show, edit
from tests.renderers.conftest import REGISTER

NO_NAME = "is not a name for the part of a row, such as 'milestone': small letters and underscores"
NO_LIST = "and what follows it do not stand below one another in a column of the sheet"


@pytest.fixture(scope="module")
def sheet(tiny_view: View) -> Any:
    """The sheet of the tiny register that asks, and marks."""
    return openpyxl.load_workbook(BytesIO(render(tiny_view, TINY / "templates", REGISTER).content))["Answers"]


@pytest.fixture
def problems(tiny_templates: Path, tiny_view: View, show: Show) -> Callable[[str, str], list[str]]:
    """A function that returns what is wrong with the tiny register where it says something else."""

    def problems(old: str, new: str) -> list[str]:
        edit(tiny_templates / REGISTER, old, new)
        with pytest.raises(ReportsError) as error:
            render(tiny_view, tiny_templates, REGISTER)
        return [line.removeprefix("templates/register/register.yaml:") for line in show(error.value.problems)]

    return problems


def test_words_stand_out_by_more_than_colour(sheet: Any) -> None:
    """A word that is marked is bold, in another colour, on a ground of its own, wherever it stands in its column, and nowhere else."""
    found = [(str(place.sqref), rule) for place in sheet.conditional_formatting for rule in place.rules]
    assert [(place, rule.type, rule.operator, rule.formula) for place, rule in found] == [
        ("C5:C22", "cellIs", "equal", ['"overdue"']),
        ("C5:C22", "cellIs", "equal", ['"say ""no"""']),
    ]
    assert {(rule.dxf.font.b, rule.dxf.font.color.rgb, rule.dxf.fill.bgColor.rgb) for _, rule in found} == {(True, "FFA8471B", "FFFFFFFF")}
    assert [cell.value for (cell,) in sheet["C5:C22"]].count("overdue") == 1


def test_what_a_column_asks_is_told_beside_its_cells(sheet: Any) -> None:
    """Every cell that waits for an answer says what to write; choices are those in the sheet of lists, days not before the first one."""
    asked = [
        ("D", "list", "stop", "'Offices'!$A$9:$A$10", "Verdict", "Choose one of two."),
        ("E", "list", "information", "'Offices'!$A$4:$A$5", "Whose", "Choose an office, or write one."),
        ("F", "date", None, "44013", "Day of the verdict", "Write the day."),
        ("G", None, None, None, "Remark", "Write what you like."),
    ]
    found = {str(validation.sqref): validation for validation in sheet.data_validations.dataValidation}
    assert list(found) == [f"{letter}5:{letter}22" for letter, *_ in asked]
    for (_, kind, style, formula, title, ask), validation in zip(asked, found.values(), strict=True):
        assert (validation.type, validation.errorStyle, validation.formula1) == (kind, style, formula)
        assert (validation.promptTitle, validation.prompt, validation.errorTitle, validation.error) == (title, ask, title, ask)
        assert (validation.showInputMessage, validation.showErrorMessage, validation.allow_blank) == (True, True, True)
        assert not validation.showDropDown  # which would hide the arrow
    assert openpyxl.utils.datetime.from_excel(44013).isoformat() == "2020-07-01T00:00:00"


def test_cells_to_write_into_look_so(sheet: Any) -> None:
    """They are empty, on a ground of their own, with lines around; what is typed stays a text, but for a day."""
    cells = [cell for row in sheet["D5:G22"] for cell in row]
    assert {cell.value for cell in cells} == {None}
    assert {(cell.fill.fgColor.rgb, cell.border.left.style, cell.border.bottom.style) for cell in cells} == {("FFF1F4F7", "thin", "thin")}
    assert {(cell.column_letter, cell.number_format) for cell in cells} == {("D", "@"), ("E", "@"), ("F", "yyyy-mm-dd"), ("G", "@")}
    assert not sheet.protection.sheet


def test_there_is_nothing_to_choose_from_where_nothing_is_known(tiny_templates: Path, tiny_view: View) -> None:
    """A question whose list is empty is one for any text."""
    edit(tiny_templates / REGISTER, 'choices: \'["Envoy", "1.10"]\'', "choices: '[]'")
    sheet = openpyxl.load_workbook(BytesIO(render(tiny_view, tiny_templates, REGISTER).content))["Answers"]
    assert [validation.type for validation in sheet.data_validations.dataValidation] == ["list", None, "date", None]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("\"'Write the day.'\"", "\"'a' * 225\"", None),
        ("\"'Write the day.'\"", "\"'a' * 226\"", "gives a text of 226 characters; what is told beside a cell holds 225"),
        (
            '"<24 h>", "A & B"',
            '"A & B", "<24 h>"',
            f"'A & B' {NO_LIST} 'Offices'",
        ),
        ("lists: Offices", "lists: Ofices", "no sheet with a table is called 'Ofices' (did you mean 'Offices'?)"),
        ("lists: Offices\n", "", "answers are chosen, so 'lists' has to name the sheet in which the choices stand"),
        ("since: about.published.earliest", "since: about.title", "gives a str, not a day"),
        ("free: true", "since: about.published.earliest", "an answer is chosen, or a day, not both"),
        ("since: about.published.earliest", "free: true", "'free' is for an answer with choices; without them, it is free anyway"),
        ("width: 30, answer", "width: 30, value: row, answer", "a column has either a value, or an answer to wait for"),
        ("width: 30, answer", "width: 30, marked: '[]', answer", "'marked' is for a value, and the column waits for an answer"),
        (
            "part: evidence\n",
            "part: Evidence\n",
            f"'Evidence' {NO_NAME}",
        ),
    ],
)
def test_what_can_not_be_asked_has_its_place(
    old: str, new: str, expected: str | None, problems: Callable[[str, str], list[str]], tiny_templates: Path, tiny_view: View
) -> None:
    """What Excel has no room for, a list that is nowhere, and a question that contradicts itself, are problems at their place."""
    if expected is None:
        edit(tiny_templates / REGISTER, old, new)
        assert render(tiny_view, tiny_templates, REGISTER).content
        return
    (problem,) = problems(old, new)
    assert problem.partition(": ")[2] == expected
