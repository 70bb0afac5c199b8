"""Files that help people to change data and looks; those of Word's styles are tested with Word files."""

from reports.aids import write_schemas
from reports.build import check
from reports.dataset.schema import schemas
from reports.plan import Folders


def test_the_schemas_are_written(folders: Folders) -> None:
    """The schemas stand below the data, and the data still load with them there."""
    write_schemas(folders, lambda text: None)
    assert {path.name: path.read_text("utf-8") for path in (folders.data / "schemas").iterdir()} == dict(schemas())
    check(folders)
