"""The one true sentence a clinician can say to a patient today, made from the situation and from nothing else."""

from collections.abc import Sequence

from privity.casework.desk import Manner, SharedLine, Situation
from privity.definitions.language import Translate, as_written

NOTHING = "Today nothing about you is given to anybody through this service."
SOME = (
    "Today %(names)s, and nobody else, can be given some of your details through this service, "
    "never anything about your health, and only after people have decided on that one request."
)
BILLS = (
    "Today nothing about you is given to anybody through this service, "
    "but unpaid hospital bills of overseas visitors can be reported to %(bills)s."
)
SOME_AND_BILLS = (
    "Today %(names)s, and nobody else, can be given some of your details through this service, "
    "never anything about your health, and only after people have decided on that one request, "
    "and unpaid hospital bills of overseas visitors can be reported to %(bills)s."
)
TWO_NAMES = "%(first)s and %(last)s"
SENTENCES = (NOTHING, SOME, BILLS, SOME_AND_BILLS, TWO_NAMES)
"""What a translator translates of it."""


def one_sentence(situation: Situation, translate: Translate = as_written) -> str:
    """Return the one true sentence a clinician can say to a patient today.

    It names everybody to whom something may be given. Whoever is not named is given nothing: where only letters are
    passed on to a person, nobody is given anything.
    """
    shared = [line for line in situation.lines if line.standing == "in-force"]
    asked = [line for line in shared if line.manner is Manner.ASKED]
    reported = [line for line in shared if line.manner is Manner.REPORTED]
    names, bills = listed(asked, translate), listed(reported, translate)
    sentence = (SOME_AND_BILLS if bills else SOME) if names else (BILLS if bills else NOTHING)
    return translate(sentence) % {"names": names, "bills": bills}


def listed(lines: Sequence[SharedLine], translate: Translate = as_written) -> str:
    """Return what requesters are called, one after the other; nothing where there are none."""
    names = [translate(line.in_a_sentence) for line in lines]
    if len(names) < 2:
        return "".join(names)
    return translate(TWO_NAMES) % {"first": ", ".join(names[:-1]), "last": names[-1]}
