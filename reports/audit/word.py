"""Word -> what it says, read from the parts of the file by lxml."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from reports.audit.shown import Concealed, Kind, Link, Passage, Shown, collapse, row_place, shorten

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SPACES = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}

PROPERTIES = tuple(f"{W}{name}" for name in ("rPr", "pPr", "tcPr", "trPr", "tblPr"))
STYLES = tuple(f"{W}{name}" for name in ("rStyle", "pStyle", "tblStyle"))
WHITE = "FFFFFF"
# Where the colour of a text stands: not in the properties of a paragraph, which hold that of its mark.
COLOUR = dict.fromkeys(PROPERTIES, "nowhere") | {f"{W}rPr": f"{W}color", f"{W}style": f"{W}rPr/{W}color"}


def read(content: bytes) -> Shown:
    """Return what the document *content* says; headers and footers aside."""
    with ZipFile(BytesIO(content)) as file:
        body = etree.fromstring(file.read("word/document.xml")).find(f"{W}body")
        addresses = _addresses(etree.fromstring(file.read("word/_rels/document.xml.rels")))
        styles = etree.fromstring(file.read("word/styles.xml"))
    concealed = (*_concealed(body, _hiding_styles(styles)), *_white(body, styles))
    return Shown(_text(body), tuple(_passages(body, addresses)), concealed)


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
            parts.append(one.text or "")
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


def _hiding_styles(styles: Any) -> frozenset[str]:
    return frozenset(style.get(f"{W}styleId") for style in styles.iter(f"{W}style") if any(map(_is_on, style.iter(f"{W}vanish"))))


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val", "true") not in ("0", "false", "off")


def _concealed(body: Any, hiding_styles: frozenset[str]) -> Iterator[Concealed]:
    """Yield hidden text, and rows whose height is fixed, in which a longer text would be cut off."""
    for paragraph in body.iter(f"{W}p"):
        vanish = any(_is_on(one) for one in paragraph.iter(f"{W}vanish"))
        styled = any(one.get(f"{W}val") in hiding_styles for one in paragraph.iter(f"{W}rStyle", f"{W}pStyle"))
        if vanish or styled:
            yield Concealed(f"the paragraph '{shorten(_text(paragraph), 40)}'", "is hidden text")
    for row in body.iter(f"{W}tr"):
        place = row_place("a table", (collapse(_text(cell)) for cell in row.iter(f"{W}tc")))
        if any(one.get(f"{W}hRule") == "exact" for one in row.iter(f"{W}trHeight")):
            yield Concealed(place, "has a fixed height, which cuts text off")
        if any(_is_on(one) for one in row.iterfind(f"{W}trPr/{W}hidden")):
            yield Concealed(place, "is hidden")
    for deleted in body.iter(f"{W}del", f"{W}delText"):
        yield Concealed(f"'{shorten(_text(deleted), 40)}'", "is a tracked change, which one reader sees and another does not")


def _white(body: Any, styles: Any) -> Iterator[Concealed]:
    """Yield text that is written in white on the paper: without a shade in itself, its paragraph, its cell or any of their styles."""
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    for run in body.iter(f"{W}r"):
        if not _text(run).strip():
            continue
        around = [one for one in run.iterancestors() if one.tag in (f"{W}p", f"{W}tc", f"{W}tr", f"{W}tbl")]
        own = [found for one in (run, *around) for found in one if found.tag in PROPERTIES]
        looks = [one for properties in own for one in (properties, *_styles_of(properties, by_id))]
        colour = next((one for look in looks for one in look.iterfind(COLOUR[look.tag])), None)
        shaded = any(one.get(f"{W}fill", "auto") not in ("auto", WHITE) for look in looks for one in look.iter(f"{W}shd"))
        if colour is not None and (colour.get(f"{W}val") == WHITE or colour.get(f"{W}themeColor") == "background1") and not shaded:
            yield Concealed(f"'{shorten(_text(run), 40)}'", "is written in white on white")


def _styles_of(properties: Any, by_id: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the style that *properties* name, and those that it is based on, each once."""
    names = [one.get(f"{W}val") for one in properties if one.tag in STYLES]
    for name in names:
        if name in by_id:
            yield by_id[name]
            names += [one.get(f"{W}val") for one in by_id[name].iter(f"{W}basedOn") if one.get(f"{W}val") not in names]
