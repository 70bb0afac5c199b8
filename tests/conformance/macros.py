"""Macros by which LibreOffice does to a file what a person would do, in a profile of its own."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from xml.sax.saxutils import escape

from tests.conformance import programs

CLOSE = "D.close(True)"
# The libraries of macros that a user has are in user/basic; in XML, as LibreOffice 25.2 writes its files.
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}</script:module>"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false">
<library:element library:name="Module1"/></library:library>"""
BASIC = """
Dim D As Object

Function Named(Name, Value)
  Dim Pair As New com.sun.star.beans.PropertyValue
  Pair.Name = Name
  Pair.Value = Value
  Named = Pair
End Function

Sub Load(Address)
  D = StarDesktop.loadComponentFromURL(Address, "_blank", 0, Array(Named("Hidden", True)))
End Sub

Sub Save(Address, Kind, Options)
  D.storeToURL(Address, Array(Named("FilterName", Kind), Named("FilterOptions", Options)))
End Sub

Sub Ask(Command)
  createUnoService("com.sun.star.frame.DispatchHelper").executeDispatch(D.CurrentController.Frame, ".uno:" & Command, "", 0, Array())
End Sub
{routines}
Sub Main
  On Error Goto Done
{steps}
Done:
  StarDesktop.terminate()
End Sub
"""


def load(path: Path) -> str:
    """Return the step that opens the file *path* as D."""
    return f"Load({text(path.resolve().as_uri())})"


def save(path: Path, kind: str, options: str = "") -> str:
    """Return the step that saves D as the file *path*, by the filter *kind* of LibreOffice with its *options*."""
    return f"Save({text(path.resolve().as_uri())}, {text(kind)}, {text(options)})"


def text(value: str) -> str:
    """Return *value* as a text of Basic."""
    return '"' + value.replace('"', '""').replace("\n", '" & Chr(10) & "') + '"'


def run(steps: Iterable[str], scratch: Path, routines: str = "", program: str = "soffice") -> None:
    """Let the *program*, a LibreOffice, take *steps* in Basic, which may call *routines*; behind one that fails it takes no more."""
    profile = Path(mkdtemp(dir=scratch))
    start = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    programs.run([*start, "--terminate_after_init"], scratch)  # the first start of all fills the profile
    library, basic = profile / "user/basic/Standard", BASIC.format(routines=routines, steps="\n".join(steps))
    (library / "Module1.xba").write_text(MODULE.format(escape(basic)), "utf-8")
    (library / "script.xlb").write_text(LIBRARY, "utf-8")
    programs.run([*start, "macro:///Standard.Module1.Main"], scratch)
