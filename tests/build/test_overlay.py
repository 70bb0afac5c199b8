"""Templates beside the data: they stand in the place of the house's, and what is wrong with them is told where it was written."""

import os
from pathlib import Path

import pytest

from reports.build.build import BuildOptions, build, check
from reports.build.manifest import read_manifest
from reports.build.overlay import KEPT, at_origin, with_own_templates
from reports.build.plan import Event, Folders
from reports.dataset.load import load_dataset
from reports.errors import Location, Problem, ReportsError
from reports.readers import read
from tests.conftest import Show, edit

CSV = "en/short.csv"


@pytest.fixture
def folders(quick_folders: Folders) -> Folders:
    """A dataset that words one term in its own way, and has a template of its own."""
    own = quick_folders.data / "house"
    (own / "locale").mkdir(parents=True)
    (own / "locale" / "en.yaml").write_text("status:\n  done: accomplished\n", "utf-8")
    edit(quick_folders.data / "dataset.yaml", "edition: 1\n", "edition: 1\ntemplates: house\n")
    table = quick_folders.templates / "short" / "table.yaml"
    edit(table, "value: milestone.title", 'value: term("status." ~ milestone.status)')
    return quick_folders


def cells(folders: Folders) -> str:
    build(with_own_templates(folders), BuildOptions(names=("short",)))
    return " ".join(block.text for block in read(folders.out / CSV).blocks)


def reasons(folders: Folders) -> list[tuple[str, ...]]:
    """Return why each file of the document `short` would be made."""
    found: list[Event] = []
    build(with_own_templates(folders), BuildOptions(names=("short",), dry=True), found.append)
    return [event.reasons for event in found if event.path]


def problems(folders: Folders, show: Show) -> list[str]:
    with pytest.raises(ReportsError) as raised:
        check(with_own_templates(folders))
    return show(at_origin(raised.value.problems))


def test_what_an_editor_leaves_is_no_template(folders: Folders) -> None:
    """A swap file comes and goes: nothing is put together anew for it."""
    before = with_own_templates(folders).templates
    for name in (".DS_Store", "locale/.en.yaml.swp", "locale/en.yaml~"):
        (folders.data / "house" / name).write_text("x", "utf-8")
    assert with_own_templates(folders).templates == before


def test_terms_and_templates_stand_in_the_place_of_the_house_s(folders: Folders) -> None:
    """Of terms only those that differ; another file as a whole. The house's files stay as they are."""
    before = {path: path.read_bytes() for path in folders.templates.rglob("*") if path.is_file()}
    assert "accomplished" in cells(folders)
    (folders.data / "house" / "short").mkdir()
    text = (folders.templates / "short" / "table.yaml").read_text("utf-8")
    (folders.data / "house" / "short" / "table.yaml").write_text(text.replace("'Milestone'", "'Our event'"), "utf-8")
    assert "Our event" in cells(folders)
    assert {path: path.read_bytes() for path in folders.templates.rglob("*") if path.is_file()} == before
    inputs = read_manifest(folders.out).files[CSV].inputs
    assert {"short/table.yaml", "locale/en.yaml", "locale/own/en.yaml"} <= set(inputs)


def test_a_document_is_made_again_when_they_change(folders: Folders) -> None:
    """What is not read by it makes nothing stale; a term that comes, changes or goes does."""
    cells(folders)
    assert reasons(folders) == [()]
    (folders.data / "house" / "unused.css").write_text("p { color: red }", "utf-8")
    assert reasons(folders) == [()]
    terms = folders.data / "house" / "locale" / "en.yaml"
    terms.write_text("status:\n  done: finished\n", "utf-8")
    assert reasons(folders) == [("changed: templates/locale/own/en.yaml",)]
    assert "finished" in cells(folders)
    terms.unlink()
    assert reasons(folders) == [("changed: templates/locale/own/en.yaml",)]
    assert "done" in cells(folders)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("locale/en.yaml", "status:\n  done: on {day}\n", "2:9: braces in 'status.done' that nothing fills; known here: none"),
        ("locale/en.yaml", "- done\n", "1:1: terms are expected here, each as 'name: words'"),
        ("locale/en.yaml", "status: {\n", "1:9: 1 '{' has no '}'"),
        ("short/table.yaml", "sheets: 1\n", "1:9: a list is expected here; put a dash and a space before each item"),
    ],
)
def test_a_mistake_is_told_where_it_was_written(name: str, text: str, problem: str, folders: Folders, show: Show) -> None:
    """At the file beside the data, with its own line; one in the house's at the house's."""
    path = folders.data / "house" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    found = problems(folders, show)
    assert {line.rpartition(": ")[0].split(":")[0] for line in found} == {f"data/house/{name}"}
    assert problem.split(":")[0] in found[0]


def test_a_mistake_of_the_house_stays_there(folders: Folders, show: Show) -> None:
    """Its file is the one in templates/."""
    edit(folders.templates / "short" / "table.yaml", "milestone.status)", "milestone.state)")
    assert {line.partition(":")[0] for line in problems(folders, show)} == {"templates/short/table.yaml"}
    there = Problem(Location(Path("elsewhere", "templates", "x.j2"), 3), "is wrong")
    assert at_origin([there]) == (there,)


def test_a_folder_that_is_not_there_is_named(folders: Folders, show: Show) -> None:
    """At the field that declares it; and one that nobody declares is no folder of data."""
    (folders.data / "house").rename(folders.data / "other")
    with pytest.raises(ReportsError) as raised:
        with_own_templates(folders)
    assert show(raised.value.problems) == ["data/dataset.yaml:11:12: there is no folder 'house' beside this file"]
    with pytest.raises(ReportsError) as raised:
        load_dataset(folders.data)
    assert show(raised.value.problems) == ["data/other: no kind of record is kept in 'other'"]
    edit(folders.data / "dataset.yaml", "templates: house", "templates: ../templates")
    with pytest.raises(ReportsError) as raised:
        load_dataset(folders.data)
    assert "is not the name of a folder beside this file, such as 'templates'" in show(raised.value.problems)[0]


def test_no_link_leads_out_of_them(folders: Folders, tmp_path: Path, show: Show) -> None:
    """A file is read only where it belongs."""
    (tmp_path / "secret.css").write_text("p { color: red }", "utf-8")
    os.symlink(tmp_path / "secret.css", folders.data / "house" / "short.css")  # noqa: PTH211 - as a person makes it
    with pytest.raises(ReportsError) as raised:
        with_own_templates(folders)
    assert "outside the folder 'house'; put a copy of it here" in show(raised.value.problems)[0]


def test_the_folder_itself_is_no_link(folders: Folders, tmp_path: Path, show: Show) -> None:
    """It would bring all that lies elsewhere into the output folder."""
    (folders.data / "house").rename(tmp_path / "house")
    (folders.data / "house").symlink_to(tmp_path / "house")
    with pytest.raises(ReportsError) as raised:
        with_own_templates(folders)
    assert "outside the folder 'data'; put a copy of it here" in show(raised.value.problems)[0]


def test_what_was_put_together_long_ago_is_removed(folders: Folders) -> None:
    """Each save makes another folder, of which the last are kept: a build may still be at work with one."""
    for number in range(KEPT + 3):
        (folders.data / "house" / "note.css").write_text(f"p {{ order: {number} }}", "utf-8")
        last = with_own_templates(folders).templates
    assert len([*last.parent.parent.iterdir()]) == KEPT
    assert (last / "note.css").exists()


def test_without_a_declaration_nothing_is_put_together(folders: Folders) -> None:
    """Most datasets have no templates of their own, and are made from the house's."""
    edit(folders.data / "dataset.yaml", "templates: house\n", "")
    assert with_own_templates(folders) == folders
    assert not folders.out.exists()
