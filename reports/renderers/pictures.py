"""Pictures of the templates -> what all formats hold: PNG or JPEG, upright, in sRGB, eight bits deep, without what cameras write beside.

What needs nothing of this keeps its bytes; what can be mended without loss loses nothing. Drawings (SVG) are checked, and stay.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from PIL import Image, ImageCms, ImageFile, ImageOps

from reports.errors import Location, Problem, ReportsError
from reports.files import decode
from reports.renderers.environment import border

# Kinds that are read; Pillow knows more, and asks other programs for some. What usually holds a photo becomes a JPEG, the rest a PNG.
PHOTOS = ("AVIF", "JPEG", "JPEG2000", "WEBP")
KINDS = (*PHOTOS, "BMP", "GIF", "PNG", "TIFF")
QUALITY = 95  # of a JPEG that has to be made anew
PNG_START = b"\x89PNG\r\n\x1a\n"
# The chunks of a PNG that its looks are made of; others tell of places, people and programs, or hold further frames.
CHUNKS = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs")
JFIF = bytes.fromhex("ffe0 0010 4a46494600 0101 00 0001 0001 0000")  # the header by which Word knows a JPEG
ADOBE, SCAN, END = b"\xff\xee", b"\xff\xda", b"\xff\xd9"  # markers of a JPEG
SVG, XLINK_HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
# What runs, loads or links, and so stands in no drawing.
NO_SHAPES = ("a", "animate", "animateMotion", "animateTransform", "foreignObject", "image", "script", "set")
LOADED = re.compile(r"@import\b|\burl\(\s*[\"']?(?!\s*[\"']?(?:#|data:|\)))", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)  # of CSS
# How large pictures are on a page, of paper or on a screen, unless a style sheet of the document says otherwise: as large as they are,
# with 96 dots to the inch, or as wide as the text if they are drawn; never wider than that, nor higher than leaves room for a caption.
HIGHEST = 0.8  # of the height of a page's text
FITTING = f"""
figure {{ break-inside: avoid; }}
img {{ max-width: 100%; object-fit: contain; object-position: left top; }}
figure img[src^="figure:"], figure img[src$=".svg"], img.drawing, .drawing svg {{ width: 100%; height: auto; }}
@media print {{ img, .drawing svg {{ max-height: {HIGHEST * 100:g}vh; }} }}
"""
UNREADABLE = "can't be read as a picture: it is damaged, or of a kind that we don't know; save it as PNG or JPEG"


def read_picture(path: Path, content: bytes) -> tuple[bytes, str]:
    """Return the picture that the file *path* holds as *content*, as every format can show it, and its media type.

    Of several frames it is the first. Raises ReportsError for a picture that can't be read, or is too large.
    """
    with border(Location(path), UNREADABLE), _strict():
        try:
            held = _held(Image.open(BytesIO(content), formats=KINDS), content)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            message = f"has more than {(Image.MAX_IMAGE_PIXELS or 0) // 1_000_000} million pixels, the most that we read; make it smaller"
            raise ReportsError(Problem(Location(path), message)) from None
    return held, "image/png" if held.startswith(PNG_START) else "image/jpeg"


def parse_drawing(path: Path, content: bytes) -> Element:
    """Return the root of the SVG that the file *path* holds as *content*, its names without namespaces.

    Raises ReportsError for what is no SVG, and for everything in it that is no shape or comes from elsewhere.
    """
    decode(path, content)  # which names what version control left in it
    try:
        root = ET.fromstring(content)  # noqa: S314 - drawn by us, or a file of the templates; expat stops bombs of entities
    except ET.ParseError as error:
        line, column = error.position
        message = f"XML syntax: {str(error).partition(': line')[0]}"
        raise ReportsError(Problem(Location(path, line, column + 1), message)) from None
    except (LookupError, ValueError):  # of an XML declaration whose encoding is none, or has several bytes to a letter
        raise ReportsError(Problem(Location(path), "declares another encoding than UTF-8; save the file as UTF-8")) from None
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        if link := element.attrib.pop(XLINK_HREF, None):
            element.attrib.setdefault("href", link)
    if root.tag != "svg":
        raise ReportsError(Problem(Location(path), f"is no drawing: it begins with <{root.tag}>, and not with <svg>"))
    if problems := [Problem(Location(path), message) for message in dict.fromkeys(_foreign(root))]:
        raise ReportsError(*problems)
    return root


def has_styles(drawing: bytes) -> bool:
    """Return true if *drawing*, an SVG, brings a style sheet or styles of its own."""
    return any(element.tag == f"{SVG}style" or "style" in element.attrib for element in ET.fromstring(drawing).iter())  # noqa: S314 - as above


def _foreign(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag in NO_SHAPES:
            yield f"the element <{element.tag}> can't stand in a drawing"
        elif not (link := element.get("href", "#")).startswith("#"):
            yield f"the attribute 'href' of <{element.tag}> leads out of the drawing: '{link}'"
        yield from (f"the attribute '{name}' of <{element.tag}> runs a script" for name in element.attrib if name.lower().startswith("on"))
        painted = (value for name, value in element.attrib.items() if name == "style" or value.lstrip().lower().startswith("url("))
        styles = [element.text or ""] if element.tag == "style" else painted
        if any(LOADED.search(COMMENT.sub("", style)) for style in styles):
            yield f"a style of <{element.tag}> loads something from elsewhere"


@contextmanager
def _strict() -> Iterator[None]:
    """Let Pillow refuse pictures that are cut off, which WeasyPrint tells it to fill with grey, and those that unpack to too much."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _held(image: Image.Image, content: bytes) -> bytes:
    kind = str(image.format).replace("MPO", "JPEG")  # a JPEG with further pictures behind it
    image.load()
    shown = _in_srgb(_in_eight_bits(ImageOps.exif_transpose(image)))
    if kind in BARE:
        bare = BARE[kind](content)
        with suppress(OSError):  # what only seemed to be a part to leave out
            if _dots(Image.open(BytesIO(bare), formats=KINDS)) == _dots(shown):
                return bare
    shown.info = {name: value for name, value in shown.info.items() if name == "transparency"}
    target = BytesIO()
    if kind in PHOTOS and not shown.has_transparency_data:
        shown.convert("L" if shown.mode in ("1", "L") else "RGB").save(target, "JPEG", quality=QUALITY, subsampling=0)
    else:
        shown.save(target, "PNG")
    return target.getvalue()


def _dots(image: Image.Image) -> tuple[object, ...]:
    return image.mode, image.size, image.tobytes(), image.getpalette(), image.info.get("transparency")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return *image* with 256 shades of grey if it has more."""
    if not image.mode.startswith(("I", "F")):
        return image
    is_short = image.mode.startswith("I;16")
    shades = (image.convert("I") if is_short else image).convert("F")
    extrema: Any = (0, 0xFFFF) if is_short else shades.getextrema()
    low, high = extrema
    step = 255 / ((high - low) or 1)
    return shades.point(lambda shade: shade * step - low * step).convert("L")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return *image* in sRGB, by its own profile if it has one: a PDF takes all colours for sRGB, and a page those without a profile."""
    profile = image.info.get("icc_profile")
    if image.mode in ("La", "RGBa", "PA"):
        image = image.convert("RGBA")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # a damaged profile, or one of another kind of colours, says nothing
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                return _converted(image, source)
    return image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    if image.mode in ("P", "LA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    assert converted  # which it is unless the picture was to be changed in its place
    return converted


def _bare_png(content: bytes) -> bytes:
    kept, at = [PNG_START], len(PNG_START)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] in CHUNKS:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _bare_jpeg(content: bytes) -> bytes:
    """Return the JPEG *content* without the segments that tell of a camera, a place or a profile, and without what follows its end."""
    kept, at = [], 2
    while at < len(content) and (marker := content[at : at + 2]) != SCAN:
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        segment = content[at:end]
        if marker == b"\xff\xff":  # a byte that only fills
            end = at + 1
        elif not (b"\xff\xe0" <= marker <= b"\xff\xef" or marker == b"\xff\xfe") or marker == ADOBE:
            kept.append(segment)
        elif segment.startswith(JFIF[:9]) and len(segment) == len(JFIF):
            kept.insert(0, segment)
        at = end
    header = [] if kept and kept[0].startswith(JFIF[:9]) else [JFIF]
    return b"".join((content[:2], *header, *kept, content[at:].partition(END)[0], END))


BARE: Mapping[str, Callable[[bytes], bytes]] = {"JPEG": _bare_jpeg, "PNG": _bare_png}
