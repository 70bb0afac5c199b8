"""Assets that templates name by an address: a path beside them, `font:<name>`, `figure:<name>`, or `qr:<text>`, its code; nothing else."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname
from xml.etree.ElementTree import Element

from reports.cache import Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import decode, digest_of, is_file_named_in, lies_in, read_bytes, sha256
from reports.renderers import figures, fonts, qr
from reports.renderers.html import Page
from reports.renderers.looks import Looks, read_looks
from reports.renderers.pictures import parse_drawing, read_picture
from reports.renderers.styles import address_in, parse_styles, walk_styles

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
# What each element links to, and its media type or the beginning of it.
LINKED: Mapping[str, tuple[str, str]] = {
    "img": ("picture", "image/"),
    "link": ("style sheet", MEDIA_TYPES[".css"]),
    "script": ("script", MEDIA_TYPES[".js"]),
}


def is_linked(element: Element) -> bool:
    """Tell whether *element* links to a file that is part of the page; a feed, as another form of it, stands beside the page."""
    return element.tag in LINKED and element.get("rel") != "alternate"


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
    _found: dict[str | Path, Resource] = field(default_factory=dict)
    _rules: dict[Path, list[Any]] = field(default_factory=dict)
    _addresses: dict[Path, list[Any]] = field(default_factory=dict)

    def get(self, address: str, base: str = "", place: Location | None = None) -> Resource:
        """Return what stands at *address*, which may be relative to *base*; raises ReportsError if nothing of ours does.

        An address that leads nowhere is a problem at *place*, where it is given.
        """
        place = place or Location(self.folder)
        drawn = {figures.SCHEME: self._figure, qr.SCHEME: self._code}.get(f"{address.partition(':')[0]}:")
        key = address if drawn else self._path(address, base, place)
        if key not in self._found:
            found = self._found[key] = drawn(address, place) if drawn else self._file(Path(key))
            self.used.setdefault(found.path, found.digest)
        return self._found[key]

    def linked(self, page: Page, element: Element) -> Resource:
        """Return the file that *element* of *page* links to; raises ReportsError if there is none, or one of another kind."""
        address, (kind, media_type) = element.get("href" if element.tag == "link" else "src", ""), LINKED[element.tag]
        try:
            found = self.get(address)
        except ReportsError:  # which is raised again with its place: to find that takes longer than all else here
            found = self.get(address, place=page.locate(element))
        if not found.media_type.startswith(media_type):
            raise ReportsError(Problem(page.locate(element), f"'{address}' is no {kind}"))
        return found

    def rules(self, sheet: Resource) -> list[Any]:
        """Return the rules of the style sheet *sheet*, parsed once; raises ReportsError for what is wrong with it."""
        if sheet.path not in self._rules:
            self._rules[sheet.path] = parse_styles(sheet.path, sheet.content)
        return self._rules[sheet.path]

    def addresses(self, sheet: Resource) -> list[Any]:
        """Return the addresses in the style sheet *sheet*, as tinycss2 has them."""
        if sheet.path not in self._addresses:
            self._addresses[sheet.path] = [*filter(None, map(address_in, walk_styles(self.rules(sheet))))]
        return self._addresses[sheet.path]

    def fonts(self, root: Element, media: Collection[str]) -> fonts.Fonts:
        """Return the fonts that the style sheets of the page *root* for *media* declare; raises ReportsError for those that are wrong."""
        links = [link for link in root.iter("link") if is_linked(link) and any(medium in link.get("media", "all") for medium in media)]
        sheets = [self.get(link.get("href", "")) for link in links]
        rules = [(sheet.path, self.rules(sheet)) for sheet in sheets]
        return fonts.document_fonts(rules, lambda address, sheet: self.get(address, sheet.as_uri()).content)

    @contextmanager
    def drawing_ahead(self, name: str) -> Iterator[None]:
        """Draw the figures that the template *name* has used last time, while it is rendered: another process does the work."""
        key = json.dumps(["figures", self.view.about.dataset_id, self.view.document.id, self.view.language, name]).encode()
        names = (self.cache.get(key) or b"").decode().split()
        thread = Thread(target=self._draw, args=(names,))
        thread.start()
        try:
            yield
        finally:
            thread.join()  # a process with threads can't be copied safely
        drawn = [address.removeprefix(figures.SCHEME) for address in map(str, self._found) if address.startswith(figures.SCHEME)]
        self.cache.note(key, " ".join(drawn).encode())

    def _draw(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(ReportsError):  # which is raised where the figure is asked for
                self.draw(self.view, self.templates, name, self.cache)

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
        _ = self.looks  # what is saved while a figure is drawn in these colours is another file than the one that is noted
        for element in (element for element in page.root.iter() if is_linked(element)):
            try:
                found = self.linked(page, element)
                if element.tag == "link":
                    self._check_styles(found)
                elif element.tag == "script":
                    decode(found.path, found.content)
            except ReportsError as error:
                problems += error.problems
        if problems:
            raise ReportsError(*problems)

    def _check_styles(self, sheet: Resource) -> None:
        problems: list[Problem] = []
        for address in self.addresses(sheet):
            try:
                self.get(address.value, sheet.path.as_uri(), Location(sheet.path, address.source_line, address.source_column))
            except ReportsError as error:
                problems += error.problems
        if problems:
            raise ReportsError(*problems)

    def _figure(self, address: str, place: Location) -> Resource:
        name = address.removeprefix(figures.SCHEME)
        path = figures.specification(self.view, self.templates, name, place)
        kind = "image/png" if self.draw is figures.draw_png else MEDIA_TYPES[".svg"]
        digest = digest_of(path, self.templates)  # before it is read: what is saved while it is drawn is another one
        if house := fonts.house_fonts(self.templates):
            self.used |= {font: digest_of(font, self.templates) for font in (self.templates / fonts.HOUSE, *house)}
        return Resource(path, self.draw(self.view, self.templates, name, self.cache), kind, digest, is_drawn=True)

    def _code(self, address: str, place: Location) -> Resource:
        is_png = self.draw is figures.draw_png
        try:
            code = qr.draw(address.removeprefix(qr.SCHEME), self.looks.colours["ink"], is_png)
        except ValueError:  # of segno: there is nothing to encode, or too much
            message = f"no code can hold '{address[:60]}', a text of {len(address) - len(qr.SCHEME)} characters"
            raise ReportsError(Problem(place, message)) from None
        return Resource(self.looks.path, code, "image/png" if is_png else MEDIA_TYPES[".svg"], self.looks.digest, is_drawn=True)

    def _file(self, path: Path) -> Resource:
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
            if drawing.find(".//text") is not None:
                return Resource(path, figures.with_own_font(drawing), kind, sha256(content))
        return Resource(path, content, kind, sha256(content))

    def _path(self, address: str, base: str, place: Location) -> Path:
        """Return the file at *address*; raises ReportsError if there is none of ours."""
        if address.startswith(fonts.SCHEME) and (name := address.removeprefix(fonts.SCHEME)) in fonts.FONTS:
            return fonts.font_file(name)
        with suppress(ValueError):  # brackets that don't match
            parts = urlsplit(urljoin(base or self.base, address))
            path = Path(url2pathname(parts.path))  # which decodes what is written as %25
            if parts.scheme == "file" and path.is_relative_to(self.folder) and is_file_named_in(path, self.folder):
                return path.resolve() if lies_in(path, self.folder) else path  # which whoever reads it refuses
        raise ReportsError(Problem(place, f"'{address}' is neither a file in the folder '{self.templates.name}' nor one of our fonts"))
