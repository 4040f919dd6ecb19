"""The keys of cases as the database keeps them: wrapped, one row a key.

Rules of the module:
- A key is 32 random bytes, made when something is first written under it, and leaves the database only to commit,
  to open one field for an auditor, or to be compared by the audit.
- Statements are written out: every act comes through here, and building them anew each time took longer than they do.
"""

import os
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache

from privity.edge.store.epoch_keys import epoch_keys, epoch_of
from privity.edge.store.statements import fetch, places, send_many
from privity.ledger.commitment import key_identifier

_INSERT = "INSERT INTO case_key (reference, kid, epoch, key) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
_SELECT = "SELECT reference, epoch, key FROM case_key WHERE reference IN ({places})"


def keys_of(references: Collection[str], alias: str) -> dict[str, bytes]:
    """Return the keys there are for these references.

    Raises: KeyNotOpened: one is there and does not open.
    """
    if not references:
        return {}
    rows = fetch(alias, _selecting(len(references)), list(references))
    ring = epoch_keys()
    return {reference: ring.unwrap(epoch, reference, bytes(kept)) for reference, epoch, kept in rows}


def ready_keys(wanted: Iterable[str], at: datetime, alias: str) -> dict[str, bytes]:
    """Return a key for each reference, made where there is none. Runs inside the caller's transaction.

    Raises: KeyNotOpened: one is there and does not open. Unavailable: an epoch's key could not be made.
    """
    references = sorted(set(wanted))
    found = keys_of(references, alias)
    if len(found) == len(references):
        return found
    missing = [reference for reference in references if reference not in found]
    ring, made, rows = epoch_keys(), {}, []
    for reference in missing:
        key, epoch = os.urandom(32), epoch_of(reference, at)
        made[reference] = key
        rows.append((reference, key_identifier(key), epoch, ring.wrap(epoch, reference, key)))
    if send_many(alias, _INSERT, rows) == len(rows):
        return found | made
    return found | keys_of(missing, alias)  # another transaction has made the key of the same organisation meanwhile


@lru_cache(maxsize=256)
def _selecting(count: int) -> str:
    return _SELECT.format(places=places(range(count)))
