"""Statutes move; a version does not. What would change if its pinned statutes were read as they stand later.

A version decides by the maxima in law on the day it is pinned to. A maximum that rises later would turn a
lesser offence into a serious one without anybody having agreed to that: it is shown, and refused.
Source: domain.md 1.4(2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from privity.agreement.version import Version
from privity.agreement.vocabulary import Offence, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One offence whose maximum crossed, or left, a threshold of the version after the day it is pinned to."""

    offence: Offence
    fact: str
    pinned: Term
    later: Term
    verified: bool


def moved(version: Version, day: date) -> Iterator[Moved]:
    """Yield the offences that the statutes of another day would answer otherwise than the pinned ones.

    Only thresholds that a clause reads count.
    """
    for threshold in version.vocabulary.derived:
        if not any(f'"attr":"{threshold.name}"' in clause.rule for clause in version.clauses):
            continue
        for offence in version.vocabulary.offences:
            pinned = version.vocabulary.term(offence.code, threshold, version.statutes_as_at)
            later = version.vocabulary.term(offence.code, threshold, day)
            if pinned is not later:
                maximum = offence.maximum_on(day)
                verified = maximum is not None and maximum.verified
                yield Moved(offence=offence, fact=threshold.name, pinned=pinned, later=later, verified=verified)
