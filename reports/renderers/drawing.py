"""An SVG file -> an element of a web page, with the shapes and texts of a drawing and nothing that a page does."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from reports.errors import Location, Problem, ReportsError
from reports.renderers.assets import Resource

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

# What Vega draws, and plain shapes beside. Not <style>, which would style the whole page, nor what runs, loads or links.
_ELEMENTS = """
svg g defs use title desc path rect circle ellipse line polyline polygon text tspan clipPath pattern linearGradient radialGradient stop
"""
# Not 'style': the page's policy gives it no effect.
_ATTRIBUTES = """
id class version lang width height viewBox preserveAspectRatio transform x y dx dy x1 y1 x2 y2 cx cy r rx ry fx fy fr d points pathLength
rotate textLength lengthAdjust offset href gradientUnits gradientTransform spreadMethod patternUnits patternTransform patternContentUnits
clipPathUnits clip-path clip-rule color display visibility overflow opacity pointer-events fill fill-opacity fill-rule stroke stroke-width
stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stop-color stop-opacity paint-order
vector-effect shape-rendering text-rendering text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift font-family
font-size font-style font-variant font-weight font-stretch letter-spacing word-spacing direction writing-mode
"""
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())
# What may take its content from elsewhere in the drawing.
LINKING = ("use", "pattern", "linearGradient", "radialGradient")
# Values are CSS, in which `\75rl(` is `url(` too.
FOREIGN = re.compile(r"\\|url\((?!\s*['\"]?\s*#)", re.IGNORECASE)


def drawing(source: Resource) -> Element:
    """Return the drawing *source* as an element of the page: its text is set in the page's fonts, its colours can be styled.

    Raises ReportsError for what is no XML, and for everything in it that is not of the listed elements and attributes.
    """
    try:
        root = ET.fromstring(source.content)  # noqa: S314 - drawn by us, or a file of the templates; expat stops bombs of entities
    except ET.ParseError as error:
        line, column = error.position
        message = f"XML syntax: {str(error).partition(': line')[0]}"
        raise ReportsError(Problem(Location(source.path, line, column + 1), message)) from None
    for element in root.iter():
        _make_plain(element)
    problems = [Problem(Location(source.path), message) for message in dict.fromkeys(_foreign(root))]
    if problems:
        raise ReportsError(*problems)
    root.set("aria-hidden", "true")
    return root


def _make_plain(element: Element) -> None:
    """Name *element* and its attributes as HTML does; leave out what only other programs read, and what the page itself says of it."""
    element.tag = element.tag.removeprefix(SVG)
    if link := element.attrib.pop(XLINK_HREF, None):
        element.attrib.setdefault("href", link)
    for name in [one for one in element.attrib if one.startswith(("{", "aria-", "role"))]:
        del element.attrib[name]


def _foreign(root: Element) -> Iterator[str]:
    """Yield what a drawing in a page may not hold."""
    if root.tag != "svg":
        yield f"is no SVG: its first element is <{root.tag}>"
    for element in root.iter():
        if element.tag not in ELEMENTS:
            yield f"the element <{element.tag}> can't stand in a drawing of a web page"
            continue
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES:
                yield f"the attribute '{name}' of <{element.tag}> can't stand in a drawing of a web page"
            elif FOREIGN.search(value) or (name == "href" and not (element.tag in LINKING and value.startswith("#"))):
                yield f"the attribute '{name}' of <{element.tag}> leads out of the drawing: '{value}'"
