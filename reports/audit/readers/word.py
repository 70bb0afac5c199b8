"""Word -> what it says, read from the parts of the file by lxml."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from reports.audit.readers.formatting import Formatting, W, is_on
from reports.audit.shown import Around, Concealed, Kind, Link, Passage, Shown, collapse, row_place, shorten
from reports.renderers.ooxml import unpack

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
KEYWORDS = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords"
PROPERTIES = {f"{DUBLIN_CORE}{one}": name for one, name in (("title", "title"), ("subject", "description"), ("creator", "author"))}
PROPERTIES |= {KEYWORDS: "keywords"}
FIELD = f"{W}fldSimple"
PAGES = ("PAGE", "NUMPAGES")
SPACES = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}


def read(content: bytes) -> Shown:
    """Return what the document *content* says; numbers of pages aside, which Word counts."""
    file = unpack(content)
    body = etree.fromstring(file["word/document.xml"]).find(f"{W}body")
    addresses = _addresses(etree.fromstring(file["word/_rels/document.xml.rels"]))
    styles = etree.fromstring(file["word/styles.xml"])
    core = etree.fromstring(file["docProps/core.xml"])
    margins = [etree.fromstring(file[f"word/{path}"]) for path in _margins(body, addresses)]
    formatting = Formatting(styles)
    concealed = (one for part in (body, *margins) for one in _concealed(part, formatting))
    return Shown(_text(body), tuple(_passages(body, addresses)), tuple(concealed), around=_around(core, margins, body))


def _margins(body: Any, addresses: Mapping[str, str]) -> list[str]:
    """Return the paths of the headers and footers that *body* has."""
    return [addresses[one.get(f"{R}id")] for one in body.iter(f"{W}headerReference", f"{W}footerReference")]


def _around(core: Any, margins: list[Any], body: Any) -> Around:
    properties = {PROPERTIES[one.tag]: one.text or "" for one in core if one.tag in PROPERTIES}
    said = tuple(("the header" if one.tag == f"{W}hdr" else "the footer", collapse(_text(one))) for one in margins)
    return Around(properties, said, tuple(one.get("descr", "") for one in body.iter(f"{DRAWING}docPr")))


def _addresses(relationships: Any) -> Mapping[str, str]:
    return {one.get("Id", ""): one.get("Target", "") for one in relationships}


def _passages(body: Any, addresses: Mapping[str, str]) -> Iterator[Passage]:
    paragraphs = tables = 0
    for element in body:
        if element.tag == f"{W}p":
            paragraphs += 1
            text = collapse(_text(element))
            place = f"paragraph {paragraphs} '{shorten(text, 40)}'"
            yield Passage(Kind.TEXT, place, (text,), "", (), _anchors(element), _links(element, addresses))
        elif element.tag == f"{W}tbl":
            tables += 1
            yield from _table(element, f"table {tables}", addresses)


def _table(element: Any, table: str, addresses: Mapping[str, str]) -> Iterator[Passage]:
    for caption in element.iter(f"{W}tblCaption"):
        yield Passage(Kind.CAPTION, table, (caption.get(f"{W}val", ""),), table)
    for row in element.iter(f"{W}tr"):
        cells = tuple(collapse(_text(cell)) for cell in row.iter(f"{W}tc"))
        kind = Kind.ROW if row.find(f"{W}trPr/{W}tblHeader") is None else Kind.HEAD
        yield Passage(kind, row_place(table, cells), cells, table, (), _anchors(row), _links(row, addresses))


def _text(element: Any) -> str:
    """Return the text in *element*; paragraphs are apart."""
    parts = []
    for one in element.iter():
        if one.tag == f"{W}t":
            parts.append("" if any(field.get(f"{W}instr", "").strip() in PAGES for field in one.iterancestors(FIELD)) else one.text or "")
        elif one.tag == f"{W}p":
            parts.append("\n")
        else:
            parts.append(SPACES.get(one.tag, ""))
    return "".join(parts)


def _anchors(element: Any) -> frozenset[str]:
    return frozenset(one.get(f"{W}name", "") for one in element.iter(f"{W}bookmarkStart"))


def _links(element: Any, addresses: Mapping[str, str]) -> tuple[Link, ...]:
    links = []
    for one in element.iter(f"{W}hyperlink"):
        anchor = one.get(f"{W}anchor")
        links.append(Link(collapse(_text(one)), f"#{anchor}" if anchor else addresses.get(one.get(f"{R}id"), "")))
    return tuple(links)


def _is_on(element: Any) -> bool:
    return is_on(element.get(f"{W}val", "true"))


def _concealed(body: Any, formatting: Formatting) -> Iterator[Concealed]:
    """Yield what the file holds and a reader does not see."""
    for run in body.iter(f"{W}r"):
        if _text(run).strip() and (why := formatting.unseen(run)):
            yield Concealed(f"'{shorten(_text(run), 40)}'", why)
    for mark in body.iterfind(f".//{W}p/{W}pPr/{W}rPr/{W}vanish"):
        if _is_on(mark):
            text = _text(next(mark.iterancestors(f"{W}p")))
            yield Concealed(f"the end of the paragraph '{shorten(text, 40)}'", "is hidden, so that the next one goes on in its line")
    yield from _concealed_rows(body)
    for deleted in body.iter(f"{W}del", f"{W}delText"):
        yield Concealed(f"'{shorten(_text(deleted), 40)}'", "is a tracked change, which one reader sees and another does not")


def _concealed_rows(body: Any) -> Iterator[Concealed]:
    """Yield rows that are hidden, and those whose height is fixed, in which a longer text would be cut off."""
    for row in body.iter(f"{W}tr"):
        place = row_place("a table", (collapse(_text(cell)) for cell in row.iter(f"{W}tc")))
        if any(one.get(f"{W}hRule") == "exact" for one in row.iter(f"{W}trHeight")):
            yield Concealed(place, "has a fixed height, which cuts text off")
        if any(_is_on(one) for one in row.iterfind(f"{W}trPr/{W}hidden")):
            yield Concealed(place, "is hidden")
