"""The Jinja environment: what templates may do, and where their mistakes are."""

import os
from pathlib import Path

import pytest

from reports.documents.view import View
from reports.errors import ReportsError
from reports.files import digest_of, sha256
from reports.renderers.prose import Prose
from reports.renderers.templates import Templates
from tests.conftest import Show

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
        ("{{ 60000 | number }}", "60,000"),
        ("{{ term('date.about', date='<b>') }}", "about &lt;b&gt;"),
        ("{{ language_tag }}", "en-GB"),
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
        ("a\n{{ nothing }}", f"{NAME}:2: 'nothing' is undefined"),
        ("{{ view.nothing }}", f"{NAME}:1: 'reports.documents.view.View object' has no attribute 'nothing'"),
        ("\n\n{% if nothing %}{% endif %}", f"{NAME}:3: 'nothing' is undefined"),
        ("{{ view.title", f"{NAME}:1: template syntax: unexpected end of template, expected 'end of print statement'."),
        ("a\n{% fro x in y %}", f"{NAME}:2: template syntax: Encountered unknown tag 'fro'."),
        ("{{ 1 | dat }}", f"{NAME}:1: template syntax: No filter named 'dat'."),
        ("{{ 1 / 0 }}", f"{NAME}:1: division by zero"),
        ("a\n{{ 'x' | date }}", f"{NAME}:2: 'x' is no date for 'date'"),
        ("{{ 'x' | link }}", f"{NAME}:1: 'x' is no record that this document mentions"),
        ("{{ 'x' | cite }}", f"{NAME}:1: 'x' is no evidence for 'cite'"),
        (
            "\n{% include 'shared/macro.html.j2' %}",
            f"{NAME}:2: there is no template 'shared/macro.html.j2' (did you mean 'shared/macros.html.j2'?)",
        ),
        ("{% include '../secret.txt' %}", f"{NAME}:1: there is no template '../secret.txt'"),
        ("{% include '/etc/passwd' %}", f"{NAME}:1: there is no template '/etc/passwd'"),
        ("{% include 'link.j2' %}", f"{NAME}:1: there is no template 'link.j2'"),
        ("{% include 'folder/secret.txt' %}", f"{NAME}:1: there is no template 'folder/secret.txt'"),
        ("{{ ''.__class__.__mro__ }}", f"{NAME}:1: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ view.__init__.__globals__ }}", f"{NAME}:1: access to attribute '__init__' of 'View' object is unsafe."),
        ("{{ term.__func__ }}", f"{NAME}:1: access to attribute '__func__' of 'method' object is unsafe."),
        ("{{ '{0.__class__}'.format(view) }}", f"{NAME}:1: access to attribute '__class__' of 'View' object is unsafe."),
        ("{{ cycler.__init__ }}", f"{NAME}:1: access to attribute '__init__' of 'type' object is unsafe."),
        ("{{ view.document.outputs.clear() }}", f"{NAME}:1: access to attribute 'clear' of 'dict' object is unsafe."),
        (
            "{% for i in range(10 ** 9) %}{% endfor %}",
            f"{NAME}:1: range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
        ),
    ],
)
def test_a_mistake_in_a_template_has_its_line(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Wrong names and syntax, templates outside the folder, and ways out of the sandbox are problems at their line."""
    (tiny_templates.parent / "secret.txt").write_text("secret", "utf-8")
    (tiny_templates / "link.j2").symlink_to(tiny_templates.parent / "secret.txt")
    (tiny_templates / "folder").symlink_to(tiny_templates.parent)
    assert problem(tiny_templates, tiny_view, show, text) == expected


ENDLESS = "is nested too deeply, or includes or calls itself without end"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n{% include 'note/test.html.j2' %}", f"{NAME}:2: {ENDLESS}"),
        ("a\n{% import 'note/test.html.j2' as other %}{{ other }}", f"{NAME}:2: {ENDLESS}"),
        ("{% extends 'note/test.html.j2' %}", f"{NAME}:1: {ENDLESS}"),
        ("{% macro more() %}\n{{ more() }}{% endmacro %}{{ more() }}", f"{NAME}:2: {ENDLESS}"),
        ("{% set one = [1] %}{% for i in one recursive %}{{ loop(one) }}{% endfor %}", f"{NAME}:1: {ENDLESS}"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", f"{NAME}: {ENDLESS}"),
        ("{{ " + "1 + " * 50_000 + "1 }}", f"{NAME}: {ENDLESS}"),
        ("{% if 1 %}" * 200 + "{% endif %}" * 200, f"{NAME}: {ENDLESS}"),
        ("{% for i in [1] %}" * 30 + "{% endfor %}" * 30, f"{NAME}: {ENDLESS}"),
        ("{{ 'a' | center(10 ** 18) }}", f"{NAME}:1: 1000000000000000000 is too much for 'center'; 100000 is the most"),
    ],
)
def test_a_template_without_end_is_a_problem(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What includes, calls or encloses itself, or takes all memory, ends as a problem, at its line where one can be told."""
    assert problem(tiny_templates, tiny_view, show, text) == expected


def test_a_template_that_takes_all_memory_is_a_problem(
    tiny_templates: Path, tiny_view: View, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When there is no more memory, the template is at fault that asked for it."""

    def fill(self: Prose, section: str) -> str:
        return "a" * 10**18

    monkeypatch.setattr(Prose, "begin", fill)
    assert problem(tiny_templates, tiny_view, show, "a\n{{ begin('a') }}") == f"{NAME}:2: needs more memory than there is"


@pytest.mark.parametrize("name", ["link.j2", "pipe.j2", "folder/secret.txt", "loop.j2", "..", "a" * 5000, "a\\0b"])
def test_only_files_of_the_templates_are_included(name: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A link out of the folder, a pipe, a name that no file can have: none of them is a template."""
    (tiny_templates.parent / "secret.txt").write_text("secret", "utf-8")
    (tiny_templates / "link.j2").symlink_to(tiny_templates.parent / "secret.txt")
    (tiny_templates / "folder").symlink_to(tiny_templates.parent)
    (tiny_templates / "loop.j2").symlink_to("loop.j2")
    os.mkfifo(tiny_templates / "pipe.j2")
    assert problem(tiny_templates, tiny_view, show, f"{{% include '{name}' %}}").startswith(f"{NAME}:1: there is no template '")


def test_a_mistake_in_an_included_template_is_named_there(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """The place is the innermost template's."""
    (tiny_templates / "shared" / "part.html.j2").write_text("a\n\n{{ nothing }}\n", "utf-8")
    assert (
        problem(tiny_templates, tiny_view, show, "{% include 'shared/part.html.j2' %}") == "shared/part.html.j2:3: 'nothing' is undefined"
    )
    (tiny_templates / "shared" / "part.html.j2").write_text("a\n{% if %}\n", "utf-8")
    found = problem(tiny_templates, tiny_view, show, "{% include 'shared/part.html.j2' %}")
    assert found == "shared/part.html.j2:2: template syntax: Expected an expression, got 'end of statement block'"


def test_an_unknown_template_is_named(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A document's template that is not there is a problem, with the nearest name."""
    with pytest.raises(ReportsError) as error:
        Templates(tiny_templates, tiny_view).render("note/notes.html.j2")
    assert show(error.value.problems) == [
        "templates/note/notes.html.j2: there is no template 'note/notes.html.j2' (did you mean 'note/note.html.j2'?)"
    ]


def test_a_template_that_is_not_utf_8(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A template in another encoding is a problem."""
    (tiny_templates / NAME).write_bytes(b"\xe8")
    with pytest.raises(ReportsError) as error:
        Templates(tiny_templates, tiny_view).render(NAME)
    assert show(error.value.problems) == [f"templates/{NAME}:1:1: byte 0xe8 is not UTF-8; save the file as UTF-8"]


def test_a_missing_term_is_a_problem_of_the_terms(tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A term that a template asks for in vain is named in the file of terms."""
    assert problem(tiny_templates, tiny_view, show, "{{ term('xyz') }}") == "locale/en.yaml:2:1: there is no term 'xyz'"


def test_the_environment_is_out_of_reach_of_a_term(
    tiny_templates: Path, tiny_view: View, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A term can't look into the values that a template gives it."""
    monkeypatch.setitem(os.environ, "SECRET", "hunter2")
    path = tiny_templates / "locale" / "en.yaml"
    path.write_text(path.read_text("utf-8") + "leak: '{x.__func__.__globals__[babel].core.os.environ[SECRET]}'\n", "utf-8")
    found = problem(tiny_templates, tiny_view, show, "{{ term('leak', x=term) }}")
    assert found.endswith("braces in 'leak' that nothing fills; known here: {x}")


def test_a_bug_of_ours_is_not_swallowed(tiny_templates: Path, tiny_view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error from inside the program goes up as it is: it is not the template's."""

    def broken(self: Prose, text: str) -> str:
        return self.no_such_method(text)  # type: ignore[no-any-return]

    monkeypatch.setattr(Prose, "inline", broken)
    broken.__code__ = broken.__code__.replace(co_filename=Templates.render.__code__.co_filename)
    with pytest.raises(AttributeError, match="no_such_method"):
        render(tiny_templates, tiny_view, "{{ 'a' | inline }}")


def test_the_files_that_were_read_are_told(tiny_templates: Path, tiny_view: View) -> None:
    """A document's inputs are the template, what it includes, and the terms."""
    made = Templates(tiny_templates, tiny_view)
    made.render("note/note.html.j2")
    assert {path.relative_to(tiny_templates).as_posix() for path in made.used} == {
        "locale/en.yaml",
        "note/note.html.j2",
        "shared/macros.html.j2",
    }
    assert all(digest == sha256(path.read_bytes()) for path, digest in made.used.items())


@pytest.mark.parametrize("name", ["note/own.j2", "note", "note/../../outside.j2", "/outside.j2", "a" * 5000, "a\\0b", "\\ud800"])
def test_a_file_that_is_looked_for_is_told(name: str, tiny_templates: Path, tiny_view: View) -> None:
    """A name that is tried and is no template is an input too, with the digest of what stands there."""
    (tiny_templates / "note" / "list.j2").write_text(f"{{% include ['{name}', 'note/default.j2'] %}}", "utf-8")
    (tiny_templates / "note" / "default.j2").write_text("default", "utf-8")
    made = Templates(tiny_templates, tiny_view)
    assert made.render("note/list.j2") == "default"
    path = tiny_templates / name.encode().decode("unicode_escape")
    assert made.used[path] == digest_of(path, tiny_templates)
