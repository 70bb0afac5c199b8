"""PDF -> Content, by pypdf: the texts of the structure tree, as a screen reader finds them (ISO 32000-1, 14.7)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfReader

from reports.readers.content import HEADINGS, KINDS, Block, Content, Link, collapse

ROLES = {f"/{name.upper()}": kind for name, kind in ({**KINDS, **HEADINGS}).items()} | {"/Caption": KINDS["caption"]}
NO_TEXT = ("/Lbl", "/Figure")  # the marks of list items, and pictures
SLACK = 2.0  # points: an anchor may stand so far below the first line that it leads to
LINE = 6.0  # points: texts that are farther apart stand in different lines


@dataclass
class Piece:
    """The text in one mark of a *page*, counted from 1, and where it begins: *x* and *y* in points from the left below."""

    page: int
    x: float
    y: float
    text: str = ""


Pieces = dict[tuple[int, int], Piece]  # by the object number of the page, and the number of the mark


def read(content: bytes) -> Content:
    """Return the content of the tagged PDF *content*; what runs in the margins of its pages is no part of it."""
    reader = PdfReader(BytesIO(content))
    pieces: Pieces = {}
    for number, page in enumerate(reader.pages, start=1):
        _draw(page, number, pieces)
    root: Any = reader.root_object["/StructTreeRoot"]
    found = list(_blocks(root, pieces, count(1)))
    return Content(tuple(_anchored(found, reader)), {name: files[0] for name, files in reader.attachments.items()})


def _draw(page: Any, number: int, pieces: Pieces) -> None:
    """Add the texts on *page*, which has that *number*, to *pieces*."""
    marks = [-1]

    def follow(operator: bytes, operands: Any, now: list[float], text: list[float]) -> None:
        if operator in (b"BDC", b"BMC"):
            properties = operands[-1] if isinstance(operands[-1], dict) else {}
            marks.append(int(properties.get("/MCID", marks[-1])))
        elif operator == b"EMC":
            marks.pop()
        elif operator in (b"TJ", b"Tj"):
            x, y = (text[4] * now[axis] + text[5] * now[axis + 2] + now[axis + 4] for axis in (0, 1))
            pieces.setdefault((page.indirect_reference.idnum, marks[-1]), Piece(number, x, y))

    def take(text: str, *_: Any) -> None:
        if piece := pieces.get((page.indirect_reference.idnum, marks[-1])):
            piece.text += text

    page.extract_text(visitor_operand_before=follow, visitor_text=take)


def _blocks(element: Any, pieces: Pieces, tables: Iterator[int], table: str = "") -> Iterator[tuple[Block, list[Piece]]]:
    """Yield each block in *element* that has a text, the outermost where one stands in another, and its texts."""
    for kid in _elements(element):
        if kid["/S"] not in ROLES and not any(_is_mark(part) for part in _kids(kid)):
            yield from _blocks(kid, pieces, tables, f"table {next(tables)}" if kid["/S"] == "/Table" else table)
        elif texts := list(_texts(kid, pieces)):
            kind = ROLES.get(kid["/S"], "paragraph")
            cells = tuple(_joined(_texts(cell, pieces)) for cell in (_elements(kid) if kind == "row" else [kid]))
            yield Block(kind, cells, f"page {texts[0].page}", table, links=tuple(_links(kid, pieces))), texts


def _texts(element: Any, pieces: Pieces) -> Iterator[Piece]:
    """Yield the texts in *element*, in reading order."""
    for kid in () if element["/S"] in NO_TEXT else _kids(element):
        if isinstance(kid, dict) and "/S" in kid:
            yield from _texts(kid, pieces)
        elif _is_mark(kid):
            page, mark = (element, kid) if isinstance(kid, int) else (kid, kid["/MCID"])
            yield from filter(None, [pieces.get((page.raw_get("/Pg").idnum, int(mark)))])


def _links(element: Any, pieces: Pieces) -> Iterator[Link]:
    for kid in _elements(element):
        for part in _kids(kid) if kid["/S"] == "/Link" else ():
            if isinstance(part, dict) and "/Obj" in part:
                action = part["/Obj"].get("/A", {})
                target = action["/URI"] if "/URI" in action else f"#{part['/Obj'].get('/Dest', action.get('/D', ''))}"
                yield Link(_joined(_texts(kid, pieces)), str(target))
        yield from _links(kid, pieces)


def _kids(element: Any) -> list[Any]:
    """Return all that stands in the structure element *element*: elements, marks, and references to annotations."""
    found = element.get("/K", [])
    return [kid.get_object() for kid in (found if isinstance(found, list) else [found])]


def _elements(element: Any) -> list[Any]:
    return [kid for kid in _kids(element) if isinstance(kid, dict) and "/S" in kid]


def _is_mark(kid: Any) -> bool:
    """Return whether *kid* is a text on a page: the number of a mark, or a reference to one."""
    return isinstance(kid, int) or "/MCID" in kid


def _joined(pieces: Iterator[Piece]) -> str:
    """Return the texts of *pieces*; a space stands between lines."""
    text, before = "", None
    for piece in pieces:
        apart = before and (piece.page != before.page or abs(piece.y - before.y) > LINE)
        text += f" {piece.text}" if apart else piece.text
        before = piece
    return collapse(text)


def _anchored(found: list[tuple[Block, list[Piece]]], reader: PdfReader) -> Iterator[Block]:
    """Yield the blocks with their anchors: a destination is a point on a page, and leads to the block with the text next to it."""
    drawn: dict[int, list[tuple[Piece, int]]] = defaultdict(list)
    for index, (_, pieces) in enumerate(found):
        for piece in pieces:
            drawn[piece.page].append((piece, index))
    anchors: dict[int, set[str]] = defaultdict(set)
    for name, place in reader.named_destinations.items():
        left, top = (float(place.get(key) or 0) for key in ("/Left", "/Top"))
        on_page = drawn[(reader.get_destination_page_number(place) or 0) + 1]
        after = [(piece, index) for piece, index in on_page if piece.y <= top + SLACK and piece.x >= left - SLACK]
        if near := min(((top - piece.y + abs(piece.x - left), index) for piece, index in after), default=None):
            anchors[near[1]].add(str(name))
    return (replace(block, anchors=frozenset(anchors[index])) for index, (block, _) in enumerate(found))
