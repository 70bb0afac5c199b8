"""Up to date or not, edited or not, as made or not: told by digests. What a build makes of it is tested with the build."""

from pathlib import Path
from typing import Any

import pytest

from reports.build.build import BuildOptions, build
from reports.build.manifest import MANIFEST, Manifest, ManifestEntry
from reports.build.plan import Folders, OutputFile
from reports.build.staleness import Staleness, Verdict, verify
from reports.cache import NO_CACHE
from reports.errors import ReportsError
from reports.files import sha256
from tests.conftest import Show, edit

OUTPUT = OutputFile("ruritania", "note", "en", "note/note.html.j2", "en/note.pdf", "view")
TOOLS = {"weasyprint": "1"}


def staleness(folders: Folders, content: bytes = b"made", **changed: Any) -> Staleness:
    """Return the staleness of a folder whose manifest tells of one file, and whose file has *content*."""
    style = folders.templates / "note" / "note.css"
    inputs = {"note/note.css": sha256(style.read_bytes())}
    fields = {"sha256": sha256(b"made"), "bytes": 4, "pages": 1, "document": "note", "view": "view", "inputs": inputs, "tools": TOOLS}
    (folders.out / "en").mkdir(parents=True, exist_ok=True)
    (folders.out / MANIFEST).write_text(Manifest({OUTPUT.path: ManifestEntry(**{**fields, **changed})}).to_json(), "utf-8")
    (folders.out / OUTPUT.path).write_bytes(content)
    return Staleness(folders, NO_CACHE, TOOLS)


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
    assert staleness(folders, **changed).reasons(OUTPUT) == expected


def test_many_changes_are_counted(folders: Folders) -> None:
    """A reason names three files and how many more there are."""
    inputs = {f"note/{name}.css": "0" for name in "abcde"}
    expected = "changed: templates/note/a.css, templates/note/b.css, templates/note/c.css and 2 more"
    assert staleness(folders, inputs=inputs).reasons(OUTPUT) == (expected,)


@pytest.mark.parametrize(
    ("content", "reason", "edited"),
    [(b"made", "the last build was stopped", False), (b"making", "the last build was stopped", False), (b"mine", "it was edited", True)],
)
def test_a_file_is_ours_or_edited(content: bytes, reason: str, edited: bool, folders: Folders) -> None:
    """A file is edited if its content is neither what was written nor what was being written; what a stopped build left is made again."""
    found = staleness(folders, content, writing=sha256(b"making"))
    assert (found.is_edited(OUTPUT.path), found.reasons(OUTPUT)) == (edited, (reason,))


def test_a_file_that_is_not_there_is_not_edited(folders: Folders) -> None:
    """A file that is gone, or a folder in its place, is nobody's work; a link to nowhere is."""
    found = staleness(folders)
    (folders.out / OUTPUT.path).unlink()
    assert (found.is_edited(OUTPUT.path), found.reasons(OUTPUT)) == (False, ("it is gone",))
    (folders.out / OUTPUT.path).symlink_to("nowhere")
    assert found.is_edited(OUTPUT.path)
    (folders.out / OUTPUT.path).unlink()
    (folders.out / OUTPUT.path).mkdir()
    assert not found.is_edited(OUTPUT.path)


def test_a_file_that_was_never_finished_was_never_made(folders: Folders) -> None:
    """An entry of a first build that was killed is neither up to date nor a file to verify."""
    found = staleness(folders, sha256="", writing=sha256(b"made"))
    assert (found.is_edited(OUTPUT.path), found.reasons(OUTPUT)) == (False, ("it was never made",))
    with pytest.raises(ReportsError):
        verify(folders.out)


# Verdicts


def verdicts(folder: Path, folders: Folders | None = None) -> dict[str, Verdict]:
    return {path.name: verdict for path, verdict in verify(folder, folders).items()}


def test_each_file_has_its_verdict(quick_folders: Folders) -> None:
    """As made, edited, missing, or of an older dataset: the last only where there are data to compare with."""
    build(quick_folders, BuildOptions())
    out, as_made = quick_folders.out, {"note.csv": Verdict.AS_MADE, "short.csv": Verdict.AS_MADE}
    assert verdicts(out) == verdicts(out, quick_folders) == as_made
    edit(quick_folders.data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")
    assert verdicts(out) == as_made
    assert verdicts(out, quick_folders) == {"note.csv": Verdict.OLDER, "short.csv": Verdict.OLDER}
    (out / "en" / "note.csv").write_bytes(b"mine")
    (out / "en" / "short.csv").unlink()
    assert verdicts(out) == verdicts(out, quick_folders) == {"note.csv": Verdict.EDITED, "short.csv": Verdict.MISSING}


def test_without_a_manifest_there_is_no_verdict(tmp_path: Path, show: Show) -> None:
    """A folder that holds no manifest is a problem, not a folder in which all is well."""
    with pytest.raises(ReportsError) as error:
        verify(tmp_path)
    assert show(error.value.problems) == ["manifest.json: is missing or can't be read: it tells what was made"]
