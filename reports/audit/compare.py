"""What a file says + what it has to say -> where they disagree: COMPARISONS lists what is compared."""

from collections.abc import Callable

from reports.audit import cells, written
from reports.audit.carried import compare_attached, compare_digests
from reports.audit.counts import compare_counts
from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.milestones import compare_milestones
from reports.audit.shown import Shown
from reports.audit.sources import compare_first_sources, compare_marks, compare_sources
from reports.audit.texts import compare_texts
from reports.audit.told import Template, Told
from reports.errors import ReportsError

# What is worked out from the data alone, so that it also finds what a template says wrongly.
COMPARISONS: tuple[Callable[[Shown, Expected], Compared], ...] = (
    compare_milestones,
    compare_texts,
    compare_sources,
    compare_marks,
    compare_first_sources,
    compare_counts,
    compare_digests,
    compare_attached,
)


# The files with sheets; the others have passages.
SHEETS = (".xlsx", ".csv")


def compare(shown: Shown, expected: Expected, template: Template, suffix: str) -> tuple[Compared, ...]:
    """Return what each comparison of *shown*, a file that ends in *suffix* and is made from *template*, with the data finds."""
    if suffix == ".json":
        return (compare_attached(shown, expected),)
    concealed = Compared("concealed", 0, [f"{one.place} {one.why}" for one in shown.concealed])
    found = [comparison(shown, expected) for comparison in COMPARISONS]
    if suffix == ".pdf" and expected.view.document.attach_dataset and shown.attached is None:
        concealed.disagreements.append("no dataset is attached, and document.yaml says that it is")
    told = Told(tuple(message for one in found for message in one.disagreements), template, expected)
    return (*found, _compare_with_template(shown, told, suffix), concealed)


def _compare_with_template(shown: Shown, told: Told, suffix: str) -> Compared:
    """Return where *shown* is anything else than what its template makes of the data now; not what is *told* already."""
    try:
        if suffix in SHEETS:
            return cells.compare_cells(shown, cells.write(told, suffix), told)
        return written.compare_written(shown, written.write(told, suffix, shown), told)
    except ReportsError as error:
        return Compared("passages", 0, [f"its template makes nothing of the data: {problem}" for problem in error.problems])
