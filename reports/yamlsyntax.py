"""The true cause of a text that is no YAML, and its place, in the words of whoever wrote it: libyaml names neither."""

import re
from dataclasses import dataclass

from reports.errors import character_name

OPENING = "a text that begins with '{}' has to stand in quotes"
TIGHT_DASH = "a space is missing after the dash"
# Blanks of other widths than a space's; YAML takes them for letters, and nobody sees the difference.
_BLANK = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_STRANGE = re.compile(rf"^[ \t]{{0,200}}(?:- *){{0,20}}(?:[\w-]{{1,80}}:)?[ \t]{{0,20}}(?P<blank>[{_BLANK}])", re.MULTILINE)
# The same before a field, where it can make the field a part of the text above, long before libyaml stumbles.
_STRANGE_FIELD = re.compile(rf"^[ \t]{{0,200}}(?:- *){{0,20}}(?P<blank>[{_BLANK}])[ {_BLANK}]{{0,80}}[\w-]{{1,80}}:(?= |$)", re.MULTILINE)
_VALUE = re.compile(r"[ \t]*(?:- +)*(?:[^\s:#'\"\[\]{}]+:[ \t]+)?(?P<value>.*)")
_TIGHT = re.compile(r"[ \t]*(?:- +)*(?:(?P<name>[\w-]+):|-)(?=[^\s-])")
_NAME = re.compile(r"[ \t]*(?:- +)*(?P<name>[a-z_]+):(?: |$)")
# What a text without quotes can't begin with; libyaml says something else of each.
_SIGNS = "@`%*&!|>[]{},?-"


@dataclass(frozen=True)
class Failure:
    """A failure of libyaml to read *text*: its *message*, *at* which character, and *since* where it was about what it could not end.

    *start* and *end* are those of the last value that it has read. All count characters of *text* from 0.
    """

    text: str
    message: str
    at: int
    since: int
    start: int
    end: int

    def explain(self) -> tuple[int, str]:
        """Return the place of the true cause, and what is wrong there with what would be right."""
        for cause in (self._blank, self._quote, self._comment, self._sign, self._tight, self._colon, self._name):
            if found := cause():
                return found
        return self.at, "the indentation does not agree with the lines above: the fields of a record stand one below the other"

    def _line(self, index: int) -> tuple[int, str]:
        """Return where the line begins that holds the character *index*, and the line."""
        start = self.text.rfind("\n", 0, index) + 1
        return start, self.text[start:].split("\n", 1)[0]

    def _blank(self) -> tuple[int, str] | None:
        """Return the blank that is no space where one indents a line or parts a value: from the last value on, or before a field."""
        first = self.end if self.text[self.start : self.start + 1] in ("|", ">", "'", '"') else min(self.start, self.at)
        if "simple key" in self.message:
            first = min(first, self.since)
        start, line = self._line(self.at)
        end = start + len(line)
        for match in (_STRANGE.search(self.text, self._line(first)[0], end), *_STRANGE_FIELD.finditer(self.text, 0, end)):
            if match is None:
                continue
            name = character_name(match["blank"])
            return match.start("blank"), f"the character {name} stands where a space is needed; type a space instead"
        if "\t" in (self.text[self.at : self.at + 1], self.text[self.at - 1 : self.at]) or "tab" in self.message:
            return self.at, "a tab stands where spaces are needed; indent by spaces"
        return None

    def _quote(self) -> tuple[int, str] | None:
        """Return what is wrong with a quote: never closed, closed too early, or with a backslash in it."""
        if "quoted scalar" in self.message and ("end of stream" in self.message or "document indicator" in self.message):
            mark = self.text[self.since : self.since + 1]
            other = "'" if mark == '"' else '"'
            return self.since, f"the quote that opens here is never closed; put a text that has a {mark} in it between {other} and {other}"
        if "quoted scalar" in self.message:
            return self.at, "a backslash between double quotes begins a code, and this is none; put the text between single quotes"
        value = self.text[self.start : self.end]
        if value[:1] in ("'", '"') and len(value) > 1 and not self.text[self.end : self.at].strip(" "):
            if "\n" in value:
                line = self.text.count("\n", 0, self.end) + 1
                return self.start, f"the quote that opens here is closed in line {line} only; close it where the text ends"
            return self.start, "the text goes on after its quotes; put all of it in quotes, of the other kind than those in it"
        return None

    def _comment(self) -> tuple[int, str] | None:
        """Return the comment that stands between the lines of a text, if there is one."""
        between = self.text[self.end : self.at]
        if "expected key" in self.message and self.text[self.start : self.start + 1] not in ("|", ">") and between.lstrip().startswith("#"):
            return self.end + between.index("#"), "a comment ends the text above it, which goes on below; put the comment before the text"
        return None

    def _sign(self) -> tuple[int, str] | None:
        """Return the value that begins with a sign that YAML keeps for itself, on the line of the failure or where a list was opened."""
        for index in (self.at, self.since, self.start) if "flow" in self.message else (self.at,):
            if "mapping values" in self.message and "\n" in self.text[self.start : self.at]:
                continue  # the sign begins a further line of a text
            start, line = self._line(index)
            match = _VALUE.match(line)
            if match and (value := match["value"]) and value[0] in _SIGNS and start + match.start("value") <= index:
                closing = {"[": "; a list has a ']' at its end", "{": "; fields have a '}' at their end"}.get(value[0], "")
                return start + match.start("value"), OPENING.format(value[0]) + closing
        return None

    def _tight(self) -> tuple[int, str] | None:
        """Return the colon or dash that needs a space behind it."""
        is_key, is_value = "simple key" in self.message, "mapping values" in self.message
        start, line = self._line(self.since if is_key else self.start if is_value else self.at)
        match = _TIGHT.match(line)
        if match and (is_key or is_value or not match["name"]):
            return start + match.end(), f"a space is missing after the colon of '{match['name']}'" if match["name"] else TIGHT_DASH
        return None

    def _colon(self) -> tuple[int, str] | None:
        """Return the colon within a text, or the field that counts as a part of the text above it."""
        if "mapping values" not in self.message:
            return None
        start, line = self._line(self.at)
        match = _NAME.match(line)
        if match and start + match.end("name") == self.at and self.start < start:
            message = f"'{match['name']}' is indented further than the field above it, and so a part of its text; indent both alike"
            return start + match.start("name"), message
        return self.at, "the text has a colon in it; put all of it in quotes"

    def _name(self) -> tuple[int, str] | None:
        if "simple key" not in self.message:
            return None
        return self.since, "this is neither 'name: value' nor indented further than the text above, to be a part of it"
