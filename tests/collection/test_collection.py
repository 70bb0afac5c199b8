"""The documents of several datasets, made side by side: the same bytes as each alone, whoever makes them, and whoever dies meanwhile."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders, OutputState
from reports.collection.collection import Result, build_all, find_datasets
from reports.collection.executors import Executor, cluster, processes, work_by
from reports.errors import ReportsError
from tests.conftest import Show, edit

HERE: list[Callable[[], AbstractContextManager[Executor]]] = [partial(processes, 2), partial(cluster, "local:2")]


@pytest.fixture
def root(quick_folders: Folders, tmp_path: Path) -> Path:
    """Two countries that differ in a title and in their names, one of them in two languages, and a third with a mistake."""
    english = (quick_folders.templates / "locale" / "en.yaml").read_text("utf-8")
    (quick_folders.templates / "locale" / "bs.yaml").write_text(english.replace("tag: en-GB", "tag: bs-Latn-BA"), "utf-8")
    for name in ("east", "west", "wrong"):
        shutil.copytree(quick_folders.data, tmp_path / "countries" / name / ("data" if name == "east" else ""))
        head = tmp_path / "countries" / name / ("data" if name == "east" else "") / "dataset.yaml"
        edit(head, "title: Ruritania and the League", f"title: Ruritania in the {name}")
    edit(tmp_path / "countries" / "west" / "dataset.yaml", "language: en\n", "language: en\nlanguages: [en, bs]\n")
    edit(tmp_path / "countries" / "wrong" / "dataset.yaml", "language: en\n", "")
    return tmp_path / "countries"


@pytest.fixture(autouse=True)
def _without_variables_of_dask() -> Iterator[None]:
    """Take out of the environment what Dask puts there for the processes that it starts."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


def everything(root: Path, templates: Path, out: Path, executor: Executor) -> dict[str, Result]:
    return {result.name: result for result in build_all(find_datasets(root), templates, out, BuildOptions(), work_by(executor))}


def made(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("executor", HERE)
def test_each_is_made_as_if_alone(
    executor: Callable[[], AbstractContextManager[Executor]], root: Path, quick_folders: Folders, tmp_path: Path, show: Show
) -> None:
    """Countries and languages don't leak into each other, and a mistake in one stops no other."""
    with executor() as workers:
        results = everything(root, quick_folders.templates, tmp_path / "all", workers)
        again = everything(root, quick_folders.templates, tmp_path / "all", workers)
    assert show(results["wrong"].problems) == ["countries/wrong/dataset.yaml:2:1: the field 'language' is missing"]
    assert {name: result.counts for name, result in results.items()} == {
        "east": {OutputState.MADE: 2},
        "west": {OutputState.MADE: 4},
        "wrong": {},
    }
    assert again["west"].counts == {OutputState.UP_TO_DATE: 4}
    for name, data in find_datasets(root).items():
        if name != "wrong":
            build(Folders(data, quick_folders.templates, tmp_path / "alone" / name), BuildOptions())
            assert made(tmp_path / "all" / name) == made(tmp_path / "alone" / name)
    assert {"en/note.csv", "bs/note.csv"} <= made(tmp_path / "all" / "west").keys()


def test_a_killed_worker_loses_nothing(root: Path, quick_folders: Folders, tmp_path: Path) -> None:
    """What it had is made by another."""
    others = multiprocessing.active_children()
    with processes(2) as workers:

        def kill() -> None:
            for child in multiprocessing.active_children():
                if child not in others:
                    os.kill(child.pid or 0, signal.SIGKILL)

        killer = Timer(1.5, kill)
        killer.start()
        results = everything(root, quick_folders.templates, tmp_path / "all", workers)
        killer.join()
        more = everything(root, quick_folders.templates, tmp_path / "more", workers)
    assert [results["west"].counts, more["west"].counts] == [{OutputState.MADE: 4}] * 2


def test_mistakes_in_templates_are_named_where_they_are(root: Path, quick_folders: Folders, tmp_path: Path, show: Show) -> None:
    """And not where a worker has put its copy."""
    edit(quick_folders.templates / "short" / "table.yaml", "milestone.title", "milestone.titel")
    with processes(1) as workers:
        results = everything(root, quick_folders.templates, tmp_path / "all", workers)
    (problem,) = show(results["east"].problems)
    assert problem.startswith("templates/short/table.yaml:10:")
    assert results["east"].counts == {OutputState.MADE: 1, OutputState.FAILED: 1}


def test_a_folder_without_a_dataset_is_a_problem(tmp_path: Path) -> None:
    """Nothing is made in silence."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReportsError, match=r"holds no dataset: no folder in it has a dataset\.yaml"):
        find_datasets(tmp_path)
