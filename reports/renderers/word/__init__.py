"""View + template -> .docx: the HTML subset, written by python-docx with the styles of a reference document."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from docx.oxml.ns import qn

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import digest_of, sha256
from reports.renderers import RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates, border
from reports.renderers.figures import draw_png
from reports.renderers.html import check_html, parse_html, text_of
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word.package import opened
from reports.renderers.word.reference import REFERENCE, STYLES, read_reference, read_styles, reference_document, restyled
from reports.renderers.word.writer import Writer

LONGEST_PROPERTY = 255
# What python-docx stumbles over has no other place than the reference document: no list of what it counts on would be complete.
BROKEN = "can't be filled ({said}): a part of it is not as Word writes it"

__all__ = ["REFERENCE", "STYLES", "reference_document", "render", "restyled"]


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a Word document; raises ReportsError for an element that Word has no role for."""
    made = Templates(templates, view, medium="docx")
    root = parse_html(made.render(name))
    check_html(root, templates / name)
    _hand_down_languages(root)
    used = made.used | {templates / STYLES: digest_of(templates / STYLES, templates)}  # before it is read, not what is saved later
    styles, parts = read_styles(templates), read_reference(templates)
    resources, target = Resources(templates, view, cache, draw_png), BytesIO()
    with border(Location(templates / REFERENCE), BROKEN):
        document = opened(parts, templates)
        Writer(document, styles, resources, name, _targets(root)).write(root)
        _set_language(document, made.locale.tag)
        _set_properties(document, view, root, Location(templates / name))
        document.core_properties.language = made.locale.tag
        document.save(target)
    used |= {templates / REFERENCE / part: sha256(content) for part, content in parts.items()} | resources.used
    return RenderedFile(pack(unpack(target.getvalue())), used)


def _hand_down_languages(root: Element) -> None:
    """Give each element below <html> the language of the one around it, since Word knows languages of texts only."""
    for parent in root.iter():
        if parent is not root and parent.get("lang"):
            for child in parent:
                child.set("lang", child.get("lang", parent.get("lang", "")))


def _targets(root: Element) -> Mapping[str, str]:
    """Return a bookmark's name for each id that a link leads to; Word allows 40 letters, digits and underscores."""
    linked = {link.get("href", "")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
    ids = [element.get("id", "") for element in root.iter() if element.get("id") in linked]
    return {one: f"_{number}_{re.sub(r'[^A-Za-z0-9]', '_', one)}"[:40] for number, one in enumerate(ids, 1)}


def _set_language(document: Any, tag: str) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
        language.set(qn("w:eastAsia"), tag)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)


def _set_properties(document: Any, view: View, root: Element, template: Location) -> None:
    """Fill the document's properties from *root*'s head and the data: nothing of the clock, nothing of this machine."""
    meta = {element.get("name"): element.get("content", "") for element in root.iter("meta")}
    title = root.find("head/title")
    texts = {
        "title": text_of(title) if title is not None else "",
        **{name: meta.get(name, "") for name in ("author", "description", "keywords")},
    }
    long = [
        f"the {name} has {len(text)} characters; Word holds {LONGEST_PROPERTY}"
        for name, text in texts.items()
        if len(text) > LONGEST_PROPERTY
    ]
    if long:
        raise ReportsError(*(Problem(template, message) for message in long))
    properties = document.core_properties
    properties.title, properties.subject, properties.keywords = texts["title"], texts["description"], texts["keywords"]
    properties.author = properties.last_modified_by = texts["author"]
    properties.revision = 1
    properties.created = properties.modified = view.moment.replace(tzinfo=None)
