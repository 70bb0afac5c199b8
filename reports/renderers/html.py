"""The HTML subset that all formats share: what templates may make, and the checks of it.

Every format can show these elements, and a screen reader can announce them. A document that keeps to them has a title and a
language, headings that skip no level, tables with captions and header cells, images with alternative text, and links that lead
somewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from reports.errors import NOT_WRITABLE, Location, Problem, ReportsError, character_name
from reports.renderers.locale import is_right_to_left

COMMON = frozenset({"id", "class", "lang", "dir"})
ELEMENTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("html", "head", "body", "main", "header", "footer", "nav", "section", "aside", "div", "span"), frozenset()),
    **dict.fromkeys(("title", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "em", "strong", "br"), frozenset()),
    **dict.fromkeys(("table", "caption", "thead", "tbody", "td", "colgroup", "col", "figure", "figcaption"), frozenset()),
    "meta": frozenset({"charset", "name", "content"}),
    "link": frozenset({"rel", "href", "media"}),
    "tr": frozenset({"data-areas", "data-frameworks", "data-years"}),
    "th": frozenset({"scope"}),
    "a": frozenset({"href", "title"}),
    "img": frozenset({"src", "alt"}),
}
# What only a web page has: a form that a script of the page answers, and where a long address may break.
ON_SCREEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("fieldset", "legend", "output", "wbr"), frozenset()),
    "form": frozenset({"hidden"}),
    "label": frozenset({"for"}),
    "select": frozenset({"name"}),
    "option": frozenset({"value"}),
    "button": frozenset({"type"}),
    "script": frozenset({"src"}),
}
HEADINGS = ("h1", "h2", "h3", "h4")


def parse_html(text: str) -> Element:
    """Return the root element of *text*, its comments left out."""
    root: Element = tinyhtml5.parse(text, namespace_html_elements=False)
    for parent in root.iter():
        for index, child in reversed(list(enumerate(parent))):
            if not isinstance(child.tag, str):  # a comment; the text behind it moves up to what stands before it
                if index:
                    parent[index - 1].tail = (parent[index - 1].tail or "") + (child.tail or "")
                else:
                    parent.text = (parent.text or "") + (child.tail or "")
                del parent[index]
    return root


def set_directions(element: Element, around: str = "ltr") -> None:
    """Give *element* and what is in it the direction of their languages, where it is not the one *around* them and none is given.

    A title in Arabic is then a piece of its own in an English line: "[12] title, 2010".
    """
    language = element.get("lang")
    by_language = around if language is None else "rtl" if is_right_to_left(language) else "ltr"
    direction = element.get("dir", by_language)
    if direction != around:
        element.set("dir", direction)
    for child in element:
        set_directions(child, direction)


def check_html(root: Element, template: Path, more: Mapping[str, frozenset[str]] = {}) -> None:
    """Raise ReportsError with everything in *root*, which *template* made, that is neither in the subset nor in *more*."""
    messages = [*check_elements(root, {**ELEMENTS, **more}), *(message for check in CHECKS for message in check(root))]
    if messages:
        raise ReportsError(*(Problem(Location(template), message) for message in messages))


def share(column: Element) -> int | None:
    """Return the part of a table's width that *column*, a <col>, takes, 25 per cent with the class w25; None if it takes what is left."""
    match = re.search(r"\bw(\d{1,2})\b", column.get("class", ""))
    return int(match[1]) if match else None


def text_of(element: Element) -> str:
    """Return the text in *element*, spaces collapsed."""
    return " ".join("".join(element.itertext()).split())


def check_characters(root: Element) -> Iterator[str]:
    """Only characters that every format can hold."""
    texts = [text for element in root.iter() for text in (element.text, element.tail, *element.attrib.values()) if text]
    for character in sorted(set(NOT_WRITABLE.findall("".join(texts)))):
        yield f"the character {character_name(character)} can't be held by every format"


def check_elements(root: Element, known: Mapping[str, frozenset[str]] = ELEMENTS) -> Iterator[str]:
    """Only the *known* elements, with their attributes."""
    for element in root.iter():
        if element.tag not in known:
            yield f"the element <{element.tag}> is not in the HTML subset that all formats share"
            continue
        for name in element.attrib.keys() - COMMON - known[element.tag]:
            yield f"the attribute '{name}' of <{element.tag}> is not in the HTML subset that all formats share"


def check_head(root: Element) -> Iterator[str]:
    """A language and a title."""
    if not root.get("lang"):
        yield "<html> has no 'lang'"
    if not any(map(text_of, root.findall("head/title"))):
        yield "there is no <title>"


def check_headings(root: Element) -> Iterator[str]:
    """Headings skip no level, and none is empty."""
    level = 0
    for heading in (element for element in root.iter() if element.tag in HEADINGS):
        found = HEADINGS.index(heading.tag) + 1
        if found > level + 1:
            yield f"the heading '{text_of(heading)}' is an {heading.tag}, but no h{found - 1} stands before it"
        if not text_of(heading):
            yield f"an {heading.tag} is empty"
        level = found


def check_links(root: Element) -> Iterator[str]:
    """Ids are unique, and links lead somewhere and say where."""
    ids = Counter(filter(None, (element.get("id") for element in root.iter())))
    yield from (f"the id '{identifier}' is given twice" for identifier, times in ids.items() if times > 1)
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link '{href}' leads nowhere: nothing here has that id"
        if not href.startswith(("#", "https://", "http://", "mailto:")):
            yield f"the link '{href}' leads neither into the document nor to the web"
        if not text_of(link):
            yield f"the link '{href}' has no text"


def check_tables(root: Element) -> Iterator[str]:
    """Tables have a caption, a header row and the same number of cells in all rows."""
    for table in root.iter("table"):
        name = " ".join(map(text_of, table.findall("caption")))
        if not name:
            yield "a table has no <caption>"
        if table.find("thead/tr/th") is None:
            yield f"the table '{name}' has no header row"
        yield from (f"a header cell of the table '{name}' has no 'scope'" for cell in table.iter("th") if not cell.get("scope"))
        cells, columns = {len(row) for row in table.iter("tr")}, list(table.iter("col"))
        if len(cells) > 1:
            yield f"the rows of the table '{name}' have different numbers of cells"
        if columns and len(columns) not in cells:
            yield f"the table '{name}' has {len(columns)} <col>, and not as many cells in a row"
        if sum(share(column) or 0 for column in columns) > 100:
            yield f"the columns of the table '{name}' are wider than the whole"


def check_images(root: Element) -> Iterator[str]:
    """Images have alternative text."""
    yield from (f"the image '{image.get('src')}' has no alternative text" for image in root.iter("img") if not image.get("alt"))


CHECKS = (check_characters, check_head, check_headings, check_links, check_tables, check_images)
