"""The checklist for accessible Word documents, asked of a finished file: RULES lists what it asks."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from reports.audit.readers.contrast import contrast
from tests.conformance.checklists import CONTRAST, tells
from tests.conformance.checklists.docx_parts import Docx, find, read_docx, text_of
from tests.conformance.validator import Finding

SMALLEST = 22  # half points
CURRENT = "15"  # the compatibility mode of Word 2013 and of all that came after it
PAPER = "FFFFFF"
AUTO, UNKNOWN = "auto", "unknown"  # Word takes black or white for auto, whichever can be told from the ground
# What lies behind a text, among the properties of anything around it: a shade, or a marker.
GROUND = "*[self::w:shd[@w:fill!='auto' or @w:themeFill or @w:val!='clear' and @w:val!='nil'] or self::w:highlight[@w:val!='none']]"
ON = "[not(@w:val='0' or @w:val='false' or @w:val='off')]"  # what is there is so, unless it says otherwise
TYPED_ITEM = re.compile(r"\s*([•▪◦–*-]|\d{1,2}[.)]|[a-z][.)])\s")


def check_word(path: Path, scratch: Path) -> list[Finding]:
    """Return what the document *path* lacks of the checklist."""
    document = read_docx(path)
    if isinstance(document, Finding):
        return [document]
    return [Finding(text) for rule in RULES for text in rule(document)]


def check_headings(document: Docx) -> Iterator[str]:
    """Headings have Word's own styles, in order, under one title."""
    names = [document.name_of(paragraph) for paragraph in document.paragraphs]
    if names.count("title") != 1:
        yield f"{names.count('title')} paragraphs have the style Title; one should"
    levels = [int(name[-1]) for name in names if re.fullmatch(r"heading \d", name)]
    if not levels:
        yield "no paragraph has the style of a heading"
    for above, level in pairwise([0, *levels]):
        if level > above + 1:
            yield f"a heading of level {level} follows one of level {above}"


def check_properties(document: Docx) -> Iterator[str]:
    """Title, author, language and dates are in the properties."""
    for name in ("title", "creator", "language", "created", "modified"):
        if not document.properties.get(name):
            yield f"the property '{name}' is missing"


def check_language(document: Docx) -> Iterator[str]:
    """The styles have the language of the properties, and what is marked with another has a language's tag."""
    declared, known = find(document.defaults, ".//w:lang/@w:val"), document.properties.get("language")
    if declared != [known]:
        yield f"the language of the styles is {declared}, that of the properties '{known}'"
    for tag in find(document.body, "//w:lang/@w:val"):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            yield f"'{tag}' is no language"


def check_lists(document: Docx) -> Iterator[str]:
    """Lists are real: Word numbers the items, nobody types bullets."""
    for paragraph in document.paragraphs:
        if TYPED_ITEM.match(text_of(paragraph)) and not list(document.formats("w:numPr/w:numId/@w:val", paragraph)):
            yield f"'{text_of(paragraph)[:40]}' looks like an item of a list, and is none"


def check_tables(document: Docx) -> Iterator[str]:
    """A table's first row is repeated and announced as its header, no row splits, and it has title and description."""
    for table in find(document.body, "//w:tbl"):
        rows = find(table, "w:tr")
        if [bool(find(row, f"w:trPr/w:tblHeader{ON}")) for row in rows[:2]] != [True, False]:
            yield "a table has no header row, or nothing else"
        if not all(find(row, f"w:trPr/w:cantSplit{ON}") for row in rows):
            yield "a row of a table may split between two pages"
        for name in ("tblCaption", "tblDescription"):
            if not find(table, f"w:tblPr/w:{name}[normalize-space(@w:val)]"):
                yield f"a table has no {name}"


def check_cells(document: Docx) -> Iterator[str]:
    """No cell is merged, empty or holds a table."""
    if find(document.body, "//w:tc//w:gridSpan | //w:tc//w:vMerge | //w:tc//w:hMerge"):
        yield "a cell is merged"
    if find(document.body, "//w:tc//w:tbl"):
        yield "a table stands in a table"
    if not all(text_of(cell).strip() for cell in find(document.body, "//w:tc")):
        yield "a cell is empty"


def check_pictures(document: Docx) -> Iterator[str]:
    """Pictures stand in the line of text, with alternative text."""
    if find(document.body, "//wp:anchor | //w:pict"):
        yield "a picture floats over the text"
    if find(document.body, "//wp:docPr[not(normalize-space(@descr))]"):
        yield "a picture has no alternative text"


def check_links(document: Docx) -> Iterator[str]:
    """A link's text says where it goes."""
    for link in find(document.body, "//w:hyperlink"):
        if not tells(text_of(link)):
            yield f"a link's text '{text_of(link)}' does not say where it goes"


def check_running(document: Docx) -> Iterator[str]:
    """Nothing exists in a header or footer only, save the phrase, between dashes, that counts the pages."""
    body = set(re.findall(r"\w+", " ".join(map(text_of, document.paragraphs)).casefold()))
    for name, root in document.running.items():
        texts = ["#" if find(text, "ancestor::w:fldSimple") else text.text or "" for text in find(root, "//w:t")]
        phrases = [phrase for phrase in "".join(texts).casefold().split(" – ") if "#" not in phrase]
        for word in sorted(set(re.findall(r"\w+", " ".join(phrases))) - body):
            yield f"'{word}' stands in {name} only"


def check_sizes(document: Docx) -> Iterator[str]:
    """No text is smaller than 11 points."""
    for run in find(document.body, "//w:r[w:t]"):
        size = next(document.formats("w:sz/@w:val", run, *find(run, "ancestor::w:p")), "20")
        if int(size) < SMALLEST:
            yield f"'{text_of(run)[:40]}' is set in {int(size) / 2:g} points"


def check_alignment(document: Docx) -> Iterator[str]:
    """Every paragraph is aligned at the left."""
    for paragraph in document.paragraphs:
        if next(document.formats("w:jc/@w:val", paragraph), "left") not in ("left", "start"):
            yield f"'{text_of(paragraph)[:40]}' is not aligned at the left"


def check_space(document: Docx) -> Iterator[str]:
    """Space is made by styles, never by empty paragraphs."""
    if find(document.body, "//w:p[not(.//w:drawing) and not(normalize-space(.))]"):
        yield "a paragraph is empty"


def check_colours(document: Docx) -> Iterator[str]:
    """Text can be told from its ground, and a link from the text without its colour."""
    examples: dict[tuple[str, str], str] = {}
    for run in document.runs:
        examples.setdefault(_colours(document, run), text_of(run)[:40])
    for (colour, ground), text in examples.items():
        if UNKNOWN in (colour, ground):
            yield f"nobody can tell how '{text}' is read: its colours are a theme's, a pattern's or a marker's"
        elif colour != AUTO and contrast(colour, ground) < CONTRAST:
            yield f"'{text}' has a contrast of {contrast(colour, ground):.1f} with its ground; {CONTRAST} can be read"
    for name, style in document.styles.items():
        if find(style, "w:tblStylePr//w:shd | w:tblStylePr//w:color"):
            yield f"nobody can tell how all rows are read: the style {name} colours them by their place"
    if "Hyperlink" in document.styles and not find(document.styles["Hyperlink"], "w:rPr/w:u[@w:val!='none']"):
        yield "links are told from the text by their colour alone"


def _colours(document: Docx, run: Any) -> tuple[str, str]:
    """Return the colour of the text *run* and that of its ground: what itself says, else its style, its paragraph, its cell, its table."""
    around = find(run, "ancestor::w:p | ancestor::w:tc | ancestor::w:tbl")[::-1]
    colour, ground = (next(document.formats(path, run, *around), None) for path in ("w:color", GROUND))
    return _plain(colour, "val", AUTO), _plain(ground, "fill", PAPER)


def _plain(said: Any, name: str, usual: str) -> str:
    """Return the attribute *name* of *said*, and *usual* if there is none; UNKNOWN if that is not the colour that one sees."""
    if find(said, "@w:themeColor | @w:themeFill | self::w:highlight | self::w:shd/@w:val[.!='clear' and .!='nil']"):
        return UNKNOWN
    return "".join(find(said, f"@w:{name}")) or usual


def check_settings(document: Docx) -> Iterator[str]:
    """The document is one of today's Word, and asks no question when it is opened."""
    settings = document.root("word/settings.xml")
    if find(settings, "//w:compatSetting[@w:name='compatibilityMode']/@w:val") != [CURRENT]:
        yield "the document is in the mode of an older Word"
    if find(settings, f"//w:updateFields{ON}"):
        yield "Word asks at every opening whether to update the fields"


RULES: tuple[Callable[[Docx], Iterator[str]], ...] = (
    check_headings,
    check_properties,
    check_language,
    check_lists,
    check_tables,
    check_cells,
    check_pictures,
    check_links,
    check_running,
    check_sizes,
    check_alignment,
    check_space,
    check_colours,
    check_settings,
)
