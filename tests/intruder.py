"""Does what hostile input would have us do, to show that tests/guard.py sees it."""

import os
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

DEEDS: Mapping[str, Callable[[str], object]] = {
    "read": lambda argument: Path(argument).read_text("utf-8"),
    "low": lambda argument: os.close(os.open(argument, os.O_RDONLY)),
    "list": lambda argument: list(Path(argument).iterdir()),
    "call": lambda argument: socket.create_connection(("127.0.0.1", int(argument))).close(),
    "name": lambda argument: socket.getaddrinfo(argument, 80),
    "run": lambda argument: subprocess.run([argument], check=False),
    "fill": lambda argument: bytes(int(argument)),
}


def main(arguments: Sequence[str]) -> int:
    """Do the deed named first with the argument that follows it."""
    DEEDS[arguments[0]](arguments[1])
    return 0
