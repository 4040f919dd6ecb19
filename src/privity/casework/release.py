"""Letting the least data go: intent on record, everything asked once more, sealed, and into the outbox.

Steps of a release, each of which can stop it:
    1 the intent is in the ledger before anything is read or sealed (`intend`); a crash leaves evidence
    2 the agreement in force *now* is asked again, with the judgements made under it
    3 the record two people identified is read, with their permit, and the safety screen must still be true of it
    4 the least is taken from it: nothing that was not asked for, permitted and needed
    5 it is sealed to the requester's certificate; without a fit one the release parks
    6 the sealed bytes, their digest and the outbox row are one transaction with the ledger entry
    7 it is sent only when that entry stands under a signed checkpoint (`casework.dispatch`)
"""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import takewhile

from privity.agreement.in_force import InForce
from privity.agreement.version import Version
from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile, read_particulars
from privity.casework.lifecycle import READY, Status, moved, touched
from privity.casework.permits import purpose_clauses
from privity.casework.ports import Agreements, Gateway, SealedPack, UnitOfWork
from privity.casework.record import Record, canonical, moment
from privity.casework.records import DestructionRecord, OutboxRecord, PackRecord
from privity.casework.screen import Looked, Parked, look, must_be_screened, must_still_hold, still_stands
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import GATEWAY, Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.minimise import least
from privity.disclosure.pack import LETTER_FORWARDED, NO_TRACE, Answer, Outcome, Pack, answer_from
from privity.disclosure.retention import destroy_by
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import british

CONDITIONS_OF_USE = (
    "Use this for the purpose named here and for no other; another purpose needs a new request.",
    "Keep it to those who need it for that purpose.",
    "Destroy it by the date given, and confirm that you have.",
)
"""What every answer binds its reader to (domain.md 7: purpose binding, retention)."""


def intend(
    unit: UnitOfWork, agreements: Agreements, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Record the intent to answer a case, after asking the agreement in force once more.

    Returns: the case, or where it went because the agreement no longer permits what was approved.
    Raises:  Mistaken: the case is not ready to be answered, or no safety screen stands.
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
    if file.status is Status.IDENTIFIED:
        must_be_screened(file, at)
    return write_act(
        unit,
        file,
        EntryKind.DISCLOSURE_INTENDED,
        at=at,
        by=by,
        words="The answer is about to be sealed.",
        outcome=file.status.value,
    )


def release(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Seal the answer to a case and put it into the outbox.

    Raises: Mistaken: the case is not ready, its intent is not on record, or its safety screen is no longer true.
            Unavailable: the register or a fit certificate is not there; the case stays ready and nothing has left.
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
    answer = _STANDING_ANSWERS.get(file.status)
    if answer is None:
        looked = look(unit, gateway, file, at=at)
        answer = answer_from(least(looked.permit, looked.record, sought=read_particulars(file.request)))
        if answer.outcome is Outcome.NO_TRACE:
            return _guarded(unit, file, looked, at)
        must_still_hold(must_be_screened(file, at), looked.sight)
    today = civil_day(at)
    pack = _pack(file, governing.version, answer, today)
    sealed = gateway.sealer.seal(pack, unit.certificates(file.organisation), at)
    records = _sealed_records(file, pack, sealed, at)
    file = write_act(
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
    return _due(unit, file, pack, sealed.sha256, at)


_STANDING_ANSWERS: Mapping[Status, Answer] = {
    Status.UNIDENTIFIED: NO_TRACE,
    Status.FORWARDED: LETTER_FORWARDED,
}
"""The answers for which no record is read."""


def _is_intended(file: CaseFile) -> bool:
    """Return whether the intent is on record since the case came to stand where it stands."""
    since = takewhile(lambda line: line.status == file.state.status, reversed(file.history))
    return any(line.kind == EntryKind.DISCLOSURE_INTENDED.value for line in since)


def _sealed_records(file: CaseFile, pack: Pack, sealed: SealedPack, at: datetime) -> list[Record]:
    """Return what a sealed answer writes: the pack, the outbox and the state."""
    reference = file.opening.reference
    found = pack.answer.outcome is not Outcome.NO_TRACE
    items = [released.item.value for released in pack.answer.items]
    if pack.answer.outcome is Outcome.FORWARDED:
        items = [DataItem.LETTER_FORWARDED.value]
    return [
        PackRecord(
            reference=reference,
            sealed_at=moment(at),
            answer=pack.answer.outcome.value,
            items=canonical(items),
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
        moved(file.state, Status.SEALED if found else Status.UNTRACED, on=civil_day(at)),
    ]


def _due(unit: UnitOfWork, file: CaseFile, pack: Pack, sha256: str, at: datetime) -> CaseFile:
    """Put on record by when the answer must be destroyed: the same words and facts whatever it says."""
    record = DestructionRecord(
        reference=file.opening.reference,
        due=pack.destroy_by.isoformat(),
        confirmed_on="",
        method="",
        stated_by="",
        statement_sha256="",
    )
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_DUE,
        at=at,
        by=GATEWAY,
        words=f"The requester must destroy the answer by {british(pack.destroy_by)} and confirm it.",
        records=(record, touched(file.state)),
        facts={"due": record.due, "pack_digest": sha256},
    )


def _guarded(unit: UnitOfWork, file: CaseFile, looked: Looked, at: datetime) -> CaseFile:
    """Stop a release that would hold nothing: a record protected now is the guardian's, another is no trace."""
    to = Status.PROTECTED if looked.sight.protected else Status.UNIDENTIFIED
    return write_act(
        unit,
        file,
        EntryKind.IDENTITY_DECIDED,
        at=at,
        by=GATEWAY,
        words=(
            "The record is protected now: nothing was sealed and the case is with the guardian."
            if to is Status.PROTECTED
            else "Nothing of the record may leave: the case is answered as no trace."
        ),
        records=(moved(file.state, to, on=civil_day(at)),),
        outcome=to.value,
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
