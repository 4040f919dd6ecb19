"""Witnesses: they vouch for what continues, refuse what does not, and never hold anything up."""

import socket
import time

import pytest
from tests.fakes.ledger import KEY, ORIGIN, SIGNER, checkpoint_over, memory_log, padding_leaves
from tests.fakes.witness import Serving, StrictWitness

from privity.edge.seals.cosigning import CosigningKey, read_cosigning_key
from privity.edge.seals.note_keys import NoteKeyRefused, NoteSigningKey, read_verifier_key
from privity.edge.tiles.witness import Asked, Witness, ask_witnesses
from privity.ledger.checkpoint import COSIGNATURE_V1, NoteRefused, open_checkpoint, read_note
from privity.ledger.cosignature import COSIGNATURE_ML_DSA_44, cosign, cosigned_message, vouched_at
from privity.ledger.merkle import Hash, consistency_proof
from privity.ledger.tiles import TileNodes

LEAVES = padding_leaves(40)
OLD_KEY = CosigningKey(name="witness.example/w1", seed=b"w" * 32, algorithm=COSIGNATURE_V1)
NEW_KEY = CosigningKey(name="witness.example/w2", seed=b"v" * 32, algorithm=COSIGNATURE_ML_DSA_44)


def prove(old: int, new: int) -> tuple[Hash, ...]:
    return consistency_proof(TileNodes(log=memory_log(LEAVES[:new]), size=new), old, new)


def ask(serving: Serving, key: CosigningKey, size: int, *, seen: int = 0, note: bytes | None = None) -> Asked:
    witness = Witness(name="W", key=key.verifier, url=serving.url)
    return ask_witnesses(note or checkpoint_over(LEAVES[:size]), [witness], prove, seen=seen, patience=2)


@pytest.mark.parametrize("key", [OLD_KEY, NEW_KEY], ids=["ed25519", "ml-dsa-44"])
def test_a_witness_vouches_for_a_log_that_grows_and_its_line_stands_on_the_note(key: CosigningKey) -> None:
    witness = StrictWitness(log=KEY, key=key, clock=1_700_000_000)
    with Serving(witness) as serving:
        for size, seen in ((10, 0), (25, 10), (25, 25), (40, 25)):
            asked = ask(serving, key, size, seen=seen)
            assert asked.vouched == {"W": 1_700_000_000}
            assert open_checkpoint(asked.note, KEY).size == size
            assert vouched_at(read_note(asked.note), key.verifier) == 1_700_000_000
    assert witness.answers == [200] * 4


def test_a_witness_that_has_seen_another_size_is_asked_again_from_there() -> None:
    witness = StrictWitness(log=KEY, key=OLD_KEY)
    with Serving(witness) as serving:
        ask(serving, OLD_KEY, 10)
        assert ask(serving, OLD_KEY, 30, seen=0).vouched
        assert ask(serving, OLD_KEY, 40, seen=17).vouched
    assert witness.answers == [200, 409, 200, 409, 200]


def test_a_fork_and_a_rollback_are_not_vouched_for_and_are_kept_as_evidence() -> None:
    witness = StrictWitness(log=KEY, key=OLD_KEY)
    forked = checkpoint_over(padding_leaves(19) + LEAVES[30:])
    with Serving(witness) as serving:
        ask(serving, OLD_KEY, 20)
        assert not ask(serving, OLD_KEY, 29, seen=20, note=forked).vouched
        back = ask(serving, OLD_KEY, 12)
        assert "evidence" in back.missing["W"]
        same = checkpoint_over([*LEAVES[:19], LEAVES[30]])
        assert not ask(serving, OLD_KEY, 20, seen=20, note=same).vouched
        assert ask(serving, OLD_KEY, 20, seen=20).vouched
    assert witness.answers == [200, 422, 409, 409, 200]
    assert len(witness.evidence) == 2


def test_a_log_the_witness_does_not_know_or_another_key_is_refused() -> None:
    stranger = NoteSigningKey(name=ORIGIN, seed=b"s" * 32)
    witness = StrictWitness(log=KEY, key=OLD_KEY)
    with Serving(witness) as serving:
        assert "403" in ask(serving, OLD_KEY, 5, note=checkpoint_over(LEAVES[:5], stranger)).missing["W"]
        elsewhere = NoteSigningKey(name="elsewhere.example/log", seed=b"s" * 32)
        assert "404" in ask(serving, OLD_KEY, 5, note=checkpoint_over(LEAVES[:5], elsewhere)).missing["W"]


def test_the_line_of_another_key_is_not_taken_for_the_witness() -> None:
    impostor = CosigningKey(name=OLD_KEY.name, seed=b"i" * 32, algorithm=COSIGNATURE_V1)
    with Serving(StrictWitness(log=KEY, key=impostor)) as serving:
        asked = ask(serving, OLD_KEY, 10)
    assert not asked.vouched
    assert asked.note == checkpoint_over(LEAVES[:10])


def test_a_witness_that_is_away_or_silent_costs_its_patience_and_nothing_else() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        note = checkpoint_over(LEAVES)
        for url in (f"http://127.0.0.1:{silent.getsockname()[1]}", "http://127.0.0.1:1", "ftp://example", "nonsense"):
            started = time.perf_counter()
            asked = ask_witnesses(note, [Witness(name="W", key=OLD_KEY.verifier, url=url)], prove, seen=0, patience=0.3)
            assert time.perf_counter() - started < 2
            assert (asked.note, list(asked.missing)) == (note, ["W"])


def test_a_cosignature_is_over_moment_name_origin_size_and_root() -> None:
    note = read_note(checkpoint_over(LEAVES))
    for key in (OLD_KEY, NEW_KEY):
        line = cosign(note.text, key, moment=7)
        assert line.key_id == key.key_id
        for text, moment in ((note.text.replace("40", "41"), 7), (note.text, 8)):
            message = cosigned_message(text, algorithm=key.algorithm, name=key.name, moment=moment)
            assert not key.verifier.verifies(message, line.signature[8:])
    renamed = cosigned_message(note.text, algorithm=COSIGNATURE_ML_DSA_44, name="another", moment=7)
    assert not NEW_KEY.verifier.verifies(renamed, cosign(note.text, NEW_KEY, moment=7).signature[8:])


def test_a_cosignature_says_when_the_witness_vouched_and_holds_for_no_other_tree() -> None:
    note = read_note(checkpoint_over(LEAVES))
    with_line = read_note(bytes(note) + cosign(note.text, OLD_KEY, moment=1_679_315_147).line.encode())
    assert vouched_at(with_line, OLD_KEY.verifier) == 1_679_315_147
    assert vouched_at(note, OLD_KEY.verifier) is None
    broken = bytes(with_line).replace(b"\n40\n", b"\n41\n")
    with pytest.raises(NoteRefused):
        vouched_at(read_note(broken), OLD_KEY.verifier)


def test_the_ml_dsa_message_is_laid_out_as_the_specification_says() -> None:
    text = "o.example\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    message = cosigned_message(text, algorithm=COSIGNATURE_ML_DSA_44, name="w", moment=258)
    assert message == (
        b"subtree/v1\n\x00\x01w\0\0\0\0\0\0\x01\x02\x09o.example" + bytes(8) + b"\0\0\0\0\0\0\0\x05" + bytes(32)
    )


@pytest.mark.parametrize("key", [OLD_KEY, NEW_KEY], ids=["ed25519", "ml-dsa-44"])
def test_the_texts_of_cosigning_keys_are_read_back_and_never_shown(key: CosigningKey) -> None:
    assert read_cosigning_key(key.guarded_text()) == key
    assert read_verifier_key(str(key.verifier)) == key.verifier
    assert key.seed.hex() not in repr(key)
    with pytest.raises(NoteKeyRefused):
        read_cosigning_key(SIGNER.guarded_text())
