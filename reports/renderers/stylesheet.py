"""What a style sheet may not ask of the layout: blocks without end in blocks, and texts that a number makes as long as one likes."""

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from reports.errors import Location, Problem
from reports.renderers.resources import Resource

MOST_LEVELS = 50
LONGEST_PAD = 100
# Systems whose text of a counter is as long as its number; the second is taken where none is named (https://drafts.csswg.org/css-counter-styles-3/#counter-style-system).
ENDLESS_SYSTEMS = ("additive", "symbolic")
PARTS = ("prelude", "content", "arguments")  # of a rule, a block, a function
SYSTEMS = "take 'cyclic', 'numeric' or 'alphabetic'"


def check_stylesheet(sheet: Resource) -> Iterator[Problem]:
    """Yield where *sheet* is nested too deeply, or each counter style of it that would write a counter in any number of characters."""
    rules = tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True)
    if deep := _deepest(rules):
        yield Problem(Location(sheet.path, deep.source_line, deep.source_column), f"nested deeper than {MOST_LEVELS} levels")
        return
    for rule in _counter_styles(rules):
        declarations = [one for one in tinycss2.parse_blocks_contents(rule.content or ()) if one.type == "declaration"]
        if "system" not in {one.lower_name for one in declarations}:
            yield Problem(Location(sheet.path, rule.source_line, rule.source_column), f"a counter style needs a system: {SYSTEMS}")
        for declaration in declarations:
            if message := _wrong(declaration):
                yield Problem(Location(sheet.path, declaration.source_line, declaration.source_column), message)


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


def _wrong(declaration: Any) -> str | None:
    """Return what is wrong with *declaration*, which describes a counter style."""
    for token in declaration.value:
        if declaration.lower_name == "pad" and token.type == "number" and token.value > LONGEST_PAD:
            return f"{token.representation} is too much for 'pad'; {LONGEST_PAD} is the most"
        if declaration.lower_name == "system" and token.type == "ident" and token.lower_value in ENDLESS_SYSTEMS:
            return f"the system '{token.value}' writes a large number in as many characters; {SYSTEMS}"
    return None
