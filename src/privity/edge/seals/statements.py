"""A requester's signed mail: what it says, once an enrolled certificate is shown to have signed it.

Rules of the module:
- The signer is known by the SHA-256 of a certificate that two people enrolled for statements. A certificate that
  comes with the mail proves nothing by coming with it.
- Both forms mail programs write are read: the content inside the signature, or in the part before it.
- Nothing of the content is given out before the signature has held over exactly those bytes.

Source: RFC 8551 sections 3.5.2 (inside) and 3.5.3 (before); RFC 5652 section 5.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from privity.edge.seals import syntax
from privity.edge.seals.certificates import fingerprint, key_usage
from privity.errors import Mistaken

LONGEST_MAIL = 1_000_000
RSA_SHA256 = x509.ObjectIdentifier("1.2.840.113549.1.1.11")
_BOUNDARY = re.compile(rb"(?:^|\r\n)--%s(?:--)?[ \t]*(?:\r\n|$)")
STATEMENT_FILE = "destruction.json"


class StatementRefused(Mistaken):
    """The mail is not a statement an enrolled certificate signed. Nothing of it is used or repeated."""

    exit_code = 1

    def __init__(self, why: str) -> None:
        super().__init__(
            "the signed mail was not taken",
            why=why,
            next_step="sign it with the certificate enrolled for statements, as docs/how-to/send-and-collect.md shows",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """What was signed, and by which enrolled certificate. The representation hides the content."""

    content: bytes
    signer_sha256: str
    signed_at: datetime | None

    def __repr__(self) -> str:
        return f"SignedStatement(by {self.signer_sha256[:16]})"


def read_signed_mail(mail: bytes, enrolled: Mapping[str, x509.Certificate], at: datetime) -> SignedStatement:
    """Return what an enrolled signer signed.

    Args:   enrolled: pin to certificate, of those enrolled for statements and not revoked. at: now, aware.
    Raises: StatementRefused: not signed mail, signed by a stranger or out of date, or changed since.
    """
    if len(mail) > LONGEST_MAIL:
        raise StatementRefused("it is too long to be a confirmation")
    normal = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    outer = message_from_bytes(normal)
    if outer.get_content_type() == "multipart/signed":
        entity, der = _parts(normal, str(outer.get_boundary("")).encode())
        certificates, signers, content = _detached(der, entity)
    elif outer.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        certificates, signers, content = _inside(_from_base64(str(outer.get_payload()).encode()))
    else:
        raise StatementRefused("it is not signed mail (S/MIME)")
    return _verified(certificates, signers, content, enrolled, at)


def statement_in(entity: bytes) -> bytes:
    """Return the confirmation in a signed entity: the attached `destruction.json`, or the text itself.

    Raises: StatementRefused: there is neither.
    """
    message = message_from_bytes(entity)
    texts: list[bytes] = []
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_filename() == STATEMENT_FILE or part.get_content_type() == "application/json":
            return content
        if part.get_content_type() == "text/plain":
            texts.append(content)
    if len(texts) != 1:
        raise StatementRefused(f"it holds no `{STATEMENT_FILE}` and not exactly one text")
    return texts[0]


_Signed = tuple[list[x509.Certificate], list[syntax.SignerInfo], bytes]


def _inside(der: bytes) -> _Signed:
    try:
        message = asn1.decode_der(syntax.SignedMessage, der)
    except ValueError:
        raise StatementRefused("its signature is of a form this program does not read") from None
    content = message.content
    if message.kind != syntax.IS_SIGNED or content.signed.kind != syntax.IS_CONTENT:
        raise StatementRefused("it is not signed mail (S/MIME)")
    return content.certificates.as_list(), content.signers.as_list(), content.signed.content


def _detached(der: bytes, entity: bytes) -> _Signed:
    try:
        message = asn1.decode_der(syntax.DetachedMessage, der)
    except ValueError:
        raise StatementRefused("its signature is of a form this program does not read") from None
    if message.kind != syntax.IS_SIGNED or message.content.signed.kind != syntax.IS_CONTENT:
        raise StatementRefused("it is not signed mail (S/MIME)")
    return message.content.certificates.as_list(), message.content.signers.as_list(), entity


def _parts(mail: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """Return the signed part of a mail exactly as it stands, and the signature that follows it.

    A parser would give the part in its own spelling, and a signature is over the bytes.
    """
    between = re.split(_BOUNDARY.pattern % re.escape(boundary), mail) if boundary else []
    if len(between) < 3:
        raise StatementRefused("its parts are not in order")
    signature = message_from_bytes(between[2])
    return between[1], _from_base64(str(signature.get_payload()).encode())


def _from_base64(text: bytes) -> bytes:
    try:
        return b64decode(b"".join(text.split()), validate=True)
    except ValueError:
        raise StatementRefused("its signature is not in base64") from None


def _verified(
    certificates: list[x509.Certificate],
    signers: list[syntax.SignerInfo],
    content: bytes,
    enrolled: Mapping[str, x509.Certificate],
    at: datetime,
) -> SignedStatement:
    if len(signers) != 1:
        raise StatementRefused("it is signed by more than one, or by nobody")
    (signer,) = signers
    named = [one for one in enrolled.values() if syntax.is_of(signer.signer, one)]
    if len(named) != 1:
        raise StatementRefused("its signer's certificate is not one that two people enrolled for statements")
    certificate = named[0]
    usage = key_usage(certificate)
    if usage is None or not usage.digital_signature:
        raise StatementRefused("its signer's certificate is not for signing")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise StatementRefused("its signer's certificate is out of date")
    attributes = {one.kind: one.values.as_list() for one in signer.attributes.as_list()}
    stated = attributes.get(syntax.MESSAGE_DIGEST, [])
    if len(stated) != 1 or asn1.encode_der(stated[0]) != asn1.encode_der(sha256(content).digest()):
        raise StatementRefused("it was changed after it was signed")
    if signer.digest.algorithm != syntax.SHA256:
        raise StatementRefused("its digest is not SHA-256")
    try:
        _must_hold(certificate, signer)
    except InvalidSignature:
        raise StatementRefused("its signature does not hold") from None
    return SignedStatement(content=content, signer_sha256=fingerprint(certificate), signed_at=_signed_at(attributes))


def _must_hold(certificate: x509.Certificate, signer: syntax.SignerInfo) -> None:
    """Raise unless the certificate's key signed the attributes.

    Raises: InvalidSignature: it did not, or not in a way that is read here.
    """
    attributes = asn1.encode_der(signer.attributes)
    key, algorithm = certificate.public_key(), signer.algorithm.algorithm
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm == syntax.ECDSA_SHA256:
        key.verify(signer.signature, attributes, ec.ECDSA(hashes.SHA256()))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm in (syntax.RSA, RSA_SHA256):
        key.verify(signer.signature, attributes, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise InvalidSignature


def _signed_at(attributes: Mapping[x509.ObjectIdentifier, list[asn1.TLV]]) -> datetime | None:
    """Return the moment the signer states, if it does. It is the signer's word, and nothing depends on it."""
    stated = attributes.get(syntax.SIGNING_TIME, [])
    if len(stated) != 1:
        return None
    try:
        moment: asn1.UTCTime = asn1.decode_der(asn1.UTCTime, asn1.encode_der(stated[0]))
    except ValueError:
        return None
    return moment.as_datetime()
