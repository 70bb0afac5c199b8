"""YAML as text values that know their line and column.

Every scalar stays text until a model types it: YAML itself would read `no` as false, `1.10` as 1.1 and `2010` as a number.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import yaml

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import decode, location_at, read_bytes, sha256
from reports.yamlsyntax import OPENING, TIGHT_DASH, Failure

Keys = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]
Known = Callable[[str], Plain | None]  # what gives the data of a file that was read before, by its digest

# Far beyond what people write, and little enough for a file to be read in seconds.
MOST_VALUES, MOST_PROBLEMS, LONGEST_VALUE = 1_000_000, 100, 20_000
MAX_DEPTH = 50  # libyaml's own composer overflows the stack at some 10,000.

# A '#' that cuts a text short behind it on its line, or on a line below that is blank before it.
CUT = re.compile(r"(?P<gap>[ \t]+|[ \t\n]*\n[ \t]*)#(?=\S)")
# `"C:\temp"` has a tab in it.
PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\(?=[A-Za-z])")


class YamlFile:
    """The content of one YAML file: plain data, and the location of each part of it.

    *data* holds text, lists and dicts only; *digest* is the SHA-256 of the bytes that were read. The file must lie in *folder*, by
    default its own. Raises ReportsError with every problem of encoding or syntax that can be seen at once. Tags, anchors and aliases
    are refused: data says what it means in place, and an alias can stand for a billion others. What is *known* of the file is not
    parsed again.
    """

    def __init__(self, path: Path, folder: Path | None = None, known: Known = lambda digest: None) -> None:
        self.path = path
        content = read_bytes(path, folder or path.parent)
        self.digest = sha256(content)
        self._text = decode(path, content)
        # Characters that nobody sees; among them are NEL, LS and PS, where libyaml begins a new line and no editor does.
        unseen = islice(NOT_TEXT.finditer(self._text), MOST_PROBLEMS)
        problems = [Problem(location_at(path, self._text, match.start()), _no_place_for(match[0])) for match in unseen]
        if problems:
            raise ReportsError(*problems)
        data = known(self.digest)
        self.data: Plain = _Builder(path, self._text).build() if data is None else data

    def locate(self, keys: Keys = (), within: str = "", key: bool = False) -> Location:
        """Return the location of the value at *keys*, or of the nearest part around it that exists.

        With *within*, the first place in that value's text where *within* stands; with *key*, the key rather than the value.
        """
        name, node, is_there = self._find(keys)
        if not is_there:
            within, key = "", False
        found = self._text.find(within, node.start_mark.index, node.end_mark.index) if within else -1
        if found >= 0:
            return location_at(self.path, self._text, found)
        mark = name.start_mark if key and name else node.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1)

    def source(self, keys: Keys) -> str:
        """Return the value at *keys*, or the nearest part around it that exists, as it stands in the file."""
        node = self._find(keys)[1]
        return self._text[node.start_mark.index : node.end_mark.index]

    def replaced(self, keys: Keys, value: str) -> bytes:
        """Return what the file holds with the plain text *value* in the place of the one at *keys*, which stands on one line.

        All else stays as it is, to the byte. Raises ReportsError as read_bytes does, and if the file was saved since it was read.
        """
        node, content = self._find(keys)[1], read_bytes(self.path, self.path.parent)
        if sha256(content) != self.digest:
            raise ReportsError(Problem(Location(self.path), "was saved meanwhile: say it again"))
        lines = content.removeprefix(codecs.BOM_UTF8).decode().splitlines(keepends=True)
        line, first, last = node.start_mark.line, node.start_mark.column, node.end_mark.column
        lines[line] = lines[line][:first] + value + lines[line][last:]
        return content[: len(content) - len(content.removeprefix(codecs.BOM_UTF8))] + "".join(lines).encode()

    def _find(self, keys: Keys) -> tuple[yaml.Node | None, yaml.Node, bool]:
        """Return the key, None in a list, and the value at *keys*, or of the nearest part around it; whether it is the one."""
        name, node = None, self._root
        for part in keys:
            if (child := _child(node, part)) is None:
                return name, node, False
            name, node = child
        return name, node, True

    @cached_property
    def _root(self) -> yaml.Node:
        return yaml.compose(self._text, Loader=yaml.CBaseLoader)


def to_yaml(data: Any) -> str:
    """Return plain *data* as the text of a YAML file, in which a text with several lines stands as it is."""
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    return text


class _Dumper(yaml.CSafeDumper):  # type: ignore[misc]
    """A writer of YAML without aliases, which we do not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent)
_Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))  # a field to fill in


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    """Return the key, None in a list, and the value at *part* of *node*; None if there is no such part."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == part), None)
    return None


def _no_place_for(character: str) -> str:
    return f"the character {character_name(character)} has no place in a text; remove it"


class _Builder:
    """A walk over the events of one file, which collects its problems."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self.values = 0
        self.last: yaml.Event = None

    def build(self) -> Plain:
        events = self._events()
        first = next(events, None)
        if first is None:
            raise ReportsError(Problem(Location(self.path), "the file is empty"))
        data = self._value(first, events, 0)
        if second := next(events, None):
            line = self.text.rfind("\n---", 0, second.start_mark.index) + 1
            self._add(line or second.start_mark.index, "a file is read up to a second '---'; remove this line")
        if self.problems:
            raise ReportsError(*self.problems)
        return data

    def _events(self) -> Iterator[yaml.Event]:
        around = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        try:
            for event in yaml.parse(self.text, Loader=yaml.CBaseLoader):
                if not isinstance(event, around):
                    self.last = event
                    yield event
        except yaml.MarkedYAMLError as error:
            at, since = (mark.index if mark else 0 for mark in (error.problem_mark, error.context_mark))
            last = (self.last.start_mark.index, self.last.end_mark.index) if self.last else (0, 0)
            failure = Failure(self.text, f"{error.problem} {error.context}", at, since, *last)
            index, message = failure.explain()
            if location_at(self.path, self.text, index).line not in {problem.location.line for problem in self.problems}:
                self._add(index, message)
            raise ReportsError(*self.problems) from None

    def _add(self, index: int, message: str, stop: bool = False) -> None:
        # No line and column of libyaml's: it puts the end of a file whose last line has no end on a line that is not there.
        self.problems.append(Problem(location_at(self.path, self.text, index), message))
        if stop or len(self.problems) >= MOST_PROBLEMS:
            raise ReportsError(*self.problems) from None

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int, left: int = 0) -> Plain:
        """Return the value that begins with *event*, *depth* levels below the file's own; all of it stands from the column *left* on."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._add(event.start_mark.index, f"holds more than {MOST_VALUES} values, the most that one file may have", stop=True)
        if depth > MAX_DEPTH:
            self._add(event.start_mark.index, f"nested deeper than {MAX_DEPTH} levels", stop=True)
        text = self._checked_text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = takewhile(lambda item: not isinstance(item, yaml.SequenceEndEvent), events)
            return [self._value(item, events, depth + 1, item.start_mark.column) for item in items]
        if isinstance(event, yaml.MappingStartEvent):
            return self._dict(events, depth + 1)
        self._check_ends(event, left)
        return text

    def _checked_text(self, event: yaml.Event) -> str:
        """Return the text of *event*, if it has one; adds the problems of an event that stands for others, and of its text."""
        start = event.start_mark.index
        if isinstance(event, yaml.AliasEvent):
            self._add(start, f"{OPENING.format('*')}: the alias '*{event.anchor}' is not allowed here")
        elif event.anchor:
            self._add(start, f"{OPENING.format('&')}: the anchor '&{event.anchor}' is not allowed here")
        elif event.tag:
            self._add(start, f"{OPENING.format('!')}: the tag '{event.tag}' is not allowed here")
        text: str = getattr(event, "value", "")
        if len(text) > LONGEST_VALUE:
            self._add(start, f"has {len(text)} characters; a text has {LONGEST_VALUE} at most")
        if match := NOT_TEXT.search(text):  # by an escape, since it does not stand in the file
            self._add(start, _no_place_for(match[0]))
        return text

    def _check_ends(self, event: yaml.Event, left: int) -> None:
        """Add the problem of a text that YAML has cut short at a '#', or in which it has read a backslash as a code."""
        style, start, end = getattr(event, "style", "|"), event.start_mark.index, event.end_mark.index
        if style == "" and (match := CUT.match(self.text, end)):
            gap = match["gap"]
            if "\n" not in gap or (start < end and len(gap) - gap.rindex("\n") - 1 >= left):
                cut = self.text[match.end() - 1 :].split("\n", 1)[0]
                message = f"'{cut}' is a comment here, and no part of the text; put all of the text in quotes, or a space after the '#'"
                self._add(match.end() - 1, message)
        if style == '"' and (match := PATH.search(self.text, start, end)):
            self._add(match.end() - 1, "a backslash between double quotes begins a code; put the text between single quotes")

    def _dict(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Plain]:
        fields: dict[str, Plain] = {}
        for event in takewhile(lambda event: not isinstance(event, yaml.MappingEndEvent), events):
            if not isinstance(event, yaml.ScalarEvent):
                self._add(event.start_mark.index, "a key must be plain text", stop=True)
            name = self._checked_text(event)
            if name in fields:
                tight = name.startswith("-") and event.style == ""
                self._add(event.start_mark.index, TIGHT_DASH if tight else f"the key '{name}' stands here twice")
            fields[name] = self._value(next(events), events, depth, event.start_mark.column + 1)
        return fields
