"""Changing the ledger's key without a gap: the new one signs beside the old one first, and then alone.

    start     a new key of the same origin is made; every process started from now on signs with both
    finish    every process started from now on signs with the new key alone; the old public key is kept, because old
              checkpoints are under it

Between the two, everybody who holds the old public key is given the new one. Either verifies every checkpoint.
"""

import os
from pathlib import Path

from privity.edge.seals.note_keys import NoteSigningKey, NoteVerifierKey, read_signing_key, read_verifier_key
from privity.edge.settings.places import DataDirectory, write_secret
from privity.errors import Mistaken

BESIDE, EARLIER = "ledger-key-beside", "ledger-keys-earlier.pub"
NEXT = {
    "start": "Restart everything that is running: from then on both keys sign, and until then the old one alone. Hand"
    " out the new public key, then run `rotate-key finish`:",
    "finish": "Restart everything that is running: from then on this key signs alone, and until then what runs signs as"
    " before:",
}


def start(data: DataDirectory, present: NoteSigningKey) -> NoteVerifierKey:
    """Make the new key and return its public half.

    Raises: Mistaken: a change is under way already.
    """
    if _beside(data).exists():
        raise Mistaken(
            "no new key was made",
            why="a change of key is under way",
            next_step="run `privity ledger rotate-key finish`",
        )
    key = NoteSigningKey(name=present.name, seed=os.urandom(32))
    write_secret(_beside(data), key.guarded_text())
    return key.verifier


def finish(data: DataDirectory, present: NoteSigningKey) -> NoteVerifierKey:
    """Let the new key sign alone and return its public half.

    Raises: Mistaken: no change is under way.
    """
    beside = signing_beside(data)
    if not beside:
        raise Mistaken(
            "the key was not changed",
            why="no change of key is under way",
            next_step="run `privity ledger rotate-key start`",
        )
    (key,) = beside
    with (data.root / EARLIER).open("a", encoding="ascii") as file:
        file.write(f"{present.verifier}\n")
        file.flush()
        os.fsync(file.fileno())
    # Renaming is one step: whatever is read, before or after, is a whole key.
    _beside(data).replace(data.ledger_key)
    data.ledger_public_key.write_text(f"{key.verifier}\n", encoding="ascii")
    return key.verifier


def signing_beside(data: DataDirectory) -> tuple[NoteSigningKey, ...]:
    """Return the key that signs beside the ledger's own, or nothing while no change is under way."""
    file = _beside(data)
    return (read_signing_key(file.read_text(encoding="ascii")),) if file.exists() else ()


def earlier_keys(data: DataDirectory) -> list[NoteVerifierKey]:
    """Return the public keys the ledger was signed with before its present one."""
    file = data.root / EARLIER
    return [read_verifier_key(line) for line in file.read_text(encoding="ascii").splitlines()] if file.exists() else []


def _beside(data: DataDirectory) -> Path:
    return data.root / BESIDE
