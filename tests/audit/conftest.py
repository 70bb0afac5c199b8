"""A paper and a ledger made from the tiny dataset, and ways to change a finished file, or the data behind it."""

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from reports.audit import audit
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.conftest import PROJECT, TINY, edit

TERMS = """
count:
  milestones: "all {count} milestones"

column:
  reference: Reference
  date: Date
  earliest: Earliest day
  milestone: Milestone
  text: Text
  sources: Sources by number
  first_source: First source
  number: Number
  publisher: Publisher
  title: Title
  published: Published
  address: Address
"""

Audit = Callable[[], dict[str, list[str]]]
Tamper = Callable[[str, str, str], list[str]]
Change = Callable[[str, str, str], dict[str, list[str]]]


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny data, the templates of the tests here, and all that is made from them."""
    root = tmp_path_factory.mktemp("audit")
    shutil.copytree(TINY / "data", root / "data")
    shutil.copytree(Path(__file__).parent / "templates", root / "templates")
    for name in ("shared", "locale"):
        shutil.copytree(TINY / "templates" / name, root / "templates" / name)
    shutil.copytree(PROJECT / "templates" / "word", root / "templates" / "word")
    with (root / "templates" / "locale" / "en.yaml").open("a", encoding="utf-8") as terms:
        terms.write(TERMS)
    build(Folders(root / "data", root / "templates", root / "build"), BuildOptions())
    return root


@pytest.fixture
def own(finished: Path, tmp_path: Path) -> Folders:
    """Copies of all that, which a test may change."""
    for name in ("data", "templates", "build"):
        shutil.copytree(finished / name, tmp_path / name)
    return Folders(tmp_path / "data", tmp_path / "templates", tmp_path / "build")


@pytest.fixture
def audited(own: Folders) -> Audit:
    """A function that returns what is wrong with each file, as a person sees it, without the file's path."""

    def run() -> dict[str, list[str]]:
        root = f"{own.data.parent}/"
        found = list(audit(own))
        assert len(found) == 6
        return {one.path.name: [problem.message.replace(root, "") for problem in one.problems] for one in found}

    return run


@pytest.fixture
def tamper(own: Folders, audited: Audit) -> Tamper:
    """A function that replaces a text in a finished file, and returns what the audit says of that file."""

    def replace(name: str, old: str, new: str) -> list[str]:
        path = own.out / "en" / name
        path.write_bytes(replaced(path.read_bytes(), old, new))
        found = audited()
        assert {other for other, messages in found.items() if messages} <= {name}
        return found[name]

    return replace


@pytest.fixture
def change(own: Folders, audited: Audit) -> Change:
    """A function that changes the data after the build, and returns what the audit says of every file."""

    def run(file: str, old: str, new: str) -> dict[str, list[str]]:
        edit(own.data / file, old, new)
        return audited()

    return run


def replaced(content: bytes, old: str, new: str) -> bytes:
    """Return *content* with the one *old* text in it, or in the parts that are zipped in it, replaced by *new*."""
    if content[:2] != b"PK":
        assert content.decode().count(old) == 1, f"{old!r} stands {content.decode().count(old)} times"
        return content.decode().replace(old, new).encode()
    target = BytesIO()
    found = 0
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w") as made:
        for name in source.namelist():
            part = source.read(name)
            found += part.count(old.encode())
            made.writestr(name, part.replace(old.encode(), new.encode()))
    assert found == 1, f"{old!r} stands {found} times"
    return target.getvalue()


def redraw(path: Path, old: str, new: str) -> None:
    """Write *new* where *old* is drawn in the PDF at *path*, in the same letters, which its fonts have to hold."""
    writer = PdfWriter(clone_from=path)
    found = 0
    for page in writer.pages:
        fonts = {name[1:]: _letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
        parts = re.split(r"(/\w+ [\d.]+ Tf|\[[^]]*\] TJ)", page.get_contents().get_data().decode("latin-1"))
        font: dict[str, str] = {}
        for at, part in enumerate(parts):
            if part.endswith(" Tf"):
                font = fonts[part[1:].split()[0]]
            elif part.endswith(" TJ"):
                text = "".join(font[code] for drawn in re.findall("<(.*?)>", part) for code in re.findall("....", drawn))
                if old in text:
                    found += 1
                    codes = {letter: code for code, letter in font.items()}
                    parts[at] = f"[<{''.join(codes[letter] for letter in text.replace(old, new))}>] TJ"
        content = DecodedStreamObject()
        content.set_data("".join(parts).encode("latin-1"))
        page[NameObject("/Contents")] = content
    assert found == 1, f"{old!r} is drawn {found} times"
    writer.write(path)


def _letters(font: Any) -> dict[str, str]:
    """Return what each code of *font* stands for."""
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].get_data().decode())
    return {code: bytes.fromhex(letter).decode("utf-16-be") for code, letter in pairs}
