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

# Two dates to edit: one that every document shows, with figures of all of them, and one of a meeting, which no summary tells.
KEY_DATE = Path("milestones", "2006-2017.yaml"), "date: 2010-04-22"
OTHER_DATE = Path("milestones", "2022-2026.yaml"), "date: 2024-05-08"
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
    edited = [(f"{name} date edited", place, _days(place[1])) for name, place in (("a key", KEY_DATE), ("another", OTHER_DATE))]
    for _ in range(RUNS):
        shutil.rmtree(folders.out, ignore_errors=True)
        times["from nothing"].append(run(line("build", folders)).seconds)
        times[WEASYPRINT].append(run(weasyprint).seconds)
        times["nothing changed"].append(run(line("build", folders)).seconds)
        times["import weasyprint"].append(run([sys.executable, "-c", "import weasyprint"]).seconds)
        times[PEERS].append(run_together(chain))
        made = {}
        for name, place, days in edited:
            _edit(folders, place, next(days))
            result = run(line("build", folders))
            made[place] = result.printed.count(MADE)
            times[name].append(result.seconds)
        assert made[KEY_DATE] == _files(folders) > made[OTHER_DATE] > 0, f"other documents show these dates: {made}"
    for name, place, days in edited:
        times[f"{name}, watching"] = _edits_watched(folders, place, days, made[place])
    print(f"{'':28} {'ours':>9} {'beside':>9} {'ratio':>6} {'allowed':>8}   beside")
    rows = [("nothing changed", UNCHANGED, "import weasyprint"), ("from nothing", FROM_NOTHING, WEASYPRINT)]
    for name, _, _ in edited:
        rows += [(name, EDIT, "from nothing"), (f"{name}, watching", EDIT_WATCHED, "from nothing"), (name, EDIT_BESIDE_PEERS, PEERS)]
    return [print_ratio(name, times[name], times[beside], most, beside) for name, most, beside in rows]


def _days(date: str) -> Iterator[str]:
    """Yield *date* with one day of its month after the other: what was laid out for each is in no cache."""
    return (f"{date[:-2]}{day:02}" for day in range(1, 22) if day != int(date[-2:]))


def _edits_watched(folders: Folders, place: tuple[Path, str], days: Iterator[str], files: int) -> list[float]:
    """Return the seconds from each save of the date at *place* to the last of so many *files*, while watching."""
    seconds = []
    with subprocess.Popen(line("watch", folders), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        next(text for text in process.stdout if text.startswith("watching"))
        for _ in range(RUNS):
            start, left = time.perf_counter(), files
            _edit(folders, place, next(days))
            while left:
                left -= MADE in next(process.stdout)
            seconds.append(time.perf_counter() - start)
        process.kill()
    return seconds


def _edit(folders: Folders, place: tuple[Path, str], day: str) -> None:
    path, date = place
    text = (ROOT / "data" / path).read_text("utf-8")
    assert text.count(date) == 1, "the date that is edited has moved"
    (folders.data / path).write_text(text.replace(date, day), "utf-8")


def _files(folders: Folders) -> int:
    return len(read_manifest(folders.out).files)


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
