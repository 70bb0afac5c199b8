"""The structure tree of a PDF, by which a screen reader reads it: one structure element for each HTML element, on however many pages.

WeasyPrint makes the tree page by page (https://github.com/Kozea/WeasyPrint/issues/2903): what crosses a page comes in pieces, and so
does what crosses a line within one. Pieces belong together if they were made for the same HTML element. The tree does not say which
that is, but the boxes on the pages do, and they are gone through here in the order in which WeasyPrint went through them.
"""

from collections.abc import Iterator
from typing import Any

from pydyf import Array, Dictionary, String
from weasyprint.formatting_structure import boxes

from reports.renderers.html import text_of

# These may be interrupted by a block and go on after it: `a <em>b <div>c</div> d</em>`. Then they are two, or d would be read before c.
INLINE = ("/Span", "/Link", "/NonStruct")
SCOPES = {"col": "/Column", "colgroup": "/Column", "row": "/Row", "rowgroup": "/Row"}
ORDER = "WeasyPrint makes structure elements {}: leave the display of what a style sheet lays out otherwise as it is"


class TagsError(Exception):
    """A style sheet that lays elements out so that no structure tree tells what they are."""


def merge_split_elements(document: Any, pdf: Any) -> None:
    """Make the structure tree of *pdf* anew, with one element for each HTML element of *document*; a finisher of WeasyPrint's.

    The header that a table repeats on each page is read once. Its repetitions become artifacts, and so does what runs in the margins:
    ISO 14289-1, 7.1 and 7.8, wants that of all content that is not in the tree.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    top = _object(pdf, root["K"][0])
    tree = _Tree(pdf, _origins(document, pdf))
    tree.fill(top, top)
    root["IDTree"] = _name_headers(tree)
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    _mark_artifacts(tree, numbers)
    _renew_parents(tree, numbers)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _origins(document: Any, pdf: Any) -> dict[int, Any]:
    """Return what each structure element was made for, by its number: an HTML element, or a margin of the page; mend the elements."""
    elements = (item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem")
    top, origins = next(elements), {}
    for page in document.pages:
        for box in page._page_box.children:  # private, but nothing else leads from a page to its boxes
            margin = isinstance(box, boxes.MarginBox) and ("/Header" if box.at_keyword.startswith("@top") else "/Footer")
            for element, made_for, parent in _pairs(box, top, elements):
                origins[element.number] = margin or made_for.element
                _mend(pdf, element, made_for, parent)
    if next(elements, None) is not None:
        raise TagsError(ORDER.format("that have no box"))
    return origins


def _pairs(box: Any, parent: Any, elements: Iterator[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield each of the structure *elements* made for *box* and what is in it, with its box and the element around it.

    Which boxes have an element, and in what order, is as in weasyprint.pdf.tags.
    """
    if isinstance(box, boxes.MarginBox) or (box.element_tag in ("html", "body") and not isinstance(box, boxes.LineBox)):
        for child in box.children:
            yield from _pairs(child, parent, elements)
        return
    element = _next(elements)
    yield element, box, parent
    if element["S"] == "/LI" and ("list-item" not in box.style["display"] or box.style["list_style_type"] == "none"):
        parent, element = element, _next(elements)
        yield element, box, parent
    for child in _children(box):
        if element["S"] != "/Link" or not isinstance(child, boxes.TextBox):
            yield from _pairs(child, element, elements)


def _next(elements: Iterator[Any]) -> Any:
    """Return the next of *elements*; raises TagsError if a box has none."""
    if (element := next(elements, None)) is None:
        raise TagsError(ORDER.format("for other boxes"))
    return element


def _children(box: Any) -> Iterator[Any]:
    """Yield the boxes in *box* that may have elements: not a line but what is in it, not a table in its wrapper but its row groups."""
    wrapper = box.element_tag == "table" and box.is_table_wrapper
    for child in box.children:
        skipped = isinstance(child, boxes.LineBox) or (wrapper and isinstance(child, boxes.TableBox))
        yield from child.children if skipped else [child]


def _mend(pdf: Any, element: Any, box: Any, parent: Any) -> None:
    """Make *element*, made for *box* in *parent*, what it is: a second <thead>, which is not repeated, a body; a list its item's.

    WeasyPrint puts a list in a list item into the list around; between the texts of the item is where it is read.
    """
    if element["S"] == "/THead" and not getattr(box, "is_header", False):
        element["S"] = "/TBody"
    if element["P"] != parent.reference:
        around = _object(pdf, element["P"])
        if (element["S"], around["S"], parent["S"]) != ("/L", "/L", "/LI"):
            raise TagsError(ORDER.format("in another order"))
        around["K"].remove(element.reference)
        parent["K"] = Array(sorted([*parent["K"], element.reference], key=_number))


class _Tree:
    """The structure tree of *pdf* as it is made anew, from elements that were made for *origins*."""

    def __init__(self, pdf: Any, origins: dict[int, Any]) -> None:
        self.pdf = pdf
        self.origins = origins
        self.pages = {reference: number for number, reference in enumerate(pdf.page_references)}
        # The element for an HTML element in a role; of inline elements, the first.
        self.elements: dict[tuple[Any, str], Any] = {}
        # The element that has a content, by page and number, or an annotation, by its number.
        self.parents: dict[tuple[int, int] | int, bytes] = {}
        # What the ID of a dropped element is now.
        self.ids: dict[str, String] = {}

    def fill(self, element: Any, piece: Any) -> None:
        """Put all that is in *piece* at the end of *element*; the two may be the same."""
        kids, piece["K"] = piece["K"], Array()
        for kid in kids:
            if isinstance(kid, int):
                page = piece["Pg"]
                self.parents[self.pages[page], kid] = element.reference
                element["K"].append(kid if page == element["Pg"] else Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid}))
            elif (found := _object(self.pdf, kid))["Type"] == "/OBJR":
                self._add_annotation(element, found)
            elif found["S"] == "/THead" and self._key(found) in self.elements:
                self._leave_out(found)
            else:
                self._add_element(self._room(element, found["S"]), found)

    def _key(self, element: Any) -> tuple[Any, str]:
        return self.origins.get(element.number), element["S"]

    def _add_annotation(self, element: Any, reference: Any) -> None:
        self.parents[_object(self.pdf, reference["Obj"])["StructParent"]] = element.reference
        element["K"].append(reference.reference)

    def _room(self, element: Any, role: str) -> Any:
        """Return where in *element* one with the *role* belongs: in an item, all but its marker into a body, made around blocks here."""
        if element["S"] != "/LI" or role in ("/Lbl", "/LBody"):
            return element
        if (key := (self.origins[element.number], "/LBody")) not in self.elements:
            body = Dictionary({"Type": "/StructElem", "S": "/LBody", "K": Array(), "Pg": element["Pg"]})
            self.pdf.add_object(body)
            self.origins[body.number] = key[0]
            self._add_element(element, body)
        return self.elements[key]

    def _add_element(self, parent: Any, element: Any) -> None:
        """Put *element* at the end of *parent*, or what is in it into the one that it is a further piece of."""
        if whole := self._whole(parent, element):
            self.fill(whole, element)
            self._drop(element, whole)
        else:
            parent["K"].append(element.reference)
            element["P"] = parent.reference
            self.elements.setdefault(self._key(element), element)
            self.fill(element, element)

    def _whole(self, parent: Any, piece: Any) -> Any:
        """Return the element that *piece*, which comes next in *parent*, belongs to, or None if it is the first of its own."""
        key = self._key(piece)
        if piece["S"] not in INLINE:
            return self.elements.get(key)
        before = [_object(self.pdf, kid) for kid in parent["K"][-1:] if isinstance(kid, bytes)]
        return next((element for element in (parent, *before) if element.get("S") and self._key(element) == key), None)

    def _leave_out(self, element: Any) -> None:
        """Drop *element*, which repeats an earlier one, with its contents; a link in it is one more place of the earlier link."""
        first = self.elements[self._key(element)]
        for kid in (_object(self.pdf, kid) for kid in element["K"] if isinstance(kid, bytes)):
            if kid["Type"] == "/OBJR":
                self._add_annotation(first, kid)
            else:
                self._leave_out(kid)
        self._drop(element, first)

    def _drop(self, element: Any, whole: Any) -> None:
        """Empty *element*, which *whole* replaces: pydyf can't take an object out of a compressed file."""
        if "ID" in element:
            self.ids[element["ID"].string] = whole["ID"]
        element.clear()


def _name_headers(tree: _Tree) -> Dictionary:
    """Give header cells their scope, and other cells the IDs of their headers; return the name tree in which IDs are looked up.

    Where elements have IDs there must be that tree (ISO 32000-1, table 322); WeasyPrint makes none.
    """
    headers = {}
    for (origin, role), element in tree.elements.items():
        if (role == "/TH" and "ID" not in element) or (role == "/TD" and "Headers" not in element["A"]):
            raise TagsError(f"the cell '{text_of(origin)}' is not laid out as one, so that it has no headers: leave its display as it is")
        if role == "/TH":
            headers[element["ID"].string] = element.reference
            if scope := SCOPES.get(origin.get("scope")):
                element["A"]["Scope"] = scope
        elif role == "/TD":
            element["A"]["Headers"] = Array([tree.ids.get(name.string, name) for name in element["A"]["Headers"]])
    return Dictionary({"Names": Array([part for name in sorted(headers) for part in (String(name), headers[name])])})


def _mark_artifacts(tree: _Tree, numbers: list[Any]) -> None:
    """Mark margins and repeated headers, which have no element any more, as artifacts; *numbers* are the parent tree's, as it was."""
    for number, page in enumerate(tree.pages):
        before = numbers[2 * number + 1]
        stream = _object(tree.pdf, _object(tree.pdf, page)["Contents"]).stream
        for at, item in enumerate(stream):
            if isinstance(item, Dictionary) and "MCID" in item and (number, item["MCID"]) not in tree.parents:
                origin = tree.origins[_number(before[item["MCID"]])]
                subtype = {"Subtype": origin} if isinstance(origin, str) else {}
                stream[at - 1 : at + 1] = ["/Artifact", Dictionary({"Type": "/Pagination"} | subtype)]


def _renew_parents(tree: _Tree, numbers: list[Any]) -> None:
    """Write the new elements of contents and annotations into the *numbers* of the parent tree."""
    for at in range(0, len(numbers), 2):
        number, before = numbers[at : at + 2]
        if isinstance(before, Array):
            numbers[at + 1] = Array([tree.parents.get((number, mcid), "null") for mcid in range(len(before))])
        else:
            numbers[at + 1] = tree.parents.get(number, before)
