"""Word document -> Content, by mammoth, which makes HTML of it."""

import re
from io import BytesIO
from zipfile import ZipFile

import mammoth
from lxml import etree, html

from reports.readers.content import Block, Content, parse_html

BOOKMARK = re.compile(r"(#?)_\d+_(\w+)")  # bookmarks are numbered, and have no hyphens


def read(content: bytes) -> Content:
    """Return the content of the document *content*; the titles of its tables, which mammoth leaves out, come last."""
    body = html.document_fromstring(f"<body>{mammoth.convert_to_html(BytesIO(content)).value}</body>").find("body")
    for link in body.iter("a"):
        for name in ("id", "href"):
            if match := BOOKMARK.fullmatch(link.get(name, "")):
                link.set(name, match[1] + match[2].replace("_", "-"))
    with ZipFile(BytesIO(content)) as file:
        titles = etree.fromstring(file.read("word/document.xml")).xpath("//*[local-name()='tblCaption']/@*")
    return Content((*parse_html(body), *(Block("caption", (title,)) for title in titles)))
