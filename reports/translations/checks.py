"""A text and its translation -> what keeps the translation from being used: other citations, links or marks, letters of another script.

Words of the language's own script only are taken, but for addresses and ids; what stands in brackets or quotation marks, as names do;
Roman numerals; a text left as it is as a whole; and words of a third script that stand in the original too.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from reports.dataset.fields import is_web_address
from reports.dataset.marks import faults, line_marks, stray_ids
from reports.dataset.prose import citations, inline_tokens, words
from reports.errors import NOT_TEXT, character_name
from reports.translations.texts import Text

# What is the same in every language: addresses of the web and of people, ids of milestones, and what is filled in.
KEPT = re.compile(r"(?:https?://|www\.)\S*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bM\d{4}-[1-9]\d{0,3}\b|\{[^{}\s]*\}|%\([\w:]+\)[a-z]")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
QUOTED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[„“][^„“”]*[“”]|«[^«»]*»|»[^«»]*«|\"[^\"]*\"|‘[^‘’]*’|‚[^‚‘]*‘")
ROMAN = re.compile(r"[IVXLCDM]+")
WORD = re.compile(r"[^\W\d_]+")
# A value that is filled into the words of a template, with the case in which a translation asks for it.
PLACEHOLDER = re.compile(r"%\((\w+)(?::(\w+))?\)s")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Words that are the same in every script: abbreviations, and the names of files.
SAME = re.compile(r"\b[A-Z]{2,}(?:-\d+)?\b|\b[\w-]+\.[a-z]{2,5}\b")
# The kinds of numbers of which languages speak in another way (https://unicode.org/reports/tr35/tr35-numbers.html), in gettext's order.
PLURALS = ("zero", "one", "two", "few", "many", "other")
# Scripts that nobody should mix: by the code of ISO 15924, the first word of the names of their letters.
SCRIPTS = {"Arab": "ARABIC", "Armn": "ARMENIAN", "Cyrl": "CYRILLIC", "Geor": "GEORGIAN", "Grek": "GREEK", "Hebr": "HEBREW", "Latn": "LATIN"}
# The marks of prose, by the types of their tokens.
MARKS = {
    "em_open": "'*' stresses",
    "strong_open": "'**' stresses",
    "footnote": "footnotes",
    "list_item_open": "items of lists",
    "blockquote_open": "quotations",
    "paragraph_open": "paragraphs",
}


class Tongue(NamedTuple):
    """The *language* that a translation is in, the one of the *original*, and the translations of the *locators* that prose cites."""

    language: str
    original: str
    locators: Mapping[str, str] = {}


@cache
def script_of(language: str) -> str:
    """Return the script that the *language* is written in, by its code in ISO 15924; nothing if nobody knows it.

    Its tag tells, or CLDR has the one that it is mostly written in.
    """
    first, *more = language.split("-")
    likely = get_global("likely_subtags")
    mostly = likely.get(language.replace("-", "_")) or likely.get(first, "")
    return next((part for part in (*more, *mostly.split("_")[1:2]) if len(part) == 4), "")


@cache
def plural_forms(language: str) -> tuple[str, ...]:
    """Return the kinds of numbers that *language* tells apart, in the order of the forms of its translations."""
    known = {*Locale.parse(language, sep="-").plural_form.tags, "other"}
    return tuple(name for name in PLURALS if name in known)


def plural_form(language: str, number: int | float | Decimal) -> int:
    """Return the place among the forms of *language* of the one for *number* things."""
    return plural_forms(language).index(Locale.parse(language, sep="-").plural_form(number))


def check_translation(text: Text, translation: str, tongue: Tongue) -> Iterator[str]:
    """Yield what is wrong with the *translation* of *text*, in words."""
    yield from _wrong_characters(translation)
    if not translation.strip():
        yield "is blank; leave it empty, or write the translation"
    if text.is_prose:
        yield from _wrong_prose(text.value, translation)
        yield from _wrong_citations(text.value, translation, tongue.locators)
    else:
        yield from (fault.message for fault in line_marks(translation))
        if "\n" in translation:
            yield "has more than one line, and the original is one"
    yield from _unlike("'{}'", _kept(text.value), _kept(translation))
    if translation != text.value:
        yield from _wrong_letters(plain(text), plain(text._replace(value=translation)), tongue)


def check_wording(text: Text, translation: str, tongue: Tongue) -> Iterator[str]:
    """Yield what is wrong with the *translation* of *text*, the words of a template, or one of its forms for a number of things."""
    yield from _wrong_characters(translation)
    singular, plural = (_placeholders(each) for each in (text.value, text.plural or text.value))
    given = _placeholders(translation)
    yield from (f"leaves out '%({name})s'" for name in sorted((singular & plural) - given))
    yield from (f"has '%({name})s', which the original does not have" for name in sorted(given - (singular | plural)))
    if _has_sign(translation) and not _has_sign(text.value):  # which in a figure stands for itself
        yield "has a '%' that fills nothing in; write '%%' for the sign"
    tags = Counter(TAG.findall(translation))
    if not text.plural or tags != Counter(TAG.findall(text.plural)):
        yield from _unlike("'{}'", Counter(TAG.findall(text.value)), tags)
    if "<" in TAG.sub("", translation):
        yield "has a '<' that begins no tag; write '&lt;' for the sign"
    same = {*SAME.findall(text.value), *SAME.findall(text.plural)}
    original, told = (TAG.sub(" ", PLACEHOLDER.sub(" ", each)) for each in (f"{text.value} {text.plural}", translation))
    yield from _wrong_letters(original, SAME.sub(lambda match: " " if match[0] in same else match[0], told), tongue)


def _wrong_characters(translation: str) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", translation):
        yield "writes letters and their accents as separate characters; save the text in Unicode form NFC"
    yield from (f"the character {character_name(mark)} has no place in a text; remove it" for mark in NOT_TEXT.findall(translation))


def _has_sign(text: str) -> bool:
    return "%" in PLACEHOLDER.sub("", text).replace("%%", "")


def _placeholders(text: str) -> set[str]:
    return {match[1] for match in PLACEHOLDER.finditer(text)}


def other_numbers(text: Text, translation: str) -> Iterator[str]:
    """Yield each number that stands in *text* or in its *translation* alone: a slip, or words that say it otherwise."""
    yield from _unlike("the number '{}'", _numbers(plain(text)), _numbers(plain(text._replace(value=translation))))


def _wrong_prose(text: str, translation: str) -> Iterator[str]:
    """Yield the faults of *translation* as prose, and each kind of mark of which it has more or fewer than *text*."""
    yield from (fault.message for fault in faults(translation))
    yield from _unlike("'@{}' outside of a citation", Counter(stray_ids(text)), Counter(stray_ids(translation)))
    (marks, links), (other_marks, other_links) = _marks(text), _marks(translation)
    for name, said in MARKS.items():
        if marks[name] != other_marks[name]:
            yield f"has {other_marks[name]} {said}, and the original has {marks[name]}"
    yield from _unlike("the link to '{}'", links, other_links)


def _marks(text: str) -> tuple[Counter[str], Counter[str]]:
    """Return how often *text* has each type of token, and each address of a link."""
    tokens = [*inline_tokens(text)]
    links = (str(token.attrs["href"]) for token in tokens if token.type == "link_open")
    return Counter(token.type for token in tokens), Counter(link for link in links if is_web_address(link) or link.startswith("mailto:"))


def _wrong_citations(text: str, translation: str, locators: Mapping[str, str]) -> Iterator[str]:
    """Yield each citation that *text* or *translation* has alone; one may give its place as the original does, or in the language."""
    cited, told = citations(text), citations(translation)
    wrong = [*_unlike("the citation of '{}'", Counter(citation.id for citation in cited), Counter(citation.id for citation in told))]
    yield from wrong
    places = {(citation.id, place) for citation in cited for place in (citation.locator, locators.get(citation.locator or ""))}
    for citation in told if not wrong else ():
        if (citation.id, citation.locator) not in places:
            yield f"gives '{citation.locator or 'no place'}' as the place in '{citation.id}': write the place as the original has it"


def _unlike(name: str, original: Counter[str], translation: Counter[str]) -> Iterator[str]:
    """Yield for each of the things that *name* names how *translation* differs from the *original*."""
    yield from (f"leaves out {name.format(thing)}" for thing in original - translation)
    for thing in translation - original:
        more = " more often than the original" if thing in original else ", which the original does not have"
        yield f"has {name.format(thing)}{more}"


@lru_cache(maxsize=10_000)  # a text is compared with its translation into each language
def plain(text: Text) -> str:
    """Return the words of *text*, without markup and citations."""
    return words(text.value) if text.is_prose else text.value


def _kept(text: str) -> Counter[str]:
    return Counter(KEPT.findall(text))


def _numbers(text: str) -> Counter[str]:
    """Return the numbers in *text*, without the signs by which languages part thousands and decimals."""
    return Counter(re.sub(r"\D", "", number) for number in NUMBER.findall(KEPT.sub(" ", text)))


def _wrong_letters(original: str, translation: str, tongue: Tongue) -> Iterator[str]:
    """Yield each word of *translation* that is written in two scripts, or in another one than its language is."""
    own, given = SCRIPTS.get(script_of(tongue.language)), SCRIPTS.get(script_of(tongue.original))
    known = {word for word in WORD.findall(original) if _scripts(word) != {given}}
    text = KEPT.sub(" ", translation)
    for word in dict.fromkeys(WORD.findall(text)):
        if len(_scripts(word)) > 1 and word not in known:
            yield f"'{word}' mixes {' and '.join(name.capitalize() for name in sorted(_scripts(word)))} letters"
    for word in dict.fromkeys(WORD.findall(QUOTED.sub(" ", text))) if own else ():
        found = _scripts(word)
        if len(found) == 1 and found != {own} and word not in known and not ROMAN.fullmatch(word):
            said = f"'{word}' is in {found.pop().capitalize()} letters, and '{tongue.language}' is written in {str(own).capitalize()} ones"
            yield f"{said}; names in other letters stand in brackets or quotation marks"


def _scripts(letters: Iterable[str]) -> set[str]:
    return {script for script in map(_script, letters) if script}


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, " ").split(" ")[0]
    return name if name in SCRIPTS.values() else ""
