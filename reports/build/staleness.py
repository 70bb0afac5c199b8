"""Decides which outputs are stale, and why, and whether a finished file is as it was made: by digests alone."""

import os
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from reports.build.manifest import MANIFEST, Manifest, ManifestEntry, read_manifest, tools
from reports.build.plan import Folders, OutputFile, Project, changed_records, read_plan
from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import digest_of, is_file_in, is_folder

MOST = 3  # names that a reason lists


def check_owner(manifest: Manifest, folder: Path, dataset: str) -> None:
    """Raise ReportsError if there are documents of another dataset than *dataset* in the output *folder*, which has the *manifest*."""
    owner = manifest.dataset
    if owner and owner != dataset and any(is_file_in(folder / name, folder) for name in manifest.files):
        other = folder / re.sub(r"\W+", "-", dataset).strip("-").lower()
        message = f"holds the documents of '{owner}', and these are of '{dataset}'; name a folder of their own: --out {other}"
        raise ReportsError(Problem(Location(folder), message))


class Verdict(StrEnum):
    """The relation of a finished file to its manifest and to the dataset; the value is what people read."""

    AS_MADE = "as made"
    OLDER = "as made, from an older dataset"
    EDITED = "edited: not the file that was made"
    MISSING = "missing"


class Staleness:
    """The outputs below the output folder, compared with the manifest and with this moment's templates and *tools*."""

    def __init__(self, folders: Folders, cache: Cache, tools: Mapping[str, str]) -> None:
        self.folders, self.cache, self.tools = folders, cache, tools
        self._inputs: dict[str, str] = {}

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest of the output folder."""
        return read_manifest(self.folders.out)

    def is_edited(self, path: str) -> bool:
        """Return true if the file at *path* is there, but is nothing that was made here.

        A file that can't be read, or a link that leads elsewhere, was not made here either. A folder is no file, and can't be lost.
        """
        place = self.folders.out / path
        if not os.path.lexists(place) or (is_folder(place) and not place.is_symlink()):
            return False
        digest, entry = digest_of(place, self.folders.out), self.manifest.files.get(path)
        return not digest or entry is None or digest not in (entry.sha256, entry.writing)

    def reasons(self, output: OutputFile) -> tuple[str, ...]:
        """Return why *output* has to be made, in words; nothing if it is up to date."""
        entry = self.manifest.files.get(output.path)
        if entry is None or not entry.sha256:
            return ("it was never made",)
        if not is_file_in(self.folders.out / output.path, self.folders.out):
            return ("it is gone",)
        reasons = [*self._changes_of_view(entry, output), *self._changes_of_inputs(entry), *self._changes_of_tools(entry)]
        if not reasons and (entry.writing or digest_of(self.folders.out / output.path, self.folders.out) != entry.sha256):
            reasons.append("it was edited" if self.is_edited(output.path) else "the last build was stopped")
        return tuple(reasons)

    def _changes_of_view(self, entry: ManifestEntry, output: OutputFile) -> Iterator[str]:
        if entry.document != output.document:
            yield f"it was made for the document '{entry.document}'"
        elif entry.view != output.view:
            records = changed_records(entry.view, output.view, self.cache)
            yield f"changed: {_listed(records)}" if records else "the data changed"

    def _changes_of_inputs(self, entry: ManifestEntry) -> Iterator[str]:
        changed = [name for name, digest in entry.inputs.items() if self._digest(name) != digest]
        if changed:
            yield f"changed: {_listed(tuple(f'{self.folders.templates.name}/{name}' for name in changed))}"

    def _digest(self, name: str) -> str:
        """Return the digest of the file *name* of the templates; many outputs share one."""
        if name not in self._inputs:
            self._inputs[name] = digest_of(self.folders.templates / name, self.folders.templates)
        return self._inputs[name]

    def _changes_of_tools(self, entry: ManifestEntry) -> Iterator[str]:
        for name in sorted({*entry.tools, *self.tools}):
            before, now = entry.tools.get(name), self.tools.get(name)
            if name == "reports" and before != now:
                yield "the program changed"
            elif before != now:
                yield f"{name} is {now or 'gone'}, was {before or 'not there'}"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


def verify(folder: Path, folders: Folders | None = None) -> Mapping[Path, Verdict]:
    """Return a verdict on each file that the manifest in *folder* names; with *folders*, also whether it shows the dataset there.

    Raises ReportsError if there is no manifest, or if that dataset has problems.
    """
    manifest = read_manifest(folder)
    files = {name: entry for name, entry in manifest.files.items() if entry.sha256}
    if not files:
        raise ReportsError(Problem(Location(folder / MANIFEST), "is missing or can't be read: it tells what was made"))
    plan = read_plan(Project(folders), Cache(folders.cache, only_reads=True), tools()) if folders else ()
    for output in plan[:1]:
        check_owner(manifest, folder, output.dataset)
    views = {output.path: output.view for output in plan}
    verdicts = {}
    for name, entry in files.items():
        digest = digest_of(folder / name, folder)
        if digest == entry.sha256:
            verdict = Verdict.OLDER if folders and views.get(name) != entry.view else Verdict.AS_MADE
        else:
            verdict = Verdict.EDITED if is_file_in(folder / name, folder) else Verdict.MISSING
        verdicts[folder / name] = verdict
    return verdicts
