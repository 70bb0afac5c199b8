"""The Markdown of prose: citations and what is around them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.prose import DEEPEST_ITEM, Citation, citations, inline_tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No citation, an address a@b.example and @nobody. Not one: [@ a], [a@b], [@a b], [-@a], [see -@a], [*a* @b].", []),
        (
            "With words before it [see @nato-2017, p. 3; cf. also\n@M2010-1].",
            [Citation("nato-2017", "p. 3", "see"), Citation("M2010-1", None, "cf. also")],
        ),
        (
            "[A link to @b](https://a.example), [@a](no link) and a note^[as @a says [@b]].[^c]\n\n[^c]: Also [@d].",
            [Citation("a"), Citation("b"), Citation("d")],
        ),
        ("A place [@nato-2017, Milestones, April 2010].", [Citation("nato-2017", "Milestones, April 2010")]),
        ("Two [@nato-2017, p. 3; @M2010-1].", [Citation("nato-2017", "p. 3"), Citation("M2010-1")]),
        ("Over a\nline [@nato-2017,\n  point 3].", [Citation("nato-2017", "point 3")]),
        ("- in a list [@a]\n- and *again [@b]*", [Citation("a"), Citation("b")]),
    ],
)
def test_what_a_text_cites(text: str, expected: list[Citation]) -> None:
    """Citations come in the order of the text, each with its place; what only looks like one is none."""
    assert list(citations(text)) == expected


IDS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*|M[0-9]{4}-[1-9]", fullmatch=True)
WORDS = st.text(st.characters(categories=["L", "N"], max_codepoint=0x4FF), min_size=1, max_size=8)


@given(st.lists(st.tuples(IDS, st.none() | WORDS), min_size=1, max_size=4), WORDS, WORDS)
def test_every_citation_that_is_written_is_read(cited: list[tuple[str, str | None]], before: str, after: str) -> None:
    """Any ids with or without places, between any words, are read as they were written."""
    marks = "; ".join(f"@{identifier}" + (f", {place}" if place else "") for identifier, place in cited)
    assert list(citations(f"{before} [{marks}] {after}")) == [Citation(*pair) for pair in cited]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("*a*", ["em_open", "text", "em_close"]),
        ("**a**", ["strong_open", "text", "strong_close"]),
        ("[a](https://b)", ["link_open", "text", "link_close"]),
        ("a <b>", ["text", "html_inline"]),
        ("<b>", ["html_block"]),
        ("> a", ["blockquote_open", "text", "blockquote_close"]),
        ("a[^b]\n[^b]: c", ["text", "footnote", "text"]),
        ("a^[*c*]", ["text", "footnote", "em_open", "text", "em_close"]),
        *((text, ["text"]) for text in ("[^b]", "22. a", "- a", "+ a", r"\\a", r"C:\a")),
        ("- a\n- b", ["bullet_list_open", *["list_item_open", "text", "list_item_close"] * 2, "bullet_list_close"]),
        ("- a\n  - b", ["bullet_list_open", "list_item_open", "text"] * 2 + ["list_item_close", "bullet_list_close"] * 2),
        *((text, ["text"]) for text in ("# a", "`a`", "&amp;", "<24 h>", "1.10")),
    ],
)
def test_the_markdown_is_small(text: str, types: list[str]) -> None:
    """Emphasis, links, quotations and footnotes are read, HTML is seen, and everything else is text."""
    around = ("paragraph_open", "inline", "paragraph_close")
    assert [token.type for token in inline_tokens(text) if token.type not in around and (token.content or token.type != "text")] == types


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalpha())


@given(st.text() | st.text(st.sampled_from('abc -*_[]()@;,\n\t1.<>!#`~\\&:/"^'), max_size=80), st.integers(0, 15))
def test_no_letter_is_lost(text: str, depth: int) -> None:
    """Every letter of a text stands in one of its tokens or in the address of a link, unless a list is deeper than is allowed."""
    tokens = list(inline_tokens("- " * depth + text))
    if any(token.type == "list_item_open" and token.level > DEEPEST_ITEM for token in tokens):
        return
    held = [token.content for token in tokens if token.type not in ("inline", "footnote")]
    held += [token.info for token in tokens if token.type == "footnote"]
    held += [str(value) for token in tokens for value in token.attrs.values()]
    assert letters("".join(held)) == letters(text)


def test_the_words_of_a_text() -> None:
    """A figure shows a text without its citations and its markup."""
    assert words("Invited in 2008 [@league, page 1]; met in 2009 [@gazette; @M2009-1].") == "Invited in 2008; met in 2009."
    assert words("A *step*\nforward [@league]") == "A step forward"
    assert (words("1 \\* 2"), words("[@league]")) == ("1 * 2", "")


def test_a_date_that_ends_in_a_full_stop_ends_its_sentence() -> None:
    """Without its citation, a date with a full stop of its own has no second one behind it; all others stay, and with it, this one too."""
    assert words("U junu 2010. [@M2010-1]. Zatim 2011.[@league].") == "U junu 2010. Zatim 2011."
    assert words("In 2010 [@M2010-1]. Bis 1. [@league]; in 3. [@league]... v. [@league].") == "In 2010. Bis 1.; in 3.... v.."
    assert words("U junu 2010. [@league]. Zatim [@x].", lambda cited: f"[{cited[0].id}]") == "U junu 2010.[league]. Zatim[x]."
    assert words("U junu 2010. [@league]. Zatim.", lambda cited: "[1]", stops=False) == "U junu 2010.[1] Zatim."
    assert [cited.id for cited in citations("2010. [@M2010-1]. [@league].")] == ["M2010-1", "league"]


def test_the_words_of_lists_quotations_and_notes() -> None:
    """Numbers stand before their items, notes behind what they belong to, both only if they are wanted; signs keep their place."""
    text = "Two^[Or *three* [@league].]:\n\n1. one[^a]\n2. two\n\n> So it is.\n\n[^a]: At\n  least.\n\n    And more.\n"
    assert words(text) == "Two [Or three.]: 1. one [At least. And more.] 2. two So it is."
    assert words(text, notes=False) == "Two: 1. one 2. two So it is."
    assert words(text, numbers=False, notes=False) == "Two: one two So it is."
    assert words("Seen [@a] and[@b].", lambda cited: f"({cited[0].id})", gap=" ") == "Seen (a) and(b)."


def test_notes_find_their_footnotes() -> None:
    """A note belongs to its footnotes by its name, in any order; a name without a note, or a note without a name, is text."""
    assert words("a[^1] b[^1] c[^2]\n\n[^2]: two\n[^1]: one") == "a [one] b [one] c [two]"
    assert words("a[^1]\n\n[^2]: two") == "a[^1] [^2]: two"
    assert words("a[^1]\n\n[^1]: one\n\n[^1]: again") == "a [one] [^1]: again"
    assert words("a[^1]\n\n[^1]: one[^1] ^[two]") == "a [one[^1] ^[two]]"
