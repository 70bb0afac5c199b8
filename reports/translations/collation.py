"""The order in which a language sorts texts: by letters, then with their accents, then with their capitals.

No library with CLDR's tailorings has wheels for every system, so templates/locale/alphabets.yaml says which letters a language sorts
as letters of their own. All others go by their base letters.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

Letter = tuple[str, int]  # the letter behind which it is sorted, and the place there


class Collation:
    """The order of one language; *alphabet* has its own letters, such as "c č ć, d dž đ", each group behind the letter it begins with.

    Letters between which only accents decide are joined: "z æ=ä ø=ö".
    """

    def __init__(self, alphabet: str = "") -> None:
        groups = [group.split() for group in unicodedata.normalize("NFC", alphabet).split(",")]
        places = [(first, enumerate(others, 1)) for first, *others in filter(None, groups)]
        self._letters = {letter: (first, place) for first, others in places for place, joined in others for letter in joined.split("=")}
        longest = sorted(map(re.escape, self._letters), key=len, reverse=True)
        self._tokens = re.compile("|".join([*longest, "."]), re.DOTALL | re.IGNORECASE)

    def key(self, value: Any) -> Any:
        """Return what sorts *value* in its place; what is no text sorts as it is."""
        return ([*self._primary(value)], value.casefold(), value.swapcase()) if isinstance(value, str) else value

    def _primary(self, text: str) -> Iterator[Letter]:
        for token in self._tokens.findall(unicodedata.normalize("NFC", text)):
            # As it is written first: Turkish has two letters I, each with a capital of its own.
            letter = self._letters.get(token) or self._letters.get(token.casefold())
            yield from [letter] if letter else ((base, 0) for base in _base_letters(token))


@lru_cache(maxsize=4096)
def _base_letters(character: str) -> str:
    """Return *character* in small letters without accents, also where Unicode has no accent of its own, as in "đ" and "ø"."""
    bases = []
    for base in unicodedata.normalize("NFD", character.casefold()):
        plain, is_accented, _ = unicodedata.name(base, "").partition(" WITH ")
        if is_accented and base.isalpha():
            with suppress(KeyError):  # some letters are known with an addition only
                base = unicodedata.lookup(plain)
        bases += [base] if not unicodedata.combining(base) else []
    return "".join(bases)
