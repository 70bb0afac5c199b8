"""Open-data packages before the libraries of their two standards: keys, references, types and codes, as a program that reads them finds."""

from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

from tests.conformance.validator import Finding


def check_data_package(path: Path, scratch: Path) -> list[Finding]:
    """Return what frictionless finds in the package at *path*, as its datapackage.json describes it."""
    import frictionless

    report = frictionless.validate(_unpacked(path, scratch, "datapackage.json"))
    return [Finding(f"{task.name}: {error.message}") for task in report.tasks for error in task.errors] + [
        Finding(error.message) for error in report.errors
    ]


def check_csvw(path: Path, scratch: Path) -> list[Finding]:
    """Return what csvw finds in the package at *path*, as its csv-metadata.json describes it.

    A reference that is empty leads nowhere, which is right: most records follow no other.
    """
    from csvw import CSVW

    found = CSVW(_unpacked(path, scratch, "csv-metadata.json"), validate=True, strict=False)
    try:
        return [] if found.is_valid else [Finding(str(warning.message)) for warning in found.warnings] or [Finding("is not valid")]
    except ValueError as error:  # a value that is none of its type
        return [Finding(str(error))]


def _unpacked(path: Path, scratch: Path, name: str) -> str:
    folder = Path(mkdtemp(dir=scratch))
    with ZipFile(path) as package:
        package.extractall(folder)
    return str(folder / name)
