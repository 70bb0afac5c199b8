"""Addresses as people read them: a URI -> the IRI that it stands for (RFC 3987, 3.2), as far as that can be shown."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")  # bytes beyond ASCII: signs that parts of an address are told by stay as they are
SCRIPTS = frozenset(["LATIN", "GREEK", "CYRILLIC"])  # which the fonts of all documents have


def readable(url: str, beside: str = "") -> str:
    """Return *url* to be shown, its encoded letters as such, where they are of SCRIPTS, or of those in the text *beside* it.

    For what a text has, there is a font. All else stays encoded: signs, spaces, what is no UTF-8, and letters from right to left, with
    which parts of an address would change places.
    """
    scripts = SCRIPTS.union(map(_script, beside))

    def letters(match: re.Match[str]) -> str:
        try:
            text = unquote_to_bytes(match[0]).decode()
        except UnicodeDecodeError:
            return match[0]
        left = iter(re.findall("%..", match[0]))
        parts = [(character, "".join(next(left) for _ in character.encode())) for character in text]
        return "".join(character if _is_shown(character, scripts) else encoded for character, encoded in parts)

    return ENCODED.sub(letters, url)


def _is_shown(character: str, scripts: frozenset[str]) -> bool:
    is_letter = character.isalpha() and unicodedata.bidirectional(character) == "L"
    return is_letter and unicodedata.is_normalized("NFC", character) and _script(character) in scripts


def _script(character: str) -> str:
    """Return the script of the letter *character*, as its name begins: "GEORGIAN"."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""
