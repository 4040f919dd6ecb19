"""Letting the least data go: intent on record, everything asked once more, sealed, and into the outbox.

Steps of a release, each of which can stop it:
    1 the intent is in the ledger before anything is read or sealed (`intend`); a crash leaves evidence
    2 the agreement in force *now* is asked again, with the judgements made under it
    3 the record two people identified is read, with their permit
    4 the least is taken from it: nothing that was not asked for, permitted and needed
    5 it is sealed to the requester's certificate; without a fit one the release parks
    6 the sealed bytes, their digest and the outbox row are one transaction with the ledger entry
    7 it is sent only when that entry stands under a signed checkpoint (`casework.dispatch`)
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from privity.agreement.in_force import InForce
from privity.agreement.version import Version
from privity.casework.assess import ask_version, assess_case, gateway_facts
from privity.casework.case_file import CaseFile, read_particulars
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import READY, Status, moved
from privity.casework.permits import ORDERED, PERMITTED, identity_permit, purpose_clauses
from privity.casework.ports import Agreements, Gateway, SealedPack, UnitOfWork
from privity.casework.record import Record, canonical, moment
from privity.casework.records import DestructionRecord, OutboxRecord, PackRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.minimise import least
from privity.disclosure.pack import NO_TRACE, Answer, Outcome, Pack, answer_from
from privity.disclosure.retention import destroy_by
from privity.errors import Mistaken
from privity.ledger.entry import EntryKind

CONDITIONS_OF_USE = (
    "Use this for the purpose named here and for no other; another purpose needs a new request.",
    "Keep it to those who need it for that purpose.",
    "Destroy it by the date given, and confirm that you have.",
)
"""What every answer binds its reader to (domain.md 7: purpose binding, retention)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The case may no longer be released as it was approved; where it went instead."""

    status: Status


def intend(
    unit: UnitOfWork, agreements: Agreements, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Record the intent to answer a case, after asking the agreement in force once more.

    Returns: the case, or where it went because the agreement no longer permits what was approved.
    Raises:  Mistaken: the case is not ready to be answered.
    """
    file = unit.case(reference)
    if file.status not in READY:
        raise Mistaken(
            "nothing was released",
            why=f"the case is `{file.status.value}`",
            next_step="judge purpose and identity first",
        )
    if not still_stands(unit, file, agreements, at):
        return Parked(status=assess_case(unit, agreements, reference, at=at).status)
    return write_act(
        unit,
        file,
        EntryKind.DISCLOSURE_INTENDED,
        at=at,
        by=by,
        words="The answer is about to be sealed.",
        outcome=file.status.value,
    )


def still_stands(unit: UnitOfWork, file: CaseFile, agreements: Agreements, at: datetime) -> bool:
    """Return whether the agreement in force now permits what was approved, on the same version."""
    governing = agreements.governing(file.family, at)
    if not isinstance(governing, InForce):
        return False
    if governing.version.reference != file.state.version:
        return False
    seen = gateway_facts(unit, file, governing.version, at)
    return ask_version(file, governing, seen).standing.value in (PERMITTED, ORDERED)


def release(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Seal the answer to a case and put it into the outbox.

    Raises: Mistaken: the case is not ready, or its intent is not on record. Unavailable: the register or a
            fit certificate is not there; the case stays ready and nothing has left.
    """
    file = unit.case(reference)
    if file.status not in READY or not _is_intended(file):
        raise Mistaken(
            "nothing was released",
            why=f"the case is `{file.status.value}` and the intent to answer it is not on record",
            next_step="record the intent first, then release",
        )
    governing = gateway.agreements.governing(file.family, at)
    if not isinstance(governing, InForce) or not still_stands(unit, file, gateway.agreements, at):
        return Parked(status=assess_case(unit, gateway.agreements, reference, at=at).status)
    answer = _answer(gateway, file)
    if file.status is Status.IDENTIFIED and answer.outcome is Outcome.NO_TRACE:
        return _guarded(unit, file, at)
    today = civil_day(at)
    pack = _pack(file, governing.version, answer, today)
    sealed = gateway.sealer.seal(pack, unit.certificates(file.organisation), at)
    records = _sealed_records(file, pack, sealed, at)
    return write_act(
        unit,
        file,
        EntryKind.PACK_SEALED,
        at=at,
        by=by,
        words="The answer was sealed to the requester's certificate and put into the outbox.",
        records=records,
        facts={"pack_digest": sealed.sha256, "pack_bytes": len(sealed.sealed)},
        sealed=sealed.sealed,
    )


def _is_intended(file: CaseFile) -> bool:
    """Return whether the intent is on record since the case came to stand where it stands."""
    since = takewhile(lambda line: line.status == file.state.status, reversed(file.history))
    return any(line.kind == EntryKind.DISCLOSURE_INTENDED.value for line in since)


def _answer(gateway: Gateway, file: CaseFile) -> Answer:
    """Return the least data of the identified record, or no trace where nobody was identified."""
    if file.status is not Status.IDENTIFIED:
        return NO_TRACE
    permit = identity_permit(file, IDENTITY_QUESTION)
    return answer_from(least(permit, gateway.register.record(permit), sought=read_particulars(file.request)))


def _sealed_records(file: CaseFile, pack: Pack, sealed: SealedPack, at: datetime) -> list[Record]:
    """Return what a sealed answer writes: the pack, the outbox, the state, and when it must be destroyed."""
    reference = file.opening.reference
    disclosed = pack.answer.outcome is Outcome.DISCLOSED
    return [
        PackRecord(
            reference=reference,
            sealed_at=moment(at),
            answer=pack.answer.outcome.value,
            items=canonical([released.item.value for released in pack.answer.items]),
            version=file.state.version,
            sha256=sealed.sha256,
            size=len(sealed.sealed),
            recipient_sha256=sealed.recipient_sha256,
            destroy_by=pack.destroy_by.isoformat(),
        ),
        OutboxRecord(
            reference=reference,
            organisation=file.opening.organisation,
            sha256=sealed.sha256,
            state="sealed",
            attempts=0,
            sent_at="",
            collected_at="",
        ),
        DestructionRecord(
            reference=reference,
            due=pack.destroy_by.isoformat(),
            confirmed_on="",
            method="",
            stated_by="",
            statement_sha256="",
        ),
        moved(file.state, Status.SEALED if disclosed else Status.UNTRACED, on=civil_day(at)),
    ]


def _guarded(unit: UnitOfWork, file: CaseFile, at: datetime) -> CaseFile:
    """Turn a release that would hold nothing (the record is protected now) into an answer of no trace."""
    return write_act(
        unit,
        file,
        EntryKind.IDENTITY_DECIDED,
        at=at,
        by=GATEWAY,
        words="Nothing of the record may leave: the case is answered as no trace and the guardian is told.",
        records=(moved(file.state, Status.UNIDENTIFIED, on=civil_day(at)),),
        outcome=Status.UNIDENTIFIED.value,
    )


def _pack(file: CaseFile, version: Version, answer: Answer, today: date) -> Pack:
    purposes = dict(version.vocabulary.purposes)
    purpose = file.tracing_request().purpose
    return Pack(
        case=file.reference,
        requester=file.organisation,
        requester_reference=file.opening.requester_reference,
        agreement=file.state.version,
        clauses=purpose_clauses(file),
        purpose=purposes.get(purpose, purpose),
        conditions=(*CONDITIONS_OF_USE, version.retention.words),
        released_on=today,
        destroy_by=destroy_by(today, version.retention_days),
        answer=answer,
    )
