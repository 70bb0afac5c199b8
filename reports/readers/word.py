"""Word document -> Content, by mammoth, which makes HTML of it."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mammoth
from lxml import etree, html

from reports.readers.content import CUT, Content, bound, gather, parse_html

LONGEST_BOOKMARK = 40  # characters, behind which Word takes no more of a name
MOST_BYTES, MOST_TAGS = 20_000_000, 1_000_000
REFERENCE_HYPHEN = re.compile(r"(?<=\bM\d{4})\N{NON-BREAKING HYPHEN}(?=\d)")  # which Word does not break a line at
BOOKMARK = re.compile(r"(#?)_(?:_\d+_)?(\w+)")  # bookmarks have no hyphens, and a number where two would have one name


def read(content: bytes) -> Content:
    """Return the content of the document *content*, its bookmarks as the anchors that other formats have."""
    with ZipFile(BytesIO(content)) as file:
        bound("bytes of text", sum(part.file_size for part in file.infolist() if part.filename.endswith(".xml")), MOST_BYTES)
        bound("tags", sum(file.read(name).count(b"<") for name in file.namelist() if name.endswith(".xml")), MOST_TAGS)
    text = REFERENCE_HYPHEN.sub("-", mammoth.convert_to_html(BytesIO(content)).value)
    body = html.document_fromstring(f"<body>{text}</body>").find("body")
    for link in body.iter("a"):
        for name in ("id", "href"):
            if match := BOOKMARK.fullmatch(link.get(name, "")):
                cut = CUT if len(match[0].removeprefix("#")) == LONGEST_BOOKMARK else ""
                link.set(name, match[1] + match[2].replace("_", "-") + cut)
    return Content(gather(parse_html(body)))


def controls(content: bytes) -> Mapping[str, str]:
    """Return the text of each content control of the document *content* that has a tag, by that (ISO 29500-1, 17.5.2)."""
    with ZipFile(BytesIO(content)) as file:
        bound("bytes of text", file.getinfo("word/document.xml").file_size, MOST_BYTES)
        body = etree.fromstring(file.read("word/document.xml"))
    for deleted in list(body.iter("{*}del")):  # a tracked change, which is read as accepted
        deleted.getparent().remove(deleted)
    tagged = ((control.find("{*}sdtPr/{*}tag"), control) for control in body.iter("{*}sdt"))
    return {str(tag.values()[0]): _text(control.find("{*}sdtContent")) for tag, control in tagged if tag is not None}


def _text(element: Any) -> str:
    """Return the text in *element*, in which a break of a line and a hyphen that breaks none are elements."""
    signs = {"br": "\n", "noBreakHyphen": "-"}
    parts = ((etree.QName(part).localname, part.text or "") for part in element.iter("{*}t", "{*}br", "{*}noBreakHyphen"))
    return "".join(signs.get(name, text) for name, text in parts)
