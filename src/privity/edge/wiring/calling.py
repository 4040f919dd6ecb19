"""What requesters are called: in a sentence, and as the name of a row."""

CALLED = {
    "home-office": "the Home Office",
    "national-crime-agency": "the National Crime Agency",
    "police": "police forces",
    "court-order": "courts",
    "coroner": "coroners",
}
"""What the shipped families' requesters are called in a sentence; a new family is called by its parties' words."""


def heading(words: str) -> str:
    """Return a requester's words as a heading or the name of a row: no article, a capital letter."""
    bare = words.removeprefix("the ")
    return bare[:1].upper() + bare[1:]


def named(family: str) -> str:
    """Return the name of a family's row in a table."""
    return heading(CALLED.get(family, family))
