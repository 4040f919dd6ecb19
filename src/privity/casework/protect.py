"""Protecting a person: a practice registers a flag, an address for letters, or both, and it counts at once.

Rules of the act:
- A practice changes its own registrations and no other practice's; what any of them protects stays protected.
- A practice may set a flag and change an address. Taking a flag away lets whereabouts leave again, so only the guardian
  does that.
- Nobody is told whether the person is on the register: the answer to every well-formed registration is the same.
"""

import json
from datetime import datetime

from privity.casework.instance_records import ProtectionRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_day
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import Address, NhsNumber
from privity.errors import Mistaken
from privity.ledger.entry import EntryKind
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import AskedBy, Registration

MAY_PROTECT = (Role.GP_PRACTICE, Role.GUARDIAN)


def protect(
    unit: PublicUnit,
    registration: Registration,
    *,
    effects_read: bool,
    by: Officer,
    at: datetime,
    practice: OrganisationId | None = None,
) -> ProtectionRecord:
    """Register a protection, or end one where the registration protects nothing.

    Args:   effects_read: whether the person registering says that they read and explained what it does.
            practice: whose registration it is, where the guardian acts for a practice.
    Raises: Mistaken: not a practice or guardian; the effects were not read; a practice would take a flag away;
            nothing is registered that could be ended.
    """
    if by.role not in MAY_PROTECT:
        raise _refused(f"a `{by.role.value}` registers no protection", "sign in for a practice, or ask the guardian")
    if not effects_read:
        raise _refused("what it does was not read and explained", "read the effects, explain them, and tick the box")
    whose = practice if by.role is Role.GUARDIAN and practice else by.organisation
    reference = registration.nhs_number.digits
    kept = unit.kept(ProtectionRecord, reference)
    before = next((record for record in reversed(kept) if record.practice == whose), None)
    if before is None and not registration.protects:
        raise _refused("it protects nothing", "set the flag, or give an address for letters")
    if before is not None and before.flagged and not registration.flagged and by.role is not Role.GUARDIAN:
        raise _refused("a practice does not take a flag away", "ask the guardian, who decides with the person")
    record = ProtectionRecord(
        reference=reference,
        number=len(kept) + 1,
        at=moment(at),
        practice=whose,
        registered_by=by.staff_id,
        flagged=registration.flagged,
        place=registration.correspondence.place.value if registration.correspondence else "",
        address_lines=canonical(list(registration.correspondence.address.lines) if registration.correspondence else []),
        postcode=registration.correspondence.address.postcode if registration.correspondence else "",
        first=registration.period.first.isoformat() if registration.period.first else "",
        last=registration.period.last.isoformat() if registration.period.last else "",
        reason=registration.reason.strip(),
        asked_by=registration.asked_by.value,
    )
    unit.write(
        Act(
            kind=EntryKind.PROTECTION_CHANGED,
            at=at,
            by=by,
            key=f"{ProtectionRecord.table}:{reference}",
            records=(record,),
            facts={"change": "set" if registration.protects else "ended"},
        )
    )
    return record


def registration_of(record: ProtectionRecord) -> Registration:
    """Return what a record registered."""
    period = Period(first=read_day(record.first), last=read_day(record.last))
    address = Address(lines=tuple(json.loads(record.address_lines)), postcode=record.postcode)
    return Registration(
        nhs_number=NhsNumber(record.reference),
        flagged=record.flagged,
        correspondence=(
            CorrespondenceAddress(place=PlaceKind(record.place), address=address, period=period)
            if record.place
            else None
        ),
        period=period,
        reason=record.reason,
        asked_by=AskedBy(record.asked_by),
    )


def in_force(records: list[ProtectionRecord]) -> tuple[Registration, ...]:
    """Return the newest registration of each practice for each person, the latest registered last."""
    newest = {(record.reference, record.practice): record for record in sorted(records, key=lambda each: each.number)}
    return tuple(registration_of(record) for record in sorted(newest.values(), key=lambda each: each.number))


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the protection was not registered", why=why, next_step=next_step)
