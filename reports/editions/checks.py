"""Rules that today's dataset keeps for what its editions have published: nothing disappears unsaid, and no number changes."""

from collections.abc import Iterator, Mapping, Sequence

from reports.dataset.dataset import Dataset, Entry
from reports.dataset.dates import parse_date
from reports.dataset.load import PERIODS
from reports.dataset.model import FILES, WITHDRAWN, About, Source, Withdrawal, kind_of
from reports.editions.editions import Edition
from reports.editions.snapshot import ABOUT, outer_kind
from reports.errors import Location, Problem, did_you_mean

Published = Mapping[str, tuple[Edition, str]]  # by its id, the last edition of a record, and its kind there


def check_editions(dataset: Dataset, editions: Sequence[Edition]) -> Iterator[Problem]:
    """Yield what *dataset* breaks of what *editions* have published: their order, their ids, and the numbers of their sources."""
    last = {identifier: (edition, kind) for edition in editions for kind, identifier in edition.snapshot.records if kind != ABOUT}
    numbers = {source: number for edition in editions for source, number in edition.snapshot.source_numbers.items()}
    yield from _wrong_number(dataset, editions)
    yield from _wrong_withdrawals(dataset, last, numbers)
    yield from _lost(dataset, last)
    yield from _renumbered(dataset, numbers)


def _wrong_number(dataset: Dataset, editions: Sequence[Edition]) -> Iterator[Problem]:
    expected = editions[-1].number + 1 if editions else dataset.about.edition
    if dataset.about.edition != expected:
        for entry, _ in dataset.entries_of(About):
            message = f"the last edition that was frozen is {expected - 1}, so this is {expected}, and not {dataset.about.edition}"
            yield entry.problem(message, "edition")
    before = editions[-1].snapshot.content[ABOUT]["published"] if editions else ""
    if before and dataset.about.published.order[1] < parse_date(before).order[0]:
        for entry, about in dataset.entries_of(About):
            message = f"'{about.published}' is before edition {editions[-1].number} was published, '{before}'"
            yield entry.problem(message, "published")


def _wrong_withdrawals(dataset: Dataset, last: Published, numbers: Mapping[str, int]) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry, withdrawal in dataset.entries_of(Withdrawal):
        name = withdrawal.id
        if name in seen:
            yield entry.problem(f"'{name}' is withdrawn twice", "id")
        elif name in dataset.by_id:
            yield entry.problem(f"'{name}' is withdrawn, and there is a record with this id: none is used again", "id")
        elif name not in last:
            yield entry.problem(f"no edition has published '{name}': just leave it out{did_you_mean(name, last)}", "id")
        else:
            yield from _wrong_withdrawal(entry, withdrawal, last[name][0].number, dataset.about.edition, numbers.get(name))
        seen.add(name)


def _wrong_withdrawal(entry: Entry, withdrawal: Withdrawal, last: int, current: int, number: int | None) -> Iterator[Problem]:
    if not last < withdrawal.edition <= current:
        message = f"edition {last} was the last with '{withdrawal.id}', so it is withdrawn since {last + 1}, and not {withdrawal.edition}"
        yield entry.problem(message, "edition")
    if withdrawal.number != number:
        right = f"say 'number: {number}', so that no other source gets it" if number else "only a source has a number"
        yield entry.problem(f"'{withdrawal.id}' was {f'source [{number}]' if number else 'no source'}: {right}", "number")


def _lost(dataset: Dataset, last: Published) -> Iterator[Problem]:
    """Yield a problem for each id that was published, and is neither that of a record of its kind nor withdrawn."""
    withdrawn = {withdrawal.id for withdrawal in dataset.withdrawals}
    for name, (edition, kind) in last.items():
        record = dataset.by_id.get(name)
        if record is None and name not in withdrawn:
            message = f"the {kind} '{name}' of edition {edition.number} is gone: keep it, or say in {WITHDRAWN} why it is withdrawn"
            yield Problem(Location(dataset.folder / _place_of(kind)), message)
        elif record and record.record_kind != kind:
            located = ((entry, keys) for entry, keys, found in dataset.located_records() if found is record)
            for entry, keys in located:
                yield entry.problem(
                    f"'{name}' is the id of the {kind} in edition {edition.number}: none is used again for another kind", *keys, "id"
                )


def _place_of(kind: str) -> str:
    """Return the file, or the folder, in which the records of *kind* are kept."""
    files = {kind_of(model): name for name, model in FILES.items()}
    return files.get(outer_kind(kind), PERIODS)


def _renumbered(dataset: Dataset, numbers: Mapping[str, int]) -> Iterator[Problem]:
    """Yield a problem for each new source that stands before published ones; if there is none, for the first whose number changed."""
    highest = max(numbers.values(), default=0)
    withdrawn = {withdrawal.id for withdrawal in dataset.withdrawals}
    if any(name not in dataset.by_id and name not in withdrawn for name in numbers):
        return  # a source that is gone changes the numbers of others, and is named
    moved, early = [], []
    for entry, source in dataset.entries_of(Source):
        number, now = numbers.get(source.id), dataset.source_numbers[source.id]
        if number is None and now <= highest:
            early.append(
                entry.problem(f"the source '{source.id}' is new: put it behind those of the editions, which keep their numbers", "id")
            )
        elif number not in (None, now):
            moved.append(
                entry.problem(f"the source '{source.id}' is [{number}] in the editions, and [{now}] here: put it back in its place", "id")
            )
    yield from early or moved[:1]
