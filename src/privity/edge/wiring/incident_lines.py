"""Incidents as overseers may see them, read from the store."""

from collections.abc import Sequence
from datetime import datetime

from privity.casework.incident import BREACH_CLOCK, Gravity
from privity.casework.record import read_day, read_moment
from privity.casework.records import IncidentRecord
from privity.casework.upkeep_desk import IncidentLine
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Incident, Opening
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.tables import read_rows


def incident_lines(at: datetime) -> Sequence[IncidentLine]:
    """Return every incident, open ones first, the one whose clock ends soonest at the top."""
    references = list(Incident.objects.values_list("reference", flat=True).distinct())
    records = [row for row in read_rows(IncidentRecord, references, "default") if isinstance(row, IncidentRecord)]
    asked: dict[str, str] = dict(
        Opening.objects.filter(reference__in=references).values_list("reference", "organisation")
    )
    words: dict[str, str] = dict(Organisation.objects.values_list("reference", "words"))
    lines = [_line(record, words.get(asked[record.reference], asked[record.reference]), at) for record in records]
    return sorted(lines, key=_urgency)


def _line(record: IncidentRecord, organisation: str, at: datetime) -> IncidentLine:
    discovered = read_moment(record.discovered_at)
    reported = read_moment(record.reported_at) if record.reported_at else None
    report_by = read_day(record.report_by)
    runs = record.gravity == Gravity.REPORTABLE.value and not record.closed_at
    left = (discovered + BREACH_CLOCK - at).total_seconds() / 3600
    told_on = civil_day(reported or at)
    return IncidentLine(
        reference=CaseReference(record.reference),
        number=record.number,
        organisation=organisation,
        gravity=record.gravity,
        cause=record.cause,
        people=record.people,
        discovered_at=discovered,
        report_by=report_by,
        hours_left=round(left, 1) if runs and reported is None else None,
        reported_at=reported,
        closed_at=read_moment(record.closed_at) if record.closed_at else None,
        is_late=report_by is not None and told_on > report_by,
    )


def _urgency(line: IncidentLine) -> tuple[bool, float, str]:
    left = line.hours_left if line.hours_left is not None else 1e9
    return line.closed_at is not None, left, line.discovered_at.isoformat()
