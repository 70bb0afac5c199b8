"""Word document -> Content, by mammoth, which makes HTML of it."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mammoth
from lxml import etree, html

from reports.readers.content import Block, Content, Kind, parse_html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOOKMARK = re.compile(r"(#?)_\d+_(\w+)")  # bookmarks are numbered, and have no hyphens


def read(content: bytes) -> Content:
    """Return the content of the document *content*; the titles of its tables, which mammoth leaves out, come last."""
    document = html.document_fromstring(f"<body>{mammoth.convert_to_html(BytesIO(content)).value}</body>")
    for element in document.iter("a"):
        for name in ("id", "href"):
            _unnumber(element, name)
    with ZipFile(BytesIO(content)) as file:
        titles = etree.fromstring(file.read("word/document.xml")).iter(f"{W}tblCaption")
    captions = (Block(Kind.CAPTION, (title.get(f"{W}val", ""),)) for title in titles)
    return Content((*parse_html(document.find("body")), *captions))


def _unnumber(element: Any, name: str) -> None:
    """Turn a bookmark in the attribute *name* into the name that other formats have for it."""
    if match := BOOKMARK.fullmatch(element.get(name, "")):
        element.set(name, match[1] + match[2].replace("_", "-"))
