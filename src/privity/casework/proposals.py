"""Two people: what one puts forward, another confirms. The two are never the same, nor the person it is about.

Rules of the module:
- A proposal changes nothing. What it would change is written down whole, and that is what is confirmed.
- A proposal is good for seven days; after that it can only be withdrawn.
- Both people are proven: who acts here has signed in. The names are in the record, the roles in the ledger.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from privity.casework.account_records import Change, Outcome, ProposalRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_moment
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

GOOD_FOR = timedelta(days=7)
_IDENTIFIER = re.compile(r"[0-9a-f]{32}")


def propose(
    unit: PublicUnit,
    identifier: str,
    change: Change,
    about: str,
    content: Mapping[str, str],
    *,
    by: Officer,
    at: datetime,
) -> ProposalRecord:
    """Put a change forward.

    Args:   identifier: 32 random hexadecimal digits, unused. about: a staff identifier, organisation or family.
    Raises: Mistaken: somebody puts forward a change of themselves.
    """
    if not _IDENTIFIER.fullmatch(identifier) or unit.kept(ProposalRecord, identifier):
        raise _refused("its identifier is none, or is used already", "try again")
    if change.is_about_a_person and about == by.staff_id:
        raise _refused("nobody puts forward a change of themselves", "ask another administrator")
    record = ProposalRecord(
        reference=identifier,
        change=change.value,
        about=about,
        content=canonical(dict(content)),
        proposed_by=by.staff_id,
        proposed_at=moment(at),
        ended_by="",
        ended_at="",
        outcome=Outcome.WAITING.value,
    )
    _write(unit, record, EntryKind.PROPOSAL_MADE, by, at)
    return record


def proposal(unit: PublicUnit, identifier: str) -> ProposalRecord:
    """Return a proposal.

    Raises: Mistaken: there is none of that name.
    """
    found = unit.kept(ProposalRecord, identifier)
    if not found:
        raise _refused("there is no such proposal", "look at the list of what waits")
    return found[0]


def confirm(unit: PublicUnit, identifier: str, *, by: Officer, at: datetime) -> ProposalRecord:
    """Confirm what somebody else put forward and return it; the caller does what it says, in the same transaction.

    Raises: Mistaken: it is decided or too old, or the person put it forward or is who it is about.
    """
    record = _waiting(unit, identifier)
    if by.staff_id == record.proposed_by:
        raise _refused("whoever put it forward cannot confirm it", "ask a second person, who looks at it afresh")
    if Change(record.change).is_about_a_person and by.staff_id == record.about:
        raise _refused("nobody confirms a change of themselves", "ask another administrator")
    if at > read_moment(record.proposed_at) + GOOD_FOR:
        raise _refused("it was put forward more than seven days ago", "withdraw it and put it forward again")
    return _end(unit, record, Outcome.CONFIRMED, by, at)


def withdraw(unit: PublicUnit, identifier: str, *, by: Officer, at: datetime) -> ProposalRecord:
    """Take a proposal back, or say no to it: nothing changes.

    Raises: Mistaken: it is decided already.
    """
    return _end(unit, _waiting(unit, identifier), Outcome.WITHDRAWN, by, at)


def content_of(record: ProposalRecord) -> dict[str, str]:
    """Return what a proposal would change, as its second person saw it."""
    read: dict[str, str] = json.loads(record.content)
    return read


def _waiting(unit: PublicUnit, identifier: str) -> ProposalRecord:
    record = proposal(unit, identifier)
    if record.outcome != Outcome.WAITING.value:
        raise _refused(f"it is `{record.outcome}` already", "look at the list of what waits")
    return record


def _end(unit: PublicUnit, record: ProposalRecord, outcome: Outcome, by: Officer, at: datetime) -> ProposalRecord:
    ended = replace(record, ended_by=by.staff_id, ended_at=moment(at), outcome=outcome.value)
    _write(unit, ended, EntryKind.PROPOSAL_ENDED, by, at)
    return ended


def _write(unit: PublicUnit, record: ProposalRecord, kind: EntryKind, by: Officer, at: datetime) -> None:
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=f"{ProposalRecord.table}:{record.reference}",
            records=(record,),
            organisation=by.organisation,
            outcome=record.outcome,
            facts={"change": record.change},
        )
    )


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was changed", why=why, next_step=next_step)
