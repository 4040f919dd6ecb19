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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from privity.trace.comparison import Arrangement, Comparison, Field, Level, NameAgreement, Sought, levels_of
from privity.trace.model import Model
from privity.trace.record import NamePart, RegisterReader, RegisterRecord, Shares
from privity.trace.variants import variants

FULL_NAME = frozenset({Level.EXACT, Level.SUBSET, Level.CONFLICT})
NEARLY = frozenset({Level.CLOSE, Level.SOUNDS, Level.SIMILAR, Level.INITIAL})
AGREED = frozenset({Level.EXACT, Level.VARIANT, Level.SUBSET, Level.ELSEWHERE})
PARTS = {Field.GIVEN: NamePart.GIVEN, Field.OTHER: NamePart.OTHER, Field.FAMILY: NamePart.FAMILY}
BOTH_NAMES = (Field.GIVEN, Field.FAMILY)
HALF = 0.5
DAYS_BUT_NEW_YEAR = 364.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One record with its weight: level and bits of each field, for the better reading of its names."""

    record: RegisterRecord
    fields: tuple[tuple[Field, Level, float], ...]
    weight_bits: float
    new_year: float
    """P(born on a 1st of January | the names that agree): how usual the default is among their bearers."""
    bearers: int
    """How many records bear both names that agree, 1 where not both agree."""
    relative_bits: float
    """log2 of LRrel: family and home agree, given name and date of birth are anybody's.

    Some relatives are twins and share the day; twins do not share a given name.
    """


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
            return min(self._frequency(part, word) for word in words) / self._size
        if level is Level.ELSEWHERE:
            return min(self._anywhere(word) for word in words) / self._size
        if level is Level.VARIANT:
            alike = {name for word in words for name in (word, *variants(word))}
            return min(sum(self._frequency(part, word) for word in alike), self._size) / self._size
        assert level in NEARLY, "every level that rests on words is weighed by them"
        return max(otherwise, min(self._frequency(part, word) for word in words) / self._size)

    def _frequency(self, part: NamePart, word: str) -> int:
        return max(self._register.name_frequency(part, word), 1)

    def _anywhere(self, word: str) -> int:
        return min(sum(self._frequency(part, word) for part in NamePart), self._size)


class Scales:
    """Weighs records for one person sought, against one register, by one model."""

    __slots__ = ("_asked", "_classes", "_model", "_register", "_shares", "_size")

    def __init__(self, asked: Sought, register: RegisterReader, model: Model) -> None:
        self._asked = asked
        self._register = register
        self._model = model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self._classes = register.classes

    def weigh(self, record: RegisterRecord, comparison: Comparison) -> Weighed:
        """Return the record with the weight of the better reading of its names."""
        straight = self._reading(record, comparison, comparison.straight)
        if Level.DIFFERENT not in (comparison.straight.given.level, comparison.straight.family.level):
            return straight
        crossed = self._reading(record, comparison, comparison.crossed)
        return max(straight, crossed, key=lambda reading: reading.weight_bits)

    def _reading(self, record: RegisterRecord, comparison: Comparison, names: Arrangement) -> Weighed:
        levels = levels_of(comparison, names)
        agreements = {Field.GIVEN: names.given, Field.FAMILY: names.family, Field.OTHER: comparison.other}
        kind, together_bits = self._kind(agreements)
        new_year = float(kind @ self._classes.new_year)
        bits = {
            field: 0.0 if level is Level.MISSING else self._bits(field, level, agreements.get(field), record, new_year)
            for field, level in levels.items()
        }
        family_bits = bits[Field.FAMILY]
        bearers = self._bearers(names)
        if bearers > 1:
            apart = sum(bits[field] - log2(self._model.odds[field, levels[field]].m) for field in BOTH_NAMES)
            together_bits = max(together_bits, log2((bearers - 1) / self._size) + apart)
        bits[Field.FAMILY if names.family.resting_on else Field.GIVEN] -= together_bits
        if names.given.level in AGREED:
            bits[Field.GENDER] = min(bits[Field.GENDER], 0.0)
        twin = 0.0 if names.given.level in AGREED else self._model.twin_share
        born_as_relative = log2(1 - twin + twin * 2.0 ** bits[Field.BIRTH])
        return Weighed(
            record=record,
            fields=tuple((field, level, bits[field]) for field, level in levels.items()),
            weight_bits=sum(bits.values()),
            new_year=new_year,
            bearers=bearers,
            relative_bits=family_bits + bits[Field.PLACE] + born_as_relative,
        )

    def _bearers(self, names: Arrangement) -> int:
        """Return how many records bear the given and the family name that agree, by the rarest of their words."""
        if not names.given.resting_on or not names.family.resting_on:
            return 1
        given, family = (
            min(name.resting_on, key=lambda one: self._register.name_frequency(part, one))
            for part, name in ((NamePart.GIVEN, names.given), (NamePart.FAMILY, names.family))
        )
        return self._register.pair_frequency(given, family)

    def _kind(self, agreements: Mapping[Field, NameAgreement]) -> tuple[Shares, float]:
        """Return P(class | the names that agree), and by how many bits they are likelier together than apart."""
        everybody = self._classes.everybody
        shares, names = everybody, 0
        for field, name in agreements.items():
            if name.resting_on:
                part = PARTS[field]
                word = min(name.resting_on, key=lambda one: self._register.name_frequency(part, one))
                shares = shares * (self._register.class_shares(part, word) / everybody)
                names += 1
        together = float(shares.sum())
        if names == 0 or together <= 0:
            return everybody, 0.0
        return shares / together, log2(together) if names > 1 and together > 1 else 0.0

    def _bits(
        self, field: Field, level: Level, name: NameAgreement | None, record: RegisterRecord, new_year: float
    ) -> float:
        """Return log2(m / u) of one level."""
        odds = self._model.odds[field, level]
        if name is not None:
            u = self._shares.share(PARTS[field], level, name.resting_on, odds.u)
        elif field is Field.BIRTH:
            u = self._birth_share(level, record, odds.u, new_year)
        elif field is Field.PLACE and level in (Level.DOOR, Level.CURRENT, Level.PREVIOUS):
            u = max(self._register.postcode_frequency(self._asked.postcode), 1) / self._size
        elif field is Field.ORDER:
            u = 1.0  # A reading is chosen, not seen: only how rarely names are exchanged counts.
        elif field is Field.NUMBER and level is Level.EXACT:
            u = 1 / self._size
        else:
            u = odds.u
        return log2(odds.m / min(u, 1.0))

    def _birth_share(self, level: Level, record: RegisterRecord, otherwise: float, new_year: float) -> float:
        """Return P(another person's date of birth agrees this far)."""
        if level not in (Level.EXACT, Level.NEW_YEAR, Level.EXCHANGED, Level.DEFAULTED):
            return otherwise
        born = record.date_of_birth
        births = self._register.births(born.year)
        held_default = (born.day, born.month) == (1, 1)
        if level is Level.DEFAULTED and not held_default:
            return (births.people + HALF) / (self._size + 1)
        if held_default:
            alike = new_year * births.people
            return (max(births.on_new_year, alike) + HALF) / (self._size + 1)
        return (births.people - births.on_new_year + HALF) / DAYS_BUT_NEW_YEAR / (self._size + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """P(each record is the person sought) and P(the person is not in the register), given the particulars."""

    candidates: tuple[float, ...]
    absent: float


def posterior(weighed: Sequence[Weighed], size: int, model: Model) -> Posterior:
    """Return the posterior of the candidates, in their order, and of absence. It adds up to 1."""
    size = max(size, 1)
    related = [model.relatives / size * 2.0**one.relative_bits for one in weighed]
    all_related = sum(related)
    sought = [
        model.present / size * 2.0**one.weight_bits * (1 + all_related - own)
        for one, own in zip(weighed, related, strict=True)
    ]
    absent = ((1 - model.present) + model.present * model.missed) * (1 + all_related)
    total = sum(sought) + absent
    return Posterior(candidates=tuple(one / total for one in sought), absent=absent / total)
