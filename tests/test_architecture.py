"""The shape of the program, and of the tool that shows its documents to validators: imports, what mirrors what, how long modules are."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import PROJECT

MODULES = sorted((PROJECT / "reports").rglob("*.py"))
TOOLS = sorted(path for path in (PROJECT / "tests/conformance").rglob("*.py") if path.parent.name != "tests")
TESTS = sorted((PROJECT / "tests").rglob("test_*.py"))

# Tests that are about the program as a whole, not about one module.
WHOLE = {
    "test_main.py",
    "test_same_facts.py",
    "test_shipped_templates.py",
    "test_reproducible.py",
    "test_architecture.py",
    "test_authors.py",
    "test_published.py",
    "test_browser.py",
    "test_killed.py",
    "test_hostile.py",
    "test_fuzz.py",
    "test_counted.py",
    "test_second.py",
    "test_told_changes.py",
    "test_words_of_templates.py",
    "test_right_to_left.py",
}
MOST_LINES = 500
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
RIDDLE = re.compile(r"(What|Whether|Is|Are|Do|Does|Who|How)\b")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def test_the_arrows_point_one_way() -> None:
    """The import rules of pyproject.toml hold."""
    done = lint_imports(PROJECT)
    assert done.returncode == 0, done.stdout
    assert "Arrows point one way KEPT" in done.stdout
    assert "0 broken" in done.stdout


FORBIDDEN = (
    ("errors.py", "from reports.yamlfile import YamlFile", "Arrows point one way"),
    ("dataset/model.py", "from reports.documents.view import View", "Arrows point one way"),
    ("dataset/dates.py", "from reports.dataset.model import Record", "The stages within the dataset point one way"),
    ("documents/view.py", "import jinja2", "The dataset, its editions and the documents know no document format"),
    ("editions/snapshot.py", "from reports.editions.checks import Published", "The stages within the editions point one way"),
    ("build/build.py", "import yaml", "Only yamlfile reads YAML"),
    ("build/plan.py", "from reports.build.build import build", "The stages within the build point one way"),
    ("readers/pdf.py", "import weasyprint", "The audit and its readers ask no renderer, and no library that writes documents"),
    ("readers/html.py", "from reports.readers.word import read", "A reader of finished files knows no other reader"),
    ("renderers/web.py", "from reports.renderers.pdf import render", "A renderer knows no other renderer"),
    ("renderers/__init__.py", "from reports.build.build import build", "Arrows point one way"),
)


def test_forbidden_imports_are_found(tmp_path: Path) -> None:
    """The import linter sees what it is there for: each rule, broken on purpose, is reported, with the import that breaks it."""
    shutil.copytree(PROJECT / "reports", tmp_path / "reports")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    for module, line, _ in FORBIDDEN:
        path = tmp_path / "reports" / module
        path.write_text(f"{path.read_text('utf-8')}\n\ndef forbidden() -> None:\n    {line}\n", "utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    _, *parts = re.split(r"\n(.+)\n-+\n", done.stdout.partition("Broken contracts")[2])
    told = {" ".join(name.split()): text for name, text in zip(parts[::2], parts[1::2], strict=True)}
    for module, line, rule in FORBIDDEN:
        importer = "reports." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        assert f"{importer} -> {line.split()[1]} " in " ".join(told[rule].split())


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of the module at *path*, which several tests walk and none changes."""
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the package of every import in the module at *path*, wherever it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


# Where a package is not called what one imports.
PACKAGES = {
    "PIL": "pillow",
    "docx": "python-docx",
    "jpype": "jpype1",
    "markdown_it": "markdown-it-py",
    "pypandoc": "pypandoc-binary",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}


def declared(*groups: str) -> set[str]:
    """Return the packages that pyproject.toml names for the program and for the dependency groups *groups*."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    names = {*project["project"]["dependencies"]}
    for group in groups:
        for requirement in project["dependency-groups"][group]:
            names |= {requirement} if isinstance(requirement, str) else declared(requirement["include-group"])
    return names


@pytest.mark.parametrize(
    ("folder", "group"),
    [
        *(
            ("reports", ""),
            ("reports/audit", "audit"),
            ("reports/readers", "audit"),
            ("reports/sign.py", "sign"),
            ("reports/collection", "cluster"),
        ),
        *(("tests/benchmarks", "bench"), ("tests/conformance", "conformance"), ("tests", "tests")),
    ],
)
def test_what_is_imported_is_declared(folder: str, group: str) -> None:
    """Every package that a module imports is named in pyproject.toml, so that it is there whatever the machine happens to have."""
    apart = {
        "reports": {"audit", "collection", "readers", "sign.py"},
        "tests": {"benchmarks", "conformance"},
        "tests/conformance": {"tests"},
    }.get(folder, set())
    place = PROJECT / folder
    paths = [path for path in ([place] if place.is_file() else place.rglob("*.py")) if apart.isdisjoint(path.relative_to(place).parts)]
    ours = {path.name for path in PROJECT.iterdir()} | {"noxfile"}
    foreign = {name for path in paths for name in imported(path)} - set(sys.stdlib_module_names) - ours
    names = {PACKAGES.get(name, name.lower().replace("_", "-")) for name in foreign}
    assert paths
    assert names or folder == "reports/audit"
    assert names - declared(*filter(None, [group])) == set()


def test_the_tests_mirror_the_program() -> None:
    """tests/a/test_b.py is about reports/a/b.py, or conformance's own, save for the listed few; what is listed is there or about to be."""
    assert len(TESTS) > 15
    modules = {path.relative_to(PROJECT / "reports").as_posix() for path in MODULES}
    modules |= {path.relative_to(PROJECT / "tests").as_posix() for path in TOOLS}
    about = {path: path.relative_to(PROJECT / "tests").with_name(path.name.removeprefix("test_")).as_posix() for path in TESTS}
    about = {path: name.replace("conformance/tests/", "conformance/") for path, name in about.items()}
    modules |= {name.replace("/__init__.py", ".py") for name in modules}
    assert [path.name for path, module in about.items() if module not in modules and path.name not in WHOLE] == []


def test_modules_are_short() -> None:
    """No module is so long that nobody reads it."""
    assert len(MODULES) > 15
    names = {path: path.relative_to(PROJECT / "reports").as_posix() for path in MODULES}
    names |= {path: path.relative_to(PROJECT).as_posix() for path in TOOLS}
    lines = {name: len(path.read_text("utf-8").splitlines()) for path, name in names.items()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def public(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef]:
    """Yield the module itself, and its public classes and functions."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_everything_public_says_what_it_is() -> None:
    """Every module, public class and public function has a docstring."""
    found = [(path, node) for path in (*MODULES, *TOOLS) for node in public(tree(path))]
    assert len(found) > 100
    silent = [f"{path.relative_to(PROJECT)}: {getattr(node, 'name', 'module')}" for path, node in found if not ast.get_docstring(node)]
    assert silent == []


def test_docstrings_name_the_thing_first() -> None:
    """No docstring of the program opens as a question would: it says what a thing is."""
    nodes = [(path, node) for path in (*MODULES, *TOOLS) for node in ast.walk(tree(path))]
    texts = [(path, ast.get_docstring(node) or "") for path, node in nodes if isinstance(node, DOCUMENTED)]
    assert len(texts) > 300
    assert [f"{path.name}: {text}" for path, text in texts if RIDDLE.match(text)] == []


def test_every_test_states_its_rule() -> None:
    """Every test has a docstring, which is the rule that it proves."""
    found = [(path, node) for path in TESTS for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
    tests = [(path, node) for path, node in found if node.name.startswith("test_")]
    assert len(tests) > 150
    assert [f"{path.name}: {node.name}" for path, node in tests if not ast.get_docstring(node)] == []


# Who may open files: files.py for all input and output; manifest.py reads the program's own code and lists the installed packages;
# pictures.py hands Pillow what has been read; serve.py shows finished files; the command line knows /dev/null.
OPENERS = {"files.py", "build/manifest.py", "renderers/pictures.py", "serve.py", "__main__.py"}
OPENING = re.compile(r"\.read_text\(|\.read_bytes\(|\bopen\(|\.iterdir\(|\blistdir\(|\bscandir\(")


def test_input_is_read_in_one_place() -> None:
    """Whatever is input is read by files.py, which takes only files, of a sane size, from where they belong."""
    texts = {path.relative_to(PROJECT / "reports").as_posix(): path.read_text("utf-8") for path in MODULES}
    assert {name for name, text in texts.items() if OPENING.search(text)} == OPENERS


def test_pytest_passes_over_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """It leaves out folders by their names, and a `build` is one of them unless its configuration says otherwise."""
    folders = {path.parent for path in (PROJECT / "tests").rglob("test_*.py")}
    assert len(folders) > 5
    skipped = pytestconfig.getini("norecursedirs")
    assert [
        folder for folder in folders if any(fnmatch(part, name) for part in folder.relative_to(PROJECT).parts for name in skipped)
    ] == []
