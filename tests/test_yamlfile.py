"""YAML files: all text, every value with its place, and refusals that name theirs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reports import yamlfile
from reports.errors import NOT_TEXT, ReportsError, character_name
from reports.yamlfile import LONGEST_VALUE, MAX_DEPTH, MOST_PROBLEMS, YamlFile, to_yaml
from reports.yamlsyntax import OPENING

LIST = "; a list has a ']' at its end"
QUOTED = ("Ђурђевак", "no", "<<", "č: ž", "# no comment", "*a", "&a", "'", '"', "- x", " ", "\t", "a\nb")
PLAIN = ("no", "1.10", "007", "1,2", "None", "~", "2010-04-22", "=1+1", "<24 h>", "0x10", "1_000", "12:30:45")


def problems(path: Path, text: str | bytes) -> list[str]:
    """Return the problems of a file with *text*, without the file's path."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ReportsError) as error:
        YamlFile(path)
    return [str(problem).replace(f"{path}:", "").strip() for problem in error.value.problems]


def no_place_for(character: str) -> str:
    return f"the character {character_name(character)} has no place in a text; remove it"


def test_scalars_stay_text(tmp_path: Path) -> None:
    """A text is the text that was written, whatever it looks like, between quotes or without."""
    for text in QUOTED:
        (tmp_path / "a.yaml").write_text(yaml.safe_dump({"key": text}, allow_unicode=True), "utf-8")
        assert YamlFile(tmp_path / "a.yaml").data == {"key": text}
    for text in PLAIN:
        (tmp_path / "a.yaml").write_text(f"key: {text}\nlist: [{text}]\n", "utf-8")
        assert YamlFile(tmp_path / "a.yaml").data == {"key": text, "list": text.split(",")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [b\n", [f"1:4: {OPENING.format('[')}{LIST}"]),
        ("a: [", [f"1:4: {OPENING.format('[')}{LIST}"]),
        ("a: b: c\n", ["1:5: the text has a colon in it; put all of it in quotes"]),
        ("a: 'x\n", ['1:4: the quote that opens here is never closed; put a text that has a \' in it between " and "']),
        ("a:\n\t- b\n", ["2:1: a tab stands where spaces are needed; indent by spaces"]),
        ("a: [č, '\U0001f600', *b]\n", [f"1:13: {OPENING.format('*')}: the alias '*b' is not allowed here"]),
        ("a: &x b", [f"1:4: {OPENING.format('&')}: the anchor '&x' is not allowed here"]),
        ("&x a: b", [f"1:1: {OPENING.format('&')}: the anchor '&x' is not allowed here"]),
        (
            "- &x b\n- *x",
            [
                f"1:3: {OPENING.format('&')}: the anchor '&x' is not allowed here",
                f"2:3: {OPENING.format('*')}: the alias '*x' is not allowed here",
            ],
        ),
        ("a: !!str b", [f"1:4: {OPENING.format('!')}: the tag 'tag:yaml.org,2002:str' is not allowed here"]),
        ("!!str a: b", [f"1:1: {OPENING.format('!')}: the tag 'tag:yaml.org,2002:str' is not allowed here"]),
        ("a: 1\nb: 2\na: 3", ["3:1: the key 'a' stands here twice"]),
        ("? [a]\n: b", ["1:3: a key must be plain text"]),
        ("---\na\n---\nb", ["3:1: a file is read up to a second '---'; remove this line"]),
        ("", ["the file is empty"]),
        ("# only a comment\n", ["the file is empty"]),
        ("a: \x07b\nc: \x00", [f"1:4: {no_place_for(chr(7))}", f"2:4: {no_place_for(chr(0))}"]),
        ("a: 1\rb: \x07", [f"2:4: {no_place_for(chr(7))}"]),
        # What YAML 1.1 counts as the end of a line and an editor does not would move every line number after it.
        *((f"# {character}\na: *x", [f"1:3: {no_place_for(character)}"]) for character in "\u2028\u2029\x85"),
        (b"a: 1\nb: \xe8\n", ["2:4: byte 0xe8 is not UTF-8; save the file as UTF-8"]),
        ("č: ž".encode("utf-16"), ["1:1: byte 0xff is not UTF-8; save the file as UTF-8"]),
        (b"\xef\xbb\xbfa: *x", [f"1:4: {OPENING.format('*')}: the alias '*x' is not allowed here"]),
    ],
)
def test_what_is_not_plain_yaml_is_refused(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    """Wrong syntax, indirection, keys given twice and bytes that are no text are problems at their line and column."""
    assert problems(tmp_path / "a.yaml", text) == expected


@pytest.mark.parametrize("opening", ["[", "- ", "a: {", "{a: "])
def test_nesting_without_end_is_a_problem(tmp_path: Path, opening: str) -> None:
    """A hundred thousand opening brackets end as a problem, not as a crash of the parser."""
    (found,) = problems(tmp_path / "a.yaml", opening * 100_000)
    assert f"nested deeper than {MAX_DEPTH} levels" in found or OPENING.format(opening[-1]) in found


@pytest.mark.parametrize(
    ("text", "first", "number"),
    [
        ("\0" * 1000, f"1:1: {no_place_for(chr(0))}", MOST_PROBLEMS),
        ("- a\u200b\n" * 1000, f"1:4: {no_place_for(chr(0x200B))}", MOST_PROBLEMS),
        ("- *a\n" * 1000, f"1:3: {OPENING.format('*')}: the alias '*a' is not allowed here", MOST_PROBLEMS),
        ("[" + "a," * 2000 + "]", "1:2000: holds more than 1000 values, the most that one file may have", 1),
        ("{" + "a: ," * 500 + "}", "1:6: the key 'a' stands here twice", MOST_PROBLEMS),
        ("a: " + "b" * 30_000, "1:4: has 30000 characters; a text has 20000 at most", 1),
        (f"? {'b' * 30_000}\n: c", "1:3: has 30000 characters; a text has 20000 at most", 1),
        ("a: " + "b" * 20_000_000, "is larger than 20 MB, the most that we read", 1),
    ],
    ids=["binary", "invisible", "aliases", "list", "keys", "text", "key", "file"],
)
def test_a_long_file_has_few_problems(tmp_path: Path, text: str, first: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fills a file, its reading ends, with so many problems as a person reads."""
    monkeypatch.setattr(yamlfile, "MOST_VALUES", 1000)
    found = problems(tmp_path / "a.yaml", text)
    assert (found[0], len(found)) == (first, number)


def test_what_just_fits_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest text, and the most values, are none too many."""
    monkeypatch.setattr(yamlfile, "MOST_VALUES", 1000)
    (tmp_path / "a.yaml").write_text(f"a: {'b' * LONGEST_VALUE}\nc: [{'d,' * 997}]", "utf-8")
    data: Any = YamlFile(tmp_path / "a.yaml").data
    assert (len(data["a"]), len(data["c"])) == (LONGEST_VALUE, 997)


def test_a_file_lies_in_its_folder(tmp_path: Path) -> None:
    """A link out of the file's folder, or out of the folder that it is read for, is not followed."""
    (tmp_path / "data").mkdir()
    (tmp_path / "a.yaml").write_text("a: b", "utf-8")
    (tmp_path / "data" / "link.yaml").symlink_to("../a.yaml")
    assert YamlFile(tmp_path / "data" / "link.yaml", tmp_path).data == {"a": "b"}
    with pytest.raises(ReportsError, match="outside the folder 'data'"):
        YamlFile(tmp_path / "data" / "link.yaml")


def test_places_of_values_keys_and_texts_within(tmp_path: Path) -> None:
    """A value, its key, and a text within a folded value are found; what is not there has the place of what is around it."""
    # As saved on Windows, with a byte order mark: the places are those of any other system.
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa:\r\n  - b: >-\r\n      one two\r\n\r\n      three @x four\r\n    c: d\r\n")
    file = YamlFile(tmp_path / "a.yaml")
    assert file.data == {"a": [{"b": "one two\nthree @x four", "c": "d"}]}

    def place(*keys: str | int, **options: Any) -> str:
        return str(file.locate(keys, **options)).removeprefix(f"{tmp_path / 'a.yaml'}:")

    assert (place(), place("a", 0), place("a", 0, "b"), place("a", 0, "b", key=True)) == ("1:1", "2:5", "2:8", "2:5")
    assert (place("a", 0, "b", within="@x"), place("a", 0, "b", within="nowhere")) == ("5:13", "2:8")
    assert place("a", 0, "b", within="d") == "2:8", "what stands after the value is not within it"
    assert (place("a", 0, "missing", within="@x"), place("a", 7, "b")) == ("2:5", "2:3")


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp"]).filter(lambda character: not NOT_TEXT.match(character))
TEXTS = st.text(CHARACTERS, max_size=30)
CONTENT = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12)


def nodes(node: yaml.Node, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], yaml.Node]]:
    """Yield every node within *node*, itself too, with the keys that lead to it."""
    yield keys, node
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from nodes(item, (*keys, index))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from nodes(value, (*keys, key.value))


@given(content=CONTENT, flow=st.sampled_from([True, False, None]), width=st.sampled_from([10, 80, 10_000]))
def test_what_is_written_is_read_and_found(tmp_path_factory: pytest.TempPathFactory, content: Any, flow: bool | None, width: int) -> None:
    """Any nested texts that YAML can write are read back equal, each found where PyYAML's composer in Python sees it."""
    path = tmp_path_factory.getbasetemp() / "generated.yaml"
    text = yaml.safe_dump(content, default_flow_style=flow, width=width, allow_unicode=True)
    path.write_text(text, "utf-8")
    file = YamlFile(path)
    assert file.data == content
    for keys, node in nodes(yaml.compose(text, Loader=yaml.BaseLoader)):
        place = file.locate(keys)
        assert (place.line, place.column) == (node.start_mark.line + 1, node.start_mark.column + 1)


@given(content=CONTENT)
def test_what_we_write_is_read(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    """Any nested texts come back as they were, also those that look like marks, numbers or comments."""
    path = tmp_path_factory.getbasetemp() / "written.yaml"
    twice = [content, content]  # which we do not write as an alias
    path.write_text(to_yaml(twice), "utf-8")
    assert YamlFile(path).data == twice


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Whoever opened it would wait for ever for somebody who writes into it."""
    os.mkfifo(tmp_path / "a.yaml")
    with pytest.raises(ReportsError, match=r"a\.yaml: is a pipe, and no file"):
        YamlFile(tmp_path / "a.yaml")
