"""The order of a language: its own letters, those of others, accents and capitals."""

from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.translations.collation import Collation
from reports.translations.locale import ALPHABETS, Locale
from tests.conftest import PROJECT, Show, edit

ALPHABETS_OF_OURS = PROJECT / "templates" / ALPHABETS


def collation(tag: str, templates: Path) -> Collation:
    """Return the order of the language *tag*, with the alphabets that the project has."""
    (templates / ALPHABETS).write_text(ALPHABETS_OF_OURS.read_text("utf-8"), "utf-8")
    path = templates / "locale" / "en.yaml"
    (templates / "locale" / "xx.yaml").write_text(path.read_text("utf-8").replace("tag: en-GB", f"tag: {tag}"), "utf-8")
    return Locale(templates, "xx").collation


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en-GB", "-a 1 a Á ab az đa Đa db é ea Øa ob z а"),
        ("bs", "cz Čn ća da dz Dža đa e lz lja m nz nja o sz ša zz ža"),
        ("hr-HR", "cz Čn ća da dz Dža đa e lz lja m nz nja o sz ša zz ža"),
        ("sr-Latn-RS", "cz Čn ća da dz Dža đa e lz lja m nz nja o sz ša zz ža"),
        ("sr-Cyrl", "да ђа еа иа ја ка ла ља ма на ња оа та ћа уа ча џа ша"),
        (
            "bs-Latn-BA",
            "Alija Borislav Cazin Čapljina Ćatić Dalmacija Džaferović Đorđe Emir Ljubuški Mostar Njegoš Osmak Šipovo Zenica Žepče",
        ),
        ("hr-HR", "cvijet čamac ćup deva džep đak lopta ljeto nos njiva sat šala zet žaba"),
        ("sr-Latn-BA", "cvijet čamac ćup deva džep đak lopta ljeto nos njiva sat šala zet žaba"),
        ("sr-Cyrl-BA", "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш"),
        ("cs", "cz čh hz cha i rz řa sz ša zz ža"),
        ("pl", "az ąa cz ća lz ła m nz ńa oz óa zz źa ża"),
        ("hu", "cz cs d dz dzs e gz gya oz öa őb öc p tz tya"),
        ("sv", "az z åa äa öa"),
        ("da", "az z æa øa åa"),
        ("de", "az äzz ba oa öb oc sr ßs st"),
        ("tr", "cz ça hz Ia ıb ia İb ja"),
        ("et", "sz ša za ža t u v"),
        ("uk", "га ґа да еа єа жа иа іа їа йа"),
        ("ru", "еа ёб ев иа йа"),
        ("ka", "ა ბ გ დ"),
    ],
)
def test_each_language_has_its_order(tag: str, words: str, tiny_templates: Path) -> None:
    """Letters of its own come behind the letter they are like, as one letter even where they are two; all others by their base letters."""
    expected = words.split()
    assert sorted(sorted(expected), key=collation(tag, tiny_templates).key) == expected


def test_what_is_no_text_is_sorted_as_it_is() -> None:
    """Numbers stay numbers; of equal letters the plain and the small ones come first."""
    order = Collation()
    assert sorted([10, 9], key=order.key) == [9, 10]
    assert sorted(["Á", "á", "A", "a"], key=order.key) == ["a", "A", "á", "Á"]


def test_without_alphabets_base_letters_decide(tiny_templates: Path) -> None:
    """A folder of templates needs no alphabets."""
    (tiny_templates / ALPHABETS).unlink()
    edit(tiny_templates / "locale" / "en.yaml", "tag: en-GB", "tag: hr")
    assert sorted(["d", "đa", "da", "z"], key=Locale(tiny_templates, "en").collation.key) == ["d", "da", "đa", "z"]


@pytest.mark.parametrize(("text", "place"), [("en: [a]", "1:5"), ("- en", "1:1"), ("en-GB: { a: b }", "1:8")])
def test_what_is_no_alphabet(text: str, place: str, tiny_templates: Path, show: Show) -> None:
    """An alphabet that is none is a problem at its place."""
    (tiny_templates / ALPHABETS).write_text(text, "utf-8")
    with pytest.raises(ReportsError) as error:
        Locale(tiny_templates, "en").collation.key("a")
    assert show(error.value.problems) == [
        f"templates/locale/alphabets.yaml:{place}: is no alphabet; write the letters of a language as in 'hr: c č ć, d dž đ'"
    ]
