"""Sealing: a pack becomes one S/MIME message that only its recipient can open.

The steps, in both profiles (disclosure/seal_profile.py):
1. the parts become one MIME entity, padded to one length;
2. the custodian signs it, content inside (SignedData), at the moment given;
3. the result, an S/MIME entity, is encrypted for every checked certificate: for mail programs as EnvelopedData
   (AES-256-CBC), for programs as AuthEnvelopedData (AES-256-GCM, machine_seal.py);
4. that is written as a message with no header that says anything.

CBC alone would let a changed message open to changed text. So nothing here encrypts what is not signed, and
nothing in `opening` shows what was not verified.
"""

from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from privity.disclosure.seal_profile import SealProfile
from privity.edge.seals import machine_seal, machine_syntax, syntax
from privity.edge.seals.certificates import CheckedRecipient
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.parts import Part, base64_lines, compose
from privity.errors import Impossible

SEALED_CONTENT = 20_480
"""Bytes of ciphertext in every pack, whatever it answers: the one bucket. A message of about 28 KB."""
SEALED_WITH_PDF = 98_304
"""The same where the custodian serves PDFs, again whatever a pack answers. A message of about 134 KB."""
COLLATION_CONTENT = 196_608
"""The same for every part of a month's collation, however few its lines. A message of about 270 KB."""

LONGEST_MESSAGE = 1_000_000
"""Bytes. Whatever is longer is no pack."""
SIGNED_HEADER = (
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\n'
    b"Content-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'
)
_SEALED = (
    b"MIME-Version: 1.0\r\n"
    b"Subject: Answer to a disclosure request\r\n"
    b'Content-Type: application/pkcs7-mime; smime-type=%s; name="smime.p7m"\r\n'
    b"Content-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'
)
SEALED_HEADER = _SEALED % b"enveloped-data"
MACHINE_HEADER = _SEALED % b"authEnveloped-data"
_ATTEMPTS = 20
_NO_PARAMETERS = syntax.Algorithm(algorithm=syntax.ECDSA_SHA256, parameters=None)
_WITH_NULL = syntax.Algorithm(algorithm=syntax.RSA, parameters=asn1.Null())
_DIGEST = syntax.Algorithm(algorithm=syntax.SHA256, parameters=asn1.Null())


def seal(
    parts: Sequence[Part],
    *,
    custodian: Custodian,
    recipient: CheckedRecipient,
    at: datetime,
    size: int = SEALED_CONTENT,
) -> bytes:
    """Return the sealed message. All messages sealed for the same certificates are equally long.

    Args:   at: the moment of sealing, which the signature states. size: bytes of ciphertext, 16 times n.
    Raises: CheckTooOld, CustodianCannotSign: the release parks. PackTooLong: the answer does not fit.
    """
    recipient.must_be_fresh(at)
    custodian.must_be_valid(at)
    room, length = _room(custodian, at, size)
    content = compose(parts, room)
    for _ in range(_ATTEMPTS):
        entity = SIGNED_HEADER + base64_lines(_signed(content, custodian, at))
        # An elliptic-curve signature is now and then a byte or two shorter, which base64's groups of three hide.
        # Shorter still, which happens once in some hundred times, would show: then another one is made.
        if len(entity) == length:
            return _written(_closed(entity, recipient))
    raise Impossible("the pack was not sealed", why="its length would not settle", next_step="report this")


def sealed_der(message: bytes) -> bytes | None:
    """Return the CMS bytes of an S/MIME message, or None where it is not one.

    Mail adds headers and changes line ends on the way; the bytes that were sealed come through.
    """
    if len(message) > LONGEST_MESSAGE:
        return None
    arrived = message_from_bytes(message)
    payload = arrived.get_payload()
    if arrived.get_content_type() != "application/pkcs7-mime" or not isinstance(payload, str):
        return None
    try:
        return b64decode("".join(payload.split()), validate=True)
    except ValueError:
        return None


def as_sealed(message: bytes) -> bytes | None:
    """Return a message as `seal` wrote it, whatever mail did to it; None where it is not S/MIME.

    The digest in the ledger is of these bytes.
    """
    der = sealed_der(message)
    return None if der is None else _written(der)


def signed_der(entity: bytes) -> bytes | None:
    """Return the CMS bytes of the signed entity inside, spelled as `seal` does; None where it is not."""
    text = entity.removeprefix(SIGNED_HEADER)
    try:
        found = b64decode(text.replace(b"\r\n", b""), validate=True)
    except ValueError:
        return None
    return found if SIGNED_HEADER + base64_lines(found) == entity else None


def message_kind(der: bytes) -> x509.ObjectIdentifier | None:
    """Return what kind of CMS message the bytes are, or None where they are none."""
    try:
        return asn1.decode_der(machine_syntax.Wrapped, der).kind
    except ValueError:
        return None


def _written(der: bytes) -> bytes:
    """Return a sealed message under the header of its kind."""
    authenticated = message_kind(der) == machine_syntax.IS_AUTHENTICATED
    return (MACHINE_HEADER if authenticated else SEALED_HEADER) + base64_lines(der)


def _room(custodian: Custodian, at: datetime, size: int) -> tuple[int, int]:
    """Return how long the content must be so that the signed entity just fits below `size`, and its length then.

    The signed bytes are made a multiple of three long with the longest signature, so that one shorter by a byte
    or two still comes to the same length in base64.
    """
    trial = bytes(size)
    overhead = len(_assembled(trial, custodian, at, bytes(custodian.longest_signature))) - size
    room = (size - len(SIGNED_HEADER)) * 3 // 4 - overhead
    while len(SIGNED_HEADER) + _base64_length(room + overhead) >= size or (room + overhead) % 3:
        room -= 1
    return room, len(SIGNED_HEADER) + _base64_length(room + overhead)


def _base64_length(count: int) -> int:
    """Return how many bytes `base64_lines` makes of `count` bytes."""
    letters = -(-count // 3) * 4
    return letters + 2 * -(-letters // 76)


def _signed(content: bytes, custodian: Custodian, at: datetime) -> bytes:
    """Return the content signed, as DER."""
    return _assembled(content, custodian, at, None)


def _assembled(content: bytes, custodian: Custodian, at: datetime, trial_signature: bytes | None) -> bytes:
    """Return the signed message as DER; with `trial_signature` in place of a real one, to measure it."""
    attributes = asn1.SetOf(
        [
            _attribute(syntax.CONTENT_TYPE, syntax.IS_CONTENT),
            _attribute(syntax.SIGNING_TIME, asn1.UTCTime(at.replace(microsecond=0))),
            _attribute(syntax.MESSAGE_DIGEST, sha256(content).digest()),
        ]
    )
    signature = trial_signature or custodian.sign(asn1.encode_der(attributes))
    on_curve = isinstance(custodian.key, ec.EllipticCurvePrivateKey)
    signer = syntax.SignerInfo(
        version=1,
        signer=syntax.IssuerAndSerial(
            issuer=syntax.issuer_of(custodian.certificate), serial=custodian.certificate.serial_number
        ),
        digest=_DIGEST,
        attributes=attributes,
        algorithm=_NO_PARAMETERS if on_curve else _WITH_NULL,
        signature=signature,
    )
    return asn1.encode_der(
        syntax.SignedMessage(
            kind=syntax.IS_SIGNED,
            content=syntax.SignedData(
                version=1,
                digests=asn1.SetOf([_DIGEST]),
                signed=syntax.SignedContent(kind=syntax.IS_CONTENT, content=content),
                certificates=asn1.SetOf([custodian.certificate]),
                signers=asn1.SetOf([signer]),
            ),
        )
    )


def _attribute(kind: x509.ObjectIdentifier, value: object) -> syntax.Attribute:
    return syntax.Attribute(kind=kind, values=asn1.SetOf([asn1.decode_der(asn1.TLV, asn1.encode_der(value))]))


def _closed(entity: bytes, recipient: CheckedRecipient) -> bytes:
    """Return the entity encrypted for every certificate of the recipient, as its profile has it, in DER."""
    if recipient.profile is SealProfile.MACHINE:
        return machine_seal.close(entity, recipient.certificates)
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(entity).set_content_encryption_algorithm(AES256)
    for certificate in recipient.certificates:
        builder = builder.add_recipient(certificate)
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
