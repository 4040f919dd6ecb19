"""Letters to the requester: a refusal with its clauses, the letter beside a sealed answer, a reminder to destroy.

Rules of the module:
- A letter is made from the records of the case and from its own day, so it is the same whenever it is asked for, by
  whichever side. Its words carry a version with the day from which it is used; words never change under a version.
- It says no more than the requester's own page: the letter beside an answer reads the same whatever was found, and no
  letter repeats what officers wrote. A refusal cites the clauses and what would cure it.
- Whatever somebody typed (the requester's reference) is handed over as data; whoever sets the letter obeys none of it.
- Every word of ours goes through `say`, in the language the requester is written to. What the agreement says (its
  title, its purposes, its clauses and cures) is quoted as the parties agreed it.

Source: S1: a refusal is answered with reasons; domain.md 7 (purpose binding, retention).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.progress import Progress, progress_of
from privity.casework.read_sent import faults_of
from privity.casework.record import read_day, read_moment
from privity.casework.refusal import RefusedBy, refused_by
from privity.casework.release import CONDITIONS_OF_USE
from privity.casework.requester_desk import Unmet
from privity.definitions.day import civil_day
from privity.definitions.language import ENGLISH, Translate, as_written, spoken_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

REMIND_BEFORE = timedelta(days=7)
_REFUSED = (Progress.REFUSED, Progress.RETURNED, Progress.UNREADABLE)
_HELD_BY_REQUESTER = (Progress.SENT, Progress.COLLECTED)
_ANSWERED = (Progress.SEALED, *_HELD_BY_REQUESTER, Progress.DESTROYED)


class LetterKind(StrEnum):
    """Which letter it is."""

    REFUSAL = "refusal"
    """The request was refused, or sent back as incomplete or because it could not be read."""
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
    """One letter, ready to be set. `template` names its words and their version. Personal data: never logged.

    `about` is what stands at its head, each with the word for it: the day, both references and the agreement.
    """

    kind: LetterKind
    template: str
    title: str
    dated: date
    to: str
    your_reference: str
    case: CaseReference
    about: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    foot: str
    language: str

    def __repr__(self) -> str:
        return f"Letter({self.template})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a letter needs besides the case: names in plain words, and the language it is written in."""

    organisation: str
    agreement_title: str
    purpose: str
    language: str = ENGLISH
    say: Translate = as_written


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
        about=_about(file, around, day),
        parts=parts,
        foot=around.say(_FOOT) % {"template": f"{kind.value}/{version.number}", "case": file.reference},
        language=around.language,
    )


def _about(file: CaseFile, around: Surroundings, day: date) -> tuple[tuple[str, str], ...]:
    say = around.say
    under = ((say(_UNDER), around.agreement_title),) if around.agreement_title else ()
    return (
        (say(_DATE), spoken_day(day, say)),
        (say(_YOUR_REFERENCE), file.opening.requester_reference),
        (say(_CASE), file.reference),
        *under,
    )


def in_use(kind: LetterKind, day: date) -> Version:
    """Return the version of a letter's words that a letter of that day is written in."""
    versions = VERSIONS[kind]
    return next((one for one in reversed(versions) if one.since <= day), versions[0])


def reasons(file: CaseFile) -> tuple[Unmet, ...]:
    """Return the clauses a refusal or return cites; where people refused, the questions they answered no.

    Where it could not be read, what could not be: field by field, and nothing of what stood there. Where no agreement
    was in force, nothing: what an ended text said before is no reason.
    """
    if faults := faults_of(file):
        return tuple(
            Unmet(clause="", says=f"{fault.column.replace('_', ' ')}: {fault.what}", cure=fault.next_step)
            for fault in faults
        )
    if not file.assessments or refused_by(file) is RefusedBy.NO_AGREEMENT:
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
    say, progress = around.say, progress_of(file)
    unreadable, returned = progress is Progress.UNREADABLE, progress is not Progress.REFUSED
    cited = reasons(file)
    by = refused_by(file)
    by_people = by in (RefusedBy.TWO_OFFICERS, RefusedBy.GUARDIAN)
    why = tuple(_spoken(one, say) for one in cited) or (say(_NO_AGREEMENT),)
    judged = _DECIDED[by] if by else _INCOMPLETE
    decided, rests_on = (_UNREADABLE, _NOT_READ) if unreadable else (judged, _RESTS_ON if by_people else _NOT_MET)
    again = _ONCE_IN_FORCE if by is RefusedBy.NO_AGREEMENT else _ASK_AGAIN
    then = (_MEND_IT,) if unreadable else (_COMPLETE_IT,) if returned else (again, _CHALLENGE_IT)
    parts = (
        Part(heading=say(_WHAT_DECIDED), lines=(say(decided),), terms=((say(_PURPOSE_STATED), around.purpose),)),
        Part(heading=say(_WHY), lines=(say(rests_on),) if cited else (), points=why),
        Part(heading=say(_WHAT_YOU_CAN_DO), points=tuple(map(say, then))),
    )
    return say(_SENT_BACK if returned else _REFUSED_TITLE), parts


def _disclosure_1(file: CaseFile, around: Surroundings) -> tuple[str, tuple[Part, ...]]:
    assert file.pack is not None, "the letter beside an answer needs the answer"
    say, destroy_by = around.say, read_day(file.pack.destroy_by)
    terms = [
        (say(_SEALED_ON), spoken_day(civil_day(read_moment(file.pack.sealed_at)), say)),
        (say(_ONLY_FOR), around.purpose),
        (say(_DIGEST), file.pack.sha256),
    ]
    if destroy_by:
        terms.append((say(_DESTROY_BY), spoken_day(destroy_by, say)))
    parts = (
        Part(heading=say(_THE_ANSWER), lines=(say(_NOT_IN_LETTER), say(_OPEN_IT)), terms=tuple(terms)),
        Part(heading=say(_UNDERTOOK), points=tuple(map(say, CONDITIONS_OF_USE))),
    )
    return say(_ANSWER_TITLE), parts


def _reminder_1(file: CaseFile, around: Surroundings) -> tuple[str, tuple[Part, ...]]:
    assert file.destruction is not None, "what is to be destroyed has a day"
    say = around.say
    count = sum(line.kind == EntryKind.DESTRUCTION_OVERDUE.value for line in file.history)
    filled = {"day": spoken_day(date.fromisoformat(file.destruction.due), say), "count": str(count)}
    terms = ((say(_RECEIVED_FOR), around.purpose), (say(_DIGEST), file.pack.sha256 if file.pack else ""))
    parts = (
        Part(heading=say(_WHAT_TO_DESTROY), lines=(say(_WAS_DUE if count else _IS_DUE) % filled,), terms=terms),
        Part(heading=say(_WHAT_YOU_DO), points=tuple(map(say, (_DESTROY_IT, _CONFIRM_IT, _KEEP_LONGER)))),
        Part(heading=say(_IF_OPEN), lines=(say(_DEPARTMENT_TOLD),)),
    )
    return say(_REMINDER_TITLE), parts


def _spoken(one: Unmet, say: Translate) -> str:
    cure = f" {one.cure[:1].upper()}{one.cure[1:]}." if one.cure else ""
    rule = say(_RULE) % {"clause": one.clause} if one.clause else ""
    says = one.says[:1].upper() + one.says[1:]
    return f"{says.rstrip('.')}{' ' if rule else ''}{rule}.{cure}".replace("..", ".")


_DATE, _YOUR_REFERENCE, _CASE, _UNDER = "Date", "Your reference", "Case", "Under"
_FOOT = "%(template)s, case %(case)s"
_SENT_BACK, _REFUSED_TITLE = "Your request is sent back", "Your request is refused"
_WHAT_DECIDED, _WHY, _WHAT_YOU_CAN_DO = "What was decided", "Why", "What you can do"
_PURPOSE_STATED, _RULE = "Purpose stated", "(rule %(clause)s)"
_NO_AGREEMENT = "No agreement with your organisation was in force."
_UNREADABLE = "Something in the request could not be read, so it was not judged and nobody was looked up."
_NOT_READ = "This could not be read:"
_MEND_IT = "Mend it and send it again, under the same reference of yours if you like: a new clock begins."
_INCOMPLETE = "The request is incomplete, so it was not judged."
_TWO_PEOPLE = (
    "Two people judged the request, neither knowing the other's view, and neither found that it should be met."
)
_THE_GUARDIAN = "The custodian's guardian judged the request, and did not find that it should be met."
_TERMS_NOT_MET = "The request does not meet the terms of the agreement."
_NOTHING_IN_FORCE = "The request is not met: there was no agreement by which anything could be given out."
_RESTS_ON = "The decision rests on these terms of the agreement:"
_NOT_MET = "These terms are not met:"
_COMPLETE_IT = "Complete it and send it again: a new request has a new clock."
_ASK_AGAIN = "A new request that meets the terms can be sent at any time."
_ONCE_IN_FORCE = "A new request can be met once an agreement is in force, and not before."
_CHALLENGE_IT = "You may challenge this decision on the request's page. The custodian and the department read it."
_ANSWER_TITLE, _THE_ANSWER, _UNDERTOOK = "The answer to your request", "The answer", "What you undertook"
_SEALED_ON, _ONLY_FOR, _DIGEST, _DESTROY_BY = "Sealed on", "May be used only for", "Digest (SHA-256)", "Destroy by"
_NOT_IN_LETTER = "The answer to your request is sealed to your organisation's certificate. It is not in this letter."
_OPEN_IT = "Open it with your organisation's key, after `privity open` has checked seal, digest and proof."
_REMINDER_TITLE, _WHAT_TO_DESTROY = "Destroy what you received", "What is to be destroyed"
_RECEIVED_FOR, _WHAT_YOU_DO, _IF_OPEN = "Received for", "What you do", "If it stays open"
_WAS_DUE = "What you received was to be destroyed by %(day)s. We have no confirmation. This is reminder %(count)s."
_IS_DUE = "What you received is to be destroyed by %(day)s. We have no confirmation yet."
_DESTROY_IT = "Destroy what you received, every copy of it and everything taken from it."
_CONFIRM_IT = "Confirm on the request's page, or with a signed statement that names the digest above."
_KEEP_LONGER = "If something must be kept longer, tell us before the day, and why."
_DEPARTMENT_TOLD = "The department that oversees the agreement is told how long, and never about whom."
_DECIDED = {
    RefusedBy.TERMS: _TERMS_NOT_MET,
    RefusedBy.TWO_OFFICERS: _TWO_PEOPLE,
    RefusedBy.GUARDIAN: _THE_GUARDIAN,
    RefusedBy.NO_AGREEMENT: _NOTHING_IN_FORCE,
}
"""What was decided, by what or whom refused."""
SENTENCES = (
    *(_DATE, _YOUR_REFERENCE, _CASE, _UNDER, _FOOT, _SENT_BACK, _REFUSED_TITLE, _WHAT_DECIDED, _WHY, _WHAT_YOU_CAN_DO),
    *(_PURPOSE_STATED, _RULE, _NO_AGREEMENT, _INCOMPLETE, _TWO_PEOPLE, _THE_GUARDIAN, _TERMS_NOT_MET),
    *(_NOTHING_IN_FORCE, _ONCE_IN_FORCE, _UNREADABLE, _NOT_READ, _MEND_IT, _RESTS_ON, _NOT_MET),
    *(_COMPLETE_IT, _ASK_AGAIN, _CHALLENGE_IT, _ANSWER_TITLE, _THE_ANSWER, _UNDERTOOK, _SEALED_ON, _ONLY_FOR, _DIGEST),
    *(_DESTROY_BY, _NOT_IN_LETTER, _OPEN_IT, *CONDITIONS_OF_USE, _REMINDER_TITLE, _WHAT_TO_DESTROY, _RECEIVED_FOR),
    *(_WHAT_YOU_DO, _IF_OPEN, _WAS_DUE, _IS_DUE, _DESTROY_IT, _CONFIRM_IT, _KEEP_LONGER, _DEPARTMENT_TOLD),
)
"""What a translator translates of the letters."""
VERSIONS: Mapping[LetterKind, Sequence[Version]] = {
    LetterKind.REFUSAL: (Version(number=1, since=date(2005, 1, 1), write=_refusal_1),),
    LetterKind.DISCLOSURE: (Version(number=1, since=date(2005, 1, 1), write=_disclosure_1),),
    LetterKind.DESTRUCTION_REMINDER: (Version(number=1, since=date(2005, 1, 1), write=_reminder_1),),
}
"""Every version of every letter's words, oldest first."""
