"""The functions of gettext, as templates call them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.environment import Templates
from reports.renderers.phrases import Phrases
from reports.translations.texts import Foreign
from tests.conftest import PROJECT, Show

MESSAGES = """msgid "%(n)s day & more"
msgid_plural "%(n)s days & more"
msgstr[0] "%(n)s dan & više"
msgstr[1] "%(n)s dana & više"
msgstr[2] "%(n)s dana & više"

msgid "Since %(date)s"
msgstr "Od %(date:genitive)s <3"

msgid "<b>All</b> %(name)s"
msgstr "<b>Sve</b> %(name)s"

msgctxt "month"
msgid "May"
msgstr "maj"
"""
COUNTED = """msgid "%(missing)s of %(passages)s passages is in %(language)s."
msgid_plural "%(missing)s of %(passages)s passages are in %(language)s."
msgstr[0] "%(missing)s od %(passages)s odlomaka je na jeziku %(language)s."
msgstr[1] "%(missing)s od %(passages)s odlomka su na jeziku %(language)s."
msgstr[2] "%(missing)s od %(passages)s odlomaka su na jeziku %(language)s."
"""
DAYS = "{% trans n=number %}{{ n }} day & more{% pluralize %}{{ n }} days & more{% endtrans %}"


class DateText(str):
    """A stand-in for a date that knows its cases."""

    def case(self, name: str) -> "DateText":
        return DateText({"genitive": "maja 2010."}[name])


@pytest.fixture
def told(tiny_templates: Path, tiny_view: View) -> Templates:
    """Templates in Bosnian, of whose words some are translated."""
    locale = tiny_templates / "locale"
    (locale / "bs.yaml").write_text((locale / "en.yaml").read_text("utf-8").replace("en-GB", "bs-Latn-BA"), "utf-8")
    (locale / "bs.po").write_text(MESSAGES.replace(" <3", ""), "utf-8")
    return Templates(tiny_templates, replace(tiny_view, language="bs"))


def printed(templates: Templates, template: str, **values: object) -> str:
    return templates.environment().from_string(template).render(**values)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% trans name='A & B' %}<b>All</b> {{ name }}{% endtrans %}", "<b>Sve</b> A &amp; B"),
        ('{{ pgettext("month", "May") }} {{ _("May") }}', 'maj <span lang="en" class="untranslated">May</span>'),
        ("{% trans name='<' %}<i>New</i> {{ name }}{% endtrans %}", '<span lang="en" class="untranslated"><i>New</i> &lt;</span>'),
        ("{% trans name=_('May') %}In {{ name }}, 5 %{% endtrans %}", '<span lang="en" class="untranslated">In May, 5 %</span>'),
        ("{{ _('May') | upper }}", "MAY"),
        ("{{ _('May and June') | truncate(4, end='…', leeway=0) }}", '<span lang="en" class="untranslated">May…</span>'),
        ("{{ _('May June').split() | last }}", '<span lang="en" class="untranslated">June</span>'),
        ("{% trans date='–' %}Since {{ date }}{% endtrans %}", "Od –"),
    ],
)
def test_words_are_told_in_the_language_or_say_theirs(template: str, expected: str, told: Templates) -> None:
    """Values are escaped, words are HTML; what is not translated is English, and stays plain where a text is worked with."""
    assert printed(told, template) == expected


@pytest.mark.parametrize(("number", "expected"), [(1, "1 dan & više"), (3, "3 dana & više"), (11, "11 dana & više"), (21, "21 dan & više")])
def test_a_number_chooses_its_form(number: int, expected: str, told: Templates) -> None:
    """By the rules of the language, which are not those of English."""
    assert printed(told, DAYS, number=number) == expected


def test_a_date_stands_in_the_case_that_a_translation_asks_for(told: Templates, show: Show) -> None:
    """A case that the language does not have is a problem of the translation."""
    template = "{% trans date %}Since {{ date }}{% endtrans %}"
    assert printed(told, template, date=DateText("maj 2010.")) == "Od maja 2010."
    path = told.folder / "locale" / "bs.po"
    path.write_text(path.read_text("utf-8").replace("genitive", "ablative"), "utf-8")
    with pytest.raises(ReportsError) as raised:
        printed(Templates(told.folder, told.view), template, date=DateText("maj 2010."))
    said = "'Since %(date)s' asks for the case 'ablative' of a date, which the language does not have"
    assert show(raised.value.problems) == [f"templates/locale/bs.po:8: {said}"]


def test_a_spreadsheet_has_plain_texts(told: Templates) -> None:
    """No sign of HTML is in them, and no mark of a language."""
    made = Templates(told.folder, told.view, medium="xlsx")
    assert printed(made, "{{ _('<b>All</b> %(name)s', name='A & B') | forceescape }}") == "&lt;b&gt;Sve&lt;/b&gt; A &amp; B"
    assert type(Phrases(made.wording, is_html=False).gettext("May")) is str


def test_a_place_for_text_alone_has_no_elements(told: Templates) -> None:
    """Also where an English text has another in it; what follows has its own."""
    template = "<title>{{ _('May') }}</title>{% set name %}{{ _('May') }}{% endset %}"
    template += "<img alt=\"{% trans name %}In {{ name }}{% endtrans %}, {{ _('May') }}\"><i>{{ _('May') }}</i>"
    (told.folder / "note" / "test.html.j2").write_text(template, "utf-8")
    tag = '<span lang="en" class="untranslated">'
    assert told.render("note/test.html.j2") == f'<title>May</title><img alt="In May, May"><i>{tag}May</span></i>'


def test_a_template_that_gives_no_value_is_named(told: Templates, show: Show) -> None:
    """The words of the template ask for it."""
    (told.folder / "note" / "test.html.j2").write_text("\n{{ _('In %(name)s') }}", "utf-8")
    with pytest.raises(ReportsError) as raised:
        told.render("note/test.html.j2")
    assert show(raised.value.problems) == ["templates/note/test.html.j2:2: there is no 'name'"]


def test_page_one_says_how_much_is_not_translated(told: Templates) -> None:
    """In the language of the reader, by its numbers and its form for them; nothing, if nothing is missing."""
    shutil.copy(PROJECT / "templates" / "shared" / "language.html.j2", told.folder / "shared")
    (told.folder / "locale" / "bs.po").write_text(COUNTED, "utf-8")
    (told.folder / "note" / "test.html.j2").write_text(
        '{% import "shared/language.html.j2" as languages with context %}{{ languages.untranslated() }}', "utf-8"
    )
    keys = tuple(("", str(number)) for number in range(1212))
    for missing, expected in (
        (1212, "1.212 od 1.430 odlomaka su na jeziku engleski."),
        (21, "21 od 1.430 odlomaka je na jeziku engleski."),
    ):
        view = replace(told.view, untranslated=keys[:missing], passages=1430)
        assert Templates(told.folder, view).render("note/test.html.j2").strip() == f'<p class="edition">{expected}</p>'
    assert told.render("note/test.html.j2").strip() == ""


def test_a_title_in_brackets_is_in_the_language_of_the_document(told: Templates) -> None:
    """All others are in that of their source; and one that is not translated says so itself."""
    source = told.view.sources[0]
    for title, language in {"Title": "mk", "[Naslov]": "bs", Foreign("[Title]", "en"): "en"}.items():
        own = source.model_copy(update={"title": title, "language": "mk"})
        assert printed(told, "{{ source | title_language }}", source=own) == language
