"""Small secrets at rest: enciphered under a key made from the instance's own, and bound to whose they are."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privity.errors import Unavailable

NONCE = 12


@dataclass(frozen=True, slots=True)
class Cipher:
    """Enciphers and opens. A copy of the database alone opens nothing: the key lies in another file."""

    secret: str = field(repr=False)

    def close(self, text: str, *, of: str) -> str:
        """Return a text enciphered for one owner."""
        nonce = os.urandom(NONCE)
        return b64encode(nonce + self._key().encrypt(nonce, text.encode(), of.encode())).decode()

    def open(self, closed: str, *, of: str) -> str:
        """Return what was enciphered for this owner.

        Raises: Unavailable: another owner's, another instance's, or not whole.
        """
        try:
            raw = b64decode(closed, validate=True)
            return self._key().decrypt(raw[:NONCE], raw[NONCE:], of.encode()).decode()
        except (InvalidTag, NotBase64, ValueError) as wrong:
            raise Unavailable(
                "a second factor was not read",
                why="it was enciphered under another secret key, or the database was altered",
                next_step="restore `secret-key`, or have two administrators reset the credentials",
            ) from wrong

    def _key(self) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"privity/second-factor/v1")
        return AESGCM(derived.derive(self.secret.encode()))
