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
