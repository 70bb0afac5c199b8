"""The finished files, passage by passage: the audit sees whatever they say otherwise than their templates make of the data."""

from collections.abc import Callable

import pytest

from reports.audit import audit
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import Audit, Change, Tamper
from tests.conftest import edit

ManifestEntry = Callable[[str, str], dict[str, list[str]]]

TEMPLATE = "(templates/paper/paper.html.j2)"
STALE = "was made from other templates (paper/paper.html.j2) than there are now; build it again, then audit"
SECTION = """\
  <h2>Claims</h2>
  <ul>
    {% for statement in view.statements %}
"""
ROWS = "{% for milestone in view.milestones %}"
ASSESSMENT = '{{ term("assessment." ~ statement.assessment) }}'
BEGINS = '<p>It begins with <a class="reference" href="#M2001-1">M2001-1</a>.</p>'


@pytest.fixture
def made_otherwise(own: Folders, audited: Audit) -> ManifestEntry:
    """A function that makes the papers with *new* in their template instead of *old*, and returns what the audit, with *old*, finds."""

    def run(old: str, new: str) -> dict[str, list[str]]:
        template = own.templates / "paper" / "paper.html.j2"
        text = template.read_text("utf-8")
        edit(template, old, new)
        build(own, BuildOptions())
        template.write_text(text, "utf-8")
        found = audited()
        assert {name for name, messages in found.items() if messages} == {"paper.pdf", "paper.html", "paper.docx"}
        assert {messages[-1] for messages in found.values() if messages} == {STALE}
        return {name.partition(".")[2]: messages[:-1] for name, messages in found.items() if messages}

    return run


def test_what_was_not_changed_agrees(own: Folders) -> None:
    """Every passage and every cell of files as they were made is compared, and agrees."""
    found = {one.path.name: one for one in audit(own)}
    assert [one.problems for one in found.values()] == [()] * 6
    assert {name: one.counts["passages"] for name, one in found.items() if name.startswith("paper")} == {
        "paper.pdf": 32,
        "paper.html": 32,
        "paper.docx": 33,  # and the caption once more, as the table's description
    }
    assert found["ledger.xlsx"].counts["cells"] > found["ledger.csv"].counts["cells"] > 80


EVERYTHING = """\
<nav id="contents"><h2>Contents</h2><ul><li><a href="#deep">Year 2010</a></li><li><a href="#deeper">Table</a></li></ul></nav>
<section id="deep"><div id="deeper">
<p>A link that is <a href="https://league.example/a%20b?x=1&amp;y=(2)">so long that it has to be broken over two lines, or three,
as it goes on and on</a>.<br>A line, and<a href="#deep">two</a><a href="#deep">links</a>,
soft&shy;hyphen, no&nbsp;break, <em>x</em><strong>y</strong></p>
<ul>
<li>First <ul><li id="inner">Inner <a href="#inner">itself</a></li><li>Another<ol><li>Deepest</li></ol></li></ul></li>
<li><p>A paragraph in an item, <span id="inline">with</span> an <a href="#inline">anchor</a>.</p></li>
</ul>
<p></p><p>Same</p><p>Same</p>
<table id="table"><caption>Long</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody>
{% for one in range(60) %}<tr><th scope="row">{{ one }}</th><td>{% if one % 2 %}<p>1</p><p>2</p>{% endif %}</td></tr>{% endfor %}
</tbody></table>
</div></section>
"""


def test_every_element_agrees(own: Folders, audited: Audit) -> None:
    """Whatever a template may hold is read back as it was written: nested lists, links over lines and side by side, long tables."""
    edit(own.templates / "paper" / "paper.html.j2", "  <h2>Claims</h2>\n", f"{EVERYTHING}  <h2>Claims</h2>\n")
    edit(
        own.templates / "paper" / "paper.html.j2",
        '"shared/fonts.css">',
        '"shared/fonts.css"><link rel="stylesheet" href="paper/paper.css">',
    )
    (own.templates / "paper" / "paper.css").write_text("nav a::after { content: leader(' ') target-counter(attr(href), page) }", "utf-8")
    build(own, BuildOptions())
    assert set(map(tuple, audited().values())) == {()}


@pytest.mark.parametrize(
    ("old", "new", "places", "says"),
    [
        (
            ASSESSMENT,
            "supported",
            (
                "page 1, 'Every harbour is open.[3] Rudolf Rassend…'",
                "#rudolf-on-harbours",
                "paragraph 6 'Every harbour is open. [3] Rudolf Rassen…'",
            ),
            "says 'Every harbour is open. [3] Rudolf Rassendyll, supported.'; "
            "the template says 'Every harbour is open. [3] Rudolf Rassendyll, contested.' (data/statements.yaml:1:3)",
        ),
        (
            BEGINS,
            f"<p>It is over.</p>\n{BEGINS}",
            ("page 1, 'It is over.'", "<p> 'It is over.'", "paragraph 8 'It is over.'"),
            f"says 'It is over.'; the template says nothing here {TEMPLATE}",
        ),
        (
            "<caption>All",
            "<caption>The",
            ("page 1, 'The 14 milestones'", "<caption> 'The 14 milestones'", "paragraph 4 'The 14 milestones'"),
            f"says 'The 14 milestones'; the template says 'All 14 milestones' {TEMPLATE}",
        ),
        (
            '">Date</th>',
            '">Day</th>',
            ("page 1, row 'Reference'", "table 1, row 'Reference'", "table 1, row 'Reference'"),
            f"says 'Day'; the template says 'Date' {TEMPLATE}",
        ),
        (
            "Edition {{ view.about.edition }}",
            "Edition 3",
            ("page 1, 'Edition 3 of 1 July 2020'", "<p> 'Edition 3 of 1 July 2020'", "paragraph 16 'Edition 3 of 1 July 2020'"),
            f"says 'Edition 3 of 1 July 2020'; the template says 'Edition 1 of 1 July 2020' {TEMPLATE}",
        ),
        (
            BEGINS,
            "<p>It begins with M2001-1.</p>",
            ("page 1, 'It begins with M2001-1.'", "<p> 'It begins with M2001-1.'", "paragraph 8 'It begins with M2001-1.'"),
            f"has no links; the template has the links 'M2001-1' {TEMPLATE}",
        ),
        (
            BEGINS,
            "",
            (
                "after page 1, 'Pilots are content.[5] Guild of Pilots, …'",
                "after #guild-on-pilots",
                "after paragraph 7 'Pilots are content. [5] Guild of Pilots,…'",
            ),
            f"'It begins with M2001-1.' is missing {TEMPLATE}",
        ),
    ],
    ids=["an assessment", "a sentence more", "a caption", "a heading", "the edition", "a link less", "a paragraph less"],
)
def test_another_text_is_seen(old: str, new: str, places: tuple[str, str, str], says: str, made_otherwise: ManifestEntry) -> None:
    """Whatever a file says otherwise than its template now is told in every format, with its place there."""
    found = made_otherwise(old, new)
    # A PDF has no space at the end of a line, and this one's first claim goes on after its mark.
    first = [
        found[name][0].replace("says 'Every harbour is open.[3]", "says 'Every harbour is open. [3]") for name in ("pdf", "html", "docx")
    ]
    assert first == [f"{place}: {says}" for place in places]


def test_another_mark_is_seen(made_otherwise: ManifestEntry) -> None:
    """A claim that cites other sources than the data give is told with its line there."""
    found = made_otherwise("{{ statement.evidence | cite }} ", "{{ statement.counter_evidence | cite }} ")
    wanted = "the template says 'Every harbour is open. [3] Rudolf Rassendyll, contested.' (data/statements.yaml:1:3)"
    assert all(any("[4]" in one and one.endswith(wanted) for one in messages) for messages in found.values())


def test_a_lost_section_is_seen(made_otherwise: ManifestEntry) -> None:
    """A section that the file lacks is told once, with its first and its last passage."""
    found = made_otherwise(SECTION, "<ul>\n{% for statement in view.statements[:0] %}")
    missing = "3 passages are missing, from 'Claims' to 'Pilots are content. [5] Guild of Pilots, not assessed.'"
    assert all(any(missing in one for one in messages) for messages in found.values())


def test_swapped_rows_are_seen(made_otherwise: ManifestEntry) -> None:
    """Rows that have changed places are told to have moved, and nothing else is."""
    found = made_otherwise(ROWS, "{% for milestone in view.milestones[1:2] + view.milestones[:1] + view.milestones[2:] %}")
    moved = ": stands here; the template has it after 'Reference Date Milestone' (data/milestones/first.yaml:25:5)"
    assert found == {
        "pdf": [f"page 1, row 'M2001-1'{moved}"],
        "html": [f"#M2001-1{moved}"],
        "docx": [f"table 1, row 'M2001-1'{moved}"],
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "paper.html",
            "</main>",
            "<div>Loose.</div></main>",
            "outside of all paragraphs and tables: goes on",
        ),
        ("paper.html", "Harbours to open, <a href=", "Harbours to open, <b href=", "#source-courier: "),
        ("paper.docx", '<w:tblCaption w:val="All', '<w:tblCaption w:val="The', "table 1: says 'The 14 milestones'; the template says"),
        (
            "paper.docx",
            "Rudolf Rassendyll, contested",
            "Rudolf Rassendyll, supported",
            "paragraph 6 'Every harbour is open. [3] Rudolf Rassen…': says",
        ),
    ],
)
def test_a_tampered_file_is_seen(name: str, old: str, new: str, message: str, tamper: Tamper) -> None:
    """What somebody changed in the finished file is told, wherever it stands."""
    assert [one for one in tamper(name, old, new) if one.startswith(message)] != []


def test_a_template_that_makes_nothing_is_told(own: Folders, audited: Audit) -> None:
    """A template that can't be rendered now is a disagreement with its line, not the end of the audit."""
    edit(own.templates / "paper" / "paper.html.j2", "{{ view.about.outlook | prose }}", "{{ view.nothing | prose }}")
    (message, _) = audited()["paper.docx"]
    assert message.startswith("its template makes nothing of the data: templates/paper/paper.html.j2:")


def test_a_text_of_the_data_is_told_with_its_place(change: Change) -> None:
    """A text that has changed in the data since is told where it stands in the file, too."""
    found = change("statements.yaml", "Every harbour is open.", "Every harbour is closed.")["paper.html"]
    assert any(one.startswith("#rudolf-on-harbours: says 'Every harbour is open. [3]") for one in found)


REVOKED = "the template goes on 'Harbour Agreement. The agreement was signed. The Gazette is follow…' (data/milestones/first.yaml:86:5)"


def test_one_difference_hides_no_other(own: Folders, audited: Audit) -> None:
    """A date that is wrong is told once; other words in the same row, and another address there, are told besides."""
    page = own.out / "en" / "paper.html"
    edit(page, "22 April 2010", "23 April 2010")
    edit(page, "Harbour Agreement.</strong>", "Harbour Agreement.</strong> REVOKED IN 2011.")
    edit(page, "February", "March")
    edit(page, "https://league.example/agenda", "https://league.example/minutes")
    messages = audited()["paper.html"]
    dates = [one for one in messages if "the date is" in one]
    assert len(dates) == 2
    others = [one for one in messages if one not in dates]
    says = "goes on 'Harbour Agreement. REVOKED IN 2011. The agreement was signed. The G…'"
    assert f"#M2010-1, 'Milestone': {says}; {REVOKED}" in others
    led = "the link 'with an agenda' leads to 'https://league.example/minutes'; the template's leads to 'https://league.example/agenda'"
    assert f"#M2003-1: {led} (data/milestones/first.yaml:40:5)" in others
    assert len(others) == 2
