"""A thousand mutations of the shipped data: each loads, or has problems at their places; of those that load, documents are made."""

import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.documents.document import load_documents
from reports.documents.view import make_view
from reports.errors import Problem, ReportsError
from reports.renderers import renderer
from reports.validation import parse
from reports.yamlfile import YamlFile
from tests.conftest import PROJECT

# A thousand in all; with the profile "quick" (pytest --hypothesis-profile quick) a tenth of them.
TIMES = 10
SHARES = 4  # of the mutations, so that several processes can do them

SHAPES = ("", "''", "[]", "{}", "[a]", "{a: b}", "[[]]", "\n- a", "|\n\n\n")
SYNTAX = ("~", "'", '"', "[", "{", "?", "|", ">", "#", "%", "&", "*", "&a", "*a", "-", "!!python/object/apply:os.system")
NUMBERS = ("0", "-1", "007", "1e999999999", "1_0", "NaN", ".inf", "0x10", "true", "no", "null")
DATES = ("99999999999", "0000", "9999-24", "9999-12-31", "2010-02-30", "2010/2009", "../..", "2010~/..", "0001-01-01/9999-12-31")
NAMES = ("M2010-1", "M0000-1", "nato-2017", "https://[", "javascript:a", "x" * 100, "x" * 25_000)
TEXTS = ("{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "<script>alert(1)</script>", "<!--", "=cmd|'/C calc'!A0", "${x}", "%s%n", "\\")
PROSE = ("[a](javascript:b)", "[a](file:///etc/passwd)", "[a](https://[)", "[@", "[@nothing]", "[@M2010-1; @", "*" * 99, "- " * 99)
ESCAPES = ('"\\0"', '"\\e[31m"', '"\\u202e"', '"\\ud800"')
LETTERS = ("\u202e", "\u200b", "\ufeff", "e\u0301", "\u00a0", "č", "Ђ", "\U0001f600", "\x85")
NASTY = (*SYNTAX, *NUMBERS, *DATES, *NAMES, *TEXTS, *PROSE, *ESCAPES, *LETTERS)

# What is made of some of those that load, chosen by what they hold: a document and the suffix of its file.
CHEAP = dict(enumerate((("register", ".csv"), ("register", ".xlsx"), ("summary", ".docx"))))
ONE_IN = 20

Lines = list[str]
Mutation = Callable[[Lines, Any], Lines]


def delete(lines: Lines, draw: Any) -> Lines:
    """Take some lines out."""
    start = draw(place(lines))
    return lines[:start] + lines[start + draw(st.integers(1, 5)) :]


def duplicate(lines: Lines, draw: Any) -> Lines:
    """Put some lines in again behind themselves."""
    start = draw(place(lines))
    end = start + draw(st.integers(1, 30))
    return lines[:end] + lines[start:end] + lines[end:]


def reorder(lines: Lines, draw: Any) -> Lines:
    """Swap two lines."""
    one, other = draw(place(lines)), draw(place(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def indent(lines: Lines, draw: Any) -> Lines:
    """Move a line to the right or to the left."""
    at = draw(place(lines))
    lines[at] = draw(st.sampled_from((" ", "  ", "    ", "\t", ""))) + draw(st.sampled_from((lines[at], lines[at].lstrip())))
    return lines


def replace(lines: Lines, draw: Any) -> Lines:
    """Put a nasty value in the place of another one, or behind it."""
    at = draw(place(lines))
    name, colon, value = lines[at].partition(": ")
    kept = draw(st.sampled_from(("", "", value)))
    lines[at] = f"{name}{colon}{kept}{draw(st.sampled_from(SHAPES) | st.sampled_from(NASTY))}"
    return lines


def insert(lines: Lines, draw: Any) -> Lines:
    """Put characters of any kind somewhere, bytes that are no text among them."""
    at = draw(place(lines))
    column = draw(st.integers(0, len(lines[at])))
    text = draw(st.text(st.characters(exclude_categories=()), min_size=1, max_size=4))
    lines[at] = lines[at][:column] + text + lines[at][column:]
    return lines


def truncate(lines: Lines, draw: Any) -> Lines:
    """End the file somewhere."""
    at = draw(place(lines))
    return [*lines[:at], lines[at][: draw(st.integers(0, len(lines[at])))]]


def rename(lines: Lines, draw: Any) -> Lines:
    """Swap the names of two fields."""
    one, other = draw(place(lines)), draw(place(lines))
    (first, colon, value), (second, sign, given_) = lines[one].partition(":"), lines[other].partition(":")
    lines[one], lines[other] = f"{second}{colon}{value}", f"{first}{sign}{given_}"
    return lines


def splice(lines: Lines, draw: Any) -> Lines:
    """Let one record begin and another one end."""
    records = [number for number, line in enumerate(lines) if line.lstrip().startswith("- id:")] or [0]
    one, other = draw(st.sampled_from(records)), draw(st.sampled_from(records))
    cut = draw(st.integers(0, 12))
    return lines[: one + cut] + lines[other + cut :]


MUTATIONS: tuple[Mutation, ...] = (delete, duplicate, reorder, indent, replace, replace, replace, insert, truncate, rename, splice)
FILES = sorted(path.relative_to(PROJECT / "data").as_posix() for path in (PROJECT / "data").rglob("*.yaml"))


def place(lines: Lines) -> st.SearchStrategy[int]:
    return st.integers(0, len(lines) - 1)


@cache
def lines_of(name: str) -> tuple[str, ...]:
    return tuple((PROJECT / "data" / name).read_text("utf-8").split("\n"))


@st.composite
def mutants(draw: Any) -> tuple[str, bytes]:
    """Draw the name of a file, and what it holds after one to three mutations."""
    name = draw(st.sampled_from(FILES))
    lines = list(lines_of(name))
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3)):
        lines = mutate(lines, draw) or [""]
    return name, "\n".join(lines).encode(errors="surrogatepass")


class Remembered:
    """Reads and parses what has not changed once: the same functions, asked only for what they have not answered yet."""

    def __init__(self) -> None:
        self.files: dict[tuple[Path, bytes], YamlFile] = {}
        self.parsed: dict[Any, Any] = {}
        self.kept = False

    def read(self, path: Path, folder: Path) -> YamlFile:
        key = (path, path.read_bytes())
        if key in self.files:
            return self.files[key]
        file = YamlFile(path, folder)
        if not self.kept:
            self.files[key] = file
        return file

    def parse(self, model: Any, raw: Any, file: YamlFile, keys: Any) -> Any:
        if file not in self.files.values():
            return parse(model, raw, file, keys)
        if (file, keys, model) not in self.parsed:
            self.parsed[file, keys, model] = parse(model, raw, file, keys)
        return self.parsed[file, keys, model]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped data, whose unchanged files are read once."""
    folder = shutil.copytree(PROJECT / "data", tmp_path / "data")
    memory = Remembered()
    monkeypatch.setattr("reports.dataset.load.YamlFile", memory.read)
    monkeypatch.setattr("reports.dataset.load.parse", memory.parse)
    load_dataset(folder)
    memory.kept = True
    return folder


def is_located(problem: Problem, folder: Path) -> bool:
    """Tell whether *problem* has words, and stands in a file of *folder* at a line that the file has."""
    path, line = problem.location.path, problem.location.line
    text = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n") if line else b""
    return bool(problem.message) and path.is_relative_to(folder) and line <= text.count(b"\n") + 1


def load(folder: Path) -> Dataset | None:
    """Return the dataset in *folder*, or None if it has problems; asserts that each has its place."""
    try:
        return load_dataset(folder)
    except ReportsError as error:
        problems = error.problems
    assert problems
    assert [problem for problem in problems if not is_located(problem, folder)] == []
    return None


def make(dataset: Dataset, document: str, suffix: str) -> bool:
    """Tell whether the file of *document* with *suffix* can be made of *dataset*; else there are problems."""
    (declared,) = load_documents(PROJECT / "templates", [document])
    name = next(template for output, template in declared.outputs.items() if output.endswith(suffix))
    try:
        return len(renderer(suffix)(make_view(dataset, declared, "en"), PROJECT / "templates", name).content) > 1000
    except ReportsError:
        return False


@pytest.mark.parametrize("share", range(SHARES))
def test_a_thousand_mutations_load_or_have_problems(share: int, data: Path) -> None:
    """Whatever happens to a file of data, nothing but a dataset or located problems comes of it, and documents can be made of it."""
    seen: Counter[str] = Counter()

    @seed(share)
    @settings(max_examples=TIMES * settings().max_examples // SHARES, suppress_health_check=list(HealthCheck))
    @given(mutants())
    def survives(mutant: tuple[str, bytes]) -> None:
        path = data / mutant[0]
        before = path.read_bytes()
        path.write_bytes(mutant[1])
        try:
            dataset = load(data)
        finally:
            path.write_bytes(before)
        seen["loaded" if dataset else "refused"] += 1
        if dataset and (one := CHEAP.get(crc32(mutant[1]) % ONE_IN)):
            seen["made" if make(dataset, *one) else "not made"] += 1

    survives()
    assert seen["refused"] + seen["loaded"] >= TIMES * settings().max_examples // SHARES
    assert seen["refused"] > settings().max_examples
    assert seen["loaded"] > settings().max_examples // 5
    assert seen["made"] > 0 or settings().max_examples < 100, "a quick run may make nothing"
