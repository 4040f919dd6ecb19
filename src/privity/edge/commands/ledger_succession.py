"""How a log goes on from a former one, for whoever verifies it: files and keys, no instance, no Django.

Rules of the module:
- A log that says it goes on from a former one must begin with it: the root it states is computed anew.
- A checkpoint of the former log is compared like any other. Where it reaches further than what was restored, entries of
  the former log are in this one no more, and that is said with their numbers.
- A log of another name that does not say so is no continuation, however it begins.
"""

import argparse
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key
from privity.edge.tiles.directory import DirectoryLog, FolderUnreadable
from privity.ledger.audit import Audit, Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import LONGEST_NOTE, Checkpoint
from privity.ledger.encoding import decode
from privity.ledger.entry_kind import EntryKind
from privity.ledger.familiar import LeavesInOrder
from privity.ledger.succession import open_succession

_SAYS_SO = f'"t":"{EntryKind.RESTORE_ACKNOWLEDGED.value}"'.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """What a log says of a former one, and whether it begins with it."""

    former: Checkpoint
    holds: bool

    @property
    def words(self) -> str:
        """Return it for a person."""
        what = f"{self.former.origin}, of which it has the first {self.former.size:,} entries"
        return f"Goes on from {what}" if self.holds else f"Says it goes on from {what}, and does not begin with them"


def collecting(found: list[Checkpoint]) -> Callable[[bytes], None]:
    """Return a reader of leaves that keeps what they say of former logs."""
    read = LeavesInOrder()

    def leaf(content: bytes) -> None:
        read(content)
        if _SAYS_SO in content and (former := _former(content)) is not None:
            found.append(former)

    return leaf


def checked(log: DirectoryLog, key: NoteVerifierKey, found: Sequence[Checkpoint]) -> list[GoesOn]:
    """Return what a log says of former ones, each with whether it is so."""
    return [GoesOn(former=one, holds=isinstance(audit(log, key, known=one), Intact)) for one in found]


def explained(found: Audit, known: Checkpoint | None, successions: Sequence[GoesOn]) -> str:
    """Return what a checkpoint of a former log shows to be lost; nothing where it shows no such thing."""
    if known is None or not isinstance(found, RolledBack | Forked):
        return ""
    cut = next((one.former.size for one in successions if one.former.origin == known.origin), known.size)
    if cut >= known.size:
        return ""
    return f"Lost with the restore: the entries {cut} to {known.size - 1} of {known.origin} are not in this log"


def unsaid(found: Audit, known: Checkpoint | None, successions: Sequence[GoesOn]) -> str:
    """Return that a log begins like one of another name and does not say that it goes on from it; else nothing."""
    if known is None or not isinstance(found, Intact) or found.origin == known.origin:
        return ""
    if any(one.former.origin == known.origin for one in successions):
        return ""
    return f"It begins like {known.origin}, and no entry of it says that it goes on from there: it was renamed"


def check(arguments: argparse.Namespace) -> int:
    """Check a note of succession with the former key, show the new one, and return the exit code.

    Raises: NoteRefused: it does not hold. FolderUnreadable: the file does not open.
    """
    former, new = read_verifier_key(arguments.key), read_verifier_key(arguments.new_key)
    said = open_succession(_read(arguments.file), former, new)
    stated = {
        "outcome": "holds",
        "former": said.former.origin,
        "size": said.former.size,
        "root": b64encode(said.former.root).decode(),
        "key": said.key,
    }
    told = f"Holds: {new.name} goes on from {former.name} at {said.former.size:,} entries; both keys say so"
    print(json.dumps(stated, sort_keys=True) if arguments.json else told)
    return 0


def _former(leaf: bytes) -> Checkpoint | None:
    facts = decode(leaf).facts
    origin, size, root = (facts.get(name) for name in ("former_log", "size_restored", "former_root"))
    if isinstance(origin, str) and isinstance(size, int) and isinstance(root, str):
        return Checkpoint(origin=origin, size=size, root=bytes.fromhex(root))
    return None


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST_NOTE + 1)
    except OSError as refusal:
        raise FolderUnreadable(file, refusal) from refusal
