"""The thread about a refusal: the requester challenges, the custodian replies, the department brokers.

Rules of the module:
- A thread never opens a refused case again. It can end with the word that a new request is worth sending.
- The department reads and writes here, and decides nothing; only the guardian ends a thread.
- What is written is about the decision. Whoever writes is told that the department reads it, which sees no person.
"""

import re
from datetime import date, datetime
from enum import StrEnum

from privity.casework.case_file import CaseFile
from privity.casework.correspond import said
from privity.casework.lifecycle import Status
from privity.casework.ports import UnitOfWork
from privity.casework.record import moment
from privity.casework.records import ChallengeRecord
from privity.casework.writing import write_act
from privity.definitions.party import Officer, Role
from privity.definitions.person import Particulars
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.trace.normalise import plain_letters

STRUCK = "[struck out]"
"""What stands where somebody wrote a particular of the person sought."""


class Outcome(StrEnum):
    """How a thread ended, if it has."""

    GOES_ON = ""
    """Nobody has ended it."""
    UPHELD = "upheld"
    """The refusal stands."""
    ASK_AGAIN = "ask-again"
    """The guardian thinks a new request worth sending; it is judged like any other."""

    @property
    def words(self) -> str:
        """Return the outcome as a page shows it."""
        return {"": "open", "upheld": "the refusal stands", "ask-again": "a new request is worth sending"}[self.value]


def outcome_of(file: CaseFile) -> Outcome:
    """Return how the thread on a case stands."""
    return Outcome(file.challenges[-1].outcome) if file.challenges else Outcome.GOES_ON


def masked(words: str, sought: Particulars) -> str:
    """Return what somebody wrote with every particular of the person sought struck out, however it is spelt.

    For whoever may read the thread and may not see the person. A name of one letter is left: it names nobody.
    """
    names = " ".join((sought.family_name, sought.given_name, sought.other_given_names))
    known = [
        *names.split(),
        *re.split(r"[\W_]+", names),  # of two names joined by a hyphen people write one
        *sought.address_lines,
        *(_STREET.sub("", line) for line in sought.address_lines),
        sought.postcode,
        sought.nhs_number.digits if sought.nhs_number else "",
    ]
    spelt = sorted({_letters(one) for one in known if len(_letters(one)) > 1}, key=len, reverse=True)
    patterns = [*map(_GAP.join, spelt), *_days(sought.date_of_birth)]
    for pattern in patterns:
        words = _struck(words, re.compile(rf"(?<![^\W_])(?:{pattern})(?:\W?s)?(?![^\W_])"))
    return words


_GAP = r"[\W_]*"
_STREET = re.compile(r"^.*\d\w*")
"""What stands before the name of a street: people name a street without its number."""


def _letters(part: str) -> str:
    return "".join(letter for letter in plain_letters(part) if letter.isalnum())


def _struck(words: str, pattern: re.Pattern[str]) -> str:
    """Return the words with what a pattern finds in their plain letters struck out; every other letter as it was."""
    plain = [(letter, place) for place, written in enumerate(words) for letter in plain_letters(written)]
    kept, upto = "", 0
    for found in pattern.finditer("".join(letter for letter, _ in plain)):
        after = found.end()
        kept += words[upto : plain[found.start()][1]] + STRUCK
        upto = plain[after][1] if after < len(plain) else len(words)
    return kept + words[upto:]


def _days(day: date | None) -> tuple[str, ...]:
    """Return patterns of the ways in which people write a day, in plain letters."""
    if day is None:
        return ()
    figures, ordinal = f"0?{day.day}", f"0?{day.day}(?:st|nd|rd|th)?"
    month = f"{day:%B}".lower()
    name, year = rf"{month[:3]}(?:{month[3:]})?", f"(?:{day:%Y}|{day:%y})"
    return (
        rf"{ordinal}{_GAP}(?:of)?{_GAP}{name}{_GAP}{year}",
        rf"{name}{_GAP}{ordinal}{_GAP}{year}",
        rf"{figures}[\W_]+0?{day.month}[\W_]+{year}",
        rf"0?{day.month}[\W_]+{figures}[\W_]+{year}",
        rf"{day:%Y}{_GAP}0?{day.month}{_GAP}{figures}",
        f"{day:%d%m%Y}",
    )


def challenge(unit: UnitOfWork, reference: CaseReference, *, words: str, by: Officer, at: datetime) -> CaseFile:
    """Challenge a refusal, or write again in the thread that goes on.

    Raises: Mistaken: the case is not refused, is another organisation's, the thread has ended, or there are no words.
    """
    file = unit.case(reference)
    if file.status is not Status.REFUSED or by.organisation != file.organisation:
        raise _refused("the case is not a refused one of your organisation", "look at the case again")
    first = not file.challenges
    told = "The requester challenged the refusal." if first else "The requester wrote again about the refusal."
    return _written(unit, file, EntryKind.CHALLENGE_RAISED, told, words=words, outcome=Outcome.GOES_ON, by=by, at=at)


def reply(
    unit: UnitOfWork, reference: CaseReference, *, words: str, outcome: Outcome, by: Officer, at: datetime
) -> CaseFile:
    """Reply to a challenge, for the custodian or as broker; with an outcome the guardian ends it.

    Raises: Mistaken: nothing was challenged, the thread has ended, there are no words, or it is not theirs to end.
    """
    file = unit.case(reference)
    if not file.challenges:
        raise _refused("nobody has challenged this decision", "look at the case again")
    if outcome is not Outcome.GOES_ON and by.role is not Role.GUARDIAN:
        raise _refused("only the guardian ends a challenge", "write without an outcome")
    told = "The department wrote." if by.role is Role.DEPARTMENT else "The custodian replied."
    if outcome is not Outcome.GOES_ON:
        told = f"The challenge ended: {outcome.words}."
    return _written(unit, file, EntryKind.CHALLENGE_ANSWERED, told, words=words, outcome=outcome, by=by, at=at)


def _written(
    unit: UnitOfWork,
    file: CaseFile,
    kind: EntryKind,
    told: str,
    *,
    words: str,
    outcome: Outcome,
    by: Officer,
    at: datetime,
) -> CaseFile:
    if outcome_of(file) is not Outcome.GOES_ON:
        raise _refused("the challenge has ended", "send a new request if something has changed")
    record = ChallengeRecord(
        reference=file.opening.reference,
        number=len(file.challenges) + 1,
        at=moment(at),
        staff_id=by.staff_id,
        role=by.role.value,
        words=said(words),
        outcome=outcome.value,
    )
    return write_act(unit, file, kind, at=at, by=by, words=told, records=(record,))


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was recorded", why=why, next_step=next_step)
