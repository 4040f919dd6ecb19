"""What the ledger tells of debts reported and taken back: each debt once, in the quarter it was first taken in.

Rules of the module:
- Only entries are read, in ledger order. A debt's entry says where the debt then stands.
- The columns part the debts: no debt stands in two, so the columns add up to what was taken in.
- Nothing here says who owes, how much, or what the care was; nothing of it is in the ledger.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from privity.definitions.day import civil_day
from privity.errors import Impossible
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.quarter import Quarter
from privity.statistics.suppression import Suppression, shown


class DebtColumn(StrEnum):
    """A place a debt can stand in."""

    OPEN = "open"
    """Waiting for its two months, held, sent back, being checked, or about to go out."""
    NOT_REPORTED = "not-reported"
    """The agreement, or the people who checked, did not allow it."""
    DROPPED = "dropped"
    """Settled or dropped by the trust before anything was reported."""
    REPORTED = "reported"
    """Reported, and not taken back."""
    RETRACTED = "retracted"
    """Reported, and taken back."""


DEBT_TERMS: Mapping[str, str] = {
    "debts-open": "waiting for two months to pass, held, sent back, being checked, or about to go out",
    "debts-not-reported": "the terms, or the people who checked, did not allow it",
    "debts-dropped": "settled or dropped by the trust before it was reported",
    "debts-reported": "reported to the department that collates, and not taken back",
    "debts-retracted": "reported, and taken back since",
}
"""What each column means, in plain words."""
COLUMN_OF_DEBT: Mapping[str, DebtColumn] = {
    **dict.fromkeys(("taken", "returned", "waiting", "held", "checking", "divided", "ready"), DebtColumn.OPEN),
    "not-reported": DebtColumn.NOT_REPORTED,
    "cancelled": DebtColumn.DROPPED,
    **dict.fromkeys(("reported", "checking-settlement", "settlement-divided", "to-retract"), DebtColumn.REPORTED),
    **dict.fromkeys(("retracted", "acknowledged"), DebtColumn.RETRACTED),
}
"""The column of every standing, by the word the ledger carries."""


@dataclass(slots=True)
class DebtStory:
    """One debt, as far as the ledger tells it."""

    taken: date
    stands: str

    @property
    def column(self) -> DebtColumn:
        """Return where it stands.

        Raises: Impossible: its standing has no column, so no table would close.
        """
        found = COLUMN_OF_DEBT.get(self.stands)
        if found is None:
            raise Impossible(
                "the figures were not published",
                why=f"the ledger carries a standing `{self.stands}` that no column counts",
                next_step="report this",
            )
        return found


@dataclass(slots=True)
class DebtStories:
    """Every debt after the entries seen so far. Feed it entries in ledger order."""

    debts: dict[str, DebtStory] = field(default_factory=dict)

    def see(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.kind is EntryKind.DEBT_TAKEN and entry.case not in self.debts:
            self.debts[entry.case] = DebtStory(taken=civil_day(entry.at), stands="taken")
        if entry.case in self.debts:
            self.debts[entry.case].stands = str(entry.facts.get("status", self.debts[entry.case].stands))

    def table(self, quarter: Quarter, setting: Suppression) -> Mapping[str, int | str]:
        """Return how many of the debts taken in a quarter stand where, shown under a setting, and no total."""
        counts = count_debts(story for story in self.debts.values() if quarter.covers(story.taken))
        if setting is Suppression.EXACT:
            return {column.value: counts[column] for column in DebtColumn}
        return {column.value: shown(counts[column], setting) for column in DebtColumn}


def count_debts(stories: Iterable[DebtStory]) -> Counter[DebtColumn]:
    """Return how many debts stand in each column."""
    return Counter(story.column for story in stories)
