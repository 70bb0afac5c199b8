"""Runs: the stretches of text of a paragraph, as HTML gives them and as Word takes them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style: *link* is an address or `#id`, *tip* what is said of it, *field* a Word field instead of text."""

    text: str = ""
    style: str | None = None
    language: str | None = None
    link: str | None = None
    tip: str | None = None
    field: str | None = None


PLAIN = Run()


def with_text(run: Run, text: str | None) -> Run:
    """Return *run* with *text* of HTML, in which each stretch of spaces is one: a run of "\\n" is a <br>, not the end of a line there."""
    return replace(run, text=re.sub(r"[ \t\n]+", " ", text or ""))


def collapsed(runs: Sequence[Run]) -> list[Run]:
    """Return *runs* with one space where two meet, and none at either end; a no-break space is no space."""
    collapsed: list[Run] = []
    space = True
    for run in runs:
        text = run.text.removeprefix(" ") if space else run.text
        if text or run.field:
            collapsed.append(replace(run, text=text))
            space = text.endswith((" ", "\n"))
    while collapsed and not collapsed[-1].field and not collapsed[-1].text.rstrip(" "):
        collapsed.pop()
    if collapsed and collapsed[-1].text.endswith(" "):
        collapsed[-1] = replace(collapsed[-1], text=collapsed[-1].text.rstrip(" "))
    return collapsed


def grouped(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield *runs* in groups of the same link."""
    group: list[Run] = []
    for run in runs:
        if group and run.link != group[0].link:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def ooxml_element(name: str, attributes: Mapping[str, str]) -> Any:
    """Return a new element of the qualified *name*, such as "w:lang", with *attributes*."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def ooxml_run(run: Run, style: str) -> Any:
    """Return *run* as an element, in the character style of the id *style* if there is one."""
    element = OxmlElement("w:r")
    if style or run.language:
        properties = OxmlElement("w:rPr")
        if style:
            properties.append(ooxml_element("w:rStyle", {"w:val": style}))
        if run.language:
            properties.append(ooxml_element("w:lang", {"w:val": run.language}))
        element.append(properties)
    if run.field:
        return _word_field(run.field, element)
    for index, line in enumerate(run.text.split("\n")):
        if index:
            element.append(OxmlElement("w:br"))
        text = OxmlElement("w:t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        element.append(text)
    return element


def _word_field(code: str, run: Any) -> Any:
    """Return the Word field *code* as a simple field around *run*, which shows 1 until Word counts."""
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element = ooxml_element("w:fldSimple", {"w:instr": code})
    element.append(run)
    return element
