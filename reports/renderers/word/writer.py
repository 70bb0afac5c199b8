"""A walk over the HTML subset that writes each element into a Word document: which element becomes what in Word."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import chain, count, groupby
from typing import Any
from xml.etree.ElementTree import Element

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_DIRECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.errors import Location, Problem, ReportsError
from reports.renderers.assets import Resource, Resources
from reports.renderers.direction import kinds, stretches
from reports.renderers.environment import Templates
from reports.renderers.html import FIELD, Page, share, text_of
from reports.renderers.pictures import HIGHEST
from reports.renderers.word.controls import control
from reports.renderers.word.footnotes import ROLE, add_footnote
from reports.renderers.word.reference import LEVELS, REFERENCE, STYLES, Styles, at_depth, new_list
from reports.translations.locale import Locale, is_right_to_left, with_region

CONTAINERS = frozenset({"body", "main", "header", "section", "div", "nav", "aside", "blockquote"})
INHERITED: Mapping[str, str] = {"aside": "callout", "blockquote": "quotation"}  # what the blocks in some are, by their roles
CONTINUED = "li.continued"  # the role of what comes in a list's item after its first paragraph
FIELDS: Mapping[str, str] = {"span.page": "PAGE", "span.pages": "NUMPAGES"}  # the Word field that a role is, which Word counts
EAST_ASIAN = ("ja", "ko", "zh")  # languages
# The hyphen in a milestone's reference, at which no line may break.
REFERENCE_HYPHEN = re.compile(r"(?<=\bM\d{4})-(?=\d)")
NO_BREAK_HYPHEN = "\N{NON-BREAKING HYPHEN}"
ADVICE: Mapping[str, str] = {"img": "; put it into a <figure>"}
LONGEST_BOOKMARK = 40  # characters
DOT = 9525  # of a picture in CSS, a 96th of an inch, in Word's units
# Heading row and column, no bands; the last is the same in bits.
TABLE_LOOK: Mapping[str, str] = {"firstRow": "1", "firstColumn": "1", "noHBand": "1", "noVBand": "1", "val": "06A0"}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style: *link* is an address or `#id`, *tip* what is said of it, *rtl* that it goes from right to left.

    Instead of a text it may be a Word *field*, or the mark of a footnote, whose *note* is an element. *span* is the element that names
    the field of a record in which the run stands.
    """

    text: str = ""
    style: str | None = None
    language: str | None = None
    link: str | None = None
    tip: str = ""
    field: str | None = None
    note: Element | None = None
    span: Element | None = None
    rtl: bool = False

    def with_text(self, html: str | None) -> "Run":
        """Return this run with a text of HTML, where a stretch of spaces is one: "\\n" in a run is a <br>, not the end of a line there."""
        return replace(self, text=re.sub(r"[ \t\n]+", " ", html or ""))


def collapse(runs: Sequence[Run]) -> list[Run]:
    """Return *runs* with one space where two meet, and none at either end; a no-break space is no space."""
    collapsed: list[Run] = []
    space = True
    for run in runs:
        text = run.text.removeprefix(" ") if space else run.text
        if text or run.field or run.note is not None:
            collapsed.append(replace(run, text=text))
            space = text.endswith((" ", "\n"))
    while collapsed and not (collapsed[-1].field or collapsed[-1].note is not None or collapsed[-1].text.rstrip(" ")):
        collapsed.pop()
    if collapsed:
        collapsed[-1] = replace(collapsed[-1], text=collapsed[-1].text.rstrip(" "))
    return collapsed


def bound(runs: Sequence[Run]) -> list[Run]:
    """Return *runs*, those of a paragraph, with references that don't break at their hyphen.

    No program finds a no-break hyphen by a hyphen. So a reference that begins a paragraph, as it does where its record stands, keeps the
    hyphen at which no line breaks there: whoever looks for it gets to the record.
    """
    start = REFERENCE_HYPHEN.match(runs[0].text, 5) if runs else None
    texts = [REFERENCE_HYPHEN.sub(NO_BREAK_HYPHEN, run.text) for run in runs]
    if start:
        texts[0] = runs[0].text[: start.end()] + texts[0][start.end() :]
    return [replace(run, text=text) for run, text in zip(runs, texts, strict=True)]


@dataclass
class Writer:
    """A walk over the elements of *page*, which appends each to *document*.

    *bookmarks* has the name of each by the id that it stands for; those of the ids in *waiting* go into the next paragraph.
    """

    document: Any
    styles: Styles
    resources: Resources
    page: Page
    bookmarks: Mapping[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    reference_styles: dict[tuple[str, Any], Any] = field(default_factory=dict)
    width: int = 0
    language: str = ""
    around: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def write(self) -> None:
        """Append the page; raises ReportsError with everything in it that Word has no place for."""
        root = self.page.root
        self.bookmarks, self.language = bookmark_names(root), root.get("lang", "")
        self.around = (self.language, *_tag_of_data(self.page.made))
        self.reference_styles = {(style.name, style.type): style for style in self.document.styles}  # slow to go through for each run
        self.width = self.document._block_width  # private, but what python-docx itself gives a table
        for body in root.findall("body"):
            self._remember(body)
            self._blocks(body)
        for element in (element for element in root.iter() if element.get("id") in self.bookmarks.keys() - self.placed):
            self._problem(f"the link '#{element.get('id')}' leads to where Word can't put a bookmark", element)
        if self.problems:
            raise ReportsError(*self.problems)

    def _blocks(self, parent: Element, inherited: str = "") -> None:
        self._refuse_text(parent)
        for element in parent:
            self._remember(element)
            if element.tag in ("header", "footer") and "running" in element.get("class", "").split():
                self._running(element)
            elif element.tag in CONTAINERS:
                self._blocks(element, INHERITED.get(element.tag, inherited))
            elif write := {"ul": self._list, "ol": self._list, "table": self._table, "figure": self._figure}.get(element.tag):
                write(element)
            else:
                self._write(element, self._style_of(element, f"{element.tag}.{inherited}"), self.document)

    def _running(self, element: Element) -> None:
        """Put *element* at the head or the foot of every page."""
        for part in (part for part in element.iter() if ROLE in _roles(part)):
            self._problem("a footnote can't stand at the head or the foot of every page", part)
        section = self.document.sections[0]
        target = section.header if element.tag == "header" else section.footer
        is_new, target.is_linked_to_previous = target.is_linked_to_previous, False
        self._write(element, self._style_of(element), target, target.paragraphs[0] if is_new else None)

    def _write(self, element: Element, style: Any, target: Any, first: Any = None) -> None:
        """Write *element* into *target*: the first of its paragraphs into *first*, if there is one, each other into a new one."""
        if style is None:
            return
        for runs in self._parts(element):
            paragraph = first if first is not None else target.add_paragraph()
            paragraph.style, first = style, None
            self._fill(paragraph, runs)

    def _list(self, element: Element, depth: int = 0) -> None:
        if depth >= LEVELS:
            self._problem(f"a list is nested deeper than {LEVELS} levels", element)
        elif style := self._style_of(element, depth=depth):
            self._refuse_text(element)
            number = new_list(self.document, style, depth, self.resources.templates) if element.tag == "ol" else None
            for item in element:
                self._remember(item)
                paragraph = self.document.add_paragraph(style=style)
                if number is not None:
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = depth, number
                self._item(item, depth, paragraph)

    def _item(self, item: Element, depth: int, first: Any) -> None:
        """Write what stands in *item* in its order: *first* bears the bullet or number, and the text that the item begins with."""
        for part in self._parts(item, ("ul", "ol")):
            if isinstance(part, Element):
                self._list(part, depth + 1)
            elif first is not None:
                self._fill(first, part)
            elif style := self.styles.block.get(CONTINUED):
                self._fill(self.document.add_paragraph(style=self._named_style(at_depth(style, depth))), part)
            else:
                self._problem(f"Word has no role for a further paragraph of a list's item ({CONTINUED})", item)
            first = None

    def _table(self, element: Element) -> None:
        for part in element:
            self._remember(part)
            if part.tag == "caption":
                self._write(part, self._style_of(part), self.document)
        rows, heads = list(element.iter("tr")), element.findall("thead/tr")
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        table.style = self._style_of(element, kind=WD_STYLE_TYPE.TABLE)
        if is_right_to_left(element.get("lang", self.language)):
            table.table_direction = WD_TABLE_DIRECTION.RTL
        title, description = " ".join(map(text_of, element.findall("caption"))), "; ".join(map(text_of, rows[0]))
        look = table._tbl.tblPr
        look.remove(look.find(qn("w:tblLook")))
        # What its headings are, and what a screen reader says of it.
        for tag, values in {"tblLook": TABLE_LOOK, "tblCaption": {"val": title}, "tblDescription": {"val": description}}.items():
            look.append(OxmlElement(f"w:{tag}", {qn(f"w:{name}"): value for name, value in values.items()}))
        self._set_widths(table, [share(column) for column in element.iter("col")])
        for target, row in zip(table.rows, rows, strict=True):
            self._remember(row)
            properties = target._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if row in heads:
                properties.append(OxmlElement("w:tblHeader"))
            for cell, html in zip(target.cells, row, strict=True):
                self._remember(html)
                scope = {"col": "th.column", "row": "th.row"}.get(html.get("scope", ""), html.tag)
                self._write(html, self._style_of(html, scope), cell, cell.paragraphs[0])

    def _set_widths(self, table: Any, shares: Sequence[int | None]) -> None:
        """Set the widths of columns: each of *shares* is a percentage of the text's width, or None for an equal part of the rest."""
        shares = shares or [None] * len(table.columns)
        rest = (100 - sum(percent or 0 for percent in shares)) / max(1, shares.count(None))
        table.autofit = False
        for column, percent in zip(table.columns, shares, strict=True):
            column.width = int(self.width * (rest if percent is None else percent) / 100)
            for cell in column.cells:
                cell.width = column.width

    def _figure(self, element: Element) -> None:
        self._refuse_text(element)
        style = self._style_of(element)
        for child in element:
            self._remember(child)
            if child.tag == "figcaption":
                self._write(child, self._style_of(child), self.document)
            elif child.tag != "img":
                self._problem(f"Word has no role for <{child.tag}> in a figure", child)
            elif style:
                self._picture(child, style)

    def _picture(self, image: Element, style: Any) -> None:
        try:
            found = self.resources.linked(self.page, image)
        except ReportsError as error:
            self.problems += error.problems
            return
        paragraph = self.document.add_paragraph(style=style)
        self._place_bookmarks(paragraph)
        picture = paragraph.add_run().add_picture(BytesIO(found.content), *self._size(found))
        picture._inline.docPr.set("descr", image.get("alt", ""))
        for side in "TBLR":  # no distance from the text, which LibreOffice does not take for granted
            picture._inline.set(f"dist{side}", "0")

    def _size(self, picture: Resource) -> tuple[int, int]:
        """Return the size of *picture*: its own, as on a web page, or the text's width if it is drawn; at most what a page has room for."""
        _, native = self.document.part.get_or_add_image(BytesIO(picture.content))
        width, height = native.px_width * DOT, native.px_height * DOT
        section = self.document.sections[0]
        highest = (section.page_height - section.top_margin - section.bottom_margin) * HIGHEST
        scale = min(self.width / width, highest / height, math.inf if picture.is_drawn else 1)
        return round(width * scale), round(height * scale)

    def _parts(self, element: Element, lists: Sequence[str] = ()) -> Iterator[Any]:
        """Yield what stands in *element*, in its order: the runs of each paragraph, and each of the *lists* as it is."""
        base = Run(language=element.get("lang"))
        runs, is_empty = [base.with_text(element.text)], True
        for child in element:
            if child.tag in ("p", *lists):
                if collapse(runs):
                    yield runs
                runs, is_empty = [], False
                self._remember(child)
                yield list(self._runs(child, base)) if child.tag == "p" else child
            else:
                runs += self._inner(child, base)
            runs.append(base.with_text(child.tail))
        if is_empty or collapse(runs):
            yield runs

    def _runs(self, element: Element, base: Run) -> Iterator[Run]:
        base = replace(base, language=element.get("lang"))
        yield base.with_text(element.text)
        for child in element:
            yield from self._inner(child, base)
            yield base.with_text(child.tail)

    def _inner(self, child: Element, base: Run) -> Iterator[Run]:
        self._remember(child)
        base = replace(base, style=next((self.styles.inline[role] for role in _roles(child) if role in self.styles.inline), base.style))
        if child.tag == "br":
            yield replace(base, text="\n")
        elif fields := [FIELDS[role] for role in _roles(child) if role in FIELDS]:
            yield replace(base, field=fields[0])
        elif ROLE in _roles(child):
            yield replace(base, note=child)
        elif child.tag == "a":
            yield from self._runs(child, replace(base, link=child.get("href"), tip=child.get("title") or text_of(child)))
        elif child.tag in ("em", "strong", "span") or any(role in self.styles.inline for role in _roles(child)):
            yield from self._runs(child, replace(base, span=child) if child.get(FIELD) else base)
        else:
            self._problem(f"Word has no role for <{child.tag}> within a line{ADVICE.get(child.tag, '')}", child)

    def _fill(self, paragraph: Any, runs: Sequence[Run]) -> None:
        """Write *runs* into *paragraph*, spaces collapsed as HTML collapses them, behind the bookmarks that wait for a place."""
        self._place_bookmarks(paragraph)
        collapsed = bound(collapse(runs))
        letters = kinds("".join(run.text for run in collapsed))
        if "R" in letters or "L" not in letters:  # else all of it goes from left to right, whatever its language is said to be
            collapsed = [part for run in collapsed for part in self._directed(run)]
        if self._is_rtl(runs[0]) if is_right_to_left(self.language) else self._is_foreign(collapsed):
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for span, named in groupby(collapsed, key=lambda run: run.span):
            whole, place = (None, paragraph._p) if span is None else control(span)
            if whole is not None:
                paragraph._p.append(whole)
            self._append(paragraph, place, named)

    def _append(self, paragraph: Any, place: Any, runs: Iterable[Run]) -> None:
        """Append *runs* of *paragraph* to *place*, which is the paragraph itself or a part of it: each link around its runs."""
        for href, group in groupby(runs, key=lambda run: run.link):
            linked = list(group)
            parent = self._link(paragraph, place, href, linked[0].tip) if href else place
            for run in linked:
                parent.append(self._ooxml_run(run))

    def _is_rtl(self, run: Run) -> bool:
        """Tell whether *run* as a whole goes from right to left: by its language, or by that of the document."""
        return is_right_to_left(run.language or self.language)

    def _is_foreign(self, runs: Sequence[Run]) -> bool:
        """Tell whether nothing in a paragraph of *runs* goes from left to right, as its document does."""
        return any(run.rtl for run in runs) and all(self._is_rtl(run) or "L" not in kinds(run.text) for run in runs)

    def _directed(self, run: Run) -> Iterator[Run]:
        """Yield the parts of *run* that go one way each; a name in Latin letters goes with the Arabic or Hebrew title that it stands in."""
        if self._is_rtl(run):
            found = kinds(run.text)
            yield replace(run, rtl="R" in found or "L" not in found)
        elif run.text:
            yield from (replace(run, text=text, rtl=rtl) for text, rtl in stretches(run.text))
        else:  # a field
            yield run

    def _link(self, paragraph: Any, place: Any, href: str, tip: str) -> Any:
        """Append a link to *place* in *paragraph*; its *tip* is what a screen reader says of it, and a PDF made from the file."""
        link = OxmlElement("w:hyperlink", {qn("w:tooltip"): tip})
        if href.startswith("#"):
            link.anchor = self.bookmarks[href[1:]]
        else:
            link.rId = paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        place.append(link)
        return link

    def _ooxml_run(self, run: Run) -> Any:
        """Return *run* as an element; a Word field shows 1 until Word counts."""
        if run.note is not None:
            return self._footnote(run.note)
        element: Any = OxmlElement("w:r")
        if run.style:
            element.style = self._named_style(run.style, WD_STYLE_TYPE.CHARACTER).style_id
        for tag, attributes in _marks(run, self.around):
            element.get_or_add_rPr().append(OxmlElement(tag, {qn(name): value for name, value in attributes.items()}))
        if run.field:
            element.add_t("1")
            simple = OxmlElement("w:fldSimple", {qn("w:instr"): run.field})
            simple.append(element)
            return simple
        add_lines(element, run.text)
        return element

    def _footnote(self, note: Element) -> Any:
        """Write *note* at the foot of the page; return the run that refers to it."""
        styles = [kind.get(ROLE) for kind in (self.styles.block, self.styles.inline)]
        if not all(styles):
            self._problem(
                f"Word has no role for a footnote ({ROLE}), neither as a block nor within a line, or for one of the two only", note
            )
            return OxmlElement("w:r")
        text, mark = map(self._named_style, filter(None, styles), (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER))
        try:
            reference, paragraph = add_footnote(self.document, text, mark)
        except KeyError:
            message = "has no part for footnotes, word/footnotes.xml"
            raise ReportsError(Problem(Location(self.resources.templates / REFERENCE), message)) from None
        self._fill(paragraph, list(self._runs(note, Run())))
        return reference

    def _remember(self, element: Element) -> None:
        """Remember an id that something links to, until a paragraph comes that can bear its bookmark."""
        if element.get("id") in self.bookmarks:
            self.waiting.append(element.get("id", ""))

    def _place_bookmarks(self, paragraph: Any) -> None:
        for number, name in enumerate((self.bookmarks[identifier] for identifier in self.waiting), len(self.placed) + 1):
            paragraph._p.append(OxmlElement("w:bookmarkStart", {qn("w:id"): str(number), qn("w:name"): name}))
            paragraph._p.append(OxmlElement("w:bookmarkEnd", {qn("w:id"): str(number)}))
        self.placed.update(self.waiting)
        self.waiting.clear()

    def _style_of(self, element: Element, *special: str, depth: int = 0, kind: Any = WD_STYLE_TYPE.PARAGRAPH) -> Any:
        """Return the style of the block *element*, by a *special* role of it if there is one; without any, note the problem."""
        for role in (*special, *_roles(element)):
            if role in self.styles.block:
                return self._named_style(at_depth(self.styles.block[role], depth), kind)
        self._problem(f"Word has no role for <{element.tag}>{ADVICE.get(element.tag, '')}", element)
        return None

    def _named_style(self, name: str, kind: Any = WD_STYLE_TYPE.PARAGRAPH) -> Any:
        if (name, kind) not in self.reference_styles:
            message = f"the reference document has no {kind.name.lower()} style '{name}'"
            raise ReportsError(Problem(Location(self.resources.templates / STYLES), message))
        return self.reference_styles[name, kind]

    def _refuse_text(self, parent: Element) -> None:
        """Note the problem of text that stands right in *parent*, where Word has no paragraph for it."""
        for text in (parent.text, *(child.tail for child in parent)):
            if text and text.strip():
                self._problem(f"the text '{' '.join(text.split())}' in <{parent.tag}> stands in no paragraph", parent)

    def _problem(self, message: str, element: Element) -> None:
        self.problems.append(Problem(self.page.locate(element), message))


def bookmark_names(root: Element) -> dict[str, str]:
    """Return a bookmark's name for each id that a link leads to: the same in each edition, so that a comparison of two finds no change.

    Word allows 40 letters, digits and underscores, and knows no capital letters; where two are the same then, the later has a number.
    """
    linked = {link.get("href", "")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in (element.get("id", "") for element in root.iter() if element.get("id") in linked):
        own = re.sub(r"[^A-Za-z0-9]", "_", identifier)
        candidates = (f"_{number}{own}"[:LONGEST_BOOKMARK] for number in chain([""], (f"_{number}_" for number in count(2))))
        names[identifier] = next(name for name in candidates if name.casefold() not in taken)
        taken.add(names[identifier].casefold())
    return names


def add_lines(element: Any, text: str) -> None:
    """Add the lines of *text* to the run *element*: no-break hyphens as Word's own, for which it needs no other font."""
    for part in re.split(f"(\n|{NO_BREAK_HYPHEN})", text):
        if part == "\n":
            element.add_br()
        elif part == NO_BREAK_HYPHEN:
            element.append(OxmlElement("w:noBreakHyphen"))
        elif part:
            element.add_t(part).set(qn("xml:space"), "preserve")


def _tag_of_data(made: Templates) -> Iterator[str]:
    """Yield the full tag of the language of the data, in which texts without a translation stand, if the templates have terms in it."""
    if made.view.about.language != made.view.language:
        with suppress(ReportsError):
            locale = Locale(made.folder, made.view.about.language)
            made.used.update(locale.used)
            yield locale.tag


def _marks(run: Run, around: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the properties of *run* that come from its language and letters, in their order: Word has three kinds of letters.

    It looks for the language of each kind in another place, and sets signs such as quotation marks as the letters around them if told so.
    *around* are the languages of the document and of the data.
    """
    language = with_region(run.language, run.text, *around) if run.language else ""
    is_east_asian = language.split("-")[0] in EAST_ASIAN
    if is_east_asian:
        yield "w:rFonts", {"w:hint": "eastAsia"}
    if run.rtl:
        yield "w:rtl", {}
    if language and run.rtl == is_right_to_left(language):
        yield "w:lang", {"w:bidi" if run.rtl else "w:eastAsia" if is_east_asian else "w:val": language}


def _roles(element: Element) -> list[str]:
    """Return the roles of *element*, the most special first."""
    return [f"{element.tag}.{name}" for name in element.get("class", "").split()] + [str(element.tag)]
