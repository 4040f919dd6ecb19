"""One field of one entry, opened for an auditor: the value, the key that opens it, and the proof it stands there.

Rules of the module:
- An opening shows one column of one row of one case, and helps with no other: its key is the field's own.
- Whoever holds one and the log's public key can check it; nothing else is needed, and nothing else is asked.
- It holds what the field holds, so it is personal data, to be handed over and kept as such.
"""

import dataclasses
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from privity.ledger.canonical import NotCanonical, Value, canonical_object, canonical_value
from privity.ledger.checkpoint import Checkpoint, NoteVerifier
from privity.ledger.commitment import KEY_LENGTH, opens
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.merkle import NotProved
from privity.ledger.proof import read_proof, verify_proof

FORMAT = "privity/opening/v1"
_MEMBERS = {"format", "field", "value", "key", "proof"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A field's value and key, and the `.tlog-proof` of its entry with the entry in the extra line. Not yet checked."""

    field: str
    value: Value = dataclasses.field(repr=False)
    key: bytes = dataclasses.field(repr=False)
    proof: bytes = dataclasses.field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_LENGTH:
            raise NotProved(f"the key of the opening is not {KEY_LENGTH} bytes")
        canonical_value(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opening that holds: which entry said so, and under which checkpoint."""

    index: int
    entry: Entry
    checkpoint: Checkpoint


def write_opening(opening: Opening) -> bytes:
    """Return the opening as a file, one line of JSON."""
    return (
        canonical_object(
            {
                "format": FORMAT,
                "field": opening.field,
                "value": opening.value,
                "key": opening.key.hex(),
                "proof": b64encode(opening.proof).decode(),
            }
        )
        + b"\n"
    )


def read_opening(content: bytes) -> Opening:
    """Return what a file says, with nothing checked but its form.

    Raises: NotProved: it is no opening.
    """
    try:
        members = json.loads(content)
        if not isinstance(members, dict) or members.keys() != _MEMBERS or members["format"] != FORMAT:
            raise NotProved("the file is no opening of a field")
        opening = Opening(
            field=str(members["field"]),
            value=members["value"],
            key=bytes.fromhex(members["key"]),
            proof=b64decode(members["proof"], validate=True),
        )
    except (ValueError, TypeError, RecursionError, NotBase64, NotCanonical):
        raise NotProved("the file is no opening of a field") from None
    if write_opening(opening) != content:
        raise NotProved("the opening is not in its one spelling")
    return opening


def verify_opening(opening: Opening, log: NoteVerifier) -> Opened:
    """Return the entry that commits to exactly this value of exactly this field.

    Raises: NotProved: the entry is not in the log, or commits to something else. NoteRefused: the log did not sign.
    """
    proof = read_proof(opening.proof)
    if proof.extra is None:
        raise NotProved("the opening does not bring its entry along")
    checkpoint = verify_proof(proof, leaf=proof.extra, log=log)
    entry = decode(proof.extra)
    commitment = entry.commitments.get(opening.field)
    if commitment is None or not opens(opening.key, opening.field, opening.value, commitment):
        raise NotProved("the entry does not commit to this value of this field")
    return Opened(index=proof.index, entry=entry, checkpoint=checkpoint)
