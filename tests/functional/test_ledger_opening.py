"""One field opened for an auditor: it holds where it should, and says nothing about any other."""

import dataclasses
from hashlib import sha256

import pytest
from tests.fakes.ledger import KEY, NOON, SIGNER, checkpoint_over, padding_leaves

from privity.errors import PrivityError
from privity.ledger.commitment import commit, field_key, key_identifier, opens
from privity.ledger.encoding import encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import Frontier, NotProved, inclusion_proof, leaf_hash
from privity.ledger.opening import Opening, read_opening, verify_opening, write_opening
from privity.ledger.proof import LogProof, write_proof

CASE_KEY = sha256(b"a case").digest()
EID = bytes(16)
VALUES: dict[str, str | bool | int] = {"state/1.status": "sealed", "state/1.urgent": False, "state/1.working_days": 20}
LEAF = encode(
    Entry(
        kind=EntryKind.PACK_SEALED,
        at=NOON,
        eid=EID,
        case=key_identifier(CASE_KEY),
        commitments={name: commit(CASE_KEY, EID, name, value) for name, value in VALUES.items()},
    )
)
LEAVES = [*padding_leaves(5), LEAF, *padding_leaves(2)]


class Nodes:
    """The nodes of the eight leaves, computed anew each time."""

    def node(self, height: int, number: int) -> bytes:
        first = number << height
        return Frontier().extended(map(leaf_hash, LEAVES[first : first + (1 << height)])).root()


PROOF = write_proof(
    LogProof(index=5, path=inclusion_proof(Nodes(), 5, 8), checkpoint=checkpoint_over(LEAVES, SIGNER), extra=LEAF)
)


def opening(name: str = "state/1.status") -> Opening:
    return Opening(field=name, value=VALUES[name], key=field_key(CASE_KEY, EID, name), proof=PROOF)


@pytest.mark.parametrize("name", VALUES)
def test_an_opening_holds_with_the_logs_key_alone(name: str) -> None:
    opened = verify_opening(read_opening(write_opening(opening(name))), KEY)
    assert (opened.index, opened.checkpoint.size, opened.entry.kind) == (5, 8, EntryKind.PACK_SEALED)


def test_no_other_value_no_other_field_and_no_other_key_holds() -> None:
    right = opening()
    for wrong in (
        dataclasses.replace(right, value="sent"),
        dataclasses.replace(right, value=None),
        dataclasses.replace(right, field="state/1.urgent"),
        dataclasses.replace(right, field="state/1.version"),
        dataclasses.replace(right, key=field_key(CASE_KEY, EID, "state/1.urgent")),
        dataclasses.replace(right, key=CASE_KEY),
    ):
        with pytest.raises(NotProved):
            verify_opening(wrong, KEY)


def test_the_key_of_one_field_opens_no_other_field_and_does_not_give_away_the_case() -> None:
    key = opening().key
    for name, value in VALUES.items():
        assert opens(key, name, value, commit(CASE_KEY, EID, name, value)) == (name == "state/1.status")
    assert key not in CASE_KEY
    assert key_identifier(key) != key_identifier(CASE_KEY)


def test_a_flipped_bit_anywhere_in_an_opening_is_noticed() -> None:
    content = write_opening(opening())
    for byte in range(len(content)):
        changed = bytearray(content)
        changed[byte] ^= 1
        with pytest.raises(PrivityError) as refusal:
            verify_opening(read_opening(bytes(changed)), KEY)
        assert refusal.value.exit_code == 1


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b"[" * 100_000, b'{"format":"privity/opening/v1"}', b"\xff"]
)
def test_what_is_no_opening_is_refused(content: bytes) -> None:
    with pytest.raises(NotProved):
        read_opening(content)
