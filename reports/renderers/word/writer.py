"""A walk over the HTML subset that writes each element into a Word document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.errors import Location, Problem, ReportsError
from reports.renderers.assets import Resources
from reports.renderers.html import text_of
from reports.renderers.word.package import new_list, set_number
from reports.renderers.word.reference import LEVELS, STYLES, Styles, at_depth
from reports.renderers.word.run import PLAIN, Run, collapsed, grouped, ooxml_element, ooxml_run, with_text
from reports.renderers.word.table import describe, set_widths

CONTAINERS = frozenset({"body", "main", "header", "section", "div", "nav", "aside"})
CONTINUED = "li.continued"  # the role of what comes in a list's item after its first paragraph


@dataclass
class Writer:
    """A walk over the elements of a document, which appends each to *document*."""

    document: Any
    styles: Styles
    resources: Resources
    name: str
    bookmarks: Mapping[str, str]
    ids: list[str] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def write(self, root: Element) -> None:
        body = root.find("body")
        assert body is not None, "the HTML parser makes one"
        self._note(body)
        self._blocks(body, self.document)
        for identifier in self.bookmarks:
            if identifier not in self.placed:
                self._problem(f"the link '#{identifier}' leads to where Word can't put a bookmark")
        if self.problems:
            raise ReportsError(*self.problems)

    def _blocks(self, parent: Element, target: Any, inherited: str = "") -> None:
        self._refuse_text(parent)
        for element in parent:
            self._note(element)
            if element.tag in ("header", "footer") and "running" in element.get("class", "").split():
                self._running(element)
            elif element.tag in CONTAINERS:
                self._blocks(element, target, "callout" if element.tag == "aside" else inherited)
            else:
                self._block(element, target, inherited)

    def _block(self, element: Element, target: Any, inherited: str) -> None:
        if element.tag in ("ul", "ol"):
            self._list(element, target, 0)
        elif element.tag == "table":
            self._table(element)
        elif element.tag == "figure":
            self._figure(element)
        else:
            self._paragraph(element, target, inherited)

    def _paragraph(self, element: Element, target: Any, inherited: str = "") -> None:
        role = f"{element.tag}.{inherited}" if inherited else ""
        style = self.styles.block.get(role) or self._style(element)
        if style:
            self._write(element, target, self._known(style))

    def _write(self, element: Element, target: Any, style: Any, first: Any = None) -> None:
        """Write *element* into *target*: the first of its paragraphs into *first*, if there is one, each other into a new one."""
        for runs in self._parts(element):
            paragraph = first if first is not None else target.add_paragraph()
            paragraph.style, first = style, None
            self._fill(paragraph, runs)

    def _list(self, element: Element, target: Any, depth: int) -> None:
        style = self._style(element)
        if not style:
            return
        if depth >= LEVELS:
            self._problem(f"a list is nested deeper than {LEVELS} levels")
            return
        self._refuse_text(element)
        known = self._known(at_depth(style, depth))
        number = new_list(self.document, known, depth, self.resources.templates) if element.tag == "ol" else None
        for item in element:
            self._note(item)
            paragraph = target.add_paragraph(style=known)
            if number is not None:
                set_number(paragraph, number, depth)
            self._item(item, target, depth, paragraph)

    def _item(self, item: Element, target: Any, depth: int, first: Any) -> None:
        """Write what stands in *item* in its order: *first* bears the bullet or number, and the text that the item begins with."""
        for part in self._parts(item, ("ul", "ol")):
            if isinstance(part, Element):
                self._list(part, target, depth + 1)
            elif first is not None:
                self._fill(first, part)
            elif style := self.styles.block.get(CONTINUED):
                self._fill(target.add_paragraph(style=self._known(at_depth(style, depth))), part)
            else:
                self._problem(f"Word has no role for a further paragraph of a list's item ({CONTINUED})")
            first = None

    def _table(self, element: Element) -> None:
        captions = element.findall("caption")
        for part in element:
            self._note(part)
        for caption in captions:
            self._paragraph(caption, self.document)
        rows = list(element.iter("tr"))
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        if style := self._style(element):
            table.style = self._known(style, WD_STYLE_TYPE.TABLE)
        describe(table, " ".join(map(text_of, captions)), rows[0])
        set_widths(table, element, self.document.sections[0])
        heads = len(element.findall("thead/tr"))
        for index, (target, row) in enumerate(zip(table.rows, rows, strict=True)):
            self._note(row)
            self._row(target, row, index < heads)

    def _row(self, target: Any, row: Element, is_head: bool) -> None:
        properties = target._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, element in zip(target.cells, row, strict=True):
            self._note(element)
            role = {"col": "th.column", "row": "th.row"}.get(element.get("scope", ""), element.tag)
            style = self.styles.block.get(role) or self._style(element)
            if style:
                self._write(element, cell, self._known(style), cell.paragraphs[0])

    def _figure(self, element: Element) -> None:
        if element.find("img") is None:
            self._problem("a <figure> has no <img>")
            return
        self._refuse_text(element)
        style = self._style(element)
        for child in element:
            if child.tag == "figcaption":
                self._note(child)
                self._paragraph(child, self.document)
            elif child.tag != "img":
                self._problem(f"Word has no role for <{child.tag}> in a figure")
            elif style:
                self._picture(child, self._known(style))

    def _picture(self, image: Element, style: Any) -> None:
        try:
            found = self.resources.get(image.get("src", ""))
        except ReportsError as error:
            self.problems += error.problems
            return
        section, paragraph = self.document.sections[0], self.document.add_paragraph(style=style)
        self._note(image)
        self._place_bookmarks(paragraph)
        width = section.page_width - section.left_margin - section.right_margin
        try:
            picture = paragraph.add_run().add_picture(BytesIO(found.content), width=width)
        except Exception:  # A damaged image ends in whatever python-docx stumbles over: struct.error, ZeroDivisionError, its own.
            self._problem(f"Word can't show the image '{image.get('src')}'; make it a PNG or a JPEG")
            return
        picture._inline.docPr.set("descr", image.get("alt", ""))

    def _running(self, element: Element) -> None:
        """Put *element* at the head or the foot of every page."""
        section = self.document.sections[0]
        target = section.header if element.tag == "header" else section.footer
        is_new, target.is_linked_to_previous = target.is_linked_to_previous, False
        if style := self._style(element):
            self._write(element, target, self._known(style), target.paragraphs[0] if is_new else None)

    def _parts(self, element: Element, lists: Sequence[str] = ()) -> Iterator[Any]:
        """Yield what stands in *element*, in its order: the runs of each paragraph, and each of the *lists* as it is."""
        base = replace(PLAIN, language=element.get("lang"))
        runs, is_empty = [with_text(base, element.text)], True
        for child in element:
            if child.tag in ("p", *lists):
                if collapsed(runs):
                    yield runs
                runs, is_empty = [], False
                self._note(child)
                yield list(self._runs(child, base)) if child.tag == "p" else child
            else:
                runs += self._inner(child, base)
            runs.append(with_text(base, child.tail))
        if is_empty or collapsed(runs):
            yield runs

    def _runs(self, element: Element, base: Run) -> Iterator[Run]:
        """Yield the runs of *element*'s content."""
        base = replace(base, language=element.get("lang") or base.language)
        yield with_text(base, element.text)
        for child in element:
            yield from self._inner(child, base)
            yield with_text(base, child.tail)

    def _inner(self, child: Element, base: Run) -> Iterator[Run]:
        self._note(child)
        classes = child.get("class", "").split()
        style = next((self.styles.inline[role] for role in _roles(child) if role in self.styles.inline), base.style)
        if child.tag == "br":
            yield replace(base, text="\n")
        elif child.tag == "span" and "page" in classes:
            yield replace(base, field="PAGE")
        elif child.tag == "span" and "pages" in classes:
            yield replace(base, field="NUMPAGES")
        elif child.tag == "a":
            yield from self._runs(child, replace(base, style=style, link=child.get("href"), tip=child.get("title") or text_of(child)))
        elif child.tag in ("em", "strong", "span"):
            yield from self._runs(child, replace(base, style=style))
        else:
            self._problem(f"Word has no role for <{child.tag}> within a line")

    def _fill(self, paragraph: Any, runs: Sequence[Run]) -> None:
        """Write *runs* into *paragraph*, spaces collapsed as HTML collapses them, behind the bookmarks that wait for a place."""
        self._place_bookmarks(paragraph)
        for group in grouped(collapsed(runs)):
            parent = self._link(paragraph, group[0].link, group[0].tip or "") if group[0].link else paragraph._p
            for run in group:
                style = self._known(run.style, WD_STYLE_TYPE.CHARACTER).style_id if run.style else ""
                parent.append(ooxml_run(run, style))

    def _link(self, paragraph: Any, href: str, tip: str) -> Any:
        """Append a link to *paragraph*; its *tip* is what a screen reader says of it, and a PDF made from the file."""
        link = ooxml_element("w:hyperlink", {"w:tooltip": tip})
        if href.startswith("#"):
            link.set(qn("w:anchor"), self.bookmarks[href[1:]])
        else:
            part = paragraph.part
            link.set(qn("r:id"), part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        paragraph._p.append(link)
        return link

    def _note(self, element: Element) -> None:
        """Remember an id that something links to, until a paragraph comes that can bear its bookmark."""
        if element.get("id") in self.bookmarks:
            self.ids.append(element.get("id", ""))

    def _place_bookmarks(self, paragraph: Any) -> None:
        for identifier in self.ids:
            name = self.bookmarks[identifier]
            number = name.split("_")[1]
            paragraph._p.append(ooxml_element("w:bookmarkStart", {"w:id": number, "w:name": name}))
            paragraph._p.append(ooxml_element("w:bookmarkEnd", {"w:id": number}))
        self.placed.update(self.ids)
        self.ids.clear()

    def _style(self, element: Element) -> str | None:
        """Return the style of the block *element*, or note the problem that it has no role."""
        for role in _roles(element):
            if role in self.styles.block:
                return self.styles.block[role]
        self._problem(f"Word has no role for <{element.tag}>")
        return None

    def _known(self, name: str, kind: Any = WD_STYLE_TYPE.PARAGRAPH) -> Any:
        """Return the style *name* of the reference document."""
        if (name, kind) in self._all_styles:
            return self._all_styles[name, kind]
        message = f"the reference document has no {kind.name.lower()} style '{name}'"
        raise ReportsError(Problem(Location(self.resources.templates / STYLES), message))

    @cached_property
    def _all_styles(self) -> Mapping[tuple[str, Any], Any]:
        """The styles of the reference document; to go through them for every run takes half of the time."""
        return {(style.name, style.type): style for style in self.document.styles}

    def _refuse_text(self, parent: Element) -> None:
        """Note the problem of text that stands right in *parent*, where Word has no paragraph for it."""
        for text in (parent.text, *(child.tail for child in parent)):
            if text and text.strip():
                self._problem(f"the text '{' '.join(text.split())}' in <{parent.tag}> stands in no paragraph")

    def _problem(self, message: str) -> None:
        self.problems.append(Problem(Location(self.resources.templates / self.name), message))


def _roles(element: Element) -> list[str]:
    """Return the roles of *element*, the most special first."""
    return [f"{element.tag}.{name}" for name in element.get("class", "").split()] + [str(element.tag)]
