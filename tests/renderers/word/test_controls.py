"""Content controls in Word: which field of which record each holds, and what stands in it."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from reports.dataset.dataset import Dataset
from reports.dataset.model import Assessment, plain
from reports.renderers.word import render
from reports.renderers.word.controls import LONGEST, shortened, tag_of
from tests.conftest import PROJECT
from tests.renderers.word.conftest import WriteWord, blocks, find, text
from tests.renderers.word.test___init__ import SUMMARY, with_all_claims

SPAN = "<span data-field='{}' title='{}'>{}</span>"
DATE = SPAN.format("M2010-1/date", "M2010-1: the date", "22 April 2010")
GIST = SPAN.format("claim/gist", "The council: the claim", "So <em>it</em> is <a href='https://a.example'>there</a>.<br>Or not")


def test_a_field_is_a_control(write_word: WriteWord) -> None:
    """In a paragraph, an item or a cell, a named field is a control, with its name for programs and for people; its text stays in place."""
    cell = f"<table><caption>C</caption><thead><tr><th scope='col'>H</th></tr></thead><tbody><tr><td>{DATE}</td></tr></tbody></table>"
    document = write_word(f"<p>On {DATE}: {GIST}</p><ul><li>{DATE}{DATE}</li></ul>{cell}")
    controls = find(document.element, "//w:sdt")
    assert [find(control, "w:sdtPr/w:tag/@w:val")[0] for control in controls] == ["M2010-1/date", "claim/gist", *["M2010-1/date"] * 3]
    assert find(controls[1], "w:sdtPr/w:alias/@w:val") == ["The council: the claim"]
    assert [text(control) for control in controls[:2]] == ["22 April 2010", "So it is there.\nOr not"]
    assert {control.getparent().tag for control in controls} == {qn("w:p")}
    assert [words for _, words in blocks(document)][1:] == [
        *("On 22 April 2010: So it is there.\nOr not", "22 April 201022 April 2010", "C", "H", "22 April 2010")
    ]


def test_what_stands_in_a_control_is_as_elsewhere(write_word: WriteWord) -> None:
    """Stress and links are in the control of their field, and a control stands in another's place, not in it."""
    document = write_word(f"<p>{GIST}</p><p>{SPAN.format('a/b', 'A', f'one {DATE} two')}</p>")
    first, *others = find(document.element, "//w:sdtContent")
    assert [text(run) for run in find(first, "w:r[w:rPr/w:rStyle/@w:val='Emphasis']")] == ["it"]
    assert [text(link) for link in find(first, "w:hyperlink")] == ["there"]
    assert [text(content) for content in others] == ["one ", "22 April 2010", " two"]
    assert find(document.element, "//w:sdt//w:sdt") == []


def test_an_empty_field_has_no_control(write_word: WriteWord) -> None:
    """Word would show its own invitation to click there."""
    assert find(write_word(f"<p>A{SPAN.format('a/b', 'A', ' ')}</p>").element, "//w:sdt") == []


def test_the_fields_of_the_summary_are_named(tiny: Dataset) -> None:
    """Each control of the summary that is shipped names a record, or the file of the head, and a field of it, and no two the same."""
    view = with_all_claims(tiny)
    contested = tuple(claim.model_copy(update={"assessment": Assessment.CONTESTED}) for claim in view.statements)
    view = replace(view, statements=contested)
    document = docx.Document(BytesIO(render(view, PROJECT / "templates", SUMMARY).content))
    tags = find(document.element, "//w:sdt/w:sdtPr/w:tag/@w:val")
    assert {"M2010-1/date", "dataset.yaml/matters.0.stands", "dataset.yaml/verify.0", f"{contested[0].id}/gist"} <= set(tags)
    assert len(set(tags)) == len(tags) == len(find(document.element, "//w:sdt"))
    for record, keys in (tag.split("/") for tag in tags):
        declared: Any = plain(view.about if record == "dataset.yaml" else tiny.by_id[record])
        for key in keys.split("."):
            declared = declared[int(key) if key.isdigit() else key]
        assert declared
    assert all(find(document.element, "//w:sdt/w:sdtPr/w:alias/@w:val"))


def test_names_are_as_long_as_word_allows() -> None:
    """A long tag is still the tag of one field only, and a long name is cut where people see it."""
    longest = f"{'a' * 59}/text"
    long = [f"{'a' * 76}/{name}" for name in ("text", "gist")]
    assert (tag_of("M2010-1/date"), tag_of(longest), shortened("n" * 64)) == ("M2010-1/date", longest, "n" * 64)
    assert {len(tag_of(field)) for field in long} == {LONGEST}
    assert len({tag_of(field) for field in long}) == 2
    assert shortened("one two " * 9) == "one two one two one two one two one two one two one two one two…"
