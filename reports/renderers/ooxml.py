"""Packages of Word and Excel files, packed so that the same parts make the same bytes: no clock, no order of a dict."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

CONTENT_TYPES = "[Content_Types].xml"


def unpack(package: bytes) -> dict[str, bytes]:
    """Return the parts of *package* by their names; raises BadZipFile for one that is broken, encrypted or no package at all."""
    try:
        with ZipFile(BytesIO(package)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except (RuntimeError, zlib.error) as error:  # an encrypted part, an unknown compression, a part that is damaged
        raise BadZipFile(str(error)) from None


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return *parts* as one package: the content types first, as readers expect, then by name, all of the same moment."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = ZipInfo(name)  # of 1980, the first moment that an entry can bear
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return target.getvalue()
