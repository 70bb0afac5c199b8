"""Do the numbered sources of a file agree with the data: what each number stands for, and where its marks lead?"""

import re

from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.shown import MARK, NUMBER, Kind, Passage, Shown, numbers_in, shorten, squeeze
from reports.dataset.model import Milestone, Source

ANCHOR = "source-"
IN_WORD = re.compile(r"_\d+_source_")  # so the anchor begins as the name of a bookmark


def compare_sources(shown: Shown, expected: Expected) -> Compared:
    """Compare the lists of sources in *shown* with the data; whatever is cited has to stand in them."""
    compared = Compared("sources")
    entries = _entries(shown, expected)
    for number, passage in entries:
        _compare_entry(number, passage, expected, compared)
    listed = {number for number, _ in entries}
    for number in sorted(_cited(shown, expected) - listed if listed else ()):
        compared.disagreements.append(f"cites the source [{number}], which its list of sources does not hold")
    for number in sorted(listed):
        if (times := sum(one == number for one, _ in entries)) > 1:
            compared.disagreements.append(f"the list of sources holds [{number}] {times} times")
    compared.count = len(listed)
    return compared


def compare_marks(shown: Shown, expected: Expected) -> Compared:
    """Compare where each mark `[n]`, and each reference, leads to with what it names."""
    compared = Compared("links")
    for passage in shown.passages:
        for number, link in passage.marks:
            compared.count += 1
            _compare_mark(number, passage, link.target, shown, expected, compared)
        for link in passage.links:
            text = squeeze(link.text)
            if text in expected.references and link.target.startswith("#"):
                compared.count += 1
                target = shown.by_anchor.get(link.target[1:])
                if not target or text not in target.squeezed:
                    compared.disagreements.append(f"{passage.place}: the link '{text}' leads to {_told(target)}")
    return compared


def _told(target: Passage | None) -> str:
    return f"'{shorten(target.text)}'" if target else "nothing"


def _compare_mark(number: int, passage: Passage, led: str, shown: Shown, expected: Expected, compared: Compared) -> None:
    """The mark leads to the entry with its number; an anchor that names a source names that one."""
    target = shown.by_anchor.get(led[1:])
    if not target or _first_mark(target) != number:
        compared.disagreements.append(f"{passage.place}: the mark [{number}] leads to {_told(target)}, which is not source {number}")
    source = expected.sources.get(number)
    if led.startswith(f"#{ANCHOR}") and led != f"#{ANCHOR}{source.id if source else ''}":
        name = f"source {number} is '{source.id}'" if source else f"there are {len(expected.sources)} sources"
        where = expected.where(source) if source else expected.dataset.folder
        compared.disagree(passage.place, f"the mark [{number}] leads to '{led[1:]}'", name, str(where))


def _entries(shown: Shown, expected: Expected) -> list[tuple[int, Passage]]:
    """Return the entries of the lists of sources: rows under the heading for numbers, and what has a source's anchor and its number.

    The anchor is asked for because any paragraph may begin with a mark.
    """
    entries = []
    heading = _heading(expected, "number")
    for passage in shown.passages:
        cell = passage.under(heading) if heading else None
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


def _compare_entry(number: int, passage: Passage, expected: Expected, compared: Compared) -> None:
    source = expected.sources.get(number)
    if source is None:
        compared.disagreements.append(f"{passage.place}: the data have no source {number}; they have {len(expected.sources)}")
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
        where = expected.where(source, name)
        compared.disagree(passage.place, f"says '{shorten(passage.text, 100)}'", f"its {name} is '{words}'", where)
    _compare_address(passage, source, expected, compared)


def _compare_address(passage: Passage, source: Source, expected: Expected, compared: Compared) -> None:
    """Each link out of the entry leads to the source's own address."""
    led = {link.target for link in passage.links if not link.target.startswith("#")}
    if source.url and led - {source.url}:
        where = expected.where(source, "url")
        compared.disagree(passage.place, f"leads to {', '.join(sorted(led))}", f"its address is {source.url}", where)
    if source.url and not led and squeeze(source.url) not in passage.squeezed:
        compared.disagree(passage.place, "gives no address", f"its address is {source.url}", expected.where(source, "url"))


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
    """Compare the address of each milestone's first source, where a table links it."""
    compared = Compared("addresses")
    heading = _heading(expected, "first_source")
    for passage in shown.passages:
        milestone = expected.milestones.get(passage.cells[0]) if heading and heading in passage.headings and passage.cells else None
        if milestone and passage.links:
            compared.count += 1
            _compare_first(milestone, passage, expected, compared)
    return compared


def _compare_first(milestone: Milestone, passage: Passage, expected: Expected, compared: Compared) -> None:
    source = expected.view.source(milestone.evidence[0].source)
    led = {link.target for link in passage.links}
    if led != {source.url}:
        where = expected.where(milestone, "evidence")
        compared.disagree(passage.place, f"leads to {', '.join(sorted(led))}", f"the first source is at {source.url}", where)
