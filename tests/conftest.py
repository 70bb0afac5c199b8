"""The tiny dataset, its view, and copies of both that a test may edit."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

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
settings.register_profile("quick", settings.get_profile("project"), max_examples=10)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the continuous integration mutate more data than a person waits for."""
    parser.addoption("--mutations", type=int, default=100, help="mutations of the data that test_fuzz.py tries (default: 100)")


def pytest_configure(config: pytest.Config) -> None:
    """Let one warning pass: WeasyPrint 70 leaves the colour profile of PDF/A open for the garbage collector."""
    config.addinivalue_line("filterwarnings", r"ignore:unclosed file .*sRGB2014\.icc:ResourceWarning")


Show = Callable[[tuple[Problem, ...]], list[str]]


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
