"""Marks that prose doesn't know, each named with what to write instead; and ordinary texts, which nobody accuses."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.marks import MAYBE_FOLDED, faults, folded_marks, stray_ids
from reports.dataset.prose import inline_tokens, words

# Texts without any mark, however much they look like one: they are printed letter by letter, in all formats.
ORDINARY = (
    *("5 < 6", "AT&T", "C# 5", "#5", "a | b", "3 * 4 * 5", "~20", "e-mail x@y.org", "[sic]", "snake_case and another_one", "100 %"),
    *("$5 bn and $6 bn", "US$5 and C$ 7", "A$5/$6", "— and –", "2 > 1", "9/10", "22. April 2010 was the day", "3) the third", "1. only"),
    *("- 5 degrees in winter", "+ 3 % in a year", "* See the note", "-5", "x^2 + y^2", "km^2", "~20/~30", "R&D; x", "<24 h>", "a<b"),
    *(
        r"C:\temp\x",
        r"\\server\share",
        "at 12:30:45",
        'He said: "no"',
        "[1], [2]",
        "[1][2]",
        "it's -- so",
        "a - b - c",
        "{{ 7 * 7 }}",
        "{a}",
    ),
    *("a=b==c", "=1+1", "#NATO @nato", "1.10", "the 90`s", "5*", "**", "a* b*", "(a) b", "https://x.example/a_b_c/~d#e?f=g&h=i", "|x|"),
    *(
        "Wow!",
        "[a] (b)",
        "a : b",
        "::",
        "A&B;",
        "&c.",
        "20 ~ 30",
        "§ 5",
        "draft~",
        "No. 5: see",
        "M2010-1",
        "50 €",
        "č ć Ђ",
        "None",
        "a\nb",
    ),
    *(
        "in the year\n1. April is in",
        "We met on\n22. April 2010",
        "a  \nb",
        "a\n\n    b",
        "<",
        "<-",
        "->",
        "=>",
        "-",
    ),
)

# What is wrong, and the text by which it is found.
HEADING = "makes a heading, which has no place in a text"
KNOWN = [
    ("# A heading", "# A heading", HEADING),
    ("a\n---", "---", "'---' below a line makes a heading of it"),
    ("a\n\n***\n\nb", "***", "makes a line across the page"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |", "begins a table"),
    ("```\na\n```", "```", "begins a block of code"),
    ("Formula `x_1`", "`x_1`", "is code"),
    ("~~struck~~", "~~", "strikes words out"),
    ("![Map](https://a.example/m.png)", "![", "is a picture"),
    ("Bosnia &amp; Herzegovina", "&amp;", "is a character as HTML writes it"),
    ("a&nbsp;b &#38; c", "&nbsp;", "is a character as HTML writes it"),
    ("<https://a.example/>", "<https://a.example/>", "write [text](https://a.example/)"),
    ("<a@b.example>", "<a@b.example>", "'<a@b.example>' prints no text; write [text](mailto:a@b.example)"),
    ("a <b>c", "<b>", "'<b>' is HTML"),
    ("<!-- a -->", "<!-- a -->", "is HTML"),
    ("no note[^1]", "[^1]", "has no note; add a paragraph '[^1]: The note.'"),
    ("a[^big note]\n\n[^big note]: b", "[^big note]", "has a blank in its name"),
    ("a[^1]\n\n[^1]: b\n\n    - c\n    - d", "- c", "a footnote has no place for a list or a quotation"),
    ("a[^1]\n\n[^1]: > b", "> b", "a footnote has no place for a list or a quotation"),
    ("a\n\n[^1]: A note", "[^1]:", "has no footnote"),
    ("a[^1]\n\n[^1]: b\n\n[^1]: c", "[^1]:", "or there are two of that name"),
    ("a[^1]\n\n[^1]: b[^1]", "[^1]", "none stands within another"),
    ("a^[c] b^[d", "^[d", "close it with ']'"),
    ("see [-@league]", "[-@league]", "leaves the source out"),
    ("see [as in -@league]", "[as in -@league]", "leaves the source out"),
    ("[@league] and [@ gazette]", "[@ gazette", "a citation looks like"),
    ("[@gazette page 3]", "[@gazette page 3", "a citation looks like"),
    ("[a]: https://a.example", "[a]: https://a.example", "is an address for a link elsewhere"),
    ("[text][label]", "[text][label]", "is a link without its address"),
    ("so $E=mc^2$ and $$x$$", "$E=mc^2$", "is mathematics"),
    ("10^6^ and H~2~O", "^6^", "is raised"),
    ("H~2~O", "~2~", "is lowered"),
    ("[text]{.class}", "{.class}", "gives a class or a name"),
    ("| a verse\n| another", "| a", "begins a table or a verse"),
    ("- [ ] open\n- [x] done", "[ ]", "makes a list of tasks"),
    ("::: note\na\n:::", "::: note", "begins a block with a class"),
    ("Term\n: what it is", ": w", "begins a definition"),
    ("the **bold** and **draft was", "**draft", "has no counterpart"),
    ("==marked==", "==marked==", "is highlighted"),
    (r"\textbf{a}", r"\textbf{", "is TeX"),
    (r"100 \% of it", r"\%", "needs no backslash"),
    ("a\\b\\\nb", "a\\b\\", "at the end of a line breaks it elsewhere"),
    (r"in C:\_old", r"\_", "loses its backslash"),
    ("2*3*4", "2*", "begins a stress within a word"),
    ("> 5 % of it", "> 5 % of it", "begins a quotation"),
    ("a\n\n>", ">", "begins a quotation"),
    ("- a\n* b", "* b", "this line is no item of the list that begins above it"),
    ("1. a\n  - b\n2. c", "- b", "this line is no item of the list that begins above it"),
    ("- a\n22. April\n- b", "22. April", "this line is no item of the list that begins above it"),
    ("#. a\n#. b", "#. a", "is numbered elsewhere"),
    ("- \n- a", "-", "is an empty item of a list"),
    (">so it is", ">so it is", "begins a quotation"),
    ("> a quotation\nthat goes on", "that goes on", "counts to the quotation above"),
    ("- a\n\n  > b\n- c", "> b", "can't stand in a list"),
    ("Points:\n\n3. the third\n4. the fourth", "3. the third", "'3.' is item 1 of a list"),
    ("1. a\n3. b\n4. c", "3. b", "'3.' is item 2 of a list"),
    ("01. a\n02. b", "01. a", "'01.' is item 1 of a list"),
    ("22. April it began\n23. April it ended", "22. April it began", r"write '22\.' for a number"),
    ("[a](ftp://b.example)", "ftp://b.example", "does not lead to the web"),
    ("[a](https://b.example/c d)", "](https://b.example/c", "write '%20' for a blank"),
    ("[a](https://b.example", "](https://b.example", "close it with ')'"),
    ("see https://a.example/_b_/c", "https://a.example/_", "begins a stress within an address"),
    ("[@league, *Title*]", "*", "the place '*Title*' in a source is no prose"),
    ('[a](https://b.example "c")', "c", "is not printed"),
    ("[](https://b.example)", "https://b.example", "has no text"),
    ("[a [@b]](https://c.example)", "](https://c.example)", "is the address of no link"),
    ("[a^[b]](https://c.example)", "^[b]", "can't stand in a link"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_no_mark(text: str) -> None:
    """A text with signs that are no marks has no problem, and all of its signs stay."""
    assert list(faults(text)) == []
    assert words(text).split() == text.split()


@pytest.mark.parametrize(("text", "within", "message"), KNOWN)
def test_a_mark_of_markdown_or_pandoc_is_named(text: str, within: str, message: str) -> None:
    """Each mark that prose doesn't know is found by what was typed, and the problem says what to write."""
    found = list(faults(text))
    assert found
    assert (found[0].within, message in found[0].message) == (within, True), found
    assert within in text


@pytest.mark.parametrize(
    "text",
    [
        "Text[^1] and more^[A *note* of [@league].].\n\n[^1]: The note, which\n    goes on.\n",
        "*a* **b** _c_ [d](https://e.example/f_g_h) [g](mailto:h@i.example) [see @league, page 1; cf. @M2010-1]",
        "> A quotation,\n> of two lines.\n>\n> And a paragraph.\n\nText.\n",
        "1. a\n2. b\n   - c\n3. d\n\nand\n\n* e\n\n* f",
        r"\* \_ \` \# \> \- \+ \| \< \& \~ \$ \^ \[^1] \[a][b] \![c](https://d.example) 22\. April \@league \:::",
    ],
)
def test_the_marks_of_prose_pass(text: str) -> None:
    """What prose knows has no problem, and a backslash makes any sign a text."""
    assert (list(faults(text)), list(stray_ids(text))) == ([], [])


def test_ids_without_brackets() -> None:
    """An id behind an '@' is found where it is in no citation, no address and no word."""
    text = (
        "As @league says, in [@gazette] and [by @courier page 3]; x@y.example, https://a.example/@b, \\@c and @M2010-1, [@a, p. 3 and @b]."
    )
    assert list(stray_ids(text)) == ["league", "courier", "M2010-1", "b"]


SIGNS = st.text(st.sampled_from("ab 19.)-+>#&;|~$^[]{}=:!/<\n"), max_size=40)


@given(SIGNS)
def test_what_is_no_mark_is_printed_as_it_is(text: str) -> None:
    """Whatever is typed has a problem, has a mark of ours, or comes out sign by sign."""
    marks = {token.type for token in inline_tokens(text)} - {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}
    if not marks:
        assert words(text).split() == text.split()
    elif marks & {"html_inline", "html_block"}:
        assert list(faults(text))


@pytest.mark.parametrize(
    ("source", "within"),
    [
        (">-\n  Points:\n  - one\n  - two", "- one"),
        ("Points\n  1. one\n  2. two", "1. one"),
        ("'They said:\n\n  > So it is.\n  > Always, for all who come.'", "> Always, for all wh"),
        (">-\n  Text[^1].\n  [^1]: The note.", "[^1]: The note."),
        (">-\n  Points:\n\n  - one that goes\n  on\n\n  - two", ""),
        ("|-\n  Points:\n  - one\n  - two\n  > so\n  [^1]: a", ""),
        (">-\n  The talks\n  - the first ones - were held on\n  22. April 2010", ""),
        ("We met on\n  22. April 2010, then on\n  23. May - or 24 - of it", ""),
    ],
)
def test_a_mark_that_yaml_has_joined_to_a_line(source: str, within: str) -> None:
    """A list, quotation or note in a text whose lines YAML joins is named at its first line; a text whose lines just break so is not."""
    text = yaml.safe_load(source)
    found = list(folded_marks(text, source)) if MAYBE_FOLDED.search(text) else []
    assert [fault.within for fault in found] == ([within] if within else [])
