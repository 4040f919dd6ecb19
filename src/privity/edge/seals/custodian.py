"""The custodian as a signer: its certificate and the key that belongs to it."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from privity.edge.seals.certificates import SMALLEST_RSA_KEY, key_usage, may_be_used_for_mail
from privity.errors import Mistaken, Unavailable

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class CustodianCannotSign(Unavailable):
    """The custodian's own certificate is not valid now: every release parks."""

    def __init__(self, certificate: x509.Certificate, at: datetime) -> None:
        super().__init__(
            "nothing was sealed",
            why=f"the custodian's certificate holds from `{certificate.not_valid_before_utc:%Y-%m-%d}` to "
            f"`{certificate.not_valid_after_utc:%Y-%m-%d}`, and it is `{at:%Y-%m-%d}`",
            next_step="install the custodian's new certificate; releases wait until then",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    """Who signs every pack. Holding one proves that key and certificate belong together and may sign.

    Raises: Mistaken: they do not belong together, or the certificate is not for signing mail.
    """

    certificate: x509.Certificate
    key: SigningKey

    def __post_init__(self) -> None:
        usage = key_usage(self.certificate)
        if self.certificate.public_key() != self.key.public_key():
            raise _unfit("its key belongs to another certificate")
        if usage is None or not usage.digital_signature or not may_be_used_for_mail(self.certificate):
            raise _unfit("it is not for signing mail (key usage `digitalSignature`)")
        if isinstance(self.key, rsa.RSAPrivateKey) and self.key.key_size < SMALLEST_RSA_KEY:
            raise _unfit(f"its RSA key is shorter than {SMALLEST_RSA_KEY} bits")
        if isinstance(self.key, ec.EllipticCurvePrivateKey) and not isinstance(self.key.curve, ec.SECP256R1):
            raise _unfit("its curve is not P-256")

    def __repr__(self) -> str:
        return f"Custodian({self.certificate.subject.rfc4514_string()})"

    @property
    def longest_signature(self) -> int:
        """Return the most bytes a signature takes: two 33-byte integers in DER, or the modulus."""
        return self.key.key_size // 8 if isinstance(self.key, rsa.RSAPrivateKey) else 72

    def must_be_valid(self, at: datetime) -> None:
        """Raise unless the certificate is valid at `at`.

        Raises: CustodianCannotSign: it is not.
        """
        if not self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc:
            raise CustodianCannotSign(self.certificate, at)

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`, with SHA-256."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


def _unfit(why: str) -> Mistaken:
    return Mistaken(
        "the custodian's certificate was not accepted",
        why=why,
        next_step="give the signing certificate and the key it was issued for",
    )
