"""The numbered sources of the finished files: the audit sees one that has changed, is lost, or is reached by another's mark."""

import re

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper
from tests.conftest import edit

# The milestones whose evidence is one of the first two sources, and its number.
CITING = {"M2008-1": 2, "M2010-1": 1, "M2012-1": 1, "M2016-1": 2, "M2018-1": 2, "M2019-1": 2, "M2021-1": 2}
LISTING = ["paper.pdf", "paper.html", "paper.docx", "ledger.xlsx"]


@pytest.mark.parametrize("name", LISTING)
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Letter of the guild", "title: Letter of a guild", "its title is 'Letter of a guild' (data/sources.yaml:32:10)"),
        (
            "url: https://leaflet.example/",
            "url: https://leaflet.example/2",
            "its address is https://leaflet.example/2 (data/sources.yaml:41:8)",
        ),
    ],
)
def test_another_source_behind_a_number_is_seen(old: str, new: str, message: str, name: str, change: Change) -> None:
    """A number that stands for another title, publisher or address than in the data is told, in every format."""
    assert any(one.endswith(message) for one in change("sources.yaml", old, new)[name])


@pytest.mark.parametrize("name", LISTING)
def test_another_publisher_is_seen(name: str, change: Change) -> None:
    """The publisher behind a number is compared, too."""
    messages = change("sources.yaml", "publisher: Guild of Pilots", "publisher: Guild of Masters")[name]
    assert any(one.endswith("its publisher is 'Guild of Masters' (data/sources.yaml:33:14)") for one in messages)


@pytest.mark.parametrize("name", LISTING)
def test_swapped_sources_are_seen(name: str, own: Folders, audited: Audit) -> None:
    """Two sources that have changed places have changed numbers: both entries and every mark of the old file are told as wrong."""
    path = own.data / "sources.yaml"
    first, second, *others = path.read_text("utf-8").split("- id: ")[1:]
    path.write_text("".join(f"- id: {one}" for one in (second, first, *others)), "utf-8")
    messages = audited()[name]
    titles = (
        "its title is 'The League and Ruritania' (data/sources.yaml:2:10)",
        "its title is 'Official Gazette, number 7' (data/sources.yaml:10:10)",
    )
    assert all(any(one.endswith(f"; {title}") for one in messages) for title in titles)
    about = {reference: [one for one in messages if re.search(rf"{reference}\b", one.partition(":")[0])] for reference in CITING}
    evidence = (
        r"Sources by number': says '.*'; the data say '.*' \("
        if name == "ledger.xlsx"
        else r": cites the sources \[.*\]; the evidence is \["
    )
    assert [reference for reference, told in about.items() if not any(re.search(evidence, one) for one in told)] == []
    if name in ("paper.pdf", "paper.html"):  # in Word, an anchor does not name its source as it is
        marks = {1: "'source-gazette'; source 1 is 'league' (data/", 2: "'source-league'; source 2 is 'gazette' (data/"}
        led = {reference: f"the mark [{number}] leads to {marks[number]}" for reference, number in CITING.items()}
        assert [reference for reference, mark in led.items() if not any(mark in one for one in about[reference])] == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("paper.html", '<li id="source-league">[2]', '<li id="source-league">[3]'), ("paper.docx", ">[2] The League, ", ">[3] The League, ")],
)
def test_a_mark_that_leads_to_another_source_is_seen(name: str, old: str, new: str, tamper: Tamper) -> None:
    """A mark whose target bears another number is told, and so is a number that the list lacks or holds twice."""
    messages = tamper(name, old, new)
    assert "cites the source [2], which its list of sources does not hold (data/sources.yaml:9:3)" in messages
    assert "the list of sources holds [3] 2 times (data/sources.yaml:17:3)" in messages
    assert any("the mark [2] leads to '[3] The League" in one for one in messages)


def test_a_reference_that_leads_elsewhere_is_seen(tamper: Tamper) -> None:
    """A reference in the text leads to the milestone that it names."""
    found = tamper(
        "paper.html", '<p>It begins with <a class="reference" href="#M2001-1">', '<p>It begins with <a class="reference" href="#nowhere">'
    )
    assert found == ["<p> 'It begins with M2001-1.': the link 'M2001-1' leads to nothing (data/milestones/first.yaml:25:9)"]


def test_the_link_of_a_first_source_is_compared(tamper: Tamper) -> None:
    """In a workbook, the address behind a milestone's first source is that source's."""
    old = '<hyperlink ref="G4" tooltip="https://mirror.example/letter" r:id="rId1"/>'
    new = '<hyperlink ref="G4" tooltip="https://mirror.example/letter" r:id="rId2"/>'
    (message,) = tamper("ledger.xlsx", old, new)
    assert message.startswith("Register!A4, 'M2001-1': leads to https://")
    assert message.endswith("; the first source is at https://mirror.example/letter (data/milestones/first.yaml:36:7)")


def test_another_link_in_the_row_is_none_of_the_first_source(own: Folders, audited: Audit) -> None:
    """Only the link in the column of the first source leads there; a title may lead elsewhere, with the same words even."""
    ledger = own.templates / "ledger" / "ledger.yaml"
    edit(ledger, "value: milestone.title }", 'value: milestone.title, link: "view.sources[-1].url" }')
    build(own, BuildOptions())
    assert audited()["ledger.xlsx"] == []


def test_a_first_source_without_an_address_is_said_to_have_none(own: Folders, audited: Audit) -> None:
    """A link where the first source has no address is told as such."""
    edit(own.templates / "ledger" / "ledger.yaml", "link: view.source(milestone.evidence[0].source).url", 'link: "view.sources[0].url"')
    build(own, BuildOptions())
    led = "leads to https://gazette.example/7?part=1&page=2; the first source has no address (data/milestones/first.yaml:47:7)"
    assert f"Register!A5, 'M2003-1': {led}" in audited()["ledger.xlsx"]


def test_a_number_without_a_title_is_no_source(own: Folders, audited: Audit) -> None:
    """Anything may be numbered; a list of sources has their titles, too."""
    edit(
        own.templates / "ledger" / "ledger.yaml",
        "heading: \"'Speaker'\", width: 20, value: statement.speaker | label",
        "heading: \"'Number'\", width: 20, value: 7",
    )
    build(own, BuildOptions())
    assert audited()["ledger.xlsx"] == []
