"""The Jinja environment: what templates may do, where their mistakes are, and what keeps documents the same in each build."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateRuntimeError

from reports.documents.view import View
from reports.errors import Location, ReportsError
from reports.files import digest_of, sha256
from reports.renderers import environment
from reports.renderers.environment import Environment, Templates, border, check_arguments
from reports.renderers.html import parse_html, text_of
from reports.renderers.prose import Prose
from reports.translations.texts import Foreign
from tests.conftest import PROJECT, Show

NAME = "note/test.html.j2"


def render(templates: Path, view: View, text: str) -> str:
    (templates / NAME).write_text(text, "utf-8")
    return Templates(templates, view).render(NAME)


def problem(templates: Path, view: View, show: Show, text: str) -> str:
    with pytest.raises(ReportsError) as error:
        render(templates, view, text)
    (line,) = show(error.value.problems)
    return line.removeprefix("templates/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ view.title }}", "Ruritania and the League"),
        ("{{ view.milestones[-3].title }}", "Conference"),
        ("{{ view.milestones[-5].title }}", "A &amp; B, &lt;24 h&gt;"),
        ("{{ view.about.as_of | date }}", "30 June 2020"),
        ("{{ view.moment.year }} {{ view.moment.isoformat() }}", "2020 2020-07-01T00:00:00+00:00"),
        ("{{ 60000 | number }}", "60,000"),
        ("{{ term('date.about', date='<b>') }}", "about &lt;b&gt;"),
        ("{{ language_tag }} {{ medium }}", "en-GB pdf"),
        ("{% if true %}\n  a\n{% endif %}\nb\n", "  a\nb\n"),
        (
            "{% for office in view.people[1].offices %}{{ office.role }}|{% endfor %}",
            "1.10|1,2|None|=1+1|&lt;24 h&gt;|A &amp; B|č ć đ š ž|007|no|",
        ),
    ],
)
def test_a_template_is_filled(text: str, expected: str, tiny_templates: Path, tiny_view: View) -> None:
    """Values are put in as they are, and escaped."""
    assert render(tiny_templates, tiny_view, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n{{ nothing }}", "2: 'nothing' is undefined"),
        ("{{ view.zzz }}", "1: the view has no 'zzz'"),
        ("{{ view.numbers.nothing }}", "1: there is no 'nothing' here"),
        ("{{ view.milestones[99] }}", "1: the list has no '99'"),
        ("{{ view.title.text }}", "1: the text has no 'text'"),
        ("\n\n{% if nothing %}{% endif %}", "3: 'nothing' is undefined"),
        ("{{ view.title", "1: template syntax: unexpected end of template, expected 'end of print statement'."),
        ("a\n{% fro x in y %}", "2: template syntax: Encountered unknown tag 'fro'."),
        ("{{ 1 | dat }}", "1: template syntax: No filter named 'dat'."),
        ("{{ 1 / 0 }}", "1: division by zero"),
        ("a\n{{ 'x' | link }}", "2: 'x' is no record that this document mentions"),
        ("{{ 'a' | words(cite=3) }}", "1: '3' is no cite for 'words'"),
        ("{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(1, 2) }}", "2: macro 'm' takes not more than 1 argument(s)"),
        ("{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(b=2) }}", "2: macro 'm' takes no keyword argument 'b'"),
        ("{% macro m() %}{{ caller(3) }}{% endmacro %}\n{% call m() %}{% endcall %}", "1: macro None takes not more than 0 argument(s)"),
        ("{{ view.source('x') }}", "1: there is no 'x'"),
        ("\n{% include 'shared/macro.j2' %}", "2: there is no template 'shared/macro.j2' (did you mean 'shared/macros.html.j2'?)"),
        ("{{ ''.__class__.__mro__ }}", "1: '__class__' is nothing that a template may ask for"),
        ("{{ term.__func__ }}", "1: '__func__' is nothing that a template may ask for"),
        ("{{ '{0.__class__}'.format(view) }}", "1: '__class__' is nothing that a template may ask for"),
        ("{{ view.document.outputs.clear() }}", "1: 'clear' is nothing that a template may ask for"),
        ("{{ view.about.parse_file }}", "1: 'parse_file' is nothing that a template may ask for"),
        ("{% for i in range(10 ** 9) %}{% endfor %}", "1: range too big. The sandbox blocks ranges larger than MAX_RANGE (100000)."),
    ],
)
def test_a_mistake_in_a_template_has_its_line(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Wrong names, syntax and values, and what Jinja's sandbox refuses, are problems at their line."""
    assert problem(tiny_templates, tiny_view, show, text) == f"{NAME}:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 | prose", "'1' is no text for 'prose'"),
        ("none | inline", "'None' is no text for 'inline'"),
        ("nothing | inline", "'nothing' is undefined"),
        ("[nothing] | labels", "'nothing' is undefined"),
        ("[1] | cite", "'[1]' is no evidence for 'cite'"),
        ("'x' | numbers", "'x' is no evidence for 'numbers'"),
        ("[[]] | labels", "'[[]]' is no identifiers for 'labels'"),
        ("'watch' | labels", "'watch' is no identifiers for 'labels'"),
        ("'60,000' | number", "'60,000' is no value for 'number'"),
        ("'2010' | date", "'2010' is no date for 'date'"),
        ("'a' | link('b')", "link: too many positional arguments"),
        ("view.milestones_of(1)", "'1' is no period for 'milestones_of'"),
        ("view.about.as_of.overlaps(1)", "'1' is no other for 'overlaps'"),
        ("view.differing()", "differing: missing a required argument: 'key'"),
        ("term(1)", "'1' is no key for 'term'"),
        ("term('note', 1)", "term: too many positional arguments"),
        ("codes('status', 1)", "'1' is no groups for 'codes'"),
        ("begin([])", "'[]' is no section for 'begin'"),
        ("cited_in([])", "'[]' is no identifier for 'cited_in'"),
    ],
)
def test_a_wrong_argument_is_the_templates_mistake(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Whatever a template gives to a filter or a method of the program, the problem is at its line, and no traceback blames the program."""
    assert problem(tiny_templates, tiny_view, show, f"\n{{% for i in [1] %}}{{{{ {text} }}}}{{% endfor %}}") == f"{NAME}:2: {expected}"


def test_right_arguments_pass() -> None:
    """Arguments of the declared types, named or not, and as many as there are, are what a function takes."""

    def function(one: str, *others: int, last: object = None, **named: str) -> None: ...

    check_arguments("f", function, "a", 1, 2, last=[], other="b")
    for arguments, named in ((("a", "b"), {}), ((1,), {}), ((), {}), (("a",), {"other": 1})):
        with pytest.raises(TemplateRuntimeError):
            check_arguments("f", function, *arguments, **named)


DEEP = "is nested too deeply, or includes or calls itself without end"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n{% include 'note/test.html.j2' %}", f":2: {DEEP}"),
        ("{% extends 'note/test.html.j2' %}", f":1: {DEEP}"),
        ("{% macro more() %}\n{{ more() }}{% endmacro %}{{ more() }}", f":2: {DEEP}"),
        ("{% set one = [1] %}{% for i in one recursive %}{{ loop(one) }}{% endfor %}", f":1: {DEEP}"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", f": {DEEP}"),
        ("{% for i in [1] %}" * 30 + "{% endfor %}" * 30, f": {DEEP}"),
        ("a\n{{ 'a' | center(10 ** 18) }}", ":2: needs more memory than there is"),
    ],
)
def test_a_template_without_end_is_a_problem(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What includes, calls or encloses itself, or takes all memory, ends as a problem, at its line where one can be told."""
    assert problem(tiny_templates, tiny_view, show, text) == f"{NAME}{expected}"


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "loop.j2", "..", "a" * 5000, "a\\0b"])
def test_only_files_of_the_templates_are_included(name: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A path out of the folder, and a name that no file can have, are no templates."""
    (tiny_templates.parent / "secret.txt").write_text("secret", "utf-8")
    (tiny_templates / "loop.j2").symlink_to("loop.j2")
    assert problem(tiny_templates, tiny_view, show, f"{{% include '{name}' %}}").startswith(f"{NAME}:1: there is no template '")


@pytest.mark.parametrize("name", ["link.j2", "folder/secret.txt"])
def test_a_link_out_of_the_templates_is_told(name: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A file or a folder of templates that leads elsewhere is there, but is not read: where it leads is said."""
    (tiny_templates.parent / "secret.txt").write_text("secret", "utf-8")
    (tiny_templates / "link.j2").symlink_to(tiny_templates.parent / "secret.txt")
    (tiny_templates / "folder").symlink_to(tiny_templates.parent)
    expected = f"{name}: leads to 'secret.txt', outside the folder 'templates'; put a copy of it here"
    assert problem(tiny_templates, tiny_view, show, f"{{% include '{name}' %}}") == expected


def test_a_mistake_in_an_included_template_is_named_there(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """The place is the innermost template's."""
    part = tiny_templates / "shared" / "part.html.j2"
    for text, expected in (
        ("a\n\n{{ nothing }}\n", "3: 'nothing' is undefined"),
        ("a\n{% if %}\n", "2: template syntax: Expected an expression, got 'end of statement block'"),
    ):
        part.write_text(text, "utf-8")
        assert problem(tiny_templates, tiny_view, show, "{% include 'shared/part.html.j2' %}") == f"shared/part.html.j2:{expected}"


def test_a_template_that_can_not_be_read(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A document's template that is not there is a problem, with the nearest name, and so is one in another encoding."""
    (tiny_templates / NAME).write_bytes(b"\xe8")
    for name, expected in (
        ("note/notes.html.j2", "note/notes.html.j2: there is no template 'note/notes.html.j2' (did you mean 'note/note.html.j2'?)"),
        (NAME, f"{NAME}:1:1: byte 0xe8 is not UTF-8; save the file as UTF-8"),
    ):
        with pytest.raises(ReportsError) as error:
            Templates(tiny_templates, tiny_view).render(name)
        assert show(error.value.problems) == [f"templates/{expected}"]


def test_a_missing_term_is_a_problem_of_the_terms(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A term that a template asks for in vain is named in the file of terms."""
    assert problem(tiny_templates, tiny_view, show, "{{ term('xyz') }}") == "locale/en.yaml:2:1: there is no term 'xyz'"


def test_a_bug_of_ours_is_not_swallowed(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error from inside the program goes up as it is, from a template and from a library: it is not their mistake."""

    def broken(self: Prose, text: str) -> str:
        return self.no_such_method(text)  # type: ignore[no-any-return]

    monkeypatch.setattr(Prose, "inline", broken)
    broken.__code__ = broken.__code__.replace(co_filename=Templates.render.__code__.co_filename)
    with pytest.raises(AttributeError, match="no_such_method"):
        render(tiny_templates, tiny_view, "{{ 'a' | inline }}")
    with pytest.raises(AttributeError, match="no_such_method"), border(Location(tiny_templates), "{said}"):
        broken(Prose(tiny_view), "a")


def test_what_a_library_stumbles_over_has_a_place(tmp_path: Path, show: Show) -> None:
    """An error of a library is a problem of what it was given, in the words of the caller; one without a text has its name."""
    for given, said in ((ValueError("too wide"), "too wide"), (AssertionError(), "AssertionError")):
        with pytest.raises(ReportsError) as error, border(Location(tmp_path / "a"), "can't be laid out ({said})"):
            raise given
        assert show(error.value.problems) == [f"a: can't be laid out ({said})"]
    with pytest.raises(RecursionError), border(Location(tmp_path / "a"), "{said}"):
        raise RecursionError


def test_the_files_that_were_read_are_told(tiny_templates: Path, tiny_view: View) -> None:
    """A document's inputs are the template, what it includes, the terms and the alphabets, each with the digest of what was read."""
    made = Templates(tiny_templates, tiny_view)
    made.render("note/note.html.j2")
    names = {"locale/en.yaml", "locale/alphabets.yaml", "note/note.html.j2", "shared/macros.html.j2"}
    assert made.used == {tiny_templates / name: sha256((tiny_templates / name).read_bytes()) for name in names}


@pytest.mark.parametrize("name", ["note/own.j2", "note", "note/../../outside.j2", "/outside.j2", "a" * 5000, "a\\0b"])
def test_a_file_that_is_looked_for_is_told(name: str, tiny_templates: Path, tiny_view: View) -> None:
    """A name that is tried and is no template is an input too, with the digest of what stands there."""
    (tiny_templates / "note" / "list.j2").write_text(f"{{% include ['{name}', 'note/default.j2'] %}}", "utf-8")
    (tiny_templates / "note" / "default.j2").write_text("default", "utf-8")
    made = Templates(tiny_templates, tiny_view)
    assert made.render("note/list.j2") == "default"
    path = tiny_templates / name.encode().decode("unicode_escape")
    assert made.used[path] == digest_of(path, tiny_templates)


def test_nothing_differs_from_build_to_build() -> None:
    """What chance decides has no place in a document."""
    assert "random" not in Environment().filters
    assert "lipsum" not in Environment().globals


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("view.moment.now()", "now"),
        ("view.about.as_of.latest.today()", "today"),
        ("view.moment | attr('astimezone')", "astimezone"),
        ("view.moment.strftime('%c')", "strftime"),
    ],
)
def test_a_date_does_not_know_the_clock(text: str, attribute: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Templates see of a date what it is; neither the clock, nor this computer's time zone and language."""
    found = problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}")
    assert found == f"{NAME}:1: '{attribute}' is nothing that a template may ask for"


@pytest.mark.parametrize("text", ["begin", "[begin]", "begin ~ ''", "[range] | join", "'%s' % begin", "view.milestones | map('upper')"])
def test_no_address_in_memory_is_printed(text: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What Python prints of a function says where in memory it is; such text is refused, whatever it has been put into."""
    expected = "prints a function or another object of the program, not what it gives; is a '()' missing?"
    assert problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}") == f"{NAME}:1: {expected}"


@pytest.mark.parametrize(
    "text",
    ["view.milestones[0]", "view.milestones", "view.operations[1].end", "view.milestones[0].key", "view.milestones[0].date.order | list"],
)
def test_nothing_is_printed_as_the_program_has_it(text: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """No reader knows what `None` or `True` means, or the fields of a record in a row."""
    said = problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}")
    assert said.startswith(f"{NAME}:1: prints the ")
    assert said.endswith(" as the program has it: name a field of it, or ask by 'if' whether there is one")


def test_footnotes_have_a_place_for_their_notes(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Notes stand where the template includes them, led to and back; a footnote whose note stands nowhere is the template's mistake."""
    shutil.copy(PROJECT / "templates" / "shared" / "notes.html.j2", tiny_templates / "shared")
    table = "<h1>{{ 'A^[One]' | inline }}</h1><table><tr><td>{{ 'B^[*Two* & [@gazette]]' | inline }}</td></tr></table>"
    root = parse_html(render(tiny_templates, tiny_view, table + "{% include 'shared/notes.html.j2' %}"))
    assert [text_of(item) for item in root.iter("li")] == ["One Back to the text", "Two & [1] Back to the text"]
    ids = {element.get("id"): element.tag for element in root.iter() if element.get("id")}
    led = {link.get("href", "")[1:]: ids.get(link.get("href", "")[1:]) for link in root.iter("a") if "note" in link.get("href", "")}
    assert led == {"note_1": "li", "note_2": "li", "note_1_mark": "a", "note_2_mark": "a"}
    place = 'has no place for its note; add {% include "shared/notes.html.j2" %} below all texts'
    assert problem(tiny_templates, tiny_view, show, "{{ 'A^[One *note*]' | inline }}") == f"{NAME}: the footnote 'One note' {place}"
    late = "{% include 'shared/notes.html.j2' %}{{ (view.title ~ '^[" + "long " * 30 + "]') | inline }}"
    assert problem(tiny_templates, tiny_view, show, late) == f"{NAME}: the footnote '{'long ' * 15}long…' {place}"


def test_without_footnotes_there_are_no_notes(tiny_templates: Path, tiny_view: View) -> None:
    """A document without footnotes has no heading of notes, and Word's own footnotes need no place."""
    shutil.copy(PROJECT / "templates" / "shared" / "notes.html.j2", tiny_templates / "shared")
    assert render(tiny_templates, tiny_view, "a{% include 'shared/notes.html.j2' %}") == "a"
    (tiny_templates / NAME).write_text("{{ 'A^[One]' | inline }}{% include 'shared/notes.html.j2' %}", "utf-8")
    assert Templates(tiny_templates, tiny_view, "docx").render(NAME) == 'A<span class="footnote">One</span>'


def test_texts_are_sorted_as_the_language_sorts_them(tiny_templates: Path, tiny_view: View) -> None:
    """`sort` takes Jinja's own arguments, and orders texts by the alphabet of the document's language."""
    (tiny_templates / "locale" / "alphabets.yaml").write_text("en-GB: c č", "utf-8")
    path = tiny_templates / "short" / "test.j2"
    for expression, expected in {
        "['d', 'ča', 'cb', 'A'] | sort | join(' ')": "A cb ča d",
        "['d', 'ča', 'cb'] | sort(reverse=true) | join(' ')": "d ča cb",
        "['ča', 'cb', 'd', 'Z'] | sort(case_sensitive=true) | join(' ')": "Z cb d ča",
        "[('č', 1), ('c', 2)] | sort(attribute=0) | map('first') | join": "cč",
        "[10, 9] | sort | join(' ')": "9 10",
    }.items():
        path.write_text(f"{{{{ {expression} }}}}", "utf-8")
        assert Templates(tiny_templates, tiny_view).render("short/test.j2") == expected
    path.write_text("{{ [1, 'a'] | sort }}", "utf-8")
    with pytest.raises(ReportsError, match=r"test.j2:1: sort: these can't be told which goes first"):
        Templates(tiny_templates, tiny_view).render("short/test.j2")


def test_another_process_finds_the_code_of_a_template(
    tiny_templates: Path, tiny_view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was compiled is kept, for any folder with the same template, and not for what compiles otherwise; errors know their places."""
    compiled: list[str] = []
    compile_ = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *given, **more: compiled.append(given[2]) or compile_(*given, **more))
    monkeypatch.setattr(environment, "CODE", tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", False)

    def fails(folder: Path) -> Path:
        monkeypatch.setattr(environment, "COMPILED", {})  # as in another process
        with pytest.raises(ReportsError, match="the view has no 'nothing'") as caught:
            Templates(folder, tiny_view).render(NAME)
        assert caught.value.problems[0].location.line == 2
        return caught.value.problems[0].location.path

    (tiny_templates / NAME).write_text("first\n{{ view.nothing }}", "utf-8")
    other = tmp_path / "other"
    shutil.copytree(tiny_templates, other)
    assert [fails(folder) for folder in (tiny_templates, other)] == [tiny_templates / NAME, other / NAME]
    assert compiled == [NAME]
    monkeypatch.setattr(environment, "COMPILER", "another")
    fails(other)
    monkeypatch.setattr(environment, "CODE", tmp_path / NAME)  # which can't be written
    fails(other)
    assert compiled == [NAME] * 3


def test_a_template_is_compiled_once_for_all_languages(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a template makes of a constant goes by the language of each document, though its code is compiled once, until it is changed."""
    locale = tiny_templates / "locale"
    (locale / "hr.yaml").write_text((locale / "en.yaml").read_text("utf-8").replace("tag: en-GB", "tag: hr"), "utf-8")
    (tiny_templates / NAME).write_text("{{ '2010-04' | value }} {{ ['č', 'd', 'cz'] | sort | join }}", "utf-8")
    (tiny_templates / "note" / "wrong.html.j2").write_text("{% if %}", "utf-8")
    Templates(tiny_templates, tiny_view).compile()
    compiled: list[str] = []
    compile_ = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *given, **more: compiled.append(given[2]) or compile_(*given, **more))
    english, croatian = (Templates(tiny_templates, replace(tiny_view, language=language)) for language in ("en", "hr"))
    assert [made.render(NAME) for made in (english, croatian)] == ["April 2010 čczd", "travanj 2010. czčd"]
    assert compiled == []
    assert render(tiny_templates, tiny_view, "another") == "another"
    assert compiled == [NAME]


def test_characters_are_found_where_they_were_read(tiny_templates: Path, tiny_view: View) -> None:
    """A character of a document comes from the template, from what it includes, from a term, or from the data, which are not read here."""
    (tiny_templates / "short" / "test.j2").write_text("a\n {% include 'short/part.j2' %} ა", "utf-8")
    (tiny_templates / "short" / "part.j2").write_text("ბაგ", "utf-8")
    made = Templates(tiny_templates, tiny_view)
    made.render("short/test.j2")
    assert list(made.origins(frozenset("აბ中"), "short/test.j2")) == [
        (Location(tiny_templates / "short" / "test.j2", 2, 32), {"ა"}),
        (Location(tiny_templates / "short" / "part.j2", 1, 1), {"ა", "ბ"}),
        (Location(tiny_templates / "short" / "test.j2"), {"中"}),
    ]
    assert list(made.origins(frozenset(), "short/test.j2")) == []


def test_an_untranslated_text_says_its_language(tiny_templates: Path, tiny_view: View) -> None:
    """Wherever an element may stand: in prose, in names, in concatenations; in an attribute, a title or a choice it is text alone."""
    about = tiny_view.about.model_copy(update={"title": Foreign("A & B", "en"), "purpose": Foreign("*One* two.", "en")})
    view = replace(tiny_view, about=about, untranslated=(("about/title", "A & B"),))
    tag = '<span lang="en" class="untranslated">'
    printed = (
        ("{{ view.about.title }}", f"{tag}A &amp; B</span>"),
        ("{{ view.about.title ~ '!' }}", f"{tag}A &amp; B</span>!"),
        ('<a title="{{ view.about.title }}">{{ view.about.title }}</a>', f'<a title="A &amp; B">{tag}A &amp; B</span></a>'),
        ("<title>{{ view.about.title }}</title>", "<title>A &amp; B</title>"),
        ("{{ view.about.purpose | prose }}", '<div lang="en" class="untranslated"><p><em>One</em> two.</p>\n</div>'),
        ("{{ view.about.purpose | inline }}", f"{tag}<em>One</em> two.</span>"),
        ("{{ view.about.purpose | plain }}", "One two."),
    )
    assert [render(tiny_templates, view, text) for text, _ in printed] == [expected for _, expected in printed]
