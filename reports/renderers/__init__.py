"""View + template -> bytes: one module per format."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from reports.cache import NO_CACHE, Cache
from reports.errors import Location, Problem, ReportsError


class RenderedFile(NamedTuple):
    """A finished file: its *content*, the templates and fonts that it was made with, and its pages if it has any.

    Each of *inputs* has the SHA-256 of what was read of it, which may not be what it holds by now; "" if it was not there. *system* has
    the versions of programs that were not installed with us.
    """

    content: bytes
    inputs: Mapping[Path, str]
    pages: int | None = None
    system: Mapping[str, str] = {}


# The logger to which a renderer may say what it is doing.
PROGRESS = "reports.build.progress"

# The module that renders each kind of file: named, not imported, since each imports a heavy library.
RENDERERS = {
    ".pdf": "pdf",
    ".html": "web",
    ".docx": "word",
    ".xlsx": "excel",
    ".csv": "csv_table",
    ".json": "dataset_json",
    ".zip": "data_package",
    ".atom": "atom",
}

# Files for machines that are made whenever the file for people is.
COMPANIONS: Mapping[str, tuple[str, ...]] = {".xlsx": (".xlsx", ".csv", ".json")}


def suffixes(command: str) -> tuple[str, ...]:
    """Return the suffixes of the files that the format *command* makes: its own, and those of its companions."""
    return COMPANIONS.get(f".{command}", (f".{command}",))


def renderer(suffix: str, draft: bool = False, jobs: int = 1, before: Any = None) -> Callable[..., RenderedFile]:
    """Return the function that renders files that end in *suffix*, or their drafts; raises ReportsError if its library can't be loaded.

    It takes a view, the folder of templates, the name of one and a cache, and raises ReportsError for every mistake in a template. A PDF is
    laid out in up to *jobs* processes; a Word file tracks the changes since the view *before*, a CSV or JSON file holds those of the
    comparison *before*, if there is one, and a feed those of all.
    """
    from reports.renderers.environment import in_words

    module = import_module(f"{__name__}.{'draft' if draft else RENDERERS[suffix]}")
    draw = module.render
    if draft and suffix == ".pdf":
        with suppress(ReportsError):  # without Pango, what WeasyPrint thinks of a style stays unknown
            draw = import_module(f"{__name__}.{RENDERERS[suffix]}").draft
    own = {
        ".pdf": {"jobs": jobs},
        ".docx": {"before": before},
        ".csv": {"before": before},
        ".json": {"before": before},
        ".atom": {"before": before},
    }
    options = {"suffix": suffix} if draft else own.get(suffix, {})

    def render(view: Any, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
        try:
            result: RenderedFile = draw(view, templates, name, cache, **options)
        except (RecursionError, MemoryError) as error:  # a loop that never closes its <div> is a template's mistake, not a bug
            raise ReportsError(Problem(Location(templates / name), in_words(error))) from None
        return result

    return render
