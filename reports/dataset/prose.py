"""The Markdown of prose: its tokens, and the citations in them.

Prose has paragraphs, emphasis, lists and links (CommonMark) and citations in pandoc's form: `[@nato-2017, Milestones]` leads to a
source and the place in it, `[@M2010-1; @map]` to two records.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

RULES = ("paragraph", "list", "emphasis", "link", "escape", "newline", "html_inline", "html_block", "balance_pairs", "fragments_join")

# The level at which markdown-it counts an item of the third list within another; Word has no more, and what stands in the tenth is
# dropped by markdown-it without a word.
DEEPEST_ITEM = 5

_CITATION = re.compile(r"\[@[^\[\]]+\]")
_CITED = re.compile(r"@(?P<id>[A-Za-z0-9_-]+)(?:,\s*(?P<locator>.+))?")


@dataclass(frozen=True)
class Citation:
    """One thing cited: the *id* of a source or of another record, and the place in it, if any."""

    id: str
    locator: str | None = None


def parse_prose(text: str) -> list[Token]:
    """Return *text* as markdown-it's block tokens; a citation is an inline token of type "citation"."""
    return _parser().parse(text)


def inline_tokens(text: str) -> Iterator[Token]:
    """Yield every token of *text*, the ones within lines too."""
    for token in parse_prose(text):
        yield token
        yield from token.children or ()


@cache
def citations(text: str) -> tuple[Citation, ...]:
    """Return the citations in *text*, in its order."""
    if "[@" not in text:
        return ()
    return tuple(citation for token in inline_tokens(text) if token.type == "citation" for citation in token.meta["cited"])


def words(text: str, cite: Callable[[tuple[Citation, ...]], str] = lambda cited: "") -> str:
    """Return the words of *text* without markup, and, for each citation and the space before it, what *cite* makes of it."""
    found = ""
    for token in inline_tokens(text):
        if token.type == "citation":
            found = found.rstrip() + cite(token.meta["cited"])
        elif token.type in ("text", "text_special"):
            found += token.content
        elif token.type in ("softbreak", "hardbreak", "paragraph_close"):
            found += " "
    return found.strip()


@cache
def _parser() -> MarkdownIt:
    # HTML and links of every kind are recognised, so that a check can refuse them at their place rather than print them.
    parser = MarkdownIt("zero", {"html": True}).enable(list(RULES))
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.inline.ruler.before("link", "citation", _citation)
    return parser


def _citation(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads one `[@…]`."""
    match = _CITATION.match(state.src, state.pos)
    if not match:
        return False
    parts = [_CITED.fullmatch(" ".join(part.split())) for part in match[0][1:-1].split(";")]
    if not all(parts):
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        token.meta = {"cited": tuple(Citation(part["id"], part["locator"]) for part in parts if part)}
    state.pos = match.end()
    return True
