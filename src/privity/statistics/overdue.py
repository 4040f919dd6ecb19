"""How many packs each requester has not destroyed in time: a fold over ledger entries, so that anybody can count it.

A pack counts from its first reminder, which `privity watch` puts on record the day after it was due, until the
requester's confirmation. Counts are published as whole numbers: they are about requesters, not about the people in
the packs, and a requester knows its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind


@dataclass(slots=True)
class OverdueFold:
    """Who owes how many confirmations after the entries seen so far. Feed it entries in ledger order."""

    _owed: dict[str, str] = field(default_factory=dict)

    def see(self, entries: Iterable[Entry]) -> "OverdueFold":
        """Take in the next entries and return itself."""
        for entry in entries:
            if entry.kind is EntryKind.DESTRUCTION_OVERDUE:
                self._owed[entry.case] = entry.organisation
            elif entry.kind is EntryKind.DESTRUCTION_CONFIRMED:
                self._owed.pop(entry.case, None)
        return self

    def counts(self) -> dict[str, int]:
        """Return how many each requester owes, by name; nobody who owes nothing."""
        found: dict[str, int] = {}
        for organisation in self._owed.values():
            found[organisation] = found.get(organisation, 0) + 1
        return dict(sorted(found.items()))
