"""Word document -> Content, by mammoth, which makes HTML of it."""

import re
from io import BytesIO

import mammoth
from lxml import html

from reports.readers.content import Content, parse_html

BOOKMARK = re.compile(r"(#?)_\d+_(\w+)")  # bookmarks are numbered, and have no hyphens


def read(content: bytes) -> Content:
    """Return the content of the document *content*, its bookmarks as the anchors that other formats have."""
    body = html.document_fromstring(f"<body>{mammoth.convert_to_html(BytesIO(content)).value}</body>").find("body")
    for link in body.iter("a"):
        for name in ("id", "href"):
            if match := BOOKMARK.fullmatch(link.get(name, "")):
                link.set(name, match[1] + match[2].replace("_", "-"))
    return Content(tuple(parse_html(body)))
