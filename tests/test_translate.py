"""The command that draws catalogues, and says what is missing in them."""

import shutil
from pathlib import Path

import pytest

from reports.build.overlay import with_own_templates
from reports.build.plan import Folders, Project
from reports.errors import ReportsError
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from reports.renderers.workbook import evaluate
from reports.translate import report, translate
from tests.conftest import PROJECT, Show, edit


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


# The files that say how much of them is not translated, by their documents.
SAY = {
    "briefing": "briefing/briefing.html.j2",
    "in-focus": "in-focus/in-focus.html.j2",
    "record": "record/record.html.j2",
    "summary": "summary/summary.html.j2",
    "web": "web/web.html.j2",
}


@pytest.fixture
def published(told: Path, folders: Folders, tmp_path: Path) -> Project:
    """The tiny data in Bosnian, of which nothing is translated, in the documents of this project, without their Bosnian words."""
    templates = shutil.copytree(PROJECT / "templates", tmp_path / "own")
    terms = (templates / "locale" / "en.yaml").read_text("utf-8")
    (templates / "locale" / "bs.po").unlink()
    (templates / "locale" / "bs.yaml").write_text(terms.replace("tag: en-GB", "tag: bs-Latn-BA"), "utf-8")
    return Project(Folders(folders.data, templates, folders.out), draft=True)


@pytest.mark.parametrize("document", SAY)
def test_every_document_says_how_much_is_not_translated(document: str, published: Project) -> None:
    """Above all of its texts, by the numbers of its view; in the language of the data it says nothing."""
    templates = published.folders.templates
    view = published.view(document, "bs")
    page = parse_html(Templates(templates, view, "html" if document == "web" else "pdf").render(SAY[document]))
    (said,) = (text_of(element) for element in page.iter("p") if "passages are in" in text_of(element))
    words = [text_of(element) for element in page.iter() if element.tag in ("p", "h2")]
    assert words.index(said) < [element.tag for element in page.iter() if element.tag in ("p", "h2")].index("h2")
    assert said.replace(".", "") == f"{len(view.untranslated)} of {view.passages} passages are in engleski"
    assert "passages are in" not in Templates(templates, published.view(document, "en")).render(SAY[document])


def test_the_register_says_how_much_is_not_translated(published: Project) -> None:
    """In its first sheet."""
    said = {}
    for language in ("bs", "en"):
        about = evaluate(published.view("register", language), published.folders.templates, "register/register.yaml").sheets[0]
        said[language] = [cell.value for cell, _ in about.lines if "passages are in" in str(cell.value)]
    view = published.view("register", "bs")
    (line,) = said["bs"]
    assert str(line).replace(".", "") == f"{len(view.untranslated)} of {view.passages} passages are in engleski"
    assert said["en"] == []


def test_words_of_templates_are_english_also_where_the_data_are_not(published: Project) -> None:
    """A document in the language of its data has no text that is not translated, but words, which say their language."""
    edit(published.folders.data / "dataset.yaml", "language: en\nlanguages: [en, bs]\n", "language: bs\n")
    view = Project(published.folders).view("in-focus", "bs")
    assert {context for context, _ in view.untranslated if "/" in context} == {"in-focus/name"}
    assert (view.other_language, published.view("in-focus", "bs").other_language) == ("en", "en")


def test_words_beside_the_data_have_a_catalogue_there(told: Path, folders: Folders) -> None:
    """It has those that the house's templates lack, and those of the house that are told otherwise there; both are printed."""
    house, own = folders.templates / "short", folders.data / "own"
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\ntemplates: own\n")
    (own / "short").mkdir(parents=True)
    (own / "locale").mkdir()
    (house / "house.html.j2").write_text("<p>{{ _('Harbours') }}</p>", "utf-8")
    (own / "short" / "own.html.j2").write_text("<p>{{ _('Pilots') }}</p><p>{{ _('Harbours') }}</p>", "utf-8")
    [*translate(folders)]
    catalogue = own / "locale" / "bs.po"
    assert 'msgid "Pilots"' in catalogue.read_text("utf-8")
    assert "Harbours" not in catalogue.read_text("utf-8")
    edit(folders.templates / "locale" / "bs.po", 'msgid "Harbours"\nmsgstr ""', 'msgid "Harbours"\nmsgstr "Luke"')
    text = catalogue.read_text("utf-8").replace('msgid "Pilots"\nmsgstr ""', 'msgid "Pilots"\nmsgstr "Piloti"')
    catalogue.write_text(f'{text}\nmsgid "Harbours"\nmsgstr "Pristaništa"\n', "utf-8")
    [*translate(folders)]
    assert 'msgid "Harbours"\nmsgstr "Pristaništa"' in catalogue.read_text("utf-8")
    project = Project(with_own_templates(folders), language="bs")
    printed = Templates(project.folders.templates, project.view("short", "bs")).render("short/own.html.j2")
    assert printed == "<p>Piloti</p><p>Pristaništa</p>"
