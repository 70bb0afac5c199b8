"""Measures of a build: how long it takes when nothing has changed, from nothing, and after an edit, beside others; and how all grows.

Run by `nox -s bench`. Each time is the median of runs in turn with what it is compared to: the ratio is what counts, for it does not
depend on the machine.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.build.manifest import read_manifest
from reports.build.plan import Folders
from tests.benchmarks import growth, peers
from tests.benchmarks.measure import MADE, ROOT, line, print_ratio, run, run_together
from tests.languages import in_one_language

EDITED = Path("milestones", "2006-2017.yaml")
DATE = "date: 2010-04-22"
RUNS = 5
UNCHANGED, FROM_NOTHING, EDIT, EDIT_WATCHED, EDIT_BESIDE_PEERS = 0.15, 0.7, 0.2, 0.15, 1.0
WEASYPRINT, PEERS = "weasyprint papers.html", "pandoc, Typst, XlsxWriter: all from nothing"


def main() -> int:
    """Print the tables; return 1 if a ratio is more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complete", action="store_true", help="build with 2,500 and 10,000 milestones too")
    parser.add_argument("--sizes", type=_numbers, help="build with these numbers of milestones alone, and measure nothing else: 140,1000")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        data, templates = (shutil.copytree(ROOT / name, Path(scratch, name)) for name in ("data", "templates"))
        in_one_language(data)  # as the programs beside have it
        folders = Folders(data, templates, Path(scratch, "build"))
        if options.sizes:
            results = growth.all_documents(folders, options.sizes)
        else:
            sizes = growth.SIZES if options.complete else growth.SIZES[:2]
            results = [*_times(folders), *growth.all_documents(folders, sizes), *growth.register(folders)]
    return int(not all(results))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _times(folders: Folders) -> list[bool]:
    """Print how long builds take beside others; return which of the ratios are as allowed."""
    weasyprint, chain = peers.weasyprint_alone(folders), peers.all_documents(folders)
    times: dict[str, list[float]] = defaultdict(list)
    days = (f"date: 2010-04-{day:02}" for day in range(1, 22))  # each another one: what was laid out before is in the cache
    for _ in range(RUNS):
        shutil.rmtree(folders.out, ignore_errors=True)
        times["from nothing"].append(run(line("build", folders)).seconds)
        times[WEASYPRINT].append(run(weasyprint).seconds)
        times["nothing changed"].append(run(line("build", folders)).seconds)
        times["import weasyprint"].append(run([sys.executable, "-c", "import weasyprint"]).seconds)
        times[PEERS].append(run_together(chain))
        _edit(folders, next(days))
        edited = run(line("build", folders))
        assert edited.printed.count(MADE) == _files(folders), f"not every document shows the date that was edited:\n{edited.printed}"
        times["one date edited"].append(edited.seconds)
    times["one date edited, watching"] = _edits_watched(folders, days)
    print(f"{'':26} {'ours':>9} {'beside':>9} {'ratio':>6} {'allowed':>8}   beside")
    rows = (
        ("nothing changed", UNCHANGED, "import weasyprint"),
        ("from nothing", FROM_NOTHING, WEASYPRINT),
        ("one date edited", EDIT, "from nothing"),
        ("one date edited, watching", EDIT_WATCHED, "from nothing"),
        ("one date edited", EDIT_BESIDE_PEERS, PEERS),
    )
    return [print_ratio(name, times[name], times[beside], most, beside) for name, most, beside in rows]


def _edits_watched(folders: Folders, days: Iterator[str]) -> list[float]:
    """Return the seconds from each save of one date to the last document, while watching."""
    seconds = []
    with subprocess.Popen(line("watch", folders), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        next(text for text in process.stdout if text.startswith("watching"))
        for _ in range(RUNS):
            start, left = time.perf_counter(), _files(folders)
            _edit(folders, next(days))
            while left:
                left -= MADE in next(process.stdout)
            seconds.append(time.perf_counter() - start)
        process.kill()
    return seconds


def _edit(folders: Folders, day: str) -> None:
    text = (ROOT / "data" / EDITED).read_text("utf-8")
    assert text.count(DATE) == 1, "the date that is edited has moved"
    (folders.data / EDITED).write_text(text.replace(DATE, day), "utf-8")


def _files(folders: Folders) -> int:
    return len(read_manifest(folders.out).files)


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
