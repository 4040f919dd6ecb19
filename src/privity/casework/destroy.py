"""Destroying a case here, at the custodian: held, allowed by two people, then its key and rows go for good.

Rules of the module:
- A case goes when it is answered, its time here is over, the requester has confirmed its own destruction, and
  nothing holds it: a court, a complaint, an incident, a question of the person concerned.
- Two people of the custodian allow it; placing a hold afterwards stops it all the same.
- What stays is in the ledger and names nobody: that there was a case, what was decided, and that it was destroyed.

Source: NBOAUD and WILTS 5817 as domain.md has them (20 years for the audit log, which is the ledger here; five years
for the records of requests). The memorandum's own number was not found, so five years are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from privity.agreement.version import OUR_LADDER
from privity.casework.case_file import CaseFile
from privity.casework.dispatch import TO_SEND
from privity.casework.instance_records import ShreddedRecord
from privity.casework.lifecycle import Status
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import moment
from privity.casework.records import AllowanceRecord, HoldRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, OrganisationId, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

KEPT_DAYS = OUR_LADDER.kept_here_days
"""Five years from the day a case was answered, where its agreement says nothing else."""
MAY_ALLOW = (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
METHOD = "keys-erased"
STORE = "database"


class HoldReason(StrEnum):
    """Why a case must not be destroyed."""

    COURT = "court"
    """A court wants it kept, or proceedings are likely."""
    COMPLAINT = "complaint"
    """Somebody complained, and the complaint is not closed."""
    INCIDENT = "incident"
    """Something went wrong in it and is being looked into."""
    SUBJECT = "subject-request"
    """The person concerned asked what is held."""


class NotYet(StrEnum):
    """Why a case cannot be destroyed now."""

    OPEN = "it is not answered yet"
    """The custodian still works on it."""
    KEPT = "the time it is kept here is not over"
    """Fewer than the days kept have passed since it was answered."""
    HELD = "a hold is on it"
    """A court, complaint, incident or request of the person."""
    INCIDENT = "an incident in it is not closed"
    """An error is not dealt with to its end."""
    REQUESTER = "the requester has not confirmed that it destroyed what it was sent"
    """Without the case nobody could check the confirmation."""
    ON_ITS_WAY = "its answer is not with the requester yet"
    """The sealed bytes are still needed for sending."""


def faults(file: CaseFile, today: date, *, kept_days: int = KEPT_DAYS) -> tuple[NotYet, ...]:
    """Return everything that keeps a case from being destroyed on a day; nothing where it may go."""
    closed = file.state.closed_on
    days = (today - date.fromisoformat(closed)).days if closed else -1
    sent = file.outbox is None or file.outbox.state not in TO_SEND
    owed = file.status in (Status.SEALED, Status.SENT, Status.COLLECTED)
    found = {
        NotYet.OPEN: not file.status.is_closed,
        NotYet.KEPT: file.status.is_closed and days < kept_days,
        NotYet.HELD: any(not hold.lifted_at for hold in file.holds),
        NotYet.INCIDENT: any(not incident.closed_at for incident in file.incidents),
        NotYet.REQUESTER: owed and sent,
        NotYet.ON_ITS_WAY: not sent,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def place_hold(
    unit: UnitOfWork, reference: CaseReference, reason: HoldReason, *, by: Officer, at: datetime
) -> CaseFile:
    """Keep a case from being destroyed."""
    file = unit.case(reference)
    record = HoldRecord(
        reference=file.opening.reference,
        number=len(file.holds) + 1,
        reason=reason.value,
        placed_at=moment(at),
        placed_by=by.staff_id,
        lifted_at="",
        lifted_by="",
    )
    return write_act(
        unit,
        file,
        EntryKind.HOLD_PLACED,
        at=at,
        by=by,
        words=f"The case must be kept ({reason.value}).",
        records=(record,),
        facts={"reason": reason.value},
    )


def lift_hold(unit: UnitOfWork, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> CaseFile:
    """Lift one hold.

    Raises: Mistaken: there is none of that number, or it is lifted.
    """
    file = unit.case(reference)
    found = next((hold for hold in file.holds if hold.number == number and not hold.lifted_at), None)
    if found is None:
        raise Mistaken(
            "the hold was not lifted", why="the case has no open hold of that number", next_step="look at the case"
        )
    return write_act(
        unit,
        file,
        EntryKind.HOLD_LIFTED,
        at=at,
        by=by,
        words=f"The reason to keep the case ({found.reason}) is gone.",
        records=(replace(found, lifted_at=moment(at), lifted_by=by.staff_id),),
        facts={"reason": found.reason},
    )


def allow_destruction(
    unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime, kept_days: int = KEPT_DAYS
) -> CaseFile:
    """Record one person's word that a case may be destroyed here; a second person's is needed.

    Raises: Mistaken: it may not go yet, the person may not say so, or has said so already.
    """
    file = unit.case(reference)
    _must_be_ready(file, civil_day(at), kept_days)
    must_allow(by, tuple(one.staff_id for one in file.allowances))
    record = AllowanceRecord(
        reference=file.opening.reference,
        number=len(file.allowances) + 1,
        at=moment(at),
        staff_id=by.staff_id,
        role=by.role.value,
    )
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_ALLOWED,
        at=at,
        by=by,
        words="One of two people allowed the case to be destroyed here.",
        records=(record,),
        facts={"seat": record.number},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What goes with a case.

    Args: kid: the identifier of the case's key. rows: how many rows go. notices: the corrections and recalls that go
          with it, by reference, each with its key's identifier. backups_expire: the last day on which any backup made
          until now is kept.
    """

    kid: str
    rows: int
    backups_expire: date
    notices: Mapping[str, str] = field(default_factory=dict)

    def key_facts(self, kid: str) -> dict[str, str | int | bool]:
        """Return what the ledger says of one key that goes."""
        return {"kid": kid, "method": METHOD, "store": STORE, "backups_expire": self.backups_expire.isoformat()}


def destroy(
    unit: UnitOfWork,
    reference: CaseReference,
    going: Going,
    *,
    by: Officer,
    at: datetime,
    kept_days: int = KEPT_DAYS,
) -> ShreddedRecord:
    """Write what the ledger keeps of the destruction. The caller deletes key and rows in the same transaction.

    Raises: Mistaken: it may not go yet, or two different people have not allowed it.
    """
    file = unit.case(reference)
    _must_be_ready(file, civil_day(at), kept_days)
    gone = Gone(
        reference=reference, organisation=file.organisation, version=file.state.version, status=file.state.status
    )
    return write_destruction(unit, gone, going, tuple(one.staff_id for one in file.allowances), by=by, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What the ledger says of whatever goes: whose it was, under which terms, and where it stood."""

    reference: str
    organisation: OrganisationId
    version: str
    status: str


def write_destruction(
    unit: UnitOfWork, gone: Gone, going: Going, people: tuple[str, ...], *, by: Officer, at: datetime
) -> ShreddedRecord:
    """Write what the ledger keeps of something that goes, and the record of it, which names nobody.

    Args:   people: whoever allowed it.
    Raises: Mistaken: they are not two different people.
    """
    _must_be_two(people)

    def entered(key: str, facts: dict[str, str | int | bool]) -> Act:
        """Return an act of this destruction, under a key that goes."""
        return Act(kind=EntryKind.KEY_DESTROYED, at=at, by=by, key=key, organisation=gone.organisation, facts=facts)

    of_case = going.key_facts(going.kid) | {"rows_before": going.rows, "rows_after": 0, "status": gone.status}
    unit.write(replace(entered(gone.reference, of_case), agreement=gone.version))
    for notice, its_kid in going.notices.items():
        unit.write(entered(notice, going.key_facts(its_kid)))
    return write_shredding(unit, gone, going, people, by=by, at=at)


def write_shredding(
    unit: UnitOfWork, gone: Gone, going: Going, people: tuple[str, ...], *, by: Officer, at: datetime
) -> ShreddedRecord:
    """Write the record of something that goes, under a key that stays: alone where its own key opens no more.

    Raises: Mistaken: they are not two different people.
    """
    _must_be_two(people)
    record = _kept_of(gone, going, people, at)
    facts: dict[str, str | int | bool] = {"kid": going.kid, "backups_expire": record.backups_expire}
    unit.write(
        Act(
            kind=EntryKind.CASE_SHREDDED,
            at=at,
            by=by,
            key=f"shredded:{going.kid}",
            organisation=gone.organisation,
            facts=facts,
            records=(record,),
        )
    )
    return record


def _must_be_two(people: tuple[str, ...]) -> None:
    if len(set(people)) < 2:
        raise not_destroyed(f"{len(set(people))} of two people have allowed it", "ask a second person to allow it")


def _kept_of(gone: Gone, going: Going, people: tuple[str, ...], at: datetime) -> ShreddedRecord:
    """Return what is kept of a case or debt that goes: under its key's identifier, and naming nobody it was about."""
    return ShreddedRecord(
        reference=going.kid,
        at=moment(at),
        organisation=gone.organisation,
        first=people[0],
        second=people[1],
        rows_before=going.rows,
        rows_after=0,
        backups_expire=going.backups_expire.isoformat(),
        backups_expired_at="",
    )


def note_epoch_over(unit: UnitOfWork, epoch: str, *, by: Officer, at: datetime) -> None:
    """Record that the key which wrapped the keys of a month's cases goes, as none of them is left."""
    facts: dict[str, str | int | bool] = {"epoch": epoch}
    unit.write(Act(kind=EntryKind.EPOCH_DESTROYED, at=at, by=by, key=f"epoch:{epoch}", facts=facts))


def note_backups_expired(unit: UnitOfWork, record: ShreddedRecord, *, by: Officer, at: datetime) -> ShreddedRecord:
    """Record that the last backup which held a destroyed case's key is gone.

    Raises: Mistaken: the day has not come, or it is on record.
    """
    if record.backups_expired_at or civil_day(at) <= date.fromisoformat(record.backups_expire):
        raise Mistaken(
            "the expiry of backups was not recorded",
            why="it is on record already, or backups from before the destruction are still kept",
            next_step="come back after the day the certificate names",
        )
    expired = replace(record, backups_expired_at=moment(at))
    unit.write(
        Act(
            kind=EntryKind.BACKUP_EXPIRED,
            at=at,
            by=by,
            key=f"shredded:{record.reference}",
            records=(expired,),
            facts={"kid": record.reference, "backups_expire": record.backups_expire},
        )
    )
    return expired


def _must_be_ready(file: CaseFile, today: date, kept_days: int) -> None:
    found = faults(file, today, kept_days=kept_days)
    if found:
        raise not_destroyed("; ".join(fault.value for fault in found), "come back when nothing keeps it any more")


def must_allow(by: Officer, people: tuple[str, ...]) -> None:
    """Raise unless this person may allow a destruction, and has not done so already.

    Args:   people: whoever has allowed it.
    Raises: Mistaken: they may not, or have.
    """
    if by.role not in MAY_ALLOW or by.organisation != GATEWAY.organisation:
        why = "only a disclosure officer or the guardian of the custodian may allow it"
        raise not_destroyed(why, "ask one of them")
    if by.staff_id in people:
        raise not_destroyed("this person has allowed it already", "ask a second person")


def not_destroyed(why: str, next_step: str) -> Mistaken:
    """Return that something was not destroyed, and why."""
    return Mistaken("the case was not destroyed", why=why, next_step=next_step)
