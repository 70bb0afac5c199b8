"""The finished files, read back: do they say what the data say? Each is read by a library that did not write it, where there is one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from reports.build.manifest import read_manifest, tools
from reports.build.plan import Folders, Project
from reports.errors import Location, Problem, ReportsError
from reports.files import MOST_DIGESTED, digest_of, read_bytes

if TYPE_CHECKING:
    from reports.audit.findings import Compared
    from reports.audit.shown import Shown

# The module that reads each kind of file: named, not imported, since some need packages that only the audit needs.
READERS: Mapping[str, str] = {
    ".pdf": "reports.audit.readers.pdf",
    ".html": "reports.audit.readers.web",
    ".docx": "reports.audit.readers.word",
    ".xlsx": "reports.audit.readers.excel",
    ".csv": "reports.audit.readers.csv",
    ".json": "reports.audit.readers.json",
}


@dataclass(frozen=True)
class Audited:
    """What came of the audit of one file: how much was compared, by its name, and every disagreement."""

    path: Path
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what if count > 1 else _one(what)}" for what, count in self.counts.items() if count)
        if not told and not self.problems:
            return f"{self.path}: there was nothing to compare"
        told = told or "nothing"
        return (
            f"{self.path}: {told} {'compared, not all agree' if self.problems else 'agree' if sum(self.counts.values()) > 1 else 'agrees'}"
        )


def _one(what: str) -> str:
    """Return the singular of *what*: addresses, or texts."""
    return what.removesuffix("es") if what.endswith("sses") else what.removesuffix("s")


def audit(folders: Folders) -> Iterator[Audited]:
    """Yield what comes of comparing each finished file in *folders* with the data as they are now.

    Raises ReportsError if the data have problems, or if a package that the audit needs is not installed.
    """
    from reports.audit.compare import compare
    from reports.audit.expected import Expected
    from reports.audit.told import Template
    from reports.renderers.locale import Locale

    loaded = Project(folders)
    documents, dataset = loaded.parts
    language = dataset.about.language
    locale = Locale(folders.templates, language)
    for document in documents:
        view = loaded.view(document.id, language)
        for name, template in document.outputs.items():
            path = folders.out / language / name
            shown = _read(path)
            if isinstance(shown, Problem):
                yield Audited(path, {}, (shown,))
                continue
            found = compare(shown, Expected(dataset, view, locale), Template(folders.templates, template), path.suffix)
            yield _audited(path, found, _why_stale(folders, path, view.digest))


def _audited(path: Path, found: "tuple[Compared, ...]", stale: str) -> Audited:
    messages = [str(difference) for one in found for difference in one.disagreements]
    if messages and stale:
        messages.append(f"was made from other {stale} than there are now; build it again, then audit")
    problems = tuple(Problem(Location(path), message) for message in dict.fromkeys(messages))
    return Audited(path, {one.what: one.count for one in found}, problems)


def _why_stale(folders: Folders, path: Path, view: str) -> str:
    """Return what has changed since the file at *path* was made: the data, with the digest *view* now, templates, tools, or nothing."""
    made = read_manifest(folders.out).files.get(path.relative_to(folders.out).as_posix())
    if made is None:
        return ""
    if made.view != view:
        return "data"
    if changed := [name for name, digest in made.inputs.items() if digest_of(folders.templates / name, folders.templates) != digest]:
        return f"templates ({', '.join(changed)})"
    now = tools()
    upgraded = [name for name in sorted({*now, *made.tools}) if now.get(name) != made.tools.get(name)]
    return f"versions of programs ({', '.join(upgraded)})" if upgraded else ""


def _read(path: Path) -> "Shown | Problem":
    """Return what the file at *path* says, or what is in the way."""
    read = _reader(path.suffix)
    if not path.is_file():
        return Problem(Location(path), "is not there: build it, then audit")
    try:
        return read(read_bytes(path, path.parent, MOST_DIGESTED))
    except ReportsError as error:
        return error.problems[0]
    except Exception as error:  # the libraries' own errors, for files that somebody has damaged
        return Problem(Location(path), f"can't be read back, since it is not built as ours are: {type(error).__name__}: {error}")


def _reader(suffix: str) -> "Callable[[bytes], Shown]":
    try:
        read: Callable[[bytes], Shown] = import_module(READERS[suffix]).read
    except ModuleNotFoundError as error:
        message = f"the package '{error.name}' is missing, which reads {suffix} files back: use `nox -s audit`, which installs it"
        raise ReportsError(Problem(Location(Path("pyproject.toml")), message)) from None
    return read
