"""The record of what was made."""

import pytest

from reports.manifest import LIBRARIES, Made, Manifest, read_manifest, sha256, tools

MADE = Made(sha256="a", bytes=1, pages=None, document="note", view="b", inputs={"x": "c"})


def test_a_manifest_is_read_as_it_was_written() -> None:
    """What is written is read back equal, and its text has sorted keys."""
    manifest = Manifest({"en/b.pdf": MADE, "en/a.pdf": MADE}, {"z": "1", "a": "2"})
    text = manifest.to_json()
    assert read_manifest(text) == manifest
    assert text.index("en/a.pdf") < text.index("en/b.pdf")
    assert text == Manifest(dict(reversed(manifest.files.items())), dict(reversed(manifest.tools.items()))).to_json()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "",
        "{",
        "[]",
        "null",
        "1",
        "{}",
        '{"files": {"a": 1}, "tools": {}}',
        '{"files": {"a": {"x": 1}}, "tools": {}}',
        '{"files": []}',
    ],
)
def test_an_unreadable_manifest_is_none(text: str) -> None:
    """A manifest that is broken, or another program's, counts as none: everything can be made again."""
    assert read_manifest(text) == Manifest({}, {})


def test_the_tools_are_named_with_their_versions() -> None:
    """Everything that shapes a file has its version in the manifest."""
    found = tools()
    assert set(found) == {"reports", *LIBRARIES}
    assert all(found.values())


def test_a_digest_is_sha_256() -> None:
    """The digest is the one that `sha256sum` prints (FIPS 180-4, the empty message)."""
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
