"""View + template -> PDF: HTML and CSS by WeasyPrint, in one file that is both PDF/A-3a and PDF/UA-1."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.assets import MEDIA_TYPES, Resources
from reports.renderers.environment import Templates, border
from reports.renderers.figures import variable
from reports.renderers.fonts import check_characters
from reports.renderers.html import check_html, parse_html
from reports.renderers.pango import pango_missing
from reports.renderers.stylesheet import parsed

try:
    with redirect_stdout(StringIO()):  # without Pango it prints advice of its own, twice
        import weasyprint
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from reports.renderers.pdf_structure import TagsError, merge_split_elements
except OSError as error:  # cffi found no Pango
    raise ReportsError(pango_missing()) from error

VARIANT = "pdf/a-3a"
ATTACHMENT = "dataset.json"


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> RenderedFile:
    """Return *view* in the template *name* as a PDF; raises ReportsError for every problem of templates, styles and fonts."""
    made = Templates(templates, view)
    html = made.render(name)
    root = parse_html(html)
    check_html(root, templates / name)
    check_characters("".join(root.itertext()), templates / name)
    fetcher = _Fetcher(Resources(templates, view, cache))
    with _clock(view), _scratch(), _progress(), _warnings() as warnings, _border(templates / name):
        document = weasyprint.HTML(string=html, base_url=fetcher.resources.base, url_fetcher=fetcher).render()
        _date(document.metadata, view)
        content = document.write_pdf(pdf_variant=VARIANT, attachments=_attachments(view), finisher=_finish)
    problems = fetcher.problems + [Problem(Location(templates / name), message) for message in warnings]
    problems += [Problem(Location(templates / name), message) for message in _foreign_fonts(document)]
    promised = view.document.pages
    if promised and len(document.pages) != promised:
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
                parsed(found)
        except ReportsError as error:
            self.problems += error.problems
            raise _RefusedError(url) from None
        return URLFetcherResponse(url, found.content, {"Content-Type": found.media_type})


@contextmanager
def _border(template: Path) -> Iterator[None]:
    """Give what WeasyPrint stumbles over its place, *template*: some styles of any page crash it.

    `transform: scale(0)` is one, `letter-spacing: 1e300px` another.
    """
    message = "WeasyPrint can't lay it out ({said}): a style may ask for a size or a place that no box can have"
    try:
        with border(Location(template), message):
            yield
    except TagsError as error:
        raise ReportsError(Problem(Location(template), str(error))) from None


def _date(metadata: Any, view: View) -> None:
    metadata.created = metadata.modified = view.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _attachments(view: View) -> list[Any]:
    if view.dataset is None:
        return []
    return [
        weasyprint.Attachment(
            string=view.dataset,
            name=ATTACHMENT,
            description=view.about.title,
            created=view.moment,
            modified=view.moment,
            relationship="Source",
        )
    ]


def _clock(view: View) -> AbstractContextManager[None]:
    """Give fontTools, which dates the fonts that it cuts, the dataset's day (https://reproducible-builds.org/specs/source-date-epoch/)."""
    return variable("SOURCE_DATE_EPOCH", str(int(view.moment.timestamp())))


@contextmanager
def _scratch() -> Iterator[None]:
    """Remove the fonts that WeasyPrint puts into a temporary folder: it does so when they are collected, for which no process waits."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what WeasyPrint warns of: styles it does not know, images it can't load."""
    messages: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            # Without HarfBuzz-Subset, fontTools cuts the fonts as well: the document is none the worse for it.
            if not message.startswith("Using fontTools instead of HarfBuzz-Subset") and _RefusedError.__name__ not in message:
                messages.append(message)

    logger = logging.getLogger("weasyprint")
    handler, propagate, handlers = Handler(logging.WARNING), logger.propagate, logger.handlers
    logger.handlers, logger.propagate = [handler], False
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = handlers, propagate


@contextmanager
def _progress() -> Iterator[None]:
    """Pass on what WeasyPrint says of its steps, if anybody listens."""
    ours, theirs = logging.getLogger(PROGRESS), logging.getLogger("weasyprint.progress")

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            _, _, step = record.getMessage().partition(" - ")
            ours.info(step.lower())

    handler, level = Handler(), theirs.level
    theirs.addHandler(handler)
    theirs.setLevel(ours.getEffectiveLevel())
    try:
        yield
    finally:
        theirs.removeHandler(handler)
        theirs.setLevel(level)


def _foreign_fonts(document: Any) -> Iterator[str]:
    """Yield a message for each font in *document* that is not ours: the system's stands in where a style names no font of ours."""
    ours = {"Source Sans 3", "Source Serif 4"}
    for family in sorted({font.family for font in document.fonts.values()} - ours):
        yield f"the font '{family}' came from this system; name a font of ours in the style sheet"


def _finish(document: Any, pdf: Any) -> None:
    """Mend what WeasyPrint leaves undone in the file that it is about to write; a finisher of WeasyPrint's."""
    merge_split_elements(document, pdf)
    _declare_pdfua(pdf)


def _declare_pdfua(pdf: Any) -> None:
    """Add PDF/UA-1 to the metadata, and the extension schema that PDF/A-3 wants for it.

    The option `xmp_metadata` does not serve: it appends a second rdf:RDF, which validators ignore.
    """
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number]
    text = b"".join(part if isinstance(part, bytes) else part.encode() for part in stream.stream)
    end = text.rindex(b"</rdf:RDF>")
    stream.compress = False  # so that programs that know no PDF can find the metadata
    stream.stream = [text[:end] + _PDFUA.encode() + text[end:]]


_PDFUA = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
