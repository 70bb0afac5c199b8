"""The reference document, opened by python-docx: with all that the writer counts on, or with problems at its parts."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import CONTENT_TYPE
from docx.oxml.ns import qn

from reports.errors import Location, Problem, ReportsError
from reports.renderers.ooxml import pack
from reports.renderers.word.reference import REFERENCE, STYLES

# The first element of each part that we write into; python-docx takes any, and stumbles over it later.
ROOTS: Mapping[str, str] = {
    CONTENT_TYPE.WML_DOCUMENT_MAIN: "w:document",
    CONTENT_TYPE.WML_NUMBERING: "w:numbering",
    CONTENT_TYPE.WML_SETTINGS: "w:settings",
    CONTENT_TYPE.WML_STYLES: "w:styles",
}
NUMBERING = REFERENCE / "word" / "numbering.xml"


def opened(parts: Mapping[str, bytes], templates: Path) -> Any:
    """Return the document that *parts* make; raises ReportsError if they make none, or one that lacks what a text needs."""
    try:
        document = docx.Document(BytesIO(pack(parts)))
        roots = [
            (part.partname, ROOTS[part.content_type], part.element.tag) for part in document.part.package.iter_parts() if _is_known(part)
        ]
    except (KeyError, ValueError, AttributeError):
        raise ReportsError(Problem(Location(templates / REFERENCE), "lacks a part that every Word document has")) from None
    problems = [
        Problem(Location(templates / REFERENCE / name.lstrip("/")), f"does not begin with the element <{expected}>")
        for name, expected, found in roots
        if found != qn(expected)
    ]
    if problems:
        raise ReportsError(*problems)
    missing = sorted({"styles", "settings"} - {expected.removeprefix("w:") for _, expected, _ in roots})
    problems = [Problem(Location(templates / REFERENCE), f"lacks the part of the {name}") for name in missing]
    problems += [Problem(Location(templates / REFERENCE / "word" / "document.xml"), message) for message in _wrong_page(document)]
    if problems:
        raise ReportsError(*problems)
    return document


def _is_known(part: Any) -> bool:
    return part.content_type in ROOTS


def _wrong_page(document: Any) -> Iterator[str]:
    """Yield what *document* does not say of its pages, by which tables and pictures are measured."""
    if document.element.body is None or not len(document.sections):
        yield "has no section (<w:sectPr>), which says how large the pages are"
        return
    section = document.sections[0]
    try:
        unknown = None in (section.page_width, section.page_height, section.left_margin, section.right_margin)
    except ValueError:  # no number
        unknown = True
    if unknown:
        yield "does not say how wide its pages and their margins are (<w:pgSz>, <w:pgMar>)"


def new_list(document: Any, style: Any, depth: int, templates: Path) -> int:
    """Return the id of a new list at *depth* that is numbered as the paragraph *style* is, and starts at 1.

    Raises ReportsError if the style has no numbers, or the reference document no such list.
    """
    found = style.element.xpath("w:pPr/w:numPr/w:numId/@w:val")
    if not found:
        raise ReportsError(Problem(Location(templates / STYLES), f"the style '{style.name}' of the reference document has no numbers"))
    place = Location(templates / NUMBERING)
    try:
        numbering = document.part.numbering_part.element
    except (NotImplementedError, AttributeError):  # python-docx makes no such part, and takes one of another kind
        raise ReportsError(Problem(place, "is missing: the numbering that numbered lists take")) from None
    numbers = {num.get(qn("w:numId"), ""): num.xpath("w:abstractNumId/@w:val") for num in numbering.xpath("w:num")}
    wrong = sorted(one for one in (*numbers, *(value for values in numbers.values() for value in values)) if not one.isdecimal())
    if wrong:
        raise ReportsError(Problem(place, f"'{wrong[0]}' is no number of a list"))
    if not numbers.get(found[0]):
        raise ReportsError(Problem(place, f"has no list with the number '{found[0]}', which a style takes"))
    num = numbering.add_num(int(numbers[found[0]][0]))
    num.add_lvlOverride(ilvl=depth).add_startOverride(1)
    return int(num.numId)


def set_number(paragraph: Any, number: int, depth: int) -> None:
    """Put *paragraph* into the list of the id *number*, at *depth*."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = depth
    properties.get_or_add_numId().val = number
