"""View -> .json: the whole dataset, the same text that is attached to the briefing."""

from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.renderers import RenderedFile


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return the dataset that *view* carries; raises ReportsError if its document attaches none."""
    if view.dataset is None:
        place = Location(templates / view.document.id / "document.yaml")
        raise ReportsError(Problem(place, "a JSON file holds the dataset: say 'attach_dataset: true'"))
    return RenderedFile(view.dataset.encode(), {})
