"""Files that help people to change data and looks; those of Word's styles are tested with Word files."""

from pathlib import Path

import pytest

from reports.aids import write_reference, write_schemas
from reports.build.build import check
from reports.build.plan import Folders
from reports.dataset.json_schema import schemas
from reports.errors import ReportsError
from tests.conftest import Show


def test_the_schemas_are_written(folders: Folders) -> None:
    """The schemas stand below the data, and the data still load with them there."""
    write_schemas(folders, lambda text: None)
    assert {path.name: path.read_text("utf-8") for path in (folders.data / "schemas").iterdir()} == dict(schemas())
    check(folders)


def test_a_reference_document_is_never_written_over(folders: Folders, tmp_path: Path, show: Show) -> None:
    """The reference document is a new Word file; whatever is there already, a person's changes of styles perhaps, stays."""
    (tmp_path / "looks.docx").write_bytes(b"mine")
    for name, message in (
        ("looks.docx", "is there already; take over its styles by 'restyle', or remove it"),
        ("looks", "the reference document is a Word document: give a name that ends in .docx"),
    ):
        with pytest.raises(ReportsError) as error:
            write_reference(folders, tmp_path / name)
        assert show(error.value.problems) == [f"{name}: {message}"]
    assert [path.read_bytes() for path in tmp_path.glob("looks*")] == [b"mine"]
