"""Changes are told in the language of the document, each text by the first catalogue that has it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reports.build.plan import Folders, Project
from reports.documents.view import View
from reports.editions.changes import Run
from reports.editions.editions import MANIFEST
from reports.files import sha256
from reports.translate import translate
from reports.translations.texts import Foreign
from tests.conftest import edit
from tests.editions.conftest import freeze_data


@pytest.fixture
def catalogue(folders: Folders) -> Path:
    """The catalogue of the tiny dataset in Bosnian."""
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    shutil.copy(folders.templates / "locale" / "en.yaml", folders.templates / "locale" / "bs.yaml")
    [*translate(folders)]
    return folders.data / "translations" / "bs.po"


def put(catalogue: Path, text: str, translation: str) -> None:
    edit(catalogue, f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{translation}"')


def keep(catalogue: Path, edition: Path) -> None:
    """Let *edition* keep the *catalogue*, as it does when it is frozen with all of its documents."""
    shutil.copytree(catalogue.parent, edition / "translations")
    digest = sha256(catalogue.read_bytes())
    edit(edition / MANIFEST, '"contents": {', f'"contents": {{"translations/bs.po": "{digest}",')


def view_of(folders: Folders) -> View:
    return Project(folders, draft=True).view("note", "bs")


def test_a_text_is_told_by_todays_catalogue_or_by_that_of_the_edition(catalogue: Path, folders: Folders) -> None:
    """What neither has stays as it is, says its language, and is counted."""
    put(catalogue, "Harbour Agreement", "Lučki sporazum")
    put(catalogue, "Joint exercise", "Zajednička vježba")
    keep(catalogue, freeze_data(folders.data))
    first, second = (folders.data / "milestones" / f"{name}.yaml" for name in ("first", "second"))
    edit(first, "title: Harbour Agreement", "title: Harbour Pact")
    edit(first, "date: 2010-04-22\n", "date: 2010-04-23\n")
    edit(second, "title: Joint exercise", "title: Common exercise")
    [*translate(folders)]
    edit(catalogue, '#, fuzzy\n#| msgid "Harbour Agreement"\n', "")
    edit(catalogue, 'msgid "Harbour Pact"\nmsgstr "Lučki sporazum"', 'msgid "Harbour Pact"\nmsgstr "Lučki pakt"')
    view = view_of(folders)
    told = {(change.record, change.field): change for change in view.changes}
    title, date, common = told["M2010-1", "title"], told["M2010-1", "date"], told["M2021-1", "title"]
    assert (title.label, title.before, title.after) == ("Lučki pakt", "Lučki sporazum", "Lučki pakt")
    assert (date.before, date.after) == ("2010-04-22", "2010-04-23")
    assert (common.before, common.after) == ("Zajednička vježba", "Common exercise")
    assert isinstance(common.after, Foreign)
    assert Project(folders).view("note", "en").changes[0].label in ("Harbour Pact", "Common exercise")
    assert all(type(text) is str for change in view.unmarked.changes for text in (change.label, change.before, change.after))


def test_words_of_a_text_without_translation_say_their_language(catalogue: Path, folders: Folders) -> None:
    """Also where words that stayed are told from others; but a text of old, which nobody can translate any more, is no passage."""
    keep(catalogue, freeze_data(folders.data))
    edit(folders.data / "milestones" / "second.yaml", "text: The exercise is to be held,", "text: The joint exercise is to be held,")
    [*translate(folders)]
    view = view_of(folders)
    (change,) = (change for change in view.changes if change.field == "text")
    assert all(isinstance(run.words, Foreign) for run in change.runs)
    assert Run("inserted", "joint") in change.runs
    assert not [text for _, text in view.untranslated if text == change.before]
    unmarked = replace(view, untranslated=()).unmarked
    assert {type(text) for text in (unmarked.document.name, *(run.words for told in unmarked.changes for run in told.runs))} == {str}


def test_a_name_in_the_language_is_the_label_of_its_record(catalogue: Path, folders: Folders) -> None:
    """Names are no texts of catalogues, but data."""
    freeze_data(folders.data)
    bodies = folders.data / "bodies.yaml"
    edit(bodies, "role: It commands the ships.", "role: It commands all the ships.")
    edit(bodies, "  name: Admiralty of Ruritania\n", "  name: Admiralty of Ruritania\n  names: {bs: Admiralitet}\n")
    assert {change.label for change in view_of(folders).changes if change.record == "admiralty"} == {"Admiralitet"}


def test_a_place_in_a_source_is_told_wherever_it_is_cited(catalogue: Path, folders: Folders) -> None:
    """Its translation belongs to no record; names of codes and sources stay as they are."""
    freeze_data(folders.data)
    edit(folders.data / "milestones" / "first.yaml", "locator: chapter 1\n", "locator: chapter 2\n")
    [*translate(folders)]
    put(catalogue, "chapter 2", "poglavlje 2")
    items = [change.after for change in view_of(folders).changes if change.record == "M2003-1" and change.after]
    assert [(item["source"], item["locator"]) for item in items] == [("institute", "poglavlje 2")]
