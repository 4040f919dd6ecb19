"""What the agreement of one record is worth, in bits, and what that makes of the candidates together.

The posterior, for candidates i = 1..n in a register of N records (design: tracing.md section 6):
    1. A_i = present * LR_i / N * (1 + B - B_i)      record i is the person sought
    2. B_i = relatives / N * LRrel_i, B = sum B_i    record i is a relative of the person sought
    3. absent = ((1 - present) + present * missed) * (1 + B)
    4. P(i is the person sought, given the particulars) = A_i / (sum A + absent)

Rules of the room:
- Agreement on something rare weighs more. Rarity comes from the register, never below one record.
- Names that go together weigh less together: P(given and family name agree | another person) is never taken
  below what the register's latent name classes make of it (record.NameClasses).
- Nor below how many records bear both words: names of a small circle are shared within it, whatever the classes say.
- Agreement on a 1st of January is agreement on a year, and likelier among names whose bearers have that day.
- Gender adds nothing once the given name agrees: the name has told it already.
- The weights of a record's evidence add up to its weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from privity.trace.comparison import Field, Level
from privity.trace.model import Model
from privity.trace.record import ComparedRecord, NamePart, RegisterReader
from privity.trace.variants import variants

THERE = frozenset({Level.DOOR, Level.CURRENT, Level.PREVIOUS})
FULL_NAME = frozenset({Level.EXACT, Level.SUBSET, Level.CONFLICT})
NEARLY = frozenset({Level.CLOSE, Level.SOUNDS, Level.SIMILAR, Level.INITIAL})
AGREED = frozenset({Level.EXACT, Level.VARIANT, Level.SUBSET, Level.ELSEWHERE})
DATED = frozenset({Level.EXACT, Level.NEW_YEAR, Level.EXCHANGED, Level.DEFAULTED})
"""The levels of a date of birth that are as rare as the day they agree on."""
PARTS = {Field.GIVEN: NamePart.GIVEN, Field.OTHER: NamePart.OTHER, Field.FAMILY: NamePart.FAMILY}
BOTH_NAMES = (Field.GIVEN, Field.FAMILY)
NAMES = (Field.GIVEN, Field.FAMILY, Field.OTHER)
HALF = 0.5
DAYS_BUT_NEW_YEAR = 364.25


class Worth(NamedTuple):
    """What an agreement is worth: level and bits of each field, for the better reading of the names.

    A tuple, as is Weighed: hundreds are made for one trace.
    """

    fields: tuple[tuple[Field, Level, float], ...]
    weight_bits: float
    new_year: float
    """P(born on a 1st of January | the names that agree): how usual the default is among their bearers."""
    bearers: int
    """How many records bear both names that agree, 1 where not both agree."""
    names_agree: bool
    """Whether given and family name both agree."""
    family_there: bool
    """Whether the family name agrees, and the record's place is or was the place asked for."""
    relative_bits: float
    """log2 of LRrel: family and home agree, given name and date of birth are anybody's.

    Some relatives are twins and share the day; twins do not share a given name.
    """


class Weighed(NamedTuple):
    """One record with what its agreement is worth. Records that agree alike share it."""

    record: ComparedRecord
    worth: Worth

    def __repr__(self) -> str:
        return "Weighed(hidden)"


class NameShares:
    """How likely another person's name agrees, by the rarest word that the agreement rests on."""

    __slots__ = ("_register", "_size")

    def __init__(self, register: RegisterReader) -> None:
        self._register = register
        self._size = max(register.size, 1)

    def share(self, part: NamePart, level: Level, words: Sequence[str], otherwise: float) -> float:
        """Return P(another person's name agrees this far); `otherwise` where the agreement rests on no word."""
        if not words:
            return otherwise
        if level in FULL_NAME:
            return min([self._frequency(part, word) for word in words]) / self._size
        if level is Level.ELSEWHERE:
            return min(self._anywhere(word) for word in words) / self._size
        if level is Level.VARIANT:
            alike = {name for word in words for name in (word, *variants(word))}
            return min(sum([self._frequency(part, word) for word in alike]), self._size) / self._size
        assert level in NEARLY, "every level that rests on words is weighed by them"
        return max(otherwise, min([self._frequency(part, word) for word in words]) / self._size)

    def _frequency(self, part: NamePart, word: str) -> int:
        return max(self._register.name_frequency(part, word), 1)

    def _anywhere(self, word: str) -> int:
        return min(sum([self._frequency(part, word) for part in NamePart]), self._size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """P(each record is the person sought) and P(the person is not in the register), given the particulars."""

    candidates: tuple[float, ...]
    absent: float


def posterior(weighed: Sequence[Weighed], size: int, model: Model) -> Posterior:
    """Return the posterior of the candidates, in their order, and of absence. It adds up to 1."""
    size = max(size, 1)
    relative, present = model.relatives / size, model.present / size
    related = [relative * 2.0**one.worth.relative_bits for one in weighed]
    all_related = sum(related)
    sought = [
        present * 2.0**one.worth.weight_bits * (1 + all_related - own)
        for one, own in zip(weighed, related, strict=True)
    ]
    absent = ((1 - model.present) + model.present * model.missed) * (1 + all_related)
    total = sum(sought) + absent
    return Posterior(candidates=tuple(one / total for one in sought), absent=absent / total)
