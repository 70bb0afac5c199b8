"""Atom feed -> Content, by lxml: an item for each line of its newest entry."""

from lxml import etree

from reports.readers.content import Block, Content, collapse, gather

NAMES = {"atom": "http://www.w3.org/2005/Atom", "html": "http://www.w3.org/1999/xhtml"}


def read(content: bytes) -> Content:
    """Return the items of the first entry in the feed *content*, which is the newest."""
    feed = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    items = feed.xpath("(atom:entry)[1]//html:li", namespaces=NAMES)
    return Content(gather(Block("item", (collapse("".join(item.itertext())),)) for item in items))
