"""View + template -> .docx: the HTML subset, written by python-docx with the styles of a reference document."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import BadZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.image.exceptions import UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.styles import BabelFish
from lxml import etree

from reports.dataset.model import Declared, Line
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError
from reports.parse import parse
from reports.renderers import Rendered
from reports.renderers.html import check_html, parse_html, text_of
from reports.renderers.ooxml import pack, unpack
from reports.renderers.templates import Templates
from reports.yamlfile import YamlFile

REFERENCE = Path("word", "reference")
STYLES = Path("word", "styles.yaml")
CONTAINERS = frozenset({"body", "main", "header", "section", "div", "nav", "aside"})
RESTYLED = ("word/styles.xml", "word/numbering.xml", "word/fontTable.xml", "word/theme/theme1.xml")
LEVELS = 3  # of nested lists, as the reference document's numbering has them


class Styles(Declared):
    """Which style each role takes: an element, or `element.class`, of a block or within a line."""

    block: dict[str, Line]
    inline: dict[str, Line]


def render(view: View, templates: Path, name: str) -> Rendered:
    """Return *view* in the template *name* as a Word document; raises ReportsError for an element that Word has no role for."""
    made = Templates(templates, view)
    root = parse_html(made.render(name))
    check_html(root, templates / name)
    _drop_comments(root)
    _hand_down_languages(root)
    styles, parts = _read_styles(templates), _read_reference(templates)
    document = docx.Document(BytesIO(pack(parts)))
    writer = _Writer(document, styles, templates, name, _targets(root))
    writer.write(root)
    _set_language(document, made.locale.tag)
    _set_properties(document, view, root, made.locale.tag)
    target = BytesIO()
    document.save(target)
    used = {templates / STYLES, *(templates / REFERENCE / part for part in parts), *writer.images}
    return Rendered(pack(unpack(target.getvalue())), tuple(sorted(made.used | used)))


def reference_document(templates: Path) -> bytes:
    """Return the reference document of *templates* as a .docx that Word opens."""
    return pack(_read_reference(templates))


def restyled(templates: Path, document: Path) -> dict[Path, bytes]:
    """Return the files of the reference document with the looks of *document*, a .docx that a person has changed in Word.

    Styles, lists, fonts and theme are taken over, laid out to be read by people; the rest stays ours. Raises ReportsError if
    *document* is no Word document, or has lost a style that is in use.
    """
    try:
        parts = unpack(document.read_bytes())
        taken = {name: _laid_out(parts[name]) for name in RESTYLED if name in parts}
        names = {style.get(qn("w:val")) for style in etree.fromstring(parts["word/styles.xml"]).iter(qn("w:name"))}
    except (OSError, BadZipFile, zlib.error, KeyError, etree.XMLSyntaxError):
        raise ReportsError(Problem(Location(document), "is not a Word document (.docx)")) from None
    styles = _read_styles(templates)
    used = {_at_depth(name, depth) for name in (*styles.block.values(), *styles.inline.values()) for depth in range(LEVELS)}
    lost = sorted(name for name in used if _saved_name(name) not in names)
    if lost:
        raise ReportsError(*(Problem(Location(document), f"has lost the style '{name}', which {STYLES} uses") for name in lost))
    return {templates / REFERENCE / name: content for name, content in taken.items()}


def _at_depth(style: str, depth: int) -> str:
    """Return the name of the style that a list of *style* takes when *depth* lists stand around it: "List Bullet 2"."""
    return f"{style} {depth + 1}" if depth and style.startswith("List ") else style


def _saved_name(name: str) -> str:
    """Return the name of a style as a file has it: Word shows "Heading 1" and saves "heading 1"."""
    return str(BabelFish.ui2internal(name))


def _laid_out(xml: bytes) -> bytes:
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
    text: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True, pretty_print=True)
    return text


def _read_reference(templates: Path) -> dict[str, bytes]:
    folder = templates / REFERENCE
    if not folder.is_dir():
        raise ReportsError(Problem(Location(folder), "is missing: the reference document of all Word files"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _read_styles(templates: Path) -> Styles:
    file = YamlFile(templates / STYLES)
    styles, problems = parse(Styles, file.data, file)
    if styles is None:
        raise ReportsError(*problems)
    return styles


def _drop_comments(root: Element) -> None:
    """Take the comments out of *root*; what follows one moves up to what stands before it."""
    for parent in root.iter():
        before = None
        for child in list(parent):
            if isinstance(child.tag, str):
                before = child
                continue
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
            parent.remove(child)


def _hand_down_languages(root: Element) -> None:
    """Give each element below <html> the language of the one around it, since Word knows languages of texts only."""
    for parent in root.iter():
        if parent is not root and parent.get("lang"):
            for child in parent:
                child.set("lang", child.get("lang", parent.get("lang", "")))


def _targets(root: Element) -> Mapping[str, str]:
    """Return a bookmark's name for each id that a link leads to; Word allows 40 letters, digits and underscores."""
    linked = {link.get("href", "")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
    ids = [element.get("id", "") for element in root.iter() if element.get("id") in linked]
    return {one: f"_{number}_{re.sub(r'[^A-Za-z0-9]', '_', one)}"[:40] for number, one in enumerate(ids, 1)}


@dataclass(frozen=True)
class _Run:
    """A stretch of text in one style: *link* is an address or `#id`, *tip* what is said of it, *field* a Word field instead of text."""

    text: str = ""
    style: str | None = None
    language: str | None = None
    link: str | None = None
    tip: str | None = None
    field: str | None = None


@dataclass
class _Writer:
    """A walk over the elements of a document, which appends each to *document*."""

    document: Any
    styles: Styles
    templates: Path
    name: str
    bookmarks: Mapping[str, str]
    ids: list[str] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    images: list[Path] = field(default_factory=list)
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
        named = _at_depth(style, depth)
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
        numbering = self.document.part.numbering_part.element
        numbered = self._known(name).element.xpath("w:pPr/w:numPr/w:numId/@w:val")
        if not numbered:
            raise ReportsError(Problem(Location(self.templates / STYLES), f"the style '{name}' of the reference document has no numbers"))
        num = numbering.add_num(numbering.num_having_numId(int(numbered[0])).abstractNumId.val)
        num.add_lvlOverride(ilvl=depth).add_startOverride(1)
        return int(num.numId)

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
        self._describe(table, text_of(caption) if caption is not None else "", rows[0])
        self._widths(table, element)
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

    def _describe(self, table: Any, title: str, head: Element) -> None:
        """Give *table* its title and description for screen readers, and say which row and column are headings."""
        properties = table._tbl.tblPr
        for look in properties.findall(qn("w:tblLook")):
            properties.remove(look)
        settings = {"w:firstRow": "1", "w:firstColumn": "1", "w:noHBand": "1", "w:noVBand": "1", "w:val": "06A0"}
        properties.append(_element("w:tblLook", settings))
        properties.append(_element("w:tblCaption", {"w:val": title}))
        properties.append(_element("w:tblDescription", {"w:val": "; ".join(text_of(cell) for cell in head)}))

    def _widths(self, table: Any, element: Element) -> None:
        """Set the widths of columns: a <col> of class w25 takes 25 % of the text's width, the others share the rest."""
        section = self.document.sections[0]
        whole = section.page_width - section.left_margin - section.right_margin
        shares = [_share(column.get("class", "")) for column in element.iter("col")] or [None] * len(table.columns)
        rest = (1 - sum(share or 0 for share in shares)) / max(1, shares.count(None))
        table.autofit = False
        for column, share in zip(table.columns, shares, strict=True):
            width = Emu(int(whole * (rest if share is None else share)))
            column.width = width
            for cell in column.cells:
                cell.width = width

    def _figure(self, element: Element) -> None:
        image, caption = element.find("img"), element.find("figcaption")
        if image is None:
            self._problem("a <figure> has no <img>")
            return
        path = (self.templates / image.get("src", "")).resolve()
        if not path.is_relative_to(self.templates.resolve()) or not path.is_file():
            self._problem(f"there is no image '{image.get('src')}' in the templates")
            return
        self._refuse_text(element)
        for child in element:
            if child.tag not in ("img", "figcaption"):
                self._problem(f"Word has no role for <{child.tag}> in a figure")
        self._picture(path, image)
        if caption is not None:
            self._note(caption)
            self._paragraph(caption, self.document)

    def _picture(self, path: Path, image: Element) -> None:
        self.images.append(path)
        section, paragraph = self.document.sections[0], self.document.add_paragraph()
        self._note(image)
        self._place_bookmarks(paragraph)
        try:
            picture = paragraph.add_run().add_picture(str(path), width=section.page_width - section.left_margin - section.right_margin)
        except UnrecognizedImageError:
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

    def _runs(self, element: Element, base: _Run = _Run(), skip: Sequence[str] = ()) -> Iterator[_Run]:
        """Yield the runs of *element*'s content; *skip* are the elements that stand in blocks of their own."""
        base = replace(base, language=element.get("lang") or base.language)
        yield replace(base, text=element.text or "")
        for child in element:
            if child.tag not in skip:
                yield from self._inner(child, base)
            yield replace(base, text=child.tail or "")

    def _inner(self, child: Element, base: _Run) -> Iterator[_Run]:
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

    def _fill(self, paragraph: Any, runs: Sequence[_Run]) -> None:
        """Write *runs* into *paragraph*, spaces collapsed as HTML collapses them, behind the bookmarks that wait for a place."""
        self._place_bookmarks(paragraph)
        for group in _grouped(_collapsed(runs)):
            parent = self._link(paragraph, group[0].link, group[0].tip or "") if group[0].link else paragraph._p
            for run in group:
                parent.append(self._run(run))

    def _run(self, run: _Run) -> Any:
        element = OxmlElement("w:r")
        if run.style or run.language:
            properties = OxmlElement("w:rPr")
            if run.style:
                properties.append(_element("w:rStyle", {"w:val": self._known(run.style, WD_STYLE_TYPE.CHARACTER).style_id}))
            if run.language:
                properties.append(_element("w:lang", {"w:val": run.language}))
            element.append(properties)
        if run.field:
            return _field(run.field, element)
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
        link = _element("w:hyperlink", {"w:tooltip": tip})
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
            paragraph._p.append(_element("w:bookmarkStart", {"w:id": number, "w:name": name}))
            paragraph._p.append(_element("w:bookmarkEnd", {"w:id": number}))
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
        raise ReportsError(Problem(Location(self.templates / STYLES), message))

    def _refuse_text(self, parent: Element) -> None:
        """Note the problem of text that stands right in *parent*, where Word has no paragraph for it."""
        for text in (parent.text, *(child.tail for child in parent)):
            if text and text.strip():
                self._problem(f"the text '{' '.join(text.split())}' in <{parent.tag}> stands in no paragraph")

    def _problem(self, message: str) -> None:
        self.problems.append(Problem(Location(self.templates / self.name), message))


def _roles(element: Element) -> list[str]:
    """Return the roles of *element*, the most special first."""
    return [f"{element.tag}.{name}" for name in element.get("class", "").split()] + [str(element.tag)]


def _collapsed(runs: Sequence[_Run]) -> list[_Run]:
    """Return *runs* with each stretch of spaces as one space, and none at either end; a no-break space is no space."""
    collapsed: list[_Run] = []
    space = True
    for run in runs:
        text = run.text if run.text == "\n" else re.sub(r"[ \t\n]+", " ", run.text)
        if space and text.startswith(" "):
            text = text[1:]
        if text or run.field:
            collapsed.append(replace(run, text=text))
            space = text.endswith((" ", "\n"))
    while collapsed and not collapsed[-1].field and not collapsed[-1].text.rstrip(" "):
        collapsed.pop()
    if collapsed and collapsed[-1].text.endswith(" "):
        collapsed[-1] = replace(collapsed[-1], text=collapsed[-1].text.rstrip(" "))
    return collapsed


def _grouped(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Yield *runs* in groups of the same link."""
    group: list[_Run] = []
    for run in runs:
        if group and run.link != group[0].link:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _share(classes: str) -> float | None:
    match = re.search(r"\bw(\d{1,2})\b", classes)
    return int(match[1]) / 100 if match else None


def _element(name: str, attributes: Mapping[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _field(code: str, run: Any) -> Any:
    """Return the Word field *code* as a simple field around *run*, which shows 1 until Word counts."""
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element = _element("w:fldSimple", {"w:instr": code})
    element.append(run)
    return element


def _set_language(document: Any, tag: str) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
        language.set(qn("w:eastAsia"), tag)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)


def _set_properties(document: Any, view: View, root: Element, tag: str) -> None:
    """Fill the document's properties from *root*'s head and the data: nothing of the clock, nothing of this machine."""
    meta = {element.get("name"): element.get("content", "") for element in root.iter("meta")}
    title = root.find("head/title")
    moment = datetime.combine(view.about.published.earliest or date(1980, 1, 1), time(), UTC)
    properties = document.core_properties
    properties.title = text_of(title) if title is not None else ""
    properties.author = properties.last_modified_by = meta.get("author", "")
    properties.subject = meta.get("description", "")
    properties.keywords = meta.get("keywords", "")
    properties.language = tag
    properties.revision = 1
    properties.created = properties.modified = moment.replace(tzinfo=None)
