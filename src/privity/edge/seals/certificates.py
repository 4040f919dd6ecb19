"""Whether something may be sealed to a requester's certificates, at a given moment.

Rules of the module:
- Only an enrolled certificate counts, known by its SHA-256 (the pin); a twin of the same authority does not.
- Each way of not holding has its own error, which says why the release parks. None falls back to plain.
- Of an old and a new certificate the one that is valid is used; both, while both are. A certificate that
  fails in any other way than by its dates parks the release, whatever the others are worth.
- An authority whose revocation list was loaded is asked for it every time; a list past its day parks as well.
- All certificates in use belong to one profile, and their keys are of a kind that profile can open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from privity.definitions.party import OrganisationId
from privity.disclosure.seal_profile import SealProfile
from privity.errors import Unavailable

SMALLEST_RSA_KEY = 2048
CHECK_HOLDS_FOR = timedelta(hours=1)


class ReleaseParked(Unavailable):
    """Nothing can be sealed to this recipient now. The release waits; it never goes out plain."""

    why_parked: ClassVar[str] = "its certificates do not hold"
    what_next: ClassVar[str] = "enrol a certificate that does, and release again"

    def __init__(self, organisation: OrganisationId, certificate: x509.Certificate | None = None) -> None:
        which = "" if certificate is None else f" (certificate `{fingerprint(certificate)[:16]}…`)"
        super().__init__(
            f"the release to `{organisation}` is parked",
            why=f"{self.why_parked}{which}",
            next_step=self.what_next,
        )


class NoCertificate(ReleaseParked):
    """The organisation has enrolled none."""

    why_parked = "no certificate is enrolled for it"


class CertificateNotEnrolled(ReleaseParked):
    """The certificate at hand is not one that two people enrolled: the pin differs."""

    why_parked = "the certificate at hand is not the one that was enrolled"
    what_next = "find out who put it there before anything is sent"


class CertificateExpired(ReleaseParked):
    """Its last day is past."""

    why_parked = "its certificate has expired"
    what_next = "ask the requester for its new certificate and have two people enrol it"


class CertificateNotYetValid(ReleaseParked):
    """Its first day has not come."""

    why_parked = "its certificate is not valid yet"
    what_next = "wait for its first day, or enrol one that is valid now"


class CertificateOfStranger(ReleaseParked):
    """No enrolled authority vouches for it."""

    why_parked = "no enrolled authority vouches for its certificate"
    what_next = "ask the requester which authority issued it, and enrol that or another certificate"


class CertificateForAnotherUse(ReleaseParked):
    """It may not be used to receive keys: a signing certificate, say."""

    why_parked = "its certificate is not for encryption (key usage `keyEncipherment` or `keyAgreement`, mail)"
    what_next = "ask the requester for its encryption certificate"


class KeyUnfit(ReleaseParked):
    """Its key is too short, or of a kind that its profile cannot open."""

    why_parked = f"its key is not RSA of at least {SMALLEST_RSA_KEY} bits (for programs also P-256)"
    what_next = "ask the requester for a certificate on such a key, or enrol it for the other profile"


class ProfilesDiffer(ReleaseParked):
    """Its certificates are enrolled for different profiles, so that no one message opens with all of them."""

    why_parked = "its certificates are enrolled for two profiles"
    what_next = "revoke the ones of the profile that is given up"


class CertificateRevoked(ReleaseParked):
    """Its authority has revoked it."""

    why_parked = "its authority has revoked its certificate"
    what_next = "revoke it here too, and ask the requester what happened before enrolling another"


class RevocationUnknown(ReleaseParked):
    """The authority's revocation list is out of date, or not signed by it: nobody knows what it revoked."""

    why_parked = "the revocation list of its authority is out of date or not signed by it"
    what_next = "load the authority's current list, then release again"


class CheckTooOld(ReleaseParked):
    """The certificates were checked too long before the seal, or after it."""

    why_parked = "its certificates were not checked within the last hour"
    what_next = "check them again and seal at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What is enrolled for one requester: certificates, their pins as two people approved them, and CAs."""

    organisation: OrganisationId
    certificates: tuple[x509.Certificate, ...]
    pins: frozenset[str]
    authorities: tuple[x509.Certificate, ...]
    profile: SealProfile = SealProfile.MAIL
    revocations: tuple[x509.CertificateRevocationList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecipient:
    """Certificates that held at `checked_at`, to be sealed to until `good_until`. Made by `check` only."""

    organisation: OrganisationId
    certificates: tuple[x509.Certificate, ...]
    checked_at: datetime
    good_until: datetime
    profile: SealProfile

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Return the SHA-256 of each certificate, 64 hexadecimal digits, for the record."""
        return tuple(fingerprint(certificate) for certificate in self.certificates)

    def must_be_fresh(self, at: datetime) -> None:
        """Raise unless the check still holds at `at`.

        Raises: CheckTooOld: it does not.
        """
        if not self.checked_at <= at <= self.good_until:
            raise CheckTooOld(self.organisation)


class Notice(IntEnum):
    """How near the end of a certificate is: the member's value is the days left from which it is told."""

    SOON = 30
    """Ask for the new certificate."""
    LAST_WEEK = 7
    """Releases will park within days."""
    EXPIRED = 0
    """Releases park."""


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in 64 hexadecimal digits: its pin."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def check(recipient: Recipient, at: datetime) -> CheckedRecipient:
    """Return the certificates that may be sealed to at `at`.

    Args:   at: an aware moment.
    Raises: ReleaseParked: one of its kinds, for the first certificate that does not hold.
    """
    if not recipient.certificates:
        raise NoCertificate(recipient.organisation)
    for certificate in recipient.certificates:
        _check_one(recipient, certificate)
    valid = tuple(certificate for certificate in recipient.certificates if _is_in_date(certificate, at))
    if not valid:
        newest = max(recipient.certificates, key=lambda certificate: certificate.not_valid_after_utc)
        kind = CertificateExpired if newest.not_valid_after_utc < at else CertificateNotYetValid
        raise kind(recipient.organisation, newest)
    for certificate in valid:
        if not is_vouched_for(certificate, recipient.authorities, at):
            raise CertificateOfStranger(recipient.organisation, certificate)
    lists_end = [_known_until(recipient, certificate, at) for certificate in valid]
    ends = min(*lists_end, *(certificate.not_valid_after_utc for certificate in valid))
    return CheckedRecipient(
        organisation=recipient.organisation,
        certificates=valid,
        checked_at=at,
        good_until=min(ends, at + CHECK_HOLDS_FOR),
        profile=recipient.profile,
    )


def notice(certificate: x509.Certificate, at: datetime) -> Notice | None:
    """Return how near the end of a certificate is, or None while it is far."""
    left = certificate.not_valid_after_utc - at
    for level in sorted(Notice):
        if left <= timedelta(days=level):
            return level
    return None


def is_vouched_for(certificate: x509.Certificate, authorities: Sequence[x509.Certificate], at: datetime) -> bool:
    """Return whether a chain leads from `certificate` to one of `authorities`, every link valid at `at`."""
    if not authorities:
        return False
    verifier = (
        PolicyBuilder()
        .store(Store(list(authorities)))
        .time(at)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, [])
    except VerificationError:
        return False
    return True


def may_be_used_for_mail(certificate: x509.Certificate) -> bool:
    """Return whether the extended usage, where there is one, names mail."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.EMAIL_PROTECTION in usage


def key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """Return what the key of a certificate may be used for, or None where it does not say."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _check_one(recipient: Recipient, certificate: x509.Certificate) -> None:
    """Raise unless one certificate is enrolled, strong and meant for this, whatever its dates."""
    if fingerprint(certificate) not in recipient.pins:
        raise CertificateNotEnrolled(recipient.organisation, certificate)
    key = certificate.public_key()
    on_curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_KEY
    if not is_rsa and not (on_curve and recipient.profile is SealProfile.MACHINE):
        raise KeyUnfit(recipient.organisation, certificate)
    usage = key_usage(certificate)
    may_receive = usage is not None and (usage.key_agreement if on_curve else usage.key_encipherment)
    if not may_receive or not may_be_used_for_mail(certificate):
        raise CertificateForAnotherUse(recipient.organisation, certificate)


def _known_until(recipient: Recipient, certificate: x509.Certificate, at: datetime) -> datetime:
    """Return until when it is known that a certificate is not revoked; far ahead where no list was loaded.

    Raises: CertificateRevoked, RevocationUnknown: it is revoked, or its authority's list does not hold.
    """
    lists = revocations_about(certificate, recipient.revocations)
    if is_named(certificate, lists, recipient.authorities):
        raise CertificateRevoked(recipient.organisation, certificate)
    if not all(holds(revoked, recipient.authorities, at) for revoked in lists):
        raise RevocationUnknown(recipient.organisation, certificate)
    ends = [revoked.next_update_utc for revoked in lists]
    return min([at + CHECK_HOLDS_FOR, *(end for end in ends if end is not None)])


def revocations_about(
    certificate: x509.Certificate, revocations: Sequence[x509.CertificateRevocationList]
) -> list[x509.CertificateRevocationList]:
    """Return those lists that claim to be of the authority of a certificate."""
    return [revoked for revoked in revocations if revoked.issuer == certificate.issuer]


def is_named(
    certificate: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    authorities: Sequence[x509.Certificate],
) -> bool:
    """Return whether a list that its authority signed names a certificate, be the list in date or past its day."""
    return any(
        revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
        and _is_signed(revoked, authorities)
        for revoked in lists
    )


def holds(revoked: x509.CertificateRevocationList, authorities: Sequence[x509.Certificate], at: datetime) -> bool:
    """Return whether a list says at `at` what is revoked: signed by an authority enrolled here, and in date."""
    ends = revoked.next_update_utc
    return ends is not None and revoked.last_update_utc <= at <= ends and _is_signed(revoked, authorities)


def _is_signed(revoked: x509.CertificateRevocationList, authorities: Sequence[x509.Certificate]) -> bool:
    return any(_has_signed(authority, revoked) for authority in authorities)


def _has_signed(authority: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
    key = authority.public_key()
    if authority.subject != revoked.issuer or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return False
    return bool(revoked.is_signature_valid(key))


def _is_in_date(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
