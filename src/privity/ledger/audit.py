"""What an outsider runs: is this log whole, is it what was signed, and does it continue what I saw before.

The check, in order:
1. The checkpoint must be one the log's key has signed.
2. Entry by entry: each bundle must be whole, each leaf readable, and hash to what its level-0 tile says. No entry
   of ours is of an earlier hour than the one before it.
3. Tile by tile: each tile above must hold the roots of the tiles below. Older partial tiles that a copy
   still holds must agree with the full ones; a file nobody asked for is a change too.
4. The root over all of it must be the signed one.
5. Where an older checkpoint is given, the log must be no shorter and begin with the same tree.

Rules of the module:
- Everything under `tile/` is read and compared, byte for byte, so no single changed bit can hide.
- What is found is told with the index of the first entry it concerns; a damaged checkpoint concerns the whole
  log, and its index is the log's size.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from privity.errors import Mistaken, Unavailable
from privity.ledger.checkpoint import (
    Checkpoint,
    NoteRefused,
    NoteVerifier,
    open_checkpoint,
    read_body,
    read_note,
)
from privity.ledger.familiar import LeavesInOrder
from privity.ledger.merkle import Frontier, Hash, full_root
from privity.ledger.tiles import (
    CHECKPOINT,
    TILE_HEIGHT,
    TILE_WIDTH,
    LogReader,
    NoSuchTile,
    TileAddress,
    bundles,
    leaf_hashes,
    levels_of,
    read_tile_name,
    split_bundle,
    split_hashes,
    write_bundle,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intact:
    """Every byte is accounted for by the signed root. `unchecked` names files that are no part of a log."""

    size: int
    origin: str
    root: Hash
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """Something is not as it was signed. `first_bad_index` is the first entry it concerns."""

    first_bad_index: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """Whole and signed, but shorter than a log seen before."""

    size: int
    known_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forked:
    """Whole and signed, but its first `known_size` entries are not those seen before."""

    size: int
    known_size: int


Audit = Intact | Altered | RolledBack | Forked
LeafReader = Callable[[bytes], object]
"""Reads a leaf; raises Mistaken on one that the log must not hold."""


def audit(
    log: LogReader,
    key: NoteVerifier,
    *,
    known: Checkpoint | None = None,
    read_leaf: LeafReader | None = None,
    hashes_only: bool = False,
) -> Audit:
    """Return what can be said of a log by somebody who holds its public key and perhaps an old checkpoint.

    Args:   known: a checkpoint of the same log seen before, already opened.
            read_leaf: for logs whose entries are not ours; without it, they are read as ours.
            hashes_only: for what is published to everybody: hash tiles and checkpoint, no entries.
    Raises: Unavailable: the log cannot be read, or has no checkpoint.
    """
    names = sorted(log.names())
    note = log.read(CHECKPOINT)
    if note is None:
        raise Unavailable(
            "the ledger was not verified",
            why="it has no `checkpoint`",
            next_step="name the folder of an export",
        )
    try:
        checkpoint = open_checkpoint(note, key)
    except NoteRefused as refusal:
        size = _claimed_size(note, names)
        return Altered(first_bad_index=size, what=f"the checkpoint of size {size}: {refusal.why}")
    walk = _Walk(
        log=log, size=checkpoint.size, read_leaf=read_leaf or LeavesInOrder(), known=known, hashes_only=hashes_only
    )
    walk.through(names)
    return walk.verdict(checkpoint)


def _claimed_size(note: bytes, names: list[str]) -> int:
    """Return the size a broken checkpoint still states, or else the number of entries in bundles."""
    try:
        return read_body(read_note(note).text).size
    except NoteRefused:
        found = (address for address in map(_address, names) if address and address.level is None)
        return max((address.first_index + address.width for address in found), default=0)


def _address(name: str) -> TileAddress | None:
    try:
        return read_tile_name(name)
    except NoSuchTile:
        return None


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One pass over one log: what was computed so far, and what was found wrong."""

    log: LogReader
    size: int
    read_leaf: LeafReader
    known: Checkpoint | None
    hashes_only: bool = False
    frontier: Frontier = field(default_factory=Frontier)
    known_root: Hash | None = None
    rows: dict[int, list[Hash]] = field(default_factory=dict)
    held: dict[tuple[int | None, int], list[TileAddress]] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    findings: list[Altered] = field(default_factory=list)

    def through(self, names: list[str]) -> None:
        """Read the whole log once, entries first to last and hashes from the bottom up."""
        self._sort(names)
        self._extend([])
        for bundle in bundles(self.size):
            row = self._row_of(bundle)
            if len(row) < bundle.width:
                return
            root = self._extend(row)
            self._compare(0, bundle.number, row, root)
        for level in levels_of(self.size)[1:]:
            self._compare_row(level)
        for strays in self.held.values():
            self._find(strays[0].first_index, f"`{strays[0].name}` is not under the signed size {self.size}")

    def verdict(self, checkpoint: Checkpoint) -> Audit:
        """Return what the walk came to."""
        if self.findings:
            return min(self.findings, key=lambda finding: finding.first_bad_index)
        begins_alike = self.known is not None and self.known_root == self.known.root
        if self.frontier.root() != checkpoint.root:
            first = self.known.size if self.known is not None and begins_alike else 0
            return Altered(
                first_bad_index=first,
                what=f"entries and hashes agree, but not with the signed root of size {self.size}: "
                f"some entry from {first} on was changed and every hash above it computed anew",
            )
        if self.known is not None and self.size < self.known.size:
            return RolledBack(size=self.size, known_size=self.known.size)
        if self.known is not None and not begins_alike:
            return Forked(size=self.size, known_size=self.known.size)
        return Intact(size=self.size, origin=checkpoint.origin, root=checkpoint.root, unchecked=tuple(self.unchecked))

    def _find(self, index: int, what: str) -> None:
        self.findings.append(Altered(first_bad_index=index, what=what))

    def _sort(self, names: list[str]) -> None:
        for name in names:
            address = _address(name)
            if address is not None:
                self.held.setdefault((address.level, address.number), []).append(address)
            elif name.startswith("tile/"):
                self._find(self.size, f"`{name}` is no file of a ledger")
            elif name != CHECKPOINT:
                self.unchecked.append(name)

    def _extend(self, row: list[Hash]) -> Hash:
        """Append a row and return its root where it is full; note in passing the root of the known checkpoint."""
        if self.known is not None:
            ahead = self.known.size - self.frontier.size
            if 0 <= ahead <= len(row):
                self.known_root = self.frontier.extended(row[:ahead]).root()
        if len(row) < TILE_WIDTH:
            self.frontier = self.frontier.extended(row)
            return b""
        root = full_root(row)
        self.frontier = self.frontier.extended_by_subtree(TILE_HEIGHT, root)
        return root

    def _row_of(self, bundle: TileAddress) -> list[Hash]:
        """Return the hashes of a bundle's entries or, where it is not whole, those its hash tile states."""
        if self.hashes_only:
            hashes = self._stated_row(bundle)
            if len(hashes) < bundle.width:
                self._find(bundle.first_index + len(hashes), f"the hashes of `{bundle.name}` are missing or cut")
            return hashes
        content = self.log.read(bundle.name)
        leaves, rest = split_bundle(content or b"")
        # A bundle that is nothing but its leaves is what they join to: it need not be read and put together again.
        own = "" if rest else bundle.name
        self._compare_copies(bundle, leaves, split=lambda copy: split_bundle(copy)[0], join=write_bundle, own=own)
        self._read_leaves(bundle.first_index, leaves)
        row = leaf_hashes(leaves)
        if not rest and len(row) == bundle.width:
            return row
        stated = self._stated_row(bundle)
        self._find(
            bundle.first_index + min(_first_difference(row, stated), bundle.width - 1),
            f"the entry bundle `{bundle.name}` is missing or cut, or holds more than its entries",
        )
        return stated

    def _stated_row(self, bundle: TileAddress) -> list[Hash]:
        below = TileAddress(level=0, number=bundle.number, width=bundle.width)
        return split_hashes(self.log.read(below.name) or b"")[: bundle.width]

    def _read_leaves(self, first: int, leaves: list[bytes]) -> None:
        read_leaf = self.read_leaf
        for index, leaf in enumerate(leaves, start=first):
            try:
                read_leaf(leaf)
            except Mistaken as refusal:
                self._find(index, f"entry {index} is none that this ledger may hold: {refusal.why}")

    def _compare(self, level: int, number: int, row: list[Hash], root: Hash) -> None:
        """Compare one row of computed hashes with its tile; where it is full, climb to the tile above."""
        required = TileAddress(level=level, number=number, width=len(row))
        self._compare_copies(required, row, split=split_hashes, join=b"".join)
        if len(row) == TILE_WIDTH:
            above = self.rows.setdefault(level + 1, [])
            above.append(root)
            if len(above) == TILE_WIDTH:
                self._compare_row(level + 1)

    def _compare_row(self, level: int) -> None:
        row = self.rows.pop(level, [])
        if row:
            done = (self.frontier.size >> (TILE_HEIGHT * level)) - len(row)
            self._compare(level, done // TILE_WIDTH, row, full_root(row) if len(row) == TILE_WIDTH else b"")

    def _compare_copies(
        self,
        required: TileAddress,
        parts: list[bytes],
        *,
        split: Callable[[bytes], list[bytes]],
        join: Callable[[list[bytes]], bytes],
        own: str = "",
    ) -> None:
        """Compare every copy the log holds, whole or partial, with the parts it must hold.

        Args: own: the copy that the parts were read from, which holds them and nothing else.
        """
        copies = self.held.pop((required.level, required.number), [])
        if required not in copies:
            self._find(required.first_index, f"`{required.name}` is missing")
        for copy in copies:
            if copy.name == own and copy == required:
                continue
            content, wanted = self.log.read(copy.name) or b"", parts[: copy.width]
            if content != join(wanted) or copy.width > required.width:
                at = min(_first_difference(split(content), wanted), copy.width - 1)
                if not self._is_explained(copy, at):
                    self._find(copy.index_at(at), f"`{copy.name}` and the entries do not agree")

    def _is_explained(self, tile: TileAddress, position: int) -> bool:
        """Return whether a hash is off only because something was found below it."""
        below = range(tile.index_at(position), tile.index_at(position + 1))
        return bool(tile.level) and any(finding.first_bad_index in below for finding in self.findings)


def _first_difference(some: list[bytes], others: list[bytes]) -> int:
    """Return the first position at which two lists differ, or the length of the shorter."""
    pairs = zip(some, others, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(some), len(others)))
