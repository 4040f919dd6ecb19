"""What is written down: one flat record a row, and one commitment a column in the ledger.

Rules of the room:
- Every column is text, a whole number, yes or no, or nothing, in one canonical spelling, so that the value
  that was committed to is the value in the row, byte for byte. Days are `2018-05-09`, moments are UTC
  `2018-05-09T11:02:03Z`, lists are canonical JSON, probabilities are decimals in text.
- Records are added, not changed. The few that do change (submission, state, outbox, destruction, holds, incidents,
  notices) are written whole each time, so the newest entry that names them commits to all of their columns.
- `number` counts the records of one kind within one case, from 1.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import attrgetter, itemgetter
from typing import ClassVar

from privity.errors import Impossible
from privity.ledger.commitment import Fields

Column = str | int | bool | None
_COMMITTED: "dict[type[Record], tuple[str, ...]]" = {}
_LAYOUTS: "dict[tuple[tuple[type[Record], int], ...], _Layout]" = {}
_READING: "dict[type[Record], Callable[[Record], tuple[Column, ...]]]" = {}
MOST_LAYOUTS = 500
"""How many layouts of an entry's commitments are kept from act to act; the rows of cases are called alike."""


def canonical(value: object) -> str:
    """Return lists and objects as JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> str:
    """Return a moment as `2018-05-09T11:02:03Z`.

    Raises: Impossible: the moment has no zone.
    """
    if at.tzinfo is None:
        raise Impossible("a moment was not written", why="it has no zone", next_step="report this")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """Return the moment that `moment` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_day(text: str) -> date | None:
    """Return the day written in a column, or None where it is empty."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. `reference` is the case; instance-wide records use their own key there."""

    table: ClassVar[str] = ""
    many: ClassVar[bool] = False
    """Whether one case can have several, told apart by `number`."""

    begins: ClassVar[bool] = False
    """Whether a case or an instance-wide thing begins with it, so that its reference is committed to."""

    reference: str

    def committed(self) -> Mapping[str, Column]:
        """Return the columns an entry commits to: all but `number`, which the commitment's own name carries.

        `reference` is committed to where a case or an instance-wide thing begins: everything else of it stands under
        the same key.
        """
        return {name: getattr(self, name) for name in committed_columns(type(self))}

    def called(self) -> str:
        """Return what commitments call this record: its table, and its number (1 where there is one only)."""
        return f"{self.table}/{self.number if isinstance(self, NumberedRecord) else 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRecord(Record):
    """One of several rows of its kind in one case."""

    many: ClassVar[bool] = True
    number: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """What an entry commits to when an act writes rows so called, and where among their columns each field stands."""

    fields: Fields
    pick: Callable[[Sequence[Column]], Sequence[Column]]


def committed_in(records: Sequence[Record]) -> tuple[Fields, Sequence[Column]]:
    """Return what an entry commits to for the rows of its act: the fields, and the value of each.

    Of a row that is written twice in one act, the last is what is committed to.
    """
    called = tuple([(type(record), record.number if isinstance(record, NumberedRecord) else 1) for record in records])
    layout = _LAYOUTS.get(called)
    if layout is None:
        if len(_LAYOUTS) >= MOST_LAYOUTS:
            _LAYOUTS.clear()
        layout = _LAYOUTS[called] = _layout(records)
    columns: list[Column] = []
    for record in records:
        columns += _values(record)
    return layout.fields, layout.pick(columns)


def _layout(records: Sequence[Record]) -> _Layout:
    names = [f"{record.called()}.{column}" for record in records for column in committed_columns(type(record))]
    places = {name: place for place, name in enumerate(names)}
    ordered = sorted(places)
    return _Layout(Fields(tuple(ordered)), _picking([places[name] for name in ordered]))


def _picking(places: Sequence[int]) -> Callable[[Sequence[Column]], Sequence[Column]]:
    """Return what picks the values at these places: `itemgetter` does it fastest, and returns one value bare."""
    return itemgetter(*places) if len(places) > 1 else lambda columns: [columns[place] for place in places]


def _values(record: Record) -> tuple[Column, ...]:
    """Return the columns that are committed to."""
    kind = type(record)
    if kind not in _READING:
        columns = committed_columns(kind)
        _READING[kind] = attrgetter(*columns) if len(columns) > 1 else lambda one: (getattr(one, columns[0]),)
    return _READING[kind](record)


def committed_columns(kind: type[Record]) -> tuple[str, ...]:
    """Return the columns of a kind of record that its entry commits to, in the order they are declared."""
    if kind not in _COMMITTED:
        left_out = {"number"} if kind.begins else {"number", "reference"}
        _COMMITTED[kind] = tuple(field.name for field in fields(kind) if field.name not in left_out)
    return _COMMITTED[kind]
