"""View + the changes of every edition -> .atom: a feed (RFC 4287), by which programs of readers learn of a new edition."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.builder import ElementMaker

from reports.cache import NO_CACHE, Cache
from reports.dataset.dates import Date
from reports.documents.view import View
from reports.editions.changes import Change, ChangeKind, for_readers
from reports.editions.editions import Comparison
from reports.editions.snapshot import ABOUT
from reports.renderers import RenderedFile
from reports.translations.locale import Locale

NAMESPACE, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
ATOM, HTML = (ElementMaker(namespace=namespace, nsmap={None: namespace}) for namespace in (NAMESPACE, XHTML))
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
TOLD = ("milestone", "framework", "statement", "measure", "operation")  # the kinds of records that a feed names; others are counted


def render(view: View, templates: Path, name: str, cache: Cache = NO_CACHE, before: Sequence[Comparison] = ()) -> RenderedFile:
    """Return the feed of the edition in *view* and of those before it, as *before* compares each with the one before it; newest first."""
    locale, about = Locale(templates, view.language, view.about), view.unmarked.about
    days = [*(comparison.since.published for comparison in before[1:]), about.published]
    entries = [_entry(view, locale, comparison, day) for comparison, day in zip(before, days, strict=True)]
    feed = ATOM.feed(
        {LANGUAGE: locale.tag},
        ATOM.id(_identifier(view)),
        ATOM.title(about.title),
        ATOM.updated(_moment(about.published)),
        ATOM.author(ATOM.name(about.publisher)),
        *_alternate(view),
        *reversed(entries),
    )
    return RenderedFile(etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True), dict(locale.used))


def _entry(view: View, locale: Locale, comparison: Comparison, day: Date) -> etree._Element:
    """Return the entry of the edition that *comparison* leads to, which was published on that *day*."""
    return ATOM.entry(
        ATOM.id(_identifier(view, f"edition {comparison.until}")),
        ATOM.title(locale.term("feed.edition", number=comparison.until)),
        ATOM.updated(_moment(day)),
        *_alternate(view),
        ATOM.content({"type": "xhtml"}, HTML.div(*_told(locale, comparison.changes))),
    )


def _told(locale: Locale, changes: Sequence[Change]) -> Iterator[etree._Element]:
    """Yield for each kind of record its name and how many changed, and for those that readers know a line for each, the new ones first."""
    by_kind: dict[str, dict[str, list[Change]]] = {}
    for change in for_readers(changes):
        by_kind.setdefault(change.record_kind, {}).setdefault(change.record, []).append(change)
    for kind, records in by_kind.items():
        count = len(records[ABOUT]) if kind == ABOUT else len(records)  # of the head, texts
        yield HTML.p(f"{locale.term(f'record.{kind}')}: {locale.number(count)}")
        if kind in TOLD:
            fates = sorted(records.items(), key=lambda record: [*ChangeKind].index(record[1][0].kind))
            yield HTML.ul(*(HTML.li(_line(locale, record, own)) for record, own in fates))


def _line(locale: Locale, record: str, changes: Sequence[Change]) -> str:
    """Return what became of *record*: its name and id, and of one that changed, the fields."""
    first = changes[0]
    fields = dict.fromkeys(locale.term(f"field.{change.path[0]}") for change in changes if change.path)
    return f"{locale.term(f'change.{first.kind}')}: {first.label} ({record}){': ' if fields else ''}{', '.join(fields)}"


def _alternate(view: View) -> Iterator[etree._Element]:
    if view.about.address:
        yield ATOM.link(rel="alternate", href=view.about.address)


def _identifier(view: View, name: str = "") -> str:
    """Return the identifier of the feed, or of the entry with that *name*: the same for one dataset and language for ever."""
    return uuid5(NAMESPACE_URL, f"{view.about.dataset_id} {view.language} {name}").urn


def _moment(day: Date) -> str:
    """Return the first moment of *day*, as RFC 3339 has it."""
    return f"{day.earliest}T00:00:00Z"
