"""Reading web pages."""

from reports.readers.content import Block, Content
from reports.readers.html import read


def test_a_page_is_read() -> None:
    """The body of a page is read, in UTF-8; its head is none of the text."""
    page = "<html><head><title>T</title><style>p {}</style></head><body><p>č ć đ</p></body></html>"
    assert read(page.encode()) == Content((Block("paragraph", ("č ć đ",)),))


def test_the_files_of_a_page_are_attachments() -> None:
    """What a page offers to be taken along is read back byte for byte, and its address is none of the links."""
    link = '<a download="a.csv" href="data:text/csv;charset=utf-8,%EF%BB%BFa, č%0D%0A%22%25%22">A</a>'
    page = read(f"<html><body><p>{link} <a download='b.json' href='#c'>B</a></p></body></html>".encode())
    assert page.attachments == {"a.csv": '\ufeffa, č\r\n"%"'.encode(), "b.json": b""}
    assert page.blocks == (Block("paragraph", ("A B",)),)
