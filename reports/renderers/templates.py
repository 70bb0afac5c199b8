"""The Jinja environment: a view and a template -> text; an error in a template is a problem at its line."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

import reports
from reports.dataset.dates import Date
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.renderers.locale import Locale
from reports.renderers.prose import Prose


class Templates:
    """The templates of one folder, ready to render one view; *used* collects the files that were read."""

    def __init__(self, folder: Path, view: View) -> None:
        self.folder = folder
        self.locale = Locale(folder, view.language)
        self.used: set[Path] = {self.locale.path}
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
            # The border where errors of template authors get a place; an error from deeper inside our own code is a bug.
            if _is_ours(error) and not isinstance(error, TemplateRuntimeError):
                raise
            raise ReportsError(Problem(self._place(error, name), _lower(str(error)))) from None

    def environment(self) -> ImmutableSandboxedEnvironment:
        """Return the sandbox in which templates and expressions run, with everything that they may use."""
        environment = _Sandbox(
            loader=_Loader(self.folder, self.used),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        prose = Prose(self._view)
        environment.filters |= {
            "prose": prose.block,
            "inline": prose.inline,
            "plain": prose.plain,
            "cite": prose.cite,
            "mark": prose.mark,
            "link": prose.link,
            "label": prose.label,
            "labels": prose.labels,
            "name": prose.name,
            "numbers": prose.numbers,
            "value": self.locale.value,
            "date": self._date,
            "number": self.locale.number,
        }
        environment.globals |= {
            "term": self.locale.term,
            "codes": self.locale.codes,
            "language_tag": self.locale.tag,
            "begin": prose.begin,
            "cited_in": prose.cited_in,
            "program_version": reports.__version__,
        }
        return environment

    def _date(self, when: object) -> str:
        if not isinstance(when, Date):
            raise TemplateRuntimeError(f"'{when}' is no date")
        return self.locale.date(when)

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


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which a record shows what we declared and nothing that pydantic adds: its `parse_raw` runs a pickle."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            return attr in _shown(type(obj))
        return super().is_safe_attribute(obj, attr, value)


@cache
def _shown(model: type[BaseModel]) -> frozenset[str]:
    """Return the names in *model* that a template may use: its fields, and the properties and methods of our own classes."""
    own = (vars(base).items() for base in model.__mro__ if base.__module__.startswith(f"{reports.__name__}."))
    added = (name for names in own for name, value in names if isinstance(value, property | FunctionType) and name[0] != "_")
    return frozenset((*model.model_fields, *added))


class _Loader(BaseLoader):
    """Loads templates from one folder, and from nowhere else, whatever a name or a symbolic link says."""

    def __init__(self, folder: Path, used: set[Path]) -> None:
        self.folder = folder
        self.used = used

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self.folder / template
        if not self._holds(path):
            raise TemplateNotFound(template)
        self.used.add(path)
        try:
            return path.read_text("utf-8"), str(path), lambda: True
        except UnicodeDecodeError:
            raise ReportsError(Problem(Location(path), "is not UTF-8; save the file as UTF-8")) from None

    def list_templates(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.j2") if self._holds(path))

    def _holds(self, path: Path) -> bool:
        return path.is_file() and path.resolve().is_relative_to(self.folder.resolve())


def _is_ours(error: BaseException) -> bool:
    """Tell whether *error* was raised by code of this package, called rightly or wrongly from a template."""
    trace, last = error.__traceback__, ""
    while trace:
        last, trace = trace.tb_frame.f_code.co_filename, trace.tb_next
    return Path(last).is_relative_to(Path(reports.__file__).parent)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
