"""The words of the shipped templates: each stands where a catalogue of another language finds it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from jinja2 import nodes

from reports.dataset.load import load_dataset
from reports.renderers.environment import Environment, Templates
from reports.translations.translation import load_translation, translated
from tests.conftest import PROJECT, view_of

FOLDERS = ("shared", "in-focus", "briefing", "record", "summary", "web")
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
TERMS = {"term", "codes"}  # which templates/locale/<language>.yaml has
VALUE = "\0"  # stands for what is printed of the data, or by a catalogue

WORD = re.compile(r"\b[^\W\d_]{2,}\b")  # not "sha256sum"
# Names of files, codes that the search compares, places that a script fills, and characters by their names.
NO_WORD = re.compile(r"\b[\w-]+\.(?:json|csv)\b|\w+=\S*|\{\w+\}|&\w+;")
# Text among the values of an expression, which has codes and names of fields and files besides: several words, or one with a capital.
SAID = re.compile(r"[^\W\d_][’,:;]? +[^\W\d_]|^\W*[A-Z][a-z]")

# The attributes that are read out or shown, and the metadata that are no text.
READ = ("alt", "title", "aria-label", "aria-description", "placeholder", "content", "label")
CODES = ("generator", "viewport", "color-scheme")


class Words(HTMLParser):
    """Collects the words of HTML and of the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.found += WORD.findall(NO_WORD.sub("", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta" or dict(attrs).get("name") not in CODES:
            self.found += [word for name, value in attrs if name in READ for word in WORD.findall(value or "")]


def literals(node: nodes.Node) -> Iterator[str]:
    """Yield what the expression *node* prints whatever the data are, and VALUE for the rest."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        yield str(node.value)
    elif isinstance(node, nodes.CondExpr | nodes.Concat | nodes.BinExpr):
        for part in node.iter_child_nodes(exclude=["test"]):
            yield from literals(part)
    else:
        yield VALUE


def said(node: nodes.Node) -> Iterator[str]:
    """Yield each text in the expressions below *node* that is neither a message nor a code."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT | TERMS:
        for argument in (*node.args[1:], *node.kwargs):
            yield from said(argument) if not isinstance(argument, nodes.Const) else ()
    elif isinstance(node, nodes.Const) and isinstance(node.value, str) and SAID.search(node.value):
        yield node.value
    else:
        for child in node.iter_child_nodes():
            yield from said(child)


def bare_words(source: str) -> list[str]:
    """Return the words and texts of the template *source* that no catalogue finds."""
    tree = Environment().parse(source)
    html = Words()
    html.feed("".join(text for output in tree.find_all(nodes.Output) for node in output.nodes for text in literals(node)))
    html.close()
    return [*html.found, *said(tree)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_word_of_a_template_can_be_translated(folder: str) -> None:
    """A word stands in `trans`, in `_()` or among the terms, also in an attribute and in an expression; all else comes from the data."""
    paths = sorted((PROJECT / "templates" / folder).rglob("*.html.j2"))
    assert paths
    found = {path.relative_to(PROJECT).as_posix(): bare_words(path.read_text("utf-8")) for path in paths}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p class='first'>{% trans %}Numbers in brackets{% endtrans %} {{ view.title }}</p>", []),
        ("<p>Numbers in {{ _('brackets') }}</p>", ["Numbers", "in"]),
        ("<img alt='Timeline: {{ name }}' src='figure:timeline'>", ["Timeline"]),
        ("<p>{{ left }} point{{ 's' if left > 1 }}</p>", ["points"]),
        ("<p>{{ ', of ' ~ total }}</p>", ["of"]),
        ("<p class='{{ 'wide' if a else 'narrow' }}'>{{ _('a copy') if a else b.all }}</p>", []),
        ("{% set sections = [('story', 'Story'), ('watch', _('Watch'))] %}", ["Story"]),
        ("{{ figure(2, 'the table below') }}{{ figure(2, sources=_('the record')) }}", ["the table below"]),
        ("<p>{{ term('date.none') }}{{ items | join(', ') }} <a>dataset.json</a> {# A comment #}&nbsp;· –</p>", []),
        ("<p>sha256sum {record} ({date}) kind={{ kind }} disputed={{ 'yes' if a else 'no' }}</p>", []),
        ("<p>{{ ngettext('%(num)s claim', '%(num)s claims', count) }}</p>", []),
        ("<p>{% trans count=n, kind='old one' %}a {{ kind }}{% pluralize %}some {{ kind }}{% endtrans %}</p>", ["old one"]),
        ("<script>let words = 1</script><meta name='viewport' content='width=device-width'><meta name='description' content='A'>", []),
    ],
)
def test_a_bare_word_is_found(source: str, words: list[str]) -> None:
    """The test above sees what it is there for, and nothing else."""
    assert bare_words(source) == words


@pytest.mark.parametrize("language", ["bs", "hr", "sr-Cyrl-BA"])
def test_dates_with_a_full_stop_of_their_own_end_their_sentences(language: str) -> None:
    """No second one stands behind them, in no document, in no text and in no description of a figure."""
    dataset = load_dataset(PROJECT / "data")
    told = translated(dataset, load_translation(dataset, language))
    for document, medium in (("in-focus", "pdf"), ("briefing", "pdf"), ("record", "pdf"), ("summary", "docx"), ("web", "html")):
        view = replace(view_of(told, document, PROJECT / "templates"), language=language)
        html = Templates(PROJECT / "templates", view, medium).render(f"{document}/{document}.html.j2")
        assert "2010." in html
        text = re.sub(r'(?<=href=")[^"]*', "", html)
        assert [text[match.start() - 30 : match.end() + 10] for match in re.finditer(r"\d\.(?:</[^<>]+>)?\.(?!\.)", text)] == []
