"""Giving entries their index: at once on SQLite, in the order one sequencer takes them up on PostgreSQL.

On SQLite one transaction writes at a time, so an entry is given its index inside the transaction of its act. On
PostgreSQL that would make every act wait for every other (docs/decisions/0060), so there:
    1 inside its own transaction an act leaves its entry in `log_pending`; its rows point at the ticket, below nought
    2 once that is durable, whoever gets hold of the head takes up every entry that waits, in the order of the tickets,
      gives them their indexes, points their rows at them and signs a checkpoint, all in one transaction
    3 an act is done when its own entry is in; whoever finds that another has taken it up has nothing left to do

Rules of the module:
- What waits is durable and never lost: whoever comes next takes it up, a crash in between included.
- Causes come before effects: who could see an act's rows has a later ticket. Hours never run backwards.
- No receipt, no release: a row that still points at a ticket has no proof, so its pack stays.
"""

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import connections, transaction

from privity.edge.store.ending import Ending
from privity.edge.store.ledger_rows import LogCheckpoint, LogPending
from privity.edge.store.log import Log
from privity.edge.store.told import laid_out
from privity.errors import Impossible
from privity.ledger.checkpoint import NoteSigner
from privity.ledger.encoding import decode, encode
from privity.ledger.entry import Entry

TAKEN_AT_ONCE = 5_000
_TAKE = "DELETE FROM log_pending WHERE id IN (SELECT id FROM log_pending ORDER BY id LIMIT %s) RETURNING id, leaf, rows"
_POINT = (
    "UPDATE {table} SET entry = taken.idx FROM unnest(%s::bigint[], %s::bigint[], %s::text[])"
    " AS taken(ticket, idx, reference) WHERE {table}.reference = taken.reference AND {table}.entry = -taken.ticket"
)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

RowsOfAct = Mapping[str, Sequence[str]]
"""The rows an act writes: from the table to the references in it."""


def is_sequenced(log: Log) -> bool:
    """Return whether entries of this database wait for a sequencer."""
    return connections[log.alias].vendor == "postgresql"


def enter(
    log: Log, signer: NoteSigner, entries: Sequence[Entry], rows: Callable[[], Sequence[RowsOfAct]], *, onto: Ending
) -> list[int]:
    """Record entries inside the caller's transaction, under a signed checkpoint where they do not wait for one.

    Args:    rows: what each entry's act writes; asked for only where entries wait.
             onto: how the log ended when the transaction began.
    Returns: what their rows point at: the index of each entry or, where they wait for the sequencer, its ticket as a
             number below nought.
    Raises:  Impossible: no transaction is open, or the log is not the one that was signed before.
    """
    if not is_sequenced(log):
        laid, places = laid_out(log, entries, size=onto.head.size, now=entries[-1].at)
        log.append_signed(laid, signer, entries[-1].at, onto=onto)
        return places
    if not connections[log.alias].in_atomic_block:
        raise Impossible(
            "nothing was written to the ledger",
            why="no transaction is open, so the act and its entry could part",
            next_step="enter it inside the transaction of the act",
        )
    waiting = LogPending.objects.using(log.alias).bulk_create(
        LogPending(leaf=encode(entry), rows=json.dumps({table: list(found) for table, found in of_act.items()}))
        for entry, of_act in zip(entries, rows(), strict=True)
    )
    return [-pending.id for pending in waiting]


def settle(log: Log, signer: NoteSigner, at: datetime, *, tickets: Sequence[int] = ()) -> None:
    """Take up what waits, until nothing of these tickets does; without tickets, until nothing waits at all.

    Returns at once on a database that has no sequencer. Called outside any transaction: each round is one.
    """
    while is_sequenced(log):
        with transaction.atomic(using=log.alias):
            log.lock()
            waiting = LogPending.objects.using(log.alias)
            if tickets:
                waiting = waiting.filter(id__in=[-ticket for ticket in tickets])
            if not waiting.exists():
                return
            _take_up(log, signer, at)


def _take_up(log: Log, signer: NoteSigner, at: datetime) -> None:
    """Give the oldest waiting entries their indexes. Runs with the head of the log locked."""
    with connections[log.alias].cursor() as cursor:
        cursor.execute(_TAKE, [TAKEN_AT_ONCE])
        taken = sorted(cursor.fetchall())
    last = log.last_moment() or _BEGINNING
    entries: list[Entry] = []
    for _, leaf, _ in taken:
        entry = decode(bytes(leaf))
        last = max(last, entry.at)
        entries.append(dataclasses.replace(entry, at=last))
    laid, places = laid_out(log, entries, size=log.size(), now=max(at, last))
    log.append(laid)
    rows: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for index, (ticket, _, of_act) in zip(places, taken, strict=True):
        for table, references in json.loads(of_act).items():
            rows[table] += [(ticket, index, reference) for reference in references]
    for table, pointed in rows.items():
        statement = _POINT.format(table=connections[log.alias].ops.quote_name(table))
        with connections[log.alias].cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*pointed, strict=True)])
    # Acts that ran side by side settle in any order; the moments beside the checkpoints still never run backwards.
    signed = LogCheckpoint.objects.using(log.alias).order_by("-id").values_list("signed_at", flat=True).first()
    log.checkpoint(signer, max(at, last, signed or _BEGINNING))
