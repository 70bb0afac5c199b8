"""What differs in a summary that came back: fields, what was tracked beside them, and comments."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.editions.snapshot import Part, snapshot_of
from reports.proposals.controls import differences
from reports.proposals.differences import Difference, DifferenceKind
from reports.readers.word import controls
from reports.renderers.ooxml import pack, unpack
from reports.renderers.word.controls import tag_of
from tests.proposals.conftest import ANA, DAY, Editor, element, with_comments
from tests.renderers.word.conftest import text

CHANGE, REMARK, COMMENT = DifferenceKind.CHANGE, DifferenceKind.REMARK, DifferenceKind.COMMENT
STANDS = "dataset.yaml/matters.0.stands"
POINT, LAST_POINT = "dataset.yaml/key_points.0", "dataset.yaml/key_points.1"
DATE, TITLE = "M2010-1/date", "M2010-1/title"
VALUES = {"23 April 2010": ("2010-04-23", ""), "22.4.2010": ("2010-04-22", ""), "soon": ("soon", "no date")}

Compare = Callable[[bytes], tuple[Difference, ...]]


def convert(text: str, part: Part, group: str, base: str) -> tuple[str, str]:
    """Return what a few texts mean; a code is the word for it, in small letters."""
    assert group in ("assessment", "")
    return VALUES.get(text, (text, "")) if part.form == "date" else (text.lower() if group else text, "")


@pytest.fixture(scope="session")
def compare(summary: bytes, tiny: Dataset) -> Compare:
    """A function that returns what differs in a document from the summary, with plain spaces, which are easier to compare."""
    issued, snapshot = controls(summary), snapshot_of(tiny)

    def compare(content: bytes) -> tuple[Difference, ...]:
        found = differences(content, Path("returned.docx"), issued, snapshot, convert)
        return tuple(replace(difference, base=plain(difference.base), theirs=plain(difference.theirs)) for difference in found)

    return compare


def plain(text: str) -> str:
    """Return *text* with plain spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(params=[ANA, ""], ids=["tracked", "untracked"])
def editor(summary: bytes, request: pytest.FixtureRequest) -> Editor:
    """Somebody who edits the summary, and tracks changes or does not."""
    return Editor(summary, request.param)


def signed(editor: Editor, difference: Difference) -> Difference:
    """Return *difference* by the author of *editor*, if the document says who that was."""
    return replace(difference, by=ANA, when=DAY) if editor.marks else difference


def test_untouched_documents_give_nothing(summary: bytes, compare: Compare) -> None:
    """As it was issued, and as another program saved it, with its own spaces and hyphens."""
    assert compare(summary) == ()
    assert compare(Editor(summary).save()) == ()
    parts = unpack(summary)
    text = parts["word/document.xml"].decode().replace("\N{NO-BREAK SPACE}", " ")
    text = text.replace('</w:t><w:noBreakHyphen/><w:t xml:space="preserve">', "\N{NON-BREAKING HYPHEN}")
    assert compare(pack(parts | {"word/document.xml": text.encode()})) == ()


def test_a_field_that_was_edited_is_a_change(editor: Editor, compare: Compare) -> None:
    """In a paragraph and in a table; prose as people see it, with its citations, by whom and when if it was tracked."""
    editor.replace(editor.control(STANDS), "not", "and")
    editor.replace(editor.control(TITLE), "Agreement", "Accord")
    expected = [
        Difference(CHANGE, "table 1, row 2, column 2", "about", "matters.0.stands", "Signed, not in force [1]", "Signed, and in force [1]"),
        Difference(CHANGE, "paragraph 17", "M2010-1", "title", "Harbour Agreement", "Harbour Accord"),
    ]
    assert compare(editor.save()) == tuple(signed(editor, difference) for difference in expected)


def test_values_are_as_data_have_them(editor: Editor, compare: Compare) -> None:
    """A date and a code come as the caller makes values of them; another form of the same is no change, and a doubt is asked."""
    editor.replace(editor.control(DATE), "22", "23")
    editor.replace(editor.control("rudolf-on-harbours/date"), "22 April 2010", "22.4.2010")
    editor.replace(editor.control("rudolf-on-harbours/assessment"), "Contested", "Supported")
    editor.replace(editor.control("gazette/published"), "23 April 2010", "soon")
    found = [(change.record, change.field, change.base, change.theirs, change.ask) for change in compare(editor.save())]
    assert found == [
        ("rudolf-on-harbours", "assessment", "contested", "supported", ""),
        ("M2010-1", "date", "2010-04-22", "2010-04-23", ""),
        ("gazette", "published", "2010-04-23", "soon", "no date"),
    ]


def test_emptied_is_not_unchanged(editor: Editor, compare: Compare) -> None:
    """A field without a text, or with Word's invitation to type one, is a change to nothing."""
    editor.clear(editor.control(TITLE))
    editor.replace(editor.control(DATE), "22 April 2010", "Click here")
    editor.control(DATE).find(qn("w:sdtPr")).append(element("<w:showingPlcHdr/>"))
    found = [(change.kind, change.record, change.field, change.theirs, change.ask) for change in compare(editor.save())]
    assert found == [(CHANGE, "M2010-1", "date", "", ""), (CHANGE, "M2010-1", "title", "", "")]


def test_what_was_typed_beside_an_emptied_field_is_asked(summary: bytes, compare: Compare) -> None:
    """Word leaves a control empty, and tracks the new text behind it, if more than its text is replaced."""
    editor = Editor(summary)
    editor.clear(editor.control(TITLE))
    editor.control(TITLE).addnext(element(f"<w:ins {editor.marks}><w:r><w:t>Harbour Accord</w:t></w:r></w:ins>"))
    change, remark = compare(editor.save())
    assert (change.theirs, change.ask) == ("", "the field is empty now, but a text was put in beside it")
    assert "Harbour Accord" in remark.theirs


def test_a_new_paragraph_in_a_field_is_no_change(summary: bytes, compare: Compare) -> None:
    """LibreOffice leaves the control around the first of both."""
    editor = Editor(summary, by="")
    editor.replace(editor.control(LAST_POINT), " is ", "")
    for run in list(editor.control(LAST_POINT).iter(qn("w:r")))[1:]:
        run.getparent().remove(run)
    editor.add(editor.around(LAST_POINT, "w:p"), "is planned for 2021 [2].")
    assert compare(editor.save()) == ()
    editor.replace(editor.around(LAST_POINT, "w:p").getnext(), "2021", "2022")
    (change,) = compare(editor.save())
    assert change.theirs == "What comes next\nis planned for 2022 [2]."
    assert change.ask == "the field ends where a new paragraph begins; this is the text of both"


def test_a_rejected_change_is_none(summary: bytes, compare: Compare) -> None:
    """Where all was rejected nothing differs, nor where somebody put in words and took them out again."""
    editor = Editor(summary)
    editor.splice(next(editor.control(TITLE).iter(qn("w:t"))), 0, 0, "New ")
    (added,) = editor.control(TITLE).iter(qn("w:ins"))
    editor.clear(added)
    assert compare(editor.save()) == ()


def test_several_authors_are_all_named(summary: bytes, compare: Compare) -> None:
    """In the order of the text, with the time of the last."""
    first = Editor(summary)
    first.replace(first.control(POINT), "signed", "joined")
    second = Editor(first.save(), "Bo", "2020-03-01T09:00:00Z")
    second.replace(second.control(POINT), "April", "May")
    (change,) = compare(second.save())
    assert change.theirs == "Ruritania joined the Harbour Agreement in May 2010 (M2010-1) [3]."
    assert (change.by, change.when) == (f"{ANA}, Bo", "2020-03-01T09:00:00Z")


def test_a_text_that_was_moved_stands_where_it_is_now(summary: bytes, compare: Compare) -> None:
    """Its control comes twice, in one of them all is taken out."""
    editor = Editor(summary)
    moved = deepcopy(editor.around(POINT, "w:p"))
    editor.around(LAST_POINT, "w:p").addnext(moved)
    editor.clear(editor.around(POINT, "w:p"))
    for mark in list(editor.body.iter(qn("w:del"))):
        mark.tag = qn("w:moveFrom")
    assert compare(editor.save()) == ()
    editor.replace(moved, "signed", "joined")
    (change,) = compare(editor.save())
    assert (change.where, change.ask) == ("paragraph 10", "")


def test_a_block_that_was_taken_out_is_a_remark(editor: Editor, compare: Compare) -> None:
    """A row or a paragraph that is gone removes no record; the remark says what it held."""
    editor.remove(editor.around(STANDS, "w:tr"))
    editor.remove(editor.around(LAST_POINT, "w:p"))
    row = "Harbour Charter | Signed, not in force [1] | December 2019 | A vote in 2021 [2] | The council (CL)"
    places = ("table 1, row 2, column 1", "paragraph 9") if editor.marks else ("after paragraph 4", "after paragraph 8")
    point = "What comes next is planned for 2021 [2]."
    expected = [
        Difference(REMARK, places[0], "about", "matters.0", row),
        Difference(REMARK, places[1], "about", "key_points.1", point),
    ]
    assert compare(editor.save()) == tuple(signed(editor, difference) for difference in expected)


def test_a_copied_field_that_contradicts_itself_is_asked(editor: Editor, compare: Compare) -> None:
    """One that is the same everywhere is not."""
    paragraph = editor.around(TITLE, "w:p")
    paragraph.addnext(deepcopy(paragraph))
    assert compare(editor.save()) == ()
    editor.replace(editor.control(TITLE), "Agreement", "Accord")
    (change,) = compare(editor.save())
    assert (change.kind, change.theirs) == (CHANGE, "Harbour Accord")
    assert change.ask == "the field stands here 2 times, and not always the same: “Harbour Accord”; “Harbour Agreement”"


def test_a_field_without_its_control_is_found_again(editor: Editor, compare: Compare) -> None:
    """By its text if that stands once between the fields around it, as it was before what was tracked there."""
    editor.unwrap(TITLE)
    assert compare(editor.save()) == ()
    paragraph = editor.unwrap(POINT)
    editor.replace(paragraph, "signed", "joined")
    (change,) = compare(editor.save())
    assert (change.record, change.field, change.where) == ("about", "key_points.0", "paragraph 8")
    assert change.theirs == "Ruritania joined the Harbour Agreement in April 2010 (M2010-1) [3]."
    assert change.ask == ("" if editor.marks else "the field is not marked any more; this stands in its place")


def test_a_field_that_is_not_found_again_is_asked(summary: bytes, compare: Compare) -> None:
    """One whose text was edited, and one whose text stands twice where it was, are remarks."""
    editor = Editor(summary, by="")
    editor.replace(editor.unwrap("gazette/publisher"), "Government", "Parliament")
    editor.add(editor.unwrap("council/name"), "Council of the League")
    found = [(remark.kind, remark.where, remark.record, remark.field, remark.base, bool(remark.ask)) for remark in compare(editor.save())]
    assert found == [
        (REMARK, "after paragraph 17", "council", "name", "Council of the League", True),
        (REMARK, "after paragraph 17", "gazette", "publisher", "Government of Ruritania", True),
    ]


def test_a_lost_field_is_not_looked_for_in_others(summary: bytes, compare: Compare) -> None:
    """Though one of these has the same text now."""
    editor = Editor(summary, by="")
    editor.replace(editor.unwrap("council/name"), "Council of the League", "Board")
    editor.replace(editor.control(TITLE), "Harbour Agreement", "Council of the League")
    change, remark = compare(editor.save())
    assert (change.record, change.theirs) == ("M2010-1", "Council of the League")
    assert remark == Difference(REMARK, "after paragraph 17", "council", "name", "Council of the League")


def test_a_program_that_drops_fields_is_named_once(summary: bytes, compare: Compare) -> None:
    """What was tracked is found all the same."""
    editor = Editor(summary)
    tags = list(controls(summary))
    editor.replace(editor.control(POINT), "signed", "joined")
    for tag in tags:
        editor.unwrap(tag)
    change, remark = compare(editor.save())
    assert (change.field, change.theirs) == ("key_points.0", "Ruritania joined the Harbour Agreement in April 2010 (M2010-1) [3].")
    assert remark == Difference(
        REMARK,
        "document",
        ask="the program that saved the document dropped its fields: only comments and tracked changes can be told for certain",
    )


def test_without_fields_a_row_that_was_taken_out_is_one_remark(summary: bytes, compare: Compare) -> None:
    """Its cells are not emptied one by one."""
    editor = Editor(summary)
    row = editor.around(STANDS, "w:tr")
    for tag in controls(summary):
        editor.unwrap(tag)
    editor.remove(row)
    _, remark = compare(editor.save())
    text = "Harbour Charter | Signed, not in force [1] | December 2019 | A vote in 2021 [2] | The council (CL)"
    assert remark == Difference(REMARK, "table 1, row 2, column 1", base=text, by=ANA, when=DAY)


def test_without_fields_what_is_like_one_text_is_asked(summary: bytes, compare: Compare) -> None:
    """A long text that was edited without a trace is found by its words, and so is what a comment is about; a short one is not."""
    editor = Editor(summary, by="")
    paragraph = editor.around(POINT, "w:p")
    editor.replace(editor.control(POINT), "signed", "joined")
    editor.replace(editor.control(TITLE), "Agreement", "Accord")
    for tag in controls(summary):
        editor.unwrap(tag)
    last = paragraph.getnext()[1]
    editor.anchor("0", last, last)
    change, _, comment = compare(with_comments(editor.save(), [("Bo", "Is it?", "")]))
    assert (change.field, change.theirs) == ("key_points.0", "Ruritania joined the Harbour Agreement in April 2010 (M2010-1) [3].")
    assert change.ask == "the field is not marked any more; this stands in its place"
    assert (comment.kind, comment.record, comment.field) == (COMMENT, "about", "key_points.1")


def test_what_is_tracked_beside_fields_is_a_remark(summary: bytes, compare: Compare) -> None:
    """A paragraph with both its texts; what was added has one; a change of a field in the same paragraph is told by itself."""
    editor = Editor(summary)
    editor.replace(editor.around(POINT, "w:p").getprevious(), "points", "matters")
    editor.add(editor.around(LAST_POINT, "w:p"), "A third point")
    editor.replace(editor.around(TITLE, "w:p"), "M2010", "N2010")
    editor.replace(editor.control(TITLE), "Agreement", "Accord")
    change, *remarks = compare(editor.save())
    assert (change.kind, change.theirs) == (CHANGE, "Harbour Accord")
    assert remarks[:2] == [
        Difference(REMARK, "paragraph 7", base="Key points", theirs="Key matters", by=ANA, when=DAY),
        Difference(REMARK, "paragraph 10", theirs="A third point", by=ANA, when=DAY),
    ]
    (remark,) = remarks[2:]
    assert (remark.record, remark.field) == ("M2010-1", "")
    assert remark.base.startswith("M2010-1, 22 April 2010: Harbour Accord.")
    assert remark.theirs.startswith("N2010-1, 22 April 2010: Harbour Accord.")


def test_what_is_tracked_in_a_row_is_one_remark(summary: bytes, compare: Compare) -> None:
    """A row that was put in, and one without fields that was taken out, with their cells beside each other."""
    editor = Editor(summary)
    heading, row = list(editor.around(STANDS, "w:tbl").iter(qn("w:tr")))
    row.addnext(deepcopy(row))
    for control in list(row.getnext().iter(qn("w:sdt"))):
        control.getparent().replace(control, element("<w:r><w:t>New</w:t></w:r>"))
    for run in list(row.getnext().iter(qn("w:r"))):
        mark = element(f"<w:ins {editor.marks}/>")
        run.addprevious(mark)
        mark.append(run)
    row.getnext().get_or_add_trPr().append(element(f"<w:ins {editor.marks}/>"))
    editor.remove(heading)
    assert compare(editor.save()) == (
        Difference(
            REMARK, "table 1, row 1, column 1", base="Matter | Where it stands | As of | Next decision | Who decides", by=ANA, when=DAY
        ),
        Difference(REMARK, "table 1, row 3, column 1", theirs="New | New | New | New | New", by=ANA, when=DAY),
    )


def test_notes_headers_and_text_boxes_are_remarks(summary: bytes, compare: Compare) -> None:
    """What is tracked there; a text box comes twice in a file, for newer programs and for older ones, and is told once."""
    editor = Editor(summary)
    run = f"<w:ins {editor.marks}><w:r><w:t>{{}}</w:t></w:r></w:ins>"
    section = editor.document.sections[0]
    section.header.paragraphs[0]._p.append(element(run.format("secret")))
    box = f"<w:pict><w:txbxContent><w:p>{run.format('box')}</w:p></w:txbxContent></w:pict>"
    spaces = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    copies = (
        f"<mc:AlternateContent {spaces}><mc:Choice Requires='a'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    editor.around(POINT, "w:p").append(element(f"<w:r>{copies}</w:r>"))
    found = [(remark.kind, remark.where, remark.record, remark.theirs[-6:]) for remark in compare(editor.save())]
    assert found == [(REMARK, "text box", "", "box"), (REMARK, "header", "", "secret")]


def test_our_own_tracked_changes_are_none(summary: bytes, tiny: Dataset) -> None:
    """Those that the document had when it was issued: a redline comes back as it was sent, and what others did in it is theirs."""
    about = tiny.about
    ours = Editor(summary, about.publisher, f"{about.published}T00:00:00Z")
    ours.replace(ours.control(TITLE), "Agreement", "Accord")
    ours.replace(ours.around(TITLE, "w:p"), "M2010", "N2010")
    ours.remove(ours.around(STANDS, "w:tr"))
    redline = ours.save()
    issued = {tag: text for tag, text in controls(redline).items() if text}
    assert issued[TITLE] == "Harbour Accord"
    theirs = Editor(redline)
    assert differences(theirs.save(), Path("a.docx"), issued, snapshot_of(tiny), convert) == ()
    theirs.replace(theirs.control(TITLE), "Accord", "Treaty")
    (change,) = differences(theirs.save(), Path("a.docx"), issued, snapshot_of(tiny), convert)
    assert (change.base, change.theirs, change.by) == ("Harbour Accord", "Harbour Treaty", ANA)


def test_a_long_tag_is_known_by_its_digest(summary: bytes, tiny: Dataset) -> None:
    """Word takes 64 characters; one that no record has is told as it is."""
    identifier = "a-milestone-with-a-name-that-is-longer-than-a-tag-of-word-may-ever-be"
    snapshot = snapshot_of(tiny)
    milestones = [{**milestone, "id": identifier} for milestone in snapshot.content["milestone"] if milestone["id"] == "M2010-1"]
    named = replace(snapshot, content={**snapshot.content, "milestone": milestones})
    editor, tag = Editor(summary, ""), tag_of(f"{identifier}/title")
    editor.control(TITLE).find(f"{qn('w:sdtPr')}/{qn('w:tag')}").set(qn("w:val"), tag)
    editor.replace(editor.control(tag), "Agreement", "Accord")
    editor.replace(editor.control("league/publisher"), "League", "Union")
    issued = {**controls(summary), tag: "Harbour Agreement", "unknown/name": "A"}
    del issued[TITLE]
    editor.replace(editor.around(POINT, "w:p"), "signed", "joined")
    found = [(change.record, change.field) for change in differences(editor.save(), Path("a.docx"), issued, named, convert)]
    assert found == [("about", "key_points.0"), ("league", "publisher"), (identifier, "title"), ("unknown", "name")]


def test_comments_are_told_with_their_words(summary: bytes, compare: Compare) -> None:
    """At the field that they are about, or the only one of the paragraph or the row, or its record; replies and resolved ones say so."""
    editor = Editor(summary)
    date, title = editor.control(DATE), editor.control(TITLE)
    (run,) = date.iter(qn("w:r"))
    editor.anchor("0", run, run)
    editor.anchor("1", date, title)
    speaker = editor.around("rudolf-on-harbours/date", "w:p")[1]
    editor.anchor("3", speaker, speaker)
    editor.around(POINT, "w:p").append(element('<w:r><w:commentReference w:id="4"/></w:r>'))
    heading = editor.around(POINT, "w:p").getprevious()[-1]
    editor.anchor("5", heading, heading)
    editor.anchor("6", title, editor.control("council/name"))
    comments = [("Bo", "The 23rd?", ""), (ANA, "Both?", ""), ("Cy", "Yes", "1"), (ANA, "Who?", ""), ("Bo", "Old", ""), ("Bo", "Hm", "")]
    comments.append(("Bo", "All of it?", ""))
    found = [
        (comment.where, comment.record, comment.field, comment.comment, comment.by)
        for comment in compare(with_comments(editor.save(), comments, [1]))
    ]
    assert found == [
        ("paragraph 17, “22 April 2010”", "M2010-1", "date", "The 23rd?", "Bo"),
        ("paragraph 17, “22 April 2010: Harbour Agreement”, resolved", "M2010-1", "", "Both?", ANA),
        (f"paragraph 17, “22 April 2010: Harbour Agreement”, reply to {ANA}, resolved", "M2010-1", "", "Yes", "Cy"),
        ("table 2, row 2, column 2, “Rudolf Rassendyll,”", "rudolf-on-harbours", "date", "Who?", ANA),
        ("paragraph 8", "about", "key_points.0", "Old", "Bo"),
        ("paragraph 7, “Key points”", "", "", "Hm", "Bo"),
        (found[-1][0], "", "", "All of it?", "Bo"),
    ]


EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(("", "new", "of a kind")), st.booleans()), max_size=8)


@given(edits=EDITS)
def test_random_edits_come_back(edits: list[tuple[int, int, str, bool]], summary: bytes, compare: Compare) -> None:
    """Any word of any field, taken out or replaced by others, tracked or not: these fields differ in just that, and nothing else does."""
    editor, issued = Editor(summary), controls(summary)
    marks, expected = editor.marks, dict[str, str]()
    for field, place, new, is_tracked in edits:
        tag = list(issued)[field % len(issued)]
        control = editor.control(tag)
        words = [(part, word.span()) for part in control.iter(qn("w:t")) for word in re.finditer(r"\S+", part.text)]
        if tag not in expected:
            part, (start, end) = words[place % len(words)]
            whole = part.text
            part.text = whole[:start] + new + whole[end:]
            expected[tag] = text(control)
            part.text = whole
            editor.marks = marks if is_tracked else ""
            editor.splice(part, start, end, new)
    found = {f"{change.record}/{change.field}".replace("about/", "dataset.yaml/"): change.theirs for change in compare(editor.save())}
    assert found == {tag: plain(words) for tag, words in expected.items()}
