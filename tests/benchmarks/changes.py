"""How long it takes to compare two editions of 25,000 milestones: `nox -s bench`."""

import sys
from time import process_time
from typing import Any

from reports.dataset.load import load_dataset
from reports.editions.changes import changes
from reports.editions.snapshot import Snapshot, snapshot_of
from tests.conftest import PROJECT

MILESTONES, MOST = 25_000, 2.0  # CPU seconds
SHARES = (1000, 50, 1)  # of each so many milestones, one has another date and another text


def main() -> int:
    """Print how long the changes take, for more and more of them; return 1 if that is longer than MOST, but for a whole new text."""
    content = snapshot_of(load_dataset(PROJECT / "data")).content
    real = content["milestone"]
    many = [{**real[number % len(real)], "id": f"{real[number % len(real)]['id']}-{number}"} for number in range(MILESTONES)]
    before = Snapshot({**content, "milestone": many})
    print(f"{'milestones':>10} {'changes':>9} {'CPU':>9}")
    seconds = []
    for share in SHARES:
        after = Snapshot(
            {**content, "milestone": [_edited(record) if not number % share else record for number, record in enumerate(many)]}
        )
        start = process_time()
        found = changes(before, after)
        seconds.append(process_time() - start)
        print(f"{MILESTONES:>10} {len(found):>9} {seconds[-1]:>7.2f} s", flush=True)
    print(f"allowed: {MOST:g} s, unless every milestone is edited")
    return int(max(seconds[:-1]) > MOST)


def _edited(record: Any) -> Any:
    return {**record, "date": "1999", "text": f"{record['text']} And more [@{record['evidence'][0]['source']}]."}


if __name__ == "__main__":
    sys.exit(main())
