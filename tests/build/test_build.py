"""The build: which files it writes, and what it leaves alone when something is wrong."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from reports.build import manifest
from reports.build.build import LOCK, BuildOptions, build, check
from reports.build.plan import CACHE, Event, Folders, OutputState
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.errors import Location, Problem, ReportsError
from reports.files import digest_of
from tests.conftest import PROJECT, Show, edit

BOTH = ("en/note.csv", "en/short.csv")
WAITING = "another build is at work here; waiting for it"
EDITED = "was edited by hand, or not made here: move it elsewhere, or say --overwrite, which keeps it beside the new one"


@pytest.fixture
def folders(quick_folders: Folders) -> Folders:
    """Two documents that make a small table each: what is rendered does not matter here."""
    return quick_folders


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* but the cache, hidden ones too, with its content."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(f"{CACHE}/")}


def entries(folders: Folders) -> set[str]:
    """Return the names of the finished files that the manifest tells of."""
    return {name for name, entry in json.loads((folders.out / "manifest.json").read_text("utf-8"))["files"].items() if entry["sha256"]}


def run(folders: Folders, *names: str, dry: bool = False, overwrite: bool = False) -> list[Event]:
    """Bring the files of the documents with *names* up to date; return what was told."""
    told: list[Event] = []
    build(folders, BuildOptions(names, dry=dry, overwrite=overwrite), told.append)
    return told


def states(told: list[Event]) -> dict[str, OutputState | None]:
    """Return the last state of each file."""
    return {event.path: event.state for event in told if event.path}


def reasons(told: list[Event]) -> dict[str, tuple[str, ...]]:
    """Return why each file was made."""
    return {event.path: event.reasons for event in told if event.state == OutputState.STALE}


def problems(folders: Folders, show: Show, *names: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        run(folders, *names)
    return show(error.value.problems)


def retitle(folders: Folders) -> None:
    """Change what both documents show."""
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")


def recast(folders: Folders) -> None:
    """Change what `note` alone shows."""
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")


def test_an_edit_of_the_words_of_a_language_makes_its_documents_alone(folders: Folders) -> None:
    """Each has read the catalogue of the templates, or the one that it is made from, whatever it prints of it."""
    edit(folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs, sr-Cyrl-BA, sr-Latn]\n")
    locale = folders.templates / "locale"
    english = (locale / "en.yaml").read_text("utf-8")
    for language in ("bs", "sr-Cyrl-BA"):
        (locale / f"{language}.yaml").write_text(english.replace("tag: en-GB", f"tag: {language}"), "utf-8")
        (locale / f"{language}.po").write_text('msgid "Date"\nmsgstr ""\n', "utf-8")
    edit(locale / "bs.po", 'msgstr ""', 'msgstr "Datum"')
    edit(folders.templates / "register" / "register.yaml", "title: view.title", "title: '_(\"Date\") ~ view.title'")
    run(folders)
    assert reasons(run(folders)) == {}
    edit(locale / "bs.po", 'msgstr "Datum"', 'msgstr "Nadnevak"')  # which no count tells
    bosnian = dict.fromkeys(("bs/note.csv", "bs/short.csv"), ("changed: templates/locale/bs.po",))
    assert reasons(run(folders, dry=True)) == bosnian
    edit(locale / "sr-Cyrl-BA.po", 'msgstr ""', 'msgstr "Датум"')
    serbian = {f"{language}/{name}.csv" for language in ("sr-Cyrl-BA", "sr-Latn") for name in ("note", "short")}
    assert {*reasons(run(folders, dry=True))} == serbian | bosnian.keys()


def test_a_build_writes_files_and_manifest(folders: Folders) -> None:
    """Every document's file is made, and the manifest says of what, with what; nothing else is left."""
    told = run(folders)
    made = files(folders.out)
    assert set(made) == {*BOTH, "manifest.json"}
    found = json.loads(made["manifest.json"])["files"]
    assert set(found) == set(BOTH)
    for name, entry in found.items():
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(made[name]).hexdigest(), len(made[name]))
        assert (entry["document"], "writing" in entry) == (Path(name).stem, False)
    template = (folders.templates / "short" / "table.yaml").read_bytes()
    assert found["en/short.csv"]["inputs"] == {
        "short/table.yaml": hashlib.sha256(template).hexdigest(),
        "locale/en.yaml": digest_of(folders.templates / "locale" / "en.yaml", folders.templates),
    }
    assert found["en/short.csv"]["tools"]["weasyprint"]
    ends = {event.path: (event.pages, event.size) for event in told if event.state == OutputState.MADE}
    assert ends == {name: (entry["pages"], entry["bytes"]) for name, entry in found.items()}


def test_only_the_named_documents_are_made(folders: Folders) -> None:
    """A document that is not asked for is not made; one that was made earlier stays in the manifest."""
    run(folders, "short", "short")
    assert set(files(folders.out)) == {"en/short.csv", "manifest.json"}
    short = files(folders.out)["en/short.csv"]
    (folders.templates / "short" / "document.yaml").rename(folders.templates / "short" / "document.txt")
    run(folders)
    assert files(folders.out)["en/short.csv"] == short
    assert entries(folders) == set(BOTH)


def test_a_file_that_is_gone_leaves_the_manifest(folders: Folders) -> None:
    """A build that makes something leaves a manifest that tells of no file that is not there."""
    run(folders)
    (folders.out / "en" / "note.csv").unlink()
    retitle(folders)
    run(folders, "short")
    assert entries(folders) == {"en/short.csv"}


def test_a_broken_manifest_is_made_again(folders: Folders) -> None:
    """A manifest that can't be read does not stop the build."""
    folders.out.mkdir()
    (folders.out / "manifest.json").write_bytes(b"\xff{")
    run(folders, "short")
    assert entries(folders) == {"en/short.csv"}


def test_a_manifest_may_tell_of_what_is_no_file(folders: Folders) -> None:
    """Names that lead out of the folder, or that no file has, leave the manifest with the next build."""
    run(folders, "short")
    found = json.loads((folders.out / "manifest.json").read_text("utf-8"))
    entry = found["files"]["en/short.csv"]
    found["files"] |= {"a" * 5000: entry, "../data/sources.yaml": entry}
    (folders.out / "manifest.json").write_text(json.dumps(found), "utf-8")
    (folders.out / "en" / "short.csv").unlink()
    run(folders, "short")
    assert entries(folders) == {"en/short.csv"}


def test_formats_that_are_not_asked_for_are_not_made(folders: Folders) -> None:
    """Without a suffix that a document has, nothing is written, not even a manifest."""
    build(folders, BuildOptions(suffixes=(".xyz",)))
    assert files(folders.out) == {}


def test_a_problem_in_the_data_leaves_everything_as_it_is(folders: Folders, show: Show) -> None:
    """With wrong data nothing is made, and what was made stays; the problems of data and declarations come together."""
    edit(folders.data / "bodies.yaml", "side: other", "side: another")
    edit(folders.templates / "short" / "document.yaml", "title:", "titel:")
    expected = [
        "data/bodies.yaml:21:9: 'another' is not one of organisation, partner, joint, other (did you mean 'other'?)",
        "templates/short/document.yaml:3:1: there is no field 'titel' here (did you mean 'title'?)",
    ]
    assert problems(folders, show) == expected
    assert not folders.out.exists(), "not even the output folder is made"
    folders.out.mkdir()
    (folders.out / "mine").write_bytes(b"mine")
    assert problems(folders, show) == expected
    assert files(folders.out) == {"mine": b"mine"}


def test_a_problem_in_one_document_leaves_the_other(folders: Folders, show: Show) -> None:
    """A document whose template is wrong keeps its old file; the other one is made all the same."""
    run(folders)
    before = files(folders.out)
    edit(folders.templates / "register" / "register.yaml", "title: view.title", "title: view.titel")
    retitle(folders)
    (problem,) = problems(folders, show)
    assert problem.startswith("templates/register/register.yaml:8:12: ")
    after = files(folders.out)
    assert set(after) == set(before)
    assert after["en/note.csv"] == before["en/note.csv"]
    assert after["en/short.csv"] != before["en/short.csv"]
    old, new = (json.loads(made["manifest.json"])["files"] for made in (before, after))
    assert old["en/note.csv"] == new["en/note.csv"]
    assert new["en/short.csv"]["sha256"] == hashlib.sha256(after["en/short.csv"]).hexdigest()


def test_the_problems_of_all_documents_come_together(folders: Folders, show: Show) -> None:
    """A problem in one template does not hide the one in the other."""
    edit(folders.templates / "register" / "register.yaml", "title: view.title", "title: view.titel")
    edit(folders.templates / "short" / "table.yaml", "value: milestone.title", "value: milestone.titel")
    first, second = problems(folders, show)
    assert first.startswith("templates/register/register.yaml:8:12: ")
    assert second == "templates/short/table.yaml:10:53: the milestone has no 'titel' (did you mean 'title'?)"
    assert files(folders.out) == {}


@pytest.mark.parametrize(("name", "left"), [("manifest.json", True), ("short.csv", False)])
def test_a_full_disk_leaves_the_old_file(name: str, left: bool, folders: Folders, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk does not take a file, the old one is whole, the problem is named, and the next build puts all right."""
    run(folders, "short")
    before = files(folders.out)
    retitle(folders)
    write_whole = manifest.write_whole

    def full(path: Path, content: bytes) -> None:
        if path.name == name:
            raise ReportsError(Problem(Location(path), f"can't be written: {os.strerror(errno.ENOSPC).lower()}"))
        write_whole(path, content)

    with monkeypatch.context() as context:
        context.setattr(manifest, "write_whole", full)
        (problem,) = problems(folders, show, "short")
    assert problem.startswith("build/")
    assert problem.endswith(f"{name}: can't be written: no space left on device")
    assert files(folders.out)["en/short.csv"] == before["en/short.csv"]
    assert (files(folders.out) == before) is left
    assert states(run(folders, "short")) == {"en/short.csv": OutputState.MADE}


def test_what_stands_in_the_way_is_named(folders: Folders, show: Show) -> None:
    """A file in the place of a folder, or a folder in that of a file, is a problem that names it, and is left alone."""
    folders.out.write_text("mine", "utf-8")
    assert problems(folders, show, "short") == ["build: can't be written: file exists"]
    assert folders.out.read_text("utf-8") == "mine"
    folders.out.unlink()
    folders.out.mkdir()
    (folders.out / "en").write_text("mine", "utf-8")
    assert problems(folders, show, "short") == ["build/en: can't be written: file exists"]
    assert files(folders.out)["en"] == b"mine"
    (folders.out / "en").unlink()
    (folders.out / "en" / "short.csv").mkdir(parents=True)
    assert problems(folders, show, "short") == ["build/en/short.csv: can't be written: is a directory"]
    assert list((folders.out / "en").iterdir()) == [folders.out / "en" / "short.csv"]
    (folders.out / "manifest.json").unlink()
    (folders.out / "manifest.json").mkdir()
    assert problems(folders, show, "short") == ["build/manifest.json: can't be written: is a directory"]
    (folders.cache / LOCK).unlink()
    (folders.cache / LOCK).mkdir()
    assert problems(folders, show, "short") == ["build/.cache/lock: can't be written: is a directory"]


def test_two_documents_may_not_make_the_same_file(folders: Folders, show: Show) -> None:
    """Two documents with the same output are refused before anything is made, by `check` too."""
    edit(folders.templates / "short" / "document.yaml", "short.csv:", "note.csv:")
    expected = ["templates/short/document.yaml:15:3: 'note.csv' is made by two documents, 'note' and 'short'"]
    assert problems(folders, show) == expected
    with pytest.raises(ReportsError) as error:
        check(folders)
    assert show(error.value.problems) == expected
    assert not folders.out.exists()


def test_a_check_writes_nothing(folders: Folders) -> None:
    """Checking right data tells the dataset and leaves no trace."""
    assert len(check(folders).by_id) > 30
    assert not folders.out.exists()


# The gate: what a check passes is made

WRONG: list[tuple[str, str, str, str]] = [
    (
        "data/sources.yaml",
        "title: ",
        "title: ა ნ ",
        "data/sources.yaml:2:10: no font of the text's style has 'ა' (U+10D0 georgian letter an), 'ნ' (U+10DC",
    ),
    (
        "data/dataset.yaml",
        "language: en",
        "language: xx",
        "data/dataset.yaml:12:11: the templates have no terms in 'xx'; they have: en (add locale/xx.yaml)",
    ),
    (
        "templates/short/short.html.j2",
        "<h1>",
        "<h1><sup>1</sup>",
        "templates/short/short.html.j2:8:5: the element <sup> is not in the HTML subset that all formats share",
    ),
    (
        "templates/short/short.html.j2",
        "<h1>",
        "<h1>{{ view.nothing }}",
        "templates/short/short.html.j2:8: the view has no 'nothing'",
    ),
    (
        "templates/note/note.html.j2",
        'src="note/anchor.svg"',
        'src="note/none.svg"',
        "templates/note/note.html.j2:27:3: 'note/none.svg' is neither a file in the folder 'templates' nor one of our fonts",
    ),
    (
        "templates/register/register.yaml",
        "view.milestones",
        "view.stones",
        "templates/register/register.yaml:13:15: the view has no 'stones' (did you mean 'milestones'?)",
    ),
    (
        "data/sources.yaml",
        "https://gazette.example/7?part=1&page=2",
        f"https://gazette.example/{'a' * 2976}",
        f"templates/register/register.yaml:62:70: the link 'https://gazette.example/{'a' * 36}…' of 'Official Gazette, number 7' in",
    ),
    (
        "templates/shared/looks.css",
        "--link",
        "--hyperlink",
        "templates/shared/looks.css: has no colour for '--link', in six digits as in '--link: #12355b;'",
    ),
    (
        "templates/short/document.yaml",
        "outputs:",
        "pages: 1\noutputs:",
        "templates/short/document.yaml: 'short' has 2 pages, and 1 are promised: shorten the texts that it shows, or change 'pages'",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "expected"), WRONG)
def test_what_keeps_a_document_from_being_made_is_found_by_a_check(
    path: str, old: str, new: str, expected: str, tiny_data: Path, tiny_templates: Path, show: Show
) -> None:
    """Mistakes of data and templates that only show while a document is made are told by `check`, with no file made."""
    folders = Folders(tiny_data, tiny_templates, tiny_data.parent / "build")
    edit(
        tiny_templates / "note" / "document.yaml",
        "outputs:",
        "outputs:\n  note.csv: register/register.yaml\n  note.xlsx: register/register.yaml",
    )
    edit(
        tiny_templates / "shared" / "fonts.css", "html { font:", "ul + h2 { break-before: page }\nhtml { font:"
    ) if "pages" in new else None
    changed = tiny_data.parent / path
    changed.write_text(changed.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ReportsError) as error:
        check(folders)
    assert [line for line in show(error.value.problems) if line.startswith(expected)]
    assert not folders.out.exists()


def test_a_check_makes_word_documents(tiny_data: Path, tiny_templates: Path, show: Show) -> None:
    """What has no style in Word, in a document that is right HTML, is told by `check`, with no file made."""
    folders = Folders(tiny_data, tiny_templates, tiny_data.parent / "build")
    shutil.copytree(PROJECT / "templates" / "word", tiny_templates / "word")
    edit(tiny_templates / "short" / "document.yaml", "short.pdf", "short.docx")
    assert len(check(folders).by_id) > 30
    edit(tiny_templates / "short" / "short.html.j2", "<h2>", '<p><img src="note/anchor.svg" alt="An anchor"></p><h2>')
    with pytest.raises(ReportsError) as error:
        check(folders)
    expected = ["templates/short/short.html.j2:14:4: Word has no role for <img> within a line; put it into a <figure>"]
    assert show(error.value.problems) == expected
    assert not folders.out.exists()


def test_a_record_that_a_document_has_no_place_for_is_named_without_a_link(tiny_data: Path, tiny_templates: Path) -> None:
    """A citation of any record, wherever it stands, keeps no document from being made."""
    folders = Folders(tiny_data, tiny_templates, tiny_data.parent / "build")
    identifiers = " ".join(f"[@{identifier}]" for identifier in load_dataset(tiny_data).by_id)
    edit(tiny_data / "dataset.yaml", "key_points:\n", f"key_points:\n  - Everything {identifiers}\n")
    assert len(check(folders).by_id) > 30


# The owner of an output folder


def test_an_output_folder_belongs_to_one_dataset(folders: Folders, show: Show) -> None:
    """The files of another dataset are not written over those of the first: another folder is named; once they are gone they may be."""
    run(folders)
    before = files(folders.out)
    edit(folders.data / "dataset.yaml", "title: Ruritania and the League", "id: other\ntitle: Another")
    message = "holds the documents of 'the League – Ruritania', and these are of 'other'; name a folder of their own: --out"
    assert [line.partition("--out")[0] + "--out" for line in problems(folders, show)] == [f"build: {message}"]
    assert files(folders.out) == before
    run(folders._replace(out=folders.out / "other"))
    for name in BOTH:
        (folders.out / name).unlink()
    run(folders)
    assert json.loads((folders.out / "manifest.json").read_text("utf-8"))["dataset"] == "other"


# Up to date or not


def test_nothing_is_made_twice(folders: Folders) -> None:
    """With nothing changed, everything is up to date, and no file is touched; without the cache too."""
    run(folders)
    before = {name: (folders.out / name).stat().st_mtime_ns for name in files(folders.out)}
    assert states(run(folders)) == dict.fromkeys(BOTH, OutputState.UP_TO_DATE)
    shutil.rmtree(folders.cache)
    assert states(run(folders)) == dict.fromkeys(BOTH, OutputState.UP_TO_DATE)
    assert {name: (folders.out / name).stat().st_mtime_ns for name in files(folders.out)} == before


def test_an_edit_remakes_only_what_shows_it(folders: Folders) -> None:
    """A record that a document does not show leaves the document alone; the reason names the record."""
    run(folders)
    recast(folders)
    told = run(folders)
    assert states(told) == {"en/note.csv": OutputState.MADE, "en/short.csv": OutputState.UP_TO_DATE}
    assert reasons(told) == {"en/note.csv": ("changed: admiralty",)}


def test_a_changed_template_remakes_what_uses_it(folders: Folders) -> None:
    """A document is made again when its template, or anything that the template takes in, has changed; the reason names the file."""
    edit(folders.templates / "note" / "document.yaml", "note.csv: register/register.yaml", "note.pdf: note/note.html.j2")
    edit(folders.templates / "short" / "document.yaml", "short.csv: short/table.yaml", "short.pdf: short/short.html.j2")
    edit(folders.templates / "short" / "short.html.j2", "<h1>", "{% include ['short/own.j2', 'short/default.j2'] %}<h1>")
    (folders.templates / "short" / "default.j2").write_text("<p>Default</p>", "utf-8")
    run(folders)
    assert reasons(run(folders, dry=True)) == {}
    for path, old, new, changed in (
        ("note/note.html.j2", "<h2>Milestones", "<h2>All milestones", {"en/note.pdf"}),
        ("shared/macros.html.j2", "the marks, the places, the notes", "marks, places, notes", {"en/note.pdf"}),
        ("note/anchor.svg", "<svg", "<svg ", {"en/note.pdf"}),
        ("shared/fonts.css", "/* Our fonts", "/* The fonts", {"en/note.pdf", "en/short.pdf"}),
        ("locale/en.yaml", "done: done", "done: finished", {"en/note.pdf", "en/short.pdf"}),
    ):
        before = (folders.templates / path).read_bytes()
        edit(folders.templates / path, old, new)
        assert reasons(run(folders, dry=True)) == dict.fromkeys(changed, (f"changed: templates/{path}",))
        (folders.templates / path).write_bytes(before)
    # A file that a template takes if it is there is an input while it is not.
    (folders.templates / "short" / "own.j2").write_text("<p>Own</p>", "utf-8")
    assert reasons(run(folders)) == {"en/short.pdf": ("changed: templates/short/own.j2",)}
    assert reasons(run(folders)) == {}


@pytest.mark.parametrize("path", ["short/table.yaml", "locale/en.yaml"])
def test_a_template_saved_while_it_is_rendered_is_not_lost(path: str, folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved after it was read is not in the file: the next build makes it again."""
    write_whole = manifest.write_whole

    def save_and_write(target: Path, content: bytes) -> None:
        if target.name == "short.csv":
            with (folders.templates / path).open("a", encoding="utf-8") as file:
                file.write("\n")
        write_whole(target, content)

    with monkeypatch.context() as context:
        context.setattr(manifest, "write_whole", save_and_write)
        run(folders, "short")
    assert reasons(run(folders, "short")) == {"en/short.csv": (f"changed: templates/{path}",)}
    assert states(run(folders, "short")) == {"en/short.csv": OutputState.UP_TO_DATE}


def test_a_changed_declaration_remakes_its_document(folders: Folders) -> None:
    """The title in document.yaml is part of what the document shows."""
    run(folders)
    edit(folders.templates / "short" / "document.yaml", "title: Ruritania in short", "title: Ruritania")
    assert reasons(run(folders, dry=True)) == {"en/short.csv": ("changed: document.yaml",)}


def test_a_new_library_remakes_everything(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of another version of a library, or of this program, are made again."""
    run(folders)
    now = manifest.tools()
    monkeypatch.setattr("reports.build.build.tools", lambda: {**now, "weasyprint": "99", "reports": "changed"})
    assert set(reasons(run(folders)).values()) == {("the program changed", f"weasyprint is 99, was {now['weasyprint']}")}
    assert states(run(folders)) == dict.fromkeys(BOTH, OutputState.UP_TO_DATE)


def test_a_file_that_is_gone_is_made_again(folders: Folders) -> None:
    """Only the file that is missing is made."""
    run(folders)
    before = files(folders.out)
    (folders.out / "en" / "short.csv").unlink()
    assert reasons(run(folders)) == {"en/short.csv": ("it is gone",)}
    assert files(folders.out) == before


def test_a_dry_run_tells_and_writes_nothing(folders: Folders) -> None:
    """What would be made is told with the same reasons, and no file is written, not even in the cache."""
    assert states(run(folders, dry=True)) == dict.fromkeys(BOTH, OutputState.STALE)
    assert not folders.out.exists()
    run(folders)
    retitle(folders)
    everything = sorted((path, path.stat().st_mtime_ns) for path in folders.out.rglob("*"))
    told = run(folders, dry=True)
    assert sorted((path, path.stat().st_mtime_ns) for path in folders.out.rglob("*")) == everything
    assert reasons(told) == reasons(run(folders))


# Files that a person edited


def test_an_edited_file_is_left_alone(folders: Folders, show: Show) -> None:
    """A file that was changed by hand is never overwritten: it is named, with what to do; the others are made all the same."""
    run(folders)
    (folders.out / "en" / "short.csv").write_bytes(b"mine")
    retitle(folders)
    note = files(folders.out)["en/note.csv"]
    for _ in range(2):
        assert problems(folders, show) == [f"build/en/short.csv: {EDITED}"]
    after = files(folders.out)
    assert after["en/short.csv"] == b"mine"
    assert after["en/note.csv"] != note


def test_overwriting_keeps_the_edited_file(folders: Folders) -> None:
    """--overwrite makes the file, and keeps every edited one under a name that says so."""
    run(folders)
    made = files(folders.out)["en/short.csv"]
    for mine in (b"mine", b"mine too"):
        (folders.out / "en" / "short.csv").write_bytes(mine)
        assert states(run(folders, overwrite=True))["en/short.csv"] == OutputState.MADE
    after = files(folders.out)
    assert after["en/short.csv"] == made
    assert (after["en/short.edited.csv"], after["en/short.edited-2.csv"]) == (b"mine", b"mine too")
    assert states(run(folders)) == dict.fromkeys(BOTH, OutputState.UP_TO_DATE)


def test_an_edit_during_the_build_is_kept(folders: Folders, show: Show) -> None:
    """A file that a person saves while its document is being rendered is not overwritten either."""
    run(folders)
    retitle(folders)
    told: list[Event] = []

    def save(event: Event) -> None:
        told.append(event)
        if event == Event("en/short.csv", OutputState.STARTED):
            (folders.out / "en" / "short.csv").write_bytes(b"mine")

    with pytest.raises(ReportsError) as error:
        build(folders, BuildOptions(), save)
    assert show(error.value.problems) == [f"build/en/short.csv: {EDITED}"]
    assert states(told) == {"en/note.csv": OutputState.MADE, "en/short.csv": OutputState.EDITED}
    assert files(folders.out)["en/short.csv"] == b"mine"


def test_without_a_manifest_files_are_compared(folders: Folders, show: Show) -> None:
    """If the manifest is lost, a file that is as it would be made now is taken over; any other is left alone."""
    run(folders)
    before = files(folders.out)
    (folders.out / "manifest.json").unlink()
    (folders.out / "en" / "note.csv").write_bytes(b"mine")
    assert problems(folders, show) == [f"build/en/note.csv: {EDITED}"]
    assert files(folders.out)["en/short.csv"] == before["en/short.csv"]
    assert entries(folders) == {"en/short.csv"}


def test_a_link_is_left_alone(folders: Folders, show: Show, tmp_path: Path) -> None:
    """A link that somebody put in the place of a file is neither followed nor replaced, known to the manifest or not."""
    run(folders, "short")
    (tmp_path / "mine").write_bytes(b"mine")
    (folders.out / "en" / "short.csv").unlink()
    (folders.out / "en" / "short.csv").symlink_to(tmp_path / "mine")
    assert problems(folders, show, "short") == [f"build/en/short.csv: {EDITED}"]
    (folders.out / "manifest.json").unlink()
    assert problems(folders, show, "short") == [f"build/en/short.csv: {EDITED}"]
    assert (folders.out / "en" / "short.csv").is_symlink()
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_an_unchanged_file_is_digested_once(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """To see that a file is as it was made, it is read once."""
    run(folders, "short")
    read: list[Path] = []
    monkeypatch.setattr("reports.build.staleness.digest_of", lambda path, root: read.append(path) or digest_of(path, root))
    run(folders, "short")
    assert read.count(folders.out / "en" / "short.csv") == 1


# Beside others


def test_what_a_killed_build_left_is_swept_up(folders: Folders) -> None:
    """Half-written files of a build that was killed go with the next one that makes something; everything else stays."""
    left = [folders.out / ".reports-1.tmp", folders.out / "en" / ".reports-1.tmp", folders.cache / ".reports-1.tmp"]
    mine = ["mine/.reports-1.tmp", "mine/.draft.tmp", "en/.draft.tmp", "en/.short.csv.1.tmp", "en/.reports-2.tmp/draft"]
    for path in (*left, *(folders.out / name for name in mine)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    run(folders, "short")
    assert set(files(folders.out)) == {"en/short.csv", "manifest.json", *mine}
    assert not any(path.exists() for path in left)


def test_a_format_that_a_document_does_not_have(folders: Folders, show: Show) -> None:
    """Whoever asks for a document in a format that it does not have is told in which it is, and the others are made."""
    edit(folders.templates / "note" / "document.yaml", "outputs:\n", "outputs:\n  note.json: register/register.yaml\n")
    with pytest.raises(ReportsError) as error:
        build(folders, BuildOptions(("short", "note"), (".json",)))
    assert show(error.value.problems) == ["templates/short/document.yaml: 'short' makes no .json file; it makes short.csv"]
    assert set(files(folders.out)) == {"en/note.json", "manifest.json"}


def while_waiting(folders: Folders, act: Callable[[], object], *names: str) -> list[Event]:
    """Build while another build is at work, and *act* before that one ends; return what was told."""
    folders.cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folders.cache / LOCK)
    lock.acquire()
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        if event.doing == WAITING:
            act()
            lock.release()

    build(folders, BuildOptions(names), tell)
    assert Event(doing=WAITING) in told
    return told


def test_a_second_build_waits(folders: Folders) -> None:
    """While another build is at work in the folder, this one says so and waits; then it makes what is left to do."""
    assert states(while_waiting(folders, lambda: None, "short")) == {"en/short.csv": OutputState.MADE}


def test_what_another_build_has_made_is_not_made_again(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another build made while this one waited for it is up to date in the end."""

    def build_short() -> None:
        with monkeypatch.context() as context:
            context.setattr("reports.build.build._lock", lambda *_: nullcontext(True))
            run(folders, "short")

    assert states(while_waiting(folders, build_short)) == {"en/note.csv": OutputState.MADE, "en/short.csv": OutputState.UP_TO_DATE}


def is_of_now(folders: Folders) -> bool:
    """Return true if the files show the data as they are now."""
    assert states(run(folders, "short")) == {"en/short.csv": OutputState.UP_TO_DATE}
    made = files(folders.out)
    shutil.rmtree(folders.out)
    run(folders, "short")
    return files(folders.out) == made


def test_what_is_saved_while_a_build_waits_is_made(folders: Folders) -> None:
    """Data that are saved while another build is waited for are in the files."""
    while_waiting(folders, lambda: retitle(folders), "short")
    assert is_of_now(folders)


def test_what_is_saved_while_data_are_read_is_made(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data that are saved just after they were read are read again."""
    loads: list[Path] = []

    def load_and_save(folder: Path, *more: Any) -> Dataset:
        dataset = load_dataset(folder, *more)
        if not loads:
            retitle(folders)
        loads.append(folder)
        return dataset

    monkeypatch.setattr("reports.dataset.load.load_dataset", load_and_save)
    run(folders, "short")
    assert len(loads) == 2
    assert is_of_now(folders)


@pytest.mark.parametrize(
    ("out", "what"),
    [("data", "data"), ("data/build", "data"), ("templates/note", "templates"), (".", "data and of templates"), ("link", "data")],
)
def test_the_output_is_kept_apart(out: str, what: str, folders: Folders, tmp_path: Path) -> None:
    """No build writes among the facts or the templates, or around them, wherever links lead."""
    (tmp_path / "link").symlink_to(folders.data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ReportsError) as error:
        build(Folders(folders.data, folders.templates, tmp_path / out), BuildOptions())
    expected = f"can't take the finished files: it is, holds or lies in the folder of {what}; name another --out"
    assert [problem.message for problem in error.value.problems] == [expected]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_not_utf_8_is_named(folders: Folders, show: Show) -> None:
    """A file of data whose name no text can hold is a problem that shows the name."""
    Path(os.fsdecode(os.fsencode(folders.data) + b"/\xff.yaml")).write_bytes(b"")
    assert problems(folders, show) == ["data/\\udcff.yaml: no kind of record is kept in '\\udcff.yaml'"]
