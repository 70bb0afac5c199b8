"""The reference document, from which every Word file takes its styles: a folder of XML in the templates, to Word and back."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import BadZipFile

from docx.oxml.ns import nsmap, qn
from docx.styles import BabelFish
from lxml import etree

from reports.dataset.fields import Line
from reports.dataset.model import StrictModel
from reports.errors import Location, Problem, ReportsError
from reports.files import LEFTOVER, decode, is_folder, paths_below, read_bytes
from reports.renderers.looks import Looks, read_looks
from reports.renderers.ooxml import pack, unpack
from reports.validation import parse
from reports.yamlfile import YamlFile

REFERENCE = Path("word", "reference")
STYLES = Path("word", "styles.yaml")
LEVELS = 3  # of nested lists, as the numbering of the reference document has them
STYLE_SHEET, THEME = "word/styles.xml", "word/theme/theme1.xml"
# The parts that are taken over from a .docx, and what to mend in Word if one needs a file beside it, which is not taken.
RESTYLED: Mapping[str, str] = {
    STYLE_SHEET: "has a style that needs another file; make that style anew",
    "word/numbering.xml": "has a list with a picture as its bullet; choose a character instead",
    "word/fontTable.xml": "has its fonts in it; switch off 'Embed fonts in the file' in Word's options, under 'Save'",
    THEME: "has a theme with a picture in it; choose another theme",
}

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# The role of each colour of the theme, and the names that styles have for some of these colours.
ROLES: Mapping[str, str] = {
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "primary",
    "lt2": "tint",
    "hlink": "primary",
    "folHlink": "muted",
    "accent1": "primary",
    "accent2": "accent",
    "accent3": "muted",
    "accent6": "rule",
}
SLOTS: Mapping[str, str] = {
    "text1": "dk1",
    "background1": "lt1",
    "text2": "dk2",
    "background2": "lt2",
    "dark1": "dk1",
    "light1": "lt1",
    "dark2": "dk2",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}


class Styles(StrictModel):
    """The style that each role takes: an element, or `element.class`, of a block or within a line."""

    block: dict[str, Line]
    inline: dict[str, Line]


def reference_document(templates: Path) -> bytes:
    """Return the reference document of *templates* as a .docx that Word opens."""
    return pack(coloured(read_reference(templates), read_looks(templates), is_final=False))


def restyled(templates: Path, document: Path) -> dict[Path, bytes]:
    """Return the files of the reference document with the looks of *document*, a .docx that a person has changed in Word.

    Styles, lists, fonts and theme are taken over, laid out to be read by people; the rest stays ours, and so does a style in use that
    *document* does not know, since it was written out before there was one. Raises ReportsError if *document* is no Word document, has
    lost the style of a list, or needs pictures or fonts of its own for its looks.
    """
    ours = read_reference(templates)
    own = ours.get(STYLE_SHEET, b"<none/>")
    styles = read_styles(templates)[0]
    used = {at_depth(name, depth) for name in (*styles.block.values(), *styles.inline.values()) for depth in range(LEVELS)}
    try:
        parts = unpack(read_bytes(document, Path(document.anchor)))
        parts |= {STYLE_SHEET: _completed(_as_spelt(parts[STYLE_SHEET], own), own, {BabelFish.ui2internal(name) for name in used})}
        # What says the same keeps its comments and its lines, so that `git diff` shows what changed.
        taken = {name: _indented(parts[name]) for name in RESTYLED if name in parts and not _is_same(parts[name], ours.get(name))}
        names = {name.get(qn("w:val")) for name in _names(etree.fromstring(parts[STYLE_SHEET]))}
    except (BadZipFile, KeyError, ET.ParseError, etree.XMLSyntaxError):
        raise ReportsError(Problem(Location(document), "is not a Word document (.docx)")) from None
    # Word shows "Heading 1" and saves "heading 1".
    lost = sorted(name for name in used if BabelFish.ui2internal(name) not in names)
    messages = [f"has lost the style '{name}', which {STYLES} uses" for name in lost]
    messages += [RESTYLED[name] for name, content in taken.items() if etree.fromstring(content).xpath("//@r:*", namespaces=nsmap)]
    if messages:
        raise ReportsError(*(Problem(Location(document), message) for message in messages))
    return {templates / REFERENCE / name: content for name, content in taken.items()}


def _is_same(part: bytes, ours: bytes | None) -> bool:
    """Return true if *part* says what *ours* says, whatever its comments and the spaces between its elements."""
    return ours is not None and ET.canonicalize(part, strip_text=True) == ET.canonicalize(ours, strip_text=True)


def _as_spelt(styles: bytes, reference: bytes) -> bytes:
    """Return *styles* with the names of styles spelt as in *reference*: LibreOffice saves "Heading 1" for Word's own "heading 1".

    To Word, names that differ in small and capital letters alone are one.
    """
    tree = etree.fromstring(styles)
    spellings = {name.lower(): name for name in (element.get(qn("w:val"), "") for element in _names(etree.fromstring(reference)))}
    for element in _names(tree):
        name = element.get(qn("w:val"), "")
        element.set(qn("w:val"), spellings.get(name.lower(), name))
    return bytes(etree.tostring(tree))


def _completed(styles: bytes, reference: bytes, used: Collection[str]) -> bytes:
    """Return *styles* with those of the names *used* that only *reference* has, but for those of lists, which need numbers too."""
    tree = etree.fromstring(styles)
    known = {name.get(qn("w:val")): name.getparent().get(qn("w:styleId")) for name in _names(tree)}
    own = {name.getparent().get(qn("w:styleId")): name.get(qn("w:val")) for name in _names(etree.fromstring(reference))}
    for name in (name for name in _names(etree.fromstring(reference)) if name.get(qn("w:val")) in used - known.keys()):
        style = name.getparent()
        if style.find(f".//{qn('w:numPr')}") is None:
            tree.append(style)
            for other in style.xpath("w:basedOn | w:next | w:link", namespaces=nsmap):  # by an id, which may be another one there
                identifier = other.get(qn("w:val"), "")
                other.set(qn("w:val"), known.get(own.get(identifier, ""), identifier))
    return bytes(etree.tostring(tree))


def _names(styles: Any) -> list[Any]:
    return list(styles.iterfind(f"{qn('w:style')}/{qn('w:name')}"))


def _indented(xml: bytes) -> bytes:
    """Return *xml* laid out for people, without what LibreOffice writes into it against the schema."""
    tree = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    for element in tree.iter(qn("w:lvlJc")):
        element.set(qn("w:val"), {"start": "left", "end": "right"}.get(element.get(qn("w:val")), element.get(qn("w:val"))))
    for element in tree.iter(qn("w:charset")):
        element.attrib.pop(qn("w:characterSet"), None)
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True, pretty_print=True))


def read_reference(templates: Path) -> dict[str, bytes]:
    """Return the parts of the reference document by their names; raises ReportsError if it is not there, or is no XML."""
    folder = templates / REFERENCE
    if not is_folder(folder):
        raise ReportsError(Problem(Location(folder), "is missing: the reference document of all Word files"))
    # `_rels/.rels`, which belongs to the package, looks hidden.
    paths = [path for path in paths_below(folder) if path.name.endswith(".rels") or not LEFTOVER.fullmatch(path.name)]
    parts = {path: read_bytes(path, templates) for path in paths if not is_folder(path)}
    problems: list[Problem] = []
    for path in (path for path in parts if path.name.endswith((".xml", ".rels"))):
        try:
            decode(path, parts[path])
            etree.fromstring(parts[path])
        except ReportsError as error:
            problems += error.problems
        except etree.XMLSyntaxError as error:
            message = f"XML syntax: {error.msg.rpartition(', line')[0].lower()}"
            problems.append(Problem(Location(path, error.lineno, error.offset or 0), message))
    if problems:
        raise ReportsError(*problems)
    return {path.relative_to(folder).as_posix(): content for path, content in parts.items()}


def coloured(parts: Mapping[str, bytes], looks: Looks, *, is_final: bool = True) -> dict[str, bytes]:
    """Return the *parts* of the reference document in the colours of *looks*: the theme, and what takes its colour from the theme.

    In a final document nothing does so any longer: another theme, which a reader may choose, could make texts hard to read.
    """
    changed = dict(parts)
    if theme := parts.get(THEME):
        changed[THEME] = _coloured_theme(theme, looks)
    if styles := parts.get(STYLE_SHEET):
        changed[STYLE_SHEET] = _coloured_styles(styles, looks, is_final)
    return changed


def _coloured_theme(xml: bytes, looks: Looks) -> bytes:
    tree = etree.fromstring(xml)
    for slot in tree.iter(f"{DRAWING}{name}" for name in ROLES):
        slot[:] = [etree.Element(f"{DRAWING}srgbClr", val=looks.rgb(ROLES[slot.tag.removeprefix(DRAWING)]))]
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True))


def _coloured_styles(xml: bytes, looks: Looks, is_final: bool) -> bytes:
    """Return *xml* with the colours that it takes from the theme also where programs look that know none, or if *is_final* there alone."""
    tree = etree.fromstring(xml)
    for element in tree.iter():
        for attribute, value in (("themeColor", "val" if element.tag == qn("w:color") else "color"), ("themeFill", "fill")):
            slot = element.get(qn(f"w:{attribute}"), "")
            is_plain = not any(name.endswith(("Tint", "Shade")) for name in element.attrib)  # else Word works a shade of it out
            if is_plain and (role := ROLES.get(SLOTS.get(slot, slot))):
                element.set(qn(f"w:{value}"), looks.rgb(role))
                if is_final:
                    del element.attrib[qn(f"w:{attribute}")]
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True))


def new_list(document: Any, style: Any, depth: int, templates: Path) -> int:
    """Return the id of a new list at *depth* that is numbered as the paragraph *style* is, and starts at 1.

    Raises ReportsError if the style has no numbers, and KeyError if the reference document has no such list.
    """
    numbers = style.element.xpath("w:pPr/w:numPr/w:numId")
    if not numbers:
        raise ReportsError(Problem(Location(templates / STYLES), f"the style '{style.name}' of the reference document has no numbers"))
    numbering = document.part.numbering_part.element
    added = numbering.add_num(numbering.num_having_numId(numbers[0].val).abstractNumId.val)
    added.add_lvlOverride(ilvl=depth).add_startOverride(1)
    return int(added.numId)


def read_styles(templates: Path) -> tuple[Styles, str]:
    """Return the style of each role, and the SHA-256 of the file that says it; raises ReportsError with every problem of the file."""
    file = YamlFile(templates / STYLES, templates)
    styles, problems = parse(Styles, file.data, file)
    if styles is None:
        raise ReportsError(*problems)
    return styles, file.digest


def at_depth(style: str, depth: int) -> str:
    """Return the name of the style that a list of *style* takes when *depth* lists stand around it: "List Bullet 2"."""
    return f"{style} {depth + 1}" if depth and style.startswith("List ") else style
