"""The faults of a PDF: each is in the broken file, and a file without what it breaks is left alone."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from reports.documents.view import View
from reports.renderers.pdf import render
from tests.conformance.broken.pdf import ACCESSIBLE, ARCHIVE
from tests.conformance.validator import Fault
from tests.conftest import TINY

pytestmark = pytest.mark.xdist_group("pdf")

FAULTS = (*ARCHIVE, *ACCESSIBLE)
# What is no longer so, in each fault.
CHANGES: dict[str, dict[str, Any]] = {
    "does not say that it is PDF/A": {"PDF/A": False},
    "does not say that it is PDF/UA": {"PDF/UA": False},
    "colours without a profile": {"entries": {"/MarkInfo", "/StructTreeRoot", "/Lang"}},
    "no structure": {"entries": {"/OutputIntents", "/Lang"}, "figures": 0},
    "no language": {"entries": {"/OutputIntents", "/MarkInfo", "/StructTreeRoot"}},
    "a figure without alternative text": {"figures": 2},
}


@pytest.fixture(scope="module")
def note(tiny_view: View) -> bytes:
    return render(tiny_view, TINY / "templates", "note/note.html.j2").content


def facts(content: bytes) -> dict[str, Any]:
    """Return what the faults are about: the entries of the catalogue, what the metadata declare, the number of figures."""
    reader = PdfReader(BytesIO(content))
    declared = reader.root_object["/Metadata"].get_data()
    objects = PdfWriter(clone_from=reader)._objects
    return {
        "entries": {name for name in ("/OutputIntents", "/MarkInfo", "/StructTreeRoot", "/Lang") if name in reader.root_object},
        "PDF/A": b'pdfaid:part="3"' in declared,
        "PDF/UA": b"<pdfuaid:part>" in declared,
        "figures": sum(isinstance(one, dict) and one.get("/S") == "/Figure" for one in objects),
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_in_the_broken_file(fault: Fault, note: bytes) -> None:
    """The broken file lacks what the fault is named for, and has all the rest."""
    good = facts(note)
    assert good == {"entries": {"/OutputIntents", "/MarkInfo", "/StructTreeRoot", "/Lang"}, "PDF/A": True, "PDF/UA": True, "figures": 1}
    assert facts(fault.put(note)) == good | CHANGES[fault.what]


@pytest.mark.parametrize("metadata", [None, "<x/>"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_file_without_what_a_fault_breaks_is_left_alone(fault: Fault, metadata: str | None) -> None:
    """A PDF of an empty page without tags or language, whose metadata declare nothing, comes back as the same bytes."""
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(9, 9)
    if metadata:
        stream = StreamObject()
        stream.set_data(metadata.encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    writer.write(target)
    assert fault.put(target.getvalue()) == target.getvalue()
