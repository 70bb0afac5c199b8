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
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    # The Open XML SDK runs without ICU, which a bare system lacks.
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
}


class ProgramError(Exception):
    """A program that did not start or did not come to an end; the file that it was given is not proved."""


def find(name: str) -> str | None:
    """Return where the program *name* is: beside Python, where nox puts it, or on the path."""
    beside = Path(sys.executable).parent
    return shutil.which(name, path=os.pathsep.join([str(beside), os.environ.get("PATH", os.defpath)]))


def version_of(name: str) -> str | None:
    """Return the version that the program *name* gives; none if it is not installed.

    Raises:
        ProgramError: when it is installed and tells none.
    """
    program = find(name)
    if not program:
        return None
    told = _told(program)
    if isinstance(told, ProgramError):
        raise told
    return told


@cache
def _told(program: str) -> str | ProgramError:
    """Return the version that *program* tells, or why it tells none: it is asked once, for several validators need it."""
    with TemporaryDirectory() as scratch:
        try:
            done = run([program, "--version"], Path(scratch))
        except ProgramError as error:
            return error
    said = done.stdout + done.stderr
    number = re.search(r"\d+(\.\d+)+", said)
    return number[0] if number else ProgramError(f"{Path(program).name} says '{said.strip()[:60]}'")


def run(line: Sequence[str], scratch: Path, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
    """Run *line* with *scratch* as its home, and return how it ended.

    Raises:
        ProgramError: when it can't be started, or takes longer than *seconds*; its own children are ended too, for
            `soffice` is a script.
    """
    environment = {**ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath), "HOME": str(scratch), "TMPDIR": str(scratch)}
    program = find(line[0]) or line[0]
    try:
        process = subprocess.Popen(
            [program, *line[1:]], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
    except OSError as error:
        raise ProgramError(f"{Path(program).name} can't be started: {error.strerror}") from error
    with process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise ProgramError(f"{Path(line[0]).name} took longer than {seconds:g} seconds") from error
    return subprocess.CompletedProcess(list(line), process.returncode, out, err)
