"""What was made, from what, with what: build/manifest.json.

This module and `upkeep` import nothing heavy: to see that nothing has changed must cost next to nothing.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import reports
from reports.errors import ReportsError
from reports.files import digest_of, read_text, sha256

MANIFEST = "manifest.json"
LIBRARIES = (
    "babel",
    "brotli",
    "cssselect2",
    "fontpkg-source-sans-3",
    "fontpkg-source-serif-4",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "openpyxl",
    "pillow",
    "pydantic",
    "pydyf",
    "pyphen",
    "python-docx",
    "tinycss2",
    "tinyhtml5",
    "vl-convert-python",
    "weasyprint",
)


@dataclass(frozen=True)
class ManifestEntry:
    """One finished file: its own SHA-256, the one of the view it shows, those of the templates it was made with, and its *tools*."""

    sha256: str
    bytes: int
    pages: int | None
    document: str
    view: str
    inputs: Mapping[str, str]
    tools: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """All finished files, by their path below the output folder."""

    files: Mapping[str, ManifestEntry]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in *folder*; an unreadable one counts as none, since everything can be made again."""
    try:
        content: dict[str, Any] = json.loads(read_text(folder / MANIFEST, folder))
        return Manifest({path: _made(entry) for path, entry in content["files"].items()})
    except (ReportsError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest({})


def _made(entry: Any) -> ManifestEntry:
    """Return *entry* of a manifest; raises TypeError or AttributeError if it is none of ours."""
    made = ManifestEntry(**entry)
    texts = (made.sha256, made.document, made.view, *made.inputs.values(), *made.tools.values())
    numbers = (made.bytes, 0 if made.pages is None else made.pages)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(number, int) for number in numbers):
        raise TypeError
    return made


@cache
def tools() -> Mapping[str, str]:
    """Return the versions of Python, of each library that shapes the files, and of this program, with the digest of its code.

    They are those of the moment when this is first asked: what was loaded stays, whatever is changed on the disk later.
    """
    root = Path(reports.__file__).parent
    code = digest_of_files(root, sorted(root.rglob("*.py")))
    return {"python": sys.version.split()[0], "reports": f"{reports.__version__} ({code[:16]})", **_versions()}


def _versions() -> Mapping[str, str]:
    """Return the version of each of LIBRARIES by the name of its folder, which is a tenth of the work of reading its metadata.

    What a wheel installs has that name (https://packaging.python.org/specifications/recording-installed-packages/).
    """
    found: dict[str, str] = {}
    for place in (one for one in sys.path if one.endswith("-packages")):
        with suppress(OSError):
            for name in os.listdir(place):  # noqa: PTH208 - names are all that is wanted, and this is what an unchanged build does
                package, _, version = name.removesuffix(".dist-info").partition("-")
                if name.endswith(".dist-info"):
                    found.setdefault(package.lower().replace("_", "-"), version)
    return {name: found.get(name) or _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def digest_of_files(root: Path, paths: list[Path]) -> str:
    """Return one SHA-256 of the names below *root* and the contents of *paths*."""
    # A name need not be UTF-8: whoever loads the files says so.
    lines = (os.fsencode(f"{path.relative_to(root).as_posix()} {digest_of(path, root)}\n") for path in paths)
    return sha256(b"".join(lines))
