"""Style sheets, parsed, and what they may not ask for: other sheets, blocks without end in blocks, counters as long as one likes."""

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from reports.errors import Location, Problem, ReportsError
from reports.renderers.assets import Resource

MOST_LEVELS = 50
LONGEST_PAD = 100
# Systems whose text of a counter is as long as its number; the second is taken where none is named (https://drafts.csswg.org/css-counter-styles-3/#counter-style-system).
ENDLESS_SYSTEMS = ("additive", "symbolic")
PARTS = ("prelude", "content", "arguments")  # of a rule, a block, a function
SYSTEMS = "take 'cyclic', 'numeric' or 'alphabetic'"


def parsed(sheet: Resource) -> list[Any]:
    """Return the rules of *sheet*, as tinycss2 has them; raises ReportsError with everything in it that no document may ask for."""
    rules: list[Any] = tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True)
    found = [Problem(Location(sheet.path, node.source_line, node.source_column), message) for node, message in _wrong(rules)]
    if found:
        raise ReportsError(*found)
    return rules


def walk(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield *nodes* of a style sheet and all that is in them."""
    for node in nodes:
        yield node
        for part in PARTS:
            yield from walk(getattr(node, part, None) or ())


def _wrong(rules: list[Any]) -> Iterator[tuple[Any, str]]:
    """Yield each node of *rules* that is wrong, and what is wrong with it."""
    if deep := _deepest(rules):
        yield deep, f"nested deeper than {MOST_LEVELS} levels"
        return
    for node in walk(rules):
        if node.type == "error":
            yield node, f"CSS syntax: {node.message}"
        if node.type == "at-rule" and node.lower_at_keyword == "import":
            yield node, "a style sheet imports no other: link both in the template"
    for rule in _counter_styles(rules):
        yield from _wrong_counter(rule)


def _deepest(nodes: list[Any]) -> Any | None:
    """Return the first of *nodes* or of what stands in them that is deeper than any page needs: whoever follows it may not return."""
    for _ in range(MOST_LEVELS):
        nodes = [inner for node in nodes for part in PARTS for inner in getattr(node, part, None) or ()]
    return next(iter(nodes), None)


def _counter_styles(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield each `@counter-style` in *nodes*, those in blocks of others too."""
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword == "counter-style":
            yield node
        elif node.type == "at-rule" and node.content:
            yield from _counter_styles(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def _wrong_counter(rule: Any) -> Iterator[tuple[Any, str]]:
    """Yield what would write a counter of the counter style *rule* in any number of characters, and what is wrong with it."""
    declarations = [one for one in tinycss2.parse_blocks_contents(rule.content or ()) if one.type == "declaration"]
    if "system" not in {one.lower_name for one in declarations}:
        yield rule, f"a counter style needs a system: {SYSTEMS}"
    for declaration, token in ((one, token) for one in declarations for token in one.value):
        if declaration.lower_name == "pad" and token.type == "number" and token.value > LONGEST_PAD:
            yield declaration, f"{token.representation} is too much for 'pad'; {LONGEST_PAD} is the most"
        if declaration.lower_name == "system" and token.type == "ident" and token.lower_value in ENDLESS_SYSTEMS:
            yield declaration, f"the system '{token.value}' writes a large number in as many characters; {SYSTEMS}"
