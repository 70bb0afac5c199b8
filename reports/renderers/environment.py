"""Jinja environment of the templates: a view and a template -> text; a mistake in a template is a problem at its line.

Templates are kept and reviewed with the program: Jinja's sandbox, and a loader that opens only their folder, are the whole defence.
"""

import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache, partial
from importlib.metadata import version
from importlib.util import cache_from_source
from inspect import Parameter, signature
from pathlib import Path
from traceback import walk_tb
from types import FunctionType, MethodType
from typing import Any, get_args, get_origin, get_type_hints

import babel
from jinja2 import (
    FileSystemBytecodeCache,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
    pass_context,
    pass_environment,
    pass_eval_context,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, do_sort, do_truncate, make_attrgetter, make_multi_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import internalcode, missing
from pydantic import BaseModel

import reports
from reports.dataset.prose import words
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import decode, digest_of, is_file_in, is_file_named_in, location_at, read_bytes, read_text, sha256
from reports.renderers.addresses import readable
from reports.renderers.phrases import Phrases
from reports.renderers.prose import Prose
from reports.translations.extraction import LAYOUT
from reports.translations.locale import Locale
from reports.translations.texts import UNTRANSLATED, Foreign
from reports.translations.wording import load_wording

# What Python prints of a function holds the place of it in memory, which differs from one build to the next.
ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]{5,}(>|&gt;)")
# What templates may ask of a date: neither the clock, nor what hangs on this computer's time zone or language.
DATE_ATTRIBUTES = frozenset(
    ["year", "month", "day", "hour", "minute", "second", "weekday", "isoweekday", "isocalendar", "isoformat", "toordinal", "replace"]
)
MOST_ON_PAGE = 200  # items of a list: a page has fewer lines
TYPE_NAMES: Mapping[str, str] = {"str": "text", "markup": "text", "tuple": "list", "int": "number", "nonetype": "empty field"}
OF_CALLERS = ("_loop_vars", "_block_vars")  # what Jinja hands to all that is called: the variables of the loop or block that calls it
PYDANTIC_ATTRIBUTES = frozenset(dir(BaseModel))  # of every record: `parse_file` reads any file, `parse_raw` unpickles


class Templates:
    """The templates of one folder, ready to render one view in one *medium*; *used* collects what was read, with its digest.

    Where a document promises its pages, its lists that give way are numbered as the template comes to them: *lengths* has the length
    of each, and *most* how many of its items there is room for; one that is not in it is shown whole.
    """

    def __init__(self, folder: Path, view: View, medium: str = "pdf", most: Mapping[int, int] = {}) -> None:
        self.folder = folder
        self.medium = medium
        self.most = most
        self.lengths: list[int] = []
        self.without_anchor: Collection[str] = ()
        self.locale = Locale(folder, view.language, view.about)
        self.used: dict[Path, str] = self.locale.used
        self.wording = load_wording(folder, view.language)
        self.used |= self.wording.used
        self.view = view
        self._prose = Prose(view)

    def render(self, name: str) -> str:
        """Return the view in the template *name*; raises ReportsError with the template's place of the error."""
        return "".join(self.pieces(name))

    def pieces(self, name: str) -> "list[Piece]":
        """Return what `render` does, in the pieces that the template *name* and those that it includes print one by one."""
        environment, self.lengths = self.environment(), []
        try:
            printed = (piece for piece in environment.get_template(name).generate(view=self.view) if isinstance(piece, Piece))
            is_mixed = self.view.untranslated or not self.wording.is_original
            pieces = [*(_without_tags_in_tags(printed) if is_mixed else printed)]
            self._check_notes("".join(pieces), name)
            return pieces
        except TemplateNotFound as error:
            known = sorted(path for path in self.folder.rglob("*.j2") if is_file_in(path, self.folder))
            near = did_you_mean(str(error.name), [path.relative_to(self.folder).as_posix() for path in known])
            raise ReportsError(Problem(self._place(error, name), f"there is no template '{error.name}'{near}")) from None
        except TemplateSyntaxError as error:
            place = Location(self.folder / (error.name or name), error.lineno)
            raise ReportsError(Problem(place, f"template syntax: {error.message}")) from None
        except Exception as error:
            # The border where errors of template authors get a place.
            if is_bug(error) or isinstance(error, ReportsError):
                raise
            raise ReportsError(Problem(self._place(error, name), in_words(error))) from None

    def origins(self, characters: frozenset[str], name: str) -> Iterator[tuple[Location, frozenset[str]]]:
        """Yield each place in what was read that has some of *characters*, with these; the template *name* as a whole for all others."""
        left = set(characters)
        for path in (path for path, digest in self.used.items() if digest):
            text = read_text(path, self.folder)
            if found := characters.intersection(text):
                yield location_at(path, text, min(map(text.index, found))), found
                left -= found
        if left:
            yield Location(self.folder / name), frozenset(left)

    def environment(self) -> "Environment":
        """Return the environment in which templates and expressions run, with everything that they may use."""
        environment = Environment(loader=FunctionLoader(self._load))
        prose = self._prose = Prose(self.view, self.medium, self.without_anchor)
        filters: dict[str, Callable[..., Any]] = {"prose": prose.block, "words": words}
        filters |= {
            key: getattr(prose, key)
            for key in ("inline", "plain", "cite", "mark", "link", "label", "labels", "name", "numbers", "title_language")
        }
        filters |= {key: getattr(self.locale, key) for key in ("value", "date", "number")}
        filters |= {"language_name": self.language_name, "readable": readable}
        # With the context, so that Jinja does not work out what a filter makes of a constant once, for all views and languages.
        environment.filters |= {name: pass_context(partial(_checked, name, function)) for name, function in filters.items()}
        environment.filters["truncate"] = pass_environment(_truncated)
        environment.filters["join"] = pass_eval_context(_joined)
        environment.filters["sort"] = pass_context(partial(_sorted, self.locale))
        environment.globals |= Phrases(self.wording, is_html=self.medium != "xlsx").functions
        environment.globals |= {
            "term": self.locale.term,
            "codes": self.locale.codes,
            "language_tag": self.locale.tag,
            "begin": prose.begin,
            "fit": self.fit,
            "cited_in": prose.cited_in,
            "notes": prose.notes,
            "medium": self.medium,
            "program_version": reports.__version__,
        }
        return environment

    def compile(self) -> None:
        """Compile every template of the folder now: processes that this one copies itself into have them then."""
        environment = self.environment()
        for path in self.folder.rglob("*.j2"):
            with suppress(TemplateError, ReportsError, RecursionError, MemoryError, SyntaxError):  # whoever renders it is told
                environment.get_template(path.relative_to(self.folder).as_posix())

    def language_name(self, tag: str) -> str:
        """Return the name of the language with a tag, "English", in the language of the document."""
        try:
            return babel.Locale.parse(tag, sep="-").get_display_name(self.locale.babel) or tag
        except (ValueError, babel.UnknownLocaleError):
            return tag

    def fit(self, items: Sequence[object]) -> Sequence[object]:
        """Return as many of *items*, the most important first, as the promised pages of the document have room for."""
        room = MOST_ON_PAGE * self.view.document.pages if self.view.document.pages else len(items)  # of thousands, few are tried
        self.lengths.append(min(len(items), room))
        return items[: self.most.get(len(self.lengths) - 1, room)]

    def _check_notes(self, html: str, name: str) -> None:
        """Raise ReportsError for every footnote in *html*, made by the template *name*, whose note stands nowhere in it."""
        message = "the footnote '{}' has no place for its note; add {{% include \"shared/notes.html.j2\" %}} below all texts"
        missing = [str(note.text.striptags()) for note in self._prose.notes() if f'id="{note.id}"' not in html]
        if missing:
            place = Location(self.folder / name)
            raise ReportsError(*(Problem(place, message.format(text if len(text) < 80 else f"{text[:79]}…")) for text in missing))

    def _load(self, name: str) -> tuple[str, str, None] | None:
        """Return the text of the template *name*, and its name as its file; None for what is no file in the folder, wherever links lead.

        So its code is the same, wherever the folder is.
        """
        path = self.folder / name
        if not is_file_named_in(path, self.folder):
            self.used.setdefault(path, "")  # `{% include ["own.j2", "default.j2"] %}` takes the first once it is there
            return None
        content = read_bytes(path, self.folder)
        self.used.setdefault(path, sha256(content))
        return decode(path, content), name, None

    def _place(self, error: Exception, name: str) -> Location:
        """Return the innermost place in a template that *error* passed; the template *name* as a whole if it passed none."""
        places = [Location(self.folder / frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
        return next((place for place in reversed(places) if place.path in self.used), Location(self.folder / name))


class Piece(str):
    """A stretch of what *template* printed at once, by the instruction *at* that offset of the code that Jinja made of it."""

    __slots__ = ("at", "template")  # a long document has hundreds of thousands
    template: "_TracedTemplate"
    at: int

    def place(self, folder: Path) -> Location:
        """Return the place in the template, which lies in *folder*."""
        lines = self.template.function.__code__.co_lines()
        line = next(line for start, end, line in lines if start <= self.at < end)
        return Location(folder / (self.template.filename or ""), self.template.get_corresponding_lineno(line or 1))


# What begins and ends an element around a text in another language, and a place for text alone: a tag, a title, a choice.
FOREIGN = re.compile(rf'(?P<foreign><span lang="[\w-]+" class="{UNTRANSLATED}">)|(?P<end></span>)|</?(?:title|option)\b|[<>]')


def _without_tags_in_tags(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield *pieces* without the elements around texts in another language where there is a place for text alone, as in an attribute."""
    places, left_out = {"tag": False, "element": False}, 0

    def bare(match: re.Match[str]) -> str:
        nonlocal left_out
        is_place = any(places.values())
        if match["foreign"] or match["end"]:
            change = 0 if not is_place else 1 if match["foreign"] else -1
            is_left_out = change > 0 or (change < 0 and left_out > 0)
            left_out += change if is_left_out else 0
            return "" if is_left_out else match[0]
        if len(match[0]) > 1:
            places["element"] = match[0][1] != "/"
        places["tag"] = match[0] != ">"
        return match[0]

    for piece in pieces:
        made = Piece(FOREIGN.sub(bare, piece))
        made.template, made.at = piece.template, piece.at
        yield made


class _TracedTemplate(Template):
    """A template that prints pieces, which know their place; one that includes it hands them on as they are."""

    @property
    def root_render_func(self) -> Callable[[Any], Iterator[str]]:
        return self._pieces

    @root_render_func.setter
    def root_render_func(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def _pieces(self, context: Any) -> Iterator[str]:
        printing = self.function(context)
        for text in printing:
            if not isinstance(text, Piece):
                text = Piece(text)
                text.template, text.at = self, printing.gi_frame.f_lasti
            yield text


# The code of the templates and expressions that this process has compiled or read, by the digests of what they are called and say.
COMPILED: dict[tuple[str, str], Any] = {}
# Where others find it: beside the code of this program that Python has compiled. Whoever can change the one can change the other.
CODE = Path(cache_from_source(__file__)).parent
COMPILER = [version("jinja2"), sys.version, LAYOUT, digest_of(Path(__file__), Path(__file__).parent)]


class KeptCode(FileSystemBytecodeCache):
    """The way of an environment to COMPILED, and to what is in CODE."""

    def __init__(self) -> None:
        super().__init__(str(CODE))

    def get_source_checksum(self, source: str) -> str:
        return sha256(json.dumps([source, COMPILER]).encode())

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = COMPILED.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            if bucket.code:
                COMPILED[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        COMPILED[bucket.key, bucket.checksum] = bucket.code
        if not sys.dont_write_bytecode:
            with suppress(OSError):  # where the program was installed by another user
                super().dump_bytecode(bucket)


class _Missing(StrictUndefined):
    """A name that nothing has, which says so in the words of authors: Jinja tells of Python's classes."""

    @property
    def _undefined_message(self) -> str:
        thing, name = self._undefined_obj, str(self._undefined_name)
        if self._undefined_hint or thing is missing:
            return str(super()._undefined_message)
        if isinstance(thing, Mapping):
            return f"there is no '{name}' here{did_you_mean(name, map(str, thing))}"
        known = {member for member in dir(thing) if member[0] != "_"} - PYDANTIC_ATTRIBUTES
        kind = type(thing).__name__.lower()
        return f"the {TYPE_NAMES.get(kind, kind)} has no '{name}'{did_you_mean(name, sorted(known))}"


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox without what differs from one build to the next, and with arguments checked where the program's own is called."""

    template_class = _TracedTemplate

    def __init__(self, **options: Any) -> None:
        super().__init__(
            undefined=_Missing,
            autoescape=True,
            finalize=_printable,
            bytecode_cache=KeptCode(),
            extensions=["jinja2.ext.i18n"],
            **LAYOUT,
            **options,
        )
        self.policies["ext.i18n.trimmed"] = True
        self.newstyle_gettext = True  # values go to the functions of Phrases
        del self.globals["lipsum"], self.filters["random"]
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether templates may read *attr* of *obj*; that depends on its type alone, and a large register asks for each cell."""
        key = type(obj), attr
        if key not in self._safe:
            self._safe[key] = self._is_safe(obj, attr, value)
        return self._safe[key]

    def _is_safe(self, obj: Any, attr: str, value: Any) -> bool:
        if attr in PYDANTIC_ATTRIBUTES and isinstance(obj, BaseModel):  # in this order, since pydantic's isinstance is slow
            return False
        return attr in DATE_ATTRIBUTES if isinstance(obj, date) else super().is_safe_attribute(obj, attr, value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Return what stands for an *attribute* of *obj* that templates may not see, and says so as soon as it is used."""
        return self.undefined(f"'{attribute}' is nothing that a template may ask for", obj, attribute, SecurityError)

    @internalcode  # else a macro that is called wrongly would be a mistake of ours
    def call(self, context: Any, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call *obj*; raises TemplateRuntimeError if it is the program's own and does not take such arguments."""
        if type(obj) is Macro:  # of a template, which is as safe as what calls it: a long document calls tens of thousands
            for variables in OF_CALLERS:
                named.pop(variables, None)
            return obj(context.eval_ctx, *arguments, **named)
        if isinstance(obj, FunctionType | MethodType) and (obj.__module__ or "").startswith(f"{reports.__name__}."):
            written = {name: value for name, value in named.items() if name not in OF_CALLERS}
            check_arguments(obj.__name__, obj, *arguments, **written)
        return super().call(context, obj, *arguments, **named)


def check_arguments(called: str, function: Any, /, *arguments: Any, **named: Any) -> None:
    """Raise TemplateRuntimeError unless *function*, *called* so by templates, takes these arguments: all it needs, of its types."""
    if isinstance(function, MethodType):
        function, arguments = function.__func__, (function.__self__, *arguments)
    try:
        expected = _expected(function, len(arguments), tuple(named))
    except TypeError as error:
        raise TemplateRuntimeError(f"{called}: {error}") from None
    for value, (name, hint) in zip((*arguments, *named.values()), expected, strict=True):
        if not _fits(value, hint):
            raise TemplateRuntimeError(f"'{value}' is no {name} for '{called}'")


@cache
def _expected(function: Any, count: int, names: Sequence[str]) -> Sequence[tuple[str, Any]]:
    """Return what each of *count* arguments of *function*, and of those with *names*, is called there, and its type.

    Raises TypeError if it does not take these. A large document calls thousands of times, and in few ways.
    """
    declared, hints = signature(function), get_type_hints(function)
    expected: dict[int | str, tuple[str, Any]] = {}
    for name, given in declared.bind(*range(count), **dict(zip(names, names, strict=True))).arguments.items():
        kind = declared.parameters[name].kind
        places = given if kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD) else (given,)
        expected |= dict.fromkeys(places, (name, hints.get(name, object)))
    return [expected[place] for place in (*range(count), *names)]


def _fits(value: Any, hint: Any) -> bool:
    """Tell whether *value* is of the type *hint*; a value that is not there says so itself."""
    if isinstance(value, Undefined):
        str(value)
    if type(hint) is type:  # as nearly all are
        return isinstance(value, hint)
    if (origin := get_origin(hint)) is not Sequence:
        return isinstance(value, Callable if origin is Callable else hint)
    (kind,) = get_args(hint)
    return isinstance(value, Sequence) and not isinstance(value, str) and all(_fits(item, kind) for item in value)


def _checked(name: str, function: Callable[..., Any], context: Context, /, *arguments: Any, **named: Any) -> Any:
    """Return what *function*, the filter *name* of the program, makes of arguments that it takes."""
    check_arguments(name, function, *arguments, **named)
    return function(*arguments, **named)


def _truncated(environment: "Environment", text: str, *arguments: Any, **named: Any) -> str:
    """Return *text* as Jinja's own `truncate` does, in the language that it says it is in."""
    short = do_truncate(environment, text, *arguments, **named)
    return Foreign(short, text.language) if isinstance(text, Foreign) else short


def _joined(context: EvalContext, values: Iterable[Any], between: str = "", attribute: str | int | None = None) -> str:
    """Return *values* as Jinja's own `join` does, but words that all say they are in one language as one text in that."""
    items = [*(map(make_attrgetter(context.environment, attribute), values) if attribute is not None else values)]
    languages = {item.language if isinstance(item, Foreign) else "" for item in items}
    if len(languages) == 1 and (language := languages.pop()):
        return Foreign(between.join(map(str, items)), language)
    joined: str = do_join(context, items, between)
    return joined


def _sorted(
    locale: Locale,
    context: Context,
    value: Iterable[Any],
    reverse: bool = False,
    case_sensitive: bool = False,
    attribute: str | int | None = None,
) -> list[Any]:
    """Return *value* as Jinja's own `sort` does, but texts in the order of the language, which is no order of characters."""
    if case_sensitive:
        return do_sort(context.environment, value, reverse, case_sensitive, attribute)
    try:
        return sorted(value, key=make_multi_attrgetter(context.environment, attribute, postprocess=locale.collation.key), reverse=reverse)
    except TypeError:
        raise TemplateRuntimeError(
            "sort: these can't be told which goes first; name an 'attribute' that is a text, a number or a date"
        ) from None


def _printable(value: Any) -> Any:
    """Return *value*, which is about to be printed; raises TemplateRuntimeError for what no reader knows: objects, lists, None."""
    if ADDRESS.search(str(value)):
        raise TemplateRuntimeError("prints a function or another object of the program, not what it gives; is a '()' missing?")
    if value is None or isinstance(value, BaseModel | list | tuple | dict | bool):
        kind = type(value).__name__.lower()
        message = f"prints the {TYPE_NAMES.get(kind, kind)} as the program has it: name a field of it, or ask by 'if' whether there is one"
        raise TemplateRuntimeError(message)
    return value


@contextmanager
def border(place: Location, sentence: str) -> Iterator[None]:
    """Give what a library stumbles over the *place* of what it was given; *sentence* says so, with what the library *said*."""
    try:
        yield
    except Exception as error:
        if _is_ours(error) or isinstance(error, MemoryError | RecursionError):  # which the caller words
            raise
        raise ReportsError(Problem(place, sentence.format(said=str(error) or type(error).__name__))) from None


def is_bug(error: Exception) -> bool:
    """Tell whether *error*, which a template or an expression came upon, is a bug of the program and no mistake of its author."""
    return _is_ours(error) and not isinstance(error, (TemplateRuntimeError, KeyError, RecursionError, MemoryError))


def _is_ours(error: Exception) -> bool:
    """Tell whether *error* was raised by code of this package."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    return Path(frame.f_code.co_filename).is_relative_to(Path(reports.__file__).parent)


def in_words(error: Exception) -> str:
    """Return what *error*, which a template or an expression raised, says to its author."""
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    if isinstance(error, RecursionError | SyntaxError):  # Python's compiler has its limits too
        return "is nested too deeply, or includes or calls itself without end"
    message = f"there is no {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
    return message[:1].lower() + message[1:]
