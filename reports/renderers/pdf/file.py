"""The objects of a PDF -> the bytes of its file (ISO 32000-1, 7.5): pydyf would compress each stream twice, and hold all of it twice."""

import hashlib
import zlib
from io import BytesIO
from itertools import accumulate
from math import ceil
from struct import Struct
from typing import Any

from pydyf import Array, Dictionary, Stream, String, _to_bytes

COMPRESSION = 6  # of zlib; 9 takes twice as long for 3 % less
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"  # with bytes that are no text, so that no program takes the file for one
BATCH = 5_000  # objects that are compressed together
# Where an object is: 1 and its first byte in the file, or 2, the number of a stream of objects, and its own there.
PLACE = Struct(">BIH")


def written(item: Any) -> tuple[bytes, bytes | None]:
    """Return what the object *item* says, and the bytes of a stream, compressed if it wants to be."""
    if not isinstance(item, Stream):
        return item.data, None
    content = b"\n".join(map(_to_bytes, item.stream))
    extra = dict(item.extra)
    if item.compress:
        content = zlib.compress(content, COMPRESSION)
        extra["Filter"] = "/FlateDecode"
    return Dictionary({**extra, "Length": len(content)}).data, content


def write_file(pdf: Any) -> bytes:
    """Return the file of *pdf*: its streams, all else in streams of objects, and a table of where each is.

    Its identifier is the digest of what it holds, so that the same content is the same file.
    """
    pdf.add_object(pdf.info)
    objects, pdf.objects = pdf.objects[1:], []  # those that are put together are let go when they are
    streams, loose = ([item for item in objects if item.compressible == is_loose] for is_loose in (False, True))
    first = len(objects) + 1  # of the streams of objects, by its number
    del objects
    size = first + ceil(len(loose) / BATCH) + 1
    content, table = BytesIO(), bytearray(PLACE.size * size)
    content.write(HEADER)

    def add(number: int, said: bytes, stream: bytes | None) -> None:
        PLACE.pack_into(table, PLACE.size * number, 1, content.tell(), 0)
        parts = () if stream is None else (b"\nstream\n", stream, b"\nendstream")
        content.writelines((b"%d 0 obj\n" % number, said, *parts, b"\nendobj\n"))

    PLACE.pack_into(table, 0, 0, 0, 65_535)  # the first is none
    for item in streams:
        add(item.number, *written(item))
    for number in range(first, size - 1):
        batch, loose = loose[:BATCH], loose[BATCH:]
        for index, item in enumerate(batch):
            PLACE.pack_into(table, PLACE.size * item.number, 2, number, index)
        add(number, *written(_together(batch)))
    start = content.tell()
    PLACE.pack_into(table, PLACE.size * (size - 1), 1, start, 0)
    digest = String(hashlib.md5(content.getbuffer(), usedforsecurity=False).hexdigest()).data
    trailer = {"Root": pdf.catalog.reference, "Info": pdf.info.reference, "ID": Array([digest, digest])}
    extra = {"Type": "/XRef", "Size": size, "W": Array([1, 4, 2]), **trailer}
    add(size - 1, *written(Stream([bytes(table)], extra, compress=True)))
    content.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return content.getvalue()


def _together(batch: list[Any]) -> Stream:
    """Return the stream of the objects of *batch*: where each begins, and what each says."""
    said = [item.data for item in batch]
    starts = accumulate((len(data) + 1 for data in said[:-1]), initial=0)
    index = " ".join(f"{item.number} {start}" for item, start in zip(batch, starts, strict=True))
    return Stream([index, *said], {"Type": "/ObjStm", "N": len(batch), "First": len(index) + 1}, compress=True)
