"""PDF -> what it says, read by pypdf: the texts of the structure tree, as a screen reader finds them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader

from reports.audit.readers.geometry import SLACK
from reports.audit.readers.pen import Piece, drawn
from reports.audit.shown import Around, Concealed, Kind, Link, Passage, Shown, collapse, row_place, shorten

TEXTS = ("/P", "/H1", "/H2", "/H3", "/H4", "/LI")
NOWHERE = (-1, -1)
GAP = 6.0  # points: words of one text stand closer
PROPERTIES = {"Title": "title", "Author": "author", "Subject": "description", "Keywords": "keywords"}
NOT_TEXT = ("/Lbl", "/Figure")  # the marks of list items, and what is drawn


def read(content: bytes) -> Shown:
    """Return what the PDF *content* says in its structure tree."""
    reader = PdfReader(BytesIO(content))
    tree = _Tree(reader)
    passages = tuple(tree.passages(_destinations(reader)))
    attached = [one for name, (one, *_) in reader.attachments.items() if name.endswith(".json")]
    concealed = (*_outside(reader, tree), *_overdrawn(tree), *_unseen(tree), *_laid_over(reader))
    names = frozenset(map(str, reader.named_destinations))
    text, around = _joined(tree.pieces(tree.root)), _around(reader, tree)
    return Shown(text, passages, concealed, attached[0] if attached else None, destinations=names, around=around)


def _around(reader: PdfReader, tree: "_Tree") -> Around:
    """Return what the file says beside its tree: on each page, what is drawn there and is no part of the tree."""
    told: Any = reader.metadata or {}
    more = reader.xmp_metadata
    properties = {name: str(told.get(f"/{one}", "")) for one, name in PROPERTIES.items()}
    properties |= {"title of its metadata": next(iter(more.dc_title.values()), "")} if more and more.dc_title else {}
    margins = ((f"the margin of page {page + 1}", " | ".join(map(_joined, _boxes(pieces)))) for page, pieces in tree.margins())
    figures = tuple(str(one.get("/Alt", "")) for one in _every(tree.root) if one["/S"] == "/Figure")
    return Around(properties, tuple(margins), figures)


def _boxes(pieces: list[Piece]) -> list[list[Piece]]:
    """Return *pieces* in groups: those of one line stand together if no gap is between them."""
    boxes: list[list[Piece]] = []
    for piece in pieces:
        before = boxes[-1][-1] if boxes else None
        if before and (abs(piece.y - before.y) > SLACK or abs(piece.x - before.end) < GAP):
            boxes[-1].append(piece)
        else:
            boxes.append([piece])
    return boxes


def _destinations(reader: PdfReader) -> list[tuple[str, int, float, float]]:
    """Return the name of each place that links lead to, with its page, from 0, and its left and top."""
    pages = {page.indirect_reference.idnum: index for index, page in enumerate(reader.pages) if page.indirect_reference}
    found = []
    for name, one in reader.named_destinations.items():
        left, top = one.get("/Left"), one.get("/Top")
        found.append((str(name), pages[one.raw_get("/Page").idnum], float(left or 0), float(top or 0)))
    return found


class _Tree:
    """The structure tree of *reader*'s file."""

    def __init__(self, reader: PdfReader) -> None:
        self.root: Any = reader.root_object["/StructTreeRoot"]
        self._pages = {page.indirect_reference.idnum: index for index, page in enumerate(reader.pages) if page.indirect_reference}
        self.drawn: list[Piece] = []
        self._texts: dict[tuple[int, int], list[Piece]] = defaultdict(list)
        for mark, piece in (one for index, page in enumerate(reader.pages) for one in drawn(page, index)):
            self.drawn.append(piece)
            self._texts[piece.page, int(mark.get("/MCID", -1))].append(piece)

    def pieces(self, element: Any) -> Iterator[Piece]:
        """Yield the texts in *element*, in reading order."""
        if element.get("/S") in NOT_TEXT:
            return
        for kid in kids(element):
            if isinstance(kid, dict) and "/S" in kid:
                yield from self.pieces(kid)
            else:
                yield from self._texts.get(self._key(element, kid), [])

    def _key(self, element: Any, kid: Any) -> tuple[int, int]:
        """Return the page and the number of the mark that *kid*, some content of *element*, stands for; of an annotation, none that is."""
        if isinstance(kid, int):
            return self._pages[element.raw_get("/Pg").idnum], int(kid)
        return (self._pages[kid.raw_get("/Pg").idnum], int(kid["/MCID"])) if kid.get("/Type") == "/MCR" else NOWHERE

    def margins(self) -> Iterator[tuple[int, list[Piece]]]:
        """Yield the number of each page, from 0, and the texts on it that stand in no element."""
        read = {self._key(one, kid) for one in _every(self.root) for kid in kids(one) if not (isinstance(kid, dict) and "/S" in kid)}
        unread: dict[int, list[Piece]] = {page: [] for page in self._pages.values()}
        for key in self._texts.keys() - read:
            unread[key[0]] += self._texts[key]
        yield from ((page, sorted(pieces, key=self.drawn.index)) for page, pieces in unread.items())

    def passages(self, destinations: list[tuple[str, int, float, float]]) -> Iterator[Passage]:
        """Yield every passage, with the *destinations* nearest above its first line as its anchors."""
        found = [(element, table, list(self.pieces(element))) for element, table in _blocks(self.root)]
        anchors = _led_to([pieces[0] if pieces else None for _, _, pieces in found], destinations)
        for number, (element, table, pieces) in enumerate(found):
            if pieces:
                yield self._passage(element, table, pieces, frozenset(anchors[number]))

    def _passage(self, element: Any, table: str, pieces: list[Piece], anchors: frozenset[str]) -> Passage:
        page = f"page {pieces[0].page + 1}"
        links = tuple(self._links(element))
        if element["/S"] == "/TR":
            cells = tuple(_joined(self.pieces(cell)) for cell in _elements(element))
            kind = Kind.HEAD if all(kid["/S"] == "/TH" for kid in _elements(element)) else Kind.ROW
            return Passage(kind, row_place(page, cells), cells, table, (), anchors, links)
        text = _joined(pieces)
        kind = Kind.CAPTION if element["/S"] == "/Caption" else Kind.TEXT
        return Passage(kind, f"{page}, '{shorten(text, 40)}'", (text,), table, (), anchors, links)

    def _links(self, element: Any) -> Iterator[Link]:
        for kid in _elements(element):
            if kid["/S"] == "/Link":
                for annotation in (one["/Obj"] for one in kids(kid) if isinstance(one, dict) and one.get("/Type") == "/OBJR"):
                    yield Link(_joined(self.pieces(kid)), _target(annotation))
            else:
                yield from self._links(kid)


def _target(annotation: Any) -> str:
    action = annotation.get("/A", {})
    return str(action["/URI"]) if "/URI" in action else f"#{annotation.get('/Dest', action.get('/D', ''))}"


def kids(element: Any) -> list[Any]:
    """Return what stands in *element*: elements, references to annotations, and contents, of its own page as plain numbers."""
    found = element.get("/K", [])
    return [kid.get_object() for kid in (found if isinstance(found, list) else [found])]


def _every(element: Any) -> Iterator[Any]:
    """Yield every element in *element*."""
    for kid in _elements(element):
        yield kid
        yield from _every(kid)


def _elements(element: Any) -> list[Any]:
    return [kid for kid in kids(element) if isinstance(kid, dict) and "/S" in kid]


def _blocks(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield every element that is a passage, each with the table that it is in."""
    tables = 0

    def walk(element: Any, table: str) -> Iterator[tuple[Any, str]]:
        nonlocal tables
        for kid in _elements(element):
            inner = table
            if kid["/S"] == "/Table":
                tables += 1
                inner = f"table {tables}"
            if kid["/S"] in ("/TR", "/Caption", *TEXTS):
                yield kid, inner
            if kid["/S"] not in ("/TR", "/Caption"):
                yield from walk(kid, inner)

    yield from walk(root, "")


def _led_to(starts: list[Piece | None], destinations: list[tuple[str, int, float, float]]) -> Mapping[int, set[str]]:
    """Return the names of the *destinations* that lead to each of *starts*, by their index: the nearest below and right."""
    by_page: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
    for index, start in enumerate(starts):
        if start:
            by_page[start.page].append((index, start))
    anchors: dict[int, set[str]] = defaultdict(set)
    for name, page, left, top in destinations:
        below = [(top - one.y + abs(one.x - left), index) for index, one in by_page[page] if one.y <= top + SLACK and one.x >= left - SLACK]
        for nearest in [index for distance, index in below if distance == min(below)[0]]:
            anchors[nearest].add(name)
    return anchors


def _joined(pieces: Iterator[Piece] | list[Piece]) -> str:
    """Return the texts of *pieces*; a space stands between lines."""
    text, before = "", None
    for piece in pieces:
        apart = before and (piece.page != before.page or abs(piece.y - before.y) > SLACK * 3)
        text += f" {piece.text}" if apart else piece.text
        before = piece
    return collapse(text)


def _unseen(tree: _Tree) -> Iterator[Concealed]:
    """Yield the texts of which the page shows nothing, or not all."""
    for piece in tree.drawn:
        if piece.text.strip() and piece.unseen:
            yield Concealed(f"page {piece.page + 1}, '{shorten(piece.text, 40)}'", piece.unseen)


def _outside(reader: PdfReader, tree: _Tree) -> Iterator[Concealed]:
    """Yield the texts that begin or end outside of their page."""
    boxes = [page.cropbox for page in reader.pages]  # what of the page is shown: all of it, unless it says otherwise
    for piece in tree.drawn:
        left, bottom, right, top = (float(one) for one in boxes[piece.page])
        if piece.text.strip() and not (left <= min(piece.x, piece.end) <= max(piece.x, piece.end) <= right and bottom <= piece.y <= top):
            yield Concealed(f"page {piece.page + 1}, '{shorten(piece.text, 40)}'", "is drawn outside of the page")


def _overdrawn(tree: _Tree) -> Iterator[Concealed]:
    """Yield the texts over which the next one of their line is drawn."""
    lines: dict[tuple[int, float], list[Piece]] = defaultdict(list)
    for piece in tree.drawn:
        if piece.text.strip():
            lines[piece.page, round(piece.y, 1)].append(piece)
    for line in lines.values():
        for one, other in pairwise(sorted(line, key=lambda piece: (piece.x, piece.end))):
            if one.end > other.x + SLACK:
                place = f"page {one.page + 1}, '{shorten(one.text, 40)}'"
                yield Concealed(place, f"is drawn over by '{shorten(other.text, 40)}'")


def _laid_over(reader: PdfReader) -> Iterator[Concealed]:
    """Yield what a program shows over the pages, or hides if it is told to: notes, stamps, boxes, fields and layers."""
    for number, page in enumerate(reader.pages, start=1):
        kinds = {str(one.get_object()["/Subtype"])[1:] for one in page.get("/Annots", [])} - {"Link"}
        for kind in sorted(kinds):
            yield Concealed(f"page {number}", f"has an annotation over it of the kind {kind}")
    if "/OCProperties" in reader.root_object:
        yield Concealed("the file", "has layers, which can be switched off")
