"""The one true sentence a clinician can say to a patient today, made from the situation and from nothing else."""

from collections.abc import Callable

from privity.casework.desk import SharedLine, Situation

Translate = Callable[[str], str]
"""Returns a sentence in the reader's language; what nobody translated stays as it is."""
NOTHING = "Today nothing about you is given to anybody through this service."
SOME = (
    "Today some of your details, never anything about your health, can be given to %(names)s, "
    "but only after people have decided it for that one request, and to nobody else through this service."
)
TWO_NAMES = "%(first)s and %(last)s"
SENTENCES = (NOTHING, SOME, TWO_NAMES)
"""What a translator translates of it."""


def as_written(sentence: str) -> str:
    """Return a sentence as it is."""
    return sentence


def one_sentence(situation: Situation, translate: Translate = as_written) -> str:
    """Return the one true sentence a clinician can say to a patient today.

    It names everybody to whom something may be given. Whoever is not named is given nothing.
    """
    shared = [line for line in situation.lines if line.standing == "in-force"]
    if not shared:
        return translate(NOTHING)
    return translate(SOME) % {"names": _listed(shared, translate)}


def _listed(lines: list[SharedLine], translate: Translate) -> str:
    names = [line.requester for line in lines]
    if len(names) == 1:
        return names[0]
    return translate(TWO_NAMES) % {"first": ", ".join(names[:-1]), "last": names[-1]}
