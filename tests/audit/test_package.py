"""The audit of an open-data package: a table that says something else than the data is told, at its row."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from reports.audit.expected import Expectation
from reports.audit.package import compare_package
from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.readers.content import Content
from reports.renderers.data_package import render
from reports.translations.locale import Locale
from tests.conftest import PROJECT

NAME = "package/package.yaml"


@pytest.fixture
def attached(tiny_view: View) -> dict[str, bytes]:
    """The files of the package of the tiny dataset."""
    with ZipFile(BytesIO(render(tiny_view, PROJECT / "templates", NAME).content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def differences(attached: dict[str, bytes], dataset: Dataset, view: View) -> list[str]:
    counts, found = compare_package(Content(attachments=attached), Expectation(dataset, view, Locale(Path(PROJECT / "templates"), "en")))
    assert counts["fields"] > 500
    return found


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        (
            "milestones.csv",
            '"2010-04-22"',
            '"2010-04-21"',
            "milestones.csv, row 'M2010-1': date is '2010-04-21', and the data say '2010-04-22'",
        ),
        ("evidence.csv", '"evidence",1,', '"evidence",99,', "evidence.csv, row 'map, evidence, 99' is in no record"),
        ("sources.csv", "\r\n", "\r\n\r\n", ""),
    ],
)
def test_a_difference_is_told(
    table: str, old: str, new: str, said: str, attached: dict[str, bytes], tiny: Dataset, tiny_view: View
) -> None:
    """By its table, row and column; a blank line is none."""
    assert differences(attached, tiny, tiny_view) == []
    assert old in attached[table].decode()
    attached[table] = attached[table].decode().replace(old, new, 1).encode()
    found = differences(attached, tiny, tiny_view)
    assert len(found) == bool(said)
    assert [one.replace(one.split("'")[1], "map, evidence, 99") if "in no record" in one else one for one in found] == [said] * bool(said)


def test_what_is_missing_is_told(attached: dict[str, bytes], tiny: Dataset, tiny_view: View) -> None:
    """A record without a row, evidence without one, another dataset."""
    lines = attached["evidence.csv"].split(b"\r\n")
    attached["evidence.csv"] = b"\r\n".join([*lines[:-2], b""])
    attached["milestones.csv"] = b"\r\n".join(attached["milestones.csv"].split(b"\r\n")[:-2])
    attached["dataset.json"] += b" "
    found = differences(attached, tiny, tiny_view)
    assert [one.split(" ")[0] for one in found] == ["no", "evidence.csv", "its"]
