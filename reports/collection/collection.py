"""A folder of datasets -> the documents of each, in a folder of its own: what came of it, one by one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from reports.build.build import BuildOptions, build
from reports.build.overlay import at_origin, with_own_templates
from reports.build.plan import Event, Folders, OutputState
from reports.build.workers import Work
from reports.dataset.load import HEAD
from reports.errors import Location, Problem, ReportsError
from reports.files import check_folder, is_file_named_in, names_in

DATA = "data"  # the folder of a dataset that has a folder for itself
ENDS = (OutputState.MADE, OutputState.UP_TO_DATE, OutputState.FAILED, OutputState.EDITED)
AT_ONCE = 8  # datasets that are read and written at a time: more wait for their files than read


@dataclass
class Result:
    """The end of one dataset, *name*: how many files are in each state, the *problems*, and the *seconds* it took."""

    name: str
    counts: dict[OutputState, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    seconds: float = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table, as listing.HEADINGS has its columns."""
        numbers = (self.counts.get(state, 0) for state in ENDS)
        return (self.name, *map(str, numbers), str(len(self.problems)), f"{self.seconds:.1f}")

    def tell(self, event: Event) -> None:
        """Count the end of a file."""
        if event.state in ENDS:
            self.counts[event.state] = self.counts.get(event.state, 0) + 1


def find_datasets(root: Path) -> dict[str, Path]:
    """Return the folders of data below *root* by their names: `georgia/dataset.yaml`, or `georgia/data/dataset.yaml`.

    Raises ReportsError if there is none.
    """
    check_folder(root, "datasets")
    places = [(name, folder) for name in names_in(root, root) for folder in (root / name / DATA, root / name)]
    found = {name: folder for name, folder in places if is_file_named_in(folder / HEAD, folder)}  # the nearer one, if there are both
    if not found:
        raise ReportsError(Problem(Location(root), f"holds no dataset: no folder in it has a {HEAD}"))
    return found


def build_all(datasets: dict[str, Path], templates: Path, out: Path, options: BuildOptions, work: Work) -> Iterator[Result]:
    """Build the documents of *datasets*, each below *out*, by *work*, and yield what came of each as soon as it is known.

    One that has problems keeps none of the others from being built.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        futures = [
            threads.submit(_build, Result(name), Folders(data, templates, out / name), options, work) for name, data in datasets.items()
        ]
        try:
            yield from (future.result() for future in as_completed(futures))
        finally:
            for future in futures:
                future.cancel()


def _build(result: Result, folders: Folders, options: BuildOptions, work: Work) -> Result:
    began = monotonic()
    try:
        build(with_own_templates(folders), options, result.tell, work)
    except ReportsError as error:
        result.problems = at_origin(error.problems)
    result.seconds = monotonic() - began
    return result
