"""The ledger's own tables, computed anew from the first entry: entries, tiles, head, checkpoints, triggers.

Steps of the walk:
    1 each leaf is read strictly, and must say what its row's other columns repeat
    2 each stored hash must be the hash of its entry or of the tile below it; no tile more, no byte more
    3 at each signed checkpoint the root so far must be the one signed, and so at the checkpoint held outside; where
      checkpoints go on under another name, an entry must say that the log goes on from there
    4 the head must be the tree's right edge, and the newest checkpoint must reach to the last entry
    5 the triggers that refuse changes must be in place
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connections

from privity.edge.store.ledger_rows import LogCheckpoint, LogHead, LogTile
from privity.edge.store.log import READ_AT_ONCE, Log
from privity.errors import Mistaken
from privity.ledger.audit import Forked, Intact, RolledBack
from privity.ledger.checkpoint import Checkpoint, NoteRefused, NoteVerifier, open_checkpoint
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import HASH_LENGTH, Frontier, Hash, full_root, leaf_hash
from privity.ledger.reconciliation import Difference, Finding
from privity.ledger.succession import is_succession
from privity.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, split_hashes

TRIGGERS = {
    "sqlite": ("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'log_%_no_%'", 6),
    "postgresql": (
        "SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE 'log_%_no_%' AND tgenabled IN ('O', 'A')",
        4,
    ),
}
"""How each database counts the triggers that refuse changes of the ledger, and how many there must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTables:
    """What was found of the ledger's tables. `verdict` is None where they were altered; `findings` say where."""

    size: int
    verdict: Intact | RolledBack | Forked | None
    findings: tuple[Finding, ...]


def audit_ledger(
    log: Log, keys: Sequence[NoteVerifier], *, now: datetime, known: Checkpoint | None = None
) -> LedgerTables:
    """Return whether the ledger of a database is what was signed, and continues what is known outside.

    Args:   keys: the log's keys, the present one first; an older checkpoint may be under an earlier one.
            known: a checkpoint of the same log from outside this database, already opened.
    """
    walk = _Walk(log=log, keys=keys, now=now, known=known)
    walk.run()
    return LedgerTables(size=walk.frontier.size, verdict=walk.verdict(), findings=tuple(walk.findings))


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One pass over the ledger of one database."""

    log: Log
    keys: Sequence[NoteVerifier]
    now: datetime
    known: Checkpoint | None
    findings: list[Finding] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    signed: dict[int, Hash] = field(default_factory=dict)
    signed_at: list[tuple[int, datetime]] = field(default_factory=list)
    computed: dict[int, Hash] = field(default_factory=dict)
    hours: dict[int, datetime] = field(default_factory=dict)
    tile_roots: list[Hash] = field(default_factory=list)
    suspects: list[int] = field(default_factory=list)
    former: list[Checkpoint] = field(default_factory=list)
    successions: list[Entry] = field(default_factory=list)

    def run(self) -> None:
        """Walk once."""
        self._read_checkpoints()
        marks = set(self.signed) | ({self.known.size} if self.known else set())
        self._read_entries(marks)
        self._compare_roots()
        self._compare_names()
        self._compare_tiles()
        self._compare_head()
        self._compare_moments()
        self._count_triggers()

    def verdict(self) -> Intact | RolledBack | Forked | None:
        """Return what the walk came to."""
        if self.known is not None and self.known.size > self.frontier.size:
            return RolledBack(size=self.frontier.size, known_size=self.known.size)
        if self.known is not None and self.computed.get(self.known.size) != self.known.root:
            return None if self.findings else Forked(size=self.frontier.size, known_size=self.known.size)
        if self.findings:
            return None
        return Intact(size=self.frontier.size, origin=self.keys[0].name, root=self.frontier.root())

    def _find(self, table: str, column: str, index: int | None, difference: Difference = Difference.EDITED) -> None:
        self.findings.append(Finding(difference=difference, table=table, column=column, case="", entry=index))

    def _read_checkpoints(self) -> None:
        latest, moment = 0, None
        before: Checkpoint | None = None
        rows = LogCheckpoint.objects.using(self.log.alias).order_by("id").values_list("size", "note", "signed_at")
        for size, note, signed_at in rows.iterator():
            checkpoint = self._opened(bytes(note))
            if checkpoint is None:
                self._find("log_checkpoint", "note", size)
                continue
            if checkpoint.size != size:
                self._find("log_checkpoint", "size", checkpoint.size)
            if checkpoint.size < latest:
                self._find("log_checkpoint", "id", checkpoint.size)
            if moment is not None and signed_at < moment:
                self._find("log_checkpoint", "signed_at", checkpoint.size)
            if before is not None and before.origin != checkpoint.origin:
                self.former.append(before)
            before = checkpoint
            latest, moment = max(latest, checkpoint.size), signed_at
            self.signed[checkpoint.size] = checkpoint.root
            self.signed_at.append((checkpoint.size, signed_at))

    def _opened(self, note: bytes) -> Checkpoint | None:
        for key in self.keys:
            try:
                return open_checkpoint(note, key)
            except NoteRefused:
                continue
        return None

    def _read_entries(self, marks: set[int]) -> None:
        self.computed[0] = self.frontier.root()
        for first, rows in self._portions():
            for start in range(0, len(rows), TILE_WIDTH):
                if not self._take(first + start, rows[start : start + TILE_WIDTH], marks):
                    return

    def _portions(self) -> Iterator[tuple[int, list[tuple[int, bytes, str, str]]]]:
        first = 0
        statement = "SELECT idx, leaf, kind, case_kid FROM log_entry WHERE idx >= %s ORDER BY idx LIMIT %s"
        while True:
            with connections[self.log.alias].cursor() as cursor:
                cursor.execute(statement, [first, READ_AT_ONCE])
                rows = [(index, bytes(leaf), kind, kid) for index, leaf, kind, kid in cursor.fetchall()]
            if not rows:
                return
            yield first, rows
            first += len(rows)

    def _take(self, first: int, rows: list[tuple[int, bytes, str, str]], marks: set[int]) -> bool:
        """Take the entries of one tile; return whether the next one can be taken."""
        hashes = []
        for at, (index, leaf, kind, kid) in enumerate(rows):
            if index != first + at:
                self._find("log_entry", "idx", first + at, Difference.DELETED)
                return False
            self._read_leaf(index, leaf, kind, kid)
            hashes.append(leaf_hash(leaf))
        for size in marks:
            if first < size <= first + len(hashes):
                self.computed[size] = self.frontier.extended(hashes[: size - first]).root()
        stored = split_hashes(self._stored(0, first // TILE_WIDTH))
        if len(hashes) == TILE_WIDTH:
            self.tile_roots.append(full_root(hashes))
            self.suspects += [first + at for at, one in enumerate(hashes) if stored[at : at + 1] != [one]]
        self.frontier = self.frontier.extended(hashes)
        return True

    def _read_leaf(self, index: int, leaf: bytes, kind: str, kid: str) -> None:
        try:
            entry = decode(leaf)
        except Mistaken:
            self._find("log_entry", "leaf", index)
            return
        self.hours[index] = entry.at
        if entry.kind is EntryKind.RESTORE_ACKNOWLEDGED:
            self.successions.append(entry)
        if entry.kind.value != kind:
            self._find("log_entry", "kind", index)
        if entry.case != kid:
            self._find("log_entry", "case_kid", index)

    def _compare_roots(self) -> None:
        """Find the first signed root that the entries do not lead to, and tell a changed entry from a changed tile."""
        good = 0
        for size in sorted(self.signed):
            if self.computed.get(size) != self.signed[size]:
                within = [index for index in self.suspects if good <= index < size]
                for index in within or [min(good, max(self.frontier.size - 1, 0))]:
                    self._find("log_entry", "leaf", index)
                return
            good = size
        for index in self.suspects:
            self._find("log_tile", "hashes", index)
        if self.frontier.size > good:
            self._find("log_entry", "idx", good, Difference.INSERTED)

    def _compare_names(self) -> None:
        """Find where checkpoints go on under another name and no entry says that the log goes on from there."""
        for former in self.former:
            if not any(is_succession(entry, former) for entry in self.successions):
                self._find("log_checkpoint", "note", former.size)

    def _compare_tiles(self) -> None:
        """Compare the stored tiles above level 0, their lengths, and which tiles there are."""
        wanted = {(0, number): TILE_WIDTH for number in range(self.frontier.size // TILE_WIDTH)}
        level, row = 1, self.tile_roots
        while row:
            for number in range(-(-len(row) // TILE_WIDTH)):
                hashes = row[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
                wanted[level, number] = len(hashes)
                if self._stored(level, number) != b"".join(hashes) and not self.suspects:
                    self._find("log_tile", "hashes", number * TILE_WIDTH << (TILE_HEIGHT * level))
            full = len(row) // TILE_WIDTH
            row = [full_root(row[at * TILE_WIDTH : (at + 1) * TILE_WIDTH]) for at in range(full)]
            level += 1
        held = {
            (tile.level, tile.number): len(tile.hashes) for tile in LogTile.objects.using(self.log.alias).iterator()
        }
        for place in sorted(held.keys() ^ wanted.keys()):
            difference = Difference.INSERTED if place in held else Difference.DELETED
            index = place[1] * TILE_WIDTH << (TILE_HEIGHT * place[0]) if min(place) >= 0 else None
            self._find("log_tile", "number", index, difference)
        for place in sorted(held.keys() & wanted.keys()):
            if held[place] != wanted[place] * HASH_LENGTH:
                self._find("log_tile", "hashes", place[1] * TILE_WIDTH << (TILE_HEIGHT * place[0]))

    def _stored(self, level: int, number: int) -> bytes:
        found = (
            LogTile.objects.using(self.log.alias).filter(level=level, number=number).values_list("hashes", flat=True)
        )
        return bytes(next(iter(found), b""))

    def _compare_head(self) -> None:
        rows = list(LogHead.objects.using(self.log.alias).all())
        size = self.frontier.size
        if not rows:
            if size or self.findings:
                self._find("log_head", "", size, Difference.DELETED)
            return
        if rows[0].size != size:
            self._find("log_head", "size", size)
        if bytes(rows[0].frontier) != b"".join(self.frontier.peaks):
            self._find("log_head", "frontier", size)

    def _compare_moments(self) -> None:
        """Hold the moment beside each checkpoint between the hours of the entries around it, and now."""
        for size, moment in self.signed_at:
            before, after = self.hours.get(size - 1), self.hours.get(size)
            early = before is not None and moment < before
            late = moment > self.now if after is None else moment >= after + timedelta(hours=1)
            if early or late:
                self._find("log_checkpoint", "signed_at", size)

    def _count_triggers(self) -> None:
        connection = connections[self.log.alias]
        statement, wanted = TRIGGERS[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(statement)
            (count,) = cursor.fetchone()
        if count < wanted:
            self._find("log_entry", "triggers", None, Difference.DELETED)
