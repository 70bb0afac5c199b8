"""What a piece holds: its own part of the page, and of the rest as much as its styles can see."""

import pytest

from reports.renderers.html import parse_html
from reports.renderers.pdf.pieces import PLACE, Cutter, Piece

ROWS = "".join(f"<tr id='r{number}'><td>row {number}</td></tr>" for number in range(60))
HEAD = "<colgroup><col></colgroup><thead><tr><th scope='col'>{head}</th></tr></thead>"
TABLE = f"<table><caption>C</caption>{HEAD}<tbody>{ROWS}</tbody></table>"
PAGE = f"""<html lang="en"><head><title>T</title></head><body class="all"><h1>Title</h1><main>
<section id="one"><p>first</p></section> between
<section id="two" class="new-page wide"><h2>Two</h2><div id="box">{TABLE}</div><p>end</p></section>
<section id="three"><ol><li class="new-page">x</li></ol></section>
<section id="four" class="new-page"><p>last</p></section></main></body></html>"""


@pytest.fixture
def cutter() -> Cutter:
    return Cutter(parse_html(PAGE.format(head="Head")))


def ids(piece: Piece, place: str | None = None) -> list[str]:
    """Return the ids, or else the names, of the elements in *piece* that are there in that place."""
    return [element.get("id") or element.tag for element in piece.root.iter() if element.get(PLACE) == place]


def test_a_part_begins_where_the_template_says(cutter: Cutter) -> None:
    """Each block of the class `new-page` begins one, and the page itself; an item of a numbered list, which counts, does not."""
    assert [None if first is None else first.get("id") for first in cutter.firsts] == [None, "two", "four"]


def test_what_is_beside_a_piece_is_there_empty(cutter: Cutter) -> None:
    """What it stands in is around it, what is beside it is emptied: hidden, or on the pages before and behind, which are thrown away."""
    piece = cutter.cut(1, None, 100_000)
    text = "".join(piece.root.itertext())
    assert [word for word in ("Title", "first", "between", "last") if word in text] == []
    assert [word for word in ("Two", "row 0", "row 59", "end") if word not in text] == []
    assert (ids(piece, "first"), ids(piece, "behind")) == (["two"], ["section"])
    assert ids(piece, "before") == ["section"]
    assert [element.tag for element in piece.root.iter() if element.get(PLACE) == "away"] == ["h1"]
    assert (piece.is_last, piece.first is not None, piece.behind is not None) == (True, True, True)
    assert [element.tag for element in cutter.shared(cutter.firsts[1], cutter.firsts[2])] == ["html", "body", "main"]


def test_a_piece_that_goes_on_within_a_table_has_its_head(cutter: Cutter) -> None:
    """It has the columns, the head, which is told already, and the row before; of the other rows, those that are near, by dozens."""
    start = next(number for number, element in enumerate(cutter.starts[1]) if element.get("id") == "r30")
    piece = cutter.cut(1, start, 60)
    rows = [row.get("id") or row.get(PLACE) for body in piece.root.iter("tbody") for row in body]
    assert rows[rows.index("r30") - 1] == "r29"
    assert rows[: rows.index("r29")] == ["away"] * 17  # 29 less 12, which :nth-child(2n), (3n) and (4n) do not see
    assert [element.tag for element in piece.told] == ["colgroup", "thead"]
    assert "Head" in "".join(piece.root.itertext())
    assert "end" not in "".join(piece.root.itertext())
    assert not piece.is_last
    assert len([row for row in rows if row == "away"]) < 17 + 25


def test_a_head_with_a_link_keeps_its_table_whole() -> None:
    """Its link has a place on each page, and all of them are one link's."""
    cutter = Cutter(parse_html(PAGE.format(head="<a href='#one'>Head</a>")))
    assert [element.get("id") for element in cutter.starts[1] if (element.get("id") or "").startswith("r")] == []


def test_letters_are_counted_up_to_the_end_of_a_part(cutter: Cutter) -> None:
    """A piece has as many letters as it is asked for, or what is left if that is little more."""
    whole = cutter.letters(1, None)
    assert sum(cutter.letters(part, None) for part in range(3)) >= len("".join(cutter.root.itertext()))
    assert cutter.letters(1, None) > cutter.letters(0, None) > cutter.letters(2, None) > 0
    assert cutter.cut(1, None, whole).is_last
    assert cutter.cut(1, None, whole * 9 // 10).is_last
    assert not cutter.cut(1, None, whole // 2).is_last
