"""How long the register takes for 250, 2,500 and 25,000 milestones, beside openpyxl alone with the same cells and styles.

Run by `nox -s bench`. Times are medians of runs in one process; the ratio is what counts, for it does not
depend on the machine.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell

from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import View, make_view
from reports.renderers import excel
from reports.renderers.workbook import Book, Cell, evaluate

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
DECLARATION = "register/register.yaml"
SIZES = (250, 2500, 25000)
ALLOWED = 1.5


def main() -> int:
    """Print the table; return 1 if the largest register takes more than ALLOWED times what openpyxl alone takes."""
    runs = 5 if "--full" in sys.argv else 3
    print(f"{'milestones':>10} {'register':>10} {'openpyxl':>10} {'ratio':>6} {'growth':>7} {'peak':>8}")
    ratio = before = 0.0
    for size in SIZES:
        view = larger(size)
        book = evaluate(view, TEMPLATES, DECLARATION)
        ours = median(lambda view=view: excel.render(view, TEMPLATES, DECLARATION), runs)  # type: ignore[misc]
        theirs = median(lambda book=book: openpyxl_alone(book), runs)  # type: ignore[misc]
        ratio = ours / theirs
        growth = f"{ours / before:.1f}" if before else "-"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>10} {ours:>8.2f} s {theirs:>8.2f} s {ratio:>6.2f} {growth:>7} {peak:>5.0f} MB")
        before = ours
    print(f"allowed: ratio at most {ALLOWED}")
    return int(ratio > ALLOWED)


def larger(size: int) -> View:
    """Return the register's view of the shipped dataset with *size* milestones, repeated under other numbers."""
    dataset = load_dataset(ROOT / "data")
    (document,) = load_documents(TEMPLATES, ["register"])
    view = make_view(dataset, document, dataset.about.language)
    milestones = tuple(
        view.milestones[number % len(view.milestones)].model_copy(update={"id": f"M2000-{number + 1}"}) for number in range(size)
    )
    labels = {**view.labels, **{one.id: one.id for one in milestones}}
    return replace(view, milestones=milestones, labels=labels)


def median(step: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def openpyxl_alone(book: Book) -> bytes:
    """Write the cells of *book*, whose values are there already, with the same styles and links, as openpyxl's users do."""
    workbook = Workbook()
    looks = excel._Looks(book.declaration.font)
    for sheet in book.sheets:
        target = workbook.create_sheet(sheet.name)
        if not sheet.table:
            continue
        for column, heading in enumerate(sheet.table.headings, start=1):
            cell = target.cell(excel.HEAD, column, heading)
            cell.font, cell.fill, cell.alignment = looks.head, looks.fill, looks.wrapped
        for number, row in enumerate(sheet.table.rows, start=excel.HEAD + 1):
            for column, one in enumerate(row, start=1):
                write(target.cell(number, column), one, looks)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def write(cell: ExcelCell, one: Cell, looks: excel._Looks) -> None:
    cell.value = one.value
    cell.font = looks.link if one.link else looks.text
    cell.alignment = looks.wrapped
    if one.link:
        cell.hyperlink = one.link


if __name__ == "__main__":
    sys.exit(main())
