"""Does a file carry the dataset, and does the digest that it prints fit?"""

import hashlib
import re

from reports.audit.expected import Expected
from reports.audit.findings import Compared
from reports.audit.shown import Shown

# Alone: not in an address, as of a file that is named for what it holds.
DIGEST = re.compile(r"(?<![^\s(:])[0-9a-f]{64}(?![^\s.,;)])")


def compare_digests(shown: Shown, expected: Expected) -> Compared:
    """Compare each SHA-256 digest in *shown* with that of the dataset."""
    compared = Compared("digests")
    digest = hashlib.sha256(expected.dataset.canonical_json().encode()).hexdigest()
    given = [text for source in expected.sources.values() for text in (source.url or "", source.title)]
    for passage in shown.passages:
        for found in DIGEST.findall(passage.text):
            if any(found in text for text in given):
                continue
            compared.count += 1
            if found != digest:
                compared.disagree(passage.place, f"gives the digest {found}", f"the dataset's is {digest}", str(expected.dataset.folder))
    return compared


def compare_attached(shown: Shown, expected: Expected) -> Compared:
    """Compare the dataset that is attached with the one in the data."""
    compared = Compared("datasets")
    if shown.attached is not None:
        compared.count = 1
        if shown.attached != expected.dataset.canonical_json().encode():
            compared.disagreements.append(f"the dataset that it carries is not that of the data ({expected.dataset.folder})")
    return compared
