"""HTML that is well-formed XML: its tree is the one that a parser of HTML makes, or there is none."""

from collections.abc import Sequence
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.renderers import wellformed
from reports.renderers.html import ELEMENTS, ON_SCREEN, _Parser, parse_html
from reports.renderers.wellformed import CONTENT, parse_wellformed

PAGE = """
<!DOCTYPE html>
<html lang="en">
<head>
  <title>A &amp; b</title><!-- c -->
  <link rel="stylesheet" href="a.css">
</head>
<body>{}</body>

</html>
"""
VOID = ("br", "col", "img", "input", "link", "meta", "wbr")
TAGS = sorted(ELEMENTS.keys() | ON_SCREEN.keys())
TEXTS = ("", " ", "\n", "a", "č\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "&lt;", "&#39;", "<!-- b -->")
ODD_TEXTS = ("&#128;", "&nbsp;", "<!-->", "<![CDATA[a]]>", "<?a?>", "</p>", "\f", ">")
ATTRIBUTES = ("", "", ' id="a"', ' class="a hidden b"', " hidden", ' title="&#39;>"')
ODD_ATTRIBUTES = (" popover hidden", ' title="a\nb"', " title='>'", " id=a", ' Id="a"', "/")


def printed(tag: str, depth: int, random: Random) -> str:
    """Return an element with others in it, *depth* levels of them, as HTML, and a text behind it: nearly always what may stand there."""

    def some(usual: Sequence[str], odd: Sequence[str]) -> str:
        return random.choice(odd if random.random() < 0.02 or not usual else usual)

    kids = [some(TEXTS, ODD_TEXTS)]
    for _ in range(random.randrange(4) if depth else 0):
        kids.append(printed(some(sorted(CONTENT.get(tag, ())), TAGS), depth - 1, random))
    within = "" if tag in VOID else "".join(kids) + f"</{tag}>"
    return f"<{tag}{some(ATTRIBUTES, ODD_ATTRIBUTES)}>{within}{some(TEXTS, ODD_TEXTS)}"


def check(text: str) -> bool:
    """Check *text* against the parser of HTML; tell whether there is a tree."""
    parser = _Parser(namespace_html_elements=False)
    expected, found = parse_html(text, parser), parse_wellformed(text)
    with pytest.MonkeyPatch.context() as patch:  # as if it was long
        patch.setattr(wellformed, "STRETCH", 1)
        stretched = parse_wellformed(text)
    assert (stretched is None) == (found is None)
    assert stretched is None or found is None or ET.tostring(stretched) == ET.tostring(found)
    if found is not None:
        assert ET.tostring(found, "unicode") == ET.tostring(expected, "unicode")
        assert [code for _, code, _ in parser.errors if "doctype" not in code] == []
    return found is not None


@given(st.randoms(use_true_random=False))
def test_a_tree_is_the_one_of_html(random: Random) -> None:
    """Whatever stands in a body: the parser of HTML has mended nothing, and its tree is the same."""
    check(PAGE.format("".join(printed(random.choice(sorted(CONTENT["body"])), 3, random) for _ in range(random.randrange(4)))))


@pytest.mark.parametrize(
    ("body", "is_plain"),
    [
        ("", True),
        ('<p>a<br>b <a href="#b" hidden>c</a></p>\n', True),
        ("<table><caption>a</caption> <tbody><tr><td><p>b</p></td></tr></tbody></table>", True),
        ("<p><em>a</p></em>", False),
        ("<p>a<div>b</div></p>", False),
        ("<p><span><div>b</div></span></p>", False),
        ("<ul><li>a<li>b</ul>", False),
        ("<ul><li>a</li></ul></li>", False),
        ('<a href="#b"><span><a href="#c">d</a></span></a>', False),
        ("<table><tr><td>a</td></tr></table>", False),
        ("<table><tbody>a</tbody></table>", False),
        ("<script>a</script>", False),
        ("<div/>", False),
        ("<p>&nbsp;</p>", False),
        ("<P>a</p>", False),
    ],
)
def test_what_html_would_mend_has_no_tree(body: str, is_plain: bool) -> None:
    """What stands where HTML closes something for it, puts it elsewhere, or reads it otherwise is left to its parser."""
    assert check(PAGE.format(body)) == is_plain


@pytest.mark.parametrize(
    "text", ["", "<p>a</p>", "<!doctype html><html><body></body></html>", PAGE.format("a").replace("!DOCTYPE", "!DOCTYPE x")]
)
def test_what_is_no_page_has_no_tree(text: str) -> None:
    """A page has a doctype, a head and a body of its own."""
    assert not check(text)


def test_what_is_equal_is_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts and values of attributes that a page has many times, in whatever stretch of it, are in memory once."""
    monkeypatch.setattr(wellformed, "STRETCH", 100)
    root = parse_wellformed(PAGE.format('\n<p class="some words">some text</p>\n some tail' * 50))
    assert root
    shared = [(one.get("class"), one.text, one.tail) for one in root.iter("p")]
    assert len(shared) == 50
    assert len({tuple(map(id, one)) for one in shared[:-1]}) == 1
