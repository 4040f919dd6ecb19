"""What a requester's officers and systems are shown, and what they can do: values in, values out.

Rules of the module:
- A requester is told where its request stands in words that say nothing about what was found, or by whom it is judged:
  a protected record, no trace and a long deliberation look alike until the sealed answer is opened.
- What can be done is the table's to say (`authorisation`); the offers here are read from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from privity.casework.authorisation import Operation, Permission, permission, relation_of
from privity.casework.case_file import CaseFile
from privity.casework.challenge import Outcome
from privity.casework.own_filter import OwnFilter
from privity.casework.progress import Progress, progress_of
from privity.definitions.item import DataItem
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import Clock
from privity.request.form import RequestForm
from privity.request.intake_row import RowError


class ChangedMeanwhile(Mistaken):
    """What a person or program acts on is not what they were shown."""

    def __init__(self) -> None:
        super().__init__(
            "nothing was recorded", why="it changed since you looked", next_step="look at it again, then decide"
        )


class RequestUnreadable(Mistaken):
    """A request or file is wrong in form; `errors` say where, and repeat nothing."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(
            "nothing was taken",
            why=f"fields that could not be read: {len(errors)}",
            next_step="mend them and send again",
        )
        self.errors = tuple(errors)


TOLD_TO_REQUESTER = frozenset(
    {
        EntryKind.CASE_OPENED,
        EntryKind.REQUEST_READ,
        EntryKind.CASE_UNREADABLE,
        EntryKind.CASE_REPEATS,
        EntryKind.CASE_RETURNED,
        EntryKind.CASE_HELD,
        EntryKind.CASE_WITHDRAWN,
        EntryKind.QUESTION_ASKED,
        EntryKind.QUESTION_ANSWERED,
        EntryKind.DUE_MOVED,
        EntryKind.PACK_SEALED,
        EntryKind.PACK_SENT,
        EntryKind.PACK_COLLECTED,
        EntryKind.DESTRUCTION_CONFIRMED,
        EntryKind.CHALLENGE_RAISED,
        EntryKind.CHALLENGE_ANSWERED,
    }
)
"""Acts that change what a requester is shown. A refusal and the end of a suspension do too, by their status; what the
custodian does in between is not even counted."""


def offers(file: CaseFile, by: Officer) -> frozenset[Operation]:
    """Return what this person may try on a request now.

    Destruction is offered once the requester has the answer: before, the offer would say that there is something in it.
    """
    relation = relation_of(by, file)
    allowed = {
        operation
        for operation in Operation
        if permission(operation, by.role, relation, file.status) is Permission.ALLOWED
    }
    if progress_of(file) is not Progress.COLLECTED:
        allowed.discard(Operation.CONFIRM_DESTRUCTION)
    return frozenset(allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A clause that stands against a request, and what would cure it. `number` is its heading in the text."""

    clause: str
    says: str
    cure: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precheck:
    """What the agreement in force says of a request before it is sent. Nothing of it is kept.

    `errors` are mistakes of form, by field; with one of them the rest is empty.
    """

    errors: tuple[RowError, ...] = ()
    standing: str = ""
    unmet: tuple[Unmet, ...] = ()
    missing: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    due: date | None = None
    steps: tuple[str, ...] = ()
    version: str = ""
    """The version it was held against, as `family@name`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What is said when a request is taken: nothing about the person. `entry` is the number told of its entry."""

    reference: CaseReference
    progress: Progress
    received_on: date
    due: date | None
    steps: tuple[str, ...]
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One request in the requester's list."""

    reference: CaseReference
    requester_reference: str
    officer_name: str
    progress: Progress
    received_on: date
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A page of the requester's list. `total` counts all that fit what was asked for; the others count everything.

    `waiting` counts questions for it, `ready` answers to be fetched, `to_destroy` what it has and must destroy.
    """

    lines: tuple[OwnLine, ...]
    total: int
    page: int
    pages: int
    waiting: int
    ready: int = 0
    to_destroy: int = 0
    considered: int = 0
    all: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChanges:
    """What changed for the requester since an entry of the ledger, earliest first; nothing it may not see counts.

    `upto` is where to ask on from; `more` says that there is more already.
    """

    lines: tuple[tuple[int, OwnLine], ...]
    upto: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfYou:
    """A question the custodian put, and its answer."""

    number: int
    asked_at: datetime
    words: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One contribution to the thread about a refusal, by side."""

    at: datetime
    side: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAnswer:
    """The sealed answer as its receiver may know it before opening: by which route, since when, until when."""

    sha256: str
    size: int
    sealed_at: datetime
    route: str
    destroy_by: date | None
    confirmed_on: date | None
    collected_at: datetime | None = None
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCase:
    """One request as its sender sees it. `tag` changes when, and only when, something of this does."""

    reference: CaseReference
    requester_reference: str
    officer_name: str
    purpose_words: str
    progress: Progress
    received_on: date
    clock: Clock | None
    reasons: tuple[Unmet, ...]
    questions: tuple[AskedOfYou, ...]
    answer: SealedAnswer | None
    thread: tuple[Said, ...]
    outcome: Outcome
    may: frozenset[Operation]
    tag: str
    moved: str = ""
    """Why the due day is another than first told; empty where it is not."""
    letters: tuple[str, ...] = ()
    """Which letters there are on it (`letters.LetterKind`)."""
    errors: tuple[RowError, ...] = ()
    """What could not be read, field by field; empty where everything could."""
    repeats: str = ""
    """The earlier request that asked the same; empty where there is none."""
    items: tuple[DataItem, ...] = ()
    """What was asked for."""
    version: str = ""
    """Under which version it was judged, as `family@name`; empty before."""

    def __repr__(self) -> str:
        return f"OwnCase({self.reference}, {self.progress})"


class DraftKind(StrEnum):
    """What a draft holds."""

    REQUEST = "request"
    """One request, field by field."""
    FILE = "file"
    """A file of requests that could be read."""


class DraftState(StrEnum):
    """Where a draft stands."""

    WRITING = "writing"
    """Its writer works on it."""
    TO_COUNTERSIGN = "to-countersign"
    """It waits for a colleague of sufficient rank."""
    SENT = "sent"
    """It has been sent; its words are gone from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A request or file on its way to being sent. Personal data: never logged."""

    name: str
    kind: DraftKind
    state: DraftState
    written_by: str
    fields: Mapping[str, str]
    content: str
    revision: int
    changed_at: datetime
    became: str

    def __repr__(self) -> str:
        return f"Draft({self.kind}, {self.state})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One row of a file, by the sender's own reference, and what the agreement says of it."""

    row: int
    requester_reference: str
    found: Precheck


CheckedFile = tuple[Sequence[RowError], list[CheckedRow]]
"""The errors of a file, or its rows checked; never both."""
TakenFile = tuple[Sequence[CaseReference], bool]
"""The cases of a file, in the order of its rows, and whether they are new."""


class RequesterDesk(Protocol):
    """Everything a requester can be shown and do. Every act raises Mistaken with what, why and what next."""

    def form(self, *, by: Officer) -> RequestForm:
        """Return the form of the agreement this person's organisation asks under."""

    def listing(self, *, page: int, by: Officer, at: datetime, asked: OwnFilter | None = None) -> OwnPage:
        """Return the organisation's requests that fit what was asked for, newest first; all where nothing was."""

    def changes(self, since: int, *, by: Officer) -> OwnChanges:
        """Return what changed for the organisation after an entry, by the number told of it; -1 for everything."""

    def own(self, reference: CaseReference, *, by: Officer, at: datetime) -> OwnCase:
        """Return one request of the organisation.

        Raises: Mistaken: there is none of that reference.
        """

    def precheck(self, fields: Mapping[str, str], *, by: Officer, at: datetime) -> Precheck:
        """Return what would be found on a request."""

    def precheck_file(self, content: bytes, *, by: Officer, at: datetime) -> CheckedFile:
        """Return the errors of a file, or what would be found on each of its rows; never both."""

    def drafts(self, *, by: Officer) -> Sequence[Draft]:
        """Return this person's drafts, and colleagues' that wait for a countersignature."""

    def draft(self, name: str, *, by: Officer) -> Draft:
        """Return one draft of this person's, or one that waits for a countersignature.

        Raises: Mistaken: there is none.
        """

    def begin(self, *, kind: DraftKind, content: str, by: Officer, at: datetime) -> Draft:
        """Begin a draft."""

    def begin_again(self, reference: CaseReference, *, by: Officer, at: datetime) -> Draft:
        """Begin a draft that says what a request said which was sent back.

        Raises: Mistaken: there is none of that reference, or it was not sent back.
        """

    def change(self, name: str, fields: Mapping[str, str], *, revision: int, by: Officer, at: datetime) -> Draft:
        """Change fields of a draft.

        Raises: Mistaken: it was changed or sent meanwhile.
        """

    def discard(self, name: str, *, by: Officer) -> None:
        """Throw a draft away."""

    def clear_drafts(self, at: datetime) -> int:
        """Throw away the drafts nobody has touched for a month, and return how many."""

    def ask_countersignature(self, name: str, *, by: Officer, at: datetime) -> None:
        """Put a draft before colleagues of sufficient rank."""

    def countersign(self, name: str, *, revision: int, by: Officer, at: datetime) -> Acknowledgement:
        """Countersign a colleague's draft, as it was read, and send it.

        Raises: Mistaken: it is one's own, or the rank does not suffice.
        """

    def send(self, name: str, *, revision: int, by: Officer, at: datetime) -> Sequence[CaseReference]:
        """Send a draft: one request, or every row of a file as a case of its own. Twice sends once."""

    def submit(self, fields: Mapping[str, str], *, by: Officer, at: datetime, key: str) -> tuple[Acknowledgement, bool]:
        """Send one request under an idempotency key; it is acknowledged unread. Returns whether it is new.

        Raises: Mistaken: the key was used for another one.
        """

    def submit_file(self, content: bytes, *, by: Officer, at: datetime, key: str) -> TakenFile:
        """Send a file of requests under an idempotency key; returns whether it is new."""

    def answer(self, reference: CaseReference, *, words: str, tag: str, by: Officer, at: datetime) -> int:
        """Answer the open question; returns the number of its entry. An empty `tag` is not compared."""

    def withdraw(self, reference: CaseReference, *, tag: str, by: Officer, at: datetime) -> int:
        """Take a request back; returns the number of its entry."""

    def challenge(self, reference: CaseReference, *, words: str, tag: str, by: Officer, at: datetime) -> int:
        """Challenge a refusal, or write on; returns the number of its entry."""

    def sealed(self, reference: CaseReference, *, by: Officer, at: datetime) -> tuple[bytes, bytes]:
        """Return the sealed answer and the proof that the ledger tells of it.

        Raises: Mistaken: it has not left yet.
        """

    def collected(self, reference: CaseReference, *, tag: str, by: Officer, at: datetime) -> int:
        """Record that the requester has the answer; returns the number of its entry."""

    def destroyed(self, reference: CaseReference, *, on: date, method: str, tag: str, by: Officer, at: datetime) -> int:
        """Record that what was received is destroyed; returns the number of its entry."""
