"""Pictures as all formats hold them: what is kept, what is converted, and what is refused by name."""

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from reports.errors import ReportsError
from reports.files import UNMERGED
from reports.renderers.pictures import has_styles, parse_drawing, read_picture
from tests.conftest import Show

GREY = ImageOps.autocontrast(Image.linear_gradient("L").resize((60, 40)))
RGB = Image.merge("RGB", (GREY, GREY.rotate(180), GREY.point(lambda shade: 255 - shade)))
RGBA = Image.merge("RGBA", (*RGB.split(), GREY))
INDEXED = RGB.quantize(16)
SHORT = Image.frombytes("I;16", GREY.size, b"".join((257 * shade).to_bytes(2, "little") for shade in GREY.tobytes()))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def orientation(number: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = number, "Camera of a person"
    return exif


def read(content: bytes) -> Image.Image:
    """Return the picture that is made of *content*; Word, which is the strictest, takes it."""
    held, kind = read_picture(Path("a"), content)
    image = Image.open(BytesIO(held))
    image.load()
    assert kind == f"image/{image.format.lower()}"
    docx.Document().add_picture(BytesIO(held))
    assert image.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    assert image.info.keys() & {"exif", "icc_profile", "comment", "Author", "xmp"} == set()
    return image


def close(image: Image.Image, expected: Image.Image, by: int = 12) -> bool:
    """Return whether each pixel of *image* is that of *expected*, but for what a JPEG loses."""
    assert image.size == expected.size
    pairs = zip(image.convert("RGB").tobytes(), expected.convert("RGB").tobytes(), strict=True)
    return max(abs(one - other) for one, other in pairs) <= by


@pytest.mark.parametrize(
    "content",
    [
        *(saved(image, "JPEG") for image in (RGB, GREY)),
        saved(RGB, "JPEG", progressive=True),
        *(saved(image, "PNG") for image in (RGB, RGBA, GREY, RGBA.convert("LA"), INDEXED, RGB.convert("1"))),
        saved(INDEXED, "PNG", transparency=3, dpi=(300, 300)),
    ],
)
def test_what_needs_nothing_keeps_its_bytes(content: bytes) -> None:
    """A plain JPEG or PNG of a kind that every format holds is taken as it is."""
    read(content)
    assert read_picture(Path("a"), content)[0] == content


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_pictures_stand_upright(kind: str, number: int) -> None:
    """What a camera says about which side is up is done, for all formats alike."""
    turned = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # by Pillow's names of what undoes each: flips, and turns to the left
    expected = RGB.transpose(Image.Transpose(turned[number])) if number > 1 else RGB
    assert close(read(saved(RGB, kind, exif=orientation(number))), expected, by=16)


def without_jfif(content: bytes) -> bytes:
    return content[:2] + content[20:]


@pytest.mark.parametrize(
    ("content", "is_kept"),
    [
        (saved(RGB, "JPEG", exif=orientation(1), comment=b"Camera of a person"), True),
        (saved(RGB, "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()), True),
        (without_jfif(saved(RGB, "JPEG")), True),
        (saved(RGB, "JPEG") + b"a film, with the place of the Camera", True),
        (saved(RGB, "JPEG")[:2] + b"\xff" + saved(RGB, "JPEG")[2:], True),
        (saved(RGB, "MPO", save_all=True, append_images=[GREY.convert("RGB")]), True),
        (saved(RGB, "JPEG", keep_rgb=True), False),
    ],
)
def test_a_jpeg_is_mended_without_loss_where_it_can_be(content: bytes, is_kept: bool) -> None:
    """Word's header is added, and what tells of camera and place is left out, without a pixel changed; if that would change one, anew."""
    made = read(content)
    assert b"Camera" not in read_picture(Path("a"), content)[0]
    assert (made.tobytes() == Image.open(BytesIO(content)).tobytes()) is is_kept
    assert close(made, RGB)


def texts() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", "Camera of a person")
    return info


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (saved(RGB, "PNG", pnginfo=texts()), "PNG", RGB),
        (saved(RGB, "PNG", save_all=True, append_images=[RGB.rotate(180)]), "PNG", RGB),
        (saved(RGB, "BMP"), "PNG", RGB),
        (saved(RGB, "TIFF"), "PNG", RGB),
        (saved(RGB.convert("CMYK"), "TIFF"), "PNG", RGB),
        (saved(SHORT, "PNG"), "PNG", GREY),
        (saved(SHORT, "TIFF"), "PNG", GREY),
        (saved(GREY.convert("I"), "TIFF"), "PNG", GREY),
        (saved(GREY.convert("F"), "TIFF"), "PNG", GREY),
        (saved(INDEXED, "GIF", save_all=True, append_images=[GREY], comment=b"Camera of a person"), "PNG", INDEXED),
        (saved(RGBA, "WEBP", lossless=True, exact=True), "PNG", RGBA),
        (saved(RGB, "WEBP"), "JPEG", RGB),
        (saved(RGB, "AVIF"), "JPEG", RGB),
        (saved(RGB, "JPEG2000"), "JPEG", RGB),
        (saved(RGB.convert("CMYK"), "JPEG"), "JPEG", RGB),
    ],
)
def test_what_some_format_does_not_hold_is_converted(content: bytes, kind: str, expected: Image.Image) -> None:
    """Deep greys, colours for printing, other kinds of files and further frames become a PNG or a JPEG that looks the same."""
    made = read(content)
    assert made.format == kind
    assert close(made, expected, by=1 if kind == "PNG" else 16)
    assert made.has_transparency_data is expected.has_transparency_data
    assert b"Camera" not in read_picture(Path("a"), content)[0]


@pytest.mark.parametrize(("image", "kind"), [(RGB, "JPEG"), (RGB, "PNG"), (RGBA, "PNG"), (INDEXED, "PNG")])
def test_colours_are_those_of_the_profile(image: Image.Image, kind: str) -> None:
    """A profile that is not sRGB, as phones and cameras have one, is applied, since a PDF would not; a damaged one says nothing."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = (
        profile.replace(b"rXYZ", b"aaaa").replace(b"gXYZ", b"rXYZ").replace(b"aaaa", b"gXYZ").replace("sRGB".encode("utf-16-be"), bytes(8))
    )
    red, green, blue = image.convert("RGB").split()
    assert close(read(saved(image, kind, icc_profile=swapped)), Image.merge("RGB", (green, red, blue)), by=16)
    assert close(read(saved(image, kind, icc_profile=b"no profile")), image)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"BM",
        saved(RGB, "PNG")[:-60],
        saved(RGB, "PNG")[:30],
        saved(RGB, "PNG")[:16] + bytes(8) + saved(RGB, "PNG")[24:],
        saved(RGB, "JPEG")[:-400],
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
@pytest.mark.usefixtures("_lenient")
def test_a_picture_that_can_not_be_read_is_a_problem(content: bytes, tmp_path: Path, show: Show) -> None:
    """What is damaged, cut off or of another kind is named, with what would do; also after WeasyPrint has told Pillow to be lenient."""
    with pytest.raises(ReportsError) as error:
        read_picture(tmp_path / "a.heic", content)
    message = "can't be read as a picture: it is damaged, or of a kind that we don't know; save it as PNG or JPEG"
    assert show(error.value.problems) == [f"a.heic: {message}"]


@pytest.fixture
def _lenient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_picture_that_would_fill_the_memory_is_a_problem(side: int, tmp_path: Path, show: Show) -> None:
    """A small file may say that it is a huge picture: it is named before it is unpacked."""
    with pytest.raises(ReportsError) as error:
        read_picture(tmp_path / "a.png", saved(Image.new("1", (side, side)), "PNG"))
    assert show(error.value.problems) == ["a.png: has more than 89 million pixels, the most that we read; make it smaller"]


SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 9 9'>{}</svg>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a", [":1:1: XML syntax: syntax error"]),
        ("<svg>\n<<<<<<< HEAD\n</svg>\n>>>>>>> a\n", [f":2:1: {UNMERGED}"]),
        ("<svg>\n<g></svg>", [":2:6: XML syntax: mismatched tag"]),
        ("<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>", [":1:60: XML syntax: undefined entity &a;"]),
        ("<html/>", [": is no drawing: it begins with <html>, and not with <svg>"]),
        (SVG.format("<g><script>a()</script></g>"), [": the element <script> can't stand in a drawing"]),
        (SVG.format("<image/><image/><a/>"), [f": the element <{name}> can't stand in a drawing" for name in ("a", "image")]),
        (
            SVG.format("<set/><animateTransform/>"),
            [f": the element <{name}> can't stand in a drawing" for name in ("animateTransform", "set")],
        ),
        (SVG.format("<g onclick='a()'/>"), [": the attribute 'onclick' of <g> runs a script"]),
        (SVG.format("<g style='fill: url(http://a.example)'/>"), [": a style of <g> loads something from elsewhere"]),
        (SVG.format("<style>@import 'a.css'</style>"), [": a style of <style> loads something from elsewhere"]),
        ("<?xml version='1.0' encoding='gb2312'?><svg/>", [": declares another encoding than UTF-8; save the file as UTF-8"]),
        ("<?xml version='1.0' encoding='nosuch'?><svg/>", [": declares another encoding than UTF-8; save the file as UTF-8"]),
        (SVG.format("<use xlink:href='b.svg#a'/>"), [": the attribute 'href' of <use> leads out of the drawing: 'b.svg#a'"]),
    ],
)
def test_a_drawing_is_one_and_no_more(content: str, expected: list[str], tmp_path: Path, show: Show) -> None:
    """What is no drawing, and what in one runs, loads or links, are problems of its file, each told once."""
    with pytest.raises(ReportsError) as error:
        parse_drawing(tmp_path / "a.svg", content.encode())
    assert show(error.value.problems) == [f"a.svg{message}" for message in expected]


def test_a_drawing_may_use_its_own_parts(tmp_path: Path) -> None:
    """A colour that it defines comes from nowhere else."""
    own = "<g fill='url(#a)' style='stroke: url( \"#b\" )' aria-label='call url(x)'/>"
    font = "<style>@font-face { src: url(data:font/woff2;base64,AA) } /* url(x) */</style>"
    parse_drawing(tmp_path / "a.svg", SVG.format(own + font).encode())


@pytest.mark.parametrize(("content", "expected"), [("<g/>", False), ("<g style='fill: red'/>", True), ("<g><style/></g>", True)])
def test_styles_of_a_drawing_are_found(content: str, expected: bool) -> None:
    """A drawing may bring a style sheet, or styles of an element."""
    assert has_styles(SVG.format(content).encode()) is expected
