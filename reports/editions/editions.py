"""data/editions/ -> the editions that were frozen there, or every problem with them; and what the data changed since."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from reports.dataset.dates import Date
from reports.dataset.fields import Day
from reports.dataset.load import EDITIONS, TRANSLATIONS
from reports.dataset.model import StrictModel
from reports.editions.changes import Change, changes
from reports.editions.snapshot import Snapshot, write_folder
from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, digest_of, is_folder, location_at, names_in, read_bytes, read_text, write_whole
from reports.validation import parse
from reports.yamlfile import YamlFile

FORMAT = 1  # of the files of an edition; a program that writes them otherwise raises it
DATASET, ISSUED, MANIFEST, CHANGES, CHANGES_TABLE = "dataset.json", "issued.json", "manifest.json", "changes.json", "changes.csv"
CONTENTS = (DATASET, ISSUED, CHANGES, CHANGES_TABLE)  # of an edition, beside the manifest
# The catalogues, and lists of words, by which its texts are in other languages; they are kept as they were.
TRANSLATION = re.compile(rf"{TRANSLATIONS}/[\w-]+\.(po|yaml)")
HAND = "was edited by hand, and an edition never changes: bring it back, from git or a copy"


class IssuedFile(StrictModel):
    """A file that was issued: the SHA-256 and the number of its bytes, and the SHA-256 of the *view* that it shows."""

    sha256: str
    bytes: int
    view: str


class EditionManifest(StrictModel):
    """The content of manifest.json: the digests of the edition's own *contents*, and of the *files* that were issued.

    *tools*, *system* and *templates* are what these were made with: versions, and the digest of each template.
    """

    format: int
    edition: int
    published: Day
    contents: dict[str, str]
    files: dict[str, IssuedFile]
    tools: dict[str, str]
    system: dict[str, str]
    templates: dict[str, str]


@dataclass(frozen=True)
class Edition:
    """One frozen edition: its *number*, the *folder* that keeps it, its *manifest*, and the *snapshot* of the data."""

    number: int
    folder: Path
    manifest: EditionManifest
    snapshot: Snapshot

    @property
    def published(self) -> Date:
        return self.manifest.published


@dataclass(frozen=True)
class Comparison:
    """The changes *since* an edition, until the one with the number *until*, frozen or not."""

    since: Edition
    until: int
    changes: tuple[Change, ...]


def load_editions(data: Path) -> tuple[Edition, ...]:
    """Return the editions in the folder *data*, in order; raises ReportsError with every problem of theirs."""
    folder = data / EDITIONS
    if not is_folder(folder):
        return ()
    editions: list[Edition] = []
    problems: list[Problem] = []
    for path in (folder / name for name in names_in(folder, data)):
        try:
            editions.append(_read(path, data))
        except ReportsError as error:
            problems += error.problems
    editions.sort(key=lambda edition: edition.number)
    if not problems:
        for before, after in pairwise(editions):
            missing = range(before.number + 1, after.number)
            problems += [Problem(Location(folder / str(number)), "is missing: editions follow one another") for number in missing]
    if problems:
        raise ReportsError(*problems)
    return tuple(editions)


def _read(folder: Path, data: Path) -> Edition:
    if not re.fullmatch(r"[1-9]\d{0,3}", folder.name) or not is_folder(folder):
        raise ReportsError(Problem(Location(folder), "is no edition: its folder is called by its number, such as 2"))
    manifest, problems = _read_manifest(folder, data), []
    for name in (*CONTENTS, *filter(TRANSLATION.fullmatch, manifest.contents)):
        if not (digest := digest_of(folder / name, data)):
            problems.append(Problem(Location(folder / name), "is missing, or can't be read: bring it back, from git or a copy"))
        elif digest != manifest.contents.get(name):
            problems.append(Problem(Location(folder / name), HAND))
    if problems:
        raise ReportsError(*problems)
    return Edition(manifest.edition, folder, manifest, _read_snapshot(folder / DATASET, data, manifest.edition))


def _read_manifest(folder: Path, data: Path) -> EditionManifest:
    text = read_text(folder / MANIFEST, data)
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        place = location_at(folder / MANIFEST, text, getattr(error, "pos", 0))
        raise ReportsError(Problem(place, HAND)) from None
    file = YamlFile(folder / MANIFEST, data)  # JSON is YAML, and here its values know where they stand
    written = file.data.get("format") if isinstance(file.data, dict) else None
    if isinstance(written, str) and re.fullmatch(r"\d{1,9}", written) and int(written) > FORMAT:
        message = f"was frozen by a newer program (format {written}, and this one knows {FORMAT}): use that"
        raise ReportsError(Problem(file.locate(("format",)), message))
    manifest, problems = parse(EditionManifest, file.data, file)
    if manifest is None:
        raise ReportsError(*problems)
    if manifest.edition != int(folder.name):
        message = f"edition {manifest.edition} stands in the folder '{folder.name}': each has a folder of its own, called by its number"
        raise ReportsError(Problem(file.locate(("edition",)), message))
    return manifest


def _read_snapshot(path: Path, data: Path, number: int) -> Snapshot:
    """Return the snapshot in the file *path*; raises ReportsError if it is none, or that of another edition than *number*."""
    text = read_text(path, data, MOST_DIGESTED)
    try:
        snapshot = Snapshot(json.loads(text))
        is_sound = snapshot.edition == number and bool(snapshot.records) and bool(snapshot.source_numbers)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise ReportsError(Problem(Location(path), HAND))
    return snapshot


def find(editions: Sequence[Edition], number: int, data: Path) -> Edition:
    """Return the edition with *number*; raises ReportsError if it is not among *editions*, which are those in *data*."""
    found = [edition for edition in editions if edition.number == number]
    if not found:
        there = ", ".join(str(edition.number) for edition in editions) or "none"
        raise ReportsError(Problem(Location(data / EDITIONS), f"there is no edition {number}; there are: {there}"))
    return found[0]


def write_edition(edition: Edition, folder: Path) -> None:
    """Write the data of *edition* as a *folder* of data, with its translations; raises ReportsError as write_whole does."""
    write_folder(edition.snapshot.content, folder)
    for name in filter(TRANSLATION.fullmatch, edition.manifest.contents):
        write_whole(folder / name, read_bytes(edition.folder / name, edition.folder), lasting=False)


def compare(after: Snapshot, editions: Sequence[Edition], data: Path, since: int | None = None) -> Comparison | None:
    """Return what *after* changes since the edition with the number *since*, by default the last of *editions* before its own.

    None if there is none. Raises ReportsError if there is no edition *since* in *data*.
    """
    before = next((edition for edition in reversed(editions) if edition.number < after.edition), None)
    before = before if since is None else find(editions, since, data)
    return Comparison(before, after.edition, changes(before.snapshot, after)) if before else None
