"""Keys that cosign: a witness's Ed25519 key, and the log's optional second key, ML-DSA-44.

    signing key     PRIVATE+KEY+NAME+KEYID+BASE64(type || seed), type 4 or 6

Rules of the module:
- The second key says what the first says, in a way that a quantum computer could not forge; it never replaces it.
- A key never shows itself, in a representation or in a message.
"""

from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from privity.edge.seals.note_keys import SEED_LENGTH, NoteKeyRefused, NoteVerifierKey, read_private_key
from privity.ledger.checkpoint import COSIGNATURE_V1, is_key_name
from privity.ledger.cosignature import COSIGNATURE_ML_DSA_44

COSIGNATURES = (COSIGNATURE_V1, COSIGNATURE_ML_DSA_44)


@dataclass(frozen=True, slots=True, kw_only=True)
class CosigningKey:
    """The private half of a key that cosigns, made from 32 random bytes."""

    name: str
    seed: bytes
    algorithm: int = COSIGNATURE_ML_DSA_44

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.seed) != SEED_LENGTH or self.algorithm not in COSIGNATURES:
            raise NoteKeyRefused("cosigning key", f"it needs a name, a type that cosigns, and {SEED_LENGTH} bytes")

    def __repr__(self) -> str:
        return f"CosigningKey({self.name}, hidden)"

    @property
    def verifier(self) -> NoteVerifierKey:
        """Return the public half."""
        return NoteVerifierKey(
            name=self.name, public_key=self._key().public_key().public_bytes_raw(), algorithm=self.algorithm
        )

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        return self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        return self._key().sign(message)

    def guarded_text(self) -> str:
        """Return the text to keep secret."""
        key = b64encode(bytes([self.algorithm]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.key_id.hex()}+{key}"

    def _key(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.algorithm == COSIGNATURE_V1:
            return Ed25519PrivateKey.from_private_bytes(self.seed)
        return MLDSA44PrivateKey.from_seed_bytes(self.seed)


def read_cosigning_key(text: str) -> CosigningKey:
    """Return the key a guarded text stands for.

    Raises: NoteKeyRefused: malformed, of a type that does not cosign, or its key id is not its key's.
    """
    name, stated_id, material = read_private_key(text)
    key = CosigningKey(name=name, seed=material[1:], algorithm=material[0])
    if key.key_id.hex() != stated_id:
        raise NoteKeyRefused("cosigning key", "its key id is not the one its name and key have")
    return key
