"""What the pages are shown, and what people at the desk can do: values in, values out, no rows and no forms.

The edge's pages know this module and nothing of the store; `edge.wiring` supplies the desk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from privity.casework.case_file import CaseFile, ShownCandidate
from privity.casework.lifecycle import Owner, Status
from privity.definitions.item import DataItem
from privity.definitions.party import Officer
from privity.definitions.person import Demographics
from privity.definitions.reference import CaseReference, Slug
from privity.request.due import Clock
from privity.trace.explanation import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """One case as the queue shows it. Names nobody sought."""

    reference: CaseReference
    organisation: str
    purpose: str
    status: Status
    owner: Owner
    received_on: date
    due: date | None
    working_days_left: int | None
    urgent: bool
    assigned_to: str
    revision: int = 0
    """What the case stood at when it was listed; an act on it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of the queue with the counts above it. `total` counts all that fit the filter."""

    lines: tuple[QueueLine, ...]
    total: int
    page: int
    pages: int
    open: int
    overdue: int
    due_soon: int
    with_requester: int
    unassigned: int
    mine: int
    second: int = 0
    """Second views that were offered to the person looking."""


SORTS = ("due", "received", "newest", "status", "requester")
"""The orders a queue can be read in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What a queue is asked for. Empty fields do not narrow; oldest due comes first."""

    organisation: str = ""
    status: str = ""
    officer: str = ""
    """The staff identifier of whoever is in charge."""
    view: str = "open"
    """open, mine, second, unassigned, overdue, with-requester, closed."""
    sort: str = "due"
    """One of `SORTS`."""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One clause and what was found on it. `clause` is our name of it, `number` its heading in the text."""

    clause: str
    says: str
    answer: str
    cure: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """One question left to people, and how far the views on it have come.

    `mine_given` and `may_answer` are of the person looking; nobody sees another's view before both are in.
    """

    name: Slug
    ask: str
    ruling: bool
    views_given: int
    mine_given: bool
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One act, as the case page shows it. `entry` is its index in the ledger."""

    at: datetime
    who: str
    what: str
    words: str
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """One candidate with the record beside the particulars, for the two people who judge identity."""

    shown: ShownCandidate
    record: Demographics


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """All that a case page shows to one person."""

    file: CaseFile
    in_charge: str
    """The name of the person in charge, or nothing."""
    owner: Owner
    organisation: str
    agreement_title: str
    purpose_words: str
    clock: Clock | None
    working_days_left: int | None
    findings: tuple[FindingLine, ...]
    questions: tuple[QuestionLine, ...]
    items_asked: tuple[DataItem, ...]
    items_standing: tuple[DataItem, ...]
    candidates: tuple[CandidateView, ...]
    history: tuple[HistoryLine, ...]
    may_judge_identity: bool
    may_release: bool
    may_set_aside: bool
    probability_absent: float | None
    explanations: tuple[Explanation, ...] = ()
    moved: str = ""
    """Why the due day is another than first told; empty where it is not."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of the custodian's people who gave a view or took a screen, by staff identifier."""
    asked_as: Mapping[str, str] = field(default_factory=dict)
    """How the form put each fact, declaration and choice to the requester, by our name of it."""


class Manner(StrEnum):
    """In which way something passes under an agreement."""

    ASKED = "asked"
    """Somebody asks about one person, and details can be given."""
    REPORTED = "reported"
    """Nobody asks: hospitals report unpaid bills of overseas visitors."""
    FORWARDED = "forwarded"
    """A letter is passed on to the person. The address is given to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """What one agreement lets leave today, in plain words.

    `announced_on` is the day criteria were announced that nobody has written down; they change nothing until somebody
    does.
    """

    family: str
    title: str
    requester: str
    standing: str
    """in-force, suspended, none."""
    since: date | None
    sentence: str
    items: tuple[str, ...]
    never: tuple[str, ...]
    purposes: tuple[str, ...]
    conditions: tuple[str, ...]
    decided_by: str
    kept_days: int | None
    published_on: date | None
    version: str
    announced_on: date | None = None
    called: str = ""
    """What the requester is called within a sentence; `requester` is its heading."""
    manner: Manner = Manner.ASKED

    @property
    def in_a_sentence(self) -> str:
        """Return what the requester is called within a sentence."""
        return self.called or self.requester


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChange:
    """One change of the terms: the day it took effect, whose terms, and what happened."""

    on: date
    requester: str
    kind: str
    """version, announcement, suspension, resumption, renewal, withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is shared now, computed from the agreements in force at this moment."""

    on: date
    lines: tuple[SharedLine, ...]
    changes: tuple["TermsChange", ...] = ()
    """What happened to the agreements last, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsLine:
    """One requester's row. INVARIANT: received is the sum of all the others but `overdue`.

    `overdue`: answers that should have been destroyed by now without a confirmation.
    """

    requester: str
    received: int
    rejected: int
    unreadable: int
    refused: int
    traced: int
    untraced: int
    withdrawn: int
    held: int
    open: int
    overdue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsView:
    """The table of one calendar year, and the years there are. `until` is the last day that it counts."""

    year: int
    years: tuple[int, ...]
    until: date
    lines: tuple[StatisticsLine, ...]
    total: StatisticsLine


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerLedger:
    """A ledger that the present one goes on from, since a backup was restored. Its size is in no public place."""

    origin: str
    verifier_keys: Sequence[str]
    restored_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """What is public of the ledger, and how to check it; `checkpoint` and `root` are empty before anything is.

    Nothing in here follows from how much was done: `size` is a function of the clock (ledger.cadence).
    """

    origin: str
    verifier_key: str
    size: int
    root: str
    checkpoint: str
    hours: int
    entries: int
    former: Sequence[FormerLedger] = ()


class Desk(Protocol):
    """Everything the pages can show and do. Every act raises Mistaken with what, why and what next."""

    def situation(self, at: datetime) -> Situation:
        """Return what is shared now."""

    def agreement(self, family: str, version: str) -> tuple[str, str]:
        """Return the words (text) and the rules (Cedar) of a published version.

        Raises: Mistaken: no such version.
        """

    def agreement_in(self, family: str, version: str, language: str) -> str:
        """Return the words of a published version in a language, for reading; nothing where there are none.

        Raises: Mistaken: no such version.
        """

    def statistics(self, year: int | None, at: datetime) -> StatisticsView:
        """Return the public's table of a year, as the last month left it; of the newest year where none is given."""

    def ledger(self) -> LedgerView:
        """Return what is public of the ledger."""

    def ledger_file(self, name: str) -> bytes | None:
        """Return the published checkpoint or a published hash tile by its name in the log, or None."""

    def queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Queue:
        """Return a page of the queue."""

    def whole_queue(self, asked: QueueFilter, *, by: Officer, at: datetime) -> Sequence[QueueLine]:
        """Return every case that fits a filter, in its order, whatever page it asks for.

        Raises: Mistaken: not for them, or more fit than one file holds.
        """

    def organisations(self) -> Sequence[tuple[str, str]]:
        """Return the requesters known, as short name and words."""

    def case(self, reference: CaseReference, *, by: Officer, at: datetime, candidates: bool = False) -> CaseView:
        """Return one case as this person may see it.

        Args:   candidates: whether the candidates' records are wanted. Showing them reads the register, so it is
                put on record; a page that only counts candidates does not ask for them.
        Raises: Mistaken: there is no such case for them.
        """

    def take(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Put a person in charge of a case."""

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
        """Record a view on the purpose; `revision` is the one the person was looking at."""

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
        """Record which candidate, if any, is the person.

        Args: somebody_else: nobody is named because the likeliest candidate is known to be another person.
        """

    def close_protected(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Record the guardian's decision on a protected record."""

    def ask(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Put a question to the requester."""

    def note(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Write a note into a case's history."""

    def trace(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Trace the person of an approved case."""

    def set_trace_aside(
        self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime
    ) -> None:
        """Set aside what a trace found, with everything said about it, so that the person is traced again."""

    def release(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Seal the answer and put it into the outbox."""
