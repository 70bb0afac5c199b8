"""Text -> QR code, as SVG or PNG, by segno: an address that a telephone reads from paper (ISO/IEC 18004)."""

from io import BytesIO

import segno

SCHEME = "qr:"
DOTS = 12  # of a PNG, to a module: more than 300 to the inch where a code is two centimetres wide


def draw(text: str, colour: str, is_png: bool) -> bytes:
    """Return the code of *text* in *colour*, with the empty border that readers need, as a PNG or as an SVG without a size of its own."""
    code, drawn = segno.make(text, error="m", micro=False), BytesIO()
    if is_png:
        code.save(drawn, kind="png", dark=colour, scale=DOTS)
    else:
        code.save(drawn, kind="svg", dark=colour, xmldecl=False, svgclass=None, lineclass=None, omitsize=True, nl=False)
    return drawn.getvalue()
