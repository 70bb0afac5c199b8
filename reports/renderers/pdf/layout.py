"""A piece of a document's HTML -> its pages: laid out and drawn by WeasyPrint, as a fragment of a PDF.

This is the one module that knows how WeasyPrint goes about it: its own `render` and `write_pdf` lay out a document as a whole, and number
the objects of one file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

import cssselect2
import uharfbuzz
import weasyprint
from pydyf import Array, Dictionary, String, _to_bytes
from weasyprint import DEFAULT_OPTIONS
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import UA_COUNTER_STYLE
from weasyprint.layout import LayoutContext, layout_document
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.matrix import Matrix
from weasyprint.pdf import _use_references
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration

from reports.files import sha256
from reports.renderers.fonts import Fonts
from reports.renderers.pdf.file import written
from reports.renderers.pdf.fragment import KINDS, Fragment, FragmentFont, FragmentPage, Objects, mark, pack, reference
from reports.renderers.pdf.margins import WITHOUT
from reports.renderers.pdf.structure import SCALE, Content, Tagger

PAGES = re.compile(r"counter\(\s*pages\s*(?:,\s*([\w-]+)\s*)?\)")
# Pseudo-elements for which WeasyPrint has a style, whatever the element, and what a style sheet says that gives one to others than <li>.
MARKS = ("marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback")
MARKED = re.compile(rb"\blist-item\b|:\s*footnote\b|\bnote\(", re.IGNORECASE)
PLAIN = (boxes.BlockBox, boxes.TableBox, boxes.TableRowGroupBox)
INLINE = (boxes.LineBox, boxes.InlineLevelBox)
FIELDS = ("hash", "family", "index", "ascent", "descent", "flags", "italic_angle", "stemv", "stemh", "upem")  # of a font
PRINTED = 4  # the flag of an annotation, which PDF/A wants (ISO 32000-1, 12.5.3)


class Tree(weasyprint.HTML):  # type: ignore[misc]
    """The HTML *root*, parsed already, with style sheets *below* those of its author, in which MARKS may be for all if it *is_marked*."""

    def __init__(self, root: Element, base_url: str, url_fetcher: Any, below: Sequence[Any] = (), is_marked: bool = True) -> None:
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self._below, self._is_marked = below, is_marked

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        sheets = super()._ua_stylesheets(forms)
        return [*(sheets if self._is_marked else map(_of_few, sheets)), *self._below]


@cache
def _of_few(sheet: Any) -> Any:
    """Return WeasyPrint's own style *sheet* with MARKS for <li> alone: to style six of each element takes a fifth of the time."""
    other, matcher = copy(sheet), copy(sheet.matcher)
    markers = [selector for selector in matcher.other_selectors if selector[3] == "marker"]
    matcher.other_selectors = [selector for selector in matcher.other_selectors if selector[3] not in MARKS]
    named = matcher.lower_local_name_selectors
    matcher.lower_local_name_selectors = {**named, "li": [*named.get("li", ()), *markers]}
    other.matcher = matcher
    return other


@dataclass(frozen=True)
class Laid:
    """Pages as they are laid out, with the *context* in which they were, and the address to which theirs are relative."""

    pages: Sequence[Any]
    context: Any
    base_url: str


class _Context(LayoutContext):  # type: ignore[misc]
    """A layout that notes which pages a style has *forced* to begin; the one with the number *full* is taken for one that it has not.

    At the top of a page that begins because the one before it is full, there is no margin (https://www.w3.org/TR/css-break-3/#break-margins).
    """

    full: int | None
    forced: dict[int, bool]

    @property
    def forced_break(self) -> bool:
        self.forced[self.current_page] = self._is_forced
        return self._is_forced and self.current_page != self.full

    @forced_break.setter
    def forced_break(self, is_forced: Any) -> None:
        self._is_forced = bool(is_forced)


class Typesetter:
    """Lays out and draws HTML with the style sheets of one document, which are read once.

    *sheets* are the addresses of those of its author, *below* the texts of ours.
    """

    def __init__(self, fetcher: Any, base_url: str, sheets: Sequence[str], below: Sequence[str]) -> None:
        self.fetcher, self.base_url, self.addresses = fetcher, base_url, sheets
        # The counters that every style sheet may use are known from the beginning: margins may be made before anything is laid out.
        counters = UA_COUNTER_STYLE.copy()
        self.settings: dict[str, Any] = {"font_config": FontConfiguration(), "counter_style": counters, "color_profiles": {}}
        self.read = {"url_fetcher": fetcher, "media_type": "print", **self.settings}
        self.below = [self.sheet(text) for text in below]
        with fetcher.listening() as self.warnings:
            self.sheets = [weasyprint.CSS(url=address, **self.read) for address in sheets]
        self.is_marked = any(MARKED.search(fetcher.fetch(address).read()) for address in sheets)
        self.without_margins = self.sheet(WITHOUT)
        self.images: dict[str, Any] = {}
        self.programs: dict[str, bytes] = {}
        self.of_totals: dict[int, Typesetter] = {}

    def sheet(self, text: str) -> Any:
        """Return the style sheet *text*, to be laid out with."""
        return weasyprint.CSS(string=text, **self.read)

    def of_pages(self, total: int) -> "Typesetter":
        """Return one for which the document has *total* pages, however many it lays out: no style can set `counter(pages)`."""
        if total in self.of_totals:
            return self.of_totals[total]
        other = self.of_totals[total] = copy(self)
        styles = self.settings["counter_style"]
        other.sheets = []
        for address in self.addresses:
            text = self.fetcher.fetch(address).read().decode()
            text = PAGES.sub(lambda match: f'"{styles.render_value(total, match[1] or "decimal")}"', text)
            other.sheets.append(weasyprint.CSS(string=text, base_url=address, **self.read))
        return other

    def lay_out(self, root: Element, *more: Any, full: int | None = None) -> Laid:
        """Return the pages of the HTML *root*, with *more* style sheets; that before the one with the number *full* is taken for full."""
        html = Tree(root, self.base_url, self.fetcher, self.below, self.is_marked)
        options = {**DEFAULT_OPTIONS, "stylesheets": [*self.sheets, *more], "cache": self.images}
        context = Document._build_layout_context(html, *self.settings.values(), options)
        context.__class__ = _Context
        context.full, context.forced = full, {}
        made_with = (html.base_url, context.target_collector, self.settings["counter_style"], context.footnotes)
        box = build_formatting_structure(html.etree_element, context.style_for, context.get_image_from_uri, *made_with)
        return Laid([Page(_apart(page)) for page in layout_document(html, box, context)], context, self.base_url)

    def draw(self, laid: Laid, pages: range, tagger: Tagger, fonts: Fonts, is_margin: bool = False) -> Fragment:
        """Return those of the *pages* of what is *laid* out as a fragment, with the structure tree that *tagger* makes.

        What *is_margin* has other names for its resources than the rest of a page. Raises TagsError.
        """
        drawing = _Drawing(laid, tagger, is_margin)
        for number, index in enumerate(pages):
            drawing.add_page(number, index)
        self.programs |= {font.program: font.file_content for font in drawing.fonts.values()}
        return drawing.fragment(fonts)


def _apart(page: Any) -> Any:
    """Return the box of a *page*, its notes in the margin one below the other, and above its foot.

    Notes are what is positioned absolutely, without a top of its own: each begins at the line in which it stands, or below those before
    it. Where the page or a table beside them ends before they do, they begin above it. (Floats would not overlap, but WeasyPrint 70
    loses the words before one at the end of a line.)
    """
    notes, others = _notes(page.children[0])
    lines = [note.position_y for note in notes]
    foot = page.content_box_y() + page.height
    _push_down(notes)
    for index, (note, line) in reversed([*enumerate(zip(notes, lines, strict=True))]):
        beside = [other for other in others if _is_beside(note, other)]
        below = [other.position_y for other in beside if other.position_y >= line]
        below += [other.position_y for other in notes[index + 1 :] if _is_beside(note, other)]
        above = [_end(other) for other in beside if other.position_y < line]
        highest = max([page.content_box_y(), *above])
        note.translate(dy=min(0, max(min([foot, *below]) - _end(note), highest - note.position_y)))
    _push_down(notes)  # where there are more of them than have room
    return page


def _notes(box: Any) -> tuple[list[Any], list[Any]]:
    """Return the notes in *box*, and the lines and tables that might stand beside one."""
    if box.style["position"] == "absolute":
        return ([box] if box.style["top"] == box.style["bottom"] == "auto" else []), []
    within = [_notes(child) for child in getattr(box, "children", ())]
    notes, others = ([*chain(*found)] for found in zip(*within, strict=True)) if within else ([], [])
    return notes, [box] if isinstance(box, (boxes.LineBox, boxes.TableBox)) else others


def _push_down(notes: Sequence[Any]) -> None:
    for index, note in enumerate(notes):
        ends = [_end(before) for before in notes[:index] if _is_beside(note, before)]
        note.translate(dy=max(0, max(ends, default=0) - note.position_y))


def _is_beside(box: Any, other: Any) -> bool:
    """Tell whether *box* would cover *other*, or be covered by it, at the same height."""
    return bool(box.position_x < other.position_x + other.margin_width() and other.position_x < box.position_x + box.margin_width())


def _end(box: Any) -> float:
    return float(box.position_y + box.margin_height())


def page_that_begins(pages: Sequence[Any], element: Element | None) -> int | None:
    """Return the first of the *pages* that begins with *element*; None if there is none."""
    edges = ([box.element for box in _edge(page._page_box.children[0], 0)] for page in pages)
    return next((number for number, edge in enumerate(edges) if element is not None and element in edge), None)


def last_start(laid: Laid, among: range, whole: Mapping[Element, Element], starts: Mapping[Element, int]) -> tuple[int, int | None]:
    """Return the last of the pages *laid* out, *among* these, with whose first element a piece may begin, and its number in *starts*.

    What begins there has to stand as it would if the page was forced to begin with it: in blocks, and without a margin above, as where
    the page before it is full. *whole* leads from copies to the elements of *starts*.
    """
    pages = laid.pages
    for index in reversed(among[1:]):
        before = {whole.get(box.element, box.element) for box in _edge(pages[index - 1]._page_box.children[0], -1)}
        edge = [(whole.get(box.element, box.element), box) for box in _edge(pages[index]._page_box.children[0], 0)]
        begun = [box for element, box in edge if element in before]
        begins = [(element, box) for element, box in edge if element not in before]
        fixed = all(box.style["table_layout"] == "fixed" for box in begun if isinstance(box, boxes.TableBox))
        plain = fixed and all(type(box) in PLAIN and not box.is_column for box in begun)
        without = all(box.style["margin_top"] != "auto" and not box.style["margin_top"].value for _, box in begins)
        flush = without or not laid.context.forced.get(index + 1, True)
        alone = all(isinstance(child, boxes.Box) and child.is_in_normal_flow() for child in edge[0][1].children)  # no rest of a float
        if begins and plain and flush and alone and begins[0][0] in starts:
            return index, starts[begins[0][0]]
    return 0, None


def _edge(box: Any, side: int) -> Iterator[Any]:
    """Yield *box* and, from the outermost on, the blocks in it that stand at the upper (0) or the lower (-1) end of its page."""
    while box is not None:
        yield box
        flow = [child for child in box.children if isinstance(child, boxes.Box) and child.is_in_normal_flow()]
        blocks = [child for child in flow if not getattr(child, "is_header", False)]
        box = blocks[side] if blocks and not isinstance(box, boxes.TableRowBox) and not isinstance(blocks[side], INLINE) else None


class _Drawing:
    """Collects what pages are made of."""

    def __init__(self, laid: Laid, tagger: Tagger, is_margin: bool) -> None:
        self.laid, self.tagger = laid, tagger
        self.objects = Objects()
        self.fonts = _Fonts()
        self.images: dict[str, Any] = {}
        self.resources = Dictionary({kind: _FarNames() if is_margin else Dictionary() for kind in KINDS})
        self.resources |= {"ColorSpace": reference("c"), "Font": reference("f")}
        self.profiles = {"srgb": SimpleNamespace(pdf_reference=reference("i"))}
        self.pages: list[FragmentPage] = []
        self.indices: list[int] = []
        self.aims: set[str] = set()
        self.marks: list[int] = []

    def add_page(self, number: int, index: int) -> None:
        """Draw the page *index*, as that *number* of the fragment."""
        self.indices.append(index)
        page = self.laid.pages[index]
        width, height = (page.bleed[one] + page.bleed[other] for one, other in (("left", "right"), ("top", "bottom")))
        rectangle = (-page.bleed["left"], -page.bleed["top"], page.width + width, page.height + height)
        stream = Stream(self.fonts, rectangle, self.resources, self.images, {}, self.profiles, "srgb", compress=True)
        stream.push_state()
        stream.transform(d=-1, f=page.height * SCALE)
        page.paint(stream, SCALE)
        stream.pop_state()
        links = self._links(page)
        self.tagger.add_page(number, page, stream, links)
        self.marks.append(len(stream._tags))
        context, at = self.laid.context, index + 1
        strings = [(name, text) for name, found in context.string_set.items() for text in found.get(at, ())]
        boxes_there = [(name, box) for name, found in context.running_elements.items() for box in found.get(at, ())]
        running = [(name, ET.tostring(box.element, "unicode")) for name, box in boxes_there]
        numbers = [number for found in links.values() for number in found]
        self.pages.append(
            FragmentPage(
                *(page.width, page.height, page.bleed, self.objects.add(stream), numbers, []),
                *(page.anchors, page.bookmarks, page._page_box.page_type.name, strings, running),
            )
        )

    def _links(self, page: Any) -> dict[Any, list[int]]:
        """Return the annotations of the links on *page*, by the boxes that they stand for."""
        matrix, found = Matrix(SCALE, 0, 0, -SCALE, 0, page.height * SCALE), dict[Any, list[int]]()
        for kind, target, rectangle, box in page.links:
            corners = Array([*matrix.transform_point(*rectangle[:2]), *matrix.transform_point(*rectangle[2:])])
            target = target.removeprefix(self.laid.base_url)  # only the address of a paper beside this one begins so
            self.aims |= {target} if kind == "internal" else set()
            leads = {"Dest": String(target)} if kind == "internal" else {"A": _action(target)}
            annotation = {"Type": "/Annot", "Subtype": "/Link", "F": PRINTED, "Rect": corners, "BS": Dictionary({"W": 0})}
            box = box._box if isinstance(box, AbsolutePlaceholder) else box
            found.setdefault(box, []).append(self.objects.add(Dictionary({**annotation, "Contents": String(target), **leads})))
        return found

    def fragment(self, fonts: Fonts) -> Fragment:
        """Return all that was collected; *fonts* are those that its style sheets declare."""
        _use_references(self.objects, self.resources, self.images, self.profiles)
        tree = self.tagger.write(self.objects)
        for number, (annotation, _) in enumerate(tree.owners):
            self.objects.items[annotation]["StructParent"] = mark("a", number)
        for number, page in enumerate(self.pages):
            page.parents = [tree.contents.get(Content(number, at)) for at in range(self.marks[number])]
        objects = [written(item) for item in self.objects.items]
        used = {font.hash: font for font in reversed(self.fonts.values())}  # two may be of one file: the first is told of
        families = {font.family for font in used.values()}
        return Fragment(
            pages=self.pages,
            objects=pack(data for data, _ in objects),
            streams={number: stream for number, (_, stream) in enumerate(objects) if stream is not None},
            resources={kind: {name: _to_bytes(value).decode("latin-1") for name, value in self.resources[kind].items()} for kind in KINDS},
            fonts={name: _told(font, [other for other in self.fonts.values() if other.hash == name]) for name, font in used.items()},
            tree=tree.kids,
            owners=[*tree.owners],
            names=tree.names,
            aims=sorted(self.aims),
            missing="".join(sorted(self._missing(fonts))),
            foreign=sorted(family for family in families if family.casefold() not in fonts.families),
            pictorial=sorted({font.family for font in used.values() if font.bitmap or font.png or font.svg or font.colr}),
        )

    def _missing(self, fonts: Fonts) -> frozenset[str]:
        """Return the characters that no font of their style has, where another of the system may have drawn them."""
        texts: dict[tuple[str, ...], set[str]] = {}
        for index in self.indices:
            for box in self.laid.pages[index]._page_box.descendants():  # private, but nothing else knows which style a text has
                if isinstance(box, boxes.TextBox):
                    texts.setdefault(box.style["font_family"], set()).update(box.text)
        return frozenset().union(*(fonts.missing("".join(text), stack) for stack, text in texts.items()))


def _action(target: str) -> Any:
    """Return the action that leads to *target*, in the web or in a PDF beside this one (ISO 32000-1, 12.6.4)."""
    file, _, aim = target.partition("#")
    if "/" in file or ":" in file:
        return Dictionary({"Type": "/Action", "S": "/URI", "URI": String(target)})
    return Dictionary({"Type": "/Action", "S": "/GoToR", "F": String(file), "D": String(aim)})


class _FarNames(Dictionary):  # type: ignore[misc]
    """Resources whose names are numbered from another number on than those of pages, with which they come together."""

    def __len__(self) -> int:
        return int(super().__len__()) + 10_000


class _Fonts(dict[Any, Font]):
    """Fonts as WeasyPrint draws with them, with the digests of their programs, where on their axes they are drawn, and widths of our own.

    These do not depend on what was drawn first.
    """

    def __setitem__(self, key: Any, font: Font) -> None:
        font.program, font.axes = sha256(font.file_content), axes(font)
        font.widths = _Widths(font)
        super().__setitem__(key, font)


class _Widths(dict[int, int]):
    """The widths of glyphs of *font*, in thousandths of its size, as its file has them.

    WeasyPrint measures a glyph at the size in which it is drawn first, and corrects later ones by what it measured.
    """

    def __init__(self, font: Font) -> None:
        super().__init__()
        self._font = uharfbuzz.Font(uharfbuzz.Face(font.file_content, font.index))
        self._font.set_variations(font.axes)
        self._unit = 1000 / font.upem

    def __contains__(self, glyph: Any) -> bool:
        if not super().__contains__(glyph):
            self[glyph] = round(self._font.get_glyph_h_advance(glyph) * self._unit)
        return True


def axes(font: Font) -> dict[str, float]:
    """Return where on each axis of its variations *font* is drawn; where WeasyPrint takes the size of the first text, the font's own."""
    given = {axis.tag: axis for axis in uharfbuzz.Face(font.file_content, font.index).axis_infos}
    asked = {"wght": font.weight, "ital": int(font.style == 2), **font.variations}
    if font.style == 1 and "slnt" in given:
        asked["slnt"] = given["slnt"].min_value if given["slnt"].max_value == 0 else given["slnt"].max_value
    return {tag: float(value) for tag, value in asked.items() if tag in given}


def _told(font: Font, same: Sequence[Font]) -> FragmentFont:
    """Return what a PDF says of *font*, with the glyphs that it and others of the *same* file have drawn."""
    fields = {name: getattr(font, name) for name in FIELDS}
    glyphs = {glyph: (width, other.to_unicode.get(glyph, "")) for other in reversed(same) for glyph, width in other.widths.items()}
    return FragmentFont(font.program, {**fields, "name": font.name.decode(), "axes": font.axes}, dict(sorted(glyphs.items())))
