"""The monthly run: what is ready goes out, what is settled is taken back, once a month and for good.

Steps of a run, each of which can stop it:
    1 debts that waited are asked about again (`ask_again`): two months may have passed, a suspension may be over
    2 the intent is in the ledger before anything is sealed (`intend_collation`); a crash leaves evidence
    3 every debt that is ready is asked about once more, now; what no longer stands stays behind
    4 the lines are put in parts and sealed to the certificate of the organisation that collates
    5 parts, their digests and every debt's entry are one transaction
    6 they are sent as packs are: only under a signed checkpoint, the same bytes at every repeat

A month is run once. A month in which nothing is ready is run too: its one part is as long as any other, so the size and
the coming of a collation tell nobody how many people there were.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from privity.agreement.in_force import InForce
from privity.agreement.version import Version
from privity.casework.debt_asking import assess_debt, assess_settlement
from privity.casework.debt_case import DebtCase
from privity.casework.debt_lifecycle import DebtStanding, moved_debt
from privity.casework.debt_records import CollationRecord
from privity.casework.debt_writing import write_debt
from privity.casework.dispatch import COLLECTED, SEALED, SENT, TO_SEND
from privity.casework.instance_records import CertificateRecord
from privity.casework.kept_out import own_words
from privity.casework.ports import Act, Agreements, SealedPack, UnitOfWork
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment
from privity.definitions.clause import CitedClause, ClauseRef
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, OrganisationId
from privity.definitions.reference import AgreementFamily, CaseReference, VersionName
from privity.disclosure.collation import Collation, CollationLine, in_parts, report_line, retraction_line
from privity.disclosure.retention import destroy_by
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_report import REPORT_SETTLEMENT, Settlement

GOING_OUT = (DebtStanding.READY, DebtStanding.TO_RETRACT)


class CollationSealer(Protocol):
    """Seals collations as packs are sealed."""

    def seal_collation(
        self, collation: Collation, certificates: Sequence[CertificateRecord], at: datetime
    ) -> SealedPack:
        """Return the sealed part.

        Raises: Unavailable: no certificate is fit for use; the run parks and nothing has left.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a month's run did. `left_behind` counts debts that were ready and no longer stand."""

    month: str
    parts: tuple[CollationRecord, ...]
    reports: int
    retractions: int
    left_behind: int


def month_of(day: date) -> str:
    """Return the month a day lies in, as `2017-03`."""
    return f"{day.year:04d}-{day.month:02d}"


def ask_again(unit: UnitOfWork, agreements: Agreements, cases: Sequence[DebtCase], *, at: datetime) -> int:
    """Ask about every debt that waited, was held, or is settled and could not be asked about; return how many moved."""
    moved = 0
    for case in cases:
        after = case
        if case.standing in (DebtStanding.WAITING, DebtStanding.HELD):
            after = assess_debt(unit, agreements, case, at=at)
        elif case.standing is DebtStanding.CHECKING_SETTLEMENT and case.purpose != REPORT_SETTLEMENT:
            after = assess_settlement(unit, agreements, case, at=at)
        moved += after.standing is not case.standing
    return moved


def intend_collation(
    unit: PublicUnit,
    agreements: Agreements,
    family: AgreementFamily,
    *,
    month: str,
    already: bool,
    by: Officer,
    at: datetime,
) -> InForce:
    """Record that a month's run is about to be sealed, and return what governs it.

    Args:   month: as `2017-03`; it must be over. already: whether the month was run before.
    Raises: Mistaken: the month is not over or was run, or no agreement is in force: then nothing leaves.
    """
    governing = agreements.governing(family, at)
    why = ""
    if month >= month_of(civil_day(at)):
        why = f"`{month}` is not over"
    elif already:
        why = f"`{month}` was run, and a month is run once"
    elif not isinstance(governing, InForce):
        why = "no agreement on reporting debts is in force now"
    if why or not isinstance(governing, InForce):
        raise Mistaken("no collation was made", why=why, next_step="run the next month when it is over")
    unit.write(
        Act(
            kind=EntryKind.COLLATION_INTENDED,
            at=at,
            by=by,
            key="instance",
            agreement=governing.version.reference,
            facts={"month": month},
        )
    )
    return governing


def collate(
    unit: UnitOfWork,
    agreements: Agreements,
    sealer: CollationSealer,
    cases: Sequence[DebtCase],
    *,
    recipient: OrganisationId,
    family: AgreementFamily,
    month: str,
    by: Officer,
    at: datetime,
) -> Run:
    """Seal a month's reports and retractions, and record each debt's.

    Args:   cases: every debt that is ready or to be taken back.
    Raises: Mistaken: no agreement is in force. Unavailable: no fit certificate; nothing is recorded and nothing left.
    """
    governing = agreements.governing(family, at)
    if not isinstance(governing, InForce):
        raise Mistaken(
            "no collation was made", why="no agreement is in force now", next_step="run it when one is in force"
        )
    asked = [_asked_now(unit, agreements, case, at) for case in cases if case.standing in GOING_OUT]
    going = {case.reference: case for case in asked if case.standing in GOING_OUT}
    today = civil_day(at)
    own = own_words(unit)
    lines = [line_of(case, own) for case in going.values() if not _never_left(case)]
    parts = in_parts(lines)
    records = []
    for number, part in enumerate(parts, start=1):
        record = sealed_part(
            unit,
            sealer,
            governing.version,
            tuple(part),
            {one for line in part for one in cited_by(going[line.reference])},
            reference=unit.new_reference(),
            recipient=recipient,
            month=month,
            place=(number, len(parts)),
            by=by,
            at=at,
        )
        records.append(record)
        for line in part:
            _gone(unit, going[line.reference], record.reference, today, at)
    for case in filter(_never_left, going.values()):
        _gone(unit, case, "", today, at)
    return Run(
        month=month,
        parts=tuple(records),
        reports=sum(not line.retracts for line in lines),
        retractions=sum(line.retracts for line in lines),
        left_behind=len(asked) - len(going),
    )


def _asked_now(unit: UnitOfWork, agreements: Agreements, case: DebtCase, at: datetime) -> DebtCase:
    if case.standing is DebtStanding.READY:
        return assess_debt(unit, agreements, case, at=at)
    # Asking moves it from being checked to being taken back, so it is put back there first.
    before = replace(case, state=moved_debt(case.state, DebtStanding.CHECKING_SETTLEMENT))
    return assess_settlement(unit, agreements, before, at=at)


def _never_left(case: DebtCase) -> bool:
    """Return whether a debt is taken back whose report stood in a part that was sealed anew without it."""
    return case.standing is DebtStanding.TO_RETRACT and not case.state.reported_in


def line_of(case: DebtCase, own: frozenset[str]) -> CollationLine:
    """Return the line of a debt that is ready, or of a report that is taken back."""
    if case.standing is DebtStanding.READY:
        return report_line(case.reference, case.report(), case.permitted())
    return retraction_line(
        case.reference,
        case.report(),
        case.permitted(),
        reported_on=date.fromisoformat(case.state.reported_on),
        settled_on=date.fromisoformat(case.state.settled_on),
        how=Settlement(case.state.settled_how),
        own=own,
    )


def sealed_part(
    unit: UnitOfWork,
    sealer: CollationSealer,
    version: Version,
    lines: tuple[CollationLine, ...],
    cited: set[CitedClause],
    *,
    reference: CaseReference,
    recipient: OrganisationId,
    month: str,
    place: tuple[int, int],
    by: Officer,
    at: datetime,
) -> CollationRecord:
    """Seal one part of a month and record it; `place` is its number, and how many there are.

    Args:   cited: the clauses on which its lines stand.

    Raises: Unavailable: no fit certificate.
    """
    today = civil_day(at)
    collation = Collation(
        reference=reference,
        recipient=recipient,
        month=month,
        part=place[0],
        parts=place[1],
        agreement=version.reference,
        clauses=tuple(sorted(cited, key=lambda one: one.ref)),
        made_on=today,
        delete_by=destroy_by(today, version.retention_days),
        lines=lines,
    )
    sealed = sealer.seal_collation(collation, unit.certificates(recipient), at)
    record = _sealed_record(collation, sealed, version, at=at)
    unit.write(
        Act(
            kind=EntryKind.COLLATION_SEALED,
            at=at,
            by=by,
            key=record.reference,
            records=(record,),
            organisation=recipient,
            agreement=version.reference,
            clauses=tuple(sorted({one.ref.clause for one in cited})),
            facts={
                "month": month,
                "part": record.part,
                "parts": record.parts,
                "reports": record.reports,
                "retractions": record.retractions,
                "pack_digest": sealed.sha256,
                "pack_bytes": len(sealed.sealed),
            },
            sealed=sealed.sealed,
        )
    )
    return record


def _sealed_record(collation: Collation, sealed: SealedPack, version: Version, *, at: datetime) -> CollationRecord:
    """Return the row of a part that was just sealed and has not been sent."""
    return CollationRecord(
        reference=collation.reference,
        organisation=collation.recipient,
        month=collation.month,
        part=collation.part,
        parts=collation.parts,
        reports=len(collation.reports),
        retractions=len(collation.retractions),
        version=version.reference,
        sha256=sealed.sha256,
        size=len(sealed.sealed),
        recipient_sha256=sealed.recipient_sha256,
        sealed_at=moment(at),
        delete_by=collation.delete_by.isoformat(),
        state=SEALED,
        attempts=0,
        sent_at="",
        collected_at="",
        collected_by="",
        receipt="",
    )


def cited_by(case: DebtCase) -> tuple[CitedClause, ...]:
    """Return the clauses that the newest assessment of a debt cites."""
    newest = case.assessments[-1]
    family, _, version = newest.version.partition("@")
    return tuple(
        CitedClause(
            ref=ClauseRef(family=AgreementFamily(family), version=VersionName(version), clause=one["clause"]),
            says=one["says"],
        )
        for one in json.loads(newest.cited)
    )


def _gone(unit: UnitOfWork, case: DebtCase, part: str, today: date, at: datetime) -> None:
    """Record that a debt went out, or was taken back, in a sealed part; in none where its report never left."""
    on = today.isoformat()
    if case.standing is DebtStanding.READY:
        kind = EntryKind.DEBT_REPORTED
        state = moved_debt(case.state, DebtStanding.REPORTED, reported_on=on, reported_in=part)
    else:
        kind = EntryKind.DEBT_RETRACTED
        state = moved_debt(case.state, DebtStanding.RETRACTED, retracted_on=on, retracted_in=part)
    write_debt(unit, case, kind, (state,), at=at, cited=cited_by(case))


def mark_collation_sent(
    unit: UnitOfWork, record: CollationRecord, *, at: datetime, receipt: str = ""
) -> CollationRecord:
    """Record that a transport took a part; a repeat changes nothing."""
    if record.state not in TO_SEND:
        return record
    marked = replace(record, state=SENT, attempts=record.attempts + 1, sent_at=moment(at), receipt=receipt)
    _mark(unit, marked, EntryKind.COLLATION_SENT, GATEWAY, at)
    return marked


def acknowledge_collation(
    unit: UnitOfWork, record: CollationRecord, cases: Sequence[DebtCase], *, by: Officer, at: datetime
) -> CollationRecord:
    """Record that the recipient has a part, and with it every report taken back in it; a repeat changes nothing.

    Args:   cases: the debts taken back in the part. by: somebody of the recipient, or the gateway where a mailbox that
            two people enrolled acknowledged.
    Raises: Mistaken: it was not sent, or is another organisation's.
    """
    if record.state == COLLECTED:
        return record
    theirs = by.organisation == record.organisation or by is GATEWAY
    if record.state != SENT or not theirs:
        raise Mistaken(
            "the receipt was not recorded",
            why="nothing was sent to you that is not collected",
            next_step="look again when the month's collation has been sent",
        )
    marked = replace(record, state=COLLECTED, collected_at=moment(at), collected_by=by.staff_id)
    _mark(unit, marked, EntryKind.COLLATION_COLLECTED, by, at)
    for case in cases:
        if case.standing is DebtStanding.RETRACTED and case.state.retracted_in == record.reference:
            state = moved_debt(case.state, DebtStanding.ACKNOWLEDGED, acknowledged_on=civil_day(at).isoformat())
            write_debt(unit, case, EntryKind.DEBT_ACKNOWLEDGED, (state,), by=by, at=at)
    return marked


def _mark(unit: UnitOfWork, marked: CollationRecord, kind: EntryKind, by: Officer, at: datetime) -> None:
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=marked.reference,
            records=(marked,),
            organisation=OrganisationId(marked.organisation),
            agreement=marked.version,
            facts={"pack_digest": marked.sha256},
        )
    )
