"""Reading leaves fast accepts exactly what reading them strictly accepts, whatever was read before."""

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.ledger import NOON, example_leaves, padding_leaves

from privity.definitions.party import OrganisationId, Role
from privity.ledger.encoding import LeafRefused, decode, encode
from privity.ledger.entry import Entry, Fact
from privity.ledger.entry_kind import EntryKind
from privity.ledger.familiar import FamiliarLeaves

FACTS: tuple[tuple[EntryKind, dict[str, Fact]], ...] = (
    (EntryKind.PACK_SEALED, {"pack_digest": "cd" * 32, "pack_bytes": 7, "simulated": True}),
    (EntryKind.CASE_OPENED, {"due": "2017-03-29", "received": "2017-03-01", "batch": "ef" * 32}),
    (EntryKind.PURPOSE_DECIDED, {"agreed": False, "round": 1, "determinations": 2}),
)


def varied_leaves() -> list[bytes]:
    """Return leaves with every member there is, in several combinations."""
    full = [
        Entry(
            kind=kind,
            at=NOON.replace(hour=hour),
            eid=bytes([hour]) * 16,
            case="ab" * 32,
            organisation=OrganisationId("home-office"),
            role=Role.REQUESTING_OFFICER,
            agreement="home-office@2017-01",
            clauses=("2.1", "2.4"),
            outcome="approved",
            facts=facts,
            commitments={"state/1.status": "0" * 64, "state/1.version": "f" * 64},
        )
        for hour in (8, 9)
        for kind, facts in FACTS
    ]
    return [*map(encode, full), *example_leaves(3), *padding_leaves(3)]


LEAVES = varied_leaves()
CRAFTED = [
    (b'"v":1}', b'"v":2}'),
    (b'"v":1}', b'"v":true}'),
    (b'"v":1}', b'"v":1,"w":1}'),
    (b'"t":"pack.sealed"', b'"t":"case.opened"'),
    (b'"t":"case.opened"', b'"t":"ledger.padding"'),
    (b'"agreed":false', b'"agreed":0'),
    (b'"pack_bytes":7', b'"pack_bytes":-7'),
    (b'"pack_bytes":7', b'"pack_bytes":"7"'),
    (b'"due":"2017-03-29"', b'"due":"2017-02-30"'),
    (b'"clauses":["2.1","2.4"]', b'"clauses":["2.4","2.1"]'),
    (b'"clauses":["2.1","2.4"]', b'"clauses":["2.1","2.1"]'),
    (b'"clauses":["2.1","2.4"],', b'"clauses":[],'),
    (b"T08:00:00Z", b"T25:00:00Z"),
    (b"T08:00:00Z", b"T08:30:00Z"),
    (b'"org":"home-office"', b'"org":"Home Office"'),
    (b'"org":"home-office"', b'"org":"home\\u002doffice"'),
    (b'"state/1.status":"', b'"state/1.version":"'),
    (b'"state/1.status":"', b'"golden name.status":"'),
    (b'"cm":{', b'"cm":{"a":"b",'),
    (b'"eid":"', b'"eid":"AA'),
    (b"abababab", b"ABABABAB"),
    (b"cdcdcdcd", b"cdcdcdc "),
    (b",", b", "),
]


def accepted_by(read: object, leaf: bytes) -> bool:
    assert callable(read)
    try:
        read(leaf)
    except LeafRefused:
        return False
    return True


def warmed() -> FamiliarLeaves:
    """Return a reader that has met every leaf, so that it answers from memory wherever it can."""
    familiar = FamiliarLeaves()
    for leaf in LEAVES * 2:
        familiar(leaf)
    return familiar


WARM = warmed()


def test_what_is_no_entry_is_refused_however_familiar_its_parts_are() -> None:
    tried = 0
    for leaf in LEAVES:
        for old, new in CRAFTED:
            if old in leaf:
                changed = leaf.replace(old, new, 1)
                tried += 1
                assert accepted_by(WARM, changed) == accepted_by(decode, changed), changed
    assert tried > 100


def test_every_changed_bit_of_a_leaf_is_answered_alike() -> None:
    for leaf in LEAVES:
        for byte in range(len(leaf)):
            for bit in range(8):
                changed = bytearray(leaf)
                changed[byte] ^= 1 << bit
                assert accepted_by(WARM, bytes(changed)) == accepted_by(decode, bytes(changed)), bytes(changed)


@given(st.randoms(use_true_random=False), st.sampled_from(LEAVES), st.sampled_from(LEAVES))
def test_leaves_put_together_from_pieces_of_others_are_answered_alike(
    rng: random.Random, one: bytes, other: bytes
) -> None:
    pieces = [one, other]
    for _ in range(3):
        cut, paste = sorted(rng.choices(range(len(one)), k=2)), sorted(rng.choices(range(len(other)), k=2))
        pieces.append(one[: cut[0]] + other[slice(*paste)] + one[cut[1] :])
    members = one[1:-1].split(b",")
    rng.shuffle(members)
    pieces.append(b"{" + b",".join(members) + b"}")
    for piece in pieces:
        assert accepted_by(WARM, piece) == accepted_by(decode, piece), piece
