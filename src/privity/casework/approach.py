"""Bodies without an agreement: they are refused with the reason, and that they asked is on record and counted.

Somebody at a practice or at the custodian reports it, or the gateway itself, when an account whose body asks under no
agreement tries. Names the body and what it wanted; the person it asked about is named nowhere.
Source: S3: officials asked a practice to hand a deportation notice to a patient.
"""

from datetime import datetime
from enum import StrEnum

from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import moment
from privity.casework.watch_records import ApproachRecord
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

APPROACHES = "approaches"
NO_AGREEMENT = "no-agreement"
LONGEST_BODY = 120


class AskedFor(StrEnum):
    """What a body without an agreement wanted."""

    DETAILS = "details"
    """Somebody's address or other details."""
    NOTICE = "notice"
    """That a notice or letter be handed to somebody, e.g. of deportation."""
    PRESENCE = "presence"
    """To know whether somebody is registered or expected."""
    OTHER = "other"
    """Something else about somebody."""

    @property
    def words(self) -> str:
        """Return it in plain words."""
        return _WORDS[self]


class Channel(StrEnum):
    """How it asked."""

    TELEPHONE = "telephone"
    """By telephone."""
    LETTER = "letter"
    """By letter or e-mail."""
    IN_PERSON = "in-person"
    """Somebody came."""
    GATEWAY = "gateway"
    """Through an account of this gateway."""

    @property
    def words(self) -> str:
        """Return it in plain words."""
        return _CHANNELS[self]


_WORDS = {
    AskedFor.DETAILS: "somebody’s address or other details",
    AskedFor.NOTICE: "that a notice or letter be handed to somebody",
    AskedFor.PRESENCE: "whether somebody is registered or expected",
    AskedFor.OTHER: "something else about somebody",
}
_CHANNELS = {
    Channel.TELEPHONE: "by telephone",
    Channel.LETTER: "by letter or e-mail",
    Channel.IN_PERSON: "in person",
    Channel.GATEWAY: "through this gateway",
}


def refuse_approach(
    unit: UnitOfWork, *, body: str, asked_for: AskedFor, channel: Channel, by: Officer, at: datetime
) -> ApproachRecord:
    """Put on record that a body without an agreement asked, and was refused.

    Raises: Mistaken: the body is not named, or with too many letters.
    """
    if not 0 < len(body.strip()) <= LONGEST_BODY:
        raise Mistaken(
            "the approach was not recorded",
            why=f"the name of the body is missing, or has more than {LONGEST_BODY} characters",
            next_step="write which body asked; name nobody it asked about",
        )
    record = ApproachRecord(
        reference=APPROACHES,
        number=len(unit.held(ApproachRecord, APPROACHES)) + 1,
        at=moment(at),
        body=" ".join(body.split()),
        asked_for=asked_for.value,
        channel=channel.value,
        told_by=by.staff_id,
        asked_of=by.organisation,
    )
    unit.write(
        Act(
            kind=EntryKind.APPROACH_REFUSED,
            at=at,
            by=by,
            key=APPROACHES,
            records=(record,),
            facts={"reason": NO_AGREEMENT, "channel": channel.value},
        )
    )
    return record


def no_agreement() -> Mistaken:
    """Return what a body without an agreement is told."""
    return Mistaken(
        "the request was refused",
        why="no agreement with your organisation is published, so nothing may be asked here",
        next_step="write to the department, which brokers agreements; that you asked has been recorded and counted",
    )
