"""The outputs to make, and what is remembered of them."""

import shutil
from pathlib import Path

import polib
import pytest

from reports import yamlfile
from reports.build.manifest import tools
from reports.build.plan import Folders, OutputFile, Project, changed_records, edition_dataset, read_plan
from reports.cache import Cache
from reports.dataset.load import load_dataset
from reports.editions.editions import load_editions
from reports.errors import ReportsError
from reports.translate import translate
from reports.translations.texts import Foreign
from tests.conftest import Show, edit
from tests.editions.conftest import freeze_data


def plan(folders: Folders, *names: str) -> tuple[OutputFile, ...]:
    return read_plan(Project(folders, names), Cache(folders.cache), tools())


def test_a_plan_is_in_the_order_of_the_documents(folders: Folders) -> None:
    """The files to make stand below the language's folder, in the order asked for."""
    edit(folders.data / "dataset.yaml", "language: en", "language: bs")
    shutil.copy(folders.templates / "locale" / "en.yaml", folders.templates / "locale" / "bs.yaml")
    outputs = plan(folders, "short", "note")
    assert [(output.path, output.document, output.template, output.language) for output in outputs] == [
        ("bs/short.pdf", "short", "short/short.html.j2", "bs"),
        ("bs/note.pdf", "note", "note/note.html.j2", "bs"),
    ]
    assert {output.suffix for output in outputs} == {".pdf"}


def test_nothing_is_read_for_a_plan_that_is_known(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same data and declarations give the same plan without loading them; any change of theirs, or of the program, loads them."""
    first = plan(folders)
    loads: list[Path] = []
    monkeypatch.setattr("reports.dataset.load.load_dataset", lambda folder, *more: loads.append(folder) or load_dataset(folder, *more))
    assert (plan(folders), loads) == (first, [])
    assert (read_plan(Project(folders), Cache(folders.cache), {**tools(), "reports": "0"}), loads) == (first, [folders.data])
    for path in (folders.data / "bodies.yaml", folders.templates / "short" / "document.yaml"):
        loads.clear()
        path.write_bytes(path.read_bytes() + b"# seen\n")
        plan(folders)
        assert loads == [folders.data]


def test_only_what_changed_is_parsed(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of data that some build has read is not parsed again, however the others have changed; one in the cache that is damaged is."""

    def dataset() -> str:
        return Project(folders, cache=Cache(folders.cache)).parts[1].canonical_json

    before = dataset()
    parsed: list[str] = []
    build = yamlfile._Builder.build
    monkeypatch.setattr(yamlfile._Builder, "build", lambda builder: parsed.append(builder.path.name) or build(builder))
    assert dataset() == before
    assert set(parsed) == {"document.yaml"}  # of the templates
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    assert dataset() == before.replace("commands the ships", "commands the boats") != before
    assert sorted(set(parsed)) == ["bodies.yaml", "document.yaml"]
    for kept in folders.cache.iterdir():
        kept.write_bytes(kept.read_bytes().replace(b"boats", b"ships"))
    assert "boats" in dataset()
    assert parsed.count("bodies.yaml") == 2


def with_redline(folders: Folders) -> None:
    outputs = "outputs:\n  short.docx: short/short.html.j2\n  changes.docx: short/short.html.j2\n"
    edit(folders.templates / "short" / "document.yaml", "outputs:\n", f"changes: [changes.docx]\n{outputs}")


def test_a_redline_is_made_if_there_is_an_edition_before(folders: Folders) -> None:
    """It is no output of the first edition; of the next it shows the view of the edition before, whose own changes are told in that."""
    with_redline(folders)
    assert [output.path for output in plan(folders, "short")] == ["en/short.docx", "en/short.pdf"]
    freeze_data(folders.data)
    edit(folders.data / "milestones" / "second.yaml", "title: Joint exercise", "title: Common exercise")
    assert [output.path for output in plan(folders, "short")] == ["en/short.docx", "en/changes.docx", "en/short.pdf"]
    project = Project(folders)
    assert project.before("short", "en", "short.docx") is None
    before, now = project.before("short", "en", "changes.docx"), project.view("short", "en")
    assert before
    titles = [milestone.title for view in (before, now) for milestone in view.milestones if milestone.id == "M2021-1"]
    assert titles == ["Joint exercise", "Common exercise"]
    assert (before.about.edition, before.since) == (1, None)


def test_an_edition_that_is_read_no_more_has_no_redline(folders: Folders, show: Show) -> None:
    """An older edition whose data this program refuses is a problem at its place, and only for who asks for the redline."""
    with_redline(folders)
    freeze_data(folders.data)
    project = Project(folders)
    assert project.comparison
    project.comparison.since.snapshot.content["milestone"][0]["colour"] = "red"
    assert project.view("short", "en")
    with pytest.raises(ReportsError) as error:
        project.before("short", "en", "changes.docx")
    (line,) = show(error.value.problems)
    assert line.startswith("data/editions/1/dataset.json: can't be read by this program, so that nothing can be compared with it: ")


def test_wrong_data_leave_nothing(folders: Folders) -> None:
    """Where the data have a problem, nothing is kept of them, not even the folder for it."""
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "rule: It commands the ships.")
    with pytest.raises(ReportsError):
        _ = Project(folders, cache=Cache(folders.cache)).parts
    assert not folders.out.exists()


def test_a_file_that_does_not_belong_there_is_seen(folders: Folders, show: Show) -> None:
    """A period whose name ends wrongly is a problem of the next plan, though no record of what was planned has changed."""
    plan(folders)
    (folders.data / "milestones" / "third.yml").write_text("years: later\n", "utf-8")
    with pytest.raises(ReportsError) as error:
        plan(folders)
    assert show(error.value.problems) == ["data/milestones/third.yml: is not a file of milestones; their names end in .yaml"]


def test_a_plan_of_data_saved_meanwhile_is_not_kept(folders: Folders) -> None:
    """The plan of data that were saved just after their digest was taken is not remembered as the plan of that digest."""
    before = (folders.data / "bodies.yaml").read_bytes()
    project = Project(folders)
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    late = read_plan(project, Cache(folders.cache), tools())
    (folders.data / "bodies.yaml").write_bytes(before)
    assert plan(folders) != late


def test_a_view_is_made_once_for_all_files_of_a_document(folders: Folders) -> None:
    """Two files of one document show the same view."""
    project = Project(folders)
    assert project.view("note", "en") is project.view("note", "en")


def test_what_changed_is_told_by_record(folders: Folders) -> None:
    """The ids of changed, new and removed records are told; of a view that nobody remembers, nothing is."""
    before = {output.document: output.view for output in plan(folders)}
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    edit(folders.data / "dataset.yaml", "edition: 1", "edition: 2")
    after = {output.document: output.view for output in plan(folders)}
    cache = Cache(folders.cache)
    assert changed_records(before["note"], after["note"], cache) == ("dataset.yaml", "admiralty")
    assert changed_records(before["short"], after["short"], cache) == ("dataset.yaml",)
    assert changed_records("unknown", after["short"], cache) == ()


@pytest.fixture
def bosnian(folders: Folders) -> Path:
    """The catalogue of the tiny dataset in Bosnian, which its templates have words for."""
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    shutil.copy(folders.templates / "locale" / "en.yaml", folders.templates / "locale" / "bs.yaml")
    [*translate(folders)]
    return folders.data / "translations" / "bs.po"


def test_every_document_is_made_in_each_language(bosnian: Path, folders: Folders) -> None:
    """In a folder for each; a change of one catalogue is a change of its language alone."""
    before = plan(folders)
    assert [output.path for output in before] == ["en/note.pdf", "bs/note.pdf", "en/short.pdf", "bs/short.pdf"]
    edit(bosnian, 'msgid "Harbour Agreement"\nmsgstr ""', 'msgid "Harbour Agreement"\nmsgstr "Lučki sporazum"')
    changed = [now.path for now, then in zip(plan(folders), before, strict=True) if now.view != then.view]
    assert changed == ["bs/note.pdf", "bs/short.pdf"]


def test_one_language_is_made(bosnian: Path, folders: Folders, show: Show) -> None:
    """If it is asked for, and the dataset declares it."""
    outputs = read_plan(Project(folders, language="bs"), Cache(folders.cache), tools())
    assert [output.path for output in outputs] == ["bs/note.pdf", "bs/short.pdf"]
    with pytest.raises(ReportsError) as raised:
        read_plan(Project(folders, language="hr"), Cache(folders.cache), tools())
    assert show(raised.value.problems) == ["data: the dataset declares no language 'hr'; it declares: en, bs"]


def test_the_words_of_templates_are_of_their_language_alone(bosnian: Path, folders: Folders) -> None:
    """They count among the passages of the documents whose templates have them, and an edit of their catalogue remakes these."""
    (folders.templates / "note" / "more.html.j2").write_text('{% trans %}Date{% endtrans %} {{ _("Place") }}', "utf-8")
    edit(folders.templates / "note" / "note.html.j2", "</body>", '{% include "note/more.html.j2" %}</body>')
    [*translate(folders)]
    note, short = Project(folders).view("note", "bs"), Project(folders).view("short", "bs")
    assert {("", "Date"), ("", "Place"), ("note/name", "Note")} < {*note.untranslated}
    assert ("", "Date") not in short.untranslated
    assert {("short/name", "Short"), ("short/title", "Ruritania in short")} < {*short.untranslated}
    before = plan(folders)
    words = folders.templates / "locale" / "bs.po"
    edit(words, 'msgid "Date"\nmsgstr ""', 'msgid "Date"\nmsgstr "Datum"')
    edit(words, 'msgid "Ruritania in short"\nmsgstr ""', 'msgid "Ruritania in short"\nmsgstr "Ruritanija ukratko"')
    changed = [now.path for now, then in zip(plan(folders), before, strict=True) if now.view != then.view]
    assert changed == ["bs/note.pdf", "bs/short.pdf"]
    view = Project(folders).view("note", "bs")
    assert (view.passages, len(view.untranslated)) == (note.passages, len(note.untranslated) - 1)
    assert Project(folders).view("short", "bs").title == "Ruritanija ukratko"
    assert Project(folders).view("short", "en").title == "Ruritania in short"
    edit(words, 'msgid "Place"\nmsgstr ""', 'msgid "Place"\nmsgstr "%(place)s"')
    with pytest.raises(ReportsError, match="has '%\\(place\\)s', which the original does not have"):
        plan(folders)


def test_what_is_not_translated_is_counted(bosnian: Path, folders: Folders) -> None:
    """A view knows how many of its passages there are, and which of them stay in the language of the data; in that, none does."""
    before = Project(folders).view("short", "bs")
    assert 0 < len(before.untranslated) == before.passages
    edit(bosnian, 'msgid "Harbour Agreement"\nmsgstr ""', 'msgid "Harbour Agreement"\nmsgstr "Lučki sporazum"')
    now = Project(folders).view("short", "bs")
    assert {*before.untranslated} - {*now.untranslated} == {("M2010-1/title", "Harbour Agreement")}
    assert (now.passages, now.milestones[0].title) == (before.passages, "Lučki sporazum")
    assert isinstance(now.milestones[0].text, Foreign)
    assert type(now.unmarked.milestones[0].text) is str
    assert now.unmarked.digest == now.digest
    assert Project(folders).view("short", "en").untranslated == ()


def test_a_document_may_promise_to_be_translated(bosnian: Path, folders: Folders, show: Show) -> None:
    """Less is a problem, unless a draft is asked for."""
    edit(folders.templates / "short" / "document.yaml", "title: Ruritania in short\n", "title: Ruritania in short\ntranslated: 95\n")
    view = Project(folders).view("short", "bs")
    with pytest.raises(ReportsError) as raised:
        plan(folders)
    said = f"{view.passages} of {view.passages} passages of 'short' have no translation, 2 of them words of templates"
    said += ", and 95 per cent are to have one"
    assert show(raised.value.problems) == [f"data/translations/bs.po: {said}: translate them, or say --draft"]
    assert len(read_plan(Project(folders, draft=True), Cache(folders.cache), tools())) == 4
    catalogue = polib.pofile(str(bosnian))
    for message in catalogue:
        message.msgstr = message.msgid
    catalogue.save()
    edit(folders.templates / "short" / "document.yaml", "translated: 95\n", "translated: 100\n")
    with pytest.raises(ReportsError) as raised:
        plan(folders)
    said = f"2 of {view.passages} passages of 'short' have no translation, 2 of them words of templates, and 100 per cent are to have one"
    assert show(raised.value.problems) == [f"templates/locale/bs.po: {said}: translate them, or say --draft"]


def test_a_language_without_words_or_with_wrong_translations_is_named(bosnian: Path, folders: Folders, show: Show) -> None:
    """All problems at once: templates without the words of a language, and translations that may not be used."""
    edit(folders.data / "dataset.yaml", "languages: [en, bs]", "languages: [en, bs, hr]")
    edit(
        bosnian,
        'msgid "Signed, not in force [@gazette, page 7]"\nmsgstr ""',
        'msgid "Signed, not in force [@gazette, page 7]"\nmsgstr "Potpisano"',
    )
    with pytest.raises(ReportsError) as raised:
        plan(folders)
    terms, wrong = show(raised.value.problems)
    assert "the templates have no terms in 'hr'; they have: bs, en (add locale/hr.yaml)" in terms
    assert wrong.endswith("'about/matters/Harbour Charter/stands' leaves out the citation of 'gazette'")


def test_an_edition_is_read_in_the_language_that_it_had(bosnian: Path, folders: Folders) -> None:
    """Tracked changes are between two texts of one language; of one that the edition was not in, there are none."""
    edit(bosnian, 'msgid "Harbour Agreement"\nmsgstr ""', 'msgid "Harbour Agreement"\nmsgstr "Lučki sporazum"')
    freeze_data(folders.data)
    (edition,) = load_editions(folders.data)
    told, own = edition_dataset(edition, "bs"), edition_dataset(edition, "hr")
    assert told.original is not None
    assert told.canonical_json == own.canonical_json
    assert own.original is None
