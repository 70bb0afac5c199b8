"""Dataset -> its texts that are told in the reader's language, and other texts in their places; each has a context in catalogues.

A context leads to a text from its record: `M2010-1/title`. The item of a list goes by what identifies it, as far as that is needed to
tell it from its neighbours: `M2010-1/evidence/nato-2017/note`; one that nothing identifies goes by its place.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from markupsafe import Markup
from pydantic import BaseModel

from reports.dataset.dataset import Dataset
from reports.dataset.fields import Markdown, Words
from reports.dataset.model import Record, StrictModel, Withdrawal
from reports.dataset.prose import citations
from reports.dataset.references import metadata_of
from reports.editions.snapshot import ABOUT
from reports.validation import model_within

Model = TypeVar("Model", bound=BaseModel)
Mark = Words | Markdown
LOCATOR = "locator"  # the context of the places in sources, in evidence and in the citations of prose

UNTRANSLATED = "untranslated"  # the class of an element whose text is in the language of the data

Key = tuple[str, str]  # the context of a text, and its words: how its lines are broken changes nothing of what it says


class Text(NamedTuple):
    """One text, which is prose or a line, and the *context* by which catalogues know it; *plural*, if it says a number of things."""

    context: str
    value: str
    is_prose: bool = False
    plural: str = ""

    @property
    def key(self) -> Key:
        return key_of(self.context, self.value)


def key_of(context: str, value: str) -> Key:
    """Return the key of the text *value* in *context*."""
    return context, " ".join(value.split())


class Foreign(str):
    """A text that stays in the *language* of the data, since it has no translation that may be used; in HTML, it says so."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> "Foreign":
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override] # by which it is sent to a worker
        return str(self), self.language

    def __html__(self) -> Markup:  # no plain text, which Markup.format would escape
        return self.tagged("span", Markup.escape(str(self)))

    def split(self, *arguments: Any, **named: Any) -> list[str]:  # of str, whose words are plain
        return [Foreign(word, self.language) for word in super().split(*arguments, **named)]

    def tagged(self, element: str, html: Markup) -> Markup:
        """Return *html*, which is made of this text, in an *element* that says its language."""
        return Markup('<{} lang="{}" class="{}">{}</{}>').format(element, self.language, UNTRANSLATED, html, element)


Tell = Callable[[Text], str]


def texts(dataset: Dataset, language: str) -> Mapping[Key, tuple[Text, str]]:
    """Return every text of *dataset* that a catalogue of *language* has, and the name of the file that it stands in first."""
    found: dict[Key, tuple[Text, str]] = {}
    for entry in dataset.entries:
        name = entry.file.path.relative_to(dataset.folder).as_posix()
        for text in texts_in(entry.declared, language):
            found.setdefault(text.key, (text, name))
    return found


def texts_in(declared: StrictModel, language: str) -> Iterator[Text]:
    """Yield the texts of *declared* that a catalogue of *language* has, and the places in sources that its prose cites."""
    found: list[Text] = []

    def note(text: Text) -> str:
        found.append(text)
        return text.value

    retold(declared, language, note)
    for text in found:
        yield text
        for place in [citation.locator for citation in citations(text.value) if citation.locator] if text.is_prose else ():
            yield Text(LOCATOR, Foreign(place, text.value.language) if isinstance(text.value, Foreign) else place)


def retold(declared: Model, language: str, tell: Tell) -> Model:
    """Return *declared* with what *tell* makes of each of its texts, and with the names that it has in *language*."""
    root = declared.id if isinstance(declared, Record | Withdrawal) else ABOUT
    return _Walk(language, tell, type(declared)).model(declared, root)


@dataclass(frozen=True)
class _Walk:
    """A walk over a declaration of the type *record*, in which *tell* puts a text in the place of each."""

    language: str
    tell: Tell
    record: type[BaseModel]

    def model(self, declared: Model, context: str) -> Model:
        """Return *declared*, to which *context* leads."""
        told: dict[str, Any] = {}
        if name := _own_name(declared, self.language):
            told["name"] = name
        for field, mark in shape_of(type(declared)).items():
            value = getattr(declared, field)
            if value is not None and field not in told:
                told[field] = self._told(value, mark, f"{context}/{field}")
        return declared.model_copy(update=told)

    def _told(self, value: Any, mark: Mark | None, context: str) -> Any:
        """Return the *value* of a field of the type that has *mark*."""
        if isinstance(value, Record):  # which has a context of its own
            return replace(self, record=type(value)).model(value, value.id)
        if isinstance(value, BaseModel):
            return self.model(value, context)
        if isinstance(value, tuple):
            return tuple(self._told(item, mark, f"{context}/{step}") for step, item in zip(_steps(value), value, strict=True))
        if isinstance(value, Mapping):  # what a source gives for fields of the record, of which not all are words
            shape = shape_of(self.record)
            return {name: self._told(item, mark if shape.get(name) else None, f"{context}/{name}") for name, item in value.items()}
        if not is_told(value, mark):
            return value
        return self.tell(Text(getattr(mark, "shared", "") or context, value, isinstance(mark, Markdown)))


def is_told(value: str, mark: Mark | None) -> bool:
    """Return true if *value*, of a field with *mark*, is a text that is told in other languages."""
    is_words = isinstance(mark, Words) and (not mark.bracketed or (value.startswith("[") and value.endswith("]")))
    return is_words or isinstance(mark, Markdown)


@cache
def shape_of(model: type[BaseModel]) -> Mapping[str, Mark | None]:
    """Return the fields of *model* that hold words, or models, with the mark of the words."""
    marks = {
        name: next((mark for mark in metadata_of(field) if isinstance(mark, Mark)), None) for name, field in model.model_fields.items()
    }
    return {name: mark for name, mark in marks.items() if mark or model_within(model.model_fields[name].annotation)}


def _steps(items: Sequence[Any]) -> list[str]:
    """Return a step for each of *items*, told from the others by as few of the fields that identify it as are needed."""
    fields = getattr(type(items[0]), "identity", ()) if items else ()
    keys = [tuple(str(getattr(item, name) or "") for name in fields) for item in items]
    alike = [Counter(key[:length] for key in keys) for length in range(1, len(fields) + 1)]
    steps: list[str] = []
    for place, key in enumerate(keys):
        needed = next((length for length, counts in enumerate(alike, 1) if counts[key[:length]] == 1), len(key))
        steps.append(", ".join(filter(None, key[:needed])) or str(place + 1))
    seen: Counter[str] = Counter()
    for place, step in enumerate(steps):
        seen[step] += 1
        steps[place] = step if seen[step] == 1 else f"{step}, {seen[step]}"
    return steps


def _own_name(declared: BaseModel, language: str) -> str | None:
    """Return the name that *declared* has in *language*, or in the script of it."""
    names: Mapping[str, str] = getattr(declared, "names", {})
    parts = language.split("-")
    tags = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)] if names else []
    return next((names[tag] for tag in (*tags, *parts[1:]) if tag in names), None)
