"""Fragments -> one PDF: WeasyPrint writes the file, which is both PDF/A-3a and PDF/UA-1, with pages that are drawn already."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydyf import Array, Dictionary, String
from weasyprint import DEFAULT_OPTIONS, Attachment
from weasyprint.document import Document
from weasyprint.formatting_structure.boxes import PageBox
from weasyprint.html import get_html_metadata
from weasyprint.pdf import VARIANTS, generate_pdf
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.metadata import DocumentMetadata

from reports.documents.view import View
from reports.files import read_bytes
from reports.renderers.fonts import cut_glyphs
from reports.renderers.pdf.compose import Composed
from reports.renderers.pdf.file import write_file
from reports.renderers.pdf.fragment import KINDS, MARK, Fragment, FragmentFont, FragmentPage, SharedElement, unpack

PDFUA = Path(__file__).with_name("pdfua.xml")  # what the metadata say of PDF/UA-1, and the schema that PDF/A-3 wants for it
KIND = "pdf/a-3a"
EMBEDDED = 2_000  # bytes from which on a stream that is there already is not written once more


def join(composed: Sequence[Composed], html: Any, view: View, programs: Mapping[str, bytes]) -> bytes:
    """Return the PDF of the pieces *composed*; *html* has the metadata, and *programs* are those of the fonts, by their digests."""
    pages = [_Page(page, piece.fragment) for piece in composed for page in piece.fragment.pages]
    metadata = DocumentMetadata(**get_html_metadata(html))
    metadata.created = metadata.modified = view.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    document = Document(pages, metadata, html.url_fetcher, SimpleNamespace(font_map=None), {}, "srgb")  # there are no forms
    document.fonts = _fonts(composed, programs)
    attachments = [] if view.dataset is None else [_attachment(view)]
    options = {**DEFAULT_OPTIONS, **VARIANTS[KIND][1], "pdf_variant": KIND, "attachments": attachments}
    pdf = generate_pdf(document, None, 1, **options)
    _Joiner(composed).finish(document, pdf)
    return write_file(pdf)


def _attachment(view: View) -> Any:
    dates = {"created": view.moment, "modified": view.moment}
    return Attachment(string=view.dataset, name="dataset.json", description=view.about.title, relationship="Source", **dates)


class _Page:
    """A page for WeasyPrint, drawn already."""

    _page_box = PageBox.__new__(PageBox)
    _page_box.element, _page_box.children = None, ()
    links: Sequence[Any] = ()
    forms: Mapping[Any, Any] = {}

    def __init__(self, page: FragmentPage, fragment: Fragment) -> None:
        self.content = fragment.streams[page.content]
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.anchors, self.bookmarks = page.anchors, page.bookmarks

    def paint(self, stream: Any, scale: float) -> None:
        """Let *stream* draw what was drawn before, compressed as it is."""
        stream.stream, stream.compress, stream.extra["Filter"] = [self.content], False, "/FlateDecode"


class _Font(Font):  # type: ignore[misc]
    """A font that fragments are set in, with the *program* of its file, from which the glyphs that they have are cut."""

    bitmap = png = svg = colr = used_in_forms = False
    tables: Sequence[str] = ()

    def __init__(self, told: FragmentFont, program: bytes) -> None:
        self.__dict__ |= told.fields
        self.name = told.fields["name"].encode()
        self.file_content = program
        glyphs = sorted(told.glyphs.items())
        self.widths = {glyph: width for glyph, (width, _) in glyphs}
        self.to_unicode = {glyph: text for glyph, (_, text) in glyphs}
        self.missing: dict[int, int] = {}

    def subset(self, to_unicode: Any, hinting: Any) -> None:
        self.file_content = cut_glyphs(self.file_content, self.index, [*to_unicode], self.axes, keeps_notdef=False)


def _fonts(composed: Sequence[Composed], programs: Mapping[str, bytes]) -> dict[str, _Font]:
    """Return the fonts of all fragments by name, each with the glyphs of all; the first that has drawn a glyph says which text it is."""
    fonts: dict[str, FragmentFont] = {}
    fragments = [*(piece.fragment for piece in composed), *(piece.margins for piece in composed if piece.margins)]
    for name, font in (item for fragment in fragments for item in fragment.fonts.items()):
        known = fonts.setdefault(name, FragmentFont(font.program, font.fields, {}))
        known.glyphs = {**font.glyphs, **known.glyphs}
    return {name: _Font(font, programs[font.program]) for name, font in fonts.items()}


class _Object:
    """The object *at* that number of what is *placed*, which is put into a stream of objects if it is *compressible*.

    It is less than one of pydyf's: a long document has hundreds of thousands.
    """

    __slots__ = ("at", "compressible", "number", "placed")

    def __init__(self, placed: "_Placed", at: int, compressible: bool) -> None:
        self.placed, self.at, self.compressible, self.number = placed, at, compressible, 0

    @property
    def data(self) -> bytes:
        """The text of it in the file."""
        return self.placed.data(self.at)


class _Joiner:
    """Puts the objects of fragments into the file that WeasyPrint is about to write."""

    def __init__(self, composed: Sequence[Composed]) -> None:
        self.composed = composed
        self.shared: dict[int, Any] = {}  # the structure elements of which several fragments have parts
        self.streams: dict[bytes, int] = {}
        self.annotations: list[bytes] = []
        self.names: dict[str, bytes] = {}
        self.unpacked: tuple[object, list[bytes]] = (None, [])  # what is placed, and what its objects say: of the one asked for last

    def finish(self, document: Any, pdf: Any) -> None:
        """Fill *pdf*, which WeasyPrint has made of *document*."""
        self.pdf = pdf
        self.pages = [self._object(reference) for reference in pdf.page_references]
        root = self._object(pdf.catalog["StructTreeRoot"])
        self.top, self.parents = self._object(root["K"][0]), self._object(root["ParentTree"])["Nums"]
        resources = self._object(self.pages[0]["Resources"])
        numbers = {b"c": resources["ColorSpace"], b"f": resources["Font"], b"i": document.color_profiles["srgb"].pdf_reference}
        self.common = {kind: [_number(found)] for kind, found in numbers.items()}
        first = 0
        for number, piece in enumerate(self.composed):
            self._add(number, piece, first)
            first += len(piece.fragment.pages)
        for at, owner in enumerate(self.annotations, start=len(self.pages)):
            self.parents += [at, owner]
        names = Array(part for name in sorted(self.names) for part in (String(name), self.names[name]))
        root["IDTree"] = Dictionary({"Names": names})
        self._declare()

    def _object(self, reference: bytes) -> Any:
        return self.pdf.objects[_number(reference)]

    def _add(self, number: int, piece: Composed, first: int) -> None:
        """Add *piece*, the one of that *number*; its pages are numbered from *first* on."""
        fragment, pages = piece.fragment, self.pages[first : first + len(piece.fragment.pages)]
        parts: list[tuple[Any, int | Any]] = []
        self._share(fragment.tree, self.top, piece.shared, parts)
        shared = [self.top.number, *(self.shared[element].number if element in self.shared else 0 for element in piece.shared)]
        annotations = range(len(self.pages) + len(self.annotations), len(self.pages) + len(self.annotations) + len(fragment.owners))
        marks = {**self.common, b"p": [page.number for page in pages], b"s": shared, b"n": shared, b"x": [number], b"a": annotations}
        placed = [_Placed(fragment, marks, self, {page.content for page in fragment.pages})]
        for page, told in zip(pages, fragment.pages, strict=True):
            if told.annotations:
                page["Annots"] = Array(map(placed[0].reference, told.annotations))
        if piece.margins:
            placed.append(_Placed(piece.margins, marks, self))
            for page, told in zip(pages, piece.margins.pages, strict=True):
                page["Contents"] = Array([page["Contents"], placed[1].reference(told.content)])
        resources = Dictionary({"ColorSpace": _reference(self.common[b"c"][0]), "Font": _reference(self.common[b"f"][0])})
        for kind in KINDS:
            resources[kind] = Dictionary({name: value for one in placed for name, value in one.resources(kind)})
        self.pdf.add_object(resources)
        for page in pages:
            page["Resources"] = resources.reference
        self._link(placed[0], fragment, parts, first)

    def _link(self, placed: "_Placed", fragment: Fragment, parts: Iterable[tuple[Any, Any]], first: int) -> None:
        """Put what is *placed* into the structure tree, and the tree's elements where contents, annotations and names lead to."""
        for element, part in parts:
            element["K"].append(placed.reference(part) if isinstance(part, int) else part.reference)
        self.annotations += [placed.reference(owner) for _, owner in fragment.owners]
        self.names |= {placed.resolve(name.encode()).decode(): placed.reference(owner) for name, owner in fragment.names}
        for page, told in enumerate(fragment.pages, start=first):
            self.parents[2 * page + 1] = Array("null" if owner is None else placed.reference(owner) for owner in told.parents)

    def _share(self, tree: Iterable[int | SharedElement], parent: Any, shared: Sequence[int], parts: list[tuple[Any, Any]]) -> None:
        """Note for *parent* what stands in it: *parts*, each an object of the fragment or a structure element, made if it is new."""
        for kid in tree:
            if isinstance(kid, int):
                parts.append((parent, kid))
                continue
            origin = shared[kid.number - 1]
            if origin not in self.shared:
                element = Dictionary({"Type": "/StructElem", "S": f"/{kid.role}", "P": parent.reference, "K": Array()})
                self.pdf.add_object(element)
                self.shared[origin] = element
                parts.append((parent, element))
            self._share(kid.kids, self.shared[origin], shared, parts)

    def place(self, item: _Object) -> int:
        """Return the number of *item*, which is new, or that of one with the same stream, such as a picture on other pages."""
        stream = item.placed.streams.get(item.at)
        if stream is not None and len(stream) > EMBEDDED and not MARK.search(said := item.placed.said[item.at]):
            number = self.streams.setdefault(hashlib.sha256(said + stream).digest(), len(self.pdf.objects))
            if number < len(self.pdf.objects):
                return number
        self.pdf.add_object(item)
        return item.number

    def _declare(self) -> None:
        """Let the metadata declare PDF/UA-1 too.

        The option `xmp_metadata` does not serve: it adds a second rdf:RDF, which validators ignore.
        """
        stream = self._object(self.pdf.catalog["Metadata"])
        text = b"".join(part if isinstance(part, bytes) else part.encode() for part in stream.stream)
        end = text.rindex(b"</rdf:RDF>")
        stream.compress = False  # so that programs that know no PDF can find the metadata
        stream.stream = [text[:end] + read_bytes(PDFUA, PDFUA.parent) + text[end:]]


class _Placed:
    """A *fragment* in the file of *joiner*: its objects have numbers, and so has what else its *marks* stand for, by their kinds.

    Objects that are *there* already, in another shape, are left out. What all others say is unpacked, and given its numbers, when it is
    written: what a long document says at once may be more than there is room for.
    """

    def __init__(self, fragment: Fragment, marks: Mapping[bytes, Sequence[int]], joiner: _Joiner, there: Collection[int] = ()) -> None:
        self._resources, self._packed, self._joiner, self.streams = fragment.resources, fragment.objects, joiner, fragment.streams
        places = range(len(self.said))
        self.marks = {**marks, b"o": [0 if at in there else joiner.place(_Object(self, at, at not in self.streams)) for at in places]}

    @property
    def said(self) -> list[bytes]:
        """The text of each object of the fragment, with marks."""
        if self._joiner.unpacked[0] is not self:
            self._joiner.unpacked = self, unpack(self._packed)
        return self._joiner.unpacked[1]

    def data(self, at: int) -> bytes:
        """Return what the object *at* that number says in the file."""
        stream = b"\nstream\n%b\nendstream" % self.streams[at] if at in self.streams else b""
        return self.resolve(self.said[at]) + stream

    def resolve(self, data: bytes) -> bytes:
        """Return *data* with numbers in the place of marks."""
        return MARK.sub(lambda match: b"%d" % self.marks[match[1]][int(match[2] or 0)], data)

    def reference(self, number: int) -> bytes:
        """Return the reference to the object *number* of the fragment."""
        return _reference(self.marks[b"o"][number])

    def resources(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield the resources of the *kind*, by their names in what is drawn."""
        yield from ((name, self.resolve(value.encode("latin-1"))) for name, value in self._resources[kind].items())


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number
