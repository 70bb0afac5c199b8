"""The HTML subset that all formats share: what templates may make, and the checks of it.

Every format can show these elements, and a screen reader can announce them. A document that keeps to them has a title and a
language, headings that skip no level, tables with captions and header cells, images with alternative text, and links that lead
somewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element

import tinyhtml5
from tinyhtml5 import inputstream

from reports.errors import NOT_WRITABLE, Location, Problem, ReportsError, character_name
from reports.files import location_at, read_text
from reports.renderers.direction import kinds
from reports.renderers.environment import Piece, Templates
from reports.renderers.wellformed import HEADINGS, parse_wellformed
from reports.translations.locale import is_right_to_left

COMMON = frozenset({"id", "class", "lang", "dir"})
FIELD = "data-field"  # of a <span> whose text is a field of a record, "M2010-1/date"; its title names it for people
ELEMENTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("html", "head", "body", "main", "header", "footer", "nav", "section", "aside", "div"), frozenset()),
    **dict.fromkeys(("title", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "em", "strong", "br"), frozenset()),
    **dict.fromkeys(("blockquote", "ins", "del"), frozenset()),
    **dict.fromkeys(("table", "caption", "thead", "tbody", "td", "colgroup", "col", "figure", "figcaption"), frozenset()),
    "span": frozenset({FIELD, "title"}),
    "meta": frozenset({"charset", "name", "content"}),
    "link": frozenset({"rel", "href", "media"}),
    "tr": frozenset(),
    "th": frozenset({"scope"}),
    "a": frozenset({"href", "title", "data-page"}),
    "img": frozenset({"src", "alt"}),
}
# What only a web page has: what opens and closes, a form that a script of the page answers, files to take along, and where a long
# address may break. What is hidden is there for scripts, which show it.
ON_SCREEN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("fieldset", "legend", "output", "summary", "wbr"), frozenset()),
    **{tag: ELEMENTS.get(tag, frozenset()) | {"hidden"} for tag in ("form", "p", "search", "span")},
    "a": ELEMENTS["a"] | {"download", "hidden"},
    "button": frozenset({"hidden", "popovertarget", "popovertargetaction", "type"}),
    "details": frozenset({"data-facets"}),
    "div": frozenset({"popover"}),
    "input": frozenset({"name", "type"}),
    "label": frozenset({"for"}),
    "link": ELEMENTS["link"] | {"title", "type"},
    "nav": frozenset({"popover"}),
    "option": frozenset({"value"}),
    "script": frozenset({"src"}),
    "select": frozenset({"name"}),
}
OUTPUT = "output:"  # the scheme of a file that a link offers: what follows is its template, as in document.yaml
# The files that a page may carry, those for machines, with their media types.
OFFERED: Mapping[str, str] = {".csv": "text/csv", ".json": "application/json"}
_ENDING = re.compile(r"([^\W\d_]{2,})-(?=[^\W\d_]{1,3}\b)")
OTHER_PAPER = re.compile(r"[\w-]+\.pdf(#|$)")  # the address of a PDF beside the document

Found = Iterator[tuple[str, Element | None]]  # what is wrong, and the element that it is wrong with; none for the page as a whole


class _Patterns(dict[tuple[Iterable[str], bool], re.Pattern[str]]):
    """The patterns of runs of some characters, or of any others if not *opposite*, as tinyhtml5 reads them, each made once.

    tinyhtml5 2.1 means to keep them so, but files each under a wrong key, and makes a pattern for every token: half of its time.
    """

    def __missing__(self, key: tuple[Iterable[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        self[key] = re.compile(f"[{'' if opposite else '^'}{re.escape(''.join(characters))}]+")
        return self[key]


inputstream.characters_until_regex = _Patterns()


class _Parser(tinyhtml5.parser.HTMLParser):  # type: ignore[misc]
    """A parser that notes with each mistake which element is open there."""

    def parse_error(self, errorcode: str, datavars: Any = None) -> None:
        around = [element.name for element in self.tree.open_elements]
        super().parse_error(errorcode, {**(datavars or {}), "open": around[-1] if around else "html"})


def parse_html(text: str, parser: _Parser | None = None) -> Element:
    """Return the root element of *text*, its comments left out; *parser* has noted its mistakes then."""
    root: Element = (parser or _Parser(namespace_html_elements=False)).parse(text)
    for parent in root.iter():
        for index, child in reversed(list(enumerate(parent))):
            if not isinstance(child.tag, str):  # a comment; the text behind it moves up to what stands before it
                if index:
                    parent[index - 1].tail = (parent[index - 1].tail or "") + (child.tail or "")
                else:
                    parent.text = (parent.text or "") + (child.tail or "")
                del parent[index]
    return root


def _mistakes(text: str, parser: _Parser) -> Iterator[tuple[str, int]]:
    """Yield each mistake that *parser* has found in *text*, which browsers mend in their own way, and where its tag begins."""
    lines = text.splitlines(keepends=True)
    for (line, column), code, values in parser.errors:
        if "doctype" in code:
            continue
        start = max(0, text.rfind("<", 0, sum(map(len, lines[: line - 1])) + column))
        tag, around = re.match(r"</?([a-zA-Z][\w-]*)", text[start:]), values["open"]
        said = f"HTML syntax: {code.replace('-', ' ')}"
        if "attribute" in code:
            said = "an attribute of this tag is not as HTML writes it; is a quote missing?"
        elif tag and "-tag" in code and tag[0] == f"</{around}":  # which was opened for it
            said = f"'{tag[0]}>' closes nothing; leave it out"
        elif tag and "-tag" in code and tag[0].startswith("</"):
            said = f"'{tag[0]}>' stands where <{around}> is open; close that one first, or leave this out"
        elif tag and "-tag" in code:
            said = f"<{tag[1]}> has no place in <{around}>"
        yield said, start


def set_directions(element: Element, around: str = "ltr") -> None:
    """Give *element* and what is in it the direction of their languages, where it is not the one *around* them and none is given.

    A title in Arabic is then a piece of its own in an English line: "[12] title, 2010". So is a reference or an address in an Arabic one,
    whose language nobody says.
    """
    language = element.get("lang")
    by_language = around if language is None else "rtl" if is_right_to_left(language) else "ltr"
    direction = element.get("dir", "ltr" if language is None and around == "rtl" and _is_foreign(element) else by_language)
    if direction != around:
        element.set("dir", direction)
    for child in element:
        set_directions(child, direction)


def bind_endings(root: Element) -> None:
    """Bind to each abbreviation in *root* the ending behind its hyphen, "NATO-a", by a sign of no width, which no PDF keeps.

    Headings, of which outlines are made, stay as they are.
    """
    for element in root.iter():
        if element.text and "-" in element.text and element.tag not in HEADINGS:
            element.text = _ENDING.sub(_bound, element.text)
        if element.tail and "-" in element.tail:
            element.tail = _ENDING.sub(_bound, element.tail)


def _bound(ending: re.Match[str]) -> str:
    return f"{ending[0]}\N{WORD JOINER}" if ending[1].isupper() else ending[0]


def _is_foreign(element: Element) -> bool:
    """Tell whether *element*, in a text from right to left, is a link with none of its letters: "M2010-1", "[2]"."""
    text = "".join(element.itertext()) if element.tag == "a" and all(child.tag == "wbr" for child in element) else ""
    return any(map(str.isalnum, text)) and "R" not in kinds(text)


class Page:
    """The HTML that the template *name* of *made* printed, with the place in the templates where each element begins."""

    def __init__(self, made: Templates, name: str) -> None:
        self.made = made
        self.template = made.folder / name
        self._print(name)
        links = self._links_without_anchor()
        if record := made.view.document.record:  # they lead into the paper beside this one, as they would if it was printed again
            for link in links:
                link.set("href", f"{record}{link.get('href')}")
        elif links:
            made.without_anchor = {link.get("href", "")[1:] for link in links}
            self._print(name)

    def _print(self, name: str) -> None:
        self.pieces = self.made.pieces(name)
        self._parser = _Parser(namespace_html_elements=False)
        html = self.html
        plain = parse_wellformed(html)
        self.root = parse_html(html, self._parser) if plain is None else plain
        self._known: dict[str, Mapping[int, int]] = {}

    @property
    def html(self) -> str:
        """The text, put together anew: a long one takes as much memory as the rest of its page."""
        return "".join(self.pieces)

    def _links_without_anchor(self) -> list[Element]:
        """Return the links of prose to records that the template makes no element for: a document shows parts of them."""
        ids = {element.get("id") for element in self.root.iter()}
        links = [link for link in self.root.iter("a") if link.get("class") in ("record", "reference")]
        return [link for link in links if (name := link.get("href", "")[1:]) not in ids and name in self.made.view.shown]

    def check(self, more: Mapping[str, frozenset[str]] = {}) -> None:
        """Raise ReportsError with everything in the page that is neither in the subset nor in *more*, or with its mistake of syntax."""
        if self._parser.errors and (mistake := next(_mistakes(self.html, self._parser), None)):  # it leads to others
            message, start = mistake
            raise ReportsError(Problem(self._place(start), message))
        if found := [*check_html(self.root, more)]:
            raise ReportsError(*(Problem(self.locate(element), message) for message, element in found))

    def properties(self) -> Iterator[tuple[str, str, Element]]:
        """Yield the page's title, and what its head says of it, each with the element that says it."""
        yield from (("title", text_of(title), title) for title in self.root.findall("head/title"))
        yield from ((meta.get("name", ""), meta.get("content", ""), meta) for meta in self.root.iter("meta"))

    def offers(self) -> Iterator[tuple[Element, str, str]]:
        """Yield each link that offers a file, with that file's suffix and the template that it is made from."""
        for link in (link for link in self.root.iter("a") if link.get("download")):
            yield link, f".{link.get('download', '').rpartition('.')[2]}", link.get("href", "").removeprefix(OUTPUT)

    def locate(self, element: Element | None) -> Location:
        """Return the place in a template where *element* begins; the template as a whole if the parser made the element up."""
        start = None if element is None else self._starts(str(element.tag)).get(id(element))
        if element is None or start is None:
            return Location(self.template)
        piece, at = self._piece(start)
        begin, before = piece.place(self.made.folder), piece[:at]
        text = read_text(begin.path, self.made.folder)
        lines = text.splitlines(keepends=True)
        # A piece of the template itself stands there as it is, where Jinja says or below: it knows the places of expressions only.
        if (at := text.find(piece, sum(map(len, lines[: begin.line - 1])))) >= 0:
            return location_at(begin.path, text, at + len(before))
        # It has left out a comment within this piece, or the end of a line behind a block.
        tags = _starts_of(str(element.tag))
        source = "".join(lines[begin.line - 1 : begin.line + before.count("\n") + 1])
        found = [match.start() for match in tags.finditer(source, max(0, source.find(piece.split("\n")[0])))]
        index = sum(1 for _ in tags.finditer(before))
        if index < len(found):
            place = location_at(begin.path, source, found[index])
            return place._replace(line=begin.line - 1 + place.line)
        return begin  # which prints the value of an expression

    def _place(self, start: int) -> Location:
        """Return the place in a template of what begins at *start* in the text; the nearest before it that Jinja knows, if it is made."""
        piece, before = self._piece(start)
        begin = piece.place(self.made.folder)
        text = read_text(begin.path, self.made.folder)
        at = text.find(piece, sum(map(len, text.splitlines(keepends=True)[: begin.line - 1])))
        return begin if at < 0 else location_at(begin.path, text, at + before)

    def _piece(self, start: int) -> tuple[Piece, int]:
        """Return the piece that has what begins at *start* in the text, and where it begins there."""
        ends = [*accumulate(map(len, self.pieces))]
        number = bisect_right(ends, start)
        return self.pieces[number], start - ends[number] + len(self.pieces[number])

    def _starts(self, tag: str) -> Mapping[int, int]:
        """Return where each element *tag* of the tree, by its id(), begins in the text; nothing if the parser made some up."""
        if tag not in self._known:
            starts = [match.start() for match in _starts_of(tag).finditer(self.html) if match["tag"]]
            elements = [id(element) for element in self.root.iter(tag)]
            self._known[tag] = dict(zip(elements, starts, strict=True)) if len(elements) == len(starts) else {}
        return self._known[tag]


def _starts_of(tag: str) -> re.Pattern[str]:
    """Return a pattern of comments, and of where an element *tag* starts."""
    return re.compile(rf"<(?:!--.*?-->|(?P<tag>{re.escape(tag)}(?=[\s/>])))", re.DOTALL | re.IGNORECASE)


def check_html(root: Element, more: Mapping[str, frozenset[str]] = {}) -> Found:
    """Yield everything in *root* that is neither in the subset nor in *more*."""
    yield from check_elements(root, {**ELEMENTS, **more})
    for check in CHECKS:
        yield from check(root)


def share(column: Element) -> int | None:
    """Return the part of a table's width that *column*, a <col>, takes, 25 per cent with the class w25; None if it takes what is left."""
    match = re.search(r"\bw(\d{1,2})\b", column.get("class", ""))
    return int(match[1]) if match else None


def text_of(element: Element) -> str:
    """Return the text in *element*, spaces collapsed."""
    return " ".join("".join(element.itertext()).split())


def check_characters(root: Element) -> Found:
    """Only characters that every format can hold."""
    texts = [text for element in root.iter() for text in (element.text, element.tail, *element.attrib.values()) if text]
    for character in sorted(set(NOT_WRITABLE.findall("".join(texts)))):
        yield f"the character {character_name(character)} can't be held by every format", None


def check_elements(root: Element, known: Mapping[str, frozenset[str]] = ELEMENTS) -> Found:
    """Only the *known* elements, with their attributes."""
    for element in root.iter():
        if element.tag not in known:
            yield f"the element <{element.tag}> is not in the HTML subset that all formats share", element
            continue
        for name in sorted({*element.keys()} - COMMON - known[element.tag]):
            yield f"the attribute '{name}' of <{element.tag}> is not in the HTML subset that all formats share", element


def check_head(root: Element) -> Found:
    """A language and a title."""
    if not root.get("lang"):
        yield "<html> has no 'lang'", root
    if not any(map(text_of, root.findall("head/title"))):
        yield "there is no <title>", root.find("head")


def check_headings(root: Element) -> Found:
    """Headings skip no level, and none is empty."""
    level = 0
    for heading in (element for element in root.iter() if element.tag in HEADINGS):
        found = HEADINGS.index(heading.tag) + 1
        if found > level + 1:
            yield f"the heading '{text_of(heading)}' is an {heading.tag}, but no h{found - 1} stands before it", heading
        if not text_of(heading):
            yield f"an {heading.tag} is empty", heading
        level = found


def check_links(root: Element) -> Found:
    """Ids are unique, and links lead somewhere and say where."""
    identified = [element for element in root.iter() if element.get("id")]
    ids: set[str] = set()
    for element in identified:
        if element.get("id", "") in ids:
            yield f"the id '{element.get('id')}' is given twice", element
        ids.add(element.get("id", ""))
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link '{href}' leads nowhere: nothing here has that id", link
        if not (link.get("download") or href.startswith(("#", "https://", "http://", "mailto:")) or OTHER_PAPER.match(href)):
            yield f"the link '{href}' leads neither into the document, nor to a PDF beside it, nor to the web", link
        if not text_of(link):
            yield f"the link '{href}' has no text", link


def check_offers(root: Element) -> Found:
    """Links that offer a file say from which template it is made, and offer one for machines."""
    right = f"it takes '{OUTPUT}<template>', and a name in {' or '.join(OFFERED)}"
    for link in (link for link in root.iter("a") if link.get("download")):
        href, file = link.get("href", ""), link.get("download", "")
        if not (href.startswith(OUTPUT) and file.endswith(tuple(OFFERED))):
            yield f"the link '{href}' offers '{file}', which is no file for machines that we make: {right}", link


def check_tables(root: Element) -> Found:
    """Tables have a caption, a header row and the same number of cells in all rows."""
    for table in root.iter("table"):
        name = " ".join(map(text_of, table.findall("caption")))
        if not name:
            yield "a table has no <caption>", table
        if table.find("thead/tr/th") is None:
            yield f"the table '{name}' has no header row", table
        yield from ((f"a header cell of the table '{name}' has no 'scope'", cell) for cell in table.iter("th") if not cell.get("scope"))
        cells, columns = {len(row) for row in table.iter("tr")}, list(table.iter("col"))
        if len(cells) > 1:
            yield f"the rows of the table '{name}' have different numbers of cells", table
        if columns and len(columns) not in cells:
            yield f"the table '{name}' has {len(columns)} <col>, and not as many cells in a row", table
        if sum(share(column) or 0 for column in columns) > 100:
            yield f"the columns of the table '{name}' are wider than the whole", table


def check_images(root: Element) -> Found:
    """Images have alternative text."""
    yield from ((f"the image '{image.get('src')}' has no alternative text", image) for image in root.iter("img") if not image.get("alt"))


CHECKS = (check_characters, check_head, check_headings, check_links, check_offers, check_tables, check_images)
