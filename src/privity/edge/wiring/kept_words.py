"""The custodian's own words that are kept out of debts, joined to the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.instance_records import HealthWordRecord
from privity.casework.kept_out import OWN, WordLine, add_word, take_word_back
from privity.casework.record import read_moment
from privity.definitions.party import Officer
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.request.health_words import SHIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWords:
    """The words of one instance."""

    store: Store

    def words(self, *, by: Officer) -> Sequence[WordLine]:
        """Return the words in force, by their letters."""
        must_be_allowed(Operation.READ_HEALTH_WORDS, by)
        standing = [one for one in self._records() if not one.withdrawn_at]
        return [
            WordLine(word=one.word, added_at=read_moment(one.added_at), added_by=one.added_by)
            for one in sorted(standing, key=lambda one: one.word)
        ]

    def shipped(self) -> Sequence[str]:
        """Return the words that ship with the program, by their letters."""
        return sorted(SHIPPED)

    def in_force(self) -> frozenset[str]:
        """Return the words as a file is read with."""
        return frozenset(one.word for one in self._records() if not one.withdrawn_at)

    def add(self, text: str, *, by: Officer, at: datetime) -> str:
        """Keep a word out from now on, and return it as it is looked for."""
        must_be_allowed(Operation.ADD_HEALTH_WORD, by)
        with self.store.unit() as unit:
            return add_word(unit, text, by=by, at=at).word

    def take_back(self, word: str, *, by: Officer, at: datetime) -> None:
        """Let a word pass again."""
        must_be_allowed(Operation.TAKE_BACK_HEALTH_WORD, by)
        with self.store.unit() as unit:
            take_word_back(unit, word, by=by, at=at)

    def _records(self) -> list[HealthWordRecord]:
        return [
            one for one in read_rows(HealthWordRecord, [OWN], self.store.alias) if isinstance(one, HealthWordRecord)
        ]
