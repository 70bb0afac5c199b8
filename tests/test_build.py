"""The build: which files it writes, and what it leaves alone when something is wrong."""

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.build import Folders, build, check, plan, write_schemas
from reports.dataset.schema import schemas
from reports.documents.document import load_documents
from reports.errors import ReportsError
from tests.conftest import Show, edit

PDF = (".pdf",)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder*, hidden ones too, with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(folders: Folders, *names: str) -> list[str]:
    """Build the PDF files of the documents with *names*; return what was said."""
    said: list[str] = []
    build(folders, names, PDF, said.append)
    return said


def problems(folders: Folders, show: Show, *names: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        run(folders, *names)
    return show(error.value.problems)


def test_a_build_writes_files_and_manifest(folders: Folders, show: Show) -> None:
    """Every document's file is made, and the manifest says of what, with what; nothing else is left."""
    said = run(folders)
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
    assert {"note/note.css", "locale/en.yaml", "SourceSans3[wght].ttf"} <= set(note["inputs"])
    assert manifest["tools"]["weasyprint"]
    assert [line.replace(f"{folders.out}/", "").split(",")[0] for line in said] == [
        "en/note.pdf …",
        "en/note.pdf: 4 pages",
        "en/short.pdf …",
        "en/short.pdf: 1 pages",
    ]


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
    """The manifest tells of no file that is not there."""
    run(folders)
    (folders.out / "en" / "note.pdf").unlink()
    run(folders, "short")
    assert set(json.loads(files(folders.out)["manifest.json"])["files"]) == {"en/short.pdf"}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_broken_manifest_is_made_again(content: bytes, folders: Folders) -> None:
    """A manifest that can't be read does not stop the build."""
    folders.out.mkdir()
    (folders.out / "manifest.json").write_bytes(content)
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
    assert build(folders, (), (".xyz",), print) == {}
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

    def refuse(self: Path, mode: str = "r", *arguments: object, **options: object) -> object:
        if "w" in mode and self.is_relative_to(folders.out):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return original(self, mode, *arguments, **options)  # type: ignore[arg-type]

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
    expected = ["en/note.pdf: is made by two documents, 'note' and 'short'"]
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


def test_a_plan_is_in_the_order_of_the_documents(folders: Folders) -> None:
    """The files to make are those with the suffixes asked for, below the language's folder."""
    planned = plan(load_documents(folders.templates, ["short", "note"]), "bs", PDF)
    assert [(output.path.as_posix(), output.template) for output in planned] == [
        ("bs/short.pdf", "short/short.html.j2"),
        ("bs/note.pdf", "note/note.html.j2"),
    ]
    assert plan(load_documents(folders.templates), "bs", (".xyz",)) == ()


def test_a_check_writes_nothing(folders: Folders) -> None:
    """Checking right data tells the dataset and leaves no trace."""
    assert len(check(folders).by_id) > 30
    assert not folders.out.exists()


def test_the_schemas_are_written(folders: Folders) -> None:
    """The schemas stand below the data, and the data still load with them there."""
    write_schemas(folders, lambda text: None)
    assert {name: text.decode() for name, text in files(folders.data / "schemas").items()} == dict(schemas())
    check(folders)
