"""A folder of YAML -> Dataset, or every problem with it."""

import re
import shutil
from pathlib import Path

import pytest

from reports.dataset.load import MOST_PROBLEMS, load_dataset
from reports.dataset.model import FILES, Milestone, Period
from reports.errors import ReportsError
from tests.conftest import Show, edit

BAD = Path(__file__).parent / "bad"
BAD_FILES = sorted(BAD.iterdir())
PLACES = {"milestones": "milestones/second.yaml"}
EXPECTED = re.compile(r"^# ((?:\S+\.yaml:)?\d+:\d+ .*)$", re.MULTILINE)


def problems(folder: Path, show: Show) -> list[str]:
    with pytest.raises(ReportsError) as error:
        load_dataset(folder)
    return [line.replace("data/", "") for line in show(error.value.problems)]


def test_the_tiny_dataset_loads(tiny_data: Path) -> None:
    """Right data has no problem, and the records keep the order of their files."""
    dataset = load_dataset(tiny_data)
    assert [period.id for period in dataset.all(Period)] == ["beginnings", "practice"]
    assert [milestone.id for milestone in dataset.all(Milestone)][:3] == ["M2010-10", "M2010-2", "M2001-1"]
    assert len(dataset.by_id) == len(list(dataset.records())) > 30


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_a_bad_file_has_its_problems(path: Path, tiny_data: Path, show: Show) -> None:
    """A wrong file in the place of a right one brings exactly the problems that its comments name, where they name them."""
    name = path.name.partition(".")[0]
    place = PLACES.get(name, f"{name}.yaml")
    shutil.copy(path, tiny_data / place)
    expected = [line.replace(" ", ": ", 1) for line in EXPECTED.findall(path.read_text("utf-8"))]
    assert expected
    assert problems(tiny_data, show) == [line if ".yaml:" in line.split(" ")[0] else f"{place}:{line}" for line in expected]


@pytest.mark.parametrize("name", ["dataset.yaml", "sources.yaml", "milestones"])
def test_what_is_needed_is_missed(name: str, tiny_data: Path, show: Show) -> None:
    """The head, the sources and the periods must be there, and nothing else is said as long as they are not; the rest may be missing."""
    (tiny_data / "measures.yaml").unlink()
    (tiny_data / "abbreviations.yaml").write_text("[]", "utf-8")
    assert load_dataset(tiny_data).all(FILES["measures.yaml"]) == ()
    (tiny_data / name).rename(tiny_data / f".{name}")
    assert problems(tiny_data, show) == [f"{name}: is missing"]


def test_a_misnamed_file_is_named(tiny_data: Path, show: Show) -> None:
    """A file that nothing reads is a problem, with the name that may have been meant unless it is there; leftovers are left alone."""
    (tiny_data / "measures.yaml").rename(tiny_data / "measure.yaml")
    (tiny_data / "sources.yaml").rename(tiny_data / "sources.yml")
    for name in (".notes", "milestones/.notes", "milestones/notes.txt", "milestones/first.yaml~", "people.yaml.txt", "#people.yaml#"):
        (tiny_data / name).touch()
    assert problems(tiny_data, show) == [
        "measure.yaml: no kind of record is kept in 'measure.yaml' (did you mean 'measures.yaml'?)",
        "milestones/notes.txt: is not a file of milestones; their names end in .yaml",
        "people.yaml.txt: no kind of record is kept in 'people.yaml.txt'",
        "sources.yaml: is missing",
        "sources.yml: no kind of record is kept in 'sources.yml' (did you mean 'sources.yaml'?)",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"# Nothing yet.\n", "statements.yaml: the file is empty"),
        (b"- id: a\n  gist: \xe8\n", "statements.yaml:2:9: byte 0xe8 is not UTF-8; save the file as UTF-8"),
        (b"id: a\n", "statements.yaml:1:1: a list is expected here, each record with a '-' before it"),
    ],
)
def test_an_unreadable_file_is_the_only_problem(content: bytes, problem: str, tiny_data: Path, show: Show) -> None:
    """A file whose records can't be known is named alone: rules across files would accuse the others."""
    (tiny_data / "statements.yaml").write_bytes(content)
    assert problems(tiny_data, show) == [problem]


def test_all_unreadable_files_come_at_once(tiny_data: Path, show: Show) -> None:
    """Problems of several files are all there, and the fields of the files that can be read as well."""
    (tiny_data / "statements.yaml").write_text("", "utf-8")
    (tiny_data / "people.yaml").write_text("a: [", "utf-8")
    edit(tiny_data / "bodies.yaml", "  side: other\n", "  site: other\n")
    assert problems(tiny_data, show) == [
        "bodies.yaml:19:3: the field 'side' is missing",
        "bodies.yaml:21:3: there is no field 'site' here (did you mean 'side'?)",
        "people.yaml:1:4: a text that begins with '[' has to stand in quotes; a list has a ']' at its end",
        "statements.yaml: the file is empty",
    ]


def test_a_folder_and_a_file_in_each_others_place(tiny_data: Path, show: Show) -> None:
    """A folder in the place of a file is a problem, and a file in the place of a folder, or nothing within the one of the periods."""
    for path in (tiny_data / "milestones").iterdir():
        path.unlink()
    assert problems(tiny_data, show) == ["milestones: holds no period"]
    (tiny_data / "milestones").rmdir()
    (tiny_data / "milestones").touch()
    (tiny_data / "people.yaml").unlink()
    (tiny_data / "people.yaml").mkdir()
    assert problems(tiny_data, show) == [
        "milestones: a file stands where a folder of periods is expected",
        "people.yaml: a folder stands where a file is expected",
    ]
    for name in ("nowhere", "milestones"):
        assert problems(tiny_data / name, show) == [f"{name}: there is no such folder of data"]


def test_a_link_out_of_the_folder_is_not_followed(tiny_data: Path, show: Show) -> None:
    """Data are read where they belong: neither a file nor the folder of periods may be elsewhere; the folder of data itself may."""
    (tiny_data.parent / "link").symlink_to("data")
    assert load_dataset(tiny_data.parent / "link").about
    (tiny_data / "milestones" / "second.yaml").rename(tiny_data / ".second.yaml")
    (tiny_data / "milestones" / "second.yaml").symlink_to("../.second.yaml")
    assert load_dataset(tiny_data).about, "a link that stays within the folder is followed"
    for name in ("people.yaml", "milestones"):
        (tiny_data / name).rename(tiny_data.parent / name)
        (tiny_data / name).symlink_to(f"../{name}")
    assert problems(tiny_data, show) == [
        f"{name}: leads to '{name}', outside the folder 'data'; put a copy of it here" for name in ("milestones", "people.yaml")
    ]


@pytest.mark.parametrize("wrong", ["xyz, ", "[], "])
def test_no_more_problems_come_than_people_read(wrong: str, tiny_data: Path, show: Show) -> None:
    """What is wrong a thousand times is named for the first times, and it is said that there is more."""
    edit(tiny_data / "milestones" / "second.yaml", "    kind: ruling\n", f"    kind: ruling\n    frameworks: [{wrong * 1000}]\n")
    found = problems(tiny_data, show)
    assert found[0] == f"data: there are more problems; the first {MOST_PROBLEMS} follow"
    assert len(found) == MOST_PROBLEMS + 1


def test_a_broken_record_does_not_accuse_others(tiny_data: Path, show: Show) -> None:
    """What refers to a record that has a problem itself is not said to refer to nothing."""
    edit(tiny_data / "bodies.yaml", "  side: organisation\n", "  side: organization\n")
    assert problems(tiny_data, show) == [
        "bodies.yaml:4:9: 'organization' is not one of organisation, partner, joint, other (did you mean 'organisation'?)"
    ]
