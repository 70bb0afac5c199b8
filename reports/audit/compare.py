"""What a file says + what it has to say -> where they disagree: COMPARISONS lists what is compared."""

from collections.abc import Callable
from functools import partial

from reports.audit import cells, written
from reports.audit.carried import compare_attached, compare_digests
from reports.audit.counts import compare_counts
from reports.audit.expected import Expected
from reports.audit.findings import Compared, Difference
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
    """Return what each comparison of *shown*, a file that ends in *suffix* and is made from *template*, with the data finds.

    What a comparison needs and can't have, such as a term, is a disagreement; the others go on.
    """
    if suffix == ".json":
        return (compare_attached(shown, expected),)
    found = [_try(partial(one, shown, expected), "can't be compared") for one in COMPARISONS]
    told = Told(tuple(difference for one in found for difference in one.disagreements), template, expected)
    made = _try(partial(_compare_with_template, shown, told, suffix), "its template makes nothing of the data")
    return (*found, made, _compare_concealed(shown, expected, suffix))


def _try(comparison: Callable[[], Compared], instead: str) -> Compared:
    """Return what *comparison* finds, or, if it can't be made, that and why."""
    try:
        return comparison()
    except ReportsError as error:
        return Compared("", 0, tuple(Difference("", f"{instead}: {problem}") for problem in error.problems))


def _compare_with_template(shown: Shown, told: Told, suffix: str) -> Compared:
    """Return where *shown* is anything else than what its template makes of the data now; not what is *told* already."""
    if suffix in SHEETS:
        return cells.compare_cells(shown, cells.make(told, suffix), told)
    return written.compare_written(shown, written.make(told, suffix, shown), told)


def _compare_concealed(shown: Shown, expected: Expected, suffix: str) -> Compared:
    found = [Difference("", f"{one.place} {one.why}") for one in shown.concealed]
    if suffix == ".pdf" and expected.view.document.attach_dataset and shown.attached is None:
        none = "no dataset is attached, and document.yaml says that it is"
        found.append(Difference("", none, where=expected.where_selected("attach_dataset")))
    return Compared("concealed", 0, tuple(found))
