"""templates/new/ -> the folder of another dataset: placeholders that are valid at once, and an example of each kind of record."""

import os
from pathlib import Path

from reports.dataset.fields import slug
from reports.errors import Location, Problem, ReportsError
from reports.files import check_folder, is_folder, paths_below, read_text, write_whole
from reports.schemas import SCHEMAS, schemas

NEW = "new"
ID = "new-dataset"  # of the placeholders: the folder's own name goes in its place


def new_dataset(folder: Path, templates: Path) -> None:
    """Write the files of a dataset to begin with into *folder*; raises ReportsError if anything is in it, or if it can't be written."""
    if os.path.lexists(folder) and not (is_folder(folder) and not paths_below(folder)):
        raise ReportsError(Problem(Location(folder), "is there already, and holds something: name a folder that is new or empty"))
    source = templates / NEW
    check_folder(source, "placeholders")
    for path in (path for path in paths_below(source) if path.is_file()):
        text = read_text(path, templates).replace(ID, slug(folder.name) or ID)
        write_whole(folder / path.relative_to(source), text.encode())
    for name, text in schemas().items():
        write_whole(folder / SCHEMAS / name, text.encode())
