"""Tracked changes before LibreOffice: all accepted they have to make the document now, all rejected that of the edition before."""

from difflib import ndiff
from pathlib import Path
from tempfile import mkdtemp

from reports.build.plan import Folders, Project
from reports.documents.view import View
from reports.renderers.word import render
from tests.conformance import macros, office, programs
from tests.conformance.validator import Finding

ROOT = Path(__file__).parents[2]
COMMANDS = {"accepted": "AcceptAllTrackedChanges", "rejected": "RejectAllTrackedChanges"}


def check_redline(path: Path, scratch: Path) -> list[Finding]:
    """Return where the text of *path* differs from that of the same document without changes, now or in the edition before."""
    project = Project(Folders(ROOT / "data", ROOT / "templates", scratch / "build"))
    (document,) = (document for document in project.parts[0] if path.name in document.changes)
    language, template = project.parts[1].about.language, document.outputs[path.name]
    views = {"accepted": project.view(document.id, language), "rejected": project.before(document.id, language, path.name)}
    found = []
    for decision, view in views.items():
        assert isinstance(view, View)
        plain = Path(mkdtemp(dir=scratch)) / path.name
        plain.write_bytes(render(view, project.folders.templates, template).content)
        expected = _lines(office.convert(plain, office.TEXT, scratch))
        differences = [line for line in ndiff(expected, _lines(_decided(path, decision, scratch))) if line[0] in "-+"]
        found += [Finding(f"all changes {decision}, it has the line {line}") for line in differences]
    return found


def _lines(path: Path) -> list[str]:
    """Return the lines of the text file *path* that say something.

    LibreOffice joins a paragraph that goes with the one that follows, and leaves an empty one where that is a table that goes too.
    """
    return [line for line in path.read_text("utf-8-sig").splitlines() if line.strip()]


def _decided(path: Path, decision: str, scratch: Path) -> Path:
    """Return the text of *path* after the *decision* on all its changes."""
    target = Path(mkdtemp(dir=scratch)) / f"{decision}.txt"
    save = macros.save(target, "Text (encoded)", "UTF8")
    macros.run([macros.load(path), f"Ask({macros.text(COMMANDS[decision])})", save, macros.CLOSE], scratch)
    if not target.exists():
        raise programs.ProgramError("LibreOffice ran no macro on it")
    return target
