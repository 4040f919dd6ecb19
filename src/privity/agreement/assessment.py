"""What a version says of one request: the standing, its clauses, and what is still open.

Rules of the room:
- Refused beats returned beats referred beats needs judgement: the requester hears the final word first.
- A data item that no clause can open is struck; the rest of the request stands on its own.
- The room sees no person: what it is asked about is an `Asked`, which holds no particulars.
"""

from dataclasses import dataclass
from enum import StrEnum

from privity.agreement.version import Consequence
from privity.agreement.vocabulary import NOT_COUNTERSIGNED, ReservedQuestion
from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily, Slug, VersionName
from privity.request.tracing_request import FactValue


class Standing(StrEnum):
    """Where a request stands under a version."""

    PERMITTED = "permitted"
    """Every condition is met and every reserved question is answered in favour."""
    ORDERED = "ordered"
    """A court ordered the disclosure: exactly as ordered, no more and no less."""
    NEEDS_JUDGEMENT = "needs-judgement"
    """The facts pass; a named person must weigh the case."""
    NEEDS_RULING = "needs-ruling"
    """A named person must first rule on what a term means here."""
    INCOMPLETE = "incomplete"
    """Something is missing that the requester can supply; the clock does not run."""
    REFUSED = "refused"
    """At least one condition cannot be met."""


class ItemOutcome(StrEnum):
    """Where one data item stands."""

    PERMITTED = "permitted"
    """It may leave."""
    REFUSED = "refused"
    """It may not leave."""
    NEEDS = "needs"
    """It waits for an answer, with the rest of the request."""


class Answer(StrEnum):
    """The machine's answer on one clause."""

    MET = "met"
    """The clause stands in favour."""
    NOT_MET = "not met"
    """The clause stands against."""
    RESERVED = "reserved"
    """Only a person can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that an agreement may look at of a request. It names nobody.

    Values of `facts` carry their type, so that `1` and yes are never taken for each other.
    """

    requester: OrganisationId
    family: AgreementFamily
    purpose: Slug
    items: frozenset[DataItem]
    facts: frozenset[tuple[str, type, FactValue]]
    declarations: frozenset[Slug]
    judged: frozenset[tuple[Slug, bool]]
    countersigned_by: Slug = NOT_COUNTERSIGNED
    urgency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one clause says about one request, and whether a machine may say it.

    INVARIANT: a reserved finding carries its question.
    """

    clause: CitedClause
    answer: Answer
    consequence: Consequence | None = None
    question: ReservedQuestion | None = None
    cure: str = ""

    def __post_init__(self) -> None:
        assert self.answer is not Answer.RESERVED or self.question is not None, "reserved names its question"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFinding:
    """Where one data item stands, and by which clauses. `struck` items can never leave under the version.

    `needs` are the smallest sets of questions that, all answered yes, let the item leave; `vetoes` the smallest
    sets that, all answered no, keep it back. Both are empty where no answer makes a difference.
    """

    item: DataItem
    outcome: ItemOutcome
    cited: tuple[CitedClause, ...]
    struck: bool
    needs: tuple[tuple[Slug, ...], ...] = ()
    vetoes: tuple[tuple[Slug, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyFinding:
    """Whether a shorter clock was asked for and whether its grounds are ones the agreement knows.

    `working_days` is the clock that runs; `sooner` is true where a shorter one is owed but no number of
    days was ever published.
    """

    asked: bool
    accepted: bool
    reason: str
    working_days: int
    sooner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The whole answer. Same texts, same request, same answers: same value, whoever computes it."""

    family: AgreementFamily
    version: VersionName
    policy_sha256: str
    vocabulary_sha256: str
    engine: str
    standing: Standing
    items: tuple[ItemFinding, ...]
    findings: tuple[Finding, ...]
    open_questions: tuple[ReservedQuestion, ...]
    cures: tuple[str, ...]
    cited: tuple[CitedClause, ...]
    urgency: UrgencyFinding
    unstated: frozenset[str]

    @property
    def permitted_items(self) -> frozenset[DataItem]:
        """Return the items that may leave now."""
        return frozenset(row.item for row in self.items if row.outcome is ItemOutcome.PERMITTED)

    @property
    def struck_items(self) -> tuple[ItemFinding, ...]:
        """Return the items that can never leave under the version."""
        return tuple(row for row in self.items if row.struck)
