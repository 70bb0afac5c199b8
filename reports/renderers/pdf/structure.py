"""The structure tree of pages, by which a screen reader reads a PDF: one structure element for each HTML element, on however many pages.

WeasyPrint makes a tree page by page (https://github.com/Kozea/WeasyPrint/issues/2903), in which what crosses a page comes in parts,
and so does what crosses a line within one. This one is made from the same boxes, all of those of an HTML element as one element.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from pydyf import Array, Dictionary, String
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from reports.renderers.html import text_of
from reports.renderers.pdf.fragment import Objects, SharedElement, mark, reference

SCALE = 0.75  # points in a CSS pixel
# The standard structure type of each HTML element (ISO 32000-1, 14.8.4); any other is a NonStruct.
ROLES: Mapping[str, str] = {
    "main": "Part",
    "section": "Sect",
    "div": "Div",
    "blockquote": "BlockQuote",
    "span": "Span",
    "a": "Link",
    "img": "Figure",
    "p": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "ul": "L",
    "ol": "L",
    "li": "LI",
    "li::marker": "Lbl",
    "table": "Table",
    "caption": "Caption",
    "figcaption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a::before": "Link",
    "a::after": "Link",
}
# These may be interrupted by a block and go on after it: `a <em>b <div>c</div> d</em>`. Then they are two, or d would be read before c.
INLINE = ("Span", "Link", "NonStruct")
SCOPES = {"col": "Column", "colgroup": "Column", "row": "Row", "rowgroup": "Row"}
CELLS = {"tr": boxes.TableRowBox, "th": boxes.TableCellBox, "td": boxes.TableCellBox}
UNREAD = "WeasyPrint draws what stands in no box: leave the display of what a style sheet lays out otherwise as it is"


class TagsError(Exception):
    """A style sheet that lays elements out so that no structure tree tells what they are."""


class Content(NamedTuple):
    """A part of what is drawn on the *page* of that number, by its own number there."""

    page: int
    number: int


class Place(NamedTuple):
    """A place of a link on the *page* of that number: the object of its *annotation*."""

    page: int
    annotation: int


class _Node:
    """A structure element of the type *role*, made for an HTML *element*: its own, or that of a text in it or of what a style puts there.

    A figure has *bounds*: its left, lower, right and upper end, in points from the page's lower left corner.
    """

    def __init__(self, role: str, element: Element | None, parent: "_Node | None" = None) -> None:
        self.role = role
        self.element = element
        self.parent = parent
        self.is_own = False
        self.bounds: Sequence[float] = ()
        self.kids: list[_Node | Content | Place] = []


class Tagger:
    """Makes the structure tree of pages, whose HTML is *root*.

    Of the elements in *shared*, here by their numbers, other fragments have parts too. The head of a table in *told* was read before.
    """

    def __init__(self, root: Element, shared: Mapping[Element, int], told: Sequence[Element] = ()) -> None:
        self.shared = shared
        self.told = told
        self.top = _Node("Document", None)
        self.nodes: dict[tuple[Any, str], _Node] = {}
        self.contents: dict[Content, _Node] = {}
        self.places: dict[Place, _Node] = {}
        self.names, self.headers = _named_cells(root, shared)

    def add_page(self, number: int, page: Any, stream: Any, links: Mapping[Any, Sequence[int]]) -> None:
        """Take the *page* of that *number* into the tree, with the annotations of its boxes, *links*; *stream* has drawn it.

        What runs in the margins is no part of the tree, and neither is the head that a table repeats: both are marked as artifacts, as
        ISO 14289-1, 7.1 and 7.8, wants of all content that is not in it. Raises TagsError.
        """
        self._number, self._height, self._tags, self._links = number, page.height, dict(stream._tags), links
        artifacts: dict[int, str] = {}
        for box in page._page_box.children:  # private, but nothing else leads from a page to its boxes
            if isinstance(box, boxes.MarginBox):
                subtype = "/Header" if box.at_keyword.startswith("@top") else "/Footer"
                artifacts |= dict.fromkeys(self._leave_out(box), subtype)
            else:
                artifacts |= dict.fromkeys(self._walk(box, self.top), "")
        if self._tags:
            raise TagsError(UNREAD)
        for at, item in enumerate(stream.stream):
            if isinstance(item, Dictionary) and item.get("MCID") in artifacts:
                artifact = Dictionary({"Type": "/Pagination"})
                if subtype := artifacts[item["MCID"]]:
                    artifact["Subtype"] = subtype
                stream.stream[at - 1 : at + 1] = ["/Artifact", artifact]

    def _walk(self, box: Any, parent: _Node) -> Iterator[int]:
        """Take *box*, which stands in *parent*, and what is in it into the tree; yield the contents that are left out."""
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        if getattr(box, "is_header", False) and (box.element in self.told or (box.element, "THead") in self.nodes):
            yield from self._leave_out(box)
            return
        node = parent if isinstance(box, (boxes.LineBox, boxes.TextBox)) else self._node(box, parent)
        if not isinstance(box, boxes.TextBox):
            self._add_links(box, node)
        if isinstance(box, boxes.ReplacedBox):
            left, top = box.content_box_x(), self._height - box.content_box_y()
            node.bounds = [SCALE * length for length in (left, top - box.height, left + box.width, top)]
        if isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
            self._add_content(box, node)
        for child in box.children:
            yield from self._walk(child, node)

    def _node(self, box: Any, parent: _Node) -> _Node:
        """Return the structure element that *box*, which stands in *parent*, is part of."""
        tag: str = box.element_tag
        element: Element | None = box.element
        if element is None or tag in ("html", "body") or (element is parent.element and tag == element.tag):
            return parent  # a box of the page, or one within the box of the same element
        role = ROLES.get(tag, "NonStruct")
        if role == "THead" and not getattr(box, "is_header", False):
            role = "TBody"  # a second head, which is not repeated
        if tag in CELLS and not isinstance(box, CELLS[tag]):
            text = next(text_of(cell) for cell in element.iter() if cell.tag in ("th", "td"))
            raise TagsError(f"the cell '{text}' is not laid out as one, so that it has no headers: leave its display as it is")
        if role == "Lbl":
            return self._kid(self.nodes[element, "LI"], role, element)
        node = self._kid(self._room(parent), role, element)
        node.is_own = tag == element.tag
        return node

    def _room(self, parent: _Node) -> _Node:
        """Return where in *parent* its content belongs: in an item, all but its mark into a body."""
        return self._kid(parent, "LBody", parent.element) if parent.role == "LI" else parent

    def _kid(self, parent: _Node, role: str, element: Element | None) -> _Node:
        """Return the element for *element* in this *role*, put into *parent* if it is new."""
        if role in INLINE:
            near = (parent, *(kid for kid in parent.kids[-1:] if isinstance(kid, _Node)))
            found = next((node for node in near if (node.element, node.role) == (element, role)), None)
        else:
            found = self.nodes.get((element, role))
        if found is None:
            found = _Node(role, element, parent)
            parent.kids.insert(0 if role == "Lbl" else len(parent.kids), found)
            self.nodes.setdefault((element, role), found)
        return found

    def _add_content(self, box: Any, parent: _Node) -> None:
        """Put what draws *box* at the end of *parent*; a text goes into a Span, unless *parent* is one, or a link."""
        if box not in self._tags:
            name = f"the text '{box.text}'" if isinstance(box, boxes.TextBox) else "a picture"
            raise TagsError(f"{name} is not drawn: a style hides it, or gives it a size or a place that no box can have")
        node = self._room(parent)
        if isinstance(box, boxes.TextBox) and node.role not in ("Span", "Link"):
            node = self._kid(node, "Span", node.element)
        content = Content(self._number, self._tags.pop(box)["mcid"])
        node.kids.append(content)
        self.contents[content] = node

    def _add_links(self, box: Any, node: _Node) -> None:
        """Put the annotations of *box* into the link that it is, or stands in."""
        link = node
        while link.role != "Link" and link.parent:
            link = link.parent
        for annotation in self._links.get(box, ()):
            place = Place(self._number, annotation)
            link.kids.append(place)
            self.places[place] = link

    def _leave_out(self, box: Any) -> Iterator[int]:
        """Yield the contents of *box*, which are not read; a link in it is one more place of the same element's."""
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        if box in self._tags:
            yield self._tags.pop(box)["mcid"]
        elif annotations := self._links.get(box):
            link = self.nodes[box.element, "Link"]
            places = [Place(self._number, annotation) for annotation in annotations]
            link.kids += places
            self.places |= dict.fromkeys(places, link)
        for child in box.children:
            yield from self._leave_out(child)

    def write(self, objects: Objects) -> "Tree":
        """Return the tree, its elements among *objects*."""
        writer = _Writer(self, objects)
        kids = writer.share(self.top.kids, 0)
        contents = {content: writer.numbers[id(node)] for content, node in self.contents.items()}
        return Tree(kids, writer.names, contents, [(place.annotation, writer.numbers[id(link)]) for place, link in self.places.items()])


class Tree(NamedTuple):
    """A structure tree as it is written: its outermost elements, those with a name, and those of each content and each annotation."""

    kids: list[int | SharedElement]
    names: list[tuple[str, int]]
    contents: Mapping[Content, int]
    owners: Sequence[tuple[int, int]]


class _Writer:
    """Writes the nodes of *tagger* as structure elements among *objects*, and notes their *numbers* there, by the id() of the nodes."""

    def __init__(self, tagger: Tagger, objects: Objects) -> None:
        self.tagger, self.objects = tagger, objects
        self.numbers: dict[int, int] = {}
        self.names: list[tuple[str, int]] = []

    def share(self, nodes: Iterable[Any], around: int) -> list[int | SharedElement]:
        """Return the elements of *nodes*, which stand in the shared element of the number *around*."""
        parts: list[int | SharedElement] = []
        for node in nodes:
            number = self.tagger.shared.get(node.element) if node.is_own else None
            shared = SharedElement(number, node.role, self.share(node.kids, number)) if number else None
            parts.append(shared or self._element(node, reference("s", around)))
        return parts

    def _element(self, node: _Node, parent: bytes) -> int:
        about = {**self._attributes(node), **_language(node)}
        element = Dictionary({"Type": "/StructElem", "S": f"/{node.role}", "P": parent, **about})
        place = self.numbers[id(node)] = self.objects.add(element)
        if "ID" in element:
            self.names.append((element["ID"].string, place))
        page = next((kid.page for kid in node.kids if isinstance(kid, Content)), None)
        if page is not None:
            element["Pg"] = reference("p", page)
        element["K"] = Array(self._kid(kid, page, element.reference) for kid in node.kids)
        return place

    def _kid(self, kid: Any, page: int | None, parent: bytes) -> Any:
        """Return what stands for *kid* in its *parent*, which has contents on *page*."""
        if isinstance(kid, _Node):
            return reference("o", self._element(kid, parent))
        if isinstance(kid, Content) and kid.page == page:
            return kid.number
        on_page = {"Pg": reference("p", kid.page)}
        if isinstance(kid, Content):
            return Dictionary({"Type": "/MCR", "MCID": kid.number, **on_page})
        return reference("o", self.objects.add(Dictionary({"Type": "/OBJR", "Obj": reference("o", kid.annotation), **on_page})))

    def _attributes(self, node: _Node) -> dict[str, Any]:
        """Return what the element *node* says of itself; a header cell has a name, and other cells the names of their headers."""
        element = node.element
        if element is None or node.role not in ("TH", "TD", "Figure"):
            return {}
        if node.role == "Figure":
            return {"Alt": String(element.get("alt", "")), "A": Dictionary({"O": "/Layout", "BBox": Array(node.bounds)})}
        if node.role == "TH":
            scope = SCOPES.get(element.get("scope", ""))
            return {"ID": String(self.tagger.names[element]), "A": Dictionary({"O": "/Table", **({"Scope": f"/{scope}"} if scope else {})})}
        return {"A": Dictionary({"O": "/Table", "Headers": Array(map(String, self.tagger.headers[element]))})}


def _language(node: _Node) -> dict[str, Any]:
    """Return the language of *node*, if its element says one (ISO 14289-1, 7.2), and no node of the same element is around it."""
    around = node.parent.element if node.parent else None
    said = node.element.get("lang") if node.element is not None and node.element is not around else None
    return {"Lang": String(said)} if said else {}


def _named_cells(root: Element, shared: Mapping[Element, int]) -> tuple[dict[Element, str], dict[Element, list[str]]]:
    """Return a name for each header cell in *root*, and the names of the headers of each other cell.

    They are the headers of its row and those of its column.
    """
    names: dict[Element, str] = {}
    headers: dict[Element, list[str]] = {}
    for order, table in enumerate(root.iter("table")):
        rows = [*table.iter("tr")]
        heads = {row for head in table.findall("thead") for row in head}
        columns: dict[int, list[str]] = {}
        for number, row in enumerate(rows):
            of_table = mark("n", shared[table]) if table in shared and row in heads else f"{mark('x')}-{order}"
            for column, cell in enumerate(row):
                if cell.tag == "th":
                    names[cell] = f"{of_table}-{number}-{column}"
                if cell.tag == "th" and cell.get("scope") != "row":
                    columns.setdefault(column, []).append(names[cell])
        for row in rows:
            of_row = [names[cell] for cell in row if cell.tag == "th" and cell.get("scope") == "row"]
            headers |= {cell: of_row + columns.get(column, []) for column, cell in enumerate(row) if cell.tag == "td"}
    return names, headers
