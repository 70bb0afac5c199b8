"""Watching makes what is saved, and a mistake does not end it; the preview shows that on this computer only."""

import gc
import http.client
import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reports.build.plan import Folders
from reports.errors import Problem, ReportsError
from reports.renderers import environment
from reports.renderers.environment import KeptCode
from reports.serve import HOST, preview, serve, watch
from tests.conftest import Show, edit, running, until

OPTIONS = ("--data", "data", "--templates", "templates", "--out", "build")


@pytest.fixture
def watched(quick_folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A function that watches the tiny folders, saves something at each look, ends with a key press, and returns what was said."""

    def watch_and_save(*saves: Callable[[], object]) -> list[str]:
        said: list[str] = []
        waiting = list(saves)

        def look_again(seconds: float) -> None:
            if not waiting:
                raise KeyboardInterrupt
            said.append("saved")
            waiting.pop(0)()

        def show(problems: tuple[Problem, ...]) -> None:
            said.extend(str(problem) for problem in problems)

        monkeypatch.setattr("reports.serve.sleep", look_again)
        with pytest.raises(KeyboardInterrupt):
            watch(quick_folders, said.append, show)  # type: ignore[arg-type]
        short = [line.replace(f"{quick_folders.out.parent}{os.sep}", "") for line in said]
        return [re.sub(r"made, .*?( \(|$)", r"made\1", line) for line in short]

    return watch_and_save


def test_a_save_makes_what_it_changes(watched: Callable[..., list[str]], quick_folders: Folders) -> None:
    """An edit remakes the documents that show it and nothing else; problems are told, and the next save is waited for."""
    bodies = quick_folders.data / "bodies.yaml"
    said = watched(
        lambda: None,
        lambda: edit(bodies, "role: It commands the ships.", "role: It commands the boats."),
        lambda: edit(bodies, "side: other", "side: another"),
        lambda: edit(bodies, "side: another", "side: other"),
        lambda: edit(quick_folders.templates / "short" / "table.yaml", "width: 34", "width: 33"),
    )
    first, rest = said[: said.index("watching; Ctrl-C ends it")], said[said.index("watching; Ctrl-C ends it") + 1 :]
    assert sorted(line for line in first if "…" not in line) == [
        "build/en/note.csv: made (it was never made)",
        "build/en/short.csv: made (it was never made)",
    ]
    assert rest == [
        "saved",
        *("saved", "build/en/note.csv …", "build/en/note.csv: made (changed: admiralty)"),
        *("saved", "data/bodies.yaml:21:9: 'another' is not one of organisation, partner, joint, other (did you mean 'other'?)"),
        "saved",
        *("saved", "build/en/short.csv …", "build/en/short.csv: made (changed: templates/short/table.yaml)"),
    ]


def test_workers_find_the_templates_compiled(
    watched: Callable[..., list[str]], quick_folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that watches has compiled every template before something is saved, and every expression of a table."""
    found: list[set[tuple[str, str]]] = []
    monkeypatch.setattr(environment, "COMPILED", {})
    watched(lambda: found.append({*environment.COMPILED}))
    keys = {key for key, _ in found[0]}
    assert KeptCode().get_cache_key("register/register.yaml ('sheets', 0, 'title')") in keys
    assert keys.issuperset(KeptCode().get_cache_key(name, name) for name in ("note/note.html.j2", "short/short.html.j2"))


def test_what_was_loaded_is_not_looked_through_for_garbage(watched: Callable[..., list[str]]) -> None:
    """What the process that watches has loaded and drafted once is left alone by each build, and by the workers, its copies."""
    before, found = gc.get_freeze_count(), list[int]()
    watched(lambda: found.append(gc.get_freeze_count()))
    assert found[0] > before


def test_what_is_saved_during_a_build_is_made(
    watched: Callable[..., list[str]], quick_folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save is not missed because a build was at work when it came."""
    from reports.build.build import build

    style = quick_folders.templates / "short" / "table.yaml"

    def build_and_save(*given: object) -> None:
        build(*given)  # type: ignore[arg-type]
        if "width: 34" in style.read_text("utf-8"):
            edit(style, "width: 34", "width: 33")

    monkeypatch.setattr("reports.serve.build", build_and_save)
    assert watched(lambda: None)[-1] == "build/en/short.csv: made (changed: templates/short/table.yaml)"


@pytest.mark.parametrize("save", ["add", "remove", "replace"])
def test_every_save_is_seen(save: str, watched: Callable[..., list[str]], quick_folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that comes, goes, or is replaced by another of its size and time, as editors do it, is a save; with none, nothing is built."""
    builds: list[int] = []
    monkeypatch.setattr("reports.serve.build", lambda *_: builds.append(1))
    path = quick_folders.data / "bodies.yaml"

    def replace() -> None:
        other, status = path.with_name("other"), path.stat()
        other.write_bytes(path.read_bytes())
        os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.replace(path)

    watched({"add": path.with_name("new.yaml").touch, "remove": path.unlink, "replace": replace}[save], lambda: None, lambda: None)
    assert len(builds) == 2


def test_folders_may_go_and_come_again(watched: Callable[..., list[str]], quick_folders: Folders) -> None:
    """A folder that a checkout removes and makes again is missed, and then seen again."""
    data, copy = quick_folders.data, quick_folders.data.with_name("copy")

    def come_again() -> None:
        copy.rename(data)
        edit(data / "milestones" / "first.yaml", "title: Harbour Agreement", "title: Treaty")

    said = watched(lambda: data.rename(copy), come_again)
    again = said.index("saved")
    assert said[again : again + 3] == ["saved", "data: there is no such folder of data", "saved"]
    made = [f"build/en/{name}.csv: made (changed: M2010-1)" for name in ("note", "short")]
    assert sorted(said[again + 3 :]) == sorted([*made, "build/en/note.csv …", "build/en/short.csv …"])


def test_a_bug_does_not_end_it(watched: Callable[..., list[str]], quick_folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours is told in full, and the next save is waited for."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("reports.serve.build", broken)
    bug = ["ZeroDivisionError", "this is a mistake in the program; watching goes on"]
    said = watched((quick_folders.data / "new.yaml").touch)
    assert [text.splitlines()[-2:] for text in said] == [bug, ["watching; Ctrl-C ends it"], ["saved"], bug]


@pytest.mark.parametrize("command", [watch, lambda folders, *given: preview(folders, 0, *given)])
def test_there_must_be_something_to_watch(command: Callable[..., None], folders: Folders, show: Show) -> None:
    """A folder that is not there is a problem, before anything is made or served."""
    folders.data.rename(folders.data.with_name("elsewhere"))
    said: list[str] = []
    with pytest.raises(ReportsError) as error:
        command(folders, said.append, said.append)
    assert (show(error.value.problems), said) == (["data: there is no such folder of data"], [])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_it_ends_in_order(number: signal.Signals, status: int, quick_folders: Folders) -> None:
    """Ctrl-C ends it at once, and being told to end as well, with a status of its own; the address answers until then."""
    edit(quick_folders.templates / "short" / "document.yaml", "short.csv: short/table.yaml", "short.json: short/table.yaml")
    edit(quick_folders.templates / "short" / "document.yaml", "title:", "attach_dataset: true\ntitle:")
    with running("preview", *OPTIONS, folder=quick_folders.out.parent) as process:
        address = until(process, r"^http://127\.0\.0\.1:\d+/$").strip()
        until(process, "^watching")
        with urllib.request.urlopen(f"{address}en/short.json", timeout=20) as answer:
            assert answer.read() == (quick_folders.out / "en" / "short.json").read_bytes()
        process.send_signal(number)
        assert until(process, "stopped") == "stopped; every file is whole, old or new\n"
        assert process.wait(20) == status
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(address, timeout=20)


# The server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "secret").write_text("secret", "utf-8")
    (tmp_path / ".cache" / "secret.html").write_text("secret", "utf-8")
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src &apos;none&apos;">'
    (tmp_path / "en" / "a.html").write_text(f"{policy}<p>A</p>", "utf-8")
    (tmp_path / "en" / "a.csv").write_text("a", "utf-8")
    for name in ("link.csv", "link.html"):
        (tmp_path / "en" / name).symlink_to("/etc/hostname")
    return tmp_path


@pytest.fixture
def port(folder: Path, copied_workers: None) -> Iterator[int]:
    """The port at which the folder is served."""
    with serve(folder, 0) as address:
        yield int(address.rstrip("/").rpartition(":")[2])


def ask(port: int, path: str, host: str = HOST, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    connection.request(method, path, headers={"Host": host})
    response = connection.getresponse()
    return response.status, response.read().decode(), dict(response.headers)


def test_a_page_is_served_with_what_reloads_it(port: int, folder: Path) -> None:
    """The page comes without the policy that would forbid it to reload, and knows its edition, which its head tells; files as they are."""
    status, body, headers = ask(port, "/en/a.html")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert body.startswith("<p>A</p><script>")
    assert f"head.headers.get(\"ETag\") != '{headers['ETag']}') location.reload()" in body
    assert ask(port, "/en/a.html", method="HEAD")[2]["ETag"] == headers["ETag"]
    time.sleep(0.01)
    (folder / "en" / "a.html").write_text("<p>B</p>", "utf-8")
    assert ask(port, "/en/a.html", method="HEAD")[2]["ETag"] != headers["ETag"]
    assert ask(port, "/en/a.csv")[:2] == (200, "a")
    status, _, headers = ask(port, "/")
    assert (status, headers["Location"]) == (302, "/en/a.html")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_else_is_served(method: str, port: int) -> None:
    """Hidden files, files elsewhere, files that are not there, and what is asked for by another name of this computer, are not found.

    Neither are names that no file can have, and folders.
    """
    hidden = ("/.cache/secret", "/en/../.cache/secret", "/en/%2e%2e/.cache/secret", "/%252ecache/secret.html")
    odd = ("/en/link.csv", "/en/link.html", "/en/a%00.csv", "/en/%ED%A0%80.html", "/%ff", "http://[/en/a.csv", "/en/", "/en")
    for path in (*hidden, *odd, "/en/none.html", "/../../etc/hostname"):
        assert ask(port, path, method=method)[0] == 404, path
    assert ask(port, "/en/a.html", host="evil.example", method=method)[0] == 404
    assert ask(port, "/en/a.csv", host="localhost", method=method)[0] == 200


def test_a_page_may_have_any_name(port: int, folder: Path) -> None:
    """The way to the first page is told in letters that a header can hold, and leads there; without a page there is none."""
    (folder / "en" / "a.html").rename(folder / "en" / "преглед 50%20.html")
    status, _, headers = ask(port, "/")
    assert (status, ask(port, headers["Location"])[0]) == (302, 200)
    (folder / "en" / "преглед 50%20.html").unlink()
    assert ask(port, "/")[0] == 404


def test_a_port_that_is_taken(port: int, folder: Path) -> None:
    """A port that can't be had is a problem, and nobody waits."""
    with pytest.raises(ReportsError, match=rf"^{HOST}:{port}: can't be served: address already in use$"), serve(folder, port):
        pass
