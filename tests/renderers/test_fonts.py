"""The fonts: what style sheets declare, which characters that covers, and what is cut from a font."""

import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import OVERLAP_COMPOUND, flagOverlapSimple
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from fontTools.varLib.instancer import instantiateVariableFont

from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.renderers import fonts
from reports.renderers.fonts import (
    ALL,
    FONTS,
    Cut,
    Fonts,
    characters_of,
    cut_font,
    cut_glyphs,
    document_fonts,
    font_file,
    house_fonts,
    missing_glyphs,
)
from tests.renderers.conftest import house_font

LETTERS = "čćđšžČĆĐŠŽ" + "".join(map(chr, range(0x0400, 0x0460))) + "–—‘’“”„…•·×§€°\u00a0\u2009"
DECLARED = """
@font-face { font-family: "House"; src: url("latin.ttf"); }
@font-face { font-family: House; font-style: italic; src: url(italic.ttf) format("truetype"), url('latin.ttf'); }
@font-face { font-family: House Georgian; src: url("georgian.ttf"); }
"""


@pytest.mark.parametrize("name", FONTS)
def test_a_font_comes_from_its_package(name: str) -> None:
    """Every font is a file of a package, never the system's, and the family that style sheets name."""
    path = font_file(name)
    assert "site-packages" in path.parts
    with TTFont(path, lazy=True) as font:
        family = font["name"].getBestFamilyName()
    assert family.replace(" VF", "").startswith(("Source Sans 3", "Source Serif 4"))


def test_an_unknown_font() -> None:
    """A name that is none of ours has no file."""
    with pytest.raises(KeyError):
        font_file("comic")


@pytest.mark.parametrize("name", FONTS)
def test_our_fonts_have_the_letters_of_the_country(name: str) -> None:
    """Latin and Cyrillic letters, quotation marks and dashes are in all fonts."""
    assert set(LETTERS) <= characters_of(font_file(name).read_bytes())


def read(address: str, sheet: Path) -> bytes:
    """Return the file at *address* beside *sheet*, a font made for the test."""
    letters = {"latin.ttf": "abc", "italic.ttf": "abd", "georgian.ttf": "აბ"}
    if address == "damaged.ttf":
        return b"\0\1\0\0no font"
    if address == "cut-off.ttf":
        return house_font("abc")[:-20]
    if address not in letters:
        raise ReportsError(Problem(Location(sheet.parent), f"there is no '{address}'"))
    return house_font(letters[address])


def declared(css: str) -> Fonts:
    sheet = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return document_fonts([(Path("a.css"), sheet)], read)


def test_a_style_has_the_characters_of_all_its_fonts() -> None:
    """The families of a style stand in for each other, in any case of their names; what has no shape needs no font."""
    found = declared(DECLARED)
    assert found.missing("abd\n\u00ad\u200d\u202f\ufe0f", ["house", "sans-serif"]) == set()
    assert found.missing("აბc", ["House"]) == {"ა", "ბ"}
    assert found.missing("აბc", ["House", "HOUSE GEORGIAN"]) == set()
    assert found.missing("აგ中") == {"გ", "中"}
    assert found.missing("中", ["serif"]) == set()  # the system's, which is a problem of its own
    assert Fonts().missing("中") == set()


def test_a_family_that_nothing_declares() -> None:
    """A family that a style names is declared by some @font-face, or is a generic one; its place is the style's."""
    css = """
h1 { font-family: "House", Georgia, 'Hause', serif }
@media print { a:hover { font: 600 9pt/1.2 Foo Bar, "House Georgian"; } }
@page { @top-left { font: italic small Bodoni } }
:root { --sans: "Missing", sans-serif; --size: 9pt; --note: "No font" }
p { font: var(--size) var(--sans); content: "Not a font" }
b { font: inherit } i { font: 9pt House, sans-serif } u { font: 9pt }
"""
    with pytest.raises(ReportsError) as error:
        declared(DECLARED + css)
    message = "no @font-face of this document declares the font"
    assert str(error.value).split("\n") == [
        f"a.css:6:28: {message} 'Georgia' (did you mean 'house georgian'?)",
        f"a.css:6:37: {message} 'Hause' (did you mean 'house'?)",
        f"a.css:7:44: {message} 'Foo Bar'",
        f"a.css:8:40: {message} 'Bodoni'",
        f"a.css:9:17: {message} 'Missing'",
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("font-family: A; src: url(gone.ttf)", "1:35: there is no 'gone.ttf'"),
        ("font-family: A; src: url('damaged.ttf')", "1:39: 'damaged.ttf' is no font that can be read, or is damaged"),
        (
            "font-family: A; src: local('Arial')",
            "1:1: a font needs a name and a file: @font-face { font-family: 'House'; src: url('house.ttf') }",
        ),
        ("src: url(latin.ttf)", "1:1: a font needs a name and a file: @font-face { font-family: 'House'; src: url('house.ttf') }"),
    ],
)
def test_a_font_that_can_not_be_used(rule: str, problem: str) -> None:
    """A file that is missing or damaged, or a font of the system, is a problem at the place of its @font-face."""
    with pytest.raises(ReportsError) as error:
        declared(f"@font-face {{ {rule} }}")
    (found,) = map(str, error.value.problems)
    assert found.startswith(f"a.css:{problem}")


def test_missing_characters_are_named() -> None:
    """The problem names the characters and what to do, among others and in another process too."""
    place = Location(Path("a.j2"))
    missing, other = missing_glyphs(place, {"中", "ა"}), Problem(place, "wrong")
    error = pickle.loads(pickle.dumps(ReportsError(other, missing)))
    assert error.problems == (missing, other)
    assert error.problems[0].missing == {"中", "ა"}
    assert str(missing) == (
        "a.j2: no font of the text's style has 'ა' (U+10D0 georgian letter an), '中' (U+4E2D cjk unified ideograph-4e2d); "
        "put one that has them into the templates, declare it by @font-face, and name it in the style's font-family"
    )
    assert missing_glyphs(place, "abcdefghij", "do so").message.endswith("(U+0068 latin small letter h) and 2 more; do so")


def test_a_cut_font_has_what_was_asked_for() -> None:
    """A cut font has its weight, its name and its characters, and those of every text; an optical size is gone."""
    serif, sans = (font_file(name).read_bytes() for name in ("serif", "sans"))
    font = TTFont(BytesIO(cut_font(serif, Cut((400, 700), kind="woff2", text="Ђč"))))
    assert set(map(ord, "Az–Ђč")) <= set(font.getBestCmap())
    assert ord("Ж") not in font.getBestCmap()
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert font.flavor == "woff2"
    font = TTFont(BytesIO(cut_font(sans, Cut(600, family="Signs", features=()))))
    assert (font["OS/2"].usWeightClass, font["name"].getDebugName(1), "fvar" in font) == (600, "Signs", False)


def outline(font: TTFont, glyph: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Return what draws the glyph with the id *glyph*, and its width."""
    glyphs, name = font.getGlyphSet(), font.getGlyphName(glyph)
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return [*pen.value, ("width", ((glyphs[name].width, 0),))]


def has_overlaps(font: TTFont, glyph: int) -> bool:
    """Return true if the strokes of the glyph with the id *glyph* are said to cross each other."""
    found = font["glyf"][font.getGlyphName(glyph)]
    return bool(found.components[0].flags & OVERLAP_COMPOUND if found.isComposite() else found.flags[0] & flagOverlapSimple)


def assert_same_shape(cut: TTFont, whole: TTFont, glyph: int, whole_glyph: int) -> None:
    ours, expected = outline(cut, glyph), outline(whole, whole_glyph)
    assert len(ours) > 3
    assert [operator for operator, _ in ours] == [operator for operator, _ in expected]
    assert has_overlaps(cut, glyph) == has_overlaps(whole, whole_glyph)
    for (_, points), (_, others) in zip(ours, expected, strict=True):
        assert all(point == pytest.approx(other, abs=1) for point, other in zip(points, others, strict=True))


def test_a_cut_font_looks_as_the_whole_one() -> None:
    """Its shapes are those that another library gives the font at that weight, and its layout features those that were asked for."""
    content = font_file("serif").read_bytes()
    whole = TTFont(BytesIO(content))
    subsetter = Subsetter(Options(retain_gids=True, layout_features=[]))  # lest the next step take seconds
    subsetter.populate(text="g")
    subsetter.subset(whole)
    whole = instantiateVariableFont(whole, {"wght": 600, "opsz": None})
    for asked in (("kern", "onum"), ALL):
        cut = TTFont(BytesIO(cut_font(content, Cut(600, features=asked))))
        assert_same_shape(cut, whole, *(font.getGlyphID(font.getBestCmap()[ord("g")]) for font in (cut, whole)))
        features = {record.FeatureTag for table in ("GSUB", "GPOS") for record in cut[table].table.FeatureList.FeatureRecord}
        assert features == set(asked) or (asked == ALL and len(features) > 20)


@pytest.mark.parametrize("name", ["sans-italic", "serif-italic"])
def test_a_cut_font_keeps_the_letters_of_serbian(name: str) -> None:
    """Italic б, г, д, п and т of Serbian are glyphs of their own, which a browser takes by the language."""
    table = TTFont(BytesIO(cut_font(font_file(name).read_bytes(), Cut((400, 700), kind="woff2", text="бгдпт"))))["GSUB"].table
    (cyrillic,) = (record.Script for record in table.ScriptList.ScriptRecord if record.ScriptTag == "cyrl")
    (serbian,) = (record.LangSys for record in cyrillic.LangSysRecord if record.LangSysTag == "SRB ")
    local = [table.FeatureList.FeatureRecord[index] for index in serbian.FeatureIndex]
    lookups = [
        table.LookupList.Lookup[index] for record in local if record.FeatureTag == "locl" for index in record.Feature.LookupListIndex
    ]
    mapped = {source for lookup in lookups for part in lookup.SubTable for source in getattr(part, "ExtSubTable", part).mapping}
    assert len(mapped) >= 5


def test_a_font_of_one_weight_is_cut() -> None:
    """A font that is no variable one keeps its weight."""
    font = TTFont(BytesIO(cut_font(house_font("აბგ"), Cut((400, 700), kind="woff2", text="ბ"))))
    assert set(font.getBestCmap()) == {ord(" "), ord("ბ")}


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
def test_a_font_of_another_kind_is_cut(flavor: str | None) -> None:
    """Whatever kind of file a house's font is, and where an old font keeps its pairs of letters, all comes through."""
    font, pairs, target = TTFont(BytesIO(house_font("abcd"))), KernTable_format_0(), BytesIO()
    pairs.coverage, pairs.tupleIndex, pairs.kernTable = 1, None, {("u0061", "u0063"): -50}
    font["kern"] = newTable("kern")
    font["kern"].version, font["kern"].kernTables, font.flavor = 0, [pairs], flavor
    font.save(target)
    cut = TTFont(BytesIO(cut_font(target.getvalue(), Cut(400, kind="woff2", features=ALL))))
    names = cut.getBestCmap()
    assert cut["kern"].kernTables[0].kernTable == {(names[ord("a")], names[ord("c")]): -50}


def test_a_font_is_cut_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same cut of the same font, for a text with the same characters in any order, is kept; another is not."""
    cut: list[Any] = []
    monkeypatch.setattr(fonts, "_cut", lambda content, asked: cut.append((content, asked.text)) or b"font")
    for content, text in ((b"1", "Ђč"), (b"1", "čЂč"), (b"1", "Ђ"), (b"2", "Ђč")):
        cut_font(content, Cut(400, text=text), Cache(tmp_path))
    assert cut == [(b"1", "Ђč"), (b"1", "Ђ"), (b"2", "Ђč")]


@pytest.mark.parametrize(("name", "axes"), [("sans-italic", {"wght": 600}), ("serif", {"wght": 600, "opsz": 9.5}), ("serif", {})])
def test_the_glyphs_of_a_pdf(name: str, axes: dict[str, float]) -> None:
    """The glyphs asked for keep their ids, and have the shapes that another library gives them at that weight; all others are blank."""
    content = font_file(name).read_bytes()
    whole = TTFont(BytesIO(content))
    glyphs = {whole.getGlyphID(whole.getBestCmap()[ord(character)]) for character in "Ažб–é"}
    cut = TTFont(BytesIO(cut_glyphs(content, 0, glyphs, axes, keeps_notdef=False)))
    default = {axis.axisTag: axis.defaultValue for axis in whole["fvar"].axes}
    subsetter = Subsetter(Options(retain_gids=True, layout_features=[]))  # lest the next step take seconds
    subsetter.populate(gids=glyphs)
    subsetter.subset(whole)
    whole = instantiateVariableFont(whole, default | axes)
    for glyph in glyphs:
        assert_same_shape(cut, whole, glyph, glyph)
    kept = {cut.getGlyphID(name) for name in cut.getGlyphOrder() if cut["glyf"][name].numberOfContours}
    parts = {cut.getGlyphID(name) for glyph in glyphs for name in cut["glyf"][cut.getGlyphName(glyph)].getComponentNames(cut["glyf"])}
    assert kept == glyphs | parts
    assert cut["maxp"].numGlyphs == max(kept) + 1
    assert not {"fvar", "gvar", "fpgm", "prep", *fonts.NOT_IN_PDF} & set(cut.keys())
    assert cut["head"].modified == whole["head"].modified


def test_the_sign_for_a_missing_glyph_is_kept_where_it_is_used() -> None:
    """Glyph 0 is drawn for characters that a font does not have, and is blank in one that has all."""
    for keeps in (False, True):
        cut = TTFont(BytesIO(cut_glyphs(house_font("ab"), 0, {2}, {}, keeps_notdef=keeps)))
        assert [bool(cut["glyf"][name].numberOfContours) for name in cut.getGlyphOrder()] == [keeps, False, True]


def test_the_glyphs_of_a_font_among_others() -> None:
    """A file may hold several fonts, each with its number; the glyphs of one are those of no other."""
    collection, target = TTCollection(), BytesIO()
    collection.fonts = [TTFont(BytesIO(house_font(letters))) for letters in ("ab", "abcd")]
    collection.save(target)
    cut = TTFont(BytesIO(cut_glyphs(target.getvalue(), 1, {5}, {}, keeps_notdef=False)))
    assert_same_shape(cut, collection.fonts[1], 5, 5)


def test_the_glyphs_of_a_pdf_are_cut_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same glyphs at the same weight are kept, in whatever order they come; others are not."""
    cut: list[Any] = []
    monkeypatch.setattr(fonts, "_cut_glyphs", lambda *asked: cut.append(asked) or b"font")
    base = {"content": b"1", "index": 0, "glyphs": {1, 2}, "axes": {"wght": 400}, "keeps_notdef": False}
    others = {"content": b"2", "index": 1, "glyphs": {2}, "axes": {}, "keeps_notdef": True}
    asked: list[dict[str, Any]] = [base, *({**base, name: other} for name, other in others.items())]
    for given in (*asked, {**base, "glyphs": [2, 1]}, *asked):
        cut_glyphs(**given, cache=Cache(tmp_path))
    assert cut == [tuple(given.values()) for given in asked]


def test_the_house_s_fonts_are_those_that_the_shared_style_sheet_declares(tiny_templates: Path) -> None:
    """In its order, and unpacked, without those that come with the program; templates need not have the sheet."""
    shared = tiny_templates / "shared"
    assert house_fonts(tiny_templates) == {}
    packed = TTFont(BytesIO(house_font("א")))
    packed.flavor = "woff2"
    packed.save(shared / "hebrew.woff2")
    (shared / "arabic.ttf").write_bytes(house_font("ا"))
    with (shared / "fonts.css").open("a", encoding="utf-8") as sheet:
        sheet.writelines(f"@font-face {{ font-family: {name[:3]}; src: url('{name}') }}" for name in ("hebrew.woff2", "arabic.ttf"))
    found = house_fonts(tiny_templates)
    assert [path.name for path in found] == ["hebrew.woff2", "arabic.ttf"]
    assert not any(content.startswith(b"wOF") for content in found.values())
    assert ["א" in characters_of(content) for content in found.values()] == [True, False]
    (shared / "fonts.css").unlink()
    assert house_fonts(tiny_templates) == {}
