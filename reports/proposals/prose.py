"""Prose that came back as plain text -> the Markdown that it was made of, with the words that changed in their places."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.dataset.marks import faults
from reports.dataset.prose import citations, make_parser, number_of, resolve_notes

# What of a typed text gets a backslash: nothing, if that will do; what may be a mark within a line; all that prose lets be one.
_ESCAPED = (re.compile(r"(?!)"), re.compile(r"[\\`*_\[\]<@]"), re.compile(r"[`*_\[\]<>#+\-!|&~^$@:\\]|(?<=\d)[.)]"))
_ADDRESS = re.compile(r"\]\((?:<[^<>\n]*>|(?:[^()\s\\]|\\.|\([^()\s]*\))*)(?:\s+\"[^\"]*\")?\s*\)")
_BLANK = re.compile(r"\s*")
_BLANK_LINES = re.compile(r"[^\n]*(?:\n[ \t>]*(?=\n|$))*\n?")


@dataclass(frozen=True)
class _Glyph:
    """A printed character, no blank, and what of the source it was made of; an *atom* stands for that as a whole, with its neighbours."""

    character: str
    start: int
    end: int
    block: int
    atom: bool = False


@dataclass(frozen=True)
class _Pair:
    """The marks around an emphasis or a link: the first from *start* to *opened*, the second from *closes* to *end*."""

    start: int
    opened: int
    closes: int
    end: int


@dataclass(frozen=True)
class _Word:
    """A word, a sign, or a printed citation, with a space before it if there is one, and the place of its first *glyph* in a text."""

    text: str
    glyph: int
    end: int


Splice = tuple[int, int, str]


def respliced(source: str, issued: str, returned: str, plain: Callable[[str], str]) -> str | None:
    """Return the Markdown *source* with the words changed that differ in *returned* from *issued*, the text that *plain* made of it.

    All else stays as it is. What *plain* makes of it is *returned*, but for spaces beside citations. Returns None if there is no such
    Markdown, or if it is not clear which: a part of a citation was edited, or the text that was issued is another.
    """
    reading = _Reading(source, plain)
    if "".join(glyph.character for glyph in reading.glyphs) != "".join(issued.split()):
        return None
    old, new = (_words(text, reading.prints) for text in (issued, returned))
    for escaped in _ESCAPED:
        result = _applied(source, reading.splices(old, new, escaped))
        if (
            result is not None
            and _texts(_words(plain(result), reading.prints)) == _texts(new)
            and set(faults(result)) <= set(faults(source))
        ):
            return result
    return None


def dropped_citations(source: str, result: str) -> tuple[str, ...]:
    """Return the ids that *source* cites more often than *result*, in order."""
    before, after = (Counter(citation.id for citation in citations(text)) for text in (source, result))
    return tuple(before - after)


def _words(text: str, prints: Sequence[str]) -> list[_Word]:
    """Return the words of *text*; each of the *prints* of citations is one, whether a space stands before it or not."""
    found, glyph = [], 0
    pattern = "|".join([*(r"\s*".join(map(re.escape, cited)) for cited in sorted(prints, key=len, reverse=True)), r"\w+", r"[^\w\s]"])
    for match in re.finditer(pattern, text):
        word = "".join(match[0].split())
        parted = word not in prints and (not match.start() or text[match.start() - 1].isspace())
        found.append(_Word(f" {word}" if parted else word, glyph, glyph + len(word)))
        glyph += len(word)
    return found


def _texts(words: Sequence[_Word]) -> list[str]:
    return [word.text for word in words]


def _applied(source: str, splices: Sequence[Splice] | None) -> str | None:
    """Return *source* with the *splices* made; None if two of them overlap, unless one removes what the other is about."""
    if splices is None:
        return None
    found, done = "", 0
    for start, end, text in sorted(dict.fromkeys(splices), key=lambda splice: (splice[0], splice[0] != splice[1], -splice[1])):
        if start < done and end <= done and not text:
            continue
        if start < done:
            return None
        found += source[done:start] + text
        done = end
    return found + source[done:]


@cache
def _parser() -> MarkdownIt:
    # An escaped sign stays apart from the text around it, so that each can be found in the source.
    return make_parser().disable("text_join")


class _Reading:
    """A walk over *source*, which finds for each printed character what it was made of; each citation prints what *plain* makes of it."""

    def __init__(self, source: str, plain: Callable[[str], str]) -> None:
        self.source = source
        self.plain = plain
        self.glyphs: list[_Glyph] = []
        self.pairs: list[_Pair] = []  # an inner one before the one around it
        self.unseen: list[tuple[int, int]] = []  # citations that print nothing
        self.prints: list[str] = []  # of citations, without blanks
        self.notes: set[int] = set()  # blocks that stand in a line of another
        self.block = self.blocks = 0
        self.is_numbered = False
        self.at = 0
        for token in resolve_notes(_parser().parse(source)):
            self._read(token)

    @cached_property
    def places(self) -> Mapping[int, Sequence[int]]:
        """The places of the glyphs of each block, in order; a note stands between those of another."""
        found = defaultdict[int, list[int]](list)
        for place, glyph in enumerate(self.glyphs):
            found[glyph.block].append(place)
        return found

    def splices(self, old: Sequence[_Word], new: Sequence[_Word], escaped: "re.Pattern[str]") -> list[Splice] | None:
        """Return the splices that make the words *new* of the *old* ones; None if one would cut what stands for a citation."""
        found: list[Splice] = []
        for tag, first, last, start, end in SequenceMatcher(None, _texts(old), _texts(new), autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            typed = escaped.sub(r"\\\g<0>", "".join(_texts(new[start:end])))
            if {word.text[0] for word in old[first:last] if word.text in self.prints} & set(typed):
                return None  # a citation that was edited, not one that is gone
            if first == last:
                found.append(self._inserted(old[first].glyph if first < len(old) else len(self.glyphs), typed))
                continue
            glyphs = range(old[first].glyph, old[last - 1].end)
            if self._cuts(glyphs.start) or self._cuts(glyphs.stop):
                return None
            parted = old[first].text.startswith(" ") or self.glyphs[glyphs.start].atom
            for block, group in groupby(glyphs, key=lambda glyph: self.glyphs[glyph].block):
                places = list(group)
                found += self._replaced(places[0], places[-1], typed, parted, block)
                typed, parted = "", True
        return found

    # -- what the source says

    def _read(self, token: Token) -> None:
        if token.type == "list_item_open":
            self.is_numbered = False
            if number := number_of(token).strip():
                self._begin()
                self.is_numbered = True
                self.at = self._find(number)
                self._atom(number, self.at, self.at + len(number))
        elif token.type == "inline":
            self._begin()
            self._line(token.children or ())

    def _begin(self) -> None:
        """Begin a block, which is that of the number of an item if nothing follows this yet."""
        if not self.is_numbered:
            self.block = self.blocks = self.blocks + 1
        self.is_numbered = False

    def _find(self, text: str) -> int:
        """Return where *text* stands next; far behind the end if it does not, so that it is no part of any edit."""
        return found if (found := self.source.find(text, self.at)) >= 0 else len(self.source) + 1

    def _atom(self, text: str, start: int, end: int) -> None:
        self.glyphs += [_Glyph(character, start, end, self.block, True) for character in text if not character.isspace()]

    def _line(self, tokens: Sequence[Token]) -> None:
        opened: list[tuple[int, int]] = []
        for token in tokens:
            written = _written(token)
            if token.type == "link_close" and (match := _ADDRESS.search(self.source, self.at)):
                written = match[0]
            start = self._find(written)
            end = self.at = start + len(written)
            if token.nesting == 1:
                opened.append((start, end))
            elif token.nesting == -1:
                self.pairs.append(_Pair(*opened.pop(), start, end))
            else:
                self._print(token, written, start, end)

    def _print(self, token: Token, written: str, start: int, end: int) -> None:
        """Note what is printed of *token*, which is *written* from *start* to *end*."""
        if token.type in ("text", "stop"):
            places = ((place, character) for place, character in enumerate(written, start) if not character.isspace())
            self.glyphs += [_Glyph(character, place, place + 1, self.block) for place, character in places]
        elif token.type == "text_special":
            self.glyphs.append(_Glyph(token.content, start, end, self.block))
        elif token.type == "citation":
            self._cited(written, start, end)
        elif token.type == "footnote":
            self._noted(token, start, end)

    def _cited(self, written: str, start: int, end: int) -> None:
        printed = "".join(self.plain(written).split())
        self._atom(printed, start, end)
        if printed:
            self.prints.append(printed)
        else:
            self.unseen.append((start, end))

    def _noted(self, footnote: Token, start: int, end: int) -> None:
        """Read the note of a *footnote*, which is printed in brackets where its mark stands."""
        block = self.block
        self._atom("[", start, end)
        self.block = self.blocks = self.blocks + 1
        if footnote.info:
            self.at = self.source.find(f"[^{footnote.info}]:") + len(footnote.info) + 4
        else:
            self.at = start + 2
            self.notes.add(self.block)
        self._line(footnote.children or ())
        self.block, self.at = block, end
        self._atom("]", start, end)

    # -- what is changed

    def _cuts(self, place: int) -> bool:
        """Tell whether the glyphs before and at *place* stand for the same citation."""
        pair = self.glyphs[max(place - 1, 0) : place + 1]
        return len(pair) == 2 and pair[0].atom and pair[1].atom and pair[0].start == pair[1].start

    def _inserted(self, place: int, typed: str) -> Splice:
        """Return the splice that puts what was *typed* in front of the glyph at *place*: in its line, or at the end of the one before."""
        if not place:
            start = self.glyphs[0].start if self.glyphs else 0
            for pair in self.pairs:
                start = pair.start if pair.opened == start else start
            return start, start, f"{typed.lstrip()} "
        before = self.glyphs[place - 1]
        start = before.end
        if place < len(self.glyphs) and self.glyphs[place].block == before.block:
            between = self.source[start : self.glyphs[place].start]
            blank = re.search(r"\s", between)
            start += blank.start() if blank else 0
        else:
            for pair in self.pairs:
                start = pair.end if pair.closes == start else start
        return start, start, typed

    def _replaced(self, first: int, last: int, typed: str, parted: bool, block: int) -> Iterator[Splice]:
        """Yield the splices that put what was *typed* in the place of the glyphs from *first* to *last*, all of one *block*."""
        start, end = self.glyphs[first].start, self.glyphs[last].end
        own = self.places[block]
        before = [self.glyphs[place].end for place in own[: bisect_left(own, first)][-1:]]
        behind = [self.glyphs[place].start for place in own[bisect_left(own, last) + 1 :][:1]]
        if not (typed or before or behind or block in self.notes):
            yield self._block(start, end)
            return
        start, end = self._with_marks(start, end, bool(typed))
        for pair in self.pairs:  # a mark that would lose its partner goes to the words that stay
            if start <= pair.start < end <= pair.closes:
                yield from ((place, place, self.source[pair.start : pair.opened]) for place in behind)
            elif pair.start < start <= pair.closes < end:
                yield from ((place, place, self.source[pair.closes : pair.end]) for place in before)
        unseen = [self.source[cited[0] : cited[1]] for cited in self.unseen if typed and start < cited[0] and cited[1] < end]
        start, end, typed = self._spaced(start, end, typed, parted, not before)
        yield start, end, " ".join([typed, *unseen])

    def _block(self, start: int, end: int) -> Splice:
        """Return the splice that removes the block with what stands from *start* to *end*, and the blank lines behind it, or before."""
        start = self.source.rfind("\n", 0, start) + 1
        match = _BLANK_LINES.match(self.source, end)
        end = match.end() if match else end
        return (start, end, "") if end < len(self.source) else (len(self.source[:start].rstrip()), end, "")

    def _with_marks(self, start: int, end: int, typed: bool) -> tuple[int, int]:
        """Return *start* and *end* with the marks around that nothing is left for; what is *typed* stays within those of the same words."""
        for pair in self.pairs:
            if pair.opened == start and (pair.closes < end or (pair.closes == end and not typed)):
                start, end = pair.start, max(end, pair.end)
            elif start < pair.start and pair.closes == end:
                end = pair.end
        return start, end

    def _spaced(self, start: int, end: int, typed: str, parted: bool, is_first: bool) -> Splice:
        """Return the splice from *start* to *end* with the space before it, if there was one, as it is before what was *typed*."""
        blank = self.source[len(self.source[:start].rstrip()) : start] if parted and not is_first else ""
        if typed.startswith(" ") and (parted or is_first):
            return start, end, typed[1:]
        is_within = any(pair.opened == start for pair in self.pairs)
        if not typed and (is_first or is_within) and (match := _BLANK.match(self.source, end)):
            return start, match.end(), typed
        if not typed and "\n" in blank and self.source[end : end + 1] == " ":  # the line break stays
            return start, end + 1, typed
        return start - len(blank), end, typed


def _written(token: Token) -> str:
    """Return how the inline *token* stands in the source."""
    if token.type in ("text", "citation", "stop", "html_inline"):
        return token.content
    if token.type == "softbreak":
        return "\n"
    return {"link_open": "[", "link_close": "]("}.get(token.type, token.markup)
