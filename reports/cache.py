"""Content-addressed cache of figures, cut fonts and whatever else is dear to make and the same in the next build."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import accumulate
from pathlib import Path

from reports.errors import ReportsError
from reports.files import read_bytes, sha256, write_whole

MOST = 400_000_000  # bytes that are kept
FOUND, MADE = "found", "made"
NAME = re.compile(r"[0-9a-f]{64}(?P<lock>\.lock)?")  # of a result, or of the lock of who makes it


class Cache:
    """Results kept in *folder*; without one, nothing is kept. One that *only_reads* writes nothing, but remembers while it lives.

    It *counts* how many results this process has FOUND, and how many it has MADE.
    """

    def __init__(self, folder: Path | None = None, only_reads: bool = False) -> None:
        self.folder, self.only_reads = folder, only_reads
        self.counts: Counter[str] = Counter()
        self._memory: dict[bytes, bytes] = {}

    def keep(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what *make* returns, or has returned before for the same *key*, which holds all that the result depends on.

        Processes that need the same at once make it once.
        """
        content = self.get(key)
        if content is None:
            with self._alone(key):
                content = self.get(key)  # which another process may have made meanwhile
                if content is None:
                    content = make()
                    self.counts[MADE] += 1
                    self._put(key, content)
        return content

    def note(self, key: bytes, content: bytes) -> None:
        """Keep *content* for *key* in the place of what was noted before: a hint, such as what was needed last time."""
        if self.get(key) != content:
            self._put(key, content)

    def get(self, key: bytes) -> bytes | None:
        """Return the result that is kept for *key*, if there is one, and mark it as used."""
        content = self._memory[key] if key in self._memory else self._read(key)
        self.counts[FOUND] += content is not None
        return content

    def prune(self) -> None:
        """Remove the results that were not used for longest, so that MOST bytes at most are left, and locks that nobody has removed."""
        if not self.folder:
            return
        with suppress(OSError):  # another build may be at it
            found = ((NAME.fullmatch(path.name), path, path.stat()) for path in self.folder.glob("*"))
            kept = sorted(((stat.st_mtime, stat.st_size, path, name["lock"]) for name, path, stat in found if name), reverse=True)
            for total, (_, _, path, is_lock) in zip(accumulate(size for _, size, _, _ in kept), kept, strict=True):
                if total > MOST or is_lock:
                    path.unlink()

    def _read(self, key: bytes) -> bytes | None:
        if not self.folder:
            return None
        path = self.folder / sha256(key)
        try:
            kept = read_bytes(path, self.folder, MOST)
            if not self.only_reads:
                path.touch()
        except (ReportsError, OSError):
            return None
        digest, content = kept[:32], kept[32:]
        return content if _seal(key, content) == digest else None

    def _put(self, key: bytes, content: bytes) -> None:
        if self.only_reads:
            self._memory[key] = content
        elif self.folder:
            with suppress(ReportsError):  # a full disk is no reason to fail: the result is there
                write_whole(self.folder / sha256(key), _seal(key, content) + content, lasting=False)

    @contextmanager
    def _alone(self, key: bytes) -> Iterator[None]:
        """Wait for another process that makes the result for *key*, and let others wait; a folder that can't be written lets none wait."""
        from filelock import FileLock

        with ExitStack() as stack:
            if self.folder and not self.only_reads:
                path = self.folder / f"{sha256(key)}.lock"
                with suppress(OSError):
                    self.folder.mkdir(parents=True, exist_ok=True)
                    stack.enter_context(FileLock(path, poll_interval=0.02, fallback_to_soft=False))
                    stack.callback(_remove, path)  # before it is released: whoever waits for it looks again
            yield


def _remove(path: Path) -> None:
    with suppress(OSError):  # Windows removes no file that somebody else waits for
        path.unlink()


def _seal(key: bytes, content: bytes) -> bytes:
    """Return what stands before *content* in its file: a damaged file, or that of another key under this name, has another one."""
    return hashlib.sha256(sha256(key).encode() + content).digest()


NO_CACHE = Cache()
