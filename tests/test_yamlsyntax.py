"""The true cause of a text that is no YAML: each mistake that people make, at its place and in their words."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.yamlfile import YamlFile
from reports.yamlsyntax import OPENING, TIGHT_DASH

COLON = "the text has a colon in it; put all of it in quotes"
QUOTES = "the text goes on after its quotes; put all of it in quotes, of the other kind than those in it"
BLANK = "the character U+00A0 (no-break space) stands where a space is needed; type a space instead"
INDENTATION = "the indentation does not agree with the lines above: the fields of a record stand one below the other"
TAB = "a tab stands where spaces are needed; indent by spaces"


def problems(folder: Path, text: str) -> list[str]:
    """Return the problems of a YAML file with *text*, without the file's path."""
    (folder / "a.yaml").write_text(text, "utf-8")
    try:
        YamlFile(folder / "a.yaml")
    except ReportsError as error:
        return [str(problem).removeprefix(f"{folder / 'a.yaml'}:") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("value", "column", "message"),
    [
        ("First contact: the envoys", 23, COLON),
        ("First contact:", 23, COLON),
        ('"Open Balkan" agreed', 10, QUOTES),
        ('"The "Open" Balkan"', 10, QUOTES),
        ("'it's'", 10, QUOTES),
        ("'Tis the season", 10, 'the quote that opens here is never closed; put a text that has a \' in it between " and "'),
        ('"Open', 10, "the quote that opens here is never closed; put a text that has a \" in it between ' and '"),
        (r'"C:\data"', 13, "a backslash between double quotes begins a code, and this is none; put the text between single quotes"),
        ("[Draft] First contact", 10, OPENING.format("[") + "; a list has a ']' at its end"),
        ("[Draft", 10, OPENING.format("[") + "; a list has a ']' at its end"),
        ("{a} b", 10, OPENING.format("{") + "; fields have a '}' at their end"),
        *((f"{sign} b", 10, OPENING.format(sign)) for sign in "@`%|>],}?-"),
        ("\N{NO-BREAK SPACE}b", 0, ""),
    ],
)
def test_what_is_wrong_with_a_value(value: str, column: int, message: str, tmp_path: Path) -> None:
    """Each sign that YAML keeps for itself is named where the value begins, a colon and a code where they stand."""
    text = f"- id: a\n  title: {value}\n  kind: c\n"
    assert problems(tmp_path, text) == ([f"2:{column}: {message}"] if message else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- id: a\n  title:\N{NO-BREAK SPACE}b\n  kind: c\n", f"2:9: {BLANK}"),
        ("title:\N{NO-BREAK SPACE}b\nkind: c\n", f"1:7: {BLANK}"),
        ("- id: a\n\N{NO-BREAK SPACE} kind: c\n", f"2:1: {BLANK}"),
        ("text: |-\n  \N{NO-BREAK SPACE}b\n\N{NO-BREAK SPACE}c\nkind: d\n", f"3:1: {BLANK}"),
        ("- id: a\n\tkind: b\n", f"2:1: {TAB}"),
        ("evidence:\n\t- a\n", f"2:1: {TAB}"),
        ("- id: a\n  kind:b\n  date: c\n", "2:8: a space is missing after the colon of 'kind'"),
        ("- id: a\n-id: b\n", f"2:2: {TIGHT_DASH}"),
        ("-id: a\n-id: b\n", f"2:1: {TIGHT_DASH}"),
        ("- id:a\n  kind: b\n", "1:6: a space is missing after the colon of 'id'"),
        ("-id: a\n  kind: b\n", f"1:2: {TIGHT_DASH}"),
        ("-\N{NO-BREAK SPACE}id: a\n  kind: b\n", f"1:2: {BLANK}"),
        ("- id: a\n  text: b\n\N{NO-BREAK SPACE}    kind: c\n  - d: e\n", f"3:1: {BLANK}"),
        ("- id: a\n    kind: b\n", "2:5: 'kind' is indented further than the field above it, and so a part of its text; indent both alike"),
        ("text: They met\n  in the town: b\n", f"2:14: {COLON}"),
        ("text: They met\n  [later]: b\n", f"2:10: {COLON}"),
        ("- id: a\n kind: b\n", f"2:2: {INDENTATION}"),
        ("- id: a\n  kind: b\n - id: c\n", f"3:2: {INDENTATION}"),
        ("id: a\nkind\ndate: c\n", "2:1: this is neither 'name: value' nor indented further than the text above, to be a part of it"),
        ("a: 'b\nc: it's\nd: e", "1:4: the quote that opens here is closed in line 2 only; close it where the text ends"),
        ("a: b\n  # c\n  d\n", "2:3: a comment ends the text above it, which goes on below; put the comment before the text"),
        ("a: *b c\nd: e\n", f"1:4: {OPENING.format('*')}: the alias '*b' is not allowed here"),
        ("a: ! b\n", f"1:4: {OPENING.format('!')}: the tag '!' is not allowed here"),
        ('a: "C:\\temp"\n', "1:7: a backslash between double quotes begins a code; put the text between single quotes"),
    ],
)
def test_what_is_wrong_between_lines(text: str, expected: str, tmp_path: Path) -> None:
    """Blanks, tabs, dashes, colons and indentation are named where they are, not where libyaml stumbles; each once."""
    assert problems(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("title: Meeting #5 of the council\nkind: a #why\n", ["1:16", "2:9"]),
        ("title: #5 of the council\n", ["1:8"]),
        ("text: See the next\n  line\n  #5 of it\nkind: b\n", ["3:3"]),
        ("- a #5\n- b\n\n  #6\n- 'c' #7\n- [d #8\n  ]\n", ["1:5", "4:3", "6:6"]),
        ("key: true # why\nkind: b  # 5\n#date: c\nlist:\n  #- a\n  - b#c\nother: {a: b} #c\nlast: c\n#end", []),
        ("text: |\n  a #5\n  #6\nmore: 'b #7'\n", []),
    ],
)
def test_a_comment_that_cuts_a_text(text: str, places: list[str], tmp_path: Path) -> None:
    """A '#' that cuts a text short is a problem at its column; a comment as people write them is none, nor a field taken out by one."""
    found = problems(tmp_path, text)
    assert [problem.partition(": ")[0] for problem in found] == places
    assert all("is a comment here, and no part of the text; put all of the text in quotes" in problem for problem in found)
