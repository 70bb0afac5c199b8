"""Prose that came back as plain text: the words that changed are changed in the Markdown, and nothing else is."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.load import load_dataset
from reports.dataset.prose import Citation, citations, words
from reports.dataset.references import Markdown, walk
from reports.documents.document import load_documents
from reports.documents.view import make_view
from reports.proposals.prose import dropped_citations, respliced
from reports.renderers.prose import Prose
from tests.conftest import PROJECT

NUMBERS = {"nato-2017": "[1]", "un": "[2]"}


def cite(cited: Sequence[Citation]) -> str:
    if any(citation.prefix for citation in cited):
        return f"({', '.join(f'{citation.prefix} {NUMBERS.get(citation.id, citation.id)}' for citation in cited)})"
    return "".join(NUMBERS.get(citation.id, f"({citation.id})") for citation in cited)


def plain(text: str) -> str:
    """Return *text* as a register prints it."""
    return " ".join(words(text, cite, gap=" ").split())


def bare(text: str) -> str:
    """Return *text* without its citations."""
    return " ".join(words(text).split())


SOURCE = r"""BiH *never* joined in **May 2010** [@nato-2017, Milestones, May]; see
[the page of NATO](https://www.nato.int/a_(b)) [see @un, p. 3].[^n]
It was a \*star\* in [@M2010-1]
the night [@nato-2017; @un].

1. First item [@un]
2. Second *item here* too

- a bullet
- another [@M2010-1] bullet

> A quotation of it

Last paragraph.

[^n]: The note *says* it."""


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("never", "always", "*never*", "*always*"),
        (" never", "", " *never*", ""),
        ("(see [2])", "(see [2]) It left *now*.", "p. 3]", r"p. 3] It left \*now\*."),
        ("item here", "here", "*item here*", "*here*"),
        ("here too", "too", "item here*", "item*"),
        ("never joined", "did not join", "*never* joined", "did not join"),
        ("BiH never", "Never", "BiH *never*", "Never"),
        ("in May 2010", "on a day", "in **May 2010**", "on a day"),
        ("joined in May", "came by May", "joined in **May", "came by **May"),
        ("the page", "a page", "the page", "a page"),
        (" the page of NATO", "", "[the page of NATO](https://www.nato.int/a_(b)) ", ""),
        ("of NATO (see [2])", "(see [2])", " of NATO]", "]"),
        ("the night [1][2]", "the day [1][2]", "the night [", "the day ["),
        ("note says", "note denies", "*says*", "*denies*"),
        ("*star*", "*sun*", r"\*star\*", r"\*sun\*"),
        ("*star*", "star", r"\*star\*", "star"),
        ("Second item here too", "Second thing", "Second *item here* too", "Second thing"),
        ("Second item", "2. Second item", "Second *item", "2. Second *item"),
        ("here too", "here [sic] @un *x* a_b_c", "here* too", r"here* \[sic\] \@un \*x\* a\_b\_c"),
        (" a bullet another (M2010-1) bullet", "", "- a bullet\n- another [@M2010-1] bullet\n\n", ""),
        (" A quotation of it", "", "> A quotation of it\n\n", ""),
        (" Last paragraph.", "", "Last paragraph.\n\n", ""),
        ("Last", "The very last", "Last", "The very last"),
        ("BiH never", "Today BiH never", "BiH *never*", "Today BiH *never*"),
        ("joined in", "joined, in", "joined in", "joined, in"),
        ("it Last", "it. Last", "of it\n", "of it.\n"),
        (" [1]; see", "; see", " [@nato-2017, Milestones, May]; see", "; see"),
        ("May 2010 [1]", "June", "**May 2010** [@nato-2017, Milestones, May]", "June"),
        (" [The note says it.]", "", "[^n]", ""),
    ],
)
def test_the_words_that_changed_are_changed_in_the_markdown(old: str, new: str, before: str, after: str) -> None:
    """Emphasis, links, citations, footnotes and lists stay where they are; a mark for which no words are left goes with them."""
    issued = plain(SOURCE)
    assert issued.count(old) >= 1
    expected = SOURCE.replace(before, after, 1)
    if before == "[^n]":
        expected = expected.replace("\n\n[^n]: The note *says* it.", "")
    assert respliced(SOURCE, issued, issued.replace(old, new, 1), plain) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[1]", "[7]"),
        ("(see [2])", "(see [2]"),
        ("(see [2])", "(cf. [2])"),
        ("(M2010-1)", "(M2010-2)"),
        ("1. First", "2. First"),
        (" a bullet", ""),
    ],
)
def test_a_person_decides_what_is_unclear(old: str, new: str) -> None:
    """A citation or a number that was edited, and a list of which too little is left, give nothing."""
    issued = plain(SOURCE)
    assert old in issued
    assert respliced(SOURCE, issued, issued.replace(old, new, 1), plain) is None


@pytest.mark.parametrize(
    ("source", "returned", "expected"),
    [
        ("*a b* c d", "a d", "*a* d"),
        ("a b *c d*", "a x d", "a x *d*"),
        ("a **x *b* c** d", "a c d", "a **c** d"),
        ("a [b c](https://x.example) d", "a c d", "a [c](https://x.example) d"),
        ("a [b c](https://x.example) d", "a b d", "a [b](https://x.example) d"),
        ("*a* b", "b", "b"),
    ],
)
def test_marks_stay_with_the_words_that_stay(source: str, returned: str, expected: str) -> None:
    """Of two marks of which one stands among what was taken out, neither is left alone."""
    assert respliced(source, plain(source), returned, plain) == expected


def test_a_citation_that_prints_nothing_stays() -> None:
    """It stays beside other words, and goes with the words around it."""
    text = "It joined in May [@un, p. 1] and left [@nato-2017]."
    assert respliced(text, bare(text), "It joined in June and left.", bare) == "It joined in June [@un, p. 1] and left [@nato-2017]."
    assert respliced(text, bare(text), "It came at once.", bare) == "It came at once [@un, p. 1] [@nato-2017]."
    assert respliced(text, bare(text), "It left.", bare) == "It left [@nato-2017]."
    assert respliced(text, "It joined in May.", "It left.", bare) is None


def test_what_citations_were_dropped() -> None:
    """Each id as often as it is cited less, once."""
    assert dropped_citations("a [@un; @nato-2017] b [@un] [@M2010-1]", "a [@un] b [@M2010-1]") == ("un", "nato-2017")
    assert dropped_citations("a [@un]", "b [@un] [@un]") == ()


def edited(text: str, choice: st.DataObject) -> str:
    """Return *text* with words replaced, taken out and put in, at one or two places."""
    found = text.split()
    for _ in range(choice.draw(st.integers(1, 2))):
        place = choice.draw(st.integers(0, len(found)))
        gone = choice.draw(st.integers(0, 3))
        found[place : place + gone] = choice.draw(
            st.lists(st.sampled_from(["new", "č,", "the", "*", "[x]", "@un", "a_b_c", "1.", "-", "<i>", "# x", r"\*", "(a)"]), max_size=3)
        )
    return " ".join(found)


WORD = st.sampled_from(["NATO’s", "the", "map,", "a", "č.", "(of", "it)", "x–y", "1.10", "“so”", r"\*"])
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
INLINE = st.one_of(
    PHRASE,
    PHRASE.map("*{}*".format),
    PHRASE.map("**{}**".format),
    PHRASE.map("[{}](https://a.example/b_(c))".format),
    st.sampled_from(["[@un]", "[@nato-2017, p. 1; @M2010-1]", "[see @un, opening]", "^[A *note* of it.]", "[^1]"]),
)
LINES = st.lists(INLINE, min_size=1, max_size=6).map(" ".join)
BLOCK = st.one_of(
    LINES,
    st.tuples(LINES, LINES).map("\n".join),
    st.lists(LINES, min_size=2, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(LINES, min_size=2, max_size=3).map(lambda items: "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))),
    LINES.map("> a {}".format),
)
MARKDOWN = st.lists(BLOCK, min_size=1, max_size=4).map(lambda blocks: "\n\n".join([*blocks, "[^1]: Noted *here* [@un]."]))


@given(source=MARKDOWN, print_=st.sampled_from([plain, bare]), choice=st.data())
def test_what_is_returned_is_what_is_printed(source: str, print_: object, choice: st.DataObject) -> None:
    """Whatever was edited in whatever Markdown, the result prints what came back, or a person is asked; unchanged, it is the same."""
    make = plain if print_ is plain else bare
    issued = make(source)
    returned = edited(issued, choice)
    result = respliced(source, issued, returned, make)
    assert result is None or "".join(make(result).split()) == "".join(returned.split())
    assert respliced(source, issued, issued, make) == source


def test_words_edited_in_the_real_data_find_their_places() -> None:
    """A word replaced, some put in, some taken out, in each prose of the data: nearly all are found, and what is put in moves nothing."""
    dataset = load_dataset(PROJECT / "data")
    document = next(document for document in load_documents(PROJECT / "templates") if document.name == "Milestone register")
    prose = Prose(make_view(dataset, document, dataset.about.language))
    texts = [text for _, record in dataset.entries_of(object) for _, text, mark in walk(record) if isinstance(mark, Markdown)]  # type: ignore[type-var,arg-type]
    assert len(texts) > 300
    assert any(citations(text) for text in texts)
    found = 0
    for number, text in enumerate(texts):
        issued = prose.plain(text).split()
        place = number * 7 % len(issued)
        for gone, new in ((1, ["changed"]), (0, ["put", "in"]), (2, []), (3, ["[sic],", "*so*"])):
            returned = " ".join([*issued[:place], *new, *issued[place + gone :]])
            result = respliced(text, " ".join(issued), returned, prose.plain)
            found += result is not None
            if result is not None:
                assert prose.plain(result) == returned
            if result is not None and not gone:
                codes = SequenceMatcher(None, text, result, autojunk=False).get_opcodes()
                assert {code[0] for code in codes} == {"equal", "insert"}
    assert found >= 0.98 * 4 * len(texts)
