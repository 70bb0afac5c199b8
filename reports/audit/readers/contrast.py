"""Two colours, as RRGGBB -> can a text in one be read on the other?"""

WHITE = "FFFFFF"
LEAST = 1.5  # a text that is there to be read has 4.5 at least


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it: from 1, none, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def faint(colour: str, ground: str) -> str:
    """Return why a text in *colour* can't be read on *ground*, nothing if it can: it has hardly any contrast."""
    if contrast(colour, ground) >= LEAST:
        return ""
    names = ("white" if one == WHITE else f"#{one}" for one in (colour.upper(), ground.upper()))
    return f"is written in {' on '.join(names)}"


def _luminance(colour: str) -> float:
    """Return the relative luminance of *colour* (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [value / 255 for value in bytes.fromhex(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
