"""Starts processes of ours, keeps them small, ends them with the one that started them, and says what ended one that the system ended."""

import gc
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

MOST_GARBAGE = 300_000  # objects, some 75 MB: three pieces of a document leave as many, and to free them takes a fifth of a second


def processes() -> Any:
    """Return the way to start a process: where it is safe, as a copy of this one, with all that is loaded; else anew."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def end_with_parent() -> None:
    """Let this process be ended by the one that started it, not by signals that reach every process of a terminal, and end with it.

    However that one ends: where it is killed, nobody is left who could end us.
    """
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what the one that we are a copy of does about it is not for us
    parent = multiprocessing.parent_process()
    assert parent is not None
    if sys.platform == "linux":
        _end_by_signal(parent.sentinel)
    else:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def collect_garbage(is_between: bool = False) -> None:
    """Collect what the work before has left in this process, where nobody else looks for garbage, if it is much.

    Where it *is_between* two parts of a work, only what was made since the last time is looked at: what is left then is still needed.
    """
    young, times, _ = gc.get_count()
    if young > MOST_GARBAGE or (times and not is_between):
        gc.collect(0 if is_between else 2)


def _end_by_signal(sentinel: int) -> None:
    """Let the system end this process when its parent's end of the pipe *sentinel* closes: no thread gets its turn while V8 is at work."""
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([sentinel], 0):  # it has ended already
        os._exit(1)


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def ended_by_signal(status: int) -> str:
    """Return what to say of a process that ended with the negative *status*, as the system ends one that needs too much memory."""
    name = next((known.name for known in signal.Signals if known == -status), str(-status))
    return f"was ended by signal {name}; it may need more memory than there is"
