"""What the shipped templates count, each with the form of the noun that the number asks for, read back from a small dataset."""

from pathlib import Path

import pytest

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html, text_of
from tests.conftest import PROJECT, edit, view_of

TEMPLATES = PROJECT / "templates"
WEB = ("web", "web/web.html.j2", "html")
RECORD = ("record", "record/record.html.j2", "pdf")


def printed(dataset: Dataset, document: str, template: str, medium: str) -> str:
    """Return the text of *document*, its words one space apart."""
    html = Templates(TEMPLATES, view_of(dataset, document, TEMPLATES), medium).render(template)
    return " ".join(text_of(parse_html(html)).split())


@pytest.mark.parametrize("document", [RECORD, WEB])
def test_points_on_which_sources_differ(document: tuple[str, str, str], tiny_data: Path) -> None:
    """One point on one record, or two points on two."""
    one = printed(load_dataset(tiny_data), *document)
    assert "On 1 point a source says" in one
    assert "1 record on which sources differ" in one
    path = tiny_data / "milestones" / "first.yaml"
    edit(path, "kind: declaration\n", "kind: declaration\n    reading: The leaflet is followed.\n")
    edit(path, "locator: line 3\n", "locator: line 3\n        gives:\n          date: 2010-06\n")
    two = printed(load_dataset(tiny_data), *document)
    assert "On 2 points a source says" in two
    assert "2 records on which sources differ" in two


def test_sources_of_a_record(tiny: Dataset) -> None:
    """Evidence from one source, or from two."""
    page = printed(tiny, *WEB)
    assert "Evidence on M2001-1: 1 source " in page
    assert "Evidence on M2010-2: 2 sources " in page
