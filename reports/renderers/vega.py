"""Vega-Lite or SVG -> SVG or PNG: by vl-convert, with our fonts, in a process of its own.

V8, which is in vl-convert, ends its process where memory runs out, and a copy of a process in which it has run waits forever.
"""

import json
import os
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import metadata
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

from reports.cache import Cache
from reports.errors import Location, Problem, ReportsError
from reports.files import read_bytes
from reports.processes import end_with_parent, ended_by_signal, processes
from reports.renderers.fonts import FONTS, Cut, characters_of, cut_font, font_file

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    import uharfbuzz

WEIGHTS = (400, 600)
# What specifications call our font: vl-convert can neither measure nor draw one whose name has a digit.
FAMILY = "Source Sans"
# Every character that it has, whatever the labels of a dataset are, and no kerning, which vl-convert does not draw.
CUT = Cut(400, family=FAMILY, features=())
SCRATCH = gettempdir()  # whoever makes another folder the temporary one does so for a while; this one has to last

version = cache(metadata.version)  # which reads a file

# The process that draws for each process that asks, while it has nothing to do; a copy of one that asks has none.
_idle: dict[int, "tuple[BaseProcess, Connection]"] = {}


def convert(path: Path, method: str, source: dict[str, Any] | str, cache: Cache, **options: Any) -> bytes:
    """Return what the *method* of vl-convert makes of *source*, the drawing of the file *path*, or has made, if it is in *cache*.

    Raises ReportsError if it can't be drawn, or if that ends the process that draws.
    """
    key = json.dumps([method, options, repr(CUT), WEIGHTS, *map(version, ("vl-convert-python", "uharfbuzz", FONTS["sans"][0])), source])
    return cache.keep(key.encode(), lambda: _convert(path, method, source, options, cache))


def font() -> bytes:
    """Return the font of all drawings."""
    path = font_file("sans")
    return read_bytes(path, path.parent)


@cache
def _shaper(weight: int) -> "uharfbuzz.Font":
    import uharfbuzz

    shaper = uharfbuzz.Font(uharfbuzz.Face(font()))
    shaper.set_variations({"wght": weight})
    return shaper


def text_width(text: str, weight: int = 400) -> float:
    """Return how wide *text* is in our font, by the size of its letters: 0.5 for half of that."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_shaper(weight), buffer, {"kern": False})
    return float(sum(position.x_advance for position in buffer.glyph_positions) / _shaper(weight).face.upem)


def _convert(path: Path, method: str, source: dict[str, Any] | str, options: dict[str, Any], cache: Cache) -> bytes:
    idle = _idle.pop(os.getpid(), None)  # at once: two threads may draw
    process, line = idle or _start(cache)
    try:
        line.send((method, source, options))
        while not line.poll(1):  # between two looks, this thread can be told that it takes too long
            pass
        drawn = line.recv()
    except (EOFError, OSError):
        process.join()
        status = process.exitcode or 0
        if status >= 0:
            raise RuntimeError(f"the process that drew {path} ended with status {status}") from None
        raise ReportsError(Problem(Location(path), f"the process that drew it {ended_by_signal(status)}")) from None
    except BaseException:
        process.kill()
        raise
    _idle[os.getpid()] = process, line
    if isinstance(drawn, ValueError):
        raise ReportsError(Problem(Location(path), f"can't be drawn: {' '.join(str(drawn).splitlines()[:2])}"))
    return drawn.encode() if isinstance(drawn, str) else bytes(drawn)


def _start(cache: Cache) -> "tuple[BaseProcess, Connection]":
    """Start a process that draws; return it, and the line to it."""
    folder = TemporaryDirectory(dir=SCRATCH)  # of fonts, one file for each weight, since vl-convert draws variable ones in their thinnest
    Finalize(folder, folder.cleanup, exitpriority=1)  # at the end of a process of multiprocessing too, which runs no other clean-up
    for weight in WEIGHTS:
        cut = replace(CUT, weight=weight, text="".join(sorted(characters_of(font()))))
        Path(folder.name, f"{weight}.ttf").write_bytes(cut_font(font(), cut, cache))
    ours, theirs = processes().Pipe()
    process = processes().Process(target=_draw, args=(theirs, folder.name), daemon=True)
    process.start()
    theirs.close()  # so that its end is the end of the line
    return process, ours


def _draw(line: Connection, fonts: str) -> None:
    """Draw what is asked for through *line*, as long as somebody asks, with the *fonts* in that folder."""
    import vl_convert

    end_with_parent()
    os.environ["TZ"] = "UTC"  # vl-convert asks for the time zone when it first draws a date
    vl_convert.register_font_directory(fonts)
    with suppress(EOFError):
        while True:
            method, source, options = line.recv()
            try:
                drawn = getattr(vl_convert, method)(source, **options)
            except ValueError as error:
                drawn = error
            except RuntimeError as error:  # by which its Rust gives up on a drawing
                drawn = ValueError(str(error).partition("\n")[0])
            line.send(drawn)
