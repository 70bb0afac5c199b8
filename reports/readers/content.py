"""Content: the blocks of a finished file in reading order, with their links and anchors; the same shape for every format."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import unquote

Kind = Literal["paragraph", "heading", "item", "caption", "row"]
# The kind of each HTML element that is a block; any other that holds text of its own is a paragraph.
KINDS: dict[str, Kind] = {"p": "paragraph", "li": "item", "caption": "caption", "figcaption": "caption", "tr": "row"}
KINDS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
CUT = "…"  # stands at the end of an anchor of which a format had no room for more
NO_TEXT = ("script", "style", "template", "svg")
# What leads from the mark of a footnote to its note, and back: signs, and no words of the text around them.
NOTE_LINK = re.compile(r"#(note_\d+(_mark)?|footnote-(ref-)?\d+)")
# A soft hyphen stands where a word may be broken: a PDF leaves it out, or prints the other one where it breaks the word.
HYPHENS = str.maketrans("", "", "\N{SOFT HYPHEN}\N{HYPHEN}")


# What a file may hold to be compared: far more than a document of 10,000 milestones does, and less than keeps a person waiting.
MOST_BLOCKS, MOST_LETTERS = 200_000, 20_000_000


class TooLargeError(ValueError):
    """A file holds more than is compared: its message says of what."""


def bound(name: str, number: int, most: int) -> None:
    """Raise TooLargeError if the *number* of things with that *name* is more than *most*."""
    if number > most:
        raise TooLargeError(f"more than {most:,} {name}")


@dataclass(frozen=True)
class Link:
    """A text that leads to *target*: `#<anchor>` in the same file, which may be CUT, or an address."""

    text: str
    target: str

    def leads_to(self, target: str) -> bool:
        """Tell whether the link's target is *target*, however its signs are written, as far as it is known."""
        # A workbook has codes for characters that an address should not have as they are: %5B for a bracket.
        return target.startswith(self.target[:-1]) if self.target.endswith(CUT) else unquote(self.target) == unquote(target)


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item, caption or table row, *where* the file has it: on a page, in a cell.

    A row has its *cells*; any other block is one cell. *table* tells the tables of a file apart, and *anchors* are the names by which
    links lead here.
    """

    kind: Kind
    cells: tuple[str, ...]
    where: str = ""
    table: str = ""
    anchors: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()

    @cached_property
    def text(self) -> str:
        """The cells on one line."""
        return " ".join(self.cells)

    @cached_property
    def squeezed(self) -> str:
        """The text without white space and hyphens."""
        return squeeze(self.text)

    @property
    def place(self) -> str:
        """The words by which a person finds the block: "page 2, row 'M2010-1'"."""
        first = next((cell for cell in self.cells if cell), "")
        return f"{self.where}, {self.kind} '{shorten(first, 40)}'".removeprefix(", ")


@dataclass(frozen=True)
class Content:
    """All that one file says: its *blocks* in reading order, and its *attachments* by their names."""

    blocks: tuple[Block, ...] = ()
    attachments: Mapping[str, bytes] = field(default_factory=dict)


def gather(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return *blocks*; raises TooLargeError as soon as they are too many, or their letters are."""
    gathered, letters = [], 0
    for block in blocks:
        gathered.append(block)
        letters += sum(map(len, block.cells))
        bound("texts", len(gathered), MOST_BLOCKS)
        bound("letters", letters, MOST_LETTERS)
    return tuple(gathered)


def read(content: bytes) -> Content:
    """Return the content of a file of data for machines: it says nothing, and is its own attachment."""
    return Content(attachments={"dataset.json": content})


def parse_html(body: Any) -> Iterator[Block]:
    """Yield the blocks in the lxml element *body*, the outermost where one stands in another."""
    signs = [link for link in body.iter("a") if NOTE_LINK.fullmatch(link.get("href", ""))]
    for element in (*body.iter(*NO_TEXT), *signs):
        element.drop_tree()
    tables: dict[Any, str] = {}
    inside: set[Any] = set()
    for element in body.iter("*"):
        if element.tag == "table":
            tables[element] = f"table {len(tables) + 1}"
        if element in inside:
            continue
        texts = (element.text, *(child.tail for child in element))
        if element.tag in KINDS or any((text or "").strip() for text in texts):
            yield _parse_block(element, tables.get(next(element.iterancestors("table"), None), ""))
            inside.update(element.iter())


def _parse_block(element: Any, table: str) -> Block:
    cells = element.iter("th", "td") if element.tag == "tr" else (element,)
    return Block(
        KINDS.get(element.tag, "paragraph"),
        tuple(collapse(cell.text_content()) for cell in cells),
        where=table,
        table=table,
        anchors=frozenset(filter(None, (part.get("id") for part in element.iter()))),
        links=tuple(Link(collapse(link.text_content()), link.get("href")) for link in element.iter("a") if link.get("href")),
    )


def squeeze(text: str) -> str:
    """Return *text* without white space and without the hyphens at which words may be broken, which differ from format to format."""
    return "".join(text.split()).translate(HYPHENS)


def collapse(text: str) -> str:
    """Return *text* with a single space where white space stands."""
    return " ".join(text.split())


def shorten(text: str, length: int) -> str:
    """Return *text* on one line, cut after *length* characters."""
    text = collapse(text)
    return text if len(text) <= length else f"{text[:length]}…"
