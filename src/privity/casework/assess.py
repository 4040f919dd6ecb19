"""Asking the agreement in force: what it permits, what it refuses, and what it leaves to people.

Steps: 1 find what governs the day, 2 ask the version, 3 set the clock, 4 move the case to whoever is next.
A suspension holds the case; no agreement refuses it; an engine error ends the transaction and nothing moves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from privity.agreement.assessment import Assessment, Standing
from privity.agreement.evaluation import assess
from privity.agreement.in_force import Held, InForce, NoAgreement, NoAgreementReason
from privity.agreement.version import Version
from privity.agreement.vocabulary import FactSource
from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status, moved
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import canonical, moment
from privity.casework.records import AssessmentRecord
from privity.casework.refusal import is_against_public_interest
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference, Slug
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Agreed
from privity.ledger.entry_kind import EntryKind
from privity.request.completeness import Missing, missing
from privity.request.due import clock
from privity.request.tracing_request import FactValue

OVERDUE_DESTRUCTIONS = "overdue_destructions"
"""The fact an agreement's vocabulary may publish as `stated_by: gateway`, a whole number."""
NO_FACTS: Mapping[str, FactValue] = MappingProxyType({})
STATUS_OF: Mapping[Standing, Status] = {
    Standing.PERMITTED: Status.APPROVED,
    Standing.ORDERED: Status.APPROVED,
    Standing.NEEDS_JUDGEMENT: Status.JUDGING_PURPOSE,
    Standing.NEEDS_RULING: Status.REFERRED,
    Standing.INCOMPLETE: Status.RETURNED,
    Standing.REFUSED: Status.REFUSED,
}
"""Where a request goes on what the agreement says of it."""
KIND_OF: Mapping[Status, EntryKind] = {
    Status.REFUSED: EntryKind.PURPOSE_DECIDED,
    Status.APPROVED: EntryKind.PURPOSE_DECIDED,
    Status.IDENTIFIED: EntryKind.PURPOSE_DECIDED,
    Status.HARM_REVIEW: EntryKind.PURPOSE_DECIDED,
    Status.FORWARDING: EntryKind.PURPOSE_DECIDED,
    Status.FORWARDED: EntryKind.PURPOSE_DECIDED,
    Status.UNIDENTIFIED: EntryKind.PURPOSE_DECIDED,
    Status.RETURNED: EntryKind.CASE_RETURNED,
    Status.REFERRED: EntryKind.CASE_REFERRED,
    Status.HELD: EntryKind.CASE_HELD,
    Status.JUDGING_PURPOSE: EntryKind.CASE_ASSESSED,
}


WITHOUT_AGREEMENT: Mapping[NoAgreementReason, str] = {
    NoAgreementReason.NOT_YET: "no agreement with this body is in force yet",
    NoAgreementReason.WITHDRAWN: "the agreement with this body was withdrawn and none is in force",
    NoAgreementReason.ENDED: "the agreement with this body ended and none is in force",
}
"""What a refusal says where nothing governs."""


def settled(file: CaseFile, version: str, questions: frozenset[str]) -> dict[Slug, bool]:
    """Return the reserved questions that two people (or the guardian) have settled under a version."""
    answers: dict[Slug, bool] = {}
    for question in questions:
        match file.consulted(Stage.PURPOSE, question, version):
            case Agreed(answer=answer):
                answers[Slug(question)] = answer
            case _:
                continue
    return answers


def judged_questions(file: CaseFile, version: str) -> frozenset[str]:
    """Return the questions anybody has given a view on under a version."""
    return frozenset(
        record.question
        for record in file.determinations
        if record.stage == Stage.PURPOSE.value and record.version == version
    )


def gateway_facts(unit: UnitOfWork, file: CaseFile, version: Version, at: datetime) -> dict[str, FactValue]:
    """Return what the gateway itself states to a version: only facts whose words the version publishes.

    Today there is one: how many packs the requester should have destroyed and has not confirmed, so that an
    agreement may refuse new releases to whoever keeps what it was to destroy (docs/how-to/destroy.md).
    """
    published = version.vocabulary.fact(OVERDUE_DESTRUCTIONS)
    if published is None or published.source is not FactSource.GATEWAY:
        return {}
    return {OVERDUE_DESTRUCTIONS: unit.overdue_destructions(file.organisation, civil_day(at))}


def ask_version(file: CaseFile, governing: InForce, gateway: Mapping[str, FactValue] = NO_FACTS) -> Assessment:
    """Return what a version says of a case, with every settled question answered.

    Args:   gateway: what the gateway itself has seen (`gateway_facts`).
    Raises: EvaluationFailed: the engine could not answer; then there is no decision.
    """
    version = governing.version
    name = version.reference
    return assess(
        version,
        file.tracing_request(),
        gateway=gateway,
        judged=settled(file, name, judged_questions(file, name)),
    )


def assess_case(unit: UnitOfWork, agreements: Agreements, reference: CaseReference, *, at: datetime) -> CaseFile:
    """Ask the agreement in force about a case, and move the case accordingly.

    Raises: Mistaken: the case is not in a status that can be assessed. EvaluationFailed: no decision.
    """
    file = unit.case(reference)
    match agreements.governing(file.family, at):
        case NoAgreement() as none:
            return _without_agreement(unit, file, none, at)
        case Held() as held:
            state = moved(file.state, Status.HELD, on=civil_day(at))
            return write_act(
                unit,
                file,
                EntryKind.CASE_HELD,
                at=at,
                by=GATEWAY,
                words=f"Held: the agreement is suspended ({held.instrument.title}).",
                records=(state,),
                agreement=held.version.reference,
            )
        case InForce() as governing:
            return _under_version(unit, agreements, file, governing, at)
        case other:
            assert_never(other)


def _without_agreement(unit: UnitOfWork, file: CaseFile, none: NoAgreement, at: datetime) -> CaseFile:
    state = moved(file.state, Status.REFUSED, on=civil_day(at))
    return write_act(
        unit,
        file,
        EntryKind.PURPOSE_DECIDED,
        at=at,
        by=GATEWAY,
        words=f"Refused: {WITHOUT_AGREEMENT[none.reason]}.",
        records=(state,),
        outcome="refused-no-agreement",
    )


def _under_version(
    unit: UnitOfWork, agreements: Agreements, file: CaseFile, governing: InForce, at: datetime
) -> CaseFile:
    version = governing.version
    assessment = ask_version(file, governing, gateway_facts(unit, file, version, at))
    status = STATUS_OF[assessment.standing]
    if status is Status.APPROVED:
        status = _as_before(file, version.reference)
    lacking = missing(file.tracing_request(), agreements.form(file.family))
    if lacking and status in (Status.JUDGING_PURPOSE, Status.REFERRED, Status.APPROVED):
        status = Status.RETURNED
    name = version.reference
    days = assessment.urgency.working_days
    due = clock(
        file.received_on,
        agreements.calendar(version.clock.calendar).known_on(civil_day(at)),
        working_days=days,
        pauses=file.pauses(),
    ).due
    record = _record(file, assessment, lacking, name, at)
    state = moved(
        file.state,
        status,
        on=civil_day(at),
        version=name,
        urgent=assessment.urgency.accepted,
        working_days=days,
        due=due.isoformat() if due else "",
    )
    kind = KIND_OF[status]
    return write_act(
        unit,
        file,
        kind,
        at=at,
        by=GATEWAY,
        words=_words(status, assessment),
        records=(record, state),
        agreement=name,
        clauses=assessment.cited,
        outcome=_outcome(status, is_against_public_interest(file, name)),
    )


def _record(
    file: CaseFile, assessment: Assessment, lacking: Sequence[Missing], version: str, at: datetime
) -> AssessmentRecord:
    """Return an assessment as the row it is kept in; what was not stated stands after the clauses."""
    return AssessmentRecord(
        reference=file.opening.reference,
        number=len(file.assessments) + 1,
        at=moment(at),
        version=version,
        policy_sha256=assessment.policy_sha256,
        engine=assessment.engine,
        standing=assessment.standing.value,
        urgency_accepted=assessment.urgency.accepted,
        items=canonical([{"item": found.item, "outcome": found.outcome.value} for found in assessment.items]),
        findings=canonical(
            [
                {
                    "clause": finding.clause.ref.clause,
                    "says": finding.clause.says,
                    "answer": finding.answer.value,
                    "cure": finding.cure,
                }
                for finding in assessment.findings
            ]
            + [
                {"clause": "", "says": field.words, "answer": "not stated", "cure": "state it and send again"}
                for field in lacking
            ]
        ),
        questions=canonical(
            [
                {
                    "name": question.name,
                    "ask": question.ask,
                    "kind": question.kind.value,
                    "by": sorted(role.value for role in question.by),
                }
                for question in assessment.open_questions
            ]
        ),
        cited=canonical([{"clause": cited.ref.clause, "says": cited.says} for cited in assessment.cited]),
    )


_WHERE_IT_WAS = frozenset(
    {Status.IDENTIFIED, Status.UNIDENTIFIED, Status.HARM_REVIEW, Status.FORWARDING, Status.FORWARDED}
)
"""To which of the statuses with an answer in sight a case goes back when a suspension ends."""


def _as_before(file: CaseFile, version: str) -> Status:
    """Return where an approved case stands: at the answer it had where only a suspension lay between.

    The two people who judged the identity under this version have spoken and are not asked again; the release
    reads the record anew. What the safety screen made the guardian's, or a letter, stays that.
    """
    if file.status is Status.HELD and file.state.version == version:
        before = next(line.status for line in reversed(file.history) if line.status != Status.HELD.value)
        if before in _WHERE_IT_WAS:
            return Status(before)
    return Status.APPROVED


def _outcome(status: Status, against_public_interest: bool) -> str:
    """Return the public word for what was decided; a refusal in the public interest is told from one by the terms."""
    match status:
        case Status.REFUSED:
            return "refused-public-interest" if against_public_interest else "refused-terms"
        case _ if status is Status.APPROVED or status in _WHERE_IT_WAS:
            return "approved"
        case _:
            return ""


def _words(status: Status, assessment: Assessment) -> str:
    met = sum(finding.answer == "met" for finding in assessment.findings)
    unmet = ", ".join(cited.ref.clause for cited in assessment.cited)
    match status:
        case Status.REFUSED:
            return f"Refused under clause {unmet}." if unmet else "Refused."
        case Status.RETURNED:
            return f"Sent back as incomplete (clause {unmet})." if unmet else "Sent back as incomplete."
        case Status.APPROVED:
            return "The purpose is approved: the register may be read for this case."
        case _ if status in _WHERE_IT_WAS:
            return "The suspension is over and the purpose still approved: the case is where it was."
        case Status.REFERRED:
            return "A term of the agreement needs a human ruling."
        case _:
            return f"Conditions of the agreement that are met: {met}. The rest is for people to judge."
