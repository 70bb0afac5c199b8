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
from reports.translations.locale import is_right_to_left

IGNORED = re.compile(r"Ignored `(.+?) *` at (\d+):(\d+), (.+?)\.?", re.DOTALL)  # a declaration, as WeasyPrint says it of the sheet it reads
PLACED = re.compile(r" at (\d+):(\d+)$")
QUOTED = re.compile(r"'\s*(.+?)\s*'")  # a selector that it does not know
# What WeasyPrint says of a character that it could not draw.
NO_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]+)\)$")

# Sides that browsers know as those where lines begin or end, and WeasyPrint 70 only as left and right; its `float: inline-end` stumbles.
LOGICAL = re.compile(r"(\b(?:margin|padding|border)-|\binset-|\bfloat\s*:\s*)inline-(start|end)\b")
BOX = re.compile(r"(@(?:top|bottom)-)(left|right)\b")  # in the margins of a page, which has no logical name
OTHER = {"left": "right", "right": "left"}

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
        content = found.content
        if found.media_type == MEDIA_TYPES[".css"]:
            self.sheet = found.path.relative_to(self.resources.folder).as_posix()
            content = by_sides(content.decode(), is_right_to_left(self.resources.view.language)).encode()
        # From what has the address of a file, WeasyPrint reads a JPEG once more, as it is on the disk.
        address = f"read:{url}" if found.media_type.startswith("image/") else url
        return URLFetcherResponse(address, content, {"Content-Type": found.media_type})

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
                place = self._place(sheet, text.partition(":")[0], int(line), int(column))
                yield Problem(place, f"'{self._as_written(text, place)}' is ignored: {why}")
            elif sheet and (quoted := QUOTED.search(warning)) and (at := self._texts()[sheet].find(quoted[1])) >= 0:
                yield Problem(
                    location_at(sheet, self._texts()[sheet], at), f"'{quoted[1]}' is ignored: {warning.partition(',')[0].lower()}"
                )
            else:
                placed = PLACED.search(warning)
                yield Problem(Location(sheet or template, *(map(int, placed.groups()) if sheet and placed else ())), warning)

    def _place(self, sheet: Path, name: str, line: int, column: int) -> Location:
        """Return the place of the property *name*: in *sheet*, or in another that has it there. One with a `var()` is read after all."""
        texts = self._texts()
        end = column - 1 + len(name)  # the column may be that of its value
        held = [path for path in (sheet, *texts) if name in "".join(texts[path].split("\n")[line - 1 : line])[:end]]
        return Location(held[0] if held else sheet, line, column)

    def _as_written(self, text: str, place: Location) -> str:
        """Return the declaration *text* with its property as the style sheet has it at *place*, which may be a logical one."""
        line = self._texts()[place.path].split("\n")[(place.line or 1) - 1]
        logical = re.compile(r"[\w-]+-inline-[\w-]+").match(line, (place.column or 1) - 1)
        return f"{logical[0]}:{text.partition(':')[2]}" if logical else text

    def _texts(self) -> Mapping[Path, str]:
        """Return the texts of the style sheets that have been read."""
        folder = self.resources.folder
        return {path: read_text(path, folder) for path in self.resources.used if path.suffix == ".css"}


def by_sides(text: str, is_rtl: bool) -> str:
    """Return the style sheet *text* with left and right in the place of logical sides, and each declaration in its place.

    *is_rtl* tells that the document as a whole goes from right to left, which its layout keeps to around a text in another direction: the
    boxes in the margins of its pages change sides.
    """
    if is_rtl:
        text = BOX.sub(lambda match: match[1] + OTHER[match[2]], text)
    sides = {"start": "right" if is_rtl else "left", "end": "left" if is_rtl else "right"}
    return LOGICAL.sub(lambda match: f"{match[1].removeprefix('inset-')}{sides[match[2]]}".ljust(len(match[0])), text)


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
