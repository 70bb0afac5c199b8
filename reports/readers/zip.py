"""Open-data package -> Content: its files, as attachments."""

from io import BytesIO
from zipfile import ZipFile

from reports.readers.content import MOST_LETTERS, Content, bound


def read(content: bytes) -> Content:
    """Return the files in the package *content*, by their names; they say nothing by themselves."""
    with ZipFile(BytesIO(content)) as package:
        bound("bytes", sum(entry.file_size for entry in package.infolist()), MOST_LETTERS)
        return Content(attachments={name: package.read(name) for name in package.namelist()})
