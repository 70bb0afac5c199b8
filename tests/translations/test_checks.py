"""A translation is compared with its text before it is used."""

import pytest

from reports.translations.checks import Tongue, check_translation, check_wording, other_numbers, plural_form, plural_forms, script_of
from reports.translations.texts import Text

BOSNIAN = Tongue("bs", "en", {"page 7": "strana 7"})
SERBIAN = Tongue("sr-Cyrl-BA", "en")


def wrong(text: str, translation: str, tongue: Tongue = BOSNIAN, is_prose: bool = True) -> list[str]:
    return [*check_translation(Text("a/text", text, is_prose), translation, tongue)]


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Signed [@gazette, page 7; @M2010-1].", "Potpisano [@M2010-1; @gazette, page 7]."),
        ("Signed [@gazette, page 7].", "Potpisano [@gazette, strana 7]."),
        ("A **bold** *word* [here](https://a.example/b).", "**Debela** [ovdje](https://a.example/b) *riječ*."),
        ("One.[^1]\n\n[^1]: Two.", "Jedan.[^n]\n\n[^n]: Dva."),
        ("See M2010-1 at www.a.example, {date}.", "Vidi M2010-1 na www.a.example, {date}."),
        ("- one\n- two", "- jedan\n- dva"),
        ("Part IV of Ж", "Dio IV od Ж"),
    ],
)
def test_a_translation_says_what_its_text_says_in_its_own_order(text: str, translation: str) -> None:
    """Citations, links, stresses, footnotes, lists, ids and addresses are there, wherever the language puts them."""
    assert wrong(text, translation) == []


@pytest.mark.parametrize(
    ("text", "translation", "said"),
    [
        ("Signed [@gazette, page 7].", "Potpisano.", "leaves out the citation of 'gazette'"),
        ("Signed.", "Potpisano [@gazette].", "has the citation of 'gazette', which the original does not have"),
        ("Signed [@gazette, page 7].", "Potpisano [@gazette, page 8].", "gives 'page 8' as the place in 'gazette': write the place as"),
        ("Signed [@M2010-1].", "Potpisano [@М2010-1].", "a citation looks like"),
        ("Signed [see](https://a.example).", "Potpisano [vidi](https://b.example).", "leaves out the link to 'https://a.example'"),
        ("A *word*.", "Riječ.", "has 0 '*' stresses, and the original has 1"),
        ("One.[^1]\n\n[^1]: Two.", "Jedan.", "has 0 footnotes, and the original has 1"),
        ("One.\n\nTwo.", "Jedan. Dva.", "has 1 paragraphs, and the original has 2"),
        ("See M2010-1.", "Vidi М2010-1.", "leaves out 'M2010-1'"),
        ("On {date}.", "Dana {datum}.", "leaves out '{date}'"),
        ("A word.", "Riječ `x`.", "'`x`' is code, which has no place in a text; leave the '`' out, or write '\\`' for the sign"),
        ("Mostar", "Mостар", "'Mостар' mixes Cyrillic and Latin letters"),
        ("Mostar", "Мостар", "'Мостар' is in Cyrillic letters, and 'bs' is written in Latin ones; names in other letters stand in"),
        ("Zenica", "c\u030c", "writes letters and their accents as separate characters"),
        ("Zenica", "a\u202eb", "the character U+202E (right-to-left override) has no place in a text; remove it"),
        ("Zenica", " ", "is blank; leave it empty, or write the translation"),
    ],
)
def test_another_translation_is_told(text: str, translation: str, said: str) -> None:
    """What is left out, added or written otherwise is named, in words for whoever translates."""
    assert any(found.startswith(said) for found in wrong(text, translation)), wrong(text, translation)


def test_a_line_stays_a_line_without_marks() -> None:
    """A title has one line, and cites nothing."""
    assert wrong("A title", "Naslov\ndrugi", is_prose=False) == ["has more than one line, and the original is one"]
    assert "would be printed as it stands" in wrong("A title", "Naslov [@gazette]", is_prose=False)[0]


@pytest.mark.parametrize("translation", ["Мостар (Mostar)", "Лист „Klix.ba“", "Дио IV", "Види https://klix.example/a и M2010-1", "Ж Ω"])
def test_letters_of_another_script_stand_where_names_do(translation: str) -> None:
    """In brackets and in quotation marks, in addresses and ids, as Roman numerals, or where the original has them too."""
    original = "See https://klix.example/a and M2010-1, Ω" if "klix." in translation else "Ω"
    assert wrong(original, translation, SERBIAN) == []


def test_a_word_of_another_script_is_told_with_its_letters() -> None:
    """A Latin word in a Cyrillic text is one that was left, unless the whole text was: the name of a newspaper."""
    (said,) = wrong("EUFOR stays", "EUFOR остаје", SERBIAN)
    assert said.startswith("'EUFOR' is in Latin letters, and 'sr-Cyrl-BA' is written in Cyrillic ones; names in other letters")
    assert wrong("EUFOR", "EUFOR", SERBIAN) == []


def test_other_numbers_are_told_however_they_are_written() -> None:
    """Thousands and decimals are parted by the signs of each language; another number is another fact, or a word."""
    text = Text("a/text", "In 2010, 10,000 of 1.5 million [@gazette, page 7].", True)
    assert [*other_numbers(text, "Godine 2010. 10.000 od 1,5 miliona [@gazette, page 7].")] == []
    assert [*other_numbers(text, "Godine 2011. 10\u00a0000 od 1,5 miliona [@gazette, page 7].")] == [
        "leaves out the number '2010'",
        "has the number '2011', which the original does not have",
    ]


@pytest.mark.parametrize(
    ("language", "script"), [("bs", "Latn"), ("sr", "Cyrl"), ("sr-Latn", "Latn"), ("sr-Cyrl-BA", "Cyrl"), ("ar", "Arab"), ("qq", "")]
)
def test_a_language_is_written_in_the_script_of_its_tag_or_in_its_usual_one(language: str, script: str) -> None:
    """The tag tells, or CLDR."""
    assert script_of(language) == script


@pytest.mark.parametrize(
    ("text", "translation", "tongue", "said"),
    [
        (Text("", "One <b>day</b>", plural="%(n)s days"), "%(n)s dana", BOSNIAN, []),
        (Text("", "One <b>day</b>", plural="%(n)s days"), "Jedan <b>dan</b>", BOSNIAN, []),
        (Text("", "One <b>day</b>", plural="%(n)s days"), "Jedan <i>dan</i>", BOSNIAN, ["leaves out '<b>'", "leaves out '</b>'"]),
        (Text("", "%(n)s of %(all)s"), "%(all)s, %(n:genitive)s", BOSNIAN, []),
        (Text("", "In PDF, SHA-256, register.csv and Word"), "Као PDF, SHA-256, register.csv и „Word“", SERBIAN, []),
        (Text("", "In Word"), "Као Word", SERBIAN, ["'Word' is in Latin letters"]),
        (Text("", "In Word"), "Као CSV", SERBIAN, ["'CSV' is in Latin letters"]),
        (Text("", "Five %%"), "Pet %", BOSNIAN, ["has a '%' that fills nothing in"]),
    ],
)
def test_the_words_of_a_template_keep_what_is_filled_in(text: Text, translation: str, tongue: Tongue, said: list[str]) -> None:
    """Placeholders, in any case, and tags, of which the form for one may have others; abbreviations are the same in each script."""
    found = [*check_wording(text, translation, tongue)]
    assert [any(problem.startswith(start) for problem in found) for start in said] == [True] * len(said)
    assert bool(found) == bool(said)


def test_languages_count_in_their_own_way() -> None:
    """As CLDR has it."""
    assert (plural_forms("en"), plural_forms("bs")) == (("one", "other"), ("one", "few", "other"))
    assert plural_forms("ar") == ("zero", "one", "two", "few", "many", "other")
    assert [plural_form("sr-Cyrl-BA", number) for number in (1, 2, 5, 11, 21, 22)] == [0, 1, 2, 2, 0, 1]
