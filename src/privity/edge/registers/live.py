"""The register file as it was laid out at import, with everybody who changed since: for one trace, and for many.

Rules of the room:
- A change is seen by the next trace: what is late is read anew whenever the register says that it has changed.
- Whoever changed is read from the register's own tables, under the keys they are filed under now.
"""

import threading
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from privity.edge.registers.batch_tables import BatchTables
from privity.edge.registers.laid_out import LaidOut
from privity.trace.blocking import most_telling
from privity.trace.held import HeldColumns, beside
from privity.trace.normalise import door
from privity.trace.record import NOTHING_UNFILED, ComparedRecord, NamePart, Shares, Unfiled
from privity.trace.spans import Int64s, among, by_place


@dataclass(frozen=True, slots=True)
class _Late:
    """Who changed since the import, the keys they are filed under now, and the words counted anew, as of a revision."""

    revision: int
    people: Int64s
    keys: Int64s
    filed: Int64s
    words: frozenset[tuple[str, str]]


class LiveTables(BatchTables):
    """Tables with a layout beside them, where there is one of what was imported."""

    def __init__(self) -> None:
        self._laying = threading.Lock()
        self._laid: LaidOut | None = None
        self._looked_for = ""
        self._late: _Late | None = None
        super().__init__()

    @property
    @abstractmethod
    def _file(self) -> Path:
        """Return the register file."""

    def _layout(self) -> tuple[LaidOut, _Late] | None:
        """Return the layout and what is late, as the register stands now; None where there is no layout of it."""
        with self._laying:
            self._refresh()
            if self._looked_for != self._imported:
                self._laid, self._late = LaidOut.of(self._file, self._imported), None
                self._looked_for = self._imported
            if self._laid is None:
                return None
            if self._late is None or self._late.revision != self._revision:
                late = self._read_late()
                if self._laid_out_anew():
                    return None
                self._late = late
            return self._laid, self._late

    def _laid_out_anew(self) -> bool:
        """Return whether the register was laid out anew since its facts were learnt, and learn them then.

        What was late was taken away in the same step: nothing read since then is beside the layout at hand.
        """
        if self._rows("SELECT value FROM fact WHERE name = 'imported'")[0][0] == self._imported:
            return False
        self._learn_facts()
        return True

    @property
    def _at_hand(self) -> tuple[LaidOut, _Late] | None:
        """Return the layout as of the last look at the register, None where none of that state is at hand."""
        laid, late = self._laid, self._late
        return (laid, late) if laid is not None and late is not None and late.revision == self._revision else None

    def _read_late(self) -> _Late:
        revision = self._revision
        if revision == 0:
            none = np.zeros(0, np.int64)
            return _Late(revision, none, none, none, frozenset())
        entries = np.array(self._rows("SELECT key, pid FROM late_key ORDER BY key"), np.int64).reshape(-1, 2)
        people = np.array(self._rows("SELECT pid FROM late_person ORDER BY pid"), np.int64).reshape(-1)
        words = frozenset((part, token) for part, token in self._rows("SELECT part, token FROM late_word"))
        return _Late(revision, people, entries[:, 0], entries[:, 1], words)

    def candidates(self, keys: Sequence[int], unfiled: Unfiled = NOTHING_UNFILED) -> Sequence[ComparedRecord]:
        """Return the records to compare of those filed under any of the keys, by number. Counts as one read.

        Args: unfiled: keys, each with whose record is to be taken for not filed under it.
        """
        layout = self._layout()
        if layout is None:
            return super().candidates(keys, unfiled)
        self._count_read()
        laid, late = layout
        asked = np.array(keys, np.int64)
        asked.sort()
        found, people = _filed(laid, late, asked)
        if unfiled:
            there = [pair not in unfiled for pair in zip(asked[found].tolist(), people.tolist(), strict=True)]
            found, people = found[there], people[there]
        people = most_telling(found, people, self._size)
        if not len(late.people):
            return laid.records(people, self._door)
        changed = among(people, late.people)
        now = self._spelt_out(people[changed].tolist())
        return sorted([*laid.records(people[~changed], self._door), *now], key=lambda record: record.row)

    def _door(self, residence: int) -> str:
        """Return the first line of an address (normalise.door)."""
        found = self._rows("SELECT lines FROM address WHERE id = ?", (residence,))
        return door(found[0][0].partition("\n")[0]) if found else ""

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Return the place of the key and the person of every blocking entry under the keys. Counts as one read."""
        layout = self._layout()
        if layout is None:
            return super().filed(keys)
        self._count_read()
        return _filed(*layout, keys)

    def held(self, people: Int64s) -> HeldColumns:
        """Return the records of those people, who ascend. Counts as one read."""
        layout = self._layout()
        if layout is None:
            return super().held(people)
        laid, late = layout
        changed = among(people, late.people)
        imported = laid.held(people[~changed])
        if changed.any():
            return beside(imported, super().held(people[changed]))
        self._count_read()
        return imported

    def _read_word(self, part: NamePart, token: str) -> tuple[int, Shares] | None:
        layout = self._at_hand
        if layout is None or (part, token) in layout[1].words:
            return super()._read_word(part, token)
        return layout[0].word(part, token)

    def _read_pair(self, pair: int) -> int:
        layout = self._at_hand
        return super()._read_pair(pair) if layout is None else layout[0].pair(pair)

    def rarities(self, part: NamePart, words: Sequence[str]) -> tuple[Int64s, NDArray[np.float64]]:
        """Return how many records bear each of the words in that part of the name, and its class shares, row by row."""
        layout = self._layout()
        if layout is None:
            return super().rarities(part, words)
        laid, late = layout
        records, shares = laid.rarities(part, words, self._classes.everybody)
        places = [place for place, word in enumerate(words) if (part.value, word) in late.words] if late.words else []
        if places:
            records[places], shares[places] = super().rarities(part, [words[place] for place in places])
        return records, shares

    def pair_frequencies(self, pairs: Int64s) -> Int64s:
        """Return how many records bear each pair of names (blocking.pair_keys), at least 1."""
        layout = self._layout()
        return layout[0].pair_frequencies(pairs) if layout else super().pair_frequencies(pairs)


def _filed(laid: LaidOut, late: _Late, keys: Int64s) -> tuple[Int64s, Int64s]:
    """Return the place of the key and the person of every blocking entry under the keys, as the register stands."""
    found, people = laid.filed(keys)
    if not len(late.people):
        return found, people
    still, now = ~among(people, late.people), among(late.keys, keys)
    return by_place(
        np.concatenate([found[still], keys.searchsorted(late.keys[now])]),
        np.concatenate([people[still], late.filed[now]]),
    )
