"""data/translations/glossary.yaml: how each language words the terms of the data -> the translations that word one otherwise."""

import re
from collections.abc import Iterator

from reports.dataset.dataset import Dataset
from reports.dataset.fields import Address, Language, Verbatim
from reports.dataset.load import TRANSLATIONS
from reports.dataset.model import StrictModel
from reports.errors import Problem, ReportsError
from reports.files import is_file_named_in
from reports.translations.catalogue import is_usable
from reports.translations.checks import plain
from reports.translations.texts import LOCATOR, texts
from reports.translations.translation import GLOSSARY, Translation
from reports.validation import parse
from reports.yamlfile import YamlFile

# What a word may end in, and changes with its case, in the languages that decline: "odbrana", "odbrane"; "Vijeće", "Vijeća".
ENDING = "aeiouаеиоу"
# An a that its ending drives out: "centar", "centra".
FLEETING = re.compile(r"[aа](?=\w$)")


class Use(StrictModel):
    """A page of *publisher* in a *language*, at the *url*, on which the term is worded so; *note* says where, or for which words."""

    language: Language
    publisher: Verbatim
    url: Address
    note: Verbatim | None = None


class Term(StrictModel):
    """A *term* of the data, and its *wordings* by language, the first the one to use; *seen* are pages of institutions that have them."""

    term: Verbatim
    wordings: dict[Language, tuple[Verbatim, ...]]
    seen: tuple[Use, ...] = ()
    note: Verbatim | None = None


def read_glossary(dataset: Dataset) -> tuple[Term, ...]:
    """Return the terms of the glossary, if there is one; raises ReportsError with every problem of it."""
    path = dataset.folder / TRANSLATIONS / GLOSSARY
    if not is_file_named_in(path, dataset.folder):
        return ()
    file = YamlFile(path, dataset.folder)
    if not isinstance(file.data, list):
        raise ReportsError(Problem(file.locate(), "a list of terms is expected here; put a dash and a space before each"))
    parsed = [parse(Term, item, file, (place,)) for place, item in enumerate(file.data)]
    if problems := [problem for _, found in parsed for problem in found]:
        raise ReportsError(*problems)
    return tuple(term for term, _ in parsed if term)


def worded_otherwise(dataset: Dataset, translation: Translation, glossary: tuple[Term, ...]) -> Iterator[Problem]:
    """Yield each message whose text has a term of *glossary*, and whose translation has none of its wordings in any case.

    A place in a source says what stands there, in the language of the source, and not what the glossary has.
    """
    catalogue, own = translation.catalogue, texts(dataset, translation.language)
    if catalogue is None:
        return
    checks = [
        (term.term, wordings[0], _in_english(term.term), [_declined(wording) for wording in wordings])
        for term in glossary
        if (wordings := term.wordings.get(translation.language))
    ]
    for key, message in catalogue.messages.items():
        if key in own and message.msgctxt != LOCATOR and is_usable(message) and message.msgstr != message.msgid:
            text, _ = own[key]
            said, rendered = plain(text), plain(text._replace(value=message.msgstr))
            for term, wording, original, told in checks:
                if original.search(said) and not any(pattern.search(rendered) for pattern in told):
                    yield catalogue.problem(
                        message, f"'{message.msgctxt}' words '{term}' otherwise than '{wording}', as the glossary has it"
                    )


def _in_english(term: str) -> re.Pattern[str]:
    """Return what finds *term*, also in the plural; in small letters it may begin a sentence."""
    first = re.escape(term[0]) if term[0].isupper() else f"[{re.escape(term[0])}{re.escape(term[0].upper())}]"
    rest = r"\s+".join(re.escape(word) for word in term[1:].split(" "))
    return re.compile(rf"\b{first}{rest}(?:s|es)?\b")


def _declined(wording: str) -> re.Pattern[str]:
    """Return what finds *wording* with any endings, also those behind a hyphen: "EUFOR-a Althea"."""
    stems = (FLEETING.sub("[aа]?", re.escape(word.rstrip(ENDING))) if len(word) > 3 else re.escape(word) for word in wording.split())
    return re.compile(r"\b" + r"[\w-]*\s+".join(stems), re.IGNORECASE)
