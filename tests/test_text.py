"""What a text may hold, and how a text is shown to people."""

import sys
import unicodedata
from xml.etree import ElementTree as ET

import pytest

from reports.text import NOT_TEXT, NOT_WRITABLE, named, shown

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
# Characters of Unicode's category "format" that are seen (https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-9/):
# they stand before numbers in Arabic, Syriac and Kaithi, or arrange Egyptian signs and musical ones.
SEEN = {*map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)), *map(chr, range(0x13430, 0x13440))}
SHAPING = {"\N{SOFT HYPHEN}", "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}


def test_what_nobody_sees_is_no_text() -> None:
    """Every control, and every character of formatting that neither is seen nor shapes a letter, is refused; no other letter is."""
    categories = {one: unicodedata.category(one) for one in EVERY}
    unseen = {one for one, category in categories.items() if category in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\t", "\n"} - SEEN - SHAPING
    refused = {one for one in EVERY if NOT_TEXT.match(one)}
    assert len(unseen) > 2000
    assert unseen - refused == set()
    assert {one for one in refused - unseen if categories[one] not in ("Cn", "Mn")} == set("\u115f\u1160\u3164\uffa0"), "fillers"


@pytest.mark.parametrize(
    "text", ["no\u00a0break", "soft\u00adhyphen", "نمی\u200cخواهم", "क्\u200dष", "葛\U000e0100", "č ć đ š ž", "Ђ", "中 \U0001f600"]
)
def test_what_is_seen_or_shapes_a_letter_is_text(text: str) -> None:
    """Letters of every script with what joins and varies them, spaces that are seen, and a hint where a word may be divided."""
    assert not NOT_TEXT.search(text)


def test_what_xml_cannot_hold_is_not_writable() -> None:
    """A parser of XML takes exactly the characters that are writable, and whatever is a text is writable."""
    for one in map(chr, (*range(0x3000), *range(0xD700, 0xE100), *range(0xFF00, 0x10100), 0x10FFFF)):
        try:
            ET.fromstring(f"<a>&#{ord(one)};</a>".encode())
        except ET.ParseError:
            assert NOT_WRITABLE.match(one)
            assert NOT_TEXT.match(one)
        else:
            assert not NOT_WRITABLE.match(one)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E (right-to-left override)"),
        ("\x1b", "U+001B (a control character)"),
        ("\ufffe", "U+FFFE (no character)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
    ],
)
def test_a_character_is_named_as_people_look_it_up(character: str, name: str) -> None:
    """A character that nobody sees has its code point and its name."""
    assert named(character) == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("č\u00a0Ђ 中", "č\u00a0Ђ 中"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31m\x07", "\\x1b[31m\\x07"),
        ("\u202ecod.exe\ud800", "\\u202ecod.exe\\ud800"),
        ("a" * 1000, "a" * 1000),
        ("a" * 10_000 + "b" * 10_000, "a" * 700 + " … " + "b" * 250),
    ],
)
def test_a_text_is_shown_as_a_line_that_commands_nothing(text: str, line: str) -> None:
    """A terminal gets one line of sane length, and no commands."""
    assert shown(text) == line
