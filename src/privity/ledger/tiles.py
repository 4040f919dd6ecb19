"""Tiles: the tree and its entries as a finite set of files, each with one name.

Rules of the module:
- A tile holds up to 256 neighbouring hashes of one level; the level above holds the roots of its full tiles.
- A bundle holds up to 256 neighbouring entries, each after its length in two bytes.
- Names are read strictly: one address, one spelling.
Source: C2SP tlog-tiles: names, partial tiles, entry bundles.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from privity.errors import Impossible, Mistaken
from privity.ledger.merkle import HASH_LENGTH, LEAF_PREFIX, Hash, full_root

TILE_WIDTH = 256
TILE_HEIGHT = 8
HIGHEST_LEVEL = 63
LONGEST_LEAF = 0xFFFF
LENGTH_PREFIX = 2
CHECKPOINT = "checkpoint"

_NAME = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


class BundleDamaged(Mistaken):
    """A bundle of entries cannot be taken apart, or does not hold what its name says."""

    def __init__(self, why: str) -> None:
        super().__init__("the bundle of entries was not read", why=why, next_step="fetch it from the log again")


class NoSuchTile(Mistaken):
    """A name is no address of a tile or bundle."""

    def __init__(self, why: str) -> None:
        super().__init__("the tile was not found", why=why, next_step="use the names of C2SP tlog-tiles")


class LogReader(Protocol):
    """A log as an outsider meets it: files under fixed names."""

    def names(self) -> Iterable[str]:
        """Return the name of every file there is.

        Raises: Unavailable: the files cannot be listed.
        """
        ...

    def read(self, name: str) -> bytes | None:
        """Return the content of one file, or None where there is no such file.

        Raises: Unavailable: there is one and it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TileAddress:
    """Which tile or bundle: `level` is None for a bundle of entries. `width` is 256 where it is full."""

    level: int | None
    number: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        level_exists = self.level is None or 0 <= self.level <= HIGHEST_LEVEL
        if not level_exists or self.number < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise NoSuchTile(f"level `{self.level}`, number `{self.number}`, width `{self.width}` is out of range")

    @property
    def name(self) -> str:
        """Return the file's name, e.g. `tile/0/x001/234.p/7`."""
        groups = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{'/'.join(reversed(groups))}{partial}"

    @property
    def first_index(self) -> int:
        """Return the index of the first entry under the tile."""
        return self.number * TILE_WIDTH << (TILE_HEIGHT * (self.level or 0))

    def index_at(self, position: int) -> int:
        """Return the index of the first entry under the hash at `position` in the tile."""
        return self.first_index + (position << (TILE_HEIGHT * (self.level or 0)))


def read_tile_name(name: str) -> TileAddress:
    """Return the address a name stands for.

    Raises: NoSuchTile: it is not the one spelling of an address.
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise NoSuchTile("the name does not have the form `tile/LEVEL/NUMBER` or `tile/LEVEL/NUMBER.p/WIDTH`")
    level, number, width = found.groups()
    address = TileAddress(
        level=None if level == "entries" else int(level),
        number=int(number.replace("/", "").replace("x", "")),
        width=TILE_WIDTH if width is None else int(width),
    )
    if address.name != name:
        raise NoSuchTile("the name is another spelling of a tile's address")
    return address


def tiles_of_level(level: int | None, size: int) -> Iterator[TileAddress]:
    """Yield the tiles of one level in a tree of `size` entries, the partial one last."""
    hashes = size >> (TILE_HEIGHT * (level or 0))
    for number in range(hashes // TILE_WIDTH):
        yield TileAddress(level=level, number=number)
    if hashes % TILE_WIDTH:
        yield TileAddress(level=level, number=hashes // TILE_WIDTH, width=hashes % TILE_WIDTH)


def levels_of(size: int) -> range:
    """Return the levels of hash tiles in a tree of `size` entries."""
    return range(-(-size.bit_length() // TILE_HEIGHT))


def hash_tiles(size: int) -> Iterator[TileAddress]:
    """Yield every hash tile of a tree of `size` entries, level by level."""
    for level in levels_of(size):
        yield from tiles_of_level(level, size)


def bundles(size: int) -> Iterator[TileAddress]:
    """Yield every bundle of a log of `size` entries."""
    yield from tiles_of_level(None, size)


def write_bundle(leaves: Sequence[bytes]) -> bytes:
    """Return the bundle holding up to 256 leaves.

    Raises: BundleDamaged: a leaf is longer than 65,535 bytes.
    """
    if any(len(leaf) > LONGEST_LEAF for leaf in leaves):
        raise BundleDamaged(f"an entry is longer than {LONGEST_LEAF} bytes")
    return b"".join(len(leaf).to_bytes(LENGTH_PREFIX, "big") + leaf for leaf in leaves)


def split_bundle(content: bytes) -> tuple[list[bytes], bytes]:
    """Return the leaves as far as they can be told apart, and what is left over."""
    leaves = []
    at = 0
    while at + LENGTH_PREFIX <= len(content):
        stop = at + LENGTH_PREFIX + int.from_bytes(content[at : at + LENGTH_PREFIX], "big")
        if stop > len(content):
            break
        leaves.append(content[at + LENGTH_PREFIX : stop])
        at = stop
    return leaves, content[at:]


def read_bundle(content: bytes, width: int) -> list[bytes]:
    """Return the leaves of a bundle of known width.

    Raises: BundleDamaged: it holds more, fewer, or half a leaf.
    """
    leaves, rest = split_bundle(content)
    if rest or len(leaves) != width:
        raise BundleDamaged(f"it holds {len(leaves)} whole entries and {len(rest)} loose bytes, not {width} entries")
    return leaves


def split_hashes(content: bytes) -> list[Hash]:
    """Return the whole hashes of a tile; a last one cut short is left out."""
    return [content[at : at + HASH_LENGTH] for at in range(0, len(content) - HASH_LENGTH + 1, HASH_LENGTH)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileNodes:
    """The nodes of a tree of `size` entries, computed from its tiles. Keeps the tiles and nodes it has read.

    Raises: Impossible (from `node`): the log lacks a tile that its own size calls for.
    """

    log: LogReader
    size: int
    _read: dict[tuple[int, int], list[Hash]] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[tuple[int, int], Hash] = field(default_factory=dict, repr=False, compare=False)

    def node(self, height: int, number: int) -> Hash:
        """Return the root of one full subtree."""
        known = self._known.get((height, number))
        if known is None:
            known = self._known[height, number] = self._computed(height, number)
        return known

    def _computed(self, height: int, number: int) -> Hash:
        level, above = divmod(height, TILE_HEIGHT)
        first = number << above
        tile, position = divmod(first, TILE_WIDTH)
        return full_root(self._hashes(level, tile)[position : position + (1 << above)])

    def _hashes(self, level: int, number: int) -> list[Hash]:
        known = self._read.get((level, number))
        if known is None:
            width = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - number * TILE_WIDTH)
            address = TileAddress(level=level, number=number, width=width)
            content = self.log.read(address.name)
            if content is None or len(content) != width * HASH_LENGTH:
                raise Impossible(
                    f"the tile `{address.name}` was not read",
                    why="the log does not hold it whole, though its size calls for it",
                    next_step="verify the ledger and restore it from a copy that verifies",
                )
            known = self._read[level, number] = split_hashes(content)
        return known


def leaf_hashes(leaves: Iterable[bytes]) -> list[Hash]:
    """Return the hash of each leaf."""
    # Spelled out and not through `leaf_hash`: a call a leaf is a third of the time it takes to verify a log.
    return [sha256(LEAF_PREFIX + leaf).digest() for leaf in leaves]
