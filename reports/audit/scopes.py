"""Content + records -> scopes: the blocks of a file that are about each record, wherever a template put them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.dataset.model import Milestone, Record
from reports.readers.content import HYPHENS, Block, Content, Kind, squeeze


@dataclass(frozen=True)
class Scope:
    """The *blocks* that are about one record, in one table or at one place: rows, an item, a heading with what stands below it."""

    record: Record
    blocks: tuple[Block, ...]

    @cached_property
    def text(self) -> str:
        """The cells of all blocks, with bars between them."""
        return " | ".join(cell for block in self.blocks for cell in block.cells).translate(HYPHENS)

    @cached_property
    def squeezed(self) -> str:
        """The text without white space."""
        return squeeze(self.text)

    @cached_property
    def links(self) -> Mapping[str, str]:
        """The targets of the links, by their texts without white space."""
        return {squeeze(link.text): link.target for block in self.blocks for link in block.links}

    @property
    def group(self) -> tuple[str, str]:
        """The table, or the kind of block, and the kind of record: scopes of one group show the same fields."""
        return self.blocks[0].table or str(self.blocks[0].kind), type(self.record).__name__


def find_scopes(content: Content, records: Mapping[str, Record], handles: Mapping[str, tuple[int, str]]) -> Mapping[str, list[Scope]]:
    """Return the scopes of each of *records*, by its id.

    A block is about a record if the record's anchor stands there, or if it is a row with a cell that holds its id, title or name. A heading
    and the beginning of a table count with what follows, up to what is about another record. A record for which there is no such block
    is sought by its title in any.
    """
    blocks = content.blocks
    about = [_records(block, records, handles) for block in blocks]
    found: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for start, block in enumerate(blocks):
        end = start + 1
        while end < len(blocks) and not about[end] and _belongs(blocks[end], block, blocks[start - 1] if start else None):
            end += 1
        for record in about[start]:
            found[record, block.table or block.place] += blocks[start:end]
    scopes: dict[str, list[Scope]] = defaultdict(list)
    for (record, _), own in found.items():
        scopes[record].append(Scope(records[record], tuple(own)))
    for record in records.values():
        if isinstance(record, Milestone) and record.id not in scopes:
            title = squeeze(record.title)
            scopes[record.id] = [Scope(record, (block,)) for block in blocks if title in squeeze(block.text)]
    return scopes


def _records(block: Block, records: Mapping[str, Record], handles: Mapping[str, tuple[int, str]]) -> list[str]:
    """Return the ids of the records that *block* is about."""
    anchors = [anchor.removeprefix("source-") for anchor in block.anchors]
    cells = [handles[cell] for cell in map(squeeze, block.cells) if cell in handles] if block.kind == Kind.ROW else []
    told = [record for _, record in sorted(cells, key=lambda handle: handle[0])[:1]]
    return list(dict.fromkeys((*(anchor for anchor in anchors if anchor in records), *told)))


def _belongs(block: Block, start: Block, before: Block | None) -> bool:
    """Return whether *block* belongs to the heading, or to the table, that *start* is the start of; it comes after *before*."""
    if start.kind == Kind.HEADING:
        return not (block.kind == Kind.HEADING and block.level <= start.level)
    begins = start.kind == Kind.CAPTION or before is None or before.table != start.table or before.kind == Kind.CAPTION
    return bool(start.table) and begins and block.table == start.table
