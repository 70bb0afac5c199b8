"""What a file says + what it has to say -> where they disagree: COMPARISONS lists what is compared."""

from collections.abc import Callable

from reports.audit.carried import compare_attached, compare_digests
from reports.audit.counts import compare_counts
from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.milestones import compare_milestones
from reports.audit.shown import Shown
from reports.audit.sources import compare_first_sources, compare_marks, compare_sources
from reports.audit.texts import compare_texts

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


def compare(shown: Shown, expected: Expected, suffix: str) -> tuple[Compared, ...]:
    """Return what each comparison of *shown*, a file that ends in *suffix*, with the data finds."""
    if suffix == ".json":
        return (compare_attached(shown, expected),)
    concealed = Compared("concealed", 0, [f"{one.place} {one.why}" for one in shown.concealed])
    found = [comparison(shown, expected) for comparison in COMPARISONS]
    if suffix == ".pdf" and expected.view.document.attach_dataset and shown.attached is None:
        concealed.disagreements.append("no dataset is attached, and document.yaml says that it is")
    return (*found, concealed)
