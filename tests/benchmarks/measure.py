"""Commands, timed: each in a process of its own, as people run them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from reports.build.plan import Folders

ROOT = Path(__file__).parents[2]
CORES = 2  # of the machine that all is measured for
MADE = ": made, "  # what the program says of each file that it has made


class Run(NamedTuple):
    """A command that was run: the seconds that it took, and those of the processor, which other work on the machine leaves as they are.

    *peak* is the most memory that one of its processes had, in MB; each begins as a copy of this one, and never seems to have less.
    """

    seconds: float
    cpu: float
    peak: float
    printed: str


def line(command: str, folders: Folders, *more: str) -> list[str]:
    """Return the command line of our program."""
    places = ("--data", folders.data, "--templates", folders.templates, "--out", folders.out)
    return [sys.executable, "-u", "-m", "reports", command, *map(str, places), *more]


def run(command: Sequence[str]) -> Run:
    """Run *command* to its end; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        printed = process.stdout.read()
        # Of the process and of all below it that were waited for, as workers are; RUSAGE_CHILDREN would tell of earlier runs too.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)


def run_together(commands: Iterable[Sequence[str]]) -> float:
    """Return the seconds that all *commands* take, of which as many run at once as there are cores."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(run, commands))
    return time.perf_counter() - start


def print_ratio(name: str, ours: Sequence[float], theirs: Sequence[float], most: float, beside: str) -> bool:
    """Print the medians of *ours* and *theirs*; return whether their ratio is at most *most*."""
    medians = statistics.median(ours), statistics.median(theirs)
    ratio = medians[0] / medians[1]
    print(f"{name:28} {medians[0]:>7.2f} s {medians[1]:>7.2f} s {ratio:>6.2f} {most:>8.2f}   {beside}", flush=True)
    return ratio <= most
