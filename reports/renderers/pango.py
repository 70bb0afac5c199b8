"""Pango, the library that sets the PDF's text: what to say where it is not there."""

import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from reports.errors import Location, Problem

# How each system gets Pango; a Linux distribution by its ID or ID_LIKE in /etc/os-release.
COMMANDS: Mapping[str, str] = {
    "debian": "apt-get install -y libpangoft2-1.0-0",
    "fedora": "dnf install -y pango",
    "rhel": "dnf install -y pango",
    "suse": "zypper install -y libpango-1_0-0",
    "arch": "pacman -S pango",
    "alpine": "apk add pango",
    "darwin": "brew install pango",
    "win32": "pacman -S mingw-w64-x86_64-pango (in MSYS2), then set WEASYPRINT_DLL_DIRECTORIES to C:\\msys64\\mingw64\\bin",
}


def pango_missing() -> Problem:
    """Return the problem of a system without Pango, with the command that installs it there."""
    names = [sys.platform] if sys.platform != "linux" else _distributions()
    command = next((COMMANDS[name] for name in names if name in COMMANDS), None)
    step = f"install it with: {command}" if command else "install Pango with this system's package manager"
    return Problem(Location(Path("Pango")), f"the library that sets the text of a PDF is not on this system; {step}")


def _distributions() -> list[str]:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return []
    return [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
