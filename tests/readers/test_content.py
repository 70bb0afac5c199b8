"""Content, and the reading of HTML, which web pages and Word documents share."""

import pytest
from lxml import html

from reports.readers.content import Block, Link, parse_html, read, squeeze

PAGE = """<body><nav id="top"><p>Skip</p></nav><section id="around"><h2 id="here">A <em>heading</em></h2></section><script>none</script>
<ul><li>One <ul><li>within</li></ul></li></ul><div>Bare <b>text</b></div>
<table><caption>Rows</caption><tr id="row"><th>M2010-1</th><td><p>Two</p> <a href="#here">[1]</a></td></tr></table></body>"""


def test_html_is_read_as_blocks() -> None:
    """Each heading, paragraph, item, caption and row is one block, in order; what stands in another is a part of it."""
    blocks = list(parse_html(html.document_fromstring(PAGE).find("body")))
    assert [(block.kind, block.cells) for block in blocks] == [
        ("paragraph", ("Skip",)),
        ("heading", ("A heading",)),
        ("item", ("One within",)),
        ("paragraph", ("Bare text",)),
        ("caption", ("Rows",)),
        ("row", ("M2010-1", "Two [1]")),
    ]
    assert [sorted(block.anchors) for block in blocks] == [[], ["here"], [], [], [], ["row"]]
    assert (blocks[5].table, blocks[5].links) == ("table 1", (Link("[1]", "#here"),))


@pytest.mark.parametrize(
    ("block", "place"),
    [
        (Block("row", ("", "M2010-1"), "page 2"), "page 2, row 'M2010-1'"),
        (Block("paragraph", ("a" * 50,)), f"paragraph '{'a' * 40}…'"),
    ],
)
def test_a_place_is_what_a_person_looks_for(block: Block, place: str) -> None:
    """A block is named by where it is and how it begins."""
    assert block.place == place


def test_places_where_words_break_do_not_count() -> None:
    """Texts of different formats are compared without white space and the hyphens that break words; those of the words stay."""
    assert squeeze("in\N{SOFT HYPHEN}ter\N{HYPHEN}na tional\n co-operation") == "international" + "co-operation"


def test_data_say_nothing() -> None:
    """A file for machines has no text; it is the dataset that it carries."""
    assert read(b"{}").attachments == {"dataset.json": b"{}"}
    assert read(b"{}").blocks == ()
