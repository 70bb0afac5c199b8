"""File that is a zip archive -> its parts in XML, each looked at before anything in it is believed."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reports.proposals.refusal import DAMAGED, MACROS, PROTECTED, RefusedError
from reports.readers.content import bound

ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # begin an archive, and what Office wrote before 2007 and what it encrypts today
MOST_PARTS, MOST_BYTES = 5_000, 200_000_000
MOST_PARSED = 20_000_000  # bytes of XML that stand in the memory as trees, which is ten times as much
TYPES = "[Content_Types].xml"  # which every package of Office has
MACRO = re.compile("macro|vba", re.IGNORECASE)
IS_ENCRYPTED = 0x1  # flag of a part (PKWARE's APPNOTE, 4.4.4)
# No entity is looked up, in the file or elsewhere, and what is deeper or longer than any program writes is an error.
XML: dict[str, bool] = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}


class Target(NamedTuple):
    """The part at *path* to which another part leads, and the last word of the name of the relationship: "worksheet", "comments"."""

    kind: str
    path: str


class Archive:
    """The parts of the archive *content*: whole, of a sane size, with names that lead nowhere else, and without a document type.

    Raises RefusedError or TooLargeError, and for a damaged archive what Python's zipfile and lxml raise.
    """

    def __init__(self, content: bytes) -> None:
        self._parsed = 0
        self._file = ZipFile(BytesIO(content))
        parts = self._file.infolist()
        bound("parts", len(parts), MOST_PARTS)
        # By what the archive says: Python reads no part further than that, and finds by its checksum that it was not all.
        bound("bytes when unpacked", sum(part.file_size for part in parts), MOST_BYTES)
        if any(part.flag_bits & IS_ENCRYPTED for part in parts):
            raise RefusedError(PROTECTED)
        self.names = frozenset(part.filename for part in parts)
        if len(self.names) < len(parts) or any(name.startswith("/") or ".." in name.split("/") for name in self.names):
            raise RefusedError(DAMAGED)
        if self._file.testzip():
            raise RefusedError(DAMAGED)

    def read(self, name: str) -> bytes:
        """Return the part *name*, or nothing if there is none.

        No program writes a document type into such a file: it is where entities that multiply, or fetch a file, are declared.
        """
        content = self._file.read(name) if name in self.names else b""
        if b"<!DOCTYPE" in content.replace(b"\0", b""):  # in UTF-16 too
            raise RefusedError(DAMAGED)
        return content

    def root(self, name: str) -> Any:
        """Return the root of the XML in the part *name*, or an empty element if there is no such part."""
        content = self.read(name)
        self._parsed += len(content)
        bound("bytes of XML", self._parsed, MOST_PARSED)
        return etree.fromstring(content, etree.XMLParser(**XML)) if content else etree.Element("none")

    def elements(self, name: str, tag: str) -> Iterator[Any]:
        """Yield each element with the *tag* in the part *name*, and forget it when the next one is asked for: there may be millions."""
        content = self.read(name)
        for _, element in etree.iterparse(BytesIO(content), tag=tag, **XML) if content else ():
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def targets(self, name: str) -> Mapping[str, Target]:
        """Return the parts to which the part *name*, or "" for the archive, leads, by the ids of its relationships (ISO 29500-2, 9.3)."""
        folder, file = posixpath.split(name)
        found = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {
            relationship.get("Id"): Target(
                relationship.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relationship.get("Target", ""))).lstrip("/"),
            )
            for relationship in found.iter("{*}Relationship")
            if relationship.get("TargetMode") != "External"
        }

    def refuse_macros(self, name: str) -> None:
        """Raise RefusedError if this is a package of Office, whose main part is *name*, with macros."""
        # SheetJS names a type with macros for parts that might be there (Default), and are not.
        types = [part.get("ContentType", "") for part in self.root(TYPES).iter("{*}Override")]
        binary = [part for part in self.names if part.lower().endswith(".bin")]
        if MACRO.search(" ".join([*types, *binary, *(target.kind for target in self.targets(name).values())])):
            raise RefusedError(MACROS)


def holds(content: bytes, name: str) -> bool:
    """Tell whether *content* is an archive with a part of that *name*, as far as its list of parts can be read."""
    with suppress(BadZipFile, NotImplementedError, ValueError), ZipFile(BytesIO(content)) as file:
        return name in file.namelist()
    return False
