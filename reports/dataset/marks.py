"""Marks that Markdown or pandoc know and prose doesn't, and marks of prose in a wrong place: each with what to write instead.

What markdown-it can tell, it tells: it reads a text once more by all of its rules. The marks of pandoc alone are sought in what is text
by then.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.dataset.fields import is_web_address
from reports.dataset.prose import DEEPEST_ITEM, make_parser, resolve_notes, with_children

CITATION = "a citation looks like [@nato-2017, Milestones], [see @nato-2017] or [@M2010-1]"
# A text without any of these has no mark.
_SIGNS = re.compile(r"[\\`*<>&!#~|$^\[\]{}=:@+]|^[ \t]*(?:[-_]|\d+[.)])", re.MULTILINE)
_RULES = ("table", "fence", "hr", "heading", "lheading", "backticks", "strikethrough", "autolink", "entity")
# A text in which marks that began lines may have come behind others, and such a mark.
MAYBE_FOLDED = re.compile(r" [-*+] \S.* [-*+] \S| 1[.)] \S.* 2[.)] \S| > [^\W\d]| \[\^[^\]\s]+\]: ")
_LINE_MARK = re.compile(r"[-*+] \S|[12][.)] \S|> [^\W\d]|\[\^[^\]\s]+\]: ")


class Fault(NamedTuple):
    """One thing wrong in a text: the *message*, and the characters of the text by which it is found."""

    message: str
    within: str


# By the type of markdown-it's token: what is wrong, with the mark as it is written.
_UNKNOWN: Mapping[str, str] = {
    "table_open": "'{}' begins a table, which has no place in a text; use a list, or a sentence",
    "fence": "'{}' begins a block of code, which has no place in a text; leave the mark out",
    "hr": "'{}' makes a line across the page, which has no place in a text; leave it out",
    "heading_open": "'{}' makes a heading, which has no place in a text; leave the mark out, or write '\\#' for the sign",
    "underline": "'{}' below a line makes a heading of it, which has no place in a text; leave it out",
    "code_inline": "'{}' is code, which has no place in a text; leave the '`' out, or write '\\`' for the sign",
    "s_open": "'{}' strikes words out, which has no place in a text; leave it out, or write '\\~' for the sign",
    "html_inline": "'{}' is HTML, which has no place in data; use Markdown, or write '\\<' for the sign",
    "html_block": "'{}' is HTML, which has no place in data; use Markdown, or write '\\<' for the sign",
    "entity": "'{}' is a character as HTML writes it; write the character itself",
}
# Marks of pandoc's, of which markdown-it knows nothing, in what is text: each with what is wrong. What may repeat is bounded, since to
# seek the end of what never ends from each of 20,000 letters takes minutes.
_PANDOC: tuple[tuple["re.Pattern[str]", str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), message)
    for pattern, message in (
        (r"\[\^[^\[\]\s]+\]:", "the note '{}' has no footnote, or there are two of that name; write '{name}' once where it belongs"),
        (r"\[\^[^\[\]\s]+\]", "the footnote '{}' has no note; add a paragraph '{}: The note.' to this text (none stands within another)"),
        (r"\[\^[^\[\]\s]{1,40} [^\[\]\n]{0,40}\](?!:)", "the footnote '{}' has a blank in its name; use '-', at the note too"),
        (
            r"\^\[[^\[\]\n]{0,40}",
            "'{}' begins a footnote that does not end, or stands within another; close it with ']', or write '\\^' for the sign",
        ),
        (r"\[[^\[\]]{0,200}(?<![^\s\[])-@[\w-]{1,80}[^\[\]]{0,200}\]", "'{}' leaves the source out; write it without the '-'"),
        (r"\[@[^\[\]\n]{0,40}", CITATION),
        (r"\]\((?:https?:|mailto:)[^)\s]*\)", "'{}' is the address of no link; a citation or a footnote stands behind the text of a link"),
        (
            r"\]\((?:https?:|mailto:)\S{0,200}",
            "the link with '{}' has no end, or a blank in its address; close it with ')', and write '%20' for a blank",
        ),
        (
            r"^\[[^\[\]@^]+\]:\s*(?:<|https?:|mailto:|www\.)\S+",
            "'{}' is an address for a link elsewhere; write [text](https://…) in its place",
        ),
        (r"\[[^\[\]@^]{0,80}[^\W\d][^\[\]]{0,80}\]\[[^\[\]@^]{0,80}\]", "'{}' is a link without its address; write [text](https://…)"),
        (
            r"\$\$|\$[^\s$][^$\n]{0,80}[\\^_={}][^$\n]{0,80}\$(?!\d)|\$[A-Za-z]\$",
            "'{}' is mathematics, which has no place in a text; use words",
        ),
        (r"(?<=\w)\^[\w+\-]{1,40}\^", "'{}' is raised, which has no place in a text; use the character itself, as in '10²'"),
        (r"(?<=\w)~\w{1,40}~", "'{}' is lowered, which has no place in a text; use the character itself, as in 'CO₂'"),
        (
            r"\{[.#]\w[^{}\n]{0,80}\}|\{\w{1,40}=[^{}\n]{0,80}\}|\{=\w{1,40}\}",
            "'{}' gives a class or a name, which has no place in a text; leave it out",
        ),
        (r"^\| \S*", "'{}' begins a table or a verse, which has no place in a text; write '\\|' for the sign"),
        (r"^(?:[-*+] )?\[[ xX]\] ", "'{}' makes a list of tasks, which has no place in a text; leave it out"),
        (r"^:::+ ?\S*", "'{}' begins a block with a class, which has no place in a text; leave it out"),
        (r"^#\. \S", "'{}' is numbered elsewhere; number a list from 1, one by one"),
        (r"(?<=\n): +\S", "'{}' begins a definition, which has no place in a text; use a list, or '\\:' for the sign"),
        (r"\*\*[^\s*]\S{0,40}|[^\s*]{1,40}\*\*", "'{}' has no counterpart; close the stress where it ends, or write '\\*' for each sign"),
        (r"==[^\s=](?:[^=\n]{0,80}[^\s=])?==", "'{}' is highlighted, which has no place in a text; use *stress*"),
        (r"\\[A-Za-z]{1,40}\{", "'{}' is TeX, which has no place in a text; use words"),
        (r"(?<![\\\w:])\\[%,\"'(/;?]\S{0,40}", "'{}' needs no backslash; leave it out"),
        (r"\S{0,40}\\$", "'{}' at the end of a line breaks it elsewhere; begin a new paragraph, below a blank line"),
    )
)
# A sign behind a backslash within a path, as in `C:\_old`, where the backslash was meant.
_PATH = re.compile(r"(?<!\S)(?:[A-Za-z]:|\\\\)\S*?(?<!\\)(\\[`*_\[\]<>#+\-!|&~^$@:])")
# What begins an item of a list, where none has been read, or a quotation.
_NO_ITEM = (
    "this line is no item of the list that begins above it; begin both with the same mark, or indent it to the words above for a list in it"
)
_ITEM = re.compile(r"^[ \t]*((?:[-*+]|\d{1,9}[.)]) +\S.{0,40})", re.MULTILINE)
_QUOTATION = re.compile(r"^> .{0,40}", re.MULTILINE)
_BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")
_STRAY = re.compile(r"(?<![\w@./:\\\-\[])@(?P<id>[A-Za-z0-9][A-Za-z0-9_-]*)")


@cache  # for whoever watches: most texts are the same after an edit
def faults(text: str) -> tuple[Fault, ...]:
    """Return everything in the *text* of prose that is none of its marks, used as they are used."""
    return tuple(_faults(text)) if _SIGNS.search(text) else ()


def _faults(text: str) -> Iterator[Fault]:
    lines = text.split("\n")
    tokens = resolve_notes(_parser().parse(text))
    numbers: list[list[str]] = []  # of the items so far, in the lists around
    for index, token in enumerate(tokens):
        if token.type.endswith("_list_open"):
            numbers.append([])
        elif token.type.endswith("_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            yield from _item_faults(token, tokens[index + 1], numbers[-1], lines)
            numbers[-1].append(token.info)
        yield from _block_faults(token, lines)
        yield from _line_faults(token)
    for match in _PATH.finditer(text):
        yield Fault(f"'{match[1]}' loses its backslash, which makes a sign text; write '\\{match[1]}'", match[1])


def stray_ids(text: str) -> Iterator[str]:
    """Yield each id in *text* that stands behind an '@' and in no citation."""
    for token in _parser().parse(text) if _STRAY.search(text) else ():
        for child in with_children(token):
            places = [citation.locator or "" for citation in child.meta["cited"]] if child.type == "citation" else []
            for words in (child.content, *places) if child.type == "text" else places:
                yield from (match["id"] for match in _STRAY.finditer(words))


def line_marks(text: str) -> Iterator[Fault]:
    """Yield each citation and link in the *text* of a line, such as a title, which has none: other signs are printed as typed."""
    for token in _parser().parseInline(text)[0].children or () if "[" in text else ():
        if token.type == "citation" or (token.type == "link_open" and is_web_address(str(token.attrs["href"]))):
            mark = token.content or f"]({token.attrs['href']})"
            yield Fault(
                f"'{mark}' would be printed as it stands: a title, name or note has no citations and no links; leave it out",
                mark,
            )


def folded_marks(text: str, source: str) -> Iterator[Fault]:
    """Yield each mark that begins a line in the *source* of *text*, where YAML has joined the line to the one above it."""
    begun = [line.strip() for line in text.split("\n")]
    lines = [line.strip() for line in source.split("\n")[1:]]
    joined = [line for line in lines if _LINE_MARK.match(line) and not any(other.startswith(line[:20]) for other in begun)]
    marks = [line.split()[0] for line in joined]
    for line, mark in zip(joined, marks, strict=True):
        if mark[0] in ">[" or (mark in ("-", "*", "+") and marks.count(mark) > 1) or (mark[0] == "1" and f"2{mark[1:]}" in marks):
            yield Fault(
                "this line is joined to the one above it; begin the text with '|-', or put a blank line before each mark", line[:20]
            )
            return


@cache
def _parser() -> MarkdownIt:
    # What a backslash has made text stays apart from the text around it.
    return make_parser(*_RULES).disable("text_join")


def _block_faults(token: Token, lines: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the block that *token* opens; it stands in *lines*."""
    own = lines[slice(*(token.map or (0, 0)))]
    first = own[0].strip() if own else ""
    if token.type == "heading_open" and not token.markup.startswith("#"):
        yield Fault(_UNKNOWN["underline"].format(own[-1].strip()), own[-1].strip())
    elif token.type in _UNKNOWN:
        yield Fault(_UNKNOWN[token.type].format(first), first)
    if token.type == "list_item_open" and token.level > DEEPEST_ITEM:
        yield Fault("a list is nested deeper than 3 levels", "")
    if token.type == "blockquote_open":
        yield from _quotation_faults(token, own)


def _quotation_faults(token: Token, own: Sequence[str]) -> Iterator[Fault]:
    begun = [re.match(r"[\s\d.)+*-]*>", line) for line in own]
    for line, match in zip(own, begun, strict=True):
        if not match and line.strip():
            message = (
                "this line counts to the quotation above; begin it with '> ', or part the two by a blank line (by two in a text with '>-')"
            )
            yield Fault(message, line.strip()[:40])
            return
    if token.level:
        yield Fault("a quotation can't stand in a list, or in another one; begin it at the start of a line", own[0].strip()[:40])
    elif re.match(r"\s*>(?:[^\s>]| *\d|\s*$)", own[0]):
        mark = own[0].strip()[:12]
        yield Fault(f"'{mark}' begins a quotation; write '\\>' for the sign, or begin the quotation with '> ' and a word", mark)


def _item_faults(item: Token, following: Token, numbers: Sequence[str], lines: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the *item* of a list, behind those with *numbers*: empty, or out of order and not next to one that is."""
    within = lines[item.map[0]].strip() if item.map else item.markup
    if following.type == "list_item_close" and item.level <= DEEPEST_ITEM:
        yield Fault(f"'{within}' is an empty item of a list; write something behind it, or leave it out", within)
    place = len(numbers) + 1
    if item.info and item.info != str(place) and not (numbers and int(item.info) == int(numbers[-1]) + 1):
        number = f"{item.info}{item.markup}"
        message = (
            f"'{number}' is item {place} of a list; number a list from 1, one by one, or write '{item.info}\\{item.markup}' for a number"
        )
        yield Fault(message, within[:40])


def _line_faults(line: Token) -> Iterator[Fault]:
    """Yield what is wrong within the lines of a block."""
    children = [child for top in line.children or () for child in with_children(top)]
    linked = False
    for before, token in zip([None, *children], children, strict=False):
        yield from _inline_faults(token, before)
        linked = {"link_open": True, "link_close": False}.get(token.type, linked)
        if linked and token.type == "footnote":
            yield Fault("a footnote can't stand in a link; put it behind the link", token.markup)
        if token.type == "footnote" and (match := _QUOTATION.search(token.content) or _ITEM.search(token.content)):
            yield Fault("a footnote has no place for a list or a quotation; put it into the text, or use words", match[0].strip())
    text = "".join(child.content if child.type == "text" else "\n" if child.type == "softbreak" else "\0" for child in children)
    if len(items := _ITEM.findall(line.content)) > 1:
        yield Fault(_NO_ITEM, items[1])
    for pattern, message in _PANDOC if _SIGNS.search(text) else ():
        for match in pattern.finditer(text):
            mark = match[0].strip()
            yield Fault(message.replace("{}", mark).replace("{name}", mark.removesuffix(":")), mark)
            text = text.replace(match[0], "\0" * len(match[0]), 1)


def _inline_faults(token: Token, before: Token | None) -> Iterator[Fault]:
    """Yield what is wrong with *token*, which follows *before*, in a line."""
    if token.type in _UNKNOWN:
        marks = {"code_inline": f"{token.markup}{token.content}{token.markup}", "html_inline": token.content}
        mark = marks.get(token.type, token.markup)
        yield Fault(_UNKNOWN[token.type].format(mark), mark)
    if token.type == "text_special" and token.info == "entity":
        yield Fault(_UNKNOWN["entity"].format(token.markup), token.markup)
    if token.type in ("em_open", "strong_open") and before and before.type == "text":
        yield from _stress_faults(token.markup, before.content)
    for citation in token.meta["cited"] if token.type == "citation" else ():
        yield from _place_faults(citation.locator or "")
    if token.type == "link_open":
        yield from _link_faults(token, before)
    if token.type == "link_close" and before and before.type == "link_open":
        yield Fault(f"the link '{before.attrs['href']}' has no text", str(before.attrs["href"]))


def _stress_faults(mark: str, before: str) -> Iterator[Fault]:
    """Yield what is wrong with a stress that begins with *mark* behind the text *before*."""
    if before[-1:].isalnum():
        yield Fault(f"'{before[-1]}{mark}' begins a stress within a word; write '\\*' for the sign", before[-1] + mark)
    elif match := _BARE_ADDRESS.search(before):
        yield Fault(f"'{mark}' begins a stress within an address; write '\\{mark[0]}' for each sign", match[0] + mark)


def _place_faults(locator: str) -> Iterator[Fault]:
    """Yield the first mark in the *locator* of a citation, which is printed as it stands."""
    for token in _parser().parseInline(locator)[0].children or ():
        if token.type not in ("text", "softbreak"):
            mark = token.markup or token.content
            yield Fault(f"the place '{locator}' in a source is no prose, and would show the mark '{mark}'; leave that out", mark)
            return


def _link_faults(link: Token, before: Token | None) -> Iterator[Fault]:
    href = str(link.attrs.get("href", ""))
    if before and before.type == "text" and before.content.endswith("!") and link.markup != "autolink":
        yield Fault(f"the link '{href}' is a picture, which has no place in a text; leave the '!' out, or write '\\!' for the sign", "![")
    elif link.markup == "autolink":
        mark = f"<{href.removeprefix('mailto:')}>"
        yield Fault(f"'{mark}' prints no text; write [text]({href})", mark)
    elif not (href.startswith("mailto:") or is_web_address(href)):
        yield Fault(f"the link '{href}' does not lead to the web; use http, https or mailto", href)
    elif "title" in link.attrs:
        yield Fault(f"'{link.attrs['title']}' is not printed; a link has a text and an address only", str(link.attrs["title"]))
