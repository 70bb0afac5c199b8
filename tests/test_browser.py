"""The web page of the shipped data in a real browser: every width, light and dark, by keyboard, without a script and without a request."""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from reports.dataset.confidence import confidence, disagreements
from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import Milestone, Source, Statement
from reports.renderers import csv_table
from reports.renderers.web import render
from tests.conformance.browser import FLAGS, program
from tests.conftest import PROJECT, view_of

CHROMIUM = program()
HOW = "Chromium is not on this system; install it with: apt-get install -y chromium"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW)

VIEWS = ((320, "light"), (360, "dark"), (768, "light"), (1440, "dark"))
TALLEST = 75_000  # pixels on a phone
OPEN_ALL = "document.querySelectorAll('details').forEach(details => { details.open = true })"
FOUND = "[...document.querySelectorAll('.annex .entry[id]')].filter(entry => entry.checkVisibility()).map(entry => entry.id)"
# A table of three rows is as accessible as one of a thousand, and axe-core looks at it for a second, not for half a minute.
SHORTEN = """document.querySelectorAll('main tbody, main ul').forEach(list => [...list.children].slice(3).forEach(item => item.remove()));
    document.querySelectorAll('.annex, .period, .area').forEach(
        part => [...part.querySelectorAll('.entry')].slice(3).forEach(entry => entry.remove()));
    [...document.querySelectorAll('.preview')].slice(3).forEach(preview => preview.remove());"""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(PROJECT / "data")


@pytest.fixture(scope="module")
def address(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the web page, made from the shipped data."""
    path = tmp_path_factory.mktemp("web") / "briefing.html"
    path.write_bytes(render(view_of(dataset, "web", PROJECT / "templates"), PROJECT / "templates", "web/web.html.j2").content)
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    """A browser, started when the page is made: a process that draws figures would hold on to its pipes, and it would never end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Opens the page, *at* a query or an anchor; at the end, fails if it asked for anything, or if the console said anything."""
    said: list[str] = []
    contexts = []

    def open_page(width: int = 1440, scheme: str = "light", at: str = "", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        own = ("data:", "blob:", address)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(own) else None)
        page.goto(address + at)
        page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def test_the_page_is_accessible_and_fits(open_page: Open) -> None:
    """At each width, in light or dark, with all unfolded: nothing to scroll sideways, our fonts, and nothing that axe-core objects to.

    320 pixels are what a window of 1280 has left at 400 per cent (WCAG 2.2, 1.4.10).
    """
    page = open_page(bypass_csp=True)  # axe-core is a script that is not the page's own
    page.evaluate(OPEN_ALL)
    assert widths(page, [width for width, _ in VIEWS]) == [width for width, _ in VIEWS]
    assert page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length") >= 3
    page.evaluate(SHORTEN)
    page.evaluate("document.querySelector('.preview').showPopover()")
    page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        results = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert len(results["passes"]) > 20
        assert [(width, violation["id"], violation["nodes"][0]["html"]) for violation in results["violations"]] == []


def test_a_word_of_any_length_is_broken(open_page: Open) -> None:
    """A word that is longer than its line, cell, caption or heading makes nothing wider than the screen."""
    page = open_page()
    page.evaluate(OPEN_ALL)
    elements = "h2, h3, h4, p, li, caption, thead th, tbody th, td, .evidence li, .evidence button, figcaption, .listed li"
    count = page.evaluate(
        """elements => {
        const found = elements.split(", ").flatMap(name => [...document.querySelectorAll(`main ${name}`)].slice(0, 3));
        found.forEach(element => element.append(" " + "without_any_break".repeat(10)));
        return found.length;
    }""",
        elements,
    )
    assert count > 35
    assert widths(page, [360, 768, 1440]) == [360, 768, 1440]


def widths(page: Any, screens: Sequence[int]) -> list[int]:
    """Return how wide *page* is on *screens* of these widths."""
    found = []
    for width in screens:
        page.set_viewport_size({"width": width, "height": 900})
        found.append(page.evaluate("document.documentElement.scrollWidth"))
    return found


@pytest.mark.parametrize("script", [True, False])
def test_the_record_is_folded(script: bool, open_page: Open, dataset: Dataset) -> None:
    """On a phone the page is short, with the record folded and every record in it."""
    page = open_page(360, java_script_enabled=script)
    assert page.evaluate("document.documentElement.scrollHeight") < TALLEST
    assert page.locator(".annex").count() > 5
    assert page.locator(".annex[open]").count() == 0
    ids = set(page.evaluate("[...document.querySelectorAll('.annex .entry')].map(entry => entry.id)"))
    assert {record.id for kind in (Milestone, Statement) for record in dataset.all(kind)} <= ids


def test_the_page_works_without_its_script(open_page: Open) -> None:
    """Without JavaScript, links unfold what they lead to, sources have previews, and nothing stands there that would do nothing."""
    page = open_page(360, java_script_enabled=False)
    for anchor in ("#content", "#contents"):
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"[{focused}.hash, {focused}.getBoundingClientRect().left >= 0]") == [anchor, True]
    assert not any(page.is_visible(control) for control in ("search", ".to-search", ".cite", "button.print"))
    assert not page.is_visible("#contents-list")
    page.click("#contents > button")
    assert page.is_visible("#contents-list")
    page.keyboard.press("Escape")
    page.click("main p a[href='#M2010-1'] >> nth=0")
    assert page.is_visible("#M2010-1 h4")
    page.click("#M2010-1 summary")
    button = page.locator("#M2010-1 .evidence button").first
    button.click()
    preview = page.locator(f"#{button.get_attribute('popovertarget')}")
    assert preview.is_visible()
    preview.locator("button").click()
    assert not preview.is_visible()
    page.click("#M2010-1 .evidence a.mark >> nth=0")
    assert page.is_visible("li:target")


def test_the_contents_are_always_at_hand(open_page: Open) -> None:
    """On a wide screen the contents are beside the text and stay in sight; on a phone a bar stays, from which they open, and close."""
    where = "(selector => { const box = document.querySelector(selector).getBoundingClientRect(); return [box.left, box.right, box.top] })"
    page = open_page(1440)
    page.evaluate("document.querySelector('#section-claims').scrollIntoView()")
    contents, heading = (page.evaluate(f"{where}({selector!r})") for selector in ("#contents", "#section-claims"))
    assert contents[1] < heading[0]
    assert 0 <= contents[2] < 100
    page.click("#contents-list a[href='#annex-people']")
    assert page.is_visible("#annex-people .entry >> nth=0")
    page = open_page(360)
    page.evaluate("document.querySelector('#section-claims').scrollIntoView()")
    bar, heading = (page.evaluate(f"{where}({selector!r})") for selector in ("#contents", "#section-claims"))
    assert 0 <= bar[2] < heading[2] - 40  # the heading is not behind it
    page.click("#contents > button")
    page.click("#contents-list a[href='#annex-people']")
    assert not page.is_visible("#contents-list")
    assert page.is_visible("#annex-people .entry >> nth=0")


def test_the_search_works_by_keyboard(open_page: Open, dataset: Dataset) -> None:
    """Words, framework and year are given with keys alone; the records are those that fit all of them, and their number is said."""
    page = open_page(360)
    page.focus("#search-q")
    page.keyboard.type("nato")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chosen = {"framework": "map", "year": "2018"}
    for field in ("kind", "status", "confidence", "framework", "area", "disputed", "year"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == field
        choose(page, chosen.get(field, ""))
    wait_for(page, "location.search === '?q=nato&framework=map&year=2018'")
    expected = {each.id for each in dataset.all(Milestone) if "map" in each.frameworks and 2018 in each.date.years}
    assert expected
    found = set(page.evaluate(FOUND))
    assert {each for each in found if each.startswith("M")} <= expected
    total = page.inner_text("output .total")
    assert page.inner_text(".search output") == f"{len(found)} of {total} entries are shown."
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "reset"
    page.keyboard.press("Enter")
    wait_for(page, "location.search === ''")
    assert page.inner_text("output .count") == total
    assert page.locator(".annex[open]").count() == 0


def test_every_facet_shows_its_records(open_page: Open, dataset: Dataset) -> None:
    """Everything that can be chosen shows at least one record, and just those milestones and claims that it fits."""
    page = open_page()
    page.click(".facets summary")
    sources = {source.id: source for source in dataset.all(Source)}
    records = (*dataset.all(Milestone), *dataset.all(Statement))
    of: dict[str, Callable[[Any], Any]] = {
        "kind": lambda record: [getattr(record, "kind", None)],
        "status": lambda record: [getattr(record, "status", None)],
        "confidence": lambda record: [confidence(record, sources)],
        "framework": lambda record: record.frameworks if isinstance(record, Milestone) else record.about,
        "area": lambda record: getattr(record, "areas", ()),
        "disputed": lambda record: [
            "yes" if disagreements(record) or getattr(record, "assessment", "") in ("contested", "contradicted") else "no"
        ],
        "year": lambda record: map(str, record.date.years if record.date else ()),
    }
    for field, values in of.items():
        choices = page.evaluate(f"[...document.querySelectorAll('#search-{field} option')].map(option => option.value).filter(Boolean)")
        assert len(choices) > 1
        for choice in choices:
            page.select_option(f"#search-{field}", choice)
            wait_for(page, f"location.search === '?{field}={choice}'")
            found = set(page.evaluate(FOUND))
            assert found
            assert found & {record.id for record in records} == {record.id for record in records if choice in values(record)}
        page.select_option(f"#search-{field}", "")


def test_the_search_is_kept_in_the_address(open_page: Open) -> None:
    """A page opened at the address of a search shows what it found; a link to a record that it has not found ends the search."""
    page = open_page(at="?q=Izetbegovic&status=done")
    assert page.input_value("#search-q") == "Izetbegovic"
    found = page.locator(".annex .entry:visible")
    assert found.count() > 0
    assert all("Izetbegović" in text for text in found.all_text_contents())
    assert page.is_visible("#search-status")
    assert all(heading.is_visible() for heading in page.locator(".annex[open]:has(.period) h3:not([hidden])").all())
    assert page.locator(".annex h3[hidden]").count() > 0
    assert "M1993-1" not in page.evaluate(FOUND)
    assert open_page(at="?q=copy%20citation").inner_text("output .count") == "0"
    page.evaluate("location.hash = '#M1993-1'")
    wait_for(page, "document.getElementById('M1993-1').checkVisibility()")
    assert page.evaluate("location.search") == ""


def test_the_search_knows_both_scripts(open_page: Open, dataset: Dataset) -> None:
    """Typed without marks, with dj, in Latin or in Cyrillic letters, words find a title in either script; so is a reference found."""
    page = open_page()
    for words, title in (
        ("[nepotrebno sirenje", "непотребно је ширење"),
        ("[Nepotrebno ŠIRENJE", "непотребно је ширење"),
        ("[НЕПОТРЕБНО ширење", "непотребно је ширење"),
        ("[– da li raste otpor gradjana", "[– evo da li raste otpor građana"),
        ("отпор грађана према", "otpor građana prema"),
    ):
        (source,) = (each for each in dataset.all(Source) if title in each.title)
        search(page, words)
        assert page.is_visible(f"#source-{source.id}"), words
        assert page.locator(".sources > li:visible").count() < 5
    search(page, "М2010-1")
    assert "M2010-1" in page.evaluate(FOUND)


def search(page: Any, words: str) -> None:
    """Type *words* into the search, and wait until it is done."""
    page.fill("#search-q", words)
    wait_for(page, f"new URLSearchParams(location.search).get('q') === {words!r}")


def test_every_record_has_a_link_and_a_citation(open_page: Open, dataset: Dataset) -> None:
    """Beside each record stands a link to it, and below it a button that copies how it is cited."""
    page = open_page(at="#M2010-1")
    records = page.evaluate("[...document.querySelectorAll('.entry, .sources > li')].map(record => record.id)")
    links = page.evaluate("[...document.querySelectorAll('.permalink')].map(link => link.hash.slice(1))")
    assert len(records) > 300
    assert sorted(records) == sorted(links)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#M2010-1 .cite button")
    milestone = next(each for each in dataset.all(Milestone) if each.id == "M2010-1")
    said = page.inner_text("#M2010-1 .cite output")
    assert said.startswith(f"M2010-1 {milestone.title} (22 April 2010). {dataset.about.title}, edition {dataset.about.edition} of ")
    assert "{" not in said
    assert all(dataset.by_id[each.source].publisher in said for each in milestone.evidence)
    assert page.evaluate("getSelection().toString()") == said == page.evaluate("navigator.clipboard.readText()")


def test_a_source_has_a_preview(open_page: Open, dataset: Dataset) -> None:
    """The mark of a source opens its preview over the text, from which a link leads to the list; with a key held down, so does the mark."""
    page = open_page()
    mark = page.locator(".key-points a.mark").first
    source = dataset.by_id[(mark.get_attribute("href") or "").removeprefix("#source-")]
    assert isinstance(source, Source)
    mark.click()
    preview = page.locator(f"#preview-{source.id}")
    assert preview.is_visible()
    assert source.title in preview.inner_text()
    assert preview.locator(f"a[href='{source.url}']").count() == 1
    page.keyboard.press("Escape")
    assert not preview.is_visible()
    assert page.evaluate("location.hash") == ""
    mark.click()
    preview.locator(f"a[href='#source-{source.id}']").click()
    assert not preview.is_visible()
    assert page.is_visible(f"#source-{source.id}")


@pytest.mark.parametrize("script", [True, False])
def test_the_data_are_in_the_page(script: bool, open_page: Open, dataset: Dataset) -> None:
    """The dataset and the table of milestones are taken from the page itself, byte for byte the ones that are made beside it."""
    templates = PROJECT / "templates"
    table = csv_table.render(view_of(dataset, "register", templates), templates, "register/register.yaml").content
    page = open_page(java_script_enabled=script)
    for name, expected in (("dataset.json", dataset.canonical_json.encode()), ("register.csv", table)):
        with page.expect_download() as download:
            page.click(f"a[download='{name}']")
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).read_bytes() == expected


def test_a_figure_is_a_list_where_it_has_no_room(open_page: Open, dataset: Dataset) -> None:
    """A screen that is too narrow for figures shows the same data as lists, whose items lead to the records."""
    shown = {milestone.id for milestone in dataset.all(Milestone) if milestone.key}
    for width, is_wide in ((360, False), (768, True)):
        page = open_page(width)
        figures = page.locator(".chapter .drawing")
        assert figures.count() >= 2
        assert {figure.is_visible() for figure in figures.all()} == {is_wide}
        assert {listed.is_visible() for listed in page.locator(".listed").all()} == {not is_wide}
        assert page.is_visible(".story .events") == is_wide
        linked = page.evaluate("[...document.querySelectorAll('.timeline + .listed a')].map(link => link.hash.slice(1))")
        assert shown <= set(linked)


def test_paper_has_the_body_and_what_is_open(open_page: Open) -> None:
    """Printed, the page is the briefing and the parts of the record that are open; a button opens all of them until it is printed."""
    page = open_page(at="?q=izetbegovic")
    page.emulate_media(media="print")
    assert page.is_visible(".annex.people")
    page.emulate_media(media="screen")
    page.click(".search button[type=reset]")
    wait_for(page, "document.querySelectorAll('.annex[open]').length === 0")
    page.emulate_media(media="print")
    assert page.is_visible("#section-watch")
    assert not any(page.is_visible(part) for part in (".annex", "#contents", "search", ".preview", ".listed", ".permalink"))
    page.emulate_media(media="screen")
    page.fill("#search-q", "izetbegovic")
    wait_for(page, "document.querySelectorAll('.entry[hidden]').length > 0")
    page.evaluate("window.print = () => { window.isPrinting = true }")
    page.click("button.print")
    assert page.evaluate("window.isPrinting")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator(".entry[hidden]").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".entry[hidden]").count() > 0
    assert page.locator(".evidence[open]").count() == 0


def choose(page: Any, value: str) -> None:
    """Choose the option *value* of the field that has the focus, with the arrow key."""
    for _ in range(60):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"there is no option {value!r}")


def wait_for(page: Any, condition: str) -> None:
    """Wait until *condition* holds; Playwright's own way of waiting is a script that the page's policy forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never holds: {condition}")


def test_the_points_of_the_timeline_lead_to_their_records(open_page: Open, dataset: Dataset) -> None:
    """Where the timeline is drawn, a click on a milestone unfolds its record."""
    page = open_page()
    links = page.locator(".timeline svg a")
    assert {link.get_attribute("href") for link in links.all()} == {f"#{each.id}" for each in dataset.all(Milestone) if each.key}
    links.first.click()
    assert page.is_visible(f"{links.first.get_attribute('href')} h4")
