"""The texts of the finished files: the audit sees one that is cut off, changed, or left out."""

import re

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper
from tests.conftest import edit

SHOWING = ["paper.pdf", "paper.html", "paper.docx", "ledger.xlsx", "ledger.csv"]
LONG = "Envoys met, in a place that *nobody* wrote down."


@pytest.mark.parametrize("name", SHOWING)
def test_a_text_with_another_word_is_seen(name: str, change: Change) -> None:
    """What the file says and what the data say are both told, from where they begin to differ, in every format."""
    messages = change("milestones/first.yaml", LONG, LONG.replace("nobody", "everybody"))[name]
    says = "the text: goes on 'voys met, in a place that nobody wrote down. What they said is in two lette…'"
    data = "text goes on 'voys met, in a place that everybody wrote down. What they said is in two le…' (data/milestones/first.yaml:28:11)"
    assert f"{says}; {data}" in messages


@pytest.mark.parametrize("name", SHOWING)
def test_a_text_that_goes_on_is_seen(name: str, change: Change) -> None:
    """A short text that is cut off, as far as the data go, is missed in its row, in every format."""
    messages = change("milestones/first.yaml", "text: Pilots are exchanged.", "text: Pilots are exchanged, and paid.")[name]
    assert any("M2004-1" in one and "Pilots are exchanged, and paid." in one and "first.yaml:52:11" in one for one in messages)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("paper.html", " wrote down. What they said is in two letters:", "…"),
        ("paper.docx", " wrote down. What they said is in two letters: ", "…"),
        ("ledger.csv", " wrote down. What they said is in two letters:", "…"),
        ("ledger.xlsx", " wrote down. What they said is in two letters:", "…"),
    ],
)
def test_a_text_cut_off_in_the_file_is_seen(name: str, old: str, new: str, tamper: Tamper) -> None:
    """A text of which the file holds only a part is told, with the line of the data."""
    messages = tamper(name, old, new)
    assert any("the text: goes on '" in one and "nobody…" in one and "(data/milestones/first.yaml:28:11)" in one for one in messages)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sources.yaml", "title: Letter of the guild", "title: North Atlantic Council, final communique"),
        ("sources.yaml", "title: Letter of the guild", "title: North Atlantic Council decides, and an observer listens"),
        ("sources.yaml", "publisher: The League", "publisher: North Atlantic Council of the League"),
        ("dataset.yaml", "outlook: ", "outlook: North Atlantic Council sessions are reported. "),
        ("paper", "<h2>Claims</h2>", "<p>The North Atlantic Council is an observer.</p><h2>Claims</h2>"),
    ],
)
def test_other_words_that_begin_alike_are_no_text(file: str, old: str, new: str, own: Folders, audited: Audit) -> None:
    """What a text begins with may stand in a source's title, in its publisher's name, and in the words of a template."""
    path = own.templates / "paper" / "paper.html.j2" if file == "paper" else own.data / file
    edit(
        own.data / "frameworks.yaml", "text: An observer listens.", "text: North Atlantic Council decides, and an observer listens all day."
    )
    edit(path, old, new)
    build(own, BuildOptions())
    assert set(map(tuple, audited().values())) == {()}


@pytest.mark.parametrize("end", ["", "…", "...", "… [5]"])
def test_a_text_that_the_template_cuts_off_is_seen(end: str, own: Folders, audited: Audit) -> None:
    """A template that shows the beginning of a text only, in whichever way, is told, though the file is what it makes."""
    cut = f"<p>Seen: {{{{ (view.milestones[0].text | plain)[:30] }}}}{end}</p>"
    paper = own.templates / "paper" / "paper.html.j2"
    edit(paper, "{{ milestone.text | inline }}", "")
    edit(paper, "<h2>Claims</h2>", f"{cut}<h2>Claims</h2>")
    build(own, BuildOptions())
    begins = "the text: goes on 'ys met, in a place that no"
    assert any(one.startswith(begins) and one.endswith("(data/milestones/first.yaml:28:11)") for one in audited()["paper.html"])


def test_a_short_locator_stands_in_no_other_number(own: Folders, audited: Audit) -> None:
    """A page's number is not given by a row just because its digits stand in the reference: so no row lacks it."""
    for name in ("first", "second"):
        path = own.data / "milestones" / f"{name}.yaml"
        path.write_text(re.sub(r"locator: .*", 'locator: "1"', path.read_text("utf-8")), "utf-8")
    edit(own.data / "milestones" / "first.yaml", 'source: league\n        locator: "1"', 'source: league\n        locator: "97"')
    build(own, BuildOptions())
    assert set(map(tuple, audited().values())) == {()}


def test_a_short_text_is_no_part_of_another(own: Folders, audited: Audit) -> None:
    """A locator that is shown for every milestone is missed where only a longer one stands: 'page 1' is not 'page 12'."""
    for name in ("first", "second"):
        path = own.data / "milestones" / f"{name}.yaml"
        path.write_text(re.sub(r"locator: .*", "locator: page 1", path.read_text("utf-8")), "utf-8")
    ledger = own.templates / "ledger" / "ledger.yaml"
    edit(
        ledger,
        "heading: \"'Earliest day'\", width: 12, value: milestone.date.earliest",
        "heading: \"'Where'\", width: 12, value: \"'In ' ~ milestone.evidence[0].locator\"",
    )
    build(own, BuildOptions())
    assert audited()["ledger.csv"] == []
    table = own.out / "en" / "ledger.csv"
    edit(table, '"M2012-1","2012","In page 1"', '"M2012-1","2012","In page 12"')
    assert (
        "row 11, 'M2012-1': lacks a text, or words it otherwise; evidence.locator is 'page 1' (data/milestones/second.yaml:13:18)"
        in audited()["ledger.csv"]
    )
