"""View + template -> a document up to its layout: what is wrong with the data or the templates shows, at a tenth of the work."""

from collections.abc import Mapping
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers import RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.environment import Templates
from reports.renderers.figures import check_figure
from reports.renderers.fonts import Fonts, missing_glyphs
from reports.renderers.html import ON_SCREEN, Page
from reports.renderers.looks import read_looks
from reports.renderers.workbook import evaluate

SHOWN_BY: Mapping[str, tuple[str, ...]] = {"pdf": ("all", "print"), "html": ("all", "print", "screen")}  # the media of style sheets


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, suffix: str = "") -> RenderedFile:
    """Return no content; raises ReportsError with what keeps the file that ends in *suffix* from being made, before it is laid out."""
    if (medium := suffix[1:]) in SHOWN_BY:
        page, _ = make_page(Templates(templates, view, medium), name, Resources(templates, view, cache, check_figure))
        for _, offered, template in page.offers():
            render(view, templates, template, cache, offered)
    elif suffix in (".xlsx", ".csv"):
        book = evaluate(view, templates, name, up_to_companion=suffix == ".csv")
        if suffix == ".xlsx":
            from reports.renderers.excel_limits import check_limits  # and with it openpyxl, which a page does not need

            check_limits(book)
            read_looks(templates)
    return RenderedFile(b"", {})


def make_page(made: Templates, name: str, resources: Resources) -> tuple[Page, Fonts]:
    """Return the page that the template *name* of *made* prints, and the fonts of its style sheets, after every check of its format.

    Which style a text has shows in the layout: here, some font has to have its letters.
    """
    with resources.drawing_ahead(name):
        page = Page(made, name)
        page.check(ON_SCREEN if made.medium == "html" else {})
        resources.check(page)
    fonts = resources.fonts(page.root, SHOWN_BY[made.medium])
    if missing := fonts.missing("".join(page.root.itertext())):
        raise ReportsError(*(missing_glyphs(*origin) for origin in made.origins(missing, name)))
    return page, fonts
