"""Opening: decrypt, then verify, then show. Never in another order, and never a part of it.

The steps:
1. the message is read strictly and its content key opened with the private key;
2. the content is decrypted, which proves nothing yet;
3. the one signature must cover the content and be made by the certificate that came with it, which must be
   for signing mail and lead to the custodian's authority, valid at the signing and now;
4. only then are the parts taken out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from privity.edge.seals import machine_syntax, syntax
from privity.edge.seals.certificates import is_vouched_for, key_usage, may_be_used_for_mail
from privity.edge.seals.cms import message_kind, sealed_der, signed_der
from privity.edge.seals.machine_seal import RecipientKey, open_closed
from privity.edge.seals.parts import Part, decompose
from privity.errors import Mistaken, Unavailable

CLOCKS_DIFFER_BY = timedelta(minutes=5)
_KEY_LENGTH = 32
_BLOCK = 16


class SealUnreadable(Unavailable):
    """The message is not a sealed pack as this program writes it: cut short, changed, or something else."""

    def __init__(self) -> None:
        super().__init__(
            "the pack was not opened",
            why="it is not a sealed pack, or it was cut short or changed on the way",
            next_step="fetch it again; a mail program may have rewritten it, so take the original message",
        )


class DoesNotHold(Mistaken):
    """The pack was checked and a check did not hold. None of its content is released."""

    exit_code = 1

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__("the pack was not opened", why=why, next_step=next_step)


class NotForThisKey(DoesNotHold):
    """The private key does not open it: sealed to somebody else, or changed."""

    def __init__(self) -> None:
        super().__init__(
            "this key does not open it: it was sealed to another certificate, or changed",
            "use the key of the certificate enrolled when it was sealed, or fetch it again",
        )


class SignatureDoesNotHold(DoesNotHold):
    """What was decrypted is not what the signer signed."""

    def __init__(self) -> None:
        super().__init__(
            "the signature does not cover what is inside",
            "do not use it; tell the custodian, with the digest of the file",
        )


class SignedByStranger(DoesNotHold):
    """The signer is not one that the custodian's authority vouches for."""

    def __init__(self) -> None:
        super().__init__(
            "the given authority does not vouch for whoever signed it, then or now",
            "check that the authority's certificate is the custodian's; if it is, tell the custodian",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was inside, with everything about it verified."""

    parts: tuple[Part, ...]
    signed_by: str
    signed_at: datetime


def open_sealed(
    sealed: bytes,
    *,
    key: RecipientKey,
    authority: x509.Certificate,
    at: datetime,
    certificate: x509.Certificate | None = None,
) -> Opened:
    """Return the content of a sealed pack, once decryption, signature and chain have all held.

    Args:   authority: the custodian's, as handed over at enrolment. at: now, aware. certificate: the
            recipient's own; with it, only what was sealed to exactly that certificate opens.
    Raises: SealUnreadable, PartsUnreadable: not a pack. DoesNotHold: one of its kinds: checked, and not so.
    """
    der = sealed_der(sealed)
    if der is None:
        raise SealUnreadable
    content, signer, signed_at = _verified(_decrypted(der, key, certificate))
    if not _may_sign(signer) or signed_at > at + CLOCKS_DIFFER_BY:
        raise SignedByStranger
    if not all(is_vouched_for(signer, [authority], moment) for moment in (signed_at, at)):
        raise SignedByStranger
    return Opened(parts=decompose(content), signed_by=signer.subject.rfc4514_string(), signed_at=signed_at)


def _decrypted(der: bytes, key: RecipientKey, certificate: x509.Certificate | None) -> bytes:
    """Return the decrypted entity, of whose origin nothing is known yet.

    Raises: SealUnreadable: not a message of ours. NotForThisKey: no content key opens, or the tag does not hold.
    """
    if message_kind(der) == machine_syntax.IS_AUTHENTICATED:
        try:
            entity = open_closed(der, key, certificate)
        except ValueError:
            raise SealUnreadable from None
        if entity is None:
            raise NotForThisKey
        return entity
    if not isinstance(key, rsa.RSAPrivateKey):
        raise NotForThisKey
    return _decrypted_mail(der, key, certificate)


def _decrypted_mail(der: bytes, key: rsa.RSAPrivateKey, certificate: x509.Certificate | None) -> bytes:
    """Return the entity of a message for mail programs, of which nothing is known yet.

    Raises: as `_decrypted`.
    """
    try:
        message = asn1.decode_der(syntax.EnvelopedMessage, der)
    except ValueError:
        raise SealUnreadable from None
    encrypted, closed_keys = message.content.encrypted, message.content.recipients.as_list()
    kinds = (message.kind, encrypted.kind, encrypted.cipher.algorithm)
    if kinds != (syntax.IS_ENVELOPED, syntax.IS_CONTENT, syntax.AES256_CBC) or message.content.version != 0:
        raise SealUnreadable
    if any(closed.version != 0 or closed.algorithm.algorithm != syntax.RSA for closed in closed_keys):
        raise SealUnreadable
    for closed in closed_keys:
        if certificate is None or syntax.is_of(closed.recipient, certificate):
            found = _opened_with(key, closed, encrypted)
            if found is not None:
                return found
    raise NotForThisKey


def _opened_with(
    key: rsa.RSAPrivateKey, closed: syntax.KeyTransport, encrypted: syntax.EncryptedContent
) -> bytes | None:
    """Return the entity that one closed key leads to, or None where it leads nowhere."""
    vector = encrypted.cipher.initial_vector
    try:
        content_key = key.decrypt(closed.closed_key, padding.PKCS1v15())
        if len(content_key) != _KEY_LENGTH or len(vector) != _BLOCK:
            return None
        decryptor = Cipher(AES256(content_key), CBC(vector)).decryptor()
        padded = decryptor.update(encrypted.content) + decryptor.finalize()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        entity = unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        return None
    # A wrong key of the right length decrypts to noise, and a changed block to noise in its place.
    return entity if signed_der(entity) is not None else None


def _verified(entity: bytes) -> tuple[bytes, x509.Certificate, datetime]:
    """Return the content, its signer and the moment of signing, once the signature has held.

    Raises: SignatureDoesNotHold: it has not, or it is of a kind that this program does not write.
    """
    try:
        message = asn1.decode_der(syntax.SignedMessage, signed_der(entity) or b"")
        certificates = message.content.certificates.as_list()
        signers = message.content.signers.as_list()
        content = message.content.signed.content
        if len(certificates) != 1 or len(signers) != 1 or message.kind != syntax.IS_SIGNED:
            raise SignatureDoesNotHold
        signed_at = _signing_time(signers[0], content)
        _must_be_signature_of(certificates[0], signers[0])
    except (ValueError, InvalidSignature):
        raise SignatureDoesNotHold from None
    if message.content.signed.kind != syntax.IS_CONTENT:
        raise SignatureDoesNotHold
    return content, certificates[0], signed_at


def _signing_time(signer: syntax.SignerInfo, content: bytes) -> datetime:
    """Return the stated moment of signing, once the other two attributes fit the content."""
    attributes = {attribute.kind: attribute.values.as_list() for attribute in signer.attributes.as_list()}
    kinds = (syntax.CONTENT_TYPE, syntax.MESSAGE_DIGEST, syntax.SIGNING_TIME)
    if len(signer.attributes.as_list()) != len(kinds) or set(attributes) != set(kinds):
        raise SignatureDoesNotHold
    if any(len(values) != 1 for values in attributes.values()):
        raise SignatureDoesNotHold
    kind, digest, moment = (attributes[kind][0] for kind in kinds)
    if asn1.encode_der(kind) != asn1.encode_der(syntax.IS_CONTENT):
        raise SignatureDoesNotHold
    if asn1.encode_der(digest) != asn1.encode_der(sha256(content).digest()):
        raise SignatureDoesNotHold
    stated: asn1.UTCTime = asn1.decode_der(asn1.UTCTime, asn1.encode_der(moment))
    return stated.as_datetime()


def _must_be_signature_of(certificate: x509.Certificate, signer: syntax.SignerInfo) -> None:
    """Raise unless the signature over the signed attributes is by the certificate's key.

    Raises: InvalidSignature: it is not. SignatureDoesNotHold: another certificate or algorithm is named.
    """
    # The attributes are written anew in their one spelling, so what is verified is what was understood.
    attributes = asn1.encode_der(signer.attributes)
    key, algorithm = certificate.public_key(), signer.algorithm.algorithm
    if not syntax.is_of(signer.signer, certificate) or signer.digest.algorithm != syntax.SHA256:
        raise SignatureDoesNotHold
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm == syntax.ECDSA_SHA256:
        key.verify(signer.signature, attributes, ec.ECDSA(hashes.SHA256()))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm == syntax.RSA:
        key.verify(signer.signature, attributes, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise SignatureDoesNotHold


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = key_usage(certificate)
    return usage is not None and usage.digital_signature and may_be_used_for_mail(certificate)
