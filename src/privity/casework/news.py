"""What comes back from a transport: whether a pack arrived, and what a requester says about it.

Rules of the module:
- A receipt is either authenticated by the transport (a MESH mailbox acknowledged) or a claim (any mail can say so).
- News is settled with the transport only once the act it led to is durable; news twice leads to one act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fate(StrEnum):
    """What a receipt says became of a pack."""

    DELIVERED = "delivered"
    """It reached the requester's system."""
    COLLECTED = "collected"
    """Somebody or something at the requester has it."""
    FAILED = "failed"
    """It came back, or was never fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A pack that was sent and of which nothing has been heard."""

    sha256: str
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one pack.

    Args: digest_begins: the first hexadecimal digits of the pack's SHA-256, 16 or more.
          claimed: True where nobody authenticated stands behind it. reason: a word.
          settle_by: what the transport must be told once the act is durable; empty where nothing.
    """

    digest_begins: str
    fate: Fate
    claimed: bool
    reason: str = ""
    settle_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A requester's message about a pack, from an address that the transport authenticated.

    The representation hides it: it names a person at the requester.
    """

    address: str
    content: bytes
    settle_by: str = ""

    def __repr__(self) -> str:
        return f"Statement({len(self.content)} bytes)"


News = Receipt | Statement


class Hearing(Protocol):
    """A transport that is heard from."""

    def news(self, awaited: Sequence[Awaited]) -> Iterable[News]:
        """Return what there is to hear.

        Raises: Unavailable: the peer did not answer.
        """

    def settle(self, heard: News) -> None:
        """Tell the peer that this need not be told again.

        Raises: Unavailable: the peer did not answer; it will be told again, which does no harm.
        """
