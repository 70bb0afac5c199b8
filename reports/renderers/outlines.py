"""Texts of a drawing that are written from right to left -> their outlines.

WeasyPrint 70 sets a text of an SVG letter by letter from the left: Arabic letters lose their joints, and stand in the wrong order.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reports.renderers.direction import kinds, placed
from reports.renderers.fonts import Fonts, characters_of

if TYPE_CHECKING:
    import uharfbuzz

SVG = "http://www.w3.org/2000/svg"
BOLD = {"normal": "400", "bold": "700"}
ANCHORS = {"middle": 0.5, "end": 1.0}  # the part of a text that stands before its place
FONT = re.compile("font-|text-anchor")  # attributes that outlines have no use for

ET.register_namespace("", SVG)


def outlined(drawing: str, fonts: Sequence[bytes], is_rtl: bool) -> tuple[str, frozenset[str]]:
    """Return the SVG *drawing* with its texts in letters that go from right to left as outlines, and their characters that no font has.

    Each letter is of the first of *fonts* that has it. *is_rtl* tells that the language around is written from right to left. All other
    texts stay texts.
    """
    root = ET.fromstring(drawing)  # noqa: S314 - drawn by us
    texts = [text for text in root.iter(f"{{{SVG}}}text") if "R" in kinds("".join(text.itertext()))]
    charts = Fonts({str(number): characters_of(font) for number, font in enumerate(fonts)})
    missing = charts.missing("".join(letter for text in texts for letter in text.itertext()))
    if not texts or missing:
        return drawing, missing
    for text in texts:
        _outline(text, fonts, is_rtl)
    return ET.tostring(root, encoding="unicode"), frozenset()


def _outline(text: ET.Element, fonts: Sequence[bytes], is_rtl: bool) -> None:
    """Make the element *text* a group with its outlines."""
    line, size = "".join(text.itertext()), float(text.get("font-size", "16").removesuffix("px"))
    weight = float(BOLD.get(text.get("font-weight", "400"), text.get("font-weight", "400")))
    anchor = ANCHORS.get(text.get("text-anchor", ""), 0)
    first = next(kind for kind in kinds(line) if kind in "LR")
    width, paths = _paths(placed(line, is_rtl or first == "R"), [_shaper(font, weight) for font in fonts], size)
    tail, attributes = text.tail, {name: value for name, value in text.attrib.items() if not FONT.match(name)}
    text.clear()
    text.tag, text.tail, text.attrib = f"{{{SVG}}}g", tail, attributes
    place = ET.SubElement(text, f"{{{SVG}}}path", {"d": paths})
    place.set("transform", f"translate({-anchor * width:.2f},0)")


def _paths(parts: Sequence[tuple[str, bool]], shapers: "Sequence[uharfbuzz.Font]", size: float) -> tuple[float, str]:
    """Return how wide *parts* are side by side, in letters of *size*, and their outlines."""
    import uharfbuzz
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    pen, x = SVGPathPen(None, ntos=lambda value: f"{value:.2f}"), 0.0
    for part, goes_left in parts:
        for shaper, letters in _by_font(part, goes_left, shapers):
            buffer, scale = uharfbuzz.Buffer(), size / shaper.face.upem
            buffer.add_str(letters)
            buffer.guess_segment_properties()
            buffer.direction = "rtl" if goes_left else "ltr"
            uharfbuzz.shape(shaper, buffer)
            for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
                place = (scale, 0, 0, -scale, x + position.x_offset * scale, -position.y_offset * scale)
                shaper.draw_glyph_with_pen(glyph.codepoint, TransformPen(pen, place))
                x += position.x_advance * scale
    return x, pen.getCommands()


def _by_font(part: str, goes_left: bool, shapers: "Sequence[uharfbuzz.Font]") -> "Iterator[tuple[uharfbuzz.Font, str]]":
    """Yield the letters of *part* that stand side by side, from left to right, in the first font that has them.

    Signs and marks go with the letters before them, if their font has them too.
    """
    number, numbers = -1, list[int]()
    for letter in part:
        held = [index for index, shaper in enumerate(shapers) if shaper.get_nominal_glyph(ord(letter))]
        if number not in held or letter.isalpha():
            number = held[0] if held else max(number, 0)  # a joiner has no shape, and is in no font
        numbers.append(number)
    grouped = groupby(zip(numbers, part, strict=True), lambda pair: pair[0])
    runs = [(shapers[number], "".join(letter for _, letter in run)) for number, run in grouped]
    yield from reversed(runs) if goes_left else runs


def _shaper(font: bytes, weight: float) -> "uharfbuzz.Font":
    import uharfbuzz

    shaper = uharfbuzz.Font(uharfbuzz.Face(font))
    shaper.set_variations({"wght": weight})
    return shaper
