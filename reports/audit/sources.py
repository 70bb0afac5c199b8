"""Do the numbered sources of a file agree with the data: what each number stands for, and where its marks lead?"""

import re
from collections import Counter
from collections.abc import Iterator

from reports.audit.expected import Expected
from reports.audit.findings import Compared, Difference
from reports.audit.shown import ANCHOR, MARK, NUMBER, Kind, Link, Passage, Shown, numbers_in, shorten, squeeze
from reports.dataset.model import Milestone, Source

IN_WORD = re.compile(r"_\d+_source_")  # so the anchor begins as the name of a bookmark


def compare_sources(shown: Shown, expected: Expected) -> Compared:
    """Compare the lists of sources in *shown* with the data; whatever is cited has to stand in them."""
    entries = _entries(shown, expected)
    times = Counter(number for number, _ in entries)
    differences = [one for number, passage in entries for one in _compare_entry(number, passage, expected)]
    for number in sorted(_cited(shown, expected) - set(times) if times else ()):
        differences.append(_of_source(number, f"cites the source [{number}], which its list of sources does not hold", expected))
    for number in sorted(times):
        if times[number] > 1:
            differences.append(_of_source(number, f"the list of sources holds [{number}] {times[number]} times", expected))
    return Compared("sources", len(times), tuple(differences))


def _of_source(number: int, says: str, expected: Expected) -> Difference:
    """Return a difference about the file as a whole, with the line of the source with that *number*."""
    source = expected.sources.get(number)
    return Difference("", says, where=expected.where(source) if source else "")


def compare_marks(shown: Shown, expected: Expected) -> Compared:
    """Compare where each mark `[n]`, and each reference, leads to with what it names."""
    marks = [(number, passage, link) for passage in shown.passages for number, link in passage.marks]
    references = [
        (link, passage)
        for passage in shown.passages
        for link in passage.links
        if squeeze(link.text) in expected.references and link.target.startswith("#")
    ]
    differences = [one for mark in marks for one in _compare_mark(*mark, shown, expected)]
    for link, passage in references:
        reference, target = squeeze(link.text), shown.by_anchor.get(link.target[1:])
        if not target or reference not in target.squeezed:
            where = expected.where(expected.dataset.by_id[reference], "id")
            says = f"the link '{reference}' leads to {_told(target)}"
            differences.append(Difference(passage.place, says, where=where, links=(link.text,)))
    return Compared("links", len(marks) + len(references), tuple(differences))


def _told(target: Passage | None) -> str:
    return f"'{shorten(target.text)}'" if target else "nothing"


def _compare_mark(number: int, passage: Passage, link: Link, shown: Shown, expected: Expected) -> Iterator[Difference]:
    """The mark leads to the entry with its number; an anchor that names a source names that one."""
    target = shown.by_anchor.get(link.target[1:])
    source = expected.sources.get(number)
    where = expected.where(source) if source else str(expected.dataset.folder)
    if not target or _first_mark(target) != number:
        says = f"the mark [{number}] leads to {_told(target)}, which is not source {number}"
        yield Difference(passage.place, says, where=where, links=(link.text,))
    if link.target.startswith(f"#{ANCHOR}") and link.target != f"#{ANCHOR}{source.id if source else ''}":
        name = f"source {number} is '{source.id}'" if source else f"there are {len(expected.sources)} sources"
        says = f"the mark [{number}] leads to '{link.target[1:]}'"
        yield Difference(passage.place, says, name, where, links=(link.text,))


def _entries(shown: Shown, expected: Expected) -> list[tuple[int, Passage]]:
    """Return the entries of the lists of sources: rows with a number and a title, and what has a source's anchor and its number.

    The anchor is asked for because any paragraph may begin with a mark; the title, because anything may have a number.
    """
    entries = []
    heading, title = (_heading(expected, name) for name in ("number", "title"))
    for passage in shown.passages:
        cell = passage.under(heading) if title in passage.headings else None
        if cell is not None:
            entries.append((int(cell) if NUMBER.fullmatch(cell) else 0, passage))
        elif passage.kind == Kind.TEXT and _is_anchored(passage) and (number := _first_mark(passage)):
            entries.append((number, passage))
    return entries


def _is_anchored(passage: Passage) -> bool:
    return any(one.startswith(ANCHOR) or IN_WORD.match(one) for one in passage.anchors)


def _first_mark(passage: Passage) -> int:
    """Return the number in brackets that *passage* begins with; 0 if it begins with none."""
    found = MARK.match(passage.text)
    return int(found[1]) if found else 0


def _heading(expected: Expected, name: str) -> str:
    return expected.terms("column").get(name, "")


def _compare_entry(number: int, passage: Passage, expected: Expected) -> Iterator[Difference]:
    source = expected.sources.get(number)
    if source is None:
        data = f"the data have no source {number}; they have {len(expected.sources)}"
        yield Difference(passage.place, data)
        return
    wanted = {"title": source.title, "publisher": source.publisher}
    if passage.headings:
        wanted["published"] = expected.date(source.published)
        wanted["url"] = source.url or source.file or ""
        cells = {squeeze(cell) for cell in passage.cells}
        missing = {name: words for name, words in wanted.items() if squeeze(words) not in cells}
    else:
        missing = {name: words for name, words in wanted.items() if squeeze(words) not in passage.squeezed}
    for name, words in missing.items():
        says, data = f"says '{shorten(passage.text, 100)}'", f"its {name} is '{words}'"
        yield Difference(passage.place, says, data, expected.where(source, name), words=(words,))
    yield from _compare_address(passage, source, expected)


def _compare_address(passage: Passage, source: Source, expected: Expected) -> Iterator[Difference]:
    """Each link out of the entry leads to the source's own address."""
    if not source.url:
        return
    data, where = f"its address is {source.url}", expected.where(source, "url")
    outside = [link for link in passage.links if not link.target.startswith("#")]
    if wrong := [link for link in outside if link.target != source.url]:
        says = f"leads to {', '.join(sorted({link.target or 'nothing' for link in outside}))}"
        yield Difference(passage.place, says, data, where, links=tuple(link.text for link in wrong))
    if not outside and squeeze(source.url) not in passage.squeezed:
        yield Difference(passage.place, "gives no address", data, where, words=(source.url,))


def _cited(shown: Shown, expected: Expected) -> set[int]:
    """Return the numbers that the file cites: by its marks, and under the headings that announce numbers."""
    cited = {number for passage in shown.passages for number, _ in passage.marks}
    headings = {_heading(expected, name) for name in ("sources", "counter_sources", "given_by")} - {""}
    for passage in shown.passages:
        for heading, cell in zip(passage.headings, passage.cells, strict=False):
            if heading in headings:
                cited |= set(numbers_in(cell))
    return cited


def compare_first_sources(shown: Shown, expected: Expected) -> Compared:
    """Compare the address of each milestone's first source, where a sheet links it."""
    found = list(_first_links(shown, expected))
    differences = []
    for milestone, place, text, led in found:
        source = expected.view.source(milestone.evidence[0].source)
        if led != source.url:
            data = f"the first source is at {source.url}" if source.url else "the first source has no address"
            differences.append(
                Difference(place, f"leads to {led or 'nothing'}", data, expected.where(milestone, "evidence"), links=(text,))
            )
    return Compared("addresses", len(found), tuple(differences))


def _first_links(shown: Shown, expected: Expected) -> Iterator[tuple[Milestone, str, str, str]]:
    """Yield each milestone of a sheet's row, the place, and the text and the target of the link in the first source's column."""
    headings = [_heading(expected, name) for name in ("reference", "first_source")]
    for grid in shown.grids if all(headings) else ():
        head = next((row for row, cells in enumerate(grid.rows) if set(headings) <= set(cells)), len(grid.rows))
        for (row, column), led in grid.links.items():
            if head < row < len(grid.rows) and column == grid.rows[head].index(headings[1]):
                milestone = expected.milestones.get(str(grid.rows[row][grid.rows[head].index(headings[0])]))
                if milestone:
                    yield milestone, f"{grid.name}!A{row + 1}, '{milestone.id}'", str(grid.rows[row][column]), led
