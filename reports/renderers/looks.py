"""The colours of all documents, by their roles: one style sheet, which pages take as it is, and figures, Word and Excel by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.errors import Location, Problem, ReportsError
from reports.files import decode, is_file_named_in, read_bytes, sha256

LOOKS = Path("shared", "looks.css")
ROLES = ("ink", "paper", "primary", "accent", "muted", "link", "rule", "grid", "tint")
COLOUR = re.compile(r"--([\w-]+)\s*:\s*(#[0-9a-fA-F]{6})\s*[;}]")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Looks:
    """The style *sheet* in the file *path*, with that file's *digest*, and its *colours* by role, as "#12355b"."""

    path: Path
    digest: str
    sheet: str
    colours: Mapping[str, str]

    def rgb(self, role: str) -> str:
        """Return the colour of *role* as Office writes it: "12355B"."""
        return self.colours[role].removeprefix("#").upper()


def read_looks(templates: Path) -> Looks:
    """Return the looks of *templates*; raises ReportsError if the file is not there, or lacks the colour of a role."""
    path = templates / LOOKS
    if not is_file_named_in(path, templates):
        raise ReportsError(Problem(Location(path), "is missing: the colours of all documents; copy it from the templates of this project"))
    content = read_bytes(path, templates)
    sheet = decode(path, content)
    colours = dict(COLOUR.findall(COMMENT.sub("", sheet)))
    missing = [f"has no colour for '--{role}', in six digits as in '--{role}: #12355b;'" for role in ROLES if role not in colours]
    if missing:
        raise ReportsError(*(Problem(Location(path), message) for message in missing))
    return Looks(path, sha256(content), sheet, colours)
