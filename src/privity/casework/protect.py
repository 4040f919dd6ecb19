"""Protecting a person: a practice registers a flag, an address for letters, or both, and it counts at once.

Rules of the act:
- A practice changes its own registrations and no other practice's; what any of them protects stays protected.
- A practice may set a flag and change an address. Taking a flag away lets whereabouts leave again, so only the guardian
  does that, for one practice's registration at a time. A flag that would end sooner, or begin later, is taken away.
- An address for letters ends where somebody says so, and not because a later registration does not repeat it.
- What has run out already protects nobody, and is not registered as if it did.
- A protection is never edited away: lifting it is a further record, with who asked and why.
- Nobody is told whether the person is on the register: the answer to every well-formed registration is the same.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from privity.casework.instance_records import ProtectionRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_day
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import Address, NhsNumber
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import AskedBy, Lifting, Registration

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
    Raises: Mistaken: not a practice or guardian; the effects were not read; a practice would take a flag away, or
            shorten it; an address for letters would end unsaid; its last day has passed; nothing is registered that
            could be ended.
    """
    last = registration.period.last
    if registration.protects and last is not None and last < civil_day(at):
        raise _refused("its last day has passed, so it would protect nobody", "correct the last day, or leave it empty")
    whose = practice if by.role is Role.GUARDIAN and practice else by.organisation
    before = _newest(unit.kept(ProtectionRecord, registration.nhs_number.digits), whose)
    if registration.protects and registration.correspondence is None and _has_letters(before, civil_day(at)):
        raise _refused(
            "an address for letters is registered already, and letters would go home again",
            "give the address again, or end it first by its own form",
        )
    return _register(unit, registration, effects_read=effects_read, by=by, at=at, practice=practice)


def _register(
    unit: PublicUnit,
    registration: Registration,
    *,
    effects_read: bool,
    by: Officer,
    at: datetime,
    practice: OrganisationId | None,
) -> ProtectionRecord:
    if by.role not in MAY_PROTECT:
        raise _refused(f"a `{by.role.value}` registers no protection", "sign in for a practice, or ask the guardian")
    if not effects_read:
        raise _refused("what it does was not read and explained", "read the effects, explain them, and tick the box")
    whose = practice if by.role is Role.GUARDIAN and practice else by.organisation
    reference = registration.nhs_number.digits
    kept = unit.kept(ProtectionRecord, reference)
    before = _newest(kept, whose)
    if before is None and not registration.protects:
        raise _refused("it protects nothing", "set the flag, or give an address for letters")
    if before is not None and before.flagged and not registration.flagged and by.role is not Role.GUARDIAN:
        raise _refused("a practice does not take a flag away", "ask the guardian, who decides with the person")
    if before is not None and by.role is not Role.GUARDIAN and _shortens(before, registration.period, civil_day(at)):
        raise _refused(
            "a flag would end sooner than it does now, or begin later, and a practice does not take a flag away",
            "leave the first and last day as they were, or ask the guardian, who decides with the person",
        )
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


def lift(
    unit: PublicUnit, lifting: Lifting, *, effects_read: bool, by: Officer, at: datetime, seen: int | None = None
) -> ProtectionRecord:
    """Take away a flag, an address for letters, or both; what is not taken away stays as it was.

    A practice may end its own addresses for letters; everything else is the guardian's.
    Args:   seen: the number of the registration that was looked at; None where none was shown.
    Raises: Mistaken: nothing is there to take away, nothing was chosen, somebody else's to do, no reason, the effects
            were not read, or another was registered since.
    """
    before = _newest(unit.kept(ProtectionRecord, lifting.nhs_number.digits), lifting.practice)
    if before is not None and seen not in (None, before.number):
        raise _not_lifted("the practice registered something else since you looked", "look at it again, then decide")
    taken = before is not None and ((lifting.flag and before.flagged) or (lifting.letters and bool(before.postcode)))
    if before is None or not taken:
        raise _not_lifted("the practice has registered nothing of that kind for this number", "check both")
    if by.role is not Role.GUARDIAN and by.organisation != lifting.practice:
        raise _not_lifted("another practice registered it", "ask that practice, or the guardian")
    was = registration_of(before)
    left = replace(
        was,
        flagged=was.flagged and not lifting.flag,
        correspondence=None if lifting.letters else was.correspondence,
        reason=lifting.reason,
        asked_by=lifting.asked_by,
    )
    return _register(unit, left, effects_read=effects_read, by=by, at=at, practice=lifting.practice)


def _newest(kept: Sequence[ProtectionRecord], practice: OrganisationId) -> ProtectionRecord | None:
    return next((record for record in reversed(kept) if record.practice == practice), None)


def _has_letters(before: ProtectionRecord | None, today: date) -> bool:
    """Return whether an address for letters holds on a day or will."""
    last = read_day(before.last) if before else None
    return before is not None and bool(before.postcode) and (last is None or today <= last)


def _shortens(before: ProtectionRecord, period: Period, today: date) -> bool:
    """Return whether a flag covers a day from today on that the new period does not."""
    first, last = read_day(before.first), read_day(before.last)
    if not before.flagged or (last is not None and last < today):
        return False
    begins = today if first is None else max(today, first)
    if not period.covers(begins):
        return True
    return period.last is not None and (last is None or period.last < last)


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
    in_order = sorted(records, key=lambda each: each.number)
    newest = {(record.reference, record.practice): record for record in in_order}
    hid = {
        (record.reference, record.practice)
        for record in in_order
        if record.flagged and record is not newest[record.reference, record.practice]
    }
    return tuple(
        replace(registration_of(record), hid_before=(record.reference, record.practice) in hid)
        for record in sorted(newest.values(), key=lambda each: each.number)
    )


def newest_of_each_practice(records: Sequence[ProtectionRecord]) -> tuple[ProtectionRecord, ...]:
    """Return what each practice has registered last for one person, where it still protects, latest first."""
    newest = {record.practice: record for record in sorted(records, key=lambda each: each.number)}
    still = [record for record in newest.values() if record.flagged or record.postcode]
    return tuple(sorted(still, key=lambda each: each.number, reverse=True))


def _not_lifted(why: str, next_step: str) -> Mistaken:
    return Mistaken("the protection was not lifted", why=why, next_step=next_step)


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the protection was not registered", why=why, next_step=next_step)
