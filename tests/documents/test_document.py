"""The declaration of a document, and what is wrong with it."""

from pathlib import Path

import pytest

from reports.documents.document import Choice, load_documents
from reports.errors import ReportsError, one_line
from tests.conftest import Show, edit


def problems(folder: Path, show: Show, *names: str) -> list[str]:
    with pytest.raises(ReportsError) as error:
        load_documents(folder, names)
    return show(error.value.problems)


def test_every_folder_with_a_declaration_is_a_document(tiny_templates: Path) -> None:
    """Documents come in the order of their folders' names, or of the names that were asked for, each once."""
    assert [document.id for document in load_documents(tiny_templates)] == ["note", "short"]
    assert [document.id for document in load_documents(tiny_templates, ["short", "note", "short"])] == ["short", "note"]


def test_what_a_declaration_says(tiny_templates: Path) -> None:
    """What is left out is all records, the dataset's title, and no attachment."""
    note, short = load_documents(tiny_templates)
    assert (note.name, note.title, note.attach_dataset, dict(note.outputs)) == ("Note", None, True, {"note.pdf": "note/note.html.j2"})
    assert {getattr(note.records, kind) for kind in type(note.records).model_fields} == {Choice.ALL}
    assert (short.title, short.attach_dataset) == ("Ruritania in short", False)
    assert (short.records.milestones, short.records.areas) == (Choice.KEY, Choice.NONE)


def test_an_unknown_document_is_named_with_the_nearest(tiny_templates: Path, show: Show) -> None:
    """A name that no document has is a problem, and so is every other one."""
    assert problems(tiny_templates, show, "notes", "note", "xyz") == [
        "templates: there is no document 'notes' (did you mean 'note'?); there are: note, short",
        "templates: there is no document 'xyz'; there are: note, short",
    ]


def not_plain(*names: tuple[int, str]) -> list[str]:
    return [f"2:{column}: '{name}' is not a plain file name" for column, name in names]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name: Note\n", ["1:1: the field 'outputs' is missing"]),
        ("name: Note\noutputs: {}\n", ["2:10: 'outputs' is empty; at least one is needed"]),
        (
            "name: Note\noutput:\n  a.pdf: b\n",
            ["1:1: the field 'outputs' is missing", "2:1: there is no field 'output' here (did you mean 'outputs'?)"],
        ),
        (
            "name: Note\nrecords: {milestones: some, peple: all}\noutputs: {a.pdf: b}\n",
            ["2:23: 'some' is not one of all, key, cited, none", "2:29: there is no field 'peple' here (did you mean 'people'?)"],
        ),
        (
            "name: Note\noutputs: {../a.pdf: b, /a.pdf: b, c/a.pdf: b, .a.pdf: b, a.pdf: b}\n",
            not_plain((11, "../a.pdf"), (24, "/a.pdf"), (35, "c/a.pdf"), (47, ".a.pdf")),
        ),
        (
            """name: Note\noutputs: {"a\\nb.pdf": b, "e\\\\f.pdf": b, 'g:h.pdf': b, 'i*.pdf': b, 'j?.pdf': b}\n""",
            not_plain((11, r"a\nb.pdf"), (26, r"e\f.pdf"), (41, "g:h.pdf"), (55, "i*.pdf"), (68, "j?.pdf")),
        ),
        (f"name: Note\noutputs: {{{'a' * 117}.pdf: b}}\n", not_plain((11, f"{'a' * 117}.pdf"))),
        (
            "name: Note\noutputs: {CON.html: b, com1: b, lpt².a.pdf: b, 'nul .pdf': b, a.pdf.: b, 'a.pdf ': b}\n",
            not_plain((11, "CON.html"), (24, "com1"), (33, "lpt².a.pdf"), (48, "nul .pdf"), (63, "a.pdf."), (74, "a.pdf ")),
        ),
        (
            "name: Note\noutputs: {note.html: b, Note.HTML: b, č.pdf: b, c\u030c.pdf: b, content.html: b}\n",
            [f"2:{place} are one file on some systems" for place in ("25: 'Note.HTML' and 'note.html'", "49: 'c\u030c.pdf' and 'č.pdf'")],
        ),
        ('name: Note\noutputs: {"a\\0.pdf": b}\n', ["2:11: the character U+0000 (a control character) has no place in a text; remove it"]),
        ("- name\n", ["1:1: fields are expected here, each as 'name: value'"]),
        ("name: [\n", ["1:7: a text that begins with '[' has to stand in quotes; a list has a ']' at its end"]),
    ],
)
def test_a_wrong_declaration(content: str, expected: list[str], tiny_templates: Path, show: Show) -> None:
    """A wrong document.yaml has its problems at their places."""
    (tiny_templates / "note" / "document.yaml").write_text(content, "utf-8")
    assert problems(tiny_templates, show) == [f"templates/note/document.yaml:{line}" for line in expected]
    assert [document.id for document in load_documents(tiny_templates, ["short"])] == ["short"], "the other document is not asked"


def test_only_what_can_be_made_is_declared(tiny_templates: Path, show: Show) -> None:
    """A file of a kind that nobody makes, or that another document makes already, is a problem at its line."""
    edit(tiny_templates / "note" / "document.yaml", "  note.pdf:", "  a.txt: b\n  a.pfd: b\n  Short.pdf: b\n  note.pdf:")
    with pytest.raises(ReportsError) as error:
        load_documents(tiny_templates, kinds=(".pdf", ".html"))
    assert show(error.value.problems) == [
        "templates/note/document.yaml:5:3: nothing makes files like 'a.txt'",
        "templates/note/document.yaml:6:3: nothing makes files like 'a.pfd' (did you mean '.pdf'?)",
    ]
    (twice,) = problems(tiny_templates, show)
    assert twice == "templates/short/document.yaml:15:3: 'short.pdf' and 'Short.pdf' are one file on some systems"


def test_what_tells_changes_is_a_file_that_can(tiny_templates: Path, show: Show) -> None:
    """What is no output, or of a format that tells no changes, is a problem; so are data of a document without them, or nothing else."""
    declaration = "name: Note\noutputs: {{ note.pdf: b, a.docx: b, c.csv: b }}\nchanges: [{}]\n{}"
    found = {}
    attached = {"c.csv": "attach_dataset: true\n"}
    for changes in ("a.docx", "note.pdf, b.docx", "a.docx, note.pdf, c.csv", "c.csv"):
        (tiny_templates / "note" / "document.yaml").write_text(declaration.format(changes, attached.get(changes, "")), "utf-8")
        try:
            load_documents(tiny_templates)
        except ReportsError as error:
            found[changes] = [line.removeprefix("templates/note/document.yaml:") for line in show(error.problems)]
    pdf = "'note.pdf' is no Word, CSV, JSON or Atom file among the outputs"
    assert found == {
        "note.pdf, b.docx": [
            f"3:11: {pdf}",
            "3:21: 'b.docx' is no Word, CSV, JSON or Atom file among the outputs (did you mean 'a.docx'?)",
        ],
        "a.docx, note.pdf, c.csv": [
            "3:10: all outputs tell changes, and are not made before there is an edition: name another one",
            f"3:19: {pdf}",
            "3:29: 'c.csv' tells the changes of the whole dataset: say 'attach_dataset: true'",
        ],
    }


@pytest.mark.parametrize("name", ["CON", "nul.a", "a.", "a\nb", "a\u202eb", "a:b", "\udcff"])
def test_a_folder_has_a_plain_name(name: str, tiny_templates: Path, show: Show) -> None:
    """A folder whose name can't be shown, or is not UTF-8, or not a name on every system, is no document."""
    (tiny_templates / "note").rename(tiny_templates / name)
    assert problems(tiny_templates, show) == [f"templates/{one_line(name)}: '{one_line(name)}' is not a plain name for a folder"]


def test_declarations_are_read_where_they_belong(tiny_templates: Path, show: Show) -> None:
    """A declaration, or a document's whole folder, may not be elsewhere."""
    (tiny_templates / "note").rename(tiny_templates.parent / "note")
    (tiny_templates / "note").symlink_to("../note")
    message = "leads to 'note', outside the folder 'templates'; put a copy of it here"
    assert problems(tiny_templates, show) == [f"templates/note: {message}"]


def test_a_folder_of_templates_is_needed(tmp_path: Path, show: Show) -> None:
    """No folder, and a folder without documents, are problems."""
    assert problems(tmp_path / "nowhere", show) == ["nowhere: there is no such folder of templates"]
    (tmp_path / "empty").mkdir()
    assert problems(tmp_path / "empty", show) == ["empty: holds no document: no folder in it has a document.yaml"]


def test_a_record_is_a_file_that_a_document_makes(tiny_templates: Path, show: Show) -> None:
    """Links to what a document does not show lead there; which documents are asked for makes no difference."""
    edit(tiny_templates / "note" / "document.yaml", "name: Note", "name: Note\nrecord: shrot.pdf")
    for names in ((), ("note",)):
        (line,) = problems(tiny_templates, show, *names)
        assert line.endswith(": no document makes 'shrot.pdf' (did you mean 'short.pdf'?)")
    assert load_documents(tiny_templates, ["short"])
    edit(tiny_templates / "note" / "document.yaml", "record: shrot.pdf", "record: short.pdf")
    assert load_documents(tiny_templates, ["note"])


def test_no_document_takes_the_file_of_another(tiny_templates: Path, show: Show) -> None:
    """Also where the other one is not asked for."""
    edit(tiny_templates / "short" / "document.yaml", "short.pdf:", "note.pdf:")
    (line,) = problems(tiny_templates, show, "short")
    assert "'note.pdf'" in line


def test_names_of_outputs_know_one_name_in_braces(tiny_templates: Path, show: Show) -> None:
    """It stands for the dataset's id, among what tells changes too; any other is a mistake."""
    path = tiny_templates / "note" / "document.yaml"
    path.write_text("name: Note\noutputs: { '{datset}.pdf': b, a.pdf: b }\n", "utf-8")
    assert problems(tiny_templates, show) == ["templates/note/document.yaml:2:12: '{datset}.pdf' is not a plain file name"]
    path.write_text("name: Note\noutputs: { '{dataset}.docx': b, a.pdf: b }\nchanges: ['{dataset}.docx']\n", "utf-8")
    (document,) = load_documents(tiny_templates, ["note"])
    assert [*document.of_dataset("x").without_changes().outputs] == ["a.pdf"]


def test_a_feed_tells_changes(tiny_templates: Path, show: Show) -> None:
    """It has nothing else to tell."""
    (tiny_templates / "note" / "document.yaml").write_text("name: Note\noutputs: { a.atom: b, a.pdf: b }\n", "utf-8")
    assert problems(tiny_templates, show) == ["templates/note/document.yaml:2:12: 'a.atom' tells what changed: name it under 'changes' too"]
