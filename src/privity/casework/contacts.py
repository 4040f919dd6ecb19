"""Where an organisation is told that something waits: a mailbox, set by an administrator and on record.

A mail names nobody, so one person may set it; but whoever reads the mailbox learns when an organisation asks and is
answered, so that the change is in the ledger with the person who made it.
"""

import re
from datetime import datetime

from privity.casework.instance_records import ContactRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment
from privity.definitions.party import Officer, OrganisationId
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")


def is_mailbox(address: str) -> bool:
    """Return whether a text is one mail address in plain letters."""
    return len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None and ".." not in address


def set_contact(
    unit: PublicUnit, organisation: OrganisationId, address: str, *, by: Officer, at: datetime
) -> ContactRecord:
    """Record where an organisation is told; an empty address ends it. Events from here on are told there.

    Raises: Mistaken: it is no mail address, or there is nothing to end.
    """
    wanted = address.strip()
    if wanted and not is_mailbox(wanted):
        raise _refused("it is no mail address in plain letters", "give one mailbox, like `tracing@police.example`")
    before = next(iter(unit.kept(ContactRecord, organisation)), None)
    if not wanted and (before is None or not before.address):
        raise _refused("no mailbox is set for it", "look at the list of mailboxes")
    # A changed address does not tell the new mailbox of everything the old one was told.
    record = ContactRecord(reference=organisation, address=wanted, since=moment(at), set_by=by.staff_id)
    unit.write(
        Act(
            kind=EntryKind.ORGANISATION_TOLD_AT,
            at=at,
            by=by,
            key=f"organisation:{organisation}",
            records=(record,),
            organisation=organisation,
        )
    )
    return record


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("no mailbox was set", why=why, next_step=next_step)
