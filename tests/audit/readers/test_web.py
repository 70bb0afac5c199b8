"""What a web page conceals."""

import pytest

from tests.audit.conftest import Tamper


@pytest.mark.parametrize("attribute", ["hidden", 'style="display: none"'])
def test_a_hidden_row_is_seen(attribute: str, tamper: Tamper) -> None:
    """A row that the page itself hides is told."""
    assert tamper("paper.html", 'id="M2012-1"', f'id="M2012-1" {attribute}') == ["#M2012-1 is hidden"]


ROW = "tr[id=M2012-1]"


@pytest.mark.parametrize(
    ("rule", "how"),
    [
        ("#M2012-1 { display: none }", "display: none"),
        ("#M2012-1 { DISPLAY: None !important }", "display: none"),
        (f"@media (min-width: 1px) {{ {ROW} {{ color: red; visibility: Hidden !important }} }}", "visibility: hidden"),
        (f"@media screen, print {{ {ROW} {{ display: none }} }}", "display: none"),
        (f"tbody {{ {ROW} {{ display: none }} }}", "display: none"),
        (f"table {{ & {ROW} {{ display: none }} }}", "display: none"),
        (f"tbody {{ > {ROW} {{ @media (min-width: 1px) {{ display: none }} }} }}", "display: none"),
        (f"{ROW} {{ opacity: 0.0 }}", "opacity: 0.0"),
        (f"{ROW} {{ opacity: 1% }}", "opacity: 1%"),
        (f"{ROW} {{ content-visibility: hidden }}", "content-visibility: hidden"),
        (f"{ROW} {{ font-size: 1px }}", "font-size: 1px"),
        (f"{ROW} {{ font-size: 0 }}", "font-size: 0"),
        (f"{ROW} {{ font: 0/0 a }}", "font: 0/0 a"),
        (f"{ROW} {{ text-indent: -9999px }}", "text-indent: -9999px"),
        (f"{ROW} {{ position: absolute; left: -100vw }}", "left: -100vw"),
        (f"{ROW} {{ clip-path: inset(100%) }}", "clip-path: inset(100%)"),
        (f"{ROW} {{ transform: scale(0.01) }}", "transform: scale(0.01)"),
        (f"{ROW} {{ transform: translateX(-9999px) }}", "transform: translatex(-9999px)"),
        (f"{ROW} {{ height: 0; overflow: hidden }}", "height: 0"),
    ],
)
def test_what_a_style_of_the_page_hides_is_seen(rule: str, how: str, tamper: Tamper) -> None:
    """A rule in the page's own styles that hides a text on a screen is told, with the element that it hides."""
    found = tamper("paper.html", "<body>", f"<style>{rule}</style><body>")
    assert found == [f"#M2012-1 is hidden by the page's styles ({how})"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (f"{ROW} {{ color: transparent }}", "is written in white on white"),
        (f"{ROW} {{ color: rgba(0, 0, 0, 0.01) }}", "is written in #FCFCFC on white"),
        (f"{ROW} {{ color: #fff }}", "is written in white on white"),
        (f":root {{ --paper: #fff }} {ROW} {{ color: var(--paper) }}", "is written in white on white"),
        (f"body {{ background: #12355b }} {ROW} {{ color: #12355b }}", "is written in #12355B on #12355B"),
    ],
)
def test_a_text_in_the_colour_of_its_ground_is_seen(rule: str, why: str, tamper: Tamper) -> None:
    """A colour that does not stand out from what is behind the text, whatever sets that, is told."""
    assert tamper("paper.html", "<body>", f"<style>{rule}</style><body>") == [f"#M2012-1 {why} by the page's styles"]


def test_each_element_that_a_rule_hides_is_told(tamper: Tamper) -> None:
    """A rule about several elements hides each of them."""
    found = tamper("paper.html", "<body>", "<style>#M2012-1 > td, #M2012-1 > th { font-size: 0px }</style><body>")
    assert [one.partition("'")[0] for one in found] == ["<th> ", "<td> ", "<td> "]


@pytest.mark.parametrize(
    "rule",
    [
        f"@media print {{ {ROW} {{ display: none }} }}",
        f"@media print and (min-width: 10cm), only print {{ {ROW} {{ display: none }} }}",
        f"@media not screen {{ {ROW} {{ display: none }} }}",
        f"{ROW} {{ display: table-row; font-size: 0.9em }} {ROW}::before {{ display: none }} a:hover:is( {{ display: none }}",
        f"{ROW} {{ position: absolute; left: -999rem }} {ROW}:focus {{ left: 0 }}",
        f"{ROW} {{ clip-path: inset(50%) }} @media (min-width: 44rem) {{ {ROW} {{ clip-path: none }} }}",
        f"{ROW} {{ text-indent: -2em; margin-left: -10px; opacity: 0.5; height: 0 }}",
        f"{ROW} {{ color: #fff; background: #12355b }}",
        f"tbody {{ background: linear-gradient(red, blue) }} {ROW} {{ color: #fff }}",
        f":root {{ --ink: #000; --paper: #fff }} @media (prefers-color-scheme: dark) {{ :root {{ --ink: #fff; --paper: #000 }} }}"
        f"{ROW} {{ color: var(--ink); background: var(--paper) }}",
        f"{ROW} {{ color: inherit }} {ROW} {{ color: color-mix(in srgb, red, blue) }}",
    ],
)
def test_what_a_style_does_not_hide_is_passed_over(rule: str, tamper: Tamper) -> None:
    """Paper, the keyboard, wide screens and the dark have looks of their own, and light letters stand on dark ground."""
    assert tamper("paper.html", "<body>", f"<style>{rule}</style><body>") == []


def test_styles_for_paper_are_passed_over(tamper: Tamper) -> None:
    """What a whole style sheet for paper hides is there on a screen."""
    assert tamper("paper.html", "<body>", f'<style media="print and (color)">{ROW} {{ display: none }}</style><body>') == []


@pytest.mark.parametrize("style", ["font-size:0", "color: #fff", "text-indent: -999em"])
def test_a_row_that_hides_itself_otherwise_is_seen(style: str, tamper: Tamper) -> None:
    """Letters without size, without colour or without place are as good as hidden."""
    (message,) = tamper("paper.html", 'id="M2012-1"', f'id="M2012-1" style="{style}"')
    assert message.startswith("#M2012-1 is ")


def test_styles_from_elsewhere_are_told(tamper: Tamper) -> None:
    """Whoever owns an address may hide what the page says, at any time."""
    link = '<link rel="stylesheet" href="https://looks.example/a.css">'
    assert tamper("paper.html", "<body>", f"{link}<body>") == [
        "the page takes styles from 'https://looks.example/a.css', which are not read here"
    ]
