"""Content of a finished file + what it has to say -> where they differ."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from reports.audit.expected import HANDLES, Expectation, Field
from reports.dataset.model import Milestone, kind_of
from reports.documents.document import Choice
from reports.documents.view import IN_A_FIGURE, View
from reports.editions.changes import for_readers
from reports.editions.editions import Comparison
from reports.editions.listing import to_json, to_rows
from reports.readers.content import HYPHENS, Block, Content, shorten, squeeze

REFERENCE = re.compile(r"M\d{4}-[1-9]\d*")
DIGEST = re.compile(r"(?<![^\s(:])[0-9a-f]{64}(?![^\s.,;)])")  # alone, not in an address
SHORT, LONG = 20, 40  # letters: a text of fewer may stand in a longer word by chance; no two texts share so many
# The heading of a milestone's column, by its term, where it is not called as the field is.
COLUMNS = {"title": "milestone", "frameworks": "framework", "areas": "area", "the confidence": "confidence", "the sources": "sources"}
FEW = 0.15  # so many records of a table, or one, may lack by mistake what the table shows, which three say by no chance


Compared = Iterator[str | None]  # for each thing that was compared the difference, or None if file and data agree


@dataclass(frozen=True)
class Scope:
    """The *blocks* in one table or at one *place*, which are about one record: rows, an item, a heading with what stands below it."""

    blocks: tuple[Block, ...]
    place: str

    @cached_property
    def text(self) -> str:
        """The cells of all blocks, then the targets of their links, with bars between them."""
        return " | ".join(self._texts()).translate(HYPHENS)

    @cached_property
    def squeezed(self) -> str:
        """The text without white space and bars between cells: a text may go on in the next block."""
        return squeeze("".join(self._texts()))

    @cached_property
    def plain_cells(self) -> frozenset[str]:
        """The cells of all blocks, as _plain has them."""
        return frozenset(_plain(cell) for block in self.blocks for cell in block.cells)

    def _texts(self) -> Iterator[str]:
        yield from (cell for block in self.blocks for cell in block.cells)
        yield from (link.target for block in self.blocks for link in block.links)


Scopes = Mapping[str, list[Scope]]  # by the id of the record


def compare(content: Content, expected: Expectation, suffix: str) -> tuple[Mapping[str, int], list[str]]:
    """Return how much of *content*, that of a file which ends in *suffix*, was compared, by its name, and all differences."""
    compared = {"datasets": list(_datasets(content, expected, suffix))}
    if suffix != ".json":
        content = replace(content, blocks=_of_now(content, expected))
        scopes = _scopes(content, expected)
        if expected.view.document.pages or _may_be_cut(expected.view):
            expected = _fitted(expected, scopes)
            scopes = _scopes(content, expected)
        compared = {
            "milestones": list(_milestones(content, expected, scopes)),
            "fields": list(_fields(content, expected, scopes, suffix in (".xlsx", ".csv"))),
            "texts": list(_texts(content, expected)),
            "sources": list(_sources(content, expected, scopes)),
            "links": list(_links(content, expected)),
            "counts": list(_counts(content, expected)),
            "digests": list(_digests(content, expected)),
            **compared,
        }
    return {name: len(found) for name, found in compared.items()}, [each for found in compared.values() for each in found if each]


def compare_changes(content: Content, comparison: Comparison) -> tuple[Mapping[str, int], list[str]]:
    """Return how many changes in *content*, a table's or that of a JSON file, were compared with *comparison*, and all differences."""
    if content.blocks:
        pairs = zip_longest((block.cells for block in content.blocks), to_rows(comparison))
        found = [f"line {line} is not that of the data" for line, (cells, row) in enumerate(pairs, start=1) if cells != row]
    else:
        agrees = [*content.attachments.values()] == [to_json(comparison).encode()]
        found = [] if agrees else ["the changes that it holds are not those of the data"]
    return {"changes": len(comparison.changes)}, found


def compare_feed(content: Content, comparison: Comparison) -> tuple[Mapping[str, int], list[str]]:
    """Return how many milestones the newest entry of the feed *content* tells of, and those that it tells of by mistake, or does not."""
    told = {reference for block in content.blocks for reference in REFERENCE.findall(block.text.rpartition("(")[2])}
    changed = {change.record for change in for_readers(comparison.changes) if change.record_kind == kind_of(Milestone)}
    found = [f"tells of a change of '{identifier}', and the data of none" for identifier in sorted(told - changed)]
    return {"milestones": len(told)}, found + [f"does not tell that '{identifier}' changed" for identifier in sorted(changed - told)]


def _of_now(content: Content, expected: Expectation) -> tuple[Block, ...]:
    """Return the blocks of *content* without those that tell of changes, under a heading or in a sheet: they say what was said before."""
    if not expected.view.since or "since" not in expected.terms("changes"):
        return tuple(content.blocks)
    title = expected.locale.term("changes.since", number=expected.view.since.number)
    sheets = {block.table for block in content.blocks if block.table and block.cells[0] == title}
    kept, is_before = [], False
    for block in content.blocks:
        is_before = block.text.endswith(title) if block.kind == "heading" else is_before
        if not is_before and block.table not in sheets:
            kept.append(block)
    return tuple(kept)


def _may_be_cut(view: View) -> bool:
    """Tell whether *view* has key milestones alone, and more than a page of them, of which a document shows the latest."""
    return view.document.records.milestones == Choice.KEY and len(view.milestones) > IN_A_FIGURE


def _fitted(expected: Expectation, scopes: Scopes) -> Expectation:
    """Return *expected* without the earliest milestones of which the file shows none: its promised pages had no room for them."""
    shown = expected.view.milestones
    while shown and not any(_is_of(scope.blocks[0], shown[0].id) for scope in scopes[shown[0].id]):
        shown = shown[1:]
    return replace(expected, view=replace(expected.view, milestones=shown)) if shown else expected


def _is_of(block: Block, identifier: str) -> bool:
    """Tell whether *block* is the own one of a record, and no text in which its title stands."""
    return block.kind in ("row", "heading") or identifier in block.anchors


def _difference(place: str, says: str, data: str = "", where: str = "") -> str:
    """Return in words what a file *says* at a *place*, what the *data* say, and *where* that stands."""
    return (f"{place}: " if place else "") + says + (f"; {data}" if data else "") + (f" ({where})" if where else "")


def _scopes(content: Content, expected: Expectation) -> Scopes:
    """Return the scopes of each record: a block is about it if it has the record's anchor, or is a row with one of its handles.

    What follows counts with it, up to the next heading or record, or the end of its table. A milestone without such a block is sought by
    its title.
    """
    blocks = content.blocks
    about = [_records(block, expected) for block in blocks]
    told = {identifier for identifiers in about for identifier in identifiers}
    for milestone in (milestone for milestone in expected.view.milestones if milestone.id not in told):
        title = squeeze(milestone.title)
        titled = [(block.kind, known) for known, block in zip(about, blocks, strict=True) if title in block.squeezed]
        for known in [known for kind, known in titled if kind == "heading"] or [known for _, known in titled]:
            known.append(milestone.id)
    found: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for start in (index for index, known in enumerate(about) if known):
        end, table = start + 1, blocks[start].table if blocks[start].kind == "row" else ""
        while end < len(blocks) and not about[end] and blocks[end].kind != "heading" and (not table or blocks[end].table == table):
            end += 1
        for identifier in about[start]:
            found[identifier, blocks[start].table or blocks[start].place] += blocks[start:end]
    scopes: dict[str, list[Scope]] = defaultdict(list)
    for (identifier, _), own in found.items():
        scopes[identifier].append(Scope(tuple(own), own[0].place))
    return scopes


def _records(block: Block, expected: Expectation) -> list[str]:
    """Return the ids of the records that *block* is about: by its anchors, its mark in a list, and the surest handle in a row."""
    if block.kind == "row" and block.squeezed.startswith(expected.head_rows):
        return []
    anchors = (anchor.removeprefix("source-") for anchor in block.anchors)
    mark = re.match(r"\[(\d+)\]", block.text) if block.kind == "item" else None
    heading = [word for word in block.text.split()[:1] if block.kind == "heading" and word in expected.records]
    listed = [source for source, number in expected.view.numbers.items() if int(mark[1]) == number] if mark else []
    told = [(column, *expected.handles.get(squeeze(cell), (9, ""))) for column, cell in enumerate(block.cells) if block.kind == "row"]
    # A name in another column than the first is that of a record which this one refers to.
    surest = [
        identifier
        for column, rank, identifier in sorted(told, key=lambda cell: cell[1])[:1]
        if rank < (HANDLES.index("name") if column else 9)
    ]
    return list(dict.fromkeys((*(anchor for anchor in anchors if anchor in expected.records), *heading, *listed, *surest)))


def _milestones(content: Content, expected: Expectation, scopes: Scopes) -> Compared:
    """Compare which milestones the file holds, each with its date and its title, with those that its declaration selects."""
    named = {reference for block in content.blocks for reference in REFERENCE.findall(block.text)}
    is_cited = expected.view.document.records.milestones == Choice.CITED  # then, only what the file names has to be in it
    for milestone in expected.view.milestones:
        own = scopes[milestone.id]
        if not own and is_cited and milestone.id not in named:
            continue
        if not own:
            missing = f"the milestone {milestone.id}, '{milestone.title}', is missing"
            yield _difference("", missing, where=expected.where(milestone, "id"))
            continue
        fields = (field for field in expected.fields[milestone.id] if str(field) in ("date", "title"))
        lacking = [field for field in fields if not any(_stands(field, scope) for scope in own)]
        yield _lacks(lacking[0], own[0], expected) if lacking else None
    for place, cell in ((block.place, cell) for block in content.blocks for cell in block.cells if block.kind == "row"):
        if REFERENCE.fullmatch(cell) and cell not in expected.records:
            yield _difference(place, f"shows the milestone {cell}, which document.yaml does not select")


def _fields(content: Content, expected: Expectation, scopes: Scopes, is_grid: bool) -> Compared:
    """Compare each field of each record that its table shows, or the blocks of its kind, with the data; of a headed column, every cell."""
    headed = {(block.table, cell) for block in content.blocks for cell in block.cells if cell and is_grid}
    groups: dict[tuple[str, type, str, str, bool, bool], list[tuple[Field, Scope]]] = defaultdict(list)
    placed = (
        pair for identifier, own in scopes.items() for field in expected.fields[identifier] if field.words for pair in _placed(field, own)
    )
    for field, scope in placed:
        tables = {block.table for block in scope.blocks}
        # A record with several rows in a table says in them what they are about, and not what others say in one.
        table = (scope.blocks[0].table if len(tables) == 1 else "") or scope.blocks[0].kind
        # What goes without saying may be left out, as the status of what is done, and is no mistake beside others that are said.
        is_alone = len(scope.blocks) == 1
        groups[table, type(field.declared), str(field), field.how, field.is_default, is_alone].append((field, scope))
    for (table, kind, name, *_), pairs in groups.items():
        is_column = kind is Milestone and (table, expected.terms("column").get(COLUMNS.get(name, name), "")) in headed
        for way in (_is_cell, _stands):
            said = [way(field, scope, is_grid) for field, scope in pairs]
            if is_column or (sum(said) >= 3 and len(said) - sum(said) <= max(1, FEW * len(said))):
                yield from (None if is_said else _lacks(*pair, expected) for pair, is_said in zip(pairs, said, strict=True))
                break


def _placed(field: Field, own: list[Scope]) -> Iterator[tuple[Field, Scope]]:
    """Yield *field* with each scope of its record, *own*; each part of a list with one of several rows, which may have a row for each."""
    for scope in own:
        is_in_rows = len(scope.blocks) > 1 and scope.blocks[0].kind == "row"
        parts = field.parts if is_in_rows else ()
        yield from ((replace(field, words=part, parts=()), scope) for part in parts) if parts else ((field, scope),)


def _is_cell(field: Field, scope: Scope, is_grid: bool) -> bool:
    """Return whether a cell of *scope* is *field* alone, or begins with the date, perhaps behind a reference; "22 April" is not "April"."""
    if field.how == "date" and not is_grid:
        cells = (cell for block in scope.blocks for cell in block.cells)
        ways = tuple(map(squeeze, field.ways))
        return any(squeeze(REFERENCE.sub("", cell).lstrip(" :,")).startswith(ways) for cell in cells)
    is_whole = (is_grid or field.how == "cell") and scope.blocks[0].kind == "row"
    return is_whole and any(_plain(way) in scope.plain_cells for way in field.ways)


def _stands(field: Field, scope: Scope, _: bool = False) -> bool:
    """Return whether *field* is said in *scope*, in any of its ways."""
    return any(_are_said(field, way, scope) for way in field.ways)


def _are_said(field: Field, way: str, scope: Scope) -> bool:
    """Return whether the words *way* of *field* stand in *scope*; if they are few, not as a part of other words or numbers."""
    words = squeeze(way).rstrip(".")
    if field.how == "cell" or words[1:] not in scope.squeezed:
        return field.how == "marks" and all(f"{mark}]" in scope.squeezed for mark in words.split("]"))
    if len(words) >= SHORT:
        return True  # its first letter may be a capital
    others = r"[\w-]" if field.how == "date" else r"\w"  # a year in an id such as "klix-2020-sites" is no date
    start, end = (f"(?<!{others})" if words[:1].isalnum() else "", f"(?!{others})" if words[-1:].isalnum() else "")
    return re.search(start + r"\s*".join((f"(?i:{re.escape(words[:1])})", *map(re.escape, words[1:]))) + end, scope.text) is not None


def _plain(cell: str) -> str:
    """Return *cell* without white space, a full stop at its end, and the separators of thousands."""
    return re.sub(r"(?<=\d)[,.](?=\d{3}(?!\d))", "", squeeze(cell).rstrip("."))


def _lacks(field: Field, scope: Scope, expected: Expectation) -> str:
    """Return the difference that *scope* does not say *field*: with how it goes on instead, if it begins so."""
    words, text = field.words.split(), scope.text
    same = next(begun for count in range(len(words), -1, -1) if (begun := " ".join(words[:count])) in text)
    rest = text[max(0, text.find(same) + len(same) - 30) :]
    says = f"goes on '…{shorten(rest, 80)}'" if len(same) >= SHORT else f"says '{shorten(text, 90)}'"
    where = expected.where(field.declared, *field.keys)
    return _difference(scope.place, says, f"{field} is '{shorten(field.words, 80)}'", where)


def _texts(content: Content, expected: Expectation) -> Compared:
    """Compare each long text of which a piece stands in a block of the file that no other text has: it has to be whole."""
    fields = [field for own in expected.fields.values() for field in own]
    named = [
        f"{name}({short})"
        for record in expected.records.values()
        if (name := getattr(record, "name", "")) and (short := getattr(record, "abbreviation", ""))
    ]
    every, scope = "\n".join(squeeze(text) for text in (*named, *(field.words for field in fields))), Scope(content.blocks, "the text")
    blocks = "\n".join(squeeze("".join(block.cells)) for block in content.blocks)
    for field, words in ((field, squeeze(field.words).rstrip(".")) for field in fields if field.how == "prose"):
        pieces = [words[at : at + LONG] for at in range(0, len(words) - LONG, LONG)]
        if any(piece in blocks and every.count(piece) == 1 for piece in pieces):
            is_whole = any(squeeze(way).rstrip(".") in scope.squeezed for way in field.ways)
            yield None if is_whole else _lacks(field, scope, expected)


def _sources(content: Content, expected: Expectation, scopes: Scopes) -> Compared:
    """Compare which sources the file lists with those that it cites."""
    cited = {link.target for block in content.blocks for link in block.links}
    for source in expected.view.sources:
        if scopes[source.id] or f"#source-{source.id}" in cited:
            missing = f"the source [{expected.view.numbers[source.id]}], '{source.title}', is missing"
            yield None if scopes[source.id] else _difference("", missing, where=expected.where(source, "id"))


def _links(content: Content, expected: Expectation) -> Compared:
    """Compare the target of each link whose text says where it has to lead."""
    for place, link in ((block.place, link) for block in content.blocks for link in block.links):
        if field := expected.links.get(squeeze(link.text)):
            says, data = f"the link '{shorten(link.text, 60)}' leads to '{link.target}'", f"it has to lead to '{field.words}'"
            leads = link.leads_to(field.words)
            yield None if leads else _difference(place, says, data, expected.where(field.declared, *field.keys))  # seeking it takes long


def _counts(content: Content, expected: Expectation) -> Compared:
    """Compare each number that is worded as one of the terms under `count` is; the longest wording tells what it counts."""
    texts = [squeeze(field.words) for own in expected.fields.values() for field in own if field.how == "prose"]
    for block in content.blocks:
        told = [(name, match) for name, pattern in expected.wordings for cell in block.cells for match in pattern.finditer(cell)]
        found = [(match[1], len(match[0]), name) for name, match in told]
        if found and any(text in block.squeezed for text in texts):
            continue  # the text of a record may count what it likes
        for number in {number for number, _, _ in found}:
            longest = max(length for other, length, _ in found if other == number)
            right = {name: expected.counts[name] for other, length, name in found if (other, length) == (number, longest)}
            if "key_milestones" in right:  # of which documents name how many of the latest they show
                right |= {"latest": len(expected.view.latest_key_milestones), "at most": IN_A_FIGURE}
            forms = {form for value in right.values() for form in (str(value), expected.locale.number(value))}
            data = f"the data have {', '.join(f'{name}: {value}' for name, value in right.items())}"
            wrong = _difference(block.place, f"says '{shorten(block.text, 80)}'", data, str(expected.dataset.folder))
            yield None if number in forms else wrong


def _digests(content: Content, expected: Expectation) -> Compared:
    """Compare each SHA-256 digest in the file with that of the dataset."""
    own = hashlib.sha256(expected.dataset.canonical_json.encode()).hexdigest()
    for place, digest in ((block.place, digest) for block in content.blocks for digest in DIGEST.findall(block.text)):
        wrong = _difference(place, f"gives the digest {digest}", f"the dataset's is {own}", str(expected.dataset.folder))
        yield None if digest == own else wrong


def _datasets(content: Content, expected: Expectation, suffix: str) -> Compared:
    """Compare the dataset that the file carries, or is, with the data."""
    attached = [data for name, data in content.attachments.items() if name.endswith(".json")]
    if not attached and suffix == ".pdf" and expected.view.document.attach_dataset:
        yield _difference("", "no dataset is attached, and document.yaml says that it is")
    for data in attached:
        agrees = data == expected.dataset.canonical_json.encode()
        yield None if agrees else _difference("", "the dataset that it carries is not that of the data", where=str(expected.dataset.folder))
