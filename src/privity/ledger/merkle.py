"""The tree: RFC 6962 section 2 over SHA-256, its compact range, its proofs.

Rules of the module:
- A tree of size n has leaves 0 to n-1. The root of none is the hash of nothing.
- Node (height, number) is the root of the full subtree over leaves number*2**height up to, not including,
  (number+1)*2**height. Everything else is computed from such nodes.
- Verification is strict: a proof of any other length than the right one proves nothing.
Source: RFC 6962 section 2.1, RFC 9162 section 2.1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from privity.errors import Impossible, Mistaken

HASH_LENGTH = 32
LARGEST_SIZE = 2**63 - 1
EMPTY_ROOT = sha256(b"").digest()
LEAF_PREFIX, NODE_PREFIX = b"\x00", b"\x01"

Hash = bytes
"""A SHA-256 digest, 32 bytes."""


class NotProved(Mistaken):
    """A proof does not show what it is said to show."""

    exit_code = 1

    def __init__(self, why: str) -> None:
        super().__init__(
            "the proof was not accepted",
            why=why,
            next_step="ask the log for a new proof, and compare checkpoints",
        )


class Nodes(Protocol):
    """Something that knows the nodes of one tree."""

    def node(self, height: int, number: int) -> Hash:
        """Return the root of one full subtree."""
        ...


def leaf_hash(leaf: bytes) -> Hash:
    """Return the hash of one leaf."""
    return sha256(LEAF_PREFIX + leaf).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Return the hash over two subtrees."""
    return sha256(NODE_PREFIX + left + right).digest()


def full_root(hashes: Sequence[Hash]) -> Hash:
    """Return the root over 2**k neighbouring subtrees of one height."""
    while len(hashes) > 1:
        one_by_one = iter(hashes)
        # Spelled out and not through `node_hash`, as this is where verifying a log spends its time.
        hashes = [
            sha256(NODE_PREFIX + left + right).digest() for left, right in zip(one_by_one, one_by_one, strict=True)
        ]
    return hashes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The right edge of a tree: the roots of its full subtrees, tallest first. Enough to append.

    INVARIANT: one hash of 32 bytes for each 1 in the binary spelling of `size`.
    """

    size: int = 0
    peaks: tuple[Hash, ...] = ()

    def __post_init__(self) -> None:
        right_lengths = set(map(len, self.peaks)) <= {HASH_LENGTH}
        if not 0 <= self.size <= LARGEST_SIZE or len(self.peaks) != self.size.bit_count() or not right_lengths:
            raise Impossible(
                "the right edge of the ledger's tree was not understood",
                why=f"`{self.size}` entries do not have `{len(self.peaks)}` full subtrees of 32 bytes each",
                next_step="restore the ledger from a copy that verifies",
            )

    def extended(self, leaf_hashes: Iterable[Hash]) -> "Frontier":
        """Return the frontier after appending leaves."""
        size, peaks = self.size, list(self.peaks)
        for peak in leaf_hashes:
            carry = size
            while carry & 1:
                peak = sha256(NODE_PREFIX + peaks.pop() + peak).digest()
                carry >>= 1
            peaks.append(peak)
            size += 1
        return Frontier(size=size, peaks=tuple(peaks))

    def extended_by_subtree(self, height: int, root: Hash) -> "Frontier":
        """Return the frontier after appending a full subtree of 2**height leaves by its root.

        Raises: Impossible: the tree does not end where such a subtree can begin.
        """
        if self.size & ((1 << height) - 1):
            raise Impossible(
                "the ledger's tree was not extended",
                why=f"a subtree of height {height} cannot begin at `{self.size}`",
                next_step="report this",
            )
        above = Frontier(size=self.size >> height, peaks=self.peaks).extended([root])
        return Frontier(size=above.size << height, peaks=above.peaks)

    def root(self) -> Hash:
        """Return the root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        *taller, root = self.peaks
        for peak in reversed(taller):
            root = node_hash(peak, root)
        return root


def range_root(nodes: Nodes, start: int, stop: int) -> Hash:
    """Return the root over leaves `start` up to, not including, `stop`.

    `start` is a multiple of the largest power of two within the length, as in every RFC 6962 split.
    """
    peaks = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        peaks.append(nodes.node(height, start >> height))
        start += 1 << height
    *taller, root = peaks
    for peak in reversed(taller):
        root = node_hash(peak, root)
    return root


def inclusion_proof(nodes: Nodes, index: int, size: int) -> tuple[Hash, ...]:
    """Return the audit path of one leaf, from its sibling up to the root's child.

    Raises: NotProved: there is no such leaf in a tree of that size.
    """
    _check_index(index, size)
    path = []
    number, last, height = index, size - 1, 0
    while last:
        sibling = number ^ 1
        if sibling < last:
            path.append(nodes.node(height, sibling))
        elif sibling == last:
            path.append(range_root(nodes, sibling << height, size))
        number, last, height = number >> 1, last >> 1, height + 1
    return tuple(path)


def consistency_proof(nodes: Nodes, old: int, new: int) -> tuple[Hash, ...]:
    """Return the proof that a tree of `new` leaves begins with the tree of `old` leaves.

    Raises: NotProved: sizes out of order; nothing can be proved from an empty tree.
    """
    if not 0 < old <= new <= LARGEST_SIZE:
        raise NotProved(f"the sizes `{old}` and `{new}` are not in order above zero")
    path: list[Hash] = []
    start, stop = 0, new
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_root(nodes, middle, stop))
            stop = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    if start:
        path.append(range_root(nodes, start, old))
    return tuple(reversed(path))


def verify_inclusion(*, index: int, size: int, leaf: Hash, path: Sequence[Hash], root: Hash) -> None:
    """Accept that the tree of `size` leaves under `root` holds the leaf hash at `index`.

    Raises: NotProved: it does not follow.
    """
    _check_index(index, size)
    _check_hashes((leaf, root, *path))
    number, last, reached = index, size - 1, leaf
    for step in path:
        if not last:
            raise NotProved("the path is longer than the tree is tall")
        if number & 1 or number == last:
            reached = node_hash(step, reached)
            while not number & 1:
                number, last = number >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        number, last = number >> 1, last >> 1
    if last:
        raise NotProved("the path is shorter than the tree is tall")
    if reached != root:
        raise NotProved("the path leads to another root")


def verify_consistency(*, old: int, new: int, path: Sequence[Hash], old_root: Hash, new_root: Hash) -> None:
    """Accept that the tree under `new_root` begins with the tree under `old_root`.

    Raises: NotProved: it does not follow.
    """
    if not 0 <= old <= new <= LARGEST_SIZE or old == 0 < new:
        raise NotProved(f"the sizes `{old}` and `{new}` are not in order above zero")
    if old == new:
        _check_equal_sizes(old, path, old_root, new_root)
        return
    _check_hashes((old_root, new_root, *path))
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        raise NotProved("the path is empty")
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old_reached = new_reached = steps[0]
    for step in steps[1:]:
        if not last:
            raise NotProved("the path is longer than the tree is tall")
        if number & 1 or number == last:
            old_reached, new_reached = node_hash(step, old_reached), node_hash(step, new_reached)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            new_reached = node_hash(new_reached, step)
        number, last = number >> 1, last >> 1
    if last or old_reached != old_root or new_reached != new_root:
        raise NotProved("the path does not lead from the old root to the new")


def _check_equal_sizes(size: int, path: Sequence[Hash], old_root: Hash, new_root: Hash) -> None:
    if path or old_root != new_root or (size == 0 and old_root != EMPTY_ROOT):
        raise NotProved(f"two trees of `{size}` leaves are the same only with one root and an empty path")


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size <= LARGEST_SIZE:
        raise NotProved(f"a tree of `{size}` leaves has no leaf `{index}`")


def _check_hashes(hashes: Iterable[Hash]) -> None:
    if any(len(given) != HASH_LENGTH for given in hashes):
        raise NotProved("a hash is not 32 bytes long")


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return int(1 << ((size - 1).bit_length() - 1))
