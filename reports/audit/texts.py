"""Do the texts of a file stand there whole, word for word as in the data?"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from reports.audit.expected import Expected, Text
from reports.audit.findings import Compared, Difference
from reports.audit.shown import HYPHENS, Passage, Shown, collapse, length_in_common, squeeze, stretch
from reports.dataset.model import Record

PIECE = 40  # characters that no two texts share by chance; a text of which such a piece stands there has to stand there whole
BEGINNING = 20  # and so many, if they are its first and the others are cut off
CUT = ("…", "...")  # what stands where a text is cut off, if anything does
LETTERS = 4  # a text of fewer, such as a number, has to be a whole cell: it is in any other by chance
MOST = 0.7  # a field of more than so many records is one that the document shows: then of all


def compare_texts(shown: Shown, expected: Expected) -> Compared:
    """Compare every text of the data that *shown* begins, or gives for most records of its kind, with the file.

    Which fields a document shows is its templates' affair; but what is begun has to be whole. Short texts, which could stand
    anywhere by chance, are looked for in the rows about their records only.
    """
    in_file, in_rows = _compare_long(shown, expected), _compare_rows(shown, expected)
    return Compared("texts", in_file.count + in_rows.count, (*in_file.disagreements, *in_rows.disagreements))


def _compare_long(shown: Shown, expected: Expected) -> Compared:
    texts = [text for text in expected.texts if len(text.squeezed) >= PIECE and not text.field.endswith("locator")]
    pieces = {piece for text in texts for piece in _pieces(text.squeezed)}
    common = _occurrences(pieces, {*expected.quotable, *(squeeze(source.publisher) for source in expected.sources.values())})
    standing = {piece for piece in _occurrences(pieces, {shown.squeezed}) if common[piece] == 1}
    cells = [squeeze(cell) for passage in shown.passages for cell in passage.cells]
    absent: dict[tuple[str, str], list[Text]] = defaultdict(list)
    whole: Counter[tuple[str, str]] = Counter()
    differences = []
    for text in texts:
        kind = (type(text.declared).__name__, text.field)
        if text.squeezed in shown.squeezed:
            whole[kind] += 1
        elif _is_begun(text.squeezed, standing, cells):
            differences.append(_of_text(*_difference(text, shown), text, expected))
        elif text.field != "name":  # which may stand in other texts, in a document that does not show the record
            absent[kind].append(text)
    for kind, missing in absent.items():
        if whole[kind] > MOST * (whole[kind] + len(missing)):
            differences += [_of_text(f"lacks '{text.words[:60]}…'", f"{text.field} goes so", text, expected) for text in missing]
    return Compared("texts", whole.total(), tuple(differences))


def _of_text(says: str, data: str, text: Text, expected: Expected) -> Difference:
    return Difference("the text", says, data, expected.where(text.declared, *text.keys))


def _is_begun(words: str, standing: set[str], cells: list[str]) -> bool:
    """Tell whether a piece of *words* is *standing* in the file: the beginning alone may stand there in other words, but not cut off."""
    beginning, *pieces = _pieces(words)
    if not standing.isdisjoint(pieces):
        return True
    begun = [cell[cell.index(beginning) :] for cell in cells if beginning in cell] if beginning in standing else []
    return any(words.startswith(cell) or cell.startswith(CUT, length_in_common(cell, words)) for cell in begun)


def _pieces(words: str) -> list[str]:
    """Return the beginning of *words*, and all of them in pieces; the last ones overlap, so that their end is one, too."""
    return [words[:BEGINNING], *(words[at : at + PIECE] for at in range(0, len(words) - PIECE, PIECE)), words[-PIECE:]]


def _occurrences(pieces: set[str], texts: set[str]) -> Counter[str]:
    """Return how often each of *pieces* stands in *texts*: in one walk through them, for there may be thousands of either."""
    lengths = {len(piece) for piece in pieces}
    walk = (text[at : at + length] for text in texts for length in lengths for at in range(len(text) - length + 1))
    return Counter(part for part in walk if part in pieces)


def _difference(text: Text, shown: Shown) -> tuple[str, str]:
    """Return what the file says, and what the data say, from about where they begin to differ."""
    start = _length_in_common(text.squeezed, shown.squeezed)
    if start:
        at = shown.squeezed.find(text.squeezed[:start]) + start
        return f"goes on '{stretch(shown.text, at)}…'", f"{text.field} goes on '{stretch(text.words, start)}…'"
    return f"does not begin '{stretch(text.words, 0)}…'", f"{text.field} begins so"


def _length_in_common(words: str, within: str) -> int:
    """Return how many of the first characters of *words* stand in *within* together; 0 if too few to be no chance."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in within else (low, middle - 1)
    return low if low >= BEGINNING else 0


def _compare_rows(shown: Shown, expected: Expected) -> Compared:
    """In the rows of one table about records of one kind, a field that most of them give has to be given by each."""
    fields: dict[tuple[str, type[Record], str], list[tuple[Text, Passage, bool]]] = defaultdict(list)
    for record, passage in _about(shown, expected):
        for text in expected.texts_of(record):
            if text.field != "title":  # titles are compared with the milestones
                fields[passage.table, type(record), text.field].append((text, passage, _gives(passage, text.squeezed)))
    shows = [found for found in fields.values() if sum(has for _, _, has in found) > MOST * len(found)]
    lacking = [(text, passage) for found in shows for text, passage, has in found if not has]
    return Compared("texts", sum(map(len, shows)) - len(lacking), tuple(_lacking(*one, expected) for one in lacking))


def _gives(passage: Passage, words: str) -> bool:
    """Tell whether *words*, without white space, stand in *passage*; if there are few, not as a part of another number."""
    if sum(map(str.isalpha, words)) < LETTERS:
        return words in (squeeze(cell).rstrip(".") for cell in passage.cells)
    if words not in passage.squeezed or len(words) >= BEGINNING:
        return words in passage.squeezed
    edge = r"(?:(?<!\d)|(?!\d))"
    return re.search(edge + r"\s*".join(map(re.escape, words)) + edge, passage.text.translate(HYPHENS)) is not None


def _lacking(text: Text, passage: Passage, expected: Expected) -> Difference:
    data, where = f"{text.field} is '{collapse(text.words)[:80]}'", expected.where(text.declared, *text.keys)
    return Difference(passage.place, "lacks a text, or words it otherwise", data, where, words=(text.words.rstrip("."),))


def _about(shown: Shown, expected: Expected) -> Iterator[tuple[Record, Passage]]:
    """Yield each record with each row about it: one to which its anchor leads, or one with its reference or name as a cell."""
    for rows in shown.rows.values():
        for row in rows:
            records = {
                expected.by_handle[one].id: expected.by_handle[one]
                for one in (*row.anchors, *map(squeeze, row.cells))
                if one in expected.by_handle
            }
            for record in records.values():
                yield record, row
