"""The log's leaves and hash tiles as they lie in the database, which is all a reader of the log ever sees.

A tile of the lowest level is kept once it is full; until then its hashes are worked out from the leaves. Every level
above keeps what is there. So a root at any size is made from a few rows.

Rules of the module:
- A tile only grows, by one hash at a time, in the transaction that appends the entries it stands for.
- What the database does not hold whole is not given out at all.
"""

from dataclasses import dataclass

from privity.edge.store.statements import fetch, fetch_one, send
from privity.errors import Impossible
from privity.ledger.merkle import HASH_LENGTH, Hash, full_root
from privity.ledger.tiles import TILE_WIDTH, TileAddress, leaf_hashes, split_hashes, write_bundle

_SELECT_LEAVES = "SELECT leaf FROM log_entry WHERE idx >= %s AND idx < %s ORDER BY idx"
_SELECT_TILE = "SELECT hashes FROM log_tile WHERE level = %s AND number = %s"
_INSERT_TILE = "INSERT INTO log_tile (level, number, hashes) VALUES (%s, %s, %s)"
_UPDATE_TILE = "UPDATE log_tile SET hashes = %s WHERE level = %s AND number = %s"


@dataclass(frozen=True, slots=True)
class StoredTiles:
    """The leaves and tiles of one database."""

    alias: str

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves from `start` up to, not including, `stop`, as far as there are any."""
        return [bytes(leaf) for (leaf,) in fetch(self.alias, _SELECT_LEAVES, [start, stop])]

    def read(self, address: TileAddress) -> bytes | None:
        """Return a hash tile, or a bundle of entries, or None where the database does not reach it."""
        return self._bundle(address) if address.level is None else self._tile(address, address.level)

    def keep_full(self, old: int, new: int, hashes: list[Hash]) -> None:
        """Store every level-0 tile that the hashes from `old` up to `new` filled, and the levels above."""
        for number in range(old // TILE_WIDTH, new // TILE_WIDTH):
            first = number * TILE_WIDTH
            row = hashes[max(0, first - old) : first + TILE_WIDTH - old]
            if first < old:
                row = leaf_hashes(self.leaves(first, old)) + row
            self._insert_tile(0, number, b"".join(row))
            self._climb(1, number, full_root(row))

    def _climb(self, level: int, number: int, root: Hash) -> None:
        """Append the root of a full tile to the tile above, and so on while tiles fill."""
        tile, position = divmod(number, TILE_WIDTH)
        if position == 0:
            self._insert_tile(level, tile, root)
            return
        hashes = self._stored_tile(level, tile) + root
        if len(hashes) != (position + 1) * HASH_LENGTH:
            raise _torn(f"tile `{level}/{tile}` does not hold {position} hashes")
        send(self.alias, _UPDATE_TILE, [hashes, level, tile])
        if position + 1 == TILE_WIDTH:
            self._climb(level + 1, tile, full_root(split_hashes(hashes)))

    def _insert_tile(self, level: int, number: int, hashes: bytes) -> None:
        send(self.alias, _INSERT_TILE, [level, number, hashes])

    def _stored_tile(self, level: int, number: int) -> bytes:
        row = fetch_one(self.alias, _SELECT_TILE, [level, number])
        return b"" if row is None else bytes(row[0])

    def _tile(self, address: TileAddress, level: int) -> bytes | None:
        hashes = self._stored_tile(level, address.number)
        if level == 0 and not hashes:
            hashes = b"".join(leaf_hashes(self._leaves_of(address)))
        wanted = address.width * HASH_LENGTH
        return hashes[:wanted] if len(hashes) >= wanted else None

    def _bundle(self, address: TileAddress) -> bytes | None:
        leaves = self._leaves_of(address)
        return write_bundle(leaves) if len(leaves) == address.width else None

    def _leaves_of(self, address: TileAddress) -> list[bytes]:
        return self.leaves(address.first_index, address.first_index + address.width)


def _torn(why: str) -> Impossible:
    return Impossible(
        "the ledger was not continued",
        why=why,
        next_step="stop, keep the database as it is, and compare with an export",
    )
