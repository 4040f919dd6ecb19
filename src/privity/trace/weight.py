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
from datetime import date
from math import log2

from privity.trace.comparison import Arrangement, Comparison, Field, Level, NameAgreement, Sought
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
class Worth:
    """What an agreement is worth: level and bits of each field, for the better reading of the names."""

    fields: tuple[tuple[Field, Level, float], ...]
    weight_bits: float
    new_year: float
    """P(born on a 1st of January | the names that agree): how usual the default is among their bearers."""
    bearers: int
    """How many records bear both names that agree, 1 where not both agree."""
    names_agree: bool
    """Whether given and family name both agree."""
    relative_bits: float
    """log2 of LRrel: family and home agree, given name and date of birth are anybody's.

    Some relatives are twins and share the day; twins do not share a given name.
    """


@dataclass(frozen=True, slots=True)
class Weighed:
    """One record with what its agreement is worth. Records that agree alike share it."""

    record: RegisterRecord
    worth: Worth


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _WeighedNames:
    """What three agreements of names are worth together."""

    given_bits: float
    family_bits: float
    other_bits: float
    family_alone_bits: float
    """The family name as it weighs for a relative, whatever the given name is."""
    new_year: float
    bearers: int


class Scales:
    """Weighs records for one person sought, against one register, by one model.

    Hundreds of records share a few agreements: each is weighed once. Agreements of names are known by identity, so what
    was compared is kept in being as long as what it is worth.
    """

    __slots__ = (
        "_asked", "_beside", "_classes", "_known", "_model", "_names", "_plain", "_register", "_shares", "_size",
        "_words",
    )  # fmt: skip

    def __init__(self, asked: Sought, register: RegisterReader, model: Model) -> None:
        self._asked = asked
        self._register = register
        self._model = model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self._classes = register.classes
        self._known: dict[tuple[object, ...], tuple[Worth, Comparison]] = {}
        self._names: dict[tuple[int, int, int], _WeighedNames] = {}
        self._words: dict[tuple[Field, tuple[str, ...]], str] = {}
        self._beside: dict[tuple[Field, str], Shares] = {}
        self._plain: dict[tuple[Field, Level], float] = {}

    def weigh(self, record: RegisterRecord, comparison: Comparison) -> Weighed:
        """Return the record with the weight of the better reading of its names."""
        straight, crossed, born = comparison.straight, comparison.crossed, record.date_of_birth
        alike = (
            id(straight.given), id(straight.family), id(crossed and crossed.given), id(crossed and crossed.family),
            id(comparison.other), comparison.birth, comparison.gender, comparison.place, comparison.number,
            born.year, born.month == born.day == 1,
        )  # fmt: skip
        known = self._known.get(alike)
        if known is None:
            known = self._known[alike] = self._better(born, comparison), comparison
        return Weighed(record, known[0])

    def _better(self, born: date, comparison: Comparison) -> Worth:
        """Return what the better reading of the names is worth, the straight one where both are alike."""
        straight = self._reading(born, comparison, comparison.straight)
        if comparison.crossed is None:
            return straight
        crossed = self._reading(born, comparison, comparison.crossed)
        return max(straight, crossed, key=lambda reading: reading.weight_bits)

    def _reading(self, born: date, comparison: Comparison, arranged: Arrangement) -> Worth:
        given, family, other = arranged.given, arranged.family, comparison.other
        names = self._names.get((id(given), id(family), id(other)))
        if names is None:
            names = self._weighed_names(given, family, other)
            self._names[id(given), id(family), id(other)] = names
        agreed = given.level in AGREED
        order = self._plain_bits(Field.ORDER, arranged.order)
        birth = self._birth_bits(comparison.birth, born, names.new_year)
        gender = self._plain_bits(Field.GENDER, comparison.gender)
        gender = min(gender, 0.0) if agreed else gender
        place = self._plain_bits(Field.PLACE, comparison.place)
        number = self._plain_bits(Field.NUMBER, comparison.number)
        twin = 0.0 if agreed else self._model.twin_share
        return Worth(
            fields=(
                (Field.ORDER, arranged.order, order),
                (Field.GIVEN, given.level, names.given_bits),
                (Field.FAMILY, family.level, names.family_bits),
                (Field.OTHER, other.level, names.other_bits),
                (Field.BIRTH, comparison.birth, birth),
                (Field.GENDER, comparison.gender, gender),
                (Field.PLACE, comparison.place, place),
                (Field.NUMBER, comparison.number, number),
            ),
            weight_bits=order
            + names.given_bits
            + names.family_bits
            + names.other_bits
            + birth
            + gender
            + place
            + number,
            new_year=names.new_year,
            bearers=names.bearers,
            names_agree=agreed and family.level in AGREED,
            relative_bits=names.family_alone_bits + place + log2(1 - twin + twin * 2.0**birth),
        )

    def _weighed_names(self, given: NameAgreement, family: NameAgreement, other: NameAgreement) -> _WeighedNames:
        """Return what the agreements of three names are worth, given and family name together."""
        kind, together_bits = self._kind({Field.GIVEN: given, Field.FAMILY: family, Field.OTHER: other})
        bits = {field: self._name_bits(field, name) for field, name in zip(BOTH_NAMES, (given, family), strict=True)}
        bearers = self._bearers(given, family)
        if bearers > 1:
            odds = self._model.odds
            apart = sum(
                bits[field] - log2(odds[field, name.level].m)
                for field, name in zip(BOTH_NAMES, (given, family), strict=True)
            )
            together_bits = max(together_bits, log2((bearers - 1) / self._size) + apart)
        on_family = bool(family.resting_on)
        return _WeighedNames(
            given_bits=bits[Field.GIVEN] - (0.0 if on_family else together_bits),
            family_bits=bits[Field.FAMILY] - (together_bits if on_family else 0.0),
            other_bits=self._name_bits(Field.OTHER, other),
            family_alone_bits=bits[Field.FAMILY],
            new_year=float(kind @ self._classes.new_year),
            bearers=bearers,
        )

    def _bearers(self, given: NameAgreement, family: NameAgreement) -> int:
        """Return how many records bear the given and the family name that agree, by the rarest of their words."""
        if not given.resting_on or not family.resting_on:
            return 1
        return self._register.pair_frequency(
            self._rarest(Field.GIVEN, given.resting_on), self._rarest(Field.FAMILY, family.resting_on)
        )

    def _rarest(self, field: Field, words: tuple[str, ...]) -> str:
        """Return the rarest of some words, of equals the first."""
        found = self._words.get((field, words))
        if found is None:
            found = min(words, key=lambda one: self._register.name_frequency(PARTS[field], one))
            self._words[field, words] = found
        return found

    def _kind(self, agreements: Mapping[Field, NameAgreement]) -> tuple[Shares, float]:
        """Return P(class | the names that agree), and by how many bits they are likelier together than apart."""
        shares, names = self._classes.everybody, 0
        for field, name in agreements.items():
            if name.resting_on:
                shares = shares * self._beside_everybody(field, self._rarest(field, name.resting_on))
                names += 1
        together = float(shares.sum())
        if names == 0 or together <= 0:
            return self._classes.everybody, 0.0
        return shares / together, log2(together) if names > 1 and together > 1 else 0.0

    def _beside_everybody(self, field: Field, word: str) -> Shares:
        """Return the shares of a word in the classes, as times those of everybody."""
        found = self._beside.get((field, word))
        if found is None:
            found = self._register.class_shares(PARTS[field], word) / self._classes.everybody
            self._beside[field, word] = found
        return found

    def _name_bits(self, field: Field, name: NameAgreement) -> float:
        """Return log2(m / u) of one level of a name."""
        if name.level is Level.MISSING:
            return 0.0
        odds = self._model.odds[field, name.level]
        u = self._shares.share(PARTS[field], name.level, name.resting_on, odds.u)
        return log2(odds.m / min(u, 1.0))

    def _plain_bits(self, field: Field, level: Level) -> float:
        """Return log2(m / u) of one level of a field whose u is the same for every record."""
        found = self._plain.get((field, level))
        if found is None:
            found = self._plain[field, level] = 0.0 if level is Level.MISSING else self._unlike_names(field, level)
        return found

    def _unlike_names(self, field: Field, level: Level) -> float:
        odds = self._model.odds[field, level]
        u = odds.u
        if field is Field.PLACE and level in (Level.DOOR, Level.CURRENT, Level.PREVIOUS):
            u = max(self._register.postcode_frequency(self._asked.postcode), 1) / self._size
        elif field is Field.ORDER:
            u = 1.0  # A reading is chosen, not seen: only how rarely names are exchanged counts.
        elif field is Field.NUMBER and level is Level.EXACT:
            u = 1 / self._size
        return log2(odds.m / min(u, 1.0))

    def _birth_bits(self, level: Level, born: date, new_year: float) -> float:
        """Return log2(m / u) of the date of birth."""
        if level is Level.MISSING:
            return 0.0
        odds = self._model.odds[Field.BIRTH, level]
        return log2(odds.m / min(self._birth_share(level, born, odds.u, new_year), 1.0))

    def _birth_share(self, level: Level, born: date, otherwise: float, new_year: float) -> float:
        """Return P(another person's date of birth agrees this far)."""
        if level not in (Level.EXACT, Level.NEW_YEAR, Level.EXCHANGED, Level.DEFAULTED):
            return otherwise
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
    related = [model.relatives / size * 2.0**one.worth.relative_bits for one in weighed]
    all_related = sum(related)
    sought = [
        model.present / size * 2.0**one.worth.weight_bits * (1 + all_related - own)
        for one, own in zip(weighed, related, strict=True)
    ]
    absent = ((1 - model.present) + model.present * model.missed) * (1 + all_related)
    total = sum(sought) + absent
    return Posterior(candidates=tuple(one / total for one in sought), absent=absent / total)
