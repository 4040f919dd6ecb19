"""The tree against a reference so naive that it can be checked by reading RFC 6962 beside it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.ledger import memory_log

from privity.errors import Impossible
from privity.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    NotProved,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    range_root,
    verify_consistency,
    verify_inclusion,
)
from privity.ledger.tiles import (
    HIGHEST_LEVEL,
    NoSuchTile,
    TileAddress,
    TileNodes,
    bundles,
    hash_tiles,
    read_bundle,
    read_tile_name,
    split_bundle,
    write_bundle,
)

LEAVES = [number.to_bytes(4, "big") for number in range(700)]
SIZES = st.integers(min_value=1, max_value=len(LEAVES))


def naive_root(leaves: list[bytes]) -> bytes:
    """Return MTH of RFC 6962 section 2.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = naive_split(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    split = naive_split(len(leaves))
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_subproof(old: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """Return SUBPROOF of RFC 6962 section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = naive_split(len(leaves))
    if old <= split:
        return [*naive_subproof(old, leaves[:split], whole=whole), naive_root(leaves[split:])]
    return [*naive_subproof(old - split, leaves[split:], whole=False), naive_root(leaves[:split])]


def naive_split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def nodes(size: int) -> TileNodes:
    """Return the nodes of the tree of the first `size` leaves, read from tiles cut to that size."""
    return TileNodes(log=memory_log(LEAVES[:size]), size=size)


@given(size=st.integers(min_value=0, max_value=len(LEAVES)), cut=st.integers(min_value=0, max_value=len(LEAVES)))
def test_appending_in_any_two_portions_gives_the_root_of_the_definition(size: int, cut: int) -> None:
    hashes = list(map(leaf_hash, LEAVES[:size]))
    grown = Frontier().extended(hashes[:cut]).extended(hashes[cut:])
    assert grown.size == size
    assert grown.root() == naive_root(LEAVES[:size])


@given(size=SIZES, data=st.data())
def test_an_inclusion_proof_is_the_path_of_the_definition_and_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    path = inclusion_proof(nodes(size), index, size)
    assert list(path) == naive_path(index, LEAVES[:size])
    root = naive_root(LEAVES[:size])
    verify_inclusion(index=index, size=size, leaf=leaf_hash(LEAVES[index]), path=path, root=root)


@given(new=SIZES, data=st.data())
def test_a_consistency_proof_is_the_one_of_the_definition_and_verifies(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(min_value=1, max_value=new))
    path = consistency_proof(nodes(new), old, new)
    assert list(path) == naive_subproof(old, LEAVES[:new], whole=True)
    verify_consistency(
        old=old, new=new, path=path, old_root=naive_root(LEAVES[:old]), new_root=naive_root(LEAVES[:new])
    )


@given(size=st.integers(min_value=2, max_value=len(LEAVES)), data=st.data())
def test_an_inclusion_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    other = data.draw(st.integers(min_value=0, max_value=size - 1).filter(lambda number: number != index))
    path = list(inclusion_proof(nodes(size), index, size))
    leaf, root = leaf_hash(LEAVES[index]), naive_root(LEAVES[:size])
    step = data.draw(st.integers(min_value=0, max_value=len(path) - 1))
    bent = [*path[:step], leaf_hash(path[step]), *path[step + 1 :]]
    for wrong in (
        {"index": other},
        {"leaf": leaf_hash(LEAVES[other])},
        {"path": path[:-1]},
        {"path": [*path, root]},
        {"path": bent},
        {"root": leaf_hash(root)},
        {"size": index},
    ):
        claim = {"index": index, "size": size, "leaf": leaf, "path": path, "root": root} | wrong
        with pytest.raises(NotProved):
            verify_inclusion(**claim)  # type: ignore[arg-type]  # the members are mixed on purpose


@given(new=st.integers(min_value=2, max_value=len(LEAVES)), data=st.data())
def test_a_consistency_proof_proves_nothing_about_another_history(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(min_value=1, max_value=new - 1))
    path = consistency_proof(nodes(new), old, new)
    changed = data.draw(st.integers(min_value=0, max_value=old - 1))
    forged = [*LEAVES[:changed], b"forged", *LEAVES[changed + 1 : new]]
    with pytest.raises(NotProved):
        verify_consistency(
            old=old, new=new, path=path, old_root=naive_root(forged[:old]), new_root=naive_root(LEAVES[:new])
        )
    with pytest.raises(NotProved):
        verify_consistency(old=old, new=new, path=path, old_root=naive_root(LEAVES[:old]), new_root=naive_root(forged))


@given(size=SIZES)
def test_the_root_read_from_tiles_is_the_root_appended(size: int) -> None:
    assert range_root(nodes(size), 0, size) == Frontier().extended(map(leaf_hash, LEAVES[:size])).root()


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_nothing_is_proved_between_sizes_out_of_order(old: int, new: int) -> None:
    with pytest.raises(NotProved):
        consistency_proof(nodes(5), old, new)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_nothing_is_proved_about_an_entry_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(NotProved):
        inclusion_proof(nodes(5), index, size)


@pytest.mark.parametrize(
    ("size", "peaks"),
    [(1, ()), (0, (EMPTY_ROOT,)), (3, (EMPTY_ROOT,)), (1, (b"short",)), (-1, (EMPTY_ROOT,)), (2**63, (EMPTY_ROOT,))],
)
def test_a_right_edge_that_does_not_fit_its_size_is_refused(size: int, peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(Impossible):
        Frontier(size=size, peaks=peaks)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == naive_root([])


@given(
    level=st.none() | st.integers(min_value=0, max_value=HIGHEST_LEVEL),
    number=st.integers(min_value=0, max_value=2**55),
    width=st.integers(min_value=1, max_value=256),
)
def test_a_tile_has_one_name_and_the_name_one_tile(level: int | None, number: int, width: int) -> None:
    address = TileAddress(level=level, number=number, width=width)
    assert read_tile_name(address.name) == address


def test_tiles_are_named_as_in_the_specification() -> None:
    assert TileAddress(level=0, number=1234067).name == "tile/0/x001/x234/067"
    assert TileAddress(level=1, number=0, width=17).name == "tile/1/000.p/17"
    assert TileAddress(level=None, number=273, width=112).name == "tile/entries/273.p/112"


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    tiles = list(hash_tiles(70_000))
    widths = {level: [tile.width for tile in tiles if tile.level == level] for level in range(4)}
    assert widths[0] == [256] * 273 + [112]
    assert widths[1] == [256, 17]
    assert widths[2] == [1]
    assert widths[3] == []
    assert [tile.name for tile in hash_tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert not list(hash_tiles(0))
    assert [bundle.name for bundle in bundles(257)] == ["tile/entries/000", "tile/entries/001.p/1"]


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/8/0/000",
        "tile/entries/٠٠٠",
        "tile/0/../../checkpoint",
        "tile/0/000\n",
        "checkpoint",
    ],
)
def test_another_spelling_is_no_tile(name: str) -> None:
    with pytest.raises(NoSuchTile):
        read_tile_name(name)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_is_read_as_it_was_written(leaves: list[bytes]) -> None:
    assert read_bundle(write_bundle(leaves), len(leaves)) == leaves


@given(leaves=st.lists(st.binary(max_size=40), min_size=1, max_size=20), data=st.data())
def test_a_bundle_cut_anywhere_is_seen_to_be_cut(leaves: list[bytes], data: st.DataObject) -> None:
    whole = write_bundle(leaves)
    cut = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    found, rest = split_bundle(whole[:cut])
    assert found == leaves[: len(found)]
    assert len(found) < len(leaves)
    assert write_bundle(found) + rest == whole[:cut]
