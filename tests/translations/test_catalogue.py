"""Catalogues: what is read, drawn anew, and written."""

from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dataset.dataset import Dataset
from reports.errors import ReportsError
from reports.translations.catalogue import Catalogue, draw, is_usable, read_catalogue
from reports.translations.texts import Text, texts
from tests.conftest import Show

PO = Path("bs.po")


def drawn(*values: tuple[str, str], before: Catalogue | None = None) -> Catalogue:
    """Return the catalogue of texts, each given by its context and its words."""
    return draw(PO, "bs", [(Text(context, value, True), "a.yaml") for context, value in values], before)


def filled(catalogue: Catalogue) -> Catalogue:
    """Return *catalogue* with a translation of each text that has none."""
    for message in catalogue.file:
        message.msgstr = message.msgstr or f"bs: {message.msgid}"
    return catalogue


def shown(catalogue: Catalogue) -> list[tuple[str, str, str, str]]:
    """Return of each message its context, its text, its translation, and what is said of it."""
    said = [
        ("~" if message.obsolete else "") + ",".join(message.flags) + (f" of {message.previous_msgid}" if message.previous_msgid else "")
        for message in catalogue.file
    ]
    return [(message.msgctxt, message.msgid, message.msgstr, word) for message, word in zip(catalogue.file, said, strict=True)]


def test_the_same_text_keeps_its_translation() -> None:
    """Nothing is asked twice, wherever a text stands now, and however its lines are broken."""
    before = filled(drawn(("a/text", "One two"), ("b/text", "Three")))
    after = drawn(("b/text", "Three"), ("a/text", "One\ntwo"), before=before)
    assert shown(after) == [("b/text", "Three", "bs: Three", ""), ("a/text", "One\ntwo", "bs: One two", "")]


def test_a_changed_text_keeps_the_old_translation_as_fuzzy() -> None:
    """It is not used, and says of which text it is; a second change still says so, and the text of old makes it right again."""
    before = filled(drawn(("a/text", "Old"), ("b/text", "Other")))
    changed = drawn(("a/text", "New"), ("b/text", "Other"), before=before)
    assert shown(changed) == [("a/text", "New", "bs: Old", "fuzzy of Old"), ("b/text", "Other", "bs: Other", "")]
    again = drawn(("a/text", "Newer"), ("b/text", "Other"), before=changed)
    assert shown(again)[0] == ("a/text", "Newer", "bs: Old", "fuzzy of Old")
    assert shown(drawn(("a/text", "Old"), before=again))[0] == ("a/text", "Old", "bs: Old", "")


def test_what_a_person_marked_as_fuzzy_stays_so() -> None:
    """Only a mark that a change of the text has set goes when the text comes back."""
    before = filled(drawn(("a/text", "Old")))
    before.file[0].flags.append("fuzzy")
    assert shown(drawn(("a/text", "Old"), before=before)) == [("a/text", "Old", "bs: Old", "fuzzy")]


def test_a_new_text_has_no_translation() -> None:
    """Not that of equal words elsewhere: what is said of another record may need other words."""
    after = drawn(("a/text", "One"), ("b/text", "One"), before=filled(drawn(("a/text", "One"))))
    assert shown(after)[1] == ("b/text", "One", "", "")


def test_what_is_gone_comes_back_with_its_text() -> None:
    """A translation whose text is gone is kept, and nothing else is; it comes back when the text does."""
    before = filled(drawn(("a/text", "One"), ("b/text", "Two")))
    gone = drawn(("a/text", "One"), ("c/text", "New"), before=before)
    assert shown(gone)[-1] == ("b/text", "Two", "bs: Two", "~")
    assert shown(drawn(("a/text", "One"), before=gone))[1:] == [("b/text", "Two", "bs: Two", "~")]
    assert shown(drawn(("b/text", "Two"), before=gone))[0] == ("b/text", "Two", "bs: Two", "")


def test_an_obsolete_translation_stands_with_the_text_that_it_renders() -> None:
    """What was fuzzy when its text went was right for the text before."""
    before = drawn(("a/text", "New"), before=filled(drawn(("a/text", "Old"))))
    assert shown(drawn(before=before)) == [("a/text", "Old", "bs: Old", "~")]


def test_a_text_that_moves_within_its_record_takes_its_translation_along() -> None:
    """A key point goes by its place in the list: one put before it, or taken out, makes no translation fuzzy."""
    before = filled(drawn(("about/key_points/1", "One"), ("about/key_points/2", "Two"), ("about/key_points/3", "Three")))
    after = drawn(("about/key_points/1", "Zero"), ("about/key_points/2", "One"), ("about/key_points/3", "Three"), before=before)
    assert shown(after) == [
        ("about/key_points/1", "Zero", "", ""),
        ("about/key_points/2", "One", "bs: One", ""),
        ("about/key_points/3", "Three", "bs: Three", ""),
        ("about/key_points/2", "Two", "bs: Two", "~"),
    ]


def test_a_place_in_a_source_is_never_fuzzy() -> None:
    """Places share a context, so another one is new."""
    after = drawn(("locator", "page 8"), before=filled(drawn(("locator", "page 7"))))
    assert shown(after) == [("locator", "page 8", "", ""), ("locator", "page 7", "bs: page 7", "~")]


WORDS = st.text(st.sampled_from('ab č\n"\\%#~|Ж\u00a0'), min_size=1, max_size=90).filter(lambda text: text.strip())


@given(st.lists(WORDS, min_size=1, max_size=12), st.data())
def test_exactly_the_edited_texts_become_fuzzy(values: list[str], data: st.DataObject) -> None:
    """Whatever is edited, every other text keeps its own translation; and each file is read as it was written."""
    before = filled(drawn(*((f"r{number}/text", value) for number, value in enumerate(values))))
    edited = data.draw(st.sets(st.integers(0, len(values) - 1)))
    order = data.draw(st.permutations(range(len(values))))
    now = {number: f"{values[number]} edited" if number in edited else values[number] for number in order}
    after = drawn(*((f"r{number}/text", value) for number, value in now.items()), before=before)
    assert {message.msgctxt for message in after.file if "fuzzy" in message.flags} == {f"r{number}/text" for number in edited}
    for message, number in zip(after.file, order, strict=True):
        assert (message.msgctxt, message.msgid, message.msgstr) == (f"r{number}/text", now[number], f"bs: {values[number]}")
        assert is_usable(message) == (number not in edited)
    read = polib.pofile(after.to_bytes().decode())
    assert [(message.msgctxt, message.msgid, message.msgstr, message.previous_msgid) for message in read] == [
        (message.msgctxt, message.msgid, message.msgstr, message.previous_msgid) for message in after.file
    ]


def test_the_same_texts_give_the_same_bytes(tiny: Dataset, tmp_path: Path) -> None:
    """A catalogue that is drawn again, unchanged, is the same file; what people wrote into its head and beside its messages stays."""
    path = tmp_path / "bs.po"
    catalogue = filled(draw(path, "bs", texts(tiny, "bs").values()))
    catalogue.file.metadata["X-State-Of-Review"] = "read by a second person"
    catalogue.file[3].tcomment = "as the Gazette has it"
    path.write_bytes(catalogue.to_bytes())
    again = draw(path, "bs", texts(tiny, "bs").values(), read_catalogue(path, tmp_path, "bs"))
    assert again.to_bytes() == path.read_bytes()
    text = path.read_text("utf-8")
    assert "X-State-Of-Review: read by a second person" in text
    assert "# as the Gazette has it" in text
    assert "20" not in text.split("\n\n")[0]  # no date of the clock
    gone = draw(path, "bs", [], read_catalogue(path, tmp_path, "bs"))
    path.write_bytes(gone.to_bytes())
    assert draw(path, "bs", [], read_catalogue(path, tmp_path, "bs")).to_bytes() == gone.to_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('msgstr "b"\nmsgid "a"\n', "bs.po:1: a msgctxt, msgid or msgstr is missing before this line"),
        ('msgid "a"\nmsgstr "b\n', "bs.po:2: is not written as a catalogue is: "),
        ('msgid ""\nmsgstr ""\nwrong\n', "bs.po:3: is not written as a catalogue is: "),
        (
            'msgctxt "a/text"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "a/text"\nmsgid "a"\nmsgstr "c"\n',
            "bs.po:7: the text 'a/text' stands here twice",
        ),
        ('msgid "a"\nmsgstr "b\u202e"\n', "bs.po:2:10: the character U+202E (right-to-left override) has no place in a text"),
    ],
)
def test_a_catalogue_that_is_none_is_named(content: str, said: str, tmp_path: Path, show: Show) -> None:
    """A mistake in the file is a problem at its line."""
    (tmp_path / "bs.po").write_text(content, "utf-8")
    with pytest.raises(ReportsError) as raised:
        read_catalogue(tmp_path / "bs.po", tmp_path, "bs")
    assert show(raised.value.problems)[0].startswith(said)


def worded(*texts: Text, before: Catalogue | None = None) -> Catalogue:
    """Return the catalogue of *texts* of one template."""
    return draw(PO, "bs", [(text, "a.html.j2") for text in texts], before)


def test_a_text_with_a_number_has_a_form_for_each_kind(tmp_path: Path) -> None:
    """The header says how the language counts; all forms have to be there, and a changed plural makes them fuzzy, as a whole."""
    catalogue = worded(Text("", "One day", plural="%(n)s days"), Text("", "Date"))
    days, date = catalogue.file
    assert (days.msgstr_plural, date.msgstr_plural) == ({0: "", 1: "", 2: ""}, {})
    assert catalogue.file.metadata["Plural-Forms"].startswith("nplurals=3; plural=")
    days.msgstr_plural = {0: "Dan", 1: "%(n)s dana", 2: ""}
    assert not is_usable(days)
    days.msgstr_plural[2] = "%(n)s dana"
    path = tmp_path / "bs.po"
    path.write_bytes(catalogue.to_bytes())
    read = read_catalogue(path, tmp_path, "bs")
    assert read.to_bytes() == worded(Text("", "One day", plural="%(n)s days"), Text("", "Date"), before=read).to_bytes()
    assert is_usable(read.file[0])
    (changed,) = worded(Text("", "One day", plural="%(n)s whole days"), before=read).file
    assert (changed.flags, changed.msgstr_plural[0], changed.previous_msgid_plural) == (["fuzzy"], "Dan", "%(n)s days")


def test_the_words_of_a_template_are_known_by_their_likeness() -> None:
    """One that its file has in other words is fuzzy, if it is like it; the words of old come back, and nothing else is taken for them."""
    before = filled(worded(Text("", "The record has all evidence."), Text("", "Date")))
    after = worded(Text("", "The record has all of the evidence."), Text("", "Milestones of a period"), before=before)
    assert shown(after) == [
        (None, "The record has all of the evidence.", "bs: The record has all evidence.", "fuzzy of The record has all evidence."),
        (None, "Milestones of a period", "", ""),
        (None, "Date", "bs: Date", "~"),
    ]
    again = worded(Text("", "Date"), Text("", "The record has all evidence."), before=after)
    assert shown(again) == [(None, "Date", "bs: Date", ""), (None, "The record has all evidence.", "bs: The record has all evidence.", "")]
