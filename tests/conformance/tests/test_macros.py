"""Macros for LibreOffice: texts of Basic, and the two runs of a profile of its own."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from tests.conformance import macros, programs


def test_a_text_is_one_of_basic() -> None:
    """With quotes twice, and its lines joined."""
    assert macros.text('a "b"\nc') == '"a ""b""" & Chr(10) & "c"'


def test_steps_are_taken_in_a_fresh_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The first start fills it, the second runs what stands in it by then, whatever signs there are in it."""
    lines: list[tuple[str, str]] = []
    ran: list[str] = []

    def start(line: Sequence[str], scratch: Path) -> None:
        library = Path(line[1].partition("file://")[2]) / "user/basic/Standard"
        library.mkdir(parents=True, exist_ok=True)
        lines.append((line[0], line[-1]))
        ran.extend(etree.parse(path).getroot().text or "" for path in library.glob("Module1.xba"))

    monkeypatch.setattr(programs, "run", start)
    macros.run(
        [macros.load(Path("/a.docx")), macros.save(Path("/c.txt"), "Text", "UTF8")],
        tmp_path,
        "Sub A\nX = 1 & 2 < 3\nEnd Sub\n",
        "soffice-7.4",
    )
    assert lines == [("soffice-7.4", "--terminate_after_init"), ("soffice-7.4", "macro:///Standard.Module1.Main")]
    (basic,) = ran
    assert "Sub A\nX = 1 & 2 < 3\nEnd Sub\n" in basic
    assert 'Load("file:///a.docx")\nSave("file:///c.txt", "Text", "UTF8")\n' in basic
