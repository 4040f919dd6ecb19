"""How an act on a case is written: its history line, its state and its entry, always together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import Record, moment
from privity.casework.records import HistoryRecord, StateRecord
from privity.definitions.clause import CitedClause
from privity.definitions.party import Officer
from privity.ledger.entry_kind import EntryKind


def write_act(
    unit: UnitOfWork,
    file: CaseFile,
    kind: EntryKind,
    *,
    at: datetime,
    by: Officer,
    words: str,
    records: Sequence[Record] = (),
    agreement: str = "",
    clauses: Sequence[CitedClause] = (),
    outcome: str = "",
    facts: Mapping[str, str | int | bool] | None = None,
    sealed: bytes = b"",
) -> CaseFile:
    """Write one act on one case and return the case as it then stands.

    Args: words: the history line, in plain words and without personal data of the person sought.
    """
    state = next((record for record in records if isinstance(record, StateRecord)), file.state)
    history = HistoryRecord(
        reference=file.opening.reference,
        number=len(file.history) + 1,
        at=moment(at),
        kind=kind.value,
        staff_id=by.staff_id,
        role=by.role.value,
        status=state.status,
        words=words,
    )
    written = (*records, history)
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=file.opening.reference,
            records=written,
            organisation=file.organisation,
            agreement=agreement or state.version,
            clauses=tuple(sorted({cited.ref.clause for cited in clauses})),
            outcome=outcome,
            facts={"status": state.status, **(facts or {})},
            sealed=sealed,
        )
    )
    return file.following(written)
