"""Files of a finance system: what a row would do, and taking them in, each row once and the whole file or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.agreement.in_force import InForce
from privity.casework.debt_acts import FAMILY, settle_debt, take_debt
from privity.casework.debt_asking import STANDINGS, precheck
from privity.casework.debt_case import DebtCase, read_debt, report_of
from privity.casework.debt_desk import DebtsUnreadable, FileFound, FoundDebt
from privity.casework.debt_lifecycle import ASKED_ABOUT_REPORTING, DebtStanding
from privity.casework.debt_records import DebtRecord
from privity.casework.instance_records import BatchRecord
from privity.casework.ports import Act
from privity.casework.record import moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import BatchReference
from privity.edge.store.debt_rows import Debt, DebtState
from privity.edge.store.instance_rows import Batch
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.kept_words import KeptWords
from privity.edge.wiring.published import PublishedAgreements
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_file import (
    SETTLEMENT_COLUMNS,
    DebtRow,
    SettlementRow,
    read_debts,
    read_settlements,
)
from privity.request.intake import batch_reference
from privity.request.intake_row import RowError

TOGETHER = 50
"""Rows in one transaction."""
_OUT = "the debt is reported, and a report that is out is not changed"
_SETTLE_FIRST = "settle it as `wrong-sum` or `not-owed`, or leave the row out"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFiles:
    """Reads and takes files of one instance."""

    store: Store
    agreements: PublishedAgreements

    def look(self, content: bytes, recipient: OrganisationId, at: datetime) -> FileFound:
        """Return what a file would do."""
        if settles(content):
            return self._look_at_settlements(content, at)
        reading = read_debts(content, self.agreements.form(FAMILY), civil_day(at), self._own_words())
        known = _known([row.report.finance_reference for row in reading.rows])
        errors = reading.errors or _out_and_changed(reading.rows, known)
        if errors:
            return FileFound(settles=False, errors=errors)
        rows = tuple(self._found(row, known.get(row.report.finance_reference), recipient, at) for row in reading.rows)
        return FileFound(settles=False, rows=rows)

    def _own_words(self) -> frozenset[str]:
        return KeptWords(store=self.store).in_force()

    def take(self, content: bytes, recipient: OrganisationId, by: Officer, at: datetime) -> int:
        """Take in a file and return how many debts it changed.

        Raises: DebtsUnreadable: nothing of it is taken.
        """
        found = self.look(content, recipient, at)
        if found.errors:
            raise DebtsUnreadable(found.errors)
        batch = batch_reference(content, by.organisation)
        if found.settles:
            return self._settle(read_settlements(content, civil_day(at)).rows, batch, recipient, by, at)
        rows = read_debts(content, self.agreements.form(FAMILY), civil_day(at), self._own_words()).rows
        changed = 0
        for start in range(0, len(rows), TOGETHER):
            with self.store.unit() as unit:
                part = rows[start : start + TOGETHER]
                known = _known([row.report.finance_reference for row in part])
                for row in part:
                    before = _case(unit, known.get(row.report.finance_reference))
                    if before is not None and before.report() == row.report:
                        continue
                    take_debt(
                        unit,
                        self.agreements,
                        row.report,
                        recipient=recipient,
                        before=before,
                        by=by,
                        at=at,
                        batch=batch,
                        row=row.row,
                    )
                    changed += 1
                if start + TOGETHER >= len(rows):
                    _close(unit, batch, recipient, len(rows), by, at)
        return changed

    def _settle(
        self,
        rows: Sequence[SettlementRow],
        batch: BatchReference,
        recipient: OrganisationId,
        by: Officer,
        at: datetime,
    ) -> int:
        known = _known([row.finance_reference for row in rows])
        changed = 0
        with self.store.unit() as unit:
            for row in rows:
                case = _case(unit, known[row.finance_reference])
                if case is None or not _can_settle(case.standing):
                    continue
                settle_debt(unit, self.agreements, case, how=row.how, settled_on=row.settled_on, by=by, at=at)
                changed += 1
            _close(unit, batch, recipient, len(rows), by, at)
        return changed

    def _found(self, row: DebtRow, before: DebtRecord | None, recipient: OrganisationId, at: datetime) -> FoundDebt:
        name = row.report.finance_reference
        if before is not None and report_of(before) == row.report:
            return FoundDebt(row=row.row, finance_reference=name, becomes="On record already, unchanged", changes=False)
        governing = self.agreements.governing(FAMILY, at)
        if not isinstance(governing, InForce):
            return FoundDebt(row=row.row, finance_reference=name, becomes="Not reported: no agreement is in force")
        found = precheck(row.report, recipient, governing.version, civil_day(at))
        stands = STANDINGS[found.standing]
        says = tuple(f"{cited.ref.clause}: {cited.says}" for cited in found.cited)
        told = says + found.cures if stands not in (DebtStanding.READY, DebtStanding.CHECKING) else ()
        return FoundDebt(row=row.row, finance_reference=name, becomes=stands.words, says=told)

    def _look_at_settlements(self, content: bytes, at: datetime) -> FileFound:
        reading = read_settlements(content, civil_day(at))
        if reading.errors:
            return FileFound(settles=True, errors=reading.errors)
        known = _known([row.finance_reference for row in reading.rows])
        errors = tuple(
            RowError(
                row=row.row,
                column="finance_reference",
                what="no debt of that reference was taken in",
                next_step="leave the row out: nothing was reported",
            )
            for row in reading.rows
            if row.finance_reference not in known
        )
        if errors:
            return FileFound(settles=True, errors=errors)
        with self.store.unit() as unit:
            cases = {row.row: _case(unit, known[row.finance_reference]) for row in reading.rows}
        rows = tuple(_settlement_found(row, cases[row.row]) for row in reading.rows)
        return FileFound(settles=True, rows=rows)


def settles(content: bytes) -> bool:
    """Return whether a file is one of settlements: its header has the columns of one."""
    header = content.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").lower()
    names = {name.strip().strip('"') for name in header.split(",")}
    return set(SETTLEMENT_COLUMNS[1:]) <= names


def newest_statements(references: Sequence[str]) -> Mapping[str, DebtRecord]:
    """Return the newest statement of each debt, by the gateway's reference."""
    found: dict[str, DebtRecord] = {}
    for record in read_rows(DebtRecord, list(references), "default") if references else []:
        if isinstance(record, DebtRecord):
            found[record.reference] = record
    return found


def _known(names: Sequence[str]) -> Mapping[str, DebtRecord]:
    """Return the newest statement on record for each finance reference."""
    references: set[str] = set()
    for start in range(0, len(names), 500):
        some = Debt.objects.filter(finance_reference__in=names[start : start + 500], number=1)
        references |= set(some.values_list("reference", flat=True))
    return {record.finance_reference: record for record in newest_statements(sorted(references)).values()}


def _case(unit: Unit, record: DebtRecord | None) -> DebtCase | None:
    return read_debt(unit, record.reference) if record else None


def _can_settle(standing: DebtStanding) -> bool:
    return standing is DebtStanding.REPORTED or standing in ASKED_ABOUT_REPORTING


def _settlement_found(row: SettlementRow, case: DebtCase | None) -> FoundDebt:
    standing = case.standing if case else DebtStanding.CANCELLED
    if standing is DebtStanding.REPORTED:
        becomes = "Checked by two officers, then taken back with the next monthly run"
    elif standing in ASKED_ABOUT_REPORTING:
        becomes = DebtStanding.CANCELLED.words
    else:
        becomes = f"Nothing changes: {standing.words.lower()}"
    return FoundDebt(
        row=row.row, finance_reference=row.finance_reference, becomes=becomes, changes=_can_settle(standing)
    )


def _out_and_changed(rows: Sequence[DebtRow], known: Mapping[str, DebtRecord]) -> tuple[RowError, ...]:
    """Return an error for every row that would change a report that is out."""
    if not known:
        return ()
    stands = dict(
        DebtState.objects.filter(reference__in=[one.reference for one in known.values()]).values_list(
            "reference", "stands"
        )
    )
    return tuple(
        RowError(row=row.row, column="finance_reference", what=_OUT, next_step=_SETTLE_FIRST)
        for row in rows
        if (before := known.get(row.report.finance_reference)) is not None
        and DebtStanding(stands[before.reference]).is_out
        and report_of(before) != row.report
    )


def _close(unit: Unit, batch: BatchReference, recipient: str, rows: int, by: Officer, at: datetime) -> None:
    """Record that every row of a file was taken; the same file again is recorded once."""
    if Batch.objects.filter(reference=batch).exists():
        return
    record = BatchRecord(reference=batch, organisation=recipient, family=FAMILY, rows=rows, taken_at=moment(at))
    unit.write(
        Act(
            kind=EntryKind.BATCH_TAKEN,
            at=at,
            by=by,
            key=batch,
            records=(record,),
            organisation=OrganisationId(recipient),
            facts={"rows": rows, "file_digest": batch},
        )
    )
