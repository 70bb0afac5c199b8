"""The terms of a language in Latin letters are those in Cyrillic ones."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.translations.terms import has_terms, languages_with_terms, read_terms
from tests.conftest import Show

CYRILLIC = 'tag: sr-Cyrl-BA\ndate:\n  since: од {date:genitive}\n  about: око\ncase: {genitive: {months: [јануара]}}\n"yes": да\n'


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "sr-Cyrl-BA.yaml").write_text(CYRILLIC, "utf-8")
    (tmp_path / "locale" / "alphabets.yaml").write_text("sr: а б", "utf-8")
    return tmp_path


def test_terms_are_made_letter_by_letter(templates: Path) -> None:
    """Keys and braces stay, and the tag says its script; files that are not there yet are named too."""
    file, used = read_terms(templates, "sr-Latn")
    assert file.data == {
        "tag": "sr-Latn-BA",
        "date": {"since": "od {date:genitive}", "about": "oko"},
        "case": {"genitive": {"months": ["januara"]}},
        "yes": "da",
    }
    own = templates / "locale" / "sr-Latn.yaml"
    assert [*used] == [own, file.path]
    assert not used[own]
    assert languages_with_terms(templates) == ("sr-Cyrl-BA",)
    assert [has_terms(language, templates) for language in ("sr-Latn", "sr-Cyrl-BA", "bs")] == [True, True, False]


def test_a_file_of_its_own_has_the_terms_that_differ(templates: Path) -> None:
    """All others are made."""
    (templates / "locale" / "sr-Latn.yaml").write_text("date: {about: otprilike}", "utf-8")
    file, used = read_terms(templates, "sr-Latn")
    assert isinstance(file.data, dict)
    assert file.data["date"] == {"since": "od {date:genitive}", "about": "otprilike"}
    assert all(used.values())


def test_a_language_without_terms_is_a_problem(templates: Path, show: Show) -> None:
    """Never are Cyrillic letters made of Latin ones."""
    with pytest.raises(ReportsError) as raised:
        read_terms(templates, "mk")
    assert show(raised.value.problems) == ["locale/mk.yaml: is missing: the terms for the language 'mk'"]
