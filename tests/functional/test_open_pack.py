"""`privity open`, as a requester runs it: everything is checked first, and only then is anything shown."""

import argparse
import io
import json
import os
import stat
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.fakes.certificates import enrolment, machine, seal_for_program, seal_for_requester
from tests.fakes.ledger import KEY, SIGNER, checkpoint_over, example_leaves
from tests.fakes.packs import CANARIES, CASE, HOME_OFFICE, disclosed_pack

from privity.casework.ports import Outgoing
from privity.disclosure.renderings import answer_json
from privity.edge.commands import open_pack
from privity.edge.seals.key_files import write_certificate, write_key
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.transports.spool import Spool
from privity.edge.transports.travelling import with_proof
from privity.errors import PrivityError
from privity.ledger.encoding import encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import leaf_hash
from privity.ledger.proof import LogProof, read_proof, write_proof

SHOWN, NOT_SO, WRONG_USAGE, UNREADABLE = 0, 1, 2, 3


def proof_of(sealed: bytes, *, kind: EntryKind = EntryKind.PACK_SEALED, signer: NoteSigningKey = SIGNER) -> bytes:
    """Return the proof that the second entry of a log of two tells of a sealed pack."""
    leaf = encode(
        Entry(
            kind=kind,
            at=datetime(2017, 3, 1, 12, tzinfo=UTC),
            eid=bytes(16),
            facts={"pack_digest": sha256(sealed).hexdigest()},
        )
    )
    leaves = [*example_leaves(1), leaf]
    return write_proof(
        LogProof(
            index=1,
            path=(leaf_hash(leaves[0]),),
            checkpoint=checkpoint_over(leaves, signer),
            extra=leaf,
        )
    )


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """One sealed pack for the whole module."""
    return seal_for_requester(disclosed_pack())


@pytest.fixture
def desk(tmp_path: Path, sealed: bytes) -> Path:
    """A requester's own folder `mine`, and the spool's `home-office` with a pack and its proof."""
    mine = tmp_path / "mine"
    write_key(mine / "key.pem", enrolment().requester.key)
    write_certificate(mine / "certificate.pem", enrolment().requester.certificate)
    write_certificate(mine / "custodian-ca.pem", enrolment().custodian_authority.certificate)
    (mine / "ledger-key.pub").write_text(f"{KEY}\n")
    Spool(tmp_path).send(
        Outgoing(
            case=CASE,
            organisation=HOME_OFFICE,
            sha256=sha256(sealed).hexdigest(),
            sealed=sealed,
            proof=proof_of(sealed).decode(),
        )
    )
    return tmp_path


def pack_in(desk: Path) -> Path:
    return next((desk / "home-office").glob("*.eml"))


def proof_in(desk: Path) -> Path:
    return pack_in(desk).with_suffix(".tlog-proof")


def opening(desk: Path, *words: str | Path) -> tuple[int, str, str]:
    """Run the command in this process; return exit code, what was shown and what was said."""
    parser = argparse.ArgumentParser()
    open_pack.configure(parser)
    shown = io.StringIO()
    given = [str(pack_in(desk)), "--key", str(desk / "mine/key.pem"), *map(str, words)]
    with redirect_stdout(shown):
        try:
            return open_pack.run(parser.parse_args(given)), shown.getvalue(), ""
        except PrivityError as refusal:
            return refusal.exit_code, shown.getvalue(), str(refusal)


def test_a_pack_from_the_spool_opens_with_nothing_but_the_key(desk: Path) -> None:
    code, shown, _ = opening(desk)
    assert code == SHOWN
    assert "entry 1, under a checkpoint of 2" in shown
    assert "Signed by CN=Custodian" in shown
    assert sha256(pack_in(desk).read_bytes()).hexdigest() in shown
    assert "Xylophanta Quetzalberg" in shown
    assert "Flat 9, 41 Zzyzx Terrace, Quxbury, QX1 4ZZ" in shown


def test_for_programs_there_is_one_object_and_the_answer_is_the_one_that_was_signed(desk: Path) -> None:
    code, shown, _ = opening(desk, "--json")
    found = json.loads(shown)
    assert code == SHOWN
    assert found["answer"] == json.loads(answer_json(disclosed_pack()))
    assert found["proof"] == {"index": 1, "origin": KEY.name, "size": 2}
    assert found["signed_at"] == "2017-03-01T12:30:15Z"


def test_everything_may_be_given_by_hand(desk: Path) -> None:
    mine = desk / "mine"
    for name, away in (("custodian-ca.pem", "a"), ("ledger-key.pub", "b"), ("certificate.pem", "c")):
        (mine / name).rename(desk / away)
    proof_in(desk).rename(desk / "d")
    code, shown, _ = opening(
        desk, *("--ca", desk / "a", "--ledger-key", str(KEY), "--cert", desk / "c", "--proof", desk / "d")
    )
    assert (code, "Xylophanta" in shown) == (SHOWN, True)


def test_without_a_proof_nothing_opens_unless_that_is_said_and_then_it_is_told(desk: Path) -> None:
    proof_in(desk).unlink()
    code, shown, said = opening(desk)
    assert (code, shown) == (WRONG_USAGE, "")
    assert "`--without-proof`" in said
    code, shown, _ = opening(desk, "--without-proof")
    assert code == SHOWN
    assert shown.startswith("NOT CHECKED against the ledger")
    assert json.loads(opening(desk, "--without-proof", "--json")[1])["proof"] is None


@pytest.mark.parametrize(("missing", "option"), [("custodian-ca.pem", "--ca"), ("ledger-key.pub", "--ledger-key")])
def test_whom_to_trust_is_never_taken_from_beside_the_pack(desk: Path, missing: str, option: str) -> None:
    (desk / "mine" / missing).rename(desk / "home-office" / missing)
    code, shown, said = opening(desk)
    assert (code, shown) == (WRONG_USAGE, "")
    assert option in said


def spoiled_pack(desk: Path) -> None:
    changed = bytearray(pack_in(desk).read_bytes())
    # A letter that stays a letter: a broken line or sign would not be a spoiled pack, but no pack at all (exit 3).
    middle = next(place for place in range(len(changed) // 2, len(changed)) if changed[place] in b"BCDEFG")
    changed[middle] ^= 1
    pack_in(desk).write_bytes(changed)


def proof_of_another_pack(desk: Path) -> None:
    proof_in(desk).write_bytes(proof_of(b"another pack"))


def proof_of_an_intent_only(desk: Path) -> None:
    proof_in(desk).write_bytes(proof_of(pack_in(desk).read_bytes(), kind=EntryKind.DISCLOSURE_INTENDED))


def proof_of_another_log(desk: Path) -> None:
    forger = NoteSigningKey(name=SIGNER.name, seed=bytes(32))
    proof_in(desk).write_bytes(proof_of(pack_in(desk).read_bytes(), signer=forger))


def proof_with_another_entry(desk: Path) -> None:
    honest = read_proof(proof_of(b"another pack"))
    right = read_proof(proof_in(desk).read_bytes())
    swapped = LogProof(index=honest.index, path=honest.path, checkpoint=honest.checkpoint, extra=right.extra)
    proof_in(desk).write_bytes(write_proof(swapped))


def proof_without_an_entry(desk: Path) -> None:
    right = read_proof(proof_in(desk).read_bytes())
    bare = LogProof(index=right.index, path=right.path, checkpoint=right.checkpoint)
    proof_in(desk).write_bytes(write_proof(bare))


def somebody_elses_key(desk: Path) -> None:
    (desk / "mine/key.pem").unlink()
    (desk / "mine/certificate.pem").unlink()
    write_key(desk / "mine/key.pem", enrolment().stranger.key)


def another_authority(desk: Path) -> None:
    write_certificate(desk / "mine/custodian-ca.pem", enrolment().requester_authority.certificate)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoiled_pack, "not about this pack"),
        (proof_of_another_pack, "not about this pack"),
        (proof_of_an_intent_only, "not about this pack"),
        (proof_without_an_entry, "not about this pack"),
        (proof_of_another_log, "no signature on it is by"),
        (proof_with_another_entry, "the proof was not accepted"),
        (somebody_elses_key, "this key does not open it"),
        (another_authority, "does not vouch"),
    ],
)
def test_whatever_does_not_hold_shows_not_a_byte_and_exits_with_one(desk: Path, spoil: object, words: str) -> None:
    assert callable(spoil)
    spoil(desk)
    code, shown, said = opening(desk)
    assert (code, shown) == (NOT_SO, "")
    assert words in said
    assert not [canary for canary in CANARIES if canary in said]


def test_every_byte_of_the_proof_that_is_checked_counts(desk: Path) -> None:
    right = proof_in(desk).read_bytes()
    checkpoint_signature = right.rindex("— ".encode())
    for place in range(0, checkpoint_signature, 7):
        changed = bytearray(right)
        changed[place] ^= 1
        proof_in(desk).write_bytes(changed)
        code, shown, _ = opening(desk)
        assert (code, shown) == (NOT_SO, ""), f"byte {place} of the proof"


@pytest.mark.parametrize(
    ("which", "content", "code"),
    [
        ("pack", b"Subject: lunch\r\n\r\nat one?", UNREADABLE),
        ("pack", b"", UNREADABLE),
        ("mine/key.pem", b"not a key", WRONG_USAGE),
        ("mine/custodian-ca.pem", b"not a certificate", WRONG_USAGE),
        ("mine/ledger-key.pub", b"\xff\xfe", WRONG_USAGE),
    ],
)
def test_what_cannot_be_read_is_told_apart_from_what_does_not_hold(
    desk: Path, which: str, content: bytes, code: int
) -> None:
    (pack_in(desk) if which == "pack" else desk / which).write_bytes(content)
    found, shown, said = opening(desk)
    assert (found, shown) == (code, "")
    assert said


def test_a_file_that_is_not_there_is_unavailable(desk: Path) -> None:
    (desk / "mine/key.pem").unlink()
    assert opening(desk)[0] == UNREADABLE
    assert opening(desk, "--proof", desk / "none")[0] == UNREADABLE


def test_a_key_is_written_for_its_owner_alone_and_never_overwritten(desk: Path) -> None:
    key = desk / "mine/key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    with pytest.raises(PrivityError, match="never overwritten"):
        write_key(key, enrolment().stranger.key)
    assert key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_it_runs_without_django_and_starts_soon(desk: Path) -> None:
    code = (
        "import sys; from argparse import ArgumentParser as P; from privity.edge.commands import open_pack as o; "
        "p = P(); o.configure(p); o.run(p.parse_args(sys.argv[1:])); assert 'django' not in sys.modules"
    )
    before = os.times()
    ran = subprocess.run(
        [sys.executable, "-c", code, str(pack_in(desk)), "--key", str(desk / "mine/key.pem")],
        capture_output=True,
        check=False,
        timeout=30,
    )
    after = os.times()
    assert ran.returncode == 0, ran.stderr.decode()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent < 1, "0.4 s of processor is promised; this much more is a library that does not belong there"


def test_a_proof_that_came_in_the_header_will_do_and_is_checked_like_any_other(desk: Path, sealed: bytes) -> None:
    proof = proof_in(desk).read_bytes()
    proof_in(desk).unlink()
    pack = pack_in(desk)
    pack.write_bytes(b"From: custodian@example.org\r\n" + with_proof(sealed, proof.decode()))
    code, shown, _ = opening(desk)
    assert (code, "entry 1, under a checkpoint of 2" in shown) == (SHOWN, True)
    pack.write_bytes(with_proof(sealed, proof.decode().replace("index 1", "index 0")))
    code, shown, _ = opening(desk)
    assert (code, shown) == (NOT_SO, "")


def test_a_pack_for_programs_opens_with_the_key_on_a_curve(desk: Path) -> None:
    sealed = seal_for_program(disclosed_pack())
    pack = pack_in(desk)
    pack.write_bytes(sealed)
    proof_in(desk).write_bytes(proof_of(sealed))
    (desk / "mine" / "key.pem").unlink()
    write_key(desk / "mine" / "key.pem", machine().key)
    write_certificate(desk / "mine" / "certificate.pem", machine().certificate)
    code, shown, _ = opening(desk)
    assert (code, "Xylophanta Quetzalberg" in shown) == (SHOWN, True)


def test_a_pdf_is_written_only_where_the_pack_has_one_and_never_over_another_file(desk: Path) -> None:
    target = desk / "answer.pdf"
    code, shown, said = opening(desk, "--pdf", target)
    assert (code, shown, "the pack carries none" in said, target.exists()) == (WRONG_USAGE, "", True, False)
    sealed = seal_for_program(disclosed_pack(), certificates=[enrolment().requester.certificate], pdf=b"%PDF-1.7 x")
    pack_in(desk).write_bytes(sealed)
    proof_in(desk).write_bytes(proof_of(sealed))
    assert opening(desk, "--pdf", target)[0] == SHOWN
    assert target.read_bytes() == b"%PDF-1.7 x"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert opening(desk, "--pdf", target)[0] == WRONG_USAGE
