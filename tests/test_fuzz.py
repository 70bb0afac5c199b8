"""Mutations of the data: each loads, or has problems at their places; of those that load, documents are made."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.errors import Problem, ReportsError
from reports.renderers import renderer
from tests.conftest import PROJECT, TINY, view_of

SHAPES = ("", "''", "[]", "{}", "[a]", "{a: b}", "[[]]", "\n- a", "|\n\n\n")
SYNTAX = ("~", "'", '"', "[", "{", "?", "|", ">", "#", "%", "&", "*", "&a", "*a", "-", "!!python/object/apply:os.system")
NUMBERS = ("0", "-1", "007", "1e999999999", "1_0", "NaN", ".inf", "0x10", "true", "no", "null")
DATES = ("99999999999", "0000", "9999-24", "9999-12-31", "2010-02-30", "2010/2009", "../..", "2010~/..", "0001-01-01/9999-12-31")
NAMES = ("M2010-1", "M0000-1", "gazette", "https://[", "javascript:a", "x" * 100, "x" * 25_000)
TEXTS = ("{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "<script>alert(1)</script>", "<!--", "=cmd|'/C calc'!A0", "${x}", "%s%n", "\\")
PROSE = ("[a](javascript:b)", "[a](file:///etc/passwd)", "[a](https://[)", "[@", "[@nothing]", "[@M2010-1; @", "*" * 99, "- " * 99)
ESCAPES = ('"\\0"', '"\\e[31m"', '"\\u202e"', '"\\ud800"')
LETTERS = ("\u202e", "\u200b", "\ufeff", "e\u0301", "\u00a0", "č", "Ђ", "\U0001f600", "\x85", "\ud800", "\0")
NASTY = (*SYNTAX, *NUMBERS, *DATES, *NAMES, *TEXTS, *PROSE, *ESCAPES, *LETTERS)

FILES = sorted(path.relative_to(TINY / "data") for path in (TINY / "data").rglob("*.yaml"))
# Renderings of some of those that load: a folder of templates, a document in it, the suffix of its file, and the template.
RENDERINGS = (
    (TINY / "templates", "note", ".csv", "register/register.yaml"),
    (TINY / "templates", "note", ".xlsx", "register/register.yaml"),
    (PROJECT / "templates", "summary", ".docx", "summary/summary.html.j2"),
)
ONE_IN = 8

Lines = list[str]
Mutation = Callable[[Lines, Random], Lines]


def repeat(lines: Lines, random: Random) -> Lines:
    """Take some lines out, or put them in again behind themselves."""
    start = random.randrange(len(lines))
    end = start + random.randint(1, 5)
    return lines[:start] + lines[start:end] * random.choice((0, 0, 2)) + lines[end:]


def swap(lines: Lines, random: Random) -> Lines:
    """Swap two lines, or the names of their fields."""
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    separator = random.choice(("\n", ":"))
    (name, sign, value), (other, colon, words) = lines[first].partition(separator), lines[second].partition(separator)
    lines[first], lines[second] = f"{other}{sign}{value}", f"{name}{colon}{words}"
    return lines


def indent(lines: Lines, random: Random) -> Lines:
    """Move a line to the right or to the left."""
    number = random.randrange(len(lines))
    lines[number] = random.choice((" ", "  ", "    ", "\t", "")) + lines[number].lstrip()
    return lines


def replace(lines: Lines, random: Random) -> Lines:
    """Put a nasty value in the place of another one, or behind it."""
    number = random.randrange(len(lines))
    name, colon, value = lines[number].partition(": ")
    lines[number] = f"{name}{colon}{random.choice(('', value, value))}{random.choice(random.choice((SHAPES, NASTY)))}"
    return lines


def insert(lines: Lines, random: Random) -> Lines:
    """Put a letter somewhere, or what is none."""
    number = random.randrange(len(lines))
    column = random.randint(0, len(lines[number]))
    lines[number] = lines[number][:column] + random.choice((*LETTERS, chr(random.randrange(0x3000)))) + lines[number][column:]
    return lines


def splice(lines: Lines, random: Random) -> Lines:
    """Let one record begin and another one end, or the file end there."""
    records = [number for number, line in enumerate(lines) if line.lstrip().startswith("- id:")] or [0]
    cut = random.randint(0, 12)
    end = random.choice((*records, len(lines)))
    return lines[: random.choice(records) + cut] + lines[end + cut :]


MUTATIONS: tuple[Mutation, ...] = (repeat, repeat, swap, swap, indent, replace, replace, replace, insert, splice)


def mutate(content: bytes, random: Random) -> bytes:
    """Return *content* after one to three mutations."""
    lines = content.decode().split("\n")
    for mutation in random.choices(MUTATIONS, k=random.choice((1, 1, 1, 2, 3))):
        lines = mutation(lines, random) or [""]
    return "\n".join(lines).encode(errors="surrogatepass")


def is_located(problem: Problem, folder: Path) -> bool:
    """Return true if *problem* has words, and stands in a file of *folder* at a line that the file has."""
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


def render(dataset: Dataset, random: Random) -> bool:
    """Return true if a document can be made of *dataset*; else there are problems."""
    templates, document, suffix, name = random.choice(RENDERINGS)
    try:
        return len(renderer(suffix)(view_of(dataset, document, templates), templates, name).content) > 1000
    except ReportsError:
        return False


def test_mutations_load_or_have_problems(tiny_data: Path, request: pytest.FixtureRequest) -> None:
    """Whatever happens to a file of data, nothing but a dataset or located problems comes of it, and documents can be made of it."""
    seen: Counter[str] = Counter()
    number = request.config.getoption("--mutations")
    for seed in range(number):
        random = Random(seed)
        path = tiny_data / random.choice(FILES)
        before = path.read_bytes()
        path.write_bytes(mutate(before, random))
        try:
            dataset = load(tiny_data)
            seen["loaded" if dataset else "refused"] += 1
            if dataset and random.randrange(ONE_IN) == 0:
                seen["made" if render(dataset, random) else "not made"] += 1
        except Exception as error:
            error.add_note(f"in mutation {seed}, of {path.name}")
            raise
        path.write_bytes(before)
    assert seen["refused"] > number / 2
    assert seen["loaded"] > number / 20
    assert seen["made"] > 0
