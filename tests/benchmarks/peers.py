"""The same text for other programs: command lines of WeasyPrint alone, and of pandoc, Typst and XlsxWriter, which make all documents.

What they read is made from our own templates, before anything is timed. Each does less than we do: pandoc's page has no styles, Typst's
PDF is no PDF/A, and none checks anything.
"""

import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pypandoc
from lxml import html

from reports.build.plan import Folders, Project
from reports.cache import NO_CACHE
from reports.documents.view import View
from reports.renderers.environment import Templates
from reports.renderers.figures import draw_png, draw_svg
from reports.renderers.fonts import FONTS, font_file
from reports.renderers.pdf.fetcher import by_sides
from reports.renderers.workbook import evaluate

LANGUAGE = "en"
PAPERS = ("briefing", "record")
FIGURE = re.compile(r"figure:([\w/-]+)")
DRAW: dict[str, Callable[..., bytes]] = {".svg": draw_svg, ".png": draw_png}
# The page and the letters of our style sheets, and tables that go on on the next page.
LOOKS = """#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1")
#set text(font: "Source Serif 4", size: 10pt, lang: "en")
#set table(inset: 4pt, stroke: 0.5pt)
#show figure: set block(breakable: true)
#show figure: set text(size: 8pt)

"""
COMPILE = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=sys.argv[3:], ignore_system_fonts=True)"


def weasyprint_alone(folders: Folders) -> list[str]:
    """Return the command that makes the briefing, with the record, by WeasyPrint alone: from HTML, with figures and fonts as files."""
    target = folders.out.parent / "alone"
    shutil.copytree(folders.templates, target)
    page = _joined([_write_page(folders, name, target) for name in PAPERS], target / "papers.html")
    for css in target.rglob("*.css"):
        text = by_sides(css.read_text("utf-8"), is_rtl=False)  # it knows no logical sides
        for name in FONTS:
            text = text.replace(f'"font:{name}"', f'"{font_file(name).as_uri()}"')
        css.write_text(text, "utf-8")
    return [sys.executable, "-m", "weasyprint", "--quiet", "--pdf-variant", "pdf/a-3a", str(page), str(page.with_suffix(".pdf"))]


def all_documents(folders: Folders) -> list[list[str]]:
    """Return the commands that make the PDFs, the web page, the Word document and the register."""
    target = folders.out.parent / "peers"
    target.mkdir()
    pandoc, resources = pypandoc.get_pandoc_path(), f"--resource-path={target}"
    pages = {name: _write_page(folders, name, target) for name in (*PAPERS, "in-focus")}
    page = _joined([pages[name] for name in PAPERS], target / "papers.html")
    summary = _write_page(folders, "summary", target, ".docx")
    fonts = sorted({str(font_file(name).parent) for name in FONTS})
    documents = [_write_typst(pandoc, each) for each in (page, pages["in-focus"])]
    cells, writer = _write_cells(folders, target / "register.pickle"), Path(__file__).with_name("xlsxwriter_alone.py")
    return [
        *([sys.executable, "-c", COMPILE, str(typst), str(typst.with_suffix(".pdf")), *fonts] for typst in documents),
        [pandoc, "--standalone", "--embed-resources", resources, str(page), f"--output={target / 'page.html'}"],
        [pandoc, resources, str(summary), f"--output={target / 'summary.docx'}"],
        [sys.executable, str(writer), str(cells), str(target / "register.xlsx")],
    ]


def _joined(pages: Sequence[Path], target: Path) -> Path:
    """Write *pages* as one, with the head of the first, into the file *target*; return its path."""
    first, *others = (html.parse(page, html.HTMLParser(encoding="utf-8")).getroot() for page in pages)
    for other in others:
        for element in other.iter("*"):
            if element.get("id"):
                element.set("id", f"other-{element.get('id')}")
            if element.get("href", "").startswith("#"):
                element.set("href", f"#other-{element.get('href')[1:]}")
        first.head.extend(link for link in other.head.iter("link"))
        first.body.extend(other.body)
    target.write_bytes(html.tostring(first, encoding="utf-8", doctype="<!DOCTYPE html>"))
    return target


def _write_page(folders: Folders, document: str, target: Path, suffix: str = ".pdf") -> Path:
    """Write *document* as HTML into the folder *target*, beside its figures, for what makes files that end in *suffix*; return its path."""
    view, kind = Project(folders).view(document, LANGUAGE), ".png" if suffix == ".docx" else ".svg"
    (template,) = {template for path, template in view.document.outputs.items() if path.endswith(suffix)}
    text = Templates(folders.templates, view, suffix[1:]).render(template)
    for name in set(FIGURE.findall(text)):
        figure = target / f"{name}{kind}"
        figure.parent.mkdir(exist_ok=True)
        figure.write_bytes(DRAW[kind](view, folders.templates, name, NO_CACHE))
    page = target / f"{document}.html"
    page.write_text(FIGURE.sub(rf"\1{kind}", text), "utf-8")
    return page


def _write_typst(pandoc: str, page: Path) -> Path:
    """Write *page* as Typst's markup, by pandoc, with every anchor that a link leads to; return its path."""
    root = html.parse(page, html.HTMLParser(encoding="utf-8")).getroot()
    # Typst refuses a link that leads nowhere, or an anchor that stands twice; pandoc keeps the ids of headings, spans and blocks alone.
    anchors = set()
    for element in root.iterfind(".//*[@id]"):
        if element.get("id") in anchors:
            del element.attrib["id"]
        anchors.add(element.get("id"))
    for link in root.iterfind(".//a[@href]"):
        if link.get("href").startswith("#") and link.get("href")[1:] not in anchors:
            link.drop_tag()
    for element in [element for tag in ("tr", "li", "table", "a") for element in root.iterfind(f".//{tag}[@id]")]:
        _move_anchor(element)
    done = subprocess.run([pandoc, "--from=html", "--to=typst"], input=html.tostring(root), capture_output=True, check=True)
    target = page.with_suffix(".typ")
    target.write_text(LOOKS + done.stdout.decode(), "utf-8")
    return target


def _move_anchor(element: html.HtmlElement) -> None:
    """Move the id of *element* to a span or block of the same text."""
    anchor = html.Element("span" if element.tag == "a" else "div", id=element.attrib.pop("id"))
    if element.tag in ("a", "table"):
        anchor.tail, element.tail = element.tail, None
        element.getparent().replace(element, anchor)
        anchor.append(element)
    else:
        within = element[0] if element.tag == "tr" else element
        anchor.text, within.text = within.text, None
        anchor.extend(list(within))
        within.append(anchor)


def _write_cells(folders: Folders, target: Path) -> Path:
    """Write the values and links of the register's cells, sheet by sheet, into the file *target*, and return it."""
    view: View = Project(folders).view("register", LANGUAGE)
    tables = {sheet.name: sheet.table for sheet in evaluate(view, folders.templates, view.document.outputs["register.xlsx"]).sheets}
    cells = {
        name: (table.headings, [[(cell.value, _link(cell.link)) for cell in row] for row in table.rows]) if table else ((), [])
        for name, table in tables.items()
    }
    target.write_bytes(pickle.dumps(cells))
    return target


def _link(link: str | None) -> str | None:
    """Return *link* as XlsxWriter takes it."""
    return f"internal:'{link[1:]}'!A1" if link and link.startswith("#") else link
