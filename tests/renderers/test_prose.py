"""Prose and evidence -> HTML: marks, links both ways, and texts that stay what they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.dataset.model import Evidence
from reports.documents.view import View
from reports.renderers.html import parse_html, text_of
from reports.renderers.prose import CitedIn, Prose
from tests.conftest import view_of
from tests.dataset.test_marks import ORDINARY


@pytest.fixture
def prose(tiny_view: View) -> Prose:
    return Prose(tiny_view)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain.", "<p>Plain.</p>\n"),
        ("An *emphasis* and a **strong** one.", "<p>An <em>emphasis</em> and a <strong>strong</strong> one.</p>\n"),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"),
        ("A [link](https://a.example/?b=1&c=2).", '<p>A <a href="https://a.example/?b=1&amp;c=2">link</a>.</p>\n'),
        ("<24 h> and A & B", "<p>&lt;24 h&gt; and A &amp; B</p>\n"),
        ("a <b>bold</b> tag", "<p>a &lt;b&gt;bold&lt;/b&gt; tag</p>\n"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&lt;b&gt; and {{ 7 * 7 }}", "<p>&amp;lt;b&amp;gt; and {{ 7 * 7 }}</p>\n"),
        ("# no heading, `no code`", "<p># no heading, `no code`</p>\n"),
        ("> So it is.\n> Yes.", "<blockquote>\n<p>So it is.\nYes.</p>\n</blockquote>\n"),
        ("22. April 2010 was", "<p>22. April 2010 was</p>\n"),
        ("a  \nb \\* c", "<p>a\nb * c</p>\n"),
    ],
)
def test_blocks(text: str, html: str, prose: Prose) -> None:
    """Paragraphs, lists, emphasis and links become elements; whatever else looks like markup is printed as it is."""
    assert str(prose.block(text)) == html


def seen(html: str) -> tuple[str, list[tuple[str | None, str | None]]]:
    """Return what a reader sees of *html*, and the class and target of each link."""
    root = parse_html(html)
    return "".join(root.itertext()), [(link.get("class"), link.get("href")) for link in root.iter("a")]


@pytest.mark.parametrize(
    ("text", "words", "links"),
    [
        ("Seen [@gazette, page 7].", "Seen\u00a0[1].", [("mark", "#source-gazette")]),
        ("Seen\n[@gazette; @courier].", "Seen\u00a0[1][3].", [("mark", "#source-gazette"), ("mark", "#source-courier")]),
        ("As in [@M2010-1].", "As in\u00a0(M2010-1).", [("reference", "#M2010-1")]),
        ("As in [@charter].", "As in\u00a0(Harbour Charter).", [("record", "#charter")]),
        ("Both [@charter; @gazette].", "Both\u00a0(Harbour Charter) [1].", [("record", "#charter"), ("mark", "#source-gazette")]),
        (
            "So [see @gazette, p. 3; cf. also @M2010-1; @courier].",
            "So\u00a0(see\u00a0[1], cf. also\u00a0M2010-1, [3]).",
            [("mark", "#source-gazette"), ("reference", "#M2010-1"), ("mark", "#source-courier")],
        ),
    ],
)
def test_citations(text: str, words: str, links: list[tuple[str, str]], prose: Prose) -> None:
    """A source becomes its number, a record its name; both lead to where they are shown, and no line ends before them."""
    assert seen(prose.inline(text)) == (words, links)
    assert seen(prose.block(text)) == (f"{words}\n", links)


def test_a_record_that_the_document_does_not_show_is_named_without_a_link(tiny: Dataset) -> None:
    """No link leads nowhere: a record that is not shown is named only."""
    prose = Prose(view_of(tiny, "short"))
    assert seen(prose.inline("As in [@charter].")) == ("As in\u00a0(Harbour Charter).", [])
    assert str(prose.link("charter")) == "Harbour Charter"


def test_a_record_that_stands_beside_the_document_is_linked_there(tiny: Dataset) -> None:
    """Where the declaration names the record, what is not shown leads into it, and what is shown does not."""
    view = view_of(tiny, "short")
    beside = Prose(replace(view, document=view.document.model_copy(update={"record": "record.pdf"})))
    assert seen(beside.inline("As in [@charter].")) == ("As in\u00a0(Harbour Charter).", [("record", "record.pdf#charter")])
    assert 'href="#M2010-1"' in beside.link("M2010-1")


def test_a_citation_of_a_doubtful_record_says_so(prose: Prose) -> None:
    """One of low confidence has a class that a style can mark, also among others."""
    assert "M2010-10" in prose.view.doubtful
    assert "M2010-1" not in prose.view.doubtful
    assert 'class="cited doubt"' in prose.inline("So [@M2010-1; @M2010-10].")
    assert 'class="cited"' in prose.inline("So [@M2010-1].")


def test_a_mark_names_its_source(prose: Prose) -> None:
    """Whoever points at a mark reads the source's publisher and title."""
    (mark,) = parse_html(prose.inline("Seen [@gazette].")).iter("a")
    assert mark.get("title") == "Government of Ruritania: Official Gazette, number 7"


def test_paragraphs_in_a_line_stay_apart(prose: Prose) -> None:
    """Where a text of two paragraphs is set in one line, a space stands between them."""
    assert text_of(parse_html(prose.inline("One.\n\nTwo."))) == "One. Two."
    assert text_of(parse_html(prose.inline("These:\n\n- one\n- two"))) == "These: one two"
    assert text_of(parse_html(prose.inline("These:\n\n1. one\n2. two\n\n> So it is."))) == "These: 1. one 2. two So it is."


def test_a_plain_text(prose: Prose) -> None:
    """A text without markup has its citations as numbers and names, the numbers of its lists, and its notes in brackets."""
    text = "One *step* [see @gazette, p. 1]:\n\n1. A & B[@courier]\n2. <24 h>[^1] [@charter; @league]\n\n[^1]: As\u00a0of now [@league].\n"
    assert prose.plain(text) == "One step (see [1]): 1. A & B[3] 2. <24 h> [As of now [2].] (Harbour Charter) [2]"
    assert prose.notes() == ()


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_printed_letter_by_letter(text: str, prose: Prose) -> None:
    """Signs that are no marks are there in paragraphs, in a line, and without markup."""
    for printed in (text_of(parse_html(prose.block(text))), text_of(parse_html(prose.inline(text))), prose.plain(text)):
        assert printed == " ".join(text.split())


def test_footnotes(prose: Prose) -> None:
    """Each footnote has a number, which leads to its note and is led back to; the same note printed again has the same number."""
    prose.begin("one")
    html = parse_html(prose.block("a[^x] b^[*Two*] c[^x]\n\n[^x]: One, <24 h> [@gazette]."))
    marks = [(link.text, link.get("href"), link.get("id")) for link in html.iter("a")]
    assert marks == [("1", "#note_1", "note_1_mark"), ("2", "#note_2", "note_2_mark"), ("1", "#note_1", None)]
    assert seen(prose.inline("Again^[*Two*]")) == ("Again2", [("footnote", "#note_2")])
    notes = prose.notes()
    assert [(note.number, note.id, note.mark) for note in notes] == [(1, "note_1", "note_1_mark"), (2, "note_2", "note_2_mark")]
    assert [seen(note.text)[0] for note in notes] == ["One, <24 h>\u00a0[1].", "Two"]
    assert prose.cited_in("gazette") == [CitedIn("one", "one-gazette", [])], "a note cites too"


def test_a_footnote_in_word_stands_in_its_place(tiny_view: View) -> None:
    """Word numbers footnotes and puts them at the foot of the page, so each is handed to it where its mark belongs."""
    prose = Prose(tiny_view, "docx")
    assert str(prose.inline("a^[*Two* & more] b")) == 'a<span class="footnote"><em>Two</em> &amp; more</span> b'
    assert prose.notes() == ()


def test_a_linked_name(prose: Prose) -> None:
    """A record is linked by its shortest name, a source by its publisher and number."""
    assert str(prose.link("watch")) == '<a class="record" href="#watch">WW</a>'
    assert str(prose.link("M2010-1")) == '<a class="reference" href="#M2010-1">M2010-1</a>'
    assert seen(prose.link("guild")) == ("Guild of Pilots [5]", [("mark", "#source-guild")])


def test_a_link_in_word_says_what_it_leads_to(tiny_view: View) -> None:
    """A paragraph that is pasted elsewhere takes the title of each record along in the tips of its links."""
    prose = Prose(tiny_view, "docx")
    assert str(prose.link("M2010-1")) == '<a class="reference" href="#M2010-1" title="M2010-1, Harbour Agreement">M2010-1</a>'
    assert 'title="WW"' in prose.link("watch")


def test_a_name_is_escaped(tiny_view: View) -> None:
    """A name with markup characters is printed as it is."""
    view = replace(tiny_view, labels={**tiny_view.labels, "watch": "A & <B>", "other": "<i>"})
    assert str(Prose(view).link("watch")) == '<a class="record" href="#watch">A &amp; &lt;B&gt;</a>'
    assert str(Prose(view).link("other")) == "&lt;i&gt;"


def test_evidence_is_marked_once_for_each_source(prose: Prose) -> None:
    """The marks of evidence come in its order, each source once."""
    evidence = [Evidence(source=name, locator="p. 1") for name in ("courier", "gazette", "courier")]
    assert seen(prose.cite(evidence)) == ("\u00a0[3][1]", [("mark", "#source-courier"), ("mark", "#source-gazette")])


def test_the_first_mark_in_a_section_can_be_found_again(prose: Prose) -> None:
    """The list of sources leads back to the first mark of each section; later marks have no anchor."""

    def anchors(html: str) -> list[str | None]:
        return [link.get("id") for link in parse_html(html).iter("a")]

    evidence = [Evidence(source="gazette", locator="p. 1")]
    assert prose.begin("one") == ""
    assert anchors(prose.cite(evidence)) == ["one-gazette"]
    assert anchors(prose.cite(evidence)) == [None]
    prose.begin("two")
    assert anchors(prose.inline("Twice [@gazette; @gazette].")) == ["two-gazette", None]
    prose.begin("")
    assert anchors(prose.cite(evidence)) == [None]
    assert prose.cited_in("gazette") == [CitedIn("one", "one-gazette", ["p. 1"]), CitedIn("two", "two-gazette", [])]
    assert prose.cited_in("leaflet") == []


def test_the_records_that_a_text_cites_are_known(prose: Prose) -> None:
    """A document can list what it cites: a record counts once it is linked, in a text or by its name, and only where it is shown."""
    prose.begin("one")
    prose.inline("As agreed [@M2010-1; @watch].")
    prose.begin("two")
    prose.link("M2010-1")
    assert [cited.section for cited in prose.cited_in("M2010-1")] == ["one", "two"]
    assert [cited.section for cited in prose.cited_in("watch")] == ["one"]
    assert prose.cited_in("M2021-1") == []


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Z"], exclude_characters="*_[]\\"), min_size=1, max_size=10)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_a_text_comes_back_unchanged(tiny_view: View, words: list[str]) -> None:
    """Any text without Markdown's own characters is the text that a reader sees."""
    text = "x " + " ".join(words)
    assert text_of(parse_html(Prose(tiny_view).inline(text))) == text
