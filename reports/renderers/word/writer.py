"""A walk over the HTML subset that writes each element into a Word document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.errors import Location, Problem, ReportsError
from reports.renderers.html import text_of
from reports.renderers.resources import Resources
from reports.renderers.word.package import new_list
from reports.renderers.word.reference import LEVELS, STYLES, Styles, at_depth
from reports.renderers.word.run import PLAIN, Run, collapsed, grouped, ooxml_element, word_field
from reports.renderers.word.table import describe, set_widths

CONTAINERS = frozenset({"body", "main", "header", "section", "div", "nav", "aside"})


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
            self._fill(target.add_paragraph(style=self._known(style)), list(self._runs(element)))

    def _list(self, element: Element, target: Any, depth: int) -> None:
        style = self._style(element)
        if not style:
            return
        if depth >= LEVELS:
            self._problem(f"a list is nested deeper than {LEVELS} levels")
            return
        self._refuse_text(element)
        named = at_depth(style, depth)
        number = self._new_number(named, depth) if element.tag == "ol" else None
        for item in element:
            self._note(item)
            nested = [child for child in item if child.tag in ("ul", "ol")]
            paragraph = target.add_paragraph(style=self._known(named))
            if number is not None:
                self._number(paragraph, number, depth)
            self._fill(paragraph, list(self._runs(item, skip=("ul", "ol"))))
            for child in nested:
                self._note(child)
                self._list(child, target, depth + 1)

    def _new_number(self, name: str, depth: int) -> int:
        """Return the id of a new list that is numbered as the style *name* is, and starts at 1."""
        numbered = self._known(name).element.xpath("w:pPr/w:numPr/w:numId/@w:val")
        if not numbered:
            raise ReportsError(
                Problem(Location(self.resources.templates / STYLES), f"the style '{name}' of the reference document has no numbers")
            )
        return new_list(self.document, numbered[0], depth, self.resources.templates)

    def _number(self, paragraph: Any, number: int, depth: int) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = number

    def _table(self, element: Element) -> None:
        caption = element.find("caption")
        for part in element:
            self._note(part)
        if caption is not None:
            self._paragraph(caption, self.document)
        rows = list(element.iter("tr"))
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        if style := self._style(element):
            table.style = self._known(style, WD_STYLE_TYPE.TABLE)
        describe(table, text_of(caption) if caption is not None else "", rows[0])
        set_widths(table, element, self.document.sections[0])
        heads = len(element.findall("thead/tr"))
        for index, row in enumerate(rows):
            self._note(row)
            self._row(table.rows[index], row, index < heads)

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
                paragraph = cell.paragraphs[0]
                paragraph.style = self._known(style)
                self._fill(paragraph, list(self._runs(element)))

    def _figure(self, element: Element) -> None:
        image, caption = element.find("img"), element.find("figcaption")
        if image is None:
            self._problem("a <figure> has no <img>")
            return
        self._refuse_text(element)
        for child in element:
            if child.tag not in ("img", "figcaption"):
                self._problem(f"Word has no role for <{child.tag}> in a figure")
        if style := self._style(element):
            self._picture(image, self._known(style))
        if caption is not None:
            self._note(caption)
            self._paragraph(caption, self.document)

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
        target.is_linked_to_previous = False
        if style := self._style(element):
            paragraph = target.paragraphs[0]
            paragraph.style = self._known(style)
            self._fill(paragraph, list(self._runs(element)))

    def _runs(self, element: Element, base: Run = PLAIN, skip: Sequence[str] = ()) -> Iterator[Run]:
        """Yield the runs of *element*'s content; *skip* are the elements that stand in blocks of their own."""
        base = replace(base, language=element.get("lang") or base.language)
        yield replace(base, text=element.text or "")
        for child in element:
            if child.tag not in skip:
                yield from self._inner(child, base)
            yield replace(base, text=child.tail or "")

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
        elif child.tag in ("em", "strong", "span", "p"):
            yield from self._runs(child, replace(base, style=style))
        else:
            self._problem(f"Word has no role for <{child.tag}> within a line")

    def _fill(self, paragraph: Any, runs: Sequence[Run]) -> None:
        """Write *runs* into *paragraph*, spaces collapsed as HTML collapses them, behind the bookmarks that wait for a place."""
        self._place_bookmarks(paragraph)
        for group in grouped(collapsed(runs)):
            parent = self._link(paragraph, group[0].link, group[0].tip or "") if group[0].link else paragraph._p
            for run in group:
                parent.append(self._run(run))

    def _run(self, run: Run) -> Any:
        element = OxmlElement("w:r")
        if run.style or run.language:
            properties = OxmlElement("w:rPr")
            if run.style:
                properties.append(ooxml_element("w:rStyle", {"w:val": self._known(run.style, WD_STYLE_TYPE.CHARACTER).style_id}))
            if run.language:
                properties.append(ooxml_element("w:lang", {"w:val": run.language}))
            element.append(properties)
        if run.field:
            return word_field(run.field, element)
        for index, line in enumerate(run.text.split("\n")):
            if index:
                element.append(OxmlElement("w:br"))
            text = OxmlElement("w:t")
            text.text = line
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            element.append(text)
        return element

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
        for style in self.document.styles:
            if style.name == name and style.type == kind:
                return style
        message = f"the reference document has no {kind.name.lower()} style '{name}'"
        raise ReportsError(Problem(Location(self.resources.templates / STYLES), message))

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
