"""Is a finished file up to date, and is it as it was made? Told by digests alone, from the manifest and the plan."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reports.build.manifest import ManifestEntry, read_manifest
from reports.build.plan import Folders, OutputFile, changed_records
from reports.cache import Cache
from reports.errors import ReportsError
from reports.files import digest_of, is_file_in, read_text, sha256

JOURNAL = "journal"
MOST = 3  # names that a reason lists


@dataclass
class Upkeep:
    """The state of the files below the output folder, as the manifest and this moment's *tools* tell it."""

    folders: Folders
    cache: Cache
    tools: Mapping[str, str]
    _inputs: dict[str, str] = field(default_factory=dict)

    @cached_property
    def files(self) -> Mapping[str, ManifestEntry]:
        """What the manifest says was made."""
        return read_manifest(self.folders.out).files

    @cached_property
    def journal(self) -> frozenset[str]:
        """The digests of contents that a build which was stopped may have written without telling the manifest."""
        try:
            return frozenset(read_text(self.folders.cache / JOURNAL, self.folders.cache).split())
        except ReportsError:
            return frozenset()

    def is_edited(self, path: str) -> bool:
        """Tell whether the file at *path* is there, but is nothing that was made here.

        What can't be read, or is a link that leads elsewhere, was not made here either. A folder is no file, and can't be lost.
        """
        place = self.folders.out / path
        if not os.path.lexists(place) or (place.is_dir() and not place.is_symlink()):
            return False
        found = digest_of(place, self.folders.out)
        made = self.files.get(path)
        return not found or (found not in self.journal and not (made and found == made.sha256))

    def reasons(self, planned: OutputFile) -> tuple[str, ...]:
        """Return why *planned* has to be made, in words; nothing if it is up to date."""
        made = self.files.get(planned.path)
        if made is None:
            return ("it was never made",)
        if not is_file_in(self.folders.out / planned.path, self.folders.out):
            return ("it is gone",)
        reasons = [*self._changes_of_view(made, planned), *self._changes_of_inputs(made), *self._changes_of_tools(made)]
        if not reasons and digest_of(self.folders.out / planned.path, self.folders.out) != made.sha256:
            reasons.append("the last build was stopped" if not self.is_edited(planned.path) else "it was edited")
        return tuple(reasons)

    def _changes_of_view(self, made: ManifestEntry, planned: OutputFile) -> Iterator[str]:
        if made.document != planned.document:
            yield f"it was made for the document '{made.document}'"
        elif made.view != planned.view:
            change = changed_records(made.view, planned.view, self.cache)
            yield f"changed: {_listed(change.ids)}" if change.known and change.ids else "the data changed"

    def _changes_of_inputs(self, made: ManifestEntry) -> Iterator[str]:
        changed = [name for name, digest in made.inputs.items() if self._digest(name) != digest]
        if changed:
            yield f"changed: {_listed(tuple(f'{self.folders.templates.name}/{name}' for name in changed))}"

    def _digest(self, name: str) -> str:
        """Return the digest of the file *name* of the templates; many outputs share one."""
        if name not in self._inputs:
            self._inputs[name] = digest_of(self.folders.templates / name, self.folders.templates)
        return self._inputs[name]

    def _changes_of_tools(self, made: ManifestEntry) -> Iterator[str]:
        for name in sorted({*made.tools, *self.tools}):
            before, now = made.tools.get(name), self.tools.get(name)
            if name == "reports" and before != now:
                yield "the program changed"
            elif before != now:
                yield f"{name} is {now or 'gone'}, was {before or 'not there'}"


def input_digests(inputs: Mapping[Path, str], templates: Path) -> Mapping[str, str]:
    """Return the digest of each of *inputs* that is a template, by its name there; fonts go by the versions of their packages."""
    digests: dict[str, str] = {}
    for path, digest in inputs.items():
        for root in (templates, templates.resolve()):  # addresses in a page are resolved, names of templates are not
            with suppress(ValueError):
                digests[path.relative_to(root).as_posix()] = digest
    return digests


def made_file(content: bytes, pages: int | None, planned: OutputFile, inputs: Mapping[str, str], tools: Mapping[str, str]) -> ManifestEntry:
    """Return the entry of the manifest for a file of *content*."""
    return ManifestEntry(sha256(content), len(content), pages, planned.document, planned.view, inputs, tools)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
