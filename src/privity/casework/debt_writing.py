"""How an act on a debt is written: its records and its entry, with where the debt then stands, always together."""

from collections.abc import Mapping
from datetime import datetime

from privity.casework.debt_case import DebtCase
from privity.casework.debt_records import DebtStateRecord
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import Record
from privity.definitions.clause import CitedClause
from privity.definitions.party import GATEWAY, Officer
from privity.errors import Impossible
from privity.ledger.entry_kind import EntryKind


def write_debt(
    unit: UnitOfWork,
    case: DebtCase,
    kind: EntryKind,
    records: tuple[Record, ...],
    *,
    at: datetime,
    by: Officer = GATEWAY,
    cited: tuple[CitedClause, ...] = (),
    outcome: str = "",
    facts: Mapping[str, str | int | bool] | None = None,
) -> None:
    """Write one act on one debt: its records, and its entry with where the debt then stands."""
    state = next((one for one in records if isinstance(one, DebtStateRecord)), None)
    if state is None:
        raise Impossible("nothing was recorded", why="an act on a debt has no state", next_step="report this")
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=case.reference,
            records=records,
            organisation=case.recipient,
            agreement=state.version,
            clauses=tuple(sorted({one.ref.clause for one in cited})),
            outcome=outcome,
            facts={"status": state.stands, **(facts or {})},
        )
    )
