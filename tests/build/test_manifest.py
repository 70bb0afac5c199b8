"""The record of what was made."""

import json
import shutil
from pathlib import Path

import pytest

import reports
from reports import manifest
from reports.build.manifest import LIBRARIES, Manifest, ManifestEntry, digest_of_files, read_manifest, tools
from reports.files import digest_of, sha256

MADE = ManifestEntry(sha256="a", bytes=1, pages=None, document="note", view="b", inputs={"x": "c"}, tools={"z": "1", "a": "2"})


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What is written is read back equal, and its text has sorted keys."""
    written = Manifest({"en/b.pdf": MADE, "en/a.pdf": MADE})
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


@pytest.mark.parametrize(
    ("field", "value"),
    [("inputs", []), ("inputs", {"a": 1}), ("tools", None), ("tools", "a"), ("sha256", None), ("bytes", "1"), ("pages", ""), ("view", {})],
)
def test_an_entry_of_wrong_types_is_none(field: str, value: object, tmp_path: Path) -> None:
    """A manifest that is JSON, but not what we write, counts as none too."""
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"a": vars(MADE) | {field: value}}}), "utf-8")
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
    assert {name for name, one in manifest.tools.__wrapped__().items() if one != found[name]} == {"reports"}


def test_a_digest_is_sha_256() -> None:
    """The digest is the one that `sha256sum` prints (FIPS 180-4, the empty message)."""
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_digest_tells_of_any_change(tmp_path: Path) -> None:
    """Of a file by its content, of several by their names too; what is not there, or is no file, has none."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"1")
    assert digest_of(tmp_path / "a" / "b", tmp_path) == sha256(b"1")
    assert digest_of(tmp_path / "c", tmp_path) == ""
    assert digest_of(tmp_path / "a" / "b", tmp_path / "c") == "", "what lies elsewhere is not read"
    assert digest_of(tmp_path / "a\0b", tmp_path) == ""
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2**40)  # a terabyte, of which the disk holds nothing
    assert digest_of(tmp_path / "large", tmp_path) == "", "what is too large is not read"
    (tmp_path / "large").unlink()
    assert digest_of(tmp_path / "a", tmp_path) == ""
    seen = {digest_of_files(tmp_path, [tmp_path / "a" / "b"])}
    (tmp_path / "a" / "b").write_bytes(b"2")
    seen |= {digest_of_files(tmp_path, [tmp_path / "a" / "b"])}
    (tmp_path / "a" / "b").rename(tmp_path / "a" / "c")
    seen |= {digest_of_files(tmp_path, [tmp_path / "a" / "c"])}
    assert len(seen) == 3
