"""Web page -> Content, by lxml's HTML parser."""

from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import html

from reports.readers.content import Content, bound, gather, parse_html

MOST_TAGS = 5_000_000


def read(content: bytes) -> Content:
    """Return the content of the web page *content*; the files that it offers are its attachments."""
    bound("tags", content.count(b"<"), MOST_TAGS)
    body = html.document_fromstring(content.decode()).find("body")
    attachments = {link.get("download"): _offered(link) for link in body.iter("a") if link.get("download")}
    return Content(gather(parse_html(body)), attachments)


def _offered(link: Any) -> bytes:
    """Return the file in the address of *link*, which it is taken from: it is no place that a reader is led to."""
    address, _, data = link.attrib.pop("href", "").partition(",")
    return unquote_to_bytes(data) if address.startswith("data:") else b""
