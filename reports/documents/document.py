"""templates/<document>/document.yaml -> Document: the title, the records and the output files of one publication."""

import re
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple
from unicodedata import normalize

from pydantic import AfterValidator, Field

from reports.dataset.fields import Line
from reports.dataset.model import StrictModel
from reports.errors import NOT_TEXT, Location, Problem, ReportsError, did_you_mean
from reports.files import check_folder, is_folder, names_in
from reports.validation import parse
from reports.yamlfile import YamlFile

FILE = "document.yaml"
TELL_CHANGES = (".docx", ".csv", ".json", ".atom")  # the files that can tell what changed

# A name without a path that every system takes (https://learn.microsoft.com/windows/win32/fileio/naming-a-file): Windows keeps some
# characters for itself, and the names of its devices, whatever ends they have, and drops dots and spaces at the end.
PLAIN_NAME = re.compile(r'(?!\.)[^\n\t/\\:*?"<>|]{1,120}(?<![. ])')
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)


def _check_pdf(value: str) -> str:
    if not re.fullmatch(r"[\w-]+\.pdf", value):
        raise ValueError(f"'{value}' is no PDF beside this document; name it as record.pdf")
    return value


class Choice(StrEnum):
    """The share of the records of a kind that a document shows; *key* takes the ones that are marked as key.

    *cited* takes the ones that the head mentions, or a record of a kind of which the document shows all or the key ones.
    """

    ALL = "all"
    KEY = "key"
    CITED = "cited"
    NONE = "none"


class AllOrNone(StrEnum):
    """The share of what no record names by an id."""

    ALL = "all"
    NONE = "none"


class Selection(StrictModel):
    """The records that a document shows, by kind; an edit of any other record leaves the document as it is."""

    milestones: Choice = Choice.ALL
    frameworks: Choice = Choice.ALL
    areas: Choice = Choice.ALL
    operations: Choice = Choice.ALL
    bodies: Choice = Choice.ALL
    people: Choice = Choice.ALL
    statements: Choice = Choice.ALL
    measures: Choice = Choice.ALL
    abbreviations: AllOrNone = AllOrNone.ALL


class Declaration(StrictModel):
    """The content of document.yaml: *outputs* maps each file to its template; a PDF with more *pages* is refused.

    In the name of an output, {dataset} stands for the dataset's id.

    *record* is the PDF that stands beside this document and shows all records: links to the ones that are not here lead there.
    *changes* are the outputs that tell what changed since the edition before, and are made if there is one: a Word file by tracked changes,
    a CSV or JSON file as data, a feed edition by edition.
    In another language than that of the data, *translated* is the least percentage of its passages that are in it.
    """

    name: Line
    title: Line | None = None
    records: Selection = Selection()
    attach_dataset: bool = False
    pages: int | None = Field(default=None, ge=1)
    translated: int = Field(default=0, ge=0, le=100)
    record: Annotated[Line, AfterValidator(_check_pdf)] | None = None
    outputs: Annotated[dict[str, Line], Field(min_length=1)]
    changes: tuple[Line, ...] = ()


class Document(Declaration):
    """One publication: its declaration, and the *id* that is its folder's name."""

    id: str

    def of_dataset(self, name: str) -> "Document":
        """Return this document with the *name* of the dataset in the names of its outputs."""
        outputs = {output.replace("{dataset}", name): template for output, template in self.outputs.items()}
        return self.model_copy(update={"outputs": outputs, "changes": tuple(output.replace("{dataset}", name) for output in self.changes)})

    def without_changes(self) -> "Document":
        """Return this document as it is made when there is no edition before."""
        return self.model_copy(update={"outputs": {name: template for name, template in self.outputs.items() if name not in self.changes}})


def load_documents(templates: Path, names: Sequence[str] = (), kinds: Collection[str] | None = None) -> tuple[Document, ...]:
    """Return the documents declared in the folder *templates*, only the ones with *names* if there are any.

    Raises ReportsError with every problem of the declarations, or with every name that no document has; a file whose suffix is not of
    *kinds*, if they are given, is such a problem, and so is one that two documents would make.
    """
    check_folder(templates, "templates")
    folders = [templates / name for name in names_in(templates, templates) if is_folder(templates / name)]
    files = {folder.name: folder / FILE for folder in folders if FILE in names_in(folder, templates)}
    if not files:
        raise ReportsError(Problem(Location(templates), f"holds no document: no folder in it has a {FILE}"))
    if unknown := [name for name in names if name not in files]:
        messages = [f"there is no document '{name}'{did_you_mean(name, files)}; there are: {', '.join(files)}" for name in unknown]
        raise ReportsError(*(Problem(Location(templates), message) for message in messages))
    asked, makers = dict.fromkeys(names) or files, dict[str, tuple[str, str]]()
    # Those that are not asked for go first: what they make is taken.
    order = (*(name for name in files if name not in asked), *asked)
    read = {name: _read(name, files[name], templates, kinds, makers) for name in order}
    problems = [problem for name in asked for problem in read[name].problems]
    if all(one.document for one in read.values()):
        made = [output for one in read.values() if one.document for output in one.document.outputs]
        problems += [problem for name in asked for problem in read[name].record_problems(made)]
    if problems:
        raise ReportsError(*problems)
    return tuple(document for name in asked if (document := read[name].document))


class _Read(NamedTuple):
    """A declaration that was read: its *document*, None if it is none, and its *problems*; *file* is None if that can't be read."""

    document: Document | None
    file: YamlFile | None
    problems: Sequence[Problem]

    def record_problems(self, made: Collection[str]) -> Iterator[Problem]:
        """Yield the problem of a record to which links lead, and which is not among the files that are *made*."""
        names = [re.escape(name).replace(re.escape("{dataset}"), "[a-z0-9-]+") for name in made]  # of which each dataset has its own
        if self.document and self.file and (record := self.document.record) and not any(re.fullmatch(name, record) for name in names):
            yield Problem(self.file.locate(("record",)), f"no document makes '{record}'{did_you_mean(record, made)}")


def _read(name: str, path: Path, templates: Path, kinds: Collection[str] | None, makers: dict[str, tuple[str, str]]) -> _Read:
    """Return the document *name* as the file *path* declares it; *makers*, which it joins, are those read before, by what they make."""
    try:
        file = YamlFile(path, templates)
    except ReportsError as error:
        return _Read(None, None, error.problems)
    declaration, problems = parse(Declaration, file.data, file)
    if not declaration:
        return _Read(None, file, problems)
    document = Document(id=name, **dict(declaration))
    return _Read(document, file, [*problems, *(_name_problems(document, file, kinds) or _made_twice(document, file, makers))])


def _name_problems(document: Document, file: YamlFile, kinds: Collection[str] | None) -> list[Problem]:
    """Return the problems of the names of *document*'s folder and outputs, in themselves."""
    problems = []
    if not _is_plain(document.id):
        problems.append(Problem(Location(file.path.parent), f"'{document.id}' is not a plain name for a folder"))
    for output in document.outputs:
        location, suffix = file.locate(("outputs", output), key=True), Path(output).suffix
        if not _is_plain(output) or not {"{", "}"}.isdisjoint(output.replace("{dataset}", "")):
            problems.append(Problem(location, f"'{output}' is not a plain file name"))
        elif kinds is not None and suffix not in kinds:
            problems.append(Problem(location, f"nothing makes files like '{output}'{did_you_mean(suffix, kinds)}"))
        elif suffix == ".atom" and output not in document.changes:
            problems.append(Problem(location, f"'{output}' tells what changed: name it under 'changes' too"))
    problems += [Problem(file.locate(("changes", index)), message) for index, message in _change_problems(document)]
    if not document.without_changes().outputs:
        message = "all outputs tell changes, and are not made before there is an edition: name another one"
        problems.append(Problem(file.locate(("changes",)), message))
    return problems


def _change_problems(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the place, and the problem, of each of *document*'s changes that can't be made."""
    able = [output for output in document.outputs if output.endswith(TELL_CHANGES)]
    for index, output in enumerate(document.changes):
        if output not in able:
            yield index, f"'{output}' is no Word, CSV, JSON or Atom file among the outputs{did_you_mean(output, able)}"
        elif output.endswith((".csv", ".json")) and not document.attach_dataset:
            yield index, f"'{output}' tells the changes of the whole dataset: say 'attach_dataset: true'"


def _made_twice(document: Document, file: YamlFile, makers: dict[str, tuple[str, str]]) -> Iterator[Problem]:
    """Yield a problem for each file of *document* that one of *makers*, which it joins, makes too."""
    # On Windows and on most Macs, names that differ in small and capital letters alone, or in how an accent is coded, are one file.
    for output in document.outputs:
        location = file.locate(("outputs", output), key=True)
        maker, other = makers.setdefault(normalize("NFC", output).casefold(), (document.id, output))
        if other != output:
            yield Problem(location, f"'{output}' and '{other}' are one file on some systems")
        elif maker != document.id:
            yield Problem(location, f"'{output}' is made by two documents, '{maker}' and '{document.id}'")


def _is_plain(name: str) -> bool:
    return bool(PLAIN_NAME.fullmatch(name)) and not DEVICE.match(name) and not NOT_TEXT.search(name)
