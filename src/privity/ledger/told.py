"""What somebody outside is told about places in the ledger, so that it tells nothing of the work in between.

Who is told where two entries stand can count the acts between them, and a case in which somebody was found takes more
acts than one in which nobody was. So:
- An entry whose proof leaves (`PROVED_OUTSIDE`) stands at a step: the next whole one after the end of the log, and
  after the place where the log would stand by the clock alone (cadence.py). Padding fills what lies between. As long
  as the work stays behind the clock, its place is a function of the time and of the entries of this kind before it.
- Every other place is told as a number (`PlaceNumbers`): another for each place, the same whenever it is told, and
  without order. Whoever holds the instance's secret reads it back; nobody else learns anything from it.

Rules of the module:
- What padding says, and when, is never a function of what the entries around it say.
- A step is longer than what one case takes between two seals of a gateway in which nothing else happens.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from privity.ledger.entry_kind import EntryKind

STEP = 32
"""Entries. From receipt to seal one case alone takes 11 to 16 and each look of an officer one more (decision 123)."""
PROVED_OUTSIDE = frozenset({EntryKind.PACK_SEALED, EntryKind.NOTICE_SEALED, EntryKind.COLLATION_SEALED})
"""The entries whose proof travels with what was sealed, and says where they stand."""

HALF_BITS = 26
LARGEST_NUMBER = (1 << 2 * HALF_BITS) - 1
"""Below 2**53, so that every reader of JSON keeps it exactly."""
ROUNDS = 10
_HALF = (1 << HALF_BITS) - 1


def place_at_step(size: int, by_clock: int = 0) -> int:
    """Return where the next entry that is proved outside stands.

    Args: size: how many entries there are. by_clock: how many there would be by the clock alone.
    """
    return -(-max(size, by_clock) // STEP) * STEP


@dataclass(frozen=True, slots=True)
class PlaceNumbers:
    """The numbers that stand for places: a permutation that only the holder of the key can go through.

    It is a Feistel network over twice 26 bits with HMAC-SHA-256 as its rounds.
    """

    key: bytes = field(repr=False)

    def number(self, place: int) -> int:
        """Return the number that stands for a place from 0 to `LARGEST_NUMBER`."""
        left, right = place >> HALF_BITS & _HALF, place & _HALF
        for turn in range(ROUNDS):
            left, right = right, left ^ self._round(turn, right)
        return left << HALF_BITS | right

    def place(self, number: int) -> int:
        """Return the place that a number stands for; any number stands for one, though no entry may be there."""
        left, right = number >> HALF_BITS & _HALF, number & _HALF
        for turn in reversed(range(ROUNDS)):
            left, right = right ^ self._round(turn, left), left
        return left << HALF_BITS | right

    def _round(self, turn: int, half: int) -> int:
        drawn = hmac.digest(self.key, bytes([turn]) + half.to_bytes(4, "big"), sha256)
        return int.from_bytes(drawn[:4], "big") & _HALF
