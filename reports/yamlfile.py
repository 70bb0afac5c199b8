"""YAML as text values that know their line and column.

Every scalar stays text until a model types it: YAML itself would read `no` as false, `1.10` as 1.1 and `2010` as a number.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml

from reports.errors import NOT_TEXT, Location, Problem, ReportsError, character_name
from reports.files import decode, location_at, read_bytes, sha256
from reports.yamlsyntax import OPENING, TIGHT_DASH, Failure

Keys = tuple[str | int, ...]
Plain = str | list["Plain"] | dict[str, "Plain"]
Splice = tuple[int, int, str]  # from where to where in a text, and what stands there then
Known = Callable[[str], Plain | None]  # what gives the data of a file that was read before, by its digest

_LINE_END = re.compile(r"\r\n|\r|\n")
# Far beyond what people write, and little enough for a file to be read in seconds.
MOST_VALUES, MOST_PROBLEMS, LONGEST_VALUE = 1_000_000, 100, 20_000
MAX_DEPTH = 50  # libyaml's own composer overflows the stack at some 10,000.

# A '#' that cuts a text short behind it on its line, or on a line below that is blank before it.
CUT = re.compile(r"(?P<gap>[ \t]+|[ \t\n]*\n[ \t]*)#(?=\S)")
# `"C:\temp"` has a tab in it.
PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\(?=[A-Za-z])")


@dataclass(frozen=True)
class Part:
    """A value where it stands in a text: from the character *start* to *end*, behind its last one; comments and blank lines follow.

    *style* is YAML's sign for it: "", "'", '"', ">" or "|" for a text, "-" or ":" for a list or mapping in lines of its own, "[" or "{"
    for one in brackets. *entry* is where its key or dash stands, and *behind* what follows the colon or dash; a value in brackets, or of
    the whole file, begins at both. *parts* holds the values within by key or index.
    """

    start: int
    end: int
    style: str
    entry: int
    behind: int
    parts: Mapping[str | int, "Part"] = field(default_factory=dict)


class YamlFile:
    """The content of one YAML file: plain data, and the location of each part of it.

    *data* holds text, lists and dicts only, *text* is what stands in the file, with line ends as \\n, and *digest* the SHA-256 of its
    bytes. The file must lie in *folder*, by default its own. Raises ReportsError with every problem of encoding or syntax that can be seen
    at once. Tags, anchors and aliases are refused: data says what it means in place, and an alias can stand for a billion others. What is
    *known* of the file is not parsed again.
    """

    def __init__(self, path: Path, folder: Path | None = None, known: Known = lambda digest: None) -> None:
        self.path = path
        if path.is_fifo():  # to open one waits for somebody who writes into it
            raise ReportsError(Problem(Location(path), "is a pipe, and no file"))
        content = read_bytes(path, folder or path.parent)
        self.digest = sha256(content)
        self.text = decode(path, content)
        data = known(self.digest)
        self.data: Plain = parse(path, self.text) if data is None else data

    def locate(self, keys: Keys = (), within: str = "", key: bool = False) -> Location:
        """Return the location of the value at *keys*, or of the nearest part around it that exists.

        With *within*, the first place in that value's text where *within* stands; with *key*, the key rather than the value.
        """
        name, node, is_there = self._find(keys)
        if not is_there:
            within, key = "", False
        found = self.text.find(within, node.start_mark.index, node.end_mark.index) if within else -1
        if found >= 0:
            return location_at(self.path, self.text, found)
        mark = name.start_mark if key and name else node.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1)

    def has(self, keys: Keys) -> bool:
        """Return true if there is a value at *keys*."""
        return self._find(keys)[2]

    def source(self, keys: Keys) -> str:
        """Return the value at *keys*, or the nearest part around it that exists, as it stands in the file."""
        node = self._find(keys)[1]
        return self.text[node.start_mark.index : node.end_mark.index]

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """Return what the file holds with each of the *splices*, in which no two overlap, in the place of what stands there.

        All else stays as it is, to the byte; lines end as the first one of the file does. Raises ReportsError as read_bytes does, and if
        the file was saved since it was read.
        """
        content = read_bytes(self.path, self.path.parent)
        if sha256(content) != self.digest:
            raise ReportsError(Problem(Location(self.path), "was saved meanwhile: say it again"))
        raw = content.removeprefix(codecs.BOM_UTF8).decode()
        line_end = match[0] if (match := _LINE_END.search(raw)) else "\n"
        # Each of these is one character in our text.
        pairs = [match.start() - count for count, match in enumerate(re.finditer("\r\n", raw))]
        done, found = 0, content[: len(content) - len(content.removeprefix(codecs.BOM_UTF8))].decode()
        for start, end, new in sorted(map(self._narrowed, splices), key=itemgetter(0, 1)):
            first, last = (index + bisect_left(pairs, index) for index in (start, end))
            assert done <= first, "two edits of one place"
            found += raw[done:first] + new.replace("\n", line_end)
            done = last
        return (found + raw[done:]).encode()

    def _narrowed(self, splice: Splice) -> Splice:
        """Return *splice* without what stands there already at its beginning and at its end."""
        start, end, new = splice
        same = _shared(self.text[start:end], new)
        start, new = start + same, new[same:]
        same = _shared(self.text[start:end][::-1], new[::-1])
        return start, end - same, new[: len(new) - same]

    @cached_property
    def part(self) -> Part:
        """Return the value of the whole file, with every value within it."""
        return _part(self.text, self._root, 0, 0)

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
        return yaml.compose(self.text, Loader=yaml.CBaseLoader)


def parse(path: Path, text: str) -> Plain:
    """Return the data of a YAML file *path* that holds *text*; raises ReportsError as YamlFile does."""
    # Characters that nobody sees; among them are NEL, LS and PS, where libyaml begins a new line and no editor does.
    unseen = islice(NOT_TEXT.finditer(text), MOST_PROBLEMS)
    problems = [Problem(location_at(path, text, match.start()), _no_place_for(match[0])) for match in unseen]
    if problems:
        raise ReportsError(*problems)
    return _Builder(path, text).build()


def texts_in(data: Any, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Yield each text in plain *data*, at any depth, with the keys that lead to it."""
    if isinstance(data, str):
        yield keys, data
    for key, item in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from texts_in(item, (*keys, key))


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


def _shared(one: str, other: str) -> int:
    """Return how many characters are the same at the beginning of both."""
    return next((place for place, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs), min(len(one), len(other)))


def _part(text: str, node: yaml.Node, entry: int, behind: int) -> Part:
    """Return *node* of *text* as a part, whose key or dash stands at *entry*, and what follows it from *behind* on."""
    start, end, parts = node.start_mark.index, node.end_mark.index, {}
    if isinstance(node, yaml.ScalarNode):
        style = node.style or ""
        if style in ("|", ">"):  # libyaml counts the blank lines below to it; with "+" they are
            end = end - 1 if "+" in text[start : start + 3] else start + len(text[start:end].rstrip())
        return Part(start, end, style, entry, behind)
    if isinstance(node, yaml.MappingNode):
        style = "{" if node.flow_style else ":"
        for key, value in node.value:
            parts[key.value] = _part(text, value, key.start_mark.index, text.index(":", key.end_mark.index) + 1)
    else:
        style = "[" if node.flow_style else "-"
        for index, item in enumerate(node.value):
            dash = item.start_mark.index if node.flow_style else _dash(text, item.start_mark.index, node.start_mark.column)
            parts[index] = _part(text, item, dash, dash if node.flow_style else dash + 1)
    if parts and not node.flow_style:  # libyaml ends it where the next token begins
        end = max(part.end for part in parts.values())
    return Part(start, end, style, entry, behind, parts)


def _dash(text: str, index: int, column: int) -> int:
    """Return where the dash of an item stands that begins at *index* of *text*; those of its list stand in this *column*."""
    line = text.rfind("\n", 0, index) + 1
    while line + column >= index or text[line + column] != "-" or text[line : line + column].lstrip().startswith("#"):
        line = text.rfind("\n", 0, line - 1) + 1
    return line + column


def refusal(text: str) -> str:
    """Return what is wrong with the *text* of a value, however it is written; "" if it can stand in a file."""
    if len(text) > LONGEST_VALUE:
        return f"has {len(text)} characters; a text has {LONGEST_VALUE} at most"
    match = NOT_TEXT.search(text)  # by an escape, where it does not stand in the file
    return _no_place_for(match[0]) if match else ""


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
        if message := refusal(text):
            self._add(start, message)
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
