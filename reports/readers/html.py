"""Web page -> Content, by lxml's HTML parser."""

from lxml import html

from reports.readers.content import Content, bound, gather, parse_html

MOST_TAGS = 5_000_000


def read(content: bytes) -> Content:
    """Return the content of the web page *content*."""
    bound("tags", content.count(b"<"), MOST_TAGS)
    return Content(gather(parse_html(html.document_fromstring(content.decode()).find("body"))))
