"""What requesters are called: in a sentence, and as the name of a row."""

from privity.casework.desk import Manner

CALLED = {
    "home-office": "the Home Office",
    "national-crime-agency": "the National Crime Agency",
    "police": "police forces",
    "court-order": "courts",
    "coroner": "coroners",
    "debt-reporting": "the Department of Health and Social Care",
    "letter-forwarding": "charities that reunite families",
}
"""What the shipped families' requesters are called in a sentence; a new family is called by its parties' words."""


MANNERS = {"debt-reporting": Manner.REPORTED, "letter-forwarding": Manner.FORWARDED}
"""What passes under a family, where it is not the answer to somebody who asks about a person."""


def manner(family: str) -> Manner:
    """Return in which way something passes under a family."""
    return MANNERS.get(family, Manner.ASKED)


def heading(words: str) -> str:
    """Return a requester's words as a heading or the name of a row: no article, a capital letter."""
    bare = words.removeprefix("the ")
    return bare[:1].upper() + bare[1:]


def named(family: str) -> str:
    """Return the name of a family's row in a table."""
    return heading(CALLED.get(family, family))
