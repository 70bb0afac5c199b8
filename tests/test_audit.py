"""The audit as a whole: what it tells of each finished file, in every format, and what it says when it can't look."""

import re
import shutil
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfWriter

from reports.__main__ import main
from reports.audit import FileAudit, audit
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.audit.conftest import alter, finished, own  # noqa: F401 - fixtures
from tests.conftest import PROJECT, Show, edit
from tests.editions.conftest import freeze_data

FIRST = "data/milestones/first.yaml"
DATE = f"date is '22 April 2010' ({FIRST}:87:11)"
CHRONOLOGY = """<!DOCTYPE html>
<html lang="{{ language_tag }}"><head><title>{{ view.title }}</title><link rel="stylesheet" href="shared/fonts.css"></head>
<body><h1>{{ view.title }}</h1>
{% for milestone in view.milestones %}<h2 id="{{ milestone.id }}">{{ milestone.date | date }}: {{ milestone.title }}</h2>
{{ milestone.text | prose }}{% endfor %}
<h2>Sources</h2><ul>
{% for source in view.sources %}<li id="source-{{ source.id }}">[{{ view.numbers[source.id] }}] {{ source.title }}</li>
{% endfor %}</ul></body></html>
"""


def told(folders: Folders) -> dict[str, list[str]]:
    """Return what is wrong with each file, as a person sees it, without the file's path."""
    root = f"{folders.data.parent}/"
    return {audited.path.name: [problem.message.replace(root, "") for problem in audited.problems] for audited in audit(folders)}


STANDING = """  The harbours are open, all but one[^one] [see @gazette, page 7; cf. also @M2010-1].

  > We open our harbours to all who come in peace, and we
  > keep them open for as long as we can [@courier, page 2].

  [^one]: The third one silted up in the spring of that year, and nobody made it deeper [@guild]."""
TEXT = """    text: |-
      22\\. April | May of 2008 was cold; both kept watch^[By turns, as the letter of the guild says of them.]:

      1. the ones from midnight to the morning,
      2. the others from the morning to noon."""


def test_files_as_made_agree(finished: Folders) -> None:  # noqa: F811
    """No format raises a false alarm, and in each the audit has looked at the milestones."""
    found = {audited.path.name: audited for audited in audit(finished)}
    assert [str(problem) for audited in found.values() for problem in audited.problems] == []
    assert len(found) == 6
    assert {audited.counts.get("milestones", 14) for audited in found.values()} == {14}
    assert {audited.counts["sources"] for name, audited in found.items() if name.startswith("paper")} == {6}


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("paper.pdf", "22 April 2010", "21 April 2010", "page 1, row 'M2010-1': says 'M2010-1 | 21 April 2010 | "),
        ("paper.pdf", "Harbours to open", "Harbours to close", "page 1, item '[3] Strelsau Courier, Harbours to close,…': "),
        (
            "paper.pdf",
            "All 14 mi",
            "All 13 mi",
            "page 1, caption 'All 13 milestones': says 'All 13 milestones'; the data have milestones: 14",
        ),
        ("paper.html", "22 April 2010", "21 April 2010", "table 1, row 'M2010-1': says 'M2010-1 | 21 April 2010 | "),
        ("paper.html", '"https://leaflet.example/"', '"https://x.example/"', "item '[6] Strelsau Press, Leaflet without a da…': the link "),
        ("paper.docx", "22 April 2010", "21 April 2010", "table 1, row 'M2010-1': says 'M2010-1 | 21 April 2010 | "),
        (
            "paper.docx",
            ">M2012-1<",
            ">M2013-1<",
            "table 1, row 'M2013-1': shows the milestone M2013-1, which document.yaml does not select",
        ),
        ("paper.docx", "The conference was not held.", "The conference was held.", "table 1, row 'M2018-1': "),
        ("ledger.xlsx", "22 April 2010", "21 April 2010", "Register!A12, row 'M2010-1': "),
        ("ledger.xlsx", ">The League and Ruritania<", ">The League<", "Sources!A5, row '2': "),
        ("ledger.xlsx", 'Target="https://courier.example/harbours"', 'Target="https://x.example/"', "Sources!A6, row '3': the link "),
        ("ledger.csv", '"22 April 2010"', '"21 April 2010"', "line 10, row 'M2010-1': "),
        ("ledger.csv", '"1, 3, 6"', '"1, 3"', "line 10, row 'M2010-1': "),
        ("dataset.json", "Harbour Agreement", "Harbour Accord", "the dataset that it carries is not that of the data (data)"),
    ],
)
def test_a_tampered_file_is_named(name: str, old: str, new: str, message: str, own: Folders) -> None:  # noqa: F811
    """What somebody changes in a finished file is told of this file, with the place in it and the line of the data, and of no other."""
    alter(own.out / "en" / name, old, new)
    found = told(own)
    assert [difference for difference in found[name] if difference.startswith(message)]
    assert {other for other, messages in found.items() if messages} == {name}
    assert "21 April" not in new or any(difference.endswith(DATE) for difference in found[name])


def test_another_attachment_and_digest_are_named(own: Folders) -> None:  # noqa: F811
    """A PDF that carries another dataset than that of the data is named, and a page that prints another digest."""
    writer = PdfWriter(clone_from=own.out / "en" / "paper.pdf")
    (attached,) = writer.attachment_list
    attached.content = attached.content.replace(b"Harbour Agreement", b"Harbour Accord")
    writer.write(own.out / "en" / "paper.pdf")
    digest = sha256((own.out / "en" / "dataset.json").read_bytes()).hexdigest()
    alter(own.out / "en" / "paper.html", digest, digest[::-1])
    found = told(own)
    assert found["paper.pdf"] == ["the dataset that it carries is not that of the data (data)"]
    (message,) = found["paper.html"]
    assert message.endswith(f"gives the digest {digest[::-1]}; the dataset's is {digest} (data)")


def test_a_file_of_other_data_is_named_as_old(own: Folders) -> None:  # noqa: F811
    """Where the data have changed since, each file that shows the fact disagrees, and the audit says how to go on."""
    edit(own.data / "milestones" / "first.yaml", "date: 2010-04-22\n", "date: 2010-04-23\n")
    found = told(own)
    for name in ("paper.pdf", "paper.html", "paper.docx", "ledger.xlsx", "ledger.csv"):
        assert [message for message in found[name] if message.endswith(f"date is '23 April 2010' ({FIRST}:87:11)")]
        assert found[name][-1] == "was made from other data than there are now; build it again, then audit"


def test_a_file_that_differs_everywhere_is_told_in_short(own: Folders) -> None:  # noqa: F811
    """Of a file with very many differences, the first are listed, and how many there are."""
    lines = "".join(f'"M2030-{number}","a"\n' for number in range(1, 302))
    (own.out / "en" / "ledger.csv").write_text((own.out / "en" / "ledger.csv").read_text("utf-8") + lines, "utf-8")
    found = told(own)["ledger.csv"]
    assert len(found) == 201
    assert found[-1] == "differs in 101 more places, which are not listed"


def test_a_document_by_the_recipe_of_the_readme_agrees(own: Folders) -> None:  # noqa: F811
    """A new document may show milestones as headings, without their references, and locators as short as a page."""
    (own.templates / "chronology").mkdir()
    (own.templates / "chronology" / "chronology.html.j2").write_text(CHRONOLOGY, "utf-8")
    declaration = "name: Chronology\nrecords: { statements: none }\noutputs:\n"
    outputs = "".join(f"  chronology.{suffix}: chronology/chronology.html.j2\n" for suffix in ("pdf", "html", "docx"))
    (own.templates / "chronology" / "document.yaml").write_text(declaration + outputs, "utf-8")
    edit(own.data / "milestones" / "first.yaml", "locator: page 3", "locator: p. 3")
    build(own, BuildOptions())
    assert {name: messages for name, messages in told(own).items() if messages} == {}
    alter(own.out / "en" / "chronology.html", "22 April 2010: Harbour", "21 April 2010: Harbour")
    assert told(own)["chronology.html"][0].startswith("heading '21 April 2010: Harbour Agreement': ")


def test_a_file_that_was_not_made_is_a_problem(folders: Folders, show: Show) -> None:
    """Nothing was compared in a file that is not there."""
    found = list(audit(folders))
    assert [str(audited).rpartition(": ")[2] for audited in found] == ["nothing compared, not all agree"] * 2
    assert show(found[0].problems) == ["build/en/note.pdf: is not there: build it, then audit"]


def test_a_damaged_file_is_a_problem(folders: Folders, show: Show) -> None:
    """A file that its reader can't open is named, without a traceback."""
    (folders.out / "en").mkdir(parents=True)
    (folders.out / "en" / "note.pdf").write_bytes(b"no PDF")
    (problem,) = next(audit(folders)).problems
    assert show((problem,))[0].startswith("build/en/note.pdf: can't be read back, since it is not built as ours are: ")


def test_a_missing_package_is_named(folders: Folders, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the packages of the audit, a line says which is missing and how to go on."""
    (folders.out / "en").mkdir(parents=True)
    (folders.out / "en" / "note.pdf").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "pypdf", None)
    monkeypatch.delitem(sys.modules, "reports.readers.pdf", raising=False)
    message = "build/en/note.pdf: can't be read back: the package 'pypdf' is missing; use `nox -s audit`, which installs it"
    assert show(next(audit(folders)).problems) == [message]


def test_the_command_says_what_disagrees(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    """`audit` prints a line for each file, then the problems, and fails."""
    line = ["audit", "--data", str(folders.data), "--templates", str(folders.templates), "--out", str(folders.out)]
    assert main(line) == 1
    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 2
    assert output.err.splitlines()[-1] == "2 problems"


def test_what_was_compared_is_told() -> None:
    """A line says how much was compared, one of anything in the singular."""
    assert str(FileAudit(Path("a.json"), {"datasets": 1}, ())) == "a.json: 1 dataset agrees"
    assert str(FileAudit(Path("a.xlsx"), {"texts": 1, "counts": 2}, ())) == "a.xlsx: 1 text, 2 counts agree"


def test_quotations_footnotes_and_worded_citations_agree(own: Folders) -> None:  # noqa: F811
    """What stands elsewhere than it is typed, or not in all formats, raises no alarm; a note that is changed does."""
    shutil.copy(PROJECT / "templates" / "shared" / "notes.html.j2", own.templates / "shared")
    edit(
        own.templates / "paper" / "paper.html.j2", "</main>", '{{ view.about.standing | prose }}{% include "shared/notes.html.j2" %}</main>'
    )
    edit(own.data / "dataset.yaml", "  The harbours are open [@gazette, page 7; @charter].", STANDING)
    edit(own.data / "milestones" / "first.yaml", "    text: Both kept watch.", TEXT)
    build(own, BuildOptions())
    assert [problem for file in audit(own) for problem in file.problems] == []
    for name in ("paper.html", "paper.docx"):
        alter(own.out / "en" / name, "nobody made it", "somebody made it")
    names = {file.path.name for file in audit(own) if any("silted up" in problem.message for problem in file.problems)}
    assert names == {"paper.html", "paper.docx"}


def test_a_redline_agrees_as_accepted(finished: Folders, tmp_path: Path) -> None:  # noqa: F811
    """A Word file in which changes are tracked is read with all of them accepted: it says what the data say now."""
    shutil.copytree(finished.data.parent, tmp_path / "own")
    folders = Folders(*(tmp_path / "own" / name for name in ("data", "templates", "build")))
    with (folders.templates / "locale" / "en.yaml").open("a", encoding="utf-8") as terms:
        terms.write("changes: { since: 'Changes since edition {number}' }\n")  # a section that the audit passes over
    freeze_data(folders.data)
    edit(folders.data / "milestones" / "first.yaml", "title: Talks in spring", "title: Talks in summer")
    declaration = folders.templates / "paper" / "document.yaml"
    text = declaration.read_text("utf-8")
    declaration.write_text(f"{text.rstrip()}\n  changes.docx: paper/paper.html.j2\nchanges: [changes.docx]\n", "utf-8")
    build(folders, BuildOptions(("paper",), (".docx",)))
    found = {audited.path.name: audited for audited in audit(folders)}
    assert found["changes.docx"].problems == found["paper.docx"].problems == ()
    assert found["changes.docx"].counts["milestones"] == found["paper.docx"].counts["milestones"]
    with ZipFile(found["changes.docx"].path) as file:
        words = re.findall(r"<w:(t|delText)[^>]*>(spring|summer)\.<", file.read("word/document.xml").decode())
    assert {("delText", "spring"), ("t", "summer")} == set(words)
