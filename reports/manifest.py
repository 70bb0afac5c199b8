"""What was made, from what, with what: build/manifest.json."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import reports

MANIFEST = "manifest.json"
LIBRARIES = ("jinja2", "markdown-it-py", "babel", "pydantic", "weasyprint", "fontpkg-source-sans-3", "fontpkg-source-serif-4")


@dataclass(frozen=True)
class Made:
    """One finished file: its own SHA-256, the one of the view it shows, and those of the templates and fonts it was made with."""

    sha256: str
    bytes: int
    pages: int | None
    document: str
    view: str
    inputs: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """All finished files, by their path below the output folder, and the *tools* that made them, by name."""

    files: Mapping[str, Made]
    tools: Mapping[str, str]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def read_manifest(text: str) -> Manifest:
    """Return the manifest that *text* holds; an unreadable one counts as none, since everything can be made again."""
    try:
        content: dict[str, Any] = json.loads(text)
        return Manifest({path: Made(**made) for path, made in content["files"].items()}, content["tools"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest({}, {})


def tools() -> Mapping[str, str]:
    """Return the version of this program and of each library that shapes the files."""
    return {"reports": reports.__version__} | {name: version(name) for name in LIBRARIES}


def sha256(content: bytes) -> str:
    """Return the SHA-256 of *content* in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
