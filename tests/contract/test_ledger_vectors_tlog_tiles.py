"""The ledger against a whole log written by another program: Tessera's tlog-tiles test log, sizes 0 to 15."""

import shutil
from pathlib import Path

import pytest
from tests.fakes.ledger import VECTORS

from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.ledger.audit import Intact, RolledBack, audit
from privity.ledger.checkpoint import open_checkpoint
from privity.ledger.merkle import Frontier, consistency_proof, leaf_hash, verify_consistency
from privity.ledger.tiles import TileAddress, TileNodes, read_bundle, split_hashes, write_bundle

FOLDER = VECTORS / "tlog-tiles"
KEY = read_verifier_key("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
SIZES = range(16)
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the vectors tlog-tiles are not here: nothing was compared")


def accept_any(leaf: bytes) -> object:
    """Accept leaves that are not ours."""
    return leaf


def leaves() -> list[bytes]:
    bundle = TileAddress(level=None, number=0, width=15)
    return read_bundle((FOLDER / bundle.name).read_bytes(), 15)


@pytest.mark.parametrize("size", SIZES)
def test_the_root_over_their_entries_is_the_one_they_signed(size: int) -> None:
    checkpoint = open_checkpoint((FOLDER / f"checkpoint.{size}").read_bytes(), KEY)
    assert checkpoint.size == size
    assert Frontier().extended(map(leaf_hash, leaves()[:size])).root() == checkpoint.root


@pytest.mark.parametrize("size", SIZES[1:])
def test_their_tiles_and_bundles_are_ours_byte_for_byte(size: int) -> None:
    tile = TileAddress(level=0, number=0, width=size)
    bundle = TileAddress(level=None, number=0, width=size)
    assert (FOLDER / tile.name).read_bytes() == b"".join(map(leaf_hash, leaves()[:size]))
    assert (FOLDER / bundle.name).read_bytes() == write_bundle(leaves()[:size])


@pytest.mark.parametrize("old", SIZES[1:])
def test_each_of_their_checkpoints_is_proved_to_begin_the_next(old: int) -> None:
    log = DirectoryLog(root=FOLDER)
    for new in range(old, 16):
        old_root, new_root = (
            open_checkpoint((FOLDER / f"checkpoint.{size}").read_bytes(), KEY).root for size in (old, new)
        )
        path = consistency_proof(TileNodes(log=log, size=new), old, new)
        verify_consistency(old=old, new=new, path=path, old_root=old_root, new_root=new_root)


def test_their_whole_log_is_found_intact_against_each_of_its_checkpoints() -> None:
    for size in SIZES:
        known = open_checkpoint((FOLDER / f"checkpoint.{size}").read_bytes(), KEY)
        found = audit(DirectoryLog(root=FOLDER), KEY, known=known, read_leaf=accept_any)
        assert isinstance(found, Intact)
        assert found.size == open_checkpoint((FOLDER / "checkpoint").read_bytes(), KEY).size
        assert "LICENSE" in found.unchecked


def test_their_log_taken_back_to_an_earlier_size_is_noticed(tmp_path: Path) -> None:
    rolled_back = tmp_path / "log"
    (rolled_back / "tile/0/000.p").mkdir(parents=True)
    (rolled_back / "tile/entries/000.p").mkdir(parents=True)
    for name in ("tile/0/000.p/9", "tile/entries/000.p/9"):
        shutil.copy(FOLDER / name, rolled_back / name)
    shutil.copy(FOLDER / "checkpoint.9", rolled_back / "checkpoint")
    known = open_checkpoint((FOLDER / "checkpoint.12").read_bytes(), KEY)
    found = audit(DirectoryLog(root=rolled_back), KEY, known=known, read_leaf=accept_any)
    assert found == RolledBack(size=9, known_size=12)
    assert len(split_hashes((rolled_back / "tile/0/000.p/9").read_bytes())) == 9
