"""Up to date or not, edited or not: told by digests. What a build makes of it is tested with the build."""

import os
from pathlib import Path
from typing import Any

import pytest

from reports.build.manifest import MANIFEST, Manifest, ManifestEntry
from reports.build.plan import Folders, OutputFile
from reports.build.staleness import JOURNAL, Upkeep, input_digests, made_file
from reports.cache import NO_CACHE
from reports.files import sha256

PLANNED = OutputFile("note", "en", "note/note.html.j2", "en/note.pdf", "view")
TOOLS = {"weasyprint": "1"}


def upkeep(folders: Folders, *journal: str, content: bytes | None = b"made", **changed: object) -> Upkeep:
    """Return the upkeep of a folder whose manifest tells of one file, and whose file has *content*."""
    style = folders.templates / "note" / "note.css"
    inputs = input_digests({style: sha256(style.read_bytes())}, folders.templates)
    made = ManifestEntry(**{**vars(made_file(b"made", 1, PLANNED, inputs, TOOLS)), **changed})
    (folders.out / "en").mkdir(parents=True)
    folders.cache.mkdir()
    (folders.out / MANIFEST).write_text(Manifest({PLANNED.path: made}).to_json(), "utf-8")
    (folders.cache / JOURNAL).write_text("\n".join(journal), "utf-8")
    if content is not None:
        (folders.out / PLANNED.path).write_bytes(content)
    return Upkeep(folders, NO_CACHE, TOOLS)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ()),
        ({"view": "other"}, ("the data changed",)),
        ({"document": "short"}, ("it was made for the document 'short'",)),
        ({"inputs": {"note/gone.css": "0"}}, ("changed: templates/note/gone.css",)),
        ({"tools": {"weasyprint": "0"}}, ("weasyprint is 1, was 0",)),
        ({"tools": {}}, ("weasyprint is 1, was not there",)),
        ({"tools": {"weasyprint": "1", "old": "2"}}, ("old is gone, was 2",)),
        ({"view": "other", "tools": {"weasyprint": "0"}}, ("the data changed", "weasyprint is 1, was 0")),
    ],
)
def test_every_change_is_a_reason(changed: dict[str, Any], expected: tuple[str, ...], folders: Folders) -> None:
    """A file whose view, templates, document or tools are not those of the manifest has to be made, and each reason is given."""
    assert upkeep(folders, **changed).reasons(PLANNED) == expected


def test_many_changes_are_counted(folders: Folders) -> None:
    """A reason names three files and how many more there are."""
    inputs = {f"note/{name}.css": "0" for name in "abcde"}
    expected = "changed: templates/note/a.css, templates/note/b.css, templates/note/c.css and 2 more"
    assert upkeep(folders, inputs=inputs).reasons(PLANNED) == (expected,)


def test_a_file_is_ours_or_edited(folders: Folders) -> None:
    """A file is edited if its content is neither the manifest's nor one that a stopped build announced."""
    assert not upkeep(folders).is_edited(PLANNED.path)
    (folders.out / PLANNED.path).write_bytes(b"mine")
    kept = Upkeep(folders, NO_CACHE, TOOLS)
    assert kept.is_edited(PLANNED.path)
    assert kept.reasons(PLANNED) == ("it was edited",)
    (folders.cache / JOURNAL).write_text(sha256(b"mine"), "utf-8")
    kept = Upkeep(folders, NO_CACHE, TOOLS)
    assert not kept.is_edited(PLANNED.path)
    assert kept.reasons(PLANNED) == ("the last build was stopped",)
    (folders.out / PLANNED.path).unlink()
    assert not kept.is_edited(PLANNED.path)
    assert kept.reasons(PLANNED) == ("it is gone",)


def test_a_journal_that_is_none_is_not_waited_for(folders: Folders) -> None:
    """A pipe in the place of the journal tells nothing."""
    found = upkeep(folders, sha256(b"made"))
    (folders.cache / JOURNAL).unlink()
    os.mkfifo(folders.cache / JOURNAL)
    assert found.journal == frozenset()


def test_fonts_go_by_their_packages(folders: Folders, tmp_path: Path) -> None:
    """Only files of the templates are inputs: a font is known by the version of its package, among the tools."""
    (tmp_path / "a.ttf").write_bytes(b"")
    inputs = {tmp_path / "a.ttf": "1", folders.templates / "note" / "note.css": "2"}
    assert input_digests(inputs, folders.templates) == {"note/note.css": "2"}
