"""The folder of another dataset: valid at once, with an example of each kind of record, and nothing of a person's overwritten."""

import re
from pathlib import Path

import pytest

from reports.build.build import BuildOptions, build, check
from reports.build.overlay import with_own_templates
from reports.build.plan import Folders
from reports.dataset.fields import slug
from reports.dataset.load import load_dataset
from reports.dataset.model import FILES, KINDS, About
from reports.errors import ReportsError
from reports.new import ID, new_dataset
from reports.readers import read
from reports.schemas import schemas
from tests.conftest import PROJECT, Show

EXAMPLE = re.compile(r"^( *)# (?!yaml-language-server)", re.MULTILINE)
NO_RECORD = re.compile(r"^\[\] #.*\n", re.MULTILINE)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A new dataset, with the shipped templates."""
    new_dataset(tmp_path / "Nova Zemlja", PROJECT / "templates")
    return Folders(tmp_path / "Nova Zemlja", PROJECT / "templates", tmp_path / "build")


def test_a_new_dataset_is_valid_at_once_and_builds(folders: Folders) -> None:
    """Nothing is to be mended before the first document is there; it bears the name of the folder, and says what is to be written."""
    assert load_dataset(folders.data).about.dataset_id == "nova-zemlja"
    assert {path.name for path in (folders.data / "schemas").iterdir()} == set(schemas())
    assert {path.name for path in folders.data.iterdir()} >= set(FILES)
    build(with_own_templates(folders), BuildOptions())
    assert [path.name for path in sorted((folders.out / "en").glob("*.pdf"))] == ["briefing.pdf", "in-focus.pdf", "record.pdf"]
    headings = [block.text for block in read(folders.out / "en" / "briefing.pdf").blocks]
    assert "TO WRITE (the title of all papers)" in headings
    # What has nothing to show is left out, and what follows it is numbered as if it had never been.
    numbered = [heading for heading in headings if re.match(r"\d [A-Z][^.]*[a-z]$", heading)]
    assert numbered == ["1 Where things stand and how we got here", "2 Issues to watch"]
    lettered = {
        path: [block.text for block in read(folders.out / "en" / path).blocks if re.match(r"[A-L] [A-Z].*[a-z]$", block.text)]
        for path in ("record.pdf", "briefing.html")
    }
    assert {path: list(dict.fromkeys(found)) for path, found in lettered.items()} == {
        "record.pdf": ["A Milestones", "B Sources"],
        "briefing.html": ["A All milestones", "B Sources"],
    }


def test_its_examples_are_valid_too(folders: Folders) -> None:
    """Whoever takes away the marks of all comments has a record of each kind, and every field of the head."""
    for path in folders.data.rglob("*.yaml"):
        text = EXAMPLE.sub(r"\1", path.read_text("utf-8"))
        path.write_text(NO_RECORD.sub("", text), "utf-8")
    dataset = check(with_own_templates(folders))
    assert [kind.__name__ for kind in KINDS if not dataset.all(kind)] == []
    assert set(About.model_fields) == dataset.about.model_fields_set


@pytest.mark.parametrize("held", ["notes.txt", ".git", ""])
def test_nothing_of_a_person_is_overwritten(held: str, tmp_path: Path, show: Show) -> None:
    """A folder that holds something is refused, and so is a file in its place; an empty one is taken."""
    place = tmp_path / "georgia"
    if held:
        place.mkdir()
    (place / held if held else place).write_text("mine", "utf-8")
    with pytest.raises(ReportsError) as raised:
        new_dataset(place, PROJECT / "templates")
    assert show(raised.value.problems) == ["georgia: is there already, and holds something: name a folder that is new or empty"]
    (place / held if held else place).unlink()
    new_dataset(place, PROJECT / "templates")
    assert (place / "dataset.yaml").is_file()


def test_a_folder_names_its_dataset() -> None:
    """Its letters become small Latin ones; a name without any has an id all the same."""
    names = ("Georgia", "Crna Gora 2", "Čačak", "Đakovo", "საქართველო", "a" * 100)
    assert [slug(name) or ID for name in names] == ["georgia", "crna-gora-2", "cacak", "dakovo", "new-dataset", "a" * 80]
