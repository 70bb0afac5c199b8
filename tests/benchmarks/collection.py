"""How long the documents of many countries take, by processes and by a Dask cluster of this computer, and after workers were killed.

Run by `nox -s bench`. The countries are invented, small, and each in two languages; all three runs have to make the same bytes.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import polib
import psutil

from reports.build.manifest import read_manifest
from tests.benchmarks.measure import CORES, ROOT

COUNTRIES, KILLED_IN = 40, 10  # KILLED_IN: countries of the run whose workers are killed
LANGUAGE, COUNTRY = "bs", "country-"
TICK, KILL_EVERY = 0.2, 8.0  # seconds
MORE_CORES = (16, 64)
BY_PROCESSES, BY_CLUSTER = ("--jobs", str(CORES)), ("--cluster", f"local:{CORES}")


class Run(NamedTuple):
    """A run: its seconds; those of the processor of the coordinator and of the workers; and the most memory, in MB, of either, of all."""

    seconds: float
    coordinator: float
    workers: float
    peaks: tuple[float, float, float]
    killed: int


def main() -> int:
    """Print the table; return 1 if the runs didn't make the same bytes."""
    countries = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTRIES
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        names = [_country(folder / "all", number) for number in range(countries)]
        for name in names[:KILLED_IN]:
            shutil.copytree(folder / "all" / name, folder / "some" / name)
        print(f"{'':34} {'countries':>9} {'wall':>8} {'coordinator':>12} {'workers':>10} {'coordinator':>12} {'worker':>8} {'all':>9}")
        runs = [
            _run("processes", folder / "all", folder / "by-processes", BY_PROCESSES),
            _run("Dask", folder / "all", folder / "by-cluster", BY_CLUSTER),
            _run("Dask, workers killed", folder / "some", folder / "killed", BY_CLUSTER, KILL_EVERY),
        ]
        made = [_made(folder / name) for name in ("by-processes", "by-cluster", "killed")]
    for name, one in zip(("processes", "Dask"), runs, strict=False):
        # The coordinator reads, checks and writes in one process: no number of workers makes that quicker.
        more = ", ".join(f"{cores} cores {max(one.coordinator, one.workers / cores):.0f} s" for cores in MORE_CORES)
        print(f"{name}: by these figures {more}; {one.workers / one.coordinator:.0f} workers keep the coordinator busy")
    files = len(made[0])
    missing = files - len(made[1]), sum(name.split("/")[0] in names[:KILLED_IN] for name in made[0]) - len(made[2])
    others = [name for other in made[1:] for name, content in other.items() if made[0].get(name) != content]
    print(f"{files} files; made by others with other bytes: {len(others)}, not made: {sum(missing)}; {runs[2].killed} workers were killed")
    return int(bool(others or any(missing) or not runs[2].killed))


def _country(root: Path, number: int) -> str:
    """Make an invented country below *root*: another title and other dates than the next, and a catalogue that says all in English."""
    name = f"{COUNTRY}{number:03}"
    data = shutil.copytree(ROOT / "tests" / "tiny" / "data", root / name)
    head = data / "dataset.yaml"
    told = head.read_text("utf-8").replace("title: Ruritania", f"title: Ruritania {number}")
    head.write_text(told.replace("language: en\n", f"language: en\nlanguages: [en, {LANGUAGE}]\n"), "utf-8")
    command = [sys.executable, "-m", "reports", "translate", "--data", str(data), "--out", str(root.parent / "none")]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    catalogue = polib.pofile(str(data / "translations" / f"{LANGUAGE}.po"))
    for message in catalogue:
        message.msgstr = message.msgid
    catalogue.save()
    return name


def _run(name: str, root: Path, out: Path, more: Iterable[str], kill_every: float | None = None) -> Run:
    """Make the documents of all below *root*, print what it took; kill one worker every *kill_every* seconds."""
    command = [sys.executable, "-m", "reports", "all", "--root", str(root), "--out", str(out), *more]
    start = time.monotonic()
    spent: dict[int, float] = {}  # CPU seconds by process, as last seen
    memory: dict[int, float] = {}
    most, killed = 0.0, 0
    out.mkdir()
    apart = {**os.environ, "TMPDIR": str(out)}  # where workers have their cache: none finds what those of another run have laid out
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=apart) as process:
        coordinator = psutil.Process(process.pid)
        while process.poll() is None:
            together = 0.0
            for one in (coordinator, *_workers(coordinator)):
                with suppress(psutil.Error):
                    times, size = one.cpu_times(), one.memory_info().rss / 1e6
                    spent[one.pid] = times.user + times.system
                    memory[one.pid] = max(size, memory.get(one.pid, 0))
                    together += size
            most = max(most, together)
            if kill_every and time.monotonic() - start > kill_every * (killed + 1) and (alive := _workers(coordinator)):
                alive[killed % len(alive)].send_signal(signal.SIGKILL)
                killed += 1
            time.sleep(TICK)
    seconds, own = time.monotonic() - start, process.pid
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    peaks = memory.pop(own), max(memory.values()), most
    run = Run(seconds, spent.pop(own), sum(spent.values()), peaks, killed)
    cells = f"{run.seconds:>6.0f} s {run.coordinator:>10.0f} s {run.workers:>8.0f} s"
    sizes = f"{peaks[0]:>9.0f} MB {peaks[1]:>5.0f} MB {peaks[2]:>6.0f} MB"
    print(f"{name:34} {len(list(root.iterdir())):>9} {cells} {sizes}", flush=True)
    return run


def _workers(coordinator: psutil.Process) -> list[psutil.Process]:
    try:
        return [child for child in coordinator.children(recursive=True) if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def _made(out: Path) -> dict[str, bytes]:
    """Return the files in *out*, by their paths below it."""
    folders = [one for one in sorted(out.iterdir()) if one.name.startswith(COUNTRY)]
    return {f"{one.name}/{path}": (one / path).read_bytes() for one in folders for path in read_manifest(one).files}


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
