"""Measures of a build: how long it takes when nothing has changed, from nothing, and after an edit; and how all grows with the data.

Run by `nox -s bench`. Each time is the median of runs in turn with what it is compared to: the ratio is what counts, for it does not
depend on the machine.
"""

import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports.build.plan import Folders, Project
from reports.cache import NO_CACHE
from reports.renderers.environment import Templates
from reports.renderers.figures import draw_svg
from reports.renderers.fonts import FONTS, font_file
from reports.yamlfile import YamlFile

ROOT = Path(__file__).parents[2]
TEMPLATE = "briefing/briefing.html.j2"
EDITED = Path("milestones", "2006-2017.yaml")
DATE = "date: 2010-04-22"
RUNS, SIZES = 5, (250, 2500, 25000)
MOST_OF_A_YEAR = 50  # more milestones than any year has in the shipped data
UNCHANGED, FROM_NOTHING, EDIT, GROWTH = 0.2, 1.25, 0.5, 11.0


def main() -> int:
    """Print the tables; return 1 if a ratio is more than is allowed."""
    with TemporaryDirectory() as scratch:
        data, templates = (shutil.copytree(ROOT / name, Path(scratch, name)) for name in ("data", "templates"))
        folders = Folders(data, templates, Path(scratch, "build"))
        results = [*_times(folders), *_growth(folders)]
    return int(not all(results))


def _times(folders: Folders) -> list[bool]:
    alone = _briefing_alone(folders)
    weasyprint = [sys.executable, "-m", "weasyprint", "--quiet", "--pdf-variant", "pdf/a-3a", str(alone), str(alone.with_suffix(".pdf"))]
    pairs: dict[str, list[tuple[float, float]]] = {"nothing changed": [], "from nothing": []}
    for _ in range(RUNS):
        shutil.rmtree(folders.out, ignore_errors=True)
        pairs["from nothing"].append((_run(_line("build", folders)), _run(weasyprint)))
        pairs["nothing changed"].append((_run(_line("build", folders)), _run([sys.executable, "-c", "import weasyprint"])))
    whole = statistics.median(ours for ours, _ in pairs["from nothing"])
    pairs["one date edited"] = [(seconds, whole) for seconds in _edits(folders)]
    print(f"{'':16} {'ours':>9} {'beside':>9} {'ratio':>6} {'allowed':>8}   beside")
    beside = {"nothing changed": "import weasyprint", "from nothing": "weasyprint briefing.html", "one date edited": "all from nothing"}
    return [_row(name, pairs[name], beside[name], most) for name, most in zip(beside, (UNCHANGED, FROM_NOTHING, EDIT), strict=True)]


def _row(name: str, pairs: list[tuple[float, float]], beside: str, most: float) -> bool:
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name:16} {ours:>7.2f} s {theirs:>7.2f} s {ours / theirs:>6.2f} {most:>8.2f}   {beside}", flush=True)
    return bool(ours / theirs <= most)


def _line(command: str, folders: Folders) -> list[str]:
    places = ("--data", folders.data, "--templates", folders.templates, "--out", folders.out)
    return [sys.executable, "-u", "-m", "reports", command, *map(str, places)]


def _run(line: list[str]) -> float:
    """Return the seconds that *line* takes."""
    start = time.perf_counter()
    subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _briefing_alone(folders: Folders) -> Path:
    """Write the briefing as WeasyPrint's own command line takes it: its HTML, with figures and fonts as files."""
    target = folders.out.parent / "alone"
    shutil.copytree(folders.templates, target)
    view = Project(folders).view("briefing", "en")
    html = Templates(folders.templates, view).render(TEMPLATE)
    for name in set(re.findall(r"figure:([\w-]+)", html)):
        (target / f"{name}.svg").write_bytes(draw_svg(view, folders.templates, name, NO_CACHE))
    (target / "briefing.html").write_text(re.sub(r"figure:([\w-]+)", r"\1.svg", html), "utf-8")
    css = target / "shared" / "fonts.css"
    text = css.read_text("utf-8")
    for name in FONTS:
        text = text.replace(f'"font:{name}"', f'"{font_file(name).as_uri()}"')
    css.write_text(text, "utf-8")
    return target / "briefing.html"


def _edits(folders: Folders) -> list[float]:
    """Return the seconds from each save of one date to the last document, while watching."""
    path, seconds = folders.data / EDITED, []
    text = path.read_text("utf-8")
    assert text.count(DATE) == 1, "the date that is edited has moved"
    files = len(json.loads((folders.out / "manifest.json").read_text("utf-8"))["files"])
    with subprocess.Popen(_line("watch", folders), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("watching"))
        for run in range(RUNS):
            start = time.perf_counter()
            path.write_text(text.replace(DATE, f"date: 2010-04-{run + 1:02}"), "utf-8")
            made = 0
            while made < files:
                made += ": made, " in next(process.stdout)
            seconds.append(time.perf_counter() - start)
        process.kill()
    path.write_text(text, "utf-8")
    return seconds


def _growth(folders: Folders) -> list[bool]:
    """Print how long check, register and CSV take with more milestones; return which of the steps are as allowed."""
    print(f"\n{'milestones':>10} {'check':>9} {'xlsx':>9} {'csv':>9}   {'growth':16} {'peak':>8}")
    before: list[float] = []
    allowed = []
    # The register alone: the timeline of the briefing has no room for 25,000 milestones, as `check` says.
    templates = shutil.copytree(folders.templates, folders.out.parent / "templates-register")
    for declaration in templates.glob("*/document.yaml"):
        if declaration.parent.name != "register":
            shutil.rmtree(declaration.parent)
    for size in SIZES:
        larger = Folders(_enlarged(folders, size), templates, folders.out.parent / f"build-{size}")
        seconds = [_run(_line("check", larger)), _run([*_line("xlsx", larger), "register"])]
        shutil.rmtree(larger.out)  # the register has just made its CSV: once more, from nothing
        seconds.append(_run([*_line("csv", larger), "register"]))
        growth = [now / then for now, then in zip(seconds, before, strict=False)]  # none of the first
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        cells, ratios = " ".join(f"{now:>7.2f} s" for now in seconds), ", ".join(f"{ratio:.1f}" for ratio in growth)
        print(f"{size:>10} {cells}   {ratios:16} {peak:>5.0f} MB", flush=True)
        allowed += [ratio <= GROWTH for ratio in growth]
        before = seconds
    print(f"allowed: growth at most {GROWTH:g} a step")
    return allowed


def _enlarged(folders: Folders, size: int) -> Path:
    """Return a copy of the data with *size* milestones: the real ones, again and again under other numbers."""
    target = folders.out.parent / f"data-{size}"
    shutil.copytree(folders.data, target)
    files = sorted((target / "milestones").glob("*.yaml"))
    real: dict[Path, Any] = {path: YamlFile(path).data for path in files}
    rows = sum(len(content["milestones"]) for content in real.values())
    for path, content in real.items():
        milestones = content["milestones"]
        more = [{**record, "id": _renumbered(record["id"], turn)} for turn in range(1, -(-size // rows)) for record in milestones]
        path.write_text(json.dumps({**content, "milestones": milestones + more}, ensure_ascii=False, indent=1), "utf-8")
    return target


def _renumbered(milestone: str, turn: int) -> str:
    """Return the id of the copy *turn* of the *milestone*: a number of its year that no other has, of four digits at most."""
    year, number = milestone.split("-")
    assert int(number) < MOST_OF_A_YEAR
    return f"{year}-{int(number) + turn * MOST_OF_A_YEAR}"


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
