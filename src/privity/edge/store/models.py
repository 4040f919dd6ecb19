"""Where Django looks for the rows."""

from privity.edge.store import (
    account,
    case_rows,
    custody_rows,
    debt_rows,
    instance_rows,
    ledger_rows,
    notification_rows,
    people_rows,
    public_rows,
    requester_rows,
    safety_rows,
    watch_rows,
)

__all__ = [
    "account",
    "case_rows",
    "custody_rows",
    "debt_rows",
    "instance_rows",
    "ledger_rows",
    "notification_rows",
    "people_rows",
    "public_rows",
    "requester_rows",
    "safety_rows",
    "watch_rows",
]
