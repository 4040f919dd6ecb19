"""What is asked of the ledger in a backup before anything of it is put to use.

Rules of the module:
- Its entries are hashed anew, first to last; the root must be the one its newest checkpoint states under the log's key.
- Whoever holds a later checkpoint shows what was lost. One that contradicts the backup stops the restore: then one of
  the two is a forgery, and both are evidence.
- What a later export tells of is used: which keys were destroyed since, and what has to be done again by hand.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from privity.casework.account_records import OfficerRecord
from privity.casework.instance_records import BackupRecord
from privity.casework.record import moment
from privity.casework.restored import LOSSES, Loss, Missing, without_access
from privity.edge.seals.note_keys import NoteVerifierKey
from privity.edge.store.raw_tables import RawTables
from privity.edge.tiles.directory import DirectoryLog, FolderUnreadable
from privity.edge.wiring.backup_folder import BackupRefused
from privity.errors import Mistaken
from privity.ledger.audit import Intact, audit
from privity.ledger.checkpoint import LONGEST_NOTE, Checkpoint, NoteRefused, open_checkpoint
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import Frontier
from privity.ledger.tiles import TILE_WIDTH, bundles, leaf_hashes, split_bundle

DATABASE_CALLED = "the ledger in the tables"
_LEAVES = "SELECT idx, leaf FROM log_entry WHERE idx >= %s ORDER BY idx LIMIT %s"
_NEWEST = "SELECT note FROM log_checkpoint ORDER BY id DESC LIMIT 1"
_READ_AT_ONCE = 8 * TILE_WIDTH


class Contradicts(Mistaken):
    """A checkpoint from outside and the backup cannot both be of this log."""

    exit_code = 2

    def __init__(self, what: str) -> None:
        super().__init__(
            "nothing was restored",
            why=f"{what} is not of the log in the backup: one of the two was forged or is another log's",
            next_step="keep both as evidence, and compare them with what witnesses and requesters hold",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What a later export of the log says happened after the backup.

    Args: keys: the identifiers of the keys destroyed. missing: what happened that is told to whoever acknowledges.
          size: the size of the export, 0 where it reaches no further than the backup. backups: those made since, of
          which nobody said that they are gone.
    """

    keys: frozenset[str] = frozenset()
    missing: tuple[Missing, ...] = ()
    size: int = 0
    backups: tuple[BackupRecord, ...] = ()

    @property
    def without_access(self) -> frozenset[str]:
        """Return the staff identifiers of people from whom something was taken that they sign in with."""
        return without_access(self.missing)

    @property
    def programs_revoked(self) -> frozenset[str]:
        """Return the systems that were revoked."""
        return frozenset(one.about for one in self.missing if one.kind is EntryKind.PROGRAM_REVOKED and one.about)


@dataclass(slots=True)
class Restored:
    """The ledger of a backup, read once: its newest checkpoint, and its root at each size asked for."""

    newest: Checkpoint
    note: bytes
    roots: Mapping[int, bytes]


def read_ledger(tables: RawTables, keys: Sequence[NoteVerifierKey], sizes: Sequence[int]) -> Restored:
    """Return the ledger of a backup, once it is what its newest checkpoint states.

    Args:   keys: the log's keys, newest first. sizes: at which its root is wanted.
    Raises: BackupRefused: it is not, or no key signed that.
    """
    found = tables.fetch(_NEWEST)
    note = bytes(found[0][0]) if found else b""
    newest = open_by_any(note, keys)
    if newest is None:
        raise BackupRefused(DATABASE_CALLED, "has no newest checkpoint that a key of the log signed")
    wanted = sorted({*(size for size in sizes if size <= newest.size), newest.size})
    roots: dict[int, bytes] = {0: Frontier().root()}
    frontier = Frontier()
    while rows := tables.fetch(_LEAVES, [frontier.size, _READ_AT_ONCE]):
        if [index for index, _ in rows] != list(range(frontier.size, frontier.size + len(rows))):
            raise BackupRefused(DATABASE_CALLED, f"has a gap after entry {frontier.size}")
        hashes = leaf_hashes([bytes(leaf) for _, leaf in rows])
        for size in wanted:
            if frontier.size < size <= frontier.size + len(hashes):
                roots[size] = frontier.extended(hashes[: size - frontier.size]).root()
        frontier = frontier.extended(hashes)
    if frontier.size != newest.size or roots.get(newest.size) != newest.root:
        raise BackupRefused(DATABASE_CALLED, "is not what its newest checkpoint states")
    return Restored(newest=newest, note=note, roots=roots)


def read_checkpoint(file: Path, keys: Sequence[NoteVerifierKey]) -> Checkpoint:
    """Return a checkpoint of the log that somebody held outside.

    Raises: Contradicts: no key of the log signed it. FolderUnreadable: it does not open.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_NOTE + 1)
    except OSError as refusal:
        raise FolderUnreadable(file, refusal) from refusal
    found = open_by_any(content, keys)
    if found is None:
        raise Contradicts(f"the checkpoint `{file}`")
    return found


def must_begin_alike(restored: Restored, known: Checkpoint, what: str) -> None:
    """Raise where a checkpoint that the backup reaches to says something else than the backup.

    Raises: Contradicts: it does.
    """
    if known.size <= restored.newest.size and restored.roots.get(known.size) != known.root:
        raise Contradicts(what)


def read_since(folder: Path, restored: Restored, keys: Sequence[NoteVerifierKey], tables: RawTables) -> Since:
    """Return what a later export of the log tells, once it is whole and continues the backup.

    Args:   tables: of the backup, which know what the keys belong to that were there.
    Raises: Contradicts: it does not. FolderUnreadable: it does not open.
    """
    if not folder.is_dir():
        raise FolderUnreadable(folder, NotADirectoryError(20, "there is no such folder"))
    log, newest = DirectoryLog(root=folder), restored.newest
    known = Checkpoint(origin=newest.origin, size=newest.size, root=newest.root)
    found = next((one for key in keys if isinstance(one := audit(log, key), Intact)), None)
    if found is None:
        raise Contradicts(f"the export `{folder}`")
    if found.size <= newest.size:
        return Since()
    if not any(isinstance(audit(log, key, known=known), Intact) for key in keys):
        raise Contradicts(f"the export `{folder}`")
    entries = _entries_from(log, newest.size, found.size)
    gone = frozenset(entry.case for entry in entries if entry.kind is EntryKind.KEY_DESTROYED)
    missing = _missing(entries, _owners(tables))
    return Since(keys=gone, missing=missing, size=found.size, backups=tuple(_backups(entries)))


def open_by_any(content: bytes, keys: Sequence[NoteVerifierKey]) -> Checkpoint | None:
    """Return what a checkpoint says, under whichever of the keys signed it; None where none did."""
    for key in keys:
        try:
            return open_checkpoint(content, key)
        except NoteRefused:
            continue
    return None


def _entries_from(log: DirectoryLog, first: int, size: int) -> list[Entry]:
    found: list[Entry] = []
    for bundle in bundles(size):
        if bundle.first_index + bundle.width > first:
            leaves, _ = split_bundle(log.read(bundle.name) or b"")
            found += [decode(leaf) for leaf in leaves[max(0, first - bundle.first_index) :]]
    return found


def _backups(entries: Sequence[Entry]) -> Iterator[BackupRecord]:
    """Yield the backups that entries say were made, and not that they are gone."""
    gone = {entry.facts.get("backup_digest") for entry in entries if entry.kind is EntryKind.BACKUP_DISCARDED}
    for entry in entries:
        if entry.kind is EntryKind.BACKUP_MADE and entry.facts.get("backup_digest") not in gone:
            yield BackupRecord(
                reference=str(entry.facts["backup_digest"]),
                made_at=moment(entry.at),
                size=int(entry.facts["size_backed_up"]),
                expires=str(entry.facts["backups_expire"]),
                discarded_at="",
                discarded_by="",
            )


def _owners(tables: RawTables) -> dict[str, str]:
    """Return what each key of the backup belongs to, in the words in which a person looks for it, by its identifier."""
    return {str(kid): _named(str(of)) for kid, of in tables.fetch("SELECT kid, reference FROM case_key")}


def _named(of: str) -> str:
    table, colon, name = of.partition(":")
    if not colon:
        return of
    return name if table in (OfficerRecord.table, "program") else ""


def _missing(entries: Sequence[Entry], owners: Mapping[str, str]) -> tuple[Missing, ...]:
    """Return what entries tell that is not in the backup, alike ones counted together, in the order of their kinds."""
    counted = Counter(
        Missing(
            kind=entry.kind,
            times=1,
            organisation=str(entry.organisation),
            agreement=entry.agreement if LOSSES[entry.kind] is Loss.BY_HAND else "",
            about=_about(entry, owners),
            reason=str(entry.facts.get("reason", "")) if LOSSES[entry.kind] is Loss.DONE_AGAIN else "",
        )
        for entry in entries
        if entry.kind in LOSSES
    )
    order = list(LOSSES)
    told = sorted(counted.items(), key=lambda one: (order.index(one[0].kind), one[0].organisation, one[0].about))
    return tuple(replace(one, times=times) for one, times in told)


def _about(entry: Entry, owners: Mapping[str, str]) -> str:
    if entry.kind is EntryKind.CERTIFICATE_REVOKED:
        return str(entry.facts.get("certificate_digest", ""))
    return owners.get(entry.case, "")
