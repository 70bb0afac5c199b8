"""Returned Word document -> differences: what became of each field, what was tracked beside the fields, and the comments."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from reports.dataset.load import HEAD
from reports.editions.snapshot import ABOUT, MODELS, NO_PART, Part, Plain, Snapshot, parts
from reports.proposals.differences import Difference, DifferenceKind
from reports.proposals.manuscript import Comment, Control, Manuscript, Mark, Paragraph, Piece, read_manuscript
from reports.renderers.word.controls import tag_of

# From a text, the declaration of its field, the group of terms that has the words of its codes, and what stood there before:
# the value as data have it, and what to ask a person, "" if that is clear.
Convert = Callable[[str, Part, str, str], tuple[str, str]]
BETWEEN = " | "  # texts that stand beside each other
EDGE = Piece("\0", 0, (), (), frozenset())  # between paragraphs, where no text goes on
SURE = 4  # words that stand nowhere by chance
LIKE = 0.5  # part of the words that a text has in common with the one that it became

# LibreOffice 7.4 keeps no control within a line, Google Docs none at all; LibreOffice 25.2 keeps all.
LOST = "the program that saved the document dropped its fields: only comments and tracked changes can be told for certain"
COPIED = "the field stands here {} times, and not always the same: {}"
SPLIT = "the field ends where a new paragraph begins; this is the text of both"
EMPTIED = "the field is empty now, but a text was put in beside it"
UNMARKED = "the field is not marked any more; this stands in its place"
UNCLEAR = "the field is not marked any more, and its text can't be told from what stands beside it"


class Field(NamedTuple):
    """A *field* of a *record*, the *part* that declares it, and its *value* in the data if people see another text than that."""

    record: str
    field: str
    part: Part = NO_PART
    value: str = ""

    @property
    def group(self) -> str:
        """The group of terms that has the words of its codes, "" if it has none."""
        return self.field.rpartition(".")[2] if self.part.form == "code" else ""


@dataclass(frozen=True)
class Place:
    """A place *where* something stands for a field: the *text* with all changes accepted, the *marks* of these, and what to *ask*."""

    text: str
    where: str
    marks: tuple[Mark, ...]
    ask: str = ""


def differences(content: bytes, path: Path, issued: Mapping[str, str], snapshot: Snapshot, convert: Convert) -> tuple[Difference, ...]:
    """Return what differs in the Word document *content*, of the file *path*, from the texts of controls that were *issued*, by their tags.

    *snapshot* is the edition that was issued, and *convert* makes values of what people write. Changes of fields come first, in the order
    of *issued*, then remarks, then comments. Beside the fields only what was tracked is known: what was typed there without a trace can't
    be told. Raises ReportsError as read_manuscript does.
    """
    about = snapshot.content[ABOUT]
    manuscript = read_manuscript(content, path, about["publisher"], about["published"])
    return tuple(_Comparison(manuscript, issued, _fields(snapshot), convert).differences())


def _fields(snapshot: Snapshot) -> Mapping[str, Field]:
    """Return every field of *snapshot* by the tag of its control."""
    found: dict[str, Field] = {}
    for (kind, record), values in snapshot.records.items():
        for path, part, value in _leaves(MODELS[kind], values, ""):
            tag = tag_of(f"{HEAD if kind == ABOUT else record}/{path}")
            found[tag] = Field(record, path, part, str(value) if part.form in ("date", "code") else "")
    return found


def _leaves(model: Any, values: Plain, before: str) -> Iterator[tuple[str, Part, Any]]:
    """Yield the path, the declaration and the value of each single value in *values*, a record of *model* or a part of one."""
    declared = parts(model)
    for name, value in values.items():
        if name not in declared:  # the kind of an outer record
            continue
        part = declared[name]
        items = [(f"{before}{name}.{place}", item) for place, item in enumerate(value)] if isinstance(value, list | tuple) else []
        for path, item in items or [(f"{before}{name}", value)]:
            if isinstance(item, Mapping) and part.model:
                yield from _leaves(part.model, item, f"{path}.")
            elif not isinstance(item, Mapping | list | tuple):
                yield path, part, item


class _Gap:
    """The text between the paragraphs *before* and *behind*, numbers, in which controls stand; those are looked into too.

    What stands in *controls* is no part of it.
    """

    def __init__(self, before: int, behind: int, paragraphs: Sequence[Paragraph], controls: set[int]) -> None:
        between = paragraphs[max(before, 0) : behind + 1]
        self._inner = [(paragraph, _text(paragraph.pieces).split()) for paragraph in paragraphs[before + 1 : behind]]
        self._is_between = before >= 0 and behind < len(paragraphs)
        self.where = f"after {paragraphs[before].where}" if before >= 0 else "document"
        self._characters = [
            (piece, character)
            for paragraph in between
            for piece in (*paragraph.pieces, EDGE)
            for character in (EDGE.text if controls & set(piece.controls) else piece.text)
        ]
        self._before = [place for place, (piece, _) in enumerate(self._characters) if piece.is_before]
        self._issued, self._returned = (
            "".join(self._characters[place][1] for place in places)
            for places in (self._before, [place for place, (piece, _) in enumerate(self._characters) if piece.is_after])
        )

    def find(self, issued: str) -> Sequence[tuple[Piece, str]]:
        """Return the characters that the text *issued* has become, deleted ones too, each with its piece; none if it stands there twice."""
        found = list(_words(issued).finditer(self._issued)) if issued else []
        if len(found) != 1:
            return []
        return self._characters[self._before[found[0].start()] : self._before[found[0].end() - 1] + 1]

    def like(self, issued: str) -> Sequence[Paragraph]:
        """Return the whole paragraphs that the text *issued* may have become; of the whole document, only of a long text."""
        words = issued.split()
        if len(words) < (1 if self._is_between else SURE):
            return []
        matcher = SequenceMatcher(b=words, autojunk=False)
        found = []
        for paragraph, others in self._inner:
            matcher.set_seq1(others)
            if matcher.real_quick_ratio() >= LIKE and matcher.ratio() >= LIKE:
                found.append(paragraph)
        return found

    def holds(self, issued: str) -> bool:
        """Return true if the text *issued* stands there."""
        return bool(_words(issued).search(self._returned))


def _words(text: str) -> re.Pattern[str]:
    """Return a pattern of *text*, not as a part of a longer word, with whatever space stands for a space in it."""
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


class _Comparison:
    """The comparison of a *manuscript* with the texts that were *issued*, by tags, whose *fields* are told by the same."""

    def __init__(self, manuscript: Manuscript, issued: Mapping[str, str], fields: Mapping[str, Field], convert: Convert) -> None:
        self.issued, self.fields, self.convert = issued, fields, convert
        self.paragraphs, self.comments = manuscript.paragraphs, {comment.id: comment for comment in manuscript.comments}
        self.controls = {number: control for number, control in manuscript.controls.items() if control.tag in issued}
        self.gone = {number for number, control in self.controls.items() if self._paragraph(control).is_gone}
        self.numbers: dict[str, list[int]] = {}  # of the controls that stand, by their tags
        for number in sorted(self.controls.keys() - self.gone):
            self.numbers.setdefault(self.controls[number].tag, []).append(number)
        self.pieces: dict[int | str, list[Piece]] = {}  # by the number of each control, and the id of each comment
        for piece in (piece for paragraph in self.paragraphs for piece in paragraph.pieces):
            keys: tuple[int | str, ...] = (*piece.controls, *piece.comments)
            for key in keys:
                self.pieces.setdefault(key, []).append(piece)
        self.rows: dict[int, list[Paragraph]] = {}
        for paragraph in self.paragraphs:
            if paragraph.row:
                self.rows.setdefault(paragraph.row, []).append(paragraph)
        self.found: dict[int, list[str]] = {}  # by the identity of a piece in no control, the tags of the fields that it was found to be of

    def differences(self) -> Iterator[Difference]:
        """Yield all that differs."""
        lost: list[tuple[str, _Gap]] = []
        gaps = self._gaps()
        for tag in self.issued:
            places = self._places(tag) if tag in self.numbers else self._found_again(tag, gaps[tag])
            if places:
                yield from self._change(tag, places)
            elif self.issued[tag].strip():
                lost.append((tag, gaps[tag]))
        yield from self._losses(lost)
        yield from self._beside()
        yield from map(self._comment, self.comments.values())

    def _field(self, tag: str) -> Field:
        """Return the field of *tag*; of one that no record has, by what it says itself."""
        record, _, field = tag.partition("/")
        return self.fields.get(tag) or Field(ABOUT if record == HEAD else record, field)

    def _paragraph(self, control: Control) -> Paragraph:
        """Return the paragraph that *control* stands in; an empty one may stand behind the last."""
        return self.paragraphs[min(control.paragraph, len(self.paragraphs) - 1)]

    def _places(self, tag: str) -> list[Place]:
        """Return what stands in each control of *tag*; of a text that was moved, where it stands now."""
        found = []
        for number in self.numbers[tag]:
            pieces, paragraph = self.pieces.get(number, []), self._paragraph(self.controls[number])
            text = _text(pieces)
            is_beside = any(piece.is_after and not piece.is_before and not self._is_in_field(piece) for piece in paragraph.pieces)
            if text.strip():
                text, ask = self._whole(text, pieces[-1], self.issued[tag])
            else:
                ask = EMPTIED if is_beside else ""
            found.append(Place(text, paragraph.where, _marks(pieces), ask))
        return [place for place in found if place.text] or found[:1]

    def _is_in_field(self, piece: Piece) -> bool:
        return any(number in self.controls for number in piece.controls)

    def _whole(self, text: str, last: Piece, issued: str) -> tuple[str, str]:
        """Return *text*, of a field that ends with the piece *last* and was *issued* so, with what belongs to it of the next paragraph.

        A new paragraph in a field is no change of it, but LibreOffice ends the control there. The second is what to ask.
        """
        following = self.paragraphs[last.paragraph + 1 : last.paragraph + 2]
        rest = _text(piece for paragraph in following for piece in paragraph.pieces if not self._is_in_field(piece))
        whole = f"{text}\n{rest}"
        if (
            _folded(text) == _folded(issued)
            or not _folded(issued).startswith(_folded(text))
            or _likeness(issued, whole) <= _likeness(issued, text)
        ):
            return text, ""
        return whole, "" if _folded(whole) == _folded(issued) else SPLIT

    def _change(self, tag: str, places: Sequence[Place]) -> Iterator[Difference]:
        field, issued = self._field(tag), self.issued[tag]
        texts = dict.fromkeys(_folded(place.text) for place in places)
        changed = [place for place in places if _folded(place.text) != _folded(issued)]
        if not changed:
            return
        place = changed[0]
        base = field.value or issued
        value, doubt = self.convert(place.text, field.part, field.group, base) if place.text else ("", "")
        copied = COPIED.format(len(places), "; ".join(f"“{text}”" for text in texts)) if len(texts) > 1 else ""
        ask = "; ".join(filter(None, (copied, place.ask, doubt)))
        if value != base or ask:
            by, when = _signed(place.marks)
            yield Difference(DifferenceKind.CHANGE, place.where, field.record, field.field, base, value, ask=ask, by=by, when=when)

    def _gaps(self) -> Mapping[str, _Gap]:
        """Return, for each field whose control is gone, what stands between the controls before and behind it that still stand."""
        gaps: dict[str, _Gap] = {}
        before, waiting = -1, []
        for tag in (*self.issued, ""):
            if tag and tag not in self.numbers:
                waiting.append(tag)
                continue
            behind = self.controls[self.numbers[tag][0]].paragraph if tag else len(self.paragraphs)
            gap = _Gap(before, behind, self.paragraphs, set(self.controls)) if waiting else None
            gaps |= {name: gap for name in waiting if gap}
            before, waiting = behind, []
        return gaps

    def _found_again(self, tag: str, gap: _Gap) -> list[Place]:
        """Return what became of the field of *tag*, whose control is gone, in its *gap*; nothing if that can't be told."""
        issued, found = self.issued[tag], gap.find(self.issued[tag])
        pieces = list({id(piece): piece for piece, _ in found}.values())
        if pieces and self._is_sure(tag, self.paragraphs[pieces[0].paragraph]):
            text, ask = "".join(character for piece, character in found if piece.is_after), ""
        else:
            like = gap.like(issued)
            if len(like) != 1:
                return []
            pieces, text, ask = list(like[0].pieces), _text(like[0].pieces), UNMARKED
        if self.paragraphs[pieces[0].paragraph].is_gone:
            return []  # it was taken out with its paragraph or row, which is told beside the fields
        for piece in pieces:
            self.found.setdefault(id(piece), []).append(tag)
        return [Place(text, self.paragraphs[pieces[0].paragraph].where, _marks(pieces), ask)]

    def _is_sure(self, tag: str, paragraph: Paragraph) -> bool:
        """Return true if the text of *tag* stands in *paragraph* by no chance: it is long, or alone, or beside the same record's fields."""
        was = _folded("".join(piece.text for piece in paragraph.pieces if piece.is_before))
        is_beside = _unit(self._field(tag)) in map(_unit, self._fields_of(paragraph.pieces))
        return is_beside or len(self.issued[tag].split()) >= SURE or was == _folded(self.issued[tag])

    def _losses(self, lost: Sequence[tuple[str, _Gap]]) -> Iterator[Difference]:
        """Yield a remark for each record, or part of the head, of which fields are *lost*; one for all if the document has none left."""
        if self.issued and not self.controls:
            yield Difference(DifferenceKind.REMARK, "document", ask=LOST)
            return
        for _, group in groupby(lost, key=lambda item: _unit(self._field(item[0]))):
            items = list(group)
            fields = [self._field(tag) for tag, _ in items]
            record, field = _unit(fields[0]) if len(fields) > 1 else fields[0][:2]
            tags = {tag for tag, _ in items}
            numbers = [number for number in sorted(self.gone) if self.controls[number].tag in tags]
            by, when = _signed(_marks([piece for number in numbers for piece in self.pieces.get(number, [])]))
            where = self._paragraph(self.controls[numbers[0]]).where if numbers else items[0][1].where
            ask = UNCLEAR if any(gap.holds(self.issued[tag]) for tag, gap in items) else ""
            base = BETWEEN.join(self.issued[tag] for tag, _ in items)
            yield Difference(DifferenceKind.REMARK, where, record, field, base, ask=ask, by=by, when=when)

    def _beside(self) -> Iterator[Difference]:
        """Yield a remark for each paragraph, or row put in or taken out, in which something beside the fields was tracked."""
        for row, group in groupby(self.paragraphs, key=lambda paragraph: paragraph.row):
            paragraphs = list(group)
            is_whole = row and all(paragraph.marks for paragraph in paragraphs)
            for block in [paragraphs] if is_whole else [[paragraph] for paragraph in paragraphs]:
                yield from self._tracked(block)

    def _tracked(self, block: Sequence[Paragraph]) -> Iterator[Difference]:
        pieces = [piece for paragraph in block for piece in paragraph.pieces]
        if not any(piece.marks for piece in pieces) or any(self.gone.intersection(piece.controls) for piece in pieces):
            return  # nothing, or told as the loss of these fields
        beside = {id(piece) for piece in pieces if not self.controls.keys() & set(piece.controls)} - self.found.keys()
        marks = _marks([piece for piece in pieces if id(piece) in beside])
        before = [
            "".join(piece.text for piece in paragraph.pieces if (piece.is_before if id(piece) in beside else piece.is_after))
            for paragraph in block
        ]
        after = [_text(paragraph.pieces) for paragraph in block]
        base, theirs = (BETWEEN.join(filter(None, texts)) for texts in (before, after))
        if marks and _folded(base) != _folded(theirs):
            record, field = _common(self._fields_of(pieces))
            by, when = _signed(marks)
            yield Difference(DifferenceKind.REMARK, block[0].where, record, field, base, theirs, by=by, when=when)

    def _comment(self, comment: Comment) -> Difference:
        first = self.comments.get(comment.to, comment)  # of its thread, whose place it has: Word lets nobody reply to a reply
        number = first.paragraph if comment.paragraph is None else comment.paragraph
        if number is None:
            return Difference(DifferenceKind.COMMENT, "document", comment=comment.text, by=comment.by, when=comment.when)
        paragraph = self.paragraphs[number]
        near = self.rows.get(paragraph.row, [paragraph])
        commented = self.pieces.get(comment.id) or self.pieces.get(first.id, [])
        circles = commented, paragraph.pieces, [piece for other in near for piece in other.pieces]
        record, field = _common(next(filter(None, map(self._fields_of, circles)), []))
        words = _folded(_text(commented) or "".join(piece.text for piece in commented))
        notes = [f"“{words}”"] if words else []
        notes += [f"reply to {self.comments[comment.to].by}"] if comment.to in self.comments else []
        notes += ["resolved"] if first.is_resolved else []
        where = ", ".join([paragraph.where, *notes])
        return Difference(DifferenceKind.COMMENT, where, record, field, comment=comment.text, by=comment.by, when=comment.when)

    def _fields_of(self, pieces: Iterable[Piece]) -> list[Field]:
        """Return the fields that *pieces* are of, by their controls or without."""
        tags = [
            tag
            for piece in pieces
            for tag in (
                *(self.controls[number].tag for number in piece.controls if number in self.controls),
                *self.found.get(id(piece), ()),
            )
        ]
        return [self._field(tag) for tag in dict.fromkeys(tags)]


def _common(fields: Sequence[Field]) -> tuple[str, str]:
    """Return the record and the field that all of *fields* are, each "" if they are several."""
    records, names = ({field.record for field in fields}, {field.field for field in fields})
    if len(records) != 1:
        return "", ""
    return records.pop(), names.pop() if len(names) == 1 else ""


def _unit(field: Field) -> tuple[str, str]:
    """Return what *field* would be lost with: its record, or the part of the record that stands in a list."""
    before, _, last = field.field.rpartition(".")
    return field.record, field.field if last.isdecimal() else before


def _text(pieces: Iterable[Piece]) -> str:
    """Return the text of *pieces* with all changes accepted, its paragraphs as lines."""
    standing = [piece for piece in pieces if piece.is_after]
    paragraphs = groupby(standing, key=lambda piece: piece.paragraph)
    return "\n".join("".join(piece.text for piece in group) for _, group in paragraphs)


def _marks(pieces: Iterable[Piece]) -> tuple[Mark, ...]:
    return tuple(mark for piece in pieces for mark in piece.marks)


def _signed(marks: Sequence[Mark]) -> tuple[str, str]:
    """Return by whom *marks* are, each once, and when the last was made."""
    by = dict.fromkeys(mark.by for mark in marks if mark.by)
    return ", ".join(by), max((mark.when for mark in marks), default="")


def _folded(text: str) -> str:
    """Return *text* as people compare it: every program has its own way with spaces, and none is a change of a fact."""
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


def _likeness(text: str, other: str) -> float:
    return SequenceMatcher(None, text.split(), other.split(), autojunk=False).ratio()
