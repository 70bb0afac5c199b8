"""A font of a PDF -> what its codes stand for, and how wide they are (ISO 32000-1, 9.7.4.3 and 9.10.3)."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

USUAL_WIDTH = 1000  # of a code whose font does not tell
USUAL_CODE = 4  # hexadecimal digits; a font without descendants has half as many


class Font(NamedTuple):
    """What the codes of a font, of so many hexadecimal *digits*, stand for, and how wide they are, in thousandths of its size."""

    characters: Mapping[str, str]
    widths: Mapping[str, float]
    digits: int = USUAL_CODE

    def read(self, operand: Any) -> tuple[str, float]:
        """Return the text of *operand*, and how long it is, in thousandths of its size: its characters, less the gaps taken out."""
        parts = operand if isinstance(operand, list) else [operand]
        written = "".join(part.original_bytes.hex() for part in parts if hasattr(part, "original_bytes"))
        codes = [written[at : at + self.digits] for at in range(0, len(written), self.digits)]
        gaps = sum(float(part) for part in parts if not hasattr(part, "original_bytes"))
        text = "".join(self.characters.get(code, "\N{REPLACEMENT CHARACTER}") for code in codes)
        return text, sum(self.widths.get(code, USUAL_WIDTH) for code in codes) - gaps


def read_font(font: Any) -> Font:
    """Return what the dictionary *font* tells."""
    if "/DescendantFonts" in font:
        return Font(_told(font), _widths(font["/DescendantFonts"][0].get_object()))
    # The standard encodings agree on the letters of English, and nobody makes our files with them.
    usual = {f"{code:02x}": bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}
    first = int(font.get("/FirstChar", 0))
    widths = {f"{first + at:02x}": float(width) for at, width in enumerate(font.get("/Widths", []))}
    return Font(usual | _told(font), widths, USUAL_CODE // 2)


def _told(font: Any) -> dict[str, str]:
    """Return what the codes of *font* stand for, where it says so."""
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].get_data().decode().partition("endcodespacerange")[2]
    pairs = re.findall(r"<([0-9A-Fa-f]{2}|[0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
    return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def _widths(descendant: Any) -> dict[str, float]:
    """Return how wide the codes of a font are, where its *descendant* says so: code [width …], or first last width."""
    widths: dict[str, float] = {}
    told = iter(descendant.get("/W", []))
    for first in told:
        following = next(told)
        many = [float(one) for one in following] if isinstance(following, list) else [float(next(told))] * (following - first + 1)
        widths |= {f"{first + at:04x}": width for at, width in enumerate(many)}
    return widths
