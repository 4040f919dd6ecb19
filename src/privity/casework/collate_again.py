"""Sealing a part of a month's collation anew, where what it was sealed to holds no more and it never left.

A month is run once, and its figures stay. Only the bytes are made anew, for the same part of the same month, to the
certificate in use now. What was sealed first never goes anywhere.

Rules of the module:
- A report goes into the new part only if the debt still stands as reported and the agreement in force still permits it.
- One that does not is left out for good: the recipient never had it, so its settlement is told to nobody either.
- A report that is taken back in the part stays in it: taking back is never held up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from privity.agreement.in_force import InForce
from privity.agreement.version import Version
from privity.casework.collate import CollationSealer, cited_by, line_of, sealed_part
from privity.casework.debt_asking import STANDINGS, ask
from privity.casework.debt_case import DebtCase
from privity.casework.debt_lifecycle import DebtStanding, moved_debt
from privity.casework.debt_records import CollationRecord
from privity.casework.debt_writing import write_debt
from privity.casework.dispatch import TO_SEND
from privity.casework.kept_out import own_words
from privity.casework.ports import Agreements, UnitOfWork
from privity.definitions.clause import CitedClause
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.disclosure.collation import CollationLine, report_line
from privity.errors import Impossible, Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_report import REPORT_DEBT, kept_out


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAnew:
    """A part sealed anew. `left_out` counts reports that stood in it and stand no more."""

    part: CollationRecord
    left_out: int


def seal_anew(
    unit: UnitOfWork,
    agreements: Agreements,
    sealer: CollationSealer,
    record: CollationRecord,
    cases: Sequence[DebtCase],
    *,
    by: Officer,
    at: datetime,
) -> SealedAnew:
    """Seal a part of a month anew that has not left.

    Args:   cases: every debt that was reported or taken back in it.
    Raises: Mistaken: no agreement is in force. Unavailable: no fit certificate; nothing is recorded. Impossible: it
            has left.
    """
    if record.state not in TO_SEND or record.sent_at:
        raise Impossible("nothing was sealed anew", why="the part has left", next_step="report this")
    governing = agreements.governing(AgreementFamily(record.version.partition("@")[0]), at)
    if not isinstance(governing, InForce):
        raise Mistaken("nothing was sealed anew", why="no agreement is in force now", next_step="wait until one is")
    own = own_words(unit)
    standing = {case.reference: _stands(case, record, governing.version, own, at) for case in cases}
    there = [one for one in standing.values() if one is not None]
    part = sealed_part(
        unit,
        sealer,
        governing.version,
        tuple(one.line for one in there),
        {clause for one in there for clause in one.cited},
        reference=CaseReference(record.reference),
        recipient=OrganisationId(record.organisation),
        month=record.month,
        place=(record.part, record.parts),
        by=by,
        at=at,
    )
    left_out = [case for case in cases if standing[case.reference] is None]
    for case in left_out:
        state = moved_debt(case.state, case.standing, reported_in="")
        write_debt(unit, case, EntryKind.DEBT_ASSESSED, (state,), at=at)
    return SealedAnew(part=part, left_out=len(left_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    line: CollationLine
    cited: Sequence[CitedClause]


def _stands(
    case: DebtCase, record: CollationRecord, version: Version, own: frozenset[str], at: datetime
) -> _Stands | None:
    """Return the line of a debt in the part as it is sealed anew, or None where its report is left out."""
    if case.state.retracted_in == record.reference:
        before = replace(case.state, stands=DebtStanding.TO_RETRACT.value)
        return _Stands(line=line_of(replace(case, state=before), own), cited=cited_by(case))
    if case.standing is not DebtStanding.REPORTED or kept_out(case.report(), own):
        return None
    found = ask(case, version, REPORT_DEBT, civil_day(at))
    if STANDINGS[found.standing] is not DebtStanding.READY:
        return None
    return _Stands(line=report_line(case.reference, case.report(), found.permitted_items), cited=found.cited)
