"""A page's HTML -> the pieces that are laid out alone: cut where an element of the class `new-page` begins.

A part that is long is cut again, where a page begins anyway, which shows when it is laid out.

A piece is laid out within its place. The elements around it begin on a page before it and end on a page behind it, which are thrown
away, and those beside it are there without what is in them. So styles apply as in the whole: what is drawn does not depend on the cuts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element

NEW_PAGE = "new-page"
PLACE = "data-piece"
# Elements that may be cut; and those that no piece begins with.
CUT = ("html", "body", "main", "section", "div", "ul", "table", "tbody")
WHOLE = ("head", "body", "caption", "colgroup", "thead", "tbody")
SIZE = 9_000  # letters of a piece, if it is cut again: some three pages
# Elements beside a piece are there as far as they are near; of the others, as many as :nth-child(2n), (3n), (4n) and (6n) count by.
NEAR = 12
SHEET = f"""
.{NEW_PAGE} {{ break-before: page; }}
[{PLACE}="first"], [{PLACE}="behind"], [{PLACE}="page"] {{ break-before: page !important; }}
[{PLACE}="away"] {{ display: none !important; }}
[{PLACE}="before"], [{PLACE}="behind"], [{PLACE}="page"], [{PLACE}="strings"] {{
  display: block !important; position: static !important; float: none !important; height: 0 !important; min-height: 0 !important;
  margin: 0 !important; border: 0 !important; padding: 0 !important; break-after: auto !important; bookmark-level: none !important;
}}
[{PLACE}="before"], [{PLACE}="behind"] {{ page: auto !important; string-set: none !important; }}
[{PLACE}="before"]::before, [{PLACE}="behind"]::before, [{PLACE}="page"]::before, [{PLACE}="strings"]::before,
[{PLACE}="before"]::after, [{PLACE}="behind"]::after, [{PLACE}="page"]::after, [{PLACE}="strings"]::after {{ content: none !important; }}
"""


@dataclass(frozen=True)
class Piece:
    """A stretch of a document within its place, from the element *first* on, None being its beginning; *root* is to be laid out.

    It is all that is left of its part if it *is_last*; else the next may begin with one of *starts*, each by its number behind *first*.
    The pages before the one that begins with *first*, if it is told, are to be thrown away, and so are those from the one on that begins
    with *behind*. *whole* leads from what was copied for *root* to what it was copied from; the heads of tables *told* stand in an
    earlier piece.
    """

    root: Element
    is_last: bool
    first: Element | None
    behind: Element | None
    starts: Mapping[Element, int]
    whole: Mapping[Element, Element]
    told: Sequence[Element]


class Cutter:
    """Cuts the HTML *root* of a page into parts: *firsts* are the elements with which they begin, of which the first is None.

    *starts* are those with which a piece of each part may go on, in order.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.firsts: list[Element | None] = [None]
        self.starts: list[list[Element]] = [[]]
        # Of the elements that stand in none but such as may be cut: all others of a long document would take much memory.
        self.parents: dict[Element, Element] = {}
        self._letters: dict[Element, int] = {}
        self._length = self._measure(root, 0)

    def _measure(self, element: Element, before: int) -> int:
        """Note how many letters stand before each element in *element*, which may be cut; return how many stand before its end."""
        before += len(element.text or "")
        for child in element:
            self.parents[child], self._letters[child] = element, before
            if child.tag not in WHOLE:
                if NEW_PAGE in child.get("class", "").split() and self.before(child) is not None:
                    self.firsts.append(child)
                    self.starts.append([])
                else:
                    self.starts[-1].append(child)
            # A link in the head of a table has a place on each page: all of them belong to one piece.
            if child.tag in CUT and not (child.tag == "table" and child.find("thead//a") is not None):
                before = self._measure(child, before)
            else:
                before += sum(map(len, child.itertext()))
            before += len(child.tail or "")
        return before

    def around(self, element: Element | None) -> list[Element]:
        """Return the elements that *element* stands in, the outermost first."""
        found: list[Element] = []
        while element is not None and (element := self.parents.get(element)) is not None:
            found.insert(0, element)
        return found

    def shared(self, first: Element | None, then: Element | None) -> list[Element]:
        """Return the elements of which a piece from *first* to before *then* has only a part, none before what it stands in."""
        return [*dict.fromkeys(self.around(first) + self.around(then))]

    def before(self, element: Element | None) -> Element | None:
        """Return the element nearest before *element* in the body, beside it or beside one that it stands in."""
        while element is not None and element.tag != "body":
            parent = self.parents[element]
            if index := [*parent].index(element):
                return parent[index - 1]
            element = parent
        return None

    def first(self, part: int, start: int | None) -> Element | None:
        """Return the element with which a piece begins: that of the number *start* in its part, or the part's own."""
        return self.firsts[part] if start is None else self.starts[part][start]

    def then(self, part: int, start: int | None) -> Element | None:
        """Return the element behind a piece: the one with which its part goes on, or, if it does not, the first of the next part."""
        if start is not None:
            return self.starts[part][start]
        return self.firsts[part + 1] if part + 1 < len(self.firsts) else None

    def letters(self, part: int, start: int | None) -> int:
        """Return how many letters *part* has from its beginning, or from the element *start*, on."""
        first, then = self.first(part, start), self.then(part, None)
        return (self._length if then is None else self._letters[then]) - (0 if first is None else self._letters[first])

    def cut(self, part: int, start: int | None, letters: int) -> Piece:
        """Return what *part* has from its beginning, or from the element *start*, on: all, or so many *letters*."""
        first, then, left = self.first(part, start), self.then(part, None), self.letters(part, start)
        begin = 0 if first is None else self._letters[first]
        starts: dict[Element, int] = {}
        stop = None
        for number, element in enumerate(islice(self.starts[part], 0 if start is None else start + 1, None)):
            if self._letters[element] >= begin + letters:
                stop = element
                break
            starts[element] = number
        is_last = stop is None or self._letters[stop] > begin + left - letters // 4
        isolation = _Isolation(self, first, then if is_last else stop, is_last)
        root = isolation.copy(self.root)
        copies: dict[Element | None, Element] = {element: copy for copy, element in isolation.whole.items()}
        return Piece(root, is_last, copies.get(first), copies.get(then) if is_last else None, starts, isolation.whole, isolation.told)

    def whole(self) -> Element:
        """Return the document uncut."""
        return _Isolation(self, None, None, is_last=True).copy(self.root)


class _Isolation:
    """Puts what stands from *first* to before *stop* within its place; *is_last* tells that the part ends there, and a page with it."""

    def __init__(self, cutter: Cutter, first: Element | None, stop: Element | None, is_last: bool) -> None:
        self.first, self.stop, self.is_last = first, stop, is_last
        self.before = cutter.before(first)
        self.around = {*cutter.around(first), *cutter.around(stop)}
        self.is_inside, self.has_ended = first is None, False
        self.whole: dict[Element, Element] = {}
        self.told: list[Element] = []

    def copy(self, element: Element) -> Element:
        """Return *element* with what of it is inside, and with what is beside that, emptied."""
        copied = Element(element.tag, element.attrib)
        self.whole[copied] = element
        copied.text = element.text if self.is_inside else None
        parts: list[tuple[Element, Element | None]] = []
        for child in element:
            self.is_inside = self.is_inside or child is self.first
            if child is self.stop:
                self.is_inside, self.has_ended = False, True
            part = self._part(child, element)
            if part is not child and part is not None:
                part.tail = child.tail if self.is_inside else None
            parts.append((child, part))
        copied.extend(self._empty(child, "away") if part is None else part for child, part in _near(parts))
        return copied

    def _part(self, child: Element, parent: Element) -> Element | None:
        """Return what stands for *child* of *parent*: without the head, whose style sheets are read already. None if it is away."""
        if child.tag == "head":
            return Element("head")
        if child is self.first:
            part = self.copy(child) if child in self.around else self._again(child)
            part.set(PLACE, "first")
            return part
        if child in self.around:
            return self.copy(child)
        if self.is_inside or (child is self.before and child.tag == "tr"):
            return child
        if parent.tag == "table" and child.tag in ("colgroup", "thead") and not self.has_ended:
            self.told.append(child)
            return child
        place = "behind" if child is self.stop and self.is_last else "before" if child is self.before else ""
        return self._empty(child, place) if place else None

    def _empty(self, element: Element, place: str) -> Element:
        """Return *element* without what is in it, with its *place*."""
        empty = Element(element.tag, {name: value for name, value in element.items() if name != "id"}, **{PLACE: place})
        self.whole[empty] = element
        return empty

    def _again(self, element: Element) -> Element:
        """Return a copy of *element* with what is in it."""
        copied = Element(element.tag, element.attrib)
        copied.text = element.text
        copied.extend(element)
        self.whole[copied] = element
        return copied


def _near(parts: Sequence[tuple[Element, Element | None]]) -> Sequence[tuple[Element, Element | None]]:
    """Return *parts* without those away that are far from the others: of thousands of siblings, each would be made for each piece."""
    before = next((number for number, (_, part) in enumerate(parts) if part is not None), 0)
    behind = next((number for number, (_, part) in enumerate(reversed(parts)) if part is not None), 0)
    return parts[_far(before) : len(parts) - _far(behind)]


def _far(count: int) -> int:
    """Return how many of *count* elements can go, so that those that are left are counted on by :nth-child(2n), (3n), (4n) and (6n)."""
    return max(0, count - NEAR) // NEAR * NEAR
