"""The dataset that is shipped, and the documents made from it."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from reports.audit import audit
from reports.build.build import BuildOptions, build, check
from reports.build.manifest import ManifestEntry, read_manifest
from reports.build.plan import Folders
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import Abbreviation, Milestone, Period, Source, Topic
from reports.dataset.prose import words
from reports.documents.document import load_documents
from reports.documents.view import View, make_view
from reports.editions.editions import compare, load_editions
from reports.editions.snapshot import snapshot_of
from reports.files import sha256
from reports.renderers import RENDERERS
from reports.renderers.environment import Templates
from reports.renderers.html import parse_html
from tests.conformance.checklists import check_excel, check_word
from tests.conftest import PROJECT, view_of
from tests.languages import in_one_language
from tests.structure import Structure, faults, roles, roles_in_html

pytestmark = pytest.mark.timeout(300)  # every document is made from all data, also on a machine that has much else to do


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Copies of the shipped folders: an edit while the tests run does not make them contradict each other.

    The documents are those in the data's own language; the others are built and audited by continuous integration.
    """
    root = tmp_path_factory.mktemp("published")
    for name in ("data", "templates"):
        shutil.copytree(PROJECT / name, root / name)
    in_one_language(root / "data")
    return Folders(root / "data", root / "templates", root / "build")


@pytest.fixture(scope="module")
def dataset(folders: Folders) -> Dataset:
    return load_dataset(folders.data)


@pytest.fixture(scope="module")
def made(folders: Folders) -> Mapping[str, ManifestEntry]:
    """What a build of every document from the shipped data has made."""
    build(folders, BuildOptions())
    return read_manifest(folders.out).files


@pytest.fixture(scope="module")
def papers(folders: Folders, made: Mapping[str, ManifestEntry]) -> Mapping[str, PdfReader]:
    """The PDF files by the names of their documents, each of which is read once for all tests."""
    names = ("briefing", "in-focus", "record")
    return {name: PdfReader(BytesIO((folders.out / "en" / f"{name}.pdf").read_bytes())) for name in names}


@pytest.fixture(scope="module")
def briefing(papers: Mapping[str, PdfReader]) -> PdfReader:
    return papers["briefing"]


@pytest.fixture(scope="module")
def record(papers: Mapping[str, PdfReader]) -> PdfReader:
    return papers["record"]


@pytest.fixture(scope="module")
def record_text(folders: Folders, made: Mapping[str, ManifestEntry]) -> str:
    """The text of the record, by PDFium, which is soon done with it; in place of a hyphen before the end of a line it has a sign."""
    with PdfDocument(folders.out / "en" / "record.pdf") as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\ufffe", "-")


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_shipped_data_have_no_problem(folders: Folders, made: Mapping[str, ManifestEntry]) -> None:
    """The data, and the declarations of the documents, load without a problem."""
    found = check(folders)
    assert len(found.all(Milestone)) > 10


EMPTY = {
    "dataset.yaml": """title: Somewhere and the Body
partner: { name: Republic of Somewhere, short: Somewhere }
organisation: { name: The Body, short: the Body }
as_of: 2020-06-30
edition: 1
published: 2020-07-01
language: en
publisher: Keepers
contact: Write
purpose: None yet.
key_points: ["One point [@page]."]
standing: It stands [@page].
outlook: It goes on [@page].
""",
    "sources.yaml": "- { id: page, title: A page, publisher: A, url: https://a.example/, language: en, kind: official }\n",
    "milestones/all.yaml": "id: all\ntitle: All\nstart: 2000\ntext: A story [@page].\nmilestones: []\n",
}


def test_the_documents_cope_with_a_dataset_of_nothing_but_its_head(folders: Folders, tmp_path: Path) -> None:
    """The shipped templates make every document of a country of which nothing is known yet."""
    for name, text in EMPTY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert len(check(Folders(tmp_path, folders.templates, tmp_path / "build")).by_id) == 2


def test_every_document_is_made(folders: Folders, made: Mapping[str, ManifestEntry], dataset: Dataset) -> None:
    """Every output of every document, in a format that we make, is made, and none is forgotten."""
    documents = [document.of_dataset(dataset.about.slug) for document in load_documents(folders.templates)]
    outputs = [name for document in documents for name in document.outputs]
    assert outputs
    assert {Path(name).suffix for name in outputs} <= set(RENDERERS), "an output whose suffix no renderer makes is never made"
    assert set(made) == {f"en/{name}" for name in outputs}
    assert all((folders.out / name).stat().st_size == entry.bytes > 0 for name, entry in made.items())


def test_the_documents_keep_the_checklists(folders: Folders, made: Mapping[str, ManifestEntry], tmp_path: Path) -> None:
    """Nothing is missing of the checklists for accessible Word documents and spreadsheets; `nox -s conformance` asks many others too."""
    checks = {".docx": check_word, ".xlsx": check_excel}
    files = [folders.out / name for name in made if Path(name).suffix in checks]
    assert len(files) > 1
    assert {path.name: checks[path.suffix](path, tmp_path) for path in files} == {path.name: [] for path in files}


def test_the_briefing_is_a_paper_not_a_book(briefing: PdfReader) -> None:
    """The briefing has a length that somebody reads."""
    assert 10 <= len(briefing.pages) <= 20


def test_page_one_tells_everything(briefing: PdfReader, dataset: Dataset) -> None:
    """The bottom line, every matter and every key point fit on page one, and the contents begin page two."""
    first, second = (squeezed(page.extract_text()) for page in briefing.pages[:2])
    points = [words(point, notes=False) for point in dataset.about.key_points]
    matters = [matter.name for matter in dataset.about.matters]
    assert min(len(points), len(matters)) > 3
    assert [text for text in (*matters, *(point.split(".")[0] for point in points)) if squeezed(text) not in first] == []
    assert squeezed(words(dataset.about.bottom_line or "", notes=False).split(".")[0]) in first
    assert "Contents" in second
    assert "Keypoints" not in second


def test_no_page_of_the_briefing_is_half_empty(folders: Folders, made: Mapping[str, ManifestEntry]) -> None:
    """Text reaches below the middle of every page but the contents, which leave room, and the last one."""
    with PdfDocument(folders.out / "en" / "briefing.pdf") as document:
        for number in range(2, len(document) - 1):
            page = document[number]
            letters, height = page.get_textpage(), page.get_height()
            feet = [letters.get_rect(line)[1] for line in range(letters.count_rects())]  # the lower border of each stretch of text
            assert min(foot for foot in feet if foot > height * 24 / 297) < height / 2, number


def test_the_record_shows_every_record(dataset: Dataset, record: PdfReader, record_text: str) -> None:
    """Every record is a place in the record to which others lead, with its title or its name."""
    text = squeezed(record_text)
    shown = [found for found in dataset.records() if not isinstance(found, Source | Period | Topic | Abbreviation)]
    places = record.named_destinations
    assert len(shown) > 250
    assert [found.id for found in shown if found.id not in places] == []
    names = {found.id: getattr(found, "title", None) or getattr(found, "name", None) for found in shown}
    assert [key for key, name in names.items() if name and squeezed(name) not in text] == []


def test_every_reference_leads_into_the_record(papers: Mapping[str, PdfReader], record: PdfReader) -> None:
    """Whatever the briefing and In focus name and do not show stands in the record, under the name by which they lead there."""
    for name in ("briefing", "in-focus"):
        actions = [annotation.get_object().get("/A", {}) for page in papers[name].pages for annotation in page.get("/Annots", [])]
        beside = [action for action in actions if action.get("/S") == "/GoToR"]
        assert len(beside) > 20
        assert {str(action["/F"]) for action in beside} == {"record.pdf"}
        assert {str(action["/D"]) for action in beside} <= set(record.named_destinations)


def test_every_number_is_a_sources(dataset: Dataset, record_text: str) -> None:
    """Every number in brackets is that of a source, and every source is cited by its number."""
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", record_text)}
    assert numbers == set(range(1, len(dataset.sources) + 1))


@pytest.mark.parametrize("document", ["briefing", "in-focus", "record"])
def test_a_screen_reader_finds_its_way(document: str, folders: Folders, papers: Mapping[str, PdfReader], dataset: Dataset) -> None:
    """Each table, list and paragraph is one element, on however many pages, and elements and texts lead to each other."""
    reader, view = papers[document], published(dataset, document, folders)
    structure = Structure(reader)
    templates = Templates(folders.templates, view, most=fitted(reader, view) if document == "in-focus" else {})
    assert roles(structure) == roles_in_html(parse_html(templates.render(f"{document}/{document}.html.j2")))
    assert faults(structure) == []


def published(dataset: Dataset, document: str, folders: Folders) -> View:
    """The content of *document*, with what changed since the edition before."""
    comparison = compare(snapshot_of(dataset), load_editions(folders.data), folders.data)
    return make_view(dataset, load_documents(folders.templates, [document])[0], dataset.about.language, comparison)


def test_hundreds_of_new_records_are_told_some_at_a_time(folders: Folders, dataset: Dataset) -> None:
    """A paragraph of the record tells the new records of a kind, or 25 of them if they are more than 100: none fills a page."""
    view = published(dataset, "record", folders)
    (new, *_) = (change for change in view.changes if change.kind == "new" and change.record_kind == "milestone")
    told = {}
    for count in (100, 130):
        page = parse_html(Templates(folders.templates, replace(view, changes=(new,) * count)).render("record/record.html.j2"))
        items = [item for found in page.iter("ul") if found.get("class") == "new" for item in found]
        told[count] = [(item.findtext("strong"), item.get("class"), len([*item.iter("a")])) for item in items]
    assert told[100] == [("Milestones:", None, 100)]
    spans = ("1–25", 25), ("26–50", 25), ("51–75", 25), ("76–100", 25), ("101–125", 25), ("126–130", 5)
    assert told[130] == [(f"Milestones {span}:", "some", count) for span, count in spans]


def fitted(in_focus: PdfReader, view: View) -> Mapping[int, int]:
    """How many key points, claims after the first, and milestones In focus had room for, by what it says of the others."""
    text = " ".join(" ".join(page.extract_text() for page in in_focus.pages).split())
    left = [re.search(pattern, text) for pattern in (r"has (\d+) more key point", r"has (\d+) more claim", r"record has (\d+) more")]
    lengths = (len(view.about.key_points), len(view.statements) - 1, len(view.milestones))
    return {place: length - int(more[1] if more else 0) for place, (length, more) in enumerate(zip(lengths, left, strict=True))}


def test_in_focus_says_what_it_has_no_room_for(folders: Folders, dataset: Dataset) -> None:
    """Each list of In focus that is cut says how many more there are elsewhere, also if none of it is left; one claim always is."""
    view = view_of(dataset, "in-focus", folders.templates)
    lengths = (len(view.about.key_points), len(view.statements) - 1, len(view.milestones))
    for most in ((1, lengths[1] - 1, 3), (0, 0, 1)):
        page = Templates(folders.templates, view, most=dict(enumerate(most))).render("in-focus/in-focus.html.j2")
        points, claims, milestones = (length - shown for length, shown in zip(lengths, most, strict=True))
        assert f"The briefing has {points} more key points." in page
        assert f"The briefing has {claims} more claim{'s' if claims > 1 else ''}." in page
        assert f"the record has {milestones} more" in page
        assert len(re.findall('<ul class="disputed">.*?</ul>', page, re.DOTALL)[0].split("<li>")) == 1 + 1 + most[1]


def test_the_record_carries_the_dataset(dataset: Dataset, record: PdfReader) -> None:
    """The dataset that is attached is the one that was loaded."""
    assert record.attachments == {"dataset.json": [dataset.canonical_json.encode()]}


def test_the_documents_agree_with_the_data(folders: Folders, made: Mapping[str, ManifestEntry], dataset: Dataset) -> None:
    """Every finished file says what the data say, and the audit has looked at all of them."""
    found = {audited.path.name: audited for audited in audit(folders)}
    assert len(found) == len(made)
    assert [str(problem) for audited in found.values() for problem in audited.problems] == []
    everything = len(dataset.all(Milestone))
    assert {
        name: found[name].counts["milestones"] for name in ("record.pdf", "briefing.html", "register.xlsx", "register.csv")
    } == dict.fromkeys(("record.pdf", "briefing.html", "register.xlsx", "register.csv"), everything)
    assert found["record.pdf"].counts["sources"] == found["register.xlsx"].counts["sources"] == len(dataset.sources)
    assert all(audited.counts["counts"] for name, audited in found.items() if not name.endswith((".csv", ".json", ".zip", ".atom")))


@pytest.fixture(scope="module")
def register(folders: Folders, made: Mapping[str, ManifestEntry], dataset: Dataset) -> Mapping[str, list[tuple[Any, ...]]]:
    """The rows of each sheet of the shipped register, from the row of its headings on, which are under two lines at least."""
    sheets = {}
    for sheet in openpyxl.load_workbook(folders.out / "en" / "register.xlsx"):
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[1][0].startswith(f"Edition {dataset.about.edition} of ")
        heads = [range_boundaries(table.ref)[1] for table in sheet.tables.values()]
        sheets[sheet.title] = rows[heads[0] - 1 :] if heads else rows
    return sheets


def column(rows: list[tuple[Any, ...]], heading: str) -> list[Any]:
    """Return the cells under *heading*, which is in the first of *rows*."""
    return [row[rows[0].index(heading)] for row in rows[1:]]


def test_every_row_of_the_register_can_be_quoted(register: Mapping[str, list[tuple[Any, ...]]]) -> None:
    """The first column of each sheet is the reference of its record, or a code; no row is without."""
    firsts = {name: rows[0][0] for name, rows in register.items() if name != "About"}
    assert len(firsts) == 12
    assert firsts == dict.fromkeys(firsts, "Reference") | {"Notes": "Code"}
    assert [name for name in firsts if None in column(register[name], firsts[name])] == []


def test_an_edited_register_tells_its_edition(register: Mapping[str, list[tuple[Any, ...]]], dataset: Dataset) -> None:
    """About has the digest of the dataset, by which `verify` knows any copy."""
    assert register["About"][-1][0].endswith(f": {sha256(dataset.canonical_json.encode())}")


def test_the_register_is_for_filters_and_the_details_for_reading(register: Mapping[str, Any], dataset: Dataset) -> None:
    """Register has no long text; Details has each milestone's once, and a row for each of its sources."""
    milestones = {milestone.id: milestone for milestone in dataset.all(Milestone)}
    assert len(milestones) > 100
    assert max(len(str(cell)) for row in register["Register"][1:] for cell in row) < 140  # a list of five areas
    assert column(register["Register"], "Year") == [int(str(day)[:4]) for day in column(register["Register"], "Earliest day")]
    assert len(set(column(register["Register"], "Period"))) == len(dataset.all(Period))
    details = register["Details"]
    assert sorted(column(details, "Reference")) == sorted(key for key, milestone in milestones.items() for _ in milestone.evidence)
    texts = [key for key, text in zip(column(details, "Reference"), column(details, "What happened or what it is"), strict=True) if text]
    assert sorted(texts) == sorted(milestones)


def test_what_is_open_is_told_with_its_reason(register: Mapping[str, Any], dataset: Dataset) -> None:
    """What has low confidence, is not over, or is disputed stands among the open points, once for each reason."""
    found = set(zip(column(register["Open points"], "Reference"), column(register["Open points"], "Why it is open"), strict=True))
    columns = {"Confidence": ("low", "low confidence"), "Disputed": ("disputed", "disputed"), "Status": ("overdue", "unfinished")}
    for heading, (word, why) in columns.items():
        said = zip(column(register["Register"], "Reference"), column(register["Register"], heading), strict=True)
        marked = {key for key, told in said if told == word}
        assert marked
        assert marked == {key for key, reason in found if reason == why and key in marked}


def test_links_lead_to_records(register: Mapping[str, Any], dataset: Dataset) -> None:
    """Each row of Links names two records of the dataset, and no row stands there twice."""
    rows = register["Links"][1:]
    assert len(rows) == len(set(rows)) > 1000
    assert {row[0] for row in rows} | {row[2] for row in rows} <= set(dataset.by_id)


def test_an_answer_is_about_what_the_register_shows(register: Mapping[str, Any], dataset: Dataset) -> None:
    """Reply has a row for each milestone and ten for others; the parts that one may correct are called as their columns are."""
    references = column(register["Reply"], "Reference")
    assert references == [*column(register["Register"], "Reference"), *(f"New {number}" for number in range(1, 11))]
    notes = register["Notes"]
    parts = [code for code, group in zip(column(notes, "Code"), column(notes, "Group"), strict=True) if group == "Which part"]
    assert len(parts) > 5
    assert set(parts) <= {*register["Register"][0], *register["Details"][0]}


def test_templates_know_nothing_of_the_dataset(folders: Folders, dataset: Dataset) -> None:
    """No id and no name of a record stands in a template or a term: another country is another folder of data."""
    files = [path for path in folders.templates.rglob("*") if path.suffix in (".j2", ".json", ".yaml", ".css", ".js", ".md")]
    texts = {path: path.read_text("utf-8") for path in files if path.name != "alphabets.yaml"}
    about, ids = dataset.about, {record.id for record in dataset.records() if re.search(r"\d|-", record.id)}
    named = (getattr(record, field, None) or "" for record in dataset.records() for field in ("name", "abbreviation"))
    names = {name for name in named if " " in name or name.isupper()}
    known = [*ids, *names, about.partner.name, about.partner.short, about.organisation.short, str(about.aim)]
    assert len(texts) > 50
    assert len(known) > 400
    pattern = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, known))})(?![\w:-])")
    found = {f"{path.name}: {match[0]}" for path, text in texts.items() for match in pattern.finditer(text)}
    assert found == set()
