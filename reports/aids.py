"""Files that help people to change the data and the looks: JSON Schemas for editors, the styles of Word files as a document."""

import os
from collections.abc import Callable
from pathlib import Path

from reports.build.plan import Folders
from reports.errors import Location, Problem, ReportsError
from reports.files import write_whole

Say = Callable[[str], None]


def write_schemas(folders: Folders, say: Say = print) -> None:
    """Write the JSON Schema of each file of data, for editors, below the data folder."""
    from reports.dataset.json_schema import SCHEMAS, schemas

    folder = folders.data / SCHEMAS
    for name, text in schemas().items():
        write_whole(folder / name, text.encode())
    say(f"{folder}: {len(schemas())} schemas")


def write_reference(folders: Folders, target: Path, say: Say = print) -> None:
    """Write the reference document of all Word files to *target*, a .docx in which a person can change the styles.

    Raises ReportsError if there is one already: its styles may be a person's.
    """
    from reports.renderers.word import reference_document

    if target.suffix != ".docx":
        raise ReportsError(Problem(Location(target), "the reference document is a Word document: give a name that ends in .docx"))
    if os.path.lexists(target):
        raise ReportsError(Problem(Location(target), "is there already; take over its styles by 'restyle', or remove it"))
    write_whole(target, reference_document(folders.templates))
    say(f"{target}: change its styles in Word, then put it back by: python -m reports restyle {target.name}")


def restyle(folders: Folders, document: Path, say: Say = print) -> None:
    """Take over the styles of *document*, a .docx, into the reference document."""
    from reports.renderers.word import restyled

    for path, content in restyled(folders.templates, document).items():
        write_whole(path, content)
        say(f"{path}")
