"""View + template -> .html: the HTML of the briefing as one file that asks nobody for anything: styles, fonts and figures are inside."""

import base64
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import decode
from reports.renderers import RenderedFile, renderer
from reports.renderers.assets import MEDIA_TYPES, Resource, Resources, is_linked
from reports.renderers.draft import make_page
from reports.renderers.environment import Templates, border
from reports.renderers.fonts import ALL, FEATURES, SCHEME, Cut, cut_font
from reports.renderers.html import OFFERED, Page, set_directions, text_of
from reports.renderers.looks import Looks
from reports.renderers.pictures import FITTING, has_styles, parse_drawing

WEIGHTS = (400, 700)
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
COLOURED = ("fill", "stroke")  # the attributes by which a dark page, which has other colours, colours a drawing anew
HEADS = {"col": "columnheader", "row": "rowheader"}
# Signs that an address can't hold as they are. All others stay: where a compressed page has a text already, it costs next to nothing.
NOT_IN_ADDRESS = str.maketrans({sign: quote(sign) for sign in ('"', "#", "%", *map(chr, range(0x20)), "\x7f", "\ufeff")})


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a web page; raises ReportsError for every problem of templates, styles and fonts."""
    made = Templates(templates, view, medium="html")
    resources = Resources(templates, view, cache)
    html, _ = make_page(made, name, resources)
    root = html.root
    set_directions(root)
    page = _InlinedPage(html, resources, {*chain.from_iterable(root.itertext())})
    page.inline()
    for link, suffix, template in html.offers():
        made_file = renderer(suffix)(view, templates, template, cache)
        resources.used |= made_file.inputs
        link.set("href", _text_address(OFFERED[suffix], made_file.content.decode()))
    del html, page  # all that it was printed from takes as much memory again
    for table in root.iter("table"):
        _describe(table)
    _forbid_requests(root)
    # As bytes from the beginning: as text, one letter of another script makes a long page several times as large.
    content = BytesIO()
    content.write(b"<!DOCTYPE html>\n")
    ET.ElementTree(root).write(content, encoding="utf-8", method="html")
    content.write(b"\n")
    return RenderedFile(content.getvalue(), resources.used | made.used)


@dataclass
class _InlinedPage:
    """A page whose links to files become the files themselves; *letters* are all that its fonts must be able to show.

    *anchors* are the ids in it, to which drawings may lead.
    """

    page: Page
    resources: Resources
    letters: set[str]
    anchors: set[str] = field(default_factory=set)

    def inline(self) -> None:
        problems: list[Problem] = []
        self.anchors = {element.get("id", "") for element in self.page.root.iter() if element.get("id")}
        # Drawings first: their labels are text that the fonts, which style sheets hold, must show too.
        for tag, replace in {"img": self._image, "link": self._style, "script": self._script}.items():
            for parent, index, child in [place for place in _places(self.page.root, tag) if is_linked(place[-1])]:  # which are replaced
                try:
                    parent[index] = replace(child)
                    parent[index].tail = child.tail
                except ReportsError as error:
                    problems += error.problems
        if problems:
            raise ReportsError(*problems)
        fitting = Element("style")
        fitting.text = self.resources.looks.sheet + FITTING
        self.page.root[0].insert(0, fitting)  # before all others, which go first

    def _style(self, link: Element) -> Element:
        """Return the style sheet of *link* with everything in it that it has an address of."""
        sheet = self.resources.linked(self.page, link)
        rules = self.resources.rules(sheet)
        for address in self.resources.addresses(sheet):
            place = Location(sheet.path, address.source_line, address.source_column)
            address.representation = f'"{self._data(address.value, sheet, place)}"'
            if address.type == "url":
                address.representation = f"url({address.representation})"
        style = Element("style", {"media": link.get("media", "all")})
        style.text = "\n".join(rule.serialize() for rule in rules)
        return style

    def _script(self, script: Element) -> Element:
        inline = Element("script")
        found = self.resources.linked(self.page, script)
        inline.text = decode(found.path, found.content)
        return inline

    def _image(self, image: Element) -> Element:
        """Return *image* as a picture that can be scrolled where the screen is narrower, by keyboard too."""
        found = self.resources.linked(self.page, image)
        if found.media_type != MEDIA_TYPES[".svg"] or has_styles(found.content):  # which the page's policy gives no effect
            kind = {"class": f"{image.get('class', '')} drawing".strip()} if found.media_type == MEDIA_TYPES[".svg"] else {}
            return Element("img", {**image.attrib, **kind, "src": _data_address(found.media_type, found.content)})
        # No <div>, which would end the paragraph that a picture may stand in.
        drawing = _drawing(found, self.resources.looks, self.anchors)
        role = "group" if drawing.find(".//a") is not None else "img"  # in which nothing may lead anywhere
        frame = Element("span", {"class": "drawing", "role": role, "aria-label": image.get("alt", ""), "tabindex": "0"})
        frame.append(drawing)
        self.letters.update(*frame.itertext())
        return frame

    def _data(self, address: str, sheet: Resource, place: Location) -> str:
        found = self.resources.get(address, sheet.path.as_uri(), place)
        if found.media_type.startswith("font/"):
            features = FEATURES if address.startswith(SCHEME) else ALL  # letters of other scripts are joined and placed by them
            cut = Cut(WEIGHTS, kind="woff2", text="".join(self.letters), features=features)
            with border(Location(found.path), "can't be cut to the characters of the page ({said})"):
                return _data_address("font/woff2", cut_font(found.content, cut, self.resources.cache))
        return _data_address(found.media_type, found.content)


def _places(root: Element, tag: str) -> Iterator[tuple[Element, int, Element]]:
    """Yield each element *tag* in *root* with the one that it stands in and its place there."""
    yield from ((parent, index, child) for parent in root.iter() for index, child in enumerate(parent) if child.tag == tag)


def _drawing(source: Resource, looks: Looks, anchors: Collection[str]) -> Element:
    """Return the SVG file *source* as an element of the page: its text is set in the page's fonts, in colours of *looks* by their roles.

    A mark that is called by one of the page's *anchors* leads there. Only a pointer finds it: whoever uses a keyboard or a screen reader
    has the links of the text, and does not pass all marks of a figure.
    """
    roles = {colour: f"var(--{role})" for role, colour in looks.colours.items()}
    root = parse_drawing(source.path, source.content)
    marks = [(parent, mark) for parent in root.iter() for mark in parent if mark.get("aria-label") in anchors]
    for parent, mark in marks:
        link = Element("a", {"href": f"#{mark.get('aria-label')}", "tabindex": "-1"})
        parent[list(parent).index(mark)] = link
        link.append(mark)
    for element in root.iter():  # What only other programs read goes, and what the page itself says of the drawing.
        element.attrib = {name: value for name, value in element.attrib.items() if not name.startswith(("{", "aria-", "role"))}
        element.attrib |= {name: roles.get(element.attrib[name], element.attrib[name]) for name in COLOURED if name in element.attrib}
    root.set("aria-hidden", "true")
    return root


def _text_address(media_type: str, text: str) -> str:
    kept = text.rstrip(" ")  # a space at the end is no part of an address
    return f"data:{media_type};charset=utf-8,{kept.translate(NOT_IN_ADDRESS)}{'%20' * (len(text) - len(kept))}"


def _data_address(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _describe(table: Element) -> None:
    """Say in *table* what each part is, and in each cell under which heading it stands: on a phone, rows become blocks of lines.

    The roles are the ones that the elements have, but browsers forget them when a style sheet lays a table out as blocks.
    """
    headings = [text_of(cell) for cell in table.findall("thead/tr")[-1]]
    for element in table.iter():
        if role := ROLES.get(element.tag) or HEADS.get(element.get("scope", "")):
            element.set("role", role)
    for row in table.iterfind("tbody/tr"):
        for heading, cell in zip(headings, row, strict=True):
            cell.set("data-heading", heading)


def _forbid_requests(root: Element) -> None:
    """Tell the browser to load nothing for this page, and to run no script and no style but its own."""
    allowed = {f"{tag}-src": [_digest(element) for element in root.iter(tag)] or ["'none'"] for tag in ("script", "style")}
    allowed |= {"img-src": ["data:"], "font-src": ["data:"]} | {name: ["'none'"] for name in ("default-src", "base-uri", "form-action")}
    policy = "; ".join(" ".join((name, *sources)) for name, sources in sorted(allowed.items()))
    root[0].insert(1, Element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}))  # the HTML parser makes a head


def _digest(element: Element) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256((element.text or '').encode()).digest()).decode()}'"
