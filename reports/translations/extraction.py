"""templates/ -> the words in them that are told in other languages, in each file, and which other files it takes in."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.extract import DEFAULT_KEYWORDS, extract

from reports.errors import ReportsError
from reports.files import paths_below, read_text
from reports.translations.texts import Text
from reports.yamlfile import YamlFile, texts_in

# How Jinja reads templates, whoever renders them or looks for words in them.
LAYOUT = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
EXTRACTOR = "jinja2.ext:babel_extract"
OPTIONS = {name: str(value) for name, value in LAYOUT.items()} | {"trimmed": "true", "newstyle_gettext": "true"}
CALL = re.compile(r"\b(?:_|n?p?gettext)\(")  # in an expression
LETTER = re.compile(r"[^\W\d_]")
# The names of other templates, and of figures, that a template says, and the ends of those that it puts together.
NAME = re.compile(r"""["']([\w./-]*/)["']\s*~\s*[\w.]+\s*~\s*["']([\w./-]*\.j2)|([\w./-]+\.j2)""")
FIGURE, FIGURES = "figure:", "figures/*.vl.json"
SHOWN = frozenset(("title", "subtitle", "text", "description"))  # the keys of a figure's specification whose texts are words
DECLARED = ("name", "title")  # the words of document.yaml


class Words(NamedTuple):
    """The *texts* of one file, in their order, and patterns of the names of other files that are *taken* in."""

    texts: tuple[Text, ...]
    taken: tuple[str, ...] = ()


def words_in(templates: Path) -> Mapping[str, Words]:
    """Return the words of each file in the folder *templates*; what can't be read has none, and whoever renders it says so."""
    found = {}
    for path in paths_below(templates):
        name = path.relative_to(templates).as_posix()
        with suppress(ReportsError):
            if words := _words(path, templates, name):
                found[name] = words
    return found


def from_plain(plain: Mapping[str, Any]) -> Mapping[str, Words]:
    """Return the words of files, which were kept as JSON."""
    return {name: Words(tuple(Text(*text) for text in texts), tuple(taken)) for name, (texts, taken) in plain.items()}


def texts_of(names: Iterable[str], words: Mapping[str, Words]) -> tuple[Text, ...]:
    """Return the texts of the files *names* and of all that these take in, each once."""
    left, seen = [*names], dict[str, None]()
    while left:
        name = left.pop(0)
        if name in words and name not in seen:
            seen[name] = None
            left += [other for pattern in words[name].taken for other in words if fnmatchcase(other, pattern)]
    return tuple(dict.fromkeys(text for name in seen for text in words[name].texts))


def shown_texts(spec: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text in the specification of a figure, at any depth, that its readers see, with its key."""
    if isinstance(spec, str) and path in SHOWN and LETTER.search(spec):
        yield path, spec
    within = spec.items() if isinstance(spec, dict) else [(path, value) for value in spec] if isinstance(spec, list) else ()
    for key, value in within:
        yield from shown_texts(value, key)


def _words(path: Path, templates: Path, name: str) -> Words | None:
    if name.endswith(".j2"):
        source = read_text(path, templates)
        named = [f"{match[1]}*{match[2]}" if match[1] else match[3] for match in NAME.finditer(source)]
        return Words(tuple(_called(source)), (*dict.fromkeys(named), *([FIGURES] if FIGURE in source else ())))
    if name.endswith(".vl.json"):
        with suppress(ValueError, RecursionError):
            return Words(tuple(Text("", text) for _, text in shown_texts(json.loads(read_text(path, templates)))))
    if name.endswith(".yaml") and not name.startswith("locale/"):
        data = YamlFile(path, templates).data
        if path.name == "document.yaml" and isinstance(data, dict):
            said = [(field, data.get(field)) for field in DECLARED]
            return Words(tuple(declared_text(path.parent.name, field, value) for field, value in said if isinstance(value, str)))
        expressions = (value for _, value in texts_in(data) if CALL.search(value))
        return Words(tuple(text for expression in expressions for text in _called(f"{{{{ {expression} }}}}")))
    return None


def declared_text(document: str, field: str, value: str) -> Text:
    """Return the text that the declaration of the *document* has as *value* of its *field*."""
    return Text(f"{document}/{field}", value)


def _called(source: str) -> Iterator[Text]:
    """Yield the texts that the template *source* gives to the functions of gettext, as it does by {% trans %}."""
    for _, message, _, context in extract(EXTRACTOR, BytesIO(source.encode()), DEFAULT_KEYWORDS, options=OPTIONS):
        singular, plural = message[:2] if isinstance(message, tuple) else (message, "")
        yield Text(context or "", singular, plural=plural)
