"""Web page -> what it says, read by lxml's HTML parser."""

from collections.abc import Iterator
from typing import Any

from lxml import html

from reports.audit.readers.hiding import hidden
from reports.audit.shown import Around, Concealed, Kind, Link, Passage, Shown, collapse, row_place, shorten

TEXTS = ("p", "h1", "h2", "h3", "h4", "li", "figcaption", "legend")
NOT_TEXT = ("script", "style", "template", "svg")


def read(content: bytes) -> Shown:
    """Return what the page *content* says."""
    document = html.document_fromstring(content.decode())
    concealed = tuple(_concealed(document))
    around = _around(document)
    body = document.find("body")
    for element in list(body.iter(*NOT_TEXT)):
        element.drop_tree()
    return Shown(body.text_content(), tuple(_passages(body)), concealed, around=around)


def _around(document: Any) -> Around:
    """Return what *document* says beside its text; figures are drawings in it, of which a label says what they show."""
    properties = {one.get("name"): one.get("content", "") for one in document.iter("meta") if one.get("name")}
    pictures = (one for one in document.iter() if one.tag == "img" or one.get("role") == "img")
    labels = tuple(one.get("alt") or one.get("aria-label", "") for one in pictures)
    return Around({**properties, "title": document.findtext("head/title") or ""}, (), labels)


def _passages(body: Any) -> Iterator[Passage]:
    tables: dict[Any, str] = {}
    around: list[str] = []  # the anchors of what the next passage stands in: they lead to it
    within: set[str] = set()
    for element in body.iter("*"):
        if element.tag == "table":
            tables[element] = f"table {len(tables) + 1}"
        table = tables[next(element.iterancestors("table"))] if element.tag in ("caption", "tr") else ""
        if table or (element.tag in TEXTS and next(element.iterancestors("tr"), None) is None):
            passage = _row(element, table, around) if element.tag == "tr" else _passage(element, table, around)
            yield passage
            around = []
            within.update(passage.anchors)
        elif element.get("id") and element.get("id") not in within:
            around.append(element.get("id"))


def _passage(element: Any, table: str, around: list[str]) -> Passage:
    text = collapse(element.text_content())
    place = f"#{element.get('id')}" if element.get("id") else f"<{element.tag}> '{shorten(text, 40)}'"
    kind = Kind.CAPTION if table else Kind.TEXT
    return Passage(kind, place, (text,), table, (), _anchors(element).union(around), _links(element))


def _row(element: Any, table: str, around: list[str]) -> Passage:
    cells = tuple(collapse(cell.text_content()) for cell in element.iter("th", "td"))
    place = f"#{element.get('id')}" if element.get("id") else row_place(table, cells)
    kind = Kind.HEAD if element.find("td") is None else Kind.ROW
    return Passage(kind, place, cells, table, (), _anchors(element).union(around), _links(element))


def _anchors(element: Any) -> frozenset[str]:
    return frozenset(one.get("id") for one in element.iter() if one.get("id"))


def _links(element: Any) -> tuple[Link, ...]:
    return tuple(Link(collapse(one.text_content()), one.get("href", "")) for one in element.iter("a"))


def _concealed(document: Any) -> Iterator[Concealed]:
    """Yield what the page itself hides, but for forms, which are no text and wait for their script."""
    for link in document.iter("link"):
        if "stylesheet" in link.get("rel", "").lower().split():
            yield Concealed("the page", f"takes styles from '{shorten(link.get('href', ''))}', which are not read here")
    body = document.find("body")
    found: dict[Any, str] = {}
    for element, why in hidden(document):
        found.setdefault(element, why)
    for element, why in found.items():
        around = (element, *element.iterancestors())
        if body in around and not any(one.tag in ("form", *NOT_TEXT) for one in around):
            text = f"#{element.get('id')}" if element.get("id") else f"<{element.tag}> '{shorten(element.text_content(), 40)}'"
            yield Concealed(text, why)
