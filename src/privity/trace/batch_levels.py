"""How far many records agree with many particulars, field by field, by the array.

Rules of the room:
- A level is that of comparison.compare, always: same order of questions, same thresholds.
- One row a pair of particulars and record; `Asks` has a row for each of the particulars, HeldColumns for each record.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from privity.definitions.person import Gender, Particulars
from privity.trace.blocking import Int64s
from privity.trace.comparison import WEAK, Field, Level, compare_names
from privity.trace.held import GENDERS, BatchReader, HeldColumns
from privity.trace.name_book import CODE, Codes, Flags, NameBook
from privity.trace.normalise import district, door, name_tokens
from privity.trace.variants import variants

_WEAK = np.array(sorted(CODE[level] for level in WEAK), np.int8)
_UNKNOWN = GENDERS.index(Gender.UNKNOWN)
_EPOCH = np.datetime64("0001-01-01", "D")
_MISSING, _DIFFERENT = CODE[Level.MISSING], CODE[Level.DIFFERENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Particulars as columns: what comparison.Sought is to one of them. 0 stands for what is missing."""

    given: Int64s
    other: Int64s
    family: Int64s
    born: Int64s
    gender: Int64s
    postcode: Int64s
    postcodes: tuple[str, ...]
    doors: tuple[str, ...]
    number: Int64s

    def __repr__(self) -> str:
        return f"Asks({len(self.born)} people, hidden)"


def asks_of(many: Sequence[Particulars], book: NameBook) -> Asks:
    """Return particulars as they are compared."""
    places: dict[str, int] = {"": 0}
    genders = {gender: number for number, gender in enumerate(GENDERS)}
    columns = {
        "given": [book.number(name_tokens(one.given_name)) for one in many],
        "other": [book.number(name_tokens(one.other_given_names)) for one in many],
        "family": [book.number(name_tokens(one.family_name)) for one in many],
        "born": [one.date_of_birth.toordinal() if one.date_of_birth else 0 for one in many],
        "gender": [genders[one.gender] for one in many],
        "postcode": [places.setdefault(one.postcode, len(places)) for one in many],
        "number": [int(one.nhs_number.digits) if one.nhs_number else 0 for one in many],
    }
    return Asks(
        **{name: np.array(column, np.int64) for name, column in columns.items()},
        postcodes=tuple(places),
        doors=tuple(door(one.address_lines[0]) if one.address_lines else "" for one in many),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The names of the pairs read one way: levels, and the numbers of the words they rest on."""

    given: Codes
    given_words: Int64s
    family: Codes
    family_words: Int64s


class Pairs:
    """Pairs of particulars and record, compared as they are asked for."""

    def __init__(self, asks: Asks, held: HeldColumns, book: NameBook, ask: Int64s, record: Int64s) -> None:
        self.asks, self.held, self.book = asks, held, book
        self.ask, self.record = ask, record
        numbers = book.numbers(held.names)
        self._given, self._other, self._family = (numbers[one] for one in (held.given, held.other, held.family))
        self._known_forms: dict[int, frozenset[str]] = {}
        self._earlier: dict[int, list[tuple[str, ...]]] = {}
        for row, name in held.earlier_families.tolist():
            self._earlier.setdefault(row, []).append(held.names[name])

    def straight(self) -> Reading:
        """Return the names read as they stand."""
        everything = np.arange(len(self.ask))
        return self._reading(everything, self.asks.given, self.asks.family)

    def crossed(self, some: Int64s) -> Reading:
        """Return the names of some pairs read exchanged."""
        return self._reading(some, self.asks.family, self.asks.given)

    def _reading(self, some: Int64s, given: Int64s, family: Int64s) -> Reading:
        ask, record = self.ask[some], self.record[some]
        given_levels, given_words = self._given_levels(given[ask], record)
        family_levels, family_words = self._family_levels(family[ask], record)
        return Reading(given=given_levels, given_words=given_words, family=family_levels, family_words=family_words)

    def _given_levels(self, asked: Int64s, record: Int64s) -> tuple[Codes, Int64s]:
        """Return the agreement with the given name, or with a further one the person may go by."""
        levels, words = self.book.compare(asked, self._given[record])
        other = self._other[record]
        for place in np.flatnonzero(np.isin(levels, _WEAK) & (other != 0)).tolist():
            found = self._gone_by(int(asked[place]), int(self._given[record[place]]), int(other[place]))
            if found:
                levels[place], words[place] = CODE[Level.ELSEWHERE], found
        return levels, words

    def _gone_by(self, asked: int, given: int, other: int) -> int:
        """Return the number of the words by which somebody goes by a further name, 0 where nobody does."""
        names = self.book.names
        name, further = names[asked], names[other]
        if self._forms(asked).isdisjoint(further):
            return 0
        if set(name) <= {*names[given], *further}:
            return asked
        return self.book.number(tuple(sorted(variants(name[0]).intersection(further)))) if len(name) == 1 else 0

    def _forms(self, name: int) -> frozenset[str]:
        """Return the words of a name and, for a single word, its known forms."""
        known = self._known_forms.get(name)
        if known is None:
            words = self.book.names[name]
            known = frozenset((*words, *variants(words[0]))) if len(words) == 1 else frozenset(words)
            self._known_forms[name] = known
        return known

    def _family_levels(self, asked: Int64s, record: Int64s) -> tuple[Codes, Int64s]:
        """Return the agreement with the family name, or with an earlier one."""
        levels, words = self.book.compare(asked, self._family[record])
        if not self._earlier:
            return levels, words
        married = np.isin(record, np.array(list(self._earlier), np.int64))
        for place in np.flatnonzero(np.isin(levels, _WEAK) & married).tolist():
            name = self.book.names[asked[place]]
            for earlier in self._earlier[int(record[place])]:
                if compare_names(name, earlier).level in (Level.EXACT, Level.SUBSET):
                    levels[place], words[place] = CODE[Level.ELSEWHERE], self.book.number(earlier)
                    break
        return levels, words

    def other(self) -> tuple[Codes, Int64s]:
        """Return the agreement of further given names."""
        return self.book.compare(self.asks.other[self.ask], self._other[self.record])

    def births(self) -> Codes:
        """Return the agreement of dates of birth."""
        asked, held = self.asks.born[self.ask], self.held.born[self.record]
        (year, month, day), (held_year, held_month, held_day) = calendar(asked), calendar(held)
        default, held_default = (month == 1) & (day == 1), (held_month == 1) & (held_day == 1)
        swapped = (day <= 12) & (day != month) & (held_month == day) & (held_day == month)
        digits = _digits_apart(year * 10_000 + month * 100 + day, held_year * 10_000 + held_month * 100 + held_day)
        same = (year == held_year).astype(np.int64) + (month == held_month) + (day == held_day)
        seen = [
            (asked == 0, Level.MISSING),
            ((asked == held) & held_default, Level.NEW_YEAR),
            (asked == held, Level.EXACT),
            (swapped & (year == held_year), Level.EXCHANGED),
            (default & held_default, Level.DIFFERENT),
            ((default | held_default) & (year == held_year), Level.DEFAULTED),
            (digits == 1, Level.ONE_DIGIT),
            (same == 2, Level.TWO_PARTS),
            (year == held_year, Level.YEAR),
        ]
        return _first_of(seen)

    def genders(self) -> Codes:
        """Return the agreement of genders."""
        asked, held = self.asks.gender[self.ask], self.held.gender[self.record]
        unknown = (asked == _UNKNOWN) | (held == _UNKNOWN)
        return _first_of([(unknown, Level.MISSING), (asked == held, Level.EXACT)])

    def numbers(self) -> Codes:
        """Return the agreement of NHS numbers."""
        asked = self.asks.number[self.ask]
        return _first_of([(asked == 0, Level.MISSING), (asked == self.held.number[self.record], Level.EXACT)])

    def places(self, register: BatchReader) -> Codes:
        """Return the agreement of postcodes. A record without a place, every sensitive one, shows nothing."""
        books: dict[str, int] = {text: number for number, text in enumerate(self.asks.postcodes)}
        known = np.array([books.setdefault(text, len(books)) for text in self.held.postcodes], np.int64)
        parts: dict[str, int] = {}
        near = np.array([parts.setdefault(district(text), len(parts)) for text in books], np.int64)
        asked, held = self.asks.postcode[self.ask], known[self.held.postcode][self.record]
        earlier = _side_by_side(self.held.earlier_postcodes, len(self.held.person), known)
        earlier[earlier == 0] = -1
        moved = earlier[self.record]
        nowhere = (asked == 0) | ((held == 0) & (moved == -1).all(axis=1))
        here = ~nowhere & (asked == held)
        at_district = (near[held] == near[asked]) & (held != 0)
        at_district |= ((near[moved] == near[asked][:, None]) & (moved != -1)).any(axis=1)
        return _first_of(
            [
                (nowhere, Level.MISSING),
                (here & self._at_door(here, register), Level.DOOR),
                (here, Level.CURRENT),
                ((moved == asked[:, None]).any(axis=1), Level.PREVIOUS),
                (at_district, Level.DISTRICT),
            ]
        )

    def _at_door(self, here: Flags, register: BatchReader) -> Flags:
        """Return at which of the pairs with one postcode the first address line is one too."""
        found = np.zeros(len(here), np.bool_)
        places = [place for place in np.flatnonzero(here).tolist() if self.asks.doors[self.ask[place]]]
        residences = self.held.residence[self.record[places]].tolist()
        doors = register.doors(set(residences))
        found[places] = [
            self.asks.doors[self.ask[place]] == doors[residence]
            for place, residence in zip(places, residences, strict=True)
        ]
        return found

    def levels(self, register: BatchReader) -> dict[Field, Codes]:
        """Return the levels of all fields but the names that are read two ways."""
        found: dict[Field, Callable[[], Codes]] = {
            Field.BIRTH: self.births,
            Field.GENDER: self.genders,
            Field.PLACE: lambda: self.places(register),
            Field.NUMBER: self.numbers,
        }
        return {field: levels() for field, levels in found.items()}


def calendar(days: Int64s) -> tuple[Int64s, Int64s, Int64s]:
    """Return year, month and day of each day ordinal; 0 has those of no day that is compared."""
    whole = _EPOCH + (days - 1).astype("timedelta64[D]")
    months = whole.astype("datetime64[M]")
    year = whole.astype("datetime64[Y]").astype(np.int64) + 1970
    return year, months.astype(np.int64) % 12 + 1, (whole - months).astype(np.int64) + 1


def _digits_apart(one: Int64s, two: Int64s) -> Int64s:
    """Return in how many digits pairs of numbers of eight digits differ."""
    apart = np.zeros(len(one), np.int64)
    for place in range(8):
        apart += (one // 10**place) % 10 != (two // 10**place) % 10
    return apart


def _first_of(seen: Sequence[tuple[Flags, Level]]) -> Codes:
    """Return for each row the first level whose condition holds, DIFFERENT where none does."""
    codes = [np.int8(CODE[level]) for _, level in seen]
    return np.asarray(np.select([one for one, _ in seen], codes, np.int8(_DIFFERENT)), np.int8)


def _side_by_side(pairs: Int64s, rows: int, known: Int64s) -> Int64s:
    """Return the numbers of (row, number) pairs, rows ascending, as one line a row, 0 where there are no more."""
    counts = np.bincount(pairs[:, 0], minlength=rows)
    table = np.zeros((rows, max(int(counts.max(initial=0)), 1)), np.int64)
    starts = np.cumsum(counts) - counts
    table[pairs[:, 0], np.arange(len(pairs)) - starts[pairs[:, 0]]] = known[pairs[:, 1]]
    return table
