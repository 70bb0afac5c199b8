"""The command line, in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reports
from reports import __main__ as program
from reports.build.plan import Folders
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
    assert second.startswith("build/en/short.pdf: made, 1 page, ")
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


@pytest.mark.parametrize("value", ["-1", "1001", "1.5", "", "many", "²", "9" * 5000])
def test_a_number_that_is_none(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A number of jobs, or of a port, that can't be is refused before anything is done."""
    with pytest.raises(SystemExit) as stop:
        program.main(["build", "--jobs", value])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"argument --jobs: '{value}' is not a number from 0 to 1000\n")
    with pytest.raises(SystemExit):
        program.main(["preview", "--port", "70000"])
    assert capsys.readouterr().err.endswith("argument --port: '70000' is not a number from 0 to 65535\n")


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

    monkeypatch.setattr("reports.dataset.load.load_dataset", stop)
    assert program.main(["pdf", *map(str, options(folders))]) == 130
    assert capsys.readouterr().err == "stopped; every file is whole, old or new\n"


def test_a_bug_is_a_traceback(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the user's to mend is not dressed up as a problem."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.dataset.load.load_dataset", broken)
    with pytest.raises(ZeroDivisionError):
        program.main(["check", *map(str, options(folders))])


def test_the_tiny_folders_are_not_the_default() -> None:
    """Without options the project's own data are checked, from any current folder."""
    done = command("check", folder=TINY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("no problems in ")
    assert done.stdout != "no problems in 40 records\n"


def test_a_second_build_finds_nothing_to_do(folders: Folders, tmp_path: Path) -> None:
    """What is up to date is said to be so; what is made again says why."""
    assert command("build", *options(folders), folder=tmp_path).returncode == 0
    done = command("build", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["build/en/note.pdf: up to date", "build/en/short.pdf: up to date"]
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    done = command("build", *options(folders), "--dry-run", folder=tmp_path)
    assert done.stdout.splitlines() == ["build/en/note.pdf: to be made (changed: admiralty)", "build/en/short.pdf: up to date"]
    done = command("build", *options(folders), "--jobs", "1", folder=tmp_path)
    first, second, third = done.stdout.splitlines()
    assert (first, second) == ("build/en/short.pdf: up to date", "build/en/note.pdf …")
    assert third.endswith(" s (changed: admiralty)")


def test_what_changed_is_told_to_machines(folders: Folders, tmp_path: Path) -> None:
    """--json prints one object: what came of each file, and every problem with its place."""
    done = command("build", *options(folders), "--json", folder=tmp_path)
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr, said["problems"]) == (0, "", [])
    short = said["files"]["en/short.pdf"]
    assert (short["state"], short["reasons"], short["pages"]) == ("made", ["it was never made"], 1)
    edit(folders.data / "bodies.yaml", "side: other", "side: another")
    done = command("build", *options(folders), "--json", folder=tmp_path)
    (problem,) = json.loads(done.stdout)["problems"]
    assert done.returncode == 1
    assert (Path(problem["path"]), problem["line"], problem["column"]) == (folders.data / "bodies.yaml", 21, 9)


def test_an_edited_file_ends_with_a_word_on_what_to_do(folders: Folders, tmp_path: Path) -> None:
    """Exit 1, and the command that goes on."""
    command("pdf", "short", *options(folders), folder=tmp_path)
    (folders.out / "en" / "short.pdf").write_bytes(b"mine")
    done = command("pdf", "short", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "build/en/short.pdf: edited by hand, left as it is\n")
    assert "--overwrite" in done.stderr
    assert command("pdf", "short", "--overwrite", *options(folders), folder=tmp_path).returncode == 0
    assert (folders.out / "en" / "short.edited.pdf").read_bytes() == b"mine"


def test_finished_files_are_verified(folders: Folders, tmp_path: Path) -> None:
    """Our own folder is compared with today's data too; a folder that somebody was sent, with its manifest alone."""
    command("build", *options(folders), folder=tmp_path)
    done = command("verify", *options(folders), folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["build/en/note.pdf: as made", "build/en/short.pdf: as made"])
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    shutil.copytree(folders.out, tmp_path / "sent", ignore=shutil.ignore_patterns(".cache"))
    (tmp_path / "sent" / "en" / "short.pdf").unlink()
    done = command("verify", *options(folders), folder=tmp_path)
    expected = ["build/en/note.pdf: as made, from an older dataset", "build/en/short.pdf: as made"]
    assert (done.returncode, done.stdout.splitlines()) == (1, expected)
    done = command("verify", "sent", folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (1, ["sent/en/note.pdf: as made", "sent/en/short.pdf: missing"])


def test_what_a_stranger_calls_a_file_is_shown_not_obeyed(folders: Folders, tmp_path: Path) -> None:
    """A name in a manifest that would clear the terminal is printed with its codes."""
    command("pdf", "short", *options(folders), folder=tmp_path)
    manifest = json.loads((folders.out / "manifest.json").read_text("utf-8"))
    manifest["files"] = {"\x1b[2J\u202e": manifest["files"]["en/short.pdf"]}
    (folders.out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert command("verify", "build", folder=tmp_path).stdout == "build/\\x1b[2J\\u202e: missing\n"


def test_the_current_folder_may_be_gone(folders: Folders, tmp_path: Path) -> None:
    """In a folder that somebody has removed, whole addresses do; what is named from there is a problem."""
    gone = "can't be found from the current folder, which somebody has removed; go to another one"
    line = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m reports "$@"'
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    for arguments, expected in (
        (options(folders), (0, "no problems in 40 records\n", "")),
        (
            ["--data", "data"],
            (1, "", f"data: {gone}\n1 problem\n"),
        ),
    ):
        shell = ["sh", "-c", line, sys.executable, "check", *map(str, arguments)]
        done = subprocess.run(shell, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == expected


def test_an_unchanged_build_loads_nothing_heavy(folders: Folders, tmp_path: Path) -> None:
    """To see that nothing has changed, no YAML is read and no library for documents or models is loaded."""
    command("build", *options(folders), folder=tmp_path)
    heavy = {"babel", "docx", "jinja2", "lxml", "openpyxl", "pydantic", "rich", "weasyprint", "yaml"}
    check = f"import sys; from reports.__main__ import main; main(); print(sorted({heavy!r} & set(sys.modules)))"
    line = [sys.executable, "-c", check, "build", *map(str, options(folders))]
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    edit(folders.data / "bodies.yaml", "role: It commands the ships.", "role: It commands the boats.")
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] != "[]", "the check must see what is loaded"
