"""The finished files, read back: every milestone, date, text, source, link and count in them against the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.audit.compare import compare, compare_changes, compare_feed
from reports.audit.expected import Expectation
from reports.audit.package import compare_package
from reports.build.manifest import Manifest, read_manifest
from reports.build.plan import Folders, Project
from reports.build.staleness import check_owner
from reports.editions.editions import Comparison
from reports.errors import Location, Problem, ReportsError
from reports.files import is_file_in
from reports.readers import read
from reports.translations.locale import Locale

MOST_TOLD = 200  # differences of one file: with more, it is another file


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
    manifest = read_manifest(folders.out)
    check_owner(manifest, folders.out, dataset.about.dataset_id)
    for language in project.languages:
        locale = Locale(folders.templates, language, project.dataset(language).about)
        for document in documents:
            expected = Expectation(project.dataset(language), project.view(document.id, language), locale)
            for name in document.outputs:
                comparison = project.comparison if name in document.changes and not name.endswith(".docx") else None
                yield _audit_file(folders.out, f"{language}/{name}", expected, comparison, manifest)


def _audit_file(folder: Path, name: str, expected: Expectation, comparison: Comparison | None, manifest: Manifest) -> FileAudit:
    """Return the audit of the file *name* in *folder*, which says what is *expected*, or holds the *comparison* with the edition before."""
    path, entry = folder / name, manifest.files.get(name)
    if not is_file_in(path, folder):
        return FileAudit(path, {}, (Problem(Location(path), "is not there: build it, then audit"),))
    try:
        content = read(path)
    except ReportsError as error:
        return FileAudit(path, {}, error.problems)
    if path.suffix == ".zip":
        counts, found = compare_package(content, expected)
    else:
        told = compare_feed if path.suffix == ".atom" else compare_changes
        counts, found = told(content, comparison) if comparison else compare(content, expected, path.suffix)
    differences = list(dict.fromkeys(found))
    if more := len(differences[MOST_TOLD:]):
        differences[MOST_TOLD:] = [f"differs in {more} more places, which are not listed"]
    if differences and entry and entry.view != expected.view.digest:
        differences.append("was made from other data than there are now; build it again, then audit")
    return FileAudit(path, counts, tuple(Problem(Location(path), message) for message in differences))
