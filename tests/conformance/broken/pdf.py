"""What can be wrong with a PDF."""

import logging
import re
from collections.abc import Callable
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NullObject, StreamObject

from tests.conformance.broken import Change
from tests.conformance.validator import Fault

# That the original miscounts its objects, as WeasyPrint's files do, is no matter here.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def _without(*keys: str) -> Change:
    """Return what takes the entries *keys* out of a PDF's catalogue."""

    def change(writer: PdfWriter) -> bool:
        held = [key for key in keys if key in writer.root_object]
        for key in held:
            del writer.root_object[key]
        return bool(held)

    return _rewritten(change)


def _unmarked(pattern: str) -> Change:
    """Return what takes *pattern* out of a PDF's metadata."""

    def change(writer: PdfWriter) -> bool:
        metadata = writer.root_object.get("/Metadata", NullObject()).get_object()
        if not isinstance(metadata, StreamObject):
            return False
        said = metadata.get_data()
        metadata.set_data(re.sub(pattern.encode(), b"", said))
        return metadata.get_data() != said

    return _rewritten(change)


def _pictured(writer: PdfWriter) -> bool:
    """Make a figure of the first paragraph; that it has no alternative text is then a fault, whatever the file shows."""
    tags = (writer.get_object(number) for number in range(1, len(writer._objects) + 1))
    first = next((tag for tag in tags if isinstance(tag, DictionaryObject) and tag.get("/S") == "/P"), None)
    if first is None:
        return False
    first[NameObject("/S")] = NameObject("/Figure")
    return True


def _rewritten(change: Callable[[PdfWriter], bool]) -> Change:
    """Return what makes *change* to a PDF, and leaves it alone where *change* says that there was nothing to do."""

    def put(content: bytes) -> bytes:
        writer, target = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
        if not change(writer):
            return content
        writer.write(target)
        return target.getvalue()

    return put


ARCHIVE = (
    Fault("does not say that it is PDF/A", _unmarked('pdfaid:part="3"'), r"^6\.6\.4-"),
    Fault("colours without a profile", _without("/OutputIntents"), r"^6\.2\.4\.3-"),
    Fault("no structure", _without("/MarkInfo", "/StructTreeRoot"), r"^6\.7\."),
)
ACCESSIBLE = (
    Fault("does not say that it is PDF/UA", _unmarked("<pdfuaid:part>.*?</pdfuaid:part>"), r"^5-"),
    Fault("no language", _without("/Lang"), r"^7\.2-"),
    Fault("no structure", _without("/MarkInfo", "/StructTreeRoot"), r"^7\.1-"),
    Fault("a figure without alternative text", _rewritten(_pictured), r"^7\.3-"),
)
