"""The sandbox: what templates can't reach, whatever they try, and how wrongly they may call what is ours."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateRuntimeError
from pydantic import BaseModel

from reports.documents.view import View
from reports.errors import ReportsError
from reports.renderers.sandbox import Sandbox, check_arguments
from reports.renderers.templates import Templates
from tests.conftest import Show

NAME = "note/test.html.j2"


def problem(templates: Path, view: View, show: Show, text: str) -> str:
    (templates / NAME).write_text(text, "utf-8")
    with pytest.raises(ReportsError) as error:
        Templates(templates, view).render(NAME)
    (line,) = show(error.value.problems)
    return line.removeprefix("templates/")


@pytest.mark.parametrize(
    "way",
    [
        "''.__class__.__mro__",
        "''['__class__']",
        "'' | attr('__class__')",
        "[''] | map(attribute='__class__') | first",
        "[''] | map('attr', '__class__') | first",
        "['', ''] | sort(attribute='__class__')",
        "([''] | groupby('__class__') | first).grouper ~ ''",
        "'{0.__class__}'.format('')",
        "'{a.__class__}'.format_map({'a': ''})",
        "('{0.__class__}' | attr('format'))('')",
        "['{0.__class__}'] | map('attr', 'format') | first ~ ''.__class__",
        "cycler.__init__.__globals__.os",
        "joiner.__init__.__globals__",
        "namespace.__init__.__globals__",
        "dict.mro()",
        "range.__class__.__subclasses__()",
        "self.__init__.__globals__",
        "self._TemplateReference__context",
        "term.__func__.__globals__",
        "term.__self__.file.path",
        "view.__dataclass_fields__",
        "view._sources_by_id",
        "view.about.__pydantic_validator__",
        "view.about.model_config",
        "view.document.outputs.update({'a': 'b'})",
        "(view.milestones | map('upper')).gi_frame",
        "caller.__globals__",
        "lipsum.__globals__",
    ],
)
def test_no_known_way_leads_out(way: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """The ways out of Python's objects that are known end where they begin."""
    found = problem(tiny_templates, tiny_view, show, f"{{{{ {way} }}}}")
    assert "is unsafe" in found or "is undefined" in found or "has no attribute" in found


def methods_of_pydantic() -> list[str]:
    return [name for name in dir(BaseModel) if not name.startswith("_")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # some speak up when they are looked at
@pytest.mark.parametrize("name", methods_of_pydantic())
def test_a_record_shows_nothing_of_the_librarys(name: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A record gives its fields and what we added; the library's methods read files, unpickle and copy."""
    found = problem(tiny_templates, tiny_view, show, f"{{{{ view.about.{name} }}}}")
    assert found == f"{NAME}:1: access to attribute '{name}' of 'About' object is unsafe."


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.trace),)


def test_no_way_through_a_record_leads_out(tiny_templates: Path, tiny_view: View, show: Show, tmp_path: Path) -> None:
    """The ways out that pydantic offers, a file read and a pickle run, are closed; the pickle is one that would run."""
    (tmp_path / "secret.json").write_text("{}", "utf-8")
    assert len(methods_of_pydantic()) > 20
    payload = pickle.dumps(Evil(tmp_path / "trace"), 0)
    ways = (f"parse_file('{tmp_path / 'secret.json'}')", f"parse_raw({payload.decode()!r}.encode(), proto='pickle', allow_pickle=true)")
    for way in ways:
        for start in (
            f"view.about.{way}",
            f"view.document.{way}",
            f"(view.milestones | first).{way}",
            f"(view.about | attr('parse_raw')).{way}",
        ):
            assert "is unsafe" in problem(tiny_templates, tiny_view, show, f"{{{{ {start} }}}}")
    assert not (tmp_path / "trace").exists()
    pickle.loads(payload)
    assert (tmp_path / "trace").exists()


@pytest.mark.parametrize("name", ["record_kind", "as_of", "partner", "title"])
def test_a_record_shows_what_we_declared(name: str, tiny_view: View) -> None:
    """Fields, and the properties and methods of our classes, are there for templates."""
    record: Any = tiny_view.about if name != "record_kind" else tiny_view.milestones[0]
    assert Sandbox().is_safe_attribute(record, name, getattr(record, name))


@pytest.mark.parametrize("text", ["view.shown - view.numbers", "{'a': 1, 'b': 2}.keys() - ['a']"])
def test_what_has_no_order_is_refused(text: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What is left of a mapping's keys would come in another order in the next build."""
    assert problem(tiny_templates, tiny_view, show, f"{{{{ ({text}) | first }}}}") == (
        f"{NAME}:1: would make a set, whose order differs from one build to the next"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a' * 10 ** 10", "would repeat something to a length of 10000000000; 100000 is the most"),
        ("10 ** 10 * [1, 2]", "would repeat something to a length of 20000000000; 100000 is the most"),
        ("10 ** (10 ** 10)", "10 to the power of 10000000000 is too large"),
        ("'%300000000d' % 1", "300000000 is too much for '%'; 100000 is the most"),
        ("'%(a).300000000f' % {'a': 1}", "300000000 is too much for '%'; 100000 is the most"),
        ("'a%300000000d'.encode() % 1", "300000000 is too much for '%'; 100000 is the most"),
        ("'%*d' % (300000000, 1)", "a width '*' of '%' is not known before; write the number"),
        ("'%300000000d' | format(1)", "300000000 is too much for '%'; 100000 is the most"),
        ("'{:>300000000}'.format(1)", "300000000 is too much for 'format'; 100000 is the most"),
        ("('{:>{}}' | safe).format(1, 300000000)", "300000000 is too much for 'format'; 100000 is the most"),
        ("'{a:.300000000f}'.format_map({'a': 1})", "300000000 is too much for 'format'; 100000 is the most"),
        ("'a'.center(300000000)", "300000000 is too much for 'center'; 100000 is the most"),
        ("('a' | safe).ljust(300000000)", "300000000 is too much for 'ljust'; 100000 is the most"),
        ("(1).to_bytes(length=300000000, byteorder='big')", "300000000 is too much for 'to_bytes'; 100000 is the most"),
        ("'a' | center(300000000)", "300000000 is too much for 'center'; 100000 is the most"),
        ("'a' | indent(width=300000000)", "300000000 is too much for 'indent'; 100 is the most"),
        ("'a' | indent('x' * 1000)", "1000 is too much for 'indent'; 100 is the most"),
        ("1 | round(1000000, 'ceil')", "1000000 is too much for 'round'; 300 is the most"),
        ("[1] | batch(10 ** 9, 1) | list", "1000000000 is too much for 'batch'; 100000 is the most"),
        ("[1] | slice(10 ** 9) | list", "1000000000 is too much for 'slice'; 100000 is the most"),
        ("1 | tojson(10 ** 9)", "1000000000 is too much for 'tojson'; 100 is the most"),
    ],
)
def test_what_no_operation_ends_is_refused(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """A single operation that would take all memory, and hear no Ctrl-C, is not begun, not even when the template is compiled."""
    assert problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}") == f"{NAME}:1: {expected}"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("'ab' * 3", "ababab"),
        ("3 * [1]", "[1, 1, 1]"),
        ("2 ** 10", "1024"),
        ("0.5 ** 2", "0.25"),
        ("3 * 4", "12"),
        ("'a' * -1", ""),
        ("7 % 3", "1"),
        ("'%5d%%300000000d' % 1", "    1%300000000d"),
        ("'%-4s|' | format('a')", "a   |"),
        ("'{0:>4}{a}'.format(1, a=2)", "   12"),
        ("('<b>{}</b>' | safe).format('<')", "<b>&lt;</b>"),
        ("'{a}'.format_map({'a': 1})", "1"),
        ("'a'.center(3)", " a "),
        ("10 ** 9 | round", "1000000000"),
        ("2.46 | round(1)", "2.5"),
        ("'a\nb' | indent(2)", "a\n  b"),
    ],
)
def test_sums_are_sums(text: str, result: str) -> None:
    """Operations of a sane size give what they give in Python."""
    assert Sandbox().from_string(f"{{{{ {text} }}}}").render() == result


def test_nothing_differs_from_build_to_build() -> None:
    """What chance decides has no place in a document."""
    assert "random" not in Sandbox().filters
    assert "lipsum" not in Sandbox().globals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("view.moment.now()", "access to attribute 'now' of 'datetime' object is unsafe."),
        ("view.about.as_of.latest.today()", "access to attribute 'today' of 'date' object is unsafe."),
        ("view.moment | attr('astimezone')", "access to attribute 'astimezone' of 'datetime' object is unsafe."),
        ("'{0.tzinfo}'.format(view.moment)", "access to attribute 'tzinfo' of 'datetime' object is unsafe."),
        ("'{:%s}'.format(view.moment)", "'%s' is no way to write a date; use the filter 'date'"),
    ],
)
def test_a_date_does_not_know_the_clock(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Templates see of a date what it is; neither the clock, nor this computer's time zone and language."""
    assert problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}") == f"{NAME}:1: {expected}"
    assert Sandbox().from_string("{{ day.year }} {{ day.isoformat() }}").render(day=tiny_view.moment) == "2020 2020-07-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "text", ["begin", "[begin]", "begin ~ ''", "[range] | join", "'%s' % begin", "view.milestones | map('upper')", "cycler(1)"]
)
def test_no_address_in_memory_is_printed(text: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """What Python prints of a function says where in memory it is; such text is refused, whatever it has been put into."""
    expected = "prints a function or another object of the program, not what it gives; is a '()' missing?"
    assert problem(tiny_templates, tiny_view, show, f"{{{{ {text} }}}}") == f"{NAME}:1: {expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 | prose", "'1' is no text for 'prose'"),
        ("none | inline", "'None' is no text for 'inline'"),
        ("nothing | inline", "'nothing' is undefined"),
        ("[1] | cite", "'[1]' is no evidence for 'cite'"),
        ("'x' | numbers", "'x' is no evidence for 'numbers'"),
        ("'x' | name", "'x' is no record that this document mentions"),
        ("[[]] | labels", "'[[]]' is no identifiers for 'labels'"),
        ("'60,000' | number", "'60,000' is no value for 'number'"),
        ("'2010' | date", "'2010' is no date for 'date'"),
        ("'a' | link('b')", "link: too many positional arguments"),
        ("view.source('x')", "there is no 'x'"),
        ("view.numbers.nothing", "'dict object' has no attribute 'nothing'"),
        ("view.milestones_of(1)", "'1' is no period for 'milestones_of'"),
        ("view.confidence(view.about)", "is no fact for 'confidence'"),
        ("view.about.as_of.overlaps(1)", "'1' is no other for 'overlaps'"),
        ("view.differing()", "differing: missing a required argument: 'key'"),
        ("term(1)", "'1' is no key for 'term'"),
        ("term()", "term: missing a required argument: 'key'"),
        ("codes('status', 1)", "'1' is no groups for 'codes'"),
        ("begin([])", "'[]' is no section for 'begin'"),
        ("cited_in([])", "'[]' is no source for 'cited_in'"),
    ],
)
def test_a_wrong_argument_is_the_templates_mistake(text: str, expected: str, tiny_templates: Path, tiny_view: View, show: Show) -> None:
    """Whatever a template gives to our filters and methods, the problem is at its line, and no traceback blames us."""
    found = problem(tiny_templates, tiny_view, show, f"\n{{{{ {text} }}}}")
    assert found.startswith(f"{NAME}:2: ")
    assert found.endswith(expected)


def test_right_arguments_pass() -> None:
    """Arguments of the declared types, named or not, and as many as there are, are what a function takes."""

    def function(one: str, *others: int, last: object = None, **named: str) -> None: ...

    check_arguments("f", function, "a", 1, 2, last=[], other="b")
    for arguments, named in ((("a", "b"), {}), ((1,), {}), ((), {}), (("a",), {"other": 1})):
        with pytest.raises(TemplateRuntimeError):
            check_arguments("f", function, *arguments, **named)
