"""Ledgers for tests: a log held in memory, golden keys, and entries to fill it with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from privity.definitions.party import OrganisationId, Role
from privity.edge.seals.note_keys import NoteSigningKey
from privity.ledger.checkpoint import Checkpoint, sign_checkpoint
from privity.ledger.commitment import commit, key_identifier
from privity.ledger.encoding import encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import Frontier, full_root, leaf_hash
from privity.ledger.tiles import CHECKPOINT, TILE_WIDTH, TileAddress, bundles, hash_tiles, write_bundle

ORIGIN = "privity.example/ledger/0a1b2c3d"
SIGNER = NoteSigningKey(name=ORIGIN, seed=bytes(range(32)))
KEY = SIGNER.verifier
VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
NOON = datetime(2017, 3, 1, 12, 34, 56, tzinfo=UTC)


def example_entry(number: int) -> Entry:
    """Return an entry of a case, different for each number, always the same for one."""
    seed = sha256(b"example" + number.to_bytes(8, "big")).digest()
    eid = seed[:16]
    field_name = f"request/{number}.purpose"
    return Entry(
        kind=EntryKind.CASE_OPENED,
        at=NOON + timedelta(minutes=number),
        eid=eid,
        case=key_identifier(seed),
        organisation=OrganisationId("home-office"),
        role=Role.REQUESTING_OFFICER,
        agreement="home-office@2017-01",
        outcome="received",
        facts={"received": "2017-03-01", "due": "2017-03-29"},
        commitments={field_name: commit(seed, eid, field_name, "re-establish-contact")},
    )


def padding_entry(number: int) -> Entry:
    """Return the shortest entry there is."""
    return Entry(kind=EntryKind.LEDGER_PADDING, at=NOON, eid=sha256(number.to_bytes(8, "big")).digest()[:16])


def checkpoint_over(leaves: Sequence[bytes], signer: NoteSigningKey = SIGNER) -> bytes:
    """Return the signed checkpoint of a log of these leaves."""
    tree = Frontier().extended(map(leaf_hash, leaves))
    return sign_checkpoint(Checkpoint(origin=signer.name, size=tree.size, root=tree.root()), [signer])


@dataclass(slots=True)
class MemoryLog:
    """A log of files in memory, to be read, changed and read again."""

    files: dict[str, bytes] = field(default_factory=dict)

    def names(self) -> Iterable[str]:
        """Return the name of every file."""
        return list(self.files)

    def read(self, name: str) -> bytes | None:
        """Return one file, or None."""
        return self.files.get(name)


def memory_log(leaves: Sequence[bytes], signer: NoteSigningKey = SIGNER) -> MemoryLog:
    """Return a whole log of these leaves, signed: bundles, tiles of every level, checkpoint."""
    levels = [list(map(leaf_hash, leaves))]
    while len(levels[-1]) >= TILE_WIDTH:
        below = levels[-1]
        full = len(below) // TILE_WIDTH
        levels.append([full_root(below[at * TILE_WIDTH : (at + 1) * TILE_WIDTH]) for at in range(full)])
    files = {
        bundle.name: write_bundle(leaves[bundle.first_index : bundle.first_index + bundle.width])
        for bundle in bundles(len(leaves))
    }
    for tile in hash_tiles(len(leaves)):
        files[tile.name] = tile_content(levels, tile)
    files[CHECKPOINT] = checkpoint_over(leaves, signer)
    return MemoryLog(files)


def tile_content(levels: list[list[bytes]], tile: TileAddress) -> bytes:
    """Return the hashes of one tile out of all the hashes of its level."""
    assert tile.level is not None
    first = tile.number * TILE_WIDTH
    return b"".join(levels[tile.level][first : first + tile.width])


def example_leaves(count: int, *, first: int = 0) -> list[bytes]:
    """Return the leaves of so many example entries."""
    return [encode(example_entry(number)) for number in range(first, first + count)]


def padding_leaves(count: int) -> list[bytes]:
    """Return so many short leaves."""
    return [encode(padding_entry(number)) for number in range(count)]


def write_folder(log: MemoryLog, root: Path) -> Path:
    """Write a log in memory out as a folder."""
    for name, content in log.files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return root
