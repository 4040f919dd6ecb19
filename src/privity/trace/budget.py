"""How many traces one officer may cause: a register that answers without end is a directory.

A leaky bucket kept as one moment: the time at which the allowance would be whole again. Spending is two
additions and one comparison, whatever has gone before.

Rules of the room:
- The account does not say whose it is: the tracer never learns who asks.
- The moment of the act is an argument.
- A refusal says when to come back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from privity.errors import Mistaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`at_once` traces may follow one another without a pause; one more is earned every `every`.

    Raises: Mistaken: nothing would ever be allowed.
    """

    at_once: int
    every: timedelta

    def __post_init__(self) -> None:
        if self.at_once < 1 or self.every <= timedelta(0):
            raise Mistaken(
                "the allowance was not accepted",
                why="it allows nothing, or has no pause",
                next_step="allow at least one trace, and a pause longer than nothing",
            )


OFFICER_ALLOWANCE = Allowance(at_once=60, every=timedelta(minutes=8))
"""Sixty in a row, and 180 in 24 hours after that: some six times the whole custodian's working day of 2016."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What has been spent, as the moment (UTC) at which all is earned back. `None` is never used."""

    whole_again: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One trace is allowed; `account` is to be kept."""

    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdrawn:
    """No trace is allowed before `until`."""

    until: datetime


def spend(account: Account, allowance: Allowance, *, at: datetime) -> Spent | Overdrawn:
    """Return the account after one trace, or when the next is allowed."""
    start = at if account.whole_again is None else max(account.whole_again, at)
    earliest = start - allowance.every * (allowance.at_once - 1)
    if at < earliest:
        return Overdrawn(until=earliest)
    return Spent(account=Account(whole_again=start + allowance.every))
