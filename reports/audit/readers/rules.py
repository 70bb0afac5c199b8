"""The styles in a web page -> its rules for a screen: which elements each is about, and what it declares for them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import cssselect2
import tinycss2
from lxml import etree

GROUPS = ("media", "supports", "layer", "container", "scope", "starting-style")  # rules that hold rules
PAPER = re.compile(r"(only\s+)?print\b|not\s+screen\b", re.IGNORECASE)
FOCUS = re.compile(r":focus(-visible|-within)?")  # a person can make it so: to be selected, an element needs no more

StrictModel = Mapping[str, list[Any]]  # the tokens of its value by each property's name


class Rule(NamedTuple):
    """What is *declared* for *elements*: by the page's styles, or, if it is their *own*, by themselves."""

    elements: list[Any]
    declared: StrictModel
    is_own: bool = False


def rules(document: Any) -> list[Rule]:
    """Return the rules in *document*, a page, which loses its comments; of those about what stands before or behind elements, none."""
    etree.strip_tags(document, etree.Comment, etree.ProcessingInstruction)  # which have no names to be selected by
    own = [Rule([one], declared(tinycss2.parse_blocks_contents(one.get("style"))), True) for one in document.iter() if one.get("style")]
    sheets = [style.text or "" for style in document.iter("style") if not _is_for_paper(style.get("media", "all"))]
    nodes = [node for sheet in sheets for node in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)]
    return [*own, *_matched(document, list(_rules(nodes, "")))]


def _matched(document: Any, found: list[tuple[str, StrictModel]]) -> Iterator[Rule]:
    """Yield the rules *found* with the elements of *document* that they select, in one walk through it."""
    matcher = cssselect2.Matcher()
    for number, (selector, _) in enumerate(found):
        for one in _selectors(selector):
            matcher.add_selector(one, number)
    elements: dict[int, list[Any]] = defaultdict(list)
    for element in cssselect2.ElementWrapper.from_html_root(document).iter_subtree():
        for number in {number for _, _, pseudo, number in matcher.match(element) if pseudo is None}:
            elements[number].append(element.etree_element)
    for number, (_, its) in enumerate(found):
        yield Rule(elements[number], its)


def declared(nodes: list[Any]) -> StrictModel:
    """Return what *nodes* declare; of what is declared twice, the last."""
    named = ((node.name if node.name.startswith("--") else node.lower_name, node) for node in nodes if node.type == "declaration")
    return {name: node.value for name, node in named}


def _is_for_paper(media: str) -> bool:
    return all(PAPER.match(query.strip()) for query in media.split(","))


def _rules(nodes: list[Any], around: str) -> Iterator[tuple[str, StrictModel]]:
    """Yield the selector of every rule in *nodes*, which stand in the rules that select *around*, and what it declares."""
    own = declared(nodes)
    if around and own:
        yield around, own
    for node in nodes:
        if node.type not in ("qualified-rule", "at-rule") or node.content is None:
            continue
        prelude = tinycss2.serialize(node.prelude).strip()
        inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        if node.type == "qualified-rule":
            yield from _rules(inner, _within(around, prelude))
        elif node.lower_at_keyword in GROUPS and not (node.lower_at_keyword == "media" and _is_for_paper(prelude)):
            yield from _rules(inner, around)


def _within(around: str, selector: str) -> str:
    """Return *selector* as it reads outside of the rules *around* it (https://www.w3.org/TR/css-nesting-1/#nest-selector)."""
    if not around:
        return selector
    if "&" in selector:
        return selector.replace("&", f":is({around})")
    return f":is({around}) {selector}" if selector[:1] in (">", "+", "~") else f":is({around}) :is({selector})"


def _selectors(selector: str) -> list[Any]:
    try:
        return list(cssselect2.compile_selector_list(FOCUS.sub("", selector)))
    except cssselect2.SelectorError:  # a browser passes over such a rule, too
        return []
