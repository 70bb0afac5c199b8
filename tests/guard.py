"""Runs a program's `main` with limits of memory and time, and writes down what it had no business with.

`python -m tests.guard <report> <module> <folders> -- <arguments>`: opening or listing anything outside of *folders*, of Python and
of what Python and the program consist of, calling anybody on the network, and starting another program are written to *report*, a
line of JSON each, by copies of the program too, which are guarded as it is. Libraries are loaded before it looks, since loading them
runs `ldconfig` and opens what they are made of.
"""

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from reports.renderers import RENDERERS, suffixes

PROJECT = Path(__file__).parent.parent
MEMORY = 2 * 2**30
SECONDS = 60

# Files of the system that libraries look into: the types of files, time zones, and what swallows all output.
SYSTEM = ("/etc/mime.types", "/usr/share/zoneinfo", "/dev/null")
OPENED = ("open", "os.listdir", "os.scandir")
CALLED = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "ctypes.dlopen")

# What the program loads when it needs it.
LATE = (
    "reports.build.build",
    "reports.build.progress",
    "reports.build.workers",
    "reports.dataset.load",
    "reports.documents.view",
    "filelock",
)


class Guard:
    """An audit hook (https://peps.python.org/pep-0578/): what happens outside of *folders* goes to *report*."""

    def __init__(self, report: str, folders: list[str]) -> None:
        self.report = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        own = (sys.prefix, sys.base_prefix, str(PROJECT / "reports"), *SYSTEM)
        self.folders = tuple(Path(os.path.realpath(folder)) for folder in (*folders, *own))
        self.ended = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in OPENED and isinstance(arguments[0], str | bytes):
            path = Path(os.path.realpath(os.fsdecode(arguments[0])))
            if not any(path.is_relative_to(folder) for folder in self.folders):
                self._note(f"{event} {path}")
        elif event.startswith(CALLED):
            self._note(f"{event} {arguments!r}")

    def _note(self, what: str) -> None:
        if not self.ended:
            os.write(self.report, f"{json.dumps(what)}\n".encode())


def main() -> None:
    """Run what the command line says, under guard."""
    end = sys.argv.index("--")
    (report, module, *folders), arguments = sys.argv[1:end], sys.argv[end + 1 :]
    for name in (module, *LATE, *(RENDERERS[one] for one in suffixes(arguments[0]) if one in RENDERERS)):
        importlib.import_module(name)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    guard = Guard(report, folders)
    sys.addaudithook(guard)
    try:
        status = importlib.import_module(module).main(arguments)
    finally:
        guard.ended = True
    sys.exit(status)


if __name__ == "__main__":
    main()
