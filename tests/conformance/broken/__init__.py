"""Good file -> broken file: the faults that validators have to see, made of our own documents; one module per format."""

import re
from collections.abc import Callable

from reports.renderers.ooxml import pack, unpack

Change = Callable[[bytes], bytes]


def part(name: str, pattern: str, replacement: str) -> Change:
    """Return what replaces *pattern* wherever it stands in the parts of a package whose names match *name*."""
    wanted, text = re.compile(pattern.encode(), re.DOTALL), replacement.encode()

    def put(content: bytes) -> bytes:
        parts = unpack(content)
        changed = {one: wanted.sub(text, parts[one]) if re.fullmatch(name, one) else parts[one] for one in parts}
        return pack(changed) if changed != parts else content

    return put


def both(first: Change, second: Change) -> Change:
    """Return what does *first*, then *second*."""
    return lambda content: second(first(content))


def cut(name: str) -> Change:
    """Return what leaves half of the part *name* of a package, as a broken disk may."""

    def put(content: bytes) -> bytes:
        parts = unpack(content)
        return pack({**parts, name: parts[name][: len(parts[name]) // 2]}) if name in parts else content

    return put


def half(content: bytes) -> bytes:
    """Return half of a file, as a broken connection may."""
    return content[: len(content) // 2]
