"""Hostile input through the command line: a result or located problems, in bounded time and memory; nothing foreign is touched."""

import json
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from reports.build.plan import Folders
from reports.renderers.html import parse_html
from tests.conftest import PROJECT, edit
from tests.guard import SECONDS

# Limits of memory are Linux's.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guard needs Linux")

Change = Callable[[Path], object]

LOCATED = re.compile(r"[^\s:][^:\n]*(:\d+){0,2}: \S.*")
SECRET = "hunter2"
FONTS = '<link rel="stylesheet" href="shared/fonts.css">'
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css">
<link rel="stylesheet" href="short/test.css"></head><body><h1>T</h1>%s</body></html>"""


@dataclass(frozen=True)
class Done:
    """What a guarded run did: its exit *status*, what it printed, and what it *touched* that was none of its business."""

    status: int
    stdout: str
    stderr: str
    touched: list[str]


def guarded(root: Path, module: str, *arguments: str | Path) -> Done:
    """Run `main` of *module* under tests/guard.py, with *root* as all that it may open; a run that does not end fails the test."""
    (root / "temporary").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.guard", str(root.parent / "report.json"), module, str(root), "--", *map(str, arguments)]
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(root / "temporary")}
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False, timeout=SECONDS)
    touched = [json.loads(line) for line in (root.parent / "report.json").read_text("utf-8").splitlines()]
    return Done(done.returncode, done.stdout, done.stderr, touched)


@pytest.fixture
def root(tmp_path: Path, folders: Folders) -> Path:
    """A folder with all that a run may touch, and beside it a secret; `short` makes a file of every format."""
    root = tmp_path / "root"
    root.mkdir()
    for folder in (folders.data, folders.templates):
        folder.rename(root / folder.name)
    shutil.copytree(PROJECT / "templates" / "word", root / "templates" / "word")
    outputs = "  short.pdf: short/short.html.j2\n  short.html: short/plain.html.j2\n"
    outputs += "  short.docx: short/plain.html.j2\n  short.xlsx: register/register.yaml\n"
    edit(root / "templates" / "short" / "document.yaml", "  short.pdf: short/short.html.j2\n", outputs)
    edit(root / "templates" / "short" / "document.yaml", "  measures: none\n", "")
    text = (root / "templates" / "short" / "short.html.j2").read_text("utf-8")
    (root / "templates" / "short" / "plain.html.j2").write_text(text.replace(FONTS, ""), "utf-8")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "secret.yaml").write_text(SECRET, "utf-8")
    return root


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on this computer that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def run(root: Path, command: str) -> Done:
    names = ["short"] if command != "check" else []
    return guarded(root, "reports.__main__", command, *names, "--data", "data", "--templates", "templates", "--out", "build")


# What the guard sees


@pytest.mark.parametrize(
    ("deed", "argument", "seen"),
    [
        ("read", "/etc/passwd", "open /etc/passwd"),
        ("read", "../secret/secret.yaml", "open {secret}/secret.yaml"),
        ("low", "/etc/passwd", "open /etc/passwd"),
        ("list", "/etc", "os.(listdir|scandir) /etc"),
        ("call", "9", "socket.getaddrinfo"),
        ("name", "localhost", "socket.getaddrinfo"),
        ("run", "true", "subprocess.Popen"),
    ],
)
def test_the_guard_sees_an_intruder(deed: str, argument: str, seen: str, root: Path) -> None:
    """The guard writes down each thing that it is there for, when a program does it."""
    done = guarded(root, "tests.intruder", deed, argument)
    assert re.match(seen.format(secret=root.parent / "secret"), done.touched[0])


def test_the_listener_hears_who_calls(root: Path, listener: socket.socket) -> None:
    """A call arrives, whichever library makes it."""
    guarded(root, "tests.intruder", "call", str(listener.getsockname()[1]))
    listener.accept()[0].close()
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_guard_ends_what_takes_all_memory(root: Path) -> None:
    """A program that takes more memory than it may have does not get it."""
    assert "MemoryError" in guarded(root, "tests.intruder", "fill", str(3 * 2**30)).stderr
    assert guarded(root, "tests.intruder", "fill", "1000").status == 0


@pytest.mark.parametrize("command", ["check", "pdf", "html", "docx", "xlsx"])
def test_good_input_passes_the_guard(command: str, root: Path) -> None:
    """What a run on good input opens is its own, whatever it makes."""
    done = run(root, command)
    assert (done.status, done.stderr, done.touched) == (0, "", [])


# Data


def put(name: str, content: str | bytes) -> Change:
    """Return a change that writes *content* to the file *name*."""

    def change(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return change


def swap(name: str, old: str, new: str) -> Change:
    """Return a change of the file *name*."""
    return lambda root: edit(root / name, old, new)


def link(name: str, target: str) -> Change:
    """Return a change that puts a link to *target* in the place of *name*."""

    def change(root: Path) -> None:
        shutil.rmtree(root / name) if (root / name).is_dir() else (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return change


def pipe(name: str) -> Change:
    """Return a change that puts a pipe in the place of *name*, from which nothing will ever come."""

    def change(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).parent.mkdir(exist_ok=True)
        os.mkfifo(root / name)

    return change


def large(name: str) -> Change:
    """Return a change that makes the file *name* a terabyte, of which the disk holds nothing."""

    def change(root: Path) -> None:
        with (root / name).open("wb") as file:
            file.truncate(2**40)

    return change


def many(root: Path) -> None:
    """Put thousands of files where periods are expected."""
    for number in range(5000):
        (root / "data" / "milestones" / f"{number}.yaml").write_text("a", "utf-8")


PEOPLE, PERIOD = "data/people.yaml", "data/milestones/second.yaml"
BOMB = "\n".join(["- &a0 [x, x]"] + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)])
FIELD = "    kind: ruling\n"

DATA: dict[str, tuple[Change, str]] = {
    "bomb of aliases": (put(PEOPLE, BOMB), "people.yaml:2:8: the alias '*a0' is not allowed here; write the value out"),
    "alias of itself": (put(PEOPLE, "&a [*a]"), "people.yaml:1:5: the alias '*a' is not allowed here; write the value out"),
    "merged keys": (put(PEOPLE, "- <<: *a"), "people.yaml:1:7: the alias '*a' is not allowed here; write the value out"),
    "tag that runs": (put(PEOPLE, "!!python/object/apply:os.system [ls]"), "the tag 'tag:yaml.org,2002:python/object/apply:os.system' is"),
    "text of 10 MB": (swap(PERIOD, "title: Mandate", f"title: {'a' * 10**7} Mandate"), "has 10000016 characters; a text has 20000 at most"),
    "text of 4 MB": (swap(PERIOD, "title: Mandate", f"title: {'a' * 4 * 10**6} Mandate"), "second.yaml:16:12: has 4000016 characters"),
    "key of 4 MB": (swap(PERIOD, FIELD, f"{FIELD}    ? {'a' * 4 * 10**6}\n    : b\n"), "second.yaml:11:7: has 4000000 characters"),
    "list of 2 million": (put(PEOPLE, f"[{'a,' * 2 * 10**6}]"), "people.yaml:1:2000000: holds more than 1000000 values"),
    "wrong records": (put(PEOPLE, "- []\n" * 150_000), "data: there are more problems; the first 200 follow"),
    "wrong ids": (swap(PERIOD, FIELD, f"{FIELD}    areas: [{'x, ' * 150_000}]\n"), "data: there are more problems; the first 200 follow"),
    "deep lists": (put(PEOPLE, "[" * 10**6), "people.yaml:1:52: nested deeper than 50 levels"),
    "deep fields": (put(PEOPLE, "{a: " * 10**6), "people.yaml:1:205: nested deeper than 50 levels"),
    "binary": (put(PEOPLE, bytes(4 * 10**6)), "people.yaml:1:1: the character U+0000 (a control character) has no place in a text"),
    "another encoding": (put(PEOPLE, "č".encode("utf-16")), "people.yaml:1:1: byte 0xff is not UTF-8"),
    "end in a letter": (put(PEOPLE, "- id: č".encode()[:-1]), "people.yaml:1:7: byte 0xc4 is not UTF-8"),
    "turned writing": (
        swap(PERIOD, "title: Mandate", "title: \u202eMandate"),
        "second.yaml:16:12: the character U+202E (right-to-left override)",
    ),
    "unseen": (swap(PERIOD, "title: Mandate", "title: Man\u200bdate"), "second.yaml:16:15: the character U+200B (zero width space)"),
    "commands": (swap(PERIOD, "kind: ruling", 'kind: "\\e]0;a\\a"'), "second.yaml:10:11: the character U+001B (a control character)"),
    "script": (
        swap(PERIOD, "text: The mandate", "text: <script>a</script> The mandate"),
        "second.yaml:17:11: '<script>a</script> The mandate was renewed.' is HTML",
    ),
    "script address": (
        swap(PERIOD, "text: The mandate", "text: The [m](javascript:a) mandate"),
        "the link 'javascript:a' does not lead to",
    ),
    "file address": (swap(PERIOD, "text: The mandate", "text: The [m](file:///etc/passwd) mandate"), "the link 'file:///etc/passwd' does"),
    "far year": (swap(PERIOD, "date: 2018", "date: 99999999999"), "second.yaml:24:11: '99999999999' is not a date"),
    "long id": (swap(PEOPLE, "id: rudolf", f"id: {'a' * 10_000}"), "is not an id such as 'nato-2017'"),
    "large number": (
        swap("data/measures.yaml", "value: 3", "value: 1e999999999"),
        "measures.yaml:7:14: '1e999999999' has more than 15 digits",
    ),
    "pipe": (pipe(PEOPLE), "people.yaml: a pipe or a device stands where a file is expected"),
    "pipe of a period": (pipe("data/milestones/x.yaml"), "x.yaml: a pipe or a device stands where a file is expected"),
    "device": (link(PEOPLE, "/dev/zero"), "people.yaml: leads to '/dev/zero', outside the folder 'data'"),
    "link": (link(PEOPLE, "../../secret/secret.yaml"), "secret.yaml', outside the folder 'data'; put a copy of it here"),
    "link of a folder": (link("data/milestones", "../../secret"), "/secret', outside the folder 'data'; put a copy of it here"),
    "link to itself": (link(PEOPLE, "people.yaml"), "people.yaml: can't be read: too many levels of symbolic links"),
    "folder": (lambda root: ((root / PEOPLE).unlink(), (root / PEOPLE).mkdir()), "people.yaml: a folder stands where a file is expected"),
    "large file": (large(PEOPLE), "people.yaml: is larger than 20 MB, the most that we read"),
    "many files": (many, "data: there are more problems; the first 200 follow"),
}


def is_refused(done: Done, expected: str) -> None:
    """Assert that *done* is a refusal: located problems with *expected* among them, nothing foreign touched, no secret told."""
    *problems, count = done.stderr.splitlines()
    assert done.status == 1, done.stderr[-2000:]
    assert count == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    assert [line for line in problems if not LOCATED.fullmatch(line)] == []
    assert any(expected in line for line in problems), problems[:5]
    assert max(map(len, problems)) < 1500
    assert (done.touched, SECRET in done.stdout + done.stderr) == ([], False)


@pytest.mark.parametrize("name", DATA)
def test_hostile_data_are_refused(name: str, root: Path) -> None:
    """Each hostile file of data is refused with problems at their places."""
    change, expected = DATA[name]
    change(root)
    is_refused(run(root, "check"), expected)


INNOCENT = "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ ''.__class__ }} <script>alert(1)</script> =cmd|'/C calc'!A0 ${x} %s {0}"


def test_what_only_looks_hostile_is_text(root: Path) -> None:
    """Templates, scripts and formulas in data are text: they are printed, in every format, and not carried out."""
    edit(root / PERIOD, "title: Joint exercise", f"title: {json.dumps(INNOCENT)}")
    for command in ("docx", "xlsx", "html", "pdf"):
        done = run(root, command)
        assert (done.status, done.stderr, done.touched) == (0, "", [])
    made = root / "build" / "en"
    texts = {
        "docx": "\n".join(paragraph.text for paragraph in docx.Document(str(made / "short.docx")).paragraphs),
        "pdf": "".join(page.extract_text() for page in PdfReader(made / "short.pdf").pages),
        "html": "".join(parse_html((made / "short.html").read_text("utf-8")).itertext()),
        "xlsx": str(CalamineWorkbook.from_path(str(made / "short.xlsx")).get_sheet_by_name("Register").to_python()),
    }
    texts["xlsx"] = texts["xlsx"].replace("\\'", "'")  # as Python writes a text within a list
    assert [name for name, text in texts.items() if "".join(INNOCENT.split()) not in "".join(text.split())] == []


# Templates, styles, images, figures, declarations


class Evil:
    """Makes a folder when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("ran",)


PICKLE = pickle.dumps(Evil(), 0).decode()
TEMPLATE, PLAIN = "templates/short/short.html.j2", "templates/short/plain.html.j2"
CSS = "templates/short/test.css"


def page(body: str = "", css: str = "h1 { color: red }") -> Change:
    """Return a change that makes *body*, with the styles *css*, the page of `short`."""

    def change(root: Path) -> None:
        put(TEMPLATE, PAGE % body)(root)
        put(PLAIN, PAGE.replace(FONTS, "") % body)(root)
        put(CSS, css)(root)

    return change


def both(*changes: Change) -> Change:
    """Return all *changes* as one."""
    return lambda root: [change(root) for change in changes]


def drawing(content: str) -> Change:
    """Return a change that shows the SVG *content*."""
    svg = f"{content.partition('<svg')[0]}<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'{content.partition('<svg')[2]}"
    return both(page("<img src='short/a.svg' alt='A'>"), put("templates/short/a.svg", svg))


def figure(content: str) -> Change:
    """Return a change that specifies the figure `a`."""
    return both(lambda root: (root / "templates/figures").mkdir(), put("templates/figures/a.vl.json", content))


def output(line: str) -> Change:
    """Return a change of what `short` makes."""
    return lambda root: edit(root / "templates/short/document.yaml", "  short.pdf: short/short.html.j2\n", f"  {line}\n")


ENDLESS = "is nested too deeply, or includes or calls itself without end"
FOREIGN = "is neither a file in here nor one of our fonts"
REGISTER = "templates/register/register.yaml"

TEMPLATES: dict[str, tuple[str, Change, str]] = {
    "class": ("pdf", page("{{ ''.__class__.__mro__ }}"), "short.html.j2:3: access to attribute '__class__' of 'str' object is unsafe."),
    "attr": ("docx", page("{{ '' | attr('__class__') }}"), "access to attribute '__class__' of 'str' object is unsafe."),
    "format": ("docx", page("{{ '{0.__class__}'.format(view) }}"), "access to attribute '__class__' of 'View' object is unsafe."),
    "globals": (
        "docx",
        page("{{ cycler.__init__.__globals__.os.popen('ls') }}"),
        "access to attribute '__init__' of 'type' object is unsafe.",
    ),
    "pydantic reads": ("docx", page("{{ view.about.parse_file('../secret/secret.yaml') }}"), "access to attribute 'parse_file' of 'About'"),
    "pydantic runs": (
        "docx",
        page(f"{{{{ view.about.parse_raw({PICKLE!r}.encode(), proto='pickle', allow_pickle=true) }}}}"),
        "access to attribute 'parse_raw' of 'About' object is unsafe.",
    ),
    "include": ("pdf", page("{% include '../../secret/secret.yaml' %}"), "there is no template '../../secret/secret.yaml'"),
    "include the system": ("pdf", page("{% include '/etc/passwd' %}"), "short.html.j2:3: there is no template '/etc/passwd'"),
    "include a link": (
        "docx",
        both(link("templates/a.j2", "../../secret/secret.yaml"), page("{% include 'a.j2' %}")),
        "there is no template 'a.j2'",
    ),
    "include a pipe": ("docx", both(pipe("templates/a.j2"), page("{% include 'a.j2' %}")), "there is no template 'a.j2'"),
    "include itself": ("docx", page("{% include 'short/plain.html.j2' %}"), f"short/plain.html.j2:3: {ENDLESS}"),
    "macro calls itself": ("docx", page("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"), f"short/plain.html.j2:3: {ENDLESS}"),
    "brackets": ("docx", page("{{ " + "(" * 10**5 + " }}"), f"short/plain.html.j2: {ENDLESS}"),
    "long loop": ("docx", page("{% for i in range(10 ** 9) %}{% endfor %}"), "range too big"),
    "large power": ("docx", page("{{ 10 ** (10 ** 10) }}"), "10 to the power of 10000000000 is too large"),
    "long text": ("docx", page("{{ 'a' * 10 ** 10 }}"), "would repeat something to a length of 10000000000; 100000 is the most"),
    "wide text": (
        "docx",
        page("{{ 'a' | center(10 ** 10) }}"),
        "short/plain.html.j2:3: 10000000000 is too much for 'center'; 100000 is the most",
    ),
    "wide number": ("docx", page("{{ '%300000000d' % 1 }}"), "short/plain.html.j2:3: 300000000 is too much for '%'"),
    "clock": ("docx", page("{{ view.moment.now() }}"), "short/plain.html.j2:3: access to attribute 'now' of 'datetime' object is unsafe."),
    "deep page": ("docx", page("<div>" * 3000), f"short/plain.html.j2: {ENDLESS}"),
    "large declaration": (
        "docx",
        large("templates/short/document.yaml"),
        "short/document.yaml: is larger than 20 MB, the most that we read",
    ),
    "large data": ("docx", large(PEOPLE), "people.yaml: is larger than 20 MB, the most that we read"),
    "large template": ("docx", put("templates/short/plain.html.j2", "a" * 25 * 10**6), "plain.html.j2: is larger than 20 MB"),
    "style from a file": ("pdf", page(css="h1 { background: url(file:///etc/passwd) }"), f"'file:///etc/passwd' {FOREIGN}"),
    "style from the network": (
        "pdf",
        page(css="@import url('http://127.0.0.1:{port}/a.css');"),
        "short/test.css:1:1: a style sheet imports no other",
    ),
    "image from the network": ("pdf", page("<img src='http://127.0.0.1:{port}/a.png' alt='A'>"), f"/a.png' {FOREIGN}"),
    "style from a pipe": ("pdf", both(page(), pipe(CSS)), f"short/test.css' {FOREIGN}"),
    "style by a link": ("pdf", both(page(), link(CSS, "../../../secret/secret.yaml")), f"short/test.css' {FOREIGN}"),
    "style that imports itself": ("pdf", page(css="@import 'test.css';"), "short/test.css:1:1: a style sheet imports no other"),
    "deep style": ("pdf", page(css="h1 { width: " + "calc(" * 5000), "short/test.css:1:258: nested deeper than 50 levels"),
    "style with a wide counter": ("pdf", page(css="@counter-style a { pad: 300000000 'x' }"), "short/test.css:1:20: 300000000 is too much"),
    "figure of many rows": (
        "html",
        both(page("<img src='figure:a' alt='A'>"), figure('{"data": {"sequence": {"start": 0, "stop": 3e8}}, "mark": "point"}')),
        "figures/a.vl.json: 'sequence' makes or picks rows of its own",
    ),
    "style without a size": ("pdf", page(css="h1 { transform: scale(0) }"), "short/short.html.j2: WeasyPrint can't lay it out"),
    "cell that is none": (
        "pdf",
        page("<table><caption>C</caption><thead><tr><th scope='col'>A</th></tr></thead></table>", "th { float: left }"),
        "short/short.html.j2: the cell 'A' is not laid out as one, so that it has no headers",
    ),
    "drawing of a file": ("pdf", drawing("<svg><image href='file:///etc/passwd'/></svg>"), f"'file:///etc/passwd' {FOREIGN}"),
    "drawing of the network": ("pdf", drawing("<svg><image href='http://127.0.0.1:{port}/a.png'/></svg>"), f"/a.png' {FOREIGN}"),
    "drawing of itself": ("pdf", drawing("<svg><g id='a'><use href='#a'/></g></svg>"), "Failed to render SVG image"),
    "drawing with an entity": (
        "pdf",
        drawing("<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>"),
        "Failed to load image",
    ),
    "drawing with a bomb": (
        "pdf",
        drawing(
            "<!DOCTYPE a [<!ENTITY a0 'aa'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
            + "]><svg><text>&a9;</text></svg>"
        ),
        "Failed to load image",
    ),
    "web page with a file": ("html", page(css="h1 { background: url(file:///etc/passwd) }"), f"'file:///etc/passwd' {FOREIGN}"),
    "web page with the network": ("html", page("<img src='http://127.0.0.1:{port}/a.png' alt='A'>"), f"/a.png' {FOREIGN}"),
    "web page with a script": ("html", page("<script>alert(1)</script>"), f"'' {FOREIGN}"),
    "web page that ends a style": ("html", page(css="h1::before { content: '</style><script>a' }"), "test.css: holds '</style'"),
    "web page with an entity": (
        "html",
        drawing("<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>"),
        "XML syntax: undefined entity &a;",
    ),
    "web page with a drawing that runs": ("html", drawing("<svg><script>a()</script></svg>"), "short/a.svg: the element <script> can't"),
    "web page with a drawing that gets out": (
        "html",
        drawing("<svg><style>&lt;/style>&lt;script>a()</style></svg>"),
        "short/a.svg: the element <style> can't stand in a drawing",
    ),
    "deep web page": ("html", page("<div>" * 3000), f"short/plain.html.j2: {ENDLESS}"),
    "image that is none": (
        "docx",
        both(page("<figure><img src='a.png' alt='A'></figure>"), put("templates/a.png", b"\x89PNG\r\n\x1a\n")),
        "Word can't show the image 'a.png'",
    ),
    "image by a link": (
        "docx",
        both(page("<figure><img src='a.png' alt='A'></figure>"), link("templates/a.png", "../../secret/secret.yaml")),
        "'a.png' is neither a file in here nor one of our fonts",
    ),
    "styles by a link": ("docx", link("templates/word/styles.yaml", "../../../secret/secret.yaml"), "outside the folder 'templates'"),
    "part by a link": ("docx", link("templates/word/reference/a.bin", "../../../../secret/secret.yaml"), "outside the folder 'templates'"),
    "declaration by a link": (
        "docx",
        link("templates/short/document.yaml", "../../../secret/secret.yaml"),
        "outside the folder 'templates'",
    ),
    "terms by a link": ("docx", link("templates/locale/en.yaml", "../../../secret/secret.yaml"), "outside the folder 'templates'"),
    "terms by a pipe": ("docx", pipe("templates/locale/en.yaml"), "en.yaml: a pipe or a device stands where a file is expected"),
    "output elsewhere": ("pdf", output("../a.pdf: short/short.html.j2"), "document.yaml:14:3: '../a.pdf' is not a plain file name"),
    "output at the root": ("pdf", output("/tmp/a.pdf: short/short.html.j2"), "document.yaml:14:3: '/tmp/a.pdf' is not a plain file name"),
    "output with an end": ("pdf", output('"a\\0.pdf": short/short.html.j2'), "document.yaml:14:3: the character U+0000"),
    "template elsewhere": ("pdf", output("a.pdf: ../../secret/secret.yaml"), "there is no template '../../secret/secret.yaml'"),
    "register elsewhere": ("xlsx", output("a.xlsx: ../../secret/secret.yaml"), "outside the folder 'templates'"),
    "register of the system": ("xlsx", output("a.csv: /etc/passwd"), "/etc/passwd: leads to '/etc/passwd', outside the folder 'templates'"),
    "cell that reads": ("xlsx", swap(REGISTER, "value: milestone.id", "value: view.about.parse_file"), "register.yaml:27:53: access to"),
    "cell without end": ("xlsx", swap(REGISTER, "value: milestone.id", f"value: {'(' * 9000}1"), f"register.yaml:27:53: {ENDLESS}"),
    "folder for the file": ("docx", lambda root: (root / "build/en/short.docx").mkdir(parents=True), "can't be written: is a directory"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_hostile_templates_are_refused(name: str, root: Path, listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way out of templates, styles, images and declarations ends in problems at their places, and nobody is called."""
    command, change, expected = TEMPLATES[name]
    change(root)
    for path in (root / TEMPLATE, root / PLAIN, root / CSS, root / "templates/short/a.svg"):
        if path.is_file() and not path.is_symlink():
            path.write_text(path.read_text("utf-8").replace("{port}", str(listener.getsockname()[1])), "utf-8")
    is_refused(run(root, command), expected)
    assert not (root / "ran").exists()
    assert sorted(path.name for path in root.iterdir()) in (["build", "data", "templates", "temporary"], ["data", "templates", "temporary"])
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "make", [pipe("build/manifest.json"), lambda root: ((root / "build").mkdir(), link("build/manifest.json", "/dev/zero")(root))]
)
def test_what_is_no_manifest_is_replaced(make: Change, root: Path) -> None:
    """Nobody waits for a manifest, and none that is elsewhere is read."""
    make(root)
    done = run(root, "docx")
    assert (done.status, done.stderr, done.touched) == (0, "", [])
    assert list(json.loads((root / "build" / "manifest.json").read_text("utf-8"))["files"]) == ["en/short.docx"]
