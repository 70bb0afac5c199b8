"""A folder of YAML files -> one Dataset, or every problem with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.dataset.checks import CHECKS
from reports.dataset.dataset import Dataset, Entry
from reports.dataset.model import FILES, WITHDRAWN, About, Milestone, Period, StrictModel, Withdrawal
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import check_folder, is_folder, names_in
from reports.validation import parse
from reports.yamlfile import Keys, Known, Plain, YamlFile

# What stands in a folder of data beside the lists of records.
HEAD, PERIODS, SCHEMAS, EDITIONS, RECEIVED, TRANSLATIONS = "dataset.yaml", "milestones", "schemas", "editions", "received", "translations"
APPLYING = ".applying"  # in RECEIVED, the new files of decisions that are being put into the data
MOST_PROBLEMS = 200  # Nobody reads more at once, and to look for the nearest name takes its time.


def load_dataset(
    folder: Path, known: Known = lambda digest: None, published: frozenset[str] = frozenset(), is_issued: bool = False
) -> Dataset:
    """Return the dataset in *folder*; raises ReportsError with every problem of every file, or with the first MOST_PROBLEMS.

    Files whose data are *known* are not parsed again. *published* are the ids that editions have. One that *is_issued* was checked before:
    a rule that came later is none for it.
    """
    reader = _FolderReader(folder, known)
    reader.read()
    if reader.unreadable:
        # The records of an unreadable file are not known, so the rules across records would accuse the innocent.
        raise ReportsError(*reader.problems)
    dataset = Dataset(folder, tuple(reader.entries), frozenset(reader.unparsed), published)
    if dataset.all(About):
        for check in CHECKS if not is_issued else ():
            for problem in check(dataset):
                reader.add(problem)
    if reader.problems:
        raise ReportsError(*reader.problems)
    return dataset


class _FolderReader:
    """The walk over one folder of data: the declarations found so far, and the problems with them."""

    def __init__(self, folder: Path, known: Known) -> None:
        self.folder = folder
        self.known = known
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.unparsed: set[str] = set()
        self.unreadable = False

    def read(self) -> None:
        check_folder(self.folder, "data")
        names = names_in(self.folder, self.folder)
        if is_folder(self.folder / RECEIVED / APPLYING):
            message = "decisions were being put into the data when something stopped it: say `receive --list`, which finishes it"
            raise ReportsError(Problem(Location(self.folder / RECEIVED), message))
        missing = [name for name in (HEAD, "sources.yaml", PERIODS) if name not in names]
        self.add(*(Problem(Location(self.folder / name), "is missing") for name in missing), unreadable=bool(missing))
        kinds: dict[str, type[StrictModel]] = {HEAD: About, **FILES, WITHDRAWN: Withdrawal}
        known = (*kinds, PERIODS, SCHEMAS, EDITIONS, RECEIVED, TRANSLATIONS)
        absent = [name for name in known if name not in names]
        for name, model in kinds.items():
            if name in names:
                self._read_file(self.folder / name, model)
        for name in names:
            if self._about is None and is_folder(self.folder / name):
                continue  # which the head may name
            if name not in (*known, self._about and self._about.templates):
                self.add(Problem(Location(self.folder / name), f"no kind of record is kept in '{name}'{did_you_mean(name, absent)}"))
        if PERIODS in names:
            self._read_periods(self.folder / PERIODS)

    def _read_periods(self, folder: Path) -> None:
        if not is_folder(folder):
            self.add(Problem(Location(folder), "a file stands where a folder of periods is expected"), unreadable=True)
            return
        try:
            names = names_in(folder, self.folder)
        except ReportsError as error:
            self.add(*error.problems, unreadable=True)
            return
        if not names:
            self.add(Problem(Location(folder), "holds no period"), unreadable=True)
        for path in (folder / name for name in names):
            if path.suffix == ".yaml":
                self._read_file(path, Period)
            else:
                self.add(Problem(Location(path), "is not a file of milestones; their names end in .yaml"))

    def _read_file(self, path: Path, model: type[StrictModel]) -> None:
        """Read the one head, the one period with its milestones, or the list of records of *model* in the file *path*."""
        try:
            file = YamlFile(path, self.folder, self.known)
        except ReportsError as error:
            self.add(*error.problems, unreadable=True)
            return
        if model is About:
            self._parse(About, file.data, file, ())
        elif model is not Period:
            self._parse_list(model, file.data, file, ())
        elif isinstance(file.data, dict) and "milestones" in file.data:
            self._parse(Period, {name: value for name, value in file.data.items() if name != "milestones"}, file, ())
            self._parse_list(Milestone, file.data["milestones"], file, ("milestones",))
        else:
            message = "a period is expected here, with 'id', 'title', 'start', 'text' and 'milestones'"
            self.add(Problem(file.locate(), message), unreadable=True)

    def _parse_list(self, model: type[StrictModel], raw: Plain, file: YamlFile, keys: Keys) -> None:
        if isinstance(raw, list):
            for index, item in enumerate(raw):
                self._parse(model, item, file, (*keys, index))
        else:
            self.add(Problem(file.locate(keys), "a list is expected here, each record with a '-' before it"), unreadable=True)

    def _parse(self, model: type[StrictModel], raw: Plain, file: YamlFile, keys: Keys) -> None:
        declared, problems = parse(model, raw, file, keys, self._added_codes)
        if declared:
            self.entries.append(Entry(declared, file, keys))
        else:
            self.unparsed |= set(_ids_in(raw))
        self.add(*problems)

    @property
    def _about(self) -> About | None:
        """The head, which is read first; None if it could not be parsed."""
        return next((entry.declared for entry in self.entries if isinstance(entry.declared, About)), None)

    @property
    def _added_codes(self) -> Mapping[str, Sequence[str]] | None:
        """The codes that the head adds."""
        about = self._about
        return None if about is None else {"kinds": [own.code for own in about.kinds], "places": [own.code for own in about.places]}

    def add(self, *problems: Problem, unreadable: bool = False) -> None:
        """Add *problems*; raises ReportsError when they are so many that one mistake may have caused them all."""
        self.problems += problems
        self.unreadable |= unreadable
        if len(self.problems) > MOST_PROBLEMS:
            message = f"there are more problems; the first {MOST_PROBLEMS} follow"
            raise ReportsError(Problem(Location(self.folder), message), *self.problems[:MOST_PROBLEMS])


def _ids_in(raw: Plain) -> list[str]:
    """Return every id that *raw*, a record that could not be parsed, would have brought."""
    if isinstance(raw, dict):
        own = [value for name, value in raw.items() if name == "id" and isinstance(value, str)]
        return own + _ids_in(list(raw.values()))
    return [identifier for item in raw for identifier in _ids_in(item)] if isinstance(raw, list) else []
