"""One spelling per value: the part of RFC 8785 (JSON Canonicalization Scheme) that the ledger needs.

Rules of the module:
- No floats: their spelling differs between languages, and nothing here needs them.
- Keys are ASCII, so that sorting by code point and by UTF-16 unit is the same.
- Whole numbers stay within 2**53, beyond which other JSON readers round.
"""

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring

from privity.errors import Mistaken

LARGEST_WHOLE_NUMBER = 2**53 - 1

Scalar = str | int | bool | None
Value = Scalar | Sequence["Value"]
"""What can be committed to: a JSON scalar, or a list of such values."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


class NotCanonical(Mistaken):
    """A value has no single spelling, so no digest of it would mean anything."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "a value was not written into the ledger",
            why=why,
            next_step="pass text, whole numbers, true, false, nothing, or lists of these",
        )


def canonical_value(value: Value) -> bytes:
    """Return the one spelling of a scalar or a list, in UTF-8.

    Raises: NotCanonical: a float, mapping or bytes; a number beyond 2**53; text that is not Unicode.
    """
    if type(value) is str:  # nearly every column is text, and text needs no checking beyond its spelling
        try:
            return encode_basestring(value).encode()
        except UnicodeEncodeError:
            raise _half_a_pair() from None
    if value is True or value is False:
        return b"true" if value else b"false"
    if type(value) is int and -LARGEST_WHOLE_NUMBER <= value <= LARGEST_WHOLE_NUMBER:
        return b"%d" % value
    _check(value)
    return _spell(value)


def canonical_object(members: Mapping[str, object]) -> bytes:
    """Return the one spelling of an object whose members the caller has checked.

    Raises: NotCanonical: text that is not Unicode.
    """
    return _spell(members)


def _spell(value: object) -> bytes:
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise _half_a_pair() from None


def _half_a_pair() -> NotCanonical:
    return NotCanonical("its text holds half a surrogate pair")


def _check(value: object) -> None:
    """Check by exact type: an enum or a subclass may spell itself differently from what it equals."""
    if type(value) in (list, tuple):
        assert isinstance(value, list | tuple)
        for part in value:
            _check(part)
    elif type(value) is int:
        if abs(value) > LARGEST_WHOLE_NUMBER:
            raise NotCanonical("a whole number lies beyond 2**53")
    elif type(value) not in (str, bool, type(None)):
        raise NotCanonical(f"a `{type(value).__name__}` has no single spelling")
