"""What the public pages, the patient's pages and the practice's pages are shown and can do.

Kept apart from `desk` because nobody here works on cases: what these people see is theirs or everybody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from privity.agreement.page import Stretch
from privity.agreement.papers import Paper, Plan
from privity.casework.instance_records import ProtectionRecord, SubjectQuestionRecord
from privity.casework.leaflet import Leaflet
from privity.casework.ports import UnitOfWork
from privity.casework.record import Record
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.person import NhsNumber
from privity.errors import Mistaken
from privity.protection.registration import Lifting, Registration
from privity.statistics.combine import Combined
from privity.statistics.publication import Publication
from privity.statistics.quarter import Quarter
from privity.statistics.suppression import Suppression

Kept = TypeVar("Kept", bound=Record)


class PublicUnit(UnitOfWork, Protocol):
    """A transaction that also reads what is kept for the public and for patients."""

    def kept(self, kind: type[Kept], reference: str) -> Sequence[Kept]:
        """Return the records of one kind with one reference, oldest first, those of this transaction included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication, the day it was made, and what its requesters and classes of request are called.

    `classes` has the words of an agreement's purpose, by the agreement and the purpose.
    """

    publication: Publication
    published_on: date
    names: Mapping[str, str]
    classes: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One disclosure about a person, as that person is told: to whom, when, what, and what for."""

    case: str
    to: str
    on: date
    items: tuple[str, ...]
    purpose: str

    def told(self) -> dict[str, str | list[str]]:
        """Return it as it is kept."""
        items = list(self.items)
        return {"case": self.case, "to": self.to, "on": self.on.isoformat(), "items": items, "purpose": self.purpose}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Disclosure":
        """Return what was kept."""
        return cls(
            case=told["case"],
            to=told["to"],
            on=date.fromisoformat(told["on"]),
            items=tuple(told["items"]),
            purpose=told["purpose"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherSource:
    """One custodian's publication in a combined picture: whose, how it shows counts, and by what it is checked."""

    origin: str
    setting: Suppression
    file_name: str
    sha256: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One quarter over several custodians. `names` are what this custodian calls the kinds of requester it knows."""

    quarter: Quarter
    combined: Combined
    sources: tuple[TogetherSource, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Between which moments whatever was registered is not here any more: a backup was put back."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A person's question, as the guardian sees it, with everything that was disclosed about that person."""

    record: SubjectQuestionRecord
    disclosures: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version, renewal, suspension or end of an agreement, and when it took effect and was known.

    `was_text` is false for criteria that somebody announced and nobody wrote down: they never governed. `amends` is the
    version it changes, empty where it says none. `papers` counts what is attached to it. `until` is the last day a
    suspension held, or None.
    """

    name: str
    kind: str
    title: str
    effective: date
    published_on: date | None
    was_text: bool
    amends: str = ""
    papers: int = 0
    until: date | None = None

    @property
    def days_unpublished(self) -> int:
        """Return for how many days it was in effect before anybody could read it."""
        return max((self.published_on - self.effective).days, 0) if self.published_on else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """One agreement with everything that happened to it, earliest first."""

    family: str
    requester: str
    lines: tuple[VersionLine, ...]
    has_plan: bool = False

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return each version with the one it changes: the one it names, or else the text before it."""
        versions = [line for line in self.lines if line.kind == "version"]
        names, found, before = {line.name for line in versions}, [], ""
        for line in versions:
            changed = line.amends if line.amends in names else before
            found += [(changed, line.name)] if changed else []
            before = line.name if line.was_text else before
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What changed from one version to the next: in sentences, word by word, clause by clause, and in meaning.

    `relation` is how the two relate in what they make possible, empty where it was not worked out for these two texts;
    `meaning` tells it by examples that the solver found.
    """

    words: tuple[str, ...]
    wording: tuple[tuple[str, tuple[Stretch, ...]], ...] = ()
    relation: str = ""
    meaning: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str, str, str], ...]
    """Clause, kind of change, what it said before, what it says after; empty where it was not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step before a version could take effect: the day it was taken, or None, and what is known of it."""

    what: str
    on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What lies beside a version: how it came about, and the papers that were published with it."""

    title: str
    steps: tuple[StepLine, ...]
    papers: tuple[Paper, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]


class AskedTooOften(Mistaken):
    """Somebody tried so many wrong codes that none is looked at for a while, the right one neither."""

    def __init__(self) -> None:
        super().__init__(
            "no code was looked at",
            why="too many wrong codes came from where you are",
            next_step="wait a quarter of an hour, then try again",
        )


class PublicDesk(Protocol):
    """Everything the pages for the public, the patient and the practice can show and do."""

    def publications(self) -> Sequence[Published]:
        """Return every published quarter, newest first."""

    def together(self, quarter: Quarter) -> Together | None:
        """Return one quarter over all custodians; None where nobody else's figures of it are here.

        Raises: Mistaken: what lies here of others cannot be read.
        """

    def registrations(self, practice: OrganisationId) -> Sequence[ProtectionRecord]:
        """Return what a practice has registered, the newest for each person, latest first."""

    def undone(self, at: datetime) -> Undone | None:
        """Return what the newest restore took from practices, for some months; None where none did."""

    def protect(self, registration: Registration, *, effects_read: bool, by: Officer, at: datetime) -> None:
        """Register a protection.

        Raises: Mistaken: see `protect.protect`.
        """

    def protections(self, nhs_number: NhsNumber, *, by: Officer) -> Sequence[ProtectionRecord]:
        """Return what practices have registered for one person and still holds, for the guardian.

        Raises: Mistaken: not the guardian.
        """

    def not_on_register(self, *, by: Officer, on: date) -> Sequence[ProtectionRecord] | None:
        """Return what practices have registered for numbers that nobody on the register bears; None without a register.

        Whoever bears another number by now is not protected under it: somebody has to ask.
        Raises: Mistaken: not the guardian.
        """

    def lift(self, lifting: Lifting, *, effects_read: bool, by: Officer, at: datetime, seen: int | None = None) -> None:
        """Take a protection away.

        Raises: Mistaken: see `protect.lift`.
        """

    def give_code(self, nhs_number: NhsNumber, *, by: Officer, at: datetime) -> str:
        """Return a fresh code for a person who was seen.

        Raises: Mistaken: this role gives none.
        """

    def ask_or_read(self, code: str, *, asked_from: str, at: datetime) -> SubjectQuestionRecord:
        """Return the question of a code; the first use asks it.

        Args:   asked_from: the network address it came from; only wrong codes are counted against it.
        Raises: AskedTooOften: too many wrong ones from there. Mistaken: the code is wrong or no longer good.
        """

    def wish_to_be_told(self, reference: str, address: str, *, at: datetime) -> None:
        """Record where the person of a question wants to be told; an empty address ends it.

        Raises: Mistaken: it is no mail address.
        """

    def questions(self, *, by: Officer) -> Sequence[SubjectQuestionRecord]:
        """Return people's questions for the guardian, those to be answered soonest first.

        Raises: Mistaken: not the guardian.
        """

    def question(self, reference: str, *, by: Officer) -> QuestionView:
        """Return one question with what was disclosed about the person.

        Raises: Mistaken: not the guardian, or no such question.
        """

    def answer(
        self,
        reference: str,
        decided: Mapping[str, tuple[date, str] | None],
        *,
        answered_before: str,
        by: Officer,
        at: datetime,
    ) -> None:
        """Answer a question.

        Args:   decided: of every case that was shown, the day of review and the reasons, or None for told at once.
                answered_before: the moment of the answer that was shown, empty for none.
        Raises: Mistaken: something was disclosed or answered meanwhile; see `answer_patient.answer_question`.
        """

    def agreements(self) -> Sequence[AgreementLine]:
        """Return every agreement published here, with all that happened to it."""

    def can_print(self) -> bool:
        """Return whether leaflets can be made as PDFs here."""

    def leaflet_pdf(self, leaflet: Leaflet, *, language: str, large: bool) -> bytes:
        """Return a leaflet as an accessible PDF.

        Raises: Unavailable: it cannot be made here, or not in this language.
        """

    def attached(self, family: str, version: str) -> Attached:
        """Return what lies beside a version.

        Raises: Mistaken: no such version is published.
        """

    def plan(self, family: str) -> Plan:
        """Return the plan by which an agreement is revised.

        Raises: Mistaken: there is none.
        """

    def differences(self, family: str, before: str, after: str) -> Differences:
        """Return what changed between two versions.

        Raises: Mistaken: no such version is published.
        """

    def register_of_agreements(self) -> Sequence[Mapping[str, str]]:
        """Return every published version in the fields of the public register of agreements."""
