"""Letters to the requester: a refusal with its clauses, the letter beside a sealed answer, a reminder to destroy.

Rules of the module:
- A letter is made from the records of the case and from its own day, so it is the same whenever it is asked for, by
  whichever side. Its words carry a version with the day from which it is used; words never change under a version.
- It says no more than the requester's own page: the letter beside an answer reads the same whatever was found, and no
  letter repeats what officers wrote. A refusal cites the clauses and what would cure it.
- Whatever somebody typed (the requester's reference) is handed over as data; whoever sets the letter obeys none of it.

Source: S1: a refusal is answered with reasons; domain.md 7 (purpose binding, retention).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.record import read_day, read_moment
from privity.casework.release import CONDITIONS_OF_USE
from privity.casework.requester_desk import Progress, Unmet, progress_of
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import british

REMIND_BEFORE = timedelta(days=7)
_REFUSED = (Progress.REFUSED, Progress.RETURNED)
_HELD_BY_REQUESTER = (Progress.SENT, Progress.COLLECTED)
_ANSWERED = (Progress.SEALED, *_HELD_BY_REQUESTER, Progress.DESTROYED)


class LetterKind(StrEnum):
    """Which letter it is."""

    REFUSAL = "refusal"
    """The request was refused, or sent back as incomplete."""
    DISCLOSURE = "disclosure"
    """The request was answered; the answer itself is sealed and not in the letter."""
    DESTRUCTION_REMINDER = "destruction-reminder"
    """What was received is to be destroyed, and that is not confirmed."""

    @property
    def words(self) -> str:
        """Return the letter's name as a page shows it."""
        return _NAMES[self]


_NAMES = {
    LetterKind.REFUSAL: "Letter of refusal",
    LetterKind.DISCLOSURE: "Letter with the answer",
    LetterKind.DESTRUCTION_REMINDER: "Reminder to destroy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A headed part of a letter: what is said, then points, then pairs of a word and what it stands for."""

    heading: str
    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter, ready to be set. `template` names its words and their version. Personal data: never logged."""

    kind: LetterKind
    template: str
    title: str
    dated: date
    to: str
    your_reference: str
    case: CaseReference
    agreement: str
    parts: tuple[Part, ...]

    def __repr__(self) -> str:
        return f"Letter({self.template})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a letter needs besides the case: names in plain words."""

    organisation: str
    agreement_title: str
    purpose: str


class LetterDesk(Protocol):
    """Where pages get letters from."""

    def letter(self, reference: CaseReference, kind: LetterKind, *, by: Officer, at: datetime) -> Letter:
        """Return a letter on a case that this person may read.

        Raises: Mistaken: there is no such case for them, or no such letter on it.
        """

    def pdf(self, reference: CaseReference, kind: LetterKind, *, by: Officer, at: datetime) -> bytes:
        """Return a letter as one accessible PDF.

        Raises: Mistaken: as for `letter`. Unavailable: PDFs cannot be made here.
        """

    def makes_pdf(self) -> bool:
        """Return whether letters can be had as PDF here."""


Writer = Callable[[CaseFile, Surroundings], tuple[str, tuple[Part, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The words of one letter from a day on."""

    number: int
    since: date
    write: Writer


def letters(file: CaseFile, today: date) -> tuple[LetterKind, ...]:
    """Return which letters there are on a case on a day."""
    return tuple(kind for kind in LetterKind if dated(file, kind, today) is not None)


def dated(file: CaseFile, kind: LetterKind, today: date) -> date | None:
    """Return the day a letter bears, or None where there is no such letter yet."""
    progress = progress_of(file)
    match kind:
        case LetterKind.REFUSAL:
            return read_day(file.state.closed_on) if progress in _REFUSED else None
        case LetterKind.DISCLOSURE:
            return civil_day(read_moment(file.pack.sealed_at)) if file.pack and progress in _ANSWERED else None
        case LetterKind.DESTRUCTION_REMINDER:
            return _reminded(file, progress, today)


def letter(file: CaseFile, kind: LetterKind, around: Surroundings, today: date) -> Letter:
    """Return a letter.

    Raises: Mistaken: there is no such letter on this case.
    """
    day = dated(file, kind, today)
    if day is None:
        raise Mistaken(
            "the letter was not written",
            why="there is none of that kind on this case now",
            next_step="look at the case again: it lists the letters there are",
        )
    version = in_use(kind, day)
    title, parts = version.write(file, around)
    return Letter(
        kind=kind,
        template=f"{kind.value}/{version.number}",
        title=title,
        dated=day,
        to=around.organisation,
        your_reference=file.opening.requester_reference,
        case=file.reference,
        agreement=around.agreement_title,
        parts=parts,
    )


def in_use(kind: LetterKind, day: date) -> Version:
    """Return the version of a letter's words that a letter of that day is written in."""
    versions = VERSIONS[kind]
    return next((one for one in reversed(versions) if one.since <= day), versions[0])


def reasons(file: CaseFile) -> tuple[Unmet, ...]:
    """Return the clauses a refusal or return cites; where people refused, the questions they answered no."""
    if not file.assessments:
        return ()
    found = json.loads(file.assessment.findings)
    unmet = tuple(
        Unmet(clause=one["clause"], says=one["says"], cure=one["cure"] or "")
        for one in found
        if one["answer"] in ("not met", "not stated")
    )
    if unmet:
        return unmet
    return tuple(Unmet(clause=one["clause"], says=one["says"], cure="") for one in json.loads(file.assessment.cited))


def _reminded(file: CaseFile, progress: Progress, today: date) -> date | None:
    gone = file.destruction
    if gone is None or gone.confirmed_on or progress not in _HELD_BY_REQUESTER:
        return None
    reminders = [line for line in file.history if line.kind == EntryKind.DESTRUCTION_OVERDUE.value]
    if reminders:
        return civil_day(read_moment(reminders[-1].at))
    due = date.fromisoformat(gone.due)
    # Before the requester has the answer, a reminder would say that there is something in it.
    return due - REMIND_BEFORE if progress is Progress.COLLECTED and today >= due - REMIND_BEFORE else None


def _refusal_1(file: CaseFile, around: Surroundings) -> tuple[str, tuple[Part, ...]]:
    returned = progress_of(file) is Progress.RETURNED
    cited = reasons(file)
    by_people = any(view.stage == "purpose" and not view.answer for view in file.determinations)
    why = tuple(_spoken(one) for one in cited) or ("No agreement with your organisation was in force.",)
    decided = (
        "The request is incomplete, so it was not judged."
        if returned
        else "Two people judged the request, neither knowing the other's view, and neither found that it should be met."
        if by_people
        else "The request does not meet the terms of the agreement."
    )
    rests_on = "The decision rests on these terms of the agreement:" if by_people else "These terms are not met:"
    then = (
        ("Complete it and send it again: a new request has a new clock.",)
        if returned
        else (
            "A new request that meets the terms can be sent at any time.",
            "You may challenge this decision on the request's page. The custodian and the department read it.",
        )
    )
    parts = (
        Part(heading="What was decided", lines=(decided,), terms=(("Purpose stated", around.purpose),)),
        Part(heading="Why", lines=(rests_on,) if cited else (), points=why),
        Part(heading="What you can do", points=then),
    )
    return ("Your request is sent back" if returned else "Your request is refused"), parts


def _disclosure_1(file: CaseFile, around: Surroundings) -> tuple[str, tuple[Part, ...]]:
    assert file.pack is not None, "the letter beside an answer needs the answer"
    destroy_by = read_day(file.pack.destroy_by)
    terms = [
        ("Sealed on", british(civil_day(read_moment(file.pack.sealed_at)))),
        ("May be used only for", around.purpose),
        ("Digest (SHA-256)", file.pack.sha256),
    ]
    if destroy_by:
        terms.append(("Destroy by", british(destroy_by)))
    parts = (
        Part(
            heading="The answer",
            lines=(
                "The answer to your request is sealed to your organisation's certificate. It is not in this letter.",
                "Open it with your organisation's key, after `privity open` has checked seal, digest and proof.",
            ),
            terms=tuple(terms),
        ),
        Part(heading="What you undertook", points=CONDITIONS_OF_USE),
    )
    return "The answer to your request", parts


def _reminder_1(file: CaseFile, around: Surroundings) -> tuple[str, tuple[Part, ...]]:
    assert file.destruction is not None, "what is to be destroyed has a day"
    count = sum(line.kind == EntryKind.DESTRUCTION_OVERDUE.value for line in file.history)
    due = british(date.fromisoformat(file.destruction.due))
    said = (
        f"What you received was to be destroyed by {due}. We have no confirmation. This is reminder {count}."
        if count
        else f"What you received is to be destroyed by {due}. We have no confirmation yet."
    )
    terms = (("Received for", around.purpose), ("Digest (SHA-256)", file.pack.sha256 if file.pack else ""))
    parts = (
        Part(heading="What is to be destroyed", lines=(said,), terms=terms),
        Part(
            heading="What you do",
            points=(
                "Destroy what you received, every copy of it and everything taken from it.",
                "Confirm on the request's page, or with a signed statement that names the digest above.",
                "If something must be kept longer, tell us before the day, and why.",
            ),
        ),
        Part(
            heading="If it stays open",
            lines=("The department that oversees the agreement is told how long, and never about whom.",),
        ),
    )
    return "Destroy what you received", parts


def _spoken(one: Unmet) -> str:
    cure = f" {one.cure[:1].upper()}{one.cure[1:]}." if one.cure else ""
    clause = f" (rule {one.clause})" if one.clause else ""
    says = one.says[:1].upper() + one.says[1:]
    return f"{says.rstrip('.')}{clause}.{cure}".replace("..", ".")


VERSIONS: Mapping[LetterKind, Sequence[Version]] = {
    LetterKind.REFUSAL: (Version(number=1, since=date(2005, 1, 1), write=_refusal_1),),
    LetterKind.DISCLOSURE: (Version(number=1, since=date(2005, 1, 1), write=_disclosure_1),),
    LetterKind.DESTRUCTION_REMINDER: (Version(number=1, since=date(2005, 1, 1), write=_reminder_1),),
}
"""Every version of every letter's words, oldest first."""
