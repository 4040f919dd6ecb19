"""What must be so of a data directory after a power cut, whatever had been asked for and not waited for.

Rules of the module:
- Judged from the files alone, with SQLite and the ledger's own arithmetic, as somebody would who finds the machine.
- An empty answer means that nothing promised is missing, nothing is half there, and nothing left that is forgotten.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from privity.edge.seals.note_keys import NoteVerifierKey
from privity.ledger.checkpoint import NoteRefused, open_checkpoint
from privity.ledger.merkle import Frontier, leaf_hash

DATABASE = "privity.sqlite"
Promises = Sequence[Sequence[str]]


def faults_of(place: Path, promised: Promises, key: NoteVerifierKey) -> list[str]:
    """Return everything that is wrong with what was found.

    Args: promised: what had been said before the cut, line by line, in words (tests.fakes.working).
    """
    raw = b"".join(path.read_bytes() for path in place.glob(f"{DATABASE}*"))
    try:
        with closing(sqlite3.connect(place / DATABASE)) as database:
            (sound,) = database.execute("PRAGMA quick_check").fetchone()
            found = [] if sound == "ok" else [f"the database is damaged: {sound[:80]}"]
            found += _of_ledger(database, key) + _of_promises(database, place, promised) + _of_spool(database, place)
    except sqlite3.DatabaseError as damaged:
        found = [f"the database does not open: {damaged}"]
    gone = {words[1] for words in promised if words[0] == "destroyed"}
    keys = [bytes.fromhex(words[2]) for words in promised if words[0] == "key" and words[1] in gone]
    return found + ["a destroyed key is still there" for each in keys if each in raw]


def _of_ledger(database: sqlite3.Connection, key: NoteVerifierKey) -> list[str]:
    # In a damaged database a page of another table may stand where a leaf was: it is then read as nothing.
    leaves = [bytes(leaf or b"") for (leaf,) in database.execute("SELECT leaf FROM log_entry ORDER BY idx")]
    indexes = [index for (index,) in database.execute("SELECT idx FROM log_entry ORDER BY idx")]
    head = database.execute("SELECT size FROM log_head").fetchone()
    note = database.execute("SELECT note FROM log_checkpoint ORDER BY id DESC LIMIT 1").fetchone()
    found = []
    if indexes != list(range(len(leaves))) or head != (len(leaves),):
        found.append("the ledger has gaps, or its head does not fit")
    try:
        checkpoint = open_checkpoint(bytes(note[0] or b"") if note else b"", key)
    except NoteRefused:
        return [*found, "the newest checkpoint does not hold"]
    root = Frontier().extended(map(leaf_hash, leaves)).root()
    if (checkpoint.size, checkpoint.root) != (len(leaves), root):
        found.append("the newest checkpoint is not of what the ledger holds")
    (beyond,) = database.execute("SELECT COUNT(*) FROM state WHERE entry >= ?", (len(leaves),)).fetchone()
    if beyond:
        found.append("rows point at entries that are not there")
    return found


def _of_promises(database: sqlite3.Connection, place: Path, promised: Promises) -> list[str]:
    (size,) = database.execute("SELECT COUNT(*) FROM log_entry").fetchone()
    standing = dict(database.execute("SELECT reference, status FROM state").fetchall())
    order = ("sealed", "sent", "collected", "destroyed")
    gone = {words[1] for words in promised if words[0] == "destroyed"}
    leaving = {words[1] for words in promised if words[0] == "key"}
    found = []
    for words in promised:
        match words:
            case ["size", count] if size < int(count):
                found.append(f"{count} entries were promised and {size} are there")
            case ["case", reference, status] if reference not in leaving:
                now = standing.get(reference, "")
                if now not in order or order.index(now) < order.index(status):
                    found.append("a case stands before where it was said to stand")
            case ["sent", reference, digest] if reference not in leaving:
                if not list((place / "outbox").glob(f"*/{digest}.eml")):
                    found.append("a pack that was said to be sent is not with the transport")
                if standing.get(reference, "") not in order[1:]:
                    found.append("a pack that was said to be sent is not known to be")
            case _:
                continue
    return found + ["a destroyed case is still there" for reference in gone if reference in standing]


def _of_spool(database: sqlite3.Connection, place: Path) -> list[str]:
    known = {digest for (digest,) in database.execute("SELECT sha256 FROM outbox")}
    shredded = database.execute("SELECT COUNT(*) FROM shredded").fetchone()[0]
    found = []
    for pack in place.glob("outbox/*/*.eml"):
        if pack.name.startswith("."):
            continue
        if pack.stem not in known and not shredded:
            found.append("a pack is with the transport that nobody remembers")
        if sha256(pack.read_bytes()).hexdigest() != pack.stem:
            found.append("a pack with the transport is not whole")
        if not pack.with_suffix(".tlog-proof").exists():
            found.append("a pack with the transport has no proof")
    return found
