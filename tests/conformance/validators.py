"""The validators of every format, and the tools that they need: VALIDATORS is what a run goes through, and the README's table."""

from functools import partial
from importlib import metadata

from tests.conformance import browser, node, ooxml, programs, readers, verapdf
from tests.conformance.broken import excel, html, pdf, word
from tests.conformance.checklists.excel import check_excel
from tests.conformance.checklists.word import check_word
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
SDK = Tool("Open XML SDK validator", partial(node.version_of, ooxml.PACKAGE), SESSION)
AUDIT = Tool("openxml-audit", partial(_package, "openxml-audit"), SESSION)
CALAMINE = Tool("calamine", partial(_package, "python-calamine"), SESSION)
AXE = Tool("axe-core", browser.axe_version, SESSION)
BROWSER = Tool("Chromium", browser.version, DEBIAN)
GNUMERIC = Tool("gnumeric", partial(programs.version_of, "ssconvert"), DEBIAN)
OFFICE = Tool("LibreOffice", partial(programs.version_of, "soffice"), DEBIAN)
# Debian 12's own, 7.4, writes no PDF/UA whatever the document: no /Tabs on pages with links, and the borders of paragraphs untagged.
OFFICE_EXPORT = Tool("LibreOffice", OFFICE.version, DEBIAN, least="25.2")


VALIDATORS = (
    Validator(".pdf", "PDF/A-3a (ISO 19005-3)", (VERAPDF,), partial(verapdf.check_pdf, "3a"), pdf.ARCHIVE),
    Validator(".pdf", "PDF/UA-1 (ISO 14289-1)", (VERAPDF,), partial(verapdf.check_pdf, "ua1"), pdf.ACCESSIBLE),
    Validator(".docx", "Office's schemas", (SDK, NODE), ooxml.check_sdk, word.SCHEMA),
    Validator(".docx", "schemas, cells, styles", (AUDIT,), ooxml.check_audit, word.AUDIT),
    Validator(".docx", "opens with every paragraph", (OFFICE,), readers.check_writer, word.OPENED),
    Validator(".docx", "exports as PDF/UA-1", (OFFICE_EXPORT, VERAPDF), readers.check_export, word.EXPORTED),
    Validator(".docx", "checklist for accessible documents", (), check_word, word.CHECKLIST),
    Validator(".xlsx", "Office's schemas", (SDK, NODE), ooxml.check_sdk, excel.SCHEMA),
    Validator(".xlsx", "schemas, sheets", (AUDIT,), ooxml.check_audit, excel.AUDIT),
    Validator(".xlsx", "opens with every cell", (OFFICE, CALAMINE), readers.check_calc, excel.CALC),
    Validator(".xlsx", "opens with every cell", (GNUMERIC, CALAMINE), readers.check_gnumeric, excel.GNUMERIC),
    Validator(".xlsx", "reads every cell", (CALAMINE,), readers.check_calamine, excel.CALAMINE),
    Validator(".xlsx", "checklist for accessible spreadsheets", (), check_excel, excel.CHECKLIST),
    Validator(".html", "WCAG 2.2, as far as a program can tell", (AXE, BROWSER), browser.check_axe, html.ACCESSIBLE),
)
