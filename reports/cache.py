"""Content-addressed cache of figures, subset fonts and whatever else is dear to make and the same in the next build."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from reports.errors import ReportsError
from reports.files import read_bytes, sha256, write_whole

MOST = 300  # results that are kept


@dataclass(frozen=True)
class Cache:
    """Results kept in *folder*; without one, nothing is kept. One that *only_reads* writes nothing, but remembers while it lives."""

    folder: Path | None = None
    only_reads: bool = False
    _memory: dict[bytes, bytes] = field(default_factory=dict)

    def keep(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what *make* returns, or has returned before for the same *key*, which holds all that the result depends on."""
        content = self.get(key)
        if content is None:
            content = make()
            if self.only_reads:
                self._memory[key] = content
            elif self.folder:
                with suppress(ReportsError):  # a full disk is no reason to fail: the result is there
                    write_whole(self.folder / sha256(key), _seal(key, content) + content, lasting=False)
        return content

    def get(self, key: bytes) -> bytes | None:
        """Return the result that is kept for *key*, if there is one, and mark it as used."""
        if not self.folder or key in self._memory:
            return self._memory.get(key)
        path = self.folder / sha256(key)
        try:
            kept = read_bytes(path, self.folder)
            if not self.only_reads:
                path.touch()
        except (ReportsError, OSError):
            return None
        digest, content = kept[:32], kept[32:]
        return content if _seal(key, content) == digest else None

    def prune(self) -> None:
        """Remove the results that were not used for longest, so that no more than MOST are left."""
        if self.folder:
            with suppress(OSError):  # another build may be at it
                for path in sorted(self.folder.glob("[0-9a-f]" * 64), key=lambda path: path.stat().st_mtime, reverse=True)[MOST:]:
                    path.unlink()


def _seal(key: bytes, content: bytes) -> bytes:
    """Return what stands before *content* in its file: a damaged file, or that of another key under this name, has another one."""
    return hashlib.sha256(sha256(key).encode() + content).digest()


NO_CACHE = Cache()
