"""View + template -> .html: the HTML of the briefing as one file that asks nobody for anything: styles, fonts and figures are inside."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.renderers import RenderedFile
from reports.renderers.assets import Resource, Resources
from reports.renderers.drawing import drawing
from reports.renderers.environment import Templates
from reports.renderers.fonts import SCHEME, Cut, check_characters, cut_font
from reports.renderers.html import ON_SCREEN, check_html, parse_html, text_of
from reports.renderers.stylesheet import parsed, walk

WEIGHTS = (400, 700)
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
HEADS = {"col": "columnheader", "row": "rowheader"}


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a web page; raises ReportsError for every problem of templates, styles and fonts."""
    made = Templates(templates, view, medium="html")
    root = parse_html(made.render(name))
    check_html(root, templates / name, ON_SCREEN)
    text = "".join(root.itertext())
    check_characters(text, templates / name)
    page = _Page(Resources(templates, view, cache), templates / name, text)
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
    template: Path
    text: str
    problems: list[Problem] = field(default_factory=list)

    def inline(self, root: Element) -> None:
        for parent in list(root.iter()):
            for index, child in enumerate(parent):
                replacement = self._replacement(child)
                if replacement is not None:
                    replacement.tail = child.tail
                    parent[index] = replacement
        if self.problems:
            raise ReportsError(*self.problems)

    def _replacement(self, element: Element) -> Element | None:
        try:
            if element.tag == "link":
                return self._style(element)
            if element.tag == "script":
                return self._script(element)
            return self._image(element) if element.tag == "img" else None
        except ReportsError as error:
            self.problems += error.problems
            return None

    def _style(self, link: Element) -> Element:
        found = self.resources.get(link.get("href", ""))
        style = Element("style", {"media": link.get("media", "all")})
        style.text = self._css(found)
        return style

    def _css(self, sheet: Resource) -> str:
        """Return the text of *sheet* with everything in it that it has an address of."""
        rules = parsed(sheet)
        for node in walk(rules):
            if address := _address(node):
                address.representation = f'"{self._data(address.value, sheet)}"'
                if address.type == "url":
                    address.representation = f"url({address.representation})"
        return _inline("\n".join(rule.serialize() for rule in rules), sheet)

    def _script(self, script: Element) -> Element:
        inline = Element("script")
        found = self.resources.get(script.get("src", ""))
        inline.text = _inline(found.text, found)
        return inline

    def _image(self, image: Element) -> Element:
        """Return *image* as a picture that can be scrolled where the screen is narrower, by keyboard too."""
        found = self.resources.get(image.get("src", ""))
        if found.media_type != "image/svg+xml":
            return Element("img", {**image.attrib, "src": _data_address(found.media_type, found.content)})
        frame = Element("div", {"class": "drawing", "role": "img", "aria-label": image.get("alt", ""), "tabindex": "0"})
        frame.append(drawing(found))
        return frame

    def _data(self, address: str, sheet: Resource) -> str:
        if address.startswith(SCHEME) and self.resources.get(address):
            font = cut_font(address.removeprefix(SCHEME), Cut(WEIGHTS, kind="woff2", text=self.text), self.resources.cache)
            return _data_address("font/woff2", font)
        found = self.resources.get(address, sheet.path.as_uri())
        return _data_address(found.media_type, found.content)


def _address(node: Any) -> Any | None:
    """Return the token in *node* that is an address: `url(a)` is one, and `url("a")` is a function of one."""
    if node.type == "url":
        return node
    if node.type == "function" and node.lower_name == "url":
        return next((argument for argument in node.arguments if argument.type == "string"), None)
    return None


def _data_address(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _inline(text: str, source: Resource) -> str:
    """Return *text* of *source*, which is to stand in the page itself; raises ReportsError if it would end its element there."""
    if end := re.search(r"</(style|script)", text, re.IGNORECASE):
        raise ReportsError(Problem(Location(source.path), f"holds '{end[0]}', which would end it in the page"))
    return text


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
    head = root.find("head")
    assert head is not None, "the HTML parser makes one"
    head.insert(1, Element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}))


def _digest(element: Element) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256((element.text or '').encode()).digest()).decode()}'"
