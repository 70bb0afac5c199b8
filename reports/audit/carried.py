"""Does a file carry the dataset, and does the digest that it prints fit?"""

import hashlib
import json
import re

from reports.audit.expected import Expected
from reports.audit.findings import Compared, Difference
from reports.audit.shown import Shown
from reports.dataset.model import plain

# Alone: not in an address, as of a file that is named for what it holds.
DIGEST = re.compile(r"(?<![^\s(:])[0-9a-f]{64}(?![^\s.,;)])")


def compare_digests(shown: Shown, expected: Expected) -> Compared:
    """Compare each SHA-256 digest in *shown* with that of the dataset."""
    digest = hashlib.sha256(expected.dataset.canonical_json().encode()).hexdigest()
    given = [text for source in expected.sources.values() for text in (source.url or "", source.title)]
    found = [(passage.place, one) for passage in shown.passages for one in DIGEST.findall(passage.text)]
    own = [(place, one) for place, one in found if not any(one in text for text in given)]
    folder = str(expected.dataset.folder)
    wrong = [
        Difference(place, f"gives the digest {one}", f"the dataset's is {digest}", folder, words=(digest,))
        for place, one in own
        if one != digest
    ]
    return Compared("digests", len(own), tuple(wrong))


def compare_attached(shown: Shown, expected: Expected) -> Compared:
    """Compare the dataset that is attached with the one in the data."""
    if shown.attached is None:
        return Compared("datasets", 0, ())
    agrees = shown.attached == expected.dataset.canonical_json().encode()
    says = "the dataset that it carries is not that of the data"
    return Compared("datasets", 1, () if agrees else (Difference("", says, where=_where_not(shown.attached, expected)),))


def _where_not(attached: bytes, expected: Expected) -> str:
    """Return the line of the first record that is not in the dataset *attached*; the folder of the data if there is none."""
    try:
        content = json.loads(attached)
    except (ValueError, RecursionError):
        return str(expected.dataset.folder)
    parts = content.values() if isinstance(content, dict) else ()
    theirs = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    declared = (entry.declared for entry in expected.dataset.entries)
    other = next((one for one in declared if json.loads(json.dumps(plain(one))) not in theirs), None)
    return expected.where(other) if other else str(expected.dataset.folder)
