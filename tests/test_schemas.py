"""The JSON Schemas for editors: they are the model's, and the data fit them."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from reports.proposals.decisions import to_text
from reports.schemas import schemas
from tests.conftest import PROJECT, TINY
from tests.proposals.test_decisions import PROPOSALS, received


class EditorLoader(yaml.CBaseLoader):  # type: ignore[misc]
    """YAML 1.2 as an editor reads it: true, numbers and null are typed, dates are text."""


for tag, pattern, first, construct in (
    ("null", "", "", lambda loader, node: None),
    ("bool", "true|false", "tf", lambda loader, node: node.value == "true"),
    ("int", "[-+]?[0-9]+", "-+0123456789", lambda loader, node: int(node.value)),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789", lambda loader, node: float(node.value)),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first) or [""])
    EditorLoader.add_constructor(f"tag:yaml.org,2002:{tag}", construct)


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=EditorLoader)


def schema_for(path: Path) -> dict[str, Any]:
    name = f"{path.stem if path.parent.name == 'data' else path.parent.name}.json"
    content: dict[str, Any] = json.loads(schemas()[name])
    return content


def files(folder: Path) -> list[Path]:
    return sorted((*folder.glob("*.yaml"), *folder.glob("milestones/*.yaml")))


def test_the_schemas_of_the_project_are_the_models() -> None:
    """The files in data/schemas are schemas, and what the model says today; `python -m reports schemas` writes them."""
    assert len(schemas()) > 5
    assert {path.name: path.read_text("utf-8") for path in (PROJECT / "data" / "schemas").iterdir()} == schemas()
    for text in schemas().values():
        Draft202012Validator.check_schema(json.loads(text))


def test_the_data_fit_their_schema() -> None:
    """What the program accepts, an editor, which types the values, does not mark as wrong."""
    assert yaml.load("[true, 2010, 1.10, 2010-04-22, None, no]", Loader=EditorLoader) == [True, 2010, 1.1, "2010-04-22", "None", "no"]
    paths = files(TINY / "data") + files(PROJECT / "data")
    assert len(files(TINY / "data")) == len(list((TINY / "data").rglob("*.yaml"))) > 10
    for path in paths:
        assert [error.message for error in Draft202012Validator(schema_for(path)).iter_errors(read(path))] == [], path


def test_an_unknown_field_does_not_fit() -> None:
    """An editor marks a field that no record has."""
    for path in files(TINY / "data"):
        content = read(path)
        (content[0] if isinstance(content, list) else content)["titel"] = "x"
        errors = list(Draft202012Validator(schema_for(path)).iter_errors(content))
        assert [error.validator for error in errors] == ["additionalProperties"], path


def test_a_file_of_decisions_fits_its_schema() -> None:
    """As it is written, with empty places to fill in; a decision that there is none of does not fit."""
    schema = Draft202012Validator(json.loads(schemas()["received.json"]))
    text = to_text(received(*PROPOSALS))
    assert list(schema.iter_errors(yaml.load(text, Loader=EditorLoader))) == []
    (error,) = schema.iter_errors(yaml.load(text.replace("decision:\n", "decision: perhaps\n", 1), Loader=EditorLoader))
    assert list(error.absolute_path) == ["proposals", 0, "decision"]
