"""Which row keeps which record, and how rows are written and read in bulk.

Rules of the module:
- A record that never changes is inserted; a second one with the same key is refused by the database.
- The few that change are written whole over the one before. The list of them is here.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from django.db import connections, models

from privity.casework import account_records, debt_records, instance_records, records, watch_records
from privity.casework.record import NumberedRecord, Record
from privity.edge.store import (
    case_rows,
    custody_rows,
    debt_rows,
    instance_rows,
    notification_rows,
    people_rows,
    public_rows,
    safety_rows,
    watch_rows,
)
from privity.edge.store.statements import fetch, places, send_many

MODEL_OF: Mapping[type[Record], type[models.Model]] = {
    records.OpeningRecord: case_rows.Opening,
    records.SubmissionRecord: case_rows.Submission,
    records.RequestRecord: case_rows.Request,
    records.RepeatRecord: case_rows.Repeat,
    records.StateRecord: case_rows.State,
    records.AssessmentRecord: case_rows.Assessment,
    records.DeterminationRecord: case_rows.Determination,
    records.TraceRecord: case_rows.Trace,
    records.QuestionRecord: case_rows.Question,
    records.PackRecord: case_rows.Pack,
    records.OutboxRecord: case_rows.Outbox,
    records.DestructionRecord: case_rows.Destruction,
    records.HoldRecord: case_rows.Hold,
    records.AllowanceRecord: case_rows.Allowance,
    records.IncidentRecord: case_rows.Incident,
    records.ChallengeRecord: case_rows.Challenge,
    records.SightingRecord: safety_rows.Sighting,
    records.ScreenRecord: safety_rows.Screen,
    records.LetterRecord: safety_rows.Letter,
    records.OfferRecord: custody_rows.Offer,
    records.ReviewRecord: custody_rows.Review,
    instance_records.SampleRecord: custody_rows.Sample,
    instance_records.RegisterTakenRecord: custody_rows.RegisterTaken,
    instance_records.ReadingsShownRecord: custody_rows.ReadingsShown,
    records.HistoryRecord: case_rows.History,
    instance_records.OrganisationRecord: instance_rows.Organisation,
    instance_records.CertificateRecord: instance_rows.Certificate,
    instance_records.PublicationRecord: instance_rows.Publication,
    instance_records.ContactRecord: notification_rows.Contact,
    instance_records.LanguageRecord: notification_rows.Language,
    instance_records.HolidayRecord: instance_rows.Holiday,
    instance_records.HealthWordRecord: instance_rows.HealthWord,
    instance_records.BatchRecord: instance_rows.Batch,
    instance_records.NoticeRecord: instance_rows.Notice,
    instance_records.ShreddedRecord: instance_rows.Shredded,
    instance_records.BackupRecord: instance_rows.Backup,
    instance_records.RestoreRecord: instance_rows.Restore,
    instance_records.StatisticsRecord: public_rows.Statistics,
    instance_records.ProtectionRecord: public_rows.Protection,
    instance_records.SubjectCodeRecord: public_rows.SubjectCode,
    instance_records.SubjectQuestionRecord: public_rows.SubjectQuestion,
    instance_records.SubjectWishRecord: public_rows.SubjectWish,
    debt_records.DebtRecord: debt_rows.Debt,
    debt_records.DebtStateRecord: debt_rows.DebtState,
    debt_records.DebtAssessmentRecord: debt_rows.DebtAssessment,
    debt_records.DebtViewRecord: debt_rows.DebtView,
    debt_records.CollationRecord: debt_rows.CollationPart,
    watch_records.TracerCertificateRecord: watch_rows.TracerCertificate,
    watch_records.TracerStandingRecord: watch_rows.TracerStanding,
    watch_records.AlertRecord: watch_rows.Alert,
    watch_records.ApproachRecord: watch_rows.Approach,
    account_records.OfficerRecord: people_rows.Officer,
    account_records.ProposalRecord: people_rows.Proposal,
}
"""The row of every record."""

CHANGING = frozenset(
    {
        records.SubmissionRecord,
        records.StateRecord,
        records.QuestionRecord,
        records.OutboxRecord,
        records.PackRecord,
        records.DestructionRecord,
        instance_records.CertificateRecord,
        records.HoldRecord,
        records.IncidentRecord,
        records.LetterRecord,
        instance_records.NoticeRecord,
        instance_records.ShreddedRecord,
        instance_records.BackupRecord,
        instance_records.SubjectQuestionRecord,
        instance_records.SubjectWishRecord,
        account_records.OfficerRecord,
        account_records.ProposalRecord,
        instance_records.HolidayRecord,
        instance_records.HealthWordRecord,
        instance_records.ContactRecord,
        debt_records.DebtStateRecord,
        debt_records.CollationRecord,
        watch_records.TracerStandingRecord,
        watch_records.AlertRecord,
    }
)
"""Records that are written over the one before."""


COLUMNS: Mapping[type[Record], tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in MODEL_OF
}
"""The columns of every record, in the order they are declared."""
YES_NO: Mapping[type[Record], tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind) if field.type in (bool, "bool")) for kind in MODEL_OF
}
"""Which of them are yes or no."""


_WRITING: dict[tuple[type[Record], str], str] = {}


def _statement(kind: type[Record], alias: str) -> str:
    """Return the statement that writes records of a kind, their ledger index last."""
    quote = connections[alias].ops.quote_name
    names = [*COLUMNS[kind], "entry"]
    table = quote(MODEL_OF[kind]._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(map(quote, names))}) VALUES ({places(names)})"  # noqa: S608  names are ours
    if kind not in CHANGING:
        return statement
    key = ["reference", "number"] if issubclass(kind, NumberedRecord) else ["reference"]
    rest = [name for name in names if name not in key]
    changes = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in rest)
    return f"{statement} ON CONFLICT ({', '.join(map(quote, key))}) DO UPDATE SET {changes}"


def write_rows(kind: type[Record], written: Sequence[tuple[Record, int]], alias: str) -> None:
    """Write records of one kind, each with the index of the entry that commits to it."""
    columns = COLUMNS[kind]
    rows = [(*(getattr(record, name) for name in columns), entry) for record, entry in written]
    if (kind, alias) not in _WRITING:
        _WRITING[kind, alias] = _statement(kind, alias)
    send_many(alias, _WRITING[kind, alias], rows)


def read_rows(kind: type[Record], references: Iterable[str], alias: str) -> list[Record]:
    """Return the records of one kind with these references, numbered ones in order."""
    wanted, columns, yes_no = list(references), COLUMNS[kind], YES_NO[kind]
    if not wanted:
        return []  # PostgreSQL has no empty list
    quote = connections[alias].ops.quote_name
    order = "reference, number" if issubclass(kind, NumberedRecord) else "reference"
    table = quote(MODEL_OF[kind]._meta.db_table)
    # Raw, because the object mapper's own work would cost three times what the database's does.
    statement = (
        f"SELECT {', '.join(map(quote, columns))} FROM {table} WHERE reference IN ({places(wanted)}) ORDER BY {order}"  # noqa: S608  names are ours
    )
    found = []
    for row in fetch(alias, statement, wanted):
        values = dict(zip(columns, row, strict=True))
        for name in yes_no:
            values[name] = bool(values[name])  # SQLite keeps yes and no as 1 and 0
        found.append(kind(**values))
    return found
