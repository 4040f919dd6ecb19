"""Signed mail from requesters: both forms mail programs write, and nothing changed is believed."""

import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from tests.fakes.certificates import FIRST, LAST, READ_AT, enrolment, machine

from privity.destruction.certificate import LONGEST_STATEMENT, read_confirmation
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import write_certificate, write_key
from privity.edge.seals.statements import StatementRefused, read_signed_mail, statement_in
from privity.errors import Mistaken, PrivityError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program is not on this machine")
CONTENT = b'{"v": 1, "of": "a statement", "padding": "' + b"x" * 200 + b'"}\n'
FLIPS = 400


class Signed(NamedTuple):
    """One signed mail and who signed it."""

    mail: bytes
    certificate: x509.Certificate

    def read_by(self, *others: x509.Certificate) -> bytes:
        known = {fingerprint(one): one for one in (others or (self.certificate,))}
        return statement_in(read_signed_mail(self.mail, known, READ_AT).content)


@pytest.fixture(scope="module", params=["inside", "before"])
def signed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Signed:
    folder: Path = tmp_path_factory.mktemp("signed")
    holder = enrolment().requester_authority.issue_recipient("Signs", first=FIRST, last=LAST, for_signing=True)
    write_key(folder / "key.pem", holder.key)
    write_certificate(folder / "certificate.pem", holder.certificate)
    (folder / "destruction.json").write_bytes(CONTENT)
    words = ["openssl", "cms", "-sign", "-text", "-in", "destruction.json", "-signer", "certificate.pem"]
    form = ["-nodetach"] if request.param == "inside" else []
    subprocess.run([*words, *form, "-inkey", "key.pem", "-out", "out.eml"], cwd=folder, check=True, capture_output=True)
    return Signed((folder / "out.eml").read_bytes(), holder.certificate)


def test_what_an_enrolled_signer_signed_is_read(signed: Signed) -> None:
    assert signed.read_by().split() == CONTENT.split()


def test_line_ends_that_mail_changed_on_the_way_do_not_matter(signed: Signed) -> None:
    for mail in (signed.mail.replace(b"\r\n", b"\n"), signed.mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")):
        assert signed._replace(mail=mail).read_by().split() == CONTENT.split()


def test_a_signer_who_is_not_enrolled_says_nothing(signed: Signed) -> None:
    with pytest.raises(StatementRefused, match="two people enrolled"):
        signed.read_by(enrolment().requester.certificate, machine().certificate)
    with pytest.raises(StatementRefused):
        read_signed_mail(signed.mail, {}, READ_AT)


def test_an_enrolled_certificate_out_of_date_says_nothing(signed: Signed) -> None:
    with pytest.raises(StatementRefused, match="out of date"):
        read_signed_mail(signed.mail, {"pin": signed.certificate}, LAST + timedelta(days=1))


def test_no_change_of_one_bit_is_believed(signed: Signed) -> None:
    rng = random.Random(11)
    known = {"pin": signed.certificate}
    whole = read_signed_mail(signed.mail, known, READ_AT).content
    for place in rng.sample(range(len(signed.mail)), min(FLIPS, len(signed.mail))):
        changed = bytearray(signed.mail)
        changed[place] ^= 1 << rng.randrange(7)
        try:
            found = read_signed_mail(bytes(changed), known, READ_AT).content
        except StatementRefused:
            continue
        assert found == whole, f"byte {place}: other words were believed"


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"Content-Type: text/plain\r\n\r\nit is gone",
        b'Content-Type: multipart/signed; boundary="b"\r\n\r\n--b\r\nx\r\n--b--\r\n',
        b"Content-Type: multipart/signed\r\n\r\nx",
        b"Content-Type: application/pkcs7-mime\r\n\r\n!!!",
        b"Content-Type: application/pkcs7-mime\r\n\r\nMAA=",
        b"x" * 1_100_000,
    ],
    ids=["empty", "unsigned", "one part", "no boundary", "no base64", "no signature", "too long"],
)
def test_what_is_not_signed_mail_is_refused_and_never_a_defect(mail: bytes) -> None:
    with pytest.raises(StatementRefused):
        read_signed_mail(mail, {"pin": enrolment().requester.certificate}, READ_AT)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_bytes_come_as_a_confirmation_it_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    content = bytes(rng.randrange(256) for _ in range(rng.randrange(LONGEST_STATEMENT // 20)))
    with pytest.raises(Mistaken) as refused:
        read_confirmation(content)
    assert isinstance(refused.value, PrivityError)
