"""How time of the processor and memory grow with the milestones: of all documents, and of a check and the register alone."""

import json
import shutil
from pathlib import Path
from typing import Any

from reports.build.plan import Folders
from reports.yamlfile import YamlFile
from tests.benchmarks.measure import line, run

SIZES = (140, 1000, 2500, 10000)
REGISTER_SIZES = (250, 2500, 25000)
MOST_OF_A_YEAR = 60  # more milestones than any year has in the shipped data
SLOWER, PEAK = 1.5, 600.0  # times the time that a milestone takes at the size before; MB of any process
STEP = 11.0  # times the time for ten times the milestones


def all_documents(folders: Folders, sizes: tuple[int, ...]) -> list[bool]:
    """Print how long all documents take with *sizes* milestones, and how much memory; return which of them are as allowed."""
    print(f"\n{'milestones':>10} {'all documents':>14} {'CPU':>9} {'a milestone':>12} {'growth':>7} {'peak':>8}")
    before: float | None = None
    allowed = []
    for size in sizes:
        data, milestones = enlarged(folders, size)
        made = run(line("build", Folders(data, folders.templates, folders.out.parent / f"all-{size}"), "--limit", "7200"))
        each = made.cpu / milestones
        growth = each / before if before else 1.0  # none of the first
        cells = f"{made.seconds:>12.1f} s {made.cpu:>7.1f} s {each * 1000:>9.1f} ms"
        print(f"{milestones:>10} {cells} {growth:>7.2f} {made.peak:>5.0f} MB", flush=True)
        allowed += [growth <= SLOWER, made.peak <= PEAK]
        before = each
    print(f"allowed: a milestone at most {SLOWER:g} times as long as with fewer, {PEAK:g} MB in any process")
    return allowed


def register(folders: Folders) -> list[bool]:
    """Print how much of the processor check, register and CSV take with more milestones; return which of the steps are as allowed."""
    print(f"\n{'milestones':>10} {'check':>9} {'xlsx':>9} {'csv':>9}   {'growth':16} {'peak':>8}   CPU seconds")
    before: list[float] = []
    allowed = []
    # The register alone: of the other documents, all_documents tells.
    templates = shutil.copytree(folders.templates, folders.out.parent / "templates-register")
    for declaration in templates.glob("*/document.yaml"):
        if declaration.parent.name != "register":
            shutil.rmtree(declaration.parent)
    for size in REGISTER_SIZES:
        data, milestones = enlarged(folders, size)
        larger = Folders(data, templates, folders.out.parent / f"register-{size}")
        runs = [run(line("check", larger)), run(line("xlsx", larger, "register"))]
        shutil.rmtree(larger.out)  # the register has just made its CSV: once more, from nothing
        runs.append(run(line("csv", larger, "register")))
        seconds = [done.cpu for done in runs]
        growth = [now / then for now, then in zip(seconds, before, strict=False)]  # none of the first
        cells, ratios = " ".join(f"{now:>7.2f} s" for now in seconds), ", ".join(f"{ratio:.1f}" for ratio in growth)
        print(f"{milestones:>10} {cells}   {ratios:16} {max(done.peak for done in runs):>5.0f} MB", flush=True)
        allowed += [ratio <= STEP for ratio in growth]
        before = seconds
    print(f"allowed: growth at most {STEP:g} a step")
    return allowed


def enlarged(folders: Folders, size: int) -> tuple[Path, int]:
    """Return a copy of the data with *size* milestones, and their number: the real ones, and these again under other numbers.

    Where *size* is less, all the real ones are there, for other records refer to them.
    """
    target = shutil.copytree(folders.data, folders.out.parent / f"data-{size}", dirs_exist_ok=True)
    contents: dict[Path, Any] = {path: YamlFile(path).data for path in sorted((target / "milestones").glob("*.yaml"))}
    real = [(content["milestones"], record) for content in contents.values() for record in content["milestones"]]
    for copy in range(size - len(real)):
        turn, row = divmod(copy, len(real))
        milestones, record = real[row]
        milestones.append({**record, "id": _renumbered(record["id"], turn + 1)})
    for path, content in contents.items():
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return target, max(size, len(real))


def _renumbered(milestone: str, turn: int) -> str:
    """Return the id of the copy *turn* of the *milestone*: a number of its year that no other has, of four digits at most."""
    year, number = milestone.split("-")
    assert int(number) < MOST_OF_A_YEAR
    return f"{year}-{int(number) + turn * MOST_OF_A_YEAR}"
