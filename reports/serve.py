"""Makes the documents again whenever data or templates are saved, and shows them in a browser on this computer."""

import gc
import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from io import BytesIO
from itertools import chain
from pathlib import Path
from socket import socket
from time import sleep
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from reports.build.build import BuildOptions, build
from reports.build.overlay import with_own_templates
from reports.build.plan import Folders, Project, check_folders
from reports.build.progress import Lines
from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError, reason
from reports.files import check_folder, is_file_in
from reports.processes import end_with_parent, processes
from reports.renderers import RENDERERS, renderer
from reports.renderers.environment import Templates

LOOK = 0.1  # seconds between two looks at the folders
HOST = "127.0.0.1"
# A page asks for its own head, and reloads itself when that says that it is another one.
SCRIPT = """<script>setInterval(async () => {
  const head = await fetch(location, {method: "HEAD"})
  if (head.ok && head.headers.get("ETag") != '%s') location.reload()
}, 500)</script>"""
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')

Say = Callable[[str], None]
Show = Callable[[Sequence[Problem]], object]


def watch(folders: Folders, say: Say, show: Show, options: BuildOptions = BuildOptions()) -> None:  # noqa: B008 - it is frozen
    """Bring everything up to date now and after each save, until a key press; *show* the problems and go on.

    Raises ReportsError if there is nothing to watch, or if the finished files would be among what is watched.
    """
    _check(folders)
    seen: Mapping[Path, object] | None = None
    # What is there is looked at, not what the system tells: watchfiles 1.3 loses what is saved while it ends a wait, and
    # network folders tell nothing. It is looked at before each build, so that what is saved during one is seen after it.
    while True:
        before, seen = seen, _look(folders)
        if seen != before:
            _rebuild(folders, options, say, show)
        if before is None:
            _load_renderers(folders)
            say("watching; Ctrl-C ends it")
        sleep(LOOK)


def preview(folders: Folders, port: int, say: Say, show: Show, options: BuildOptions = BuildOptions()) -> None:  # noqa: B008 - as above
    """Watch, and show the files on this computer alone; a web page in a browser reloads itself when it was made again."""
    _check(folders)  # before anything is shown
    with serve(folders.out, port) as address:
        say(address)
        watch(folders, say, show, options)


def _check(folders: Folders) -> None:
    check_folders(folders)
    check_folder(folders.data, "data")
    check_folder(folders.templates, "templates")


def _look(folders: Folders) -> Mapping[Path, object]:
    """Return the state of each file below data and templates: another one after each save."""
    state: dict[Path, object] = {}
    # By os.walk, which passes over a folder that is removed meanwhile.
    for place, inner, files in chain(os.walk(folders.data), os.walk(folders.templates)):
        for path in (Path(place, name) for name in (*inner, *files)):
            with suppress(OSError):  # removed meanwhile
                status = path.stat()
                state[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return state


def _rebuild(folders: Folders, options: BuildOptions, say: Say, show: Show) -> None:
    lines = Lines(folders.out, say, quiet=True)
    try:
        build(with_own_templates(folders), options, lines.tell)
    except ReportsError as error:
        show(error.problems)
    except Exception:  # a bug of ours: whoever is writing goes on writing, and the next save may not meet it
        say(f"{traceback.format_exc()}this is a mistake in the program; watching goes on")


def _load_renderers(folders: Folders) -> None:
    """Load every renderer, compile the templates and draft the documents now: workers, copies of this process, have done all that once."""
    for module in RENDERERS.values():
        with suppress(ReportsError):  # one that is missing something says so when it is asked for
            import_module(f"reports.renderers.{module}")
    with suppress(Exception):  # of which whoever watches has heard when the documents were made
        project = Project(with_own_templates(folders))
        documents, dataset = project.parts
        templates, language, cache = project.folders.templates, dataset.about.language, Cache(folders.cache, only_reads=True)
        Templates(templates, project.view(documents[0].id, language)).compile()
        for view in (project.view(document.id, language) for document in documents):
            for name, template in view.document.outputs.items():
                renderer(Path(name).suffix, draft=True)(view, templates, template, cache)
    gc.collect()
    gc.freeze()  # to look for garbage among all this, and to copy it for that, takes a tenth of a build


@contextmanager
def serve(folder: Path, port: int) -> Iterator[str]:
    """Serve the files in *folder* on *port* of this computer (0: any that is free), and yield the address; nobody serves at the end.

    A process of its own does it, since one with threads can't be copied safely. Raises ReportsError if the port can't be had.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), _Handler)
    except OSError as error:
        raise ReportsError(Problem(Location(Path(f"{HOST}:{port}")), f"can't be served: {reason(error)}")) from None
    with server:
        process = processes().Process(target=_serve, args=(folder, server.socket), daemon=True)
        process.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        process.kill()
        process.join()


def _serve(folder: Path, listening: socket) -> None:
    end_with_parent()
    with ThreadingHTTPServer((HOST, 0), lambda *given: _Handler(*given, directory=str(folder)), bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listening
        server.serve_forever()


class _Handler(SimpleHTTPRequestHandler):
    """Serves files; a web page gets a script that waits for its next edition, which its own policy would not allow."""

    def send_head(self) -> Any:
        """Send the head of what is asked for, and return its body, if there is one."""
        try:
            path = urlsplit(self.path).path  # with its %-signs: translate_path reads them, and to read them twice finds other files
        except ValueError:  # brackets that don't match
            path = ""
        name, host = unquote(path), self.headers.get("Host", "").partition(":")[0]
        folder, target = Path(self.directory), Path(self.translate_path(path))
        pages = [page for page in sorted(folder.glob("[!.]*/[!.]*.html")) if is_file_in(page, folder)]
        is_hidden = any(part.startswith(".") for part in name.split("/"))
        # Only by the address that we printed, not by another name that leads to this computer.
        if host in (HOST, "localhost") and name == "/" and pages:
            first = pages[0].relative_to(folder).as_posix()
            self._send(HTTPStatus.FOUND, {"Location": f"/{quote(os.fsencode(first))}"})  # a header holds no other letters
        elif host not in (HOST, "localhost") or is_hidden or not is_file_in(target, folder):
            self.send_error(HTTPStatus.NOT_FOUND)
        elif name.endswith(".html"):
            return self._page(target)
        else:
            return super().send_head()
        return None

    def _page(self, path: Path) -> BytesIO | None:
        try:
            edition = str(path.stat().st_mtime_ns)  # before it is read: what is saved meanwhile is another edition
            content = POLICY.sub(b"", path.read_bytes(), count=1) + (SCRIPT % edition).encode()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content)), "Cache-Control": "no-store"}
        self._send(HTTPStatus.OK, {**headers, "ETag": edition})
        return BytesIO(content)

    def _send(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing of each request."""
