"""The glossary: terms that a translation words otherwise are told, and a wrong file is a problem at its place."""

from pathlib import Path

import pytest

from reports.dataset.load import load_dataset
from reports.errors import ReportsError
from reports.translations.glossary import read_glossary, worded_otherwise
from reports.translations.translation import load_translation
from tests.conftest import Show
from tests.translations.conftest import Fill

GLOSSARY = """
- term: Harbour Agreement
  wordings: {bs: [Lučki sporazum, Centar IZO za luke]}
  seen:
    - language: bs
      publisher: Lučka kapetanija
      url: https://example.org/sporazum
"""


@pytest.mark.parametrize(
    ("translation", "is_told"),
    [
        ("Lučki sporazum", False),
        ("O Lučkom sporazumu", False),
        ("U Centru IZO-a za luke", False),
        ("Pristanišni sporazum", True),
        ("Harbour Agreement", False),
    ],
)
def test_a_term_is_found_in_any_case(translation: str, is_told: bool, fill: Fill, tiny_data: Path, show: Show) -> None:
    """A translation has one of the wordings, declined; a text that stays as it is has none."""
    path = fill({"M2010-1/title": translation})
    path.with_name("glossary.yaml").write_text(GLOSSARY, "utf-8")
    dataset = load_dataset(tiny_data)
    warnings = show(tuple(worded_otherwise(dataset, load_translation(dataset, "bs"), read_glossary(dataset))))
    said = "'M2010-1/title' words 'Harbour Agreement' otherwise than 'Lučki sporazum', as the glossary has it"
    assert [warning.endswith(said) and warning.startswith("data/translations/bs.po:") for warning in warnings] == [True] * is_told


def test_the_place_in_a_source_has_no_term(fill: Fill, tiny_data: Path) -> None:
    """It says what stands there, in a citation and by itself."""
    path = fill({"watch/part": "Ruritanija je poslala dva broda [@gazette, page 9].", "page 9": "odjeljak „Nine“"})
    path.with_name("glossary.yaml").write_text("- {term: page, wordings: {bs: [stranica]}}\n", "utf-8")
    dataset = load_dataset(tiny_data)
    assert not tuple(worded_otherwise(dataset, load_translation(dataset, "bs"), read_glossary(dataset)))


def test_the_mistakes_of_a_glossary_are_named(fill: Fill, tiny_data: Path, show: Show) -> None:
    """All at once, at their places."""
    path = fill({}).with_name("glossary.yaml")
    path.write_text(GLOSSARY.replace("term:", "terms:").replace("https://", "ftp:"), "utf-8")
    with pytest.raises(ReportsError) as raised:
        read_glossary(load_dataset(tiny_data))
    assert [problem.split(": ")[0] for problem in show(raised.value.problems)] == [
        f"data/translations/glossary.yaml:{at}" for at in ("2:3", "2:3", "7:12")
    ]
    path.write_text("term: x\n", "utf-8")
    with pytest.raises(ReportsError, match="a list of terms is expected here"):
        read_glossary(load_dataset(tiny_data))
