"""The colours of a PDF -> RRGGBB, or nothing if a colour can't be told (ISO 32000-1, 8.6)."""

from collections.abc import Sequence
from typing import Any

# The spaces that say by how many numbers they have what their colours are.
PLAIN = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}
FADED = 10  # of a hundred: a colour of Lab with so little of any hue is grey


def space_of(name: str, spaces: Any) -> tuple[str, int]:
    """Return the kind of the colour space *name*, which may stand among the *spaces* of a page, and how many numbers its colours have."""
    space = spaces.get(name, name)
    kind = str(space[0] if isinstance(space, list) else space)
    return kind, int(space[1].get_object().get("/N", 0)) if kind == "/ICCBased" else PLAIN.get(kind, 0)


def colour_of(operands: Sequence[Any], space: tuple[str, int]) -> str:
    """Return the colour that *operands* name in *space*."""
    kind, count = space
    if not count or len(operands) != count:  # a pattern's name, for example
        return ""
    numbers = [float(one) for one in operands]
    if kind == "/Lab":
        lightness, *hues = numbers
        return _hexadecimal([lightness / 100] * 3) if max(map(abs, hues)) < FADED else ""
    if count == PLAIN["/DeviceCMYK"]:
        *inks, black = numbers
        return _hexadecimal([(1 - ink) * (1 - black) for ink in inks])
    return _hexadecimal(numbers * (3 // count))


def blended(colour: str, ground: str, alpha: float) -> str:
    """Return what *colour* looks like if it is painted so thick, *alpha*, on *ground*."""
    if alpha >= 1 or not (colour and ground):
        return colour
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True)
    return _hexadecimal([(one * alpha + other * (1 - alpha)) / 255 for one, other in pairs])


def _hexadecimal(parts: list[float]) -> str:
    return "".join(f"{round(min(max(one, 0), 1) * 255):02X}" for one in parts)
