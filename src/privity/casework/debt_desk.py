"""What the pages and commands about debts are shown and can do: for the trust's finance office, its desk, and whoever
collates. Lists name nobody; one debt, opened, shows all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.casework.collate import Run
from privity.casework.collate_again import SealedAnew
from privity.casework.debt_case import DebtCase
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.debt_records import CollationRecord, DebtViewRecord
from privity.casework.requester_desk import Draft
from privity.definitions.party import Officer, OrganisationId
from privity.disclosure.debt_receipt import DebtReceipt
from privity.errors import Mistaken
from privity.request.debt_report import Settlement
from privity.request.intake_row import RowError


class DebtsUnreadable(Mistaken):
    """A file could not be taken; `errors` say where and why."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(
            "nothing was taken in",
            why=f"{len(errors)} things are wrong in the file, the first: {errors[0]}",
            next_step="mend them and send the file again",
        )
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDebt:
    """One row of a file before it is confirmed: what would become of it, and the clauses and cures that say why."""

    row: int
    finance_reference: str
    becomes: str
    says: tuple[str, ...] = ()
    changes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFound:
    """A file as it was read: its rows, or what is wrong with it. `settles` where it is a file of settlements."""

    settles: bool
    rows: tuple[FoundDebt, ...] = ()
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtLine:
    """One debt in a list. It names nobody."""

    reference: str
    finance_reference: str
    standing: DebtStanding
    owed_pence: int
    billed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtList:
    """A page of debts, and how many stand where in all."""

    lines: tuple[DebtLine, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[DebtStanding, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtEvent:
    """One act on a debt, as the ledger tells it: to the hour, by role, with its clauses."""

    kind: str
    at: datetime
    role: str
    stands: str
    clauses: tuple[str, ...]
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtView:
    """One debt as one person may see it. `views` are those this person may read: their own, or all once settled."""

    case: DebtCase
    views: tuple[DebtViewRecord, ...]
    events: tuple[DebtEvent, ...]
    ask: str
    may_judge: bool
    may_settle: bool
    may_receipt: bool
    findings: tuple[tuple[str, str, str, str], ...]
    """Clause, what it says, the answer, and what would mend it."""
    kept_out: str = ""
    """The column that holds a word this custodian keeps out; empty where none does."""


class DebtDesk(Protocol):
    """Everything the pages and commands about debts can show and do."""

    def columns(self) -> Sequence[str]:
        """Return the columns a file of debts may have."""

    def collates(self, organisation: OrganisationId) -> bool:
        """Return whether an organisation is the one that collates."""

    def look(self, content: bytes, *, by: Officer, at: datetime) -> FileFound:
        """Return what a file would do, before anything is taken. A file of settlements is told by its header."""

    def keep(self, content: bytes, *, by: Officer, at: datetime) -> str:
        """Keep a file that could be read until it is confirmed, and return what it is kept under."""

    def kept(self, name: str, *, by: Officer) -> Draft:
        """Return a file that waits to be confirmed.

        Raises: Mistaken: there is none of that name for this person.
        """

    def confirm(self, name: str, *, revision: int, by: Officer, at: datetime) -> int:
        """Take in a file that was kept, as it was read, and return how many debts it changed.

        Raises: Mistaken: it was confirmed meanwhile. DebtsUnreadable: it cannot be taken any more.
        """

    def discard(self, name: str, *, by: Officer) -> None:
        """Throw a kept file away."""

    def take(self, content: bytes, *, by: Officer, at: datetime) -> int:
        """Take in a file of debts or settlements and return how many debts it changed; again, it changes none.

        Raises: DebtsUnreadable: it is wrong in form, or does not fit what is on record.
        """

    def debts(self, *, standing: DebtStanding | None, page: int, by: Officer) -> DebtList:
        """Return debts, those that wait longest first."""

    def debt(self, reference: str, *, by: Officer) -> DebtView:
        """Return one debt.

        Raises: Mistaken: there is none of that reference.
        """

    def judge(self, reference: str, *, answer: bool, reasons: str, revision: int, by: Officer, at: datetime) -> None:
        """Give a view on a debt or a settlement.

        Raises: Mistaken: nothing is asked, it is not this person's turn, or the debt changed meanwhile.
        """

    def settle(
        self, reference: str, *, how: Settlement, settled_on: date, revision: int, by: Officer, at: datetime
    ) -> None:
        """Say that a debt is settled or should not have been reported.

        Raises: Mistaken: it is settled already, the day cannot be, or the debt changed meanwhile.
        """

    def receipt(self, reference: str, *, by: Officer, at: datetime) -> DebtReceipt:
        """Give the patient a receipt, on record, and return it.

        Raises: Mistaken: the report has not been taken back.
        """

    def months_due(self, at: datetime) -> Sequence[str]:
        """Return the months that are over and were not run, oldest first."""

    def run(self, month: str, *, by: Officer, at: datetime) -> Run:
        """Run a month: ask again, seal what is ready, take back what is settled.

        Raises: Mistaken: it is not over, was run, or no agreement is in force. Unavailable: no fit certificate.
        """

    def to_seal_anew(self, at: datetime) -> int:
        """Return how many parts of months have not left and never can: their certificate was revoked or ran out."""

    def seal_anew(self, *, by: Officer, at: datetime) -> Sequence[SealedAnew]:
        """Seal every such part anew, to the certificate in use now; what stands in it no more is left out.

        Raises: Mistaken: not for this person, or no agreement is in force. Unavailable: no fit certificate.
        """

    def collations(self, *, by: Officer) -> Sequence[CollationRecord]:
        """Return the sealed parts of every run, newest first: of all, or for whoever collates its own."""

    def sealed(self, reference: str, *, by: Officer, at: datetime) -> tuple[bytes, bytes]:
        """Return a sealed part and its proof, for the organisation that collates.

        Raises: Mistaken: it is not theirs, or leaves by another route and has not left yet.
        """

    def acknowledge(self, reference: str, *, by: Officer, at: datetime) -> None:
        """Record that the organisation that collates has a part, and what was taken back in it.

        Raises: Mistaken: it is not theirs, or has not been sent.
        """
