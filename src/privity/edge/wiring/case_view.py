"""One case as one person may see it: blind where it must be, with words beside every clause."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from privity.casework.authorisation import Operation, Permission, permission, relation_of
from privity.casework.case_file import CaseFile
from privity.casework.desk import CandidateView, CaseView, FindingLine, HistoryLine, QuestionLine
from privity.casework.explaining import explanations
from privity.casework.holidays import clock_now, why_moved
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import IDENTITY_STATUSES, OWNERS, PURPOSE_STATUSES, READY, Status
from privity.casework.offering import is_free
from privity.casework.record import read_moment
from privity.casework.screen import standing_screen
from privity.casework.set_aside import may_set_aside
from privity.definitions.day import Calendar, civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, Role
from privity.definitions.person import Demographics
from privity.definitions.reference import Slug
from privity.edge.store.case_rows import History
from privity.edge.wiring.published import PublishedAgreements
from privity.judgement.determination import Stage
from privity.request.due import working_days_left

NEVER_LEAVES = "refused"


def case_view(
    file: CaseFile,
    *,
    by: Officer,
    at: datetime,
    agreements: PublishedAgreements,
    records: Sequence[Demographics],
    organisations: Mapping[str, str],
    people: Mapping[str, str],
    alias: str,
) -> CaseView:
    """Return the view of a case for one person at one moment.

    Args: records: the candidates' records where this person may see them, else none.
    """
    today = civil_day(at)
    ticking = clock_now(file, agreements, today)
    due = ticking.due if ticking else None
    calendar = _calendar(file, agreements)
    version = file.state.version
    return CaseView(
        file=file,
        in_charge=people.get(file.state.assigned_to, file.state.assigned_to),
        owner=OWNERS[file.status],
        organisation=organisations.get(file.organisation, file.organisation),
        agreement_title=agreements.version(file.family, version.partition("@")[2]).title if version else "",
        clock=ticking,
        working_days_left=working_days_left(today, due, calendar) if due and calendar else None,
        purpose_words=_purpose_words(file, agreements),
        findings=_findings(file, agreements),
        questions=_questions(file, by, at),
        items_asked=tuple(sorted(file.tracing_request().items)) if file.asked else (),
        items_standing=_standing(file),
        candidates=tuple(
            CandidateView(shown=shown, record=record) for shown, record in zip(file.candidates(), records, strict=False)
        ),
        history=_history(file, people, alias),
        may_judge_identity=_may_judge_identity(file, by, at),
        may_release=file.status in READY
        and (file.status is not Status.IDENTIFIED or standing_screen(file, at) is not None),
        may_set_aside=may_set_aside(file, by),
        probability_absent=float(file.traces[-1].probability_absent) if file.traces else None,
        explanations=explanations(file) if may_see_candidates(file, by) else (),
        moved=why_moved(file),
        names={who: people.get(who, who) for who in _who_judged(file)},
        asked_as=_asked_as(file, agreements),
    )


def _calendar(file: CaseFile, agreements: PublishedAgreements) -> Calendar | None:
    return agreements.calendar_of(file.family, file.state.version) if file.state.version else None


def _purpose_words(file: CaseFile, agreements: PublishedAgreements) -> str:
    purpose = file.purpose
    return dict(agreements.form(file.family).purposes).get(Slug(purpose), purpose)


def _who_judged(file: CaseFile) -> frozenset[str]:
    """Return the staff identifiers of those who gave a view or took a screen."""
    return frozenset(view.staff_id for view in file.determinations) | {one.staff_id for one in file.screens}


def _asked_as(file: CaseFile, agreements: PublishedAgreements) -> dict[str, str]:
    """Return how the form put each fact, declaration and choice to the requester."""
    fields = agreements.form(file.family).fields
    choices = {str(value): words for asked in fields for value, words in asked.choices}
    return choices | {asked.name: asked.words for asked in fields}


def _findings(file: CaseFile, agreements: PublishedAgreements) -> tuple[FindingLine, ...]:
    if not file.assessments:
        return ()
    numbers = agreements.numbers(file.assessment.version)
    return tuple(
        FindingLine(
            number=numbers.get(found["clause"], ""),
            clause=found["clause"],
            says=found["says"],
            answer=found["answer"],
            cure=found["cure"] or "",
        )
        for found in json.loads(file.assessment.findings)
    )


def _standing(file: CaseFile) -> tuple[DataItem, ...]:
    if not file.assessments:
        return ()
    return tuple(
        sorted(
            DataItem(found["item"]) for found in json.loads(file.assessment.items) if found["outcome"] != NEVER_LEAVES
        )
    )


def _questions(file: CaseFile, by: Officer, at: datetime) -> tuple[QuestionLine, ...]:
    if file.status not in PURPOSE_STATUSES:
        return ()
    lines = []
    for question in json.loads(file.assessment.questions):
        views = file.views(Stage.PURPOSE, question["name"], file.state.version)
        lines.append(
            QuestionLine(
                name=Slug(question["name"]),
                ask=question["ask"],
                ruling=question["kind"] == "ruling",
                views_given=len(views),
                mine_given=any(view.staff_id == by.staff_id for view in views),
                may_answer=_may_answer(file, question["name"], by, at),
            )
        )
    return tuple(lines)


def _may_answer(file: CaseFile, question: str, by: Officer, at: datetime) -> bool:
    return file.may_judge(Stage.PURPOSE, question, by) and is_free(file, Stage.PURPOSE, question, by, at)


def _may_judge_identity(file: CaseFile, by: Officer, at: datetime) -> bool:
    may = file.may_judge(Stage.IDENTITY, IDENTITY_QUESTION, by)
    return file.status in IDENTITY_STATUSES and may and is_free(file, Stage.IDENTITY, IDENTITY_QUESTION, by, at)


def may_see_candidates(file: CaseFile, by: Officer) -> bool:
    """Return whether this person is shown candidates: while judged, and protected ones to the guardian only."""
    relation = relation_of(by, file)
    return permission(Operation.READ_CANDIDATES, by.role, relation, file.status) is Permission.ALLOWED


def _history(file: CaseFile, people: Mapping[str, str], alias: str) -> tuple[HistoryLine, ...]:
    rows = History.objects.using(alias).filter(reference=file.opening.reference)
    entries = dict(rows.values_list("number", "entry"))
    return tuple(
        HistoryLine(
            at=read_moment(line.at),
            who=people.get(line.staff_id, "Privity" if line.role == Role.SYSTEM.value else line.role.replace("-", " ")),
            what=line.kind,
            words=line.words,
            entry=entries[line.number],
        )
        for line in reversed(file.history)
    )
