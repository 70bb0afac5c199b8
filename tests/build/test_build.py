"""The build: which files it writes, and what it leaves alone when something is wrong."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from filelock import FileLock

from reports import manifest
from reports.build.build import LOCK, BuildOptions, Event, State, build, check
from reports.build.plan import CACHE, Folders
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.errors import ReportsError
from reports.files import digest_of
from reports.renderers import pdf
from tests.conftest import Show, edit

assert pdf, "the processes that render are copies of this one: they need not load WeasyPrint each"
PDF = (".pdf",)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* but the cache, hidden ones too, with its content."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith(f"{CACHE}/")}


def run(folders: Folders, *names: str, dry: bool = False, overwrite: bool = False) -> list[Event]:
    """Bring the PDF files of the documents with *names* up to date; return what was told."""
    told: list[Event] = []
    build(folders, BuildOptions(names, PDF, dry=dry, overwrite=overwrite), told.append)
    return told


def states(told: list[Event]) -> dict[str, State | None]:
    """Return the last state of each file."""
    return {event.path: event.state for event in told if event.path}


def reasons(told: list[Event]) -> dict[str, tuple[str, ...]]:
    """Return why each file was made."""
    return {event.path: event.reasons for event in told if event.state == State.STALE}


def problems(folders: Folders, show: Show, *names: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        run(folders, *names)
    return show(error.value.problems)


def test_a_build_writes_files_and_manifest(folders: Folders, show: Show) -> None:
    """Every document's file is made, and the manifest says of what, with what; nothing else is left."""
    told = run(folders)
    made = files(folders.out)
    assert set(made) == {"en/note.pdf", "en/short.pdf", "manifest.json"}
    manifest = json.loads(made["manifest.json"])
    assert set(manifest["files"]) == {"en/note.pdf", "en/short.pdf"}
    for name, entry in manifest["files"].items():
        assert made[name].startswith(b"%PDF-1.7")
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(made[name]).hexdigest(), len(made[name]))
    note = manifest["files"]["en/note.pdf"]
    assert (note["document"], note["pages"]) == ("note", 4)
    template = (folders.templates / "note" / "note.html.j2").read_bytes()
    assert note["inputs"]["note/note.html.j2"] == hashlib.sha256(template).hexdigest()
    assert {"note/note.css", "locale/en.yaml"} <= set(note["inputs"])
    assert note["tools"]["weasyprint"]
    ends = {event.path: (event.state, event.pages, event.size) for event in told if event.state == State.MADE}
    assert ends == {name: (State.MADE, entry["pages"], entry["bytes"]) for name, entry in manifest["files"].items()}


def test_only_the_named_documents_are_made(folders: Folders) -> None:
    """A document that is not asked for is not made; one that was made earlier stays in the manifest."""
    run(folders, "short", "short")
    assert set(files(folders.out)) == {"en/short.pdf", "manifest.json"}
    short = files(folders.out)["en/short.pdf"]
    (folders.templates / "short" / "document.yaml").rename(folders.templates / "short" / "document.txt")
    run(folders)
    assert files(folders.out)["en/short.pdf"] == short
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/note.pdf", "en/short.pdf"}


def test_a_file_that_is_gone_leaves_the_manifest(folders: Folders) -> None:
    """A build that makes something leaves a manifest that tells of no file that is not there."""
    run(folders)
    (folders.out / "en" / "note.pdf").unlink()
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    run(folders, "short")
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_broken_manifest_is_made_again(content: bytes, folders: Folders) -> None:
    """A manifest that can't be read does not stop the build."""
    folders.out.mkdir()
    (folders.out / "manifest.json").write_bytes(content)
    run(folders, "short")
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}


def test_a_manifest_may_tell_of_what_is_no_file(folders: Folders) -> None:
    """Names that no file can have, or that lead out of the folder, leave the manifest with the next build."""
    run(folders, "short")
    manifest = json.loads((folders.out / "manifest.json").read_text("utf-8"))
    entry = manifest["files"]["en/short.pdf"]
    manifest["files"] |= {"a" * 5000: entry, "a\0b": entry, "../data/sources.yaml": entry}
    (folders.out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folders.out / "en" / "short.pdf").unlink()
    run(folders, "short")
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: os.mkfifo(path), lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_manifest_is_not_waited_for(make: Callable[[Path], None], folders: Folders, show: Show) -> None:
    """A pipe or a device in the place of the manifest is replaced by one; a folder is named, and what was made is there."""
    folders.out.mkdir()
    make(folders.out / "manifest.json")
    if make is Path.mkdir:
        assert problems(folders, show, "short") == ["build/manifest.json: can't be written: is a directory"]
    else:
        run(folders, "short")
        assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}
    assert (folders.out / "en" / "short.pdf").is_file()


def test_formats_that_are_not_asked_for_are_not_made(folders: Folders) -> None:
    """Without a suffix that a document has, nothing is written, not even a manifest."""
    build(folders, BuildOptions(suffixes=(".xyz",)))
    assert files(folders.out) == {}


def test_a_problem_in_the_data_leaves_everything_as_it_is(folders: Folders, show: Show) -> None:
    """With wrong data nothing is made, and what was made stays; the problems of data and declarations come together."""
    run(folders)
    before = files(folders.out)
    edit(folders.data / "bodies.yaml", "side: other", "side: another")
    edit(folders.templates / "short" / "document.yaml", "title:", "titel:")
    assert problems(folders, show) == [
        "data/bodies.yaml:21:9: 'another' is not one of organisation, partner, other (did you mean 'other'?)",
        "templates/short/document.yaml:3:1: there is no field 'titel' here (did you mean 'title'?)",
    ]
    assert files(folders.out) == before


def test_nothing_is_made_from_wrong_data(folders: Folders, show: Show) -> None:
    """With wrong data not even the output folder is made."""
    (folders.data / "sources.yaml").unlink()
    assert problems(folders, show) == ["data/sources.yaml: is missing"]
    assert not folders.out.exists()


def test_a_problem_in_one_document_leaves_the_other(folders: Folders, show: Show) -> None:
    """A document whose template is wrong keeps its old file; the other one is made all the same."""
    run(folders)
    before = files(folders.out)
    edit(folders.templates / "note" / "note.html.j2", "{{ view.about.contact }}", "{{ view.about.contakt }}")
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    assert problems(folders, show) == ["templates/note/note.html.j2:16: 'reports.dataset.model.About object' has no attribute 'contakt'"]
    after = files(folders.out)
    assert set(after) == set(before)
    assert after["en/note.pdf"] == before["en/note.pdf"]
    assert after["en/short.pdf"] != before["en/short.pdf"]
    old, new = (json.loads(made["manifest.json"])["files"] for made in (before, after))
    assert old["en/note.pdf"] == new["en/note.pdf"]
    assert new["en/short.pdf"]["sha256"] == hashlib.sha256(after["en/short.pdf"]).hexdigest()


def test_the_problems_of_all_documents_come_together(folders: Folders, show: Show) -> None:
    """A problem in one template does not hide the one in the other."""
    for name in ("note", "short"):
        edit(folders.templates / name / f"{name}.html.j2", "<title>{{ view.title }}", "<title>{{ nothing }}")
    assert problems(folders, show) == [
        "templates/note/note.html.j2:6: 'nothing' is undefined",
        "templates/short/short.html.j2:4: 'nothing' is undefined",
    ]
    assert files(folders.out) == {}


def test_a_full_disk_leaves_the_old_file(folders: Folders, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the old files are whole, no half-written one is left, and the problem is named."""
    run(folders, "short")
    before = files(folders.out)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert problems(folders, show, "short") == ["build/en/short.pdf: can't be written: no space left on device"]
    assert files(folders.out) == before


def test_a_folder_that_can_not_be_written(folders: Folders, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without the right to write is a problem, and the old file stays."""
    run(folders, "short")
    before = files(folders.out)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    original = Path.open

    def refuse(self: Path, mode: str = "r", *arguments: Any, **options: Any) -> object:
        if "w" in mode and self.is_relative_to(folders.out):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return original(self, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert problems(folders, show, "short") == ["build/en/short.pdf: can't be written: permission denied"]
    monkeypatch.undo()
    assert files(folders.out) == before


def test_a_file_in_the_place_of_the_folder(folders: Folders, show: Show) -> None:
    """A file where the output folder, or one in it, should be is a problem, and is left alone."""
    folders.out.write_text("mine", "utf-8")
    assert problems(folders, show, "short") == ["build: can't be written: file exists"]
    assert folders.out.read_text("utf-8") == "mine"
    folders.out.unlink()
    folders.out.mkdir()
    (folders.out / "en").write_text("mine", "utf-8")
    assert problems(folders, show, "short") == ["build/en: can't be written: file exists"]
    assert files(folders.out) == {"en": b"mine"}


def test_a_folder_in_the_place_of_a_file(folders: Folders, show: Show) -> None:
    """A folder where a finished file should be is a problem that names the file, and nothing is left beside it."""
    (folders.out / "en" / "short.pdf").mkdir(parents=True)
    assert problems(folders, show, "short") == ["build/en/short.pdf: can't be written: is a directory"]
    assert files(folders.out) == {}


def test_whatever_stops_a_build_leaves_no_half_file(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that is interrupted while it writes leaves the old file and no other."""
    run(folders, "short")
    before = files(folders.out)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")

    def stop(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        run(folders, "short")
    assert files(folders.out) == before


def test_two_documents_may_not_make_the_same_file(folders: Folders, show: Show) -> None:
    """Two documents with the same output are refused before anything is made, by `check` too."""
    edit(folders.templates / "short" / "document.yaml", "short.pdf:", "note.pdf:")
    expected = ["templates/short/document.yaml:15:3: 'note.pdf' is made by two documents, 'note' and 'short'"]
    assert problems(folders, show) == expected
    with pytest.raises(ReportsError) as error:
        check(folders)
    assert show(error.value.problems) == expected
    assert not folders.out.exists()


def test_an_unknown_document_is_refused(folders: Folders, show: Show) -> None:
    """A name that no document has is a problem with the nearest name, and nothing is made."""
    assert problems(folders, show, "note", "shirt") == [
        "templates: there is no document 'shirt' (did you mean 'short'?); there are: note, short"
    ]
    assert not folders.out.exists()


def test_a_check_writes_nothing(folders: Folders) -> None:
    """Checking right data tells the dataset and leaves no trace."""
    assert len(check(folders).by_id) > 30
    assert not folders.out.exists()


# Up to date or not


def test_nothing_is_made_twice(folders: Folders) -> None:
    """With nothing changed, everything is up to date, and no file is touched; without the cache too."""
    run(folders)
    before = {name: (folders.out / name).stat().st_mtime_ns for name in files(folders.out)}
    assert set(states(run(folders)).values()) == {State.UP_TO_DATE}
    shutil.rmtree(folders.cache)
    assert set(states(run(folders)).values()) == {State.UP_TO_DATE}
    assert {name: (folders.out / name).stat().st_mtime_ns for name in files(folders.out)} == before


def test_an_edit_remakes_only_what_shows_it(folders: Folders) -> None:
    """A record that a document does not show leaves the document alone; the reason names the record."""
    run(folders)
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    told = run(folders)
    assert states(told) == {"en/note.pdf": State.MADE, "en/short.pdf": State.UP_TO_DATE}
    assert reasons(told) == {"en/note.pdf": ("changed: admiralty",)}


@pytest.mark.parametrize(
    ("path", "old", "new", "changed"),
    [
        ("note/note.html.j2", "<h2>Milestones", "<h2>All milestones", {"en/note.pdf"}),
        ("shared/macros.html.j2", "the marks, the places, the notes", "marks, places, notes", {"en/note.pdf"}),
        ("note/anchor.svg", "<svg", "<svg ", {"en/note.pdf"}),
        ("shared/fonts.css", "/* Our fonts", "/* The fonts", {"en/note.pdf", "en/short.pdf"}),
        ("locale/en.yaml", "done: done", "done: finished", {"en/note.pdf", "en/short.pdf"}),
    ],
)
def test_a_changed_template_remakes_what_uses_it(path: str, old: str, new: str, changed: set[str], folders: Folders) -> None:
    """A document is made again when its template, or anything that the template takes in, has changed; the reason names the file."""
    run(folders)
    edit(folders.templates / path, old, new)
    told = run(folders)
    assert {name for name, state in states(told).items() if state == State.MADE} == changed
    assert reasons(told) == dict.fromkeys(changed, (f"changed: templates/{path}",))


@pytest.mark.parametrize("path", ["short/short.html.j2", "locale/en.yaml"])
def test_a_template_saved_while_it_is_rendered_is_not_lost(path: str, folders: Folders) -> None:
    """What is saved after it was read is not in the file: the next build makes it again."""
    saved: list[Event] = []

    def save(event: Event) -> None:
        if event.state == State.DOING and not saved:
            saved.append(event)
            with (folders.templates / path).open("a", encoding="utf-8") as file:
                file.write("\n")

    build(folders, BuildOptions(("short",), PDF), save)
    assert saved
    told = run(folders, "short")
    assert reasons(told) == {"en/short.pdf": (f"changed: templates/{path}",)}
    assert set(states(run(folders, "short")).values()) == {State.UP_TO_DATE}


def test_a_template_that_is_added_is_seen(folders: Folders) -> None:
    """A file that a template takes if it is there is an input while it is not: to add it is a change."""
    edit(folders.templates / "short" / "short.html.j2", "<h1>", "{% include ['short/own.j2', 'short/default.j2'] %}<h1>")
    (folders.templates / "short" / "default.j2").write_text("<p>Default</p>", "utf-8")
    run(folders, "short")
    assert set(states(run(folders, "short")).values()) == {State.UP_TO_DATE}
    (folders.templates / "short" / "own.j2").write_text("<p>Own</p>", "utf-8")
    assert reasons(run(folders, "short")) == {"en/short.pdf": ("changed: templates/short/own.j2",)}


def test_a_changed_declaration_remakes_its_document(folders: Folders) -> None:
    """The title in document.yaml is part of what the document shows."""
    run(folders)
    edit(folders.templates / "short" / "document.yaml", "title: Ruritania in short", "title: Ruritania")
    assert reasons(run(folders)) == {"en/short.pdf": ("changed: document.yaml",)}


def test_a_new_library_remakes_everything(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of another version of a library, or of this program, are made again."""
    run(folders)
    now = manifest.tools()
    monkeypatch.setattr("reports.build.build.tools", lambda: {**now, "weasyprint": "99", "reports": "changed"})
    assert set(reasons(run(folders)).values()) == {("the program changed", f"weasyprint is 99, was {now['weasyprint']}")}
    assert set(states(run(folders)).values()) == {State.UP_TO_DATE}


def test_a_file_that_is_gone_is_made_again(folders: Folders) -> None:
    """Only the file that is missing is made."""
    run(folders)
    before = files(folders.out)
    (folders.out / "en" / "short.pdf").unlink()
    assert reasons(run(folders)) == {"en/short.pdf": ("it is gone",)}
    assert files(folders.out) == before


def test_a_dry_run_tells_and_writes_nothing(folders: Folders) -> None:
    """What would be made is told with the same reasons, and no file is written, not even in the cache."""
    assert states(run(folders, dry=True)) == dict.fromkeys(("en/note.pdf", "en/short.pdf"), State.STALE)
    assert not folders.out.exists()
    run(folders)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    everything = sorted((path, path.stat().st_mtime_ns) for path in folders.out.rglob("*"))
    told = run(folders, dry=True)
    assert sorted((path, path.stat().st_mtime_ns) for path in folders.out.rglob("*")) == everything
    assert reasons(told) == reasons(run(folders))


# Files that a person edited


def test_an_edited_file_is_left_alone(folders: Folders, show: Show) -> None:
    """A file that was changed by hand is never overwritten: it is named, with what to do; the others are made all the same."""
    run(folders)
    (folders.out / "en" / "short.pdf").write_bytes(b"mine")
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    note = files(folders.out)["en/note.pdf"]
    for _ in range(2):
        assert problems(folders, show) == [
            "build/en/short.pdf: was edited by hand, or not made here: move it elsewhere, "
            "or say --overwrite, which keeps it beside the new one"
        ]
    after = files(folders.out)
    assert after["en/short.pdf"] == b"mine"
    assert after["en/note.pdf"] != note


def test_overwriting_keeps_the_edited_file(folders: Folders) -> None:
    """--overwrite makes the file, and keeps every edited one under a name that says so."""
    run(folders)
    made = files(folders.out)["en/short.pdf"]
    for mine in (b"mine", b"mine too"):
        (folders.out / "en" / "short.pdf").write_bytes(mine)
        assert states(run(folders, overwrite=True))["en/short.pdf"] == State.MADE
    after = files(folders.out)
    assert after["en/short.pdf"] == made
    assert (after["en/short.edited.pdf"], after["en/short.edited-2.pdf"]) == (b"mine", b"mine too")
    assert set(states(run(folders)).values()) == {State.UP_TO_DATE}


def test_an_edit_during_the_build_is_kept(folders: Folders, show: Show) -> None:
    """A file that a person saves while its document is being rendered is not overwritten either."""
    run(folders)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    told: list[Event] = []

    def save(event: Event) -> None:
        told.append(event)
        if event == Event("en/short.pdf", State.STARTED):
            (folders.out / "en" / "short.pdf").write_bytes(b"mine")

    with pytest.raises(ReportsError) as error:
        build(folders, BuildOptions(suffixes=PDF), save)
    assert [line.split(":")[0] for line in show(error.value.problems)] == ["build/en/short.pdf"]
    assert files(folders.out)["en/short.pdf"] == b"mine"


def test_without_a_manifest_files_are_compared(folders: Folders, show: Show) -> None:
    """If the manifest is lost, a file that is as it would be made now is taken over; any other is left alone."""
    run(folders)
    before = files(folders.out)
    (folders.out / "manifest.json").unlink()
    (folders.out / "en" / "note.pdf").write_bytes(b"mine")
    assert [line.split(":")[0] for line in problems(folders, show)] == ["build/en/note.pdf"]
    assert files(folders.out)["en/short.pdf"] == before["en/short.pdf"]
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}


def test_a_file_that_can_not_be_read_is_left_alone(folders: Folders, show: Show) -> None:
    """What is larger than anything that we make was not made here: it is kept like any other edited file."""
    run(folders, "short")
    path = folders.out / "en" / "short.pdf"
    with path.open("wb") as file:
        file.truncate(2**40)  # a terabyte, of which the disk holds nothing
    assert [line.split(":")[0] for line in problems(folders, show, "short")] == ["build/en/short.pdf"]
    assert path.stat().st_size == 2**40
    assert states(run(folders, "short", overwrite=True)) == {"en/short.pdf": State.MADE}
    assert (folders.out / "en" / "short.edited.pdf").stat().st_size == 2**40


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("none")])
def test_what_is_no_file_is_left_alone(make: Callable[[Path], None], folders: Folders, show: Show) -> None:
    """A pipe or a link that somebody put in the place of a file is neither waited for nor replaced, known to the manifest or not."""
    run(folders, "short")
    path = folders.out / "en" / "short.pdf"
    path.unlink()
    make(path)
    assert [line.split(":")[0] for line in problems(folders, show, "short")] == ["build/en/short.pdf"]
    (folders.out / "manifest.json").unlink()
    assert [line.split(":")[0] for line in problems(folders, show, "short")] == ["build/en/short.pdf"]
    assert path.is_symlink() or path.is_fifo()


def test_an_unchanged_file_is_digested_once(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """To see that a file is as it was made, it is read once."""
    run(folders, "short")
    read: list[Path] = []
    monkeypatch.setattr("reports.build.staleness.digest_of", lambda path, root: read.append(path) or digest_of(path, root))
    run(folders, "short")
    assert read.count(folders.out / "en" / "short.pdf") == 1


# Whatever stops it


def test_a_stop_before_the_manifest_is_put_right(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that is stopped between a file and the manifest has not "edited" the file: the next build goes on."""
    run(folders)
    edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")

    def stop(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.build.build._Building._write_manifest", stop)
    with pytest.raises(KeyboardInterrupt):
        run(folders, "short")
    monkeypatch.undo()
    assert states(run(folders)) == dict.fromkeys(("en/note.pdf", "en/short.pdf"), State.MADE)
    assert set(states(run(folders)).values()) == {State.UP_TO_DATE}


def test_what_a_killed_build_left_is_swept_up(folders: Folders) -> None:
    """Half-written files of a build that was killed go with the next one that makes something."""
    run(folders, "short")
    for folder in (folders.out, folders.out / "en", folders.cache):
        (folder / ".reports-1.tmp").write_bytes(b"half")
    run(folders)
    assert set(files(folders.out)) == {"en/note.pdf", "en/short.pdf", "manifest.json"}
    assert not (folders.cache / ".reports-1.tmp").exists()


def test_nothing_else_is_swept_up(folders: Folders) -> None:
    """What a person or another program keeps in the output folder stays, whatever it is called."""
    mine = ["mine/.reports-1.tmp", "mine/.draft.tmp", "en/.draft.tmp", "en/.short.pdf.1.tmp", "en/.reports-2.tmp/draft"]
    for name in mine:
        (folders.out / name).parent.mkdir(parents=True, exist_ok=True)
        (folders.out / name).write_bytes(b"mine")
    run(folders, "short")
    assert set(files(folders.out)) == {"en/short.pdf", "manifest.json", *mine}


def test_a_format_that_a_document_does_not_have(folders: Folders, show: Show) -> None:
    """Whoever asks for a document in a format that it does not have is told in which it is, and the others are made."""
    edit(folders.templates / "note" / "document.yaml", "outputs:\n", "outputs:\n  note.html: note/note.html.j2\n")
    with pytest.raises(ReportsError) as error:
        build(folders, BuildOptions(("short", "note"), (".html",)))
    assert show(error.value.problems) == ["templates/short/document.yaml: 'short' makes no .html file; it makes short.pdf"]
    assert set(files(folders.out)) == {"en/note.html", "manifest.json"}


def test_what_another_build_has_made_is_told(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another build made while this one waited for it is up to date in the end, and is told of once more for that."""
    folders.cache.mkdir(parents=True)
    lock = FileLock(folders.cache / LOCK, thread_local=False)
    lock.acquire()
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        if event.doing == "another build is at work here; waiting for it":
            with monkeypatch.context() as context:
                context.setattr("reports.build.build._lock", lambda *_: nullcontext())
                run(folders, "short")
            lock.release()

    build(folders, BuildOptions((), PDF), tell)
    assert [event.state for event in told if event.path == "en/short.pdf"] == [State.STALE, State.UP_TO_DATE]
    assert [event.state for event in told if event.path == "en/note.pdf" and event.state in (State.STALE, State.MADE)] == [
        State.STALE,
        State.MADE,
    ]


def test_a_second_build_waits(folders: Folders) -> None:
    """While another build is at work in the folder, this one says so and waits; then it finds what is left to do."""
    folders.cache.mkdir(parents=True)
    held, done = Signal(), Signal()

    def hold() -> None:
        with FileLock(folders.cache / LOCK):
            held.set()
            done.wait(60)

    other = Thread(target=hold)
    other.start()
    held.wait(60)
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        if event.doing == "another build is at work here; waiting for it":
            done.set()

    build(folders, BuildOptions(("short",), PDF), tell)
    other.join()
    assert Event(doing="another build is at work here; waiting for it") in told
    assert states(told) == {"en/short.pdf": State.MADE}


def test_what_is_saved_while_a_build_waits_is_made(folders: Folders) -> None:
    """Data that are saved while another build is waited for are in the files."""
    folders.cache.mkdir(parents=True)
    lock = FileLock(folders.cache / LOCK, thread_local=False)
    lock.acquire()

    def tell(event: Event) -> None:
        if event.doing == "another build is at work here; waiting for it":
            edit(folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
            lock.release()

    build(folders, BuildOptions(("short",), PDF), tell)
    assert set(states(run(folders, "short")).values()) == {State.UP_TO_DATE}
    made = files(folders.out)
    shutil.rmtree(folders.out)
    run(folders, "short")
    assert files(folders.out) == made


def test_what_is_saved_while_data_are_read_is_made(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data that are saved just after they were read are read again."""
    loads: list[Path] = []

    def load_and_save(folder: Path) -> Dataset:
        dataset = load_dataset(folder)
        if not loads:
            edit(folder / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
        loads.append(folder)
        return dataset

    monkeypatch.setattr("reports.dataset.load.load_dataset", load_and_save)
    run(folders, "short")
    assert len(loads) == 2
    assert set(states(run(folders, "short")).values()) == {State.UP_TO_DATE}
    made = files(folders.out)
    shutil.rmtree(folders.out)
    run(folders, "short")
    assert files(folders.out) == made


def test_data_that_never_rest_are_not_shown(folders: Folders, monkeypatch: pytest.MonkeyPatch, show: Show) -> None:
    """Data that are saved whenever they are read are a problem, not an endless build."""

    def load_and_save(folder: Path) -> Dataset:
        with (folder / "bodies.yaml").open("a", encoding="utf-8") as file:
            file.write("\n")
        return load_dataset(folder)

    monkeypatch.setattr("reports.dataset.load.load_dataset", load_and_save)
    assert problems(folders, show, "short") == ["data: is saved again and again while it is read; build when that has ended"]


def test_a_lock_that_is_none(folders: Folders, show: Show) -> None:
    """A folder in the place of the lock is a problem that names it."""
    (folders.cache / LOCK).mkdir(parents=True)
    assert problems(folders, show, "short") == ["build/.cache/lock: can't be written: is a directory"]


@pytest.mark.parametrize(
    ("out", "what"),
    [("data", "data"), ("data/build", "data"), ("templates/note", "templates"), (".", "data and of templates"), ("link", "data")],
)
def test_the_output_is_kept_apart(out: str, what: str, folders: Folders, tmp_path: Path, show: Show) -> None:
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
    assert problems(folders, show) == ["data/\\udcff.yaml: no kind of record is kept in '\\udcff.yaml' (did you mean 'areas.yaml'?)"]
