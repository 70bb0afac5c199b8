"""Same content, same bytes: a .docx or .xlsx packed anew, without a trace of the clock or of the order of a dict."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

CONTENT_TYPES = "[Content_Types].xml"
MOST_BYTES = 200_000_000
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip entry can bear


def unpack(package: bytes) -> dict[str, bytes]:
    """Return the parts of *package* by their names; raises BadZipFile for one that would unpack to more than anything of ours.

    And for one that is broken, encrypted, or packed in a way that nobody here knows.
    """
    try:
        with ZipFile(BytesIO(package)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise BadZipFile(f"unpacks to more than {MOST_BYTES} bytes")
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except BadZipFile:
        raise
    except Exception as error:  # zipfile lets through whatever its parts stumble over: RuntimeError, LZMAError, UnicodeDecodeError
        raise BadZipFile(str(error)) from None


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return *parts* as one package: the content types first, as readers expect, then by name, all of the same moment."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return target.getvalue()
