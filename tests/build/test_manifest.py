"""The record of the finished files, and how a file is put in its place."""

import shutil
from pathlib import Path

import pytest

import reports
from reports.build import manifest
from reports.build.manifest import LIBRARIES, Manifest, ManifestEntry, digest_of_files, put, read_manifest, tools
from reports.files import sha256

ENTRY = ManifestEntry(sha256="a", bytes=1, pages=None, document="note", view="b", inputs={"x": "c"}, tools={"z": "1", "a": "2"})


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What is written is read back equal, and its text has sorted keys."""
    written = Manifest({"en/b.pdf": ENTRY._replace(system={"pango": "1.50"}), "en/a.pdf": ENTRY})
    (tmp_path / "manifest.json").write_text(written.to_json(), "utf-8")
    assert read_manifest(tmp_path) == written
    assert written.to_json().index("en/a.pdf") < written.to_json().index("en/b.pdf")
    assert written.to_json() == Manifest(dict(reversed(list(written.files.items())))).to_json()


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "", "{", "[]", "null", "1", "{}", '{"files": {"a": 1}}', '{"files": {"a": {"x": 1}}}', '{"files": []}'],
)
def test_an_unreadable_manifest_is_none(text: str, tmp_path: Path) -> None:
    """A manifest that is not there, broken, or another program's counts as none: everything can be made again."""
    assert read_manifest(tmp_path) == Manifest({})
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    assert read_manifest(tmp_path) == Manifest({})


def test_the_tools_are_named_with_their_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that shapes a file has its version in the manifest; any change of the program's code is another version."""
    found = manifest.tools.__wrapped__()
    assert set(found) == {"python", "reports", *LIBRARIES}
    assert all(found.values())
    assert tools() == found
    shutil.copytree(Path(reports.__file__).parent, tmp_path / "reports")
    monkeypatch.setattr(reports, "__file__", str(tmp_path / "reports" / "__init__.py"))
    assert manifest.tools.__wrapped__() == found
    (tmp_path / "reports" / "renderers" / "csv.py").write_text("", "utf-8")
    assert {name for name, version in manifest.tools.__wrapped__().items() if version != found[name]} == {"reports"}


def test_the_digest_of_several_files_tells_of_any_change(tmp_path: Path) -> None:
    """The digest of several files is another one when a content or a name is."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"1")
    seen = {digest_of_files(tmp_path, [tmp_path / "a" / "b"])}
    (tmp_path / "a" / "b").write_bytes(b"2")
    seen |= {digest_of_files(tmp_path, [tmp_path / "a" / "b"])}
    (tmp_path / "a" / "b").rename(tmp_path / "a" / "c")
    seen |= {digest_of_files(tmp_path, [tmp_path / "a" / "c"])}
    assert len(seen) == 3


@pytest.mark.parametrize("before", [b"old", None])
def test_an_entry_has_both_digests_while_its_file_is_written(before: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file is replaced, the manifest on the disk tells of the old content and of the new one; then of the new one alone."""
    old, new = ENTRY._replace(sha256=sha256(b"old")), ENTRY._replace(sha256=sha256(b"new"), bytes=3)
    told = Manifest({"a.pdf": old} if before else {})
    if before:
        (tmp_path / "a.pdf").write_bytes(before)
    seen: list[tuple[str, str, str]] = []
    write_whole = manifest.write_whole

    def write(path: Path, content: bytes) -> None:
        write_whole(path, content)
        entry = read_manifest(tmp_path).files["a.pdf"]
        seen.append((path.name, entry.sha256, entry.writing))

    monkeypatch.setattr(manifest, "write_whole", write)
    told = put(tmp_path, told, "a.pdf", b"new", new)
    standing = sha256(b"old") if before else ""
    both, one = (standing, new.sha256), (new.sha256, "")
    assert seen == [("manifest.json", *both), ("a.pdf", *both), ("manifest.json", *one)]
    assert told == read_manifest(tmp_path) == Manifest({"a.pdf": new})
    assert (tmp_path / "a.pdf").read_bytes() == b"new"


def test_the_digest_that_stands_is_that_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build that was killed has written, and no entry called finished, still counts as ours while it is replaced."""
    (tmp_path / "a.pdf").write_bytes(b"newer")
    told = Manifest({"a.pdf": ENTRY._replace(sha256=sha256(b"old"), writing=sha256(b"newer"))})
    monkeypatch.setattr(manifest, "write_whole", lambda path, content: write_until(path, content, "a.pdf"))
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, told, "a.pdf", b"old", ENTRY._replace(sha256=sha256(b"old")))
    entry = read_manifest(tmp_path).files["a.pdf"]
    assert (entry.sha256, entry.writing) == (sha256(b"newer"), sha256(b"old"))


def write_until(path: Path, content: bytes, name: str) -> None:
    """Write *content*, unless the name of the file is *name*: then be stopped."""
    if path.name == name:
        raise KeyboardInterrupt
    path.write_bytes(content)
