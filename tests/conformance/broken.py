"""Good file -> broken file, made in memory: what each validator must object to, or else it is blind."""

import logging
import re
from collections.abc import Callable
from functools import reduce
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from reports.renderers.ooxml import pack, unpack

Change = Callable[[bytes], bytes]

DOCUMENT, STYLES, HEADING = "word/document.xml", "word/styles.xml", '<w:pStyle w:val="Heading1"/>'
LOOKS, TEXTS, FIRST, SECOND = "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
LINKED = '(<c r="([A-Z]+[0-9]+)" s="[0-9]+" )t="s"><v>[0-9]+</v>(?=.*<hyperlink ref="\\2")'
PAGE = {
    '<html lang="[^"]*"': "<html",
    '<label for="[^"]*"': "<label",
    "<h1>": '<img src="elsewhere.png" alt="a"><h1 style="color: #ccc; width: 200rem">',
    "</body>": "<script>nothing()</script></body>",
    "(?s)<tbody.*?</tbody>": "",  # axe-core needs seconds for hundreds of rows
}

# That the original miscounts its objects, as WeasyPrint's files do, is no matter here.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def untagged(content: bytes) -> bytes:
    """Return a PDF without its structure."""
    writer, target = PdfWriter(clone_from=PdfReader(BytesIO(content))), BytesIO()
    for key in ("/MarkInfo", "/StructTreeRoot"):
        writer.root_object.pop(key, None)
    writer.write(target)
    return target.getvalue()


def inaccessible_page(content: bytes) -> bytes:
    """Return a web page with every change of PAGE."""
    page = content.decode()
    for pattern, replacement in PAGE.items():
        page = re.sub(pattern, replacement, page)
    return page.encode()


def part(name: str, pattern: str, replacement: str) -> Change:
    """Return what replaces *pattern* wherever it stands in the part *name* of a package."""

    def change(content: bytes) -> bytes:
        parts = unpack(content)
        return pack({**parts, name: re.sub(pattern.encode(), replacement.encode(), parts.get(name, b""), flags=re.DOTALL)})

    return change


def together(*changes: Change) -> Change:
    """Return what makes *changes* one after another."""
    return lambda content: reduce(lambda changed, change: change(changed), changes, content)


def first(inside: str) -> Change:
    """Return what puts a paragraph with the XML *inside* before all others of a Word document."""
    return part(DOCUMENT, "<w:body>", f"<w:body><w:p>{inside}</w:p>")


without_attribute = part(DOCUMENT, "<w:pStyle w:val=", "<w:pStyle w:vax=")
undefined_style = part(DOCUMENT, '"Heading1"', '"Nothing"')
text_under_field = first('<w:fldSimple w:instr="PAGE"><w:r><w:t>Page one</w:t></w:r></w:fldSimple>')
one_field = part(DOCUMENT, '<w:tag w:val="[^"]*"', '<w:tag w:val="one/field"')
untracked = first("<w:r><w:t>Neither edition says this.</w:t></w:r>")
skipped_heading = part(DOCUMENT, f"{HEADING}(?!.*{HEADING})", HEADING.replace("1", "3"))
inaccessible_document = together(
    first(""),
    first("<w:r><w:t>• a</w:t></w:r>"),
    first("<w:hyperlink><w:r><w:t>here</w:t></w:r></w:hyperlink>"),
    part("word/footer1.xml", "</w:p>", "<w:r><w:t> – Nowhere else</w:t></w:r></w:p>"),
    part(STYLES, '<w:sz w:val="22"/>', '<w:sz w:val="18"/><w:jc w:val="both"/>'),
    part(STYLES, '<w:color w:val="5B6670"/>', '<w:color w:val="AAAAAA" w:themeColor="background1"/>'),
    part(STYLES, '<w:u w:val="single"/>', ""),
)

font_in_disorder = part(LOOKS, '(<b val="1"/>)(<sz [^>]*>)', r"\2\1")
sheet_in_disorder = part(SECOND, "(<sheetData>.*</sheetData>)(.*)(<pageMargins[^>]*>)", r"\3\1\2")
# A program that computes what another leaves empty reads other cells: so we know that cells are compared at all.
formula = part(SECOND, '<c r="B4" .*?</c>', '<c r="B4"><f>1+1</f></c>')
without_heights = part(SECOND, ' ht="[^"]*"( customHeight="1")?', "")
# What a program does that gives each row one line: newer ones work out the heights that a file does not tell.
with_low_rows = part(SECOND, ' ht="[^"]*"', ' ht="15.75"')
# Two rows of one reference, which is what tells what came back from what was sent.
with_twice = part(SECOND, '(<c r="A6"[^>]*>)(.*?)(</c>.*?<c r="A7"[^>]*>).*?</c>', r"\1\2\3\2</c>")
inaccessible_workbook = together(
    part(SECOND, '(<row r="5"[^>]*>).*?(</row>)', r"\1\2"),
    part(SECOND, '<hyperlink ref="[A-Z]+5"[^>]*>', ""),
    part(TEXTS, "^(.*?<si><t>)[^<]*", r"\1Title*"),
    part(FIRST, LINKED, r'\1t="inlineStr"><is><t>here</t></is>'),
    part(LOOKS, 'rgb="FF12355B"', 'rgb="FFAAAAAA"'),
    part(LOOKS, '<u val="single"/>', ""),
)

# A source that there is none of; and with it a code that there is none of, and a truth that is neither.
lost_source = part("evidence.csv", r'^(.*?\r\n"[^"]*","evidence",1,")[^"]*', r"\1nothing")
wrong_tables = together(lost_source, part("milestones.csv", '"done"', '"sometimes"'), part("sources.csv", '"false"', '"perhaps"'))
