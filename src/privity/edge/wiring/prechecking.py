"""What the agreement in force says of a request before it is sent. Nothing of it is kept, and nobody is looked up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from privity.agreement.assessment import Answer, Assessment
from privity.agreement.evaluation import assess
from privity.agreement.in_force import Held, InForce
from privity.agreement.version import Version
from privity.casework.case_file import CaseFile
from privity.casework.holidays import clock_now
from privity.casework.requester_desk import Precheck, Unmet
from privity.definitions.day import civil_day
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily
from privity.edge.wiring.published import PublishedAgreements
from privity.request.completeness import missing
from privity.request.due import Clock, clock
from privity.request.form import RequestForm
from privity.request.intake import read_fields
from privity.request.tracing_request import TracingRequest

NO_AGREEMENT = "no-agreement"
HELD = "held"


def checked(agreements: PublishedAgreements, form: RequestForm, request: TracingRequest, at: datetime) -> Precheck:
    """Return what would be found on a request if it were sent now."""
    stands = agreements.governing(form.family, at)
    if not isinstance(stands, InForce):
        return Precheck(standing=HELD if isinstance(stands, Held) else NO_AGREEMENT)
    assessment = assess(stands.version, request)
    ticking = clock(
        civil_day(at),
        agreements.calendar(stands.version.clock.calendar).known_on(civil_day(at)),
        working_days=assessment.urgency.working_days,
    )
    return Precheck(
        standing=assessment.standing.value,
        unmet=_numbered(_unmet(assessment), stands.version),
        missing=tuple(field.words for field in missing(request, form)),
        questions=tuple(question.words for question in assessment.open_questions),
        due=ticking.due,
        steps=ticking.steps(),
        version=f"{form.family}@{stands.version.name}",
    )


def rank_suffices(
    agreements: PublishedAgreements,
    form: RequestForm,
    fields: Mapping[str, str],
    organisation: OrganisationId,
    at: datetime,
) -> bool:
    """Return whether a countersignature in this rank meets every clause that the highest rank would meet."""
    stands = agreements.governing(form.family, at)
    if fields["countersigned_rank"] not in {rank for rank, _ in form.ranks} or not isinstance(stands, InForce):
        return False
    highest = {**fields, "countersigned_rank": form.ranks[-1][0]}
    found = []
    for stated in (fields, highest):
        reading = read_fields(stated, form, organisation)
        if reading.errors:
            return False
        found.append(_unmet(assess(stands.version, reading.rows[0].request)))
    return found[0] == found[1]


def promised_clock(agreements: PublishedAgreements, family: AgreementFamily, at: datetime) -> Clock | None:
    """Return the ordinary clock of what is received now, or None where no agreement is in force.

    It follows from the day and the agreement alone: a shorter one is for whoever reads why it is urgent to grant.
    """
    stands = agreements.governing(family, at)
    if not isinstance(stands, InForce):
        return None
    terms, today = stands.version.clock, civil_day(at)
    return clock(today, agreements.calendar(terms.calendar).known_on(today), working_days=terms.working_days)


def running_clock(file: CaseFile, agreements: PublishedAgreements, today: date) -> Clock | None:
    """Return the clock of a case computed anew from its dated events, or None where none runs."""
    if not file.state.version or file.status.is_closed:
        return None
    return clock_now(file, agreements, today)


def _numbered(found: tuple[Unmet, ...], version: Version) -> tuple[Unmet, ...]:
    """Return clauses with the numbers they have in the text."""
    numbers = {clause.name: clause.number for clause in version.clauses}
    return tuple(replace(one, number=numbers.get(one.clause, "")) for one in found)


def _unmet(assessment: Assessment) -> tuple[Unmet, ...]:
    return tuple(
        Unmet(clause=finding.clause.ref.clause, says=finding.clause.says, cure=finding.cure)
        for finding in assessment.findings
        if finding.answer is Answer.NOT_MET
    )
