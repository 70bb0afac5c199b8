"""What holds of an element of a Word document: its own properties, then those of its styles."""

from itertools import islice

from tests.conformance.checklists.docx_parts import Docx, find

XMLNS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f'<w:document {XMLNS}><w:body><w:p><w:pPr><w:pStyle w:val="A"/><w:jc w:val="end"/></w:pPr></w:p></w:body></w:document>'
STYLES = f"""<w:styles {XMLNS}><w:docDefaults><w:pPrDefault><w:pPr><w:jc w:val="left"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:styleId="A"><w:basedOn w:val="B"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>
<w:style w:styleId="B"><w:basedOn w:val="A"/><w:pPr><w:jc w:val="both"/></w:pPr></w:style></w:styles>"""


def test_styles_that_are_based_on_each_other_come_to_an_end() -> None:
    """The nearest comes first, each style once, though the file has them in a circle; what holds by default comes last."""
    document = Docx({"word/document.xml": BODY.encode(), "word/styles.xml": STYLES.encode()})
    (paragraph,) = find(document.body, "//w:p")
    assert list(islice(document.formats("w:jc/@w:val", paragraph), 9)) == ["end", "center", "both", "left"]
