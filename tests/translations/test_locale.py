"""One language: terms, dates and numbers."""

import pickle
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import babel
import pytest
from babel.localedata import locale_identifiers

from reports.dataset.dates import parse_date
from reports.documents.view import View
from reports.errors import ReportsError
from reports.translations.locale import DateText, Locale, cldr, is_plural, is_right_to_left, with_region
from reports.yamlfile import YamlFile
from tests.conftest import PROJECT, TINY, Show, edit

TEMPLATES = PROJECT / "templates"
LANGUAGES = {"bs": "bs-Latn-BA", "hr": "hr-BA", "sr-Cyrl-BA": "sr-Cyrl-BA"}  # with the tag of each


@pytest.fixture(scope="module")
def english() -> Locale:
    return Locale(TINY / "templates", "en")


def problem(templates: Path, show: Show, key: str, **values: object) -> str:
    with pytest.raises(ReportsError) as error:
        Locale(templates, "en").term(key, **values)
    (line,) = show(error.value.problems)
    return line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2010-04-22", "22 April 2010"),
        ("2010-04", "April 2010"),
        ("2010", "2010"),
        ("0987", "987"),
        ("2005-21", "spring 2005"),
        ("2005-22", "summer 2005"),
        ("2005-23", "autumn 2005"),
        ("2005-24", "winter 2005"),
        ("2010~", "about 2010"),
        ("2010-04?", "perhaps April 2010"),
        ("2005-23%", "perhaps about autumn 2005"),
        ("2004-12/..", "since December 2004"),
        ("../2015-03-01", "until 1 March 2015"),
        ("2003/2005", "2003–2005"),
        ("2003-02/2003-05", "February\u2009–\u2009May 2003"),
        ("2003-12/2004-01", "December 2003\u2009–\u2009January 2004"),
        ("2003-02/2003-05-07", "from February 2003 to 7 May 2003"),
        ("2005-23/2006-21", "from autumn 2005 to spring 2006"),
        ("2003~/2005", "from about 2003 to 2005"),
    ],
)
def test_a_date_is_worded_as_precise_as_it_is(text: str, words: str, english: Locale) -> None:
    """Every form of a date has its wording, and none says more than its source."""
    assert english.date(parse_date(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023-02-14/2023-02-15", "14–15 February 2023"),
        ("2023-02-14/2023-03-15", "14 February – 15 March 2023"),
        ("2022-12-30/2023-01-02", "30 December 2022 – 2 January 2023"),
    ],
)
def test_an_interval_of_days_names_both(text: str, words: str, english: Locale) -> None:
    """An interval of days says from which day to which, its months in full, and repeats no month or year that both share."""
    assert english.date(parse_date(text)).replace("\u2009", " ") == words


def test_numbers_are_written_as_the_language_does(english: Locale) -> None:
    """Digits in groups, and no digit lost."""
    assert [english.number(number) for number in (0, 12, 60000, Decimal("1234.5"))] == ["0", "12", "60,000", "1,234.5"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_have_a_decimal_comma_where_the_language_has(language: str) -> None:
    """Thousands are parted by a full stop, and a comma stands before what is less than one."""
    locale = Locale(TEMPLATES, language)
    assert [locale.number(number) for number in (12, 60000, Decimal("1234.5"))] == ["12", "60.000", "1.234,5"]


def test_a_term_is_found_by_its_keys(english: Locale) -> None:
    """A term is text, with values in its braces if it has any."""
    assert english.term("status.overdue") == "overdue"
    assert english.term("date.about", date="2010") == "about 2010"
    assert english.tag == "en-GB"


def test_a_value_is_not_read_as_a_term(english: Locale) -> None:
    """Braces in a value stay braces."""
    assert english.term("date.about", date="{date}") == "about {date}"


def test_a_missing_term_is_named_with_the_nearest(tiny_templates: Path, show: Show) -> None:
    """A term that is not there is a problem at the group where it should be."""
    line = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").split("\n").index("status:") + 2
    assert problem(tiny_templates, show, "status.overdu") == (
        f"templates/locale/en.yaml:{line}:3: there is no term 'status.overdu' (did you mean 'overdue'?)"
    )
    assert problem(tiny_templates, show, "status") == f"templates/locale/en.yaml:{line}:3: 'status' is a group of terms, not a term"
    assert problem(tiny_templates, show, "tag.x") == "templates/locale/en.yaml:2:6: there is no term 'tag.x'"


@pytest.mark.parametrize("braces", ["{dates}", "{}", "{0}", "{date", "date}", "{date.nothing}", "{date[x]}", "{date!x}", "{date:d}"])
def test_braces_that_nothing_fills(braces: str, tiny_templates: Path, show: Show) -> None:
    """A brace that names no value, or that is none, is a problem at its term, with the values that there are."""
    edit(tiny_templates / "locale" / "en.yaml", "  about: about {date}", f"  about: 'about {braces}'")
    line = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").split("\n").index(f"  about: 'about {braces}'") + 1
    assert problem(tiny_templates, show, "date.about", date="2010") == (
        f"templates/locale/en.yaml:{line}:10: braces in 'date.about' that nothing fills; known here: {{date}}"
    )


def test_a_language_without_terms(tiny_templates: Path, show: Show) -> None:
    """A language whose file is not there is a problem."""
    with pytest.raises(ReportsError) as error:
        Locale(tiny_templates, "sr-Cyrl")
    assert show(error.value.problems) == ["templates/locale/sr-Cyrl.yaml: is missing: the terms for the language 'sr-Cyrl'"]


@pytest.mark.parametrize("tag", ["xx-YY", "not a tag", "''"])
def test_a_tag_that_is_no_language(tag: str, tiny_templates: Path, show: Show) -> None:
    """A tag that Babel does not know is a problem at its place."""
    edit(tiny_templates / "locale" / "en.yaml", "tag: en-GB", f"tag: {tag}")
    with pytest.raises(ReportsError) as error:
        Locale(tiny_templates, "en")
    value = tag.strip("'")
    assert show(error.value.problems) == [f"templates/locale/en.yaml:2:6: '{value}' is not a language that is known"]


# Of each language: a month, a year, a day; an interval of days in a month, of months in a year and over two, and of years.
WORDS = {
    "bs": (
        "april 2010.|2010.|2. april 2010.|4. april 2010. – 15. april 2010.|"
        "april 2010. – maj 2010.|decembar 2010. – januar 2011.|2010. – 2011."
    ),
    "hr": (
        "travanj 2010.|2010.|2. travnja 2010.|4. – 15. travnja 2010.|travanj – svibanj 2010.|prosinac 2010. – siječanj 2011.|2010. – 2011."
    ),
    "sr-Latn": "april 2010.|2010.|2. april 2010.|4.–15. april 2010.|april – maj 2010.|decembar 2010. – januar 2011.|2010. – 2011.",
    "sr-Cyrl": "април 2010.|2010.|2. април 2010.|4.–15. април 2010.|април – мај 2010.|децембар 2010. – јануар 2011.|2010. – 2011.",
    "ru": "апрель 2010 г.|2010|2 апреля 2010 г.|4–15 апреля 2010 г.|апрель – май 2010 г.|декабрь 2010 г. – январь 2011 г.|2010–2011",
    "pl": "kwiecień 2010|2010|2 kwietnia 2010|4–15 kwietnia 2010|kwiecień–maj 2010|grudzień 2010–styczeń 2011|2010–2011",
    "cs": "duben 2010|2010|2. dubna 2010|4. dubna 2010 – 15. dubna 2010|duben–květen 2010|prosinec 2010 – leden 2011|2010–2011",
    "hu": "2010. április|2010.|2010. április 2.|2010. április 4–15.|2010. április–május|2010. december – 2011. január|2010. – 2011.",
    "zh": "2010年4月|2010年|2010年4月2日|2010年4月4日至15日|2010年4月至5月|2010年12月至2011年1月|2010–2011年",
    "ja": "2010年4月|2010年|2010年4月2日|2010年4月4日～15日|2010年4月～5月|2010年12月～2011年1月|2010年～2011年",
    "ko": "2010년 4월|2010년|2010년 4월 2일|2010년 4월 4일~15일|2010년 4월 ~ 5월|2010년 12월 ~ 2011년 1월|2010년 ~ 2011년",
    "de": "April 2010|2010|2. April 2010|4.–15. April 2010|April–Mai 2010|Dezember 2010 – Januar 2011|2010–2011",
    "fr": "avril 2010|2010|2 avril 2010|4–15 avril 2010|avril – mai 2010|décembre 2010 – janvier 2011|2010–2011",
    "en": "April 2010|2010|April 2, 2010|April 4 – 15, 2010|April – May 2010|December 2010 – January 2011|2010 – 2011",
    "ka": (
        "აპრილი, 2010|2010|2 აპრილი, 2010|4 აპრილი, 2010 – 15 აპრილი, 2010|"
        "აპრილი, 2010 – მაისი, 2010|დეკემბერი, 2010 – იანვარი, 2011|2010–2011"
    ),
    "ar": "أبريل 2010|2010|2 أبريل 2010|4–15 أبريل 2010|أبريل – مايو 2010|ديسمبر 2010 – يناير 2011|2010–2011",
    "es": "abril de 2010|2010|2 de abril de 2010|4–15 de abril de 2010|abril–mayo de 2010|diciembre de 2010 – enero de 2011|2010–2011",
    "fa": "آوریل 2010|2010|2 آوریل 2010|4 تا 15 آوریل 2010|آوریل 2010 تا مهٔ 2010|دسامبر 2010 تا ژانویهٔ 2011|2010 تا 2011",
}
DATES = ("2010-04", "2010", "2010-04-02", "2010-04-04/2010-04-15", "2010-04/2010-05", "2010-12/2011-01", "2010/2011")


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("bs", "Žena", "bs-Latn-BA"),
        ("sr", "Zdravo", "sr-Latn-RS"),
        ("sr", "12 Здраво", "sr-Cyrl-RS"),
        ("sr-Cyrl", "NATO", "sr-Cyrl-RS"),
        ("sr", "1", "sr-Cyrl-RS"),
        ("hr", "Žena", "hr-HR"),
        ("uk", "Здраво", "uk-UA"),
        ("en", "the same as the document's", "en-GB"),
        ("pt-PT", "as it was", "pt-PT"),
        ("qaa", "nobody knows where", "qaa"),
    ],
)
def test_a_language_has_its_region(tag: str, text: str, expected: str) -> None:
    """The region of a language is the document's, or where most of its speakers are; the script is told where it has more than one."""
    assert with_region(tag, text, "en-GB") == expected


def test_the_side_agrees_with_all_that_babel_knows() -> None:
    """The script of each language in Babel gives the order of characters that Babel has for it."""
    names = [name for name in locale_identifiers() if not re.search(r"_([A-Z]{2}|\d{3})\b", name)]
    by_babel = {name for name in names if babel.Locale.parse(name).character_order == "right-to-left"}
    assert {name for name in names if is_right_to_left(name.replace("_", "-"))} == by_babel
    assert 30 < len(by_babel) < len(names) / 2


@pytest.mark.parametrize("tag", WORDS)
def test_each_language_has_its_own_way(tag: str, tiny_templates: Path) -> None:
    """Month and year go by the language's own pattern, and an interval says its dates as they stand alone on the same page."""
    edit(tiny_templates / "locale" / "en.yaml", "tag: en-GB", f"tag: {tag}")
    locale = Locale(tiny_templates, "en")
    words = [re.sub("[\u2009\u202f]", " ", locale.date(parse_date(date))) for date in DATES]
    assert words == WORDS[tag].split("|")
    assert locale.date(parse_date("2010-04/2010-04")) == locale.date(parse_date("2010-04"))


def test_a_language_has_its_own_months_whatever_was_asked_before() -> None:
    """Hebrew and Bosnian both leave to CLDR's root what they do not word otherwise, and Babel 2.18 keeps there what it finds first."""
    found = [cldr(tag).months["stand-alone"]["wide"][4] for tag in ("he", "bs-Latn-BA", "sr-Cyrl-BA", "ka")]
    assert found == ["אפריל", "april", "април", "აპრილი"]


def test_languages_are_written_from_one_side() -> None:
    """Languages in Arabic, Hebrew and their like letters are written from right to left; what is no language is not."""
    assert [
        tag for tag in ("ar", "he", "fa-IR", "ur", "az-Arab", "az", "sr-Latn", "zh-Hant", "en", "xx", "not a tag") if is_right_to_left(tag)
    ] == [
        "ar",
        "he",
        "fa-IR",
        "ur",
        "az-Arab",
    ]


# Of each date what stands alone, the genitive and the locative.
CASES = {
    "bs": {
        "2010-04": "april 2010.|aprila 2010.|aprilu 2010.",
        "2010-04-22": "22. april 2010.|22. aprila 2010.|22. aprilu 2010.",
        "2010-06": "juni 2010.|juna 2010.|junu 2010.",
        "2010": "2010.|2010.|2010.",
        "2026-21": "proljeće 2026.|proljeća 2026.|proljeću 2026.",
        "2010-04/..": "od aprila 2010.|od aprila 2010.|od aprila 2010.",
        "2010-04-22/..": "od 22. aprila 2010.|od 22. aprila 2010.|od 22. aprila 2010.",
        "../2026-21": "do proljeća 2026.|do proljeća 2026.|do proljeća 2026.",
        "2026-24?": "možda zima 2026.|možda zime 2026.|možda zimi 2026.",
        "2010-08~": "oko augusta 2010.|oko augusta 2010.|oko augusta 2010.",
        "2010-03/2010-05": "mart – maj 2010.|marta – maja 2010.|martu – maju 2010.",
        "2010-02-14/2010-02-15": "14.–15. februar 2010.|14.–15. februara 2010.|14.–15. februaru 2010.",
        "2010-02-28/2010-03-01": "28. februar – 1. mart 2010.|28. februara – 1. marta 2010.|28. februaru – 1. martu 2010.",
        "2009/2014": "2009–2014.|2009–2014.|2009–2014.",
        "2010-04/2012-24": "od aprila 2010. do zime 2012.|od aprila 2010. do zime 2012.|od aprila 2010. do zime 2012.",
    },
    "hr": {
        "2010-04": "travanj 2010.|travnja 2010.|travnju 2010.",
        "2010-04-22": "22. travnja 2010.|22. travnja 2010.|22. travnju 2010.",
        "2010-02": "veljača 2010.|veljače 2010.|veljači 2010.",
        "2010-04/..": "od travnja 2010.|od travnja 2010.|od travnja 2010.",
        "2026-23": "jesen 2026.|jeseni 2026.|jeseni 2026.",
        "2010-03/2010-05": "ožujak – svibanj 2010.|ožujka – svibnja 2010.|ožujku – svibnju 2010.",
    },
    "sr-Cyrl-BA": {
        "2010-04": "април 2010.|априла 2010.|априлу 2010.",
        "2010-06-22/..": "од 22. јуна 2010.|од 22. јуна 2010.|од 22. јуна 2010.",
        "2026-22": "љето 2026.|љета 2026.|љету 2026.",
    },
}


@pytest.mark.parametrize("language", CASES)
def test_a_date_stands_in_the_case_that_the_grammar_asks_for(language: str) -> None:
    """The names of months and seasons are declined, also within words around them; a number is not."""
    for text, expected in CASES[language].items():
        date = Locale(TEMPLATES, language).date(parse_date(text))
        words = [date, *(f"{date:{case}}" for case in ("genitive", "locative"))]
        assert [re.sub("[\u2009\u202f]", " ", word) for word in words] == expected.split("|")


def test_a_date_in_words_is_a_text(english: Locale) -> None:
    """It goes to another process and into other texts as any text does, and says which case it lacks."""
    date = Locale(TEMPLATES, "hr").date(parse_date("2010-04"))
    copied = pickle.loads(pickle.dumps(date))
    assert (copied, type(copied), copied.case("locative")) == ("travanj 2010.", DateText, "travnju 2010.")
    assert (date + "!", ", ".join([date, date]), f"{date}") == ("travanj 2010.!", "travanj 2010., travanj 2010.", "travanj 2010.")
    assert {type(text) for text in (date + "!", date.upper(), f"{date}", f"{date:genitive}")} == {str}
    with pytest.raises(LookupError):
        date.case("dative")
    with pytest.raises(LookupError):
        english.date(parse_date("2010-04")).case("genitive")


def test_a_term_asks_for_a_case(tiny_templates: Path, show: Show) -> None:
    """A text that is no date reads the same in all cases; a case that the language lacks is a problem at the term."""
    locale = Locale(TEMPLATES, "bs")
    assert locale.term("date.since", date=locale.date(parse_date("2010-04"))) == "od aprila 2010."
    assert locale.term("date.since", date="jučer") == "od jučer"
    edit(tiny_templates / "locale" / "en.yaml", "  about: about {date}", "  about: about {date:genitive}")
    assert "braces in 'date.about' that nothing fills; known here: {date}" in problem(tiny_templates, show, "date.about", date="2010")


@pytest.mark.parametrize("case", ["genitive: x", "genitive: {months: x}", "genitive: {months: [a, b]}"])
def test_a_case_has_all_months(case: str, tiny_templates: Path, show: Show) -> None:
    """A case without a name for each month is a problem at its place."""
    edit(tiny_templates / "locale" / "en.yaml", "tag: en-GB\n", f"tag: en-GB\ncase:\n  {case}\n")
    line = problem(tiny_templates, show, "date.about", date="2010")
    assert line == "templates/locale/en.yaml:4:13: the genitive needs 'months', the names of all of them"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "1 numbered source|2 numbered sources|5 numbered sources|11 numbered sources|21 numbered sources"),
        ("bs", "1 numerisani izvor|2 numerisana izvora|5 numerisanih izvora|11 numerisanih izvora|21 numerisani izvor"),
        ("hr", "1 numerirani izvor|2 numerirana izvora|5 numeriranih izvora|11 numeriranih izvora|21 numerirani izvor"),
        ("sr-Cyrl-BA", "1 нумерисани извор|2 нумерисана извора|5 нумерисаних извора|11 нумерисаних извора|21 нумерисани извор"),
    ],
)
def test_a_count_chooses_the_form_of_its_term(language: str, expected: str) -> None:
    """The language tells which numbers go with which form, and a form that is not there is that of all others."""
    locale = Locale(TEMPLATES, language)
    assert [locale.term("count.sources", count=count) for count in (1, 2, 5, 11, 21)] == expected.split("|")
    assert locale.term("count.sources", count=1200).partition(" ")[0] == ("1,200" if language == "en" else "1.200")
    assert locale.term("count.frameworks", count=2) == locale.term("count.frameworks", count=5).replace("5", "2")


def test_a_term_with_forms_needs_a_count(tiny_templates: Path, show: Show) -> None:
    """Without one, it is a problem at the term; a group of terms in which one is called "other" is none with forms."""
    edit(tiny_templates / "locale" / "en.yaml", "  none: no date shown", "  none: {one: one date, other: dates}")
    line = (tiny_templates / "locale" / "en.yaml").read_text("utf-8").split("\n").index("  none: {one: one date, other: dates}") + 1
    assert problem(tiny_templates, show, "date.none") == (
        f"templates/locale/en.yaml:{line}:9: 'date.none' has a form for each kind of numbers, and no count to choose by is given here"
    )
    assert Locale(tiny_templates, "en").term("figure.other") == "Other"


def _terms(terms: Any, *keys: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the forms of each term in *terms*, by the keys that lead to it."""
    for key, term in terms.items():
        if isinstance(term, str) or is_plural(term):
            yield ".".join((*keys, key)), [term] if isinstance(term, str) else [*term.values()]
        else:
            yield from _terms(term, *keys, key)


def _braces(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_term(language: str) -> None:
    """Its file has the keys of the English one, in the same order, and each term the same braces, in all of its forms."""
    english, terms = (YamlFile(TEMPLATES / "locale" / f"{name}.yaml", TEMPLATES).data for name in ("en", language))
    assert isinstance(terms, dict)
    assert terms.pop("tag") == LANGUAGES[language]
    terms.pop("interval", None)
    cases = terms.pop("case")
    assert [list(case) for case in cases.values()] == [["months", "spring", "summer", "autumn", "winter"]] * len(cases)
    assert isinstance(english, dict)
    del english["tag"]
    known, own = dict(_terms(english)), dict(_terms(terms))
    assert len(known) > 400
    assert list(own) == list(known)
    wrong = [key for key, forms in own.items() for form in forms if _braces(form) != set().union(*map(_braces, known[key]))]
    assert wrong == []
    plural = babel.Locale.parse(LANGUAGES[language], sep="-").plural_form
    forms = [set(term) for term in (*terms["count"].values(), *terms["register"].values()) if is_plural(term)]
    assert len(forms) > 15
    assert all(form <= plural.tags | {"other"} for form in forms)
    known_cases = {spec for forms in own.values() for form in forms for _, _, spec, _ in Formatter().parse(form) if spec}
    assert known_cases <= set(cases)


def test_a_dataset_has_terms_for_its_own_codes(tiny_view: View) -> None:
    """They stand among those of the language, with what they mean, as they are written."""
    locale = Locale(TINY / "templates", "en", tiny_view.about)
    assert locale.term("kind.regatta") == "regatta"
    assert locale.term("meaning.kind.regatta") == "Ships raced, for {honour}."
    assert [code.term for code in locale.codes("place")][-1] == "club beside it"
    assert "kind.regatta" not in [code.key for code in Locale(TINY / "templates", "en").codes("kind")]
