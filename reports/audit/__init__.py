"""The finished files, read back: every milestone, date, text, source, link and count in them against the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.audit.compare import compare
from reports.audit.expected import Expectation
from reports.build.manifest import read_manifest
from reports.build.plan import Folders, Project
from reports.build.staleness import check_owner
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_in
from reports.readers import read
from reports.renderers.locale import Locale

MOST_TOLD = 200  # differences of one file; who finds more has another file in hand


@dataclass(frozen=True)
class FileAudit:
    """The audit of one file: how much was compared, by its name, and every difference from the data."""

    path: Path
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what if count > 1 else what.removesuffix('s')}" for what, count in self.counts.items() if count)
        agree = "compared, not all agree" if self.problems else "agree" if sum(self.counts.values()) > 1 else "agrees"
        return f"{self.path}: {told or 'nothing'} {agree}"


def audit(folders: Folders) -> Iterator[FileAudit]:
    """Yield what comes of comparing each finished file in *folders* with the data as they are now.

    Raises ReportsError if the data have problems, or if the files are those of another dataset.
    """
    project = Project(folders)
    documents, dataset = project.parts
    check_owner(read_manifest(folders.out), folders.out, dataset.about.dataset_id)
    locale = Locale(folders.templates, dataset.about.language)
    for document in documents:
        expected = Expectation(dataset, project.view(document.id, dataset.about.language), locale)
        for name in document.outputs:
            yield _audit_file(folders.out / dataset.about.language / name, expected, folders)


def _audit_file(path: Path, expected: Expectation, folders: Folders) -> FileAudit:
    if not is_file_in(path, folders.out):
        return FileAudit(path, {}, (Problem(Location(path), "is not there: build it, then audit"),))
    try:
        content = read(path)
    except ReportsError as error:
        return FileAudit(path, {}, error.problems)
    counts, found = compare(content, expected, path.suffix)
    differences = list(dict.fromkeys(found))
    if more := len(differences[MOST_TOLD:]):
        differences[MOST_TOLD:] = [f"differs in {more} more places, which are not listed"]
    entry = read_manifest(folders.out).files.get(path.relative_to(folders.out).as_posix())
    if differences and entry and entry.view != expected.view.digest:
        differences.append("was made from other data than there are now; build it again, then audit")
    return FileAudit(path, counts, tuple(Problem(Location(path), message) for message in differences))
