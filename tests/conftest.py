"""The tiny dataset, its view, copies of both that a test may edit, and the command line in a process of its own."""

import gc
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import settings

from reports.build.plan import Folders
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import View, make_view
from reports.errors import Problem

TINY = Path(__file__).parent / "tiny"
PROJECT = Path(__file__).parent.parent

# No test is timed, and every run of the same tests does the same.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the continuous integration mutate more data than a person waits for."""
    parser.addoption("--mutations", type=int, default=100, help="mutations of the data that test_fuzz.py tries (default: 100)")


def pytest_configure(config: pytest.Config) -> None:
    """Let one warning pass: WeasyPrint 70 leaves the colour profile of PDF/A open for the garbage collector."""
    config.addinivalue_line("filterwarnings", r"ignore:unclosed file .*sRGB2014\.icc:ResourceWarning")


def pytest_collection_finish() -> None:
    """Let the garbage collector look at what tests leave, seldom, and never at what was imported: that takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, lest one of them be left to a single process at the end."""
    items.sort(key=lambda item: item.path.name not in ("test_published.py", "test_browser.py"))


Show = Callable[[tuple[Problem, ...]], list[str]]


@pytest.fixture(autouse=True, scope="session")
def _code_of_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the code of templates that tests compile apart from that of the project's: no run finds what another has left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.renderers.environment.CODE", tmp_path_factory.mktemp("code"))
        yield


@pytest.fixture
def tiny_data(tmp_path: Path) -> Path:
    """A copy of the tiny dataset's files."""
    return shutil.copytree(TINY / "data", tmp_path / "data")


@pytest.fixture
def tiny_templates(tmp_path: Path) -> Path:
    """A copy of the tiny templates."""
    return shutil.copytree(TINY / "templates", tmp_path / "templates")


@pytest.fixture
def folders(tiny_data: Path, tiny_templates: Path, tmp_path: Path) -> Folders:
    """Copies of the tiny folders, and a folder for the output, which is not there yet."""
    return Folders(tiny_data, tiny_templates, tmp_path / "build")


TABLE = """font: Calibri
companion: Table
sheets:
  - name: Table
    title: "'Milestones'"
    table: Milestones
    rows: view.milestones
    item: milestone
    columns:
      - { heading: "'Milestone'", width: 34, value: milestone.title }
"""


@pytest.fixture
def quick_folders(folders: Folders, copied_workers: None) -> Folders:
    """The same, where `note` and `short` make no PDF, but tables: of all records, and of the key milestones."""
    (folders.templates / "short" / "table.yaml").write_text(TABLE, "utf-8")
    edit(folders.templates / "note" / "document.yaml", "note.pdf: note/note.html.j2", "note.csv: register/register.yaml")
    edit(folders.templates / "short" / "document.yaml", "short.pdf: short/short.html.j2", "short.csv: short/table.yaml")
    return folders


@pytest.fixture
def copied_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers be copies of this process, even if another test has drawn in it: what they render has no figure."""
    monkeypatch.setattr("reports.build.workers.processes", lambda: multiprocessing.get_context("fork"))


@pytest.fixture(scope="session")
def tiny() -> Dataset:
    """The tiny dataset."""
    return load_dataset(TINY / "data")


@pytest.fixture(scope="session")
def tiny_view(tiny: Dataset) -> View:
    """What the tiny document `note` shows: every record."""
    return view_of(tiny, "note")


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """A function that writes problems as a person sees them from the test's folder."""
    return lambda problems: [str(problem).replace(f"{tmp_path}{os.sep}", "") for problem in problems]


@pytest.fixture(autouse=True)
def _environment_is_left_alone() -> Iterator[None]:
    """No test leaves another environment behind than it found."""
    before = dict(os.environ)
    yield
    after = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    assert after == {name: value for name, value in before.items() if name != "PYTEST_CURRENT_TEST"}


def view_of(dataset: Dataset, document: str, templates: Path = TINY / "templates") -> View:
    """Return what *document* shows of *dataset*."""
    return make_view(dataset, load_documents(templates, [document])[0], dataset.about.language)


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place in the file *path* where *old* stands by *new*."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), "utf-8")


SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")]


@contextmanager
def running(*arguments: str | Path, folder: Path, seconds: int = 60) -> "Iterator[subprocess.Popen[str]]":
    """Run `python -m reports` with *arguments* in *folder*, as a terminal does; after *seconds*, or at the end, it is killed.

    Whoever started the tests may have set signals to be ignored, as `nohup` and `&` do: here they are not.
    """
    line = [sys.executable, "-u", "-m", "reports", *map(str, arguments)]
    with subprocess.Popen(
        line,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in SIGNALS],
    ) as process:
        timer = Timer(seconds, lambda: os.killpg(process.pid, signal.SIGKILL))
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(process: "subprocess.Popen[str]", pattern: str) -> str:
    """Read what *process* says until a line in which *pattern* is found; return it. That it is killed is the limit of the waiting."""
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if re.search(pattern, line):
            return line
    raise AssertionError(f"{pattern!r} is not in: {''.join(said)}")
