"""Files, fonts and figures that templates name by an address: a path beside them, `font:<name>` or `figure:<name>`; nothing else."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname
from xml.etree.ElementTree import Element

import tinycss2

from reports.cache import Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import decode, digest_of, is_file_in, leads_out, read_bytes, sha256
from reports.renderers import figures, fonts
from reports.renderers.html import Page
from reports.renderers.looks import Looks, read_looks
from reports.renderers.pictures import parse_drawing, read_picture

# By the suffix of a file; any other is a picture, whose kind its content tells.
MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class Resource:
    """One asset: its *content*, and the *path* of the file that it is, or *is_drawn* from, with that file's *digest*."""

    path: Path
    content: bytes
    media_type: str
    digest: str
    is_drawn: bool = False


@dataclass
class Resources:
    """The resources of the folder *templates* for one view, its figures drawn by *draw*; *used* collects the files, with digests."""

    templates: Path
    view: View
    cache: Cache
    draw: Callable[[View, Path, str, Cache], bytes] = figures.draw_svg
    used: dict[Path, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], Resource] = field(default_factory=dict)

    def get(self, address: str, base: str = "", place: Location | None = None) -> Resource:
        """Return what stands at *address*, which may be relative to *base*; raises ReportsError if nothing of ours does.

        An address that leads nowhere is a problem at *place*, where it is given.
        """
        if (address, base) not in self._found:
            place = place or Location(self.folder)
            found = self._figure(address, place) if address.startswith(figures.SCHEME) else self._file(address, base, place)
            self._found[address, base] = found
            self.used.setdefault(found.path, found.digest)
        return self._found[address, base]

    def fonts(self, root: Element, media: Collection[str]) -> fonts.Fonts:
        """Return the fonts that the style sheets of the page *root* for *media* declare; raises ReportsError for what is wrong with them.

        What else is wrong with a style sheet is said where the page is made of it.
        """
        links = [link for link in root.iter("link") if any(medium in link.get("media", "all") for medium in media)]
        try:
            sheets = [self.get(link.get("href", "")) for link in links]
            rules = [(sheet.path, parse_styles(sheet)) for sheet in sheets]
        except ReportsError:
            return fonts.Fonts()
        return fonts.document_fonts(rules, lambda address, sheet: self.get(address, sheet.as_uri()).content)

    @cached_property
    def folder(self) -> Path:
        return self.templates.resolve()

    @cached_property
    def looks(self) -> Looks:
        """The colours of the documents, noted as used."""
        looks = read_looks(self.templates)
        self.used[looks.path] = looks.digest
        return looks

    @property
    def base(self) -> str:
        """The address of the folder."""
        return f"{self.folder.as_uri()}/"

    def check(self, page: Page) -> None:
        """Raise ReportsError with every problem of the files that *page* links to: those that are not there, and those in style sheets."""
        problems: list[Problem] = []
        for element in page.root.iter():
            if address := element.get("src") or (element.tag == "link" and element.get("href")):
                try:
                    found = self.get(address, place=page.locate(element))
                    if found.media_type == MEDIA_TYPES[".css"]:
                        self._check_styles(found)
                except ReportsError as error:
                    problems += error.problems
        if problems:
            raise ReportsError(*problems)

    def _check_styles(self, sheet: Resource) -> None:
        problems: list[Problem] = []
        for address in filter(None, map(address_in, walk_styles(parse_styles(sheet)))):
            try:
                self.get(address.value, sheet.path.as_uri(), Location(sheet.path, address.source_line, address.source_column))
            except ReportsError as error:
                problems += error.problems
        if problems:
            raise ReportsError(*problems)

    def _figure(self, address: str, place: Location) -> Resource:
        name = address.removeprefix(figures.SCHEME)
        path = figures.specification(self.templates, name, place)
        kind = "image/png" if self.draw is figures.draw_png else MEDIA_TYPES[".svg"]
        digest = digest_of(path, self.templates)  # before it is read: what is saved while it is drawn is another one
        return Resource(path, self.draw(self.view, self.templates, name, self.cache), kind, digest, is_drawn=True)

    def _file(self, address: str, base: str, place: Location) -> Resource:
        path = self._path(address, base)
        if path is None:
            message = f"'{address}' is neither a file in the folder '{self.templates.name}' nor one of our fonts"
            raise ReportsError(Problem(place, message))
        folder = self.folder if path.is_relative_to(self.folder) else path.parent  # a font's, which we named ourselves
        content = read_bytes(path, folder)
        kind = MEDIA_TYPES.get(path.suffix.lower())
        if kind is None:
            held, kind = read_picture(path, content)
            return Resource(path, held, kind, sha256(content))
        if kind == MEDIA_TYPES[".svg"]:
            drawing = parse_drawing(path, content)
            if self.draw is figures.draw_png:
                return Resource(path, figures.draw_shapes(path, drawing, self.cache), "image/png", sha256(content), is_drawn=True)
        return Resource(path, content, kind, sha256(content))

    def _path(self, address: str, base: str) -> Path | None:
        if address.startswith(fonts.SCHEME):
            name = address.removeprefix(fonts.SCHEME)
            return fonts.font_file(name) if name in fonts.FONTS else None
        try:
            parts = urlsplit(urljoin(base or self.base, address))
        except ValueError:  # brackets that don't match
            return None
        path = Path(url2pathname(parts.path))  # which decodes what is written as %25
        is_ours = parts.scheme == "file" and path.is_relative_to(self.folder)
        if is_ours and leads_out(path, self.folder):
            return path  # which whoever reads it says
        return path.resolve() if is_ours and is_file_in(path, self.folder) else None


def parse_styles(sheet: Resource) -> list[Any]:
    """Return the rules of *sheet*, as tinycss2 has them; raises ReportsError with its errors of syntax, and with what it imports."""
    rules: list[Any] = tinycss2.parse_stylesheet(decode(sheet.path, sheet.content), skip_comments=True, skip_whitespace=True)
    wrong = [(node, f"CSS syntax: {node.message}") for node in walk_styles(rules) if node.type == "error"]
    imports = [rule for rule in walk_styles(rules) if rule.type == "at-rule" and rule.lower_at_keyword == "import"]
    wrong += [(rule, "a style sheet imports no other: link both in the template") for rule in imports]
    if wrong:
        raise ReportsError(*(Problem(Location(sheet.path, node.source_line, node.source_column), message) for node, message in wrong))
    return rules


def walk_styles(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield *nodes* of a style sheet and all that is in them."""
    for node in nodes:
        yield node
        for part in ("prelude", "content", "arguments"):  # of a rule, a block, a function
            yield from walk_styles(getattr(node, part, None) or ())


def address_in(node: Any) -> Any | None:
    """Return the token in *node* that is an address: `url(a)` is one, and `url("a")` is a function of one."""
    if node.type == "url":
        return node
    if node.type == "function" and node.lower_name == "url":
        return next((argument for argument in node.arguments if argument.type == "string"), None)
    return None
