"""View + template -> .docx: the HTML subset, written by python-docx with the styles of a reference document."""

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from docx import Document
from docx.oxml.ns import qn

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import sha256
from reports.renderers import RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates, border
from reports.renderers.figures import draw_png
from reports.renderers.html import check_html, parse_html, text_of
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word.reference import REFERENCE, STYLES, coloured, read_reference, read_styles, reference_document, restyled
from reports.renderers.word.writer import Writer

LONGEST_PROPERTY = 255
# What python-docx stumbles over has no other place than the reference document: no list of what it counts on would be complete.
BROKEN = "can't be filled ({said}): a part of it is not as Word writes it"

__all__ = ["REFERENCE", "STYLES", "reference_document", "render", "restyled"]


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a Word document; raises ReportsError for an element that Word has no role for."""
    environment = Templates(templates, view, medium="docx")
    root = parse_html(environment.render(name))
    check_html(root, templates / name)
    _hand_down_languages(root)
    styles, digest = read_styles(templates)
    parts = read_reference(templates)
    resources, target = Resources(templates, view, cache, draw_png), BytesIO()
    with border(Location(templates / REFERENCE), BROKEN):
        document = Document(BytesIO(pack(coloured(parts, resources.looks))))
        Writer(document, styles, resources, name).write(root)
        _set_properties(document, view, root, Location(templates / name))
        _set_language(document, environment.locale.tag)
        document.save(target)
    reference = {templates / REFERENCE / part: sha256(content) for part, content in parts.items()}
    used = environment.used | {templates / STYLES: digest} | reference | resources.used
    return RenderedFile(pack(unpack(target.getvalue())), used)


def _hand_down_languages(root: Element) -> None:
    """Give each element below <html> the language of the one around it, since Word knows languages of texts only."""
    for parent in root.iter():
        if parent is not root and parent.get("lang"):
            for child in parent:
                child.set("lang", child.get("lang", parent.get("lang", "")))


def _set_language(document: Any, tag: str) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
        language.set(qn("w:eastAsia"), tag)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)
    document.core_properties.language = tag


def _set_properties(document: Any, view: View, root: Element, template: Location) -> None:
    """Fill the document's properties from *root*'s head and the data: nothing of the clock, nothing of this machine."""
    meta = {element.get("name"): element.get("content", "") for element in root.iter("meta")}
    texts = {"title": "".join(map(text_of, root.findall("head/title")))}
    texts |= {name: meta.get(name, "") for name in ("author", "description", "keywords")}
    lengths = {name: len(text) for name, text in texts.items() if len(text) > LONGEST_PROPERTY}
    if lengths:
        messages = [f"the {name} has {length} characters; Word holds {LONGEST_PROPERTY}" for name, length in lengths.items()]
        raise ReportsError(*(Problem(template, message) for message in messages))
    properties = document.core_properties
    properties.title, properties.subject, properties.keywords = texts["title"], texts["description"], texts["keywords"]
    properties.author = properties.last_modified_by = texts["author"]
    properties.revision = 1
    properties.created = properties.modified = view.moment.replace(tzinfo=None)
