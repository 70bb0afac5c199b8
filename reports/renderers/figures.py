"""Figure specification + view -> SVG or PNG: Vega-Lite, drawn with our fonts and nothing from the network.

A specification in templates/figures/ names its data, and the data come from the view: rows of texts, numbers and days in ISO 8601.
A figure is named by its specification, and behind a slash by the measure whose figures alone it shows: `measure/trade`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from reports.cache import NO_CACHE, Cache
from reports.dataset.codes import Place
from reports.dataset.prose import words
from reports.documents.view import View
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import is_file_named_in, location_at, read_text
from reports.renderers.environment import border
from reports.renderers.fonts import Fonts, characters_of, house_fonts, missing_glyphs
from reports.renderers.looks import Looks, read_looks
from reports.renderers.outlines import outlined
from reports.renderers.timeline import lay_out
from reports.renderers.vega import FAMILY, convert, font
from reports.translations.extraction import SHOWN
from reports.translations.locale import Locale, is_right_to_left
from reports.translations.texts import Text
from reports.translations.wording import Wording, load_wording

SCHEME = "figure:"
DOTS = 2400  # 300 to the inch and more on the width of a page
HIGHEST = 4 * DOTS  # dots, lest a narrow figure take all memory
LARGEST_SIDE = 4000  # in units, of which a page's width has about 600
REAL_FAMILY = "'Source Sans 3'"  # of FAMILY, which documents want
OTHER_FONT = re.compile(r"\bfont-family\s*:[^;}]*", re.IGNORECASE)
# Functions of Vega's expressions that give something else at each call (https://vega.github.io/vega/docs/expressions/).
CHANCE = re.compile(r"\b(now|random|sample\w+|datetime(?=\s*\(\s*\)))\s*\(")
VARIABLE = re.compile(r"var\(--([\w-]+)\)")  # a colour of the looks, as style sheets write it
# Keys of texts that are shown as they are, where 'now (2020)' is none of these functions.
TEXTS = ("description", "label", "name", "subtitle", "text", "title")

Row = dict[str, Any]


def draw_svg(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> bytes:
    """Return the figure *name* of *templates*, filled from *view*; raises ReportsError for what is wrong with it.

    It is drawn only if no figure of the same specification and data is in *cache*.
    """
    return _svg(view, templates, *_filled(view, templates, name), cache)[0]


def draw_png(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> bytes:
    """Return the same figure as `draw_svg`, DOTS wide, or less if it were more than HIGHEST dots high then."""
    path, filled = _filled(view, templates, name)
    drawn, width, height = _svg(view, templates, path, filled, cache)
    svg = drawn.decode().replace(f'font-family="{REAL_FAMILY}"', f'font-family="{FAMILY}"')
    return convert(path, "svg_to_png", svg, cache, scale=min(DOTS / width, HIGHEST / height))


def check_figure(view: View, templates: Path, name: str, cache: Cache = NO_CACHE) -> bytes:
    """Raise what `draw_svg` would raise, which only a drawing shows; returns none."""
    draw_svg(view, templates, name, cache)
    return b""


def draw_shapes(path: Path, drawing: ET.Element, cache: Cache) -> bytes:
    """Return *drawing*, the SVG of the file *path*, as a PNG of the size that `draw_png` gives a figure; its texts are set in our font.

    Raises ReportsError for one that has no size.
    """
    box = drawing.get("viewBox") or f"0 0 {drawing.get('width')} {drawing.get('height')}"
    numbers = [float(number) for number in re.findall(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?=px|[\s,]|$)", box)]
    if len(numbers) != 4 or not all(map(isfinite, numbers)) or min(numbers[2:]) <= 0:
        raise ReportsError(Problem(Location(path), "has no size: give its <svg> a viewBox"))
    *_, width, height = numbers
    scale = min(DOTS / width, HIGHEST / height)
    drawing.attrib |= {"viewBox": " ".join(map(str, numbers)), "width": str(width * scale), "height": str(height * scale)}
    svg = _in_font(drawing, FAMILY)
    with border(Location(path), "can't be drawn; look at the values of its shapes"):
        return convert(path, "svg_to_png", svg, cache)


def with_own_font(drawing: ET.Element) -> bytes:
    """Return *drawing* with its texts set in our font, which the program that it was saved by knows nothing of."""
    return _in_font(drawing, REAL_FAMILY).encode()


def _in_font(drawing: ET.Element, family: str) -> str:
    drawing.attrib |= {"xmlns": "http://www.w3.org/2000/svg", "font-family": family}
    for element in drawing.iter():
        if "font-family" in element.attrib:
            element.set("font-family", family)
        if "style" in element.attrib:
            element.set("style", OTHER_FONT.sub("", element.attrib["style"]))
        if element.tag == "style":
            element.text = OTHER_FONT.sub("", element.text or "")
    return ET.tostring(drawing, encoding="unicode")


def _svg(view: View, templates: Path, path: Path, filled: Row, cache: Cache) -> tuple[bytes, float, float]:
    """Return the figure that *path* specifies, its width and its height."""
    drawn = convert(path, "vegalite_to_svg", filled, cache, allowed_base_urls=[])
    text, unknown = outlined(drawn.decode(), (font(), *house_fonts(templates).values()), is_right_to_left(view.language))
    root = ET.fromstring(text)  # noqa: S314 - drawn by us
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    foreign = sorted(set(re.findall(r'font-family="([^"]*)"', text)) - {FAMILY})
    problems = [f"the font '{font}' is not ours, which is '{FAMILY}' in a figure" for font in foreign]
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        problems.append(f"is {width:g} units wide and {height:g} high; each has to be more than 0, and {LARGEST_SIDE} at most")
    if problems:
        raise ReportsError(*(Problem(Location(path), message) for message in problems))
    if unknown:
        raise ReportsError(missing_glyphs(Location(path), unknown))
    if missing := _fonts().missing("".join(root.itertext())):
        raise ReportsError(missing_glyphs(Location(path), missing, "a figure's labels are in Latin, Greek or Cyrillic letters"))
    return text.replace(f'font-family="{FAMILY}"', f'font-family="{REAL_FAMILY}"').encode(), width, height


def _filled(view: View, templates: Path, name: str) -> tuple[Path, Row]:
    """Return the file that specifies the figure *name*, and the specification with its data."""
    path, locale, view = specification(view, templates, name), Locale(templates, view.language, view.about), view.unmarked
    try:
        spec = _told(json.loads(_coloured(path, read_text(path, templates), read_looks(templates))), load_wording(templates, view.language))
    except json.JSONDecodeError as error:
        raise ReportsError(Problem(Location(path, error.lineno, error.colno), f"JSON syntax: {error.msg.lower()}")) from None
    if not isinstance(spec, dict):
        raise ReportsError(Problem(Location(path), "a specification is expected here, in braces"))
    if problems := [Problem(Location(path), message) for message in _check(spec)]:
        raise ReportsError(*problems)
    named = [value.get("name") for key, value in _fields(spec) if key == "data" and isinstance(value, dict)]
    spec["datasets"] = {data: rows(view, locale) for data, rows in DATA.items() if data in named}
    if (measure := name.partition("/")[2]) and "counts" in named:
        spec["datasets"]["counts"] = [row for row in spec["datasets"]["counts"] if row["measure"] == measure]
    return path, spec


def _told(spec: Any, wording: Wording, key: str = "") -> Any:
    """Return *spec*, a part of a specification under *key*, with the words in it that its readers see in the language of *wording*."""
    if isinstance(spec, dict):
        return {name: _told(part, wording, name) for name, part in spec.items()}
    if isinstance(spec, list):
        return [_told(part, wording, key) for part in spec]
    return wording.forms.get(Text("", spec).key, (spec,))[0] if isinstance(spec, str) and key in SHOWN else spec


def _coloured(path: Path, text: str, looks: Looks) -> str:
    """Return the specification *text* with the colours of *looks* where it names their roles; raises ReportsError for other names."""
    unknown = [match for match in VARIABLE.finditer(text) if match[1] not in looks.colours]
    if unknown:
        messages = {match.start(): f"there is no colour '--{match[1]}'{did_you_mean(match[1], looks.colours)}" for match in unknown}
        raise ReportsError(*(Problem(location_at(path, text, start), message) for start, message in messages.items()))
    return VARIABLE.sub(lambda match: looks.colours[match[1]], text)


def _check(spec: Row) -> Iterator[str]:
    """Yield what *spec* may not ask for: data that are not the view's, and what differs from one build to the next."""
    for key, value in _fields(spec):
        if key == "data" and isinstance(value, dict):
            name, url = value.get("name"), value.get("url")
            if name is not None and name not in list(DATA):
                yield f"there are no data '{name}'{did_you_mean(str(name), DATA)}"
            if url is not None:
                yield f"the data at '{url}' are not the view's; name one of {', '.join(DATA)}"
        elif key == "sample":
            yield "'sample' picks rows by chance; a figure shows the view's"
        elif isinstance(value, str) and key not in TEXTS:
            yield from (f"the function '{match[1]}' gives something else with each build" for match in CHANCE.finditer(value))


def _fields(spec: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value in *spec*, at any depth, with its key, which a list hands down to what is in it."""
    yield key, spec
    within = spec.items() if isinstance(spec, dict) else [(key, value) for value in spec] if isinstance(spec, list) else ()
    for name, value in within:
        yield from _fields(value, name)


def specification(view: View, templates: Path, name: str, place: Location | None = None) -> Path:
    """Return the file that specifies the figure *name*; raises ReportsError, at the *place* that names it, if there is none.

    So it does if *view* has no measure of the name behind a slash.
    """
    folder = templates / "figures"
    place, (kind, slash, measure) = place or Location(folder), name.partition("/")
    path = folder / f"{kind}.vl.json"
    if not is_file_named_in(path, templates):
        known = [found.name.removesuffix(".vl.json") for found in folder.glob("*.vl.json")]
        raise ReportsError(Problem(place, f"there is no figure '{name}'{did_you_mean(name, known)}"))
    if slash and measure not in (measures := [known.id for known in view.measures]):
        raise ReportsError(Problem(place, f"there is no measure '{measure}' for the figure '{kind}'{did_you_mean(measure, measures)}"))
    return path


def _fonts() -> Fonts:
    return Fonts({FAMILY: characters_of(font())})


def _states(view: View, locale: Locale, place: Place) -> list[Row]:
    """Return the frameworks at *place*, by their steps if any, with the partner's stage and state in each, and when it took it up."""
    return [
        {
            "name": f"{framework.name} ({framework.abbreviation})" if framework.abbreviation else framework.name,
            "stage": framework.stage or "",
            "state": words(framework.state, notes=False),
            "joined": locale.date(framework.joined) if framework.joined else "",
            "step": framework.step,
        }
        for framework in sorted(view.frameworks, key=lambda framework: framework.step or 0)
        if framework.place == str(place)
    ]


def _counts(view: View, locale: Locale) -> list[Row]:
    """Return the figures of all measures, of each the latest that there is room for, in order of date."""
    return [
        {
            "measure": measure.id,
            "date": _iso(count.date.earliest),
            "when": locale.date(count.date),
            "year": count.date.order[0].year,
            "value": float(count.value),
            "total": float(count.total) if count.total else None,
            "among": count.among or "",
            "counted_by": view.labels[count.counted_by],
            "label": " / ".join(locale.number(number) for number in (count.value, count.total) if number is not None),
        }
        for measure in view.measures
        for count in view.latest_points(measure)
    ]


DATA: Mapping[str, Callable[[View, Locale], list[Row]]] = {
    "counts": _counts,
    "key_milestones": lambda view, locale: lay_out(view, locale)["key_milestones"],
    "ladder": lambda view, locale: [row for row in _states(view, locale, Place.LADDER) if row["step"]],
    "lanes": lambda view, locale: lay_out(view, locale)["lanes"],
    "operations": lambda view, locale: lay_out(view, locale)["operations"],
    "umbrella": lambda view, locale: _states(view, locale, Place.UMBRELLA),
    "years": lambda view, locale: lay_out(view, locale)["years"],
}


def _iso(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None
