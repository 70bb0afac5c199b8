"""A file in another language comes back: facts become proposals as ever, and words those to the translation."""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import polib
import pytest

from reports.build.plan import Folders
from reports.dataset.dataset import Dataset
from reports.dataset.load import TRANSLATIONS, load_dataset
from reports.dataset.model import Milestone
from reports.edition import freeze
from reports.proposals.decisions import Proposal, read_decisions
from reports.proposals.differences import DifferenceKind
from reports.proposals.telling import Telling, of_translation
from reports.translations.catalogue import draw
from reports.translations.locale import Locale
from reports.translations.texts import texts
from tests.conftest import PROJECT, TINY, edit
from tests.proposals.conftest import Editor
from tests.proposals.test_receive import ROOMS, add_summary, decide, receive
from tests.test_edition import digests
from tests.test_main import Command, command  # noqa: F401 - a fixture

CHANGE, ADD, REMOVE, COMMENT, REMARK = DifferenceKind
LANGUAGES = ("bs", "sr-Cyrl-BA", "sr-Latn")
# All else is the same in both languages, as names are.
WORDS = {
    "bs": {
        "about/bottom_line": "Ruritanija je posmatrač [@league, paragraph 1]. Ništa nije odlučeno.",
        "M2010-1/title": "Lučki sporazum",
        "M2018-1/title": "Konferencija",
        "M2018-1/text": "Konferencija nije održana.",
        "M2021-1/text": "Vježba tek slijedi, nakon prvog kontakta [@M2001-1].",
        "charter/name": "Lučka povelja",
        "rudolf-on-harbours/gist": "Svaka luka je otvorena.",
        "rudolf-on-harbours/finding": "Jedna luka je bila zatvorena [@institute, chapter 4].",
        "M2019-1/title": "",
    },
    "sr-Cyrl-BA": {"M2018-1/title": "Конференција", "charter/name": "Лучка повеља"},
}


@cache
def issued(root: Path) -> Path:
    """Return the folder *root* with the tiny data and their translations, the shipped register and summary, and edition 1 of them."""
    shutil.copytree(TINY / "data", root / "data")
    edit(root / "data" / "dataset.yaml", "language: en\n", f"language: en\nlanguages: [en, {', '.join(LANGUAGES)}]\n")
    dataset = load_dataset(root / "data")
    (root / "data" / TRANSLATIONS).mkdir()
    for language, words in WORDS.items():
        path = root / "data" / TRANSLATIONS / f"{language}.po"
        catalogue = draw(path, language, texts(dataset, language).values())
        assert words.keys() <= {message.msgctxt for message in catalogue.file}
        for message in catalogue.file:
            message.msgstr = words.get(message.msgctxt, message.msgid)
        path.write_bytes(catalogue.to_bytes())
    for name in ROOMS:
        shutil.copytree(PROJECT / "templates" / name, root / "templates" / name)
    freeze(Folders(root / "data", root / "templates", root / "build"), 60, lambda event: None)
    return root


@pytest.fixture
def quick_folders(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, copied_workers: None) -> Folders:
    """Copies of data of which edition 1 was issued in all languages, of what was issued, and of the templates of its register."""
    root = issued(tmp_path_factory.getbasetemp() / "told")
    for name in ("data", "templates", "build"):
        shutil.copytree(root / name, tmp_path / name)
    shutil.rmtree(tmp_path / "templates" / "summary")  # whatever is applied is checked by drafting every document
    return Folders(tmp_path / "data", tmp_path / "templates", tmp_path / "build")


@pytest.fixture
def folders(quick_folders: Folders) -> Folders:
    """The same, by the name that says more here."""
    return quick_folders


@pytest.fixture
def bosnian(folders: Folders) -> Folders:
    """The same, told in one other language from now on: whatever is applied is checked in each."""
    edit(folders.data / "dataset.yaml", f"languages: [en, {', '.join(LANGUAGES)}]\n", "languages: [en, bs]\n")
    (folders.data / TRANSLATIONS / "sr-Cyrl-BA.po").unlink()
    return folders


class Workbook:
    """The register as it was issued in *language*, in which somebody writes by the keys of its sheets and columns."""

    def __init__(self, folders: Folders, language: str = "bs") -> None:
        self.path = folders.out.parent / f"back-{language}.xlsx"
        self.book: Any = openpyxl.load_workbook(folders.out / language / "register.xlsx")
        self.locale = Locale(folders.templates, language)

    def write(self, sheet: str, reference: str, **values: Any) -> str:
        """Write *values* into the row of *reference*; return the last cell that was written into."""
        rows = list(self.book[self.locale.term(f"sheet.{sheet}")].iter_rows())
        head = next(row for row in rows if row[0].value == self.locale.term("column.reference"))
        places = {cell.value: index for index, cell in enumerate(head)}
        row = next(row for row in rows if row[0].value == reference)
        cells = {name: row[places[self.locale.term(f"column.{name}")]] for name in values}
        for name, cell in cells.items():
            cell.value = values[name]
        return f"{self.locale.term(f'sheet.{sheet}')}!{[*cells.values()][-1].coordinate}"

    def save(self) -> Path:
        """Save it, and return its path."""
        self.book.save(self.path)
        return self.path


def proposals(decisions: Path, folders: Folders) -> tuple[Proposal, ...]:
    return read_decisions(decisions, folders.data).received.proposals


def messages(folders: Folders, language: str = "bs") -> dict[str, polib.POEntry]:
    """Return the messages of the catalogue of *language*, by their contexts."""
    return {message.msgctxt: message for message in polib.pofile(str(folders.data / TRANSLATIONS / f"{language}.po"))}


@pytest.mark.parametrize(
    "name", ["bs/register.xlsx", "bs/register.csv", "bs/summary.docx", "sr-Cyrl-BA/summary.docx", "sr-Latn/register.xlsx"]
)
def test_what_nobody_touched_proposes_nothing(name: str, command: Command, folders: Folders) -> None:  # noqa: F811
    """In each language and form; its own file is the one that it is like, though others have the same ids."""
    add_summary(folders)
    more = ("--edition", "1") if name.endswith(".csv") else ()
    done = command("receive", folders.out / name, "--from", "The guild", "--kind", "party", *more)
    (decisions,) = (folders.data / "received").glob("*-the-guild.yaml")
    assert (done.err, done.out.splitlines()[0]) == ("", "no difference from what was issued")
    assert read_decisions(decisions, folders.data).received.issued == name.replace(".csv", ".xlsx")


def test_a_register_in_another_language_gives_exactly_its_edits(command: Command, folders: Folders) -> None:  # noqa: F811
    """Dates, codes and references as in the language of the data; words, with the text that they render beside them."""
    book = Workbook(folders)
    cells = [
        book.write("register", "M2016-1", date="oktobru 2016."),
        book.write("register", "M2018-1", milestone="Konferencija o trgovini"),
        book.write("register", "M2018-1", framework="Lučka povelja"),
        book.write("register", "M2021-1", status="u toku"),
        book.write("details", "M2021-1", text="Vježba slijedi, nakon prvog kontakta (M2001-1)."),
        book.write("frameworks", "observer", joined="od aprila 2003."),
        book.write("statements", "rudolf-on-harbours", claim="Skoro svaka luka je otvorena."),
        book.write("reply", "M2010-1", reply="ispraviti", part="Datum", proposed="23. APRILA 2010."),
    ]
    done = command("receive", book.save(), "--from", "The guild", "--kind", "official")
    assert done.err == ""
    (decisions,) = (folders.data / "received").glob("*-the-guild.yaml")
    found = {each.where: each for each in proposals(decisions, folders)}
    assert set(found) == set(cells)
    shown = [(each.kind, each.record, each.field, each.base, each.theirs) for each in (found[cell] for cell in cells)]
    assert shown == [
        (CHANGE, "M2016-1", "date", "2016-11%", "2016-10"),
        (CHANGE, "M2018-1", "title", "Konferencija", "Konferencija o trgovini"),
        (CHANGE, "M2018-1", "frameworks", "", "charter"),
        (CHANGE, "M2021-1", "status", "planned", "ongoing"),
        (CHANGE, "M2021-1", "text", WORDS["bs"]["M2021-1/text"], "Vježba slijedi, nakon prvog kontakta [@M2001-1]."),
        (CHANGE, "observer", "joined", "2003", "2003-04/.."),
        (CHANGE, "rudolf-on-harbours", "gist", "Svaka luka je otvorena.", "Skoro svaka luka je otvorena."),
        (CHANGE, "M2010-1", "date", "2010-04-22", "2010-04-23"),
    ]
    told = {cell: (found[cell].language, found[cell].original) for cell in cells if found[cell].language}
    assert told == {
        cells[1]: ("bs", "Conference"),
        cells[4]: ("bs", "The exercise is to be held, after the first contact [@M2001-1]."),
        cells[6]: ("bs", "Every harbour is open."),
    }
    assert f"{cells[1]}: M2018-1 title (bs): Konferencija → Konferencija o trgovini; of: Conference" in done.out.splitlines()
    assert {each.conflict + each.ask for each in found.values()} == {""}


def test_what_is_taken_is_in_the_data_or_in_the_catalogue(command: Command, folders: Folders) -> None:  # noqa: F811
    """A date in the data, with the file as its evidence, and words in the catalogue, saying whose; the answer is in its language."""
    book = Workbook(folders)
    book.write("register", "M2016-1", date="oktobar 2016.", comment="Tako piše")
    book.write("register", "M2018-1", milestone="Konferencija o trgovini")
    book.write("details", "M2018-1", text="Konferencije nije bilo.")
    decisions = receive(command, book.save())
    decide(decisions, M2016_1="take: They know", M2018_1="take: It reads better")
    before = digests(folders.data)
    done = command("receive", "--apply", decisions)
    assert (done.err, done.status) == ("", 0)
    changed = {name for name, digest in digests(folders.data).items() if before.get(name) != digest}
    assert changed == {"milestones/second.yaml", "sources.yaml", "translations/bs.po", f"received/{decisions.name}"}
    records = {record.id: record for record in load_dataset(folders.data).all(Milestone)}
    assert (records["M2018-1"].title, records["M2018-1"].text) == ("Conference", "The conference was not held.")
    assert (str(records["M2016-1"].date), records["M2016-1"].evidence[-1].note) == ("2016-10", None)
    (source,) = (each for each in load_dataset(folders.data).sources if each.id == f"received-{decisions.stem}")
    assert (source.language, source.title) == ("bs", "Milestone register of edition 1, as it came back")
    found = messages(folders)
    assert found["M2018-1/title"].msgstr == "Konferencija o trgovini"
    assert found["M2018-1/text"].msgstr == "Konferencije nije bilo."
    assert found["M2018-1/title"].tcomment == f"The guild, received/{decisions.with_suffix('.xlsx').name}"
    assert command("check").status == 0
    answer = openpyxl.load_workbook(folders.out / "answers" / f"{decisions.stem}.xlsx")
    rows = [[cell.value for cell in row[:8]] for row in answer[book.locale.term("sheet.answer")].iter_rows(min_row=5)]
    taken, title, text = (book.locale.term(key) for key in ("verdict.take", "field.title", "field.text"))
    assert [[row[0], *row[2:6], row[7]] for row in rows if row[0] == "M2018-1"] == [
        ["M2018-1", title, "Konferencija", "Konferencija o trgovini", taken, "Konferencija o trgovini"],
        ["M2018-1", text, "Konferencija nije održana.", "Konferencije nije bilo.", taken, "Konferencije nije bilo."],
    ]
    assert "oktobar 2016." in [row[7] for row in rows]


def test_only_a_wording_can_be_taken_or_refused(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """No source gives another wording of a translation; and what is emptied is none."""
    book = Workbook(bosnian)
    book.write("register", "M2018-1", milestone="Konferencija o trgovini")
    book.write("register", "M2010-1", milestone=None)
    book.write("statements", "rudolf-on-harbours", finding="Jedna luka je bila zatvorena.")
    decisions = receive(command, book.save())
    decide(decisions, M2018_1="differs: They say so", M2010_1="take: A title", rudolf_on_harbours="take: It is so")
    before = digests(bosnian.data)
    done = command("receive", "--apply", decisions)
    assert [re.sub(r"^.*?:\d+:\d+: ", "", line) for line in done.err.splitlines()] == [
        "a translation has words: refuse this, or write others under 'value'",
        "'differs' is for a fact, and this is the wording of a translation: take it, refuse it, or leave it for later",
        "2 problems",
    ]
    edit(decisions, "decision: differs\n", "decision: later\n")
    edit(decisions, "decision: take\n  why: A title", "decision: refuse\n  why: A title")
    said = command("receive", "--apply", decisions).err
    assert said.startswith("data/translations/bs.po:")
    assert said.endswith(": with these decisions: 'rudolf-on-harbours/finding' leaves out the citation of 'institute'\n1 problem\n")
    assert digests(bosnian.data).keys() == before.keys()
    edit(decisions, "decision: take\n", "decision: refuse\n")
    assert command("receive", "--apply", decisions).err == ""
    assert messages(bosnian)["M2018-1/title"].msgstr == "Konferencija"


def test_a_text_that_changed_meanwhile_is_a_conflict(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """The translation may be of the old text; it takes the new one's place when a person says so, and only if that is still the text."""
    book = Workbook(bosnian)
    book.write("register", "M2018-1", milestone="Konferencija o trgovini")
    book.write("register", "M2010-1", milestone="Sporazum o lukama")
    edit(bosnian.data / "milestones" / "second.yaml", "title: Conference\n", "title: Conference on trade\n")
    edit(bosnian.data / TRANSLATIONS / "bs.po", 'msgstr "Lučki sporazum"', 'msgstr "Sporazum luka"')
    decisions = receive(command, book.save())
    first, second = proposals(decisions, bosnian)
    assert (first.record, first.ours, first.conflict) == ("M2010-1", "Sporazum luka", "changed here too, since edition 1")
    assert (second.base, second.ours, second.original) == ("Konferencija", "", "Conference on trade")
    assert second.conflict == "the text that it renders changed since edition 1, and was 'Conference': it may be an old one's"
    decide(decisions, M2018_1="take: It renders the new one", M2010_1="refuse: No")
    said = command("receive", "--apply", decisions).err
    assert "bs.po has no message 'M2018-1/title' of this text: draw it, by translate, and say this again\n1 problem\n" in said
    assert command("translate").status == 0
    assert messages(bosnian)["M2018-1/title"].fuzzy
    assert command("receive", "--apply", decisions).err == ""
    taken = messages(bosnian)["M2018-1/title"]
    assert (taken.msgid, taken.msgstr, taken.fuzzy, taken.previous_msgid) == ("Conference on trade", "Konferencija o trgovini", False, None)


def test_what_was_decided_on_something_else_is_looked_at_again(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """The text, or its translation, changed since the file was received."""
    book = Workbook(bosnian)
    book.write("register", "M2018-1", milestone="Konferencija o trgovini")
    book.write("register", "M2010-1", milestone="Sporazum o lukama")
    decisions = receive(command, book.save())
    decide(decisions, M2018_1="take", M2010_1="take")
    edit(bosnian.data / "milestones" / "second.yaml", "title: Conference\n", "title: Conference on trade\n")
    edit(bosnian.data / TRANSLATIONS / "bs.po", 'msgstr "Lučki sporazum"', 'msgstr "Sporazum luka"')
    said = [re.sub(r"^.*?:\d+:\d+: ", "", line) for line in command("receive", "--apply", decisions).err.splitlines()]
    again = "so that this was decided on something else: look again, and write that here"
    assert said == [
        f"the title of 'M2010-1' is 'Sporazum luka' in 'bs' now, {again}",
        f"the title of 'M2018-1' is 'Conference on trade' now, {again}",
        "2 problems",
    ]


def test_what_was_issued_without_a_translation_asks(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """It may be one, or a correction of the text in the other language; taken, it is one."""
    book = Workbook(bosnian)
    book.write("register", "M2019-1", milestone="Svjetionik")
    decisions = receive(command, book.save())
    (found,) = proposals(decisions, bosnian)
    assert (found.base, found.theirs, found.ours, found.original) == ("Lighthouse", "Svjetionik", "", "Lighthouse")
    assert found.ask == "it was issued without a translation into 'bs': is this one, or a correction of the text?"
    decide(decisions, M2019_1="take: It is one")
    assert command("receive", "--apply", decisions).err == ""
    assert messages(bosnian)["M2019-1/title"].msgstr == "Svjetionik"


def test_a_new_record_needs_words_in_the_language_of_the_data(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """What it is called in the other one is shown, and never becomes a text of the data."""
    book = Workbook(bosnian)
    new = book.locale.term("register.new", number=1)
    book.write("reply", new, reply="dodati", milestone="Pregovori", date="mart 2018.", comment="Bili smo domaćini")
    decisions = receive(command, book.save())
    (found,) = proposals(decisions, bosnian)
    assert (found.kind, found.given) == (ADD, {"date": "2018-03"})
    assert found.ask == "write under 'given', in the language of the data, what they say in 'bs': title: Pregovori"
    decide(decisions, **{new.replace(" ", "_"): "take: They hosted it"})
    assert "a milestone needs its title, text, kind: write it here" in command("receive", "--apply", decisions).err
    edit(decisions, "    date: 2018-03\n", "    date: 2018-03\n    title: Parley\n    text: Both met.\n    kind: meeting\n")
    assert command("receive", "--apply", decisions).err == ""
    (parley,) = (record for record in load_dataset(bosnian.data).all(Milestone) if record.title == "Parley")
    assert parley.evidence[0].note is None


def test_a_text_in_the_letters_of_another_is_a_remark(command: Command, folders: Folders) -> None:  # noqa: F811
    """Serbian in Latin letters has no catalogue: the remark names the Cyrillic text; a date is a proposal as ever."""
    book = Workbook(folders, "sr-Latn")
    book.write("register", "M2018-1", milestone="Konferencija o trgovini", date="maj 2018.")
    found = {each.field: each for each in proposals(receive(command, book.save()), folders)}
    assert (found["date"].kind, found["date"].theirs, found["date"].language) == (CHANGE, "2018-05", "")
    title = found["title"]
    assert (title.kind, title.base, title.theirs) == (REMARK, "Konferencija", "Konferencija o trgovini")
    assert title.ask == "'sr-Latn' is made of 'sr-Cyrl-BA': change it there, where it is 'Конференција'"


def test_a_summary_in_another_language_comes_back(command: Command, bosnian: Folders) -> None:  # noqa: F811
    """Its fields, in Word, with who changed them."""
    add_summary(bosnian)
    editor = Editor((bosnian.out / "bs" / "summary.docx").read_bytes())
    editor.replace(editor.control("dataset.yaml/bottom_line"), "Ništa nije odlučeno", "Odluke nema")
    path = bosnian.out.parent / "back.docx"
    path.write_bytes(editor.save())
    decisions = receive(command, path)
    (found,) = proposals(decisions, bosnian)
    assert (found.record, found.field, found.language, found.by) == ("about", "bottom_line", "bs", "Ana Anić")
    assert found.theirs == "Ruritanija je posmatrač [@league, paragraph 1]. Odluke nema."
    decide(decisions, about="take: It is plainer")
    assert command("receive", "--apply", decisions).err == ""
    assert messages(bosnian)["about/bottom_line"].msgstr == found.theirs
    assert "Nothing is decided." in (bosnian.data / "dataset.yaml").read_text("utf-8")


def test_an_edition_that_kept_one_language_reads_no_other(command: Command, folders: Folders) -> None:  # noqa: F811
    """As editions of older programs did: it is said, rather than that everything differs."""
    folder = folders.data / "editions" / "1"
    kept = json.loads((folder / "issued.json").read_text("utf-8"))
    kept["files"] = {name: file for name, file in kept["files"].items() if name.startswith("en/")}
    (folder / "issued.json").write_text(json.dumps(kept), "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["contents"]["issued.json"] = digests(folder)["issued.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    done = command("receive", folders.out / "bs" / "register.xlsx", "--from", "The guild", "--kind", "party")
    assert done.err == (
        "build/bs/register.xlsx: is in 'bs' or 'sr-Latn', and edition 1 kept nothing of its files in that language\n1 problem\n"
    )
    assert command("receive", folders.out / "en" / "register.xlsx", "--from", "The guild", "--kind", "party").status == 0


def test_a_name_that_data_have_in_the_language_is_a_remark(tiny: Dataset) -> None:
    """It has no message in a catalogue, and is not the name in the language of the data."""
    told = Telling(tiny, "sr-Cyrl-BA", {})
    proposal = Proposal(kind=CHANGE, record="rudolf", field="name", where="paragraph 7", base="Рудолф Расендил", theirs="Рудолф")
    (found,) = of_translation([proposal], told, told)
    assert (found.kind, found.ask) == (REMARK, "the name in this language is data: see 'names' of the record")
    own = Telling(tiny, "en", {})
    assert [*of_translation([proposal], own, own)] == [proposal]
