"""The fonts of all documents: where their files are, which characters they have, and smaller fonts that are cut from them.

They come from packages of the Python index, never from the system: the same document looks the same everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from reports.cache import NO_CACHE, Cache
from reports.errors import Location, Problem, ReportsError

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


def font_file(name: str) -> Path:
    """Return the file of the font *name*; raises KeyError if there is none of that name."""
    package, file = FONTS[name]
    return Path(str(files(package) / "files" / file))


def check_characters(text: str, template: Path) -> None:
    """Raise ReportsError at *template* if some font lacks a character of *text*, which would be shown as a box."""
    if missing := sorted(set(text) - _characters() - set("\n\t\r")):
        names = ", ".join(f"'{character}' (U+{ord(character):04X})" for character in missing)
        raise ReportsError(Problem(Location(template), f"the fonts have no {names}"))


@dataclass(frozen=True)
class Cut:
    """Instructions to cut a font: to one *weight*, or to those between two; under the name *family*, if given; as "woff2", or as TrueType.

    It has the characters of BLOCKS and those of *text*, and the layout *features*; an optical size is fixed at the one for text.
    """

    weight: int | tuple[int, int]
    family: str = ""
    kind: str | None = None
    text: str = ""
    features: tuple[str, ...] = FEATURES

    @property
    def characters(self) -> list[int]:
        return sorted({character for block in BLOCKS for character in block} | set(map(ord, self.text)))


def cut_font(name: str, cut: Cut, cache: Cache = NO_CACHE) -> bytes:
    """Return the font *name*, cut as *cut* says."""
    package, _ = FONTS[name]
    key = repr((name, replace(cut, text=""), cut.characters, *map(version, (package, "fonttools", "brotli"))))
    return cache.keep(key.encode(), lambda: _cut(name, cut))


def _cut(name: str, cut: Cut) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    with TTFont(font_file(name), lazy=True, recalcTimestamp=False) as font:
        subsetter = Subsetter(Options(layout_features=list(cut.features)))
        subsetter.populate(unicodes=cut.characters)
        subsetter.subset(font)
        sizes = {"opsz": None} if any(axis.axisTag == "opsz" for axis in font["fvar"].axes) else {}
        instantiateVariableFont(font, {"wght": cut.weight, **sizes}, inplace=True)
        for record in font["name"].names:
            if cut.family and record.nameID == 1:  # the family's (https://learn.microsoft.com/typography/opentype/spec/name)
                record.string = cut.family
        font.flavor = cut.kind
        target = BytesIO()
        font.save(target)
    return target.getvalue()


@lru_cache
def _characters() -> frozenset[str]:
    """Return the characters that every font has."""
    from fontTools.ttLib import TTFont

    charts = []
    for name in FONTS:
        with TTFont(font_file(name), lazy=True) as font:
            charts.append(set(font.getBestCmap()))
    return frozenset(map(chr, set.intersection(*charts)))
