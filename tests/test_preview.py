"""The preview: on this computer only, only what is visible, and a page that reloads itself."""

import http.client
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.errors import ReportsError
from reports.preview import HOST, Server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "secret").write_text("secret", "utf-8")
    (tmp_path / ".cache" / "secret.html").write_text("secret", "utf-8")
    (tmp_path / "en" / "a.html").write_text(
        '<meta http-equiv="Content-Security-Policy" content="default-src &apos;none&apos;"><p>A</p>', "utf-8"
    )
    (tmp_path / "en" / "a.csv").write_text("a", "utf-8")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with Server(folder, 0) as server:
        yield server


def get(server: Server, path: str, host: str = "") -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
    connection.request("GET", path, headers={"Host": host or f"{HOST}:{server.port}"})
    response = connection.getresponse()
    return response.status, response.read().decode(), dict(response.headers)


def test_a_page_is_served_with_what_reloads_it(server: Server) -> None:
    """The page comes with a script that waits for a change, and without the policy that would forbid it; other files as they are."""
    status, body, headers = get(server, "/en/a.html")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert body.startswith("<p>A</p><script>new EventSource(")
    assert get(server, "/en/a.csv")[:2] == (200, "a")
    status, _, headers = get(server, "/")
    assert (status, headers["Location"]) == (302, "/en/a.html")


@pytest.mark.parametrize(
    "path",
    [
        "/.cache/secret",
        "/en/../.cache/secret",
        "/en/%2e%2e/.cache/secret",
        "/%252ecache/secret.html",
        "/en/none.html",
        "/../../etc/hostname",
    ],
)
def test_nothing_else_is_served(path: str, server: Server) -> None:
    """Hidden files, files elsewhere and files that are not there are not found."""
    assert get(server, path)[0] == 404


def test_only_this_computer_is_served(server: Server) -> None:
    """A page of somebody else's whose name leads to this computer gets nothing."""
    assert get(server, "/en/a.html", host="evil.example")[0] == 404


def test_a_head_is_asked_as_a_page_is(server: Server) -> None:
    """Whoever asks for the head alone gets no more of it than of the page."""
    for path, host, expected in (("/en/a.csv", HOST, 200), ("/en/a.csv", "evil.example", 404), ("/.cache/secret", HOST, 404)):
        connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
        connection.request("HEAD", path, headers={"Host": host})
        assert connection.getresponse().status == expected


def test_a_page_may_have_any_name(server: Server, folder: Path) -> None:
    """The way to the first page is told in letters that a header can hold, and leads there."""
    (folder / "en" / "a.html").rename(folder / "en" / "преглед 50%20.html")
    status, _, headers = get(server, "/")
    assert status == 302
    assert get(server, headers["Location"])[0] == 200


def test_a_port_that_is_taken(server: Server, folder: Path) -> None:
    """A port that can't be had is a problem, and nobody waits."""
    with (
        pytest.raises(ReportsError, match=rf"^{HOST}:{server.port}: can't be served: address already in use$"),
        Server(folder, server.port),
    ):
        pass


def test_a_change_is_told(server: Server, folder: Path) -> None:
    """Whoever waits for a file is told when it is another one."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
    connection.request("GET", "/changes-of/en/a.html", headers={"Host": f"{HOST}:{server.port}"})
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.readline() == b": still the same\n"
    os.utime(folder / "en" / "a.html", (1, 1))
    while (told := response.readline()) in (b": still the same\n", b"\n"):
        pass
    assert told == b"data: changed\n"
    connection.close()
