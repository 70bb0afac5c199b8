"""All comparisons together: files of legal data agree, whatever those look like, and damaged files are told of, not stumbled over."""

import re
import shutil
from pathlib import Path

import pytest

from reports.audit import audit
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from reports.dataset.load import load_dataset
from reports.renderers.ooxml import pack, unpack
from tests.audit.conftest import Audit, Tamper, redraw
from tests.conftest import edit

LEAFLET = "(data/sources.yaml:38:3)"
FIRST = "data/milestones/first.yaml"
CITING = ("M2010-2", "M2010-10", "M2010-1")
ADDRESS = f"https://leaflet.example/{'0a' * 32}"
SOURCES = {"paper.pdf": 6, "paper.html": 6, "paper.docx": 6, "ledger.xlsx": 6, "ledger.csv": 0}
CHANGES = (
    ("milestones/first.yaml", "title: Exchange of pilots", "title: Exchange under the Act [2012] 31"),
    ("milestones/first.yaml", "locator: paragraph 4", "locator: 'paragraph [45]'"),
    ("milestones/first.yaml", "text: Talks were held [with", "text: Talks were held [[3]](https://league.example/3) [with"),
    ("sources.yaml", "title: Leaflet without a date", "title: Leaflet of the guild [2004]"),
    ("sources.yaml", "url: https://leaflet.example/", f"url: {ADDRESS}"),
    ("milestones/second.yaml", "text: The conference was not held.", "text: All 12 milestones of the plan were missed."),
    (
        "milestones/second.yaml",
        "text: The lighthouse was to be lit.",
        "text: >-\n      The light\N{SOFT HYPHEN}house, as all agree, was to be lit: "
        + " ".join(["in-ter-na-tion-al-ly".replace("-", "\N{SOFT HYPHEN}")] * 40)
        + ".",
    ),
)


@pytest.fixture(scope="module")
def legal(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Files made of the tiny data with CHANGES, and a paragraph that begins with a citation and counts."""
    root = tmp_path_factory.mktemp("legal")
    for name in ("data", "templates"):
        shutil.copytree(finished / name, root / name)
    for file, old, new in CHANGES:
        edit(root / "data" / file, old, new)
    paper = root / "templates" / "paper" / "paper.html.j2"
    more = "<p>{{ view.milestones[0].evidence | cite }} has more.</p><p>It is at {{ view.sources[-1].url }}</p>"
    edit(paper, "<h2>Claims</h2>", f"{more}<h2>Claims</h2>")
    folders = Folders(root / "data", root / "templates", root / "build")
    load_dataset(folders.data)
    build(folders, BuildOptions())
    return folders


@pytest.mark.parametrize("name", ["paper.pdf", "paper.html", "paper.docx", "ledger.xlsx", "ledger.csv", "dataset.json"])
def test_legal_data_raise_no_alarm(name: str, legal: Folders) -> None:
    """Numbers in brackets, paragraphs that begin with a mark, counts in prose, digests in addresses, soft hyphens: all that is allowed."""
    (found,) = [one for one in audit(legal) if one.path.name == name]
    assert [problem.message for problem in found.problems] == []
    assert found.counts.get("sources") == SOURCES.get(name)


@pytest.mark.parametrize("blank", ["\r\n", "\r\n\r\n"])
def test_a_blank_line_of_a_table_is_none(blank: str, own: Folders, audited: Audit) -> None:
    """Some programs end a CSV file with a blank line; it says nothing."""
    with (own.out / "en" / "ledger.csv").open("a", newline="") as file:
        file.write(blank)
    assert audited()["ledger.csv"] == []


def test_a_short_row_is_no_accident(own: Folders, audited: Audit) -> None:
    """A row that lost its last cells is told of by what it lacks."""
    path = own.out / "en" / "ledger.csv"
    path.write_text("Reference,Number,Sources by number,First source\r\nM2001-1\r\nM2003-1,1\r\n", "utf-8")
    messages = audited()["ledger.csv"]
    assert messages[0] == "the milestone M2004-1, 'Exchange of pilots', is missing (data/milestones/first.yaml:49:9)"
    assert "row 3, 'M2003-1': says 'M2003-1 | 1'; the title is 'Talks in spring' (data/milestones/first.yaml:42:12)" in messages
    assert "row 3, 'First source': says ''; the template says 'Institute of Coasts' (templates/ledger/ledger.yaml)" in messages


@pytest.mark.parametrize("digits", ["\N{SUPERSCRIPT TWO}", "9" * 5000, "\N{CIRCLED DIGIT ONE}"])
def test_a_number_that_is_none_is_told(digits: str, tamper: Tamper) -> None:
    """What is no number of a source, or has thousands of digits, which Python does not read, stands for no source."""
    messages = tamper("ledger.xlsx", '<c r="A5" s="8" t="n"><v>2</v></c>', f'<c r="A5" s="8" t="inlineStr"><is><t>{digits}</t></is></c>')
    assert any(one.endswith("the data have no source 0; they have 6") for one in messages)


def test_a_long_number_in_brackets_is_no_mark(tamper: Tamper) -> None:
    """A mark with thousands of digits is none, and its milestone lacks the right one."""
    mark = 'title="The League: The League and Ruritania, paragraph 7">[{}]'
    (message,) = tamper("paper.html", mark.format(2), mark.format("9" * 5000))
    assert message == "#M2019-1: cites the sources []; the evidence is [2] (data/milestones/second.yaml:39:7)"


@pytest.mark.parametrize(
    ("name", "old", "messages"),
    [
        (
            "paper.docx",
            ' Target="https://league.example/ruritania"',
            [
                "paragraph 11 '[2] The League, The League and Ruritania…': leads to nothing; "
                "its address is https://league.example/ruritania (data/sources.yaml:13:8)"
            ],
        ),
        (
            "paper.docx",
            ' w:name="_7_source_leaflet"',
            [
                f"cites the source [6], which its list of sources does not hold {LEAFLET}",
                *(f"table 1, row '{one}': the mark [6] leads to nothing, which is not source 6 {LEAFLET}" for one in CITING),
            ],
        ),
        (
            "paper.docx",
            ' w:val="All 14 milestones"',
            ["table 1: says ''; the template says 'All 14 milestones' (templates/paper/paper.html.j2)"],
        ),
        (
            "ledger.xlsx",
            ' Target="https://leaflet.example/"',
            [
                "Sources!A9, '6': leads to nothing; its address is https://leaflet.example/ (data/sources.yaml:41:8)",
                *(
                    f"Register!A{row}: leads to nothing; the first source is at https://leaflet.example/ ({FIRST}:{line}:7)"
                    for row, line in (("10, 'M2010-2'", 21), ("11, 'M2010-10'", 13))
                ),
            ],
        ),
    ],
    ids=["an address", "an anchor", "a caption", "an address of cells"],
)
def test_a_lost_attribute_is_no_accident(name: str, old: str, messages: list[str], own: Folders, audited: Audit) -> None:
    """A link without an address, an anchor or a caption without its name: the file is read, and told of by just that."""
    path = own.out / "en" / name
    parts = unpack(path.read_bytes())
    lost = {part: content.replace(old.encode(), b"") for part, content in parts.items()}
    assert lost != parts
    path.write_bytes(pack(lost))
    assert audited()[name] == messages


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "22 April 2010",
            "21 April 2010",
            [
                "page 1, row 'M2010-1': says 'M2010-1 | 21 April 2010 | Harbour Agreement. The agreement was signed. "
                f"The Gazette is foll…'; the date is '22 April 2010' ({FIRST}:87:11)"
            ],
        ),
        (
            "All 14 mi",
            "All 13 mi",
            [
                "page 1, 'All 13 milestones': says 'All 13 milestones'; "
                f"the data have milestones: 14 ({FIRST}:7:5 to data/milestones/second.yaml:41:5)",
                "page 1, 'All 13 milestones': says 'All 13 milestones'; the table has 14 rows",
            ],
        ),
        (
            "contested",
            "detested",
            [
                "page 1, 'Every harbour is open.[3] Rudolf Rassend…': says 'Every harbour is open.[3] Rudolf Rassendyll, detested.'; "
                "the template says 'Every harbour is open. [3] Rudolf Rassendyll, contested.' (data/statements.yaml:1:3)"
            ],
        ),
        (
            "Harbours to open",
            "Harbours to close",
            [
                "page 1, '[3] Strelsau Courier, Harbours to close,…': says '[3] Strelsau Courier, Harbours to close, "
                "https://courier.example/harbours'; its title is 'Harbours to open' (data/sources.yaml:18:10)"
            ],
        ),
        (
            "not held",
            "held",
            [
                "page 1, row 'M2018-1': lacks a text, or words it otherwise; "
                "text is 'The conference was not held.' (data/milestones/second.yaml:26:11)"
            ],
        ),
        (
            "Edition 1 of",
            "Edition 2 of",
            [
                "page 1, 'Edition 2 of 1 July 2020': says 'Edition 2 of 1 July 2020'; "
                "the template says 'Edition 1 of 1 July 2020' (templates/paper/paper.html.j2)"
            ],
        ),
    ],
    ids=["a date", "a count", "an assessment", "a title", "a text", "the edition"],
)
def test_a_tampered_pdf_is_seen(old: str, new: str, messages: list[str], own: Folders, audited: Audit) -> None:
    """What somebody drew otherwise in a finished PDF is told, and nothing else is."""
    redraw(own.out / "en" / "paper.pdf", old, new)
    assert audited()["paper.pdf"] == messages


def test_a_dataset_that_is_not_attached_is_told_with_its_promise(own: Folders, audited: Audit) -> None:
    """A PDF without the dataset that its declaration attaches is told with the line that says so."""
    declared = own.templates / "paper" / "document.yaml"
    edit(declared, "attach_dataset: true", "attach_dataset: false")
    edit(own.templates / "paper" / "paper.html.j2", "{{ view.dataset_digest }}", "kept")
    build(own, BuildOptions(suffixes=(".pdf",)))
    edit(declared, "attach_dataset: false", "attach_dataset: true")
    assert "no dataset is attached, and document.yaml says that it is (templates/paper/document.yaml:3:17)" in audited()["paper.pdf"]


def test_a_file_of_older_programs_is_told_to_be_made_again(own: Folders, tamper: Tamper) -> None:
    """A file that disagrees, and was made by another version of a library, may be right once it is built again."""
    manifest = own.out / "manifest.json"
    manifest.write_text(re.sub(r'"weasyprint": "[^"]+"', '"weasyprint": "1"', manifest.read_text("utf-8")), "utf-8")
    last = tamper("paper.html", "22 April 2010", "23 April 2010")[-1]
    assert last == "was made from other versions of programs (weasyprint) than there are now; build it again, then audit"
