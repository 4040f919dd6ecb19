"""Signed notes, checkpoints, cosignatures and travelling proofs, read strictly."""

from base64 import b64encode

import pytest
from tests.fakes.ledger import KEY, ORIGIN, SIGNER, example_leaves, memory_log

from privity.edge.seals.note_keys import (
    NoteKeyRefused,
    NoteSigningKey,
    NoteVerifierKey,
    read_signing_key,
    read_verifier_key,
)
from privity.ledger.checkpoint import (
    COSIGNATURE_V1,
    Checkpoint,
    NoteRefused,
    NoteSignature,
    open_checkpoint,
    open_note,
    read_body,
    read_note,
    sign_checkpoint,
    sign_note,
)
from privity.ledger.cosignature import vouched_at
from privity.ledger.merkle import NotProved, inclusion_proof, leaf_hash
from privity.ledger.proof import LogProof, read_proof, verify_proof, write_proof
from privity.ledger.tiles import CHECKPOINT, TileNodes

# The example of the Go checksum database's own tests (golang.org/x/mod, BSD-3-Clause).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_SIGNS = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
ENOCH_SIGNS = "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
BY_PETER = f"— PeterNeumann {PETER_SIGNS}\n"
BY_ENOCH = f"— EnochRoot {ENOCH_SIGNS}\n"
# The example of C2SP tlog-cosignature.
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501  the example as it stands
EXAMPLE_ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def note(*lines: str, text: str = TEXT) -> bytes:
    return (text + "\n" + "".join(lines)).encode()


def test_the_example_note_is_signed_byte_for_byte() -> None:
    assert sign_note(TEXT, [read_signing_key(PETER_SECRET)]) == note(BY_PETER)


def test_a_note_is_opened_by_any_key_that_signed_it_and_by_no_other() -> None:
    peter, enoch = read_verifier_key(PETER), read_verifier_key(ENOCH)
    for known in ([peter], [enoch], [peter, enoch]):
        assert open_note(note(BY_PETER, BY_ENOCH), known).text == TEXT
    for known in ([], [enoch]):
        with pytest.raises(NoteRefused):
            open_note(note(BY_PETER), known)


def test_a_signature_by_an_unknown_key_is_ignored_even_where_it_shares_a_name_or_an_id() -> None:
    stranger = BY_ENOCH.replace("EnochRoot", "PeterNeumann")
    same_id = BY_PETER.replace("PeterNeumann", "CarmenSandiego")
    assert open_note(note(BY_PETER, stranger, same_id), [read_verifier_key(PETER)]).text == TEXT
    with pytest.raises(NoteRefused):
        open_note(note(same_id), [read_verifier_key(PETER)])


@pytest.mark.parametrize(
    "lines",
    [(BY_PETER.replace("ZJku", "ZJkv"),), (BY_PETER, BY_PETER), (BY_ENOCH, BY_PETER.replace("ZJku", "ZJkv"))],
    ids=["broken", "twice", "one-broken"],
)
def test_a_known_signature_that_does_not_hold_spoils_the_note(lines: tuple[str, ...]) -> None:
    with pytest.raises(NoteRefused):
        open_note(note(*lines), [read_verifier_key(PETER), read_verifier_key(ENOCH)])


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        note(),
        note(BY_PETER[:-1]),
        b"\x01" + note(BY_PETER),
        b"\xff" + note(BY_PETER),
        note(BY_PETER.replace("PeterNeumann", "Bad Name")),
        note(BY_PETER.replace("PeterNeumann", "Bad\u2003Name")),
        note(BY_PETER.replace("PeterNeumann", "Bad+Name")),
        note(BY_PETER, "Unexpected line.\n"),
        note(BY_PETER.replace("\n", "\r\n")),
        note(BY_PETER.replace("M=\n", "N=\n")),
        note(BY_PETER.replace("M=\n", "M\n")),
        note(BY_PETER.replace("— ", "- ")),
        note("— PeterNeumann x08gow==\n"),
        note(*[BY_PETER] * 101),
        b"a" * 1_000_001,
    ],
    ids=range(16),
)
def test_a_malformed_note_is_refused(content: bytes) -> None:
    with pytest.raises(NoteRefused):
        open_note(content, [read_verifier_key(PETER)])


def test_a_blank_line_inside_the_text_is_part_of_it() -> None:
    text = "one\n\ntwo\n"
    assert open_note(sign_note(text, [SIGNER]), [KEY]).text == text


def test_every_cut_of_a_key_and_every_changed_letter_is_refused() -> None:
    for read, text in ((read_verifier_key, PETER), (read_signing_key, PETER_SECRET)):
        for start in range(len(text) + 1):
            for stop in range(start, len(text) + (start > 0)):
                with pytest.raises(NoteKeyRefused):
                    read(text[start:stop])
        for at in range(len(text)):
            with pytest.raises(NoteKeyRefused):
                read(text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    ids=["length", "type"],
)
def test_a_key_of_unknown_length_or_type_is_refused(text: str) -> None:
    with pytest.raises(NoteKeyRefused):
        read_verifier_key(text)


def test_keys_are_written_as_they_are_read_and_a_secret_never_shows_itself() -> None:
    assert str(read_verifier_key(PETER)) == PETER
    secret = read_signing_key(PETER_SECRET)
    assert secret.guarded_text() == PETER_SECRET
    assert str(secret.verifier) == PETER
    for shown in (repr(secret), str(secret), f"{secret!r:>5}"):
        assert b64encode(secret.seed).decode()[:10] not in shown
        assert repr(secret.seed)[2:10] not in shown


def test_the_example_checkpoint_is_read() -> None:
    checkpoint = read_body(read_note(COSIGNED.encode()).text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert b64encode(checkpoint.root).decode() == EXAMPLE_ROOT
    assert bytes(read_note(COSIGNED.encode())) == COSIGNED.encode()


@pytest.mark.parametrize(
    "body",
    [
        "Head\n9944\n",
        f"\n9944\n{EXAMPLE_ROOT}\n",
        f"Log\n123\n{EXAMPLE_ROOT}",
        *(
            f"Log\n{size}\n{EXAMPLE_ROOT}\n"
            for size in (
                "bananas",
                "-34",
                "+5",
                "1_0",
                "007",
                "٥",
                "",
                " 5",
                "5 ",
                "1e3",
                "34389457389457398457",
            )
        ),
        "Log\n123\nThisIsn'tBase64\n",
        "Log\n123\nYmFuYW5hcw==\n",
        f"Log\n123\n{EXAMPLE_ROOT[:-2]}J=\n",
        f"Log\n123\n{EXAMPLE_ROOT}\n\n",
        f"Log\n123\n{EXAMPLE_ROOT}\nextension\n\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteRefused):
        read_body(body)


def test_extension_lines_of_others_are_read_and_kept() -> None:
    body = f"Moon Log\n4027504\n{EXAMPLE_ROOT}\n6086d1a9\nWaxing gibbous\n"
    checkpoint = read_body(body)
    assert checkpoint.extensions == ("6086d1a9", "Waxing gibbous")
    assert checkpoint.body == body


def test_a_line_separator_of_unicode_is_no_new_line() -> None:
    assert read_body(f"Log\u2028x\n1\n{EXAMPLE_ROOT}\n").origin == "Log\u2028x"


def test_a_checkpoint_of_another_origin_is_refused_though_the_key_signed_it() -> None:
    other = Checkpoint(origin="privity.example/ledger/ffffffff", size=0, root=bytes(32))
    with pytest.raises(NoteRefused):
        open_checkpoint(sign_checkpoint(other, [SIGNER]), KEY)


def test_both_keys_may_sign_while_one_replaces_the_other() -> None:
    newer = NoteSigningKey(name=ORIGIN, seed=bytes(32))
    signed = sign_checkpoint(Checkpoint(origin=ORIGIN, size=0, root=bytes(32)), [SIGNER, newer])
    assert open_checkpoint(signed, KEY) == open_checkpoint(signed, newer.verifier)


def cosigned(moment: int) -> tuple[bytes, NoteVerifierKey]:
    """Return a checkpoint cosigned at `moment`, and the witness's key."""
    secret = NoteSigningKey(name="witness.example/w1", seed=bytes(31) + b"w")
    witness = NoteVerifierKey(name=secret.name, public_key=secret.verifier.public_key, algorithm=COSIGNATURE_V1)
    checkpoint = Checkpoint(origin=ORIGIN, size=7, root=bytes(32))
    message = f"cosignature/v1\ntime {moment}\n{checkpoint.body}".encode()
    line = NoteSignature(
        name=witness.name, key_id=witness.key_id, signature=moment.to_bytes(8, "big") + secret.sign(message)
    )
    return sign_checkpoint(checkpoint, [SIGNER]) + line.line.encode(), witness


def test_a_cosignature_says_when_the_witness_saw_the_log() -> None:
    signed, witness = cosigned(1679315147)
    assert vouched_at(read_note(signed), witness) == 1679315147
    assert open_checkpoint(signed, KEY).size == 7
    example = read_note(COSIGNED.encode()).signatures[1]
    assert int.from_bytes(example.signature[:8], "big") == 1679315147
    assert len(example.signature) == 72


def test_a_cosignature_does_not_hold_for_another_time_or_another_tree() -> None:
    signed, witness = cosigned(1679315147)
    found = read_note(signed)
    own, other = found.signatures
    later = NoteSignature(
        name=other.name, key_id=other.key_id, signature=(1679315148).to_bytes(8, "big") + other.signature[8:]
    )
    for text, line in ((found.text, later), (found.text.replace("\n7\n", "\n8\n"), other)):
        with pytest.raises(NoteRefused):
            vouched_at(type(found)(text=text, signatures=(own, line)), witness)
    assert vouched_at(type(found)(text=found.text, signatures=(own,)), witness) is None


def travelling(index: int, size: int, extra: bytes | None = None) -> tuple[LogProof, bytes]:
    leaves = example_leaves(size)
    log = memory_log(leaves)
    path = inclusion_proof(TileNodes(log=log, size=size), index, size)
    return LogProof(index=index, path=path, checkpoint=log.files[CHECKPOINT], extra=extra), leaves[index]


@pytest.mark.parametrize(("index", "size", "extra"), [(0, 1, None), (3, 7, b"extra"), (300, 301, b"")])
def test_a_proof_travels_and_is_verified_with_nothing_but_the_leaf_and_the_key(
    index: int, size: int, extra: bytes | None
) -> None:
    proof, leaf = travelling(index, size, extra)
    arrived = read_proof(write_proof(proof))
    assert arrived == proof
    assert verify_proof(arrived, leaf=leaf, log=KEY).size == size
    with pytest.raises(NotProved):
        verify_proof(arrived, leaf=leaf + b" ", log=KEY)
    with pytest.raises(NoteRefused):
        verify_proof(arrived, leaf=leaf, log=read_verifier_key(PETER))


def test_no_changed_bit_of_a_proof_is_accepted_but_in_the_line_nobody_signed() -> None:
    proof, leaf = travelling(2, 5)
    document = write_proof(proof)
    for place in range(len(document) * 8):
        changed = bytearray(document)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((NotProved, NoteRefused)):
            verify_proof(read_proof(bytes(changed)), leaf=leaf, log=KEY)


@pytest.mark.parametrize(
    "above",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v2\nindex 0",
        "c2sp.org/tlog-proof@v1\nindex 00",
        "c2sp.org/tlog-proof@v1\nindex -1",
        "c2sp.org/tlog-proof@v1\nindex 99999999999999999999",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==",
        "c2sp.org/tlog-proof@v1\nextra AB==\nindex 0",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA",
        "c2sp.org/tlog-proof@v1\nindex ٠",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "\n".join([b64encode(leaf_hash(b"")).decode()] * 64),
    ],
)
def test_a_malformed_proof_is_refused(above: str) -> None:
    with pytest.raises(NotProved):
        read_proof(above.encode() + b"\n\n" + memory_log([]).files[CHECKPOINT])
