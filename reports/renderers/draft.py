"""View + template -> a document up to its layout: what is wrong with the data or the templates shows, at a tenth of the work."""

from collections.abc import Mapping
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.renderers import RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates
from reports.renderers.figures import check_figure
from reports.renderers.fonts import check_characters
from reports.renderers.html import ON_SCREEN, Page
from reports.renderers.workbook import evaluate

MEDIA: Mapping[str, str] = {".pdf": "pdf", ".html": "html", ".docx": "docx"}  # that are made of a page


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, suffix: str = "") -> RenderedFile:
    """Return no content; raises ReportsError with what keeps the file that ends in *suffix* from being made, before it is laid out."""
    inputs: Mapping[Path, str] = {}
    if suffix in MEDIA:
        made, resources = Templates(templates, view, MEDIA[suffix]), Resources(templates, view, cache, check_figure)
        make_page(made, name, resources)
        inputs = resources.used | made.used
    elif suffix in (".xlsx", ".csv"):
        inputs = evaluate(view, templates, name).inputs
    return RenderedFile(b"", inputs)


def make_page(made: Templates, name: str, resources: Resources) -> Page:
    """Return the page that the template *name* of *made* prints, after every check of its format; *resources* has its files."""
    page = Page(made, name)
    page.check(ON_SCREEN if made.medium == "html" else {})
    resources.check(page)
    if made.medium != "docx":  # Word shows a letter in whatever font of its reader has it
        check_characters("".join(page.root.itertext()), page.template)
    return page
