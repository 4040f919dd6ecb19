"""Sampling closed cases: a draw that anybody can draw again, and what the guardian found on reading each.

Rules of the module:
- Nobody picks. The draw follows from the ledger's root at a stated size and the references, so that neither whoever
  draws nor whoever decided the cases can steer it; the root covers acts of others and cannot be chosen.
- One draw a month, of the cases that were closed in it, once the month is over.
- Cases in which two people's reasons are nearly the same words are read as well (decision 125). They stand after those
  the lot drew, so that whoever draws again finds the lot's first, and can tell how many were added.
- Every drawn case is read by the guardian, who writes down what they found. What they found changes nothing in the
  case; an error is put on record as an incident.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil

from privity.casework.case_file import CaseFile
from privity.casework.correspond import said
from privity.casework.instance_records import SampleRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment
from privity.casework.records import ReviewRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

SHARE = 0.02
"""Share of a month's closed cases that is drawn. Ours."""
LEAST, MOST = 5, 50
"""Cases drawn at least and at most in a month."""


class Finding(StrEnum):
    """What the guardian found in a drawn case."""

    SOUND = "sound"
    """Judged and answered as it should be."""
    WEAK_REASONS = "weak-reasons"
    """The answer holds; the reasons written down do not carry it."""
    WRONG = "wrong"
    """It should have been answered otherwise: an incident follows."""

    @property
    def words(self) -> str:
        """Return the finding as a page shows it."""
        return {
            "sound": "Sound",
            "weak-reasons": "Right answer, weak reasons",
            "wrong": "Should have been answered otherwise",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The ledger as it stood when a sample was drawn: its size and the root that vouches for it."""

    size: int
    sha256: str


def sample_size(population: int) -> int:
    """Return how many of so many closed cases are drawn."""
    return min(population, max(LEAST, min(MOST, ceil(population * SHARE))))


def drawn(references: Sequence[str], root: Root, period: str) -> tuple[str, ...]:
    """Return the cases that a root draws from a month's closed ones, in the order they are read."""

    def lot(reference: str) -> bytes:
        return hashlib.sha256(f"privity sample\n{period}\n{root.sha256}\n{reference}".encode()).digest()

    return tuple(sorted(set(references), key=lot)[: sample_size(len(set(references)))])


def draw_sample(
    unit: PublicUnit,
    period: str,
    references: Sequence[str],
    root: Root,
    *,
    alike: Collection[str],
    by: Officer,
    at: datetime,
) -> SampleRecord:
    """Draw the sample of a month, once.

    Args:   period: the month, as `2026-11`. references: the cases closed in it.
            alike: those in which somebody's reasons nearly repeat somebody else's; they are read whatever the lot says.
    Raises: Mistaken: not the guardian, the month is not over, it was drawn before, or nothing was closed in it.
    """
    if by.role is not Role.GUARDIAN:
        raise _refused("only the guardian draws a sample", "ask the guardian")
    if period >= civil_day(at).isoformat()[:7] or not _is_month(period):
        raise _refused("the month is not over, or is no month", "draw it when the month is over")
    if unit.kept(SampleRecord, period):
        raise _refused("the sample of that month was drawn before", "read the cases that were drawn")
    if not references:
        raise _refused("no case was closed in that month", "choose another month")
    by_lot = drawn(references, root, period)
    chosen = (*by_lot, *sorted(set(references).intersection(alike).difference(by_lot)))
    record = SampleRecord(
        reference=period,
        at=moment(at),
        drawn_by=by.staff_id,
        ledger_size=root.size,
        root=root.sha256,
        population=len(set(references)),
        drawn=canonical(list(chosen)),
    )
    unit.write(
        Act(
            kind=EntryKind.SAMPLE_DRAWN,
            at=at,
            by=by,
            key=f"{SampleRecord.table}:{period}",
            records=(record,),
            facts={
                "drawn": len(chosen),
                "of": record.population,
                "ledger_size": root.size,
                "root": root.sha256,
                "period": period,
            },
        )
    )
    return record


def review_case(
    unit: PublicUnit, period: str, reference: CaseReference, finding: Finding, *, words: str, by: Officer, at: datetime
) -> CaseFile:
    """Record what the guardian found in a drawn case, once.

    Raises: Mistaken: not the guardian, the case was not drawn or was read before, or there are no words.
    """
    sample = next(iter(unit.kept(SampleRecord, period)), None)
    if by.role is not Role.GUARDIAN or sample is None or reference not in json.loads(sample.drawn):
        raise _refused("the case was not drawn in that month, or not for you", "choose a case of the sample")
    file = unit.case(reference)
    if any(one.sample == period for one in file.reviews):
        raise _refused("the case has been read in that sample", "choose another one")
    record = ReviewRecord(
        reference=file.opening.reference,
        number=len(file.reviews) + 1,
        at=moment(at),
        sample=period,
        staff_id=by.staff_id,
        finding=finding.value,
        words=said(words),
    )
    return write_act(
        unit,
        file,
        EntryKind.CASE_REVIEWED,
        at=at,
        by=by,
        words="The guardian read the case in a sample and wrote down what they found.",
        records=(record,),
        facts={"finding": finding.value},
    )


def _is_month(period: str) -> bool:
    try:
        return date.fromisoformat(f"{period}-01").isoformat()[:7] == period
    except ValueError:
        return False


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was recorded of the sample", why=why, next_step=next_step)
