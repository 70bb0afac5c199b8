"""PDF -> Content, by pypdf: the texts of the structure tree, as a screen reader finds them (ISO 32000-1, 14.7)."""

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfReader

from reports.readers.content import KINDS, NOTE_LINK, Block, Content, Link, bound, collapse, gather

ROLES = {f"/{name.upper()}": kind for name, kind in KINDS.items()} | {"/Caption": KINDS["caption"]}
NO_TEXT = ("/Lbl", "/Figure")  # the marks of list items, and pictures

MOST_PAGES, MOST_ELEMENTS, MOST_BYTES, MOST_OPERATORS = 1_000, 500_000, 25_000_000, 5_000_000

Texts = dict[tuple[int, int], tuple[int, str]]  # the page, from 1, and the text of each mark, by the page's object and the mark's number


def read(content: bytes) -> Content:
    """Return the content of the tagged PDF *content*; what runs in the margins of its pages is no part of it."""
    reader = PdfReader(BytesIO(content))
    tree, texts = reader.root_object["/StructTreeRoot"], Texts()
    bound("pages", len(reader.pages), MOST_PAGES)
    bound("structure elements", _count(tree), MOST_ELEMENTS)
    size, operators = 0, count(1)
    for number, page in enumerate(reader.pages, start=1):
        size += len(contents.get_data()) if (contents := page.get_contents()) is not None else 0  # as a dict, it is empty
        bound("bytes of drawing", size, MOST_BYTES)
        _draw(page, number, texts, operators)
    blocks = gather(_blocks(tree, texts, count(1)))
    return Content(blocks, {name: files[0] for name, files in reader.attachments.items()})


def _count(tree: Any) -> int:
    """Return how many elements *tree* has; raises ValueError if one of them stands in two places, and so perhaps in any number of them."""
    found, waiting = {id(tree)}, [tree]
    while waiting:
        for element in _elements(waiting.pop()):
            if id(element) in found:
                raise ValueError("a structure element stands in two places")
            found.add(id(element))
            waiting.append(element)
    return len(found)


def _draw(page: Any, number: int, texts: Texts, operators: Iterator[int]) -> None:
    """Add the texts on *page*, which has that *number*, to *texts*; *operators* counts what is done for them, in forms within forms too."""
    marks = [-1]

    def follow(operator: bytes, operands: Any, *_: Any) -> None:
        bound("steps of drawing", next(operators), MOST_OPERATORS)
        if operator in (b"BDC", b"BMC"):
            properties = operands[-1] if isinstance(operands[-1], dict) else {}
            marks.append(int(properties.get("/MCID", marks[-1])))
        elif operator == b"EMC":
            marks.pop()

    def take(text: str, *_: Any) -> None:
        key = page.indirect_reference.idnum, marks[-1]
        texts[key] = number, texts.get(key, (number, ""))[1] + text

    page.extract_text(visitor_operand_before=follow, visitor_text=take)


def _blocks(element: Any, texts: Texts, tables: Iterator[int], table: str = "") -> Iterator[Block]:
    """Yield each block in *element* that has a text, the outermost where one stands in another."""
    for kid in _elements(element):
        if kid["/S"] not in ROLES and not any(_is_mark(part) for part in _kids(kid)):
            yield from _blocks(kid, texts, tables, f"table {next(tables)}" if kid["/S"] == "/Table" else table)
        elif found := list(_marked(kid, texts)):
            kind = ROLES.get(kid["/S"], "paragraph")
            cells = tuple(_text(cell, texts) for cell in (_elements(kid) if kind == "row" else [kid]))
            yield Block(kind, cells, f"page {found[0][0]}", table, links=tuple(_links(kid, texts)))


def _marked(element: Any, texts: Texts) -> Iterator[tuple[int, str]]:
    """Yield the page and the text of each mark in *element*, in reading order."""
    for kid in () if element["/S"] in NO_TEXT or _is_note_link(element) else _kids(element):
        if isinstance(kid, dict) and "/S" in kid:
            yield from _marked(kid, texts)
        elif _is_mark(kid):
            page, mark = (element, kid) if isinstance(kid, int) else (kid, kid["/MCID"])
            yield from filter(None, [texts.get((page.raw_get("/Pg").idnum, int(mark)))])


def _text(element: Any, texts: Texts) -> str:
    """Return the texts in *element*, a space between them: whoever compares them leaves spaces out."""
    return collapse(" ".join(text for _, text in _marked(element, texts)))


def _links(element: Any, texts: Texts) -> Iterator[Link]:
    for kid in _elements(element):
        yield from (Link(_text(kid, texts), target) for target in _targets(kid) if not NOTE_LINK.fullmatch(target))
        yield from _links(kid, texts)


def _is_note_link(element: Any) -> bool:
    return any(NOTE_LINK.fullmatch(target) for target in _targets(element))


def _targets(element: Any) -> Iterator[str]:
    """Yield where *element* leads, if it is a link: once for each place in which it stands."""
    for part in _kids(element) if element["/S"] == "/Link" else ():
        if isinstance(part, dict) and "/Obj" in part:
            action = part["/Obj"].get("/A", {})
            yield str(action["/URI"] if "/URI" in action else f"#{part['/Obj'].get('/Dest', action.get('/D', ''))}")


def _kids(element: Any) -> list[Any]:
    """Return all that stands in the structure element *element*: elements, marks, and references to annotations."""
    found = element.get("/K", [])
    return [kid.get_object() for kid in (found if isinstance(found, list) else [found])]


def _elements(element: Any) -> list[Any]:
    return [kid for kid in _kids(element) if isinstance(kid, dict) and "/S" in kid]


def _is_mark(kid: Any) -> bool:
    return isinstance(kid, int) or "/MCID" in kid
