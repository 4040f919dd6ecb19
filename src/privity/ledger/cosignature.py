"""Cosignatures: others, or a second key of the log's own, vouching for a checkpoint at a moment.

Rules of the module:
- Two types: Ed25519 (4), over the note's text, and ML-DSA-44 (6), over name, moment, origin, size and root.
- The moment is part of what is signed, so a cosignature of an unchanged log still shows that it is looked after.
- Cosignatures by keys that are not known are ignored; one by a known key must hold.
Source: C2SP tlog-cosignature.
"""

from typing import Protocol

from privity.ledger.checkpoint import (
    COSIGNATURE_V1,
    Note,
    NoteRefused,
    NoteSignature,
    NoteVerifier,
    read_body,
)
from privity.ledger.merkle import LARGEST_SIZE

COSIGNATURE_ML_DSA_44 = 6
"""The signature type of a timestamped ML-DSA-44 cosignature."""
_ML_DSA_LABEL = b"subtree/v1\n\x00"
_MOMENT_LENGTH = 8
_LONGEST_NAME = 255


class CosignatureVerifier(NoteVerifier, Protocol):
    """The public half of a key that cosigns."""

    @property
    def algorithm(self) -> int:
        """Return the signature type, 4 or 6."""
        ...


class Cosigner(Protocol):
    """The private half of a key that cosigns."""

    @property
    def name(self) -> str:
        """Return the key's name."""
        ...

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        ...

    @property
    def algorithm(self) -> int:
        """Return the signature type, 4 or 6."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        ...


def cosigned_message(text: str, *, algorithm: int, name: str, moment: int) -> bytes:
    """Return the bytes a cosignature of a checkpoint's text is over.

    Args:   moment: seconds since 1970.
    Raises: NoteRefused: the text is no checkpoint, or a name is too long for its length byte.
    """
    if algorithm == COSIGNATURE_V1:
        return f"cosignature/v1\ntime {moment}\n{text}".encode()
    checkpoint = read_body(text)
    return b"".join(
        (
            _ML_DSA_LABEL,
            _after_its_length(name),
            moment.to_bytes(_MOMENT_LENGTH, "big"),
            _after_its_length(checkpoint.origin),
            bytes(_MOMENT_LENGTH),
            checkpoint.size.to_bytes(_MOMENT_LENGTH, "big"),
            checkpoint.root,
        )
    )


def cosign(text: str, cosigner: Cosigner, *, moment: int) -> NoteSignature:
    """Return a cosignature of a checkpoint's text as the line of a note.

    Raises: NoteRefused: the text is no checkpoint.
    """
    read_body(text)
    message = cosigned_message(text, algorithm=cosigner.algorithm, name=cosigner.name, moment=moment)
    signature = moment.to_bytes(_MOMENT_LENGTH, "big") + cosigner.sign(message)
    return NoteSignature(name=cosigner.name, key_id=cosigner.key_id, signature=signature)


def vouched_at(note: Note, verifier: CosignatureVerifier) -> int | None:
    """Return when a key vouched for a checkpoint, in seconds since 1970, or None where it has not.

    Raises: NoteRefused: a line names the key, and does not hold.
    """
    lines = [line for line in note.signatures if line.is_by(verifier)]
    if not lines:
        return None
    moment = int.from_bytes(lines[0].signature[:_MOMENT_LENGTH], "big")
    if len(lines) > 1 or len(lines[0].signature) <= _MOMENT_LENGTH or moment > LARGEST_SIZE:
        raise NoteRefused(f"the cosignature of `{verifier.name}` is malformed, or stands there more than once")
    message = cosigned_message(note.text, algorithm=verifier.algorithm, name=verifier.name, moment=moment)
    if not verifier.verifies(message, lines[0].signature[_MOMENT_LENGTH:]):
        raise NoteRefused(f"the cosignature of `{verifier.name}` does not hold")
    return moment


def _after_its_length(name: str) -> bytes:
    encoded = name.encode()
    if not 1 <= len(encoded) <= _LONGEST_NAME:
        raise NoteRefused(f"a cosigned name is 1 to {_LONGEST_NAME} bytes long")
    return bytes([len(encoded)]) + encoded
