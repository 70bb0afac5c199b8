"""A paper and a ledger made from the tiny dataset, once, and copies that a test may alter."""

import re
import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from tests.conftest import PROJECT, TINY

TERMS = """
column: {status: Status}
count:
  milestones: "all {count} milestones"
  sources: "{count} numbered sources"
"yes": "yes"
"no": "no"
"""


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The tiny data, the templates of the tests here, and all that is made from them."""
    return _finish(tmp_path_factory.getbasetemp() / "audit")


@cache  # several modules of tests use the fixture
def _finish(root: Path) -> Folders:
    shutil.copytree(TINY / "data", root / "data")
    shutil.copytree(Path(__file__).parent / "templates", root / "templates")
    for name in ("shared", "locale"):
        shutil.copytree(TINY / "templates" / name, root / "templates" / name)
    shutil.copytree(PROJECT / "templates" / "word", root / "templates" / "word")
    with (root / "templates" / "locale" / "en.yaml").open("a", encoding="utf-8") as terms:
        terms.write(TERMS)
    folders = Folders(root / "data", root / "templates", root / "build")
    build(folders, BuildOptions())
    return folders


@pytest.fixture
def own(finished: Folders, tmp_path: Path) -> Folders:
    """Copies of all that, which a test may change."""
    for name in ("data", "templates", "build"):
        shutil.copytree(finished.data.parent / name, tmp_path / name)
    return Folders(tmp_path / "data", tmp_path / "templates", tmp_path / "build")


def alter(path: Path, old: str, new: str) -> None:
    """Write *new* wherever *old* stands in the finished file *path*: in its text, in the parts that are zipped in it, or drawn in it."""
    if path.suffix == ".pdf":
        return _redraw(path, old, new)
    parts = _parts(path)
    assert any(old.encode() in part for part in parts.values())
    parts = {name: part.replace(old.encode(), new.encode()) for name, part in parts.items()}
    if path.suffix not in (".docx", ".xlsx"):
        path.write_bytes(parts[""])
        return None
    with ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return None


def _parts(path: Path) -> dict[str, bytes]:
    if path.suffix not in (".docx", ".xlsx"):
        return {"": path.read_bytes()}
    with ZipFile(BytesIO(path.read_bytes())) as file:
        return {name: file.read(name) for name in file.namelist()}


def _redraw(path: Path, old: str, new: str) -> None:
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
        page[NameObject("/Contents")] = writer._add_object(content)  # a stream stands by itself (ISO 32000-1, 7.3.8)
    assert found == 1, f"{old!r} is drawn {found} times"
    writer.write(path)


def _letters(font: Any) -> dict[str, str]:
    """Return what each code of *font* stands for."""
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].get_data().decode())
    return {code: bytes.fromhex(letter).decode("utf-16-be") for code, letter in pairs}
