"""A version of an agreement: its clauses, its terms, and the texts they were read from.

Rules of the room:
- Clause names and numbers are ours; they are the same from version to version where the undertaking is.
- Two versions are the same when their texts are.
- A version whose criteria were announced but never put into a text is an encoding: it can be replayed
  under, and never governs.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from privity.agreement.making import Commencement, Making, RegisterTerms
from privity.agreement.vocabulary import Choices, ReservedQuestion, Vocabulary
from privity.definitions.clause import CitedClause, ClauseRef
from privity.definitions.item import DataItem
from privity.definitions.reference import AgreementFamily, Slug, VersionName


class Effect(StrEnum):
    """What a clause does."""

    PERMIT = "permit"
    """Opens a gateway: one lawful purpose."""
    FORBID = "forbid"
    """Bars, always or unless one condition is met."""


class Consequence(StrEnum):
    """What follows when a condition is not met."""

    REFUSE = "refuse"
    """The request is refused."""
    RETURN = "return"
    """The request goes back to be completed; the clock does not run."""
    REFER = "refer"
    """A named person must first rule on what a term means here."""


class Claim(StrEnum):
    """How a version relates to the one it amends, in what it makes possible."""

    NARROWS = "narrows"
    """It permits nothing new."""
    WIDENS = "widens"
    """It refuses nothing that was possible."""
    RESTATES = "restates"
    """It decides every request alike."""
    INCOMPARABLE = "incomparable"
    """Some requests are newly possible and others newly refused."""


class VersionState(StrEnum):
    """Whether a version was ever a text."""

    WRITTEN = "written"
    """A text the parties agreed; it can govern."""
    ANNOUNCED = "announced"
    """Criteria somebody announced, encoded by us; they never governed by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One undertaking, as its policy says it.

    `number` is the heading in the text (ours). `facts` are the facts its condition reads, `declaration`
    and `question` what else it reads. `unstated` is what follows when one of `facts` was not stated.
    `purposes` are those it names. `reads_item` is true where it tells data items apart. `ordered` marks a
    gateway that obliges.
    `rule` is the policy without its words, in canonical form; `policy` the Cedar text; `line` its place.
    """

    ref: ClauseRef
    number: str
    says: str
    effect: Effect
    consequence: Consequence | None
    unstated: Consequence
    cure: str
    facts: frozenset[str]
    declaration: Slug | None
    question: Slug | None
    purposes: frozenset[Slug]
    reads_item: bool
    ordered: bool
    rule: str
    policy: str
    line: int
    cited: CitedClause = field(init=False, repr=False, compare=False)
    """The clause as letters and pages cite it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "cited", CitedClause(ref=self.ref, says=self.says))

    @property
    def name(self) -> str:
        """Return our name of the clause."""
        return self.ref.clause


class PartyRole(StrEnum):
    """A party's place in the agreement."""

    CUSTODIAN = "custodian"
    """Holds the register and decides."""
    REQUESTER = "requester"
    """Asks."""
    DEPARTMENT = "department"
    """Oversees and brokers; approves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation, or a kind of organisation, and its place."""

    role: PartyRole
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """Something the version stands on: a legal basis, a source, a reliance that may have ended.

    `verified` is false where it is general knowledge or inference; `until` is the last day it held.
    """

    what: str
    note: str = ""
    verified: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTerms:
    """How fast a reply is owed. `urgent_working_days` is None where no number was published."""

    working_days: int
    urgent_working_days: int | None
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What follows once a requester should have destroyed what it received, and how long the case is kept here.

    Calendar days: between reminders, overdue before the department is told, and from the answer until the case may be
    destroyed at the custodian. Where an agreement is silent the numbers are ours: no text of the memorandum's ladder
    was found (domain.md 1.2, not_found), and five years is what records of requests are kept (WILTS 5817).
    """

    remind_every_days: int = 7
    escalate_after_days: int = 14
    kept_here_days: int = 1826


OUR_LADDER = Ladder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the requester may keep what it received. `words` says so; `verified` whether a source does."""

    days: int
    words: str
    verified: bool
    ladder: Ladder = OUR_LADDER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """One text of an agreement from a day on, with the law it stands on and the words it is made of.

    `item_class` is the list of data items it opens. `statutes_as_at` pins the statutes it refers to.
    `published_at` is None where it never was published. `claim` is what it claims against the version it
    amends, `said_to` what others said of it. `recorded_at` is when the gateway knew it, None where that was
    before it took effect.
    """

    family: AgreementFamily
    name: VersionName
    title: str
    summary: str
    state: VersionState
    parties: tuple[Party, ...]
    legal_basis: tuple[Footing, ...]
    sources: tuple[Footing, ...]
    relies_on: tuple[Footing, ...]
    effective_from: datetime
    effective_to: datetime | None
    published_at: datetime | None
    clock: ClockTerms
    retention: Retention
    transport: str
    decided_by: str
    statutes_as_at: date
    amends: VersionName | None
    claim: Claim | None
    said_to: Claim | None
    recorded_at: datetime | None
    making: Making
    commencement: Commencement
    register: RegisterTerms
    item_class: Slug
    vocabulary: Vocabulary
    clauses: tuple[Clause, ...]
    policy: str
    text: str
    policy_sha256: str
    text_sha256: str
    sha256: str
    anchors: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"Version({self.reference}, {self.sha256[:12]})"

    @property
    def reference(self) -> str:
        """Return `family@name`."""
        return f"{self.family}@{self.name}"

    @property
    def items(self) -> frozenset[DataItem]:
        """Return the closed list of data items that may leave."""
        return self.vocabulary.item_classes[self.item_class]

    @property
    def purposes(self) -> Choices:
        """Return the purposes its gateways open, each with its plain meaning."""
        opened = {purpose for clause in self.clauses if clause.effect is Effect.PERMIT for purpose in clause.purposes}
        return tuple((word, meaning) for word, meaning in self.vocabulary.purposes if word in opened)

    @property
    def known_at(self) -> datetime:
        """Return since when the gateway knows the version."""
        return self.effective_from if self.recorded_at is None else self.recorded_at

    @property
    def retention_days(self) -> int:
        """Return for how many days the requester may keep what it received."""
        return self.retention.days

    @property
    def questions(self) -> tuple[ReservedQuestion, ...]:
        """Return the questions its clauses reserve to a person, in the order of the clauses."""
        names = dict.fromkeys(clause.question for clause in self.clauses if clause.question is not None)
        return tuple(self.vocabulary.question(name) for name in names)

    def clause(self, name: str) -> Clause | None:
        """Return the clause called `name`, or None."""
        return next((clause for clause in self.clauses if clause.name == name), None)


class InstrumentKind(StrEnum):
    """What an instrument does to the agreement it is laid on."""

    RENEWAL = "renewal"
    """The parties confirmed the version in force; nothing else changed."""
    QUEUE = "queue"
    """Every request is held; nothing leaves and nothing is decided."""
    PROHIBITION = "prohibition"
    """Bars some requests from now on, by forbids alone; it can only narrow."""
    WITHDRAWAL = "withdrawal"
    """The agreement ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An act upon an agreement in force: renewal, queue, prohibition or withdrawal.

    `lifted_at` ends a queue or prohibition. `recorded_at` is when the gateway knew it, None where that was
    before it took effect: an instrument only narrows, so it may reach back. `forbids` is the Cedar text of a
    prohibition, else empty.
    """

    family: AgreementFamily
    name: Slug
    kind: InstrumentKind
    title: str
    says: str
    effective_from: datetime
    lifted_at: datetime | None
    recorded_at: datetime | None
    sources: tuple[Footing, ...]
    forbids: str
    text: str

    def binds(self, at: datetime) -> bool:
        """Return whether the instrument is in force at `at`."""
        return self.effective_from <= at and (self.lifted_at is None or at < self.lifted_at)

    @property
    def known_at(self) -> datetime:
        """Return since when the gateway knows the instrument."""
        return self.effective_from if self.recorded_at is None else self.recorded_at

    @property
    def cited(self) -> CitedClause:
        """Return the instrument as letters and pages cite it."""
        ref = ClauseRef(family=self.family, version=VersionName("instrument"), clause=self.name)
        return CitedClause(ref=ref, says=self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The words of a version in another language, for reading. It is never in force (`agreement.translated`).

    `of_sha256` is the digest of the text it says it is of, empty where it says none.
    """

    version: VersionName
    language: str
    of_sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One agreement through time. Versions and instruments stand in the order of their effect.

    `invariants` are forbids that must never be needed; `cases` is the text of the worked cases,
    `found` that of the cases a solver found and a person read. `translations` govern nothing.
    """

    name: AgreementFamily
    vocabulary: Vocabulary
    versions: tuple[Version, ...]
    instruments: tuple[Instrument, ...]
    invariants: str
    cases: str
    found: str
    translations: tuple[Translation, ...] = ()

    def version(self, name: VersionName) -> Version | None:
        """Return the version called `name`, or None."""
        return next((version for version in self.versions if version.name == name), None)
