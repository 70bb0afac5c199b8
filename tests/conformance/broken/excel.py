"""What can be wrong with a workbook: the faults that each validator has to see."""

from tests.conformance.broken import both, cut, half, part
from tests.conformance.validator import Fault

CORE, WORKBOOK, STYLES = "docProps/core.xml", "xl/workbook.xml", "xl/styles.xml"
FIRST, SECOND, SHEETS, TABLES = (
    f"xl/{name}.xml" for name in ("worksheets/sheet1", "worksheets/sheet2", "worksheets/sheet\\d+", "tables/table\\d+")
)
TITLE = '(<c r="A1" [^>]*><is><t>)[^<]*'
GRADIENT = '<gradientFill><stop position="0"><color rgb="FF12355B"/></stop><stop position="1"><color rgb="FFFFFFFF"/></stop></gradientFill>'
LINKED = '(<c r="([A-Z]+[0-9]+)" [^>]*><is><t>)[^<]*(?=.*<hyperlink ref="\\2")'

SCHEMA = (
    Fault("elements out of order", part(STYLES, '(<b val="1"/>)(<sz [^>]*>)', r"\2\1"), "unexpected child element"),
    Fault("a value that is none", part(SHEETS, 'activeCell="A1"', 'activeCell="A1" tabColour="x"'), "tabColour"),
    Fault("half a part", cut(SECOND), "Unexpected end of file"),
)
# openxml-audit passes over a sheet that it can't parse: half a part is for the others to see.
AUDIT = (
    Fault(
        "elements out of order", part(SECOND, "(<sheetData>.*</sheetData>)(.*)(<pageMargins[^>]*>)", r"\3\1\2"), "(?i)unexpected element"
    ),
)
# A program that computes what another leaves empty reads other cells: so we know that cells are compared at all.
FORMULA = part(SECOND, '<c r="B4" .*?</c>', '<c r="B4"><f>1+1</f></c>')
CALAMINE = (
    Fault("half a file", half, "calamine can't read"),
    Fault("half a part", cut(SECOND), "calamine can't read"),
    Fault("a formula", FORMULA, "^row 4 of"),
)
GNUMERIC = (
    Fault("half a file", half, "gnumeric says: .*Unsupported file format"),
    Fault("half a part", cut(SECOND), "gnumeric says: .*XML-CRITICAL"),
    Fault("a formula", FORMULA, "^row 4 of"),
)
CALC = (
    Fault("half a file", half, "LibreOffice can't open"),
    Fault("a formula", FORMULA, "^row 4 of"),
)
BLANK = both(part(SECOND, '(<row r="5">).*?(</row>)', r"\1\2"), part(SECOND, '<hyperlink ref="[A-Z]+5"[^>]*>', ""))
RULED = (
    Fault("a table without a name", part(TABLES, 'displayName="[^"]*"', 'displayName="Table1"'), "no name that means something"),
    Fault("a table without a style", part(TABLES, "<tableStyleInfo[^>]*>", ""), "has no style"),
    Fault("a table without alternative text", part(TABLES, " altText=", " altTex="), "no alternative text"),
    Fault("a note beside the table", part(SECOND, '(<row r="3">.*?)(</row>)', r'\1<c r="ZZ3"><v>1</v></c>\2'), "stands beside or under"),
    Fault("a heading without text", part(SECOND, '<c r="B3" .*?</c>', ""), "empty or comes twice"),
    Fault("a heading that its table does not know", part(SECOND, '(<c r="B3" [^>]*><is><t>)', r"\1x"), "not those that its table declares"),
    Fault("a blank row", BLANK, "is blank"),
    Fault("merged cells", part(SECOND, "(</sheetData>)", r'\1<mergeCells count="1"><mergeCell ref="A4:B4"/></mergeCells>'), "merged"),
    Fault("texts that run on", part(STYLES, 'wrapText="1"', 'wrapText="0"'), "is not wrapped"),
    Fault("a sheet without a title", part(SECOND, '<c r="A1" .*?</c>', ""), "A1 of .* holds no title"),
    Fault("a sign for a note", part(FIRST, TITLE, r"\1Title*"), "ends with a sign for a note"),
    Fault("a raised text", part(STYLES, "(<sz [^>]*>)", r'<vertAlign val="superscript"/>\1'), "raised"),
    Fault("a link that says nothing", part(FIRST, LINKED, r"\1here"), "'here' does not say"),
    Fault("a hidden sheet", part(WORKBOOK, '(sheetId="2" state=)"visible"', r'\1"hidden"'), "empty or hidden"),
    Fault("a cover that leads nowhere", part(FIRST, "<hyperlinks>.*</hyperlinks>", ""), "does not lead to"),
    Fault(
        "a footer",
        part(SECOND, "(<pageSetup [^>]*>)", r"\1<headerFooter><oddFooter>&amp;C1</oddFooter></headerFooter>"),
        "headers, pictures",
    ),
    Fault("pale text", part(STYLES, 'rgb="FF12355B"', 'rgb="FFAAAAAA"'), "can hardly be read"),
    Fault("a colour of the theme", part(STYLES, '<color rgb="FF12355B"/>', '<color theme="0"/>'), "nobody can tell how A1"),
    Fault("a ground of the theme", part(STYLES, '<fgColor rgb="FF12355B"/>', '<fgColor theme="4"/>'), "nobody can tell how A3"),
    Fault("a ground in a pattern", part(STYLES, 'patternType="solid"', 'patternType="darkGrid"'), "nobody can tell how A3"),
    Fault("a ground in two colours", part(STYLES, "<patternFill [^>]*solid.*?</patternFill>", GRADIENT), "nobody can tell how A3"),
    Fault(
        "a word in a colour of its own",
        part(FIRST, "<is>(<t>[^<]*</t>)</is>", r'<is><r><rPr><color rgb="FFEEEEEE"/></rPr>\1</r></is>'),
        "a word in a text has a colour of its own",
    ),
    Fault("links told by their colour", part(STYLES, '<u val="single"/>', ""), "told by its colour alone"),
    Fault("a hidden column", part(SECOND, "<col ", '<col hidden="1" '), "is hidden"),
    Fault("a hidden row", part(SECOND, '<row r="5"', '<row r="5" hidden="true"'), "is hidden"),
    Fault("a column without width", part(SECOND, '<col width="[0-9.]+"', '<col width="0.1"'), "is hidden"),
    Fault("rows without height", part(SECOND, "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '), "is hidden"),
    Fault("no title in the properties", part(CORE, "<dc:title[^>]*>.*?</dc:title>", ""), "property 'title' is missing"),
    Fault("a cursor elsewhere", part(FIRST, 'activeCell="A1"', 'activeCell="B9"'), "does not open on its first cell"),
    Fault("a formula", FORMULA, "holds a formula"),
)
CHECKLIST = (
    Fault("half a file", half, "the workbook can't be opened"),
    Fault("half a part", cut(SECOND), "the workbook can't be opened"),
    *RULED,
)
