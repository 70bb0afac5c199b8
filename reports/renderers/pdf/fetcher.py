"""Opens the files, fonts and figures that WeasyPrint asks for, and tells what it warns of."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.errors import Location, Problem, ReportsError
from reports.files import location_at, read_text
from reports.renderers.assets import MEDIA_TYPES, Resources

IGNORED = re.compile(r"Ignored `(.+?) *` at (\d+):(\d+), (.+?)\.?", re.DOTALL)  # a declaration, as WeasyPrint says it of the sheet it reads
QUOTED = re.compile(r"'\s*(.+?)\s*'")  # a selector that it does not know
# What WeasyPrint says of a character that it could not draw.
NO_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]+)\)$")

Warned = tuple[str, str]  # the path, below the templates, of the style sheet that was read last, and what WeasyPrint warns of


class RefusedError(ValueError):
    """An address was not opened, and the problem is known: what WeasyPrint says of it, with the name of this error, adds nothing."""


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens *resources* and nothing else: any other address is a problem."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(allowed_protocols=("file", "font", "figure"))
        self.resources = resources
        self.refused: list[Problem] = []
        self.sheet = ""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        try:
            found = self.resources.get(url)
        except ReportsError as error:
            self.refused += error.problems
            raise RefusedError(url) from None
        if found.media_type == MEDIA_TYPES[".css"]:
            self.sheet = found.path.relative_to(self.resources.folder).as_posix()
        # From what has the address of a file, WeasyPrint reads a JPEG once more, as it is on the disk.
        address = f"read:{url}" if found.media_type.startswith("image/") else url
        return URLFetcherResponse(address, found.content, {"Content-Type": found.media_type})

    @contextmanager
    def listening(self) -> Iterator[list[Warned]]:
        """Yield the list of what WeasyPrint warns of meanwhile, such as a style that it does not know."""
        warnings: list[Warned] = []

        def note(warning: str) -> None:
            if RefusedError.__name__ not in warning:
                warnings.append((self.sheet, warning))

        with listening("weasyprint", logging.WARNING, note):
            yield warnings

    def problems(self, warnings: Sequence[Warned], template: Path) -> Iterator[Problem]:
        """Yield what was refused, and each of *warnings*: of a style at its place, of anything else at the *template*."""
        yield from self.refused
        for name, warning in dict.fromkeys(warnings):
            sheet = self.resources.folder / name if name else None
            if NO_GLYPH.search(warning):
                continue
            if sheet and (ignored := IGNORED.fullmatch(warning)):
                text, line, column, why = ignored.groups()
                yield Problem(self._place(sheet, text.partition(":")[0], int(line), int(column)), f"'{text}' is ignored: {why}")
            elif sheet and (quoted := QUOTED.search(warning)) and (at := self._texts()[sheet].find(quoted[1])) >= 0:
                yield Problem(
                    location_at(sheet, self._texts()[sheet], at), f"'{quoted[1]}' is ignored: {warning.partition(',')[0].lower()}"
                )
            else:
                yield Problem(Location(template), warning)

    def _place(self, sheet: Path, name: str, line: int, column: int) -> Location:
        """Return the place of the property *name*: in *sheet*, or in another that has it there. One with a `var()` is read after all."""
        texts = self._texts()
        end = column - 1 + len(name)  # the column may be that of its value
        held = [path for path in (sheet, *texts) if name in "".join(texts[path].split("\n")[line - 1 : line])[:end]]
        return Location(held[0] if held else sheet, line, column)

    def _texts(self) -> Mapping[Path, str]:
        """Return the texts of the style sheets that have been read."""
        folder = self.resources.folder
        return {path: read_text(path, folder) for path in self.resources.used if path.suffix == ".css"}


def without_glyph(warnings: Sequence[Warned]) -> frozenset[str]:
    """Return the characters that, as *warnings* say, no font at all could draw."""
    return frozenset(chr(int(glyph[1], 16)) for _, warning in warnings if (glyph := NO_GLYPH.search(warning)))


@contextmanager
def listening(name: str, level: int, take: Callable[[str], None]) -> Iterator[None]:
    """Hand each message of the logger *name* from *level* on to *take*, and to nobody else."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            take(record.getMessage())

    logger = logging.getLogger(name)
    handlers, propagate, before = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [Handler(level)], False
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(before)
