"""The finished JSON file: the dataset, and nothing else."""

import json

import pytest

from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.dataset_json import render
from tests.conftest import TINY, Show, view_of

REGISTER = "register/register.yaml"


def test_the_text_of_the_file_is_the_dataset(tiny: Dataset, tiny_view: View) -> None:
    """The file is the canonical dataset byte for byte, the text that is attached to the PDF; no template changes it."""
    made = render(tiny_view, TINY / "templates", REGISTER)
    assert made.content == tiny.canonical_json().encode()
    assert (made.inputs, made.pages) == ({}, None)


def test_hostile_texts_come_back_unchanged(tiny: Dataset, tiny_view: View) -> None:
    """A reader of JSON finds every text as it was written, in UTF-8 without a mark before it, and no text made into a number."""
    content = render(tiny_view, TINY / "templates", REGISTER).content
    assert content[:1] == b"{"
    (hostile,) = [one for one in json.loads(content.decode("utf-8"))["person"] if one["id"] == "hostile-texts"]
    assert hostile["name"] == "Ђурђевак Ђ"
    roles = ["1.10", "1,2", "None", "=1+1", "<24 h>", "A & B", "č ć đ š ž", "007", "no"]
    assert [office["role"] for office in hostile["offices"]] == roles


def test_a_document_that_attaches_nothing_has_no_json(tiny: Dataset, show: Show) -> None:
    """A document that does not carry the dataset has no JSON file, and is told how to."""
    with pytest.raises(ReportsError) as error:
        render(view_of(tiny, "short"), TINY / "templates", REGISTER)
    expected = f"{TINY}/templates/short/document.yaml: a JSON file holds the dataset: say 'attach_dataset: true'"
    assert show(error.value.problems) == [expected]
