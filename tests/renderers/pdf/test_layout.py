"""Laying out: what a sheet says of the whole document is known before anything of it is laid out."""

from reports.cache import NO_CACHE
from reports.documents.view import View
from reports.renderers.assets import Resources
from reports.renderers.pdf.fetcher import Fetcher
from reports.renderers.pdf.layout import Typesetter
from tests.conftest import PROJECT


def test_the_number_of_pages_is_known_at_once(tiny_view: View) -> None:
    """Where all pieces are in the cache, the first thing that a process makes is the margins, with the number of all pages."""
    fetcher = Fetcher(Resources(PROJECT / "templates", tiny_view, NO_CACHE))
    sheet = (PROJECT / "templates" / "shared" / "print.css").as_uri()
    typesetter = Typesetter(fetcher, fetcher.resources.base, [sheet], [fetcher.resources.looks.sheet])
    (made,) = typesetter.of_pages(26).sheets
    assert "('string', '26')" in str(made.page_rules)
