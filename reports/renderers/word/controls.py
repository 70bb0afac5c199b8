"""Content controls of a Word document, for which python-docx has no API: each names the field that its text is (ISO 29500-1, 17.5.2)."""

from typing import Any
from xml.etree.ElementTree import Element

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.files import sha256
from reports.renderers.html import FIELD

LONGEST = 64  # characters that Word allows in a control's tag and in its name; it opens no file that has more


def control(span: Element) -> tuple[Any, Any]:
    """Return a control within a line for the field that *span* names, whose title is its name for people; and the place of its text."""
    properties, content, whole = (OxmlElement(f"w:{name}") for name in ("sdtPr", "sdtContent", "sdt"))
    named = {"w:alias": shortened(span.get("title", "")), "w:tag": tag_of(span.get(FIELD, ""))}
    properties.extend(OxmlElement(name, {qn("w:val"): value}) for name, value in named.items() if value)
    whole.extend((properties, content))
    return whole, content


def tag_of(field: str) -> str:
    """Return the tag of the control of *field*, "M2010-1/date": the same, or if that is too long for Word, its beginning and a digest."""
    return field if len(field) <= LONGEST else f"{field[: LONGEST - 9]}-{sha256(field.encode())[:8]}"


def shortened(name: str) -> str:
    """Return as much of *name*, which people read, as Word shows."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
