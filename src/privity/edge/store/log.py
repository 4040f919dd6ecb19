"""The log in the database: appended to inside the business transaction, read as tiles.

Rules of the module:
- `append` runs inside the caller's transaction, so an act and its entries are one commit or nothing.
- One row, `log_head`, is locked by whoever appends: indexes have no gaps and the order is the commit order.
- Where one transaction writes at a time, how the log ends is read once in it and stays true until it is over.
- Statements are sent one by one. `executescript` commits what is open, so it is never called.
- A checkpoint is signed only for what the database holds, and never for less than was signed before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from privity.edge.store.ending import Ending, LastSigned, frontier_of, in_utc, read_ending
from privity.edge.store.log_tiles import StoredTiles
from privity.edge.store.standstill import must_go_on, passes
from privity.edge.store.statements import fetch, fetch_one, send, send_many, send_over
from privity.errors import Impossible, Mistaken, Unavailable
from privity.ledger.cadence import Cadence
from privity.ledger.checkpoint import Checkpoint, NoteSigner, read_body, read_note, sign_checkpoint
from privity.ledger.encoding import decode, encode
from privity.ledger.entry import Entry
from privity.ledger.merkle import (
    Frontier,
    Hash,
    consistency_proof,
    inclusion_proof,
    range_root,
)
from privity.ledger.proof import LogProof
from privity.ledger.succession import is_succession
from privity.ledger.tiles import (
    CHECKPOINT,
    TILE_WIDTH,
    NoSuchTile,
    TileNodes,
    bundles,
    hash_tiles,
    leaf_hashes,
    read_tile_name,
)

_INSERT_ENTRY = "INSERT INTO log_entry (idx, leaf, kind, case_kid) VALUES (%s, %s, %s, %s)"
_SELECT_OF_CASE = "SELECT idx, leaf FROM log_entry WHERE case_kid = %s ORDER BY idx"
_SELECT_HEAD = "SELECT size, frontier FROM log_head WHERE id = 1"
_INSERT_HEAD = "INSERT INTO log_head (id, size, frontier) VALUES (1, 0, %s)"
_UPDATE_HEAD = "UPDATE log_head SET size = %s, frontier = %s WHERE id = 1 AND size = %s AND frontier = %s"
_SELECT_CHECKPOINT = "SELECT note FROM log_checkpoint ORDER BY id DESC LIMIT 1"
_SELECT_SIGNED_AT = "SELECT signed_at FROM log_checkpoint ORDER BY id DESC LIMIT 1"
_INSERT_CHECKPOINT = "INSERT INTO log_checkpoint (size, note, signed_at) VALUES (%s, %s, %s)"

READ_AT_ONCE = 4 * TILE_WIDTH


class NoSuchEntry(Mistaken):
    """An index was asked for that the log, or its latest checkpoint, does not reach."""

    def __init__(self, index: int, size: int) -> None:
        super().__init__(
            f"entry `{index}` was not found",
            why=f"the ledger's entries are numbered from 0 and there are `{size}`",
            next_step="ask for a smaller index, or sign a new checkpoint first",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An entry and where it stands."""

    index: int
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The log of one database. Reads like any C2SP tlog-tiles log (privity.ledger.tiles.LogReader)."""

    alias: str = "default"
    beside: tuple[NoteSigner, ...] = ()
    """Keys that sign beside the log's own while one takes over from the other."""
    cadence: Callable[[], Cadence | None] = lambda: None
    """By which the log is published, once it is: where the clock alone would have it stand."""
    _heads: dict[str, Frontier] = field(default_factory=dict, repr=False, compare=False)
    """The head that was last appended to here: what it was before, which is what the newest checkpoint signed."""
    _last: LastSigned = field(default_factory=LastSigned, repr=False, compare=False)

    def append(self, entries: Sequence[Entry]) -> int:
        """Append entries inside the caller's transaction; return the index of the first.

        Raises: Impossible: no transaction is open, or another writer got in between.
        """
        connection = self._in_transaction()
        self._must_go_on(entries)
        head = self._heads[self.alias] = self._locked_head()
        self._grow(head, entries, connection)
        return head.size

    def ending(self) -> Ending:
        """Return how the log ends, in one reading; true until the transaction ends where one writes at a time."""
        return read_ending(self.alias, self._last)

    def append_signed(self, entries: Sequence[Entry], signer: NoteSigner, at: datetime, *, onto: Ending) -> int:
        """Append entries and sign a checkpoint over them; return the index of the first.

        For a database in which one transaction writes at a time, inside that transaction. Whether this instance may
        write now was asked when the acts were recorded (`Unit.write`), and is not asked twice.

        Args:   onto: how the log ended when the transaction began.
        Raises: Impossible: no transaction is open; another writer got in between; what is there is not the
                continuation of what was signed before.
        """
        connection = self._in_transaction()
        if not onto.head.size:
            self._locked_head()
        grown = self._grow(onto.head, entries, connection)
        if onto.note is not None and onto.signed_as != signer.name:
            self._check_continues(_checkpoint_of(onto.note), onto.head, signer.name, before=onto.head)
        note = self._sign(grown, signer)
        moment = str((at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None))
        send_over(connection, _INSERT_CHECKPOINT, [grown.size, note, moment])
        self._last.keep(Ending(head=grown, note=note, signed_at=at, signed_as=signer.name), moment)
        return onto.head.size

    def lock(self) -> None:
        """Keep everybody else from appending until the caller's transaction ends."""
        self._locked_head()

    def last_moment(self) -> datetime | None:
        """Return the hour of the last entry, or None before the first."""
        size = self.size()
        return self.entry(size - 1).at if size else None

    def last_signed_at(self) -> datetime | None:
        """Return when the newest checkpoint was signed, or None before the first: no entry may be earlier."""
        row = fetch_one(self.alias, _SELECT_SIGNED_AT)
        return None if row is None else in_utc(row[0])

    def size(self) -> int:
        """Return how many entries there are."""
        return self._head().size

    def root(self) -> Hash:
        """Return the root over all entries."""
        return self._head().root()

    def entry(self, index: int) -> Entry:
        """Return one entry.

        Raises: NoSuchEntry: there is none at that index.
        """
        leaves = self.leaves(index, index + 1) if index >= 0 else []
        if not leaves:
            raise NoSuchEntry(index, self.size())
        return decode(leaves[0])

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Indexed]:
        """Yield the entries from `start` up to, not including, `stop`; without `stop`, to the end."""
        end = self.size() if stop is None else stop
        for first in range(start, end, READ_AT_ONCE):
            for at, leaf in enumerate(self.leaves(first, min(end, first + READ_AT_ONCE))):
                yield Indexed(index=first + at, entry=decode(leaf))

    def case_entries(self, case: str) -> tuple[Indexed, ...]:
        """Return the entries of one case, by its key identifier, in order."""
        rows = fetch(self.alias, _SELECT_OF_CASE, [case])
        return tuple(Indexed(index=index, entry=decode(bytes(leaf))) for index, leaf in rows)

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves from `start` up to, not including, `stop`, as far as there are any."""
        return self._tiles.leaves(start, stop)

    def checkpoint(self, signer: NoteSigner, at: datetime) -> bytes:
        """Sign the log as it stands and return the note; the latest one again where nothing has changed.

        Args:   at: when it is signed, kept beside the note.
        Raises: Impossible: the log is shorter than a checkpoint says it was, or speaks of another origin.
        """
        head = self._head()
        note = self._sign(head, signer)
        latest = self.latest_checkpoint()
        if latest == note:
            return note
        if latest is not None:
            before = self._heads.get(self.alias) if self._connection.in_atomic_block else None
            self._check_continues(_checkpoint_of(latest), head, signer.name, before=before)
        send(self.alias, _INSERT_CHECKPOINT, [head.size, note, self._moment(at)])
        return note

    def checkpoint_at(self, signer: NoteSigner, size: int) -> bytes:
        """Return a signed checkpoint of the first `size` entries. It is not kept: what is kept only grows.

        Raises: NoSuchEntry: there are fewer.
        """
        must_go_on("no checkpoint was signed")
        held = self.size()
        if size > held:
            raise NoSuchEntry(size - 1, held)
        root = self._root_at(size) if size else Frontier().root()
        return sign_checkpoint(Checkpoint(origin=signer.name, size=size, root=root), [signer, *self.beside])

    def latest_checkpoint(self) -> bytes | None:
        """Return the latest signed checkpoint, or None before the first."""
        row = fetch_one(self.alias, _SELECT_CHECKPOINT)
        return None if row is None else bytes(row[0])

    def prove(self, index: int, *, extra: bytes | None = None) -> LogProof:
        """Return the proof that one entry stands under the latest checkpoint.

        Raises: NoSuchEntry: the latest checkpoint does not reach it. Unavailable: there is no checkpoint.
        """
        return next(self.prove_many([(index, extra)]))

    def prove_many(self, wanted: Iterable[tuple[int, bytes | None]]) -> Iterator[LogProof]:
        """Yield the proof of each entry, all under the checkpoint that is the latest when the first is asked for.

        Args:   wanted: the index of each entry, and what travels in the proof's extra line.
        Raises: NoSuchEntry: that checkpoint does not reach one. Unavailable: there is no checkpoint.
        """
        note = self.latest_checkpoint()
        if note is None:
            raise Unavailable(
                "nothing was proved",
                why="the ledger has no checkpoint yet",
                next_step="run `privity ledger checkpoint`",
            )
        size = read_body(read_note(note).text).size
        nodes = TileNodes(log=self, size=size)
        for index, extra in wanted:
            if not 0 <= index < size:
                raise NoSuchEntry(index, size)
            yield LogProof(index=index, path=inclusion_proof(nodes, index, size), checkpoint=note, extra=extra)

    def prove_continuation(self, old: int, new: int) -> tuple[Hash, ...]:
        """Return the proof that the log of `new` entries begins with the log of `old` entries.

        Raises: NotProved: the sizes are not in order. NoSuchEntry: there are fewer entries than `new`.
        """
        size = self.size()
        if new > size:
            raise NoSuchEntry(new - 1, size)
        return consistency_proof(TileNodes(log=self, size=new), old, new)

    def names(self) -> Iterator[str]:
        """Yield the name of every file the log is, at its latest checkpoint."""
        note = self.latest_checkpoint()
        if note is not None:
            size = read_body(read_note(note).text).size
            yield from (address.name for address in (*bundles(size), *hash_tiles(size)))
            yield CHECKPOINT

    def read(self, name: str) -> bytes | None:
        """Return the tile, bundle or checkpoint of that name, or None where the log does not reach it."""
        if name == CHECKPOINT:
            return self.latest_checkpoint()
        try:
            address = read_tile_name(name)
        except NoSuchTile:
            return None
        return self._tiles.read(address)

    @property
    def _tiles(self) -> StoredTiles:
        return StoredTiles(self.alias)

    @property
    def _connection(self) -> BaseDatabaseWrapper:
        return connections[self.alias]

    def _head(self, lock: str = "") -> Frontier:
        row = fetch_one(self.alias, _SELECT_HEAD + lock)
        return Frontier() if row is None else frontier_of(*row)

    def _locked_head(self) -> Frontier:
        """Return the head with its row locked, making the row the first time."""
        lock = " FOR UPDATE" if self._connection.features.has_select_for_update else ""
        head = self._head(lock)
        if head.size == 0:
            send(self.alias, _INSERT_HEAD + " ON CONFLICT (id) DO NOTHING", [b""])
            head = self._head(lock)
        return head

    def _must_go_on(self, entries: Sequence[Entry]) -> None:
        """Refuse to append at a standstill, unless what is appended acknowledges it."""
        for entry in entries:
            if passes([entry.kind]):
                return
        must_go_on("nothing was written to the ledger")

    def _in_transaction(self) -> BaseDatabaseWrapper:
        connection = self._connection
        if not connection.in_atomic_block:
            raise Impossible(
                "nothing was written to the ledger",
                why="no transaction is open, so the act and its entry could part",
                next_step="append inside the transaction of the act",
            )
        return connection

    def _grow(self, head: Frontier, entries: Sequence[Entry], connection: BaseDatabaseWrapper) -> Frontier:
        """Write entries after a head, and the head and tiles they lead to; return the new head."""
        leaves = [encode(entry) for entry in entries]
        hashes = leaf_hashes(leaves)
        grown = head.extended(hashes)
        rows = [
            (head.size + at, leaf, entry.kind.value, entry.case)
            for at, (entry, leaf) in enumerate(zip(entries, leaves, strict=True))
        ]
        if len(rows) == 1:
            send_over(connection, _INSERT_ENTRY, rows[0])
        else:
            send_many(self.alias, _INSERT_ENTRY, rows)
        edges = [grown.size, b"".join(grown.peaks), head.size, b"".join(head.peaks)]
        moved = send_over(connection, _UPDATE_HEAD, edges)
        if moved.rowcount != 1:
            raise _broken("the head of the ledger moved while it was locked")
        self._tiles.keep_full(head.size, grown.size, hashes)
        return grown

    def _sign(self, head: Frontier, signer: NoteSigner) -> bytes:
        """Return a signed checkpoint over a head."""
        checkpoint = Checkpoint(origin=signer.name, size=head.size, root=head.root())
        return sign_checkpoint(checkpoint, [signer, *self.beside])

    def _check_continues(self, earlier: Checkpoint, head: Frontier, origin: str, *, before: Frontier | None) -> None:
        """Refuse to sign a log that is not the continuation of what was signed before.

        This reads the few stored hashes that make up the old root, not every entry: that is the audit's work. In the
        transaction of an append, with the head still locked, the head it began from says the same and costs nothing;
        every checkpoint outside one (`privity ledger checkpoint`, `export`, `publish`) reads the stored hashes.

        Args: before: a head of the past that this transaction has read itself, where there is one.
        """
        other = earlier.origin != origin
        if earlier.size > head.size or (other and not self._goes_on_from(earlier)):
            raise _broken(f"a checkpoint of size {earlier.size} of `{earlier.origin}` was signed before")
        if before is not None and before.size == earlier.size:
            held = before.root()
        else:
            held = self._root_at(earlier.size) if earlier.size else earlier.root
            if self._root_at(head.size) != head.root():
                raise _broken("the head is not that of the entries there are")
        if held != earlier.root:
            raise _broken(f"the first {earlier.size} entries are not those signed before")

    def _goes_on_from(self, former: Checkpoint) -> bool:
        """Return whether an entry after a checkpoint of another log says that this log goes on from there.

        It stands among the first: where entries wait for their index, some may have waited when the backup was made.
        """
        following = (decode(leaf) for leaf in self.leaves(former.size, former.size + READ_AT_ONCE))
        return any(is_succession(entry, former) for entry in following)

    def _root_at(self, size: int) -> Hash:
        return range_root(TileNodes(log=self, size=size), 0, size)

    def _moment(self, at: datetime) -> str | datetime:
        """Return a moment as the column beside the note keeps it; SQLite has no type for one, so it is text there."""
        if self._connection.vendor != "sqlite":
            return at
        return str((at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None))


def _checkpoint_of(note: bytes) -> Checkpoint:
    return read_body(read_note(note).text)


def _broken(why: str) -> Impossible:
    return Impossible(
        "the ledger was not continued",
        why=why,
        next_step="stop, keep the database as it is, and compare with an export",
    )
