"""Files, fonts and figures that templates name by an address: a path beside them, `font:<name>` or `figure:<name>`; nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

import tinycss2

from reports.cache import Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import decode, digest_of, is_file_in, read_bytes, sha256
from reports.renderers import figures, fonts
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

    def get(self, address: str, base: str = "") -> Resource:
        """Return what stands at *address*, which may be relative to *base*; raises ReportsError if nothing of ours does."""
        found = self._figure(address) if address.startswith(figures.SCHEME) else self._file(address, base)
        self.used.setdefault(found.path, found.digest)
        return found

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

    def _figure(self, address: str) -> Resource:
        name = address.removeprefix(figures.SCHEME)
        path = figures.specification(self.templates, name)
        kind = "image/png" if self.draw is figures.draw_png else MEDIA_TYPES[".svg"]
        digest = digest_of(path, self.templates)  # before it is read: what is saved while it is drawn is another one
        return Resource(path, self.draw(self.view, self.templates, name, self.cache), kind, digest, is_drawn=True)

    def _file(self, address: str, base: str) -> Resource:
        path = self._path(address, base)
        if path is None:
            raise ReportsError(Problem(Location(self.folder), f"'{address}' is neither a file in here nor one of our fonts"))
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
        inside = parts.scheme == "file" and is_file_in(path, self.folder)
        return path.resolve() if inside else None


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
