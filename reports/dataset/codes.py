"""The codes that a dataset may add to: kinds of milestones, and places of frameworks."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from pydantic_core import PydanticCustomError, core_schema

PLAIN_ID = r"[a-z0-9]+(-[a-z0-9]+)*"


class Code(str):
    """A code: one of *known*, or one that the head of the dataset adds to them, in its field *added*.

    The context of a validation has these, by the names of the fields; without one, every code is taken.
    """

    __slots__ = ()
    known: ClassVar[tuple[str, ...]]
    added: ClassVar[str]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(cls._parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        # An editor offers the known ones, and takes others.
        return {"anyOf": [{"enum": list(cls.known)}, {"type": "string", "pattern": f"^{PLAIN_ID}$"}]}

    @classmethod
    def _parse(cls, value: object, info: core_schema.ValidationInfo) -> "Code":
        added: Mapping[str, Sequence[str]] | None = info.context
        known = (*cls.known, *(added or {}).get(cls.added, ()))
        if not isinstance(value, str) or (added is not None and value not in known):
            raise PydanticCustomError("enum", "no such code", {"expected": ", ".join(dict.fromkeys(known))})
        return cls(value)


class MilestoneKind(StrEnum):
    """The kind of event that a milestone marks."""

    AGREEMENT = "agreement"
    DECISION = "decision"
    DECLARATION = "declaration"
    MEETING = "meeting"
    OPERATION = "operation"
    REFORM = "reform"
    EXERCISE = "exercise"
    ASSISTANCE = "assistance"
    RULING = "ruling"
    MANDATE = "mandate"


class KindCode(Code):
    """The kind of a milestone: one of those above, or one of the dataset's own."""

    __slots__ = ()
    known = tuple(MilestoneKind)
    added = "kinds"


class Place(StrEnum):
    """The place of a framework: a rung of the ladder towards the aim of the partnership, an option beside it, or a roof over it."""

    LADDER = "ladder"
    OPTION = "option"
    UMBRELLA = "umbrella"


class PlaceCode(Code):
    """The place of a framework: one of those above, or one of the dataset's own."""

    __slots__ = ()
    known = tuple(Place)
    added = "places"
