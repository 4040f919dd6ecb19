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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import final

from privity.errors import Mistaken
from privity.ledger.canonical import Value, canonical_value

KEY_LENGTH = 32
ENTRY_ID_LENGTH = 16
LONGEST_PART = 0xFFFF
DIGEST_LENGTH = 32

_KEY_LABEL = b"privity/case-key/v1"
_FIELD_LABEL = b"privity/commit/v1"
_HKDF_FIRST_BLOCK = b"\x01"
_REST_OF_BLOCK = bytes(64 - KEY_LENGTH)
_INNER_PAD, _OUTER_PAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_REST_OF_INNER, _REST_OF_OUTER = _REST_OF_BLOCK.translate(_INNER_PAD), _REST_OF_BLOCK.translate(_OUTER_PAD)


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


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """The fields an entry commits to, in the order of their names; made once for all entries that commit to the same.

    INVARIANT: each field once, in the order in which a leaf names them.
    """

    names: tuple[str, ...]
    parts: tuple[bytes, ...] = field(init=False, repr=False)
    """Each name after its length."""
    first_blocks: tuple[bytes, ...] = field(init=False, repr=False)
    """What each field's key is made from, after the label and the entry's identifier."""

    def __post_init__(self) -> None:
        if list(self.names) != sorted(set(self.names)):
            raise CommitmentRefused("its fields are not in order, each once")
        object.__setattr__(self, "parts", tuple(_part(name.encode()) for name in self.names))
        object.__setattr__(self, "first_blocks", tuple(part + _HKDF_FIRST_BLOCK for part in self.parts))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Commitments(Mapping[str, str]):
    """An entry's commitments as they were made: from each field to 64 hexadecimal digits.

    INVARIANT: one digest of 32 bytes for each field, so that nothing in it need be asked again whether it is one.
    """

    fields: Fields
    digests: bytes

    def __post_init__(self) -> None:
        if len(self.digests) != DIGEST_LENGTH * len(self.fields.names):
            raise CommitmentRefused("there is not one digest of 32 bytes for each field")

    def __getitem__(self, name: str) -> str:
        try:
            at = self.fields.names.index(name)
        except ValueError:
            raise KeyError(name) from None
        return self.digests[DIGEST_LENGTH * at : DIGEST_LENGTH * (at + 1)].hex()

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields.names)

    def __len__(self) -> int:
        return len(self.fields.names)


def commit_all(case_key: bytes, eid: bytes, fields: Fields, values: Sequence[Value]) -> Commitments:
    """Return the commitment to each of an entry's values: what `commit` returns for each, told once.

    Args:   values: one for each field, in the same order.
    Raises: as `commit`; CommitmentRefused: not as many values as fields.
    """
    _check_length("case key", case_key, KEY_LENGTH)
    _check_length("entry id", eid, ENTRY_ID_LENGTH)
    if len(values) != len(fields.parts):
        raise CommitmentRefused("there is not one value for each field")
    digest, told = sha256, [canonical_value(value) for value in values]
    if any(len(spelled) > LONGEST_PART for spelled in told):
        raise _too_long()
    padded = case_key + _REST_OF_BLOCK
    inner, outer = padded.translate(_INNER_PAD) + _parts(_FIELD_LABEL, eid), padded.translate(_OUTER_PAD)
    # Both pads of all keys at once: what is done once for each column of every act is the four digests and little else.
    keys = b"".join([digest(outer + digest(inner + first).digest()).digest() for first in fields.first_blocks])
    inner, outer = keys.translate(_INNER_PAD), keys.translate(_OUTER_PAD)
    made = []
    for at, name, spelled in zip(range(0, len(keys), KEY_LENGTH), fields.parts, told, strict=True):
        end = at + KEY_LENGTH
        message = inner[at:end] + _REST_OF_INNER + name + len(spelled).to_bytes(2, "big") + spelled
        made.append(digest(outer[at:end] + _REST_OF_OUTER + digest(message).digest()).digest())
    return Commitments(fields, b"".join(made))


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
