"""The dataset and a language -> the dataset in that language: every text by its checked translation, and marked where there is none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reports.dataset.dataset import Dataset
from reports.dataset.load import TRANSLATIONS
from reports.dataset.prose import citations
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_named_in, is_folder, names_in
from reports.translations.catalogue import Catalogue, is_usable, read_catalogue
from reports.translations.checks import Tongue, check_translation, other_numbers
from reports.translations.texts import LOCATOR, Foreign, Key, Text, retold, texts
from reports.translations.transliteration import cyrillic_of, to_latin
from reports.yamlfile import YamlFile

GLOSSARY = "glossary.yaml"


@dataclass(frozen=True)
class Translation:
    """The texts of a dataset in *language*: the *words* of each that has a translation which may be used.

    They are those of *catalogue*, if there is one; *warnings* tell of numbers in which it differs from the data.
    """

    language: str
    words: Mapping[Key, str]
    catalogue: Catalogue | None
    warnings: tuple[Problem, ...] = ()


def languages_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the languages in which documents are made, the one of the data first if it is among them."""
    about = dataset.about
    return tuple(sorted(dict.fromkeys(about.languages or (about.language,)), key=lambda language: language != about.language))


def has_catalogue(language: str, dataset: Dataset) -> bool:
    """Return true if the texts of *dataset* in *language* stand in a catalogue, and are neither the data's own nor made from others."""
    return language != dataset.about.language and not cyrillic_of(language, languages_of(dataset))


def catalogue_path(dataset: Dataset, language: str) -> Path:
    """Return the place of the catalogue of *language*, which need not be there."""
    return dataset.folder / TRANSLATIONS / f"{language}.po"


def load_translation(dataset: Dataset, language: str, loaded: Mapping[str, Translation] = {}) -> Translation:
    """Return the texts of *dataset* in *language*; one that is made letter by letter from another, from that one if it is *loaded*.

    Raises ReportsError with every problem of its catalogue, or of the list of words that are not to be told letter by letter.
    """
    cyrillic = cyrillic_of(language, languages_of(dataset))
    if cyrillic:
        source, otherwise = loaded.get(cyrillic) or load_translation(dataset, cyrillic), _exceptions(dataset.folder, language)
        cyrillic_texts = texts(dataset, cyrillic)
        # Who has a name of their own in Cyrillic letters is called in Latin ones as the data call them.
        named = {key: text.value for key, (text, _) in texts(dataset, language).items() if key not in cyrillic_texts}
        return replace(source, language=language, words={**named, **_latin(source.words, language, otherwise)})
    path = catalogue_path(dataset, language)
    if not is_file_named_in(path, dataset.folder):
        return Translation(language, {}, None)
    catalogue = read_catalogue(path, dataset.folder, language)
    own = {key: text for key, (text, _) in texts(dataset, language).items()}
    usable = {key: message for key, message in catalogue.messages.items() if key in own and is_usable(message)}
    locators = {text: message.msgstr for (context, text), message in usable.items() if context == LOCATOR}
    tongue = Tongue(language, dataset.about.language, locators)
    problems, warnings = [], []
    for key, message in usable.items():
        problems += [
            catalogue.problem(message, f"'{message.msgctxt}' {said}") for said in check_translation(own[key], message.msgstr, tongue)
        ]
        warnings += [catalogue.problem(message, f"'{message.msgctxt}' {said}") for said in other_numbers(own[key], message.msgstr)]
    if problems:
        raise ReportsError(*problems)
    words = {key: _placed(own[key], message.msgstr, locators) for key, message in usable.items()}
    return Translation(language, words, catalogue, tuple(warnings))


def _placed(text: Text, translation: str, locators: Mapping[str, str]) -> str:
    """Return the *translation* of *text*, where the places in its citations that the original's language gives are told in its own."""
    for citation in citations(translation) if text.is_prose else ():
        if place := locators.get(citation.locator or ""):
            given = r"\s+".join(map(re.escape, str(citation.locator).split()))
            own = place.replace("\\", r"\\")
            translation = re.sub(rf"(@{citation.id}, ?){given}(?=\s*[;\]])", rf"\g<1>{own}", translation)
    return translation


def kept_words(edition: Path, language: str) -> Mapping[Key, str]:
    """Return the translations into *language* that an edition kept in its folder, where they were checked when it was made."""
    folder = edition / TRANSLATIONS
    tags = [Path(name).stem for name in names_in(folder, edition) if name.endswith(".po")] if is_folder(folder) else []
    if language not in tags:
        cyrillic = cyrillic_of(language, tags)
        return _latin(kept_words(edition, cyrillic), language, _exceptions(edition, language)) if cyrillic else {}
    messages = read_catalogue(folder / f"{language}.po", edition, language).messages
    return {key: message.msgstr for key, message in messages.items() if is_usable(message)}


def _latin(words: Mapping[Key, str], language: str, otherwise: Mapping[str, str]) -> Mapping[Key, str]:
    return {key: to_latin(told, language, otherwise) for key, told in words.items()}


def _exceptions(folder: Path, language: str) -> Mapping[str, str]:
    """Return the words that *language* writes otherwise than letter by letter, if there is a list of them in the *folder* of data."""
    path = folder / TRANSLATIONS / f"{language}.yaml"
    if not is_file_named_in(path, folder):
        return {}
    file = YamlFile(path, folder)
    pairs = file.data.items() if isinstance(file.data, dict) else ()
    found = {word: told for word, told in pairs if isinstance(told, str)}
    if not found or len(found) < len(pairs):
        raise ReportsError(Problem(file.locate(), "words are expected here, each as in 'Кликс: Klix'"))
    return found


def translated(dataset: Dataset, translation: Translation) -> Dataset:
    """Return *dataset* in the language of *translation*; a text without one stays as it is, and says its language.

    What is attached to documents, and told from others by its digest, is still *dataset* itself.
    """

    def tell(text: Text) -> str:
        words = translation.words.get(text.key)
        return Foreign(text.value, dataset.about.language) if words is None else words

    entries = tuple(replace(entry, declared=retold(entry.declared, translation.language, tell)) for entry in dataset.entries)
    return replace(dataset, entries=entries, original=dataset)


def translation_files(dataset: Dataset, language: str) -> Iterator[Path]:
    """Yield the files from which the texts of *dataset* in *language* come, those that are there: its catalogue, or its list of words."""
    path = catalogue_path(dataset, language)
    if language != dataset.about.language:
        path = path if has_catalogue(language, dataset) else path.with_suffix(".yaml")
        yield from [path] if is_file_named_in(path, dataset.folder) else []


def check_files(dataset: Dataset) -> Iterator[Problem]:
    """Yield a problem for each file among the translations of *dataset* that nothing reads."""
    folder = dataset.folder / TRANSLATIONS
    known = {GLOSSARY, *(path.name for language in languages_of(dataset) for path in translation_files(dataset, language))}
    for name in names_in(folder, dataset.folder) if is_folder(folder) else ():
        if name not in known:
            declared = ", ".join(languages_of(dataset))
            yield Problem(Location(folder / name), f"is the file of no language that the dataset declares; it declares: {declared}")
