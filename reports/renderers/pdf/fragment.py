"""A fragment: the pages of one piece of a document, as parts of a PDF whose objects have no numbers yet.

Its objects name each other, and what they share with other fragments, by marks, for which numbers are put when fragments are joined.
A mark has control characters around it, which no text of a document holds.
"""

import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import field
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

MARK = re.compile(rb"\x01([a-z])(\d*)\x02")
KINDS = ("ExtGState", "XObject", "Pattern", "Shading")  # of resources that a fragment has of its own
KEPT = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


def mark(kind: str, number: int | str = "") -> str:
    """Return the mark of a number that is put in later.

    It is that of the object `o` or the page `p` of this fragment, of the element `s` that it shares with others, of the annotation `a` in
    the parent tree, of the colours `c`, the profile `i` or the fonts `f` of the file; or, in names, of the fragment `x` or a shared
    element `n`.
    """
    return f"\x01{kind}{number}\x02"


def reference(kind: str, number: int | str = "") -> bytes:
    """Return a reference to the object that the mark stands for."""
    return f"{mark(kind, number)} 0 R".encode()


class Objects:
    """The objects of a fragment, numbered by marks; for what adds objects to a PDF, it is one."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def add_object(self, item: Any) -> None:
        item.number = mark("o", len(self.items))
        self.items.append(item)

    def add(self, item: Any) -> int:
        """Return the number in this list that *item* is given."""
        self.add_object(item)
        return len(self.items) - 1


@dataclass
class FragmentPage:
    """One page: its size and bleed in CSS pixels, what is on it, objects by their numbers, and the name that its styles give it.

    *parents* are the structure elements of its contents. Its margins show *strings*, each a name and a text, and *running* elements,
    each a name and its XML, that its text sets.
    """

    width: float
    height: float
    bleed: dict[str, float]
    content: int
    annotations: list[int]
    parents: list[int | None]
    anchors: dict[str, tuple[float, float, float, float]]
    bookmarks: list[tuple[int, str, tuple[float, float], str]]
    name: str
    strings: list[tuple[str, str]]
    running: list[tuple[str, str]]


@dataclass
class SharedElement:
    """The part of a structure element that other fragments have parts of too: *number* is that of its mark.

    *kids* are structure elements of the fragment, by the numbers of their objects, and shared ones.
    """

    number: int
    role: str
    kids: list["int | SharedElement"] = field(default_factory=list)


@dataclass
class FragmentFont:
    """One font: the digest of its *program*, what WeasyPrint says of it, and the width and the text of each glyph that is used."""

    program: str
    fields: dict[str, Any]
    glyphs: dict[int, tuple[int, str]]


@dataclass(config=KEPT)
class Fragment:
    """The *pages* of one piece, with their *objects*, packed, and the bytes of those that are *streams*, by their numbers.

    *tree* are the outermost structure elements; *owners* are those of the annotations; *names* lead to those that have one; *aims* are
    where links lead within the document. If the piece is not the last of its part, the next begins with what is *following*, the number of
    an element behind its own first; one that *is_short* fills no page, and has to be made longer. One that does not *fit* can't stand
    alone: no page begins with what it begins or ends with. *missing* characters are in no font of their style, *foreign* fonts came from
    the system, *pictorial* ones have no outlines, and *warnings* are WeasyPrint's, each with the style sheet that was read last.
    """

    pages: list[FragmentPage]
    objects: bytes
    streams: dict[int, bytes]
    resources: dict[str, dict[str, str]]
    fonts: dict[str, FragmentFont]
    tree: list[int | SharedElement] = field(default_factory=list)
    owners: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    aims: list[str] = field(default_factory=list)
    following: int | None = None
    is_short: bool = False
    fits: bool = True
    missing: str = ""
    foreign: list[str] = field(default_factory=list)
    pictorial: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def pack(objects: Iterable[bytes]) -> bytes:
    """Return what each of *objects* says as one thing: of a long document, they take a tenth of the memory so."""
    return zlib.compress(json.dumps([data.decode("latin-1") for data in objects]).encode(), 1)


def unpack(packed: bytes) -> list[bytes]:
    """Return what each of the objects says that were *packed*."""
    return [text.encode("latin-1") for text in json.loads(zlib.decompress(packed))]


_KEPT_AS = TypeAdapter(Fragment)
write_fragment, read_fragment = _KEPT_AS.dump_json, _KEPT_AS.validate_json
