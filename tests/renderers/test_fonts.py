"""The fonts: where they are, and what they have."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports.cache import Cache
from reports.errors import ReportsError
from reports.renderers import fonts
from reports.renderers.fonts import FONTS, Cut, check_characters, cut_font, font_file

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
    """Latin and Cyrillic letters, quotation marks and dashes are in all fonts; line ends and tabs are not drawn."""
    check_characters(f"{LETTERS}a line\nand\ta tab\r", Path("a.html.j2"))


def test_what_the_fonts_lack_is_named() -> None:
    """Characters that some font lacks, though others have them, are a problem of the template, in order, each once."""
    with pytest.raises(ReportsError) as error:
        check_characters("a 中 b 日 中 Ǝ", Path("a.html.j2"))
    assert str(error.value) == "a.html.j2: the fonts have no 'Ǝ' (U+018E), '中' (U+4E2D), '日' (U+65E5)"


def test_a_cut_font_has_what_was_asked_for() -> None:
    """A cut font has its weight, its name and its characters, and those of every text; an optical size is gone."""
    font = TTFont(BytesIO(cut_font("serif", Cut((400, 700), kind="woff2", text="Ђč"))))
    assert set(map(ord, "Az–Ђč")) <= set(font.getBestCmap())
    assert ord("Ж") not in font.getBestCmap()
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert font.flavor == "woff2"
    font = TTFont(BytesIO(cut_font("sans", Cut(600, family="Signs", features=()))))
    assert (font["OS/2"].usWeightClass, font["name"].getDebugName(1), "fvar" in font) == (600, "Signs", False)


def test_a_font_is_cut_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same cut, for a text with the same characters in any order, is kept; another is not."""
    cut: list[str] = []
    monkeypatch.setattr(fonts, "_cut", lambda name, asked: cut.append(asked.text) or b"font")
    for text in ("Ђč", "čЂč", "Ђ"):
        cut_font("sans", Cut(400, text=text), Cache(tmp_path))
    assert cut == ["Ђč", "Ђ"]
