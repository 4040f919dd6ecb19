"""How far many records agree with many particulars, field by field, by the array.

Rules of the room:
- A level is that of record_levels.compare, always: same order of questions, same thresholds.
- One row a pair of particulars and record; `Asks` has a row for each of the particulars, HeldColumns for each record.
- A day is compared by its digits: `1985-04-03` as 0x19850403.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from privity.definitions.person import Gender, Particulars
from privity.trace.comparison import WEAK, Field, Level
from privity.trace.held import GENDERS, BatchReader, HeldColumns
from privity.trace.name_book import CODE, Codes, NameBook, is_one_of
from privity.trace.normalise import door, name_tokens, postcode_number
from privity.trace.spans import Flags, Int64s, UInt64s, ascending, spread

_WEAK = is_one_of(WEAK)
_FULL = is_one_of({Level.EXACT, Level.SUBSET})
_UNKNOWN = GENDERS.index(Gender.UNKNOWN)
_EPOCH = np.datetime64("0001-01-01", "D")
_DAYS = 1_000_000
_NEW_YEAR = 0x0101
_MONTH_DAY = 0xFFFF
_DISTRICT = np.uint64(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Particulars as columns: what record_levels.Sought is to one of them. 0 stands for what is missing."""

    given: Int64s
    other: Int64s
    family: Int64s
    born: Int64s
    gender: Int64s
    postcode: UInt64s
    postcodes: tuple[str, ...]
    doors: tuple[str, ...]
    number: Int64s

    def __repr__(self) -> str:
        return f"Asks({len(self.born)} people, hidden)"


def names_asked(many: Sequence[Particulars]) -> list[tuple[str, ...]]:
    """Return every name of the particulars, in its words."""
    texts = {text for one in many for text in (one.given_name, one.other_given_names, one.family_name)}
    return [name_tokens(text) for text in sorted(texts)]


def asks_of(many: Sequence[Particulars], book: NameBook) -> Asks:
    """Return particulars as they are compared."""
    genders = {gender: number for number, gender in enumerate(GENDERS)}
    columns = {
        "given": book.numbers(name_tokens(one.given_name) for one in many),
        "other": book.numbers(name_tokens(one.other_given_names) for one in many),
        "family": book.numbers(name_tokens(one.family_name) for one in many),
        "born": [one.date_of_birth.toordinal() if one.date_of_birth else 0 for one in many],
        "gender": [genders[one.gender] for one in many],
        "number": [int(one.nhs_number.digits) if one.nhs_number else 0 for one in many],
    }
    return Asks(
        **{name: np.array(column, np.int64) for name, column in columns.items()},
        postcode=np.array([postcode_number(one.postcode) for one in many], np.uint64),
        postcodes=tuple(one.postcode for one in many),
        doors=tuple(door(one.address_lines[0]) if one.address_lines else "" for one in many),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The names of some pairs read one way: levels, and the numbers of the words they rest on."""

    given: Codes
    given_words: Int64s
    family: Codes
    family_words: Int64s


class Pairs:
    """Pairs of particulars and record, compared: the fields of all, and the names of those that may be exchanged.

    `crossed` is the other reading of the pairs `unlike`, whose given or family name is another as it stands.
    """

    def __init__(
        self, asks: Asks, held: HeldColumns, book: NameBook, ask: Int64s, record: Int64s, register: BatchReader
    ) -> None:
        self.asks, self.held, self.book = asks, held, book
        self.ask, self.record = ask, record
        self._given, self._other, self._family = held.given[record], held.other[record], held.family[record]
        rows = np.arange(len(held.row))
        self._first_earlier = np.searchsorted(held.married, rows)
        self._earlier = np.searchsorted(held.married, rows, side="right") - self._first_earlier
        given, family = asks.given[ask], asks.family[ask]
        self.straight = self._reading(np.arange(len(ask)), given, family)
        different = CODE[Level.DIFFERENT]
        self.unlike = np.flatnonzero((self.straight.given == different) | (self.straight.family == different))
        self.crossed = self._reading(self.unlike, family[self.unlike], given[self.unlike])
        self.other, self.other_words = book.compare(asks.other[ask], self._other)
        book.settle()
        self.born = born_digits(held.born)[record]
        self.fields = {
            Field.BIRTH: self._births(),
            Field.GENDER: self._genders(),
            Field.PLACE: self._places(register),
            Field.NUMBER: self._numbers(),
        }

    def _reading(self, some: Int64s, given: Int64s, family: Int64s) -> Reading:
        """Return some pairs with the names asked for as given and as family name."""
        given_levels, given_words = self._given_levels(some, given)
        family_levels, family_words = self._family_levels(some, family)
        return Reading(given=given_levels, given_words=given_words, family=family_levels, family_words=family_words)

    def _given_levels(self, some: Int64s, asked: Int64s) -> tuple[Codes, Int64s]:
        """Return the agreement with the given name, or with a further one the person may go by."""
        given, other = self._given[some], self._other[some]
        levels, words = self.book.compare(asked, given)
        weak = np.flatnonzero(_WEAK[levels] & (other != 0))
        found = self.book.elsewhere(asked[weak], given[weak], other[weak])
        weak, found = weak[found != 0], found[found != 0]
        levels[weak], words[weak] = CODE[Level.ELSEWHERE], found
        return levels, words

    def _family_levels(self, some: Int64s, asked: Int64s) -> tuple[Codes, Int64s]:
        """Return the agreement with the family name, or with an earlier one, the first that agrees."""
        record = self.record[some]
        levels, words = self.book.compare(asked, self._family[some])
        weak = np.flatnonzero(_WEAK[levels] & (self._earlier[record] > 0))
        owner, place = spread(self._first_earlier[record[weak]], self._earlier[record[weak]])
        earlier = self.held.earlier[place]
        agree = np.flatnonzero(_FULL[self.book.compare(asked[weak[owner]], earlier)[0]])[::-1]
        levels[weak[owner[agree]]] = CODE[Level.ELSEWHERE]
        words[weak[owner[agree]]] = earlier[agree]
        return levels, words

    def _births(self) -> Codes:
        """Return the agreement of dates of birth."""
        digits = born_digits(self.asks.born)
        asked, held = digits[self.ask], self.born
        days = asked & 0xFF
        exchanged = (asked & ~_MONTH_DAY) | (days << 8) | ((asked >> 8) & 0xFF)
        swaps = (days <= 0x12) & (exchanged != asked)
        apart = asked ^ held
        year, month_day = apart >> 16 == 0, apart & _MONTH_DAY
        default, held_default = asked & _MONTH_DAY == _NEW_YEAR, held & _MONTH_DAY == _NEW_YEAR
        parts = year.astype(np.int8) + (month_day & 0xFF00 == 0) + (month_day & 0xFF == 0)
        nibbles = (apart | apart >> 1 | apart >> 2 | apart >> 3) & 0x11111111
        return _first_of(
            len(asked),
            [
                (asked == 0, Level.MISSING),
                ((apart == 0) & held_default, Level.NEW_YEAR),
                (apart == 0, Level.EXACT),
                (swaps & (exchanged == held), Level.EXCHANGED),
                (default & held_default, Level.DIFFERENT),
                ((default | held_default) & year, Level.DEFAULTED),
                (np.bitwise_count(nibbles) == 1, Level.ONE_DIGIT),
                (parts == 2, Level.TWO_PARTS),
                (year, Level.YEAR),
            ],
        )

    def _genders(self) -> Codes:
        """Return the agreement of genders."""
        asked, held = self.asks.gender[self.ask], self.held.gender[self.record]
        unknown = (asked == _UNKNOWN) | (held == _UNKNOWN)
        return _first_of(len(asked), [(unknown, Level.MISSING), (asked == held, Level.EXACT)])

    def _numbers(self) -> Codes:
        """Return the agreement of NHS numbers."""
        asked = self.asks.number[self.ask]
        same = asked == self.held.number[self.record]
        return _first_of(len(asked), [(asked == 0, Level.MISSING), (same, Level.EXACT)])

    def _places(self, register: BatchReader) -> Codes:
        """Return the agreement of postcodes. A record without a place, every sensitive one, shows nothing."""
        held = self.held
        rows = np.arange(len(held.row))
        first = np.searchsorted(held.moved, rows)
        moves = np.searchsorted(held.moved, rows, side="right") - first
        asked, now = self.asks.postcode[self.ask], held.postcode[self.record]
        some = np.flatnonzero((asked != 0) & (moves[self.record] > 0))
        owner, place = spread(first[self.record[some]], moves[self.record[some]])
        owner, left = some[owner], held.left[place]
        lived, lived_near = np.zeros(len(asked), np.bool_), (asked >> _DISTRICT == now >> _DISTRICT) & (now != 0)
        lived[owner[left == asked[owner]]] = True
        lived_near[owner[left >> _DISTRICT == asked[owner] >> _DISTRICT]] = True
        nowhere = (asked == 0) | ((now == 0) & (moves[self.record] == 0))
        here = ~nowhere & (asked == now)
        return _first_of(
            len(asked),
            [
                (nowhere, Level.MISSING),
                (self._at_door(here, register), Level.DOOR),
                (here, Level.CURRENT),
                (lived, Level.PREVIOUS),
                (lived_near, Level.DISTRICT),
            ],
        )

    def _at_door(self, here: Flags, register: BatchReader) -> Flags:
        """Return at which of the pairs with one postcode the first address line is one too."""
        found = np.zeros(len(here), np.bool_)
        named = np.array([bool(one) for one in self.asks.doors], np.bool_)
        places = np.flatnonzero(here & named[self.ask])
        residences = self.held.residence[self.record[places]]
        doors = register.doors(ascending(residences).tolist())
        asked = self.asks.doors
        found[places] = [
            asked[ask] == doors[residence]
            for ask, residence in zip(self.ask[places].tolist(), residences.tolist(), strict=True)
        ]
        return found


@lru_cache(maxsize=1)
def _every_day() -> Int64s:
    """Return the digits of every day a register may hold, by its ordinal; 0 for day 0."""
    days = _EPOCH + (np.arange(_DAYS) - 1).astype("timedelta64[D]")
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month, day = months.astype(np.int64) % 12 + 1, (days - months).astype(np.int64) + 1
    digits = np.zeros(_DAYS, np.int64)
    for place, number in enumerate((day, day // 10, month, month // 10, year, year // 10, year // 100, year // 1000)):
        digits |= number % 10 << 4 * place
    digits[0] = 0
    return digits


def born_digits(days: Int64s) -> Int64s:
    """Return each day ordinal by its digits, 0 for no day."""
    digits: Int64s = _every_day()[days]
    return digits


def years_of(digits: Int64s) -> Int64s:
    """Return the year of days told by their digits."""
    year = digits >> 16
    years: Int64s = (year >> 12) * 1000 + (year >> 8 & 15) * 100 + (year >> 4 & 15) * 10 + (year & 15)
    return years


def on_new_year(digits: Int64s) -> Flags:
    """Return which days, told by their digits, are a 1st of January."""
    return np.asarray(digits & _MONTH_DAY == _NEW_YEAR, np.bool_)


def _first_of(count: int, seen: Sequence[tuple[Flags, Level]]) -> Codes:
    """Return for each row the first level whose condition holds, DIFFERENT where none does."""
    levels = np.full(count, CODE[Level.DIFFERENT], np.int8)
    for held, level in reversed(seen):
        levels[held] = CODE[level]
    return levels
