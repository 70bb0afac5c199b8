"""The command that draws catalogues, and says what is missing in them."""

from pathlib import Path

import pytest

from reports.build.plan import Folders
from reports.errors import ReportsError
from reports.translate import report, translate
from tests.conftest import Show, edit


@pytest.fixture
def told(folders: Folders) -> Path:
    """The catalogue of the tiny dataset in Bosnian, which its templates have words for, and which is not drawn yet."""
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    english = (folders.templates / "locale" / "en.yaml").read_text("utf-8")
    (folders.templates / "locale" / "bs.yaml").write_text(english.replace("tag: en-GB", "tag: bs-Latn-BA"), "utf-8")
    return folders.data / "translations" / "bs.po"


def test_a_catalogue_is_drawn_and_drawn_again(told: Path, folders: Folders, tmp_path: Path) -> None:
    """Each edit of the data shows in it: what it says of its texts is counted."""
    line, _ = translate(folders)
    first = told.read_bytes()
    assert line.startswith(f"{told}: ")
    assert line.endswith(" missing, 0 fuzzy; 0 unused")
    assert next(translate(folders, "bs")) == line
    assert told.read_bytes() == first
    edit(told, 'msgid "Harbour Agreement"\nmsgstr ""', 'msgid "Harbour Agreement"\nmsgstr "Lučki sporazum"')
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Harbour Pact")
    line, _ = translate(folders)
    assert line.endswith(" missing, 1 fuzzy; 0 unused")
    assert (
        '#, fuzzy\n#| msgid "Harbour Agreement"\nmsgctxt "M2010-1/title"\nmsgid "Harbour Pact"\nmsgstr "Lučki sporazum"'
        in told.read_text("utf-8")
    )


def test_a_report_says_what_is_missing_for_each_document(told: Path, folders: Folders, show: Show) -> None:
    """By language and document; and each number that a translation has otherwise, at its line."""
    assert next(report(folders)) == f"{told}: is not there yet: say it without --report"
    [*translate(folders)]
    edit(told, 'msgid "Conference"\nmsgstr ""', 'msgid "Conference"\nmsgstr "Konferencija 18"')
    lines = [*report(folders, "bs")]
    assert "'M2018-1/title' has the number '18', which the original does not have" in lines[1]
    assert lines[2].startswith(f"{folders.templates / 'locale' / 'bs.po'}: ")
    note, short = lines[3:]
    assert note.startswith("bs, note: ")
    assert note.endswith(" passages have no translation, 1 of them words of templates; 0 per cent are to have one")
    assert short.startswith("bs, short: ")


@pytest.mark.parametrize(("language", "said"), [("hr", "no language 'hr' with a catalogue"), (None, "no other language than 'en'")])
def test_a_language_that_is_not_declared_is_named(language: str | None, said: str, folders: Folders, show: Show) -> None:
    """There is nothing to draw for it."""
    with pytest.raises(ReportsError) as raised:
        [*translate(folders, language)]
    assert show(raised.value.problems) == [f"data: the dataset declares {said}: see 'languages' in its head"]
