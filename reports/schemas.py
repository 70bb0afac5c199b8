"""The model -> JSON Schemas, by which a YAML editor completes and checks the files of data while they are written."""

import json
from typing import Any

from pydantic import TypeAdapter

from reports.dataset.load import HEAD, PERIODS, RECEIVED, SCHEMAS
from reports.dataset.model import FILES, WITHDRAWN, About, Milestone, Period, Withdrawal
from reports.proposals.decisions import Received
from reports.translations.glossary import Term
from reports.translations.translation import GLOSSARY

__all__ = ["SCHEMAS", "schemas"]


class PeriodFile(Period):
    """A file in milestones/: a period, and its milestones."""

    milestones: tuple[Milestone, ...]


def schemas() -> dict[str, str]:
    """Return the text of each schema by its file name: one for each kind of file in data/."""
    types: dict[str, Any] = {name: tuple[model, ...] for name, model in FILES.items()}  # type: ignore[valid-type]
    types |= {WITHDRAWN: tuple[Withdrawal, ...], HEAD: About, PERIODS: PeriodFile, RECEIVED: Received, GLOSSARY: tuple[Term, ...]}
    return {f"{name.removesuffix('.yaml')}.json": _schema(kind) for name, kind in types.items()}


def _schema(kind: Any) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(kind).json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
