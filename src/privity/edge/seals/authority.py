"""A synthetic authority: certificates for the demo and the tests. It vouches for nobody real.

Rules of the module:
- One authority issues to one kind of holder. The custodian's and the requesters' are two, so that no
  requester can sign as the custodian.
- Every name it writes says that it is synthetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from privity.edge.seals.custodian import Custodian

PUBLIC_EXPONENT = 65537


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A certificate with its private key, as handed to whoever it was issued for."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def __repr__(self) -> str:
        return f"Holder({self.certificate.subject.rfc4514_string()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineHolder:
    """A certificate on an elliptic curve with its private key, for a program that opens packs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"MachineHolder({self.certificate.subject.rfc4514_string()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticAuthority:
    """A root certificate and its key. `first` and `last` bound every certificate it issues."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"SyntheticAuthority({self.certificate.subject.rfc4514_string()})"

    def issue_custodian(self, name: str, *, first: datetime, last: datetime) -> Custodian:
        """Return a signing certificate on a new P-256 key, for signatures and nothing else."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = _usage(digital_signature=True)
        return Custodian(certificate=self._issue(name, key.public_key(), usage, first, last), key=key)

    def issue_recipient(
        self, name: str, *, first: datetime, last: datetime, bits: int = 2048, for_signing: bool = False
    ) -> Holder:
        """Return a certificate on a new RSA key: for encryption, or `for_signing` only."""
        key = rsa.generate_private_key(PUBLIC_EXPONENT, bits)
        usage = _usage(digital_signature=for_signing, key_encipherment=not for_signing)
        return Holder(certificate=self._issue(name, key.public_key(), usage, first, last), key=key)

    def issue_machine(self, name: str, *, first: datetime, last: datetime) -> MachineHolder:
        """Return a certificate on a new P-256 key, for agreeing on keys: what a program opens packs with."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._issue(name, key.public_key(), _usage(key_agreement=True), first, last)
        return MachineHolder(certificate=certificate, key=key)

    def revoke(
        self, certificates: Iterable[x509.Certificate], *, at: datetime, until: datetime
    ) -> x509.CertificateRevocationList:
        """Return the authority's revocation list, in force from `at` to `until`."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(at).next_update(until)
        for certificate in certificates:
            revoked = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
            builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(self.key, hashes.SHA256())

    def _issue(
        self,
        name: str,
        key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
        usage: x509.KeyUsage,
        first: datetime,
        last: datetime,
    ) -> x509.Certificate:
        issuer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return (
            _builder(name, self.certificate.subject, key, first, last)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
            .sign(self.key, hashes.SHA256())
        )


def make_authority(name: str, *, first: datetime, last: datetime) -> SyntheticAuthority:
    """Return a new root on a new P-256 key, valid from `first` to `last`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(name, _name(name), key.public_key(), first, last)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return SyntheticAuthority(certificate=certificate, key=key)


def _builder(
    name: str,
    issuer: x509.Name,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    first: datetime,
    last: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Synthetic, for demonstration only"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_agreement: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
