"""HTML that is well-formed XML, and in which a parser of HTML would mend nothing -> its tree, in a tenth of the time.

Whoever parses HTML has to know what closes what (https://html.spec.whatwg.org/multipage/parsing.html). Of what templates print nearly all
is so plain that nothing is closed but by its own tag: then expat, which is in Python and written in C, makes the same tree.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from typing import cast
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

DOCTYPE = re.compile(r"[ \t\n]*<!doctype html>", re.IGNORECASE)
VOID = re.compile(r"<((?:br|col|img|input|link|meta|wbr)\b(?:[^<>\"]|\"[^\"]*\")*)>")
BARE = re.compile(r"(<(?:[^<>\"]|\"[^\"]*\")*? (?:hidden|popover))(?=[ >])")  # an attribute without a value
# What XML reads otherwise than HTML: what is closed at once, what is no text, or would be none, quotes that are not sought above,
# characters by numbers other than those of quotes, and the end of a line in an attribute.
OTHERWISE = re.compile(r"""/>|<\?|<!\[|<!---?>|<(?:script|title)\b[^>]*>[^<]*<!|='|&\#(?!3[49];)|="[^"<]*[\n\r\t]""")
SPACES = " \t\n"
STRETCH = 1_000_000  # characters that are parsed at once: a long page as a whole would be there five times

HEADINGS = ("h1", "h2", "h3", "h4")
INLINE = {"a", "br", "button", "del", "em", "img", "input", "ins", "label", "output", "select", "span", "strong", "wbr"}
BLOCKS = {"aside", "blockquote", "div", "footer", "form", "header", "main", "nav", "search", "section"}
FLOW = {*INLINE, *BLOCKS, *HEADINGS, "details", "fieldset", "figure", "ol", "p", "table", "ul"}
# The elements that may stand in each, so that none closes another; what is not here is left to a parser of HTML.
CONTENT: Mapping[str, Set[str]] = {
    "html": {"body", "head"},
    "head": {"link", "meta", "script", "title"},
    "body": {*FLOW, "script"},
    **dict.fromkeys((*BLOCKS, "figcaption", "li", "td", "th"), FLOW),
    "details": {*FLOW, "summary"},
    "fieldset": {*FLOW, "legend"},
    "figure": {*FLOW, "figcaption"},
    **dict.fromkeys((*INLINE, *HEADINGS, "caption", "legend", "p"), INLINE),
    "summary": {*INLINE, *HEADINGS},
    "select": {"option"},
    "ol": {"li"},
    "ul": {"li"},
    "table": {"caption", "colgroup", "tbody", "thead"},
    "colgroup": {"col"},
    "tbody": {"tr"},
    "thead": {"tr"},
    "tr": {"td", "th"},
    **dict.fromkeys(("col", "link", "meta", "option", "script", "title"), frozenset()),
}
WITHOUT_TEXT = {"colgroup", "head", "html", "script", "table", "tbody", "thead", "tr"}
NOT_WITHIN_ITSELF = ("a", "button", "form")


def parse_wellformed(text: str) -> Element | None:
    """Return the tree that a parser of HTML makes of *text*, comments left out; None if it might be another one."""
    if not (doctype := DOCTYPE.match(text)) or OTHERWISE.search(text):
        return None
    end = text.rfind("</html>") + len("</html>")
    behind = text[end:]
    if behind.strip(SPACES):
        return None
    known: dict[str, str] = {}
    root: Element | None = None
    with suppress(ET.ParseError):
        for root in _elements(_stretches(text, doctype.end(), end)):
            if not _is_plain(root, known):
                return None
        if root is not None and [child.tag for child in root] == ["head", "body"] and not _is_within_itself(root):
            _move_spaces(root, behind)
            return root
    return None


def _elements(stretches: Iterable[str]) -> Iterator[Element]:
    """Yield each element of *stretches* of a page as soon as it has ended: the next stretch fills the gaps of what is let go of it."""
    parser: ET.XMLPullParser[Element] = ET.XMLPullParser(["end"])
    for stretch in stretches:
        parser.feed(BARE.sub(r'\1=""', VOID.sub(r"<\1/>", stretch)))
        yield from _ended(parser)
    parser.close()
    yield from _ended(parser)


def _ended(parser: "ET.XMLPullParser[Element]") -> Iterator[Element]:
    """Yield the elements that have ended since *parser* was asked last."""
    yield from (element for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()))


def _stretches(text: str, start: int, end: int) -> Iterator[str]:
    """Yield *text* from *start* to *end* in stretches, none of which ends within a tag: no attribute has a line of its own."""
    while start < end:
        cut = text.find("\n<", start + STRETCH, end)
        stop = end if cut < 0 else cut
        yield text[start:stop]
        start = stop


def _is_plain(element: Element, known: dict[str, str]) -> bool:
    """Tell whether *element* has nothing that a parser of HTML reads otherwise, or puts elsewhere; let *known* texts stand for equal ones.

    Most texts of a long page, and most values of attributes, are there many times.
    """
    allowed, share = CONTENT.get(element.tag), known.setdefault
    if allowed is None:
        return False
    texts = []
    if text := element.text:
        element.text = share(text, text)
        texts.append(text)
    for child in element:
        if child.tag not in allowed:
            return False
        if tail := child.tail:
            child.tail = share(tail, tail)
            texts.append(tail)
    for name, value in element.items():
        if not name.islower():
            return False
        element.set(name, share(value, value))
    return element.tag not in WITHOUT_TEXT or not "".join(texts).strip(SPACES)


def _is_within_itself(root: Element) -> bool:
    return any(element.find(f".//{tag}") is not None for tag in NOT_WITHIN_ITSELF for element in root.iter(tag))


def _move_spaces(root: Element, behind: str) -> None:
    """Put the spaces between the outermost elements, and *behind* them, where a parser of HTML puts them: the last ones into the body."""
    body = root[1]
    behind = (body.tail or "") + behind
    root.text = body.tail = None
    if len(body):
        body[-1].tail = (body[-1].tail or "") + behind
    else:
        body.text = (body.text or "") + behind
