"""View + template -> PDF: HTML and CSS by WeasyPrint, in one file that is both PDF/A-3a and PDF/UA-1."""

import logging
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import read_bytes
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.assets import MEDIA_TYPES, Resources, parse_styles
from reports.renderers.environment import Templates, border
from reports.renderers.figures import variable
from reports.renderers.fonts import check_characters
from reports.renderers.html import check_html, parse_html
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
        import weasyprint
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from reports.renderers.pdf_structure import TagsError, merge_split_elements
except OSError as error:  # cffi found no Pango
    raise ReportsError(pango_missing()) from error

PDFUA = Path(__file__).with_name("pdfua.xml")  # what the metadata say of PDF/UA-1, and the schema that PDF/A-3 wants for it
CRISP = "img { image-rendering: crisp-edges; }"  # PDF/A takes no picture that a reader may smooth
# `transform: scale(0)` crashes WeasyPrint, and so does `letter-spacing: 1e300px`.
STUMBLED = "WeasyPrint can't lay it out ({said}): a style may ask for a size or a place that no box can have"


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a PDF; raises ReportsError for every problem of templates, styles and fonts."""
    template = templates / name
    made = Templates(templates, view)
    html = made.render(name)
    root = parse_html(html)
    check_html(root, template)
    check_characters("".join(root.itertext()), template)
    fetcher = _Fetcher(Resources(templates, view, cache))
    warnings: list[str] = []
    progress = logging.getLogger(PROGRESS)
    with (
        _surroundings(view),
        _listening("weasyprint", logging.WARNING, warnings.append),
        _listening("weasyprint.progress", progress.getEffectiveLevel(), lambda step: progress.info(step.partition(" - ")[2].lower())),
        border(Location(template), STUMBLED),
    ):
        own = weasyprint.CSS(string=fetcher.resources.looks.sheet + FITTING + CRISP)
        document = weasyprint.HTML(string=html, base_url=fetcher.resources.base, url_fetcher=fetcher).render(stylesheets=[own])
        document.metadata.created = document.metadata.modified = view.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        attachments = [] if view.dataset is None else [_attachment(view)]
        content = document.write_pdf(pdf_variant="pdf/a-3a", attachments=attachments, finisher=partial(_finish, template))
    problems = fetcher.problems + [Problem(Location(template), message) for message in _faults(warnings, document)]
    if (promised := view.document.pages) and len(document.pages) != promised:
        place = Location(templates / view.document.id / "document.yaml")
        problems.append(Problem(place, f"'{view.document.id}' has {len(document.pages)} pages, and {promised} are promised"))
    if problems:
        raise ReportsError(*problems)
    return RenderedFile(content, fetcher.resources.used | made.used, len(document.pages))


class _RefusedError(ValueError):
    """An address was not opened, and the problem is known: what WeasyPrint says of it, with the name of this error, adds nothing."""


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens the *resources* of the templates and nothing else: any other address is a problem."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(allowed_protocols=("file", "font", "figure"))
        self.resources = resources
        self.problems: list[Problem] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        try:
            found = self.resources.get(url)
            if found.media_type == MEDIA_TYPES[".css"]:
                parse_styles(found)
        except ReportsError as error:
            self.problems += error.problems
            raise _RefusedError(url) from None
        # From what has the address of a file, WeasyPrint reads a JPEG once more, as it is on the disk.
        address = f"read:{url}" if found.media_type.startswith("image/") else url
        return URLFetcherResponse(address, found.content, {"Content-Type": found.media_type})


def _faults(warnings: list[str], document: Any) -> Iterator[str]:
    """Yield what WeasyPrint warned of, such as styles that it does not know, and the fonts of *document* that are not ours."""
    for warning in warnings:
        # Without HarfBuzz-Subset, fontTools cuts the fonts as well: the document is none the worse for it.
        if not warning.startswith("Using fontTools instead of HarfBuzz-Subset") and _RefusedError.__name__ not in warning:
            yield warning
    for family in sorted({font.family for font in document.fonts.values()} - {"Source Sans 3", "Source Serif 4"}):
        yield f"the font '{family}' came from this system; name a font of ours in the style sheet"


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
