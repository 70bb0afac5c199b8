"""What a system without Pango is told."""

import platform
import sys

import pytest

from reports.renderers.pango import pango_missing

START = "Pango: the library that sets the text of a PDF is not on this system; "


@pytest.mark.parametrize(
    ("release", "step"),
    [
        ({"ID": "debian"}, "install it with: apt-get install -y libpangoft2-1.0-0"),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "install it with: apt-get install -y libpangoft2-1.0-0"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "install it with: apt-get install -y libpangoft2-1.0-0"),
        ({"ID": "fedora"}, "install it with: dnf install -y pango"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "install it with: dnf install -y pango"),
        ({"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"}, "install it with: zypper install -y libpango-1_0-0"),
        ({"ID": "arch"}, "install it with: pacman -S pango"),
        ({"ID": "alpine"}, "install it with: apk add pango"),
        ({"ID": "plan9"}, "install Pango with this system's package manager"),
        ({}, "install Pango with this system's package manager"),
    ],
)
def test_a_linux_is_told_its_command(release: dict[str, str], step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution, or one that is like it, has its own command; any other is told what is missing."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    assert str(pango_missing()) == START + step


def test_a_linux_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that does not say what it is is no crash."""

    def unknown() -> dict[str, str]:
        raise FileNotFoundError("/etc/os-release")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", unknown)
    assert str(pango_missing()) == START + "install Pango with this system's package manager"


@pytest.mark.parametrize(
    ("system", "step"),
    [
        ("darwin", "install it with: brew install pango"),
        (
            "win32",
            "install it with: pacman -S mingw-w64-x86_64-pango (in MSYS2), then set WEASYPRINT_DLL_DIRECTORIES to C:\\msys64\\mingw64\\bin",
        ),
        ("freebsd14", "install Pango with this system's package manager"),
    ],
)
def test_other_systems(system: str, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS and Windows have their own way."""
    monkeypatch.setattr(sys, "platform", system)
    assert str(pango_missing()) == START + step
