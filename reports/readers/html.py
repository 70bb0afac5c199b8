"""Web page -> Content, by lxml's HTML parser."""

from lxml import html

from reports.readers.content import Content, parse_html


def read(content: bytes) -> Content:
    """Return the content of the web page *content*."""
    return Content(tuple(parse_html(html.document_fromstring(content.decode()).find("body"))))
