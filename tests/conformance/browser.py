"""The web page in a real browser: what axe-core objects to, what the page asks for, and whether it fits its window."""

import re
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.conformance import programs
from tests.conformance.validator import Finding

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright turns off updates, the browser's own requests, and Chromium's sandbox, which root may not use: it opens only our page.
FLAGS = ("--disable-gpu", "--disable-quic")
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
    return str(re.findall(r"axe v([\d.]+)", _axe())[0])


def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def check_axe(path: Path, scratch: Path) -> list[Finding]:
    """Return what is wrong with the page *path* in each of VIEWS."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program(), args=list(FLAGS)) as browser:
        return [finding for width, scheme in VIEWS for finding in _look(browser, path.absolute().as_uri(), width, scheme)]


def _look(browser: Any, address: str, width: int, scheme: str) -> Iterator[Finding]:
    """Yield what is wrong in one view; what axe-core could not decide is a warning, each rule once with its first element."""
    said: list[str] = []
    size: Any = {"width": width, "height": 900}
    # axe-core is a script that is not the page's own.
    with browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True) as context, context.new_page() as page:
        page.on("console", lambda message: said.append(f"the console says: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"the script fails: {error}"))
        page.on("request", lambda asked: said.append(f"asks for {asked.url}") if not asked.url.startswith(("data:", address)) else None)
        page.goto(address)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            said.append(f"is {wide} pixels wide and scrolls sideways")
        page.add_script_tag(content=_axe())
        results = page.evaluate("axe.run({resultTypes: ['violations', 'incomplete']})")
    if not results["passes"]:
        said.append("axe-core looked at nothing")
    view = f"({width} pixels, {scheme})"
    yield from (Finding(f"{text} {view}") for text in said)
    for rule in results["violations"]:
        yield Finding(f"{rule['id']} {view}: {rule['help']}: {rule['nodes'][0]['html'][:120]}")
    for rule in results["incomplete"]:
        node = rule["nodes"][0]
        reason = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
        told = f"axe-core can't tell of {len(rule['nodes'])} elements: {reason}: {node['html'][:120]}"
        yield Finding(f"{rule['id']} {view}: {told}", is_warning=True)
