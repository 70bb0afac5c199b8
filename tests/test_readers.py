"""The readers of finished files, as a whole."""

from reports.readers import READERS
from reports.renderers import RENDERERS


def test_every_kind_of_file_has_a_reader() -> None:
    """What can be made can be read back."""
    assert set(READERS) == set(RENDERERS)
