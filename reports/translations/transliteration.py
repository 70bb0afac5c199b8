"""Cyrillic texts -> the same in Latin letters, but for what is the same in both, and for words that a list gives otherwise.

Never the other way: of Latin letters, `nj` may be one sound or two, and a name in its own spelling may be anything.
"""

import re
from collections.abc import Mapping, Sequence

import cyrtranslit

from reports.translations.checks import KEPT, script_of

# The ids of citations, and the addresses of links.
PROTECTED = re.compile(rf"@[A-Za-z0-9_-]+|(?<=\]\()[^()\s]+|{KEPT.pattern}")
WORD = re.compile(r"[^\W\d_]+")


def cyrillic_of(language: str, languages: Sequence[str]) -> str | None:
    """Return the one of *languages* that is *language* in Cyrillic, from which its texts are made; None if it is no such language."""
    first = language.split("-")[0]
    if script_of(language) != "Latn" or first not in cyrtranslit.supported():
        return None
    return next((other for other in languages if other.split("-")[0] == first and script_of(other) == "Cyrl"), None)


def to_latin(text: str, language: str, otherwise: Mapping[str, str] = {}) -> str:
    """Return *text* in the Latin letters of *language*; words that *otherwise* has are written as there."""
    exceptions = "|".join(re.escape(word) for word in sorted(otherwise, key=len, reverse=True))
    pattern = re.compile(rf"{PROTECTED.pattern}|(?P<otherwise>\b(?:{exceptions or '(?!)'})\b)|(?P<word>{WORD.pattern})")

    def told(match: re.Match[str]) -> str:
        if match["otherwise"]:
            return otherwise[match["otherwise"]]
        if not match["word"]:
            return match[0]
        latin: str = cyrtranslit.to_latin(match["word"], language.split("-")[0])
        # One capital stands for two letters: Љ for Lj, but for LJ among capitals.
        return latin.upper() if len(match["word"]) > 1 and match["word"].isupper() else latin

    return pattern.sub(told, text)
