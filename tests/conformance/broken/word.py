"""What can be wrong with a Word document: the faults that each validator has to see."""

from io import BytesIO

import docx
from PIL import Image

from tests.conformance.broken import Change, cut, half, part
from tests.conformance.validator import Fault

DOCUMENT, STYLES, CORE, SETTINGS = "word/document.xml", "word/styles.xml", "docProps/core.xml", "word/settings.xml"
HEADING = '<w:pStyle w:val="Heading1"/>'
TABLE = "(<w:tblPr>.*?</w:tblPr>)(<w:tblGrid>.*?</w:tblGrid>)"
FIRST_ROW = '(<w:tblStylePr w:type="firstRow">)'
FIRST_CELL = "^(.*?</w:tcPr>)<w:p>.*?</w:p>"


def _pictured(content: bytes) -> bytes:
    """Add a picture without alternative text."""
    document, picture, target = docx.Document(BytesIO(content)), BytesIO(), BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    document.add_picture(picture)
    document.save(target)
    return target.getvalue()


def _floating(content: bytes) -> bytes:
    """Add a picture that floats."""
    return part(DOCUMENT, "wp:inline", "wp:anchor")(_pictured(content))


def _first(inside: str) -> Change:
    """Return what puts a paragraph with the XML *inside* before all others."""
    return part(DOCUMENT, "<w:body>", f"<w:body><w:p>{inside}</w:p>")


def _run(properties: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>Word</w:t></w:r>"


def _shd(fill: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'


UNTITLED = part(CORE, "<dc:title>.*?</dc:title>", "")
SKIPPED = part(DOCUMENT, f"{HEADING}(?!.*{HEADING})", HEADING.replace("1", "3"))

SCHEMA = (
    Fault("elements out of order", part(DOCUMENT, TABLE, r"\2\1"), "unexpected child element"),
    Fault("an attribute that is not there", part(DOCUMENT, "<w:pStyle w:val=", "<w:pStyle w:vax="), "attribute 'val' is missing"),
    Fault("half a part", cut(DOCUMENT), "Unexpected end of file"),
)
AUDIT = (
    Fault("a cell without a paragraph", part(DOCUMENT, FIRST_CELL, r"\1"), "tc.*Required sequence content is missing"),
    Fault("a style that nobody defines", part(DOCUMENT, '"Heading1"', '"Nothing"'), "'Nothing' referenced but not defined"),
    Fault("half a part", cut(DOCUMENT), "Cannot parse document.xml"),
)
OPENED = (
    Fault("half a file", half, "can't open it"),
    Fault("half a part", cut(DOCUMENT), "can't open it"),
    Fault(
        "a text that a field replaces",
        _first('<w:fldSimple w:instr="PAGE"><w:r><w:t>Page one</w:t></w:r></w:fldSimple>'),
        "does not show 'Page one'",
    ),
)
EXPORTED = (
    Fault("half a file", half, "can't export it"),
    Fault("no title", UNTITLED, r"^7\.1-9 "),
    Fault("a heading that skips a level", SKIPPED, r"^7\.4\.2-1 "),
    Fault("a picture without alternative text", _pictured, r"^7\.3-1 "),
)
RULED = (
    Fault("no title", part(DOCUMENT, '"Title"', '"BodyText"'), "0 paragraphs have the style Title"),
    Fault("no headings", part(DOCUMENT, '"Heading\\d"', '"BodyText"'), "no paragraph has the style of a heading"),
    Fault("a heading that skips a level", SKIPPED, "level 3 follows one of level 1"),
    Fault("no title in the properties", UNTITLED, "property 'title' is missing"),
    Fault("another language in the properties", part(CORE, "<dc:language>.*?<", "<dc:language>de<"), "language of the styles"),
    Fault("a mark of no language", _first('<w:r><w:rPr><w:lang w:val="English"/></w:rPr></w:r>'), "'English' is no language"),
    Fault("a typed list", _first("<w:r><w:t>• a</w:t></w:r>"), "'• a' looks like an item of a list"),
    Fault("no header row", part(DOCUMENT, "<w:tblHeader/>", ""), "no header row"),
    Fault("a header row that is none", part(DOCUMENT, "<w:tblHeader/>", '<w:tblHeader w:val="false"/>'), "no header row"),
    Fault("rows that split", part(DOCUMENT, "<w:cantSplit/>", ""), "may split"),
    Fault("a table without title", part(DOCUMENT, "<w:tblCaption [^>]*>", ""), "no tblCaption"),
    Fault("a table without description", part(DOCUMENT, "<w:tblDescription [^>]*>", ""), "no tblDescription"),
    Fault("a merged cell", part(DOCUMENT, "</w:tcPr>", '<w:gridSpan w:val="2"/></w:tcPr>'), "a cell is merged"),
    Fault("an empty cell", part(DOCUMENT, FIRST_CELL, r"\1<w:p/>"), "a cell is empty"),
    Fault("a picture without alternative text", _pictured, "no alternative text"),
    Fault("a picture that floats", _floating, "floats"),
    Fault("a link that says nothing", _first("<w:hyperlink><w:r><w:t>here</w:t></w:r></w:hyperlink>"), "'here' does not say"),
    Fault(
        "a text in the footer only",
        part(r"word/footer\d\.xml", "</w:p>", "<w:r><w:t> – Nowhere else</w:t></w:r></w:p>"),
        "'nowhere' stands in",
    ),
    Fault("small print", part(STYLES, '<w:sz w:val="22"/>', '<w:sz w:val="18"/>'), "9 points"),
    Fault("justified text", part(STYLES, "(<w:pPrDefault><w:pPr>)", r'\1<w:jc w:val="both"/>'), "not aligned at the left"),
    Fault("an empty paragraph", _first(""), "a paragraph is empty"),
    Fault("pale text", part(STYLES, '<w:color w:val="[^"]*"/>', '<w:color w:val="AAAAAA"/>'), "a contrast of 2.3"),
    Fault("a pale word", _first(_run('<w:color w:val="EEEEEE"/>')), "'Word' has a contrast of 1.2 with its ground"),
    Fault("a word on a ground of its colour", _first(_run(f'<w:color w:val="12355B"/>{_shd("12355B")}')), "'Word' has a contrast of 1.0"),
    Fault("a colour of the theme", _first(_run('<w:color w:val="000000" w:themeColor="background1"/>')), "nobody can tell how 'Word'"),
    Fault("a ground in a pattern", _first(_run('<w:shd w:val="pct50" w:color="auto" w:fill="auto"/>')), "nobody can tell how 'Word'"),
    Fault("a word in a marker's colour", _first(_run('<w:highlight w:val="yellow"/>')), "nobody can tell how 'Word'"),
    Fault("rows in colours of their place", part(STYLES, FIRST_ROW, rf"\1<w:tcPr>{_shd('EEEEEE')}</w:tcPr>"), "how all rows are read"),
    Fault("a table on a ground of its colour", part(DOCUMENT, "</w:tblPr>", f"{_shd('12355B')}</w:tblPr>"), "a contrast of 1.0"),
    Fault("a footer in white", part(r"word/footer\d\.xml", "<w:r>", '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'), "a contrast of 1.0"),
    Fault("links told by their colour", part(STYLES, '<w:u w:val="single"/>', ""), "by their colour alone"),
    Fault("an older Word", part(SETTINGS, '("compatibilityMode".*?)"15"', r'\1"14"'), "older Word"),
    Fault("a question at every opening", part(SETTINGS, "(<w:compat>)", r'<w:updateFields w:val="true"/>\1'), "asks at every opening"),
)
CHECKLIST = (
    Fault("half a file", half, "the Word document can't be opened"),
    Fault("half a part", cut(STYLES), "the Word document can't be opened"),
    *RULED,
)
