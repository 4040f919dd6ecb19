"""What a log and a witness say to each other, as bytes: asking for a cosignature, and the lines that come back.

Source: C2SP tlog-witness, add-checkpoint.
"""

import re
from base64 import b64encode
from collections.abc import Sequence

from privity.ledger.checkpoint import Note, NoteRefused, read_note
from privity.ledger.cosignature import CosignatureVerifier, vouched_at
from privity.ledger.merkle import Hash

CONFLICT_TYPE = "text/x.tlog.size"
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


def write_request(old: int, path: Sequence[Hash], note: bytes) -> bytes:
    """Return the body that asks a witness, who has seen `old` entries, to cosign a checkpoint."""
    lines = [f"old {old}", *(b64encode(step).decode() for step in path)]
    return ("\n".join(lines) + "\n\n").encode() + note


def read_conflict(body: bytes) -> int | None:
    """Return the size a witness says it has seen, or None where it does not say."""
    found = _SIZE.fullmatch(body)
    return int(found[1]) if found else None


def take_cosignatures(note: bytes, answer: bytes, witness: CosignatureVerifier) -> bytes:
    """Return the note with the witness's cosignature out of its answer; lines by other keys are left out.

    Raises: NoteRefused: the answer is no signature lines, or the witness's own does not hold or is not there.
    """
    own = read_note(note)
    answered = read_note(own.text.encode() + b"\n" + answer)
    if vouched_at(answered, witness) is None:
        raise NoteRefused(f"the answer holds no cosignature of `{witness.name}`")
    line = next(line for line in answered.signatures if line.is_by(witness))
    kept = tuple(one for one in own.signatures if not one.is_by(witness))
    return bytes(Note(text=own.text, signatures=(*kept, line)))
