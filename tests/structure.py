"""The structure tree of a finished PDF, read back: what a screen reader is told, and whether all of it fits together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from pypdf import PdfReader
from pypdf.generic import IndirectObject

Content = tuple[int, int]  # the number of its page, from 0, and its own number there


def kids(element: Any) -> list[Any]:
    """Return what stands in *element*: elements, references to annotations, and contents, of its own page as plain numbers."""
    found = element.get("/K", [])
    return [kid.get_object() for kid in (found if isinstance(found, list) else [found])]


def drawn(page: Any) -> list[tuple[dict[str, Any], str]]:
    """Return each text that is drawn on *page*, with the properties of the mark that it stands in."""
    found: list[tuple[dict[str, Any], str]] = []
    marks: list[dict[str, Any]] = [{}]

    def follow(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            properties = operands[-1] if isinstance(operands[-1], dict) else {}
            marks.append({**({} if operands[0] == "/Artifact" else marks[-1]), **properties})
        elif operator == b"EMC":
            marks.pop()

    def take(text: str, *_: Any) -> None:
        found.append((marks[-1], text.strip()))  # pypdf puts spaces and lines between texts

    page.extract_text(visitor_operand_before=follow, visitor_text=take)
    return found


def is_element(kid: Any) -> bool:
    """Tell whether *kid* is a structure element."""
    return isinstance(kid, dict) and "/S" in kid


def tags(element: Any) -> Iterator[Any]:
    """Yield every structure element below *element*, in reading order."""
    for kid in filter(is_element, kids(element)):
        yield kid
        yield from tags(kid)


def number(thing: Any) -> int:
    """Return the number of the object *thing* in its file."""
    return int(thing.indirect_reference.idnum)


class Structure:
    """The structure tree of *reader*'s file, and what it leads to."""

    def __init__(self, reader: PdfReader) -> None:
        self.pages = list(reader.pages)
        self.root = reader.root_object["/StructTreeRoot"]
        self.elements = list(tags(self.root))
        self._indices = {number(page): index for index, page in enumerate(self.pages)}

    def all(self, role: str) -> list[Any]:
        """Return the elements that have the *role*, in reading order."""
        return [element for element in self.elements if element["/S"] == f"/{role}"]

    def own(self, element: Any) -> Iterator[Content]:
        """Yield the content of *element* that is not one of its elements'."""
        for kid in kids(element):
            if isinstance(kid, int):
                yield self._indices[element.raw_get("/Pg").idnum], int(kid)
            elif kid.get("/Type") == "/MCR":
                yield self._indices[kid.raw_get("/Pg").idnum], int(kid["/MCID"])

    def pages_of(self, element: Any) -> list[int]:
        """Return on which pages, from 0, *element* has content."""
        return sorted({page for tag in (element, *tags(element)) for page, _ in self.own(tag)})

    def text(self, element: Any) -> str:
        """Return the text in *element* as it is read, but for the marks of list items and what is drawn in figures."""
        if element["/S"] in ("/Lbl", "/Figure"):
            return ""
        own = self.own(element)
        return "".join(self.text(kid) if is_element(kid) else self.texts[next(own)] for kid in kids(element) if not is_annotation(kid))

    @cached_property
    def texts(self) -> dict[Content, str]:
        """The text of each content."""
        texts: dict[Content, str] = defaultdict(str)
        for index, page in enumerate(self.pages):
            for mark, text in drawn(page):
                if "/MCID" in mark:
                    texts[index, int(mark["/MCID"])] += text
        return texts

    def artifacts(self, **properties: str) -> list[str]:
        """Return the texts of the artifacts that have these *properties* and no others."""
        wanted = {f"/{name}": f"/{value}" for name, value in properties.items()}
        return [text for page in self.pages for mark, text in drawn(page) if mark == wanted and text]


def is_annotation(kid: Any) -> bool:
    """Tell whether *kid* refers to an annotation, which is a link."""
    return isinstance(kid, dict) and kid.get("/Type") == "/OBJR"


# The roles that just these HTML elements have: as many elements in the tree as in the HTML.
ROLES = {
    "Part": ("main",),
    "Sect": ("section",),
    "Div": ("div",),
    **{name.upper(): (name,) for name in ("h1", "h2", "h3", "h4", "p", "tr", "th", "td", "li")},
    "L": ("ul", "ol"),
    "LBody": ("li",),
    "Link": ("a",),
    "Table": ("table",),
    "THead": ("thead",),
    "TBody": ("tbody",),
    "Caption": ("caption", "figcaption"),
    "Figure": ("img",),
}


def roles(structure: Structure) -> dict[str, int]:
    """Return how many elements *structure* has in each of the roles."""
    return {role: len(structure.all(role)) for role in ROLES}


def roles_in_html(root: Element) -> dict[str, int]:
    """Return how many elements for each of the roles stand in *root*, but for those that run in the margins of the pages."""
    running = {id(part) for element in root.iter() if element.get("class") == "running" for part in element.iter()}
    names = Counter(element.tag for element in root.iter() if id(element) not in running)
    return {role: sum(names[name] for name in elements) for role, elements in ROLES.items()}


def faults(structure: Structure) -> list[str]:
    """Return what in *structure* does not fit together: elements, contents, annotations and IDs have to lead to each other and back."""
    assert len(structure.elements) >= 5
    parents = structure.root["/ParentTree"]["/Nums"]
    back = {int(parents[at]): parents[at + 1] for at in range(0, len(parents), 2)}
    assert list(back) == sorted(back)
    return [*_elements(structure), *_contents(structure, back), *_annotations(structure, back), *_headers(structure)]


def _differences(what: str, first: Iterable[Any], second: Iterable[Any]) -> Iterator[str]:
    """Yield a message for each thing that is in one of the two only, or more often."""
    one, other = Counter(first), Counter(second)
    yield from (f"{what}: {found}" for found in (one - other) + (other - one))


def _elements(structure: Structure) -> Iterator[str]:
    """Every element stands in one place, and names what it stands in."""
    down = [(number(kid), number(element)) for element in (structure.root, *structure.elements) for kid in kids(element) if is_element(kid)]
    up = {(number(element), int(element.raw_get("/P").idnum)) for element in structure.elements}
    yield from _differences("an element and its parent", down, up)


def _contents(structure: Structure, back: dict[int, Any]) -> Iterator[str]:
    """Every content with a number is on its page once, and in the tree once, where the parent tree says."""
    pages = list(enumerate(structure.pages))
    drawn = [(index, int(mark)) for index, page in pages for mark in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]
    owners = [(content, number(element)) for element in structure.elements for content in structure.own(element)]
    arrays = [(index, enumerate(back[page["/StructParents"]])) for index, page in pages]
    led = [((index, at), reference.idnum) for index, array in arrays for at, reference in array if isinstance(reference, IndirectObject)]
    yield from _differences("a content", drawn, (content for content, _ in owners))
    yield from _differences("a content and its element", owners, led)


def _annotations(structure: Structure, back: dict[int, Any]) -> Iterator[str]:
    """Every link on a page is that of one element, a Link, where the parent tree says."""
    links = [(number(link.get_object()), back[link["/StructParent"]].idnum) for page in structure.pages for link in page.get("/Annots", [])]
    owners = [(number(kid["/Obj"]), number(link)) for link in structure.all("Link") for kid in kids(link) if is_annotation(kid)]
    yield from _differences("a link and its element", links, owners)


def _headers(structure: Structure) -> Iterator[str]:
    """Every header cell has an ID of its own and a scope, and every other cell has headers, which are its table's."""
    names = structure.root["/IDTree"]["/Names"]
    assert names[::2] == sorted(names[::2])
    known = [(str(names[at]), names[at + 1].idnum) for at in range(0, len(names), 2)]
    yield from _differences("an ID", known, {(str(cell["/ID"]), number(cell)) for cell in structure.all("TH")})
    for table in structure.all("Table"):
        cells = list(tags(table))
        own = {str(cell["/ID"]) for cell in cells if cell["/S"] == "/TH"}
        yield from (f"no scope: {cell}" for cell in cells if cell["/S"] == "/TH" and cell["/A"].get("/Scope") not in ("/Column", "/Row"))
        headers = [[str(header) for header in cell["/A"]["/Headers"]] for cell in cells if cell["/S"] == "/TD"]
        yield from (f"headers of another table: {found}" for found in headers if not found or not own.issuperset(found))
