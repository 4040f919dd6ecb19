"""Closing and opening for programs (profile `machine`): AES-256-GCM, its key by RSA-OAEP or by ECDH on P-256.

Rules of the module:
- Every message has a content key, a nonce and, for ECDH, a sender's key of its own, made here and used once.
- The tag is checked before a byte is given out. A changed message does not open; it never opens to changed text.
- Only what `close` writes is read: another curve, hash, wrapping or tag length is no pack.
"""

import os
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privity.edge.seals import machine_syntax as shape
from privity.edge.seals import syntax
from privity.errors import Impossible

RecipientKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
"""What opens packs."""
KEY_LENGTH = 32
NONCE_LENGTH = 12
TAG_LENGTH = 16
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_SHARED = asn1.encode_der(shape.SharedInformation(wrap=shape.WRAP_ALGORITHM, bits=(KEY_LENGTH * 8).to_bytes(4, "big")))


class NotOurForm(ValueError):
    """The message is none that `close` writes."""


def close(entity: bytes, certificates: Sequence[x509.Certificate]) -> bytes:
    """Return the entity encrypted and authenticated for every certificate, as DER.

    Args: certificates: each on an RSA or a P-256 key, as `certificates.check` made sure.
    """
    content_key, nonce = os.urandom(KEY_LENGTH), os.urandom(NONCE_LENGTH)
    closed = AESGCM(content_key).encrypt(nonce, entity, None)
    return asn1.encode_der(
        shape.AuthenticatedMessage(
            kind=shape.IS_AUTHENTICATED,
            content=shape.AuthenticatedData(
                version=0,
                recipients=asn1.SetOf([_closed_for(certificate, content_key) for certificate in certificates]),
                encrypted=shape.AuthenticatedContent(
                    kind=syntax.IS_CONTENT,
                    cipher=shape.GcmCipher(
                        algorithm=shape.AES256_GCM,
                        parameters=shape.GcmParameters(nonce=nonce, tag_length=TAG_LENGTH),
                    ),
                    content=closed[:-TAG_LENGTH],
                ),
                tag=closed[-TAG_LENGTH:],
            ),
        )
    )


def open_closed(der: bytes, key: RecipientKey, certificate: x509.Certificate | None) -> bytes | None:
    """Return the entity, its tag having held, or None where this key opens nothing in it.

    Raises: NotOurForm, ValueError: it is not a message that `close` writes.
    """
    message = asn1.decode_der(shape.AuthenticatedMessage, der)
    content, encrypted = message.content, message.content.encrypted
    kinds = (message.kind, encrypted.kind, encrypted.cipher.algorithm, content.version)
    lengths = (len(content.tag), encrypted.cipher.parameters.tag_length, len(encrypted.cipher.parameters.nonce))
    if kinds != (shape.IS_AUTHENTICATED, syntax.IS_CONTENT, shape.AES256_GCM, 0):
        raise NotOurForm
    if lengths != (TAG_LENGTH, TAG_LENGTH, NONCE_LENGTH):
        raise NotOurForm
    for closed in content.recipients.as_list():
        content_key = _content_key(closed, key, certificate)
        if content_key is None:
            continue
        try:
            nonce = encrypted.cipher.parameters.nonce
            return AESGCM(content_key).decrypt(nonce, encrypted.content + content.tag, None)
        except InvalidTag:
            continue
    return None


def _closed_for(certificate: x509.Certificate, content_key: bytes) -> shape.OaepTransport | shape.KeyAgreement:
    named = syntax.IssuerAndSerial(issuer=syntax.issuer_of(certificate), serial=certificate.serial_number)
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return shape.OaepTransport(
            version=0, recipient=named, algorithm=shape.OAEP_ALGORITHM, closed_key=key.encrypt(content_key, _OAEP)
        )
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Impossible("the pack was not sealed", why="a checked key is of no known kind", next_step="report this")
    once = ec.generate_private_key(key.curve)
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return shape.KeyAgreement(
        version=3,
        originator=shape.PublicPoint(
            algorithm=syntax.Algorithm(algorithm=shape.EC_KEY, parameters=None),
            point=asn1.BitString(data=point, padding_bits=0),
        ),
        algorithm=shape.AgreementAlgorithm(algorithm=shape.ECDH_SHA256, wrap=shape.WRAP_ALGORITHM),
        keys=[shape.WrappedKey(recipient=named, closed_key=aes_key_wrap(_agreed(once, key), content_key))],
    )


def _content_key(
    closed: shape.OaepTransport | shape.KeyAgreement, key: RecipientKey, certificate: x509.Certificate | None
) -> bytes | None:
    """Return the content key that one recipient's part leads to, or None where it is not for this key."""
    if isinstance(closed, shape.OaepTransport):
        if closed.version != 0 or asn1.encode_der(closed.algorithm) != asn1.encode_der(shape.OAEP_ALGORITHM):
            raise NotOurForm
        if not isinstance(key, rsa.RSAPrivateKey) or not _is_for(closed.recipient, certificate):
            return None
        return _of_length(_unclosed(key, closed.closed_key))
    return _agreed_content_key(closed, key, certificate)


def _agreed_content_key(
    closed: shape.KeyAgreement, key: RecipientKey, certificate: x509.Certificate | None
) -> bytes | None:
    sender = closed.originator
    known = (shape.ECDH_SHA256, shape.AES256_WRAP, 3)
    if (closed.algorithm.algorithm, closed.algorithm.wrap.algorithm, closed.version) != known or len(closed.keys) != 1:
        raise NotOurForm
    if not isinstance(sender, shape.PublicPoint) or sender.algorithm.algorithm != shape.EC_KEY:
        raise NotOurForm
    (wrapped,) = closed.keys
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not _is_for(wrapped.recipient, certificate):
        return None
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender.point.as_bytes())
    try:
        return _of_length(aes_key_unwrap(_agreed(key, point), wrapped.closed_key))
    except InvalidUnwrap:
        return None


def _agreed(private: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey) -> bytes:
    """Return the key that one side's private and the other's public key lead to.

    Raises: ValueError: they are on different curves.
    """
    secret = private.exchange(ec.ECDH(), public)
    return X963KDF(algorithm=hashes.SHA256(), length=KEY_LENGTH, sharedinfo=_SHARED).derive(secret)


def _unclosed(key: rsa.RSAPrivateKey, closed_key: bytes) -> bytes:
    try:
        return key.decrypt(closed_key, _OAEP)
    except ValueError:
        return b""


def _of_length(content_key: bytes) -> bytes | None:
    return content_key if len(content_key) == KEY_LENGTH else None


def _is_for(named: syntax.IssuerAndSerial, certificate: x509.Certificate | None) -> bool:
    return certificate is None or syntax.is_of(named, certificate)
