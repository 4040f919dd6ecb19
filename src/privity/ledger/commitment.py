"""Commitments: what binds the ledger to a value without telling it.

    kid   = SHA-256("privity/case-key/v1" || K)                     in the clear, in `case.opened`
    k_f   = HKDF-Expand(SHA-256, K, lp("privity/commit/v1", eid, field), 32)
    C_f   = HMAC-SHA256(k_f, lp(field, canonical value))            lp: each part after its 2-byte length

Rules of the module:
- A case key is exactly 32 bytes. HMAC pads keys with zeros, so `K` and `K||00` would commit alike.
- One key per case: destroying it shreds every field of every entry of the case, and every proof still holds.
- Handing over `k_f` and a value opens one field of one entry and nothing else.
"""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from privity.errors import Mistaken
from privity.ledger.canonical import Value, canonical_value

KEY_LENGTH = 32
ENTRY_ID_LENGTH = 16
LONGEST_PART = 0xFFFF

_KEY_LABEL = b"privity/case-key/v1"
_FIELD_LABEL = b"privity/commit/v1"
_HKDF_FIRST_BLOCK = b"\x01"
_REST_OF_BLOCK = bytes(64 - KEY_LENGTH)
_INNER_PAD, _OUTER_PAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class CommitmentRefused(Mistaken):
    """A commitment was asked for that would not bind, or not hide."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "a commitment was not made",
            why=why,
            next_step="pass a key of 32 and an entry id of 16 random bytes",
        )


def key_identifier(case_key: bytes) -> str:
    """Return the public name of a case key: 64 hexadecimal digits.

    Raises: CommitmentRefused: the key is not 32 bytes.
    """
    _check_length("case key", case_key, KEY_LENGTH)
    return sha256(_KEY_LABEL + case_key).hexdigest()


def field_key(case_key: bytes, eid: bytes, field: str) -> bytes:
    """Return the 32-byte key that opens one field of one entry.

    Raises: CommitmentRefused: wrong lengths, or a field name beyond 65,535 bytes.
    """
    _check_length("case key", case_key, KEY_LENGTH)
    _check_length("entry id", eid, ENTRY_ID_LENGTH)
    return _mac(case_key, _parts(_FIELD_LABEL, eid, field.encode()) + _HKDF_FIRST_BLOCK)


def commit(case_key: bytes, eid: bytes, field: str, value: Value) -> str:
    """Return the commitment to `value`: 64 hexadecimal digits.

    Raises: CommitmentRefused: wrong lengths. NotCanonical: the value has no single spelling.
    """
    return _commit(field_key(case_key, eid, field), field, value)


def commit_all(case_key: bytes, eid: bytes, values: Mapping[str, Value]) -> dict[str, str]:
    """Return the commitment to each of an entry's values, by field: what `commit` returns for each, told once.

    Raises: as `commit`.
    """
    _check_length("case key", case_key, KEY_LENGTH)
    _check_length("entry id", eid, ENTRY_ID_LENGTH)
    beginning = _parts(_FIELD_LABEL, eid)
    padded = case_key + _REST_OF_BLOCK
    inner, outer = padded.translate(_INNER_PAD) + beginning, padded.translate(_OUTER_PAD)
    found = {}
    digest, rest, inner_pad, outer_pad = sha256, _REST_OF_BLOCK, _INNER_PAD, _OUTER_PAD
    for field, value in values.items():
        name, first = _name_and_first(field)
        told = canonical_value(value)
        if len(told) > LONGEST_PART:
            raise _too_long()
        padded = digest(outer + digest(inner + first).digest()).digest() + rest
        within = digest(padded.translate(inner_pad) + name + len(told).to_bytes(2, "big") + told).digest()
        found[field] = digest(padded.translate(outer_pad) + within).hexdigest()
    return found


def opens(key: bytes, field: str, value: Value, commitment: str) -> bool:
    """Return whether `value`, under the opened field key, is what was committed to.

    Raises: CommitmentRefused: the key is not 32 bytes. NotCanonical: the value has no single spelling.
    """
    _check_length("field key", key, KEY_LENGTH)
    return hmac.compare_digest(_commit(key, field, value).encode(), commitment.encode())


def _commit(key: bytes, field: str, value: Value) -> str:
    return _mac(key, _parts(field.encode(), canonical_value(value))).hex()


def _mac(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA256 under a key of 32 bytes: RFC 2104 spelled out, as `commit_all` needs it in its loop.

    An act asks for this twice a column, and the library's own call takes more than twice as long.
    """
    padded = key + _REST_OF_BLOCK
    inner = sha256(padded.translate(_INNER_PAD) + message).digest()
    return sha256(padded.translate(_OUTER_PAD) + inner).digest()


@lru_cache(maxsize=4_096)
def _name_and_first(field: str) -> tuple[bytes, bytes]:
    """Return a field's name as a part, and that part before the first block of its key.

    Cases' rows are called alike, so few are asked for twice.
    """
    name = _part(field.encode())
    return name, name + _HKDF_FIRST_BLOCK


def _parts(*parts: bytes) -> bytes:
    return b"".join(map(_part, parts))


def _part(part: bytes) -> bytes:
    if len(part) > LONGEST_PART:
        raise _too_long()
    return len(part).to_bytes(2, "big") + part


def _too_long() -> CommitmentRefused:
    return CommitmentRefused(f"a field or its value is longer than {LONGEST_PART} bytes")


def _check_length(what: str, given: bytes, length: int) -> None:
    if len(given) != length:
        raise CommitmentRefused(f"the {what} is {len(given)} bytes and not {length}")
