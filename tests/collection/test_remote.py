"""A worker's side of a task: it refuses what it would make otherwise, and keeps templates by their digests."""

from pathlib import Path

import pytest

from reports.build.workers import Task
from reports.cache import NO_CACHE
from reports.collection.remote import AnotherProgramError, Sent, identity, packed, render
from reports.documents.view import View
from reports.files import sha256
from tests.conftest import TINY, edit


def sent(view: View, templates: Path, **changes: str) -> Sent:
    task = Task("en/note.csv", view, templates, "register/register.yaml", NO_CACHE)
    return Sent(task, sha256(packed(templates)), {**identity(), **changes})


def test_a_worker_of_other_versions_makes_nothing(tiny_view: View) -> None:
    """It would make other bytes."""
    with pytest.raises(AnotherProgramError, match="is made of other versions: lxml, pango"):
        render(sent(tiny_view, TINY / "templates", lxml="1", pango="1"), packed(TINY / "templates"))


def test_templates_are_those_that_were_sent(tiny_view: View, tiny_templates: Path) -> None:
    """A change of one is another package, and the worker's copy is not what the coordinator is told of."""
    first = render(sent(tiny_view, tiny_templates), packed(tiny_templates))
    assert first.file is not None
    assert set(first.file.inputs) <= {path for path in tiny_templates.rglob("*") if path.is_file()}
    edit(tiny_templates / "register" / "register.yaml", "{ heading: \"'Earliest day'\"", "{ heading: \"'Event'\"")
    second = render(sent(tiny_view, tiny_templates), packed(tiny_templates))
    assert second.file is not None
    assert first.file.content.replace(b'"Earliest day"', b'"Event"') == second.file.content != first.file.content
