"""The Markdown of prose: its tokens, and the citations and footnotes in them.

Prose has paragraphs, emphasis, lists, links and quotations (CommonMark), and two marks of pandoc's: citations, of which
`[see @nato-2017, Milestones]` leads to a source and the place in it, and `[@M2010-1; @map]` to two records; and footnotes, `[^1]` with
a paragraph `[^1]: The note.` in the same text, or `^[The note.]`. Whatever else is typed is text; what Markdown or pandoc would take
for a mark of another kind, reports.dataset.marks refuses.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

RULES = ("paragraph", "list", "blockquote", "emphasis", "link", "escape", "newline", "html_inline", "html_block", "balance_pairs")

# The level at which markdown-it counts an item of the third list within another; Word has no more, and what stands in the tenth is
# dropped by markdown-it without a word.
DEEPEST_ITEM = 5

# The characters that a backslash makes text: those of the marks that we know or refuse. A backslash before any other is text itself,
# as in `C:\temp`, and so are both of two, as in `\\server`, unless a mark follows them.
_ESCAPE = re.compile(r"\\(\\(?=[\\`*_\[\]<>#+\-!|&~^$@:])|[`*_\[\]<>#+\-!|&~^$@:]|(?<=\d\\)[.)])")
# An inline note may have brackets in it, those of citations and links, but none within these: to look for more takes forever.
_INLINE_NOTE = re.compile(r"\^\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])+)\]", re.DOTALL)
_CITATION = re.compile(r"\[[^\[\]]*@[^\[\]]+\](?P<address>\()?")
_CITED = re.compile(r"(?:(?P<prefix>[^@*_`\\<]*[^@*_`\\<\s]) )?@(?P<id>[A-Za-z0-9_-]+)(?:, ?(?P<locator>.+))?")
# The full stop of a date, as in "u junu 2010. [@M2010-1].", ends its sentence too where the citation prints nothing between the two.
_ENDED, _STOP = re.compile(r"\d\. ?\Z"), re.compile(r"\.(?![.\w])")
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
NOTE = re.compile(r"\[\^([^\[\]\s]+)\]:[ \t]*")  # with which the paragraph of a note begins


@dataclass(frozen=True)
class Citation:
    """One thing cited: the *id* of a source or of another record, the place in it, if any, and what stands before it, as "see"."""

    id: str
    locator: str | None = None
    prefix: str | None = None


def parse_prose(text: str) -> list[Token]:
    """Return *text* as markdown-it's block tokens.

    A citation is an inline token of type "citation", and a full stop behind it one of type "stop" if a date's stands before it. A footnote
    is one of type "footnote", with the tokens of its note as its children; the paragraph that held the note is gone. A footnote without a
    note is text, and so is a note without a footnote, or within another.
    """
    return resolve_notes(_parser().parse(text))


def make_parser(*more: str) -> MarkdownIt:
    """Return a parser of prose that knows *more* rules of markdown-it than prose has."""
    # HTML and links of every kind are recognised, so that a check can refuse them at their place rather than print them.
    parser = MarkdownIt("zero", {"html": True}).enable([*RULES, "fragments_join", *more])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.before("list", "note", _note, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.inline.ruler.at("escape", _escape)
    parser.inline.ruler.at("newline", _newline)
    for name, rule in (("citation", _citation), ("footnote", _footnote), ("inline_note", _inline_note)):
        parser.inline.ruler.before("link", name, rule)
    return parser


@cache
def _parser() -> MarkdownIt:
    return make_parser()


def inline_tokens(text: str) -> Iterator[Token]:
    """Yield every token of *text*, the ones within lines and notes too."""
    for token in parse_prose(text):
        yield from with_children(token)


def with_children(token: Token) -> Iterator[Token]:
    """Yield *token* and every token within it."""
    yield token
    for child in token.children or ():
        yield from with_children(child)


@cache
def citations(text: str) -> tuple[Citation, ...]:
    """Return the citations in *text*, in its order."""
    if "@" not in text:
        return ()
    return tuple(citation for token in inline_tokens(text) if token.type == "citation" for citation in token.meta["cited"])


def words(
    text: str,
    cite: Callable[[tuple[Citation, ...]], str] = lambda cited: "",
    gap: str = "",
    numbers: bool = True,
    notes: bool = True,
    stops: bool = True,
) -> str:
    """Return the words of *text* without markup, and for each citation what *cite* makes of it, behind the *gap* for a space before it.

    The *numbers* of lists stand before their items, and *notes* in brackets behind what they are notes to. Without *stops*, a date's
    full stop before a citation ends the sentence too, as where citations are printed in the margin.
    """

    def line(tokens: Sequence[Token]) -> str:
        found = ""
        for token in tokens:
            if token.type == "citation":
                found = found.rstrip() + (gap if found.endswith(" ") else "") + cite(token.meta["cited"])
            elif token.type == "footnote" and notes:
                found += f" [{line(token.children or ())}]"
            else:
                found += _printed(token, stops and not found.endswith("."))
        return found

    found = ""
    for token in parse_prose(text):
        if token.type == "list_item_open" and numbers:
            found += number_of(token)
        elif token.type == "inline":
            found += line(token.children or ()) + " "
    return found.strip()


def _printed(token: Token, stops: bool) -> str:
    """Return what is printed of an inline *token* that is text; a full stop behind a citation only with *stops*."""
    if token.type == "softbreak":
        return " "
    return token.content if token.type in ("text", "text_special") or (token.type == "stop" and stops) else ""


def number_of(item: Token) -> str:
    """Return the number of a list's *item* with a space behind it, or nothing if it has a bullet."""
    return f"{item.info}{item.markup} " if item.info else ""


def resolve_notes(tokens: list[Token]) -> list[Token]:
    """Return *tokens* with each note in its footnote; what has no counterpart, or stands in another note, is made text."""
    lines = [token for token in tokens if token.type == "inline"]
    notes: dict[str, Token] = {}
    for line in reversed(lines):
        if line.meta:
            notes[line.meta["note"]] = line
            _make_text(line.children or ())
    used = set()
    for footnote in (child for line in lines for child in line.children or () if child.type == "footnote"):
        if note := notes.get(footnote.info):
            used.add(footnote.info)
            footnote.content, footnote.children = note.content, note.children
        elif footnote.info:
            _make_text([footnote])
    for label, line in ((line.meta["note"], line) for line in lines if line.meta):
        if notes[label] is not line or label not in used:
            line.meta, line.children = {}, [_text(f"[^{label}]: "), *(line.children or ())]
    gone = {index for index, token in enumerate(tokens) if token.type == "inline" and token.meta}
    return [token for index, token in enumerate(tokens) if not gone & {index - 1, index, index + 1}]


def _make_text(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "footnote":
            token.type, token.content, token.children = "text", token.markup, None


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Rule of markdown-it's block parser that reads a list if it is used as one: "22. April" and "- 5 degrees" are text."""
    if silent and not list_block(state, start, end, True):
        return False
    if silent and state.sCount[start] < state.blkIndent:
        return True  # the next item of a list around, which counts its items itself
    tokens, line = len(state.tokens), state.line
    if not list_block(state, start, end, False):
        return False
    is_list = _is_list(state, state.tokens[tokens:], start)
    if silent or not is_list:
        del state.tokens[tokens:]
        state.line = line
    return is_list


def _is_list(state: StateBlock, tokens: Sequence[Token], line: int) -> bool:
    """Tell whether *tokens* are those of a list: two items or more, or one that holds more than a line, or has a list around it."""
    items = [token for token in tokens if token.type == "list_item_open" and token.level == tokens[0].level + 1]
    at = state.bMarks[line] + state.tShift[line]
    alone = not state.src[state.src.rfind("\n", 0, at) + 1 : at].strip(" \t>")
    if len(items) > 1 or sum(token.type == "inline" for token in tokens) > 1:
        return len(items) > 1 or items[0].info in ("", "1")
    return not items[0].info and tokens[0].level > 0 and alone


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Rule of markdown-it's block parser that reads a note, `[^1]: The note.`, up to a blank line, and what is indented below it."""
    match = NOTE.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if not match or silent:
        return bool(match)
    line = last = start + 1
    while line < end and (state.isEmpty(line) or _goes_on(state, line, last)):
        line, last = line + 1, last if state.isEmpty(line) else line + 1
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, last]
    note = state.push("inline", "", 0)
    lines = state.getLines(start, last, state.blkIndent, False).strip().removeprefix(match[0].rstrip()).split("\n")
    note.content = "\n".join(line.strip() for line in lines if line.strip())
    note.map, note.children, note.meta = [start, last], [], {"note": match[1]}
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def _goes_on(state: StateBlock, line: int, last: int) -> bool:
    """Tell whether *line* belongs to the note whose *last* line is before it: the next one, unless a mark begins it, or one indented."""
    if line > last:
        return bool(state.sCount[line] - state.blkIndent >= 4)
    rules: list[Any] = state.md.block.ruler.getRules("paragraph")
    return not any(rule(state, line, state.lineMax, True) for rule in rules)


def _escape(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads a backslash before a character of a mark, which is text then."""
    match = _ESCAPE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        token.content, token.markup, token.info = match[1], match[0], "escape"
    state.pos = match.end()
    return True


def _newline(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads the end of a line: nobody sees the spaces that make it a break elsewhere."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        state.push("softbreak", "br", 0)
    state.pos += 1
    while state.pos < state.posMax and state.src[state.pos] in " \t":
        state.pos += 1
    return True


def _citation(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads one `[@…]`, or `[see @…]` if it is not the text of a link."""
    match = _CITATION.match(state.src, state.pos)
    if not match:
        return False
    cited = match[0].removesuffix("(")
    parts = [_CITED.fullmatch(" ".join(part.split())) for part in cited[1:-1].split(";")]
    if not all(parts) or (match["address"] and any(part and part["prefix"] for part in parts)):
        return False
    ended = _ENDED.search(state.src, max(state.pos - 3, 0), state.pos) and _STOP.match(state.src, state.pos + len(cited))
    if not silent:
        token = state.push("citation", "", 0)
        token.content = cited
        token.meta = {"cited": tuple(Citation(part["id"], part["locator"], part["prefix"]) for part in parts if part)}
    if not silent and ended:
        state.push("stop", "", 0).content = ended[0]
    state.pos = ended.end() if ended else state.pos + len(cited)
    return True


def _footnote(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads the mark of a footnote, `[^1]`; its note is put into it later."""
    match = _FOOTNOTE.match(state.src, state.pos)
    if match and not silent:
        token = state.push("footnote", "", 0)
        token.info, token.markup = match[1], match[0]
    state.pos = match.end() if match else state.pos
    return bool(match)


def _inline_note(state: StateInline, silent: bool) -> bool:
    """Rule of markdown-it's inline parser that reads a footnote with its note, `^[The note.]`."""
    match = _INLINE_NOTE.match(state.src, state.pos)
    if match and not silent:
        token = state.push("footnote", "", 0)
        token.content, token.markup, token.children = match[1], match[0], []
        state.md.inline.parse(token.content, state.md, state.env, token.children)
        _make_text(token.children)
    state.pos = match.end() if match else state.pos
    return bool(match)
