"""Codes: those that every dataset has, and those that one adds."""

from pathlib import Path

from reports.dataset.load import load_dataset
from reports.dataset.model import Framework, Milestone
from tests.conftest import edit


def test_a_dataset_has_codes_of_its_own(tiny_data: Path) -> None:
    """Kinds of milestones and places of frameworks that the head adds are as good as the program's."""
    edit(tiny_data / "milestones" / "second.yaml", "kind: ruling", "kind: regatta")
    edit(tiny_data / "frameworks.yaml", "place: umbrella", "place: club")
    dataset = load_dataset(tiny_data)
    assert "regatta" in {milestone.kind for milestone in dataset.all(Milestone)}
    assert "club" in {framework.place for framework in dataset.all(Framework)}
