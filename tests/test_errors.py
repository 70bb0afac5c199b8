"""Problems and their places, and the characters of a text."""

import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.errors import NOT_TEXT, NOT_WRITABLE, Location, Problem, ReportsError, character_name, did_you_mean, one_line


def test_problems_come_in_order_and_once_as_editors_read_them() -> None:
    """Problems are sorted by file, line as a number, and column, none is said twice, and a place has the parts that are known."""
    places = [Location(Path("data/a.yaml"), *place) for place in ((), (9, 1), (10,))]
    whole, early, late = (Problem(place, word) for place, word in zip(places, ("whole", "early", "late"), strict=True))
    assert ReportsError(late, early, whole, late).problems == (whole, early, late)
    assert str(ReportsError(late, early, whole)) == "data/a.yaml: whole\ndata/a.yaml:9:1: early\ndata/a.yaml:10: late"


def test_the_nearest_word_is_named_if_one_is_near() -> None:
    """A misspelt word brings the nearest known one, a strange word none."""
    assert did_you_mean("sourse", ["source", "locator"]) == " (did you mean 'source'?)"
    assert did_you_mean("xyz", ["source", "locator"]) == ""


EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
# Characters of Unicode's category "format" that are seen (https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-9/):
# they stand before numbers in Arabic, Syriac and Kaithi, or arrange Egyptian signs and musical ones.
SEEN = {*map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)), *map(chr, range(0x13430, 0x13440))}
SHAPING = {"\N{SOFT HYPHEN}", "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}


def test_what_nobody_sees_is_no_text() -> None:
    """Every control, and every character of formatting that neither is seen nor shapes a letter, is refused; no other letter is."""
    categories = {character: unicodedata.category(character) for character in EVERY}
    unseen = {each for each, category in categories.items() if category in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\t", "\n"} - SEEN - SHAPING
    refused = set(NOT_TEXT.findall("".join(EVERY)))
    assert len(unseen) > 2000
    assert unseen - refused == set()
    assert {each for each in refused - unseen if categories[each] not in ("Cn", "Mn")} == set("\u115f\u1160\u3164\uffa0"), "fillers"


def test_what_is_seen_or_shapes_a_letter_is_text() -> None:
    """Letters of every script with what joins and varies them, spaces that are seen, and a hint where a word may be divided."""
    texts = ("no\u00a0break", "soft\u00adhyphen", "نمی\u200cخواهم", "क्\u200dष", "葛\U000e0100", "č ć đ š ž", "Ђ", "中 \U0001f600")
    assert [text for text in texts if NOT_TEXT.search(text)] == []


def test_what_xml_cannot_hold_is_not_writable() -> None:
    """A parser of XML takes exactly the characters that are writable, and whatever is a text is writable."""
    for character in map(chr, (*range(0x3000), *range(0xD700, 0xE100), *range(0xFF00, 0x10100), 0x10FFFF)):
        try:
            ET.fromstring(f"<a>&#{ord(character)};</a>".encode())
        except ET.ParseError:
            assert NOT_WRITABLE.match(character)
            assert NOT_TEXT.match(character)
        else:
            assert not NOT_WRITABLE.match(character)


def test_a_character_is_named_as_people_look_it_up() -> None:
    """A character that nobody sees has its code point and its name."""
    assert character_name("\u202e") == "U+202E (right-to-left override)"
    assert character_name("\x1b") == "U+001B (a control character)"
    assert character_name("\ufffe") == "U+FFFE (no character)"
    assert character_name("\U000e0041") == "U+E0041 (tag latin capital letter a)"


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
    assert one_line(text) == line
