"""The first entry of every ledger: this instance exists and can disclose nothing."""

from datetime import datetime

from privity.casework.ports import Act, UnitOfWork
from privity.definitions.party import GATEWAY
from privity.ledger.entry_kind import EntryKind

INSTANCE = "instance"


def begin(unit: UnitOfWork, *, at: datetime, demonstration: bool) -> None:
    """Open the ledger of a new instance."""
    unit.write(
        Act(
            kind=EntryKind.INSTANCE_OPENED,
            at=at,
            by=GATEWAY,
            key=INSTANCE,
            facts={"demonstration": demonstration},
        )
    )


def register_taken(
    unit: UnitOfWork, *, register_digest: str, rows: int, protected_rows: int, synthetic: bool, at: datetime
) -> None:
    """Record that a register was taken in, whole."""
    unit.write(
        Act(
            kind=EntryKind.REGISTER_IMPORTED,
            at=at,
            by=GATEWAY,
            key=INSTANCE,
            facts={
                "register_digest": register_digest,
                "rows": rows,
                "protected_rows": protected_rows,
                "synthetic": synthetic,
            },
        )
    )
