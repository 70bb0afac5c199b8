"""Documents edited and commented in LibreOffice, as people do, and read as they come back: every edit is found, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import docx
from docx.oxml.ns import qn

from reports.dataset.load import load_dataset
from reports.editions.snapshot import ABOUT, Snapshot, snapshot_of
from reports.proposals.controls import differences
from reports.proposals.differences import Difference, DifferenceKind
from reports.readers.word import controls
from tests.conformance import macros, programs
from tests.conformance.validator import Finding

DATA = Path(__file__).parents[2] / "data"
WORDS = 3  # by which a field is found
NEW, NOTE, AUTHOR = "these words are new", "Who says so?", "Ana Anić"
ROUTINES = f"""
Function Found(Words)
  Dim Search As Object
  Search = D.createSearchDescriptor()
  Search.SearchString = Words
  Search.SearchCaseSensitive = True
  Found = D.findFirst(Search)
End Function

Sub Edit(Words)
  Dim Place As Object
  Place = Found(Words)
  Place.String = {macros.text(NEW)}
End Sub

Sub Remove(Words)
  Dim Place As Object, Cursor As Object
  Place = Found(Words)
  Cursor = Place.Text.createTextCursorByRange(Place)
  Cursor.gotoStartOfParagraph(False)
  Cursor.gotoNextParagraph(True)
  Cursor.String = ""
End Sub

Sub RemoveRow(Words)
  D.CurrentController.select(Found(Words))
  Ask("DeleteRows")
End Sub

Sub Comment(Words)
  Dim Place As Object, Note As Object
  Place = Found(Words)
  Note = D.createInstance("com.sun.star.text.textfield.Annotation")
  Note.Author = {macros.text(AUTHOR)}
  Note.Content = {macros.text(NOTE)}
  Place.Text.insertTextContent(Place, Note, True)
End Sub
"""


class Step(NamedTuple):
    """One edit: the *macro* that makes it where the *words* stand, which are of the field with this *tag*."""

    macro: str
    words: str
    tag: str


@dataclass(frozen=True)
class Field:
    """A field that LibreOffice can be led to by its *words*: alone in its paragraph or not, and the number of its table's row, or 0."""

    tag: str
    words: str
    is_alone: bool
    row: int


@dataclass(frozen=True)
class Variant:
    """One way to edit a document: the *steps*, tracked or not, and what is done at the end with all that is tracked."""

    name: str
    steps: tuple[Step, ...] = ()
    is_tracked: bool = False
    end: str = ""


def check_returned(path: Path, scratch: Path) -> list[Finding]:
    """Return the edits made by LibreOffice in copies of the document *path* that were not found, and what else was."""
    issued, snapshot = controls(path.read_bytes()), snapshot_of(load_dataset(DATA))
    variants, folder = list(_variants(path)), Path(mkdtemp(dir=scratch))
    if not any(variant.steps for variant in variants):
        return [Finding("has no fields that can be edited")]
    _run(path, variants, folder, scratch)
    return [finding for variant in variants for finding in _compared(variant, folder / f"{variant.name}.docx", issued, snapshot)]


def _variants(path: Path) -> Iterator[Variant]:
    body: Any = docx.Document(str(path)).element.body
    steps = tuple(_steps(list(_fields(body))))
    edits = tuple(step for step in steps if step.macro != "Comment")
    yield from (Variant("untouched"), Variant("untracked", steps), Variant("tracked", steps, True))
    yield Variant("accepted", edits, True, "AcceptAllTrackedChanges")
    if next(body.iter(qn("w:ins"), qn("w:del")), None) is None:  # else what we have tracked ourselves would be rejected too
        yield Variant("rejected", edits, True, "RejectAllTrackedChanges")


def _fields(body: Any) -> Iterator[Field]:
    """Yield the fields that begin with words that stand nowhere else in *body*."""
    whole = "\n".join("".join(paragraph.itertext(qn("w:t"))) for paragraph in body.iter(qn("w:p")))
    rows = {row: number for number, row in enumerate(body.iter(qn("w:tr")), 1)}
    for control in body.iter(qn("w:sdt")):
        tag, first = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}"), next(control.iter(qn("w:t")), None)
        if tag is None or first is None or next(control.iter(qn("w:ins"), qn("w:del")), None) is not None:
            continue
        words = " ".join(first.text.split(" ")[:WORDS]).rstrip(".,;: ")
        paragraph = next(control.iterancestors(qn("w:p")))
        if len(words.split()) == WORDS and whole.count(words) == 1 and '"' not in words:
            is_alone = {child.tag for child in paragraph} <= {qn("w:pPr"), qn("w:sdt")}
            yield Field(tag.get(qn("w:val")), words, is_alone, rows.get(next(paragraph.iterancestors(qn("w:tr")), None), 0))


def _steps(fields: list[Field]) -> Iterator[Step]:
    """Yield an edit, a comment, and something that is taken out, a paragraph or a row: in the text and in tables, as far as there are."""
    in_text = [field for field in fields if not field.row and field.is_alone]
    in_rows = [next(group) for _, group in groupby([field for field in fields if field.row], key=lambda field: field.row)]
    for kinds, places in ((("Edit", "Comment", "Remove"), in_text), (("Edit", "Comment", "RemoveRow"), in_rows)):
        yield from (Step(kind, field.words, field.tag) for kind, field in zip(kinds, places, strict=False))


def _run(path: Path, variants: Iterable[Variant], folder: Path, scratch: Path) -> None:
    """Let LibreOffice save each of *variants* of *path* in *folder*, by macros."""
    lines = []
    for variant in variants:
        lines += [macros.load(path), f"D.RecordChanges = {variant.is_tracked}"]
        lines += [f"{step.macro}({macros.text(step.words)})" for step in variant.steps]
        lines += [f"Ask({macros.text(variant.end)})"] if variant.end else []
        lines += [macros.save(folder / f"{variant.name}.docx", "MS Word 2007 XML"), macros.CLOSE]
    macros.run(lines, scratch, ROUTINES)


def _compared(variant: Variant, path: Path, issued: Mapping[str, str], snapshot: Snapshot) -> Iterator[Finding]:
    """Yield what was expected in the *variant* of *path*, and was not found, and what was found besides."""
    if not path.exists():
        raise programs.ProgramError(f"LibreOffice has not saved the variant '{variant.name}'")
    found = differences(path.read_bytes(), path, issued, snapshot, lambda text, *_: (text, ""))
    expected = Counter() if variant.name == "rejected" else Counter(_expected(step, issued) for step in variant.steps)
    said = Counter(map(_told, found))
    for telling, others in (("does not find", expected - said), ("finds", said - expected)):
        yield from (Finding(f"{variant.name}: {telling} {difference}") for difference in others)
    if variant.is_tracked and not variant.end and not all(difference.by for difference in found):
        yield Finding(f"{variant.name}: finds edits by nobody")


Told = tuple[DifferenceKind, str, str, str, str]


def _expected(step: Step, issued: Mapping[str, str]) -> Told:
    record, _, field = step.tag.replace("dataset.yaml/", f"{ABOUT}/").partition("/")
    if step.macro == "Comment":
        return DifferenceKind.COMMENT, record, field, "", NOTE
    if step.macro == "Edit":
        return DifferenceKind.CHANGE, record, field, issued[step.tag].replace(step.words, NEW), ""
    return DifferenceKind.REMARK, record, "", "", ""


def _told(difference: Difference) -> Told:
    field = "" if difference.kind is DifferenceKind.REMARK else difference.field
    return difference.kind, difference.record, field, difference.theirs, difference.comment
