"""View + template -> .html: the HTML of the briefing as one file that asks nobody for anything: styles, fonts and figures are inside."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import decode
from reports.renderers import RenderedFile
from reports.renderers.assets import Resource, Resources, parse_styles, walk_styles
from reports.renderers.environment import Templates, border
from reports.renderers.fonts import FEATURES, SCHEME, Cut, cut_font, missing_glyphs
from reports.renderers.html import ON_SCREEN, check_html, parse_html, set_directions, text_of

WEIGHTS = (400, 700)
MEDIA = ("all", "print", "screen")
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
HEADS = {"col": "columnheader", "row": "rowheader"}
SVG, XLINK_HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
# What runs, loads, links or styles a whole page, and so stands in no drawing of one.
NO_SHAPES = ("a", "animate", "foreignObject", "image", "script", "style")


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a web page; raises ReportsError for every problem of templates, styles and fonts."""
    made = Templates(templates, view, medium="html")
    root = parse_html(made.render(name))
    check_html(root, templates / name, ON_SCREEN)
    text = "".join(root.itertext())
    page = _Page(Resources(templates, view, cache), text)
    # Which style an element has only a browser knows, and it falls back to the reader's fonts.
    if missing := page.resources.fonts(root, MEDIA).missing(text):
        raise ReportsError(*(missing_glyphs(*origin) for origin in made.origins(missing, name)))
    set_directions(root)
    page.inline(root)
    for table in root.iter("table"):
        _describe(table)
    _forbid_requests(root)
    content = f"<!DOCTYPE html>\n{ET.tostring(root, encoding='unicode', method='html')}\n"
    return RenderedFile(content.encode(), page.resources.used | made.used)


@dataclass
class _Page:
    """A page whose links to files become the files themselves; *text* is all that its fonts must be able to show."""

    resources: Resources
    text: str

    def inline(self, root: Element) -> None:
        problems: list[Problem] = []
        # Drawings first: their labels are text that the fonts, which style sheets hold, must show too.
        for tag, replace in {"img": self._image, "link": self._style, "script": self._script}.items():
            for parent, index, child in list(_places(root, tag)):  # which are replaced
                try:
                    parent[index] = replace(child)
                    parent[index].tail = child.tail
                except ReportsError as error:
                    problems += error.problems
        if problems:
            raise ReportsError(*problems)

    def _style(self, link: Element) -> Element:
        """Return the style sheet of *link* with everything in it that it has an address of."""
        sheet = self.resources.get(link.get("href", ""))
        rules = parse_styles(sheet)
        for node in walk_styles(rules):
            if address := _address(node):
                address.representation = f'"{self._data(address.value, sheet)}"'
                if address.type == "url":
                    address.representation = f"url({address.representation})"
        style = Element("style", {"media": link.get("media", "all")})
        style.text = "\n".join(rule.serialize() for rule in rules)
        return style

    def _script(self, script: Element) -> Element:
        inline = Element("script")
        found = self.resources.get(script.get("src", ""))
        inline.text = decode(found.path, found.content)
        return inline

    def _image(self, image: Element) -> Element:
        """Return *image* as a picture that can be scrolled where the screen is narrower, by keyboard too."""
        found = self.resources.get(image.get("src", ""))
        if found.media_type != "image/svg+xml":
            return Element("img", {**image.attrib, "src": _data_address(found.media_type, found.content)})
        frame = Element("div", {"class": "drawing", "role": "img", "aria-label": image.get("alt", ""), "tabindex": "0"})
        frame.append(_drawing(found))
        self.text += "".join(frame.itertext())
        return frame

    def _data(self, address: str, sheet: Resource) -> str:
        found = self.resources.get(address, sheet.path.as_uri())
        if found.media_type.startswith("font/"):
            features = FEATURES if address.startswith(SCHEME) else ("*",)  # letters of other scripts are joined and placed by them
            cut = Cut(WEIGHTS, kind="woff2", text=self.text, features=features)
            with border(Location(found.path), "can't be cut to the characters of the page ({said})"):
                return _data_address("font/woff2", cut_font(found.content, cut, self.resources.cache))
        return _data_address(found.media_type, found.content)


def _places(root: Element, tag: str) -> Iterator[tuple[Element, int, Element]]:
    """Yield each element *tag* in *root* with the one that it stands in and its place there."""
    yield from ((parent, index, child) for parent in root.iter() for index, child in enumerate(parent) if child.tag == tag)


def _drawing(source: Resource) -> Element:
    """Return the SVG file *source* as an element of the page: its text is set in the page's fonts, its colours can be styled.

    Raises ReportsError for what is no SVG, and for everything in it that is no shape or comes from elsewhere.
    """
    try:
        root = ET.fromstring(source.content)  # noqa: S314 - drawn by us, or a file of the templates; expat stops bombs of entities
    except ET.ParseError as error:
        line, column = error.position
        message = f"XML syntax: {str(error).partition(': line')[0]}"
        raise ReportsError(Problem(Location(source.path, line, column + 1), message)) from None
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if link := element.attrib.pop(XLINK_HREF, None):
            element.attrib.setdefault("href", link)
        # What only other programs read goes, and what the page itself says of the drawing.
        element.attrib = {name: value for name, value in element.attrib.items() if not name.startswith(("{", "aria-", "role"))}
    if problems := [Problem(Location(source.path), message) for message in dict.fromkeys(_foreign(root))]:
        raise ReportsError(*problems)
    root.set("aria-hidden", "true")
    return root


def _foreign(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag in NO_SHAPES:
            yield f"the element <{element.tag}> can't stand in a drawing of a web page"
        elif "style" in element.attrib:  # the page's policy gives it no effect
            yield f"the attribute 'style' of <{element.tag}> can't stand in a drawing of a web page"
        elif not (link := element.get("href", "#")).startswith("#"):
            yield f"the attribute 'href' of <{element.tag}> leads out of the drawing: '{link}'"


def _address(node: Any) -> Any | None:
    """Return the token in *node* that is an address: `url(a)` is one, and `url("a")` is a function of one."""
    if node.type == "url":
        return node
    if node.type == "function" and node.lower_name == "url":
        return next((argument for argument in node.arguments if argument.type == "string"), None)
    return None


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
