"""Documents -> their files in build/, each replaced as a whole; the only module that writes."""

import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.schema import SCHEMAS, schemas
from reports.documents.document import Document, load_documents
from reports.documents.view import View, make_view
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.inputfile import is_file_in, read_text
from reports.manifest import MANIFEST, Made, Manifest, read_manifest, sha256, tools
from reports.renderers import RENDERERS, Rendered, renderer

Say = Callable[[str], None]


@dataclass(frozen=True)
class Folders:
    """Where the facts, the templates and the finished files are."""

    data: Path
    templates: Path
    out: Path


@dataclass(frozen=True)
class Output:
    """One file to make: *document* in *language*, from the template *template*, at *path* below the output folder."""

    document: Document
    language: str
    template: str
    path: Path


def build(
    folders: Folders, names: Sequence[str] = (), suffixes: Collection[str] = tuple(RENDERERS), say: Say = print
) -> Mapping[str, Made]:
    """Make the files with *suffixes* of the documents with *names* (of all, if empty), and tell *say* of each.

    Raises ReportsError: before anything is written if the data or the declarations have problems; else when all that could be
    made has been made.
    """
    documents, dataset = _load(folders, names)
    planned = plan(documents, dataset.about.language, suffixes)
    problems: list[Problem] = []
    made: dict[str, Made] = {}
    _prepare(folders.out)
    for output in planned:
        try:
            made[output.path.as_posix()] = _make(output, dataset, folders, say)
        except ReportsError as error:
            problems += error.problems
    if made:
        _write(folders.out / MANIFEST, _merged(folders.out, made).to_json().encode())
    if problems:
        raise ReportsError(*problems)
    return made


def check(folders: Folders) -> Dataset:
    """Return the dataset; raises ReportsError with every problem of the data and of the documents' declarations."""
    documents, dataset = _load(folders, ())
    plan(documents, dataset.about.language, tuple(RENDERERS))
    return dataset


def plan(documents: Sequence[Document], language: str, suffixes: Collection[str]) -> tuple[Output, ...]:
    """Return the files to make, in the order of *documents*.

    Raises ReportsError if two would be the same file, or if nothing here makes files of such a kind.
    """
    unknown = [
        Problem(
            Location(Path(document.id, "document.yaml")), f"nothing makes files like '{name}'{did_you_mean(Path(name).suffix, RENDERERS)}"
        )
        for document in documents
        for name in document.outputs
        if Path(name).suffix not in RENDERERS
    ]
    if unknown:
        raise ReportsError(*unknown)
    planned = [
        Output(document, language, template, Path(language, name))
        for document in documents
        for name, template in document.outputs.items()
        if Path(name).suffix in suffixes
    ]
    owners: dict[Path, str] = {}
    for output in planned:
        if output.path in owners:
            message = f"is made by two documents, '{owners[output.path]}' and '{output.document.id}'"
            raise ReportsError(Problem(Location(output.path), message))
        owners[output.path] = output.document.id
    return tuple(planned)


def write_schemas(folders: Folders, say: Say = print) -> None:
    """Write the JSON Schema of each file of data, for editors, below the data folder."""
    folder = folders.data / SCHEMAS
    for name, text in schemas().items():
        _write(folder / name, text.encode())
    say(f"{folder}: {len(schemas())} schemas")


def write_reference(folders: Folders, target: Path, say: Say = print) -> None:
    """Write the reference document of all Word files to *target*, a .docx in which a person can change the styles."""
    from reports.renderers.word import reference_document

    _write(target, reference_document(folders.templates))
    say(f"{target}: change its styles in Word, then put it back by: python -m reports restyle {target.name}")


def restyle(folders: Folders, document: Path, say: Say = print) -> None:
    """Take over the styles of *document*, a .docx, into the reference document."""
    from reports.renderers.word import restyled

    for path, content in restyled(folders.templates, document).items():
        _write(path, content)
        say(f"{path}")


def _load(folders: Folders, names: Sequence[str]) -> tuple[tuple[Document, ...], Dataset]:
    """Return the documents and the dataset; raises ReportsError with the problems of both."""
    problems: list[Problem] = []
    try:
        documents = load_documents(folders.templates, names)
    except ReportsError as error:
        problems += error.problems
    try:
        dataset = load_dataset(folders.data)
    except ReportsError as error:
        problems += error.problems
    if problems:
        raise ReportsError(*problems)
    return documents, dataset


def _make(output: Output, dataset: Dataset, folders: Folders, say: Say) -> Made:
    """Render *output* and put it in its place."""
    started = time.monotonic()
    view = make_view(dataset, output.document, output.language)
    path = folders.out / output.path
    say(f"{path} …")
    rendered = renderer(path.suffix)(view, folders.templates, output.template)
    _write(path, rendered.content)
    pages = f"{rendered.pages} pages, " if rendered.pages else ""
    say(f"{path}: {pages}{len(rendered.content) / 1000:.0f} kB, {time.monotonic() - started:.1f} s")
    return _made(output, view, rendered, folders)


def _made(output: Output, view: View, rendered: Rendered, folders: Folders) -> Made:
    root = folders.templates.resolve()
    inputs = {
        path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else path.name: sha256(path.read_bytes())
        for path in rendered.inputs
    }
    return Made(
        sha256=sha256(rendered.content),
        bytes=len(rendered.content),
        pages=rendered.pages,
        document=output.document.id,
        view=view.digest,
        inputs=inputs,
    )


def _merged(out: Path, made: Mapping[str, Made]) -> Manifest:
    """Return the manifest with the files of earlier builds that are still there, and the ones *made* now."""
    before: Mapping[str, Made] = {}
    with suppress(ReportsError):  # none, or one that nobody can read
        before = read_manifest(read_text(out / MANIFEST, out)).files
    return Manifest({**{path: one for path, one in before.items() if is_file_in(out / path, out)}, **made}, tools())


def _prepare(folder: Path) -> None:
    """Make *folder* ready to be written to; raises ReportsError now, before anything is rendered, if that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ReportsError(Problem(Location(folder), f"can't be written: {_reason(error)}")) from None


def _write(path: Path, content: bytes) -> None:
    """Replace the file at *path* by *content* as a whole: whatever stops us, it is the old one or the new one.

    Raises ReportsError if the disk or the folder does not take it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise ReportsError(_unwritten(path, error)) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def _unwritten(path: Path, error: OSError) -> Problem:
    """Return the problem that *path* was not written: at what stands in the way, if the system says so, but never at a file of ours."""
    in_the_way = Path(error.filename or path)
    place = path if in_the_way.suffix == ".tmp" else in_the_way
    return Problem(Location(place), f"can't be written: {_reason(error)}")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
