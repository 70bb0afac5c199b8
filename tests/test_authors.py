"""docs/authors.md: its tables are the program's, and its example makes documents."""

import re
import shutil
from pathlib import Path

from PIL import Image

from docs.authors import PAGE, SECTION, SECTIONS, written
from reports.build.build import BuildOptions, build
from reports.build.plan import Folders
from reports.documents.view import View
from reports.renderers.figures import DATA
from reports.translations.locale import Locale
from tests.conftest import PROJECT

TEXT = PAGE.read_text("utf-8")


def test_its_tables_are_those_of_the_program() -> None:
    """What the program knows about elements, filters, fields and keys stands in the page as it is now: run `nox -s docs`."""
    assert sorted(name for _, name, _ in SECTION.findall(TEXT)) == sorted(SECTIONS)
    assert written(TEXT) == TEXT
    assert "|  |" not in TEXT  # everything has words


def test_its_example_makes_documents(tiny_data: Path, tmp_path: Path) -> None:
    """The files of the first section, written into a folder of our templates, make a PDF, a web page and a Word document."""
    shutil.copytree(PROJECT / "templates", tmp_path / "templates")
    folder = tmp_path / "templates" / "chronology"
    folder.mkdir()
    for kind, name in (("yaml", "document.yaml"), ("html", "chronology.html.j2")):
        found = re.search(rf"^```{kind}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
        assert found
        (folder / name).write_text(found[1], "utf-8")
    Image.new("RGB", (40, 20)).save(folder / "bridge.jpg")
    build(Folders(tiny_data, tmp_path / "templates", tmp_path / "build"), BuildOptions(names=("chronology",)))
    made = {path.name for path in (tmp_path / "build" / "en").iterdir()}
    assert made == {"chronology.pdf", "chronology.html", "chronology.docx"}


def test_it_knows_the_data_of_figures(tiny_view: View) -> None:
    """The table of what a figure may show has each name, with the fields of its rows."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (`[^|]+) \|$", TEXT.partition("\n## Figures\n")[2].partition("\n## ")[0], re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", fields) for name, fields in rows}
    assert told.keys() == DATA.keys()
    rows_of = {name: data(tiny_view, Locale(PROJECT / "templates", "en")) for name, data in DATA.items()}
    assert {name: list(found[0]) for name, found in rows_of.items() if found} == {
        name: told[name] for name, found in rows_of.items() if found
    }


def test_its_links_lead_somewhere() -> None:
    """Each link within the page leads to a heading, each to a file to one that is there."""
    headings = {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    links = re.findall(r"\]\((?!https)([^)\s]+)\)", TEXT)
    assert len(links) > 10
    files = [link.partition("#")[0] for link in links if not link.startswith("#")]
    assert [link for link in links if link.startswith("#") and link[1:] not in headings] == []
    assert [file for file in files if not (PAGE.parent / file).is_file()] == []
