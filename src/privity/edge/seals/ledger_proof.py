"""Whether the ledger knows of a sealed pack: checked before anything is decrypted.

What holds when this holds: at some time the custodian's log, under its own key, said that a pack of exactly
these bytes was sealed. So nobody can send a pack that the ledger does not tell of, and every requester keeps
a checkpoint that the log can never take back.

Source: C2SP tlog-proof; the entry itself travels in the proof's extra line, where the path vouches for it.
"""

from dataclasses import dataclass
from hashlib import sha256

from privity.edge.seals.opening import DoesNotHold
from privity.ledger.checkpoint import NoteVerifier
from privity.ledger.encoding import decode
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import read_proof, verify_proof

PACK_DIGEST = "pack_digest"
SEALINGS = (EntryKind.PACK_SEALED, EntryKind.NOTICE_SEALED, EntryKind.COLLATION_SEALED)
"""The entries that say something was sealed: an answer, a notice that follows one, a month's collation."""


class NotInLedger(DoesNotHold):
    """The proof is about something else than this pack being sealed."""

    def __init__(self) -> None:
        super().__init__(
            "its proof is not about this pack: the entry it shows does not carry the digest of the file",
            "take the proof that came with the pack, or fetch both again",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InLedger:
    """Where the ledger tells of a pack, and under which checkpoint."""

    sha256: str
    index: int
    size: int
    origin: str


def digest_of(sealed: bytes) -> str:
    """Return the SHA-256 by which the ledger knows a sealed pack."""
    return sha256(sealed).hexdigest()


def find_in_ledger(sealed: bytes, proof: bytes, key: NoteVerifier) -> InLedger:
    """Return where the ledger tells of a pack.

    Args:   sealed: the pack as it was sealed (`cms.as_sealed`). key: the ledger's, had from enrolment.
    Raises: NotProved, NoteRefused, LeafRefused, NotInLedger: checked, and not so.
    """
    stated = read_proof(proof)
    if stated.extra is None:
        raise NotInLedger
    checkpoint = verify_proof(stated, leaf=stated.extra, log=key)
    entry = decode(stated.extra)
    digest = digest_of(sealed)
    if entry.kind not in SEALINGS or entry.facts.get(PACK_DIGEST) != digest:
        raise NotInLedger
    return InLedger(sha256=digest, index=stated.index, size=checkpoint.size, origin=checkpoint.origin)
