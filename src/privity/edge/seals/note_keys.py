"""Ed25519 keys that sign notes, in the two texts of the C2SP: one to publish, one to guard.

    verifier key    NAME+KEYID+BASE64(type || public key)
    signing key     PRIVATE+KEY+NAME+KEYID+BASE64(type || seed)

Rules of the module:
- A key is made from 32 bytes of the operating system's random source, which the caller passes in.
- A text is read strictly: its key id must be the one its key has.
- A signing key never shows itself, in a representation or in a message.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from privity.errors import Mistaken
from privity.ledger.checkpoint import COSIGNATURE_V1, ED25519, is_key_name, key_id
from privity.ledger.cosignature import COSIGNATURE_ML_DSA_44

SEED_LENGTH = 32
KEY_LENGTHS = {ED25519: 32, COSIGNATURE_V1: 32, COSIGNATURE_ML_DSA_44: 1312}
"""How long the public key of each signature type is."""

_KEY_TEXT = re.compile(r"(?P<private>PRIVATE\+KEY\+)?(?P<name>[^+]+)\+(?P<key_id>[0-9a-f]{8})\+(?P<key>.+)")


class NoteKeyRefused(Mistaken):
    """A key's text is malformed or its parts do not belong together. The message never repeats it."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"the {what} was not accepted", why=why, next_step="copy it again from where it was printed")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerifierKey:
    """The public half: checks a log's signatures, or a witness's cosignatures."""

    name: str
    public_key: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or self.algorithm not in KEY_LENGTHS:
            raise NoteKeyRefused("verifier key", "its name or its type is none that we know")
        if len(self.public_key) != KEY_LENGTHS[self.algorithm]:
            raise NoteKeyRefused("verifier key", f"its key is not {KEY_LENGTHS[self.algorithm]} bytes")

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        return key_id(self.name, self.algorithm, self.public_key)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Return whether `signature` is this key's signature over `message`."""
        try:
            if self.algorithm == COSIGNATURE_ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public_key).verify(signature, message)
                return True
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        """Return the text to publish."""
        key = b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSigningKey:
    """The private half. Its text comes only from `guarded_text`, never from a representation."""

    name: str
    seed: bytes
    _private: Ed25519PrivateKey = field(init=False, repr=False, compare=False)
    _verifier: NoteVerifierKey = field(init=False, repr=False, compare=False)
    _key_id: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.seed) != SEED_LENGTH:
            raise NoteKeyRefused("signing key", f"it needs a name without spaces or `+`, and {SEED_LENGTH} bytes")
        # Derived once: every act signs, and deriving a public key takes as long as signing does.
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        verifier = NoteVerifierKey(name=self.name, public_key=private.public_key().public_bytes_raw())
        object.__setattr__(self, "_private", private)
        object.__setattr__(self, "_verifier", verifier)
        object.__setattr__(self, "_key_id", verifier.key_id)

    def __repr__(self) -> str:
        return f"NoteSigningKey({self.name}, hidden)"

    @property
    def verifier(self) -> NoteVerifierKey:
        """Return the public half."""
        return self._verifier

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        return self._key_id

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over `message`."""
        return self._private.sign(message)

    def guarded_text(self) -> str:
        """Return the text to keep secret."""
        key = b64encode(bytes([ED25519]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.key_id.hex()}+{key}"


def read_verifier_key(text: str) -> NoteVerifierKey:
    """Return the key a published text stands for.

    Raises: NoteKeyRefused: malformed, of another type, or its key id is not its key's.
    """
    name, stated_id, material = _read("verifier key", text, private=False)
    key = NoteVerifierKey(name=name, public_key=material[1:], algorithm=material[0])
    if key.key_id.hex() != stated_id:
        raise NoteKeyRefused("verifier key", "its key id is not the one its name and key have")
    return key


def read_signing_key(text: str) -> NoteSigningKey:
    """Return the key a guarded text stands for.

    Raises: NoteKeyRefused: malformed, not Ed25519, or its key id is not its key's.
    """
    name, stated_id, material = _read("signing key", text, private=True)
    if material[0] != ED25519:
        raise NoteKeyRefused("signing key", "it is not an Ed25519 key")
    key = NoteSigningKey(name=name, seed=material[1:])
    if key.key_id.hex() != stated_id:
        raise NoteKeyRefused("signing key", "its key id is not the one its name and key have")
    return key


def _read(what: str, text: str, *, private: bool) -> tuple[str, str, bytes]:
    found = _KEY_TEXT.fullmatch(text.strip())
    if not found or bool(found["private"]) != private:
        raise NoteKeyRefused(what, f"it does not have the form of a {what}")
    try:
        material = b64decode(found["key"].encode(), validate=True)
    except NotBase64:
        raise NoteKeyRefused(what, "its key is not base64") from None
    wanted = SEED_LENGTH if private else KEY_LENGTHS.get(material[0] if material else 0, SEED_LENGTH)
    if len(material) != wanted + 1 or b64encode(material).decode() != found["key"]:
        raise NoteKeyRefused(what, f"its key is not a type and {wanted} bytes in plain base64")
    return found["name"], found["key_id"], material


def read_private_key(text: str) -> tuple[str, str, bytes]:
    """Return name, stated key id, and type and seed of a guarded text, with nothing compared.

    Raises: NoteKeyRefused: malformed.
    """
    return _read("signing key", text, private=True)
