"""Ways to break a package: what they leave alone."""

import pytest

from reports.renderers.ooxml import pack, unpack
from tests.conformance.broken import Change, cut, part

PACKAGE = pack({"word/document.xml": b"<a>harbour</a>", "word/styles.xml": b"<a/>"})


@pytest.mark.parametrize(
    ("change", "text"),
    [(part("word/doc.*", "harbour", "ship"), b"<a>ship</a>"), (cut("word/document.xml"), b"<a>harb")],
    ids=["replaced", "cut"],
)
def test_a_part_is_changed(change: Change, text: bytes) -> None:
    """One part is another, the rest is as it was."""
    assert unpack(change(PACKAGE)) == {"word/document.xml": text, "word/styles.xml": b"<a/>"}


@pytest.mark.parametrize("change", [part("word/doc.*", "ship", "harbour"), part("xl/.*", "harbour", "ship"), cut("xl/sheet.xml")])
def test_a_package_without_what_is_changed_is_left_alone(change: Change) -> None:
    """Where there is nothing to break, the same bytes come back."""
    assert change(PACKAGE) == PACKAGE
