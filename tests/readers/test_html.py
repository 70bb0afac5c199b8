"""Reading web pages."""

from reports.readers.content import Block, Content
from reports.readers.html import read


def test_a_page_is_read() -> None:
    """The body of a page is read, in UTF-8; its head is none of the text."""
    page = "<html><head><title>T</title><style>p {}</style></head><body><p>č ć đ</p></body></html>"
    assert read(page.encode()) == Content((Block("paragraph", ("č ć đ",)),))
