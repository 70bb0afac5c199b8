"""Prose and evidence -> the HTML subset: Markdown with its citations resolved to links."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from jinja2 import TemplateRuntimeError
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from reports.dataset.model import Evidence, Source
from reports.dataset.prose import Citation, number_of, parse_prose, with_children, words
from reports.documents.view import View
from reports.translations.texts import Foreign

_OPTIONS = MarkdownIt("zero").options

# The space stands inside: WeasyPrint breaks lines too early where a text ends in one (measured with WeasyPrint 70).
# A style may put the inner span into the margin; the outer one stays where the text goes on.
_BOUND = Markup('<span class="{}"><span>\N{NO-BREAK SPACE}{}</span></span>')
_CITED = "cited"


@dataclass
class CitedIn:
    """A section that cites a source or a record: the *anchor* of the first citation of a source in it, and the places that it gives."""

    section: str
    anchor: str
    locators: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Note:
    """The note of a footnote: its *number*, its *id* and that of its first *mark*, to which it leads back, and its *text*."""

    number: int
    text: Markup

    # An underscore, which no record's id has.
    @property
    def id(self) -> str:
        return f"note_{self.number}"

    @property
    def mark(self) -> str:
        return f"{self.id}_mark"


class Prose:
    """The writer of one document's prose; it notes which section cites which source, for the way back, and what its footnotes say.

    In the *medium* Word, which numbers and places footnotes itself, each stands where its mark belongs. Records that are
    *without_anchor*, since the document has no element with their id, are named without a link.
    """

    def __init__(self, view: View, medium: str = "pdf", without_anchor: Collection[str] = ()) -> None:
        self.view = view
        self.medium = medium
        self.without_anchor = without_anchor
        self.section = ""
        self._cited: dict[str, dict[str, CitedIn]] = {}
        self._notes: dict[str, Note] = {}
        self._renderer = RendererHTML()
        rules: dict[str, Any] = {"citation": self._citation, "footnote": self._footnote, "stop": _stop}
        self._renderer.rules |= rules | dict.fromkeys(("html_inline", "html_block", "text_special"), _escaped)

    def begin(self, section: str) -> str:
        """Note that what follows stands in *section*; returns nothing to print."""
        self.section = section
        return ""

    def block(self, text: str) -> Markup:
        """Return *text* as paragraphs, lists and quotations."""
        return _tagged(text, "div", self._render(_bound(text)))

    def inline(self, text: str) -> Markup:
        """Return *text* without the elements of its paragraphs and lists, but with the numbers of these; a space stands between them."""
        found = ""
        for token in _bound(text):
            if token.type == "list_item_open":
                found += number_of(token)
            elif token.children:
                found += self._render(token.children) + " "
        return _tagged(text, "span", Markup(found.rstrip(" ")))  # noqa: S704 - made of what is escaped, and of numbers

    def plain(self, text: str) -> str:
        """Return *text* without any markup, its citations as numbers in brackets and references, its notes in brackets."""
        return " ".join(words(text, self._plain_citation, gap=" ").split())

    def notes(self) -> tuple[Note, ...]:
        """Return the notes of the footnotes printed so far, in their order; none in Word."""
        return tuple(self._notes.values())

    def mark(self, evidence: Sequence[Evidence]) -> Markup:
        """Return the marks of all sources in *evidence*, each once."""
        marks: dict[str, Markup] = {}
        for item in evidence:
            mark = self._source(Citation(item.source, item.locator))  # each notes its locator, also where the mark stands already
            marks.setdefault(item.source, mark)
        return Markup("").join(marks.values())

    def cite(self, evidence: Sequence[Evidence]) -> Markup:
        """Return the same marks, to stand behind a text without being torn from it at the end of a line."""
        return _BOUND.format(_CITED, self.mark(evidence))

    def link(self, identifier: str) -> Markup:
        """Return the name of a record, as a link to where the document shows it, or else the record beside it."""
        label = self.label(identifier)
        if identifier in self.view.numbers:
            return Markup("{} {}").format(label, self._source(Citation(identifier)))
        is_here = identifier in self.view.shown and identifier not in self.without_anchor
        if is_here:
            self._cited.setdefault(identifier, {}).setdefault(self.section, CitedIn(self.section, ""))
        if is_here or self.view.document.record:
            role = "reference" if label == identifier else "record"
            file = "" if is_here else self.view.document.record
            # In Word the link's tip, which a pasted paragraph takes along when the record stays behind.
            tip = Markup(' title="{}"').format(self.name(identifier)) if self.medium == "docx" else ""
            return Markup('<a class="{}" href="{}#{}"{}>{}</a>').format(role, file, identifier, tip, label)
        return escape(label)

    def label(self, identifier: str) -> str:
        """Return the short name of a record, as plain text."""
        try:
            return self.view.labels[identifier]
        except KeyError:
            raise TemplateRuntimeError(f"'{identifier}' is no record that this document mentions") from None

    def labels(self, identifiers: Sequence[str]) -> str:
        """Return the short names of records between commas, or a dash if there are none."""
        return ", ".join(self.label(identifier) for identifier in identifiers) or "–"

    def numbers(self, evidence: Sequence[Evidence]) -> str:
        """Return the numbers of all sources in *evidence* between commas, each once."""
        return ", ".join(dict.fromkeys(str(self.view.numbers[item.source]) for item in evidence))

    def name(self, identifier: str) -> str:
        """Return a record's reference and title, or its name, as plain text."""
        record = self.view.facts_by_id.get(identifier)
        title = getattr(record, "title", None)
        return f"{identifier}, {title}" if title and identifier[0] == "M" else title or self.label(identifier)

    def title_language(self, source: Source) -> str:
        """Return the language of the title of a source: the document's for one in brackets, which we gave it, if it is translated."""
        title = source.title
        if isinstance(title, Foreign):
            return title.language
        return self.view.language if title.startswith("[") and title.endswith("]") else source.language

    def cited_in(self, identifier: str) -> list[CitedIn]:
        """Return the sections that have cited a source or another record so far."""
        return list(self._cited.get(identifier, {}).values())

    def _render(self, tokens: Sequence[Token]) -> Markup:
        return Markup(self._renderer.render(tokens, _OPTIONS, {}))  # noqa: S704 - the renderer escapes every text

    def _citation(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Return the marks of sources, and the names of other records that stand together in one pair of brackets."""
        cited: tuple[Citation, ...] = tokens[index].meta["cited"]
        marks = [self._source(citation) if citation.id in self.view.numbers else self.link(citation.id) for citation in cited]
        joined = self._joined(cited, marks)
        role = f"{_CITED} doubt" if any(citation.id in self.view.doubtful for citation in cited) else _CITED
        bound = _BOUND if tokens[index].hidden else Markup('<span class="{}"><span>{}</span></span>')
        return str(bound.format(role, joined))

    def _plain_citation(self, cited: tuple[Citation, ...]) -> str:
        numbers = self.view.numbers
        marks = [escape(f"[{numbers[citation.id]}]" if citation.id in numbers else self.label(citation.id)) for citation in cited]
        return self._joined(cited, marks).unescape()

    def _joined(self, cited: Sequence[Citation], marks: Sequence[Markup]) -> Markup:
        """Return the *marks* of what is *cited*: sources close to one another, the names of records in brackets, words before all."""
        pairs = list(zip(cited, marks, strict=True))
        if any(citation.prefix for citation in cited):
            worded = (Markup("{}\N{NO-BREAK SPACE}{}").format(each.prefix, mark) if each.prefix else mark for each, mark in pairs)
            return Markup("({})").format(Markup(", ").join(worded))
        joined = Markup("")
        for is_source, run in groupby(pairs, key=lambda pair: pair[0].id in self.view.numbers):
            own = [mark for _, mark in run]
            joined += Markup("\N{NO-BREAK SPACE}") if joined else Markup("")
            joined += Markup("").join(own) if is_source else Markup("({})").format(Markup(", ").join(own))
        return joined

    def _footnote(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Return the mark of a footnote, whose note is kept for the place that the template gives it; in Word, the note itself."""
        footnote = tokens[index]
        if self.medium == "docx":
            return str(Markup('<span class="footnote">{}</span>').format(self._render(footnote.children or ())))
        anchor = ""
        if footnote.content not in self._notes:  # the same text may be printed twice
            note = self._notes[footnote.content] = Note(len(self._notes) + 1, self._render(footnote.children or ()))
            anchor = Markup(' id="{}"').format(note.mark)
        note = self._notes[footnote.content]
        return str(Markup('<a class="footnote" href="#{}"{}>{}</a>').format(note.id, anchor, note.number))

    def _source(self, cited: Citation) -> Markup:
        """Return the mark of a source: its number, as a link; the first one in a section can be found again."""
        sections = self._cited.setdefault(cited.id, {})
        anchor = ""
        if self.section and self.section not in sections:
            sections[self.section] = CitedIn(self.section, f"{self.section}-{cited.id}")
            anchor = Markup(' id="{}"').format(sections[self.section].anchor)
        if self.section and cited.locator and cited.locator not in sections[self.section].locators:
            sections[self.section].locators.append(cited.locator)
        source = self.view.source(cited.id)
        title = ", ".join(part for part in (f"{source.publisher}: {source.title}", cited.locator) if part)
        mark = Markup('<a class="mark" href="#source-{}" title="{}"{}>[{}]</a>')
        return mark.format(cited.id, title, anchor, self.view.numbers[cited.id])


def _tagged(text: str, element: str, html: Markup) -> Markup:
    """Return *html*, which is made of *text*, in an *element* that says its language, if that is not the document's."""
    return text.tagged(element, html) if isinstance(text, Foreign) else html


@cache
def _bound(text: str) -> list[Token]:
    """Return the tokens of *text*, no line break between a citation and the word before it: its token is *hidden*, its space gone.

    Several documents print the same text, and one whose lists give way prints it again and again.
    """
    blocks = parse_prose(text)
    lines = [token.children for block in blocks for token in with_children(block) if token.children]
    for before, token in (pair for line in lines for pair in pairwise(line)):
        if token.type == "citation" and before.type == "text" and before.content.endswith(" "):
            before.content, token.hidden = before.content[:-1], True
        elif token.type == "citation" and before.type == "softbreak":
            before.type, before.content, token.hidden = "text", "", True
    return blocks


def _stop(*_: Any) -> str:
    """Return the full stop behind a date's and a citation; a style that moves citations out of the line leaves it out."""
    return '<span class="stop">.</span>'


def _escaped(tokens: Sequence[Token], index: int, *_: Any) -> str:
    return str(escape(tokens[index].content))
