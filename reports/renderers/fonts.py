"""The fonts of all documents: which families style sheets declare, which characters these have, and smaller fonts that are cut from them.

A font is a file: of a package of the Python index (`font:sans`), or of the templates. None is the system's: the same document looks
the same everywhere.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import tinycss2

from reports.cache import NO_CACHE, Cache
from reports.errors import Location, Problem, ReportsError, did_you_mean
from reports.files import is_file_named_in, read_bytes, sha256
from reports.renderers.environment import border
from reports.renderers.styles import address_in, parse_styles

SCHEME = "font:"

# What style sheets call each font (`url("font:sans")`), its package, and its file there.
FONTS: Mapping[str, tuple[str, str]] = {
    "sans": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    "sans-italic": ("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf"),
    "serif": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
    "serif-italic": ("fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf"),
}

# What cut fonts keep beside the characters that they have to show, so that few edits need other fonts; and the features of our styles.
BLOCKS = (range(0x20, 0x7F), range(0xA0, 0x100), range(0x2010, 0x2027))
FEATURES = ("ccmp", "kern", "lnum", "locl", "mark", "mkmk", "onum", "tnum")
ALL = ("*",)  # features
# Tables that a PDF has no use for: it holds glyphs that are chosen and placed already.
NOT_IN_PDF = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")

# What a style may name instead of a family, which no @font-face declares (https://www.w3.org/TR/css-fonts-4/#generic-font-families).
GENERIC = (
    *("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "emoji", "fangsong"),
    *("ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded", "inherit", "initial", "unset", "revert", "revert-layer"),
)
SIZES = ("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large", "smaller", "larger")
GROUPS = ("media", "supports", "layer", "container")  # rules that hold rules
# Categories of characters that are spaces or have no shape of their own: a line end, a soft hyphen, a joiner of Arabic letters.
SHAPELESS = ("Cc", "Cf", "Zl", "Zp", "Zs")
SELECTORS = range(0xFE00, 0xFE10)  # of variants
MOST = 8  # characters that a problem names
PACKED = (b"wOFF", b"wOF2")  # how fonts begin that HarfBuzz does not read
HOUSE = Path("shared", "fonts.css")  # what the templates share
ADVICE = "put one that has them into the templates, declare it by @font-face, and name it in the style's font-family"


def font_file(name: str) -> Path:
    """Return the file of the font *name*; raises KeyError if there is none of that name."""
    package, file = FONTS[name]
    return Path(str(files(package) / "files" / file))


def missing_glyphs(place: Location, characters: Collection[str], advice: str = ADVICE) -> Problem:
    """Return the problem of *characters* that no font has; *advice* is what would be right."""
    named = sorted(characters)
    names = [f"'{character}' (U+{ord(character):04X} {unicodedata.name(character, '').lower()})" for character in named[:MOST]]
    more = f" and {len(named) - MOST} more" if len(named) > MOST else ""
    return Problem(place, f"no font of the text's style has {', '.join(names)}{more}; {advice}", frozenset(characters), advice)


@dataclass(frozen=True)
class Fonts:
    """The families that the style sheets of one document declare: the characters of each, by its name in small letters."""

    families: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def missing(self, text: str, stack: Iterable[str] | None = None) -> frozenset[str]:
        """Return the characters of *text* that no family of *stack* has, or no family at all; none if nothing of it is declared."""
        names = self.families if stack is None else [name.casefold() for name in stack]
        charts = [self.families[name] for name in names if name in self.families]
        missing = frozenset(text).difference(*charts) if charts else frozenset()
        return frozenset(character for character in missing if _has_shape(character))


def _has_shape(character: str) -> bool:
    return unicodedata.category(character) not in SHAPELESS and ord(character) not in SELECTORS


def document_fonts(sheets: Iterable[tuple[Path, Iterable[Any]]], read: Callable[[str, Path], bytes]) -> Fonts:
    """Return the fonts that *sheets* declare: each a file and its rules; *read* gives the content of an address in a file.

    Raises ReportsError with every font that can't be read, and every family that a style names and none declares.
    """
    problems: list[Problem] = []
    families: dict[str, frozenset[str]] = {}
    named: list[tuple[str, Location]] = []
    blocks = [(path, *block) for path, rules in sheets for block in _blocks(rules)]
    variables = {name for _, _, declarations in blocks for name in _variables(declarations)}
    for path, rule, declarations in blocks:
        if _is_face(rule):
            name, characters, wrong = _face(path, rule, declarations, read)
            families[name.casefold()] = families.get(name.casefold(), frozenset()) | characters
            problems += wrong
        else:
            found = (family for declaration in declarations for family in _named(declaration, variables))
            named += [(family, Location(path, token.source_line, token.source_column)) for family, token in found]
    for family, place in named:
        if family.casefold() not in families and family.casefold() not in GENERIC:
            near = did_you_mean(family.casefold(), families)
            problems.append(Problem(place, f"no @font-face of this document declares the font '{family}'{near}"))
    if problems:
        raise ReportsError(*problems)
    return Fonts(families)


def house_fonts(templates: Path) -> Mapping[Path, bytes]:
    """Return the files of the house's own fonts in HOUSE, the style sheet of *templates* that declares them, in its order."""
    sheet = templates / HOUSE
    if not is_file_named_in(sheet, templates):
        return {}
    faces = [rule for rule, _ in _blocks(parse_styles(sheet, read_bytes(sheet, templates))) if _is_face(rule)]
    addresses = [address.value for face in faces for address in filter(None, map(address_in, face.content))]
    files = [sheet.parent / unquote(address) for address in addresses if not address.startswith(SCHEME)]
    return {path: _unpacked(path, read_bytes(path, templates)) for path in files if is_file_named_in(path, templates)}


def _unpacked(path: Path, content: bytes) -> bytes:
    """Return the font with the *content* of the file *path* as HarfBuzz reads it; raises ReportsError if it is none, or damaged."""
    with border(Location(path), "is no font that can be read, or is damaged"):
        characters_of(content)
        return _packed(content) if content.startswith(PACKED) else content


def _blocks(rules: Iterable[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each of *rules* with its declarations, and the rules within them."""
    options = {"skip_comments": True, "skip_whitespace": True}
    for rule in rules:
        if rule.type in ("at-rule", "qualified-rule") and rule.content is not None:
            holds_rules = rule.type == "at-rule" and rule.lower_at_keyword in GROUPS
            parse = tinycss2.parse_rule_list if holds_rules else tinycss2.parse_blocks_contents
            within = parse(rule.content, **options)
            yield rule, [node for node in within if node.type == "declaration"]
            yield from _blocks(within)


def _is_face(rule: Any) -> bool:
    return bool(rule.type == "at-rule" and rule.lower_at_keyword == "font-face")


def _face(
    path: Path, rule: Any, declarations: Iterable[Any], read: Callable[[str, Path], bytes]
) -> tuple[str, frozenset[str], list[Problem]]:
    """Return the family that the @font-face *rule* of the file *path* declares, the characters it has, and what is wrong with it."""
    values = {declaration.lower_name: declaration.value for declaration in declarations}
    names = [family for family, _ in _split(values.get("font-family", ()))]
    addresses = [*filter(None, map(address_in, values.get("src", ())))]
    charts: list[frozenset[str]] = []
    problems: list[Problem] = []
    for address in addresses:
        place = Location(path, address.source_line, address.source_column)
        try:
            content = read(address.value, path)
            with border(place, "is no font that can be read, or is damaged"):
                charts.append(characters_of(content))
        except ReportsError as error:
            problems += [Problem(place, _named_by(address.value, problem.message)) for problem in error.problems]
    if not names or not addresses:
        place = Location(path, rule.source_line, rule.source_column)
        message = "a font needs a name and a file: @font-face { font-family: 'House'; src: url('house.ttf') }"
        problems.append(Problem(place, message))
    return "".join(names[:1]), frozenset().union(*charts[:1]), problems


def _named_by(address: str, message: str) -> str:
    """Return *message*, which is about the file at *address*, as one that says so: it stands at another place."""
    return message if f"'{address}'" in message else f"'{address}' {message}"


def _variables(declarations: Iterable[Any]) -> Iterator[str]:
    """Yield the names of the variables of which *declarations* of fonts are made."""
    for declaration in declarations:
        if declaration.lower_name in ("font", "font-family"):
            functions = (token for token in declaration.value if token.type == "function" and token.lower_name == "var")
            yield from (argument.value for function in functions for argument in function.arguments if argument.type == "ident")


def _named(declaration: Any, variables: Collection[str]) -> Iterable[tuple[str, Any]]:
    """Return the families that *declaration* names, each with its token; of the value of one of *variables*, those in quotes."""
    if declaration.lower_name == "font-family":
        return _split(declaration.value)
    if declaration.name in variables:
        return [(token.value, token) for token in declaration.value if token.type == "string"]
    return _split(_behind_size(declaration.value)) if declaration.lower_name == "font" else ()


def _behind_size(tokens: list[Any]) -> list[Any]:
    """Return what follows the size in the value of `font`: its families; nothing if there is none, as in `font: inherit`."""
    first = next((index for index, token in enumerate(tokens) if _is_comma(token)), len(tokens))
    sizes = [index for index, token in enumerate(tokens[:first]) if token.type not in ("ident", "string", "whitespace", "comment")]
    sizes += [index for index, token in enumerate(tokens[:first]) if token.type == "ident" and token.lower_value in SIZES]
    return tokens[max(sizes) + 1 :] if sizes else []


def _split(tokens: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return the families between the commas of *tokens*, each with its first token; a function such as var() is none."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if _is_comma(token):
            parts.append([])
        elif token.type not in ("whitespace", "comment"):
            parts[-1].append(token)
    plain = [part for part in parts if part and all(token.type in ("ident", "string") for token in part)]
    return [(" ".join(token.value for token in part), part[0]) for part in plain]


def _is_comma(token: Any) -> bool:
    return bool(token.type == "literal" and token.value == ",")


@lru_cache(maxsize=32)
def characters_of(content: bytes) -> frozenset[str]:
    """Return the characters that the font with this *content* has; raises whatever fontTools stumbles over, if it is none."""
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(content), lazy=True) as font:
        for tag in font.reader.keys():  # noqa: SIM118 - it is no dict
            font.reader[tag]  # raises where the file ends before the table does
        return frozenset(map(chr, font.getBestCmap() or ()))


@dataclass(frozen=True)
class Cut:
    """Instructions to cut a font: to one *weight*, or to those between two; under the name *family*, if given; as "woff2", or as TrueType.

    It has the characters of BLOCKS and those of *text*, and the layout *features*, or ALL; an optical size is fixed at the one for text.
    """

    weight: int | tuple[int, int]
    family: str = ""
    kind: str | None = None
    text: str = ""
    features: tuple[str, ...] = FEATURES

    @property
    def characters(self) -> list[int]:
        return sorted({character for block in BLOCKS for character in block} | set(map(ord, self.text)))


def cut_font(content: bytes, cut: Cut, cache: Cache = NO_CACHE) -> bytes:
    """Return the font with this *content*, cut as *cut* says."""
    key = repr((sha256(content), replace(cut, text=""), cut.characters, *map(version, ("uharfbuzz", "fonttools", "brotli"))))
    return cache.keep(key.encode(), lambda: _cut(content, cut))


def _cut(content: bytes, cut: Cut) -> bytes:
    import uharfbuzz

    face, asked = uharfbuzz.Face(_packed(content) if content.startswith(PACKED) else content), uharfbuzz.SubsetInput()
    asked.flags |= _overlaps(face)
    asked.unicode_set.update(cut.characters)
    features = asked.layout_feature_tag_set
    features.clear()
    if cut.features == ALL:
        features.invert()
    features.update(map(_tag, cut.features))
    lightest, heaviest = cut.weight if isinstance(cut.weight, tuple) else (cut.weight, cut.weight)
    asked.set_axis_range(face, "wght", lightest, heaviest, None)
    asked.pin_axis_to_default(face, "opsz")
    if "kern" in face.table_tags and "GPOS" not in face.table_tags:  # pairs of glyph ids, as old fonts have them, which HarfBuzz can't cut
        asked.drop_table_tag_set.discard(_tag("kern"))
        asked.no_subset_table_tag_set.add(_tag("kern"))
        asked.flags |= uharfbuzz.SubsetFlags.RETAIN_GIDS
    return _packed(bytes(uharfbuzz.subset(face, asked).blob.data), cut.kind, cut.family)


def _packed(content: bytes, kind: str | None = None, family: str = "") -> bytes:
    """Return the font with this *content* as a file of *kind*, under the name *family*, if given."""
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(content), lazy=True, recalcTimestamp=False) as font:
        for record in font["name"].names if family else ():
            if record.nameID == 1:  # the family's (https://learn.microsoft.com/typography/opentype/spec/name)
                record.string = family
        font.flavor = kind
        target = BytesIO()
        font.save(target)
    return target.getvalue()


def cut_glyphs(
    content: bytes, index: int, glyphs: Collection[int], axes: Mapping[str, float], keeps_notdef: bool, cache: Cache = NO_CACHE
) -> bytes:
    """Return the font number *index* in the file *content* as a PDF embeds it: *glyphs* and their parts keep their ids, others are blank.

    It varies no more: *axes* gives the value of each axis, or the font's own default stands. Layout and hinting are gone; glyph 0 is blank
    unless the font *keeps_notdef*. The pictures of a font of coloured ones stay.
    """
    key = (sha256(content), index, sorted(glyphs), sorted(axes.items()), keeps_notdef, version("uharfbuzz"))
    return cache.keep(repr(key).encode(), lambda: _cut_glyphs(content, index, glyphs, axes, keeps_notdef))


def _cut_glyphs(content: bytes, index: int, glyphs: Collection[int], axes: Mapping[str, float], keeps_notdef: bool) -> bytes:
    import uharfbuzz

    face, cut, flags = uharfbuzz.Face(content, index), uharfbuzz.SubsetInput(), uharfbuzz.SubsetFlags
    cut.glyph_set.update(glyphs)
    cut.drop_table_tag_set.update(map(_tag, NOT_IN_PDF))
    cut.flags = flags.RETAIN_GIDS | flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE | flags.NO_HINTING | _overlaps(face)
    if keeps_notdef:
        cut.flags |= flags.NOTDEF_OUTLINE
    cut.pin_all_axes_to_default(face)
    for axis, value in axes.items():
        cut.pin_axis_location(face, axis, value)
    return bytes(uharfbuzz.subset(face, cut).blob.data)


def _overlaps(face: Any) -> Any:
    """Return the flags for the glyphs of *face*: strokes of a variable font cross each other, and have no seams where a program knows."""
    import uharfbuzz

    return uharfbuzz.SubsetFlags.SET_OVERLAPS_FLAG if face.axis_infos else uharfbuzz.SubsetFlags(0)


def _tag(name: str) -> int:
    """Return the *name* of a table or a feature as OpenType writes it: four letters, which are one number."""
    return int.from_bytes(name.encode())
