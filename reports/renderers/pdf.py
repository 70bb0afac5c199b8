"""View + template -> PDF: HTML and CSS by WeasyPrint, in one file that is both PDF/A-3a and PDF/UA-1."""

import logging
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import location_at, read_bytes, read_text
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.assets import MEDIA_TYPES, Resources
from reports.renderers.draft import make_page
from reports.renderers.environment import Templates, border
from reports.renderers.figures import variable
from reports.renderers.fonts import Fonts, missing_glyphs
from reports.renderers.html import set_directions
from reports.renderers.pictures import FITTING

# How each system gets Pango, which sets the text of a PDF; a Linux distribution by its ID or ID_LIKE in /etc/os-release.
PANGO: Mapping[str, str] = {
    "debian": "apt-get install -y libpangoft2-1.0-0",
    "fedora": "dnf install -y pango",
    "suse": "zypper install -y libpango-1_0-0",
    "arch": "pacman -S pango",
    "alpine": "apk add pango",
    "darwin": "brew install pango",
    "win32": "pacman -S mingw-w64-x86_64-pango (in MSYS2), then set WEASYPRINT_DLL_DIRECTORIES to C:\\msys64\\mingw64\\bin",
}


def pango_missing() -> Problem:
    """Return the problem of a system without Pango, with the command that installs it there."""
    names = [sys.platform]
    with suppress(OSError):  # no other system has the file
        release = platform.freedesktop_os_release()
        names += [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    command = next((PANGO[name] for name in names if name in PANGO), None)
    step = f"install it with: {command}" if command else "install Pango with this system's package manager"
    return Problem(Location(Path("Pango")), f"the library that sets the text of a PDF is not on this system; {step}")


try:
    with redirect_stdout(StringIO()):  # without Pango it prints advice of its own, twice
        import pyphen
        import weasyprint
        from weasyprint.formatting_structure.boxes import TextBox
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from reports.renderers.pdf_structure import TagsError, merge_split_elements
except OSError as error:  # cffi found no Pango
    raise ReportsError(pango_missing()) from error

for languages in (pyphen.LANGUAGES, pyphen.LANGUAGES_LOWERCASE):  # of the rules of hyphenation
    languages.setdefault("bs", languages["hr"])

PDFUA = Path(__file__).with_name("pdfua.xml")  # what the metadata say of PDF/UA-1, and the schema that PDF/A-3 wants for it
IGNORED = re.compile(r"Ignored `(.+?) *` at (\d+):(\d+), (.+?)\.?", re.DOTALL)  # a declaration, as WeasyPrint says it of the sheet it reads
QUOTED = re.compile(r"'\s*(.+?)\s*'")  # a selector that it does not know
DIRECTIONS = '[dir="rtl"] { direction: rtl } [dir="ltr"] { direction: ltr }'  # which browsers know, and WeasyPrint does not
FOREIGN = "the font '{family}' came from this system; name a font of ours in the style sheet"
# What WeasyPrint says of a character that it could not draw.
NO_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]+)\)$")
CRISP = "img { image-rendering: crisp-edges; }"  # PDF/A takes no picture that a reader may smooth
# `transform: scale(0)` crashes WeasyPrint, and so does `letter-spacing: 1e300px`.
STUMBLED = "WeasyPrint can't lay it out ({said}): a style may ask for a size or a place that no box can have"


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a PDF; raises ReportsError for every problem of templates, styles and fonts.

    Where a document promises its pages, the lists that its template fits in are cut to what they have room for.
    """
    template = templates / name
    fetcher = _Fetcher(Resources(templates, view, cache))
    progress = logging.getLogger(PROGRESS)

    def lay_out(most: Mapping[int, int]) -> _Layout:
        made = Templates(templates, view, most=most)
        page, fonts = make_page(made, name, fetcher.resources)
        fetcher.warnings.clear()
        fetcher.without_glyph.clear()
        html = weasyprint.HTML(string=page.html, base_url=fetcher.resources.base, url_fetcher=fetcher)
        set_directions(html.etree_element)
        own = weasyprint.CSS(string=fetcher.resources.looks.sheet + FITTING + CRISP + DIRECTIONS)
        return _Layout(html.render(stylesheets=[own]), made, fonts)

    with (
        _surroundings(view),
        _listening("weasyprint", logging.WARNING, fetcher.note),
        _listening("weasyprint.progress", progress.getEffectiveLevel(), lambda step: progress.info(step.partition(" - ")[2].lower())),
        border(Location(template), STUMBLED),
    ):
        document, made, fonts = _fitted(lay_out, view.document.pages)
        document.metadata.created = document.metadata.modified = view.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        attachments = [] if view.dataset is None else [_attachment(view)]
        content = document.write_pdf(pdf_variant="pdf/a-3a", attachments=attachments, finisher=partial(_finish, template))
    problems = [*fetcher.problems(template)]
    if (promised := view.document.pages) and len(document.pages) > promised:
        place = Location(templates / view.document.id / "document.yaml")
        shortest = ", however short its lists are" if made.lengths else ""
        message = f"'{view.document.id}' has {len(document.pages)} pages{shortest}, and {promised} are promised"
        problems.append(Problem(place, f"{message}: shorten the texts that it shows, or change 'pages'"))
    problems += [missing_glyphs(*origin) for origin in made.origins(_missing(document, fonts, fetcher.without_glyph), name)]
    # Where a style sheet was not read, that another font was taken is no problem of its own.
    problems = problems or [Problem(Location(template), FOREIGN.format(family=family)) for family in _foreign(document, fonts)]
    if problems:
        raise ReportsError(*problems)
    return RenderedFile(content, fetcher.resources.used | made.used, len(document.pages))


class _Layout(NamedTuple):
    """A document laid out by WeasyPrint, the templates that made its HTML, and the fonts that its style sheets declare."""

    document: Any
    made: Templates
    fonts: Fonts


def _fitted(lay_out: Callable[[Mapping[int, int]], _Layout], pages: int | None) -> _Layout:
    """Return the layout with the longest lists for which it has no more than *pages*; the one with the shortest if none has.

    The template's last list gives way first. *lay_out* takes the most items of each list, by its number; one without has them all.
    """
    layout = lay_out({})
    lengths, most = layout.made.lengths, {}
    if not pages or len(layout.document.pages) <= pages:
        return layout
    for number in reversed(range(len(lengths))):
        most[number] = 0
        layout = lay_out(most)
        if len(layout.document.pages) <= pages:
            break
    else:
        return layout
    for number in sorted(most):
        fits, room = 0, lengths[number] + 1  # the first does, the second does not, or is more than there are
        while fits + 1 < room:
            middle = (fits + room) // 2
            tried = lay_out({**most, number: middle})
            if len(tried.document.pages) <= pages:
                layout, fits = tried, middle
            else:
                room = middle
        most[number] = fits
    return layout


class _RefusedError(ValueError):
    """An address was not opened, and the problem is known: what WeasyPrint says of it, with the name of this error, adds nothing."""


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens the *resources* of the templates and nothing else: any other address is a problem."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(allowed_protocols=("file", "font", "figure"))
        self.resources = resources
        self.refused: list[Problem] = []
        self.warnings: list[tuple[Path | None, str]] = []  # with the style sheet that was read last
        self.without_glyph: set[str] = set()
        self.sheet: Path | None = None

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        try:
            found = self.resources.get(url)
        except ReportsError as error:
            self.refused += error.problems
            raise _RefusedError(url) from None
        if found.media_type == MEDIA_TYPES[".css"]:
            self.sheet = found.path
        # From what has the address of a file, WeasyPrint reads a JPEG once more, as it is on the disk.
        address = f"read:{url}" if found.media_type.startswith("image/") else url
        return URLFetcherResponse(address, found.content, {"Content-Type": found.media_type})

    def note(self, warning: str) -> None:
        """Remember what WeasyPrint warns of, such as a style that it does not know."""
        if glyph := NO_GLYPH.search(warning):
            self.without_glyph.add(chr(int(glyph[1], 16)))
        # Without HarfBuzz-Subset, fontTools cuts the fonts as well: the document is none the worse for it.
        elif not warning.startswith("Using fontTools instead of HarfBuzz-Subset") and _RefusedError.__name__ not in warning:
            self.warnings.append((self.sheet, warning))

    def problems(self, template: Path) -> Iterator[Problem]:
        """Yield what was refused, and what WeasyPrint warned of: of a style at its place, of anything else at the *template*."""
        yield from self.refused
        for sheet, warning in self.warnings:
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


def _missing(document: Any, fonts: Fonts, without_glyph: Collection[str]) -> frozenset[str]:
    """Return the characters of *document* that no font of their style has, where another of the system may have drawn them.

    In drawings only WeasyPrint sees the texts, and it warns of those that are *without_glyph* in any font at all.
    """
    texts: dict[tuple[str, ...], set[str]] = {}
    for page in document.pages:
        for box in page._page_box.descendants():  # private, but nothing else knows which style a text has
            if isinstance(box, TextBox):
                texts.setdefault(box.style["font_family"], set()).update(box.text)
    return frozenset(without_glyph).union(*(fonts.missing("".join(text), stack) for stack, text in texts.items()))


def _foreign(document: Any, fonts: Fonts) -> list[str]:
    """Return the families in *document* that no style sheet declares: those of this system, to which a style without a font falls back."""
    return sorted({font.family for font in document.fonts.values() if font.family.casefold() not in fonts.families})


def _attachment(view: View) -> Any:
    dates = {"created": view.moment, "modified": view.moment}
    return weasyprint.Attachment(string=view.dataset, name="dataset.json", description=view.about.title, relationship="Source", **dates)


@contextmanager
def _surroundings(view: View) -> Iterator[None]:
    """Set what libraries take from around them: the date of the fonts that they cut, and a temporary folder, which is removed.

    fontTools takes its date from SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/). WeasyPrint removes its
    temporary fonts when they are collected, for which no process waits.
    """
    before = tempfile.tempdir
    with (
        variable("SOURCE_DATE_EPOCH", str(int(view.moment.timestamp()))),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def _listening(name: str, level: int, take: Callable[[str], None]) -> Iterator[None]:
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


def _finish(template: Path, document: Any, pdf: Any) -> None:
    """Mend what WeasyPrint leaves undone in the file that it is about to write: its structure, and PDF/UA-1 in the metadata.

    The option `xmp_metadata` does not serve: it adds a second rdf:RDF, which validators ignore.
    """
    try:
        merge_split_elements(document, pdf)
    except TagsError as error:
        raise ReportsError(Problem(Location(template), str(error))) from None
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    text = b"".join(part if isinstance(part, bytes) else part.encode() for part in stream.stream)
    end = text.rindex(b"</rdf:RDF>")
    stream.compress = False  # so that programs that know no PDF can find the metadata
    stream.stream = [text[:end] + read_bytes(PDFUA, PDFUA.parent) + text[end:]]
