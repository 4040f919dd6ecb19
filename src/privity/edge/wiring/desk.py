"""The desk as the pages know it, joined to the store, the agreements, the register and the ledger."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from privity.agreement.translated import words_in
from privity.casework import correspond, judge
from privity.casework import release as releasing
from privity.casework import trace as tracing
from privity.casework.assign import assign
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.case_file import CaseFile
from privity.casework.desk import (
    CaseView,
    LedgerView,
    Queue,
    QueueFilter,
    QueueLine,
    Situation,
    StatisticsView,
)
from privity.casework.fishing import OverAllowance, raise_alert
from privity.casework.lifecycle import OWNERS
from privity.casework.listed import MOST_LISTED
from privity.casework.offering import offer_second
from privity.casework.ports import Gateway
from privity.casework.record import moment
from privity.casework.screen import Parked
from privity.casework.set_aside import set_aside
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.person import Demographics, PersonId
from privity.definitions.reference import CaseReference, Slug
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.store.account import Account
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.log import Log
from privity.edge.store.queue import PAGE, QueueRow, count_queue, read_queue, read_whole_queue
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.acting import act_on, must_not_be_parked
from privity.edge.wiring.case_view import case_view, may_see_candidates
from privity.edge.wiring.former_ledgers import former_ledgers
from privity.edge.wiring.live_figures import LiveFigures
from privity.edge.wiring.offers import open_offers
from privity.edge.wiring.public_ledger import ENTRIES, HOURS, PublicLedger
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.registers import GuardedRegister
from privity.edge.wiring.situation import situation
from privity.errors import Mistaken
from privity.judgement.determination import Stage
from privity.ledger.tiles import CHECKPOINT
from privity.request.due import working_days_left
from privity.request.fishing import Pattern
from privity.trace.budget import OFFICER_ALLOWANCE

DUE_SOON = timedelta(days=7)


@dataclass(slots=True, kw_only=True)
class InstanceDesk:
    """Everything the pages can show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    log: Log
    key: NoteSigningKey
    public_ledger: PublicLedger
    agreements: PublishedAgreements
    register: GuardedRegister
    gateway: Gateway
    calendar: str = "england-and-wales"
    _live: LiveFigures = field(init=False)

    def __post_init__(self) -> None:
        self._live = LiveFigures(log=self.log, agreements=self.agreements)

    def situation(self, at: datetime) -> Situation:
        """Return what is shared now."""
        return situation(self.agreements, at)

    def agreement(self, family: str, version: str) -> tuple[str, str]:
        """Return the words (text) and the rules (Cedar) of a published version.

        Raises: Mistaken: no such version.
        """
        found = self.agreements.version(family, version)
        return found.text, found.policy

    def agreement_in(self, family: str, version: str, language: str) -> str:
        """Return the words of a published version in a language, or nothing where none were published in it.

        Raises: Mistaken: no such version.
        """
        found = self.agreements.version(family, version)
        return words_in(self.agreements.families()[family], found, language)

    def statistics(self, year: int | None, at: datetime) -> StatisticsView:
        """Return the public's table of a year, as it stood when the last month ended.

        Raises: Mistaken: no exact figures are published here, or nothing was received in that year by then.
        """
        return self._live.shown(year, at)

    def ledger(self) -> LedgerView:
        """Return what is public of the ledger.

        Raises: Unavailable: what was published cannot be read.
        """
        published, cadence = self.public_ledger.checkpoint(), self.public_ledger.cadence()
        note = self.public_ledger.file(CHECKPOINT)
        return LedgerView(
            origin=self.key.name,
            verifier_key=str(self.key.verifier),
            size=published.size if published else 0,
            root=published.root.hex() if published else "",
            checkpoint=note.decode() if note else "",
            hours=cadence.hours if cadence else HOURS,
            entries=cadence.entries if cadence else ENTRIES,
            former=former_ledgers(self.public_ledger.data, self.store.alias),
        )

    def ledger_file(self, name: str) -> bytes | None:
        """Return what was published under a name, or None."""
        return self.public_ledger.file(name)

    def queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Queue:
        """Return a page of the queue."""
        must_be_allowed(Operation.READ_QUEUE, by)
        today = civil_day(at)
        rows, found = read_queue(asked, staff_id=by.staff_id, today=today, alias=self.store.alias)
        counts = count_queue(staff_id=by.staff_id, today=today, soon=today + DUE_SOON, alias=self.store.alias)
        lines = self._lines(rows, today)
        return Queue(
            lines=lines,
            total=found,
            page=max(asked.page, 1),
            pages=max(ceil(found / PAGE), 1),
            open=counts.open,
            overdue=counts.overdue,
            due_soon=counts.due_soon,
            with_requester=counts.with_requester,
            unassigned=counts.unassigned,
            mine=counts.mine,
            second=counts.second,
        )

    def whole_queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Sequence[QueueLine]:
        """Return every case that fits a filter.

        Raises: Mistaken: not for them, or more fit than one file holds.
        """
        must_be_allowed(Operation.READ_QUEUE, by)
        today = civil_day(at)
        rows, found = read_whole_queue(
            asked, staff_id=by.staff_id, today=today, alias=self.store.alias, most=MOST_LISTED
        )
        if found > MOST_LISTED:
            raise Mistaken(
                "the cases were not listed",
                why=f"more fit than one file holds: {found}",
                next_step="narrow the filter by requester or status",
            )
        return self._lines(rows, today)

    def _lines(self, rows: Sequence[QueueRow], today: date) -> tuple[QueueLine, ...]:
        """Return rows of the queue with words, names and days left."""
        calendar = self.agreements.calendar(self.calendar).known_on(today)
        words, people = self._words(), dict(Account.objects.values_list("staff_id", "name"))
        return tuple(
            QueueLine(
                reference=CaseReference(row.reference),
                organisation=words.get(row.organisation, row.organisation),
                purpose=row.purpose,
                status=row.status,
                owner=OWNERS[row.status],
                received_on=row.received_on,
                due=row.due,
                working_days_left=working_days_left(today, row.due, calendar) if row.due else None,
                urgent=row.urgent,
                assigned_to=people.get(row.assigned_to, row.assigned_to),
                revision=row.revision,
            )
            for row in rows
        )

    def organisations(self) -> Sequence[tuple[str, str]]:
        """Return the requesters known, as short name and words."""
        return sorted(self._words().items())

    def case(self, reference: CaseReference, *, by: Officer, at: datetime, candidates: bool = False) -> CaseView:
        """Return one case as this person may see it.

        Raises: Mistaken: there is no such case for them.
        """
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_CASE, by, file)
        records: Sequence[Demographics] = ()
        if candidates and may_see_candidates(file, by):
            with self.store.unit() as unit:
                records = tracing.show_candidates(unit, self.register, reference, by=by, at=at)
                file = unit.case(reference)
        return case_view(
            file,
            by=by,
            at=at,
            agreements=self.agreements,
            records=records,
            organisations=self._words(),
            people=dict(Account.objects.values_list("staff_id", "name")),
            alias=self.store.alias,
        )

    def take(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Put a person in charge of a case."""
        self._act(
            Operation.TAKE, reference, revision, by, lambda unit: assign(unit, reference, to=by.staff_id, by=by, at=at)
        )

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
        """Record a view on the purpose, and offer the second where it was the first.

        Raises: Mistaken: see `judge.determine_purpose`; or the agreement is suspended and the case is held.
        """

        def act(unit: Unit) -> CaseFile:
            done = judge.determine_purpose(
                unit,
                self.agreements,
                reference,
                question=question,
                answer=answer,
                reasons=reasons,
                factors=factors,
                by=by,
                at=at,
            )
            return self._offered(unit, done, Stage.PURPOSE, question, by, at)

        done = self._act(
            Operation.DETERMINE_PURPOSE, reference, revision, by, act, stage=Stage.PURPOSE.value, question=question
        )
        _must_be_recorded(done, by, at)

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
        """Record which candidate, if any, is the person, and offer the second view where it was the first.

        Raises: Mistaken: see `judge.determine_identity`; or the agreement is suspended and the case is held.
        """
        chosen = PersonId(choice) if choice is not None else None

        def act(unit: Unit) -> CaseFile:
            done = judge.determine_identity(
                unit,
                self.agreements,
                reference,
                choice=chosen,
                reasons=reasons,
                by=by,
                at=at,
                somebody_else=somebody_else,
            )
            return self._offered(unit, done, Stage.IDENTITY, judge.IDENTITY_QUESTION, by, at)

        done = self._act(
            Operation.DETERMINE_IDENTITY,
            reference,
            revision,
            by,
            act,
            stage=Stage.IDENTITY.value,
            question=judge.IDENTITY_QUESTION,
        )
        _must_be_recorded(done, by, at)

    def _offered(self, unit: Unit, file: CaseFile, stage: Stage, question: str, by: Officer, at: datetime) -> CaseFile:
        """Offer the second view to somebody, where this was the first."""
        if by.role is not Role.DISCLOSURE_OFFICER:
            return file
        return offer_second(unit, file.reference, stage, question, judges=open_offers(), draw=os.urandom(16), at=at)

    def close_protected(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Record the guardian's decision on a protected record."""
        self._act(
            Operation.CLOSE_PROTECTED,
            reference,
            revision,
            by,
            lambda unit: judge.close_protected(unit, reference, reasons=reasons, by=by, at=at),
        )

    def ask(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Put a question to the requester."""
        self._act(
            Operation.ASK,
            reference,
            revision,
            by,
            lambda unit: correspond.ask(unit, reference, words=words, by=by, at=at),
        )

    def note(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Write a note into a case's history."""
        self._act(
            Operation.NOTE,
            reference,
            revision,
            by,
            lambda unit: correspond.note(unit, reference, words=words, by=by, at=at),
        )

    def trace(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Trace the person of an approved case.

        Raises: OverAllowance: the officer has had too many traced; the guardian is told, in an act of its own.
                Mistaken: the agreement in force no longer permits it; the case has moved to where it now belongs.
        """
        try:
            traced = self._act(
                Operation.TRACE,
                reference,
                revision,
                by,
                lambda unit: tracing.trace_subject(unit, self.gateway, reference, by=by, at=at),
            )
            must_not_be_parked(traced, "the register was not read")
        except OverAllowance:
            with self.store.unit() as unit:
                raise_alert(unit, Pattern.TRACES, by.organisation, count=OFFICER_ALLOWANCE.at_once, by=by, at=at)
            raise

    def set_trace_aside(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Set aside what a trace found, so that the person is traced again."""
        self._act(
            Operation.SET_TRACE_ASIDE,
            reference,
            revision,
            by,
            lambda unit: set_aside(unit, reference, reasons=reasons, by=by, at=at),
        )

    def release(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Seal the answer and put it into the outbox: the intent first, durably, then the seal.

        Raises: Mistaken: the agreement in force no longer permits it; the case has moved to where it now belongs.
        """
        intended = self._act(
            Operation.RELEASE,
            reference,
            revision,
            by,
            lambda unit: releasing.intend(unit, self.agreements, reference, by=by, at=at),
        )
        must_not_be_parked(intended)
        must_not_be_parked(
            self._act(
                Operation.RELEASE,
                reference,
                None,
                by,
                lambda unit: releasing.release(unit, self.gateway, reference, by=by, at=at),
            )
        )

    def _act(
        self,
        operation: Operation,
        reference: CaseReference,
        revision: int | None,
        by: Officer,
        act: Callable[[Unit], CaseFile | Parked],
        *,
        stage: str = "",
        question: str = "",
    ) -> CaseFile | Parked:
        """Do one act as one durable transaction, unless somebody else acted since the person looked."""
        return act_on(self.store, operation, reference, revision, by, act, stage=stage, question=question)

    def _words(self) -> dict[str, str]:
        return dict(Organisation.objects.values_list("reference", "words"))


def _must_be_recorded(done: CaseFile | Parked, by: Officer, at: datetime) -> None:
    """Raise where no view was recorded because the agreement stands still; the case has moved, durably.

    Raises: Mistaken: it has.
    """
    gave = isinstance(done, CaseFile) and any(
        (view.staff_id, view.at) == (by.staff_id, moment(at)) for view in done.determinations
    )
    if not gave:
        status = done.status.words
        raise Mistaken(
            "your view was not recorded",
            why=f"no version of the agreement is in force now, and nobody judges meanwhile: `{status}`",
            next_step="give it when the agreement is in force again",
        )
