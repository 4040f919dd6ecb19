"""Forwarding a letter instead of an address: drafted by one person, read and posted by another.

Rules of the act:
- The address never leaves the custodian. It stands on the envelope and nowhere else.
- Two people: whoever wrote the letter does not post it.
- The requester learns that a letter was forwarded, sealed like every other answer, and nothing of where to.
- Somebody else at the address may open a letter: it names no crime, no care and no reason.

Source: domain.md 2.1 (letter forwarding: the address never leaves, the best minimisation pattern).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile
from privity.casework.correspond import said
from privity.casework.lifecycle import Status, moved, touched
from privity.casework.ports import Gateway, UnitOfWork
from privity.casework.record import moment
from privity.casework.records import LetterRecord
from privity.casework.screen import Parked, look, still_stands
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.person import Address
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken, RefusedOnRecord
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands on the envelope. The representation hides it."""

    name: str
    address: Address
    is_for_letters: bool
    """Whether it is the address a practice registered for letters, rather than the home."""

    def __repr__(self) -> str:
        return "Envelope(hidden)"


def draft_letter(unit: UnitOfWork, reference: CaseReference, *, words: str, by: Officer, at: datetime) -> CaseFile:
    """Write the letter, or write it anew while nobody has posted it.

    Raises: Mistaken: the case forwards no letter, or there are no words.
    """
    file = _forwarding(unit, reference)
    record = LetterRecord(
        reference=file.opening.reference,
        number=1,
        drafted_at=moment(at),
        drafted_by=by.staff_id,
        words=said(words),
        forwarded_at="",
        forwarded_by="",
    )
    return write_act(
        unit,
        file,
        EntryKind.LETTER_DRAFTED,
        at=at,
        by=by,
        words="A letter to the person was drafted; a second person reads and posts it.",
        records=(record, touched(file.state)),
    )


def show_envelope(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> Envelope:
    """Return where the letter goes, for the person who posts it, and put the reading on record.

    Raises: Mistaken: there is no letter, or they wrote it; then the register is not read.
            RefusedOnRecord: there is nowhere it could go; nothing is shown then.
    """
    file = _forwarding(unit, reference)
    _must_be_another(file, by)
    return _envelope(unit, gateway, file, by=by, at=at)[1]


def forward_letter(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Record that a second person read the letter and posted it.

    Returns: the case, or where it went because the agreement no longer stands.
    Raises:  Mistaken: there is no letter, or the same person wrote it; then the register is not read.
             RefusedOnRecord: the record is protected now, or there is nowhere the letter could go.
    """
    file = _forwarding(unit, reference)
    letter = _must_be_another(file, by)
    if not still_stands(unit, file, gateway.agreements, at):
        return Parked(status=assess_case(unit, gateway.agreements, reference, at=at).status)
    file, _ = _envelope(unit, gateway, file, by=by, at=at)
    posted = replace(letter, forwarded_at=moment(at), forwarded_by=by.staff_id)
    return write_act(
        unit,
        file,
        EntryKind.LETTER_FORWARDED,
        at=at,
        by=by,
        words="The letter was read by a second person and posted. The address stayed here.",
        records=(posted, moved(file.state, Status.FORWARDED, on=civil_day(at))),
        outcome="letter-forwarded",
    )


def return_to_guardian(unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime) -> CaseFile:
    """Give a case whose letter cannot go, or should not, back to the guardian.

    Raises: Mistaken: the case forwards no letter.
    """
    file = _forwarding(unit, reference)
    return write_act(
        unit,
        file,
        EntryKind.CASE_REFERRED,
        at=at,
        by=by,
        words="The letter was not sent: the guardian decides.",
        records=(moved(file.state, Status.HARM_REVIEW, on=civil_day(at)),),
        facts={"to": "guardian"},
    )


def _forwarding(unit: UnitOfWork, reference: CaseReference) -> CaseFile:
    file = unit.case(reference)
    if file.status is not Status.FORWARDING:
        raise _refused(f"the case is `{file.status.value}`", "look at the case again: somebody may have acted on it")
    return file


def _must_be_another(file: CaseFile, by: Officer) -> LetterRecord:
    letter = file.draft
    if letter is None or letter.forwarded_at:
        raise _refused("there is no letter waiting to be posted", "draft the letter first")
    if letter.drafted_by == by.staff_id:
        raise _refused("you wrote it, and a second person reads and posts it", "leave it to a colleague")
    return letter


def _envelope(
    unit: UnitOfWork, gateway: Gateway, file: CaseFile, *, by: Officer, at: datetime
) -> tuple[CaseFile, Envelope]:
    """Read, on record, where the letter goes: to the address for letters, else home.

    Raises: RefusedOnRecord: the record is protected now, the person has died, or there is no address.
    """
    record = look(unit, gateway, file, at=at).record
    file = write_act(
        unit,
        file,
        EntryKind.REGISTER_READ,
        at=at,
        by=by,
        words="The record was read for the envelope of the letter.",
        facts={"reads": 1},
    )
    letters = record.correspondence or record.residence
    if record.sensitive or record.deceased_on is not None or letters is None:
        raise RefusedOnRecord(
            "no letter was forwarded",
            why="the record no longer lets a letter go",
            next_step="give the case back to the guardian",
        )
    name = " ".join(part for part in (record.given_name, record.family_name) if part)
    return file, Envelope(name=name, address=letters, is_for_letters=record.correspondence is not None)


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("no letter was forwarded", why=why, next_step=next_step)
