"""The keys of cases, opened, for tests that look at what they open."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privity.edge.store.case_rows import CaseKey


def opened_key(row: "CaseKey") -> bytes:
    """Return the key a row keeps wrapped."""
    from privity.edge.store.epoch_keys import epoch_keys

    return epoch_keys().unwrap(row.epoch, row.reference, bytes(row.key))
