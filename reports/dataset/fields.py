"""The types of the fields of records: text in one line, prose, ids and references, dates, numbers, addresses."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from reports.dataset.codes import PLAIN_ID
from reports.dataset.dates import Date, parse_date


@dataclass(frozen=True)
class RefersTo:
    """Mark of a text field that holds the id of a record; *kinds* are those that are right for it (every kind, if empty)."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Markdown:
    """Mark of a text field that holds prose: a small Markdown with citations (see reports.dataset.prose)."""


@dataclass(frozen=True)
class Words:
    """Mark of a line that is told in the reader's language.

    Equal lines of one *shared* name are translated once. Where the lines may be originals, a *bracketed* one, `[…]`, is in our words,
    and no other is translated.
    """

    shared: str = ""
    bracketed: bool = False


# Letters from which no accent can be taken.
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss"})


def slug(name: str, most: int = 80) -> str:
    """Return *name* as ids and names of files have it: in small Latin letters, digits and hyphens, *most* of them; "" if none is left."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN).casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def _check_text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write something, or leave the field out")
    if not unicodedata.is_normalized("NFC", value):
        raise ValueError("writes letters and their accents as separate characters; save the text in Unicode form NFC")
    return value.strip()


def _check_line(value: str) -> str:
    value = _check_text(value)
    if "\n" in value:
        raise ValueError("has more than one line")
    return value


def is_web_address(text: str) -> bool:
    """Return true if *text* is an address of the web, without the name of a user, which readers would take for the host's."""
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.username is None and parts.port != 0 else None
    except ValueError:  # brackets that don't match, a port that is no number
        return False
    return text.startswith(("http://", "https://")) and bool(re.fullmatch(r"[\w.:-]+", host or ""))


def _check_address(value: str) -> str:
    if not is_web_address(value) or not re.fullmatch(r"[^\s<>\"{}|\\^`]+", value):
        raise ValueError(f"'{value}' is not a web address: it starts with http:// or https://, names a host and has no spaces")
    return value


def _check_pattern(pattern: str, example: str) -> AfterValidator:
    """Return a validator of texts that match *pattern* as a whole; its message shows the *example*."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"'{value}' is not {example}")
        return value

    return AfterValidator(check)


def _parse_when(value: object) -> Date:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "a text is expected")
    return parse_date(value)


def _check_day(value: Date) -> Date:
    if value.is_interval or value.order[0].year < 1900:
        raise ValueError(f"'{value}' is not the day of a dataset; write it as 2020-07-01")
    return value


# A YAML editor takes 2010 for a number and `true` for a truth value, so its schema allows them where the program reads text.
_SCALAR = WithJsonSchema({"type": ["string", "number", "boolean"]})

Verbatim = Annotated[str, AfterValidator(_check_line), _SCALAR]  # the same in every language: the name of a file, or of a person
Line = Annotated[Verbatim, Words()]
Title = Annotated[Verbatim, Words(bracketed=True)]
Publisher = Annotated[Verbatim, Words(shared="publisher")]
Locator = Annotated[Verbatim, Words(shared="locator")]
Prose = Annotated[str, AfterValidator(_check_text), WithJsonSchema({"type": "string"}), Markdown()]
_ID_RULE = "an id such as 'nato-2017': small letters a to z, digits and hyphens, 80 at most"
Id = Annotated[str, _check_pattern(rf"(?=.{{1,80}}$){PLAIN_ID}", _ID_RULE), _SCALAR]
FolderName = Annotated[Verbatim, _check_pattern(r"\w[\w-]*", "the name of a folder beside this file, such as 'templates'")]
_MILESTONE_ID = r"M\d{4}-[1-9]\d{0,3}"
MilestoneId = Annotated[
    str,
    _check_pattern(_MILESTONE_ID, "a milestone's id such as 'M2010-1': M, its year, a hyphen, a number"),
    WithJsonSchema({"type": "string", "pattern": f"^{_MILESTONE_ID}$"}),
]
_ADDRESS = WithJsonSchema({"type": "string", "pattern": "^https?://"})
Address = Annotated[str, AfterValidator(_check_line), AfterValidator(_check_address), _ADDRESS]
_TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"
Language = Annotated[str, _check_pattern(_TAG, "a language tag such as 'en', 'bs' or 'sr-Cyrl'"), _SCALAR]
Script = Annotated[
    str, _check_pattern(rf"{_TAG}|[A-Z][a-z]{{3}}", "a language tag or a script, such as 'bs', 'sr-Cyrl' or 'Cyrl'"), _SCALAR
]
When = Annotated[
    Date,
    PlainValidator(_parse_when),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["string", "integer"], "description": "EDTF: 2010-04-22, 2010-04, 2005-23, 2010, 2010~, 2004-12/.."}),
]
Day = Annotated[When, AfterValidator(_check_day)]
# Spreadsheets keep 15 digits.
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=15), PlainSerializer(str, return_type=str)]

SourceRef = Annotated[str, RefersTo(("source",)), _SCALAR]
FrameworkRef = Annotated[str, RefersTo(("framework",)), _SCALAR]
AreaRef = Annotated[str, RefersTo(("area",)), _SCALAR]
OperationRef = Annotated[str, RefersTo(("operation",)), _SCALAR]
BodyRef = Annotated[str, RefersTo(("body",)), _SCALAR]
PersonRef = Annotated[str, RefersTo(("person",)), _SCALAR]
SpeakerRef = Annotated[str, RefersTo(("person", "body", "source")), _SCALAR]
MeasureRef = Annotated[str, RefersTo(("measure",)), _SCALAR]
TopicRef = Annotated[str, RefersTo(("topic",)), _SCALAR]
RecordRef = Annotated[str, RefersTo(), _SCALAR]
