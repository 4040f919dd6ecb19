"""The part of CMS that packs for programs are made of: authenticated encryption, and keys by OAEP or ECDH.

As in `syntax`, only what our packs use is declared; whatever else a message holds makes it unreadable here.

Source: RFC 5083 (AuthEnvelopedData), RFC 5084 (AES-GCM), RFC 4055 (OAEP), RFC 5753 (ECDH), RFC 3565 (wrapping).
"""

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1

from privity.edge.seals.syntax import SHA256, Algorithm, IssuerAndSerial

IS_AUTHENTICATED = x509.ObjectIdentifier("1.2.840.113549.1.9.16.1.23")
AES256_GCM = x509.ObjectIdentifier("2.16.840.1.101.3.4.1.46")
AES256_WRAP = x509.ObjectIdentifier("2.16.840.1.101.3.4.1.45")
RSA_OAEP = x509.ObjectIdentifier("1.2.840.113549.1.1.7")
MGF1 = x509.ObjectIdentifier("1.2.840.113549.1.1.8")
ECDH_SHA256 = x509.ObjectIdentifier("1.3.132.1.11.1")
EC_KEY = x509.ObjectIdentifier("1.2.840.10045.2.1")


@asn1.sequence
class Wrapped:
    """Any CMS message, of which only the kind is read."""

    kind: x509.ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class MaskGeneration:
    """MGF1 with SHA-256."""

    algorithm: x509.ObjectIdentifier
    hash: Algorithm


@asn1.sequence
class OaepParameters:
    """OAEP with SHA-256 for both of its hashes, no label."""

    hash: Annotated[Algorithm, asn1.Explicit(0)]
    mask: Annotated[MaskGeneration, asn1.Explicit(1)]


@asn1.sequence
class OaepAlgorithm:
    """RSA-OAEP and its parameters."""

    algorithm: x509.ObjectIdentifier
    parameters: OaepParameters


@asn1.sequence
class OaepTransport:
    """The content key, closed for one RSA certificate."""

    version: int
    recipient: IssuerAndSerial
    algorithm: OaepAlgorithm
    closed_key: bytes


@asn1.sequence
class PublicPoint:
    """The sender's one-time key: a point, its curve being the recipient's."""

    algorithm: Algorithm
    point: asn1.BitString


@asn1.sequence
class AgreementAlgorithm:
    """ECDH, its key derivation, and how the content key is wrapped."""

    algorithm: x509.ObjectIdentifier
    wrap: Algorithm


@asn1.sequence
class WrappedKey:
    """The content key, wrapped for one elliptic-curve certificate."""

    recipient: IssuerAndSerial
    closed_key: bytes


@asn1.sequence
class KeyAgreement:
    """A one-time key and the content key wrapped under what it agrees on."""

    version: int
    originator: Annotated[IssuerAndSerial | Annotated[PublicPoint, asn1.Implicit(1)], asn1.Explicit(0)]
    algorithm: AgreementAlgorithm
    keys: list[WrappedKey]


@asn1.sequence
class GcmParameters:
    """The nonce, and the length of the tag in bytes."""

    nonce: bytes
    tag_length: Annotated[int, asn1.Default(12)]


@asn1.sequence
class GcmCipher:
    """AES-256-GCM and its parameters."""

    algorithm: x509.ObjectIdentifier
    parameters: GcmParameters


@asn1.sequence
class AuthenticatedContent:
    """The encrypted bytes."""

    kind: x509.ObjectIdentifier
    cipher: GcmCipher
    content: Annotated[bytes, asn1.Implicit(0)]


@asn1.sequence
class AuthenticatedData:
    """Closed keys, the content they open, and the tag over it."""

    version: int
    recipients: asn1.SetOf[OaepTransport | Annotated[KeyAgreement, asn1.Implicit(1)]]
    encrypted: AuthenticatedContent
    tag: bytes


@asn1.sequence
class AuthenticatedMessage:
    """Authenticated enveloped data as a message."""

    kind: x509.ObjectIdentifier
    content: Annotated[AuthenticatedData, asn1.Explicit(0)]


@asn1.sequence
class SharedInformation:
    """What both sides put into the key derivation: the wrapping and its key's length in bits."""

    wrap: Algorithm
    bits: Annotated[bytes, asn1.Explicit(2)]


OAEP_ALGORITHM = OaepAlgorithm(
    algorithm=RSA_OAEP,
    parameters=OaepParameters(
        hash=Algorithm(algorithm=SHA256, parameters=asn1.Null()),
        mask=MaskGeneration(algorithm=MGF1, hash=Algorithm(algorithm=SHA256, parameters=asn1.Null())),
    ),
)
WRAP_ALGORITHM = Algorithm(algorithm=AES256_WRAP, parameters=None)
