"""Destroying a debt here: held, allowed by two people, then its key and rows go for good, as a case's do.

Rules of the module:
- A debt goes when it has ended and its time here is over: dropped before anything was reported, not reported, or taken
  back with the recipient's acknowledgement. One the recipient holds stays, however old: somebody must take it back.
- A debt that is stated anew begins anew: what was allowed for it before does not count any more.
- What stays is in the ledger and names nobody. Sealed collations stay too; nobody here can open them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from privity.casework.debt_case import DebtCase, read_debt
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.debt_writing import write_debt
from privity.casework.destroy import Going, Gone, HoldReason, NotYet, must_allow, not_destroyed, write_destruction
from privity.casework.instance_records import ShreddedRecord
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment, read_day, read_moment
from privity.casework.records import AllowanceRecord, HoldRecord
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDebt:
    """A debt with what keeps it here and who allowed it to go."""

    case: DebtCase
    holds: tuple[HoldRecord, ...]
    allowances: tuple[AllowanceRecord, ...]

    def ended_on(self) -> date | None:
        """Return the day it ended, or None while something is still to come."""
        state = self.case.state
        match self.case.standing:
            case DebtStanding.CANCELLED:
                return read_day(state.settled_on)
            case DebtStanding.ACKNOWLEDGED:
                return read_day(state.acknowledged_on)
            case DebtStanding.NOT_REPORTED:
                return civil_day(read_moment(self.case.assessments[-1].at))
            case _:
                return None

    def allowed_by(self) -> tuple[str, ...]:
        """Return the people whose word still counts: given since it was last stated."""
        stated = self.case.statement.taken_at
        return tuple(dict.fromkeys(one.staff_id for one in self.allowances if one.at >= stated))


def kept_debt(unit: PublicUnit, reference: str) -> KeptDebt:
    """Return a debt with its holds and allowances.

    Raises: Mistaken: there is none of that reference.
    """
    return KeptDebt(
        case=read_debt(unit, reference),
        holds=tuple(unit.held(HoldRecord, reference)),
        allowances=tuple(unit.held(AllowanceRecord, reference)),
    )


def debt_faults(kept: KeptDebt, today: date, *, kept_days: int) -> tuple[NotYet, ...]:
    """Return everything that keeps a debt from being destroyed on a day; nothing where it may go."""
    ended = kept.ended_on()
    retracted = kept.case.standing is DebtStanding.RETRACTED
    found = {
        NotYet.OPEN: ended is None and not retracted,
        NotYet.KEPT: ended is not None and (today - ended).days < kept_days,
        NotYet.HELD: any(not hold.lifted_at for hold in kept.holds),
        NotYet.REQUESTER: retracted,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def hold_debt(unit: PublicUnit, reference: str, reason: HoldReason, *, by: Officer, at: datetime) -> KeptDebt:
    """Keep a debt from being destroyed."""
    kept = kept_debt(unit, reference)
    record = HoldRecord(
        reference=reference,
        number=len(kept.holds) + 1,
        reason=reason.value,
        placed_at=moment(at),
        placed_by=by.staff_id,
        lifted_at="",
        lifted_by="",
    )
    facts = {"reason": reason.value}
    write_debt(unit, kept.case, EntryKind.HOLD_PLACED, (record, kept.case.state), by=by, at=at, facts=facts)
    return replace(kept, holds=(*kept.holds, record))


def lift_debt_hold(unit: PublicUnit, reference: str, number: int, *, by: Officer, at: datetime) -> KeptDebt:
    """Lift one hold.

    Raises: Mistaken: there is none of that number, or it is lifted.
    """
    kept = kept_debt(unit, reference)
    found = next((hold for hold in kept.holds if hold.number == number and not hold.lifted_at), None)
    if found is None:
        raise Mistaken(
            "the hold was not lifted", why="the debt has no open hold of that number", next_step="look at the debt"
        )
    record = replace(found, lifted_at=moment(at), lifted_by=by.staff_id)
    facts = {"reason": found.reason}
    write_debt(unit, kept.case, EntryKind.HOLD_LIFTED, (record, kept.case.state), by=by, at=at, facts=facts)
    return replace(kept, holds=tuple(record if hold.number == number else hold for hold in kept.holds))


def allow_debt(unit: PublicUnit, reference: str, *, by: Officer, at: datetime, kept_days: int) -> KeptDebt:
    """Record one person's word that a debt may be destroyed here; a second person's is needed.

    Raises: Mistaken: it may not go yet, the person may not say so, or has said so already.
    """
    kept = kept_debt(unit, reference)
    _must_be_ready(kept, civil_day(at), kept_days)
    must_allow(by, kept.allowed_by())
    record = AllowanceRecord(
        reference=reference,
        number=len(kept.allowances) + 1,
        at=moment(at),
        staff_id=by.staff_id,
        role=by.role.value,
    )
    facts = {"seat": len(kept.allowed_by()) + 1}
    write_debt(unit, kept.case, EntryKind.DESTRUCTION_ALLOWED, (record, kept.case.state), by=by, at=at, facts=facts)
    return replace(kept, allowances=(*kept.allowances, record))


def destroy_debt(
    unit: PublicUnit, reference: str, going: Going, *, by: Officer, at: datetime, kept_days: int
) -> ShreddedRecord:
    """Write what the ledger keeps of the destruction. The caller deletes key and rows in the same transaction.

    Raises: Mistaken: it may not go yet, or two different people have not allowed it.
    """
    kept = kept_debt(unit, reference)
    _must_be_ready(kept, civil_day(at), kept_days)
    state = kept.case.state
    gone = Gone(reference=reference, organisation=kept.case.recipient, version=state.version, status=state.stands)
    return write_destruction(unit, gone, going, kept.allowed_by(), by=by, at=at)


def _must_be_ready(kept: KeptDebt, today: date, kept_days: int) -> None:
    found = debt_faults(kept, today, kept_days=kept_days)
    if found:
        raise not_destroyed("; ".join(fault.value for fault in found), "come back when nothing keeps it any more")
