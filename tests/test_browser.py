"""The web page of the shipped data in a real browser: every width, light and dark, by keyboard, and without a request."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from operator import attrgetter
from typing import Any

import pytest

from reports.dataset.dataset import Dataset
from reports.dataset.load import load_dataset
from reports.dataset.model import Milestone
from reports.renderers.web import render
from tests.conformance.browser import FLAGS, program
from tests.conftest import PROJECT, view_of

CHROMIUM = program()
HOW = "Chromium is not on this system; install it with: apt-get install -y chromium"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW)

VISIBLE = "[...document.querySelectorAll('tr[data-years]')].filter(row => row.checkVisibility()).map(row => row.id)"
# A table of three rows is as accessible as one of a thousand, and axe-core looks at it for a second, not for half a minute.
SHORTEN = "document.querySelectorAll('main tbody, main ul').forEach(list => [...list.children].slice(3).forEach(item => item.remove()))"

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(PROJECT / "data")


@pytest.fixture(scope="module")
def address(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the web page, made from the shipped data."""
    path = tmp_path_factory.mktemp("web") / "briefing.html"
    view = view_of(dataset, "briefing", PROJECT / "templates")
    path.write_bytes(render(view, PROJECT / "templates", "briefing/briefing.html.j2").content)
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Opens the page; at the end, fails if it asked for anything, or if the console said anything."""
    said: list[str] = []
    contexts = []

    def open_page(width: int = 1440, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("data:", address)) else None)
        page.goto(address)
        page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1440, "light")])
def test_the_page_is_accessible_and_fits(width: int, scheme: str, open_page: Open) -> None:
    """At each width, in light or dark: nothing to scroll sideways, our fonts, and nothing that axe-core objects to."""
    page = open_page(width, scheme, bypass_csp=True)  # axe-core is a script that is not the page's own
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length") >= 3
    page.evaluate(SHORTEN)
    page.add_script_tag(content=files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    results = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert len(results["passes"]) > 20
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in results["violations"]] == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_word_of_any_length_is_broken(width: int, open_page: Open) -> None:
    """A word that is longer than its line, cell, caption or heading makes nothing wider than the screen."""
    page = open_page(width)
    elements = "h2, h3, p, li, caption, thead th, tbody th, td, .evidence, figcaption"
    count = page.evaluate(
        """elements => {
        const found = elements.split(", ").flatMap(name => [...document.querySelectorAll(`main ${name}`)].slice(0, 3));
        found.forEach(element => element.append(" " + "without_any_break".repeat(10)));
        return found.length;
    }""",
        elements,
    )
    assert count > 25
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_filter_works_by_keyboard(open_page: Open, dataset: Dataset) -> None:
    """Framework, area and year are chosen with keys alone; the rows are those that fit all of them, and the count says how many."""
    page = open_page(360)
    milestones = dataset.all(Milestone)
    page.focus("#section-milestones ~ form select")
    for field, value in (("frameworks", "map"), ("areas", ""), ("years", "2018")):
        assert page.evaluate("document.activeElement.name") == field
        choose(page, value)
        page.keyboard.press("Tab")
    expected = {milestone.id for milestone in milestones if "map" in milestone.frameworks and 2018 in milestone.date.years}
    assert expected
    assert set(page.evaluate(VISIBLE)) == expected
    assert page.inner_text("output") == f"{len(expected)} of {len(milestones)} milestones are shown."
    assert page.evaluate("document.activeElement.type") == "reset"
    page.keyboard.press("Enter")
    page.wait_for_function(f"{VISIBLE}.length === {len(milestones)}")
    assert page.evaluate("[...document.querySelectorAll('.period')].every(period => period.checkVisibility())")


def test_every_choice_of_the_filter_shows_its_milestones(open_page: Open, dataset: Dataset) -> None:
    """Every area and every year that can be chosen shows at least one milestone, and just those that belong to it.

    A reference in the text leads to its row whatever is chosen.
    """
    page = open_page()
    for field, of in (("areas", "areas"), ("frameworks", "frameworks"), ("years", "date.years")):
        values = page.evaluate(f"[...document.querySelectorAll('select[name={field}] option')].map(one => one.value).filter(Boolean)")
        assert len(values) > 3
        for value in values:
            page.select_option(f"select[name={field}]", value)
            expected = [milestone.id for milestone in dataset.all(Milestone) if value in map(str, attrgetter(of)(milestone))]
            assert expected
            assert sorted(page.evaluate(VISIBLE)) == sorted(expected)
        page.select_option(f"select[name={field}]", "")
    page.select_option("select[name=years]", "2026")
    assert not page.is_visible("tr#M2010-1")
    page.evaluate("location.hash = '#M2010-1'")
    page.wait_for_function("document.getElementById('M2010-1').checkVisibility()")
    assert page.evaluate(f"{VISIBLE}.length") > 100


def test_the_page_works_without_its_script(open_page: Open, dataset: Dataset) -> None:
    """Without JavaScript, every milestone is there, and no filter that would do nothing; the first key press reaches the text."""
    page = open_page(360, java_script_enabled=False)
    assert page.locator("tr[data-years]:visible").count() == len(dataset.all(Milestone))
    assert not page.is_visible("form.filter")
    for anchor in ("#content", "#contents"):
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"[{focused}.hash, {focused}.getBoundingClientRect().left >= 0]") == [anchor, True]


def test_the_contents_stand_beside_the_text(open_page: Open) -> None:
    """On a wide screen the contents are beside the text and stay in sight; on a phone they follow the key points."""
    where = "(selector => { const box = document.querySelector(selector).getBoundingClientRect(); return [box.left, box.right, box.top] })"
    page = open_page(1440)
    page.evaluate("document.querySelector('#section-claims').scrollIntoView({behavior: 'instant'})")
    contents, heading = (page.evaluate(f"{where}({selector!r})") for selector in ("#contents", "#section-claims"))
    assert contents[1] < heading[0]
    assert 0 <= contents[2] < 100
    page = open_page(360)
    assert page.evaluate(f"{where}('#contents')")[2] > page.evaluate(f"{where}('#section-key-points')")[2]


def choose(page: Any, value: str) -> None:
    """Choose the option *value* of the field that has the focus, with the arrow key."""
    for _ in range(60):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"there is no option {value!r}")
