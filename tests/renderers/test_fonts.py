"""The fonts: where they are, and what they have."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports.renderers.fonts import FONTS, font_file, missing_characters
from tests.conftest import TINY

LETTERS = "čćđšžČĆĐŠŽ" + "".join(map(chr, range(0x0400, 0x0460))) + "–—‘’“”„…•·×§€°\u00a0\u2009"


@pytest.mark.parametrize("name", FONTS)
def test_a_font_comes_from_its_package(name: str) -> None:
    """Every font is a file of a package, never the system's, and the family that style sheets name."""
    path = font_file(name)
    assert "site-packages" in path.parts
    with TTFont(path, lazy=True) as font:
        family = font["name"].getBestFamilyName()
    assert family.replace(" VF", "").startswith(("Source Sans 3", "Source Serif 4"))


def test_an_unknown_font() -> None:
    """A name that is none of ours has no file."""
    with pytest.raises(KeyError):
        font_file("comic")


def test_the_fonts_have_the_letters_of_the_country() -> None:
    """Latin and Cyrillic letters, quotation marks and dashes are in all fonts."""
    assert missing_characters(LETTERS) == []
    assert missing_characters("a line\nand\ta tab\r") == []


def test_what_the_fonts_lack_is_named() -> None:
    """Characters that some font lacks come in order, each once."""
    assert missing_characters("a 中 b 日 中 \U0001f600") == ["中", "日", "\U0001f600"]


def test_the_tiny_data_can_be_set() -> None:
    """The texts of the tiny data are in the fonts, or the PDF would not have them."""
    texts = [path.read_text("utf-8") for path in Path(TINY / "data").rglob("*.yaml")]
    assert len(texts) > 10
    assert missing_characters("".join(texts)) == []
