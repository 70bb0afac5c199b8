"""Plain data -> record: mismatches become problems in our words, at their place (more of them in tests/dataset/bad)."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from reports.dataset.fields import Line, Number, When
from reports.dataset.model import Evidence, SourceKind, StrictModel
from reports.validation import parse
from reports.yamlfile import YamlFile
from tests.conftest import PROJECT


class Sample(StrictModel):
    """One field of every type that the models use."""

    line: Line = "x"
    flag: bool = False
    step: int | None = Field(default=None, ge=1, le=9)
    number: Number | None = None
    when: When | None = None
    kind: SourceKind | None = None
    many: Annotated[tuple[Line, ...], Field(min_length=1)] = ("x",)
    inner: Evidence | None = None
    pairs: dict[str, Line] = Field(default_factory=dict)


def problems(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    file = YamlFile(tmp_path / "a.yaml")
    record, found = parse(Sample, file.data, file)
    assert (record is None) == bool(found)
    return [str(problem).replace(f"{tmp_path}/a.yaml:", "") for problem in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flag: [a]", "1:7: true or false is expected here"),
        ("step: {}", "1:7: a whole number is expected here"),
        ("step: 10", "1:7: '10' is too large; it ends at 9"),
        (f"step: {'9' * 5000}", f"1:7: '{'9' * 699} … {'9' * 227}' is not a whole number"),
        ("number: [1]", "1:9: a number is expected here"),
        ("number: 1234567890.123456", "1:9: '1234567890.123456' has more than 15 digits"),
        ("line: [a]", "1:7: a text is expected here; a text that begins with '[' has to stand in quotes"),
        ("kind: [news]", "1:7: a text is expected here"),
        ("many: [a, [b]]", "1:11: a text is expected here; a text that begins with '[' has to stand in quotes"),
        ("pairs: {a: [b]}", "1:12: a text is expected here; a text that begins with '[' has to stand in quotes"),
        ("line: {a: b}", "1:7: a text is expected here; a text that begins with '{' has to stand in quotes"),
        ("line:\n  a: b", "2:3: a text is expected here"),
        ("- a", "1:1: fields are expected here, each as 'name: value'"),
        ("inner: source:a", "1:8: a space is missing after the colon of 'source'"),
        ("many:\n  -a: b", "2:3: a space is missing after the dash"),
    ],
)
def test_every_mismatch_has_words_and_a_place(tmp_path: Path, text: str, expected: str) -> None:
    """Whatever stands in the place of a value, the problem says what would be right, and no library shows through."""
    assert problems(tmp_path, text) == [expected]


def test_all_mismatches_come_at_once(tmp_path: Path) -> None:
    """One wrong field does not hide another, and a record that fits has no problem."""
    assert problems(tmp_path, "flag: maybe\nstep: one") == ["1:7: 'maybe' is neither true nor false", "2:7: 'one' is not a whole number"]
    fields = "line: '1.10', flag: true, step: 1, number: 1.50, when: 2010, kind: news, many: [a], pairs: {a: b}"
    assert problems(tmp_path, f"{{{fields}, inner: {{source: a, locator: b}}}}") == []


TEXTS = ("", " ", "0", "-1", "500", "1e999", "true", "Bad Item", "9" * 5000, "a\nb")
NASTY: tuple[Any, ...] = (*TEXTS, [], [[]], ["a"] * 300, {}, {"a": []}, {"id": {}})


for path in (PROJECT / "reports").rglob("*.py"):
    if "(StrictModel)" in path.read_text("utf-8"):
        import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))


def declared(model: type[StrictModel] = StrictModel) -> Iterator[type[StrictModel]]:
    """Yield every model of the program."""
    for each in model.__subclasses__():
        if each.__module__.startswith("reports."):
            yield each
        yield from declared(each)


@pytest.mark.parametrize("model", sorted(set(declared()), key=lambda model: model.__name__))
def test_every_problem_of_every_field_has_words(model: type[StrictModel], tmp_path: Path) -> None:
    """Whatever stands in the place of a field, whichever limit the model sets it, there are words of ours for what is wrong."""
    (tmp_path / "a.yaml").write_text("a: b", "utf-8")
    file = YamlFile(tmp_path / "a.yaml")
    for field in model.model_fields:
        for value in NASTY:
            record, found = parse(model, {field: value}, file)
            assert (record is None) == bool(found)
            assert all("should" not in problem.message and "Input" not in problem.message for problem in found)
