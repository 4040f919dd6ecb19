"""Identifiers. Each is its own type, so that one cannot be passed for another.

Rules of the room:
- A case reference is random: it says nothing about order, volume or person.
- Identifiers are plain strings underneath, checked where they are first made.
"""

import re
from typing import NewType

from privity.errors import Mistaken

CaseReference = NewType("CaseReference", str)
"""`PRV-` and 26 characters of Crockford base32: 128 random bits and 2 bits of padding."""
BatchReference = NewType("BatchReference", str)
"""SHA-256 over the sender and the bytes of a file of requests, 64 hexadecimal digits."""
AgreementFamily = NewType("AgreementFamily", str)
"""The folder of one agreement, e.g. `home-office`."""
VersionName = NewType("VersionName", str)
"""One version of a family, e.g. `2017-01`."""
Slug = NewType("Slug", str)
"""A word of a published vocabulary: lower case letters, digits, hyphens and underscores."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CASE_REFERENCE = re.compile(r"PRV-[0-9A-HJKMNP-TV-Z]{26}")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def case_reference(random_bytes: bytes) -> CaseReference:
    """Return the reference written from 16 random bytes.

    Raises: Mistaken: not exactly 16 bytes.
    """
    if len(random_bytes) != 16:
        raise Mistaken(
            "a case reference was not made",
            why=f"it needs 16 random bytes and got {len(random_bytes)}",
            next_step="pass 16 bytes from the operating system's random source",
        )
    number = int.from_bytes(random_bytes, "big")
    digits = [_CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(26))]
    return CaseReference("PRV-" + "".join(digits))


def read_case_reference(text: str) -> CaseReference:
    """Return `text` as a case reference, forgiving lower case and surrounding space.

    Raises: Mistaken: it is not one.
    """
    cleaned = text.strip().upper()
    if not _CASE_REFERENCE.fullmatch(cleaned):
        raise Mistaken(
            "the case was not found",
            why="the reference does not have the form `PRV-` and 26 letters and digits",
            next_step="copy the reference from the acknowledgement",
        )
    return CaseReference(cleaned)


def read_slug(text: str, *, what: str) -> Slug:
    """Return `text` as a vocabulary word.

    Args:   what: what the word names, for the message.
    Raises: Mistaken: it holds anything but lower case letters, digits, `-` and `_`.
    """
    if not _SLUG.fullmatch(text):
        raise Mistaken(
            f"the {what} was not understood",
            why="it must be lower case letters and digits joined by `-` or `_`",
            next_step="use one of the words the agreement publishes",
        )
    return Slug(text)
