"""One request as its sender may see it. What is not shown here cannot leak from a page or a program's answer."""

import hashlib
import json
from dataclasses import replace
from datetime import date

from privity.casework.case_file import CaseFile
from privity.casework.challenge import outcome_of
from privity.casework.holidays import why_moved
from privity.casework.letters import letters, reasons
from privity.casework.progress import Progress, progress_of
from privity.casework.read_sent import faults_of
from privity.casework.record import canonical, read_day, read_moment
from privity.casework.requester_desk import AskedOfYou, OwnCase, Said, SealedAnswer, Unmet, offers
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, Role
from privity.definitions.reference import Slug
from privity.edge.store.instance_rows import Certificate
from privity.edge.wiring.prechecking import promised_clock, running_clock
from privity.edge.wiring.published import PublishedAgreements

PORTAL = "portal"
_SIDES = {Role.REQUESTING_OFFICER.value: "requester", Role.DEPARTMENT.value: "department"}
_SENT_BACK = (Progress.UNREADABLE, Progress.RETURNED, Progress.REFUSED)
_LEFT = (Progress.SENT, Progress.COLLECTED, Progress.DESTROYED)


def own_case(file: CaseFile, *, by: Officer, today: date, agreements: PublishedAgreements) -> OwnCase:
    """Return the sender's view of a case on one day."""
    progress = progress_of(file)
    purposes = dict(agreements.form(file.family).purposes)
    may = offers(file, by)
    ticking = (
        promised_clock(agreements, file.family, read_moment(file.opening.received_at))
        if progress is Progress.RECEIVED
        else running_clock(file, agreements, today)
    )
    visible = (
        progress.value,
        ticking.due.isoformat() if ticking and ticking.due else "",
        [[question.words, question.answer] for question in file.questions],
        [[said.words, said.outcome] for said in file.challenges],
        file.destruction.confirmed_on if file.destruction else "",
        file.repeat.earlier if file.repeat else "",
    )
    return OwnCase(
        reference=file.reference,
        requester_reference=file.opening.requester_reference,
        officer_name=file.officer_name,
        purpose_words=purposes.get(Slug(file.purpose), file.purpose),
        progress=progress,
        received_on=file.received_on,
        clock=ticking,
        reasons=_numbered(reasons(file), agreements, file) if progress in _SENT_BACK else (),
        questions=tuple(
            AskedOfYou(
                number=question.number,
                asked_at=read_moment(question.asked_at),
                words=question.words,
                answer=question.answer,
            )
            for question in file.questions
        ),
        answer=_answer(file, progress),
        thread=tuple(
            Said(at=read_moment(said.at), side=_SIDES.get(said.role, "custodian"), words=said.words)
            for said in file.challenges
        ),
        outcome=outcome_of(file),
        may=may,
        moved=why_moved(file),
        errors=faults_of(file),
        repeats=file.repeat.earlier if file.repeat else "",
        letters=tuple(kind.value for kind in letters(file, today)),
        items=tuple(sorted(DataItem(one) for one in json.loads(file.asked.items))) if file.asked else (),
        version=file.assessment.version if file.assessments else "",
        tag=hashlib.sha256(canonical([file.reference, *visible]).encode()).hexdigest()[:32],
    )


def _numbered(found: tuple[Unmet, ...], agreements: PublishedAgreements, file: CaseFile) -> tuple[Unmet, ...]:
    """Return the reasons with the numbers their clauses have in the text."""
    numbers = agreements.numbers(file.assessment.version) if file.assessments else {}
    return tuple(replace(one, number=numbers.get(one.clause, "")) for one in found)


def routes(organisation: str) -> tuple[str, ...]:
    """Return by which routes an organisation's answers leave, other than being fetched here."""
    rows = Certificate.objects.filter(reference=organisation, revoked_at="").exclude(approved_by="")
    return tuple(sorted({row.profile for row in rows.exclude(deliver_to="")}))


def _answer(file: CaseFile, progress: Progress) -> SealedAnswer | None:
    if file.pack is None or (progress not in _LEFT and progress is not Progress.SEALED):
        return None
    theirs = routes(file.organisation)
    return SealedAnswer(
        sha256=file.pack.sha256,
        size=file.pack.size,
        sealed_at=read_moment(file.pack.sealed_at),
        route=", ".join(theirs) if theirs else PORTAL,
        destroy_by=read_day(file.pack.destroy_by),
        confirmed_on=read_day(file.destruction.confirmed_on) if file.destruction else None,
        collected_at=read_moment(file.outbox.collected_at) if file.outbox and file.outbox.collected_at else None,
        method=file.destruction.method if file.destruction else "",
    )
