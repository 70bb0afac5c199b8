"""Latin texts that are made from Cyrillic ones."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reports.translations.checks import KEPT
from reports.translations.transliteration import PROTECTED, cyrillic_of, to_latin


def test_letters_are_told_one_by_one() -> None:
    """A capital that stands for two letters is both in capitals only among capitals."""
    assert to_latin("Љубав ЉУБАВ Његош, џеп Ђ", "sr-Latn") == "Ljubav LJUBAV Njegoš, džep Đ"


def test_what_is_the_same_in_every_script_stays() -> None:
    """Ids, citations, addresses and what is filled in, whatever letters are beside them; their words and places are told."""
    text = "Види [слику](https://пример.example/а) и [@nato-2017, страна 7; @M2010-1], {дан}, пиши на а@b.example."
    assert (
        to_latin(text, "sr-Latn")
        == "Vidi [sliku](https://пример.example/а) i [@nato-2017, strana 7; @M2010-1], {дан}, piši na а@b.example."
    )


def test_a_word_on_the_list_is_written_as_there() -> None:
    """A foreign name gets its own spelling back, as a whole word only."""
    assert to_latin("Кликс и Кликсов", "sr-Latn", {"Кликс": "Klix"}) == "Klix i Kliksov"
    assert to_latin("Њу Јорк, Њу", "sr-Latn", {"Њу": "x", "Њу Јорк": "New York"}) == "New York, x"


PIECES = st.sampled_from(
    ["Љубав", " ", "[@nato-2017, стр. 7]", "M2010-1", "https://a.example/б", "{име}", "(", ")", ", ", "НАТО", "č", "\n\n"]
)


@given(st.lists(PIECES).map(" ".join))
def test_protected_stretches_come_through(text: str) -> None:
    """Whatever stands around them, they are the same and in the same order; all other Cyrillic letters are gone."""
    latin = to_latin(text, "sr-Latn")
    assert [match[0] for match in PROTECTED.finditer(latin)] == [match[0] for match in PROTECTED.finditer(text)]
    assert not re.search("[Ѐ-ӿ]", KEPT.sub("", latin))


def test_only_latin_is_made_and_only_from_cyrillic() -> None:
    """Croatian is a language of its own, and no Cyrillic text is made from a Latin one."""
    languages = ("en", "bs", "hr", "sr-Cyrl-BA", "sr-Latn")
    assert cyrillic_of("sr-Latn", languages) == "sr-Cyrl-BA"
    assert cyrillic_of("sr-Latn", ("en",)) is None
    assert [language for language in languages[:4] if cyrillic_of(language, languages)] == []
