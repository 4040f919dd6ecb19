"""Rewritten histories, signed with the log's own key: the log itself looks whole, and an outside checkpoint tells."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.fakes.ledger import KEY, MemoryLog, checkpoint_over, example_leaves, memory_log, padding_leaves
from tests.functional.test_ledger_verify import Flip, every_byte

from privity.ledger import audit as auditing
from privity.ledger.audit import Altered, Forked, Intact, LeafReader, RolledBack, audit
from privity.ledger.checkpoint import open_checkpoint
from privity.ledger.familiar import FamiliarLeaves
from privity.ledger.merkle import Frontier, full_root, leaf_hash
from privity.ledger.tiles import CHECKPOINT, TILE_WIDTH, leaf_hashes, split_bundle

SIZE, SEEN = 600, 450
LEAVES = padding_leaves(SIZE)
SPARE = example_leaves(25)  # of the same hour: an entry of another would be noticed by itself
HISTORIES = 1_000


def rewritten(rng: random.Random) -> tuple[list[bytes], type]:
    """Return a history that differs from the one seen outside, and what an outsider must call it."""
    leaves = list(LEAVES)
    match rng.randrange(6):
        case 0:  # one entry becomes another
            leaves[rng.randrange(SEEN)] = rng.choice(SPARE)
        case 1:  # one is taken out, as many are put on at the end
            del leaves[rng.randrange(SEEN)]
            leaves.append(rng.choice(SPARE))
        case 2:  # two change places
            one, other = rng.sample(range(SEEN), 2)
            leaves[one], leaves[other] = leaves[other], leaves[one]
        case 3:  # one is put in between
            leaves.insert(rng.randrange(SEEN), rng.choice(SPARE))
        case 4:  # cut short, and nothing said
            return leaves[: rng.randrange(SEEN)], RolledBack
        case _:  # cut short, and continued otherwise
            cut = rng.randrange(SEEN)
            return leaves[:cut] + rng.choices(SPARE, k=SIZE - cut), Forked
    return leaves, Forked


def test_a_thousand_rewrites_forks_and_rollbacks_are_all_caught_from_one_outside_checkpoint() -> None:
    rng = random.Random(7)
    outside = open_checkpoint(checkpoint_over(LEAVES[:SEEN]), KEY)
    assert isinstance(audit(memory_log(LEAVES), KEY, known=outside), Intact)
    missed = 0
    for number in range(HISTORIES):
        leaves, expected = rewritten(rng)
        root = Frontier().extended(map(leaf_hash, leaves[:SEEN])).root()
        # The whole walk every tenth time; between, the one comparison that catches it, so that a thousand fit into CI.
        if number % 10 == 0:
            log = memory_log(leaves)
            assert isinstance(audit(log, KEY), Intact), "a perfect forgery looks whole by itself"
            missed += not isinstance(audit(log, KEY, known=outside), expected)
        else:
            missed += root == outside.root
    assert missed == 0


def sampled(log: MemoryLog, count: int, rng: random.Random) -> Iterator[Flip]:
    flips = list(every_byte(log, SIZE))
    for flip in rng.choices(flips, k=count):
        yield Flip(name=flip.name, byte=flip.byte, bit=rng.randrange(8), index=flip.index)


# One reader for all: what it remembers is held to be what `decode` accepts by its own property test.
READER = FamiliarLeaves()


def assert_noticed(log: MemoryLog, flip: Flip, reader: LeafReader = READER) -> None:
    original = log.files[flip.name]
    log.files[flip.name] = flip.apply(original)
    found = audit(log, KEY, read_leaf=reader)
    log.files[flip.name] = original
    assert isinstance(found, Altered), flip
    if flip.name != CHECKPOINT:  # a broken checkpoint may state any size
        assert found.first_bad_index == flip.index, flip


def test_twenty_thousand_random_bits_of_six_hundred_entries_are_noticed_with_their_index() -> None:
    log = memory_log(LEAVES)
    for flip in sampled(log, 20_000, random.Random(20)):
        assert_noticed(log, flip)
    assert isinstance(audit(log, KEY, read_leaf=READER), Intact)


@contextmanager
def untouched_parts_kept(log: MemoryLog) -> Iterator[LeafReader]:
    """Have the verifier take from memory what it computes of parts that are as they were; yields its reader of leaves.

    What is kept are results of pure functions by what went into them, of the log as it is now. Anything else is worked
    out as ever and not kept. So each verdict is the one that the verifier comes to alone, several times sooner.
    """
    bundles = {content: split_bundle(content) for name, content in log.files.items() if "entries" in name}
    whole = {id(leaves): leaf_hashes(leaves) for leaves, _ in bundles.values()}
    hashes = {leaf: leaf_hash(leaf) for leaves, _ in bundles.values() for leaf in leaves}
    roots = {tuple(row): full_root(row) for row in whole.values() if len(row) == TILE_WIDTH}
    note = log.files[CHECKPOINT]
    checkpoint = open_checkpoint(note, KEY)

    def hashed(leaves: list[bytes]) -> list[bytes]:
        return whole.get(id(leaves)) or [hashes.get(leaf) or leaf_hash(leaf) for leaf in leaves]

    def read(leaf: bytes) -> None:
        if leaf not in hashes:
            READER(leaf)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(auditing, "split_bundle", lambda one: bundles.get(one) or split_bundle(one))
        patched.setattr(auditing, "leaf_hashes", hashed)
        patched.setattr(auditing, "full_root", lambda row: roots.get(tuple(row)) or full_root(row))
        patched.setattr(
            auditing, "open_checkpoint", lambda one, key: checkpoint if one == note else open_checkpoint(one, key)
        )
        yield read


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_every_single_bit_of_six_hundred_entries_is_noticed_with_its_index(part: int) -> None:
    """All of them, a half a test, so that two workers share them."""
    log = memory_log(LEAVES)
    count = 0
    with untouched_parts_kept(log) as reader:
        for flip in every_byte(log, SIZE):
            if flip.byte % 2 == part:
                for bit in range(8):
                    assert_noticed(log, Flip(name=flip.name, byte=flip.byte, bit=bit, index=flip.index), reader)
                    count += 1
        assert isinstance(audit(log, KEY, read_leaf=reader), Intact)
    assert count > 240_000


def test_a_verdict_with_untouched_parts_kept_is_the_one_without() -> None:
    log = memory_log(LEAVES)
    for flip in sampled(log, 300, random.Random(21)):
        original = log.files[flip.name]
        with untouched_parts_kept(log) as reader:
            log.files[flip.name] = flip.apply(original)
            sooner = audit(log, KEY, read_leaf=reader)
        assert sooner == audit(log, KEY, read_leaf=READER), flip
        log.files[flip.name] = original


def test_a_whole_log_cut_below_the_outside_checkpoint_is_a_rollback_and_not_an_alteration() -> None:
    outside = open_checkpoint(checkpoint_over(LEAVES[:SEEN]), KEY)
    found = audit(memory_log(LEAVES[: SEEN - 1]), KEY, known=outside)
    assert found == RolledBack(size=SEEN - 1, known_size=SEEN)
