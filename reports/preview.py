"""Shows the finished files in a browser on this computer, and nowhere else; a page reloads itself when it was made again."""

import os
import re
import time
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from reports.build.workers import WorkerError, end_with_parent, processes
from reports.errors import Location, Problem, ReportsError, reason

HOST = "127.0.0.1"
EVENTS = "/changes-of"
LOOK = 0.2  # seconds between two looks at a file
SCRIPT = b"<script>new EventSource('%s' + location.pathname).onmessage = () => location.reload()</script>"
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')


class Server:
    """A server of the files in *folder*, in a process of its own, on *port* of this computer (0: any that is free).

    To enter it raises ReportsError if the port can't be had.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def __enter__(self) -> "Server":
        context = processes()
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(self.folder, self.port, theirs), daemon=True)
        self._process.start()
        theirs.close()  # so that we see the end if the process dies
        try:
            answer = ours.recv()
        except EOFError:
            self._process.join()
            raise WorkerError(f"the server ended with status {self._process.exitcode}") from None
        if isinstance(answer, ReportsError):
            self._process.join()
            raise answer
        self.port = answer
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()


def _serve(folder: Path, port: int, started: Connection) -> None:
    end_with_parent()
    try:
        server = ThreadingHTTPServer((HOST, port), lambda *given: _Handler(*given, directory=str(folder)))
    except OSError as error:
        started.send(ReportsError(Problem(Location(Path(f"{HOST}:{port}")), f"can't be served: {reason(error)}")))
        return
    with server:
        started.send(server.server_port)
        server.serve_forever()


class _Handler(SimpleHTTPRequestHandler):
    """Serves files; a web page gets a script that waits for its next edition, which its own policy would not allow."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path  # with its %-signs: translate_path reads them, and to read them twice finds other files
        if not self._is_ours():
            self.send_error(HTTPStatus.NOT_FOUND)
        elif path == "/":
            self._go_to_first_page()
        elif path.startswith(f"{EVENTS}/"):
            self._wait_for(Path(self.translate_path(path.removeprefix(EVENTS))))
        elif unquote(path).endswith(".html"):
            self._send_page(Path(self.translate_path(path)))
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._is_ours():
            super().do_HEAD()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _is_ours(self) -> bool:
        """Tell whether a visible file is asked for, by the address that we printed, not by another name that leads here."""
        host = self.headers.get("Host", "").partition(":")[0]
        path = unquote(urlsplit(self.path).path)
        return host in (HOST, "localhost") and not any(part.startswith(".") for part in path.split("/"))

    def _go_to_first_page(self) -> None:
        pages = sorted(Path(self.directory).glob("[!.]*/[!.]*.html"))
        if not pages:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.FOUND)
        name = pages[0].relative_to(self.directory).as_posix()
        self.send_header("Location", f"/{quote(os.fsencode(name))}")  # a header holds no other letters
        self.end_headers()

    def _send_page(self, path: Path) -> None:
        try:
            content = POLICY.sub(b"", path.read_bytes(), count=1) + SCRIPT % EVENTS.encode()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _wait_for(self, path: Path) -> None:
        """Tell the browser when the file at *path* is another one."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        before = _moment(path)
        try:
            while True:
                time.sleep(LOOK)
                changed, before = _moment(path) != before, _moment(path)
                self.wfile.write(b"data: changed\n\n" if changed else b": still the same\n\n")
        except OSError:
            return  # the browser has gone

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing of each request."""


def _moment(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
