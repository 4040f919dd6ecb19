"""Publishing the figures of a quarter: once, for good, with their digest in the ledger."""

from datetime import datetime

from privity.casework.instance_records import StatisticsRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.statistics.publication import Publication


def publish_statistics(unit: PublicUnit, made: Publication, *, by: Officer, at: datetime) -> StatisticsRecord:
    """Publish the figures of a quarter.

    Raises: Mistaken: the quarter is not over, or its figures are out already; a second edition would let a reader
            subtract one from the other.
    """
    quarter = made.quarter
    if civil_day(at) <= quarter.last:
        raise Mistaken(
            "the figures were not published",
            why=f"`{quarter.name}` is not over",
            next_step="publish it when its last day has passed",
        )
    if unit.kept(StatisticsRecord, quarter.name):
        raise Mistaken(
            "the figures were not published",
            why=f"those of `{quarter.name}` are out, and a publication never changes",
            next_step="read them on the page of that quarter",
        )
    record = StatisticsRecord(
        reference=quarter.name,
        at=moment(at),
        ledger_size=made.ledger_size,
        setting=made.setting.value,
        sha256=made.sha256,
        text=made.text.decode(),
    )
    unit.write(
        Act(
            kind=EntryKind.STATISTICS_PUBLISHED,
            at=at,
            by=by,
            key=f"{StatisticsRecord.table}:{quarter.name}",
            records=(record,),
            facts={"publication_digest": made.sha256, "period": quarter.word},
        )
    )
    return record
