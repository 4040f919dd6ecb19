"""What a requester without Privity does: `openssl cms` opens a pack, and finds the same bytes in it."""

import shutil
import subprocess
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from tests.fakes.certificates import enrolment, machine, seal_for_program, seal_for_requester
from tests.fakes.packs import disclosed_pack

from privity.edge.seals.key_files import write_certificate, write_key
from privity.edge.seals.parts import PartKind, answer_parts, decompose

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl program is not on this machine")


def openssl(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the openssl program and return what became of it."""
    return subprocess.run([str(OPENSSL), *map(str, words)], capture_output=True, check=False, timeout=30)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A requester's folder: key, certificate, both authorities, and one sealed pack."""
    write_key(tmp_path / "key.pem", enrolment().requester.key)
    write_key(tmp_path / "other.pem", enrolment().stranger.key)
    write_certificate(tmp_path / "certificate.pem", enrolment().requester.certificate)
    write_certificate(tmp_path / "ca.pem", enrolment().custodian_authority.certificate)
    write_certificate(tmp_path / "wrong-ca.pem", enrolment().requester_authority.certificate)
    (tmp_path / "pack.eml").write_bytes(seal_for_requester(disclosed_pack()))
    return tmp_path


def decrypted(desk: Path, *, key: str = "key.pem") -> subprocess.CompletedProcess[bytes]:
    return openssl(
        *("cms", "-decrypt", "-in", desk / "pack.eml", "-recip", desk / "certificate.pem"),
        *("-inkey", desk / key, "-out", desk / "signed.eml"),
    )


def verified(desk: Path, *, authority: str = "ca.pem") -> subprocess.CompletedProcess[bytes]:
    return openssl(
        *("cms", "-verify", "-in", desk / "signed.eml", "-CAfile", desk / authority),
        *("-out", desk / "content.eml"),
    )


def test_openssl_opens_a_pack_and_its_content_is_identical(desk: Path) -> None:
    assert decrypted(desk).returncode == 0
    assert verified(desk).returncode == 0
    assert decompose((desk / "content.eml").read_bytes()) == answer_parts(disclosed_pack())


def test_a_mail_program_finds_a_plain_body_and_two_attachments_as_they_were_written(desk: Path) -> None:
    decrypted(desk)
    verified(desk)
    mail = message_from_bytes((desk / "content.eml").read_bytes(), policy=policy.default)
    text, *attachments = answer_parts(disclosed_pack())
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert body.get_content_type() == "text/plain"
    assert body.get_content().split() == text.content.decode().split()
    found = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert found == {part.kind.value: part.content for part in attachments}
    assert set(found) == {PartKind.JSON.value, PartKind.PAGE.value}


def test_openssl_agrees_that_the_wrong_key_and_the_wrong_authority_do_not_hold(desk: Path) -> None:
    # Now and then openssl decrypts to noise and calls it done: CBC alone cannot tell. The signature can.
    assert decrypted(desk, key="other.pem").returncode != 0 or verified(desk).returncode != 0
    assert decrypted(desk).returncode == 0
    assert verified(desk, authority="wrong-ca.pem").returncode != 0


def test_openssl_reads_the_moment_of_signing_that_the_seal_was_given(desk: Path) -> None:
    decrypted(desk)
    shown = openssl("cms", "-cmsout", "-print", "-in", desk / "signed.eml").stdout.decode()
    assert "Mar  1 12:30:15 2017 GMT" in shown


def test_a_pack_made_by_openssl_itself_from_our_signature_opens_the_same(desk: Path) -> None:
    decrypted(desk)
    again = openssl(
        *("cms", "-encrypt", "-aes-256-cbc", "-binary", "-in", desk / "signed.eml"),
        *("-out", desk / "again.eml", desk / "certificate.pem"),
    )
    assert again.returncode == 0
    shown = openssl(
        *("cms", "-cmsout", "-print", "-noout", "-in", desk / "again.eml"),
    ).stdout.decode()
    assert "aes-256-cbc" in shown


@pytest.mark.parametrize("kind", ["ecdh", "oaep"])
def test_openssl_opens_a_pack_for_programs_and_its_content_is_identical(tmp_path: Path, kind: str) -> None:
    holder = machine() if kind == "ecdh" else enrolment().requester
    write_key(tmp_path / "key.pem", holder.key)
    write_certificate(tmp_path / "certificate.pem", holder.certificate)
    write_certificate(tmp_path / "ca.pem", enrolment().custodian_authority.certificate)
    (tmp_path / "pack.eml").write_bytes(seal_for_program(disclosed_pack(), certificates=[holder.certificate]))
    assert decrypted(tmp_path).returncode == 0
    assert verified(tmp_path).returncode == 0
    assert decompose((tmp_path / "content.eml").read_bytes()) == answer_parts(disclosed_pack())


def test_openssl_finds_that_a_changed_pack_for_programs_does_not_hold(tmp_path: Path) -> None:
    write_key(tmp_path / "key.pem", machine().key)
    write_certificate(tmp_path / "certificate.pem", machine().certificate)
    sealed = bytearray(seal_for_program(disclosed_pack()))
    place = len(sealed) // 2
    sealed[place] = ord("A") if sealed[place] != ord("A") else ord("B")
    (tmp_path / "pack.eml").write_bytes(bytes(sealed))
    assert decrypted(tmp_path).returncode != 0
