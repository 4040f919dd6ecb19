"""The part of CMS that a pack is made of, as declarations: read strictly (DER), written in one spelling.

Only what our packs use is declared. Whatever else a message holds makes it unreadable here, which is wanted:
a requester opens the custodian's packs with this, not the world's mail.

Source: RFC 5652 sections 3, 5 and 6; object identifiers as in RFC 8551 and RFC 5754.
"""

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1

IS_CONTENT = x509.ObjectIdentifier("1.2.840.113549.1.7.1")
IS_SIGNED = x509.ObjectIdentifier("1.2.840.113549.1.7.2")
IS_ENVELOPED = x509.ObjectIdentifier("1.2.840.113549.1.7.3")
CONTENT_TYPE = x509.ObjectIdentifier("1.2.840.113549.1.9.3")
MESSAGE_DIGEST = x509.ObjectIdentifier("1.2.840.113549.1.9.4")
SIGNING_TIME = x509.ObjectIdentifier("1.2.840.113549.1.9.5")
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
RSA = x509.ObjectIdentifier("1.2.840.113549.1.1.1")
ECDSA_SHA256 = x509.ObjectIdentifier("1.2.840.10045.4.3.2")
AES256_CBC = x509.ObjectIdentifier("2.16.840.1.101.3.4.1.42")


@asn1.sequence
class Algorithm:
    """An algorithm whose parameters are absent or NULL."""

    algorithm: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class IssuerAndSerial:
    """Which certificate: who issued it, and its number there."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class Attribute:
    """One signed attribute. Each of ours has exactly one value."""

    kind: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class SignerInfo:
    """One signature and what it covers."""

    version: int
    signer: IssuerAndSerial
    digest: Algorithm
    attributes: Annotated[asn1.SetOf[Attribute], asn1.Implicit(0)]
    algorithm: Algorithm
    signature: bytes


@asn1.sequence
class SignedContent:
    """The signed bytes, inside the signature."""

    kind: x509.ObjectIdentifier
    content: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class DetachedContent:
    """That the signed bytes stand elsewhere: in the part before, as mail programs sign for others to read."""

    kind: x509.ObjectIdentifier


@asn1.sequence
class DetachedData:
    """Certificates and signatures over what stands elsewhere."""

    version: int
    digests: asn1.SetOf[Algorithm]
    signed: DetachedContent
    certificates: Annotated[asn1.SetOf[x509.Certificate], asn1.Implicit(0)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class DetachedMessage:
    """Detached signatures as a message."""

    kind: x509.ObjectIdentifier
    content: Annotated[DetachedData, asn1.Explicit(0)]


@asn1.sequence
class SignedData:
    """Content, certificates and signatures."""

    version: int
    digests: asn1.SetOf[Algorithm]
    signed: SignedContent
    certificates: Annotated[asn1.SetOf[x509.Certificate], asn1.Implicit(0)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class SignedMessage:
    """Signed data as a message."""

    kind: x509.ObjectIdentifier
    content: Annotated[SignedData, asn1.Explicit(0)]


@asn1.sequence
class KeyTransport:
    """The content key, closed for one certificate."""

    version: int
    recipient: IssuerAndSerial
    algorithm: Algorithm
    closed_key: bytes


@asn1.sequence
class Cipher:
    """The cipher of the content and its initial vector."""

    algorithm: x509.ObjectIdentifier
    initial_vector: bytes


@asn1.sequence
class EncryptedContent:
    """The encrypted bytes."""

    kind: x509.ObjectIdentifier
    cipher: Cipher
    content: Annotated[bytes, asn1.Implicit(0)]


@asn1.sequence
class EnvelopedData:
    """Closed keys and the content they open."""

    version: int
    recipients: asn1.SetOf[KeyTransport]
    encrypted: EncryptedContent


@asn1.sequence
class EnvelopedMessage:
    """Enveloped data as a message."""

    kind: x509.ObjectIdentifier
    content: Annotated[EnvelopedData, asn1.Explicit(0)]


def issuer_of(certificate: x509.Certificate) -> asn1.TLV:
    """Return the issuer's name exactly as the certificate spells it."""
    return asn1.decode_der(asn1.TLV, certificate.issuer.public_bytes())


def is_of(named: IssuerAndSerial, certificate: x509.Certificate) -> bool:
    """Return whether `named` names this certificate."""
    same_issuer = asn1.encode_der(named.issuer) == certificate.issuer.public_bytes()
    return same_issuer and named.serial == certificate.serial_number
