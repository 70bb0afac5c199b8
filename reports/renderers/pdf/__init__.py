"""View + template -> PDF: HTML and CSS by WeasyPrint, in one file that is both PDF/A-3a and PDF/UA-1.

The page is cut into `pieces`; `compose` lets `layout` lay out and draw each, with the `structure` that is read, as a `fragment`, and the
`margins` of its pages; `join` makes one file of them.
"""

import ctypes.util
import json
import logging
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from functools import cache as once
from importlib.metadata import version
from io import StringIO
from math import ceil
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from reports.cache import NO_CACHE, Cache
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.files import digest_of, sha256
from reports.renderers import PROGRESS, RenderedFile
from reports.renderers.assets import Resources
from reports.renderers.draft import SHOWN_BY, make_page
from reports.renderers.environment import Templates, border
from reports.renderers.figures import check_figure
from reports.renderers.fonts import missing_glyphs
from reports.renderers.html import bind_endings, set_directions
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


@contextmanager
def _by_full_names() -> Iterator[None]:
    """Let libraries be found by their full names: for each of those that WeasyPrint tries before, ldconfig, gcc and ld would be asked.

    Elsewhere than on Linux, a library is found otherwise.
    """
    find = ctypes.util.find_library
    ctypes.util.find_library = (lambda name: None) if sys.platform == "linux" else find
    try:
        yield
    finally:
        ctypes.util.find_library = find


try:
    with _by_full_names(), redirect_stdout(StringIO()):  # without Pango it prints advice of its own, twice
        import pyphen

        from reports.renderers.pdf.compose import PAGES, Composed, Composer, LongError, UnsettledError
        from reports.renderers.pdf.fetcher import Fetcher, listening, without_glyph
        from reports.renderers.pdf.join import join
        from reports.renderers.pdf.layout import Tree, Typesetter
        from reports.renderers.pdf.pieces import SHEET
        from reports.renderers.pdf.structure import TagsError
except OSError as error:  # cffi found no Pango
    raise ReportsError(pango_missing()) from error

for languages in (pyphen.LANGUAGES, pyphen.LANGUAGES_LOWERCASE):  # of the rules of hyphenation
    languages.setdefault("bs", languages["hr"])

# What shapes a piece beside its HTML and its styles.
LIBRARIES = ("cssselect2", "fonttools", "pillow", "pydyf", "pyphen", "tinycss2", "uharfbuzz", "weasyprint")
DIRECTIONS = '[dir="rtl"] { direction: rtl } [dir="ltr"] { direction: ltr }'  # which browsers know, and WeasyPrint does not
FOREIGN = "the font '{family}' came from this system; name a font of ours in the style sheet"
PICTORIAL = "the font '{family}' has pictures in the place of outlines, which no PDF/A can hold; take another one"
HIDDEN = "a link leads to '#{aim}', which no page shows: a style hides it"
CRISP = ":root { image-rendering: crisp-edges; }"  # PDF/A takes no picture that a reader may smooth
# What keeps a document in one piece: in the styles of pages, to go by sides; in others, to count, and what has to do with other pages.
SIDES = re.compile(r"@page[^{]*:(left|right|blank|nth)\b|counter-(reset|increment|set)\b", re.IGNORECASE)
BOUND = re.compile(
    r"counter-(reset|increment|set)\b|\bcounters?\(|\btarget-\w+\(|\bfloat\s*:\s*footnote\b|\bbreak-(before|after)\s*:\s*(left|right|recto|verso)\b",
    re.IGNORECASE,
)
# `transform: scale(0)` crashes WeasyPrint, and so does `letter-spacing: 1e300px`.
STUMBLED = "WeasyPrint can't lay it out ({said}): a style may ask for a size or a place that no box can have"


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, jobs: int = 1) -> RenderedFile:
    """Return *view* in the template *name* as a PDF, laid out in up to *jobs* processes.

    Raises ReportsError for every problem of templates, styles and fonts. Where a document promises its pages, the lists that its template
    fits in are cut to what they have room for.
    """
    template = templates / name
    fetcher = Fetcher(Resources(templates, view, cache))
    below = (fetcher.resources.looks.sheet, FITTING, CRISP, DIRECTIONS, SHEET)
    progress = logging.getLogger(PROGRESS)

    @once
    def typesetter(*sheets: str) -> Typesetter:
        return Typesetter(fetcher, fetcher.resources.base, [fetcher.resources.get(sheet).path.as_uri() for sheet in sheets], below)

    @once
    def about(*sheets: str) -> tuple[str, bool]:
        return _depends(fetcher.resources, sheets, below), _is_cut(fetcher.resources, sheets)

    identity = json.dumps([view.about.dataset_id, view.document.id, view.language, name])

    def lay_out(most: Mapping[int, int], room: int | None) -> _Layout:
        made = Templates(templates, view, most=most)
        page, fonts = make_page(made, name, fetcher.resources)
        root = page.root
        del page  # all that it was printed from takes as much memory again
        set_directions(root)
        bind_endings(root)
        links = [*root.iter("link")]
        sheets = [link.get("href", "") for link in links if link.get("media", "all") in SHOWN_BY["pdf"]]
        for link in links:
            link.attrib.pop("href")  # it is read once, not for each piece
        depends, is_cut = about(*sheets)
        composer = Composer(
            root,
            fonts,
            lambda: typesetter(*sheets),
            identity,
            depends,
            lambda address: sha256(fetcher.resources.get(address).content),
            cache,
            cache if cache.folder and not cache.only_reads else Cache(Path(tempfile.gettempdir())),
            jobs if room is None else min(jobs, ceil(room / PAGES)),
            room,
        )
        pieces: Sequence[Composed] = ()
        with suppress(LongError):
            pieces = composer.compose(is_cut)
        head = Element(root.tag, root.attrib)
        head.extend(root.findall("head"))
        return _Layout(pieces, made, Tree(head, fetcher.resources.base, fetcher), composer.programs)

    with (
        _surroundings(),
        listening("weasyprint.progress", progress.getEffectiveLevel(), lambda step: progress.info(step.partition(" - ")[2].lower())),
        border(Location(template), STUMBLED),
    ):
        try:
            pieces, made, head, programs = _fitted(lay_out, view.document.pages, cache, f"lists of {identity}".encode())
        except (TagsError, UnsettledError) as error:
            raise ReportsError(Problem(Location(template), str(error))) from None
        pages = sum(len(piece.fragment.pages) for piece in pieces)
        if problems := [*_problems(pieces, fetcher, made, name), *_too_many(pages, view, templates, made)]:
            raise ReportsError(*problems)
        content = join(pieces, head, view, programs)
    return RenderedFile(content, fetcher.resources.used | made.used, pages, system())


def draft(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, suffix: str = "") -> RenderedFile:
    """Return no content, as every draft; raises ReportsError with what keeps the PDF from being laid out, also in its styles."""
    fetcher = Fetcher(Resources(templates, view, cache, check_figure))
    page, _ = make_page(Templates(templates, view, suffix[1:]), name, fetcher.resources)
    sheets = [link.get("href", "") for link in page.root.iter("link") if link.get("media", "all") in SHOWN_BY["pdf"]]
    with _surroundings(), border(Location(templates / name), STUMBLED):
        addresses = [fetcher.resources.get(sheet).path.as_uri() for sheet in sheets]
        typesetter = Typesetter(fetcher, fetcher.resources.base, addresses, (fetcher.resources.looks.sheet,))
    if problems := [*fetcher.problems(typesetter.warnings, templates / name)]:
        raise ReportsError(*problems)
    return RenderedFile(b"", {})


class _Layout(NamedTuple):
    """A document laid out, the templates that *made* its HTML, the head of that, and the programs of its fonts by digest.

    One that has no room for its pages has no *pieces*.
    """

    pieces: Sequence[Composed]
    made: Templates
    head: Tree
    programs: Mapping[str, bytes]


def _problems(pieces: Iterable[Composed], fetcher: Fetcher, made: Templates, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the styles and the fonts of *pieces*, which the template *name* of *made* has made."""
    template = made.folder / name
    fragments = [fragment for piece in pieces for fragment in (piece.fragment, piece.margins) if fragment]
    warnings = [warning for fragment in fragments for warning in fragment.warnings]
    missing = without_glyph(warnings).union(*(fragment.missing for fragment in fragments))
    found = [*fetcher.problems(warnings, template), *(missing_glyphs(*origin) for origin in made.origins(missing, name))]
    yield from found
    # Where a style sheet was not read, that another font was taken is no problem of its own.
    shown = {anchor for fragment in fragments for page in fragment.pages for anchor in page.anchors}
    lost = sorted({aim for fragment in fragments for aim in fragment.aims} - shown)
    yield from (Problem(Location(template), HIDDEN.format(aim=aim)) for aim in lost)
    foreign, pictorial = ({family for fragment in fragments for family in getattr(fragment, of)} for of in ("foreign", "pictorial"))
    for message, families in ((FOREIGN, foreign), (PICTORIAL, pictorial - foreign)) if not found else ():
        yield from (Problem(Location(template), message.format(family=family)) for family in sorted(families))


def _too_many(pages: int, view: View, templates: Path, made: Templates) -> Iterator[Problem]:
    """Yield the problem of more *pages* than the document promises."""
    if (promised := view.document.pages) and pages > promised:
        place = Location(templates / view.document.id / "document.yaml")
        shortest = ", however short its lists are" if made.lengths else ""
        message = f"'{view.document.id}' has {pages} pages{shortest}, and {promised} are promised"
        yield Problem(place, f"{message}: shorten the texts that it shows, or change 'pages'")


def _depends(resources: Resources, sheets: Sequence[str], below: Sequence[str]) -> str:
    """Return what every piece of a document depends on: its style sheets, with *below* those of ours, their files, and who sets it."""
    about = resources.view.about
    found = [resources.get(sheet) for sheet in sheets]
    files = [resources.get(address.value, sheet.path.as_uri()).digest for sheet in found for address in resources.addresses(sheet)]
    setters = [sys.version, *map(version, LIBRARIES), system()]
    return json.dumps([about.dataset_id, about.language, [sheet.digest for sheet in found], files, list(below), setters, _code()])


@once
def system() -> Mapping[str, str]:
    """Return the version of each program of this system that shapes a page."""
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset, pango

    whole, part = divmod(pango.pango_version(), 10_000)
    newest = [0, 0, 0]
    for place in range(3):  # it tells only whether it is as new as another version
        while harfbuzz.hb_version_atleast(*newest[:place], newest[place] + 1, *(0,) * (2 - place)):
            newest[place] += 1
    subset = "there" if harfbuzz_subset else "not there"  # else fonts are cut by fontTools, to other bytes
    return {"harfbuzz": ".".join(map(str, newest)), "harfbuzz-subset": subset, "pango": f"{whole}.{part // 100}.{part % 100}"}


@once
def _code() -> Sequence[str]:
    folder = Path(__file__).parent
    return [digest_of(path, folder) for path in sorted(folder.glob("*.py"))]


def _is_cut(resources: Resources, sheets: Sequence[str]) -> bool:
    """Tell whether a document with these style *sheets* may be laid out in pieces: nothing in it counts over them, or goes by sides."""
    rules = [rule for sheet in sheets for rule in resources.rules(resources.get(sheet))]
    return not any((SIDES if getattr(rule, "lower_at_keyword", "") == "page" else BOUND).search(rule.serialize()) for rule in rules)


LayOut = Callable[[Mapping[int, int], int | None], _Layout]


def _fitted(lay_out: LayOut, pages: int | None, cache: Cache, hint: bytes) -> _Layout:
    """Return the layout with the longest lists for which it has no more than *pages*; the one with the shortest if none has.

    The template's last list gives way first. *lay_out* takes the most items of each list, by its number, and how many pages there is room
    for; a list without a number has all its items. How many there were last time is kept in *cache* as the *hint*.
    """
    before = {int(number): count for number, count in json.loads(cache.get(hint) or b"{}").items()}
    if before and (layout := _as_before(lay_out, before, pages)):
        return layout
    layout, most = _searched(lay_out, pages)
    if not layout.pieces:
        return lay_out(most, None)
    if most != before:
        cache.note(hint, json.dumps(most).encode())
    return layout


def _as_before(lay_out: LayOut, most: Mapping[int, int], pages: int | None) -> _Layout | None:
    """Return the layout whose lists have so many items as *most* says, if there is room for these, and for no more."""
    layout = lay_out(most, pages)
    lengths = dict(enumerate(layout.made.lengths))
    given = [number for number in most if most[number] < lengths.get(number, 0)]
    longer = ({other: most[other] + 1 if other == number else most[other] if other < number else 0 for other in most} for number in given)
    fits = layout.pieces and most.keys() <= lengths.keys() and not any(lay_out(tried, pages).pieces for tried in longer)
    return layout if fits else None


def _searched(lay_out: LayOut, pages: int | None) -> tuple[_Layout, Mapping[int, int]]:
    """Return the layout with the longest lists that there is room for, and how many items of each; one without pieces if none has."""
    most: dict[int, int] = {}
    layout = lay_out(most, pages)
    if layout.pieces:
        return layout, most
    lengths = layout.made.lengths

    def lengthen(number: int, fits: int, room: int, first: int) -> bool:
        """Let the list *number* be as long as fits, from *fits* on and below *room*, *first* that long; tell whether any length does."""
        nonlocal layout
        middle = first
        while fits + 1 < room:
            tried = lay_out({**most, number: middle}, pages)
            if tried.pieces:
                layout, fits = tried, middle
            else:
                room = middle
            middle = (fits + room) // 2
        most[number] = max(fits, 0)
        return fits >= 0

    # There is no room for all of the one that gives way; of those behind it, there often is.
    given = next((number for number in reversed(range(len(lengths))) if lengthen(number, -1, lengths[number], lengths[number] // 2)), None)
    for number in range(given + 1, len(lengths)) if given is not None else ():
        lengthen(number, 0, lengths[number] + 1, lengths[number])
    return layout, dict(sorted(most.items()))


@contextmanager
def _surroundings() -> Iterator[None]:
    """Set what libraries take from around them: the date of fonts that they unpack, and a temporary folder, which is removed.

    fontTools takes its date from SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/): one date for all, or what
    is kept of a piece would be older than what is made. WeasyPrint removes its temporary fonts when they are collected, for which no
    process waits.
    """
    before, date = tempfile.tempdir, os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before
            del os.environ["SOURCE_DATE_EPOCH"]
            if date is not None:
                os.environ["SOURCE_DATE_EPOCH"] = date
