"""Editions and their files, by the command line: frozen as a whole or not at all, built again to the byte, and told from a file."""

import json
import os
import shutil
from pathlib import Path
from zipfile import ZipFile

import docx
import feedparser
import openpyxl
import pytest

from reports.build.manifest import read_manifest
from reports.build.plan import Folders, Project
from reports.edition import UNFINISHED, edition_of
from reports.editions.editions import load_editions
from reports.errors import Location, Problem, ReportsError
from reports.files import sha256, write_whole
from tests.conftest import edit
from tests.test_main import Command, command  # noqa: F401 - a fixture

FILES = {"changes.csv", "changes.json", "dataset.json", "issued.json", "manifest.json"}
SECOND = Path("data", "milestones", "second.yaml")


@pytest.fixture(autouse=True)
def _dates(quick_folders: Folders) -> None:
    """Let the table of key milestones have their dates, as the audit wants it of a table of milestones."""
    with (quick_folders.templates / "short" / "table.yaml").open("a", encoding="utf-8") as table:
        table.write("""      - { heading: "'Date'", width: 17, value: milestone.date | date }\n""")


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file in *folder*, by its path."""
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()}


def freeze(command: Command) -> None:  # noqa: F811
    done = command("edition")
    assert (done.status, done.err) == (0, "")


def test_an_edition_is_frozen(command: Command, quick_folders: Folders) -> None:  # noqa: F811
    """All documents are made, and kept by their digests, with the data; the next edition gets its number, and nothing else is changed."""
    head = (quick_folders.data / "dataset.yaml").read_bytes()
    assert command("edition", "--dry-run") == (0, "it would be the first edition, which changes nothing\n", "")
    assert not quick_folders.out.exists()
    done = command("edition")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "data/editions/1: frozen; commit it with the files of data"
    folder = quick_folders.data / "editions" / "1"
    assert set(digests(folder)) == FILES
    assert (quick_folders.data / "dataset.yaml").read_bytes() == head.replace(b"edition: 1", b"edition: 2")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    made = {name: (quick_folders.out / name).read_bytes() for name in ("en/note.csv", "en/short.csv")}
    views = {name: entry.view for name, entry in read_manifest(quick_folders.out).files.items()}
    assert manifest["files"] == {
        name: {"sha256": sha256(content), "bytes": len(content), "view": views[name]} for name, content in made.items()
    }
    assert set(manifest["templates"]) == {"locale/en.yaml", "register/register.yaml", "short/table.yaml"}
    assert {"python", "reports", "weasyprint"} <= set(manifest["tools"])
    assert manifest["contents"] == {name: digest for name, digest in digests(folder).items() if name != "manifest.json"}
    assert json.loads((folder / "changes.json").read_text("utf-8")) == {"since": None, "changes": []}
    assert command("check").status == 0


def test_the_second_edition_has_changes(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """They are printed first if one asks, frozen with it, and told of any two editions afterwards."""
    freeze(command)
    assert command("changes").out == "0 changes since edition 1; 0 more of wording alone, or of how records are shown\n"
    edit(tmp_path / SECOND, "date: 2018\n", "date: 2018-05\n")
    before = digests(tmp_path)
    assert command("edition", "--dry-run") == (0, "M2018-1 (Conference): date: 2018 → 2018-05\n", "")
    assert digests(tmp_path) == before
    freeze(command)
    folder = quick_folders.data / "editions" / "2"
    (change,) = (change for change in json.loads((folder / "changes.json").read_text("utf-8"))["changes"] if not change.get("editorial"))
    assert (change["record"], change["before"], change["after"]) == ("M2018-1", "2018", "2018-05")
    assert '"changed","milestone","M2018-1","Conference","date","","date","2018","2018-05","no"' in (folder / "changes.csv").read_text(
        "utf-8-sig"
    )
    assert command("changes", "--until", 2).out.splitlines()[0] == "M2018-1 (Conference): date: 2018 → 2018-05"
    assert json.loads(command("changes", "--since", 1, "--json").out)["until"] == 3
    assert command("changes", "--until", 1).out == "there is no edition before, so nothing changed\n"
    assert command("changes", "--since", 7) == (1, "", "data/editions: there is no edition 7; there are: 1, 2\n1 problem\n")


def test_a_feed_has_every_edition(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """Programs that read feeds learn of each: by an id that stays, with its day and what changed; the audit reads the newest."""
    edit(quick_folders.templates / "note" / "document.yaml", "outputs:\n", "changes: [new.atom]\noutputs:\n  new.atom: note/note.html.j2\n")
    with (quick_folders.templates / "locale" / "en.yaml").open("a", encoding="utf-8") as terms:
        terms.write("feed: {edition: 'Edition {number}'}\nchange: {changed: changed}\nrecord: {milestone: milestones}\n")
    freeze(command)
    edit(tmp_path / SECOND, "date: 2018\n", "date: 2018-05\n")
    freeze(command)
    first = feedparser.parse((quick_folders.out / "en" / "new.atom").read_bytes())
    edit(tmp_path / SECOND, "title: Conference", "title: Conference <at sea> & ashore")
    command("build")
    made = quick_folders.out / "en" / "new.atom"
    feed = feedparser.parse(made.read_bytes())
    assert (feed.bozo, feed.version, feed.feed.title) == (False, "atom10", "Ruritania and the League")
    assert feed.feed.author == "The keepers of the Ruritanian dataset"
    assert [entry.title for entry in feed.entries] == ["Edition 3", "Edition 2"]
    assert feed.entries[1].id == first.entries[0].id != feed.entries[0].id
    assert feed.feed.id == first.feed.id
    assert "changed: Conference &lt;at sea&gt; &amp; ashore (M2018-1): the title" in feed.entries[0].content[0].value
    assert "changed: Conference (M2018-1): the date" in feed.entries[1].content[0].value
    assert "new.atom: 1 milestone agree" in command("audit").out
    edit(made, "ashore (M2018-1)", "ashore (M2010-1)")
    assert "does not tell that 'M2018-1' changed" in command("audit").err


def test_changes_are_made_as_data(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """Once there is an edition before, a document has its changes as CSV and JSON: those that are printed and frozen, audited as all is."""
    names = ("changes.csv", "changes.json")
    outputs = "outputs:\n" + "".join(f"  {name}: register/register.yaml\n" for name in names)
    edit(quick_folders.templates / "note" / "document.yaml", "outputs:\n", f"changes: [{', '.join(names)}]\n{outputs}")
    freeze(command)
    assert not set(read_manifest(quick_folders.out).files) & {f"en/{name}" for name in names}
    edit(tmp_path / SECOND, "date: 2018\n", "date: 2018-05\n")
    printed = command("changes", "--json").out
    freeze(command)
    made = {name: (quick_folders.out / "en" / name).read_bytes() for name in names}
    assert made == {name: (quick_folders.data / "editions" / "2" / name).read_bytes() for name in names}
    assert made["changes.json"] == printed.encode()
    assert "changes.csv" not in json.loads((quick_folders.data / "editions" / "2" / "issued.json").read_text("utf-8"))["files"]
    issued = command("build", "--edition", 2).out
    assert [f"{name}: the same as issued, to the byte" in issued for name in names] == [True, True]
    edit(tmp_path / SECOND, "date: 2018-05\n", "date: 2018-06\n")
    command("build")
    for name in names:
        edit(quick_folders.out / "en" / name, "2018-06", "2018-07")
    audited = command("audit")
    assert "build/en/changes.json: the changes that it holds are not those of the data" in audited.err
    assert "build/en/changes.csv: line 3 is not that of the data" in audited.err


def test_two_freezes_are_equal_to_the_byte(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """The same data make the same edition."""
    shutil.copytree(tmp_path / "data", tmp_path / "again")
    freeze(command)
    assert command("edition", "--data", "again", "--templates", "templates", "--out", "build-again", ours=False).status == 0
    assert digests(quick_folders.data) == digests(tmp_path / "again")


def test_nothing_new_is_no_edition(command: Command, tmp_path: Path) -> None:  # noqa: F811
    """Neither its day nor its number is news."""
    freeze(command)
    edit(tmp_path / "data" / "dataset.yaml", "published: 2020-07-01", "published: 2020-08-01")
    before = digests(tmp_path / "data")
    assert command("edition") == (1, "", "data: nothing changed since edition 1: there is nothing to publish\n1 problem\n")
    assert digests(tmp_path / "data") == before


def test_an_edition_is_never_written_over(command: Command, tmp_path: Path) -> None:  # noqa: F811
    """Whoever sets the number back is told where it stands."""
    freeze(command)
    edit(tmp_path / "data" / "dataset.yaml", "edition: 2", "edition: 1")
    before = digests(tmp_path / "data")
    done = command("edition")
    assert done.status == 1
    assert done.err.startswith("data/dataset.yaml:10:10: the last edition that was frozen is 1, so this is 2, and not 1\n1 problem\n")
    assert digests(tmp_path / "data") == before


def test_a_file_edited_by_hand_stops_it(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """What would be issued is not what was made."""
    command("build")
    (quick_folders.out / "en" / "note.csv").write_bytes(b"mine")
    before = digests(tmp_path / "data")
    done = command("edition")
    assert (done.status, "note.csv: was edited by hand" in done.err) == (1, True)
    assert digests(tmp_path / "data") == before


def test_a_file_that_does_not_agree_stops_it(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """The audit reads back what was made before anything is frozen."""
    edit(
        quick_folders.templates / "register" / "register.yaml",
        "width: 34, value: milestone.title }",
        "width: 34, value: milestone.title | upper }",
    )
    before = digests(tmp_path / "data")
    done = command("edition")
    assert (done.status, "note.csv: " in done.err) == (1, True)
    assert digests(tmp_path / "data") == before


def test_data_saved_meanwhile_stop_it(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """What was made would not be what is frozen."""
    monkeypatch.setattr(Project, "is_current", lambda project: False)
    done = command("edition")
    assert done.err == "data: was saved while the documents were made and compared: say it again\n1 problem\n"
    assert not (tmp_path / "data" / "editions").exists()


def test_a_stop_leaves_no_half_edition(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Until its folder has its name nothing counts, and what was left over does not stand in the way."""
    monkeypatch.setattr(Path, "rename", lambda path, target: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert command("edition").err == "data/editions/1: can't be written: no space left on device\n1 problem\n"
    monkeypatch.undo()
    assert os.listdir(tmp_path / "data" / "editions") == [UNFINISHED]  # noqa: PTH208
    assert command("check").status == 0
    monkeypatch.chdir(tmp_path)
    freeze(command)
    assert os.listdir(tmp_path / "data" / "editions") == ["1"]  # noqa: PTH208


def test_a_head_that_can_not_be_written_leaves_no_edition(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """An edition whose number is not raised would stand in the way of the next."""
    before = digests(tmp_path / "data")

    def refuse(path: Path, content: bytes) -> None:
        if path.name == "dataset.yaml":
            raise ReportsError(Problem(Location(path), "can't be written: permission denied"))
        write_whole(path, content)

    monkeypatch.setattr("reports.edition.write_whole", refuse)
    assert command("edition").err == "data/dataset.yaml: can't be written: permission denied\n1 problem\n"
    assert digests(tmp_path / "data") == before


def test_documents_tell_the_changes_since_another_edition(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """By the option, and it is said why they are made again; without it, since the last one."""
    first = tmp_path / "data" / "milestones" / "first.yaml"
    freeze(command)
    edit(first, "date: 2010-04-22", "date: 2010-04-23")
    freeze(command)
    edit(first, "date: 2010-04-23", "date: 2010-04-24")
    table = quick_folders.templates / "short" / "table.yaml"
    changes = {"view.milestones": "view.changes", "milestone.date | date": "milestone.before", "milestone.title": "milestone.after"}
    for old, new in changes.items():
        edit(table, old, new)
    assert command("csv", "short").status == 0
    csv = quick_folders.out / "en" / "short.csv"
    assert csv.read_text("utf-8-sig").splitlines()[1:] == ['"2010-04-24","2010-04-23"']
    done = command("csv", "short", "--since", 1)
    assert (done.status, "short.csv: made" in done.out) == (0, True)
    assert csv.read_text("utf-8-sig").splitlines()[1:] == ['"2010-04-24","2010-04-22"']
    assert "up to date" in command("csv", "short", "--since", 1).out
    assert command("csv", "short", "--edition", 2).status == 0
    again = quick_folders.out / "editions" / "2" / "en" / "short.csv"
    assert again.read_text("utf-8-sig").splitlines()[1:] == ['"2010-04-23","2010-04-22"']
    assert command("csv", "short", "--since", 5).err == "data/editions: there is no edition 5; there are: 1, 2\n1 problem\n"


def test_a_damaged_edition_is_a_problem_of_the_data(command: Command, quick_folders: Folders) -> None:  # noqa: F811
    """Whatever is made of the data, or said of them, names it."""
    freeze(command)
    (quick_folders.data / "editions" / "1" / "issued.json").unlink()
    problem = "data/editions/1/issued.json: is missing, or can't be read: bring it back, from git or a copy\n1 problem\n"
    for line in (("check",), ("csv",), ("edition",), ("changes",), ("verify",), ("build", "--edition", 1)):
        assert command(*line) == (1, "", problem)


def test_an_old_edition_is_built_again(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """From its own data, in a folder of its own; it says which file is the same to the byte, and what differs where one is not."""
    freeze(command)
    edit(tmp_path / SECOND, "title: Conference", "title: Second conference")
    freeze(command)
    made = digests(quick_folders.out / "en")
    done = command("build", "--edition", 1)
    assert (done.status, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if "issued" in line] == [
        f"build/editions/1/en/{name}.csv: the same as issued, to the byte" for name in ("note", "short")
    ]
    assert digests(quick_folders.out / "en") == made
    edit(quick_folders.templates / "short" / "table.yaml", "'Milestone'", "'Event'")
    done = command("build", "--edition", 2, "short")
    assert [line for line in done.out.splitlines() if "issued" in line] == [
        "build/editions/2/en/short.csv: not as issued: the template short/table.yaml changed"
    ]
    assert json.loads(command("build", "--edition", 1, "note", "--json").out)["files"]["en/note.csv"]["differs"] == ""
    assert command("build", "--edition", 1, "--dry-run").status == 1
    assert "there is no edition 9; there are: 1, 2" in command("build", "--edition", 9).err


def test_an_edition_keeps_its_translations(command: Command, quick_folders: Folders) -> None:  # noqa: F811
    """Its files in every language are made again from the catalogue of its day, which nobody edits."""
    edit(quick_folders.data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    shutil.copy(quick_folders.templates / "locale" / "en.yaml", quick_folders.templates / "locale" / "bs.yaml")
    assert command("translate").status == 0
    catalogue = quick_folders.data / "translations" / "bs.po"
    edit(catalogue, 'msgid "Harbour Agreement"\nmsgstr ""', 'msgid "Harbour Agreement"\nmsgstr "Lučki sporazum"')
    freeze(command)
    assert "Lučki sporazum" in (quick_folders.out / "bs" / "short.csv").read_text("utf-8-sig")
    edit(catalogue, "Lučki sporazum", "Sporazum o lukama")
    done = command("build", "--edition", 1, "--language", "bs")
    assert [line for line in done.out.splitlines() if "issued" in line] == [
        f"build/editions/1/bs/{name}.csv: the same as issued, to the byte" for name in ("note", "short")
    ]
    kept = quick_folders.data / "editions" / "1" / "translations" / "bs.po"
    edit(kept, "Lučki sporazum", "Sporazum o lukama")
    assert command("check").err.startswith("data/editions/1/translations/bs.po: was edited by hand, and an edition never changes")


def test_files_are_verified(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """Wherever a file lies and whatever it is called, its digest tells which edition it is of; one with another digest is no issued one."""
    freeze(command)
    (tmp_path / "sent").mkdir()
    shutil.copy(quick_folders.out / "en" / "note.csv", tmp_path / "sent" / "Register (2).csv")
    (tmp_path / "sent" / "short.csv").write_bytes((quick_folders.out / "en" / "short.csv").read_bytes() + b"more")
    assert command("verify", "sent/Register (2).csv") == (0, "sent/Register (2).csv: edition 1, as issued (en/note.csv)\n", "")
    lines = ["sent/Register (2).csv: edition 1, as issued (en/note.csv)", "sent/short.csv: not as issued in any edition here"]
    assert command("verify", "sent") == (1, "\n".join((*lines, "")), "")
    assert command("verify").out.splitlines()[0] == "build/en/note.csv: as made, from an older dataset; edition 1, as issued (en/note.csv)"
    assert command("verify", "nothing.pdf") == (1, "", "nothing.pdf: there is no such file or folder\n1 problem\n")
    said = "data/editions/1: is what an edition is known by; name the files that you were sent\n1 problem\n"
    assert command("verify", "data/editions/1") == (1, "", said)


def test_a_signed_file_is_as_issued(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """A signature stands behind all bytes of a PDF, which stay as they were."""
    freeze(command)
    (edition,) = load_editions(quick_folders.data)
    content = (quick_folders.out / "en" / "note.csv").read_bytes()  # as good as a PDF, of which only the bytes count
    (tmp_path / "signed.pdf").write_bytes(content + b"signature")
    is_issued, words = edition_of(tmp_path / "signed.pdf", [edition])
    assert is_issued
    assert words == "edition 1, as issued (en/note.csv), with something added behind it, such as a signature"
    (tmp_path / "signed.csv").write_bytes(content + b"signature")
    assert edition_of(tmp_path / "signed.csv", [edition]) == (False, "not as issued in any edition here")


def test_a_changed_file_is_known_by_its_dataset(command: Command, quick_folders: Folders, tmp_path: Path) -> None:  # noqa: F811
    """One that carries the dataset, or its digest, tells the edition even if it was changed."""
    freeze(command)
    (edition,) = load_editions(quick_folders.data)
    shutil.copy(edition.folder / "dataset.json", tmp_path / "sent.json")
    assert edition_of(tmp_path / "sent.json", [edition]) == (False, "edition 1, but not as issued: it was changed")
    (tmp_path / "sent.csv").write_text(f"The digest is {edition.manifest.contents['dataset.json']}.\n", "utf-8")
    assert edition_of(tmp_path / "sent.csv", [edition]) == (False, "edition 1, but not as issued: it was changed")
    book = openpyxl.Workbook()
    book.active["A1"] = f"By this digest: {edition.manifest.contents['dataset.json']}"
    book.save(tmp_path / "sent.xlsx")
    assert edition_of(tmp_path / "sent.xlsx", [edition]) == (False, "edition 1, but not as issued: it was changed")
    document = docx.Document()
    document.save(str(tmp_path / "sent.docx"))
    assert edition_of(tmp_path / "sent.docx", [edition]) == (False, "not as issued in any edition here")
    with ZipFile(tmp_path / "sent.docx", "a") as file:
        file.writestr("docProps/custom.xml", f"<vt:lpwstr>{edition.manifest.files['en/note.csv'].view}</vt:lpwstr>")
    assert edition_of(tmp_path / "sent.docx", [edition]) == (False, "edition 1, but not as issued: it was changed")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF")
    assert edition_of(tmp_path / "damaged.pdf", [edition])[0] is False
