"""Every sentence that acts, clocks and traces leave on record, so that pages can say it in another language.

Rules of the module:
- A record keeps its history in English, as it was written and committed to. A page that is read in another language
  recognises the sentence and says it again; what nobody wrote here (a note, a name) is shown as it stands.
- A sentence that an act writes and that is missing here would stay English for ever: a test reads the acts.
"""

import re
from collections.abc import Mapping
from datetime import date

from privity.agreement import comparison, meaning
from privity.casework.assess import WITHOUT_AGREEMENT
from privity.casework.destroy import HoldReason
from privity.casework.watch_desk import PROMISE
from privity.definitions.item import DataItem
from privity.definitions.language import MONTHS, Translate, pattern_of, spoken_day
from privity.definitions.person import Gender
from privity.destruction.certificate import NotAccepted
from privity.disclosure.notice import NoticeKind
from privity.request import due
from privity.trace.comparison import LEVELS, Level
from privity.trace.fairness_result import DISPARITIES
from privity.trace.standing import Hindrance
from privity.trace.tracer import words as evidence_words

_SHOWN = (
    "at most %(rate)s of proposed traces name the wrong person, %(sure)s sure, with at most %(absent)s of people absent"
)
_SHOWN_ON_MADE_UP = (
    "at most %(rate)s of proposed traces name the wrong person, %(sure)s sure, "
    "shown on made-up people only, with at most %(absent)s of people absent"
)
HOLIDAYS = (
    *("New Year's Day", "New Year Holiday", "Saint Patrick's Day", "Good Friday", "Easter Monday", "May Day"),
    *("Spring Bank Holiday", "Battle of the Boyne", "Summer Bank Holiday", "Late Summer Bank Holiday"),
    *("Saint Andrew's Day", "Christmas Day", "Boxing Day", "Wedding of William and Catherine"),
    *("Diamond Jubilee of Elizabeth II", "Platinum Jubilee of Elizabeth II", "State Funeral of Queen Elizabeth II"),
    *("Coronation of Charles III", "Scotland's participation in the FIFA World Cup final"),
)
"""What the bank holidays of the published lists are called; a test holds it against them."""
SENTENCES = (
    # receiving, assessing, suspending
    "The request was received.",
    "The request was read.",
    "It could not be read, and went back. Things to mend: %(count)s.",
    "The same was asked before, as %(case)s.",
    "The case was assigned.",
    "Held: the agreement is suspended (%(title)s).",
    "Refused: %(why)s.",
    "Refused under clause %(clauses)s.",
    "Refused.",
    "Sent back as incomplete (clause %(clauses)s).",
    "Sent back as incomplete.",
    "The purpose is approved: the register may be read for this case.",
    "The suspension is over and the purpose still approved: the case is where it was.",
    "A term of the agreement needs a human ruling.",
    "Conditions of the agreement that are met: %(count)s. The rest is for people to judge.",
    # the requester
    "A question was put to the requester; the clock stands still.",
    "The requester was reminded of the question; the clock stands still.",
    "The requester answered; the clock runs on.",
    "The requester withdrew the request.",
    "The guardian ended the case, for nobody at the requester follows it: %(why)s",
    "The requester challenged the refusal.",
    "The requester wrote again about the refusal.",
    "The department wrote.",
    "The custodian replied.",
    "The challenge ended: %(how)s.",
    # judging and tracing
    "What the trace found was set aside: %(why)s",
    "A view on the %(stage)s was recorded.",
    "The two officers differ: the guardian decides.",
    "The second view was offered to an officer whom the first did not choose.",
    "The guardian decided on the protected record.",
    "The register was read. Records compared: %(count)s.",
    "Candidate records shown: %(count)s.",
    "A protected record is among the candidates: the case is with the guardian.",
    "Nobody on the register fits.",
    "%(count)s candidates and no clear one: two people judge, nobody guesses.",
    "%(count)s put to two people, who judge which, if any, is the person.",
    "The record was identified.",
    "No record was identified.",
    # the safety screen and the letter
    "The record and its household were looked at for the safety screen.",
    "The safety screen was taken: the release may go on.",
    "The safety screen was taken: the guardian decides.",
    "The safety screen was taken: a letter is forwarded and the address stays here.",
    "The safety screen was taken: the guardian withholds the answer.",
    "A letter to the person was drafted; a second person reads and posts it.",
    "The record was read for the envelope of the letter.",
    "The letter was read by a second person and posted. The address stayed here.",
    "The letter was not sent: the guardian decides.",
    # releasing and sending
    "The answer is about to be sealed.",
    "The answer was sealed to the requester's certificate and put into the outbox.",
    "The requester must destroy the answer by %(day)s and confirm it.",
    "The record is protected now: nothing was sealed and the case is with the guardian.",
    "Nothing of the record may leave: the case is answered as no trace.",
    "The sealed answer was sent.",
    "The sealed answer was sent again, the same bytes.",
    "The sealed answer was not delivered; the same bytes go again.",
    "The answer was taken back before it left: a certificate of the requester has been revoked since it was sealed.",
    "The answer was taken back before it left: the authority has revoked a certificate that it was sealed to.",
    "The answer was taken back before it left: the certificate that it was sealed to has expired since.",
    "The answer was taken back before it left: no agreement is in force by which it could leave.",
    "The record and its household were looked at once more before the answer left.",
    "The answer was taken back before it left: what the safety screen looked at has changed gravely since.",
    "The answer was taken back before it left: the agreement has been followed by another version.",
    "The answer was taken back before it left: some requests have been barred under the agreement since.",
    "The answer was taken back before it left: the agreement it was approved under is no longer in force.",
    "The requester has the answer.",
    "A delivery report claims that the answer arrived.",
    "A read receipt claims that somebody has the answer.",
    "A delivery report claims that the answer came back.",
    # destroying and keeping
    "The requester confirmed that the data are destroyed.",
    "The requester confirmed, too late, that the data are destroyed. Days late: %(days)s.",
    "A confirmation of destruction was not taken: %(why)s.",
    "The requester was reminded to destroy and confirm. Reminders: %(count)s. Days late: %(days)s.",
    "The department was told that a confirmation is late. Days late: %(days)s.",
    # as records have it that were written before numbers stood behind a colon
    "It could not be read, and went back with %(count)s thing(s) to mend.",
    "%(count)s candidate record(s) were shown.",
    "%(count)s conditions of the agreement are met; the rest is for people to judge.",
    "The register was read: %(count)s records compared.",
    "The requester confirmed that the data are destroyed, %(days)s day(s) late.",
    "The requester was reminded a %(count)s time to destroy and confirm, %(days)s day(s) late.",
    "The department was told that a confirmation is %(days)s day(s) late.",
    "The case must be kept (%(reason)s).",
    "The reason to keep the case (%(reason)s) is gone.",
    "One of two people allowed the case to be destroyed here.",
    # what went wrong, and what others look at
    "A near miss was put on record.",
    "An error that reached a requester was put on record.",
    "The incident was reported.",
    "The incident was reported, late.",
    "The incident was closed.",
    "A %(kind)s of the answer was sealed for sending.",
    "The guardian read the case in a sample and wrote down what they found.",
    "The due date moved from %(before)s to %(after)s: %(why)s.",
    # how a due date was made
    *due.SENTENCES,
    # what changed in an agreement, and what that means; the rest are the agreement's own words
    *comparison.SENTENCES,
    *meaning.SENTENCES,
    # what the tracer promises, and whom it serves worse
    PROMISE,
    *DISPARITIES,
    # what a trace found, and how sure it is
    "before anything is compared: one chance in %(count)s",
    "By chance alone nobody else in a register of this size would bear such a name.",
    "By chance alone about %(count)s people in a register of this size would bear such a name.",
    "not certified: the model aims at %(rate)s, and %(why)s",
    _SHOWN_ON_MADE_UP,
    _SHOWN,
    *(evidence_words(field, level) for field, levels in LEVELS.items() for level in (*levels, Level.MISSING)),
)
PHRASES = (
    "%(day)s was proclaimed a bank holiday (%(name)s)",
    "a bank holiday was taken back",
    "the list of bank holidays changed",
    "the refusal stands",
    "a new request is worth sending",
    "purpose",
    "identity",
    *WITHOUT_AGREEMENT.values(),
    *(reason.value for reason in HoldReason),
    *(kind.value for kind in NoticeKind),
    *(fault.words for fault in NotAccepted),
    *(reason.words for reason in Hindrance),
    *(item.words for item in DataItem),
    *(gender.value for gender in Gender),
    "%(day)s (died %(died)s)",
    *HOLIDAYS,
    "%(holiday)s (substitute day)",
    "nobody has shown that it gets there",
    "its certificate holds for registers of %(smallest)s to %(largest)s people",
)
"""What a sentence can be filled in with that is language itself; several of them are joined by `; `."""
_KNOWN = frozenset((*SENTENCES, *PHRASES))
_PATTERNS = tuple((sentence, pattern_of(sentence)) for sentence in (*SENTENCES, *PHRASES) if "%(" in sentence)
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")


def told_sentence(words: str) -> tuple[str, Mapping[str, str]] | None:
    """Return which known sentence some words are, with what it was filled in with; None where it is none."""
    if words in _KNOWN:
        return words, {}
    for sentence, pattern in _PATTERNS:
        found = pattern.fullmatch(words)
        if found is not None:
            return sentence, found.groupdict()
    return None


def said_again(words: str, say: Translate) -> str:
    """Return what was written in the reader's language; what no act and no clock wrote stays as it is."""
    written = _DAY.fullmatch(words)
    if written is not None:
        day, month, year = written.groups()
        return spoken_day(date(int(year), MONTHS.index(month) + 1, int(day)), say)
    found = told_sentence(words)
    if found is None:
        return words
    sentence, filled = found
    if not filled:
        return say(sentence)
    return say(sentence) % {name: _filled(value, say) for name, value in filled.items()}


def _filled(value: str, say: Translate) -> str:
    for between in ("; ", ", "):
        parts = value.split(between)
        if len(parts) > 1 and any(told_sentence(part) for part in parts):
            return between.join(_filled(part, say) for part in parts)
    found = said_again(value, say)
    return say(value) if found == value and value else found
