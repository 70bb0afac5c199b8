"""The whole circle: a file that was issued is edited, received, decided on and applied, and answered; and all that may stop it."""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.build.plan import Folders
from reports.dataset.load import load_dataset
from reports.dataset.model import Milestone
from reports.editions.editions import load_editions
from reports.proposals import apply as application
from tests.conftest import PROJECT, TINY, edit
from tests.proposals.conftest import Editor
from tests.test_edition import digests
from tests.test_main import Command, command  # noqa: F401 - a fixture

ROOMS = ("answer", "locale", "register", "shared", "summary", "word")
GAZETTE = "https://gazette.example/7"


@cache
def issued(root: Path) -> Path:
    """Return the folder *root* with the tiny data, the shipped register and summary, and edition 1 of them."""
    from reports.edition import freeze

    shutil.copytree(TINY / "data", root / "data")
    for name in ROOMS:
        shutil.copytree(PROJECT / "templates" / name, root / "templates" / name)
    freeze(Folders(root / "data", root / "templates", root / "build"), 60, lambda event: None)
    return root


@pytest.fixture
def quick_folders(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, copied_workers: None) -> Folders:
    """Copies of data of which edition 1 was issued, of what was issued, and of the templates of its register.

    Without those of the summary: whatever is applied is checked by drafting every document, and one is enough for that.
    """
    root = issued(tmp_path_factory.getbasetemp() / "issued")
    for name in ("data", "templates", "build"):
        shutil.copytree(root / name, tmp_path / name)
    shutil.rmtree(tmp_path / "templates" / "summary")
    return Folders(tmp_path / "data", tmp_path / "templates", tmp_path / "build")


@pytest.fixture
def folders(quick_folders: Folders) -> Folders:
    """The same, by the name that says more here."""
    return quick_folders


def add_summary(folders: Folders) -> None:
    """Put the templates of the summary to the others, as they were when it was issued."""
    shutil.copytree(PROJECT / "templates" / "summary", folders.templates / "summary")


Edit = Callable[[Any], None]


def returned(folders: Folders, *edits: Edit, name: str = "back.xlsx") -> Path:
    """Return the path of the register as issued, after *edits* of its workbook."""
    workbook = openpyxl.load_workbook(folders.out / "en" / "register.xlsx")
    for change in edits:
        change(workbook)
    path = folders.out.parent / name
    workbook.save(path)
    return path


def put(sheet: str, reference: str, **values: Any) -> Edit:
    """Return what writes *values* into the row of *reference*, by headings with "_" for spaces."""

    def change(workbook: Any) -> None:
        rows = list(workbook[sheet].iter_rows())
        head = next(row for row in rows if row[0].value == "Reference")
        places = {cell.value: index for index, cell in enumerate(head)}
        row = next(row for row in rows if row[0].value == reference)
        for name, value in values.items():
            row[places[name.replace("_", " ")]].value = value

    return change


def decide(path: Path, **decisions: str) -> None:
    """Fill in the decision on each proposal of a record in the file of decisions: "M2018_1='take: why'"."""
    record, lines = "", []
    for line in path.read_text("utf-8").split("\n"):
        record = match[1] if (match := re.match(r"  record: (.+)", line)) else record
        decision, _, why = decisions.get(re.sub(r"\W", "_", record), "").partition(": ")
        filled = {"  decision:": f"  decision: {decision}", "  why:": f"  why: {why}"} if decision else {}
        lines.append(filled.get(line, line))
    path.write_text("\n".join(lines), "utf-8")


def receive(command: Command, path: Path, sender: str = "The guild") -> Path:  # noqa: F811
    """Receive the file *path* from *sender*; return the file of decisions."""
    done = command("receive", path, "--from", sender, "--kind", "official")
    assert (done.status, done.err) == (0, "")
    return Path(path.parent, done.out.splitlines()[-1].split(": ")[0])


def test_the_whole_circle(command: Command, folders: Folders) -> None:  # noqa: F811
    """A register is answered in its sheets, received, decided on, applied, and answered; the next edition says who proposed it."""
    path = returned(
        folders,
        put("Register", "M2018-1", Milestone="Conference on trade", Your_comment="We were there"),
        put("Reply", "M2021-1", Your_reply="correct", Which_part="Date", Proposed_value="May 2021", Address_of_your_source=GAZETTE),
    )
    before = digests(folders.data)
    decisions = receive(command, path)
    assert {name: digest for name, digest in digests(folders.data).items() if not name.startswith("received/")} == before
    assert decisions.name.endswith("-the-guild.yaml")
    assert decisions.with_suffix(".xlsx").read_bytes() == path.read_bytes()
    assert command("receive", "--list").out == f"data/received/{decisions.name}: The guild, edition 1: 2 to decide on\n"
    assert command("check").status == 0

    decide(decisions, M2018_1="take: The title was too short", M2021_1="differs: The League is followed")
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    record = next(one for one in load_dataset(folders.data).all(Milestone) if one.id == "M2018-1")
    other = next(one for one in load_dataset(folders.data).all(Milestone) if one.id == "M2021-1")
    assert (record.title, str(other.date)) == ("Conference on trade", "2021-06")
    source = f"received-{decisions.stem}"
    assert [(each.source, each.locator) for each in record.evidence][-1] == (source, "Milestone register of edition 1, M2018-1, the title")
    assert (other.evidence[-1].source, other.evidence[-1].gives, other.evidence[-1].note) == (source, {"date": "2021-05"}, GAZETTE)
    assert other.reading == "The League is followed"
    (own,) = (one for one in load_dataset(folders.data).sources if one.id == source)
    assert (own.title, own.publisher, own.file) == (
        "Milestone register of edition 1, as it came back",
        "The guild",
        f"received/{decisions.with_suffix('.xlsx').name}",
    )
    assert command("receive", "--list").out.endswith("nothing to decide on\n")
    assert command("receive", "--apply", decisions).out.startswith(f"data/received/{decisions.name}: 0 decisions")

    answer = openpyxl.load_workbook(folders.out / "answers" / f"{decisions.stem}.xlsx")
    rows = [[cell.value for cell in row[:7]] for row in answer["Answer"].iter_rows(min_row=5)]
    assert rows == [
        ["M2018-1", "Conference on trade", "the title", "Conference", "Conference on trade", "taken", "The title was too short"],
        ["M2021-1", "Joint exercise", "the date", "June 2021", "May 2021", "noted", "The League is followed"],
    ]
    assert [row[7].value for row in answer["Answer"].iter_rows(min_row=5)] == ["Conference on trade", "June 2021"]
    (comment,) = ([cell.value for cell in row[:3]] for row in answer["Comments"].iter_rows(min_row=5))
    assert comment == ["M2018-1", "Conference on trade", "We were there"]

    add_summary(folders)
    done = command("edition")
    assert (done.status, done.err) == (0, "")
    workbook = openpyxl.load_workbook(folders.out / "en" / "register.xlsx")
    told = [[cell.value for cell in row] for row in workbook["Changes"].iter_rows(min_row=5)]
    assert ["M2018-1", "Conference", "Conference on trade", "The guild"] in [[row[0], row[4], row[5], row[-1]] for row in told]


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv", "summary.docx"])
def test_what_nobody_touched_proposes_nothing(name: str, command: Command, folders: Folders) -> None:  # noqa: F811
    """In whichever form it was issued; a table has no room for its edition, and the sender of a file is asked for it."""
    add_summary(folders)
    path = folders.out / "en" / name
    if path.suffix == ".csv":
        said = "build/en/register.csv: does not say of which edition it is: if it is a file of ours, say it, by --edition 1\n1 problem\n"
        assert command("receive", path, "--from", "The guild", "--kind", "party") == (1, "", said)
    more = ("--edition", "1") if path.suffix == ".csv" else ()
    done = command("receive", path, "--from", "Đorđe\n S\u030cc\u0301epanović\u200b", *more)
    (decisions,) = (folders.data / "received").glob("*-dorde-scepanovic.yaml")
    assert done.out.splitlines() == [
        "kept as the word of a party; for a public authority, say --kind official",
        "no difference from what was issued",
        f"data/received/{decisions.name}: nothing to decide on",
    ]
    kept = f"data/received/{decisions.with_suffix(path.suffix).name}"
    said = f"build/en/{name}: was received before: see data/received/{decisions.name}\n1 problem\n"
    assert command("receive", path, "--from", "The guild", "--kind", "party", *more) == (1, "", said)
    assert sorted(str(one.relative_to(folders.data.parent)) for one in (folders.data / "received").glob("[!.]*")) == sorted(
        [kept, f"data/received/{decisions.name}"]
    )


def test_a_table_in_another_code_page_is_read_by_the_words_of_the_data(command: Command, folders: Folders) -> None:  # noqa: F811
    """A spreadsheet program of Western Europe has æ for the number that is ć in Central Europe."""
    edit(folders.data / "milestones" / "first.yaml", "The agreement was signed.", "Sæther signed it.")
    path = folders.out / "en" / "register.csv"
    text = path.read_text("utf-8-sig")
    assert "Harbour Agreement" in text
    path.write_bytes(text.replace("Harbour Agreement", "Agreement of Sæther").encode("cp1252", "replace"))
    command("receive", path, "--from", "The guild", "--edition", "1")
    (decisions,) = (folders.data / "received").glob("*-the-guild.yaml")
    assert "theirs: Agreement of Sæther\n" in decisions.read_text("utf-8")


def test_what_is_none_of_ours_is_refused(command: Command, folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """By a clear line, and nothing is written."""
    other = openpyxl.Workbook()
    other.active["A1"] = "Edition 7 of 1 May 2021. Data as of 1 May 2021."
    other.save(tmp_path / "seven.xlsx")
    other.active["A1"] = "Edition 1 of 1 May 2021. Data as of 1 May 2021."
    other.save(tmp_path / "one.xlsx")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "d.docx").write_bytes(b"PK\x03\x04")
    said = {
        "seven.xlsx": "there is no edition 7; there are: 1",
        "one.xlsx": "holds nothing that edition 1 was issued with",
        "a.pdf": "is a PDF, in which nothing can be told apart; ask for the Word document (.docx)",
        "b.xlsx": "is damaged: open it in the program that it is from, and save it anew as .xlsx",
        "d.docx": "is damaged: open it in the program that it is from, and save it anew as .docx",
        "c.xlsx": "can't be read: no such file or directory",
    }
    for name, message in said.items():
        assert command("receive", name, "--from", "The guild", "--kind", "party") == (1, "", f"{name}: {message}\n1 problem\n")
    assert command("receive", "a.pdf") == (1, "", 'a.pdf: say who sent it: --from "Ministry of Defence"\n1 problem\n')
    assert command("receive") == (1, "", "data: name the file that came back, or say --list\n1 problem\n")
    assert not list((folders.data / "received").glob("[!.]*"))


def test_a_mistaken_decision_has_a_place(command: Command, folders: Folders) -> None:  # noqa: F811
    """All at once, and the data stay as they are: whatever is decided on what has nothing to decide, or on what changed meanwhile."""
    path = returned(
        folders,
        put("Register", "M2018-1", Milestone="Conference on trade", Date="1 May 1850", Status="done", Your_comment="!"),
        put("Register", "M2019-1", Milestone="The lighthouse"),
        put("Register", "M2012-1", Date=None),
    )
    decisions = receive(command, path)
    assert "\n  theirs:\n" in decisions.read_text("utf-8"), "emptied is not unchanged"
    decide(decisions, M2012_1="take: Nobody knows", M2018_1="take: It is so", M2019_1="refuse")
    edit(folders.data / "milestones" / "second.yaml", "title: Conference\n", "title: A conference\n")
    before = digests(folders.data)
    lines = decisions.read_text("utf-8").split("\n")
    places = {field: [number for number, line in enumerate(lines, 1) if line.startswith(f"  {field}:")] for field in ("ours", "decision")}
    done = command("receive", "--apply", decisions)
    name = f"data/received/{decisions.name}"
    assert done.err.splitlines() == [
        f"{name}:{places['ours'][0]}:9: a record needs its date: refuse this, or write another under 'value'",
        f"{name}:{places['ours'][1]}:9: no period covers '1850-05-01': add one to data/milestones/ before",
        f"{name}:{places['ours'][2]}:9: the title of 'M2018-1' is 'A conference' now, so that this was decided on something else: "
        "look again, and write that here",
        f"{name}:{places['decision'][4]}:13: say under 'why' what speaks for 'refuse': the sender reads it, and may be readers too",
        "4 problems",
    ]
    assert digests(folders.data) == before
    decisions.write_text(decisions.read_text("utf-8").replace("- kind: comment\n", "- kind: comment\n  decision: take\n"), "utf-8")
    assert "a comment changes nothing, so that there is nothing to decide" in command("receive", "--apply", decisions).err


def test_decisions_that_make_a_problem_are_not_applied(command: Command, folders: Folders) -> None:  # noqa: F811
    """The problem is that of the data as they would be, at its place there."""
    decisions = receive(command, returned(folders, put("Register", "M2018-1", Status="planned")))
    decide(decisions, M2018_1="take: They say so")
    before = digests(folders.data)
    done = command("receive", "--apply", decisions)
    assert done.err == (
        "data/milestones/second.yaml:28:13: with these decisions: 'planned' for '2018', which is past; make it 'overdue', 'done' or "
        "'missed'\n1 problem\n"
    )
    assert digests(folders.data) == before


def test_rows_come_and_go(command: Command, folders: Folders) -> None:  # noqa: F811
    """A new one becomes a milestone with the next free id, when all that it needs is there; a deleted one is withdrawn."""

    def delete(workbook: Any) -> None:
        (row,) = (row for row in workbook["Register"].iter_rows() if row[0].value == "M2016-1")
        workbook["Register"].delete_rows(row[0].row)

    def append(workbook: Any) -> None:
        head = next(row for row in workbook["Register"].iter_rows(values_only=True) if row[0] == "Reference")
        row = {"Reference": "New 2", "Date": "May 2018", "Milestone": "Truce", "Kind": "meeting", "Status": "done"}
        workbook["Register"].append([row.get(heading) for heading in head])

    added = put("Reply", "New 1", Your_reply="add", Milestone="Parley", Date="March 2018", Your_comment="We hosted it")
    claim = put("Statements", "rudolf-on-harbours", Claim="Every harbour is shut.")
    decisions = receive(command, returned(folders, delete, added, append, claim))
    decide(decisions, rudolf_on_harbours="refuse: No", M2016_1="take: It was a rumour", New_1="take: They hosted it", New_2="take: It held")
    done = command("receive", "--apply", decisions)
    assert done.err.endswith(": a milestone needs its text, kind: write it here\n2 problems\n")
    edit(decisions, "    title: Parley\n", "    title: Parley\n    txt: Both sides met.\n    text: Both sides met.\n    kind: meeting\n")
    edit(decisions, "    title: Truce\n", "    title: Truce\n    text: None shot.\n")
    done = command("receive", "--apply", decisions)
    assert done.err.endswith(": a milestone has no field 'txt' that can be given\n1 problem\n")
    edit(decisions, "    txt: Both sides met.\n", "")
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    dataset = load_dataset(folders.data)
    parley = next(one for one in dataset.all(Milestone) if one.title == "Parley")
    assert (parley.title, str(parley.date), parley.evidence[0].note) == ("Parley", "2018-03", "We hosted it")
    assert "M2016-1" not in dataset.by_id
    assert (
        "\n    kind: meeting\n    evidence:\n" in (folders.data / "milestones" / "second.yaml").read_text("utf-8").split("title: Truce")[1]
    ), "what is so if nothing says otherwise is left out"
    assert (folders.data / "withdrawn.yaml").read_text("utf-8").splitlines() == [
        "# yaml-language-server: $schema=schemas/withdrawn.json",
        "- id: M2016-1",
        "  edition: 2",
        "  reason: It was a rumour",
    ]
    assert [(one.id, one.edition, one.reason) for one in dataset.withdrawals] == [("M2016-1", 2, "It was a rumour")]
    assert command("check").status == 0
    answer = openpyxl.load_workbook(folders.out / "answers" / f"{decisions.stem}.xlsx")
    rows = {row[0].value: [cell.value for cell in row[1:8]] for row in answer["Answer"].iter_rows(min_row=5)}
    assert rows["rudolf-on-harbours"][:2] == ["Rudolf Rassendyll", "the claim"], "who is known by no title"
    assert rows[parley.id] == [
        "Parley",
        "a new record",
        "–",
        "Parley; Both sides met.; meeting; March 2018",
        "taken",
        "They hosted it",
        "Parley",
    ]


def test_a_record_moves_to_the_file_of_its_period(command: Command, folders: Folders) -> None:  # noqa: F811
    """With all that it has; its id stays."""
    decisions = receive(command, returned(folders, put("Register", "M2010-2", Date="May 2011")))
    decide(decisions, M2010_2="take: The gazette of May says so")
    before = {one.id: one for one in load_dataset(folders.data).all(Milestone)}
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    assert command("check").status == 0
    text = (folders.data / "milestones" / "second.yaml").read_text("utf-8")
    record = text[text.index("id: M2010-2\n") :].split("  - id:")[0]
    assert re.findall(r"^    (\w+):", record, re.MULTILINE) == ["date", "title", "text", "kind", "evidence"]
    published = frozenset(name.id for edition in load_editions(folders.data) for name in edition.snapshot.records)
    after = {one.id: one for one in load_dataset(folders.data, published=published).all(Milestone)}
    moved = after["M2010-2"]
    assert (str(moved.date), moved.evidence[:-1]) == ("2011-05", before["M2010-2"].evidence)
    assert {**after, "M2010-2": None} == {**before, "M2010-2": None}


def test_a_later_file_conflicts_with_what_was_taken(command: Command, folders: Folders) -> None:  # noqa: F811
    """It says whose that was; where both say the same, there is nothing to decide."""
    first = receive(command, returned(folders, put("Register", "M2018-1", Milestone="Conference on trade")), "The guild")
    decide(first, M2018_1="take: They were there")
    assert command("receive", "--apply", first).status == 0
    other = returned(folders, put("Register", "M2018-1", Milestone="Conference of trade"), name="other.xlsx")
    done = command("receive", other, "--from", "The court", "--kind", "official")
    assert "conflict: changed here too, since edition 1, and The guild has proposed something for this record" in done.out
    same = returned(folders, put("Register", "M2018-1", Milestone="Conference on trade", Your_comment="x"), name="same.xlsx")
    done = command("receive", same, "--from", "The court", "--kind", "official")
    assert done.out.endswith("-the-court-2.yaml: nothing to decide on\n")


def test_a_field_within_another_comes_back(command: Command, folders: Folders) -> None:  # noqa: F811
    """From the summary into the head of the data, and into the answer under the name of the field around it."""
    add_summary(folders)
    editor = Editor((folders.out / "en" / "summary.docx").read_bytes())
    editor.replace(editor.control("dataset.yaml/matters.0.stands"), "Signed", "Sealed")
    path = folders.out.parent / "back.docx"
    path.write_bytes(editor.save())
    decisions = receive(command, path)
    decide(decisions, about="take: They keep the seal")
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    assert "    stands: Sealed, not in force [@gazette, page 7]\n" in (folders.data / "dataset.yaml").read_text("utf-8")
    answer = openpyxl.load_workbook(folders.out / "answers" / f"{decisions.stem}.xlsx")
    (row,) = answer["Answer"].iter_rows(min_row=5, values_only=True)
    assert row[1:6] == ("Ruritania and the League", "where a matter stands", "Signed, not in force", "Sealed, not in force", "taken")


def test_references_that_differ_are_noted_as_readers_see_them(command: Command, folders: Folders) -> None:  # noqa: F811
    """By names, for what a source gives is printed as it stands."""
    decisions = receive(command, returned(folders, put("Register", "M2018-1", Framework="charter")))
    decide(decisions, M2018_1="differs: The League is followed")
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    record = next(one for one in load_dataset(folders.data).all(Milestone) if one.id == "M2018-1")
    assert record.evidence[-1].gives == {"frameworks": "Harbour Charter"}


def test_what_another_file_brought_can_be_taken_once_more(command: Command, folders: Folders) -> None:  # noqa: F811
    """Two files came before either was decided on, and say the same: both are evidence then; else a person looks again."""
    names = ("The guild", "The court")
    paths = [returned(folders, put("Register", "M2018-1", Milestone="Parley", Your_comment=who), name=f"{who}.xlsx") for who in names]
    first, second = (receive(command, path, who) for path, who in zip(paths, names, strict=True))
    for decisions in (first, second):
        decide(decisions, M2018_1="take: They were there")
        done = command("receive", "--apply", decisions)
        assert (done.err, done.status) == ("", 0)
    record = next(one for one in load_dataset(folders.data).all(Milestone) if one.id == "M2018-1")
    assert (record.title, [item.source for item in record.evidence][-2:]) == (
        "Parley",
        [f"received-{path.stem}" for path in (first, second)],
    )


@pytest.mark.parametrize("point", range(5))
def test_whatever_stops_it_the_data_are_old_or_new(
    point: int,
    command: Command,  # noqa: F811
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is replaced, or nobody builds from what is half replaced until the rest is put in place."""
    decisions = receive(command, returned(folders, put("Register", "M2018-1", Milestone="Conference on trade")))
    decide(decisions, M2018_1="take: They were there")
    before, calls = digests(folders.data), []
    replace = Path.replace

    def stopped(path: Path, target: Path) -> Path:
        calls.append(path)
        if application.APPLYING in str(path) and sum(application.APPLYING in str(call) for call in calls) == point + 1:
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        command("receive", "--apply", decisions)
    if not (folders.data / "received" / application.APPLYING).is_dir():
        after = {name: digest for name, digest in digests(folders.data).items() if application.UNFINISHED not in name}
        assert after == before or command("check").status == 0
        return
    assert "decisions were being put into the data when something stopped it" in command("check").err
    assert command("receive", "--list").status == 0
    assert command("check").status == 0
    record = next(one for one in load_dataset(folders.data).all(Milestone) if one.id == "M2018-1")
    assert record.title == "Conference on trade"
    assert not (folders.data / "received" / application.APPLYING).exists()


def test_a_record_is_not_changed_and_taken_out(command: Command, folders: Folders) -> None:  # noqa: F811
    """One of the two decisions has to go, and is named at its place."""

    def delete(workbook: Any) -> None:
        (row,) = (row for row in workbook["Register"].iter_rows() if row[0].value == "M2016-1")
        workbook["Register"].delete_rows(row[0].row)

    correct = put("Reply", "M2016-1", Your_reply="correct", Which_part="Date", Proposed_value="May 2016")
    decisions = receive(command, returned(folders, delete, correct))
    decide(decisions, M2016_1="take: They say so")
    before = digests(folders.data)
    done = command("receive", "--apply", decisions)
    assert done.err.endswith(": one decision takes 'M2016-1' out, and another one changes it: take one of them\n1 problem\n")
    assert digests(folders.data) == before


def test_a_field_that_no_record_has_is_named_before_anything_changes(command: Command, folders: Folders) -> None:  # noqa: F811
    """At its line in the file of decisions, whatever is decided."""
    decisions = receive(command, returned(folders, put("Register", "M2018-1", Milestone="Conference on trade")))
    before = digests(folders.data)
    for decision in ("take: Right", "refuse: Wrong"):
        decide(decisions, M2018_1=decision)
        decisions.write_text(decisions.read_text("utf-8").replace("  field: title", "  field: titel"), "utf-8")
        done = command("receive", "--apply", decisions)
        assert done.status == 1
        assert "'M2018-1' has no field 'titel' (did you mean 'title'?)" in done.err
        assert {name for name, digest in digests(folders.data).items() if digest != before[name]} == {f"received/{decisions.name}"}
