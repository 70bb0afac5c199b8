"""Edits of a YAML file: what is put reads back, and nothing else changes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reports.errors import ReportsError
from reports.yamledit import Append, Edit, Put, Remove, edited
from reports.yamlfile import Keys, Part, Plain, YamlFile, to_yaml
from tests.conftest import PROJECT

BASE = """\
# yaml-language-server: $schema=x.json
- id: a  # the first
  date: '2006'
  ids: [one, "two", three]  # three
  text: >-
    The quick brown fox jumped over the lazy dog that slept below the old bridge near the river, in the early hours of
    a day in May. It was seen by nobody, or so it was thought then; the papers of the day did not mention it, or if they
    did, nobody kept them until today.

# about b
- id: b
  note: plain
  # about the list
  evidence:
    # about the nato item
    - source: nato
      locator: page 1
    - source: un
      gives: {date: 2006, title: "X"}
  prose: |-
    One paragraph of text that goes on for a while, so that it comes near the end of a line as this one does here, yes
    and goes on.

    - An item of a list
    - Another item

- id: c
  empty:
  none: []
"""


def file_of(tmp_path: Path, text: str | bytes) -> YamlFile:
    path = tmp_path / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return YamlFile(path)


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that are no more, and those that are new."""
    old, new = before.split("\n"), after.split("\n")
    codes = [code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"]
    return [line for code in codes for line in old[code[1] : code[2]]], [line for code in codes for line in new[code[3] : code[4]]]


LONG = "a text of more than a hundred characters, which nobody would write on one line with a key and a colon in front of it"


@pytest.mark.parametrize(
    ("edit", "gone", "new"),
    [
        (Put((0, "id"), "z"), ["- id: a  # the first"], ["- id: z  # the first"]),
        (Put((0, "id"), LONG), ["- id: a  # the first"], [f"- id: {LONG}  # the first"]),
        (Put((0, "date"), "it's"), ["  date: '2006'"], ["  date: 'it''s'"]),
        (Put((0, "ids", 0), "a, b"), ['  ids: [one, "two", three]  # three'], ["  ids: ['a, b', \"two\", three]  # three"]),
        (Put((0, "ids", 1), 'a"b'), ['  ids: [one, "two", three]  # three'], ['  ids: [one, "a\\"b", three]  # three']),
        (Put((0, "ids"), ["two", "x"]), ['  ids: [one, "two", three]  # three'], ['  ids: ["two", x]  # three']),
        (Remove((0, "ids", 2)), ['  ids: [one, "two", three]  # three'], ['  ids: [one, "two"]  # three']),
        (Append((0, "ids"), "x", 0), ['  ids: [one, "two", three]  # three'], ['  ids: [x, one, "two", three]  # three']),
        (Put((1, "note"), "a: b"), ["  note: plain"], ["  note: 'a: b'"]),
        (Put((1, "note"), ""), ["  note: plain"], ["  note: ''"]),
        (Put((1, "note"), "x #y"), ["  note: plain"], ["  note: 'x #y'"]),
        (Put((1, "note"), "a\nb"), ["  note: plain"], ["  note: |-", "    a", "    b"]),
        (Put((1, "note"), LONG), ["  note: plain"], ["  note: >-", f"    {LONG}"]),
        (Put((1, "note"), ["x", "y"]), ["  note: plain"], ["  note: [x, y]"]),
        (Put((1, "evidence", 1, "gives", "date"), "2007"), None, ['      gives: {date: 2007, title: "X"}']),
        (Remove((1, "evidence", 1, "gives", "date")), None, ['      gives: {title: "X"}']),
        (Put((1, "evidence", 1, "gives", "end"), "x"), None, ['      gives: {date: 2006, title: "X", end: x}']),
        (Remove((1, "evidence", 0)), ["    # about the nato item", "    - source: nato", "      locator: page 1"], []),
        (Remove((1, "evidence", 1)), ["    - source: un", '      gives: {date: 2006, title: "X"}'], []),
        (Remove((1, "evidence", 0, "source")), ["    - source: nato", "      locator: page 1"], ["    - locator: page 1"]),
        (Remove((1, "note")), ["  note: plain"], []),
        (Append((1, "evidence"), {"source": "x", "about": ["y"]}), [], ["    - source: x", "      about: [y]"]),
        (Append((1, "evidence"), {"source": "x"}, 1), [], ["    - source: x"]),
        (Put((1, "kind"), "k", ("id", "kind", "note")), [], ["  kind: k"]),
        (Put((2, "empty"), "x"), ["  empty:"], ["  empty: x"]),
        (Append((2, "none"), {"a": "b", "c": [{"d": "e"}]}), ["  none: []"], ["  none:", "    - a: b", "      c:", "        - d: e"]),
        (Append((2, "more"), "x"), [], ["  more: [x]"]),
        (Append((), {"id": "d"}), [], ["- id: d", ""]),
        (Append((), {"id": "d"}, 1), [], ["", "- id: d"]),
        (Remove((2,)), ["- id: c", "  empty:", "  none: []", ""], []),
        (Put((0, "text"), "Now."), None, ["    Now."]),
    ],
)
def test_an_edit_changes_the_lines_of_its_value(edit: Edit, gone: list[str] | None, new: list[str], tmp_path: Path) -> None:
    """A value keeps its style and its comments, in lines or in brackets; what it is next to stays."""
    after = edited(file_of(tmp_path, BASE), [edit]).decode()
    found = changed_lines(BASE, after)
    assert found[1] == new
    assert gone is None or found[0] == gone


def test_a_block_is_broken_again_from_the_change_to_where_the_words_meet(tmp_path: Path) -> None:
    """Lines before the first change stay, and lines after the last one as soon as one begins with the same words."""
    file = file_of(tmp_path, BASE)
    data: Any = file.data
    text = data[0]["text"]
    for old, new, lines in (
        ("a day in May", "a day in Mai", 1),
        ("until today", "to this day", 1),
        ("a day in May", "a day of the year of the big flood, in May", 2),
        ("nobody kept them", "nobody kept them, or wanted to, in their houses or in the library of the town by the lake,", 1),
        ("The quick", "A quick", 1),
    ):
        gone, found = changed_lines(BASE, edited(file, [Put((0, "text"), text.replace(old, new))]).decode())
        assert (len(gone), max(map(len, found)) <= 120) == (lines, True)
    prose = data[1]["prose"]
    gone, found = changed_lines(BASE, edited(file, [Put((1, "prose"), prose.replace("for a while", "for quite a long while"))]).decode())
    assert len(gone) == len(found) == 2
    assert "    - An item of a list" not in gone


def test_several_edits_of_one_file_are_made_at_once(tmp_path: Path) -> None:
    """Their keys are those of the file as it was read; a record that is moved is removed and added."""
    file = file_of(tmp_path, BASE)
    data: Any = file.data
    moved = data[0]
    edits: list[Edit] = [
        Remove((0,)),
        Append((), moved),
        Put((1, "id"), "b2"),
        Remove((1, "evidence", 0)),
        Remove((1, "evidence", 1)),
        Remove((2, "none")),
    ]
    after = edited(file, edits).decode()
    assert after.startswith("# yaml-language-server: $schema=x.json\n# about b\n- id: b2\n")
    assert "  evidence: []\n" in after
    assert after.endswith("\n\n" + "\n".join(line.split("  #")[0] for line in BASE.split("\n")[1:2]) + "\n" + after.split("- id: a\n")[1])
    assert file_of(tmp_path, after).data == [{**data[1], "id": "b2", "evidence": []}, {"id": "c", "empty": ""}, moved]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("old", ["1", "'1'", '"1"'])
def test_ends_of_lines_and_the_mark_of_the_file_stay(mark: bytes, old: str, tmp_path: Path) -> None:
    """Line ends stay what they are, each, and new lines end as the first one."""
    content = f"# č\r\na: x\nb:\r\n  - edition: {old}   # the first\r\n    c: 1\n"
    file = file_of(tmp_path, mark + content.encode())
    new = old.replace("1", "12")
    assert edited(file, [Put(("b", 0, "edition"), "12")]) == mark + content.replace(f"edition: {old}", f"edition: {new}").encode()
    added = edited(file, [Append(("b",), {"edition": "2"}), Put(("a",), "y")])
    assert added == mark + content.replace("a: x", "a: y").replace("c: 1\n", "c: 1\r\n  - edition: 2\n").encode()
    assert edited(file_of(tmp_path, mark + old.encode()), [Put((), "12")]) == mark + new.encode()


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("a: >-  # why\n  b\n", Put(("a",), "c d"), "a: >-  # why\n  c d\n"),
        ("a: |\n  b\n\nc: x\n", Put(("a",), "c d\n"), "a: |\n  c d\n\nc: x\n"),
        ("a: |\n  b\nc: x\n", Put(("a",), "c d"), "a: |-\n  c d\nc: x\n"),
        ("a: b\n c\n", Put(("a",), "c d"), "a: c d\n"),
        ("a:\n- x", Append(("a",), {"k": ["v w"]}), "a:\n- x\n- k:\n  - v w"),
        ("a: x  # note\n", Put(("a",), {"b": "c"}), "a:  # note\n  b: c\n"),
        ("a: |+\n  b\n\nc: x\n", Remove(("c",)), "a: |+\n  b\n\n"),
        ("- - 1\n  - 2\n- 3\n", Remove((0, 0)), "- - 2\n- 3\n"),
        ("- - 1\n- 3\n", Append((0,), "0", 0), "- - 0\n  - 1\n- 3\n"),
        ("a: [\n  x, # one\n  y\n]\n", Append(("a",), "z"), "a: [\n  x, # one\n  y, z\n]\n"),
        ("a: 1\n\n# end", Put(("b c: d",), "#", ("b c: d", "a")), "'b c: d': '#'\na: 1\n\n# end"),
        ("x: |-\n  # no comment\ny:\n  # one\n  - 1\n  - 2\n", Remove(("y", 0)), "x: |-\n  # no comment\ny:\n  - 2\n"),
        ("# file\n- 1\n- 2\n", Remove((0,)), "# file\n- 2\n"),
        ("x\n", Put((), "y: z"), "'y: z'\n"),
        ("- a\n- b\n", Put((), ["b", "c"]), "- b\n- c\n"),
    ],
)
def test_an_edit_fits_its_file(before: str, edit: Edit, after: str, tmp_path: Path) -> None:
    """Headers of blocks, comments and the end of the file are what they were, wherever a value stands."""
    assert edited(file_of(tmp_path, before), [edit]).decode() == after


def test_a_file_that_was_saved_meanwhile_is_left(tmp_path: Path) -> None:
    """What was read is not what is there: a located problem, and so is a text that no file can hold."""
    file = file_of(tmp_path, "a: 1\n")
    with pytest.raises(ReportsError, match=r"a\.yaml:1:4: the character U\+0007"):
        edited(file, [Put(("a",), "x\a")])
    with pytest.raises(ReportsError, match=r"a\.yaml:1:4: has 20001 characters"):
        edited(file, [Put(("a",), "x" * 20_001)])
    file.path.write_bytes(b"# Two\n1")
    with pytest.raises(ReportsError, match="saved meanwhile"):
        edited(file, [Put(("a",), "12")])


def scalars(part: Part, data: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Part, str]]:
    """Yield the keys, the part and the text of every text in *data*."""
    if isinstance(data, str):
        yield keys, part, data
    for key, child in part.parts.items():
        yield from scalars(child, data[key], (*keys, key))


REAL = sorted(path for path in (PROJECT / "data").rglob("*.yaml") if "editions" not in path.parts)


def around(file: YamlFile, places: Sequence[Keys]) -> list[str]:
    """Return the text of *file* between the values at *places*."""
    ends = [0]
    for _, part, _ in (found for found in scalars(file.part, file.data) if found[0] in set(places)):
        ends += [part.start, part.end]
    return [file.text[start:end] for start, end in zip(ends[::2], [*ends[1::2], None], strict=True)]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_text_of_the_data_can_be_edited(path: Path, tmp_path: Path) -> None:
    """A word more in each text, every third at once, reads back, and what stands between these texts is as it was."""
    file = YamlFile(path)
    found = list(scalars(file.part, file.data))
    assert len(found) > 5
    for first in range(3):
        chosen = {keys: text for keys, _, text in found[first::3]}
        edits = [Put(keys, f"{text} more" if number % 2 else f"More: {text}") for number, (keys, text) in enumerate(chosen.items())]
        after = file_of(tmp_path, edited(file, edits))
        assert around(after, list(chosen)) == around(file, list(chosen))
        values = {keys: text for keys, _, text in scalars(after.part, after.data)}
        assert [softened(values[edit.keys]) for edit in edits] == [softened(edit.value) for edit in edits]


TEXT = st.one_of(
    st.text(st.sampled_from("ab #:-'\"[]{},&*!|>%@`?č\\\n\t~=.1"), max_size=12),
    st.lists(st.sampled_from(["word", "another", "č", "-", "1.", "*x*", "a: b", "long" * 8]), max_size=40).map(" ".join),
)
CONTENT = st.recursive(
    TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3), max_leaves=8
)


def places(data: Plain, keys: Keys = ()) -> Iterator[tuple[Keys, Plain]]:
    yield keys, data
    if not isinstance(data, str):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(part, (*keys, key))


def softened(data: Any) -> Any:
    """Return *data* with one space wherever there is space: in long lines of several, spaces may become line breaks."""
    if isinstance(data, str):
        return " ".join(data.split()) if "\n" in data or len(data) > 60 else data
    return {key: softened(part) for key, part in data.items()} if isinstance(data, dict) else [softened(part) for part in data]


def put(data: Any, keys: Sequence[Any], value: Any) -> Any:
    """Return *data* with *value* at *keys*."""
    if not keys:
        return value
    copy = data.copy()
    copy[keys[0]] = put(data[keys[0]], keys[1:], value)
    return copy


STYLES = st.sampled_from(["block", "flow", "mixed", "ours"])


@settings(max_examples=300, deadline=None)
@given(content=CONTENT, new=CONTENT, style=STYLES, ends=st.sampled_from(["\n", "\r\n"]), choice=st.data())
def test_any_value_can_be_put_removed_and_added_anywhere(
    tmp_path_factory: pytest.TempPathFactory, content: Plain, new: Plain, style: str, ends: str, choice: st.DataObject
) -> None:
    """Whatever the data and however they are written, an edit reads back as if it had been made to the data."""
    import yaml

    flow = {"block": False, "flow": True, "mixed": None}
    text = to_yaml(content) if style == "ours" else yaml.safe_dump(content, default_flow_style=flow[style], width=40, allow_unicode=True)
    assume(not re.search(r"[a-z]:\\[nt]", text))  # which is refused as a path
    file = file_of(tmp_path_factory.getbasetemp(), text.replace("\n", ends))
    keys, old = choice.draw(st.sampled_from(list(places(content))))
    expected: Any = put(content, keys, new)
    edit: Edit = Put(keys, new)
    kind = choice.draw(st.sampled_from(["put", "remove", "append", "add"]))
    if kind == "remove" and keys:
        parent: Any = dict(places(content))[keys[:-1]]
        less = parent.copy()
        del less[keys[-1]]
        expected, edit = put(content, keys[:-1], less), Remove(keys)
    elif kind == "append" and isinstance(old, list):
        before = choice.draw(st.sampled_from([None, *range(len(old))]))
        more = list(old)
        more.insert(len(old) if before is None else before, new)
        expected, edit = put(content, keys, more), Append(keys, new, before)
    elif kind == "add" and isinstance(old, dict):
        expected, edit = (
            put(content, keys, {**old, "new": new}),
            Put((*keys, "new"), new, tuple(choice.draw(st.permutations(["a", "b", "new"])))),
        )
    file.path.write_bytes(edited(file, [edit]))
    assert softened(YamlFile(file.path).data) == softened(expected)


def test_an_item_stays_in_its_list_when_a_key_is_put_behind_that(tmp_path: Path) -> None:
    """Both are added at one place: the item first."""
    path = tmp_path / "a.yaml"
    path.write_text("- id: a\n  evidence:\n    - source: b\n- id: c\n", "utf-8")
    put = Put((0, "reading"), "It is so", ("id", "evidence", "reading"))
    content = edited(YamlFile(path), [put, Append((0, "evidence"), {"source": "d"})])
    assert content == b"- id: a\n  evidence:\n    - source: b\n    - source: d\n  reading: It is so\n- id: c\n"
