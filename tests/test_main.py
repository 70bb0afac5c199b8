"""The command line, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reports
from reports import __main__ as program
from reports.build import Folders
from tests.conftest import PROJECT, TINY, edit


def command(*arguments: str | Path, folder: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m reports` with *arguments* in *folder*."""
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    line = [sys.executable, "-m", "reports", *map(str, arguments)]
    return subprocess.run(line, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", check=False)


def options(folders: Folders) -> list[str | Path]:
    return ["--data", folders.data, "--templates", folders.templates, "--out", folders.out]


def test_a_check_of_right_data(folders: Folders, tmp_path: Path) -> None:
    """Right data: exit 0, one line on stdout, nothing on stderr, from any current folder."""
    done = command("check", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems in 40 records\n", "")


def test_a_check_of_wrong_data(folders: Folders, tmp_path: Path) -> None:
    """Wrong data: exit 1, each problem on stderr at its place, as seen from the current folder, and how many there are."""
    edit(folders.data / "bodies.yaml", "side: other", "side: another")
    edit(folders.data / "areas.yaml", "date: ../2015", "date: recently")
    problems = [
        "data/areas.yaml:11:13: 'recently' is not a date; write it as 2010-04-22, 2010-04, 2005-23 (autumn), 2010, 2010~ (about), "
        "2010? (uncertain), 2003-02/2003-05 or 2004-12/..",
        "data/bodies.yaml:21:9: 'another' is not one of organisation, partner, other (did you mean 'other'?)",
    ]
    done = command("check", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [*problems, "2 problems"])
    done = command("check", "--data", "../data", "--templates", "../templates", folder=folders.templates)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2].endswith(problems[1].removeprefix("data/"))


def test_one_problem_is_counted_as_one(folders: Folders, tmp_path: Path) -> None:
    """A single problem is not plural, and a build of wrong data writes nothing."""
    (folders.data / "sources.yaml").unlink()
    done = command("pdf", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "data/sources.yaml: is missing\n1 problem\n")
    assert not folders.out.exists()


def test_a_pdf_is_made(folders: Folders, tmp_path: Path) -> None:
    """Making a document: exit 0, and each file named as seen from the current folder."""
    done = command("pdf", "short", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == "build/en/short.pdf …"
    assert second.startswith("build/en/short.pdf: 1 pages, ")
    assert (folders.out / "en" / "short.pdf").read_bytes().startswith(b"%PDF")


def test_relative_folders_are_seen_from_the_current_one(tmp_path: Path, folders: Folders) -> None:
    """Folders may be named from where one stands."""
    done = command("pdf", "short", "--data", "data", "--templates", "templates", "--out", "here/out", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "here" / "out" / "en" / "short.pdf").is_file()


def test_a_terminal_with_few_letters(folders: Folders, tmp_path: Path) -> None:
    """A terminal that can't show every letter is no reason to stop."""
    done = command("pdf", "short", *options(folders), folder=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("build/en/short.pdf \\u2026\n")


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("check", "--nothing"), ("check", "document"), ("pdf", "--data")])
def test_a_wrong_command_line(arguments: tuple[str, ...]) -> None:
    """A command that is none: exit 2, and how to use it on stderr."""
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m reports")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is the package's."""
    with pytest.raises(SystemExit) as stop:
        program.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"{reports.__version__}\n"


def test_an_unknown_document(folders: Folders, tmp_path: Path) -> None:
    """A document that is not there is the user's to mend: exit 1, not a traceback."""
    done = command("pdf", "shirt", *options(folders), folder=tmp_path)
    expected = "templates: there is no document 'shirt' (did you mean 'short'?); there are: note, short\n1 problem\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)


def test_the_schemas_command(folders: Folders, tmp_path: Path) -> None:
    """The schemas are written below the data folder that was named."""
    done = command("schemas", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "data/schemas: 11 schemas\n", "")
    assert len(list((folders.data / "schemas").iterdir())) == 11


@pytest.fixture
def without_pango(tmp_path: Path) -> str:
    """A path on which importing WeasyPrint fails as it does without Pango."""
    (tmp_path / "broken" / "weasyprint").mkdir(parents=True)
    text = "print('Advice of its own')\nraise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    (tmp_path / "broken" / "weasyprint" / "__init__.py").write_text(text, "utf-8")
    return os.pathsep.join((str(tmp_path / "broken"), str(PROJECT)))


def test_a_check_needs_no_pango(without_pango: str, folders: Folders, tmp_path: Path) -> None:
    """The data can be checked where no PDF can be made."""
    done = command("check", *options(folders), folder=tmp_path, PYTHONPATH=without_pango)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems in 40 records\n", "")


def test_a_pdf_without_pango_says_what_is_missing(without_pango: str, folders: Folders, tmp_path: Path) -> None:
    """Without Pango the step that is missing is named once, whatever the number of documents; no traceback, nothing written."""
    done = command("pdf", *options(folders), folder=tmp_path, PYTHONPATH=without_pango)
    assert done.returncode == 1
    message, count = done.stderr.splitlines()
    assert message.startswith("Pango: the library that sets the text of a PDF is not on this system; install ")
    assert count == "1 problem"
    assert "Advice" not in done.stdout
    assert list(folders.out.rglob("*.pdf")) == []


def test_a_build_that_is_stopped(folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with the shell's status for it and a word on the state of the files."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.build.load_dataset", stop)
    assert program.main(["pdf", *map(str, options(folders))]) == 130
    assert capsys.readouterr().err == "stopped; every file is whole, old or new\n"


def test_a_bug_is_a_traceback(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the user's to mend is not dressed up as a problem."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.build.load_dataset", broken)
    with pytest.raises(ZeroDivisionError):
        program.main(["check", *map(str, options(folders))])


def test_the_tiny_folders_are_not_the_default() -> None:
    """Without options the project's own data are checked, from any current folder."""
    done = command("check", folder=TINY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("no problems in ")
    assert done.stdout != "no problems in 40 records\n"
