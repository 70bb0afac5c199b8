"""templates/locale/<language>.po -> the words of templates in that language: each checked translation, by the text that it is of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from reports.errors import Problem, ReportsError
from reports.files import digest_of, is_file_named_in, is_folder, names_in
from reports.translations.catalogue import Catalogue, forms_of, is_usable, read_catalogue
from reports.translations.checks import Tongue, check_wording, plural_forms
from reports.translations.terms import LOCALE, OWN
from reports.translations.texts import Key, Text
from reports.translations.transliteration import cyrillic_of, to_latin

WRITTEN_IN = "en"  # the language of the words in templates, which they are known by
LONGEST = 60  # characters of a text by which a problem names it


@dataclass(frozen=True)
class Wording:
    """The words of templates in *language*: the forms of each text with a translation that may be used.

    They stand in *catalogue*, if there is one, and those that the dataset words otherwise in *own*; *used* are the files that were read,
    with their digests, and those that were looked for.
    """

    language: str
    forms: Mapping[Key, tuple[str, ...]]
    catalogue: Catalogue | None
    used: Mapping[Path, str]
    own: Catalogue | None = None

    @property
    def is_original(self) -> bool:
        """True if templates are written in this language."""
        return is_original(self.language)

    def problem(self, text: Text, said: str) -> ReportsError:
        """Return the error of the translation of *text*, which only shows when it is printed."""
        for catalogue in filter(None, (self.own, self.catalogue)):
            if text.key in catalogue.messages:
                return ReportsError(catalogue.problem(catalogue.messages[text.key], f"{_named(text)} {said}"))
        raise LookupError(text)


def is_original(language: str) -> bool:
    """Return true if templates are written in *language*, and need no catalogue for it."""
    return language.split("-")[0] == WRITTEN_IN


def has_wording(language: str, templates: Path, languages: Sequence[str]) -> bool:
    """Return true if the words of *templates* in *language* have a catalogue: they are not their own, nor made from one of *languages*."""
    return not is_original(language) and (_is_there(language, templates) or not _cyrillic(language, templates))


def wording_path(templates: Path, language: str) -> Path:
    """Return the place of the catalogue of *language*, which need not be there."""
    return templates / LOCALE / f"{language}.po"


def load_wording(templates: Path, language: str) -> Wording:
    """Return the words of *templates* in *language*; raises ReportsError with every problem of its catalogue."""
    path = wording_path(templates, language)
    if is_original(language):
        return Wording(language, {}, None, {})
    if not _is_there(language, templates):
        if not (cyrillic := _cyrillic(language, templates)):
            return Wording(language, {}, None, {path: ""})
        source = load_wording(templates, cyrillic)
        forms = {key: tuple(to_latin(form, language) for form in told) for key, told in source.forms.items()}
        return replace(source, language=language, forms=forms, used={path: "", **source.used})
    house, place = _read(path, templates, language, digest_of(path, templates)), path.parent / OWN / path.name
    if not is_file_named_in(place, templates):
        return house
    own = _read(place, templates, language, digest_of(place, templates))
    return replace(house, forms={**house.forms, **own.forms}, own=own.catalogue, used={**house.used, **own.used})


def _is_there(language: str, templates: Path) -> bool:
    return is_file_named_in(wording_path(templates, language), templates)


def _cyrillic(language: str, templates: Path) -> str | None:
    """Return the language of the catalogue of *templates* from which the words in *language* are made, if there is one."""
    folder = templates / LOCALE
    names = names_in(folder, templates) if is_folder(folder) else []
    return cyrillic_of(language, [Path(name).stem for name in names if name.endswith(".po")])


@lru_cache(maxsize=16)
def _read(path: Path, templates: Path, language: str, digest: str) -> Wording:
    catalogue = read_catalogue(path, templates, language)
    usable = {key: message for key, message in catalogue.messages.items() if is_usable(message)}
    if problems := [*_problems(catalogue)]:
        raise ReportsError(*problems)
    return Wording(language, {key: forms_of(message) for key, message in usable.items()}, catalogue, {path: digest})


def _problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with each translation in *catalogue* that may be used."""
    wanted, tongue = plural_forms(catalogue.language), Tongue(catalogue.language, WRITTEN_IN)
    for message in filter(is_usable, catalogue.messages.values()):
        text = Text(message.msgctxt or "", message.msgid, plural=message.msgid_plural or "")
        forms = forms_of(message)
        if text.plural and len(forms) != len(wanted):
            said = f"has {len(forms)} forms for numbers of things, and '{catalogue.language}' has {len(wanted)}: {', '.join(wanted)}"
            yield catalogue.problem(message, f"{_named(text)} {said}")
        for index, form in enumerate(forms):
            for said in check_wording(text, form, tongue):
                yield catalogue.problem(message, f"{_named(text)} {said}", index)


def _named(text: Text) -> str:
    return f"'{text.value if len(text.value) <= LONGEST else text.value[: LONGEST - 1] + '…'}'"
