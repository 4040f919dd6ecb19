"""Asking witnesses to vouch for a checkpoint, over HTTP, and never waiting for one that will not answer.

Rules of the module:
- A witness is asked once; where it has seen another size, once more from there. Nothing is followed or repeated.
- Its answer is worth what its own key's signature is worth. Everything else in it is left out.
- A witness that does not answer is told, and stops nothing.
"""

import http.client
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from privity.ledger.checkpoint import NoteRefused, read_body, read_note
from privity.ledger.cosignature import CosignatureVerifier, vouched_at
from privity.ledger.merkle import Hash
from privity.ledger.witness import CONFLICT_TYPE, read_conflict, take_cosignatures, write_request

PATIENCE_SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024
OK, CONFLICT = 200, 409

Proof = Callable[[int, int], Sequence[Hash]]
"""Gives the consistency proof from one size to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness and where it takes checkpoints."""

    name: str
    key: CosignatureVerifier
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking: the note with every cosignature that holds, and why the others are missing."""

    note: bytes
    vouched: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def ask_witnesses(
    note: bytes, witnesses: Sequence[Witness], prove: Proof, *, seen: int, patience: float = PATIENCE_SECONDS
) -> Asked:
    """Return the checkpoint with the cosignatures of all witnesses that gave one.

    Args:   seen: the size the witnesses are thought to have seen last; 0 where nothing is known.
            patience: seconds to wait for any one read or write.
    """
    vouched: dict[str, int] = {}
    missing: dict[str, str] = {}
    for witness in witnesses:
        try:
            note = take_cosignatures(note, _ask(note, witness, prove, seen, patience), witness.key)
            vouched[witness.name] = vouched_at(read_note(note), witness.key) or 0
        except NoteRefused as refusal:
            missing[witness.name] = refusal.why
        except (OSError, http.client.HTTPException, ValueError) as refusal:
            missing[witness.name] = f"it could not be reached ({type(refusal).__name__})"
        except _Refused as refusal:
            missing[witness.name] = str(refusal)
    return Asked(note=note, vouched=vouched, missing=missing)


class _Refused(Exception):
    """A witness answered, and did not cosign."""


def _ask(note: bytes, witness: Witness, prove: Proof, seen: int, patience: float) -> bytes:
    size = read_body(read_note(note).text).size
    old = min(seen, size)
    for _ in range(2):
        path = () if old in (0, size) else tuple(prove(old, size))
        status, kind, body = _post(witness.url, write_request(old, path, note), patience)
        if status == OK:
            return body
        known = read_conflict(body) if status == CONFLICT and kind == CONFLICT_TYPE else None
        if known is None or known == old:
            raise _Refused(f"it answered {status}")
        if known > size:
            raise _Refused(
                f"it has seen {known} entries of this log, and there are {size}: keep everything as evidence"
            )
        old = known
    raise _Refused("it does not stand by the size it has seen")


def _post(url: str, body: bytes, patience: float) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.netloc, timeout=patience, context=context
        )
    elif parts.scheme == "http":
        connection = http.client.HTTPConnection(parts.netloc, timeout=patience)
    else:
        raise _Refused("its address is not one of http or https")
    try:
        connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body)
        response = connection.getresponse()
        answer = response.read(LARGEST_ANSWER + 1)
    finally:
        connection.close()
    if len(answer) > LARGEST_ANSWER:
        raise _Refused("its answer is too long to be one")
    return response.status, response.headers.get_content_type(), answer
