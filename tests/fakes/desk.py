"""A desk in memory: cases in every state, acts that change them, refusals as the real one gives them.

Its people are golden: no real record holds their names.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from privity.casework.case_file import CaseFile
from privity.casework.desk import (
    CandidateView,
    CaseView,
    FindingLine,
    HistoryLine,
    LedgerView,
    QuestionLine,
    Queue,
    QueueFilter,
    QueueLine,
    SharedLine,
    Situation,
    StatisticsLine,
    StatisticsView,
)
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import (
    CLOSED,
    IDENTITY_STATUSES,
    OWNERS,
    PURPOSE_STATUSES,
    READY,
    Status,
    assigned,
    moved,
    touched,
)
from privity.casework.record import canonical, moment, read_moment
from privity.casework.records import DeterminationRecord, QuestionRecord
from privity.casework.set_aside import may_set_aside
from privity.definitions.day import Calendar, civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, Slug
from privity.errors import Mistaken
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Agreed, Divided, consult, may_determine
from privity.request.due import clock, working_days_left
from tests.fakes.cases import (
    ORGANISATIONS,
    PURPOSE_QUESTION,
    RULING_QUESTION,
    VERSION,
    candidate_record,
    every_case,
    reference_of,
)

PAGE = 50
PEOPLE = {"okafor": "A. Okafor", "rahman": "M. Rahman", "lindqvist": "S. Lindqvist"}
WORDS = """# Requests from the police

These words are ours, and so are the numbers.

## 1 What for
### 1.1 Serious crime {#c1.1}
To investigate a serious crime.

- a crime against a person

### 1.2 Kept by people {#c1.2}
Officers are polite.
"""
RULES = """// Clause names and numbers are ours.

@id("gateway.crime")
@clause("1.1")
@says("The police may ask about a serious crime.")
permit (principal, action, resource)
when { context.purpose == Purpose::"serious-crime" };

@id("orphan")
@clause("9.9")
@says("A rule nobody put into words.")
forbid (principal, action, resource);
"""


class FakeDesk:
    """The desk of a custodian with two officers and a guardian."""

    def __init__(self, today: date) -> None:
        self.calendar = Calendar(
            name="made-up",
            first=today - timedelta(days=400),
            last=today + timedelta(days=400),
            holidays={today + timedelta(days=(7 - today.weekday()) % 7 or 7): "Made-up Monday"},
        )
        self.cases: dict[CaseReference, CaseFile] = {file.reference: file for file in every_case(today)}

    def situation(self, at: datetime) -> Situation:
        """Return one agreement in force, one suspended, one that ended."""
        return Situation(on=civil_day(at), lines=(_police(), _suspended(), _home_office()))

    def agreement(self, family: str, version: str) -> tuple[str, str]:
        """Return words and rules, of the police only."""
        if (family, version) != ("police", "2017-01"):
            raise Mistaken(
                "the agreement was not found", why="no such version", next_step="choose one that is published"
            )
        return WORDS, RULES

    def agreement_in(self, family: str, version: str, language: str) -> str:
        """Return nothing: nobody has translated these words."""
        return ""

    def statistics(self, year: int | None, at: datetime) -> StatisticsView:
        """Return two years of figures."""
        if year not in (None, 2016, 2017):
            raise Mistaken("the table was not found", why="nothing was received then", next_step="pick a year")
        lines = (
            _line("Home Office", 690, 114, 5854, 1469, 0, 0, 0),
            _line("National Crime Agency", 1000, 96, 574, 1000, 20, 3, 10),
            _line("Police", 150, 60, 73, 50, 4, 0, 2),
        )
        until = date(2018, 4, 30)
        return StatisticsView(year=year or 2017, years=(2017, 2016), until=until, lines=lines, total=_total(lines))

    def ledger(self) -> LedgerView:
        """Return a checkpoint with the look of a real one."""
        return LedgerView(
            origin="custodian.example/ledger",
            size=48128,
            root="5a" * 32,
            checkpoint=f"custodian.example/ledger\n48128\n{'Wlpa' * 11}\n\n— custodian.example/ledger {'AbCd' * 18}\n",
            verifier_key="custodian.example/ledger+1a2b3c4d+ATm0+/Z0c2VjcmV0",
            hours=24,
            entries=2048,
        )

    def ledger_file(self, name: str) -> bytes | None:
        """Return the checkpoint and one tile."""
        return {"checkpoint": self.ledger().checkpoint.encode(), "tile/0/000": bytes(8192)}.get(name)

    def queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Queue:
        """Return a page of the queue, oldest due first."""
        every = self._every_line(at)
        fitting = self.whole_queue(asked, by=by, at=at)
        first = (asked.page - 1) * PAGE
        still_open = [line for line in every if line.status not in CLOSED]
        return Queue(
            lines=tuple(fitting[first : first + PAGE]),
            total=len(fitting),
            page=asked.page,
            pages=max(1, -(-len(fitting) // PAGE)),
            open=len(still_open),
            overdue=sum((line.working_days_left or 0) < 0 for line in still_open),
            due_soon=sum(0 <= line.working_days_left <= 5 for line in still_open if line.working_days_left is not None),
            with_requester=sum(line.status is Status.WITH_REQUESTER for line in every),
            unassigned=sum(not line.assigned_to for line in still_open),
            mine=sum(line.assigned_to == by.staff_id for line in still_open),
        )

    def whole_queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Sequence[QueueLine]:
        """Return every case that fits a filter, oldest due first."""
        return [line for line in self._every_line(at) if _fits(line, asked, by)]

    def _every_line(self, at: datetime) -> Sequence[QueueLine]:
        today = civil_day(at)
        lines = (self._line_of(file, today) for file in self.cases.values())
        return sorted(lines, key=lambda line: (line.due or date.max, line.reference))

    def organisations(self) -> Sequence[tuple[str, str]]:
        """Return the requesters."""
        return sorted(ORGANISATIONS.items())

    def case(self, reference: CaseReference, *, by: Officer, at: datetime, candidates: bool = False) -> CaseView:
        """Return a case as this person may see it."""
        file = self._file(reference)
        if candidates and reference == reference_of("identity-gone"):
            raise Mistaken(
                "the record was not read",
                why="the register holds nobody of that number any more",
                next_step="set the trace aside",
            )
        today = civil_day(at)
        ticking = clock(
            file.received_on, self.calendar, working_days=file.state.working_days or 20, pauses=file.pauses()
        )
        assessed = bool(file.assessments)
        shown = file.candidates() if candidates and file.status in IDENTITY_STATUSES else ()
        views = file.views(Stage.IDENTITY, IDENTITY_QUESTION, VERSION)
        return CaseView(
            file=file,
            in_charge=PEOPLE.get(file.state.assigned_to, file.state.assigned_to),
            owner=OWNERS[file.status],
            organisation=ORGANISATIONS[file.organisation],
            agreement_title="Requests from the police, from 1 January 2017" if assessed else "",
            purpose_words="to aid the investigation of a criminal offence",
            clock=ticking if assessed else None,
            working_days_left=working_days_left(today, ticking.due, self.calendar) if ticking.due else None,
            findings=_findings() if assessed else (),
            questions=_questions(file, by),
            items_asked=tuple(sorted(file.tracing_request().items)),
            items_standing=(DataItem.LAST_KNOWN_ADDRESS,) if assessed else (),
            candidates=tuple(
                CandidateView(shown=one, record=candidate_record(one.person, place)) for place, one in enumerate(shown)
            ),
            history=tuple(
                HistoryLine(
                    at=read_moment(line.at),
                    who=line.staff_id,
                    what=line.kind,
                    words=line.words,
                    entry=400 + line.number,
                )
                for line in reversed(file.history)
            ),
            may_judge_identity=file.status in IDENTITY_STATUSES and may_determine(views, by.staff_id, by.role),
            may_release=file.status in READY,
            may_set_aside=may_set_aside(file, by),
            probability_absent=0.083 if shown else None,
        )

    def take(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Put a person in charge."""
        file = self._file(reference)
        if file.state.revision != revision:
            raise Mistaken(
                "nothing was recorded",
                why="somebody else acted on this case while you had it open",
                next_step="read what changed, then decide again",
            )
        self.cases[reference] = replace(file, state=assigned(file.state, by.staff_id))

    def determine_purpose(
        self,
        reference: CaseReference,
        *,
        question: Slug,
        answer: bool,
        reasons: str,
        factors: Sequence[Slug],
        revision: int,
        by: Officer,
        at: datetime,
    ) -> None:
        """Record a view; two alike settle the purpose, two unlike go to the guardian."""
        file = self._current(reference, revision)
        file = _with_view(file, Stage.PURPOSE, question, answer, None, reasons, by, at, factors)
        match consult(file.views(Stage.PURPOSE, question, VERSION)):
            case Agreed(answer=yes):
                file = _moved(file, Status.APPROVED if yes else Status.REFUSED, at)
            case Divided() if file.status is not Status.PURPOSE_DIVIDED:
                file = _moved(file, Status.PURPOSE_DIVIDED, at)
            case _:
                pass
        self.cases[reference] = file

    def determine_identity(
        self,
        reference: CaseReference,
        *,
        choice: int | None,
        reasons: str,
        revision: int,
        by: Officer,
        at: datetime,
        somebody_else: bool = False,
    ) -> None:
        """Record which candidate one person takes."""
        file = self._current(reference, revision)
        file = _with_view(file, Stage.IDENTITY, IDENTITY_QUESTION, choice is not None, choice, reasons, by, at)
        match consult(file.views(Stage.IDENTITY, IDENTITY_QUESTION, VERSION)):
            case Agreed(answer=yes):
                file = _moved(file, Status.IDENTIFIED if yes else Status.UNIDENTIFIED, at)
            case Divided() if file.status is not Status.IDENTITY_DIVIDED:
                file = _moved(file, Status.IDENTITY_DIVIDED, at)
            case _:
                pass
        self.cases[reference] = file

    def close_protected(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Record the guardian's decision."""
        file = self._current(reference, revision)
        self.cases[reference] = _moved(file, Status.UNIDENTIFIED, at)

    def set_trace_aside(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Set aside what was found."""
        self.cases[reference] = _moved(self._current(reference, revision), Status.APPROVED, at)

    def ask(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Put a question to the requester."""
        file = self._current(reference, revision)
        record = QuestionRecord(
            reference=reference,
            number=len(file.questions) + 1,
            asked_by=by.staff_id,
            asked_at=moment(at),
            words=words,
            answered_at="",
            answer="",
        )
        self.cases[reference] = _moved(file.following((record,)), Status.WITH_REQUESTER, at)

    def note(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Write a note: the page shows the history the case came with."""
        self._current(reference, revision)

    def trace(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Trace: nobody on this register fits."""
        self.cases[reference] = _moved(self._current(reference, revision), Status.UNIDENTIFIED, at)

    def release(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Seal the answer."""
        file = self._current(reference, revision)
        self.cases[reference] = _moved(file, Status.SEALED if file.status is Status.IDENTIFIED else Status.UNTRACED, at)

    def _file(self, reference: CaseReference) -> CaseFile:
        if reference not in self.cases:
            raise Mistaken("the case was not found", why="there is no such case", next_step="check the reference")
        return self.cases[reference]

    def _current(self, reference: CaseReference, revision: int) -> CaseFile:
        file = self._file(reference)
        if file.state.revision != revision:
            raise Mistaken(
                "nothing was recorded",
                why="somebody else acted on this case while you had it open",
                next_step="read what changed, then decide again",
            )
        return file

    def _line_of(self, file: CaseFile, today: date) -> QueueLine:
        due = date.fromisoformat(file.state.due) if file.state.due else None
        return QueueLine(
            reference=file.reference,
            organisation=ORGANISATIONS[file.organisation],
            purpose=file.request.purpose,
            status=file.status,
            owner=OWNERS[file.status],
            received_on=file.received_on,
            due=due,
            working_days_left=working_days_left(today, due, self.calendar) if due else None,
            urgent=file.state.urgent,
            assigned_to=file.state.assigned_to,
        )


def _fits(line: QueueLine, asked: QueueFilter, by: Officer) -> bool:
    closed = line.status in CLOSED
    views = {
        "open": not closed,
        "second": False,
        "mine": not closed and line.assigned_to == by.staff_id,
        "unassigned": not closed and not line.assigned_to,
        "overdue": not closed and (line.working_days_left or 0) < 0,
        "with-requester": line.status is Status.WITH_REQUESTER,
        "closed": closed,
    }
    wanted = ORGANISATIONS.get(asked.organisation, "")
    return (
        views[asked.view]
        and (not asked.organisation or line.organisation == wanted)
        and (not asked.status or line.status.value == asked.status)
    )


def _questions(file: CaseFile, by: Officer) -> tuple[QuestionLine, ...]:
    if file.status not in PURPOSE_STATUSES:
        return ()
    name, ask = RULING_QUESTION if file.status is Status.REFERRED else PURPOSE_QUESTION
    views = file.views(Stage.PURPOSE, name, VERSION)
    return (
        QuestionLine(
            name=Slug(name),
            ask=ask,
            ruling=file.status is Status.REFERRED,
            views_given=len(views),
            mine_given=any(view.staff_id == by.staff_id for view in views),
            may_answer=may_determine(views, by.staff_id, by.role),
        ),
    )


def _findings() -> tuple[FindingLine, ...]:
    return (
        FindingLine(clause="gateway.crime", says="The police may ask about a serious crime.", answer="met", cure=""),
        FindingLine(
            clause="usual-sources", says="All usual sources have been used.", answer="not met", cure="Declare it."
        ),
        FindingLine(clause="public-interest", says="Disclosure is in the public interest.", answer="reserved", cure=""),
        FindingLine(clause="", says="Rank of the countersigning officer", answer="not stated", cure="state it"),
    )


def _with_view(
    file: CaseFile,
    stage: Stage,
    question: Slug,
    answer: bool,
    choice: int | None,
    reasons: str,
    by: Officer,
    at: datetime,
    factors: Sequence[Slug] = (),
) -> CaseFile:
    if not may_determine(file.views(stage, question, VERSION), by.staff_id, by.role):
        raise Mistaken("the determination was not recorded", why="it is not yours to answer", next_step="leave it")
    record = DeterminationRecord(
        reference=file.reference,
        number=len(file.determinations) + 1,
        at=moment(at),
        stage=stage.value,
        question=question,
        staff_id=by.staff_id,
        role=by.role.value,
        answer=answer,
        choice=choice,
        reasons=reasons,
        factors=canonical(list(factors)),
        version=VERSION,
    )
    return file.following((record, touched(file.state)))


def _moved(file: CaseFile, to: Status, at: datetime) -> CaseFile:
    return replace(file, state=moved(file.state, to, on=civil_day(at)))


def _police() -> SharedLine:
    return SharedLine(
        family="police",
        title="Requests from the police",
        requester="Police",
        standing="in-force",
        since=date(2017, 1, 1),
        sentence="Police can ask for some details, and a named person decides each time.",
        items=("name", "last known address", "date of birth"),
        never=("next appointment", "clinic attended", "diagnosis", "medication"),
        purposes=("To investigate a serious crime", "To protect a missing person"),
        conditions=("All usual sources have been used.", "A senior officer has countersigned the request."),
        decided_by="Two officers, neither knowing the other’s view; the guardian where they differ.",
        kept_days=180,
        published_on=date(2017, 1, 24),
        version="2017-01",
    )


def _suspended() -> SharedLine:
    return replace(
        _police(),
        family="national-crime-agency",
        requester="National Crime Agency",
        standing="suspended",
        since=date(2026, 11, 2),
        sentence="Nothing is given to National Crime Agency: requests have been on hold since 2 November 2026.",
        items=(),
        purposes=(),
        conditions=(),
        decided_by="",
        kept_days=None,
    )


def _home_office() -> SharedLine:
    return replace(
        _suspended(),
        family="home-office",
        requester="Home Office",
        standing="none",
        since=date(2018, 11, 9),
        sentence="Nothing is given to Home Office: no agreement has been in force since 9 November 2018.",
        version="2018-05",
    )


def _line(requester: str, *outcomes: int) -> StatisticsLine:
    rejected, refused, traced, untraced, withdrawn, held, still_open = outcomes
    return StatisticsLine(
        requester=requester,
        received=sum(outcomes),
        rejected=rejected,
        unreadable=0,
        refused=refused,
        traced=traced,
        untraced=untraced,
        withdrawn=withdrawn,
        held=held,
        open=still_open,
    )


def _total(lines: Sequence[StatisticsLine]) -> StatisticsLine:
    return _line(
        "All requesters",
        sum(line.rejected for line in lines),
        sum(line.refused for line in lines),
        sum(line.traced for line in lines),
        sum(line.untraced for line in lines),
        sum(line.withdrawn for line in lines),
        sum(line.held for line in lines),
        sum(line.open for line in lines),
    )
