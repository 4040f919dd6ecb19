"""How often the register was read, and for which case: counted from the ledger, and shown only on the record.

Rules of the room:
- The figures are a fold over the ledger's entries, so whoever holds the ledger comes to the same ones.
- A reading is an entry that says the register was read, or the intent to seal an answer that holds a record: the
  record is read once more for it.
- Nobody is named. The guardian sees references, the auditor the identifiers of keys; a destroyed case has no reference.
- Being shown the figures is an act, written in the same transaction that reads them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.casework.instance_records import ReadingsShownRecord
from privity.casework.lifecycle import Status
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import moment
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind

READING_KINDS = (EntryKind.REGISTER_READ, EntryKind.DISCLOSURE_INTENDED)
"""The kinds of entry among which readings are."""
KEY_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReadings:
    """How often the register was read under one key.

    `reference` is the case's, or empty where the reader may not know it or the case is destroyed. `is_own_question`
    says that a person asked about themselves, which is no case. `records` counts what was compared or shown.
    """

    kid: str
    reference: str = ""
    is_own_question: bool = False
    readings: int
    records: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Every reading there was, or those of one case; the case read last comes first. `size` is the ledger's."""

    lines: Sequence[CaseReadings]
    size: int

    @property
    def readings(self) -> int:
        """Return how many there were."""
        return sum(line.readings for line in self.lines)

    @property
    def records(self) -> int:
        """Return how many records were compared or shown in them."""
        return sum(line.records for line in self.lines)


class ReadingDesk(Protocol):
    """Where the readings are shown."""

    def readings(self, case: str, *, by: Officer, at: datetime) -> Readings:
        """Return the readings of every case, or of the one named by its reference or the identifier of its key.

        Raises: Mistaken: not for this person, or there is no such case.
        """


def records_read(entry: Entry) -> int | None:
    """Return how many records one entry says were read, or None where it is no reading."""
    if entry.kind is EntryKind.REGISTER_READ:
        return int(entry.facts.get("reads", 0))
    if entry.kind is EntryKind.DISCLOSURE_INTENDED and entry.outcome == Status.IDENTIFIED.value:
        return 1
    return None


def count_readings(entries: Iterable[Entry]) -> list[CaseReadings]:
    """Return the readings among entries, by key; the one read last comes first."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for entry in entries:
        records = records_read(entry)
        if records is not None:
            found.setdefault(entry.case, []).append((entry.at, records))
    lines = [
        CaseReadings(
            kid=kid,
            readings=len(read),
            records=sum(records for _at, records in read),
            first=min(at for at, _records in read),
            last=max(at for at, _records in read),
        )
        for kid, read in found.items()
    ]
    return sorted(lines, key=lambda line: (line.last, line.kid), reverse=True)


def read_key_identifier(text: str) -> str:
    """Return the identifier of a key, as entries carry it.

    Raises: Mistaken: it is none.
    """
    if len(text) != KEY_DIGITS or not set(text) <= set("0123456789abcdef"):
        raise Mistaken(
            "the readings were not counted",
            why="a case is named by the 64 digits that its entries share, and this is something else",
            next_step="copy them from one of its entries in the ledger; a guardian may give the reference instead",
        )
    return text


def put_on_record(unit: UnitOfWork, found: Readings, token: str, *, kid: str, by: Officer, at: datetime) -> None:
    """Write that somebody is about to be shown readings.

    Args: token: 32 random hexadecimal digits. kid: the one case asked about, or empty for every case.
    """
    record = ReadingsShownRecord(reference=token, at=moment(at), staff_id=by.staff_id, kid=kid)
    unit.write(
        Act(
            kind=EntryKind.READINGS_SHOWN,
            at=at,
            by=by,
            key=f"{ReadingsShownRecord.table}:{token}",
            records=(record,),
            facts={"readings": found.readings, "cases": sum(not line.is_own_question for line in found.lines)},
        )
    )
