"""Whose certificate may be sealed to: twelve substitutions, each refused with its own reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.fakes.certificates import FIRST, LAST, enrolment, recipient_of
from tests.fakes.packs import SEALED_AT

from privity.edge.seals.authority import make_authority
from privity.edge.seals.certificates import (
    CertificateExpired,
    CertificateForAnotherUse,
    CertificateNotEnrolled,
    CertificateNotYetValid,
    CertificateOfStranger,
    KeyUnfit,
    NoCertificate,
    Notice,
    Recipient,
    ReleaseParked,
    check,
    notice,
)
from privity.errors import Unavailable

DAY = timedelta(days=1)


def issued(
    *,
    first: datetime = FIRST,
    last: datetime = LAST,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None = None,
    usage: x509.KeyUsage | None = None,
    purpose: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """Return a certificate of the requesters' authority, right in everything but what is given."""
    good, authority = enrolment().requester.certificate, enrolment().requester_authority
    plain = good.extensions.get_extension_for_class(x509.KeyUsage).value
    builder = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(key or enrolment().requester.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if usage is not NO_USAGE:
        builder = builder.add_extension(usage or plain, critical=True)
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


NO_USAGE = x509.KeyUsage(*([False] * 9))
"""Stands for a certificate that does not say what its key is for."""


def with_usage(**changed: bool) -> x509.KeyUsage:
    named = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**{**named, **changed})


def of_a_stranger() -> Recipient:
    stranger = make_authority("Requester authority", first=FIRST, last=LAST)
    return recipient_of([stranger.issue_recipient("Home Office", first=FIRST, last=LAST).certificate])


def with_short_key() -> Recipient:
    key = rsa.generate_private_key(65537, 1024).public_key()
    return recipient_of([issued(key=key)])


SUBSTITUTIONS: list[tuple[str, Callable[[], Recipient], type[ReleaseParked], str]] = [
    ("none", lambda: recipient_of([]), NoCertificate, "no certificate is enrolled"),
    (
        "a twin of the same authority and name",
        lambda: recipient_of([issued()], pins=[enrolment().requester.certificate]),
        CertificateNotEnrolled,
        "not the one that was enrolled",
    ),
    (
        "somebody else's, rightly issued",
        lambda: recipient_of([enrolment().stranger.certificate], pins=[enrolment().requester.certificate]),
        CertificateNotEnrolled,
        "not the one that was enrolled",
    ),
    (
        "one slipped in beside the right one",
        lambda: recipient_of(
            [enrolment().requester.certificate, enrolment().stranger.certificate],
            pins=[enrolment().requester.certificate],
        ),
        CertificateNotEnrolled,
        "not the one that was enrolled",
    ),
    (
        "expired yesterday",
        lambda: recipient_of([issued(last=SEALED_AT - DAY)]),
        CertificateExpired,
        "has expired",
    ),
    (
        "valid from tomorrow",
        lambda: recipient_of([issued(first=SEALED_AT + DAY)]),
        CertificateNotYetValid,
        "not valid yet",
    ),
    ("of another authority of the same name", of_a_stranger, CertificateOfStranger, "no enrolled authority"),
    (
        "no authority enrolled",
        lambda: replace(recipient_of([enrolment().requester.certificate]), authorities=()),
        CertificateOfStranger,
        "no enrolled authority",
    ),
    (
        "for signing only",
        lambda: recipient_of([issued(usage=with_usage(digital_signature=True))]),
        CertificateForAnotherUse,
        "not for encryption",
    ),
    (
        "silent about its use",
        lambda: recipient_of([issued(usage=NO_USAGE)]),
        CertificateForAnotherUse,
        "not for encryption",
    ),
    (
        "for web servers",
        lambda: recipient_of([issued(purpose=ExtendedKeyUsageOID.SERVER_AUTH)]),
        CertificateForAnotherUse,
        "not for encryption",
    ),
    ("on a key of 1024 bits", with_short_key, KeyUnfit, "RSA of at least 2048"),
    (
        "on an elliptic curve",
        lambda: recipient_of([issued(key=ec.generate_private_key(ec.SECP256R1()).public_key())]),
        KeyUnfit,
        "RSA of at least 2048",
    ),
]


@pytest.mark.parametrize(
    ("make", "error", "words"), [case[1:] for case in SUBSTITUTIONS], ids=[case[0] for case in SUBSTITUTIONS]
)
def test_a_substituted_certificate_parks_the_release_and_says_why(
    make: Callable[[], Recipient], error: type[ReleaseParked], words: str
) -> None:
    with pytest.raises(error, match=words) as parked:
        check(make(), SEALED_AT)
    assert "the release to `home-office` is parked" in str(parked.value)
    assert isinstance(parked.value, Unavailable)


def test_the_authority_itself_is_no_recipient() -> None:
    authority = enrolment().requester_authority.certificate
    with pytest.raises(KeyUnfit):
        check(recipient_of([authority]), SEALED_AT)


def test_an_expired_authority_vouches_for_nobody() -> None:
    brief = make_authority("Brief", first=FIRST, last=SEALED_AT - DAY)
    holder = brief.issue_recipient("Home Office", first=FIRST, last=LAST)
    recipient = replace(recipient_of([holder.certificate]), authorities=(brief.certificate,))
    with pytest.raises(CertificateOfStranger):
        check(recipient, SEALED_AT)


def test_the_enrolled_certificate_is_good_for_an_hour_and_never_beyond_its_end() -> None:
    good = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    assert good.good_until == SEALED_AT + timedelta(hours=1)
    ending = issued(last=SEALED_AT + timedelta(minutes=20))
    assert check(recipient_of([ending]), SEALED_AT).good_until == ending.not_valid_after_utc


def test_of_an_expired_and_a_valid_certificate_only_the_valid_one_is_sealed_to() -> None:
    old, new = issued(last=SEALED_AT - DAY), enrolment().requester.certificate
    early = issued(first=SEALED_AT + DAY)
    assert check(recipient_of([old, new, early]), SEALED_AT).certificates == (new,)


def test_a_certificate_is_valid_to_the_last_second_of_its_dates() -> None:
    certificate = issued(first=SEALED_AT, last=SEALED_AT + DAY)
    for moment in (SEALED_AT, SEALED_AT + DAY):
        assert check(recipient_of([certificate]), moment).certificates == (certificate,)
    with pytest.raises(CertificateExpired):
        check(recipient_of([certificate]), SEALED_AT + DAY + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (31, None),
        (30, Notice.SOON),
        (8, Notice.SOON),
        (7, Notice.LAST_WEEK),
        (1, Notice.LAST_WEEK),
        (0, Notice.EXPIRED),
        (-5, Notice.EXPIRED),
    ],
)
def test_notice_is_given_thirty_days_and_seven_days_before_the_end(days: int, expected: Notice | None) -> None:
    certificate = issued(last=datetime(2018, 1, 31, tzinfo=UTC))
    assert notice(certificate, datetime(2018, 1, 31, tzinfo=UTC) - days * DAY) is expected
