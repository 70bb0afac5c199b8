"""The command line: in this process, but for what only a process of its own can show."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import docx
import pytest

import reports
from reports import __main__ as program
from reports.build.build import check
from reports.build.plan import Folders
from reports.errors import ReportsError
from reports.schemas import schemas
from tests.conftest import PROJECT, TINY, Show, edit


class Done(NamedTuple):
    """What a command did: its exit status, and what it printed."""

    status: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def command(quick_folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A function that carries out a command from the folder that holds data/, templates/ and build/, or from another."""

    def run(*arguments: str | Path, folder: Path = tmp_path, ours: bool = True) -> Done:
        monkeypatch.chdir(folder)
        status = program.main([*map(str, arguments), *(map(str, options(quick_folders)) if ours else ())])
        return Done(status, *capsys.readouterr())

    return run


def options(folders: Folders) -> list[str | Path]:
    return ["--data", folders.data, "--templates", folders.templates, "--out", folders.out]


def process(*arguments: str | Path, folder: Path, **environment: str) -> Done:
    """Run `python -m reports` with *arguments* in *folder*."""
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    line = [sys.executable, "-m", "reports", *map(str, arguments)]
    done = subprocess.run(line, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_check_of_right_data(command: Command, tmp_path: Path) -> None:
    """Right data: exit 0, one line on stdout, nothing on stderr, from any current folder."""
    for folder in (tmp_path, TINY):
        assert command("check", folder=folder) == (0, "no problems in 41 records\n", "")


def test_a_check_of_wrong_data(command: Command, quick_folders: Folders) -> None:
    """Wrong data: exit 1, each problem on stderr at its place, as seen from the current folder, and how many there are."""
    edit(quick_folders.data / "bodies.yaml", "side: other", "side: another")
    edit(quick_folders.data / "areas.yaml", "date: ../2015", "date: recently")
    problems = [
        "data/areas.yaml:11:13: 'recently' is not a date; write it as 2010-04-22, 2010-04, 2005-23 (autumn), 2010, 2010~ (about), "
        "2010? (uncertain), 2003-02/2003-05 or 2004-12/..",
        "data/bodies.yaml:21:9: 'another' is not one of organisation, partner, joint, other (did you mean 'other'?)",
    ]
    done = command("check")
    assert (done.status, done.out, done.err.splitlines()) == (1, "", [*problems, "2 problems"])
    done = command("check", "--data", "../data", "--templates", "../templates", folder=quick_folders.templates, ours=False)
    assert done.status == 1
    assert done.err.splitlines()[-2].endswith(problems[1].removeprefix("data/"))


def test_one_problem_is_counted_as_one(command: Command, quick_folders: Folders) -> None:
    """A single problem is not plural, and a build of wrong data writes nothing."""
    (quick_folders.data / "sources.yaml").unlink()
    assert command("csv") == (1, "", "data/sources.yaml: is missing\n1 problem\n")
    assert not quick_folders.out.exists()


def test_a_pdf_is_made(folders: Folders, tmp_path: Path) -> None:
    """Making a document: exit 0, each file named as seen from the current folder, also on a terminal that lacks some letters."""
    places = ("--data", "data", "--templates", "templates", "--out", "here/out")
    done = process("pdf", "short", *places, folder=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.status, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first == "here/out/en/short.pdf \\u2026"
    assert second.startswith("here/out/en/short.pdf: made, 1 page, ")
    assert (tmp_path / "here" / "out" / "en" / "short.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("check", "--nothing"), ("check", "document"), ("pdf", "--data")])
def test_a_wrong_command_line(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """A command that is none: exit 2, and how to use it on stderr."""
    with pytest.raises(SystemExit) as stop:
        program.main(arguments)
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (2, "")
    assert err.startswith("usage: python -m reports")


@pytest.mark.parametrize("value", ["-1", "1001", "1.5", "", "many", "²", "9" * 5000])
def test_a_number_that_is_none(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A number of jobs, or of a port, that can't be is refused before anything is done."""
    with pytest.raises(SystemExit) as stop:
        program.main(["build", "--jobs", value])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"argument --jobs: '{value}' is not a number from 0 to 1000\n")
    with pytest.raises(SystemExit):
        program.main(["build", "--edition", "0"])
    assert capsys.readouterr().err.endswith("argument --edition: '0' is not a number from 1 to 9999\n")
    with pytest.raises(SystemExit):
        program.main(["preview", "--port", "70000"])
    assert capsys.readouterr().err.endswith("argument --port: '70000' is not a number from 0 to 65535\n")


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that this process may not enter, which has the rights of nobody instead of root's; the test's others may be entered."""
    folder, user = tmp_path / "locked", os.geteuid()
    (folder / "within").mkdir(parents=True)
    for path in (
        *tmp_path.rglob("*"),
        tmp_path,
        *(path for path in tmp_path.parents if path.stat().st_uid == user and path.parent != path),
    ):
        path.chmod(path.stat().st_mode | 0o755)
    folder.chmod(0)
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("option", ["--data", "--templates", "--out"])
@pytest.mark.parametrize("name", ["locked", "locked/within"])
def test_a_folder_that_may_not_be_entered_is_a_problem(
    option: str, name: str, quick_folders: Folders, tmp_path: Path, command: Command, request: pytest.FixtureRequest
) -> None:
    """Whatever folder can't be looked into is named, with the system's reason."""
    assert command("csv", "--dry-run").status == 0  # which imports what nobody may not read
    request.getfixturevalue("locked")
    given = dict(zip(("--data", "--templates", "--out"), (quick_folders.data, quick_folders.templates, quick_folders.out), strict=True))
    done = command("csv", *(part for pair in {**given, option: tmp_path / name}.items() for part in pair), ours=False)
    assert done == (1, "", f"{name}: can't be {'written' if option == '--out' else 'read'}: permission denied\n1 problem\n")


def test_it_runs_by_its_path_from_any_folder(tmp_path: Path) -> None:
    """The program can be started by the path of its folder, wherever one is."""
    done = subprocess.run([sys.executable, str(PROJECT / "reports"), "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"{reports.__version__}\n"


def test_an_older_python_is_told_so(tmp_path: Path) -> None:
    """Python 3.10 gets one sentence and no traceback, and so does one that knows less of the language."""
    for path in (PROJECT / "noxfile.py", PROJECT / "reports" / "__init__.py", PROJECT / "reports" / "__main__.py"):
        ast.parse(path.read_text("utf-8"), feature_version=(3, 7))
    program = "import sys, runpy; sys.version_info, sys.version = (3, 10, 4), '3.10.4 (main)'; runpy.run_module('reports')"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"reports needs Python 3.11 or newer, and this is Python 3.10.4 ({sys.executable})\n")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is the package's."""
    with pytest.raises(SystemExit) as stop:
        program.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"{reports.__version__}\n"


def test_an_unknown_document(command: Command, quick_folders: Folders) -> None:
    """A document that is not there is the user's to mend: exit 1, the nearest name, not a traceback, and nothing made."""
    expected = "templates: there is no document 'shirt' (did you mean 'short'?); there are: note, short\n1 problem\n"
    assert command("csv", "note", "shirt") == (1, "", expected)
    assert not quick_folders.out.exists()


def test_the_schemas_command(command: Command, quick_folders: Folders) -> None:
    """The schemas are written below the data folder that was named, and the data still load with them there."""
    assert command("schemas") == (0, "data/schemas: 15 schemas\n", "")
    assert {path.name: path.read_text("utf-8") for path in (quick_folders.data / "schemas").iterdir()} == dict(schemas())
    check(quick_folders)


def test_a_reference_document_is_never_written_over(command: Command, tmp_path: Path) -> None:
    """The reference document is a new Word file; whatever is there already, a person's changes of styles perhaps, stays."""
    (tmp_path / "looks.docx").write_bytes(b"mine")
    for name, message in (
        ("looks.docx", "is there already; take over its styles by 'restyle', or remove it"),
        ("looks", "the reference document is a Word document: give a name that ends in .docx"),
    ):
        assert command("reference", name) == (1, "", f"{name}: {message}\n1 problem\n")
    assert [path.read_bytes() for path in tmp_path.glob("looks*")] == [b"mine"]


def test_the_styles_go_out_and_come_back(command: Command, quick_folders: Folders, tmp_path: Path) -> None:
    """The reference document is written where it is asked for, and the styles of a document are taken over from there."""
    shutil.copytree(PROJECT / "templates" / "word", quick_folders.templates / "word")
    said = "looks.docx: change its styles in Word, then put it back by: nox -s restyle -- looks.docx\n"
    assert command("reference", "looks.docx") == (0, said, "")
    assert command("restyle", "looks.docx") == (0, "looks.docx: its styles are those of templates/word\n", "")
    document = docx.Document(str(tmp_path / "looks.docx"))
    document.styles["Body Text"].font.italic = True
    document.save(str(tmp_path / "looks.docx"))
    assert command("restyle", "looks.docx") == (0, "templates/word/reference/word/styles.xml\n", "")


def test_without_pango_only_a_pdf_is_missing(folders: Folders, tmp_path: Path) -> None:
    """Without Pango data can be checked, and for a PDF the step that is missing is named once, with no traceback and nothing written."""
    (tmp_path / "broken" / "weasyprint").mkdir(parents=True)
    text = "print('Advice of its own')\nraise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    (tmp_path / "broken" / "weasyprint" / "__init__.py").write_text(text, "utf-8")
    path = os.pathsep.join((str(tmp_path / "broken"), str(PROJECT)))
    done = process("check", *options(folders), folder=tmp_path, PYTHONPATH=path)
    assert done == (0, "no problems in 41 records\n", "")
    done = process("pdf", *options(folders), folder=tmp_path, PYTHONPATH=path)
    assert done.status == 1
    message, count = done.err.splitlines()
    assert message.startswith("Pango: the library that sets the text of a PDF is not on this system; install ")
    assert count == "1 problem"
    assert "Advice" not in done.out
    assert list(folders.out.rglob("*.pdf")) == []


def test_a_build_that_is_stopped(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with the shell's status for it and a word on the state of the files."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.dataset.load.load_dataset", stop)
    assert command("csv") == (130, "", "stopped; every file is whole, old or new\n")


def test_a_bug_is_a_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the user's to mend is not dressed up as a problem."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.dataset.load.load_dataset", broken)
    with pytest.raises(ZeroDivisionError):
        command("check")


def test_the_tiny_folders_are_not_the_default() -> None:
    """Without options the data and the templates are the project's own, from any current folder."""
    done = process("build", "--language", "xx", folder=TINY)
    assert done.err.startswith(f"{PROJECT / 'data'}: the dataset declares no language 'xx'; ")
    done = process("build", "--language", "en", "--", "nothing", folder=TINY)
    assert done.err.startswith(f"{PROJECT / 'templates'}: there is no document 'nothing'; there are: briefing, ")


def test_a_second_build_finds_nothing_to_do(command: Command, quick_folders: Folders) -> None:
    """What is up to date is said to be so; what is made again says why."""
    assert command("build").status == 0
    assert command("build") == (0, "build/en/note.csv: up to date\nbuild/en/short.csv: up to date\n", "")
    edit(quick_folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    expected = "build/en/note.csv: to be made (changed: admiralty)\nbuild/en/short.csv: up to date\n"
    assert command("build", "--dry-run") == (0, expected, "")
    first, second, third = command("build", "--jobs", "1").out.splitlines()
    assert (first, second) == ("build/en/short.csv: up to date", "build/en/note.csv …")
    assert third.endswith(" s (changed: admiralty)")


def test_what_changed_is_told_to_machines(command: Command, quick_folders: Folders) -> None:
    """--json prints one object: what came of each file, and every problem with its place."""
    done = command("build", "--json")
    said = json.loads(done.out)
    assert (done.status, done.err, said["problems"], said["out"]) == (0, "", [], str(quick_folders.out))
    short = said["files"]["en/short.csv"]
    assert (short["state"], short["reasons"], short["pages"]) == ("made", ["it was never made"], None)
    assert said["cache"]["made"] > said["cache"]["found"] == 1  # the plan, which is read once more when no other build is at work
    assert json.loads(command("build", "--json").out)["cache"] == {"found": 1, "made": 0}
    edit(quick_folders.data / "bodies.yaml", "side: other", "side: another")
    done = command("build", "--json")
    (problem,) = json.loads(done.out)["problems"]
    assert done.status == 1
    assert (Path(problem["path"]), problem["line"], problem["column"]) == (quick_folders.data / "bodies.yaml", 21, 9)


def test_an_edited_file_ends_with_a_word_on_what_to_do(command: Command, quick_folders: Folders) -> None:
    """Exit 1, and the command that goes on."""
    command("csv", "short")
    (quick_folders.out / "en" / "short.csv").write_bytes(b"mine")
    done = command("csv", "short")
    assert (done.status, done.out) == (1, "build/en/short.csv: edited by hand, left as it is\n")
    assert "--overwrite" in done.err
    assert command("csv", "short", "--overwrite").status == 0
    assert (quick_folders.out / "en" / "short.edited.csv").read_bytes() == b"mine"


def test_finished_files_are_verified(command: Command, quick_folders: Folders, tmp_path: Path) -> None:
    """Our own folder is compared with today's data too; a folder that somebody was sent, with its manifest alone."""
    command("build")
    assert command("verify") == (0, "build/en/note.csv: as made\nbuild/en/short.csv: as made\n", "")
    edit(quick_folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    shutil.copytree(quick_folders.out, tmp_path / "sent", ignore=shutil.ignore_patterns(".cache"))
    (tmp_path / "sent" / "en" / "short.csv").unlink()
    assert command("verify") == (1, "build/en/note.csv: as made, from an older dataset\nbuild/en/short.csv: as made\n", "")
    assert command("verify", "sent") == (1, "sent/en/note.csv: as made\nsent/en/short.csv: missing\n", "")


def test_the_name_of_a_file_is_shown_not_obeyed(command: Command, quick_folders: Folders) -> None:
    """A name in a manifest that would clear the terminal is printed with its codes."""
    command("csv", "short")
    manifest = json.loads((quick_folders.out / "manifest.json").read_text("utf-8"))
    manifest["files"] = {"\x1b[2J\u202e": manifest["files"]["en/short.csv"]}
    (quick_folders.out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert command("verify", "build").out == "build/\\x1b[2J\\u202e: missing\n"


def test_an_unchanged_build_loads_nothing_heavy(command: Command, quick_folders: Folders) -> None:
    """To see that nothing has changed, no YAML is read and no library for documents or models is loaded."""
    command("build")
    heavy = {"babel", "concurrent.futures", "docx", "jinja2", "lxml", "openpyxl", "pydantic", "rich", "weasyprint", "yaml"}
    look = f"import sys; from reports.__main__ import main; main(); print(sorted({heavy!r} & set(sys.modules)))"
    line = [sys.executable, "-c", look, "build", *map(str, options(quick_folders))]
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    edit(quick_folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] != "[]", "the check must see what is loaded"


def test_a_check_sees_what_no_pdf_can_be_made_with(folders: Folders, show: Show) -> None:
    """A property that is none, in a style sheet of one document; nothing is laid out for that."""
    with (folders.templates / "note" / "note.css").open("a", encoding="utf-8") as sheet:
        sheet.write("\np { colr:red }\n")
    with pytest.raises(ReportsError) as raised:
        check(folders)
    (line,) = show(raised.value.problems)
    assert line.startswith("templates/note/note.css:")
    assert line.endswith("'colr:red' is ignored: unknown property")


def test_problems_are_told_to_machines_as_early_as_they_come(command: Command) -> None:
    """Also those of the command line's folders and editions."""
    done = command("build", "--json", "--edition", "7")
    assert done.status == 1
    assert "there is no edition 7" in json.loads(done.out)["problems"][0]["message"]


def test_paths_are_short_only_from_their_beginning(quick_folders: Folders) -> None:
    """A path that has the current folder's within it stays whole."""
    folder = quick_folders.out.parent
    inner = folder / "x" / str(folder)[1:] / "data"
    inner.parent.mkdir(parents=True)
    quick_folders.data.rename(inner)
    (inner / "bodies.yaml").write_text("- id: 1\n", "utf-8")
    done = process("check", "--data", inner, "--templates", quick_folders.templates, folder=folder)
    assert str(inner / "bodies.yaml").removeprefix(f"{folder}/") in done.err
