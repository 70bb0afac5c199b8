"""Editions and their files: freezes one, builds an old one again, and says which one a file is of."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from reports.build.build import BuildOptions, build
from reports.build.manifest import Manifest, read_manifest, tools
from reports.build.plan import Folders, Project, Tell
from reports.dataset.load import EDITIONS
from reports.dataset.model import About
from reports.editions.changes import Change
from reports.editions.editions import (
    CHANGES,
    CHANGES_TABLE,
    DATASET,
    FORMAT,
    ISSUED,
    MANIFEST,
    Comparison,
    Edition,
    IssuedFile,
    compare,
    find,
    load_editions,
    write_edition,
)
from reports.editions.listing import to_json, to_rows
from reports.errors import Location, Problem, ReportsError, reason
from reports.files import MOST_BYTES, MOST_DIGESTED, read_bytes, sha256, write_whole
from reports.renderers.csv_table import to_csv
from reports.translations.translation import translation_files
from reports.yamledit import Put, edited

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
PROPERTIES = "docProps/custom.xml"
UNFINISHED = ".unfinished"  # the folder of an edition that is being frozen; hidden, as what is left over is


def changes_to_freeze(project: Project) -> tuple[Change, ...]:
    """Return what the edition that is being written changes; raises ReportsError if data have problems, or nothing changed."""
    _, dataset = project.parts
    if project.comparison is None:  # the first edition
        return ()
    changes = project.comparison.changes
    if all(change.is_of_edition for change in changes):
        message = f"nothing changed since edition {project.comparison.since.number}: there is nothing to publish"
        raise ReportsError(Problem(Location(dataset.folder), message))
    return changes


def freeze(folders: Folders, limit: float, tell: Tell) -> Path:
    """Check the data, build every document, compare all with the data, and freeze this as an edition; return its folder.

    The next edition gets its number in the head of the dataset. Raises ReportsError, and freezes nothing, if something is wrong: if the
    data have problems, nothing changed, a finished file was edited or does not agree with the data, or data are saved meanwhile.
    """
    from reports.audit import audit

    project = Project(folders)
    changes_to_freeze(project)
    build(folders, BuildOptions(limit=limit), tell)
    if problems := [problem for audited in audit(folders) for problem in audited.problems]:
        raise ReportsError(*problems)
    contents = _contents(project)
    if not project.is_current():
        raise ReportsError(Problem(Location(folders.data), "was saved while the documents were made and compared: say it again"))
    dataset = project.parts[1]
    folder = _put(folders.data / EDITIONS / str(dataset.about.edition), contents)
    try:
        for entry, about in dataset.entries_of(About):
            write_whole(entry.file.path, edited(entry.file, [Put((*entry.keys, "edition"), str(about.edition + 1))]))
    except ReportsError:
        shutil.rmtree(folder)
        raise
    return folder


def _contents(project: Project) -> Mapping[str, bytes]:
    """Return the files of the edition by their names, the manifest last."""
    from reports.issued import issued

    folders, (documents, dataset) = project.folders, project.parts
    report = issued(folders.out, folders.templates, documents, dataset)
    contents = {DATASET: dataset.canonical_json.encode(), ISSUED: _to_json(report)}
    contents |= {
        path.relative_to(folders.data).as_posix(): read_bytes(path, folders.data)
        for language in project.languages
        for path in translation_files(dataset, language)
    }
    contents |= {CHANGES: to_json(project.comparison).encode(), CHANGES_TABLE: to_csv(to_rows(project.comparison))}
    made = read_manifest(folders.out)
    names = [f"{language}/{name}" for document in documents for language in project.languages for name in document.outputs]
    manifest = {
        "format": FORMAT,
        "edition": dataset.about.edition,
        "published": str(dataset.about.published),
        "contents": {name: sha256(content) for name, content in contents.items()},
        "files": {name: {field: getattr(made.files[name], field) for field in IssuedFile.model_fields} for name in names},
        **_made_with(made, names),
    }
    return {**contents, MANIFEST: _to_json(manifest)}


def _made_with(made: Manifest, names: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return what the files with *names* were made with: the tools, what the system brought, and the digest of each template."""
    entries = [made.files[name] for name in names if name in made.files]
    system = {name: version for entry in entries for name, version in entry.system.items()}
    return {"tools": tools(), "system": system, "templates": {name: digest for entry in entries for name, digest in entry.inputs.items()}}


def _put(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write *contents* as the *folder*, as a whole or not at all; raises ReportsError if there is one, or it can't be written."""
    unfinished = folder.with_name(UNFINISHED)
    try:
        if unfinished.exists():
            shutil.rmtree(unfinished)
        for name, content in contents.items():
            write_whole(unfinished / name, content)
        if folder.exists():
            raise FileExistsError(None, "there is such an edition")
        unfinished.rename(folder)
    except OSError as error:
        raise ReportsError(Problem(Location(folder), f"can't be written: {reason(error)}")) from None
    return folder


def _to_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def changes_between(folders: Folders, since: int | None, until: int | None) -> Comparison | None:
    """Return the changes since an edition until another one, by default since the last one before, until now; None if there is none.

    Raises ReportsError if the data, or editions, have problems, or if there is no such edition.
    """
    if until is None:
        return Project(folders, since=since).comparison
    editions = load_editions(folders.data)
    return compare(find(editions, until, folders.data).snapshot, editions, folders.data, since)


def unfold(folders: Folders, number: int) -> Folders:
    """Write the edition with *number* as a folder of data, and return it with the templates of *folders* and an output folder of its own.

    Raises ReportsError if there is no such edition, or if it can't be written.
    """
    editions = load_editions(folders.data)
    edition = find(editions, number, folders.data)
    place = folders.cache / f"{EDITIONS}-{number}"
    shutil.rmtree(place, ignore_errors=True)
    write_edition(edition, place)
    for earlier in (earlier for earlier in editions if earlier.number < number):  # whose changes its documents tell
        shutil.copytree(earlier.folder, place / EDITIONS / str(earlier.number))
    return Folders(place, folders.templates, folders.out / EDITIONS / str(number))


def differences(folders: Folders, number: int) -> Mapping[str, str]:
    """Return for each file of the edition with *number*, which was built again, the difference from the one issued; "" if there is none."""
    edition, made = find(load_editions(folders.data), number, folders.data), read_manifest(folders.out / EDITIONS / str(number))
    then = {name: file.sha256 for name, file in edition.manifest.files.items()}
    return {name: "" if then.get(name) == entry.sha256 else _differences(edition, made, name) for name, entry in made.files.items()}


def _differences(edition: Edition, made: Manifest, name: str) -> str:
    """Return in words what differs between what *edition* and the file *name* in *made* were made with."""
    if name not in edition.manifest.files:
        return "there was no such file"
    then = {**edition.manifest.tools, **edition.manifest.system}
    now = {**made.files[name].tools, **made.files[name].system}
    found = [f"{tool} is {version}, was {then.get(tool, 'not there')}" for tool, version in now.items() if then.get(tool) != version]
    inputs = made.files[name].inputs
    found += [f"the template {path} changed" for path, digest in inputs.items() if edition.manifest.templates.get(path) != digest]
    return ", ".join(found) or "nothing that was written down"


def edition_of(path: Path, editions: Sequence[Edition]) -> tuple[bool, str]:
    """Return whether the file *path* is one that was issued, and in words of which of *editions*; raises ReportsError if it can't be read.

    A PDF that was signed has something behind what was issued (ISO 32000-1, 7.5.6). A file that is not as issued is known by the digest of
    its dataset, or of its view, if it carries one.
    """
    content = read_bytes(path, path.parent, MOST_DIGESTED)
    digest = sha256(content)
    for edition in reversed(editions):
        for name, file in edition.manifest.files.items():
            if file.sha256 == digest:
                return True, f"edition {edition.number}, as issued ({name})"
            if path.suffix == ".pdf" and 0 < file.bytes < len(content) and sha256(content[: file.bytes]) == file.sha256:
                return True, f"edition {edition.number}, as issued ({name}), with something added behind it, such as a signature"
    carried = _digests_in(path)
    own = {
        edition.number: {edition.manifest.contents[DATASET], *(file.view for file in edition.manifest.files.values())}
        for edition in editions
    }
    known = [number for number, digests in own.items() if digests & carried]
    return False, f"edition {known[-1]}, but not as issued: it was changed" if known else "not as issued in any edition here"


def _digests_in(path: Path) -> frozenset[str]:
    """Return the digests that the file *path* says, or has among its properties, and those of what is attached to it.

    None if it is no file that we read, or damaged.
    """
    from reports.readers import READERS, read

    if path.suffix not in READERS:
        return frozenset()
    try:
        content = read(path)
    except ReportsError:
        return frozenset()
    texts = [*(block.text for block in content.blocks), *_properties(path)]
    return frozenset((*(digest for text in texts for digest in DIGEST.findall(text)), *map(sha256, content.attachments.values())))


def _properties(path: Path) -> Iterator[str]:
    """Yield the custom properties of an Office document, as they stand in it (ECMA-376, part 1, 22.3)."""
    with suppress(BadZipFile, KeyError), ZipFile(path) as file:
        if file.getinfo(PROPERTIES).file_size < MOST_BYTES:
            yield file.read(PROPERTIES).decode(errors="replace")
