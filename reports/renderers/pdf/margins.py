"""The margins of pages: running heads and page numbers, laid out without the text, on empty pages that have what they take from it."""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from tinycss2.serializer import serialize_string_value

from reports.renderers.pdf.pieces import PLACE

BOXES = [
    *(f"@{side}-{place}" for side in ("top", "bottom") for place in ("left-corner", "left", "center", "right", "right-corner")),
    *(f"@{side}-{place}" for side in ("left", "right") for place in ("top", "middle", "bottom")),
]
# A text is laid out without its margins.
WITHOUT = f"@page {{ {' '.join(f'{box} {{ content: none !important; }}' for box in BOXES)} }}"


class EmptyPage(NamedTuple):
    """A page without its text, but with its name, and with the strings and running elements that the text has set, both by name."""

    name: str
    strings: Sequence[tuple[str, str]]
    running: Sequence[tuple[str, str]]


def empty_pages(root: Element, before: EmptyPage | None, pages: Sequence[EmptyPage]) -> Element:
    """Return empty *pages* of the HTML *root*, behind one with what was set *before*, if there is any."""
    body = root.find("body")
    made = Element(root.tag, root.attrib)
    within = ET.SubElement(made, "body", {} if body is None else body.attrib)
    for page in (*([before] if before else []), *pages):
        element = ET.SubElement(within, "div", {PLACE: "page", "style": f"page: {page.name}" if page.name else ""})
        for name, text in page.strings:
            ET.SubElement(element, "div", {PLACE: "strings", "style": f'string-set: {name} "{serialize_string_value(text)}"'})
        within.extend(ET.fromstring(running) for _, running in page.running)  # noqa: S314 - it is what we wrote
    return made
