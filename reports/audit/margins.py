"""What a file says beside its text, in its properties, the margins of its pages and of its pictures: is it what the template says?

In the margins of a PDF, what a template does not say may be a heading of it or of a table, a page's number, or a word of its style
sheets. That a heading is the right one for its page is not asked, nor which pages have margins: but what most have, each has to have,
the first aside.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from reports.audit.findings import Difference
from reports.audit.shown import Around, collapse, difference, shorten, squeeze
from reports.files import is_file_in, read_text

PROPERTIES = ("title", "author", "description", "keywords")
HEADINGS = (".//h1", ".//h2", ".//h3", ".//h4", ".//thead//th")  # that of a table stands again on each page that it goes on
# What stands for the numbers of the page and of the last one until they are known: no text has such characters.
NUMBERS = {"page": "\x01", "pages": "\x02"}
WORD = re.compile(r"\d+|[^\W\d]+")
CONTENT = re.compile(r"content\s*:([^;}]*)")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")


@dataclass(frozen=True)
class ManifestEntry(Around):
    """What a template says beside its text, and what margins may say besides: its *headings*, and what its style *sheets* write."""

    headings: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    def also(self, folder: Path) -> list[str]:
        """Return what margins may say besides, with the style sheets in *folder*."""
        sheets = (read_text(folder / one, folder) for one in self.sheets if is_file_in(folder / one, folder))
        quoted = (one for sheet in sheets for content in CONTENT.findall(sheet) for one in QUOTED.findall(content))
        return [*map(_letters, self.headings), *(_letters("".join(one)) for one in quoted)]


def made_around(root: Element, suffix: str) -> ManifestEntry:
    """Return what the page *root*, as a template makes it, says beside its text in a file that ends in *suffix*."""
    properties = {one.get("name", ""): one.get("content", "") for one in root.iter("meta")}
    running = [one for one in root.iter() if one.tag in ("header", "footer") and "running" in one.get("class", "").split()]
    return ManifestEntry(
        {**properties, "title": next((_text(one) for one in root.iterfind("head/title")), "")},
        tuple((f"the {one.tag}", _text(one)) for one in running) if suffix != ".html" else (),
        tuple(one.get("alt", "") for one in root.iter("img")),
        tuple(_text(one) for heading in HEADINGS for one in root.iterfind(heading)),
        tuple(one.get("href", "") for one in root.iter("link") if one.get("rel") == "stylesheet"),
    )


def _text(element: Element) -> str:
    number = next((NUMBERS[one] for one in element.get("class", "").split() if one in NUMBERS), "")
    return "".join((number, element.text or "", *(f"{_text(child)}{child.tail or ''}" for child in element)))


def _letters(text: str) -> str:
    """Return *text* as it is compared: a style sheet may print it in capitals."""
    return squeeze(text).casefold()


def compare_around(shown: Around, made: ManifestEntry, folder: Path, template: str) -> Iterator[Difference]:
    """Yield where *shown* says something else beside its text than *template* has *made* of the data now, with style sheets in *folder*."""
    also = sorted(made.also(folder), key=len, reverse=True)
    for one in (*_properties(shown, made), *_pictures(shown, made), *_too_much(shown, made, also), *_missing(shown, made)):
        yield replace(one, where=template)


def _properties(shown: Around, made: ManifestEntry) -> Iterator[Difference]:
    for name in PROPERTIES:
        for place, says in ((one, says) for one, says in {name: "", **shown.properties}.items() if one.partition(" ")[0] == name):
            wanted = made.properties.get(name, "")
            if name in made.properties and squeeze(says) != squeeze(wanted):
                yield Difference(f"its {place}", *difference(collapse(says), collapse(wanted)))


def _pictures(shown: Around, made: ManifestEntry) -> Iterator[Difference]:
    if len(shown.pictures) != len(made.pictures):
        yield Difference("", f"has {len(shown.pictures)} pictures", f"the template has {len(made.pictures)}")
    for number, (says, wanted) in enumerate(zip(shown.pictures, made.pictures, strict=False), start=1):
        if squeeze(says) != squeeze(wanted):
            yield Difference(f"the description of picture {number}", *difference(collapse(says), collapse(wanted)))


def _filled(text: str, shown: Around, page: int) -> str:
    """Return *text* of a margin with its numbers, as it stands on *page*; Word counts pages when it shows them."""
    numbers = (page, len(shown.margins)) if _are_pages(shown) else ("", "")
    for letter, number in zip(NUMBERS.values(), numbers, strict=True):
        text = text.replace(letter, str(number))
    return text


def _are_pages(shown: Around) -> bool:
    return all("page" in place for place, _ in shown.margins)


def _too_much(shown: Around, made: ManifestEntry, also: list[str]) -> Iterator[Difference]:
    """Yield what margins say more than is *made*, and than they may say *also*: once, however many do."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for page, (place, says) in enumerate(shown.margins, start=1):
        rest = _letters(says)
        for known in (*(_letters(_filled(text, shown, page)) for _, text in made.margins), *also):
            rest = rest.replace(known, "\n") if known else rest
        numbers = {str(page), str(len(shown.margins))} if _are_pages(shown) else set()
        if added := [word for word in WORD.findall(rest) if word not in numbers]:
            found[" ".join(added)].append((place, says))
    for more, ((place, says), *others) in found.items():
        where = f"{place} and {len(others)} more" if others else place
        yield Difference(where, f"says '{shorten(says, 80)}'", f"the template does not say '{more}' there")


def _missing(shown: Around, made: ManifestEntry) -> Iterator[Difference]:
    """Yield what is *made* and stands in no margin of its kind, or not in all of them, though in most."""
    for kind, text in made.margins:
        its = [one for one in enumerate(shown.margins, start=1) if one[1][0] == kind] or list(enumerate(shown.margins, start=1))
        without = [place for page, (place, says) in its if _letters(_filled(text, shown, page)) not in _letters(says)]
        words = shorten(re.sub("[\x01\x02]", "…", text))
        if len(without) == len(its):
            yield Difference(kind, f"'{words}' is missing")
        elif 2 * len(without) <= len(its):
            yield from (Difference(place, f"'{words}' is missing") for place in without if place != its[0][1][0])
