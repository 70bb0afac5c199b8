"""Two writings of a page in one Word document -> one, in which what differs is a tracked change (ISO 29500-1, 17.13.5)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import count, groupby
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from lxml import etree

from reports.editions.changes import spans
from reports.renderers.word.writer import NO_BREAK_HYPHEN, add_lines

BODY = "body"
KEPT, INSERTED, DELETED = "", "w:ins", "w:del"  # an element of what is tracked
SIGNS: Mapping[str, str] = {qn("w:br"): "\n", qn("w:noBreakHyphen"): NO_BREAK_HYPHEN}
OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"  # in the place of a picture or the mark of a footnote
ATOM = re.compile(rf"[^\s{OBJECT}]+|.", re.DOTALL)
LIKE = 0.5  # part of the words that two blocks have in common if one became the other
PLACED = re.compile(r"/.*\d")  # in a control's tag: what it names is told by its place, which another may take


@dataclass(frozen=True)
class Atom:
    """A word, a space or an object, whose *content* is an element, in a paragraph: its *text*, and what it has of the *looks* of its run.

    *control*, *link* and *field* are the elements around it; *target* is where the link leads, or what the field counts.
    """

    text: str
    content: Any
    known_by: tuple[str, ...]
    looks: bytes
    target: tuple[str, ...]
    control: Any
    link: Any
    field: Any
    status: str = KEPT

    @property
    def key(self) -> tuple[Any, ...]:
        """All that makes it the same as another one."""
        return self.text, self.known_by, self.looks, self.target


def take_out(document: Any) -> Mapping[str, list[Any]]:
    """Return the blocks of the body, the header and the footer of *document*, by their names; it is left without them."""
    taken = {name: [block for block in story if block.tag != qn("w:sectPr")] for name, story in _stories(document).items()}
    for block in (block for blocks in taken.values() for block in blocks):
        block.getparent().remove(block)
    return taken


def track(document: Any, before: Mapping[str, Sequence[Any]], author: str, date: str) -> None:
    """Put into *document* what it had *before*, as take_out returns it, so that to reject all changes brings it back.

    Each change is by *author*, of *date* (xsd:dateTime).
    """
    stories, after, footnotes = _stories(document), take_out(document), _footnotes(document)
    names = [mark.get(qn("w:name")) for blocks in after.values() for block in blocks for mark in block.iter(qn("w:bookmarkStart"))]
    notes = {note.get(qn("w:id")): "".join(note.itertext()) for note in footnotes}
    tracker = _Tracker({qn("w:author"): author, qn("w:date"): date}, set(names), notes, count(len(names) + 1))
    for name, story in stories.items():
        for place, block in enumerate(list(tracker.merged(before.get(name, ()), after[name]))):
            story.insert(place, block)
    for number, shape in enumerate(stories[BODY].iter(qn("wp:docPr")), 1):
        shape.set("id", str(number))
    used = {mark.get(qn("w:id")) for mark in stories[BODY].iter(qn("w:footnoteReference"))}
    for note in [note for note in footnotes if not note.get(qn("w:type")) and note.get(qn("w:id")) not in used]:
        footnotes.remove(note)


def _stories(document: Any) -> Mapping[str, Any]:
    section = document.sections[0]
    running = {"header": section.header, "footer": section.footer}
    return {BODY: document.element.body, **{name: part._element for name, part in running.items() if not part.is_linked_to_previous}}


def _footnotes(document: Any) -> Any:
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES).element
    except KeyError:
        return OxmlElement("w:footnotes")


@dataclass
class _Tracker:
    """The changes of one document: their *marks*, the *names* of its bookmarks now, the texts of its *footnotes*, and free *numbers*."""

    marks: Mapping[str, str]
    names: set[str]
    footnotes: Mapping[str, str]
    numbers: Iterator[int]

    def merged(self, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Any]:
        """Yield the blocks, or the rows, *before* and *after* as one sequence: those that both have, those put in, those taken out."""
        for old, new in _pairs(before, after):
            block = old if new is None else new
            status = INSERTED if old is None else DELETED if new is None else KEPT
            if block.tag == qn("w:p"):
                self._paragraph(old, new, status)
            elif status == KEPT:
                self._parts(old, new)
            else:
                self._whole(block, status)
            yield block

    def _parts(self, old: Any, new: Any) -> None:
        """Track in *new*, a table, a row or a cell, what *old* had."""
        if new.tag == qn("w:tr"):
            for pair in zip(old.iter(qn("w:tc")), new.iter(qn("w:tc")), strict=True):
                self._parts(*pair)
            return
        before, after = ([part for part in whole if part.tag in (qn("w:tr"), qn("w:p"))] for whole in (old, new))
        new.extend(list(self.merged(before, after)))  # an element that is there already is moved to the end

    def _whole(self, block: Any, status: str) -> None:
        """Mark all of *block*, a table or a row, as put in or taken out."""
        for row in list(block.iter(qn("w:tr"))):
            row.get_or_add_trPr().append(self._mark(status))
        for paragraph in list(block.iter(qn("w:p"))):
            old, new = (None, paragraph) if status == INSERTED else (paragraph, None)
            self._paragraph(old, new, status)

    def _paragraph(self, old: Any, new: Any, status: str) -> None:
        """Track in the paragraph *new*, or in *old* if there is none any more, what was taken out and put in; by *status* all of it."""
        paragraph = old if new is None else new
        atoms = list(_merged_atoms(self._atoms(old), self._atoms(new)))
        former = list(self._former_bookmarks(old))
        bookmarks = [] if new is None else list(new.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd")))
        for child in [child for child in paragraph if child.tag != qn("w:pPr")]:
            paragraph.remove(child)
        if status:
            properties = OxmlElement("w:rPr")
            properties.append(self._mark(status))
            paragraph.get_or_add_pPr().append(properties)
        paragraph.extend(bookmarks)
        for control, group in groupby(atoms, key=lambda atom: atom.control):
            inner = list(group)
            paragraph.extend(list(self._linked(inner)) if control is None else [self._controlled(control, inner)])
        deleted = next((mark for mark in paragraph.iter(qn(DELETED)) if len(mark)), None)
        for mark in former if deleted is None else reversed(former):
            paragraph.append(mark) if deleted is None else deleted.insert(0, mark)

    def _former_bookmarks(self, old: Any) -> Iterator[Any]:
        """Yield the bookmarks of the paragraph *old* that are nowhere now, and that links taken out may lead to."""
        for start in [] if old is None else list(old.iter(qn("w:bookmarkStart"))):
            if start.get(qn("w:name")) not in self.names:
                number = str(next(self.numbers))
                start.set(qn("w:id"), number)
                yield from (start, OxmlElement("w:bookmarkEnd", {qn("w:id"): number}))

    def _controlled(self, control: Any, atoms: Sequence[Atom]) -> Any:
        whole, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        whole.extend((control.find(qn("w:sdtPr")), content))
        content.extend(list(self._linked(atoms)))
        return whole

    def _linked(self, atoms: Iterable[Atom]) -> Iterator[Any]:
        """Yield *atoms* as runs, each link and each field around its own: what is tracked stands inside a link, never around it."""
        for _, group in groupby(atoms, key=lambda atom: (atom.target, atom.field)):
            inner = list(group)
            around = next((part for part in (inner[0].field, inner[0].link) if part is not None), None)
            if around is None:
                yield from self._tracked(inner)
                continue
            whole = OxmlElement(f"w:{etree.QName(around).localname}", dict(around.attrib))
            whole.extend(list(self._tracked(inner)))
            yield whole

    def _tracked(self, atoms: Iterable[Atom]) -> Iterator[Any]:
        for status, group in groupby(atoms, key=lambda atom: atom.status):
            runs = [_run(list(inner), status) for _, inner in groupby(group, key=lambda atom: atom.looks)]
            if not status:
                yield from runs
                continue
            mark = self._mark(status)
            mark.extend(runs)
            yield mark

    def _mark(self, tag: str) -> Any:
        return OxmlElement(tag, {qn("w:id"): str(next(self.numbers)), **self.marks})

    def _atoms(self, paragraph: Any) -> Iterator[Atom]:
        for run in [] if paragraph is None else paragraph.iter(qn("w:r")):
            looks = b"" if run.rPr is None else etree.tostring(run.rPr)
            control, link, simple = (next(run.iterancestors(qn(f"w:{tag}")), None) for tag in ("sdt", "hyperlink", "fldSimple"))
            told = ((link, "r:id"), (link, "w:anchor"), (simple, "w:instr"))
            target = tuple(part.get(qn(name), "") for part, name in told if part is not None)
            objects = iter([child for child in run if _sign(child) == OBJECT])
            for word in ATOM.findall("".join(map(_sign, run))):
                content = next(objects) if word == OBJECT else None
                yield Atom(word, content, self._known_by(content), looks, target, control, link, simple)

    def _known_by(self, content: Any) -> tuple[str, ...]:
        """Return by what *content*, a picture or the mark of a footnote, is known for the same."""
        if content is None:
            return ()
        if content.tag == qn("w:footnoteReference"):
            return (self.footnotes[content.get(qn("w:id"))],)
        return tuple(etree.XPath(".//@r:embed | .//@cx | .//@descr", namespaces=nsmap)(content))


def _sign(child: Any) -> str:
    """Return the text of *child*, a part of a run."""
    if child.tag in (qn("w:rPr"), qn("w:t")):
        return child.text or ""
    return SIGNS.get(child.tag, OBJECT)


def _run(atoms: Sequence[Atom], status: str) -> Any:
    """Return *atoms*, which look the same, as one run."""
    run = OxmlElement("w:r")
    if atoms[0].looks:
        run.append(parse_xml(atoms[0].looks))
    for is_object, group in groupby(atoms, key=lambda atom: atom.content is not None):
        inner = list(group)
        if is_object:
            run.extend([atom.content for atom in inner])
        else:
            add_lines(run, "".join(atom.text for atom in inner))
    for text in list(run.iter(qn("w:t"))) if status == DELETED else ():
        text.tag = qn("w:delText")
    return run


def _merged_atoms(old: Iterable[Atom], new: Iterable[Atom]) -> Iterator[Atom]:
    """Yield the atoms *old* and *new* as one sequence: those of a control that both have in it, and between such controls all others.

    Only a control that was there before is there. No mark tracks one that all programs understand: LibreOffice 25.2 would leave an empty
    one where its text is rejected, and then write a file that it can't read again.
    """
    before, after = ([(control, list(group)) for control, group in groupby(atoms, key=lambda atom: atom.control)] for atoms in (old, new))
    old_start = new_start = 0
    for old_end, new_end in [*_same_controls(before, after), (len(before), len(after))]:
        gaps = before[old_start:old_end], after[new_start:new_end]
        was, now = ([atom for _, atoms in gap for atom in atoms] for gap in gaps)
        yield from _compared(was, now, None)
        if old_end < len(before):
            control, atoms = after[new_end]
            yield from _compared(before[old_end][1], atoms, control)
        old_start, new_start = old_end + 1, new_end + 1


def _same_controls(before: Sequence[tuple[Any, Any]], after: Sequence[tuple[Any, Any]]) -> Iterator[tuple[int, int]]:
    """Yield where the same controls stand: those of one tag, or else, between such, as many that may be named by their places."""
    old, new = ([place for place, (control, _) in enumerate(groups) if control is not None] for groups in (before, after))
    then, now = ([_tag(groups[place][0]) for place in places] for groups, places in ((before, old), (after, new)))
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if old_end - old_start == new_end - new_start:
            yield from zip(old[old_start:old_end], new[new_start:new_end], strict=True)


def _compared(old: Sequence[Atom], new: Sequence[Atom], control: Any) -> Iterator[Atom]:
    """Yield the atoms *old* and *new*, which are in *control* now, as one sequence; a field that was deleted is what it showed."""
    for is_kept, old_start, old_end, new_start, new_end in spans([atom.key for atom in old], [atom.key for atom in new]):
        if not is_kept:
            yield from (replace(atom, status=DELETED, control=control, field=None) for atom in old[old_start:old_end])
        status = KEPT if is_kept else INSERTED
        yield from (replace(atom, status=status, control=control) for atom in new[new_start:new_end])


def _tag(control: Any) -> str:
    return str(control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")))


def _pairs(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the blocks or rows *before* and *after* in order, each with the one that it became or was; with None if there is none."""
    then, now = ([(_form(block), _text(block)) for block in blocks] for blocks in (before, after))
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        old, new = before[old_start:old_end], after[new_start:new_end]
        yield from zip(old, new, strict=True) if tag == "equal" else _likely_pairs(old, new)


def _likely_pairs(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the same of blocks that differ: one became another if it holds the same fields, or else if most words are the same."""
    left = [(block, _Traits(block)) for block in before]
    for block in after:
        traits = _Traits(block)
        scores = [traits.likeness(other) for _, other in left]
        if scores and max(scores) >= LIKE:
            place = scores.index(max(scores))
            yield from ((gone, None) for gone, _ in left[:place])
            yield left[place][0], block
            del left[: place + 1]
        else:
            yield None, block
    yield from ((gone, None) for gone, _ in left)


class _Traits:
    """The traits by which a block or a row is known again: its form, its words, and the fields that it holds."""

    def __init__(self, block: Any) -> None:
        self.form = _form(block)
        self.words = Counter(_text(block).split())
        tags = (_tag(control) for control in block.iter(qn("w:sdt")))
        self.fields = {tag for tag in tags if not PLACED.search(tag)}

    def likeness(self, other: "_Traits") -> float:
        """Return how much of this is in *other*, from 0 to 1."""
        if self.form != other.form:
            return 0
        if self.fields and other.fields:
            return float(bool(self.fields & other.fields))
        return 2 * (self.words & other.words).total() / max(1, (self.words + other.words).total())


def _form(block: Any) -> tuple[Any, ...]:
    """Return the kind of *block*, and what of its looks no change is tracked of: a paragraph's style, a table's columns, a row's cells."""
    names = {qn("w:p"): "./w:pPr/*[not(self::w:numPr)]", qn("w:tbl"): "./w:tblGrid/*", qn("w:tr"): "./w:tc | ./w:trPr/w:tblHeader"}
    found = etree.XPath(names[block.tag], namespaces=nsmap)(block)
    return block.tag, *((part.tag, part.get(qn("w:val"))) for part in found)


def _text(block: Any) -> str:
    return "".join(_sign(part) for run in block.iter(qn("w:r")) for part in run)
