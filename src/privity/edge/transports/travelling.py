"""A pack as it travels over a line: the sealed bytes, and in one header the proof that the ledger tells of it.

The header stands above the sealed bytes and changes none of them; `privity open` finds it there, and mail programs
pass over it. A proof names nobody (privity.ledger.entry).
"""

from base64 import b64decode, b64encode
from email import message_from_bytes

PROOF_HEADER = "Privity-Ledger-Proof"
_WIDTH = 72


def with_proof(sealed: bytes, proof: str) -> bytes:
    """Return the sealed message with its proof in a header above."""
    text = b64encode(proof.encode()).decode()
    folded = "\r\n ".join(text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH))
    return f"{PROOF_HEADER}:\r\n {folded}\r\n".encode() + sealed


def proof_in(message: bytes) -> bytes | None:
    """Return the proof a message carries, unchecked, or None where it carries none that can be read."""
    found = message_from_bytes(message)[PROOF_HEADER]
    if not isinstance(found, str):
        return None
    try:
        return b64decode("".join(found.split()), validate=True)
    except ValueError:
        return None
