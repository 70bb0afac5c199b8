"""View + template -> bytes: one module per format."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reports.cache import NO_CACHE, Cache
from reports.errors import Location, Problem, ReportsError

if TYPE_CHECKING:  # it imports pydantic; who only asks what can be rendered need not wait for it
    from reports.documents.view import View


@dataclass(frozen=True)
class RenderedFile:
    """A finished file: its *content*, the templates and fonts that it was made with, and its pages if it has any.

    Each of *inputs* has the SHA-256 of what was read of it, which may not be what it holds by now; "" if it was not there.
    """

    content: bytes
    inputs: Mapping[Path, str]
    pages: int | None = None


class Render(Protocol):
    """The function `render` of each module here."""

    def __call__(self, view: "View", templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
        """Return *view* in the template *name* of the folder *templates*; raises ReportsError."""


# The logger to which a renderer may say what it is doing.
PROGRESS = "reports.build.progress"

# The module that renders each kind of file: named, not imported, since each imports a heavy library.
RENDERERS: Mapping[str, str] = {
    ".pdf": "reports.renderers.pdf",
    ".html": "reports.renderers.web",
    ".docx": "reports.renderers.word",
    ".xlsx": "reports.renderers.excel",
    ".csv": "reports.renderers.csv_table",
    ".json": "reports.renderers.dataset_json",
}

# Files for machines that are made whenever the file for people is.
COMPANIONS: Mapping[str, tuple[str, ...]] = {".xlsx": (".xlsx", ".csv", ".json")}


# What ends a template, an image or a style sheet that has no end of its own, in whichever library it does.
ENDLESS: Mapping[type[Exception], str] = {
    RecursionError: "is nested too deeply, or includes or calls itself without end",
    MemoryError: "needs more memory than there is",
}


def suffixes(command: str) -> tuple[str, ...]:
    """Return the suffixes of the files that the format *command* makes: its own, and those of its companions."""
    return COMPANIONS.get(f".{command}", (f".{command}",))


def renderer(suffix: str) -> Render:
    """Return the function that renders files that end in *suffix*; raises ReportsError if its library can't be loaded."""
    return _ended(import_module(RENDERERS[suffix]).render)


def _ended(render: Render) -> Render:
    """Return *render*, so that what has no end is a problem of the template, not a traceback."""

    @wraps(render)
    def ended(view: "View", templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
        try:
            return render(view, templates, name, cache)
        except tuple(ENDLESS) as error:
            message = next(words for kind, words in ENDLESS.items() if isinstance(error, kind))
            raise ReportsError(Problem(Location(templates / name), message)) from None

    return ended
