"""The record of the finished files, build/manifest.json: from what and with what each was made, and how a file is put in its place.

This module and `staleness` import nothing heavy: to see that nothing has changed must cost next to nothing.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import reports
from reports.errors import ReportsError
from reports.files import digest_of, is_file_in, read_text, sha256, write_whole

MANIFEST = "manifest.json"
MAY_LACK = ("system", "writing")  # an entry, if there is nothing to say
# The packages that shape the files.
LIBRARIES = (
    *("babel", "brotli", "cssselect2", "cyrtranslit", "fontpkg-source-sans-3", "fontpkg-source-serif-4", "fonttools", "jinja2", "lxml"),
    *("markdown-it-py", "openpyxl", "pillow", "polib", "pydantic", "pydyf", "pyphen", "python-docx", "tinycss2", "tinyhtml5"),
    *("uharfbuzz", "vl-convert-python", "weasyprint"),
)


class ManifestEntry(NamedTuple):
    """One finished file: its own SHA-256, the one of the view it shows, those of the templates it was made with, and its *tools*.

    While a build replaces the file, *writing* is the SHA-256 of the new content. If the build is killed then, the entry stays: what is
    there is ours if it has either digest. A file that was never finished has no *sha256*. *system* has the versions of what was not
    installed with us, such as Pango, as they were: only whoever lays out a page asks for them.
    """

    sha256: str
    bytes: int
    pages: int | None
    document: str
    view: str
    inputs: Mapping[str, str]
    tools: Mapping[str, str]
    writing: str = ""
    system: Mapping[str, str] = {}


class Manifest(NamedTuple):
    """All finished files, by their path below the output folder, and the id of the *dataset* that they show; "" if there are none."""

    files: Mapping[str, ManifestEntry]
    dataset: str = ""

    def to_json(self) -> str:
        fields = {path: entry._asdict() for path, entry in self.files.items()}
        known = {path: {name: value for name, value in entry.items() if value or name not in MAY_LACK} for path, entry in fields.items()}
        return json.dumps({"dataset": self.dataset, "files": known}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in *folder*; an unreadable one counts as none, since everything can be made again."""
    try:
        content: dict[str, Any] = json.loads(read_text(folder / MANIFEST, folder))
        entries = {path: ManifestEntry(**fields) for path, fields in content["files"].items()}
        return Manifest(entries, str(content.get("dataset", "")) if entries else "")
    except (ReportsError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest({})


def put(folder: Path, manifest: Manifest, path: str, content: bytes, entry: ManifestEntry) -> Manifest:
    """Replace the file at *path* below *folder* by *content*, described by *entry*; return *manifest* with it, which is written too.

    Its entry has both digests before the file is replaced, so that a stop at any point loses nothing: the next build knows the file on
    the disk for ours, old or new, and makes it again. Raises ReportsError if the disk does not take the file or the manifest.
    """
    standing = manifest.files.get(path, entry._replace(sha256=""))
    announced = standing._replace(sha256=digest_of(folder / path, folder) or standing.sha256, writing=entry.sha256)
    _write(folder, path, manifest._replace(files={**manifest.files, path: announced}))
    write_whole(folder / path, content)
    return _write(folder, path, manifest._replace(files={**manifest.files, path: entry}))


def _write(folder: Path, path: str, manifest: Manifest) -> Manifest:
    """Write *manifest* without the files that are gone; the one at *path* may be about to come."""
    there = {name: entry for name, entry in manifest.files.items() if name == path or is_file_in(folder / name, folder)}
    manifest = manifest._replace(files=there)
    write_whole(folder / MANIFEST, manifest.to_json().encode())
    return manifest


@cache
def tools() -> Mapping[str, str]:
    """Return the versions of Python, of each library that shapes the files, and of this program, with the digest of its code.

    They are those of the moment when this is first asked: what was loaded stays, whatever is changed on the disk later.
    """
    root = Path(reports.__file__).parent
    files = sorted(Path(place, name) for place, _, names in os.walk(root) for name in names if name.endswith((".py", ".xml")))
    # Read as they are, for it takes longer to see that they lie where they do, as data have to.
    code = sha256(b"".join(os.fsencode(path.relative_to(root)) + b"\n" + path.read_bytes() for path in files))
    return {"python": sys.version.split()[0], "reports": f"{reports.__version__} ({code[:16]})", **_versions()}


def _versions() -> Mapping[str, str]:
    """Return the version of each of LIBRARIES by the name of its folder, which is a hundredth of the work of reading its metadata.

    A package's folder is named for it (https://packaging.python.org/specifications/recording-installed-packages/).
    """
    found: dict[str, str] = {}
    for place in (folder for folder in sys.path if folder.endswith("-packages")):
        with suppress(OSError):
            for name in os.listdir(place):  # noqa: PTH208 - names are all that is wanted, and this is what an unchanged build does
                package, _, version = name.removesuffix(".dist-info").partition("-")
                if name.endswith(".dist-info"):
                    found.setdefault(package.lower().replace("_", "-"), version)
    for name in set(LIBRARIES) - found.keys():
        from importlib import metadata

        found[name] = metadata.version(name)
    return {name: found[name] for name in LIBRARIES}


def digest_of_files(root: Path, paths: list[Path]) -> str:
    """Return one SHA-256 of the names below *root* and the contents of *paths*."""
    # A name need not be UTF-8: whoever loads the files says so.
    lines = (os.fsencode(f"{path.relative_to(root).as_posix()} {digest_of(path, root)}\n") for path in paths)
    return sha256(b"".join(lines))
