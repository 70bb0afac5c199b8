"""Texts from right to left in drawings."""

import re
from xml.etree import ElementTree as ET

import uharfbuzz

from reports.renderers.outlines import SVG, outlined
from reports.renderers.vega import font
from tests.arabic import FONT

FONTS = (font(), FONT.read_bytes())
TEXT = (
    '<svg xmlns="http://www.w3.org/2000/svg">'
    '<text {0}transform="translate(9,9)" font-size="10px" fill="red">{1}</text><text>NATO</text></svg>'
)


def outline(text: str, attributes: str = "", is_rtl: bool = True) -> ET.Element:
    """Return the group in which the outlines of *text* stand."""
    made, missing = outlined(TEXT.format(attributes, text), FONTS, is_rtl)
    assert not missing
    return ET.fromstring(made)[0]


def path(text: str, attributes: str = "", is_rtl: bool = True) -> tuple[str, float]:
    """Return the outlines of *text*, and how far they are moved."""
    (drawn,) = outline(text, attributes, is_rtl)
    return drawn.get("d", ""), float(re.findall(r"[-\d.]+", drawn.get("transform", ""))[0])


def starts(text: str) -> list[float]:
    """Return where each outline of *text* begins, from the left."""
    return [float(place) for place in re.findall(r"M(-?[\d.]+)", path(text)[0])]


def advance(text: str) -> float:
    """Return how wide *text* is in Arabic letters of 10, as HarfBuzz joins them."""
    buffer, face = uharfbuzz.Buffer(), uharfbuzz.Face(FONTS[1])
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(face), buffer)
    return float(sum(position.x_advance for position in buffer.glyph_positions) * 10 / face.upem)


def test_only_texts_from_right_to_left_become_outlines() -> None:
    """All others stay texts; what the text has beside its letters stays too."""
    made = outline("اتفاق")
    assert (made.tag, made.attrib) == (f"{{{SVG}}}g", {"transform": "translate(9,9)", "fill": "red"})
    drawing = TEXT.format("", "اتفاق")
    assert [text.text for text in ET.fromstring(outlined(drawing, FONTS, False)[0]).iter(f"{{{SVG}}}text")] == ["NATO"]
    plain = TEXT.format("", "č ć")
    assert outlined(plain, FONTS, True) == (plain, frozenset())


def test_letters_stand_in_their_order_and_are_joined() -> None:
    """The first letter is the rightmost, and takes another shape where one follows it."""
    (alef,), (dal,) = starts("ا"), starts("د")
    assert starts("دا") == [alef, round(advance("ا") + dal, 2)]  # which join nothing behind them
    assert len(path("بب")[0]) != 2 * len(path("ب")[0])


def test_numbers_and_names_go_from_left_to_right() -> None:
    """They begin a line at the right if the language does, and at the left in another; without one of them, its letters tell."""
    alef, _ = path("ا")
    begins = [path(text, is_rtl=is_rtl)[0].startswith(alef) for text in ("NATO ا", "2010 ا") for is_rtl in (True, False)]
    assert begins == [True, False, True, True]


def test_a_text_begins_ends_or_has_its_middle_at_its_place() -> None:
    """As it is anchored."""
    width = advance("اتفاق")
    moved = [path("اتفاق", anchor)[1] for anchor in ("", 'text-anchor="middle" ', 'text-anchor="end" ')]
    assert [round(value, 1) for value in moved] == [0, round(-width / 2, 1), round(-width, 1)]


def test_bold_letters_are_bold() -> None:
    """By the weight of the text, where the font has it."""
    assert path("ا", 'font-weight="600" ')[0] != path("ا")[0]


def test_letters_that_no_font_has_are_told() -> None:
    """The drawing stays as it is then."""
    assert path("ب\u200cب")[0] != path("بب")[0]  # joiners are in none, and do their work
    drawing = TEXT.format("", "ا \U0001e900")
    assert outlined(drawing, FONTS, True) == (drawing, frozenset("\U0001e900"))
