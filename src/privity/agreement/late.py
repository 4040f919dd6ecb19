"""What was learnt late: disclosures that were right by what was known, and would not be by what is known now.

Rules of the room:
- A disclosure is never undone by a later text. It is listed, for a person to review as a possible breach.
- What reaches back may only narrow (reading.py refuses anything else), so nothing is ever made good late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from privity.agreement.assessment import Asked, Assessment
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import Governing, Held, InForce, NoAgreement, governing
from privity.agreement.version import Family
from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One disclosure as it was made: by its reference, when, and what was asked with the answers given."""

    reference: str
    at: datetime
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A disclosure that the agreement, as now known, did not allow when it was made.

    `items` are those that left and should not have; `by` are the clauses or the instrument that say so.
    """

    reference: str
    at: datetime
    items: tuple[DataItem, ...]
    by: tuple[CitedClause, ...]
    says: str


def review(family: Family, disclosures: Iterable[Disclosed], *, known_at: datetime) -> Iterator[ToReview]:
    """Yield the disclosures that what is known at `known_at` would not have allowed.

    Raises: Mistaken: a disclosure uses a word the family does not publish. EvaluationFailed: no clean answer.
    """
    for row in disclosures:
        then = _allowed(governing(family, row.at, known_at=row.at), row.asked)
        standing = governing(family, row.at, known_at=known_at)
        now = _allowed(standing, row.asked)
        lost = then - now
        if lost:
            by, says = _because(standing, row.asked)
            items = tuple(item for item in DataItem if item in lost)
            yield ToReview(reference=row.reference, at=row.at, items=items, by=by, says=says)


def _allowed(standing: Governing, asked: Asked) -> frozenset[DataItem]:
    if not isinstance(standing, InForce):
        return frozenset()
    return assess_asked(standing.version, asked).permitted_items


def _because(standing: Governing, asked: Asked) -> tuple[tuple[CitedClause, ...], str]:
    match standing:
        case InForce(version=version):
            found: Assessment = assess_asked(version, asked)
            return found.cited, " ".join(clause.says for clause in found.cited)
        case Held(instrument=instrument):
            return (instrument.cited,), instrument.says
        case NoAgreement(instrument=ending):
            return ((), "No agreement was in force.") if ending is None else ((ending.cited,), ending.says)
