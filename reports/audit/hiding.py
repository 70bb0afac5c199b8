"""Web page -> the elements that its own styles hide from whoever reads it on a screen."""

from collections.abc import Iterator
from typing import Any

import cssselect2
import tinycss2
from lxml import etree

HIDING = {"display": ("none",), "visibility": ("hidden", "collapse"), "font-size": ("0",), "opacity": ("0",)}
GROUPS = ("media", "supports", "layer", "container")  # rules that hold rules


def hidden(document: Any) -> Iterator[tuple[Any, str]]:
    """Yield each element of *document* that hides itself, and each with text that a rule of the page's styles hides, and how.

    That a later rule may show it again is not asked: on some screen it is hidden.
    """
    etree.strip_tags(document, etree.Comment, etree.ProcessingInstruction)  # which have no names to be selected by
    for element in document.iter():
        if element.get("hidden") is not None or _hides(tinycss2.parse_blocks_contents(element.get("style", ""))):
            yield element, "is hidden"
    root = cssselect2.ElementWrapper.from_html_root(document)
    for style in document.iter("style"):
        if style.get("media", "all").strip() != "print":
            for rule in _rules(tinycss2.parse_stylesheet(style.text or "", skip_comments=True, skip_whitespace=True)):
                if hides := _hides(tinycss2.parse_blocks_contents(rule.content)):
                    found = (one.etree_element for one in root.query_all(*_selectors(rule)))
                    yield from ((one, f"is hidden by the page's styles ({hides})") for one in found if one.text_content().strip())


def _rules(nodes: list[Any]) -> Iterator[Any]:
    """Yield every rule in *nodes* that has a selector, but for paper."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword in GROUPS and tinycss2.serialize(node.prelude).strip() != "print":
            yield from _rules(tinycss2.parse_rule_list(node.content or [], skip_comments=True, skip_whitespace=True))


def _hides(nodes: list[Any]) -> str:
    """Return the declaration among *nodes* that hides; nothing if none does."""
    for node in nodes:
        if node.type == "declaration" and node.lower_name in HIDING:
            tokens = [one for one in node.value if one.type not in ("whitespace", "comment")]
            values = ["0" if getattr(one, "value", None) == 0 else one.serialize().lower() for one in tokens]
            if values and values[0] in HIDING[node.lower_name]:
                return f"{node.lower_name}: {values[0]}"
    return ""


def _selectors(rule: Any) -> list[Any]:
    """Return the selectors of *rule* that are about elements, and not about what stands before or behind one."""
    try:
        return [one for one in cssselect2.compile_selector_list(rule.prelude) if one.pseudo_element is None]
    except cssselect2.SelectorError:  # a browser passes over such a rule, too
        return []
