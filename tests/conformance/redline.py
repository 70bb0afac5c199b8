"""Tracked changes before LibreOffice: all accepted they have to make the document now, all rejected that of the edition before."""

from difflib import ndiff
from pathlib import Path
from tempfile import mkdtemp

from reports.build.plan import Folders, Project
from reports.documents.view import View
from reports.renderers.word import render
from tests.conformance import office, programs
from tests.conformance.validator import Finding
from tests.conftest import PROJECT

COMMANDS = {"accepted": ".uno:AcceptAllTrackedChanges", "rejected": ".uno:RejectAllTrackedChanges"}
# The libraries of macros that a user has are in user/basic; in XML, as its files are written by LibreOffice 25.2.
LIBRARY = """<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Changes"/></library:library>"""
MACRO = """<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Changes" script:language="StarBasic">
Sub Decide(source As String, target As String, command As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  dispatcher.executeDispatch(document.CurrentController.Frame, command, "", 0, Array())
  Dim filter(1) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "Text (encoded)"
  filter(1).Name = "FilterOptions" : filter(1).Value = "UTF8"
  document.storeToURL(target, filter())
  document.close(True)
End Sub
</script:module>"""


def check_redline(path: Path, scratch: Path) -> list[Finding]:
    """Return where the text of *path* differs from that of the same document without changes, now or in the edition before."""
    project = Project(Folders(PROJECT / "data", PROJECT / "templates", scratch / "build"))
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
    folder, profile = Path(mkdtemp(dir=scratch)), scratch / "redline"
    line = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    if not profile.exists():  # what is in it would be written over by the first start
        programs.run([*line, "--terminate_after_init"], scratch)
        library = profile / "user" / "basic" / "Standard"
        library.mkdir(parents=True, exist_ok=True)
        (library / "script.xlb").write_text(LIBRARY, "utf-8")
        (library / "Changes.xba").write_text(MACRO, "utf-8")
    target = folder / f"{decision}.txt"
    arguments = ",".join(f'"{text}"' for text in (path.resolve().as_uri(), target.as_uri(), COMMANDS[decision]))
    programs.run([*line, f"macro:///Standard.Changes.Decide({arguments})"], scratch)
    if not target.exists():
        raise programs.ProgramError("LibreOffice ran no macro on it")
    return target
