"""Programs that are no part of Python: where they are, and how they run without a trace in anybody's home."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 120
# The Open XML SDK runs without ICU, which a bare system lacks.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}


class ProgramError(Exception):
    """A program that told nothing that can be relied on; the file that it was given is not proved."""


def find(name: str) -> str | None:
    """Return where the program *name* is: beside Python, where nox puts it, or on the path."""
    beside = Path(sys.executable).parent
    return shutil.which(name, path=os.pathsep.join([str(beside), os.environ.get("PATH", os.defpath)]))


@cache
def version_of(name: str, option: str = "--version") -> str | None:
    """Return the version that the program *name* gives when it is asked by *option*; none if it is not installed.

    Raises:
        ProgramError: when it is installed and tells none.
    """
    program = find(name)
    if not program:
        return None
    with TemporaryDirectory() as scratch:
        done = run([program, option], Path(scratch))
    said = done.stdout + done.stderr
    number = re.search(r"\d+(\.\d+)+", said)
    if not number:
        raise ProgramError(f"{name} says '{said.strip()[:60]}'")
    return number[0]


def run(line: Sequence[str], scratch: Path, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
    """Run *line* with *scratch* as its home, and return how it ended.

    Raises:
        OSError: when it can't be started.
        TimeoutExpired: when it takes longer than *seconds*; its own children are ended too, for `soffice` is a script.
    """
    environment = {**ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath), "HOME": str(scratch), "TMPDIR": str(scratch)}
    line = [find(line[0]) or line[0], *line[1:]]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(line, process.returncode, out, err)
