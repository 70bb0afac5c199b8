"""The comparison of a file with the data, on files made by hand: what it names, and what it leaves alone."""

from dataclasses import replace

import pytest

from reports.audit.compare import compare
from reports.audit.expected import Expectation
from reports.dataset.dataset import Dataset
from reports.documents.document import Choice
from reports.documents.view import View
from reports.readers.content import Block, Content, Kind, Link
from reports.translations.locale import Locale
from tests.audit.conftest import TERMS
from tests.conftest import PROJECT, TINY

Blocks = tuple[Block, ...]
FIRST, SECOND = "milestones/first.yaml", "milestones/second.yaml"


@pytest.fixture(scope="module")
def expected(tiny: Dataset, tiny_view: View, tmp_path_factory: pytest.TempPathFactory) -> Expectation:
    """What the document `note` has to say, in a language that words its counts."""
    folder = tmp_path_factory.mktemp("terms")
    (folder / "locale").mkdir()
    (folder / "locale" / "en.yaml").write_text((TINY / "templates/locale/en.yaml").read_text("utf-8") + TERMS, "utf-8")
    return Expectation(tiny, tiny_view, Locale(folder, "en"))


@pytest.fixture(scope="module")
def rows(expected: Expectation) -> Blocks:
    """A table that says of each milestone its reference, its date, its title, its text, its status and its sources."""
    found = []
    for milestone in expected.view.milestones:
        words = {str(field): field.words for field in expected.fields[milestone.id] if field.how != "cell"}
        links = tuple(Link(f"[{expected.view.numbers[evidence.source]}]", f"#source-{evidence.source}") for evidence in milestone.evidence)
        evidence = f"{milestone.evidence[0].locator} {words['the marks of the evidence']}"
        cells = (milestone.id, words["date"], words["title"], words["text"], words["status"], evidence)
        found.append(Block("row", cells, "page 1", table="table 1", links=links))
    return tuple(found)


@pytest.fixture(scope="module")
def sources(expected: Expectation) -> Blocks:
    """A list of all sources, as it ends a document."""
    found = []
    for source in expected.view.sources:
        links = (Link(source.url, source.url),) if source.url else ()
        text = f"[{expected.view.numbers[source.id]}] {source.publisher}, {source.title}, {source.url or source.file}"
        found.append(Block("item", (text,), "page 2", anchors=frozenset({f"source-{source.id}"}), links=links))
    return tuple(found)


def messages(blocks: Blocks, expected: Expectation, suffix: str = ".html") -> list[str]:
    """Return the differences of a file that consists of *blocks*, with the paths of the data from their folder."""
    _, differences = compare(Content(blocks), expected, suffix)
    return [str(difference).replace(f"{TINY / 'data'}/", "") for difference in differences]


def changed(block: Block, old: str, new: str) -> Block:
    """Return *block* with *new* instead of *old* in its cells."""
    assert old in block.text
    kept = block.cells[:1] if len(block.cells) > 1 else ()  # the reference
    return replace(block, cells=(*kept, *(cell.replace(old, new) for cell in block.cells[len(kept) :])))


def test_what_agrees_raises_no_alarm(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A file that says what the data say has no difference, and the audit says how much it has looked at."""
    counts, differences = compare(Content((*rows, *sources)), expected, ".html")
    assert differences == []
    assert (counts["milestones"], counts["sources"], counts["links"]) == (14, 6, 23)
    assert counts["fields"] > 100


@pytest.mark.parametrize(
    ("reference", "old", "new", "message"),
    [
        ("M2010-1", "22 April 2010", "21 April 2010", f"date is '22 April 2010' ({FIRST}:87:11)"),
        ("M2010-1", "22 April 2010", "April 2010", f"date is '22 April 2010' ({FIRST}:87:11)"),
        ("M2012-1", "2012", "perhaps 2012", f"date is '2012' ({SECOND}:7:11)"),
        ("M2021-1", "June 2021", "22 June 2021", f"date is 'June 2021' ({SECOND}:42:11)"),
        ("M2010-1", "Harbour Agreement", "Harbour Accord", f"title is 'Harbour Agreement' ({FIRST}:88:12)"),
        ("M2010-1", "was signed", "was not signed", f"text is 'The agreement was signed.' ({FIRST}:89:11)"),
        ("M2010-1", "done", "planned", f"status is 'done' ({FIRST}:86:5)"),
        ("M2012-1", "=1+1", "2", f"evidence.0.locator is '=1+1' ({SECOND}:13:18)"),
        ("M2010-1", "[3]", "[4]", f"the marks of the evidence is '[1][3][6]' ({FIRST}:98:7)"),
    ],
    ids=["a day", "less than the day", "doubt", "a day more", "a title", "a text", "a status", "a locator", "a source"],
)
def test_a_changed_row_is_named(
    reference: str, old: str, new: str, message: str, rows: Blocks, sources: Blocks, expected: Expectation
) -> None:
    """What a row says otherwise is named with its place, what the file says, and the line of the data."""
    blocks = tuple(changed(row, old, new) if row.cells[0] == reference else row for row in rows)
    found = messages((*blocks, *sources), expected)
    assert [difference for difference in found if difference.startswith(f"page 1, row '{reference}': ") and difference.endswith(message)]


def test_a_date_is_found_in_every_case(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """The grammar of a sentence may ask for another case of a date than that in which it stands alone; another date it is not."""
    bosnian = replace(expected, locale=Locale(PROJECT / "templates", "bs"))
    dates = {milestone.id: bosnian.locale.date(milestone.date).case("genitive") for milestone in expected.view.milestones}
    assert dates["M2010-1"] == "22. aprila 2010."

    def wrong(said: str) -> list[str]:
        cells = {**dates, "M2010-1": said}
        blocks = tuple(replace(row, cells=(row.cells[0], f"Od {cells[row.cells[0]]}", *row.cells[2:])) for row in rows)
        return [difference for difference in messages((*blocks, *sources), bosnian) if "date is" in difference]

    assert [wrong(said) for said in ("22. aprila 2010.", "22. april 2010.", "22. aprilu 2010.")] == [[], [], []]
    assert all(wrong(said) for said in ("23. aprila 2010.", "aprila 2010."))


def test_a_year_in_an_id_is_no_date(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A table of ids that have years in them says no dates, so that a row without is not wrong."""
    dates = [str(row.cells[1]) for row in rows[2:]]
    ids = ("law", "act", *(f"law-{date}-copy" for date in dates))
    links = tuple(Block("row", (row.cells[0], code), "page 3", table="table 2") for row, code in zip(rows, ids, strict=True))
    assert messages((*rows, *sources, *links), expected) == []


@pytest.mark.parametrize("locator", ["p. 3", "Art. 5", "§ 12"])
def test_a_short_locator_is_found_within_a_cell(locator: str, rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """The number of a page stands among other words, and is no false alarm; another number there is one."""
    milestones = {milestone.id: milestone for milestone in expected.view.milestones}
    evidence = milestones["M2010-1"].evidence
    short = milestones["M2010-1"].model_copy(update={"evidence": (evidence[0].model_copy(update={"locator": locator}), *evidence[1:])})
    view = replace(expected.view, milestones=tuple({**milestones, "M2010-1": short}.values()))
    entries = tuple(
        replace(entry, declared=short) if entry.declared is milestones["M2010-1"] else entry for entry in expected.dataset.entries
    )
    told = Expectation(replace(expected.dataset, entries=entries), view, expected.locale)
    right = tuple(changed(row, "page 7", locator) if row.cells[0] == "M2010-1" else row for row in rows)
    assert messages((*right, *sources), told) == []
    wrong = tuple(changed(row, locator, f"{locator}1") if row.cells[0] == "M2010-1" else row for row in right)
    (message,) = messages((*wrong, *sources), told)
    assert message.endswith(f"evidence.0.locator is '{locator}' ({FIRST}:99:18)")


def test_a_milestone_may_stand_anywhere(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A milestone needs no row, and no reference that is printed: its anchor, a link to it, or its title tells what is about it."""
    blocks: list[Block] = []
    for row in rows:
        _, date, title, text, *_ = row.cells
        anchors = frozenset({row.cells[0]} if row.cells[0] != "M2010-1" else ())
        blocks += [Block("heading", (f"{date}: {title}",), anchors=anchors), Block("paragraph", (text,))]
    assert messages((*blocks, *sources), expected) == []
    blocks[1] = replace(blocks[1], cells=(f"{blocks[1].text} It led to the Harbour Agreement.",))
    assert messages((*blocks, *sources), expected) == [], "a text may name another milestone"
    blocks[1] = changed(blocks[1], "two letters", "three letters")
    (message,) = [difference for difference in messages((*blocks, *sources), expected) if difference.startswith("heading 'about 2001")]
    assert "goes on '…ote down. What they said is in three letters" in message
    assert message.endswith(f"({FIRST}:28:11)")


def test_a_missing_milestone_and_one_too_many_are_named(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """The milestones of the file are those that its declaration selects."""
    other = replace(rows[9], cells=("M2013-1", *rows[9].cells[1:]))
    found = messages((*rows[:9], other, *rows[10:]), expected)
    assert f"the milestone M2016-1, 'Mandate renewed', is missing ({SECOND}:14:9)" in messages((*rows[:10], *rows[11:]), expected)
    assert "page 1, row 'M2013-1': shows the milestone M2013-1, which document.yaml does not select" in found


def test_promised_pages_may_have_no_room_for_the_first_milestones(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A document that promises its pages may leave out the earliest milestones, but none between others; one that does not, none."""
    promised = replace(expected, view=replace(expected.view, document=expected.view.document.model_copy(update={"pages": 2})))
    first, second = expected.view.milestones[:2]
    assert messages((*rows[2:], *sources), promised) == []
    in_a_text = Block("paragraph", (f"In the beginning there was the {first.title}.",))
    assert messages((in_a_text, *rows[1:], *sources), promised) == [], "its title in a text is no place of its own"
    assert [message.split(",")[0] for message in messages((rows[0], *rows[2:], *sources), promised)] == [f"the milestone {second.id}"]
    assert [message.split(",")[0] for message in messages((*rows[1:], *sources), expected)] == [f"the milestone {first.id}"]


def test_a_document_of_what_it_cites_holds_what_it_names(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """Where a declaration takes what is cited, a milestone may be missing, unless a text of the file has its reference."""
    records = expected.view.document.records.model_copy(update={"milestones": Choice.CITED})
    cited = replace(expected, view=replace(expected.view, document=expected.view.document.model_copy(update={"records": records})))
    left_out, others = rows[1], (rows[0], *rows[2:], *sources)
    assert messages(others, cited) == []
    text = Block("paragraph", (f"It was agreed ({left_out.cells[0]}).",))
    assert [message.split(",")[0] for message in messages((text, *others), cited)] == [f"the milestone {left_out.cells[0]}"]


def test_a_field_that_few_show_is_not_asked_for(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A template chooses the fields; what hardly any row of a table gives, the table does not show."""
    blocks = tuple(replace(row, cells=row.cells[:4] if number else row.cells) for number, row in enumerate(rows))
    assert messages((*blocks, *sources), expected) == []


def test_what_goes_without_saying_may_be_left_out(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A table that says each status but that of what is done lacks nothing, even if one row alone is of something done."""
    done = [row for row in rows if "done" in row.cells]
    assert len(done) > 3
    silent = [row if row not in done else changed(row, "done", "") for row in rows if row not in done[1:]]
    others = [milestone for milestone in messages((*silent, *sources), expected) if "is missing" not in milestone]
    assert others == []
    assert len(messages((*rows[:-1], changed(done[0], "done", "planned"), *sources), expected)) > 0


@pytest.mark.parametrize(
    ("at", "old", "new", "message"),
    [
        (1, "[2]", "[4]", "mark is '[2]' (sources.yaml:9:7)"),
        (1, "The League and Ruritania", "The League alone", "title is 'The League and Ruritania' (sources.yaml:10:10)"),
        (
            1,
            "https://league.example/ruritania",
            "https://league.example/x",
            "url is 'https://league.example/ruritania' (sources.yaml:13:8)",
        ),
    ],
    ids=["number", "title", "address"],
)
def test_a_changed_source_is_named(at: int, old: str, new: str, message: str, rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """An entry of the list of sources has the number, the title and the address of its source."""
    entry = replace(changed(sources[at], old, new), links=())
    found = messages((*rows, *sources[:at], entry, *sources[at + 1 :]), expected)
    assert [difference for difference in found if difference.startswith("page 2, item '[") and difference.endswith(message)]


def test_a_missing_source_is_named(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """What is cited has to stand in the list."""
    found = messages((*rows, *sources[:1], *sources[2:]), expected)
    assert "the source [2], 'The League and Ruritania', is missing (sources.yaml:9:7)" in found


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (Link("[3]", "#source-guild"), "the link '[3]' leads to '#source-guild'; it has to lead to '#source-courier' (sources.yaml:17:7)"),
        (Link("M2010-1", "#M2012-1"), f"the link 'M2010-1' leads to '#M2012-1'; it has to lead to '#M2010-1' ({FIRST}:86:9)"),
        (Link("with an agenda", "https://x.example/"), "it has to lead to 'https://league.example/agenda' (milestones/first.yaml:43:11)"),
        (Link("https://leaflet.example/", "https://x.example/"), "it has to lead to 'https://leaflet.example/' (sources.yaml:41:8)"),
    ],
    ids=["mark", "reference", "prose", "address"],
)
def test_a_wrong_link_is_named(link: Link, message: str, rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A mark leads to its source, a reference to its milestone, and an address to itself."""
    (found,) = messages((*rows, *sources, Block("paragraph", (link.text,), links=(link,))), expected)
    assert found.startswith(f"paragraph '{link.text}': the link '{link.text}' leads to '{link.target}'")
    assert found.endswith(message)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (Block("caption", ("All 13 milestones",)), "caption 'All 13 milestones': says 'All 13 milestones'; the data have milestones: 14"),
        (Block("paragraph", ("There are 7 numbered sources.",)), "the data have sources: 6"),
        (Block("paragraph", (f"Its digest is {'0a' * 32}",)), f"gives the digest {'0a' * 32}; the dataset's is "),
    ],
    ids=["a count", "another count", "a digest"],
)
def test_a_wrong_count_or_digest_is_named(block: Block, message: str, rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A number that is worded as a count, and a digest, are those of the data."""
    (found,) = messages((*rows, *sources, block), expected)
    assert message in found
    assert found.endswith(f"({TINY / 'data'})")


def test_a_text_of_the_data_may_count_what_it_likes(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A count within the text of a record is the record's own."""
    text = next(field for field in expected.fields[""] if str(field) == "outlook")
    counting = replace(text, words="All 12 milestones of the plan.")
    told = Expectation(expected.dataset, expected.view, expected.locale)
    told.__dict__["fields"] = {**expected.fields, "": (counting,)}
    assert messages((*rows, *sources, Block("paragraph", (counting.words,))), told) == []


def test_a_text_that_is_begun_has_to_be_whole(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """A long text is compared wherever it stands, also in no place that is about a record; and no one of several may be left out."""
    points = tuple(field for field in expected.fields[""] if field.keys[0] == "key_points")
    purpose = next(field for field in expected.fields[""] if str(field) == "purpose")
    said = tuple(Block("item", (field.words,)) for field in (*points, purpose))
    assert messages((*rows, *sources, *said), expected) == []
    (found,) = messages((*rows, *sources, *said[:2], changed(said[2], "once.", "twice.")), expected)
    assert found.startswith("the text: goes on '…ery feature of the data stands twice.")
    assert found.endswith("purpose is 'A dataset in which every feature of the data stands once.' (dataset.yaml:16:10)")


def test_a_piece_over_the_border_of_two_blocks_begins_no_text(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """What the end of one block and the beginning of the next happen to say together is not the text that says it too."""
    field = next(field for own in expected.fields.values() for field in own if field.how == "prose" and str(field) == "standing")
    words = field.words[:60]
    border = (Block("row", (words[:25],), "page 9"), Block("heading", (words[25:],), "page 9"))
    assert messages((*rows, *sources, *border), expected) == []
    assert len(messages((*rows, *sources, Block("paragraph", (words,), "page 9")), expected)) == 1


def test_a_grid_has_whole_cells(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """In a workbook a value is a cell of its own: what is written behind it is a difference."""
    blocks = tuple(changed(row, "Conference", "Conference II") for row in rows if row.cells[0] == "M2018-1")
    others = tuple(row for row in rows if row.cells[0] != "M2018-1")
    assert messages((*others, *blocks, *sources), expected, ".csv") != []
    assert messages((*others, *blocks, *sources), expected, ".html") == []


def test_a_column_that_is_wrong_throughout_is_named(rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """In a workbook every cell under a heading that the terms know is compared, however few are right."""
    head = Block("row", ("Reference", "Date", "Milestone", "Text", "Status", "Evidence"), "line 1", table="table 1")
    wrong = tuple(replace(row, cells=(*row.cells[:4], "tampered", row.cells[5])) for row in rows)
    assert messages((head, *rows, *sources), expected, ".csv") == []
    assert len([found for found in messages((head, *wrong, *sources), expected, ".csv") if "status is" in found]) == len(rows)


@pytest.mark.parametrize(("content", "count"), [(b"{}", 1), (b"no JSON", 1)])
def test_another_dataset_is_named(content: bytes, count: int, rows: Blocks, sources: Blocks, expected: Expectation) -> None:
    """The dataset that a file carries is that of the data, to the byte; a PDF whose declaration says so carries one."""
    wrong = f"the dataset that it carries is not that of the data ({TINY / 'data'})"
    assert [str(difference) for difference in compare(Content((*rows, *sources), {"dataset.json": content}), expected, ".pdf")[1]] == [
        wrong
    ] * count
    assert messages((*rows, *sources), expected, ".pdf") == ["no dataset is attached, and document.yaml says that it is"]
    right = {"dataset.json": expected.dataset.canonical_json.encode()}
    assert compare(Content(attachments=right), expected, ".json") == ({"datasets": 1}, [])


@pytest.mark.parametrize("kind", ["paragraph", "row"])
def test_comparing_takes_as_long_as_the_file_is(kind: Kind, rows: Blocks, expected: Expectation) -> None:
    """A hundred thousand texts that are about no record, or all about one, are compared as all are: a quadratic way would never end."""
    cells = ("M2010-1",) if kind == "row" else ("Nothing that the data say.",)
    many = tuple(Block(kind, (*cells, f"{number}"), table="table 9") for number in range(100_000))
    assert messages((*rows, *many), expected) == messages(rows, expected)
