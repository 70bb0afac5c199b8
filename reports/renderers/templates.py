"""The Jinja environment: a view and a template -> text; an error in a template is a problem at its line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError
from jinja2.loaders import BaseLoader

import reports
from reports.dataset.prose import words
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import decode, is_file_in, read_bytes, sha256
from reports.renderers import ENDLESS
from reports.renderers.locale import Locale
from reports.renderers.prose import Prose
from reports.renderers.sandbox import Sandbox, check_arguments


class Templates:
    """The templates of one folder, ready to render one view in one *medium*; *used* collects what was read, with its digest."""

    def __init__(self, folder: Path, view: View, medium: str = "pdf") -> None:
        self.folder = folder
        self.medium = medium
        self.locale = Locale(folder, view.language)
        self.used: dict[Path, str] = {self.locale.file.path: self.locale.file.digest}
        self._view = view

    def render(self, name: str) -> str:
        """Return the view in the template *name*; raises ReportsError with the template's place of the error."""
        environment = self.environment()
        try:
            return environment.get_template(name).render(view=self._view)
        except ReportsError:
            raise
        except TemplateNotFound as error:
            near = did_you_mean(str(error.name), environment.list_templates())
            raise ReportsError(Problem(self._place(error, name), f"there is no template '{error.name}'{near}")) from None
        except TemplateSyntaxError as error:
            place = Location(self.folder / (error.name or name), error.lineno)
            raise ReportsError(Problem(place, f"template syntax: {error.message}")) from None
        except Exception as error:
            # The border where errors of template authors get a place.
            if is_bug(error):
                raise
            raise ReportsError(Problem(self._place(error, name), in_words(error))) from None

    def environment(self) -> Sandbox:
        """Return the sandbox in which templates and expressions run, with everything that they may use."""
        environment = Sandbox(
            loader=_Loader(self.folder, self.used),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        prose = Prose(self._view)
        filters: dict[str, Callable[..., Any]] = {
            "prose": prose.block,
            "inline": prose.inline,
            "plain": prose.plain,
            "words": words,
            "cite": prose.cite,
            "mark": prose.mark,
            "link": prose.link,
            "label": prose.label,
            "labels": prose.labels,
            "name": prose.name,
            "numbers": prose.numbers,
            "value": self.locale.value,
            "date": self.locale.date,
            "number": self.locale.number,
        }
        environment.filters |= {name: _checked(name, function) for name, function in filters.items()}
        environment.globals |= {
            "term": self.locale.term,
            "codes": self.locale.codes,
            "language_tag": self.locale.tag,
            "begin": prose.begin,
            "cited_in": prose.cited_in,
            "medium": self.medium,
            "program_version": reports.__version__,
        }
        return environment

    def _place(self, error: BaseException, name: str) -> Location:
        """Return the innermost place in a template that *error* passed."""
        place = Location(self.folder / name)
        trace = error.__traceback__
        while trace:
            path = Path(trace.tb_frame.f_code.co_filename)
            if path.is_relative_to(self.folder):
                place = Location(path, trace.tb_lineno)
            trace = trace.tb_next
        return place


class _Loader(BaseLoader):
    """Loads templates from one folder, and from nowhere else, whatever a name or a symbolic link says."""

    def __init__(self, folder: Path, used: dict[Path, str]) -> None:
        self.folder = folder
        self.used = used

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self.folder / template
        if not is_file_in(path, self.folder):
            self.used.setdefault(path, "")  # `{% include ["own.j2", "default.j2"] %}` takes the first once it is there
            raise TemplateNotFound(template)
        content = read_bytes(path, self.folder)
        self.used.setdefault(path, sha256(content))
        return decode(path, content), str(path), lambda: True

    def list_templates(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.j2") if is_file_in(path, self.folder))


def _checked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function*, the filter *name* of ours, so that a template's wrong argument is the template's mistake."""

    @wraps(function)
    def checked(*arguments: Any) -> Any:
        check_arguments(name, function, *arguments)
        return function(*arguments)

    return checked


@contextmanager
def border(place: Location, sentence: str) -> Iterator[None]:
    """Give what a library stumbles over the *place* of what it was given; *sentence* says so, with what the library *said*."""
    try:
        yield
    except (ReportsError, MemoryError, RecursionError):  # the caller's to tell
        raise
    except Exception as error:
        if _is_ours(error):
            raise
        raise ReportsError(Problem(place, sentence.format(said=_said(error)))) from None


def is_bug(error: Exception) -> bool:
    """Tell whether *error*, which a template or an expression came upon, is a bug of ours and no mistake of its author."""
    return _is_ours(error) and not isinstance(error, (TemplateRuntimeError, KeyError, *ENDLESS))


def _is_ours(error: Exception) -> bool:
    """Tell whether *error* was raised by code of this package."""
    trace, last = error.__traceback__, ""
    while trace:
        last, trace = trace.tb_frame.f_code.co_filename, trace.tb_next
    return Path(last).is_relative_to(Path(reports.__file__).parent)


def in_words(error: Exception) -> str:
    """Return what *error*, which a template or an expression raised, says to its author."""
    if isinstance(error, MemoryError):
        return ENDLESS[MemoryError]
    if isinstance(error, RecursionError | SyntaxError):  # Python's compiler has its limits too
        return ENDLESS[RecursionError]
    message = f"there is no {error}" if isinstance(error, KeyError) else _said(error)
    return message[:1].lower() + message[1:]


def _said(error: Exception) -> str:
    """Return the text of *error*, or its name if it has none."""
    return str(error) or type(error).__name__
