"""The public-interest test: structured factors, and words of one's own.

The factors are a checklist for the page and the record; they decide nothing. The exact test of the
memorandum was not obtained (domain.md 1.2, not_found), so these are ours, from what critics and guidance ask.

Source: S1 (custodian may refuse if not satisfied of the public interest); domain.md 1.3 R5 and 7 (GMC, BMA).
"""

import re
from collections import Counter
from enum import StrEnum

COPIED_FROM = 0.9
"""Share of words in common from which two reasons count as copied (domain.md 7: GMC). The share is ours."""


class Factor(StrEnum):
    """What was weighed. Each member says which way it usually pulls."""

    SERIOUS_HARM = "serious-harm"
    """For: someone may come to serious harm if nothing is disclosed."""
    SERIOUS_CRIME = "serious-crime"
    """For: the offence is serious by the reading the agreement names."""
    CHILD_OR_VULNERABLE = "child-or-vulnerable"
    """For: the welfare of a child or vulnerable adult is at stake."""
    NO_OTHER_WAY = "no-other-way"
    """For: the usual sources are spent and no less intrusive way is left."""
    TRUST_IN_CARE = "trust-in-care"
    """Against: people may stay away from care if this is disclosed."""
    HARM_TO_SUBJECT = "harm-to-subject"
    """Against: the person sought, or their household, may come to harm."""
    MINOR_OFFENCE = "minor-offence"
    """Against: the offence is minor against the intrusion."""
    WEAK_EVIDENCE = "weak-evidence"
    """Against: what is alleged rests on little."""

    @property
    def words(self) -> str:
        """Return the factor in plain words."""
        return _WORDS[self]

    @property
    def speaks_for(self) -> bool:
        """Return whether the factor usually speaks for disclosure."""
        return self in _FOR


_FOR = frozenset({Factor.SERIOUS_HARM, Factor.SERIOUS_CRIME, Factor.CHILD_OR_VULNERABLE, Factor.NO_OTHER_WAY})
_WORDS = {
    Factor.SERIOUS_HARM: "someone may come to serious harm if nothing is disclosed",
    Factor.SERIOUS_CRIME: "the offence is serious",
    Factor.CHILD_OR_VULNERABLE: "a child or vulnerable adult is at stake",
    Factor.NO_OTHER_WAY: "there is no less intrusive way left",
    Factor.TRUST_IN_CARE: "people may stay away from care",
    Factor.HARM_TO_SUBJECT: "the person or their household may come to harm",
    Factor.MINOR_OFFENCE: "the offence is minor against the intrusion",
    Factor.WEAK_EVIDENCE: "what is alleged rests on little",
}
_WORD = re.compile(r"\w+")


def looks_copied(reasons: str, other: str) -> bool:
    """Return whether two rationales are so alike that one was likely pasted from the other.

    Counted are the words they have in common, twice, among the words of both; case, spaces, punctuation and the order
    of the words change nothing. It is the same either way round, and takes time in proportion to the text.
    """
    left, right = Counter(_WORD.findall(reasons.casefold())), Counter(_WORD.findall(other.casefold()))
    if not left or not right:
        return reasons.split() == other.split()
    return 2 * (left & right).total() >= COPIED_FROM * (left.total() + right.total())
