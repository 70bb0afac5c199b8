"""YAML as text values that know their line and column.

Every scalar stays text until a model types it: YAML itself would read `no` as false, `1.10` as 1.1 and `2010` as a number.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path

import yaml

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import decode, location_at, read_bytes, sha256

Keys = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]

# Far beyond what people write, and little enough for a file to be read in seconds.
MOST_VALUES, MOST_PROBLEMS, LONGEST_VALUE = 1_000_000, 100, 20_000
MAX_DEPTH = 50  # libyaml's own composer overflows the stack at some 10,000.


class YamlFile:
    """The content of one YAML file: plain data, and the location of each part of it.

    *data* holds text, lists and dicts only; *digest* is the SHA-256 of the bytes that were read. The file must lie in *folder*, by
    default its own. Raises ReportsError with every problem of encoding or syntax that can be seen at once. Tags, anchors and aliases
    are refused: data says what it means in place, and an alias can stand for a billion others.
    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self.path = path
        content = read_bytes(path, folder or path.parent)
        self.digest = sha256(content)
        self._text = decode(path, content)
        # Characters that nobody sees; among them are NEL, LS and PS, where libyaml begins a new line and no editor does.
        unseen = islice(NOT_TEXT.finditer(self._text), MOST_PROBLEMS)
        problems = [Problem(location_at(path, self._text, match.start()), _no_place_for(match[0])) for match in unseen]
        if problems:
            raise ReportsError(*problems)
        self.data: Plain = _Builder(path, self._text).build()

    def locate(self, keys: Keys = (), within: str = "", key: bool = False) -> Location:
        """Return the location of the value at *keys*, or of the nearest part around it that exists.

        With *within*, the first place in that value's text where *within* stands; with *key*, the key rather than the value.
        """
        name, node = None, self._root
        for part in keys:
            if (child := _child(node, part)) is None:
                within, key = "", False
                break
            name, node = child
        found = self._text.find(within, node.start_mark.index, node.end_mark.index) if within else -1
        if found >= 0:
            return location_at(self.path, self._text, found)
        mark = name.start_mark if key and name else node.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1)

    @cached_property
    def _root(self) -> yaml.Node:
        return yaml.compose(self._text, Loader=yaml.CBaseLoader)


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

    def build(self) -> Plain:
        events = self._events()
        first = next(events, None)
        if first is None:
            raise ReportsError(Problem(Location(self.path), "the file is empty"))
        data = self._value(first, events, 0)
        if next(events, None) is not None:
            self.problems.append(Problem(Location(self.path), "holds more than one YAML document; remove the '---' lines"))
        if self.problems:
            raise ReportsError(*self.problems)
        return data

    def _events(self) -> Iterator[yaml.Event]:
        around = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        try:
            for event in yaml.parse(self.text, Loader=yaml.CBaseLoader):
                if not isinstance(event, around):
                    yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = " ".join(part for part in (error.problem, error.context) if part)
            self._add(mark, f"YAML syntax: {message}", stop=True)

    def _add(self, mark: yaml.Mark | None, message: str, stop: bool = False) -> None:
        # Not its line and column: libyaml puts the end of a file whose last line has no end on a line that is not there.
        location = location_at(self.path, self.text, mark.index) if mark else Location(self.path)
        self.problems.append(Problem(location, message))
        if stop or len(self.problems) >= MOST_PROBLEMS:
            raise ReportsError(*self.problems) from None

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Plain:
        """Return the value that begins with *event*, *depth* levels below the file's own."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._add(event.start_mark, f"holds more than {MOST_VALUES} values, the most that one file may have", stop=True)
        if depth > MAX_DEPTH:
            self._add(event.start_mark, f"nested deeper than {MAX_DEPTH} levels", stop=True)
        text = self._checked_text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = takewhile(lambda item: not isinstance(item, yaml.SequenceEndEvent), events)
            return [self._value(item, events, depth + 1) for item in items]
        return self._dict(events, depth + 1) if isinstance(event, yaml.MappingStartEvent) else text

    def _checked_text(self, event: yaml.Event) -> str:
        """Return the text of *event*, if it has one; adds the problems of an event that stands for others, and of its text."""
        if isinstance(event, yaml.AliasEvent):
            self._add(event.start_mark, f"the alias '*{event.anchor}' is not allowed here; write the value out")
        elif event.anchor:
            self._add(event.start_mark, f"the anchor '&{event.anchor}' is not allowed here")
        elif event.tag and event.tag != "!":
            self._add(event.start_mark, f"the tag '{event.tag}' is not allowed here")
        text: str = getattr(event, "value", "")
        if len(text) > LONGEST_VALUE:
            self._add(event.start_mark, f"has {len(text)} characters; a text has {LONGEST_VALUE} at most")
        if match := NOT_TEXT.search(text):  # by an escape, since it does not stand in the file
            self._add(event.start_mark, _no_place_for(match[0]))
        return text

    def _dict(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Plain]:
        fields: dict[str, Plain] = {}
        for event in takewhile(lambda event: not isinstance(event, yaml.MappingEndEvent), events):
            if not isinstance(event, yaml.ScalarEvent):
                self._add(event.start_mark, "a key must be plain text", stop=True)
            name = self._checked_text(event)
            if name in fields:
                self._add(event.start_mark, f"the key '{name}' stands here twice")
            fields[name] = self._value(next(events), events, depth)
        return fields
