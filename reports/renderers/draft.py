"""View + template -> a document up to its layout: what is wrong with the data or the templates shows, at a tenth of the work."""

from collections.abc import Mapping
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Problem, ReportsError
from reports.renderers import RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates
from reports.renderers.excel_limits import check_limits
from reports.renderers.figures import check_figure
from reports.renderers.fonts import Fonts, missing_glyphs
from reports.renderers.html import ON_SCREEN, Page
from reports.renderers.looks import read_looks
from reports.renderers.workbook import evaluate

PROPERTIES = ("title", "author", "description", "keywords")  # of a page that become those of a Word document
LONGEST_PROPERTY = 255
SHOWN_BY: Mapping[str, tuple[str, ...]] = {"pdf": ("all", "print"), "html": ("all", "print", "screen")}  # the media of style sheets
MEDIA: Mapping[str, str] = {".pdf": "pdf", ".html": "html", ".docx": "docx"}  # that are made of a page


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, suffix: str = "") -> RenderedFile:
    """Return no content; raises ReportsError with what keeps the file that ends in *suffix* from being made, before it is laid out."""
    inputs: Mapping[Path, str] = {}
    if suffix in MEDIA:
        made, resources = Templates(templates, view, MEDIA[suffix]), Resources(templates, view, cache, check_figure)
        make_page(made, name, resources)
        inputs = resources.used | made.used
    elif suffix in (".xlsx", ".csv"):
        book = evaluate(view, templates, name)
        inputs = book.inputs
        if suffix == ".xlsx":
            check_limits(book)
            colours = read_looks(templates)
            inputs = {**inputs, colours.path: colours.digest}
    return RenderedFile(b"", inputs)


def make_page(made: Templates, name: str, resources: Resources | None = None) -> tuple[Page, Fonts]:
    """Return the page that the template *name* of *made* prints, and the fonts of its style sheets, after every check of its format.

    Without *resources* its files are not looked at. Which style a text has shows in the layout: here, some font has to have its letters.
    """
    page = Page(made, name)
    page.check(ON_SCREEN if made.medium == "html" else {})
    fonts = Fonts()
    if resources:
        resources.check(page)
    if made.medium == "docx":  # which shows a letter in whatever font of its reader has it
        _check_properties(page)
    elif resources:
        fonts = resources.fonts(page.root, SHOWN_BY[made.medium])
        if missing := fonts.missing("".join(page.root.itertext())):
            raise ReportsError(*(missing_glyphs(*origin) for origin in made.origins(missing, name)))
    return page, fonts


def _check_properties(page: Page) -> None:
    found = [(name, len(text), element) for name, text, element in page.properties() if name in PROPERTIES and len(text) > LONGEST_PROPERTY]
    if found:
        message = "the {} has {} characters; Word holds {}"
        raise ReportsError(*(Problem(page.locate(element), message.format(*told, LONGEST_PROPERTY)) for *told, element in found))
