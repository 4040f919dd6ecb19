"""Secure mail against a real SMTP server, and against peers that do what peers do."""

import ssl
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.certificates import seal_for_requester
from tests.fakes.packs import CANARIES, CASE, HOME_OFFICE, disclosed_pack
from tests.fakes.peers import LOCALHOST, Behaviour, Machine, drips, floods, peer, resets, stalls
from tests.fakes.relay import Relay

from privity.casework.news import Fate
from privity.casework.ports import NotTaken, Outgoing
from privity.edge.seals.cms import as_sealed
from privity.edge.transports.mail_reports import read_report
from privity.edge.transports.peers import NoAddress, PeerRefused, PeerSilent
from privity.edge.transports.secure_mail import SecureMail, as_mail, envelope_id, message_id
from privity.edge.transports.travelling import proof_in

SENDER = "disclosures@custodian.example"
ADDRESS = "mailto:tracing@home-office.example"
PROOF = "c2sp.org/tlog-proof@v1\nextra bm9ib2R5\nindex 7\n\nprivity.example\n8\nAAAA\n"
SECONDS = 2.0
"""What a peer gets in these tests; 45 in the product."""


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal_for_requester(disclosed_pack())


def outgoing(sealed: bytes, address: str = ADDRESS) -> Outgoing:
    return Outgoing(
        case=CASE,
        organisation=HOME_OFFICE,
        sha256=sha256(sealed).hexdigest(),
        sealed=sealed,
        proof=PROOF,
        address=address,
        sealed_at=datetime(2017, 3, 1, 12, 30, 15, tzinfo=UTC),
    )


def mail_to(port: int, authority: Path | None) -> SecureMail:
    return SecureMail(
        host=LOCALHOST, port=port, sender=SENDER, authorities=authority, seconds=SECONDS, read_seconds=SECONDS
    )


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    pytest.importorskip("aiosmtpd", reason="aiosmtpd is not installed")
    running = Relay(tmp_path_factory.mktemp("relay"))
    yield running
    running.running.stop()


def test_a_pack_arrives_over_verified_tls_and_is_the_pack_that_was_sealed(relay: Relay, sealed: bytes) -> None:
    sent = mail_to(relay.port, relay.machine.authority).send(outgoing(sealed))
    assert as_sealed(relay.mails[-1]) == sealed
    assert proof_in(relay.mails[-1]) == PROOF.encode()
    assert message_from_bytes(relay.mails[-1])["Message-ID"] == sent
    assert any(f"ENVID={envelope_id(sha256(sealed).hexdigest())}" in line for line in relay.envelopes)
    assert any("RET=HDRS" in line for line in relay.envelopes)


def test_repeats_are_the_same_bytes_and_bear_one_message_id(relay: Relay, sealed: bytes) -> None:
    carrier = mail_to(relay.port, relay.machine.authority)
    before = len(relay.mails)
    assert carrier.send(outgoing(sealed)) == carrier.send(outgoing(sealed))
    first, second = relay.mails[before:]
    assert first == second


def test_nothing_above_the_seal_names_the_person(sealed: bytes) -> None:
    mail = as_mail(outgoing(sealed), sender=SENDER, address="tracing@home-office.example")
    assert not any(word.encode() in mail for word in CANARIES)


def test_an_address_nobody_has_is_refused_for_this_pack_alone(relay: Relay, sealed: bytes) -> None:
    with pytest.raises(PeerRefused) as refused:
        mail_to(relay.port, relay.machine.authority).send(outgoing(sealed, "mailto:gone@home-office.example"))
    assert refused.value.code == "550"
    assert isinstance(refused.value, NotTaken)


@pytest.mark.parametrize("address", ["", "mesh:X26ABC2", "mailto:"])
def test_without_an_enrolled_mailbox_nothing_is_said_to_anybody(sealed: bytes, address: str) -> None:
    with pytest.raises(NoAddress):
        mail_to(1, None).send(outgoing(sealed, address))


def test_a_relay_whose_certificate_nobody_vouches_for_is_told_nothing(
    relay: Relay, sealed: bytes, tmp_path: Path
) -> None:
    before = len(relay.mails)
    with pytest.raises(PeerSilent, match="not vouched for"):
        mail_to(relay.port, Machine(tmp_path, "stranger").authority).send(outgoing(sealed))
    with pytest.raises(PeerSilent, match="not vouched for"):
        mail_to(relay.port, None).send(outgoing(sealed))
    assert len(relay.mails) == before


def _says(*lines: bytes) -> Behaviour:
    def behaviour(connection: Any) -> None:
        reading = connection.makefile("rb")
        for line in lines:
            connection.sendall(line)
            if not reading.readline():
                return
        threading.Event().wait(30)

    return behaviour


def test_a_relay_without_starttls_is_told_nothing(sealed: bytes) -> None:
    plain = _says(b"220 hello\r\n", b"250 plain\r\n", b"502 no\r\n", b"502 no\r\n")
    with peer(plain) as port, pytest.raises(PeerSilent, match="no STARTTLS"):
        mail_to(port, None).send(outgoing(sealed))


def test_a_relay_that_is_busy_is_tried_again_and_the_pack_not_blamed(sealed: bytes) -> None:
    with peer(_says(b"421 busy\r\n")) as port, pytest.raises(PeerSilent):
        mail_to(port, None).send(outgoing(sealed))


@pytest.mark.parametrize("behaviour", [stalls, resets, drips, floods], ids=lambda one: one.__name__)
def test_no_peer_holds_a_worker_beyond_its_time(sealed: bytes, behaviour: Behaviour) -> None:
    with peer(behaviour) as port:
        began = time.monotonic()
        with pytest.raises(PeerSilent, match="go again, byte for byte"):
            mail_to(port, None).send(outgoing(sealed))
    assert time.monotonic() - began < SECONDS * 2


def test_a_peer_that_drips_inside_tls_is_cut_off_as_well(sealed: bytes, tmp_path: Path) -> None:
    machine = Machine(tmp_path)

    def behaviour(connection: Any) -> None:
        connection.sendall(b"220 hello\r\n")
        reading = connection.makefile("rb")
        reading.readline()
        connection.sendall(b"250-here\r\n250 STARTTLS\r\n")
        reading.readline()
        connection.sendall(b"220 go\r\n")
        with machine.server_context().wrap_socket(connection, server_side=True) as line:
            while True:
                line.sendall(b"2")
                threading.Event().wait(0.05)

    with peer(behaviour) as port:
        began = time.monotonic()
        with pytest.raises(PeerSilent):
            mail_to(port, machine.authority).send(outgoing(sealed))
    assert time.monotonic() - began < SECONDS * 2


def test_a_relay_that_takes_the_pack_and_hangs_up_has_it(sealed: bytes, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    taken: list[bytes] = []

    def behaviour(connection: Any) -> None:
        connection.sendall(b"220 hello\r\n")
        reading = connection.makefile("rb")
        reading.readline()
        connection.sendall(b"250-here\r\n250 STARTTLS\r\n")
        reading.readline()
        connection.sendall(b"220 go\r\n")
        with machine.server_context().wrap_socket(connection, server_side=True) as line:
            talk = line.makefile("rb")
            for answer in (b"250 here\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 send\r\n"):
                talk.readline()
                line.sendall(answer)
            content = b""
            while not content.endswith(b"\r\n.\r\n"):
                content += talk.readline()
            taken.append(content)
            line.sendall(b"250 taken\r\n")

    with peer(behaviour) as port:
        assert mail_to(port, machine.authority).send(outgoing(sealed)) == message_id(outgoing(sealed))
    assert as_sealed(taken[0].removesuffix(b".\r\n")) == sealed


def test_tls_below_1_2_is_refused(sealed: bytes, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    context = machine.server_context()
    try:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    except (ssl.SSLError, ValueError):
        pytest.skip("this OpenSSL cannot even offer TLS 1.1")

    def behaviour(connection: Any) -> None:
        connection.sendall(b"220 hello\r\n")
        reading = connection.makefile("rb")
        reading.readline()
        connection.sendall(b"250-here\r\n250 STARTTLS\r\n")
        reading.readline()
        connection.sendall(b"220 go\r\n")
        context.wrap_socket(connection, server_side=True)

    with peer(behaviour) as port, pytest.raises(PeerSilent):
        mail_to(port, machine.authority).send(outgoing(sealed))


def report(kind: str, fields: str) -> bytes:
    return (
        f"From: postmaster@relay.example\r\nContent-Type: multipart/report; report-type={kind};"
        ' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n'
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "fate"), [("delivered", Fate.DELIVERED), ("failed", Fate.FAILED), ("relayed", Fate.DELIVERED)]
)
def test_a_delivery_report_is_read_as_a_claim_about_one_pack(action: str, fate: Fate) -> None:
    about = f"Original-Envelope-Id: pkg-{'ab' * 8}\r\nReporting-MTA: dns; relay\r\n"
    fields = f"{about}\r\nFinal-Recipient: rfc822; x@y\r\nAction: {action}\r\n"
    found = read_report(report("delivery-status", fields))
    assert found is not None
    assert (found.digest_begins, found.fate, found.claimed) == ("ab" * 8, fate, True)


def test_a_read_receipt_is_read_as_a_claim_that_it_was_collected(sealed: bytes) -> None:
    fields = (
        f"Final-Recipient: rfc822; x@y\r\nOriginal-Message-ID: {message_id(outgoing(sealed))}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    found = read_report(report("disposition-notification", fields))
    assert found is not None
    assert (found.fate, found.claimed) == (Fate.COLLECTED, True)
    assert sha256(sealed).hexdigest().startswith(found.digest_begins)


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"Subject: hello\r\n\r\npkg-abababababababab",
        report("delivery-status", "Original-Envelope-Id: pkg-zz\r\n\r\nAction: failed\r\n"),
        report("delivery-status", f"Original-Envelope-Id: pkg-{'ab' * 8}\r\n\r\nAction: delayed\r\n"),
        report("disposition-notification", "Disposition: automatic; deleted\r\n"),
        b"x" * 2_000_000,
    ],
    ids=["empty", "no report", "no digest", "only delayed", "deleted unread", "too long"],
)
def test_other_mail_is_no_report(mail: bytes) -> None:
    assert read_report(mail) is None
