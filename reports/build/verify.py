"""Are the files of a folder as they were made? For whoever built them, and for whoever received them with their manifest."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from reports.build.manifest import MANIFEST, read_manifest, tools
from reports.build.plan import Folders, Project, read_plan
from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import digest_of, is_file_in


class Verdict(StrEnum):
    """What a file is; the value is what people read."""

    AS_MADE = "as made"
    OLDER = "as made, from an older dataset"
    EDITED = "edited: not the file that was made"
    MISSING = "missing"


class Verification(NamedTuple):
    """The verdict on one file, and the digest of the view that it was made from."""

    path: Path
    verdict: Verdict
    view: str


def verify(folder: Path, folders: Folders | None = None) -> Iterator[Verification]:
    """Yield a verdict on each file that the manifest in *folder* names; with *folders*, also whether it shows the dataset there.

    Raises ReportsError if there is no manifest, or if that dataset has problems.
    """
    files = read_manifest(folder).files
    if not files:
        raise ReportsError(Problem(Location(folder / MANIFEST), "is missing or can't be read: it tells what was made"))
    current = _views(folders) if folders else {}
    for name, made in files.items():
        found = digest_of(folder / name, folder)
        if not found and not is_file_in(folder / name, folder):
            verdict = Verdict.MISSING
        elif found != made.sha256:
            verdict = Verdict.EDITED
        else:
            verdict = Verdict.OLDER if folders and current.get(name) != made.view else Verdict.AS_MADE
        yield Verification(folder / name, verdict, made.view)


def _views(folders: Folders) -> dict[str, str]:
    """Return the digest of what each file would show if it were made now."""
    plan = read_plan(Project(folders), Cache(folders.cache, only_reads=True), tools())
    return {planned.path: planned.view for planned in plan}
