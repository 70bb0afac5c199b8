"""Returned file -> data/received/: the file as it came, and the proposals in it, for people to decide on."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from reports.build.build import check
from reports.build.plan import Folders, Project, edition_dataset
from reports.cache import Cache
from reports.dataset.fields import slug
from reports.dataset.load import RECEIVED
from reports.dataset.model import SourceKind
from reports.documents.document import Document
from reports.documents.view import make_view
from reports.editions.editions import ISSUED, Edition, find
from reports.editions.issued import whole
from reports.editions.snapshot import ABOUT
from reports.errors import Location, Problem, ReportsError, reason
from reports.files import MOST_DIGESTED, check_folder, read_bytes, read_text, sha256, write_whole
from reports.proposals import apply as application
from reports.proposals import controls, rows
from reports.proposals.answer import answer as make_answer
from reports.proposals.archive import holds
from reports.proposals.decisions import DecisionsFile, Received, all_decisions, read_decisions, to_text
from reports.proposals.differences import Difference
from reports.proposals.edits import DatasetEdits
from reports.proposals.manuscript import Manuscript, read_manuscript
from reports.proposals.merge import Merge
from reports.proposals.sheets import Sheet
from reports.proposals.spreadsheets import read_sheets
from reports.proposals.telling import Telling, of_translation, telling
from reports.proposals.values import ValueReader, text_of
from reports.renderers.prose import Prose
from reports.translations.locale import Locale
from reports.translations.terms import has_terms
from reports.translations.translation import languages_of, translation_files

LOCK = ".lock"
ANSWERS = "answers"  # the folder of answers in the output folder
DOCUMENTS = frozenset((".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf"))  # suffixes of what word processors write
LONGEST = 60  # characters of a file's name


@dataclass(frozen=True)
class Return:
    """A file at *path* that the *sender* returned: what *kind* of source that is, and the *day* on which it came.

    *edition* is the one that the file is based on, None if the file says so itself.
    """

    path: Path
    sender: str
    kind: SourceKind
    day: date
    edition: int | None = None


def receive(folders: Folders, returned: Return) -> DecisionsFile:
    """Keep the file that was *returned* in data/received/, with the proposals in it; return these, to be decided on.

    No fact is changed. Raises ReportsError, and writes nothing, if the file is none of ours, or can't be read, or was received before, or
    if data or editions have problems.
    """
    with _alone(folders.data):
        project = _project(folders)
        content = read_bytes(returned.path, returned.path.parent, MOST_DIGESTED)
        digest = sha256(content)
        for file in all_decisions(folders.data):
            if file.received.sha256 == digest:
                raise ReportsError(Problem(Location(returned.path), f"was received before: see {file.path}"))
        edition, issued, base, differences = _read(project, returned, content)
        document, now = _document(project.parts[0], issued), _telling(project, base.language)
        plain = Prose(make_view(base.told, document, base.language, None)).plain
        proposals = Merge(base.snapshot, now.snapshot, plain).proposals(differences)
        name = f"{returned.day.isoformat()}-{slug(returned.sender, LONGEST) or 'sender'}"
        path = _free_path(folders.data / RECEIVED, name, returned.path.suffix.lower())
        received = Received(
            sender=returned.sender,
            kind=returned.kind,
            received=returned.day.isoformat(),
            edition=edition.number,
            issued=issued,
            file=f"{RECEIVED}/{path.name}",
            sha256=digest,
            proposals=tuple(of_translation(proposals, base, now)),
        )
        write_whole(path, content)
        decisions = path.with_suffix(".yaml")
        try:
            write_whole(decisions, to_text(received).encode())
        except ReportsError:
            path.unlink()
            raise
        return read_decisions(decisions, folders.data)


def _project(folders: Folders) -> Project:
    """Return the project in *folders*, for which nothing is looked for that a build has found."""
    return Project(folders, cache=Cache(folders.cache, only_reads=True))


class _Reading(NamedTuple):
    """A returned file as it was read: its *differences* from the file with the path *issued*, of *edition*.

    *base* are the data of that edition, told in the language of the file.
    """

    edition: Edition
    issued: str
    base: Telling
    differences: Sequence[Difference]


def _read(project: Project, returned: Return, content: bytes) -> _Reading:
    """Return what the file *returned*, with this *content*, is based on, and what differs from that."""
    is_document = _is_document(returned.path, content)
    words = _all_words(project)
    sheets = () if is_document else read_sheets(returned.path, words)
    manuscript = read_manuscript(content, returned.path, "", "") if is_document else None
    texts = _texts(sheets, manuscript)
    number, languages = _stated(project, texts)
    edition = _edition(project, returned, number)
    kept = json.loads(read_text(edition.folder / ISSUED, project.folders.data, MOST_DIGESTED))["files"]
    files = whole(kept, edition.snapshot.content[ABOUT]["language"])
    suffix = ".docx" if is_document else ".xlsx"  # of which a table as text holds one sheet
    own = {name: file for name, file in files.items() if not languages or name.partition("/")[0] in languages}
    if not own:
        message = f"is in {' or '.join(map(repr, languages))}, and edition {edition.number} kept nothing of its files in that language"
        raise ReportsError(Problem(Location(returned.path), message))
    known = {name: _likeness(_words(file), texts) for name, file in own.items() if name.endswith(suffix)}
    name = max(known, key=lambda name: known[name], default="")
    if not known.get(name):
        raise ReportsError(Problem(Location(returned.path), f"holds nothing that edition {edition.number} was issued with"))
    base = _telling(project, name.partition("/")[0], edition)
    about = (project.dataset(base.language) if base.language in project.languages else project.parts[1]).about
    locale, snapshot = Locale(project.folders.templates, base.language, about), base.snapshot
    if not is_document:
        return _Reading(edition, name, base, rows.differences(sheets, files[name], snapshot, locale))
    reader = ValueReader(snapshot, locale, {})
    found = controls.differences(content, returned.path, files[name]["controls"], snapshot, reader.read)
    return _Reading(edition, name, base, found)


def _telling(project: Project, language: str, edition: Edition | None = None) -> Telling:
    """Return what the data say in *language*, now or in an *edition*."""
    if edition is None:
        return telling(project.parts[1], language, project.folders.data)
    return telling(edition_dataset(edition), language, edition.folder)


def _all_words(project: Project) -> str:
    """Return a text with all words of the dataset, in each language."""
    dataset = project.parts[1]
    paths = (path for language in languages_of(dataset) for path in translation_files(dataset, language))
    return "\n".join([json.dumps(dataset.content, ensure_ascii=False), *(read_text(path, dataset.folder) for path in paths)])


def _is_document(path: Path, content: bytes) -> bool:
    """Tell whether *content*, of the file *path*, is of a word processor, or is called so."""
    return path.suffix.lower() in DOCUMENTS or holds(content, "word/document.xml")


def _texts(sheets: Sequence[Sheet], manuscript: Manuscript | None) -> Collection[str]:
    """Return the text of each cell, or of each paragraph, with the tags of the controls there."""
    if manuscript is None:
        return dict.fromkeys(text_of(value) for sheet in sheets for row in sheet.rows for value in row.cells)
    lines = ("".join(piece.text for piece in paragraph.pieces if piece.is_after) for paragraph in manuscript.paragraphs)
    return dict.fromkeys((*(" ".join(line.split()) for line in lines), *(control.tag for control in manuscript.controls.values())))


def _words(file: Mapping[str, Any]) -> set[str]:
    """Return what an issued *file* can be known by: the tags of its controls, or the texts of its cells."""
    cells = (value for sheet in file.get("sheets", {}).values() for row in sheet["rows"] for value in row["values"])
    fields = file.get("controls", {})
    return {*fields, *(" ".join(text.split()) for text in fields.values()), *filter(None, cells)}


def _likeness(words: set[str], texts: Collection[str]) -> float:
    """Return how many of *words* are among *texts*, as a part of them."""
    return len(words.intersection(texts)) / max(1, len(words))


def _stated(project: Project, texts: Iterable[str]) -> tuple[int, Collection[str]]:
    """Return the number of the edition that one of *texts* states, 0 if none does, and the languages in which it may be stated so."""
    issued = (name.partition("/")[0] for edition in project.editions for name in edition.manifest.files)
    languages = [name for name in dict.fromkeys((*languages_of(project.parts[1]), *issued)) if has_terms(name, project.folders.templates)]
    found: dict[str, int] = {}
    for language in languages:
        line = re.escape(Locale(project.folders.templates, language).term("register.edition", edition="\0", published="\1", as_of="\1"))
        stated = re.compile(line.replace(re.escape("\0"), r"(\d{1,4})").replace(re.escape("\1"), ".+"))
        if number := next((match[1] for text in texts if (match := stated.match(text))), ""):
            found[language] = int(number)
    return next(iter(found.values()), 0), found.keys()


def _edition(project: Project, returned: Return, stated: int) -> Edition:
    """Return the edition that the file *returned*, which has *stated* it, is based on; raises ReportsError if it is none that we have."""
    number = returned.edition or stated
    if not number:
        last = max((edition.number for edition in project.editions), default=1)
        message = f"does not say of which edition it is: if it is a file of ours, say it, by --edition {last}"
        raise ReportsError(Problem(Location(returned.path), message))
    try:
        return find(project.editions, number, project.folders.data)
    except ReportsError as error:
        raise ReportsError(*(Problem(Location(returned.path), problem.message) for problem in error.problems)) from None


def apply(folders: Folders, path: Path) -> int:
    """Put the decisions in the file *path* into the data; return how many these were. Raises ReportsError as `apply.apply` does."""
    with _alone(folders.data):
        project = _project(folders)
        documents, dataset = project.parts
        decisions = read_decisions(path, folders.data)
        document = _document(documents, decisions.received.issued)
        locale = Locale(folders.templates, dataset.about.language, dataset.about)

        def check_copy(data: Path) -> object:
            return check(Folders(data, folders.templates, folders.out))

        return application.apply(decisions, DatasetEdits(dataset, project.editions), document.name, locale, check_copy)


def answer(folders: Folders, path: Path) -> Path:
    """Write the answer to what was received, by the decisions in the file *path*, below the output folder; return its path."""
    project = _project(folders)
    documents, dataset = project.parts
    received = read_decisions(path, folders.data).received
    language = received.language if received.language in project.languages else dataset.about.language
    view = project.view(_document(documents, received.issued).id, language)
    target = folders.out / ANSWERS / f"{path.stem}.xlsx"
    write_whole(target, make_answer(received, view, _telling(project, language).snapshot, folders.templates))
    return target


def all_received(folders: Folders) -> Sequence[DecisionsFile]:
    """Return the files of decisions in the data; raises ReportsError with the problems of all."""
    with _alone(folders.data):
        return all_decisions(folders.data)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Wait until nobody else receives anything in the folder *data*, and put in place what is left of decisions that something stopped."""
    from filelock import FileLock

    check_folder(data, "data")
    lock = FileLock(data / RECEIVED / LOCK)
    try:
        (data / RECEIVED).mkdir(exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise ReportsError(Problem(Location(data / RECEIVED), f"can't be written: {reason(error)}")) from None
    try:
        application.finish(data)
        yield
    finally:
        lock.release()


def _free_path(folder: Path, name: str, suffix: str) -> Path:
    """Return the path of a file in *folder* that is not there yet, nor one of decisions beside it."""
    names = (f"{name}-{number}" if number > 1 else name for number in count(1))
    return next(folder / f"{one}{suffix}" for one in names if not any((folder / f"{one}{other}").exists() for other in (suffix, ".yaml")))


def _document(documents: Sequence[Document], issued: str) -> Document:
    """Return the one of *documents* that the file *issued*, "en/register.xlsx", is of; raises ReportsError if there is none any more."""
    name = issued.partition("/")[2]
    for document in documents:
        if name in document.outputs:
            return document
    raise ReportsError(Problem(Location(Path(issued)), "no document of today's templates has a file of this name"))
