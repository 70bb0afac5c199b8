"""The web page in a real browser: what axe-core objects to, what the page asks for, and whether it fits its window."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.conformance import programs
from tests.conformance.validator import Finding

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root may not use Chromium's own sandbox; it opens nothing here but our page. What it would tell its maker is turned off.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWS = ((360, "light"), (1440, "dark"))


def program() -> str | None:
    """Return where Chromium, or what is made of it, is installed."""
    return next((found for name in NAMES if (found := programs.find(name))), None)


def version() -> str | None:
    """Return its version; none if it is not installed."""
    found = program()
    return programs.version_of(found) if found else None


def axe_version() -> str | None:
    """Return the version of axe-core that is installed; none if it is not, or if what drives the browser is not."""
    if not (find_spec("playwright") and find_spec("axe_playwright_python")):
        return None
    number = re.search(r"axe v([\d.]+)", _axe())
    return number[1] if number else None


def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def check_axe(path: Path, scratch: Path) -> list[Finding]:
    """Return what is wrong with the page *path* in each of VIEWS."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            mkdtemp(dir=scratch),
            executable_path=program(),
            args=list(FLAGS),
            bypass_csp=True,  # axe-core is a script that is not the page's own
        )
        found = [one for width, scheme in VIEWS for one in _look(context, path.absolute(), width, scheme)]
        context.close()
    return found


def _look(context: Any, path: Path, width: int, scheme: str) -> list[Finding]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"the console says: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"the script fails: {error}"))
    page.on("request", lambda asked: said.append(f"asks for {asked.url}") if not asked.url.startswith(("data:", path.as_uri())) else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        said.append(f"is {wide} pixels wide and scrolls sideways")
    page.add_script_tag(content=_axe())
    results = page.evaluate("axe.run({resultTypes: ['violations', 'incomplete']})")
    page.close()
    view = f"({width} pixels, {scheme})"
    return [*(Finding(f"{text} {view}") for text in said), *findings(results, view)]


def findings(results: Any, view: str) -> Iterator[Finding]:
    """Yield what axe-core objects to, and, as a warning, what it could not decide: each rule and reason once, with its first element."""
    if not results["passes"]:
        yield Finding(f"axe-core looked at nothing {view}")
    for one in results["violations"]:
        yield Finding(f"{one['id']} {view}: {one['help']}: {one['nodes'][0]['html'][:120]}")
    for one in results["incomplete"]:
        nodes = [(_reason(node), node["html"][:120]) for node in one["nodes"]]
        count, first = Counter(reason for reason, _ in nodes), dict(reversed(nodes))
        for reason, number in count.items():
            elements = f"{number} element{'s' if number > 1 else ''}"
            yield Finding(f"{one['id']} {view}: axe-core can't tell of {elements}: {reason}: {first[reason]}", is_warning=True)


def _reason(node: Any) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
