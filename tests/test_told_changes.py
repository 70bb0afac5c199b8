"""What the shipped templates tell of changes, read back from what they print for a small dataset that was edited."""

import shutil
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from reports.build.plan import Folders, Project
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import View, label, make_view
from reports.editions.editions import compare, load_editions
from reports.editions.snapshot import snapshot_of
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from reports.renderers.workbook import evaluate
from reports.translate import translate
from tests.conftest import PROJECT, edit
from tests.editions.conftest import Freeze, freeze  # noqa: F401

TEMPLATES = PROJECT / "templates"


@pytest.fixture
def views(tiny_data: Path, freeze: Freeze) -> dict[str, View]:  # noqa: F811
    """What the papers show after an edition was frozen, and then a date, a text and a new milestone came."""
    freeze()
    edit(tiny_data / "milestones" / "first.yaml", "date: 2010-04-22\n", "date: 2010-04-23\n")
    edit(tiny_data / "milestones" / "second.yaml", "text: The exercise is to be held,", "text: The joint exercise is to be held,")
    period = tiny_data / "milestones" / "second.yaml"
    new = "  - id: M2019-9\n    date: 2019-05\n    title: New talks\n    text: Talks.\n    kind: meeting\n    key: true\n"
    period.write_text(f"{period.read_text('utf-8')}{new}    evidence:\n      - source: league\n        locator: paragraph 8\n", "utf-8")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    return {document.id: make_view(dataset, document, "en", comparison) for document in load_documents(TEMPLATES)}


def printed(view: View, template: str) -> str:
    return Templates(TEMPLATES, view).render(template)


REST = {"briefing": "more in section 7.", "in-focus": "the record lists all changes.", "web": "and 1 other change."}


@pytest.mark.parametrize("document", REST)
def test_page_one_says_what_is_new(document: str, views: dict[str, View]) -> None:
    """The new key milestone and the key one whose date changed are named; others are counted where all stand, or it is said where."""
    medium = "html" if document == "web" else "pdf"
    root = parse_html(Templates(TEMPLATES, views[document], medium).render(f"{document}/{document}.html.j2"))
    (told,) = (text_of(element) for element in root.iter("p") if element.get("class") == "changed")
    assert told.startswith("Since edition 1 (1 July 2020): new: New talks, May 2019 (M2019-9); changed: Harbour Agreement, 23 April 2010")
    assert len(views["web"].changes) == 3
    assert told.endswith(f"; {REST[document]}")


def test_only_changed_facts_are_marked(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """A key milestone in other words is not marked in the briefing, where nobody could learn what changed; the record says both."""
    freeze()
    edit(tiny_data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: The Harbour Agreement")
    dataset = load_dataset(tiny_data)
    for is_fact in (False, True):
        if is_fact:
            edit(tiny_data / "milestones" / "first.yaml", "date: 2010-04-22\n", "date: 2010-04-23\n")
            dataset = load_dataset(tiny_data)
        comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
        briefing, record = (
            make_view(dataset, document, "en", comparison) for document in load_documents(TEMPLATES, ["briefing", "record"])
        )
        assert ("(changed)" in printed(briefing, "briefing/briefing.html.j2")) == is_fact
        assert "changed since edition 1" in printed(record, "record/record.html.j2")


def test_the_record_lists_what_changed_in_the_head_and_in_threads(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """Every change that page one of the web page counts is there: of the texts that belong to no record, by their names."""
    freeze()
    edit(tiny_data / "dataset.yaml", "publisher: ", "publisher: New ")
    edit(tiny_data / "topics.yaml", "name: ", "name: New ")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    view = make_view(dataset, load_documents(TEMPLATES, ["record"])[0], "en", comparison)
    root = parse_html(printed(view, "record/record.html.j2"))
    tables = {text_of(*table.iter("caption")): table for table in root.iter("table") if table.get("class") == "changes"}
    assert [*tables] == ["Lead texts that changed", "Threads of the story that changed"]
    (row,) = tables["Lead texts that changed"].iterfind("tbody/tr")
    assert text_of(row).startswith("The publisher")
    assert "inserted: New" in text_of(row)


def test_the_record_says_what_was_said_before(views: dict[str, View]) -> None:
    """A value stands struck out before the one of now, of a text the words alone; both are said in words to those who see no line."""
    root = parse_html(printed(views["record"], "record/record.html.j2"))
    deleted, inserted = ([text_of(element) for element in root.iter(tag)] for tag in ("del", "ins"))
    assert "deleted: 22 April 2010" in deleted
    assert "inserted: 23 April 2010" in inserted
    assert "inserted: joint" in inserted
    assert not any("exercise is to be held" in text for text in (*deleted, *inserted))
    entries = {element.get("id"): text_of(element) for element in root.iter("div") if element.get("class") == "entry"}
    assert "new since edition 1" in entries["M2019-9"]
    assert "changed since edition 1" in entries["M2010-1"]
    assert "since edition" not in entries["M2001-1"]


def test_a_text_that_was_rewritten_is_told_by_its_beginning(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """Where more words changed than stayed, the first ones of before and now tell more than the pieces; a new title is not said twice."""
    path, stayed = tiny_data / "milestones" / "second.yaml", " and nobody else knows"
    start, end = "text: The exercise is to be held,", "text: The"
    edit(path, start, f"text: {'Once upon a time ' * 9}{stayed}, the exercise is to be held,")
    freeze()
    edit(path, f"text: {'Once upon a time ' * 9}{stayed}", f"{end} fleets {'sailed on and on ' * 9}{stayed}")
    edit(path, "title: Joint exercise", "title: Common exercise")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    root = parse_html(printed(make_view(dataset, load_documents(TEMPLATES, ["record"])[0], "en", comparison), "record/record.html.j2"))
    deleted, inserted = ([text_of(element) for element in root.iter(tag)] for tag in ("del", "ins"))
    assert deleted == ["deleted: Joint exercise", f"deleted: {'Once upon a time ' * 4}…"]
    assert inserted == ["inserted: The fleets sailed on and on sailed on and on sailed on and on sailed …"]


def test_a_first_edition_tells_of_none(tiny_data: Path) -> None:
    """No box, no section and no entry in the contents."""
    dataset = load_dataset(tiny_data)
    for document, template in (("briefing", "briefing/briefing.html.j2"), ("record", "record/record.html.j2")):
        view = make_view(dataset, load_documents(TEMPLATES, [document])[0], "en")
        text = text_of(parse_html(printed(view, template)))
        assert "since edition" not in text.casefold()


def test_a_claim_that_was_noted_otherwise_is_told_by_who_makes_it(tiny_data: Path) -> None:
    """As `differs` notes it on a claim that came back: it has no title, nor a name."""
    given = "    - source: league\n      locator: line 1\n      gives:\n        gist: Some are open.\n"
    noted = f"  reading: The courier is followed.\n  evidence:\n{given}    - source: courier\n"
    edit(tiny_data / "statements.yaml", "  evidence:\n    - source: courier\n", noted)
    root = parse_html(
        printed(make_view(load_dataset(tiny_data), load_documents(TEMPLATES, ["record"])[0], "en", None), "record/record.html.j2")
    )
    (table,) = (element for element in root.iter("table") if element.get("class") == "disagreements")
    assert any("Some are open." in text and "Rudolf" in text for text in map(text_of, table.iter("tr")))


def test_what_was_said_is_told_in_its_own_language(tiny_data: Path, freeze: Freeze, tmp_path: Path) -> None:  # noqa: F811
    """A text that nobody has translated says in which language it is, wherever a part of it stands among the changes."""
    freeze()
    edit(tiny_data / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    path = tiny_data / "milestones" / "second.yaml"
    edit(path, "text: The exercise is to be held,", "text: The joint exercise is to be held,")
    edit(path, "title: Joint exercise", "title: Common exercise")
    rewritten = f"text: Many {'ships sailed on and on ' * 9}[@M2010-1]"
    edit(tiny_data / "milestones" / "first.yaml", "text: Talks were held [with an agenda](https://league.example/agenda).", rewritten)
    templates = shutil.copytree(TEMPLATES, tmp_path / "templates")
    (templates / "locale" / "bs.po").unlink()
    english = (templates / "locale" / "en.yaml").read_text("utf-8")
    (templates / "locale" / "bs.yaml").write_text(english.replace("tag: en-GB", "tag: bs-Latn-BA"), "utf-8")
    folders = Folders(tiny_data, templates, tmp_path / "build")
    root = _record(folders)
    cut = f"Many {'ships sailed on and on ' * 9}"[:70].rpartition(" ")[0] + " …"
    for tag, words in (("ins", "joint"), ("del", "Joint exercise"), ("del", "Talks were held with an agenda."), ("ins", cut)):
        (element,) = (element for element in root.iter(tag) if text_of(element).endswith(words))
        *_, span = (span for span in element.iter("span") if span.get("class") == "untranslated")  # words of the template may go before
        assert (span.get("lang"), text_of(span)) == ("en", words)
    [*translate(folders)]
    catalogue = tiny_data / "translations" / "bs.po"
    edit(catalogue, 'msgid "Common exercise"\nmsgstr ""', 'msgid "Common exercise"\nmsgstr "Joint vježba"')
    text = 'msgid "The joint exercise is to be held, after the first contact [@M2001-1]."\nmsgstr '
    edit(catalogue, f'{text}""', f'{text}"Vježba i after the first [@M2001-1]."')
    told = [(text_of(element), _is_foreign(element)) for element in _record(folders).iter()]
    assert ("deleted: The exercise is to be held, after the first contact.", True) in told
    assert ("inserted: Vježba i after the first.", False) in told


def _is_foreign(element: Element) -> bool:
    """Return true if the last words in *element* say that they are in another language."""
    return len(element) > 0 and element[-1].get("class") == "untranslated"


def _record(folders: Folders) -> Element:
    """Return the record in Bosnian."""
    view = Project(folders, ["record"], draft=True).view("record", "bs")
    return parse_html(Templates(folders.templates, view).render("record/record.html.j2"))


def test_changes_are_told_in_the_words_of_readers(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """What a record refers to by its name, codes and true or false in words, in the record and in the register."""
    freeze()
    edit(tiny_data / "operations.yaml", "  led_by: council\n  start: 2011\n", "  led_by: admiralty\n  start: 2011\n  ongoing: true\n")
    edit(tiny_data / "milestones" / "second.yaml", "status: overdue", "status: missed")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    record, register = (make_view(dataset, document, "en", comparison) for document in load_documents(TEMPLATES, ["record", "register"]))
    root = parse_html(printed(record, "record/record.html.j2"))
    told = [{text_of(element).partition(": ")[2] for element in root.iter(tag)} for tag in ("del", "ins")]
    before, after = (
        {label(dataset.by_id[name], dataset.by_id), *words}
        for name, *words in (("council", "no", "overdue"), ("admiralty", "yes", "missed"))
    )
    assert told == [before, after]
    sheet = next(sheet for sheet in evaluate(register, TEMPLATES, "register/register.yaml").sheets if sheet.name == "Changes")
    assert sheet.table
    rows = [[cell.value for cell in row] for row in sheet.table.rows]
    at = [*sheet.table.headings].index("Before")
    assert [{row[column] for row in rows} for column in (at, at + 1)] == [before, after]


def test_a_code_that_the_dataset_has_no_more_is_told_as_it_was(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """Nobody words it any more, and the change has to be told all the same."""
    edit(tiny_data / "milestones" / "second.yaml", "kind: operation", "kind: regatta")
    freeze()
    edit(tiny_data / "milestones" / "second.yaml", "kind: regatta", "kind: operation")
    edit(tiny_data / "dataset.yaml", "  - code: regatta\n    name: regatta\n", "  - code: gala\n    name: gala\n")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    record, register = (make_view(dataset, document, "en", comparison) for document in load_documents(TEMPLATES, ["record", "register"]))
    assert "regatta" in printed(record, "record/record.html.j2")
    sheets = evaluate(register, TEMPLATES, "register/register.yaml").sheets
    assert "regatta" in [cell.value for sheet in sheets if sheet.table for row in sheet.table.rows for cell in row]


def test_the_register_has_the_words_of_changed_texts_alone(tiny_data: Path, freeze: Freeze) -> None:  # noqa: F811
    """Lists of texts, and issues to watch, come without the marks of their citations."""
    freeze()
    edit(tiny_data / "dataset.yaml", "What comes next is **planned**", "What comes is **planned**")
    edit(tiny_data / "dataset.yaml", "title: The vote on the charter", "title: A vote on the charter")
    dataset = load_dataset(tiny_data)
    comparison = compare(snapshot_of(dataset), load_editions(tiny_data), tiny_data)
    register = make_view(dataset, load_documents(TEMPLATES, ["register"])[0], "en", comparison)
    sheet = next(sheet for sheet in evaluate(register, TEMPLATES, "register/register.yaml").sheets if sheet.name == "Changes")
    assert sheet.table
    told = " ".join(str(cell.value) for row in sheet.table.rows for cell in row)
    assert "What comes is planned for 2021" in told
    assert "It would open all harbours" in told
    assert "[@" not in told
    assert "**" not in told
