"""The dataset in another language."""

from pathlib import Path

import pytest

from reports.dataset.load import load_dataset
from reports.dataset.model import Framework, Milestone
from reports.errors import ReportsError
from reports.translations.texts import Foreign
from reports.translations.translation import Translation, check_files, languages_of, load_translation, translated
from tests.conftest import Show, edit
from tests.translations.conftest import Fill


def test_a_text_is_told_or_says_that_it_is_not(fill: Fill, tiny_data: Path) -> None:
    """What has a translation is in the language; all else stays in that of the data, and says so. Ids, dates and codes are the same."""
    fill({"M2010-1/title": "Lučki sporazum", "charter/name": "Lučka povelja"})
    dataset = load_dataset(tiny_data)
    told = translated(dataset, load_translation(dataset, "bs"))
    milestone = told.by_id["M2010-1"]
    assert isinstance(milestone, Milestone)
    assert (milestone.title, type(milestone.title)) == ("Lučki sporazum", str)
    assert milestone.text == "The agreement was signed."
    assert isinstance(milestone.text, Foreign)
    assert milestone.text.language == "en"
    assert milestone.date == dataset.all(Milestone)[8].date
    assert [framework.name for framework in told.all(Framework)][2] == "Lučka povelja"
    assert told.canonical_json == dataset.canonical_json  # which is attached, and whose digest tells the edition


def test_a_translation_of_other_words_is_not_used(fill: Fill, tiny_data: Path) -> None:
    """An edit takes the translation of its text away at once, before the catalogue is drawn again; so does the mark of a fuzzy one."""
    fill({"M2010-1/title": "Lučki sporazum", "M2010-1/text": "Sporazum je potpisan."})
    edit(tiny_data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Harbour Pact")
    words = load_translation(load_dataset(tiny_data), "bs").words
    assert [*words.values()] == ["Sporazum je potpisan."]
    fill({"M2010-1/text": "Sporazum je potpisan."}, flags=("fuzzy",))
    assert load_translation(load_dataset(tiny_data), "bs").words == {}


def test_the_places_in_citations_are_told_with_the_locators(fill: Fill, tiny_data: Path) -> None:
    """Whoever translates may leave a citation as it is: its place is that of the catalogue, as in evidence."""
    fill({"observer/state": "Posmatrač od 2003. [@league, paragraph 1]", "paragraph 1": "stav 1"})
    dataset = load_dataset(tiny_data)
    told = translated(dataset, load_translation(dataset, "bs"))
    framework = told.all(Framework)[1]
    assert framework.state == "Posmatrač od 2003. [@league, stav 1]"
    assert framework.evidence[0].locator == "stav 1"


def test_a_wrong_translation_is_a_problem_at_its_line(fill: Fill, tiny_data: Path, show: Show) -> None:
    """Every problem of a catalogue is named, at the line of the translation."""
    path = fill({"observer/state": "Posmatrač od 2003.", "M2010-1/title": "Лучки споразум"})
    with pytest.raises(ReportsError) as raised:
        load_translation(load_dataset(tiny_data), "bs")
    lines = path.read_text("utf-8").split("\n")
    first, second = (lines.index(f'msgstr "{words}"') + 1 for words in ("Posmatrač od 2003.", "Лучки споразум"))
    told = show(raised.value.problems)
    assert told[0] == f"data/translations/bs.po:{first}: 'observer/state' leaves out the citation of 'league'"
    assert told[1].startswith(f"data/translations/bs.po:{second}: 'M2010-1/title' 'Лучки' is in Cyrillic letters")


def test_other_numbers_are_a_warning(fill: Fill, tiny_data: Path, show: Show) -> None:
    """A number may be told in words: the translation is used, and a person looks at it."""
    path = fill({"observer/state": "Posmatrač od 2004. [@league, paragraph 1]"})
    translation = load_translation(load_dataset(tiny_data), "bs")
    line = path.read_text("utf-8").split("\n").index('msgstr "Posmatrač od 2004. [@league, paragraph 1]"') + 1
    assert show(translation.warnings) == [
        f"data/translations/bs.po:{line}: 'observer/state' leaves out the number '2003'",
        f"data/translations/bs.po:{line}: 'observer/state' has the number '2004', which the original does not have",
    ]
    assert len(translation.words) == 1


def test_latin_texts_are_made_from_the_cyrillic_catalogue(fill: Fill, tiny_data: Path, show: Show) -> None:
    """They need no catalogue of their own, and have a list of words that are written otherwise."""
    fill({"M2010-1/title": "Лучки споразум Кликс", "observer/state": "Посматрач од 2003. [@league, paragraph 1]"}, "sr-Cyrl-BA")
    edit(tiny_data / "dataset.yaml", "languages: [en, sr-Cyrl-BA]", "languages: [en, sr-Cyrl-BA, sr-Latn]")
    (tiny_data / "translations" / "sr-Latn.yaml").write_text("Кликс: Klix\n", "utf-8")
    dataset = load_dataset(tiny_data)
    translation = load_translation(dataset, "sr-Latn")
    own = "Rudolf Rassendyll"  # who has a name in Cyrillic letters is called in Latin ones as the data call him
    assert sorted(translation.words.values()) == ["Lučki sporazum Klix", "Posmatrač od 2003. [@league, paragraph 1]", own]
    cyrillic = load_translation(dataset, "sr-Cyrl-BA")
    (tiny_data / "translations" / "sr-Cyrl-BA.po").unlink()  # it is not read again
    assert load_translation(dataset, "sr-Latn", {"sr-Cyrl-BA": cyrillic}) == translation
    fill({"M2010-1/title": "Лучки споразум Кликс"}, "sr-Cyrl-BA")
    assert [*check_files(dataset)] == []
    (tiny_data / "translations" / "sr-Latn.yaml").write_text("- Klix\n", "utf-8")
    with pytest.raises(ReportsError, match=r"sr-Latn\.yaml:1:1: words are expected here, each as in 'Кликс: Klix'"):
        load_translation(dataset, "sr-Latn")


def test_a_language_without_a_catalogue_is_not_translated(tiny_data: Path) -> None:
    """Before anything is drawn, every text stays in the language of the data."""
    dataset = load_dataset(tiny_data)
    assert load_translation(dataset, "hr") == Translation("hr", {}, None)


def test_a_file_that_nothing_reads_is_named(fill: Fill, tiny_data: Path, show: Show) -> None:
    """A catalogue of a language that the dataset does not declare would be lost on its readers."""
    path = fill({})
    path.rename(path.with_name("bz.po"))
    path.with_name("glossary.yaml").write_text("", "utf-8")
    problems = tuple(check_files(load_dataset(tiny_data)))
    assert show(problems) == ["data/translations/bz.po: is the file of no language that the dataset declares; it declares: en, bs"]


def test_the_language_of_the_data_comes_first(tiny_data: Path) -> None:
    """Languages are those that the dataset declares, each once; without a list, its own alone."""
    assert languages_of(load_dataset(tiny_data)) == ("en",)
    edit(tiny_data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [bs, hr, en, bs]\n")
    assert languages_of(load_dataset(tiny_data)) == ("en", "bs", "hr")
