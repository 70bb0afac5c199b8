"""The reference document, whose styles all Word files take: a folder of XML in the templates, and back from a .docx."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

from docx.oxml.ns import nsmap, qn
from docx.styles import BabelFish
from lxml import etree

from reports.dataset.model import Line, StrictModel
from reports.errors import Location, Problem, ReportsError
from reports.files import read_bytes
from reports.renderers.ooxml import pack, unpack
from reports.validation import parse
from reports.yamlfile import YamlFile

REFERENCE = Path("word", "reference")
STYLES = Path("word", "styles.yaml")
LEVELS = 3  # of nested lists, as the numbering of the reference document has them
# The parts that are taken over from a .docx, and what to mend in Word if one needs a file beside it, which is not taken.
RESTYLED: Mapping[str, str] = {
    "word/styles.xml": "has a style that needs another file; make that style anew",
    "word/numbering.xml": "has a list with a picture as its bullet; choose a character instead",
    "word/fontTable.xml": "has its fonts in it; switch off 'Embed fonts in the file' in Word's options, under 'Save'",
    "word/theme/theme1.xml": "has a theme with a picture in it; choose another theme",
}


class Styles(StrictModel):
    """Which style each role takes: an element, or `element.class`, of a block or within a line."""

    block: dict[str, Line]
    inline: dict[str, Line]


def reference_document(templates: Path) -> bytes:
    """Return the reference document of *templates* as a .docx that Word opens."""
    return pack(read_reference(templates))


def restyled(templates: Path, document: Path) -> dict[Path, bytes]:
    """Return the files of the reference document with the looks of *document*, a .docx that a person has changed in Word.

    Styles, lists, fonts and theme are taken over, laid out to be read by people; the rest stays ours. Raises ReportsError if
    *document* is no Word document, has lost a style that is in use, or needs pictures or fonts of its own for its looks.
    """
    try:
        parts = unpack(read_bytes(document, Path(document.anchor)))
        taken = {name: _laid_out(parts[name]) for name in RESTYLED if name in parts}
        names = {style.get(qn("w:val")) for style in etree.fromstring(parts["word/styles.xml"]).iter(qn("w:name"))}
    except (BadZipFile, KeyError, etree.XMLSyntaxError):
        raise ReportsError(Problem(Location(document), "is not a Word document (.docx)")) from None
    styles = read_styles(templates)
    used = {at_depth(name, depth) for name in (*styles.block.values(), *styles.inline.values()) for depth in range(LEVELS)}
    lost = sorted(name for name in used if _saved_name(name) not in names)
    wrong = [f"has lost the style '{name}', which {STYLES} uses" for name in lost]
    wrong += [RESTYLED[name] for name, content in taken.items() if etree.fromstring(content).xpath("//@r:*", namespaces=nsmap)]
    if wrong:
        raise ReportsError(*(Problem(Location(document), message) for message in wrong))
    return {templates / REFERENCE / name: content for name, content in taken.items()}


def _saved_name(name: str) -> str:
    """Return the name of a style as a file has it: Word shows "Heading 1" and saves "heading 1"."""
    return str(BabelFish.ui2internal(name))


def _laid_out(xml: bytes) -> bytes:
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
    text: bytes = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True, pretty_print=True)
    return text


def read_reference(templates: Path) -> dict[str, bytes]:
    """Return the parts of the reference document by their names; raises ReportsError if it is not there, or is no XML."""
    folder = templates / REFERENCE
    if not folder.is_dir():
        raise ReportsError(Problem(Location(folder), "is missing: the reference document of all Word files"))
    paths = [path for path in sorted(folder.rglob("*")) if not path.is_dir()]
    parts = {path: read_bytes(path, templates) for path in paths}
    problems = [problem for path, content in parts.items() if (problem := _wrong_xml(path, content))]
    if problems:
        raise ReportsError(*problems)
    return {path.relative_to(folder).as_posix(): content for path, content in parts.items()}


def _wrong_xml(path: Path, content: bytes) -> Problem | None:
    """Return what is wrong with *content* if it is to be XML, and is not."""
    if path.suffix in (".xml", ".rels"):
        try:
            etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            return Problem(Location(path, error.lineno, error.offset or 0), f"XML syntax: {error.msg.rpartition(', line')[0].lower()}")
    return None


def read_styles(templates: Path) -> Styles:
    """Return which style each role takes; raises ReportsError with every problem of the file."""
    file = YamlFile(templates / STYLES, templates)
    styles, problems = parse(Styles, file.data, file)
    if styles is None:
        raise ReportsError(*problems)
    return styles


def at_depth(style: str, depth: int) -> str:
    """Return the name of the style that a list of *style* takes when *depth* lists stand around it: "List Bullet 2"."""
    return f"{style} {depth + 1}" if depth and style.startswith("List ") else style
