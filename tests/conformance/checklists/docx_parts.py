"""A .docx, read for the checklist: its parts, its styles, its texts."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.oxml.ns import nsmap, qn
from lxml import etree

from reports.renderers.ooxml import unpack
from tests.conformance.validator import Finding

NEEDED = ("word/document.xml", "word/styles.xml", "word/settings.xml", "docProps/core.xml")


@dataclass(frozen=True)
class Docx:
    """The parts of a .docx by their names."""

    parts: dict[str, bytes]

    @cached_property
    def body(self) -> Any:
        return self.root("word/document.xml")

    @cached_property
    def defaults(self) -> Any:
        """What holds where no style says anything."""
        return find(self.root("word/styles.xml"), "w:docDefaults")[0]

    @cached_property
    def styles(self) -> dict[str, Any]:
        """The styles by their ids."""
        return {find(style, "@w:styleId")[0]: style for style in find(self.root("word/styles.xml"), "w:style")}

    @cached_property
    def properties(self) -> dict[str, str]:
        """The core properties by their names: title, creator, language."""
        return {etree.QName(one).localname: (one.text or "").strip() for one in self.root("docProps/core.xml")}

    @property
    def paragraphs(self) -> list[Any]:
        """Every paragraph of the body, those in the cells of tables too."""
        return find(self.body, "//w:p")

    @property
    def runs(self) -> list[Any]:
        """Every run of text, those of headers and footers too."""
        return [run for root in (self.body, *self.running.values()) for run in find(root, "//w:r[w:t]")]

    @property
    def running(self) -> dict[str, Any]:
        """Headers and footers by their parts' names."""
        return {name: self.root(name) for name in self.parts if re.fullmatch(r"word/(header|footer)\d*\.xml", name)}

    def root(self, name: str) -> Any:
        """Return the XML of the part *name*."""
        return etree.fromstring(self.parts[name])

    def name_of(self, paragraph: Any) -> str:
        """Return the name of the paragraph's style; Word gives its own styles names in lower case."""
        return "".join(find(self.styles.get(style_of(paragraph)), "w:name/@w:val")).casefold()

    def chain(self, style: str) -> Iterator[Any]:
        """Yield the style with the id *style*, that on which it is based and so on, each once: a broken file has them in a circle."""
        followed: set[str] = set()
        while style in self.styles and style not in followed:
            yield self.styles[style]
            followed.add(style)
            style = "".join(find(self.styles[style], "w:basedOn/@w:val"))

    def formats(self, path: str, *elements: Any) -> Iterator[Any]:
        """Yield what *path* finds in *elements*, in the styles of each, in those that they are based on, and by default."""
        for element in elements:
            yield from find(element, f"*/{path}")
            for style in self.chain(style_of(element)):
                yield from find(style, f"*/{path}")
        yield from find(self.defaults, f"*/*/{path}")


def read_docx(path: Path) -> Docx | Finding:
    """Return the document *path*, all parts of which are there and can be parsed, or why it is none."""
    try:
        document = Docx(unpack(path.read_bytes()))
        for name in (*NEEDED, *(one for one in document.parts if one.endswith(".xml"))):
            document.root(name)
    except (BadZipFile, zlib.error, etree.XMLSyntaxError) as error:
        return Finding(f"the Word document can't be opened: {error}")
    except KeyError as error:
        return Finding(f"the Word document can't be opened: it has no part {error}")
    return document


def find(element: Any, path: str) -> list[Any]:
    """Return what the XPath *path* finds in *element*; nothing if there is none."""
    return [] if element is None else list(etree.XPath(path, namespaces=nsmap)(element))


def text_of(element: Any) -> str:
    """Return the text in *element*."""
    return "".join(find(element, ".//w:t/text()"))


def style_of(element: Any) -> str:
    """Return the id of the style of a paragraph, a run or a table; the last two may have none."""
    own = find(element, "w:pPr/w:pStyle/@w:val | w:rPr/w:rStyle/@w:val | w:tblPr/w:tblStyle/@w:val")
    return own[0] if own else "Normal" if element.tag == qn("w:p") else ""
