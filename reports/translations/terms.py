"""templates/locale/<language>.yaml -> the terms of one language; in Latin letters, they are made from the Cyrillic ones."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.dataset.model import About
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_named_in, is_folder, names_in
from reports.translations.transliteration import cyrillic_of, to_latin
from reports.yamlfile import Keys, Plain, YamlFile

LOCALE = "locale"
SUFFIX = ".yaml"
OWN = "own"  # in LOCALE, where templates were put together: for each language what a dataset words otherwise
LANGUAGE = re.compile(r"[a-z]{2,3}(-.*)?")  # of a file with the terms of one; `alphabets.yaml` is none

_known: dict[str, Plain] = {}  # what the files of terms hold that this process has read, by their digests: each figure asks for them


class Terms(YamlFile):
    """A file of terms, with those of the dataset's own in the place of the same; *used* are the files, with their digests."""

    def __init__(self, path: Path, templates: Path) -> None:
        super().__init__(path, templates, _known.get)
        _known[self.digest] = self.data
        place = path.parent / OWN / path.name
        self.own = YamlFile(place, templates) if is_file_named_in(place, templates) else None
        self.used = {path: self.digest, **({place: self.own.digest} if self.own else {})}
        if self.own and not isinstance(self.own.data, dict):
            raise ReportsError(Problem(self.own.locate(), "terms are expected here, each as 'name: words'"))
        self.data = merged(self.data, self.own.data) if self.own else self.data

    def locate(self, keys: Keys = (), within: str = "", key: bool = False) -> Location:
        """Return the location of the value at *keys* in the file that has it."""
        if self.own and keys and self.own.has(keys):
            return self.own.locate(keys, within, key)
        return super().locate(keys, within, key)


def languages_with_terms(templates: Path) -> tuple[str, ...]:
    """Return the languages of which *templates* have a file of terms, in order."""
    folder = templates / LOCALE
    names = names_in(folder, templates) if is_folder(folder) else ()
    return tuple(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX) and LANGUAGE.fullmatch(name.removesuffix(SUFFIX)))


def has_terms(language: str, templates: Path) -> bool:
    """Return true if *templates* have terms in *language*, or in the Cyrillic letters of it."""
    known = languages_with_terms(templates)
    return language in known or cyrillic_of(language, known) is not None


def read_terms(templates: Path, language: str) -> tuple[YamlFile, Mapping[Path, str]]:
    """Return the terms of *language* in their file, and each file that was read, or looked for, with its digest.

    Of a language that is written in Latin letters too, its own file has only the terms that are not the Cyrillic ones letter by letter.
    Raises ReportsError if there is no file of terms, or if one can't be read.
    """
    path = templates / LOCALE / f"{language}{SUFFIX}"
    own = Terms(path, templates) if is_file_named_in(path, templates) else None
    cyrillic = cyrillic_of(language, languages_with_terms(templates))
    if cyrillic is None:
        if own is None:
            raise ReportsError(Problem(Location(path), f"is missing: the terms for the language '{language}'"))
        return own, own.used
    file = Terms(templates / LOCALE / f"{cyrillic}{SUFFIX}", templates)
    file.data = merged(_latin(file.data, language), own.data if own else {})
    return file, {**(own.used if own else {path: ""}), **file.used}


def own_terms(about: About) -> Mapping[str, Any]:
    """Return the terms of the codes that the head of a dataset adds, or words in its own way, with what they mean."""
    groups = {"kind": about.kinds, "place": about.places}
    names = {group: {own.code: _escaped(own.name) for own in codes} for group, codes in groups.items() if codes}
    meanings = {group: {own.code: _escaped(own.meaning) for own in codes} for group, codes in groups.items() if codes}
    return {**names, "meaning": meanings} if names else {}


def _escaped(text: str) -> str:
    """Return *text* as a term, in whose braces values would stand."""
    return str(text).replace("{", "{{").replace("}", "}}")


def _latin(terms: Any, language: str, key: str = "") -> Any:
    """Return *terms*, those under *key*, in the Latin letters of *language*."""
    if isinstance(terms, dict):
        return {name: _latin(term, language, name) for name, term in terms.items()}
    if isinstance(terms, list):
        return [_latin(term, language) for term in terms]
    return terms.replace("Cyrl", "Latn") if key == "tag" else to_latin(terms, language)


def merged(terms: Any, own: Any) -> Any:
    """Return *terms* with those of *own* in the place of the same."""
    if not (isinstance(terms, dict) and isinstance(own, dict)):
        return own
    return {**terms, **{name: merged(terms.get(name), term) for name, term in own.items()}}
