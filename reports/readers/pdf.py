"""PDF -> Content: the structure tree by pypdf, and its texts by PDFium, as a screen reader finds them (ISO 32000-1, 14.7)."""

from collections import defaultdict
from collections.abc import Iterator
from ctypes import addressof
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfReader
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDFPageObj_GetMarkedContentID, FPDFText_CountChars, FPDFText_GetTextObject, FPDFText_GetUnicode

from reports.readers.content import KINDS, NOTE_LINK, Block, Content, Link, bound, collapse, gather

ROLES = {f"/{name.upper()}": kind for name, kind in KINDS.items()} | {"/Caption": KINDS["caption"]}
NO_TEXT = ("/Lbl", "/Figure")  # the marks of list items, and pictures

LINE_END = "\x02"  # what PDFium reads in place of a hyphen, of any but a soft one, after which a line ends

MOST_PAGES, MOST_ELEMENTS, MOST_BYTES = 1_000, 500_000, 25_000_000

Texts = dict[tuple[int, int], tuple[int, str]]  # the page, from 1, and the text of each mark, by the page's object and the mark's number


def read(content: bytes) -> Content:
    """Return the content of the tagged PDF *content*; what runs in the margins of its pages is no part of it."""
    reader: Any = PdfReader(BytesIO(content))
    tree, size, forms = reader.root_object["/StructTreeRoot"], 0, dict[int, int]()
    bound("pages", len(reader.pages), MOST_PAGES)
    bound("structure elements", _count(tree), MOST_ELEMENTS)
    for page in reader.pages:
        size += _drawing(page, page.get_contents(), forms)
        bound("bytes of drawing", size, MOST_BYTES)
    texts = _texts(content, [page.indirect_reference.idnum for page in reader.pages])
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


def _drawing(owner: Any, contents: Any, known: dict[int, int]) -> int:
    """Return how many bytes the page or form *owner* draws at most by its *contents*: as if each form that it draws were its largest.

    Forms that draw forms can make much of a small file, and PDFium follows them all. *known* has those that were looked at.
    """
    data = contents.get_data() if contents is not None else b""  # as a dict, it is empty
    named = owner["/Resources"].get("/XObject", {}).values() if b"Do" in data else ()
    largest = 0
    for form in (form for form in (reference.get_object() for reference in named) if form["/Subtype"] == "/Form"):
        if id(form) not in known:
            known[id(form)] = _drawing(form, form, known)
        largest = max(largest, known[id(form)])
    return len(data) + data.count(b"Do") * largest


def _texts(content: bytes, pages: list[int]) -> Texts:
    """Return the texts of the PDF *content*, whose *pages* are the objects with these numbers."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    with PdfDocument(content) as document:
        for page, letters in zip(pages, (page.get_textpage() for page in document), strict=True):
            marks, mark = dict[int, int](), -1
            for at in range(FPDFText_CountChars(letters)):
                if text := FPDFText_GetTextObject(letters, at):  # a space, or a line end, that PDFium put between texts stands in none
                    place = addressof(text.contents)
                    mark = marks[place] = marks[place] if place in marks else FPDFPageObj_GetMarkedContentID(text)
                found[page, mark].append(chr(FPDFText_GetUnicode(letters, at)))
    numbers = {page: number for number, page in enumerate(pages, start=1)}
    return {(page, mark): (numbers[page], "".join(text).replace(LINE_END, "-")) for (page, mark), text in found.items()}


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
