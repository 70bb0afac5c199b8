"""What can be wrong with a web page."""

import re

from tests.conformance.broken import Change
from tests.conformance.validator import Fault


def _replaced(pattern: str, replacement: str) -> Change:
    """Return what replaces the first *pattern* on a page, and takes out its tables' rows: axe-core needs seconds for hundreds of them."""

    def put(content: bytes) -> bytes:
        broken = re.sub(pattern.encode(), replacement.encode(), content, count=1)
        return content if broken == content else re.sub(rb"<tbody.*?</tbody>", b"", broken, flags=re.DOTALL)

    return put


ACCESSIBLE = (
    Fault("no language", _replaced('<html lang="[^"]*"', "<html"), "^html-has-lang"),
    Fault("a field without a label", _replaced('<label for="[^"]*"', "<label"), "^select-name"),
    Fault("a drawing without alternative text", _replaced('role="img" aria-label="[^"]*"', 'role="img"'), "^role-img-alt"),
    Fault("pale text", _replaced("<h1>", '<h1 style="color: #ccc">'), "^color-contrast"),
    Fault("text wider than the window", _replaced("<h1>", '<h1 style="width: 200rem">'), "scrolls sideways"),
    Fault("a picture from elsewhere", _replaced("<h1>", '<img src="elsewhere.png" alt="a"><h1>'), "^asks for .*elsewhere"),
    Fault("a script that fails", _replaced("</body>", "<script>nothing()</script></body>"), "^the script fails: nothing is not defined"),
)
