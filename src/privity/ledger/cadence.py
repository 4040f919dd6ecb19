"""How much of the ledger the public sees, and when: so much every period, whatever happened in it.

A public log that grew with the work would give away every count the statistics hide. So its size is a function of the
clock alone: after the n-th period it has n times the same number of entries. What is missing is filled with padding,
whose hashes look like any other; what is too much waits, in order, for the periods to come.

Rules of the module:
- Nothing about the work enters the size. Only how long the backlog is, which stays inside, does.
- `first` is what is public from the beginning: nothing on an instance that begins its work. Where all are made up (the
  demonstration) it is what was there already, so that there is something to look at.
- The cadence of a log never changes once something has been published by it.
Source: reliability (a public log with kind and hour would give every suppressed count by plain addition).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from privity.errors import Mistaken

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=92)
MOST_ENTRIES = 1_000_000
MOST_AT_ONCE = 8_192
"""How much padding one act may have to wait for: some tenths of a second of writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """So many entries a period, counted from a beginning on the hour, in UTC.

    Raises: Mistaken: a period below an hour or above a quarter, or no entries.
    """

    begins: datetime
    hours: int
    entries: int
    first: int = 0

    def __post_init__(self) -> None:
        on_the_hour = self.begins.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self.begins.utcoffset() != timedelta(0) or self.begins != on_the_hour:
            raise _refused("its beginning is not a full hour in UTC")
        if not SHORTEST <= timedelta(hours=self.hours) <= LONGEST or not 1 <= self.entries <= MOST_ENTRIES:
            raise _refused(f"a period is 1 hour to 92 days and has 1 to {MOST_ENTRIES} entries")
        if self.first < 0:
            raise _refused("fewer than no entries cannot be public from the beginning")

    def periods(self, now: datetime) -> int:
        """Return how many periods have ended."""
        return max((now - self.begins) // timedelta(hours=self.hours), 0)

    def public_size(self, now: datetime) -> int:
        """Return how many entries the public log has now."""
        return self.first + self.periods(now) * self.entries

    def place(self, now: datetime, size: int) -> int:
        """Return where a log of `size` entries may stand by the clock alone: never below `size`.

        It runs evenly from one public size to the next, so padding up to it brings forward what the end of the period
        would have asked for. Where the work has run ahead of the clock it is `size` itself; where the log lies far
        behind, a whole number of periods (or of `MOST_AT_ONCE`) short of the clock.
        """
        by_clock = self.first + (now - self.begins) * self.entries // timedelta(hours=self.hours)
        return size + max(by_clock - size, 0) % min(self.entries, MOST_AT_ONCE)

    def in_whole_periods(self, size: int) -> int:
        """Return the least number of entries that whole periods bring and that is not below `size`."""
        beyond = max(size - self.first, 0)
        return self.first + -(-beyond // self.entries) * self.entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is not public yet: entries beyond the public size, and the periods they will take."""

    entries: int
    periods: int


def backlog(cadence: Cadence, *, size: int, public_size: int) -> Backlog:
    """Return what waits to become public."""
    waiting = max(size - public_size, 0)
    return Backlog(entries=waiting, periods=-(-waiting // cadence.entries))


def _refused(why: str) -> Mistaken:
    return Mistaken(
        "the cadence was not accepted", why=why, next_step="choose a period and a number once, and keep them"
    )
