"""Finished document -> what it lacks of the checklists for accessible documents: one module per format."""

import re

CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
EMPTY_PHRASES = ("", "here", "click here", "link", "more", "read more", "this page", "page", "website")


def is_address(text: str) -> bool:
    """Say whether *text* is an address, which a screen reader spells letter by letter."""
    return re.match(r"https?:|www\.|mailto:|#", text) is not None


def tells(text: str) -> bool:
    """Say whether *text*, which is a link's, tells where the link goes."""
    return text.strip().casefold() not in EMPTY_PHRASES and not is_address(text.strip())


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (RRGGBB) as WCAG 2.2 defines it: from 1, none, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
