"""The validators of every format, and the tools that they need: VALIDATORS is what a run goes through, and the README's table."""

from functools import partial
from importlib import metadata

from tests.conformance import (
    broken,
    browser,
    checklists,
    node,
    office,
    package,
    picture,
    programs,
    redline,
    returned,
    returned_word,
    signed,
    verapdf,
)
from tests.conformance.validator import Tool, Validator

SESSION = "nox -s conformance"  # installs what package indexes have
DEBIAN = ".ci/validators"  # as root, installs what Debian and its backports have


def _package(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


VERAPDF = Tool("veraPDF", verapdf.version, SESSION)
NODE = Tool("Node", partial(programs.version_of, "node"), SESSION, least="18")
SDK = Tool("Open XML SDK validator", partial(node.version_of, office.PACKAGE), SESSION)
AUDIT = Tool("openxml-audit", partial(_package, "openxml-audit"), SESSION)
CALAMINE = Tool("calamine", partial(_package, "python-calamine"), SESSION)
AXE = Tool("axe-core", browser.axe_version, SESSION)
BROWSER = Tool("Chromium", browser.version, DEBIAN)
GNUMERIC = Tool("gnumeric", partial(programs.version_of, "ssconvert"), DEBIAN)
OFFICE = Tool("LibreOffice", partial(programs.version_of, "soffice"), DEBIAN)
# Debian 12's own, 7.4, writes no PDF/UA whatever the document: no /Tabs on pages with links, and the borders of paragraphs untagged.
OFFICE_EXPORT = Tool("LibreOffice", OFFICE.version, DEBIAN, least="25.2")
OLD_OFFICE = Tool("LibreOffice", partial(programs.version_of, "soffice-7.4"), DEBIAN)  # which works out no heights of rows
OPENPYXL = Tool("openpyxl", partial(_package, "openpyxl"), SESSION)
EXCELJS, SHEETJS = (
    Tool(name, partial(node.version_of, package), SESSION) for name, package in (("exceljs", "exceljs"), ("SheetJS", "xlsx"))
)
FRICTIONLESS, CSVW = (Tool(name, partial(_package, name), SESSION) for name in ("frictionless", "csvw"))
PYHANKO = Tool("pyHanko", partial(_package, "pyhanko"), SESSION)
POPPLER = Tool("poppler", partial(programs.version_of, "pdftotext", "-v"), DEBIAN)

SCHEMA, CELLS = "Office's schemas", "opens with every cell"
TRACKED = "changes that, all accepted or all rejected, make either edition"
DRAWING, OLD_DRAWING = (f"LibreOffice {version} draws every text whole in its cell" for version in ("25.2", "7.4"))
DOCUMENT_CHECKLIST, SHEET_CHECKLIST = "checklist for accessible documents", "checklist for accessible spreadsheets"
DOCUMENT_FAULTS = ("is empty", "looks like an item", "'here'", "'nowhere'", "smaller than", "left", "AAAAAA can hardly", "theme", "alone")
SHEET_FAULTS = ("is blank", "sign for a note", "'here'", "can hardly be read", "colour alone")
RETURNED, RETURNED_FAULTS = "every edit comes back", ("^untouched: finds", "^tracked: does not find")
TRACKED_FAULTS = (r"accepted, .*\+ Neither", r"rejected, .*\+ Neither")
DRAWING_FAULTS = (r"^[A-Z]+\d+ of '\w+' shows .* within its edges",)
PAGE_FAULTS = ("^html-has-lang", "^label", "^color-contrast", "sideways", "^asks for .*elsewhere", "script fails: nothing is")

PACKAGE_FAULTS = ("^evidence: .*foreign key", '^milestones: .*"sometimes"', '^sources: .*"perhaps"')
CSVW_FAULTS = (r"evidence\.csv.*not found in table sources\.csv",)

# Who edits the register, and with what; each of the copies has to be read with every edit, and with nothing else.
RETURNING = {
    "soffice": ("LibreOffice 25.2", (OFFICE_EXPORT,)),
    "soffice-7.4": ("LibreOffice 7.4", (OLD_OFFICE,)),
    "gnumeric": ("gnumeric", (GNUMERIC,)),
    "openpyxl": ("openpyxl", (OPENPYXL,)),
    "exceljs": ("exceljs", (EXCELJS, NODE)),
    "sheetjs": ("SheetJS", (SHEETJS, NODE)),
}

DRAW_OLD, DRAW_NEW = (partial(picture.check_picture, program) for program in ("soffice-7.4", "soffice"))

VALIDATORS = (
    Validator(".pdf", "PDF/A-3a (ISO 19005-3)", (VERAPDF,), partial(verapdf.check_pdf, "3a"), broken.untagged, (r"^6\.7\.",)),
    Validator(".pdf", "PDF/UA-1 (ISO 14289-1)", (VERAPDF,), partial(verapdf.check_pdf, "ua1"), broken.untagged, (r"^7\.1-",)),
    Validator(".pdf", "both, when it is signed", (VERAPDF, PYHANKO), signed.check_signed, broken.untagged, (r"^6\.7\.", r"^7\.1-"), False),
    Validator(".docx", SCHEMA, (SDK, NODE), office.check_sdk, broken.without_attribute, ("attribute 'val' is missing",)),
    Validator(".docx", "schemas, cells, styles", (AUDIT,), office.check_audit, broken.undefined_style, ("'Nothing' .* not defined",)),
    Validator(".docx", "opens with every paragraph", (OFFICE,), office.check_writer, broken.text_under_field, ("'Page one'",)),
    Validator(".docx", "exports as PDF/UA-1", (OFFICE_EXPORT, VERAPDF), office.check_export, broken.skipped_heading, (r"^7\.4\.2-1 ",)),
    Validator(".docx", RETURNED, (OFFICE_EXPORT,), returned_word.check_returned, broken.one_field, RETURNED_FAULTS, in_each=False),
    Validator(".docx", DOCUMENT_CHECKLIST, (), checklists.check_word, broken.inaccessible_document, DOCUMENT_FAULTS),
    Validator("-changes.docx", TRACKED, (OFFICE,), redline.check_redline, broken.untracked, TRACKED_FAULTS, in_each=False),
    Validator(".xlsx", SCHEMA, (SDK, NODE), office.check_sdk, broken.font_in_disorder, ("unexpected child element",)),
    Validator(".xlsx", "schemas, sheets", (AUDIT,), office.check_audit, broken.sheet_in_disorder, ("(?i)unexpected element",)),
    Validator(".xlsx", CELLS, (OFFICE, CALAMINE), office.check_calc, broken.formula, ("^row 4 of",)),
    Validator(".xlsx", CELLS, (GNUMERIC, CALAMINE), office.check_gnumeric, broken.formula, ("^row 4 of",)),
    Validator(".xlsx", "reads every cell", (CALAMINE,), office.check_calamine, broken.formula, ("^row 4 of",)),
    Validator(".xlsx", OLD_DRAWING, (OLD_OFFICE, POPPLER), DRAW_OLD, broken.without_heights, DRAWING_FAULTS, in_each=False),
    Validator(".xlsx", DRAWING, (OFFICE_EXPORT, POPPLER), DRAW_NEW, broken.with_low_rows, DRAWING_FAULTS),
    Validator(".xlsx", SHEET_CHECKLIST, (), checklists.check_excel, broken.inaccessible_workbook, SHEET_FAULTS),
    *(
        Validator(
            ".xlsx",
            f"comes back from {name}",
            tools,
            partial(returned.check_returned, program),
            broken.with_twice,
            ("stands twice",),
            False,
        )
        for program, (name, tools) in RETURNING.items()
    ),
    Validator(".html", "WCAG 2.2, as far as a program can tell", (AXE, BROWSER), browser.check_axe, broken.inaccessible_page, PAGE_FAULTS),
    Validator(".zip", "Data Package 2", (FRICTIONLESS,), package.check_data_package, broken.wrong_tables, PACKAGE_FAULTS, False),
    Validator(".zip", "CSV on the Web", (CSVW,), package.check_csvw, broken.lost_source, CSVW_FAULTS, False),
)
