"""Word document, as it came back -> Manuscript: paragraphs with what was tracked in them, fields and comments (ISO 29500-1, 17.13)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from reports.proposals.archive import COMPOUND, TYPES, ZIPPED, Archive
from reports.proposals.refusal import EMPTY, NO_DOCUMENT, OTHER_KIND, PDF, PROTECTED, RTF, RefusedError, refusing

# How files of other kinds begin, and why they are not read.
OTHERS: Mapping[bytes, str] = {b"%PDF": PDF, b"{\\rtf": RTF, COMPOUND: OTHER_KIND}
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # names the storage of what Office encrypts
# What is tracked: an insertion, or a deletion.
CHANGES: Mapping[str, bool] = dict.fromkeys(("ins", "moveTo", "cellIns"), False) | dict.fromkeys(("del", "moveFrom", "cellDel"), True)
PROPERTIES: Mapping[str, str] = {"tr": "trPr", "tc": "tcPr"}  # where it stands that a row, or a cell, was put in or taken out
SIGNS: Mapping[str, str] = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "\N{REPLACEMENT CHARACTER}"}
STORIES: Mapping[str, str] = {"footnotes": "footnote", "endnotes": "endnote", "header": "header", "footer": "footer"}
DATE = re.compile(r"[1-9]\d{3}-\d\d-\d\dT")
EMPTY_ROW = "\N{ZERO WIDTH JOINER}"  # which LibreOffice puts into one, that the insertion of this may be tracked
TEXTS = frozenset({"t", "delText", *SIGNS})  # elements of a run
KINDS = frozenset({*STORIES, "comments", "commentsExtended"})  # of parts that are read, beside the document


class Mark(NamedTuple):
    """A tracked change, which *deletes* or else inserts: who made it, and when (ISO 8601), as far as the file says."""

    deletes: bool
    by: str
    when: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text in a *paragraph*: the numbers of the *controls* around it, its *marks*, and the ids of the *comments* on it."""

    text: str
    paragraph: int
    controls: tuple[int, ...]
    marks: tuple[Mark, ...]
    comments: frozenset[str]

    @property
    def is_before(self) -> bool:
        """It is there if all changes are rejected."""
        return all(mark.deletes for mark in self.marks)

    @property
    def is_after(self) -> bool:
        """It is there if all changes are accepted."""
        return not any(mark.deletes for mark in self.marks)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph at the place *where*; *row* is the number of its row of a table, or 0; *marks* are of its end and of that row."""

    where: str
    row: int
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_gone(self) -> bool:
        """It was taken out as a whole, or its row was."""
        return any(mark.deletes for mark in self.marks) and not any(piece.is_after for piece in self.pieces)


class Control(NamedTuple):
    """A content control: its *tag*, and the number of the *paragraph* that it stands in, or that it begins with."""

    tag: str
    paragraph: int


@dataclass(frozen=True)
class Comment:
    """A comment by somebody, on the text with the mark *id* in the *paragraph* with this number, None if it stands nowhere.

    In a thread it is a reply *to* the comment with that id.
    """

    id: str
    by: str
    when: str
    text: str
    paragraph: int | None
    to: str = ""
    is_resolved: bool = False


@dataclass(frozen=True)
class Manuscript:
    """A returned document: its *paragraphs*, those of notes, headers and footers last, its *controls* by number, its *comments*."""

    paragraphs: tuple[Paragraph, ...]
    controls: Mapping[int, Control]
    comments: tuple[Comment, ...]


def read_manuscript(content: bytes, path: Path, author: str, day: str) -> Manuscript:
    """Return what the Word document *content*, of the file *path*, holds.

    What *author* tracked on that *day* was so when the document was issued: it is read as accepted. Raises ReportsError for what is no
    Word document, for one that is damaged or protected, and for one with macros, or of a size that no summary has.
    """
    with refusing(path, ".docx"):
        roots = _roots(_open(content))
    reader = _Reader(author, day)
    for kind, root in roots:
        for story in _stories(kind, root):
            reader.read(story, STORIES.get(kind, ""))
    paragraphs = tuple(reader.finished())
    return Manuscript(paragraphs, reader.controls if paragraphs else {}, tuple(_comments(dict(roots), reader.anchors)))


def _open(content: bytes) -> Archive:
    """Return the package *content*; raises RefusedError for what is none of Word."""
    if not content.strip():
        raise RefusedError(EMPTY)
    if content.startswith(COMPOUND) and ENCRYPTED in content:
        raise RefusedError(PROTECTED)
    if reason := next((reason for start, reason in OTHERS.items() if content.startswith(start)), ""):
        raise RefusedError(reason)
    if not content.startswith(ZIPPED):
        raise RefusedError(NO_DOCUMENT)
    archive = Archive(content)
    if TYPES not in archive.names:
        raise RefusedError(OTHER_KIND if "content.xml" in archive.names else NO_DOCUMENT)
    return archive


def _roots(archive: Archive) -> Sequence[tuple[str, Any]]:
    """Return the kind and the root of the document, which comes first, and of each part that it leads to."""
    main = {target.kind: target.path for target in archive.targets("").values()}["officeDocument"]
    archive.refuse_macros(main)
    related = [target for target in archive.targets(main).values() if target.kind in KINDS]
    roots = [(kind, archive.root(path)) for kind, path in [("document", main), *related]]
    if _name(roots[0][1]) != "document":
        raise RefusedError(NO_DOCUMENT)
    return roots


def _stories(kind: str, root: Any) -> list[Any]:
    """Return what is read on its own of the part *root* of that *kind*: each note, the whole text, nothing of what holds comments."""
    if kind in ("footnotes", "endnotes"):
        return list(root)
    return [root] if kind in ("document", "header", "footer") else []


class _Reader:
    """A walk through the stories of a document in order, which notes what it comes by."""

    def __init__(self, author: str, day: str) -> None:
        self.author, self.day = author, day
        self.controls: dict[int, Control] = {}
        self.anchors: dict[str, int] = {}  # of comments: the number of the paragraph
        self._paragraphs: list[Paragraph] = []
        self._pieces: list[list[Piece]] = []
        self._numbers: dict[Any, int] = {}  # of paragraphs, controls, tables, rows and cells
        self._counts: Counter[Any] = Counter()
        self._open: set[str] = set()  # comments
        self._invitations: set[Any] = set()  # controls that show an invitation to type
        self._story = ""

    def finished(self) -> Iterator[Paragraph]:
        """Yield the paragraphs that were read."""
        for paragraph, pieces in zip(self._paragraphs, self._pieces, strict=True):
            yield replace(paragraph, pieces=tuple(pieces))

    def read(self, root: Any, story: str) -> None:
        """Read all that stands in *root*, the main text or a *story* beside it."""
        self._story = story
        for element in list(root.iter("{*}del", "{*}moveFrom")):
            if self._is_own(element):
                gone = element.getparent().getparent() if _name(element.getparent()) == "trPr" else element
                gone.getparent().remove(gone)
        for element in root.iter("{*}*"):
            name = _name(element)
            if visit := getattr(self, f"_visit_{name}", None):
                visit(element)
            elif name in TEXTS and _name(element.getparent()) == "r":
                self._leaf(element, name)

    def _visit_p(self, element: Any) -> None:
        row = _nearest(element, "tr")
        marks = [*_marks_in(element, "pPr/{*}rPr"), *(mark for part in element.iterancestors() for mark in _marks_of(part))]
        self._numbers[element] = len(self._paragraphs)
        self._pieces.append([])
        self._paragraphs.append(Paragraph(self._place(element), 0 if row is None else self._numbers[row], self._foreign(marks), ()))

    def _visit_sdt(self, element: Any) -> None:
        tag = element.find("{*}sdtPr/{*}tag")
        if element.find("{*}sdtPr/{*}showingPlcHdr") is not None:
            self._invitations.add(element)
        if tag is not None:
            around = _nearest(element, "p")
            self._numbers[element] = len(self.controls) + 1
            self.controls[self._numbers[element]] = Control(
                _attribute(tag, "val"), len(self._paragraphs) if around is None else self._numbers[around]
            )

    def _visit_tbl(self, element: Any) -> None:
        self._count(element, None)

    def _visit_tr(self, element: Any) -> None:
        self._counts["row"] += 1
        self._numbers[element] = self._counts["row"]
        self._counts[_nearest(element, "tbl")] += 1
        self._counts[element, "row"] = self._counts[_nearest(element, "tbl")]

    def _visit_tc(self, element: Any) -> None:
        self._count(element, _nearest(element, "tr"))

    def _count(self, element: Any, within: Any) -> None:
        self._counts[within] += 1
        self._numbers[element] = self._counts[within]

    def _visit_commentRangeStart(self, element: Any) -> None:  # noqa: N802 - the name of the element
        self._open.add(_attribute(element, "id"))

    def _visit_commentRangeEnd(self, element: Any) -> None:  # noqa: N802
        self._open.discard(_attribute(element, "id"))

    def _visit_commentReference(self, element: Any) -> None:  # noqa: N802
        paragraph = _nearest(element, "p")
        if paragraph is not None:
            self.anchors.setdefault(_attribute(element, "id"), self._numbers[paragraph])

    def _leaf(self, element: Any, name: str) -> None:
        around = list(element.iterancestors())
        paragraph = next((part for part in around if _name(part) == "p"), None)
        # Of a drawing that stands twice, for newer programs and for older ones, the second is a copy.
        if paragraph is None or any(_name(part) == "Fallback" or part in self._invitations for part in around):
            return
        number = self._numbers[paragraph]
        for comment in self._open:
            self.anchors.setdefault(comment, number)
        text = (element.text or "").replace("\N{NON-BREAKING HYPHEN}", "-") if name in ("t", "delText") else SIGNS[name]
        if text == EMPTY_ROW:
            return
        controls = tuple(self._numbers[part] for part in reversed(around) if _name(part) == "sdt" and part in self._numbers)
        marks = self._foreign([mark for part in around for mark in _marks_of(part)])
        self._pieces[number].append(Piece(text, number, controls, marks, frozenset(self._open)))

    def _place(self, paragraph: Any) -> str:
        """Return where *paragraph* stands, as a person would look for it."""
        if self._story:
            return self._story
        if _nearest(paragraph, "txbxContent") is not None:
            return "text box"
        table, row, cell = (_nearest(paragraph, name) for name in ("tbl", "tr", "tc"))
        if table is not None and row is not None and cell is not None:
            return f"table {self._numbers[table]}, row {self._counts[row, 'row']}, column {self._numbers[cell]}"
        self._counts["paragraph"] += 1
        return f"paragraph {self._counts['paragraph']}"

    def _foreign(self, marks: Sequence[Any]) -> tuple[Mark, ...]:
        return tuple(Mark(CHANGES[_name(mark)], _attribute(mark, "author"), _moment(mark)) for mark in marks if not self._is_own(mark))

    def _is_own(self, mark: Any) -> bool:
        return _attribute(mark, "author") == self.author and _attribute(mark, "date").startswith(self.day)


def _marks_of(element: Any) -> list[Any]:
    """Return the tracked changes of all that stands in *element*."""
    name = _name(element)
    if name in PROPERTIES:
        return _marks_in(element, PROPERTIES[name])
    return [element] if name in CHANGES else []


def _marks_in(element: Any, path: str) -> list[Any]:
    properties = element.find(f"{{*}}{path}")
    return [] if properties is None else [child for child in properties.iterchildren("{*}*") if _name(child) in CHANGES]


def _comments(roots: Mapping[str, Any], anchors: Mapping[str, int]) -> Iterator[Comment]:
    """Yield the comments in order; replies and what is resolved are told by the last paragraph of each (MS-DOCX, 2.5.4)."""
    elements = list(roots["comments"].iterchildren("{*}comment")) if "comments" in roots else []
    ids = {_attribute(paragraph, "paraId"): _attribute(element, "id") for element in elements for paragraph in element.iter("{*}p")}
    extended = roots["commentsExtended"].iterchildren("{*}commentEx") if "commentsExtended" in roots else ()
    ids.pop("", None)  # of a paragraph without, as LibreOffice writes it
    threads = {ids.get(_attribute(thread, "paraId"), ""): thread for thread in extended}
    for element in elements:
        identifier, author, date = _attribute(element, "id"), _attribute(element, "author"), _moment(element)
        lines = ["".join(part.text or "" for part in paragraph.iter("{*}t")) for paragraph in element.iter("{*}p")]
        text, anchor = "\n".join(filter(None, lines)), anchors.get(identifier)
        thread = threads.get(identifier)
        if thread is None:
            yield Comment(identifier, author, date, text, anchor)
        else:
            to = ids.get(_attribute(thread, "paraIdParent"), "")
            yield Comment(identifier, author, date, text, anchor, to, _attribute(thread, "done") in ("1", "true"))


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{{*}}{name}"), None)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _moment(element: Any) -> str:
    """Return the date of *element*, if it has one: LibreOffice writes "0-00-00T00:00:00Z" where it knows none."""
    date = _attribute(element, "date")
    return date if DATE.match(date) else ""


def _attribute(element: Any, name: str) -> str:
    """Return the attribute *name* of *element*, in whichever namespace: strict documents have others than transitional ones."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
