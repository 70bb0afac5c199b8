"""Fragments that come together: what several of them have is in the file once."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from reports.documents.view import View
from reports.renderers.pdf import render
from tests.renderers.conftest import PAGE


def test_a_picture_of_several_pieces_is_there_once(tiny_view: View, tiny_templates: Path) -> None:
    """A picture that is in many pieces, and in the margins of all, is written once; and no stream stands in a stream of objects."""
    Image.effect_noise((90, 90), 80).save(tiny_templates / "short" / "logo.png")
    css = "@page { @top-left { content: url('logo.png') } } img { width: 20mm }"
    (tiny_templates / "short" / "test.css").write_text(css, "utf-8")
    section = '<section class="new-page"><p>a</p><figure><img src="short/logo.png" alt="A"></figure></section>'
    (tiny_templates / "short" / "test.html.j2").write_text(PAGE % (section * 5), "utf-8")
    made = render(tiny_view, tiny_templates, "short/test.html.j2")
    reader = PdfReader(BytesIO(made.content))
    assert [page for page in reader.pages if page.raw_get("/Contents")[0].idnum in reader.xref_objStm] == []
    pictures = [item for page in reader.pages for item in page["/Resources"]["/XObject"].values()]
    assert len(pictures) == 6  # one in the resources of each piece
    assert len({item.indirect_reference.idnum for item in pictures}) == 1
