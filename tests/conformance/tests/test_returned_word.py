"""Documents as they come back from LibreOffice: what is done to them there, and an edit that is lost."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conformance import returned_word
from tests.conformance.returned_word import Step, Variant, check_returned
from tests.proposals.conftest import Editor, summary  # noqa: F401 - a fixture

NAMES = ["untouched", "untracked", "tracked", "accepted", "rejected"]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Variant]:
    """The variants that LibreOffice is asked for, all of which it saves as they were."""
    asked: list[Variant] = []

    def save(path: Path, variants: Iterable[Variant], folder: Path, scratch: Path) -> None:
        asked.extend(variants)
        for variant in asked:
            shutil.copy(path, folder / f"{variant.name}.docx")

    monkeypatch.setattr(returned_word, "_run", save)
    return asked


def test_each_way_to_edit_is_tried(summary: bytes, ran: list[Variant], tmp_path: Path) -> None:  # noqa: F811
    """In fields that begin with words of their own, in the text and in tables; what is lost on the way is found."""
    path = tmp_path / "a.docx"
    path.write_bytes(summary)
    lost = [finding.text for finding in check_returned(path, tmp_path)]
    assert [variant.name for variant in ran] == NAMES
    assert ran[1].steps == (
        Step("Edit", "Ruritania is an", "dataset.yaml/bottom_line"),
        Step("Comment", "Ruritania signed the", "dataset.yaml/key_points.0"),
        Step("Remove", "What comes next", "dataset.yaml/key_points.1"),
        Step("Edit", "Signed, not in", "dataset.yaml/matters.0.stands"),
        Step("Comment", "Every harbour is", "rudolf-on-harbours/gist"),
    )
    assert [text.partition(":")[0] for text in lost] == ["untracked"] * 5 + ["tracked"] * 5 + ["accepted"] * 3
    assert all(": does not find (" in text for text in lost)


def test_a_redline_is_not_rejected_as_a_whole(summary: bytes, ran: list[Variant], tmp_path: Path) -> None:  # noqa: F811
    """Then what it was issued with would go too; a field with a change of ours is left alone."""
    editor, path = Editor(summary), tmp_path / "a.docx"
    editor.replace(editor.control("dataset.yaml/bottom_line"), "observer", "guest")
    path.write_bytes(editor.save())
    check_returned(path, tmp_path)
    assert [variant.name for variant in ran] == NAMES[:-1]
    assert "dataset.yaml/bottom_line" not in {step.tag for step in ran[1].steps}


def test_a_document_without_fields_is_named(summary: bytes, ran: list[Variant], tmp_path: Path) -> None:  # noqa: F811
    """There is nothing in it to look at."""
    editor, path = Editor(summary), tmp_path / "a.docx"
    editor.body[:] = []
    path.write_bytes(editor.save())
    assert [finding.text for finding in check_returned(path, tmp_path)] == ["has no fields that can be edited"]
    assert ran == []
