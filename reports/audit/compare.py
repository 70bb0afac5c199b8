"""Content of a finished file + what it has to say -> where they differ: COMPARISONS lists what is compared."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.audit.expected import Expected, Field, How
from reports.audit.scopes import Scope, find_scopes
from reports.dataset.model import Milestone, Record, Source, StrictModel, plain
from reports.readers.content import Block, Content, Kind, shorten, squeeze

REFERENCE = re.compile(r"M\d{4}-[1-9]\d*")
DIGEST = re.compile(r"(?<![^\s(:])[0-9a-f]{64}(?![^\s.,;)])")  # alone, not in an address
THOUSANDS = re.compile(r"(?<=\d)[,.](?=\d{3}(?!\d))")
SHORT = 20  # letters: a text of fewer may stand in a longer word by chance
LONG = 40  # letters that no two texts share by chance
MOST = 0.7  # a field that so many records of a table have is one that the table shows: then of all


@dataclass(frozen=True)
class Difference:
    """One thing in which a file and the data differ: what it *says* at a *place*, what the *data* say, and *where* that stands."""

    place: str
    says: str
    data: str = ""
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.place}: {self.says}" if self.place else self.says
        return said + (f"; {self.data}" if self.data else "") + (f" ({self.where})" if self.where else "")


@dataclass(frozen=True)
class File:
    """One finished file: its *content*, what is *expected* of it, and the *suffix* of its name."""

    content: Content
    expected: Expected
    suffix: str

    @cached_property
    def scopes(self) -> Mapping[str, list[Scope]]:
        """The blocks about each record, by its id."""
        return find_scopes(self.content, self.expected.records, self.expected.handles)

    @property
    def is_grid(self) -> bool:
        """True if each value has a cell of its own."""
        return self.suffix in (".xlsx", ".csv")

    def differs(self, field: Field, place: str, says: str) -> Difference:
        """Return the difference that at *place* the file *says* something other than *field*."""
        return Difference(place, says, f"{field} is '{shorten(field.words, 80)}'", self.expected.where(field.declared, *field.keys))


Compared = tuple[int, list[Difference]]  # how much was compared, and the differences


def compare(content: Content, expected: Expected, suffix: str) -> tuple[Mapping[str, int], list[Difference]]:
    """Return how much of *content*, that of a file which ends in *suffix*, was compared, by its name, and all differences."""
    file = File(content, expected, suffix)
    names = COMPARISONS if suffix != ".json" else ("datasets",)
    compared = {name: COMPARISONS[name](file) for name in names}
    found = [difference for _, differences in compared.values() for difference in differences]
    return {name: count for name, (count, _) in compared.items()}, found


def compare_milestones(file: File) -> Compared:
    """Compare which milestones the file holds, each with its date and its title, with those that its declaration selects."""
    found = []
    milestones = file.expected.view.milestones
    for milestone in milestones:
        scopes = file.scopes[milestone.id]
        if not scopes:
            missing = f"the milestone {milestone.id}, '{milestone.title}', is missing"
            found.append(Difference("", missing, where=file.expected.where(milestone, "id")))
        for field in file.expected.fields[milestone.id]:
            if scopes and field.keys in (("date",), ("title",)) and field.how != How.CELL:
                if not any(_ways(field, scope, file.is_grid) for scope in scopes):
                    found.append(file.differs(field, scopes[0].blocks[0].place, f"says '{shorten(scopes[0].text, 90)}'"))
    selected = {milestone.id for milestone in milestones}
    rows = [block for block in file.content.blocks if block.kind == Kind.ROW]
    other = {cell for block in rows for cell in block.cells if REFERENCE.fullmatch(cell)} - selected
    found += [Difference("", f"shows the milestone {reference}, which is none that its document selects") for reference in sorted(other)]
    return sum(bool(file.scopes[milestone.id]) for milestone in milestones), found


def compare_fields(file: File) -> Compared:
    """Compare each field of each record that its table shows, or the places of its kind, with the data."""
    groups: dict[tuple[object, ...], list[tuple[Field, Scope]]] = defaultdict(list)
    for identifier, scopes in file.scopes.items():
        for field in file.expected.fields[identifier]:
            for scope in scopes if field.words else ():
                groups[*scope.group, field.keys, field.name, field.how, field.usual].append((field, scope))
    count, found = 0, []
    for pairs in groups.values():
        ways = [_ways(field, scope, file.is_grid) for field, scope in pairs]
        times = Counter(way for each in ways for way in each)
        if shown := [way for way in times if times[way] > MOST * len(pairs)]:
            way = max(shown, key=lambda way: (way[0] != "w", times[way]))
            count += times[way]
            lacking = (pair for pair, each in zip(pairs, ways, strict=True) if way not in each)
            found += [file.differs(field, scope.blocks[0].place, _says(field, scope, way)) for field, scope in lacking]
    return count, found


def _ways(field: Field, scope: Scope, is_grid: bool) -> set[str]:
    """Return the ways in which *scope* says *field*: a column of its table, a date on its own, or words; the strictest sorts first."""
    words = squeeze(field.words).rstrip(".")
    ways: set[str] = set()
    if is_grid or field.how == How.CELL:
        cells = [(column, cell) for block in scope.blocks for column, cell in enumerate(block.cells) if block.kind == Kind.ROW]
        ways |= {f"column {column:05}" for column, cell in cells if THOUSANDS.sub("", squeeze(cell).rstrip(".")) == THOUSANDS.sub("", words)}
    if field.how == How.MARKS and scope.links.keys() >= {f"{mark}]" for mark in words.split("]") if mark}:
        ways.add("words")
    elif field.how in (How.TEXT, How.DATE, How.LINK) and (_stands(words, scope) or words in scope.links.values()):
        ways.add("words")
        own = rf"(?:^|[|,:;(]|{scope.record.id})\s*{_spaced(words)}(?!\s*[\d–-])"
        ways |= {"date"} if field.how == How.DATE and re.search(own, scope.text) else set()
    return ways


def _stands(words: str, scope: Scope) -> bool:
    """Return whether *words*, without white space, stand in *scope*; if they are few, not as a part of other words or numbers."""
    if len(words) >= SHORT or words not in scope.squeezed:
        return words[1:] in scope.squeezed
    start, end = (r"(?<!\w)" if words[0].isalnum() else "", r"(?!\w)" if words[-1].isalnum() else "")
    return re.search(start + _spaced(words) + end, scope.text) is not None


def _spaced(words: str) -> str:
    """Return a pattern for *words* with white space between any letters; the first may be a capital."""
    return r"\s*".join((f"(?i:{re.escape(words[0])})", *map(re.escape, words[1:])))


def _says(field: Field, scope: Scope, way: str) -> str:
    """Return what *scope* says instead of *field*: the cell, or the text from where it goes on otherwise."""
    if way.startswith("column"):
        column = int(way.removeprefix("column "))
        return f"says '{shorten(' | '.join(block.cells[column] for block in scope.blocks if column < len(block.cells)), 80)}'"
    return _goes_on(field.words, scope.text) or f"says '{shorten(scope.text, 90)}'"


def _goes_on(words: str, text: str) -> str:
    """Return how *text* goes on where the first of *words* stand in it; nothing if too few of them do to be no chance."""
    parts = words.split()
    same = next(" ".join(parts[:count]) for count in range(len(parts), -1, -1) if " ".join(parts[:count]) in text)
    at = text.find(same) + len(same)
    return f"goes on '…{shorten(text[max(0, at - 30) :], 80)}'" if len(same) >= SHORT else ""


def compare_texts(file: File) -> Compared:
    """Compare each long text of the data with the file, wherever it stands: what is begun has to be whole, and of its kind all or few."""
    fields = (*file.expected.prose, *(field for own in file.expected.fields.values() for field in own if not field.markdown))
    every = "\n".join(squeeze(field.words) for field in fields)
    text = file.content.squeezed
    whole: Counter[tuple[str, str]] = Counter()
    absent: dict[tuple[str, str], list[Field]] = defaultdict(list)
    found = []
    for field in file.expected.prose:
        words, kind = squeeze(field.words).rstrip("."), (type(field.declared).__name__, str(field.keys[0]))
        pieces = [words[at : at + LONG] for at in (*range(0, len(words) - LONG, LONG), len(words) - LONG)]
        if words in text:
            whole[kind] += 1
        elif len(words) >= LONG and any(piece in text and every.count(piece) == 1 for piece in pieces):
            found.append(file.differs(field, "the text", _goes_on(field.words, " ".join(block.text for block in file.content.blocks)) or "says otherwise"))
        elif len(words) >= LONG:
            absent[kind].append(field)
    for kind, fields in absent.items():
        if whole[kind] > len(fields):
            found += [file.differs(field, "the text", "lacks a text") for field in fields]
    return whole.total(), found


def compare_sources(file: File) -> Compared:
    """Compare which sources the file lists with those that it cites, or, if it lists most, with all."""
    sources = {source.id: source for source in file.expected.view.sources}
    listed = [identifier for identifier in sources if file.scopes[identifier]]
    cited = {link.target for block in file.content.blocks for link in block.links}
    is_full = len(listed) > MOST * len(sources)
    missing = [
        Difference("", f"the source [{file.expected.view.numbers[identifier]}], '{source.title}', is missing", where=file.expected.where(source, "id"))
        for identifier, source in sources.items()
        if identifier not in listed and (is_full or f"#source-{identifier}" in cited)
    ]
    return len(listed), missing


def compare_links(file: File) -> Compared:
    """Compare the target of each link whose text says where it has to lead, and whether there is any place that others lead to."""
    links = [(block, link) for block in file.content.blocks for link in block.links]
    found, count = [], 0
    for block, link in links:
        targets = file.expected.links.get(squeeze(link.text), {})
        count += bool(targets)
        says = f"the link '{shorten(link.text, 60)}' leads to '{link.target}'"
        if targets and link.target not in targets:
            found.append(file.differs(next(iter(targets.values())), block.place, says))
        elif link.target.startswith("#") and not file.is_grid and link.target[1:] not in file.content.by_anchor:
            found.append(Difference(block.place, f"{says}, which is nowhere"))
    return count, found


def compare_counts(file: File) -> Compared:
    """Compare each number that is worded as one of the terms under `count` is; the longest wording tells what it counts."""
    texts = [squeeze(field.words) for field in file.expected.prose]
    found, count = [], 0
    for block in file.content.blocks:
        names: dict[str, dict[str, int]] = defaultdict(dict)
        for name, pattern in file.expected.wordings:
            for match in pattern.finditer(block.text):
                names[match[1]][name] = len(match[0])
        for number, lengths in names.items():
            if any(number in text and (text in squeeze(block.text)) for text in texts):
                continue  # the text of a record may count what it likes
            right = {name: file.expected.counts[name] for name in lengths if lengths[name] == max(lengths.values())}
            count += 1
            if number not in {form for value in right.values() for form in (str(value), file.expected.locale.number(value))}:
                data = f"the data have {', '.join(f'{name}: {value}' for name, value in right.items())}"
                found.append(Difference(block.place, f"says '{shorten(block.text, 80)}'", data, str(file.expected.dataset.folder)))
    return count, found


def compare_digests(file: File) -> Compared:
    """Compare each SHA-256 digest in the file with that of the dataset."""
    own = hashlib.sha256(file.expected.dataset.canonical_json().encode()).hexdigest()
    given = [(block, digest) for block in file.content.blocks for digest in DIGEST.findall(block.text)]
    wrong = [(block, digest) for block, digest in given if digest != own]
    folder = str(file.expected.dataset.folder)
    return len(given), [Difference(block.place, f"gives the digest {digest}", f"the dataset's is {own}", folder) for block, digest in wrong]


def compare_datasets(file: File) -> Compared:
    """Compare the dataset that the file carries, or is, with the data."""
    attached = [content for name, content in file.content.attachments.items() if name.endswith(".json")]
    if not attached and file.suffix == ".pdf" and file.expected.view.document.attach_dataset:
        return 0, [Difference("", "no dataset is attached, and document.yaml says that it is")]
    wrong = [content for content in attached if content != file.expected.dataset.canonical_json().encode()]
    says = "the dataset that it carries is not that of the data"
    return len(attached), [Difference("", says, where=_where_other(content, file.expected)) for content in wrong]


def _where_other(attached: bytes, expected: Expected) -> str:
    """Return the line of the first record that is not in the dataset *attached*; the folder of the data if there is none."""
    try:
        parts = json.loads(attached).values()
    except (ValueError, AttributeError):
        return str(expected.dataset.folder)
    theirs = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    other = next((entry.declared for entry in expected.dataset.entries if json.loads(json.dumps(plain(entry.declared))) not in theirs), None)
    return expected.where(other) if other else str(expected.dataset.folder)


COMPARISONS: Mapping[str, Callable[[File], Compared]] = {
    "milestones": compare_milestones,
    "fields": compare_fields,
    "texts": compare_texts,
    "sources": compare_sources,
    "links": compare_links,
    "counts": compare_counts,
    "digests": compare_digests,
    "datasets": compare_datasets,
}
