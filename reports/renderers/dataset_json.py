"""View -> .json: the whole dataset, the same text that is attached to the record; or what changed in it."""

from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.editions.editions import Comparison
from reports.editions.listing import to_json
from reports.errors import Location, Problem, ReportsError
from reports.renderers import RenderedFile


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, before: Comparison | None = None) -> RenderedFile:
    """Return the dataset that *view* carries, or the comparison *before*; raises ReportsError if its document attaches no dataset."""
    if view.dataset is None:
        place = Location(templates / view.document.id / "document.yaml")
        raise ReportsError(Problem(place, "a JSON file holds the dataset: say 'attach_dataset: true'"))
    return RenderedFile((to_json(before) if before else view.dataset).encode(), {})
