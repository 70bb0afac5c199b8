"""Proposals -> lines for people."""

from collections.abc import Iterable, Iterator

from reports.proposals.decisions import Proposal
from reports.proposals.differences import DifferenceKind

LONGEST = 160  # characters of a value


def to_lines(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Yield a line for each of *proposals*, and one with their number; those that need a second look say why."""
    numbers = dict.fromkeys(DifferenceKind, 0)
    conflicts = 0
    for proposal in proposals:
        numbers[proposal.kind] += 1
        conflicts += bool(proposal.conflict)
        yield f"{proposal.where}: {_words(proposal)}{_looked_at(proposal)}"
    counted = [f"{number} × {kind}" for kind, number in numbers.items() if number]
    yield f"{', '.join(counted) or 'no difference from what was issued'}{f'; {conflicts} in conflict' if conflicts else ''}"


def _words(proposal: Proposal) -> str:
    by = f" ({', '.join(filter(None, (proposal.by, proposal.when)))})" if proposal.by else ""
    comment = f" – {_short(proposal.comment)}" if proposal.comment else ""
    name = " ".join(filter(None, (proposal.record, proposal.field, proposal.language and f"({proposal.language})")))
    match proposal.kind:
        case DifferenceKind.ADD:
            return f"new: {_short('; '.join(proposal.given.values()))}{comment}{by}"
        case DifferenceKind.REMOVE:
            return f"{proposal.record}: deleted{comment}{by}"
        case DifferenceKind.COMMENT:
            return f"{name}: comment{comment}{by}"
    return f"{name}: {_short(proposal.base) or 'nothing'} → {_short(proposal.theirs) or 'nothing'}{comment}{by}"


def _looked_at(proposal: Proposal) -> str:
    said = (("of", _short(proposal.original)), ("conflict", proposal.conflict), ("ask", proposal.ask))
    return "".join(f"; {name}: {text}" for name, text in said if text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
