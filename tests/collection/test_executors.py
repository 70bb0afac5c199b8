"""Who may carry out tasks: nobody to whom data would travel in the open."""

import pytest

from reports.collection.executors import cluster
from reports.errors import ReportsError


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "tcp://example.org:8786", "local:0", "local:x", "http://localhost:1", "tls:", ""]
)
def test_a_cluster_is_here_or_behind_tls(address: str) -> None:
    """Any other address is refused before anything is sent."""
    with pytest.raises(ReportsError, match="is neither a cluster on this computer nor one by TLS"), cluster(address):
        pytest.fail("it was let in")
