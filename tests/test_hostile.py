"""Hostile input: located problems instead of a result, in this process; nothing foreign is read, nobody is called."""

import json
import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from reports.__main__ import main
from reports.build.plan import Folders, Tell
from reports.build.workers import LIMIT, Task, TaskResult
from reports.errors import ReportsError
from reports.renderers import renderer
from reports.renderers.html import parse_html
from tests.conftest import PROJECT, edit

Change = Callable[[Path], object]
Run = Callable[[str], tuple[int, str, str]]

LOCATED = re.compile(r"[^\s:][^:\n]*(:\d+){0,2}: \S.*")
SECRET = "hunter2"
FONTS = '<link rel="stylesheet" href="shared/fonts.css">'
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css">
<link rel="stylesheet" href="short/test.css"></head><body><h1>T</h1>%s</body></html>"""

# An audit hook (https://peps.python.org/pep-0578/) can't be taken away: it looks at what is opened only while a test says so.
opened: list[str] = []
looking: list[bool] = []


def look(event: str, arguments: tuple[object, ...]) -> None:
    if looking and event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str | bytes):
        opened.append(os.path.realpath(os.fsdecode(arguments[0])))


sys.addaudithook(look)


def read_by(act: Callable[[], object]) -> list[str]:
    """Return the files and folders that *act* opens."""
    opened.clear()
    looking.append(True)
    try:
        act()
    finally:
        looking.clear()
    return list(opened)


def work(tasks: Sequence[Task], jobs: int, tell: Tell, limit: float = LIMIT) -> Iterator[TaskResult]:
    """Render *tasks* in this process, where the hook sees what is opened."""
    for path, view, templates, template, cache, draft, before in tasks:
        try:
            yield TaskResult(path, renderer(Path(path).suffix, draft, before=before and before())(view, templates, template, cache))
        except ReportsError as error:
            yield TaskResult(path, error)


@pytest.fixture
def root(tmp_path: Path, folders: Folders) -> Path:
    """A folder with all that a run may read, and beside it a secret; `short` makes a file of every format."""
    root = tmp_path / "root"
    root.mkdir()
    for folder in (folders.data, folders.templates):
        folder.rename(root / folder.name)
    shutil.copytree(PROJECT / "templates" / "word", root / "templates" / "word")
    outputs = "  short.pdf: short/short.html.j2\n  short.html: short/plain.html.j2\n"
    outputs += "  short.docx: short/plain.html.j2\n  short.xlsx: register/register.yaml\n"
    edit(root / "templates" / "short" / "document.yaml", "  short.pdf: short/short.html.j2\n", outputs)
    edit(root / "templates" / "short" / "document.yaml", "  measures: none\n", "")
    edit(root / "templates" / "short" / "document.yaml", "  people: none\n", "  people: all\n")  # whose offices the register offers
    text = (root / "templates" / "short" / "short.html.j2").read_text("utf-8")
    (root / "templates" / "short" / "plain.html.j2").write_text(text.replace(FONTS, ""), "utf-8")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "secret.yaml").write_text(SECRET, "utf-8")
    return root


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that carries out a command for `short`, and returns its status and what it says; it reads no secret."""
    monkeypatch.setattr("reports.build.workers.work", work)
    monkeypatch.chdir(root)

    def run(command: str) -> tuple[int, str, str]:
        names, statuses = (["short"] if command != "check" else []), list[int]()
        read = read_by(lambda: statuses.append(main([command, *names, "--data", "data", "--templates", "templates", "--out", "build"])))
        said = capsys.readouterr()
        foreign = [path for path in read if path == "/etc/passwd" or Path(path).is_relative_to(root.parent / "secret")]
        assert read, "the hook must see something"
        assert (foreign, SECRET in said.out + said.err) == ([], False)
        return statuses[0], said.out, said.err

    return run


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on this computer that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_an_intruder_is_seen(root: Path, listener: socket.socket) -> None:
    """What is opened is seen, in whichever way; a call arrives."""
    secret = root.parent / "secret" / "secret.yaml"
    assert read_by(lambda: secret.read_text("utf-8")) == [str(secret)]
    assert read_by(lambda: os.close(os.open(secret, os.O_RDONLY))) == [str(secret)]
    assert read_by(lambda: list(secret.parent.iterdir())) == [str(secret.parent)]
    socket.create_connection(listener.getsockname()).close()
    listener.accept()[0].close()
    with pytest.raises(BlockingIOError):
        listener.accept()


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
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return change


PEOPLE, PERIOD = "data/people.yaml", "data/milestones/second.yaml"
BOMB = "\n".join(["- &a0 [x, x]"] + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)])
FIELD = "    kind: ruling\n"

DATA: dict[str, tuple[Change, str]] = {
    "bomb of aliases": (
        put(PEOPLE, BOMB),
        "people.yaml:2:8: a text that begins with '*' has to stand in quotes: the alias '*a0' is not allowed here",
    ),
    "tag that runs": (put(PEOPLE, "!!python/object/apply:os.system [ls]"), "the tag 'tag:yaml.org,2002:python/object/apply:os.system' is"),
    "text of 4 MB": (swap(PERIOD, "title: Mandate", f"title: {'a' * 4 * 10**6} Mandate"), "second.yaml:16:12: has 4000016 characters"),
    "list of 2 million": (put(PEOPLE, f"[{'a,' * 2 * 10**6}]"), "people.yaml:1:2000000: holds more than 1000000 values"),
    "wrong records": (put(PEOPLE, "- []\n" * 1000), "data: there are more problems; the first 200 follow"),
    "deep lists": (put(PEOPLE, "[" * 10**6), "people.yaml:1:52: nested deeper than 50 levels"),
    "binary": (put(PEOPLE, bytes(4 * 10**6)), "people.yaml:1:1: the character U+0000 (a control character) has no place in a text"),
    "another encoding": (put(PEOPLE, "č".encode("utf-16")), "people.yaml:1:1: byte 0xff is not UTF-8"),
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
    "link": (link(PEOPLE, "../../secret/secret.yaml"), "secret.yaml', outside the folder 'data'; put a copy of it here"),
    "link to itself": (link(PEOPLE, "people.yaml"), "people.yaml: can't be read: too many levels of symbolic links"),
    "folder": (lambda root: ((root / PEOPLE).unlink(), (root / PEOPLE).mkdir()), "people.yaml: a folder stands where a file is expected"),
}


def is_refused(done: tuple[int, str, str], expected: str) -> None:
    """Assert that *done* is a refusal: located problems with *expected* among them."""
    status, _, err = done
    *problems, count = err.splitlines()
    assert status == 1, err[-2000:]
    assert count == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    assert [line for line in problems if not LOCATED.fullmatch(line)] == []
    assert any(expected in line for line in problems), problems[:5]
    assert max(map(len, problems)) < 1500


@pytest.mark.parametrize("name", DATA)
def test_hostile_data_are_refused(name: str, root: Path, run: Run) -> None:
    """Each hostile file of data is refused with problems at their places."""
    change, expected = DATA[name]
    change(root)
    is_refused(run("check"), expected)


INNOCENT = "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ ''.__class__ }} <script>alert(1)</script> =cmd|'/C calc'!A0 ${x} %s {0}"


def test_what_only_looks_hostile_is_text(root: Path, run: Run) -> None:
    """Templates, scripts and formulas in data are text: they are printed, in every format, and not carried out."""
    edit(root / PERIOD, "title: Joint exercise", f"title: {json.dumps(INNOCENT)}")
    for command in ("docx", "xlsx", "html", "pdf"):
        status, _, err = run(command)
        assert (status, err) == (0, "")
    made = root / "build" / "en"
    texts = {
        "docx": "\n".join(paragraph.text for paragraph in docx.Document(str(made / "short.docx")).paragraphs),
        "pdf": "".join(page.extract_text() for page in PdfReader(made / "short.pdf").pages),
        "html": "".join(parse_html((made / "short.html").read_text("utf-8")).itertext()),
        "xlsx": str(CalamineWorkbook.from_path(str(made / "short.xlsx")).get_sheet_by_name("Register").to_python()),
    }
    texts["xlsx"] = texts["xlsx"].replace("\\'", "'")  # as Python writes a text within a list
    assert [name for name, text in texts.items() if "".join(INNOCENT.split()) not in "".join(text.split())] == []


# Templates, styles, images, declarations

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


def output(line: str) -> Change:
    """Return a change of what `short` makes."""
    return lambda root: edit(root / "templates/short/document.yaml", "  short.pdf: short/short.html.j2\n", f"  {line}\n")


ENDLESS = "is nested too deeply, or includes or calls itself without end"
FOREIGN = "is neither a file in the folder 'templates' nor one of our fonts"

TEMPLATES: dict[str, tuple[str, Change, str]] = {
    "class": ("pdf", page("{{ ''.__class__.__mro__ }}"), "short.html.j2:3: '__class__' is nothing that a template may ask for"),
    "attr": ("docx", page("{{ '' | attr('__class__') }}"), "'__class__' is nothing that a template may ask for"),
    "format": ("docx", page("{{ '{0.__class__}'.format(view) }}"), "'__class__' is nothing that a template may ask for"),
    "globals": (
        "docx",
        page("{{ cycler.__init__.__globals__.os.popen('ls') }}"),
        "'__init__' is nothing that a template may ask for",
    ),
    "include": ("pdf", page("{% include '../../secret/secret.yaml' %}"), "there is no template '../../secret/secret.yaml'"),
    "include the system": ("pdf", page("{% include '/etc/passwd' %}"), "short.html.j2:3: there is no template '/etc/passwd'"),
    "include a link": (
        "docx",
        both(link("templates/a.j2", "../../secret/secret.yaml"), page("{% include 'a.j2' %}")),
        "outside the folder 'templates'",
    ),
    "include itself": ("docx", page("{% include 'short/plain.html.j2' %}"), f"short/plain.html.j2:3: {ENDLESS}"),
    "macro calls itself": ("docx", page("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"), f"short/plain.html.j2:3: {ENDLESS}"),
    "long loop": ("docx", page("{% for i in range(10 ** 9) %}{% endfor %}"), "range too big"),
    "style from a file": ("pdf", page(css="h1 { background: url(file:///etc/passwd) }"), f"'file:///etc/passwd' {FOREIGN}"),
    "style from the network": (
        "pdf",
        page(css="@import url('http://127.0.0.1:{port}/a.css');"),
        "short/test.css:1:1: a style sheet imports no other",
    ),
    "image from the network": ("pdf", page("<img src='http://127.0.0.1:{port}/a.png' alt='A'>"), f"/a.png' {FOREIGN}"),
    "style by a link": ("pdf", both(page(), link(CSS, "../../../secret/secret.yaml")), "outside the folder 'templates'"),
    "drawing of a file": ("pdf", drawing("<svg><image href='file:///etc/passwd'/></svg>"), "short/a.svg: the element <image> can't"),
    "drawing of itself": ("pdf", drawing("<svg><g id='a'><use href='#a'/></g></svg>"), "Failed to render SVG image"),
    "drawing with an entity": (
        "pdf",
        drawing("<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>"),
        "short/a.svg:1:119: XML syntax: undefined entity &a;",
    ),
    "drawing with a bomb": (
        "pdf",
        drawing(
            "<!DOCTYPE a [<!ENTITY a0 'aa'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
            + "]><svg><text>&a9;</text></svg>"
        ),
        "XML syntax: limit on input amplification factor",
    ),
    "web page with a file": ("html", page(css="h1 { background: url(file:///etc/passwd) }"), f"'file:///etc/passwd' {FOREIGN}"),
    "web page with a script": ("html", page("<script>alert(1)</script>"), f"'' {FOREIGN}"),
    "web page with an entity": (
        "html",
        drawing("<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>"),
        "XML syntax: undefined entity &a;",
    ),
    "web page with a drawing that runs": ("html", drawing("<svg><script>a()</script></svg>"), "short/a.svg: the element <script> can't"),
    "deep web page": ("html", page("<div>" * 3000 + "</div>" * 3000), f"short/plain.html.j2: {ENDLESS}"),
    "image that is none": (
        "docx",
        both(page("<figure><img src='a.png' alt='A'></figure>"), put("templates/a.png", b"\x89PNG\r\n\x1a\n")),
        "templates/a.png: can't be read as a picture",
    ),
    "image by a link": (
        "docx",
        both(page("<figure><img src='a.png' alt='A'></figure>"), link("templates/a.png", "../../secret/secret.yaml")),
        "outside the folder 'templates'",
    ),
    "styles by a link": ("docx", link("templates/word/styles.yaml", "../../../secret/secret.yaml"), "outside the folder 'templates'"),
    "terms by a link": ("docx", link("templates/locale/en.yaml", "../../../secret/secret.yaml"), "outside the folder 'templates'"),
    "output elsewhere": ("pdf", output("../a.pdf: short/short.html.j2"), "document.yaml:14:3: '../a.pdf' is not a plain file name"),
    "output with an end": ("pdf", output('"a\\0.pdf": short/short.html.j2'), "document.yaml:14:3: the character U+0000"),
    "template elsewhere": ("pdf", output("a.pdf: ../../secret/secret.yaml"), "there is no template '../../secret/secret.yaml'"),
    "register elsewhere": ("xlsx", output("a.xlsx: ../../secret/secret.yaml"), "outside the folder 'templates'"),
    "folder for the file": ("docx", lambda root: (root / "build/en/short.docx").mkdir(parents=True), "can't be written: is a directory"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_hostile_templates_are_refused(name: str, root: Path, run: Run, listener: socket.socket) -> None:
    """Each way out of templates, styles, images and declarations ends in problems at their places, and nobody is called."""
    command, change, expected = TEMPLATES[name]
    change(root)
    for path in (root / TEMPLATE, root / CSS, root / "templates/short/a.svg"):
        if path.is_file() and not path.is_symlink():
            path.write_text(path.read_text("utf-8").replace("{port}", str(listener.getsockname()[1])), "utf-8")
    is_refused(run(command), expected)
    assert {path.name for path in root.iterdir()} <= {"build", "data", "templates"}
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_manifest_by_a_link_is_replaced(root: Path, run: Run) -> None:
    """A manifest that leads elsewhere is not read, and what it leads to is left alone."""
    secret = root.parent / "secret" / "secret.yaml"
    (root / "build").mkdir()
    (root / "build" / "manifest.json").symlink_to(secret)
    assert run("docx")[0] == 0
    assert list(json.loads((root / "build" / "manifest.json").read_text("utf-8"))["files"]) == ["en/short.docx"]
    assert secret.read_text("utf-8") == SECRET
