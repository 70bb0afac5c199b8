"""Style sheets: their rules, and a walk over all that stands in them, such as addresses."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2

from reports.errors import Location, Problem, ReportsError
from reports.files import decode


def parse_styles(path: Path, content: bytes) -> list[Any]:
    """Return the rules of the style sheet *path*, which holds *content*, as tinycss2 has them.

    Raises ReportsError with its errors of syntax, and with what it imports.
    """
    text = decode(path, content)
    rules: list[Any] = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    nodes = [*walk_styles(rules)]
    wrong = [(node, f"CSS syntax: {node.message}") for node in nodes if node.type == "error"]
    imports = [rule for rule in nodes if rule.type == "at-rule" and rule.lower_at_keyword == "import"]
    wrong += [(rule, "a style sheet imports no other: link both in the template") for rule in imports]
    if not wrong and rules and not _is_closed(text):  # CSS closes at its end what is open there, and all below it would be lost
        wrong.append((rules[-1], "CSS syntax: what begins here is never closed: a '}', a bracket, a quotation mark or a '*/' is missing"))
    if wrong:
        raise ReportsError(*(Problem(Location(path, node.source_line, node.source_column), message) for node, message in wrong))
    return rules


def _is_closed(text: str) -> bool:
    """Tell whether nothing is open at the end of *text*: one more '}' has nothing to close there."""
    nodes = tinycss2.parse_component_value_list(text + "}")
    return bool(nodes) and nodes[-1].type == "error"


def walk_styles(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield *nodes* of a style sheet and all that is in them."""
    for node in nodes:
        yield node
        for part in ("prelude", "content", "arguments"):  # of a rule, a block, a function
            yield from walk_styles(getattr(node, part, None) or ())


def address_in(node: Any) -> Any | None:
    """Return the token in *node* that is an address: `url(a)` is one, and `url("a")` is a function of one."""
    if node.type == "url":
        return node
    if node.type == "function" and node.lower_name == "url":
        return next((argument for argument in node.arguments if argument.type == "string"), None)
    return None
