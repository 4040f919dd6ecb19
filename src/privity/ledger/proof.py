"""A proof that travels: one entry, its path, and the checkpoint that vouches for it, in one text.

Rules of the module:
- A proof is checked against a leaf one holds and a key one already trusts; nothing else in it is believed.
- The extra line is carried, never trusted: no signature covers it.
Source: C2SP tlog-proof (version 1).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from privity.ledger.checkpoint import LONGEST_NOTE, Checkpoint, NoteVerifier, open_checkpoint
from privity.ledger.merkle import HASH_LENGTH, LARGEST_SIZE, Hash, NotProved, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProof:
    """That the entry at `index` stands under `checkpoint`, a signed note. Not yet checked."""

    index: int
    path: tuple[Hash, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        hashes_fit = len(self.path) <= LONGEST_PATH and all(len(step) == HASH_LENGTH for step in self.path)
        if not 0 <= self.index <= LARGEST_SIZE or not hashes_fit:
            raise NotProved("its index or its path is out of range")


def write_proof(proof: LogProof) -> bytes:
    """Return the proof as a `.tlog-proof` file."""
    lines = [HEADER]
    if proof.extra is not None:
        lines.append(f"extra {b64encode(proof.extra).decode()}")
    lines.append(f"index {proof.index}")
    lines.extend(b64encode(step).decode() for step in proof.path)
    return ("\n".join(lines) + "\n\n").encode() + proof.checkpoint


def read_proof(content: bytes) -> LogProof:
    """Return what a `.tlog-proof` file says, with nothing checked but its form.

    Raises: NotProved: the bytes are not the one spelling of a proof.
    """
    above, _, checkpoint = content.partition(b"\n\n")
    if len(content) > LONGEST_NOTE or not above.isascii() or not checkpoint:
        raise NotProved("it is too long, or has no checkpoint after a blank line")
    header, *lines = above.decode().split("\n")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _from_base64(lines.pop(0).removeprefix("extra "))
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if header != HEADER or not index:
        raise NotProved(f"it does not begin with `{HEADER}` and an index")
    proof = LogProof(
        index=int(index[1]),
        path=tuple(_from_base64(line) for line in lines),
        checkpoint=checkpoint,
        extra=extra,
    )
    if write_proof(proof) != content:
        raise NotProved("it is not in the one spelling of a proof")
    return proof


def verify_proof(proof: LogProof, *, leaf: bytes, log: NoteVerifier) -> Checkpoint:
    """Return the signed checkpoint under which `leaf` stands.

    Raises: NotProved: the path does not lead to its root. NoteRefused: the log did not sign it.
    """
    checkpoint = open_checkpoint(proof.checkpoint, log)
    verify_inclusion(
        index=proof.index,
        size=checkpoint.size,
        leaf=leaf_hash(leaf),
        path=proof.path,
        root=checkpoint.root,
    )
    return checkpoint


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text.encode(), validate=True)
    except NotBase64:
        raise NotProved("it holds text that is not base64") from None
