"""Differences between an issued file and the same file as somebody sent it back: what the readers of both kinds of files find."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class DifferenceKind(StrEnum):
    """The kind of what somebody did to an issued file.

    *remark* is for what is no proposal: a column that is worked out, text outside fields.
    """

    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"
    COMMENT = "comment"
    REMARK = "remark"


@dataclass(frozen=True)
class Difference:
    """One difference, at *where* in the returned file ("Register!E12", "paragraph 7"), of the *field* of the *record* with this id.

    *base* and *theirs* are the value as issued and as returned, "" for none: as data/ has it, with references by their ids, in order,
    with ", " between them; prose as readers see it (reports.renderers.prose plain text). Without a *field* it is about the whole record.
    What was added has a *record* that no data know, the name that they gave it, and *given*, its fields by name. *comment* is what they
    say about it, and *source* the address, or the name, of the source that they give. *ask* says why a person has to decide what was
    meant, "" if that is clear. *by* is who wrote it, and *when* (ISO 8601), as far as the file says.
    """

    kind: DifferenceKind
    where: str
    record: str = ""
    field: str = ""
    base: str = ""
    theirs: str = ""
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    comment: str = ""
    source: str = ""
    ask: str = ""
    by: str = ""
    when: str = ""
