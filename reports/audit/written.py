"""Does a file say, in order, what its template makes of the data now, and nothing else? Whatever it is about, a difference is told.

So is what a style sheet writes, but for the page's numbers in the contents: let the template say it. Capitals of a style sheet are known
if a whole cell or paragraph has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from reports.audit.aligned import Aligned, Sequences
from reports.audit.findings import Compared, Difference
from reports.audit.margins import ManifestEntry, compare_around, made_around
from reports.audit.shown import Kind, Link, Passage, Shown, collapse, difference, shorten, squeeze
from reports.audit.told import Told
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html

TEXTS = ("p", "h1", "h2", "h3", "h4", "li", "caption", "figcaption", "legend")
LISTS = ("ul", "ol")
NAME = 20  # so many characters at its beginning tell which passage it is


def make(told: Told, suffix: str, shown: Shown) -> Shown:
    """Return what the template makes of the data, in the shape of *shown*, which is what its file, ending in *suffix*, says.

    Raises ReportsError if the template can't be rendered.
    """
    root = parse_html(Templates(told.template.folder, told.expected.view, suffix[1:]).render(told.template.name))
    body = root.find("body")
    assert body is not None, "the HTML parser makes one"
    around = made_around(root, suffix)
    _drop_unread(body, suffix)
    if suffix == ".pdf":
        _drop_soft_hyphens(body)
        _number_contents(body, shown)
    passages = tuple(_Walk(suffix).passages(body))
    # In Word, what stands in a list's item stands behind it; elsewhere it is part of it, and would stand here twice.
    text = "\n".join(one.text for one in passages if one.kind != Kind.CAPTION) if suffix == ".docx" else _text(body)
    return Shown(text, passages, around=around)


def _drop_unread(body: Element, suffix: str) -> None:
    """Take out of *body* what is no text in a file that ends in *suffix*: scripts, and what stands in the margins of pages."""
    for parent in list(body.iter()):
        for child in list(parent):
            runs = suffix != ".html" and child.tag in ("header", "footer") and "running" in child.get("class", "").split()
            if runs or child.tag == "script":
                parent.remove(child)


def _drop_soft_hyphens(body: Element) -> None:
    """Take the soft hyphens out of *body*: a PDF does not have them, unless a line ends there."""
    for element in body.iter():
        element.text, element.tail = ((text or "").replace("\N{SOFT HYPHEN}", "") for text in (element.text, element.tail))


def _number_contents(body: Element, shown: Shown) -> None:
    """Write a page's number behind each link of the contents that has one in *shown*, as style sheets do: that of where it leads."""
    links = [(link.target, squeeze(link.text)) for passage in shown.passages for link in passage.links]
    for link in (link for contents in body.iter("nav") for link in contents.iter("a")):
        target, text = link.get("href", ""), squeeze(_text(link))
        led = shown.by_anchor.get(target[1:])
        if led and any(one == target and words.startswith(text) and words[len(text) :].isdigit() for one, words in links):
            number = Element("span")
            number.text = f" {led.place.removeprefix('page ').partition(',')[0]}"
            link.append(number)


@dataclass
class _Walk:
    """A walk over a body, which finds the passages that a file with this *suffix* has.

    What stands in a list's item is a part of it; in Word, it stands behind. There a picture is a paragraph, too, and a table's caption
    is its description besides. A PDF has no passage without a text.
    """

    suffix: str
    tables: int = 0
    headings: tuple[str, ...] = ()
    around: set[str] = field(default_factory=set)  # the ids of what the next passage stands in: they are anchors of it
    given: set[str] = field(default_factory=set)

    def passages(self, parent: Element) -> Iterator[Passage]:
        """Yield each passage in *parent*."""
        for element in parent:
            if element.tag == "table":
                self.tables += 1
            if element.tag == "tr":
                yield from self._row(element)
            elif element.tag in TEXTS or (self.is_word and element.tag == "img"):
                yield from self._text(element)
            else:
                self.around |= {element.get("id", "")} - self.given - {""}
                yield from self.passages(element)

    @property
    def is_word(self) -> bool:
        return self.suffix == ".docx"

    def _text(self, element: Element) -> Iterator[Passage]:
        yield from self._passage(element, Kind.TEXT, (_text(element, LISTS if self.is_word else ()),))
        if self.is_word and element.tag == "caption":
            yield Passage(Kind.CAPTION, "", (_text(element),))
        for part in [one for one in element if one.tag in LISTS] if self.is_word else [element]:
            yield from self.passages(part)

    def _row(self, row: Element) -> Iterator[Passage]:
        cells = tuple(map(_text, row))
        kind = Kind.HEAD if row.find("td") is None else Kind.ROW
        if kind == Kind.HEAD:
            self.headings = cells
        yield from self._passage(row, kind, cells)

    def _passage(self, element: Element, kind: Kind, cells: tuple[str, ...]) -> Iterator[Passage]:
        parts = list(_parts(element, LISTS if self.is_word else ()))
        ids = {one.get("id", "") for one in parts} - {""}
        self.around |= ids
        self.given |= ids
        if any(cells) or self.suffix != ".pdf":
            links = tuple(Link(_text(one), one.get("href", "")) for one in parts if one.tag == "a")
            headings = self.headings if kind == Kind.ROW else ()
            yield Passage(kind, "", cells, f"table {self.tables}", headings, frozenset(self.around), links)
            self.around = set()


def _parts(element: Element, without: tuple[str, ...]) -> Iterator[Element]:
    """Yield *element* and all that is in it, *without* such elements."""
    yield element
    for child in element:
        if child.tag not in without:
            yield from _parts(child, without)


def _text(element: Element, without: tuple[str, ...] = ()) -> str:
    """Return the text in *element*, *without* that in such elements."""

    def texts(parent: Element) -> Iterator[str]:
        yield " " if parent.tag == "br" else parent.text or ""
        for child in parent:
            yield from () if child.tag in without else texts(child)
            yield child.tail or ""

    return collapse("".join(texts(element)))


def _in_small_letters(shown: Shown, written: Shown) -> Shown:
    """Return *shown*, a PDF, with the letters that are *written* in each cell and link that a style sheet prints in capitals."""
    texts = {text for one in written.passages for text in (*one.cells, *(link.text for link in one.links))}
    known = {squeeze(text) for text in texts}
    small = {capitals: text for text in sorted(texts) if (capitals := squeeze(text).upper()) not in known}
    passages = tuple(
        replace(
            one,
            cells=tuple(small.get(squeeze(cell), cell) for cell in one.cells),
            links=tuple(replace(link, text=small.get(squeeze(link.text), link.text)) for link in one.links),
        )
        for one in shown.passages
    )
    return replace(shown, passages=passages)


def compare_written(shown: Shown, written: Shown, told: Told) -> Compared:
    """Compare all that *shown* says, in order, with what is *written* now; what is *told* already is not told again."""
    shown = _in_small_letters(shown, written) if shown.destinations else shown
    names = [[_name(one) for one in side.passages] for side in (shown, written)]
    keys = [[tuple(map(squeeze, one.cells)) for one in side.passages] for side in (shown, written)]
    aligned = Sequences(keys[0], keys[1], names[0], names[1]).align()
    differences = list(_Comparison(shown, written, told, aligned).differences())
    if keys[0] == keys[1] and not _say_the_same(shown, written):
        differences.append(Difference("outside of all paragraphs and tables", *difference(shown.text, written.text), str(told.template)))
    if shown.around and isinstance(written.around, ManifestEntry):
        differences += compare_around(shown.around, written.around, told.template.folder, str(told.template))
    return Compared("passages", len(aligned.pairs), tuple(differences))


def _say_the_same(shown: Shown, written: Shown) -> bool:
    """Tell whether the two have the same text as a whole; in a PDF, which a style sheet may have printed in capitals, in any letters."""
    says, wanted = shown.squeezed, written.squeezed
    return says.casefold() == wanted.casefold() if shown.destinations else says == wanted


def _name(passage: Passage) -> str:
    return squeeze(next(iter(passage.cells), ""))[:NAME]


class _Comparison:
    """The comparison of what *shown* says with what is *written*, *aligned* with each other."""

    def __init__(self, shown: Shown, written: Shown, told: Told, aligned: Aligned) -> None:
        self.shown, self.written, self.told, self.aligned = shown, written, told, aligned
        self.partners = {id(shown.passages[one]): written.passages[other] for one, other in (*aligned.pairs, *aligned.moved)}

    def differences(self) -> Iterator[Difference]:
        """Compare what belongs together, and yield what does not."""
        for one, other in self.aligned.pairs:
            yield from self._compare_pair(self.shown.passages[one], self.written.passages[other])
        for one, other in self.aligned.moved:
            before = f"after '{shorten(self.written.passages[other - 1].text)}'" if other else "first"
            data, where = f"the template has it {before}", self.told.where(self.written.passages[other].anchors)
            yield Difference(self.shown.passages[one].place, "stands here", data, where)
        for one in self.aligned.more:
            passage = self.shown.passages[one]
            says, data = f"says '{shorten(passage.text, 80)}'", "the template says nothing here"
            yield Difference(passage.place, says, data, self.told.where(passage.anchors))
        for before, missing in groupby(self.aligned.missing, key=lambda one: one[1]):
            yield from self._missing(before, [self.written.passages[index] for index, _ in missing])

    def _compare_pair(self, passage: Passage, written: Passage) -> Iterator[Difference]:
        """Yield each cell in which the two differ, and each link, where the texts of the links are the same."""
        where = self.told.where(written.anchors)
        if len(passage.cells) != len(written.cells):
            says = f"has {len(passage.cells)} cells, '{shorten(' | '.join(passage.cells), 80)}'"
            data = f"the template has {len(written.cells)}, '{shorten(' | '.join(written.cells), 80)}'"
            yield Difference(passage.place, says, data, where)
            return
        for cell, wanted, heading in zip_longest(passage.cells, written.cells, written.headings[: len(written.cells)], fillvalue=""):
            if squeeze(cell) != squeeze(wanted) and not self.told.is_all(passage.place, heading, cell, wanted):
                yield Difference(passage.place, *difference(cell, wanted), where, heading)
        yield from self._compare_links(passage, written, where)

    def _compare_links(self, passage: Passage, written: Passage, where: str) -> Iterator[Difference]:
        is_pdf = bool(self.shown.destinations)
        links, wanted = _links(passage, is_pdf), _links(written, is_pdf)
        if [squeeze(one.text) for one in links] != [squeeze(one.text) for one in wanted]:
            if passage.squeezed == written.squeezed:  # else the difference of their texts is told
                yield Difference(passage.place, f"has {_listed(links)}", f"the template has {_listed(wanted)}", where)
            return
        for one, other in zip(links, wanted, strict=True):
            if not self._is_same(one.target, other.target) and not self.told.leads(passage.place, one.text):
                says = f"the link '{one.text}' leads to {self._led(one.target, self.shown)}"
                yield Difference(passage.place, says, f"the template's leads to {self._led(other.target, self.written)}", where)

    def _is_same(self, target: str, wanted: str) -> bool:
        """Tell whether the two lead to the same address or destination, or to passages that belong together: Word renames anchors."""
        if not wanted.startswith("#"):
            return unquote(target) == unquote(wanted)
        if self.shown.destinations:
            return target == wanted and target[1:] in self.shown.destinations
        led = self.shown.by_anchor.get(target[1:]) if target.startswith("#") else None
        return led is not None and self.partners.get(id(led)) is self.written.by_anchor.get(wanted[1:])

    def _led(self, target: str, side: Shown) -> str:
        led = side.by_anchor.get(target[1:]) if target.startswith("#") else None
        return f"'{target}', '{shorten(led.text, 40)}'" if led else f"'{target}'"

    def _missing(self, before: int, missing: list[Passage]) -> Iterator[Difference]:
        """Yield that the *missing* passages do not stand before the passage with the number *before*."""
        place = f"after {self.shown.passages[before - 1].place}" if before else "at its beginning"
        first, last = (shorten(missing[at].text) for at in (0, -1))
        if len(missing) > 1 or not self.told.is_missing(_name(missing[0])):
            what = f"'{first}' is missing" if len(missing) == 1 else f"{len(missing)} passages are missing, from '{first}' to '{last}'"
            yield Difference(place, what, where=self.told.where(missing[0].anchors))


def _links(passage: Passage, is_pdf: bool) -> list[Link]:
    """Return the links of *passage*, neighbours with the same target as one, as in Word; in a PDF, one that goes over two lines is two."""
    links = [link for link, _ in groupby(passage.links)] if is_pdf else passage.links
    return [Link(" ".join(link.text for link in same), target) for target, same in groupby(links, key=lambda link: link.target)]


def _listed(links: list[Link]) -> str:
    return "the links " + ", ".join(f"'{shorten(link.text, 30)}'" for link in links) if links else "no links"
