"""Reading many leaves strictly and fast: what has been read once need not be taken apart again.

A leaf is its parts in a fixed order. Whether it may stand in the ledger is one question a part: is this hour one, may
facts of this spelling stand beside this kind of entry, may these fields be committed to. Digests of the right length
answer every question alike. So parts that stood in one leaf which `decode` accepted need not be asked about again.

Rules of the module:
- Only `decode` ever accepts a part. A leaf that is not made of accepted parts goes to `decode` whole.
- A leaf with an escape in it (a backslash) always goes to `decode`: parts are told apart by plain quotes.
- What is remembered is bounded; a hostile log makes this slow, never large.
"""

import re
from dataclasses import dataclass, field

from privity.ledger.encoding import LeafRefused, decode
from privity.ledger.tiles import LONGEST_LEAF

MOST_REMEMBERED = 100_000

_PARTS = re.compile(
    rb'\{("agreement":"[^"\\]*",)?'
    rb'"at":"([^"\\]*)",'
    rb'("clauses":\[[^\]\\]*\],)?'
    rb'(?:"cm":\{([^}\\]+)\},)?'
    rb'"eid":"[0-9a-f]{32}",'
    rb'(?:"facts":\{([^}\\]+)\},)?'
    rb'(?:"kid":"[0-9a-f]{64}",)?'
    rb'((?:"org":"[^"\\]*",)?(?:"outcome":"[^"\\]*",)?(?:"role":"[^"\\]*",)?"t":"[^"\\]*"),"v":1\}'
)
_DIGEST = re.compile(rb'":"[0-9a-f]{64}"')
_SOME_DIGEST = b'":"#"'
_DIGEST_LENGTH = 64
_AT, _HOUR_LENGTH = b'"at":"', len("2017-01-03T09")
"""Where a leaf says its hour: nothing that stands before it in one can hold a quotation mark."""


@dataclass(slots=True)
class FamiliarLeaves:
    """Accepts a leaf exactly where `decode` does, remembering the parts it has accepted."""

    _heads: set[tuple[bytes, bytes, bytes]] = field(default_factory=set)
    _hours: set[bytes] = field(default_factory=set)
    _fields: set[bytes] = field(default_factory=set)

    def __call__(self, leaf: bytes) -> None:
        """Accept a leaf, or raise what `decode` raises.

        Raises: LeafRefused: it is no entry of ours.
        """
        found = _PARTS.fullmatch(leaf)
        if found is None:
            decode(leaf)
            return
        agreement, hour, clauses, fields, facts, rest = found.groups()
        if fields is not None:
            fields = _DIGEST.sub(_SOME_DIGEST, fields)
        if facts is not None and len(facts) > _DIGEST_LENGTH:
            facts = _DIGEST.sub(_SOME_DIGEST, facts)
        head = (rest, facts or b"", (agreement or b"") + (clauses or b""))
        known = hour in self._hours and head in self._heads and (fields is None or fields in self._fields)
        if known and len(leaf) <= LONGEST_LEAF:
            return
        decode(leaf)
        self._remember(head, hour, fields)

    def _remember(self, head: tuple[bytes, bytes, bytes], hour: bytes, fields: bytes | None) -> None:
        for remembered in (self._heads, self._hours, self._fields):
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()
        self._heads.add(head)
        self._hours.add(hour)
        if fields is not None:
            self._fields.add(fields)


@dataclass(slots=True)
class LeavesInOrder:
    """Accepts the leaves of one log, first to last: each a leaf, and none of an earlier hour than the one before it.

    An entry put on today that says it is of last year would be told apart by an old checkpoint alone; no log of ours
    holds one.
    """

    _read: FamiliarLeaves = field(default_factory=FamiliarLeaves)
    _hour: bytes = b""

    def __call__(self, leaf: bytes) -> None:
        """Accept the next leaf.

        Raises: LeafRefused: it is no entry of ours, or says an hour before that of the last.
        """
        self._read(leaf)
        at = leaf.find(_AT) + len(_AT)
        hour = leaf[at : at + _HOUR_LENGTH]
        if hour < self._hour:
            raise LeafRefused("it says an hour before that of the entry before it")
        self._hour = hour
