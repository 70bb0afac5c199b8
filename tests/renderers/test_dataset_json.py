"""The finished JSON file: the dataset, and nothing else."""

import json

import pytest

from reports.dataset.dataset import Dataset
from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.dataset_json import render
from tests.conftest import TINY, Show, view_of
from tests.renderers.conftest import OFFICES, REGISTER


def test_the_text_of_the_file_is_the_dataset(tiny: Dataset, tiny_view: View) -> None:
    """The file is the canonical dataset byte for byte, the text that is attached to the PDF, in UTF-8, and no text became a number."""
    made = render(tiny_view, TINY / "templates", REGISTER)
    assert made.content == tiny.canonical_json.encode()
    assert (made.inputs, made.pages) == ({}, None)
    (hostile,) = [person for person in json.loads(made.content.decode("utf-8"))["person"] if person["id"] == "hostile-texts"]
    assert (hostile["name"], [office["role"] for office in hostile["offices"]]) == ("Ђурђевак Ђ", OFFICES[1:])


def test_a_document_that_attaches_nothing_has_no_json(tiny: Dataset, show: Show) -> None:
    """A document that does not carry the dataset has no JSON file, and is told how to."""
    with pytest.raises(ReportsError) as error:
        render(view_of(tiny, "short"), TINY / "templates", REGISTER)
    expected = f"{TINY}/templates/short/document.yaml: a JSON file holds the dataset: say 'attach_dataset: true'"
    assert show(error.value.problems) == [expected]
