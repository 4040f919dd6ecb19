"""The leaflet that lies in a practice: five questions of a patient, answered from the situation and from nothing else.

The page and the PDF are drawn from this one value, so they cannot tell different things.
"""

from dataclasses import dataclass

from privity.casework.desk import Manner, SharedLine, Situation
from privity.casework.one_sentence import listed
from privity.definitions.item import DataItem
from privity.definitions.language import Translate, as_written

TITLE = "Your address and your health record"
WHAT, WHO, DECIDES, MINE, AFRAID = (
    "What can be given out about me today?",
    "Who can ask?",
    "Who decides?",
    "Was anything given out about me?",
    "I am afraid. What can I do?",
)
GIVEN = "%(names)s can be given some of your details today. Nobody else can."
NOTHING_GIVEN = "Nothing about you is given to anybody here today."
NO_HEALTH = "Nothing about your health is given out."
EACH_TIME = "People decide each time."
ALSO_BILLS = "Hospitals can report unpaid bills of visitors from abroad."
MAY, NEVER = "Some of this can be given out: %(items)s.", "Never given out: %(items)s."
IN_FORCE = "%(name)s: can ask since %(day)s."
BILLS_REPORTED = "%(name)s: unpaid hospital bills of overseas visitors can be reported since %(day)s."
LETTERS_PASSED = "%(name)s: a letter can be passed on to you since %(day)s. Your address is given to nobody."
ON_HOLD = "%(name)s: nothing is given out. Requests have been on hold since %(day)s."
NO_AGREEMENT = "%(name)s: nothing is given out. No agreement is in force."
ANNOUNCED = "%(name)s: new terms were announced on %(day)s. Nobody has written them down. They change nothing here."
NOBODY = "Nobody can ask here."
PEOPLE = "People decide on each request by itself, before anybody is looked up. No computer decides."
ASK = "Ask us for a code. With it you can see who was told what about you, when and why."
NOT_BILLS = "That does not show reports of unpaid bills. For those, ask the hospital that sent the bill."
HIDE = "Tell us. We can hide where you are from everybody who asks. We can send your letters somewhere else."
CARE = "You can see a doctor or nurse. What you tell them is not given out here."
TRUE_ON = "True on %(day)s. Look for the newest leaflet at %(address)s."
SENTENCES = (
    *(
        NO_HEALTH,
        EACH_TIME,
        ALSO_BILLS,
        BILLS_REPORTED,
        LETTERS_PASSED,
        GIVEN,
        NOTHING_GIVEN,
        TITLE,
        WHAT,
        WHO,
        DECIDES,
        MINE,
        AFRAID,
        MAY,
        NEVER,
        IN_FORCE,
        ON_HOLD,
        NO_AGREEMENT,
        ANNOUNCED,
    ),
    *(NOBODY, PEOPLE, ASK, NOT_BILLS, HIDE, CARE, TRUE_ON),
)
"""What a translator translates of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the leaflet with its answer: sentences, then points."""

    asked: str
    lines: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """A leaflet, ready to be drawn."""

    title: str
    questions: tuple[Question, ...]
    true_on: str


def leaflet(situation: Situation, address: str, day_words: Translate, translate: Translate = as_written) -> Leaflet:
    """Return the leaflet for a day.

    Args: address: where the newest leaflet is, as a person types it. day_words: writes an ISO day as people read it.
    """
    shared = [line for line in situation.lines if line.standing == "in-force" and line.manner is Manner.ASKED]
    given = {item for line in shared for item in line.items}
    items = [translate(item.words) for item in DataItem if item.words in given]
    never = list(dict.fromkeys(translate(item) for line in situation.lines for item in line.never))
    what = list(short_answer(situation, translate))
    what += [translate(MAY) % {"items": ", ".join(items)}] if items else []
    what += [translate(NEVER) % {"items": ", ".join(never)}] if never else []
    bills = any(line.manner is Manner.REPORTED for line in situation.lines)
    who = tuple(sentence for line in situation.lines for sentence in _of(line, day_words, translate))
    return Leaflet(
        title=translate(TITLE),
        questions=(
            Question(asked=translate(WHAT), lines=tuple(what)),
            Question(asked=translate(WHO), lines=() if who else (translate(NOBODY),), points=who),
            Question(asked=translate(DECIDES), lines=(translate(PEOPLE),)),
            Question(asked=translate(MINE), lines=(translate(ASK), *((translate(NOT_BILLS),) if bills else ()))),
            Question(asked=translate(AFRAID), lines=(translate(HIDE), translate(CARE))),
        ),
        true_on=translate(TRUE_ON) % {"day": day_words(situation.on.isoformat()), "address": address},
    )


def short_answer(situation: Situation, translate: Translate = as_written) -> tuple[str, ...]:
    """Return what is given out today in the shortest sentences that are true."""
    in_force = [line for line in situation.lines if line.standing == "in-force"]
    names = listed([line for line in in_force if line.manner is Manner.ASKED], translate)
    if names:
        told = [translate(GIVEN) % {"names": names[:1].upper() + names[1:]}, translate(NO_HEALTH), translate(EACH_TIME)]
    else:
        told = [translate(NOTHING_GIVEN)]
    bills = any(line.manner is Manner.REPORTED for line in in_force)
    return (*told, translate(ALSO_BILLS)) if bills else tuple(told)


def _of(line: SharedLine, day_words: Translate, translate: Translate) -> list[str]:
    """Return what is true of one requester: what it gets, and what was announced."""
    passes = {Manner.ASKED: IN_FORCE, Manner.REPORTED: BILLS_REPORTED, Manner.FORWARDED: LETTERS_PASSED}[line.manner]
    sentence = {"in-force": passes, "suspended": ON_HOLD}.get(line.standing, NO_AGREEMENT)
    since = day_words(line.since.isoformat()) if line.since else ""
    told = [translate(sentence) % {"name": translate(line.requester), "day": since}]
    if line.announced_on is not None:
        day = day_words(line.announced_on.isoformat())
        told.append(translate(ANNOUNCED) % {"name": translate(line.requester), "day": day})
    return told
