"""Officers under the ledger: enrolled, trusted with a role, reset, linked, signed out, closed.

Rules of the module:
- What gives somebody more (a role, new credentials, a way to sign in) follows a confirmed proposal; `enrol` is the
  same act for the first administrators, before there are two who could propose and confirm.
- What takes away (role, account, sessions) one administrator does alone, and it holds for the very next request.
- The ledger says the role and the organisation; the name is a commitment.
"""

import re
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from privity.casework.account_records import OfficerRecord, Standing
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

MOST_NAME = 100
LONGEST_LINK = 255
_STAFF_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}")
_WHERE = {
    Role.DISCLOSURE_OFFICER: True,
    Role.GUARDIAN: True,
    Role.ADMINISTRATOR: True,
    Role.OVERSEAS_VISITOR_OFFICER: True,
    Role.AUDITOR: None,
    Role.DEPARTMENT: None,
    Role.REQUESTING_OFFICER: False,
    Role.GP_PRACTICE: False,
}
"""Whether a role is for the custodian's people (true), for others (false), or for either."""
CUSTODIAN = OrganisationId("custodian")


class Reason(StrEnum):
    """Why something was taken away from somebody."""

    LEFT = "left"
    """The person has left."""
    MOVED = "moved"
    """The person has other work now."""
    LOST = "lost"
    """A device or a password was lost or may be known to others."""
    MISUSE = "misuse"
    """The person did with it what they must not."""
    MISTAKE = "mistake"
    """It should not have been given."""


def may_be_held(role: Role, organisation: str) -> bool:
    """Return whether somebody of an organisation can have a role at all."""
    return role in _WHERE and _WHERE[role] in (None, organisation == CUSTODIAN)


def must_be_fit(staff_id: str, *, name: str, organisation: str, role: Role) -> None:
    """Raise unless somebody like this could be an officer.

    Raises: Mistaken: an identifier, name or role that cannot be.
    """
    if not _STAFF_ID.fullmatch(staff_id):
        raise _refused("the staff identifier is not 2 to 60 letters, digits, dots, dashes", "choose one like `j.smith`")
    if not 0 < len(name.strip()) <= MOST_NAME:
        raise _refused(f"the name is empty or longer than {MOST_NAME} characters", "give the person's name")
    if role not in _WHERE:
        raise _refused("the gateway's own role is nobody's", "choose another role")
    if not may_be_held(role, organisation):
        whose = "the custodian's own people" if _WHERE[role] else "people of other organisations"
        raise _refused(f"the role `{role.value}` is for {whose}", "choose another role or organisation")


def must_be_a_link(issuer: str, subject: str) -> None:
    """Raise unless these can be an issuer and a subject.

    Raises: Mistaken: they cannot.
    """
    if not issuer.startswith("https://") or len(issuer) > LONGEST_LINK or not 0 < len(subject) <= LONGEST_LINK:
        raise _refused("an issuer is an `https://` address and a subject 1 to 255 characters", "copy both from there")
    if not (issuer + subject).isprintable():
        raise _refused("an issuer and a subject have no hidden characters", "copy both again")


def enrol(unit: PublicUnit, officer: Officer, *, rank: str, by: Officer, at: datetime) -> OfficerRecord:
    """Enrol somebody who is not, with a role.

    Raises: Mistaken: enrolled already, or somebody who cannot be an officer.
    """
    must_be_fit(officer.staff_id, name=officer.name, organisation=officer.organisation, role=officer.role)
    if unit.kept(OfficerRecord, officer.staff_id):
        raise _refused("somebody with that staff identifier is enrolled", "grant that person a role instead")
    record = OfficerRecord(
        reference=officer.staff_id,
        name=officer.name,
        organisation=officer.organisation,
        role=officer.role.value,
        rank=rank,
        standing=Standing.OPEN.value,
        sessions=0,
        factors=0,
    )
    _write(unit, record, EntryKind.OFFICER_ENROLLED, by, at, outcome=record.role)
    _write(unit, record, EntryKind.ROLE_GRANTED, by, at, outcome=record.role)
    return record


def grant(unit: PublicUnit, staff_id: str, role: Role, *, rank: str, by: Officer, at: datetime) -> OfficerRecord:
    """Trust somebody who is enrolled with a role, in place of the one before; opens a closed account again.

    Raises: Mistaken: not enrolled, or the role is for others.
    """
    record = enrolled(unit, staff_id)
    must_be_fit(staff_id, name=record.name, organisation=record.organisation, role=role)
    granted = replace(record, role=role.value, rank=rank, standing=Standing.OPEN.value, sessions=record.sessions + 1)
    _write(unit, granted, EntryKind.ROLE_GRANTED, by, at, outcome=role.value)
    return granted


def reset(unit: PublicUnit, staff_id: str, *, by: Officer, at: datetime) -> OfficerRecord:
    """Make void whatever somebody proves themselves with, and end every session.

    Raises: Mistaken: not enrolled.
    """
    record = enrolled(unit, staff_id)
    voided = replace(record, factors=record.factors + 1, sessions=record.sessions + 1)
    _write(unit, voided, EntryKind.FACTOR_RESET, by, at)
    return voided


def link(unit: PublicUnit, staff_id: str, *, issuer: str, subject: str, by: Officer, at: datetime) -> OfficerRecord:
    """Say who somebody is at their organisation's own sign-on.

    Raises: Mistaken: not enrolled, or issuer and subject are not both given.
    """
    must_be_a_link(issuer, subject)
    linked = replace(enrolled(unit, staff_id), issuer=issuer, subject=subject)
    _write(unit, linked, EntryKind.OFFICER_LINKED, by, at)
    return linked


def end_sessions(unit: PublicUnit, staff_id: str, *, by: Officer, at: datetime) -> OfficerRecord:
    """End every session of somebody at once.

    Raises: Mistaken: not enrolled.
    """
    record = enrolled(unit, staff_id)
    ended = replace(record, sessions=record.sessions + 1)
    _write(unit, ended, EntryKind.OFFICER_SIGNED_OUT, by, at)
    return ended


def close(unit: PublicUnit, staff_id: str, *, reason: Reason, by: Officer, at: datetime) -> OfficerRecord:
    """Close somebody's account at once.

    Raises: Mistaken: not enrolled, or closed already.
    """
    return _shut(unit, staff_id, Standing.CLOSED, EntryKind.OFFICER_CLOSED, reason, by, at)


def revoke(unit: PublicUnit, staff_id: str, *, reason: Reason, by: Officer, at: datetime) -> OfficerRecord:
    """Take somebody's role away at once.

    Raises: Mistaken: not enrolled, or without a role already.
    """
    return _shut(unit, staff_id, Standing.WITHOUT_ROLE, EntryKind.ROLE_REVOKED, reason, by, at)


def factor_enrolled(unit: PublicUnit, staff_id: str, kind: str, *, at: datetime) -> None:
    """Put on record that somebody enrolled a second factor.

    Args:   kind: a word.
    Raises: Mistaken: not enrolled.
    """
    record = enrolled(unit, staff_id)
    _write(unit, record, EntryKind.FACTOR_ENROLLED, officer_of(record), at, facts={"factor": kind})


def enrolled(unit: PublicUnit, staff_id: str) -> OfficerRecord:
    """Return somebody's record.

    Raises: Mistaken: not enrolled.
    """
    found = unit.kept(OfficerRecord, staff_id)
    if not found:
        raise _refused(f"nobody with the staff identifier `{staff_id}` is enrolled", "check the identifier")
    return found[0]


def officer_of(record: OfficerRecord) -> Officer:
    """Return the officer of a record."""
    return Officer(
        staff_id=StaffId(record.reference),
        name=record.name,
        organisation=OrganisationId(record.organisation),
        role=Role(record.role),
    )


def _shut(
    unit: PublicUnit, staff_id: str, standing: Standing, kind: EntryKind, reason: Reason, by: Officer, at: datetime
) -> OfficerRecord:
    record = enrolled(unit, staff_id)
    if record.standing == standing.value or (record.standing == Standing.CLOSED.value):
        raise _refused("it was taken away already", "look at the person's page")
    shut = replace(record, standing=standing.value, sessions=record.sessions + 1)
    _write(unit, shut, kind, by, at, outcome=record.role, facts={"reason": reason.value})
    return shut


def _write(
    unit: PublicUnit,
    record: OfficerRecord,
    kind: EntryKind,
    by: Officer,
    at: datetime,
    *,
    outcome: str = "",
    facts: dict[str, str | int | bool] | None = None,
) -> None:
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=f"{OfficerRecord.table}:{record.reference}",
            records=(record,),
            organisation=OrganisationId(record.organisation),
            outcome=outcome,
            facts=facts,
        )
    )


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was changed", why=why, next_step=next_step)
