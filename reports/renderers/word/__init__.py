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
from reports.renderers.html import Page
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word.properties import add_properties
from reports.renderers.word.redline import take_out, track
from reports.renderers.word.reference import REFERENCE, STYLES, coloured, read_reference, read_styles, reference_document, restyled
from reports.renderers.word.writer import Writer
from reports.translations.locale import is_right_to_left

PROPERTIES = ("title", "author", "description", "keywords")  # of a page that become Word's own; it gets any others as well, as custom ones
LONGEST_PROPERTY = 255
WEB_ALONE = frozenset({"skip", "unseen"})  # classes of what only the web page shows, or tells a screen reader
# What python-docx stumbles over has no other place than the reference document: no list of what it counts on would be complete.
BROKEN = "can't be filled ({said}): a part of it is not as Word writes it"

__all__ = ["REFERENCE", "STYLES", "reference_document", "render", "restyled"]


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, before: View | None = None) -> RenderedFile:
    """Return *view* in the template *name* as a Word document; raises ReportsError for an element that Word has no role for.

    What differs from the view *before*, if there is one, in the same template, is a tracked change.
    """
    styles, digest = read_styles(templates)
    parts = read_reference(templates)
    views = [before, view] if before else [view]
    resources = [Resources(templates, shown, cache, draw_png) for shown in views]
    pages, target = [_page(shown, templates, name) for shown in views], BytesIO()
    with border(Location(templates / REFERENCE), BROKEN):
        document = Document(BytesIO(pack(coloured(parts, resources[-1].looks))))
        if before:
            Writer(document, styles, resources[0], pages[0]).write()
            older = take_out(document)
        Writer(document, styles, resources[-1], pages[-1]).write()
        if before:
            track(document, older, view.about.publisher, f"{view.moment:%Y-%m-%dT%H:%M:%SZ}")
        _set_properties(document, view, pages[-1])
        _set_language(document, pages[-1].made.locale.tag)
        document.save(target)
    reference = {templates / REFERENCE / part: sha256(content) for part, content in parts.items()}
    used = {templates / STYLES: digest} | reference
    for page, resource in zip(pages, resources, strict=True):
        used |= page.made.used | resource.used
    return RenderedFile(pack(unpack(target.getvalue())), used)


def _page(view: View, templates: Path, name: str) -> Page:
    page = Page(Templates(templates, view, medium="docx"), name)
    page.check()
    _check_properties(page)
    _leave_out(page.root)
    _hand_down_languages(page.root)
    return page


def _leave_out(root: Element) -> None:
    """Take out of the tree below *root* what is for the web page alone; the texts behind it stay."""
    for parent in [*root.iter()]:
        before = None
        for child in [*parent]:
            if WEB_ALONE.isdisjoint(child.get("class", "").split()):
                before = child
                continue
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
            parent.remove(child)


def _check_properties(page: Page) -> None:
    found = [(name, len(text), element) for name, text, element in page.properties() if len(text) > LONGEST_PROPERTY]
    if found:
        message = "the {} has {} characters; Word holds {}"
        raise ReportsError(*(Problem(page.locate(element), message.format(*told, LONGEST_PROPERTY)) for *told, element in found))


def _hand_down_languages(root: Element) -> None:
    """Give each element below <html> the language of the one around it, since Word knows languages of texts only."""
    for parent in root.iter():
        if parent is not root and parent.get("lang"):
            for child in parent:
                child.set("lang", child.get("lang", parent.get("lang", "")))


def _set_language(document: Any, tag: str) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), tag)
    languages = [*document.styles.element.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))]
    for language in languages:
        language.set(qn("w:val"), tag)
        if is_right_to_left(tag):
            language.set(qn("w:bidi"), tag)
    document.core_properties.language = tag


def _set_properties(document: Any, view: View, page: Page) -> None:
    """Fill the document's properties from the page's head and the data: nothing of the clock, nothing of this machine."""
    texts = {name: text for name, text, _ in page.properties()}
    properties = document.core_properties
    properties.title, properties.subject, properties.keywords = (texts.get(name, "") for name in ("title", "description", "keywords"))
    properties.author = properties.last_modified_by = texts.get("author", "")
    properties.revision = 1
    properties.created = properties.modified = view.moment.replace(tzinfo=None)
    if own := {name: text for name, text in texts.items() if name and name not in PROPERTIES}:
        add_properties(document, own)
