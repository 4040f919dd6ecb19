"""Telling somebody outside where an entry stands: at a step, with padding before it, and proved by itself.

Why, and which entries: `privity.ledger.told`.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from privity.edge.store.log import Log, NoSuchEntry
from privity.ledger.checkpoint import NoteSigner, read_body, read_note
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import inclusion_proof
from privity.ledger.proof import LogProof
from privity.ledger.tiles import TileNodes
from privity.ledger.told import PROVED_OUTSIDE, place_at_step


def padding_entry(at: datetime) -> Entry:
    """Return an entry that says that nothing happened, with an identifier nobody can guess."""
    return Entry(kind=EntryKind.LEDGER_PADDING, at=at, eid=os.urandom(16))


def laid_out(log: Log, entries: Sequence[Entry], *, size: int, now: datetime) -> tuple[Sequence[Entry], list[int]]:
    """Return entries as they go into the log, with what padding they need, and the index of each of them there.

    Args:   size: how many entries the log holds. now: the exact moment, where entries say the hour alone.
    Raises: Unavailable: the cadence is written and cannot be read, so nobody can say where an entry may stand.
    """
    if PROVED_OUTSIDE.isdisjoint(entry.kind for entry in entries):
        return entries, list(range(size, size + len(entries)))
    cadence = log.cadence()
    laid: list[Entry] = []
    places: list[int] = []
    follows = False
    for entry in entries:
        here = size + len(laid)
        if entry.kind in PROVED_OUTSIDE and not follows:
            place = place_at_step(here, cadence.place(now, here) if cadence else 0)
            laid += [padding_entry(entry.at) for _ in range(place - here)]
        places.append(size + len(laid))
        laid.append(entry)
        # Sealed together, with nothing else in between, they tell nothing of each other: one step is enough for all.
        follows = entry.kind in PROVED_OUTSIDE or (follows and entry.kind is EntryKind.DESTRUCTION_DUE)
    return laid, places


def prove_outside(log: Log, signer: NoteSigner, indexes: Iterable[int]) -> Iterator[LogProof]:
    """Yield the proof of each entry, its leaf in it, under a checkpoint that ends with it.

    So a proof says nothing of what came after, whenever it is fetched.
    Raises: NoSuchEntry: no checkpoint that was kept reaches one yet.
    """
    latest = log.latest_checkpoint()
    held = 0 if latest is None else read_body(read_note(latest).text).size
    for index in indexes:
        if not 0 <= index < held:
            raise NoSuchEntry(index, held)
        (leaf,) = log.leaves(index, index + 1)
        path = inclusion_proof(TileNodes(log=log, size=index + 1), index, index + 1)
        yield LogProof(index=index, path=path, checkpoint=log.checkpoint_at(signer, index + 1), extra=leaf)
