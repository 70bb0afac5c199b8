"""What is dear to make and often the same, such as a figure: kept from one build to the next by the digest of all that it depends on."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reports.errors import ReportsError
from reports.files import write_whole

MOST = 100  # results that are kept


@dataclass(frozen=True)
class Cache:
    """Results kept in *folder*; without one, nothing is kept."""

    folder: Path | None = None

    def keep(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """Return what *make* returns, or has returned before for the same *key*, which tells all that the result depends on."""
        if self.folder is None:
            return make()
        path = self.folder / hashlib.sha256(key).hexdigest()
        content = _read(path)
        if content is None:
            content = make()
            with suppress(ReportsError):  # a full disk is no reason to fail: the result is there
                write_whole(path, hashlib.sha256(content).digest() + content)
        return content

    def prune(self) -> None:
        """Remove the results that were not used for longest, so that no more than MOST are left."""
        if self.folder is None or not self.folder.is_dir():
            return
        with suppress(OSError):  # another build may be at it
            for path in sorted(self.folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)[MOST:]:
                path.unlink()


NO_CACHE = Cache()


def _read(path: Path) -> bytes | None:
    """Return the result at *path*, and mark it as used; None if it is not there, or is not what was kept."""
    try:
        kept = path.read_bytes()
        path.touch()
    except OSError:
        return None
    size = hashlib.sha256().digest_size
    digest, content = kept[:size], kept[size:]
    return content if hashlib.sha256(content).digest() == digest else None
