"""Texts as YAML writes them: in the style that a text had, or that people would choose, with lines broken where they were."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from reports.errors import ReportsError
from reports.yamlfile import parse

WIDTH, WIDEST = 100, 120  # from and up to which lines are broken, unless those of a text are longer already
# A space at which a line may be broken: what stands behind it is no mark of Markdown at the beginning of a line.
_BREAK = re.compile(r"(?<=\S) (?=\S)(?![-+>#|:=~]|\*+(?:\s|$)|\d+[.)](?:\s|$)|\[\^)")
_HEADER = re.compile(r"[|>][-+0-9]*(?P<comment>.*)")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)]) +")
_NO_PARAGRAPH = re.compile(r"\s*(?:$|>|\[\^|[-*+] |\d+[.)] )")  # a line that does not go on with the paragraph above


def scalar(text: str, indent: int, style: str = "", old: str = "", flow: bool = False, block: bool = True) -> str:
    """Return *text* as it stands in a YAML file in the place of the *old* source, if any, of this *style*.

    The lines of a block are *indent* columns to the right; those of *old* that say the same stay as they are. In *flow*, it stands
    within brackets. If not *block*, it takes one line.
    """
    for other in _styles(text, style, old, block and not flow):
        found = _WRITERS[other](text, indent, old)
        if _reads(found, text, flow):
            return found
    raise AssertionError(f"no style of YAML for {text!r}")


def fitted(text: str, width: int, kept: Collection[str] = ()) -> str:
    """Return the Markdown *text* of several lines with those broken that are longer than *width*, save the lines that are *kept*."""
    lines = text.split("\n")
    found: list[str] = []
    while lines:
        line = lines.pop(0)
        end = _line_end(line, width, ())
        if len(line) <= width or end == len(line) or line in kept or line.lstrip().startswith(">"):
            found.append(line)
            continue
        words = line.lstrip()
        mark = match[0] if (match := _ITEM.match(words)) else ""
        margin = " " * (len(line) - len(words) + len(mark))
        rest = margin + line[end + 1 :]
        if lines and lines[0].startswith(margin) and not _NO_PARAGRAPH.match(lines[0]):
            rest += " " + lines.pop(0).strip()
        found.append(line[:end])
        lines.insert(0, rest)
    return "\n".join(found)


def content_lines(old: str) -> list[str]:
    """Return the lines of the block that stands as *old* in a YAML file, without their indentation."""
    margin = indent_of(old, 0)
    return [line[margin:] if line.strip() else "" for line in old.split("\n")[1:]]


def indent_of(old: str, default: int) -> int:
    """Return how many columns to the right the lines of the block *old* stand, or *default* if it has none."""
    return min((len(line) - len(line.lstrip(" ")) for line in old.split("\n")[1:] if line.strip()), default=default)


def width_of(old: str) -> int:
    """Return the width at which the lines of the block *old* are broken, with their indentation."""
    lengths = [len(line) for line in old.split("\n")[1:]] or [WIDEST]
    longest = max(WIDTH, *lengths)
    return longest if len(lengths) > 1 else min(longest, WIDEST)


def _styles(text: str, style: str, old: str, block: bool) -> Iterator[str]:
    """Yield the styles for *text*, the best one first."""
    if block and text.strip():
        if style in (">", "|"):
            yield style
        if "\n" in text.rstrip("\n"):
            yield "|"
        elif style == "" and len(text) > WIDTH and _BREAK.search(text) and ("\n" in old or len(old) <= WIDTH):
            yield ">"
        if style in (">", "|") or "\n" in text:
            yield "|"
    if style in ("", "'", '"') and text:
        yield style
    yield from ("'", '"')


def _reads(found: str, text: str, flow: bool) -> bool:
    """Tell whether *found* is read as *text*, and not refused, wherever a value may stand."""
    place, expected = f"- k: {found}\n- - {found}\n", str([{"k": text}, [text]])
    if flow:
        place = f"- {{k: {found}}}\n- [{found}]\n"
    elif "\n" in found:  # a block, which stands in a list as it does in a mapping
        place, expected = f"k: {found}\nl: x\n", str({"k": text, "l": "x"})
    try:
        return str(parse(Path(), place)) == expected
    except ReportsError:
        return False


def _plain(text: str, *_: object) -> str:
    return text


def _single(text: str, *_: object) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str, *_: object) -> str:
    text = re.sub(r":(?=[\n\t])", "\0", text)  # YamlFile takes `"C:\\new"` for a path
    escapes = {"\0": "\\x3A", "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


def _literal(text: str, indent: int, old: str) -> str:
    return _block("|", text, text.rstrip("\n").split("\n"), indent, old)


def _folded(text: str, indent: int, old: str) -> str:
    kept = content_lines(old) if old.startswith(">") else []
    lines = _wrapped(text.rstrip("\n"), width_of(old if kept else "") - indent, kept)
    return _block(">", text, lines, indent, old)


_WRITERS: Mapping[str, Callable[[str, int, str], str]] = {"": _plain, "'": _single, '"': _double, "|": _literal, ">": _folded}


def _block(style: str, text: str, lines: Sequence[str], indent: int, old: str) -> str:
    ends = len(text) - len(text.rstrip("\n"))
    comment = match["comment"] if (match := _HEADER.match(old)) else ""
    return "\n".join(
        (style + ("-", "", "+")[min(ends, 2)] + comment, *(" " * indent + line if line else "" for line in lines), *[""] * (ends - 1))
    )


def _unfolded(lines: Sequence[str]) -> str:
    """Return the text of which *lines* are the folded block."""
    return re.sub(r"(?<=[^\n])\n(\n*)(?=[^\n])", lambda match: match[1] or " ", "\n".join(lines))


def _wrapped(text: str, width: int, kept: Sequence[str]) -> list[str]:
    """Return *text* as the lines of a folded block no wider than *width*, as far as it can be, with those *kept* that say the same."""
    if any(line[:1] in (" ", "\t") for line in kept):  # YAML does not fold these
        kept = ()
    begun = [place for place in range(1, len(kept)) if kept[place - 1] and re.match(rf"{re.escape(_unfolded(kept[:place]))}[ \n]", text)]
    lines = list(kept[: max(begun, default=0)])
    rest = text[len(_unfolded(lines)) :]
    tails = {_unfolded(kept[place:]): place for place, line in enumerate(kept) if line}
    while rest:
        gap = len(rest) - len(rest.lstrip("\n"))
        rest = rest[gap:] if gap else rest.removeprefix(" ") if lines else rest
        lines += [""] * gap
        if rest in tails:
            return [*lines, *kept[tails[rest] :]]
        line = rest[: _line_end(rest, width, tails)]
        lines.append(line)
        rest = rest[len(line) :]
    return lines


def _line_end(rest: str, width: int, tails: Collection[str]) -> int:
    """Return where the first line of *rest* ends: before the words of one of the *tails*, or as far to the right as *width* allows."""
    paragraph = rest.split("\n", 1)[0]
    ends = [match.start() for match in _BREAK.finditer(paragraph)] + [len(paragraph)]
    fitting = [end for end in ends if end <= width] or ends[:1]
    meeting = [end for end in fitting if end > width / 2 and rest[end + 1 :] in tails]
    return (meeting or fitting)[-1]
