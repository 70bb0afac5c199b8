"""Time of the register for 250, 2,500 and 25,000 milestones, beside openpyxl alone with the same cells and styles.

Run by `nox -s bench`. Times are medians of runs in one process; the ratio is what counts, for it does not
depend on the machine.
"""

import gc
import statistics
import sys
import timeit
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import View, make_view
from reports.renderers import excel
from reports.renderers.looks import read_looks
from reports.renderers.workbook import Book, evaluate

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
DECLARATION = "register/register.yaml"
SIZES = (250, 2500, 25000)
ALLOWED = 1.5


def main() -> int:
    """Print the table; return 1 if the largest register takes more than ALLOWED times what openpyxl alone takes."""
    runs = 5 if "--complete" in sys.argv else 3
    print(f"{'milestones':>10} {'register':>10} {'openpyxl':>10} {'ratio':>6}")
    ratio = 0.0
    for size in SIZES:
        view = larger(size)
        book = evaluate(view, TEMPLATES, DECLARATION)
        steps = (partial(excel.render, view, TEMPLATES, DECLARATION), partial(openpyxl_alone, book))
        ours, theirs = (statistics.median(timeit.repeat(step, gc.enable, number=1, repeat=runs)) for step in steps)  # as in a build
        ratio = ours / theirs
        print(f"{size:>10} {ours:>8.2f} s {theirs:>8.2f} s {ratio:>6.2f}")
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
    labels = {**view.labels, **{milestone.id: milestone.id for milestone in milestones}}
    return replace(view, milestones=milestones, labels=labels)


def openpyxl_alone(book: Book) -> bytes:
    """Write the cells of *book*, whose values are there already, with the same styles and links, as openpyxl's users do."""
    workbook = Workbook()
    name, colours = book.declaration.font, read_looks(TEMPLATES)
    text, link, bold = Font(name=name, size=11), Font(name=name, size=11, underline="single"), Font(name=name, size=11, bold=True)
    fill, wrapped = PatternFill("solid", fgColor=colours.rgb("primary")), Alignment(wrap_text=True, vertical="top")
    for sheet in book.sheets:
        target = workbook.create_sheet(sheet.name)
        if not sheet.table:
            continue
        for column, heading in enumerate(sheet.table.headings, start=1):
            head = target.cell(sheet.head, column, heading)
            head.font, head.fill, head.alignment = bold, fill, wrapped
        for number, row in enumerate(sheet.table.rows, start=sheet.head + 1):
            for column, cell in enumerate(row, start=1):
                written = target.cell(number, column, cell.value)
                written.font, written.alignment = link if cell.link else text, wrapped
                if cell.link:
                    written.hyperlink = cell.link
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
