"""The texts that are translated, their contexts, and what stands in their places."""

import pickle

from markupsafe import Markup, escape

from reports.dataset.dataset import Dataset
from reports.dataset.fields import Markdown
from reports.dataset.model import Body, Count, Evidence, Framework, Measure, Milestone, Person, Source
from reports.dataset.references import walk
from reports.translations.texts import Foreign, Text, retold, texts, texts_in


def contexts(dataset: Dataset) -> dict[str, str]:
    return {text.context: text.value for text, _ in texts(dataset, "bs").values()}


def test_every_prose_is_translated(tiny: Dataset) -> None:
    """No text that is marked as prose is left out, however deep it stands."""
    prose = {text.value for entry in tiny.entries for text in walk(entry.declared) if isinstance(text.mark, Markdown)}
    assert len(prose) > 40
    assert prose <= {text.value for text, _ in texts(tiny, "bs").values() if text.is_prose}


def test_words_are_translated_and_nothing_else(tiny: Dataset) -> None:
    """Names, titles, units, roles and notes are; ids, references, dates, addresses, codes, languages and originals' titles are not."""
    found = contexts(tiny)
    for context in ("about/partner/short", "trade/name", "open-harbours/unit", "rudolf-on-harbours/role", "league/note", "M2021-1/short"):
        assert context in found
    words = {text.value for text, _ in texts(tiny, "bs").values()}
    named = (
        {record.id for record in tiny.records() if record.id != "harbours"}
        | {source.title for source in tiny.sources}
        | {"agreement", "en", "2010-04-22", "done"}
    )
    assert not {word for word in words if word in named or "://" in word.replace("(https://league.example/agenda)", "")}


def test_a_title_of_ours_is_translated_and_an_original_is_not() -> None:
    """Only a title that stands in square brackets as a whole is in our words."""
    source = Source.model_validate(
        {"id": "a", "title": "[A report]", "publisher": "B", "url": "https://a.example", "language": "en", "kind": "news"}
    )
    assert Text("a/title", "[A report]") in texts_in(source, "bs")
    half = source.model_copy(update={"title": "A report [of the year]"})
    assert [text.context for text in texts_in(half, "bs")] == ["publisher"]


def test_items_go_by_what_identifies_them(tiny: Dataset) -> None:
    """The item of a list is known by as little of its identity as tells it from the others, never by its place if it has one."""
    found = contexts(tiny)
    assert found["M2001-1/evidence/guild/note"] == "The letter looks back"
    assert found["about/matters/Harbour Charter/stands"].startswith("Signed")
    assert found["about/key_points/2"].startswith("What comes next")
    assert found["open-harbours/points/2015/among"] == "harbours in the north"
    evidence = [Evidence(source="league", locator=place, note=f"on {place}") for place in ("page 1", "page 2")]
    milestone = tiny.by_id["M2001-1"].model_copy(update={"evidence": tuple(evidence)})
    assert {text.context for text in texts_in(milestone, "bs")} >= {f"M2001-1/evidence/league, page {page}/note" for page in (1, 2)}


def test_an_activity_goes_by_its_own_id(tiny: Dataset) -> None:
    """A record within another has contexts of its own."""
    assert contexts(tiny)["dredging/title"] == "Dredging"


def test_what_a_source_gives_is_words_where_the_field_is(tiny: Dataset) -> None:
    """A date that a source gives is a date; the title that it gives is translated."""
    milestone = tiny.by_id["M2010-1"]
    assert isinstance(milestone, Milestone)
    given = milestone.evidence[1].model_copy(update={"gives": {"date": "2010-04", "title": "Pact"}})
    found = [text.context for text in texts_in(milestone.model_copy(update={"evidence": (given,)}), "bs")]
    assert "M2010-1/evidence/courier/gives/title" in found
    assert "M2010-1/evidence/courier/gives/date" not in found


def test_a_place_in_a_source_is_translated_once(tiny: Dataset) -> None:
    """All places share one context, in evidence and in the citations of prose; and all publishers share one."""
    found = [text for text, _ in texts(tiny, "bs").values() if text.context == "locator"]
    values = [text.value for text in found]
    assert len(values) == len(set(values))
    assert {"paragraph 8", "page 7"} <= set(values)
    assert [text.value for text, _ in texts(tiny, "bs").values() if text.context == "publisher"].count("Strelsau Courier") == 1


def test_a_name_of_its_own_comes_before_the_catalogue(tiny: Dataset) -> None:
    """A name in the language, or in its script, is taken as it is, and the catalogue does not ask for it."""
    person = Person(
        id="a", name="Ana", names={"Cyrl": "Ана", "hr": "Anica"}, offices=tiny.all(Person)[0].offices, evidence=tiny.all(Person)[0].evidence
    )
    for language, name in (("sr-Cyrl-BA", "Ана"), ("hr-HR", "Anica"), ("bs", "ANA")):
        assert retold(person, language, lambda text: text.value.upper()).name == name
        assert ("a/name" in [text.context for text in texts_in(person, language)]) == (name == "ANA")
    assert Body.model_fields["names"].default == {}


def test_only_texts_are_retold(tiny: Dataset) -> None:
    """Whatever is put in the places of texts, references, dates and numbers stay, and the record given stays as it is."""
    for entry in tiny.entries:
        told = retold(entry.declared, "bs", lambda text: f"¡{text.value}")
        assert retold(told, "bs", lambda text: text.value.removeprefix("¡")) == entry.declared
    measure = retold(tiny.all(Measure)[0], "bs", lambda text: "x")
    assert (measure.unit, measure.points[1].among, measure.points[1].counted_by) == ("x", "x", "institute")
    assert isinstance(measure.points[0], Count)
    assert retold(tiny.all(Framework)[2], "bs", lambda text: "x").follows == ("observer",)


def test_a_foreign_text_says_its_language_in_html_alone() -> None:
    """It is a text like any other, also for another process; a template prints it with its language, and what it says as text."""
    foreign = pickle.loads(pickle.dumps(Foreign("A <b>", "en")))
    assert (foreign, foreign.language, str(foreign)) == ("A <b>", "en", "A <b>")
    assert escape(foreign) == '<span lang="en" class="untranslated">A &lt;b&gt;</span>'
    assert Markup("{}").format(foreign) == escape(foreign)
