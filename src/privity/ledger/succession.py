"""How a log goes on after a backup was restored: under another name, from a size and root of the former log.

A log that went on under its own name from an older state would be a fork: whoever holds a later checkpoint would be
told so, rightly. So the restored log has a name and a key of its own. It begins with the entries of the former log, in
their places, and the first entry of its own says which log that was, how large, and with which root.

Rules of the module:
- What the entry says is public and is checked like any other fact. What went missing of the former log stays provable
  there: under its own key, by whoever holds a proof.
- The note of succession says the same under both keys, where the former key was at hand: whoever trusts the former key
  can come to trust the new one by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.ledger.checkpoint import Checkpoint, NoteRefused, NoteSigner, NoteVerifier, open_note, read_body, sign_note
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind

TITLE = "privity/succession/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """That a log goes on from a former one. `key` is the new log's verifier key, as text."""

    former: Checkpoint
    key: str

    @property
    def body(self) -> str:
        """Return the text that both keys sign."""
        return f"{TITLE}\n{self.former.body}{self.key}\n"


def is_succession(entry: Entry, former: Checkpoint) -> bool:
    """Return whether an entry says that the log it stands in goes on from a checkpoint of a former one."""
    return entry.kind is EntryKind.RESTORE_ACKNOWLEDGED and (
        entry.facts.get("former_log"),
        entry.facts.get("size_restored"),
        entry.facts.get("former_root"),
    ) == (former.origin, former.size, former.root.hex())


def sign_succession(succession: Succession, signers: Sequence[NoteSigner]) -> bytes:
    """Return the note of succession, signed by the former key where it is at hand, and by the new one."""
    return sign_note(succession.body, signers)


def open_succession(content: bytes, former: NoteVerifier, new: NoteVerifier) -> Succession:
    """Return what a note of succession says, once both keys have signed it.

    Raises: NoteRefused: malformed, or one of the two did not sign.
    """
    text = open_note(content, [former]).text
    open_note(content, [new])
    title, _, rest = text.partition("\n")
    body, _, key = rest[:-1].rpartition("\n")
    if title != TITLE or key != str(new):
        raise NoteRefused("it is no note of succession to that key")
    checkpoint = read_body(f"{body}\n")
    if checkpoint.origin != former.name:
        raise NoteRefused(f"it speaks of another former log than the key's own, `{former.name}`")
    return Succession(former=checkpoint, key=key)
