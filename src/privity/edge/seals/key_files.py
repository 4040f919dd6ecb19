"""Keys and certificates as PEM files. A private key is written for its owner alone and never overwritten."""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from privity.edge.seals.custodian import Custodian, SigningKey
from privity.edge.seals.machine_seal import RecipientKey
from privity.errors import Mistaken, Unavailable

CERTIFICATE_FILE = "certificate.pem"
KEY_FILE = "key.pem"
PrivateKey = SigningKey
Passphrase = Callable[[], bytes]
"""Asks for the passphrase of a protected key; called only when a key turns out to be protected."""


def write_key(path: Path, key: PrivateKey) -> None:
    """Write a private key that only its owner can read (PKCS #8, not encrypted).

    Raises: Mistaken: the file is already there.
    """
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Mistaken(
            f"no key was written to `{path.name}`",
            why="there is a file of that name, and a key is never overwritten",
            next_step="move the old key away first, if it is not needed any more",
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def write_certificate(path: Path, certificate: x509.Certificate) -> None:
    """Write a certificate, for anybody to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(certificate.public_bytes(Encoding.PEM))


def read_key(path: Path, passphrase: Passphrase | None = None) -> PrivateKey:
    """Return the private key in a PEM file.

    Raises: Unavailable: it cannot be read. Mistaken: no key of a known kind, or the passphrase fails.
    """
    content = _content(path)
    try:
        key: object = load_pem_private_key(content, password=None)
    except TypeError:
        # The library's way of saying that the key is protected.
        key = _unlocked(path, content, passphrase)
    except ValueError:
        raise _no_key(path, "it is not a private key in PEM form") from None
    if not isinstance(key, PrivateKey):
        raise _no_key(path, "its key is neither RSA nor on an elliptic curve")
    return key


def read_recipient_key(path: Path, passphrase: Passphrase | None = None) -> RecipientKey:
    """Return the private key that opens packs.

    Raises: as `read_key`, and Mistaken: it is neither RSA nor on P-256.
    """
    key = read_key(path, passphrase)
    if isinstance(key, ec.EllipticCurvePrivateKey) and not isinstance(key.curve, ec.SECP256R1):
        raise _no_key(path, "packs are sealed to RSA and P-256 keys and this is another kind")
    return key


def read_revocations(path: Path) -> x509.CertificateRevocationList:
    """Return the revocation list in a file, in PEM or DER form.

    Raises: Unavailable: it cannot be read. Mistaken: it is no such list.
    """
    content = _content(path)
    try:
        if content.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_crl(content)
        return x509.load_der_x509_crl(content)
    except ValueError:
        raise Mistaken(
            f"the revocation list in `{path.name}` was not read",
            why="it is not a certificate revocation list",
            next_step="fetch the authority's list again, in PEM or DER form",
        ) from None


def read_certificate(path: Path) -> x509.Certificate:
    """Return the one certificate in a PEM file.

    Raises: Unavailable: it cannot be read. Mistaken: not exactly one certificate is in it.
    """
    try:
        found = x509.load_pem_x509_certificates(_content(path))
    except ValueError:
        found = []
    if len(found) != 1:
        raise Mistaken(
            f"the certificate in `{path.name}` was not read",
            why=f"the file holds {len(found)} certificates in PEM form, and it takes one",
            next_step="give the one certificate alone",
        )
    return found[0]


def read_custodian(folder: Path) -> Custodian:
    """Return the custodian whose `certificate.pem` and `key.pem` lie in `folder`.

    Raises: Unavailable, Mistaken: as `read_key`, `read_certificate` and `Custodian`.
    """
    return Custodian(certificate=read_certificate(folder / CERTIFICATE_FILE), key=read_key(folder / KEY_FILE))


def write_custodian(folder: Path, custodian: Custodian) -> None:
    """Write the custodian's `certificate.pem` and `key.pem` into `folder`.

    Raises: Mistaken: there is a key already.
    """
    write_key(folder / KEY_FILE, custodian.key)
    write_certificate(folder / CERTIFICATE_FILE, custodian.certificate)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"`{path.name}` was not read",
            why=error.strerror or "the system refused",
            next_step="check that the file is there and that you may read it",
        ) from None


def _unlocked(path: Path, content: bytes, passphrase: Passphrase | None) -> object:
    if passphrase is None:
        raise _no_key(path, "it is protected by a passphrase and there is nobody to ask for it")
    try:
        return load_pem_private_key(content, password=passphrase())
    except (ValueError, TypeError):
        raise _no_key(path, "the passphrase does not open it") from None


def _no_key(path: Path, why: str) -> Mistaken:
    return Mistaken(f"the key in `{path.name}` was not read", why=why, next_step="give the PEM file of the private key")
