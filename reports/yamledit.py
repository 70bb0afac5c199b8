"""Edits of a YAML file's text at the places of its values: all else stays as it is, to the byte."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise, takewhile
from operator import itemgetter
from typing import Any

from reports.errors import Problem, ReportsError
from reports.files import decode
from reports.yamlfile import Keys, Part, Plain, Splice, YamlFile, parse, refusal, texts_in
from reports.yamlscalar import WIDTH, content_lines, fitted, indent_of, scalar, width_of

STEP = 2  # columns from the fields of a record to those of one within it
_IDS = re.compile(r"[\w.-]{1,40}")  # what stands in a list in brackets
_FLOW, _BLOCKS = ("[", "{"), ("|", ">")  # styles of lists and mappings in brackets, and of texts in lines
_TEXTS = ("", "'", '"', *_BLOCKS)
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Put:
    """The value at *keys* becomes *value*.

    If the last key is not in its mapping, it is added: behind the last of the keys that stand before it in *order*, in front of all if
    there is none; at the end if *order* does not name it.
    """

    keys: Keys
    value: Plain
    order: Sequence[str] = ()


@dataclass(frozen=True)
class Remove:
    """The key at *keys* goes with its value, or the item of a list, with the comments on its lines and directly above an item."""

    keys: Keys


@dataclass(frozen=True)
class Append:
    """The list at *keys*, made if need be, gets the item *value*: at its end, or in front of the item with the index *before*."""

    keys: Keys
    value: Plain
    before: int | None = None


Edit = Put | Remove | Append
_Groups = dict[Keys, list[Edit]]  # the edits by the list or mapping that they change


def edited(file: YamlFile, edits: Sequence[Edit]) -> bytes:
    """Return what *file* holds after all *edits*, whose keys refer to it as it was read.

    A text keeps its style where it can. The lines of a block stay up to the first change, and from where the words meet the old ones
    again. In a text of several lines, which is Markdown, what is put may come to be broken at a space. Raises ReportsError if the file
    was saved since it was read, and for a text that no file can hold.
    """
    _check(file, edits)
    whole, data = Part(0, 0, "", 0, 0, {0: file.part}), [file.data]  # as if the file were an item, so that all of it can be put too
    inner = [replace(edit, keys=(0, *edit.keys)) for edit in edits]
    inner = [edit if isinstance(edit, Remove) else replace(edit, value=_fitted(file.text, whole, edit)) for edit in inner]
    expected = _changed(data, (), _grouped(data, inner))
    fine = [part for edit in inner for part in _fine(edit, _value(data, edit.keys))]
    content = file.spliced(_Editor(file.text, whole).splices(_grouped(data, fine)))
    found = parse(file.path, decode(file.path, content))
    assert [found] == expected, f"{file.path} would not say what was put into it"
    return content


def _check(file: YamlFile, edits: Iterable[Edit]) -> None:
    texts = [(edit.keys, text) for edit in edits if not isinstance(edit, Remove) for _, text in texts_in(edit.value)]
    if problems := [Problem(file.locate(keys), message) for keys, text in texts if (message := refusal(text))]:
        raise ReportsError(*problems)


def _value(data: Plain, keys: Keys) -> Plain | None:
    """Return the value at *keys* of *data*; None if there is none."""
    for key in keys:
        if isinstance(data, dict) and key in data:
            data = data[str(key)]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data


def _part(whole: Part, keys: Keys) -> Part | None:
    """Return the part at *keys* within the *whole*; None if there is none."""
    found: Part | None = whole
    for key in keys:
        found = found.parts.get(key) if found else None
    return found


def _fitted(text: str, whole: Part, edit: Put | Append) -> Plain:
    """Return the value of *edit* with the long lines broken in its texts of several lines."""
    old = _part(whole, edit.keys)
    if old and isinstance(edit.value, str) and old.style in _BLOCKS:
        source = text[old.start : old.end]
        width = width_of(source) - indent_of(source, STEP)
        return edit.value if old.style == ">" else fitted(edit.value, width, content_lines(source))
    return _all_fitted(edit.value)


def _all_fitted(value: Plain) -> Plain:
    if isinstance(value, dict):
        return {key: _all_fitted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_all_fitted(part) for part in value]
    return fitted(value, WIDTH) if "\n" in value else value


def _fine(edit: Edit, old: Plain | None) -> Iterator[Edit]:
    """Yield the edits of the parts that *edit* changes in the *old* value."""
    if not isinstance(edit, Put) or type(edit.value) is not type(old) or isinstance(old, str) or not old or not edit.value:
        if not (isinstance(edit, Put) and edit.value == old):
            yield edit
    elif isinstance(old, dict) and isinstance(edit.value, dict):
        yield from (Remove((*edit.keys, key)) for key in old if key not in edit.value)
        order = tuple(edit.value)
        for key, value in edit.value.items():
            yield from _fine(Put((*edit.keys, key), value, order), old.get(key))
    else:
        yield from _fine_items(edit, list(old), list(edit.value))


def _fine_items(edit: Put, old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[Edit]:
    for _, start, end, first, last in SequenceMatcher(
        None, [repr(item) for item in old], [repr(item) for item in new], False
    ).get_opcodes():
        pairs = min(end - start, last - first)
        for index in range(pairs):
            yield from _fine(Put((*edit.keys, start + index), new[first + index]), old[start + index])
        yield from (Remove((*edit.keys, index)) for index in range(start + pairs, end))
        yield from (Append(edit.keys, item, end) for item in new[first + pairs : last])


def _grouped(data: Plain, edits: Iterable[Edit]) -> _Groups:
    """Return *edits* by the list or mapping that they change; one that is not there yet, or comes to be empty, is put as a whole."""
    groups: _Groups = defaultdict(list)
    for edit in edits:
        groups[edit.keys if isinstance(edit, Append) else edit.keys[:-1]].append(edit)
    for keys in sorted(groups, key=len, reverse=True):
        own, old = groups[keys], _value(data, keys) or ()
        gone = {edit.keys for edit in own if isinstance(edit, Remove)}
        if len(gone) == len(old):
            made: Plain = [] if isinstance(own[0], Append) else {}
            groups[keys[:-1]].append(Put(keys, _changed(old or made, keys, groups)))
            del groups[keys]
    return groups


def _changed(value: Plain, keys: Keys, groups: Mapping[Keys, Sequence[Edit]]) -> Plain:
    """Return what becomes of the *value* at *keys* by the edits in *groups*."""
    edits = groups.get(keys, ())
    put = {edit.keys[-1]: edit.value for edit in edits if isinstance(edit, Put)}
    gone = {edit.keys[-1] for edit in edits if isinstance(edit, Remove)}
    if isinstance(value, str):
        return value
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    kept: dict[Any, Plain] = {
        key: put[key] if key in put else _changed(part, (*keys, key), groups) for key, part in pairs if key not in gone
    }
    if isinstance(value, dict):
        return kept | put
    found: list[Plain] = []
    for index in range(len(value) + 1):
        appended = [edit for edit in edits if isinstance(edit, Append)]
        found += [edit.value for edit in appended if (len(value) if edit.before is None else edit.before) == index]
        found += [kept[index]] if index in kept else []
    return found


def _before(put: Put) -> list[str]:
    """Return the keys that stand before that of *put* in its order: all, if that does not name it."""
    return list(takewhile(lambda key: key != put.keys[-1], put.order))


class _Editor:
    """A writer of splices into one *text*, whose values are the parts of the *whole*, in the manner of the lists that it holds."""

    def __init__(self, text: str, whole: Part) -> None:
        self.text = text
        self.whole = whole
        self.margin = STEP  # columns from a key to the dashes of its list
        self.in_lines: set[str | int] = set()  # keys with lists in lines of their own
        self._learn(whole)

    def splices(self, groups: _Groups) -> Iterator[Splice]:
        # The innermost first: what is added at the end of a list comes before what is added behind the list.
        for keys, edits in sorted(groups.items(), key=lambda group: -len(group[0])):
            part = _part(self.whole, keys)
            assert part, f"there is no value at {keys[1:]}"
            for edit in edits:
                if isinstance(edit, Put) and edit.keys[-1] in part.parts:
                    yield self._replaced(part, edit.keys[-1], edit.value)
            gone = {edit.keys[-1] for edit in edits if isinstance(edit, Remove)}
            kept = {key: child for key, child in part.parts.items() if key not in gone}
            yield from (self._removed_from_line if part.style in _FLOW else self._removed)(part, kept)
            additions = sorted(self._additions(edits, part, kept), key=itemgetter(0))
            for place, key, value in additions:
                if part.style in _FLOW:
                    yield self._added_to_line(list(kept.values()), place, key, value)
                else:
                    yield self._added(part, list(kept.values()), place, key, value)

    def _learn(self, part: Part) -> None:
        for key, child in part.parts.items():
            if child.style == "-" and part.style == ":":
                self.margin = self._column(child.parts[0].entry) - self._column(child.entry)
                self.in_lines.add(key)
            self._learn(child)

    def _line(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        return end if (end := self.text.find("\n", index)) >= 0 else len(self.text)

    def _column(self, index: int) -> int:
        return index - self._line(index)

    def _head(self, part: Part, bound: int) -> int:
        """Return where the item *part* begins, with the comments directly above it and behind *bound*; those of the file are not its."""
        top = line = self._line(part.entry)
        while top > bound and self.text[self._line(top - 1) : top].lstrip().startswith("#"):
            top = self._line(top - 1)
        return top if top >= bound and top > 0 else line

    # -- what is replaced

    def _replaced(self, parent: Part, key: str | int, value: Plain) -> Splice:
        part = parent.parts[key]
        old = self.text[part.start : part.end]
        column = self._column(part.entry)
        is_flow = parent.style in _FLOW
        blank = " " if not old else ""
        comment = self.text[part.end : self._line_end(part.end)].rstrip()
        is_block = part.style in _BLOCKS
        if isinstance(value, str) and part.style in _TEXTS:
            indent = indent_of(old, column + STEP) if is_block else column + STEP
            block = is_block or not comment.lstrip().startswith("#")
            return part.start, part.end, blank + scalar(value, indent, part.style, old, is_flow, block)
        if is_flow:
            return part.start, part.end, blank + self._in_line(value)
        if parent is self.whole:
            return part.start, part.end, self._behind(value, -STEP, key).lstrip()
        new = self._behind(value, column, key)
        if comment and "\n" in new:  # else it would stand behind the last line
            head, rest = new.split("\n", 1)
            return part.behind, part.end + len(comment), f"{head}{comment}\n{rest}"
        return part.behind, part.end, new

    # -- what is removed

    def _removed_from_line(self, part: Part, kept: Mapping[str | int, Part]) -> Iterator[Splice]:
        children = list(part.parts.items())
        for place, (key, child) in enumerate(children):
            if key in kept:
                continue
            if any(later in kept for later, _ in children[place:]):
                yield child.entry, children[place + 1][1].entry, ""
            else:
                yield children[place - 1][1].end, child.end, ""

    def _removed(self, part: Part, kept: Mapping[str | int, Part]) -> Iterator[Splice]:
        children, bound = list(part.parts.items()), part.behind
        for place, (key, child) in enumerate(children):
            start = self._head(child, bound) if part.style == "-" else self._line(child.entry)
            bound, end = child.end, self._line_end(child.end)
            if key in kept:
                continue
            following = _BLANK_LINES.match(self.text, min(end + 1, len(self.text)))
            if not any(later in kept for later, _ in children[place:]):
                # Blank lines may be the end of the text before them.
                yield max(self._behind_text(start), children[place - 1][1].end), end, ""
            elif self.text[start : child.entry].split("\n")[-1].strip():  # behind the dash of an item
                after = children[place + 1]
                joins = after[0] in kept and not self.text[end : after[1].entry].strip()
                yield child.entry, after[1].entry if joins else end, ""
            else:
                yield start, following.end() if following else end, ""

    def _behind_text(self, line: int) -> int:
        """Return where the last line that is not blank ends before the *line* that begins there."""
        while line and not self.text[self._line(line - 1) : line].strip():
            line = self._line(line - 1)
        return max(line - 1, 0)

    # -- what is added

    def _additions(self, edits: Sequence[Edit], part: Part, kept: Mapping[str | int, Part]) -> Iterator[tuple[int, str | int, Plain]]:
        """Yield before which place of those *kept*, under what key, and what the *edits* add."""
        new = [edit for edit in edits if isinstance(edit, Put) and edit.keys[-1] not in part.parts]
        for put in sorted(new, key=lambda put: len(_before(put))):
            before = _before(put) if put.keys[-1] in put.order else kept
            yield max((place for place, key in enumerate(kept, 1) if key in before), default=0), put.keys[-1], put.value
        for append in (edit for edit in edits if isinstance(edit, Append)):
            index = len(part.parts) if append.before is None else append.before
            yield sum(1 for key in kept if int(key) < index), 0, append.value

    def _added_to_line(self, kept: Sequence[Part], place: int, key: str | int, value: Plain) -> Splice:
        new = self._in_line(value) if isinstance(key, int) else f"{self._key(key)}: {self._in_line(value)}"
        if place < len(kept):
            return kept[place].entry, kept[place].entry, f"{new}, "
        return kept[-1].end, kept[-1].end, f", {new}"

    def _added(self, part: Part, kept: Sequence[Part], place: int, key: str | int, value: Plain) -> Splice:
        margin = "\n" + " " * self._column(kept[0].entry)
        new = self._entry(key, value, len(margin) - 1)
        gap = "\n" if isinstance(key, int) and self._has_gaps(part) else ""
        if place == len(kept) or (place and not isinstance(key, int)):
            end = self._line_end(kept[place - 1].end)
            return end, end, gap + margin + new
        at = kept[place].entry
        if self.text[self._line(at) : at].strip() or not isinstance(key, int):
            return at, at, new + gap + margin
        siblings = list(part.parts.values())
        index = siblings.index(kept[place])
        at = self._head(kept[place], siblings[index - 1].end if index else part.behind)
        return at, at, margin[1:] + new + "\n" + gap

    def _has_gaps(self, part: Part) -> bool:
        """Tell whether blank lines part the items of the list *part*; of a single item, whether it is a long record."""
        items = list(part.parts.values())
        if len(items) == 1:
            records = [self.whole.parts[0], *self.whole.parts[0].parts.values()]
            return part in records and any(child.parts or child.style in _BLOCKS for child in items[0].parts.values())
        return any(_BLANK_LINE.search(self.text, before.end, item.entry) for before, item in pairwise(items))

    # -- how new values are written

    def _key(self, key: str) -> str:
        return scalar(key, 0, block=False, flow=True)

    def _entry(self, key: str | int, value: Plain, column: int) -> str:
        """Return the item or the field *key* with its *value*, of which lines below stand *column* columns to the right at least."""
        if isinstance(key, int):
            return "-" + self._behind(value, column, key)
        return f"{self._key(key)}:{self._behind(value, column, key)}"

    def _behind(self, value: Plain, column: int, key: str | int) -> str:
        """Return what stands behind the colon or dash of the entry *key*, in this *column*, of the *value*."""
        if isinstance(value, str):
            return " " + scalar(value, column + STEP)
        if not value or (isinstance(value, list) and self._fits_line(value, key)):
            return " " + self._in_line(value)
        inner = column + (self.margin if isinstance(value, list) and isinstance(key, str) else STEP)
        pairs = value.items() if isinstance(value, dict) else ((0, item) for item in value)
        margin = "\n" + " " * inner
        lines = margin.join(self._entry(name, part, inner) for name, part in pairs)
        return (" " if isinstance(key, int) else margin) + lines

    def _fits_line(self, value: Sequence[Plain], key: str | int) -> bool:
        is_short = all(isinstance(item, str) and _IDS.fullmatch(item) for item in value) and sum(map(len, map(str, value))) < WIDTH
        return is_short and key not in self.in_lines

    def _in_line(self, value: Plain) -> str:
        if isinstance(value, str):
            return scalar(value, 0, flow=True)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self._key(key)}: {self._in_line(part)}" for key, part in value.items()) + "}"
        return "[" + ", ".join(map(self._in_line, value)) + "]"
