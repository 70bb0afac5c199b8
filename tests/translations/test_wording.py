"""The words of templates in another language: read, checked, and made from another script."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.translations.wording import has_wording, load_wording
from tests.conftest import Show

MESSAGES = """msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s {}"
msgstr[1] "%(n)s {}"
msgstr[2] "%(n)s {}"

msgid "<b>Since</b> %(date)s (PDF)"
msgstr "{}"

#, fuzzy
msgid "Old"
msgstr "Staro"
"""
LATIN = ("dan", "dana", "dana", "<b>Od</b> %(date:genitive)s (PDF)")
CYRILLIC = ("дан", "дана", "дана", "<b>Од</b> %(date:genitive)s PDF")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "locale").mkdir()
    return tmp_path


def write(templates: Path, language: str, *words: str) -> Path:
    path = templates / "locale" / f"{language}.po"
    path.write_text(MESSAGES.format(*words), "utf-8")
    return path


def test_words_that_may_be_used_are_read(templates: Path) -> None:
    """Nothing fuzzy is; and the file is named with its digest, or without one if it may come."""
    absent = load_wording(templates, "bs")
    path = write(templates, "bs", *LATIN)
    wording = load_wording(templates, "bs")
    assert wording.forms == {
        ("", "%(n)s day"): ("%(n)s dan", "%(n)s dana", "%(n)s dana"),
        ("", "<b>Since</b> %(date)s (PDF)"): (LATIN[3],),
    }
    assert (absent.used, [*wording.used]) == ({path: ""}, [path])
    assert wording.used[path]
    assert load_wording(templates, "en-GB").is_original


def test_latin_letters_are_made_from_cyrillic_ones(templates: Path) -> None:
    """Placeholders, tags and cases stay; a catalogue of its own goes before."""
    path = write(templates, "sr-Cyrl-BA", *CYRILLIC)
    wording = load_wording(templates, "sr-Latn")
    own = templates / "locale" / "sr-Latn.po"
    assert wording.forms[("", "<b>Since</b> %(date)s (PDF)")] == ("<b>Od</b> %(date:genitive)s PDF",)
    assert wording.forms[("", "%(n)s day")][0] == "%(n)s dan"
    assert [*wording.used] == [own, path]
    declared = ("en", "sr-Cyrl-BA", "sr-Latn")
    assert [has_wording(language, templates, declared) for language in declared] == [False, True, False]
    write(templates, "sr-Latn", *LATIN)
    assert [*load_wording(templates, "sr-Latn").used] == [own]
    assert has_wording("sr-Latn", templates, declared)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dan", "dana", "%(x)s", LATIN[3]), "5: '%(n)s day' has '%(x)s', which the original does not have"),
        (("dan", "dаna", "dana", LATIN[3]), "4: '%(n)s day' 'dаna' mixes Cyrillic and Latin letters"),
        ((*LATIN[:3], "Od %(date)s"), "8: '<b>Since</b> %(date)s (PDF)' leaves out '<b>'"),
        ((*LATIN[:3], "<b>Od</b>"), "8: '<b>Since</b> %(date)s (PDF)' leaves out '%(date)s'"),
        (
            (*LATIN[:3], "<b>Od</b> %(date)s 5 %"),
            "8: '<b>Since</b> %(date)s (PDF)' has a '%' that fills nothing in; write '%%'",
        ),
        (
            (*LATIN[:3], "<b>Od</b> %(date)s < 5"),
            "8: '<b>Since</b> %(date)s (PDF)' has a '<' that begins no tag; write '&lt;'",
        ),
        ((*LATIN[:3], "<b>Од</b> %(date)s"), "8: '<b>Since</b> %(date)s (PDF)' 'Од' is in Cyrillic letters, and 'bs'"),
    ],
)
def test_a_wrong_translation_is_a_problem_at_its_line(words: tuple[str, ...], said: str, templates: Path, show: Show) -> None:
    """Each is named by its text, in the form that is wrong."""
    write(templates, "bs", *words)
    with pytest.raises(ReportsError) as raised:
        load_wording(templates, "bs")
    assert any(problem.startswith(f"locale/bs.po:{said}") for problem in show(raised.value.problems))


def test_a_language_wants_a_form_for_each_kind_of_numbers(templates: Path, show: Show) -> None:
    """They are those of CLDR, whatever the header of the file says."""
    path = write(templates, "bs", *LATIN)
    path.write_text(path.read_text("utf-8").replace('msgstr[2] "%(n)s dana"\n', ""), "utf-8")
    with pytest.raises(ReportsError) as raised:
        load_wording(templates, "bs")
    said = "'%(n)s day' has 2 forms for numbers of things, and 'bs' has 3: one, few, other"
    assert show(raised.value.problems) == [f"locale/bs.po:3: {said}"]


def test_what_is_made_from_cyrillic_letters_wants_no_catalogue(templates: Path) -> None:
    """Whether the dataset is in the Cyrillic language too, or not."""
    assert has_wording("sr-Latn", templates, ["en", "sr-Latn"])
    write(templates, "sr-Cyrl-BA", *CYRILLIC)
    assert not has_wording("sr-Latn", templates, ["en", "sr-Latn"])
