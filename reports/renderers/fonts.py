"""The fonts of all documents: where their files are, and which characters they have.

They come from packages of the Python index, never from the system: the same document looks the same everywhere.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# What style sheets call each font (`url("font:sans")`), its package, and its file there.
FONTS: Mapping[str, tuple[str, str]] = {
    "sans": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    "sans-italic": ("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf"),
    "serif": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
    "serif-italic": ("fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf"),
}


def font_file(name: str) -> Path:
    """Return the file of the font *name*; raises KeyError if there is none of that name."""
    package, file = FONTS[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent / "files" / file


def missing_characters(text: Iterable[str]) -> list[str]:
    """Return the characters of *text* that some font lacks, in order of their code points."""
    return sorted(set(text) - _characters() - {"\n", "\t", "\r"})


@cache
def _characters() -> frozenset[str]:
    """Return the characters that every font has."""
    from fontTools.ttLib import TTFont

    charts = []
    for name in FONTS:
        with TTFont(font_file(name), lazy=True) as font:
            charts.append(set(font.getBestCmap()))
    return frozenset(map(chr, set.intersection(*charts)))
