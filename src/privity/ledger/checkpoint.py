"""Signed notes and the checkpoint: what the log says of itself, under its key.

Rules of the module:
- A note is text, a blank line, then one line per signature. It is read strictly: one note, one spelling.
- Signatures by keys we do not know are ignored; one by a key we know must hold, or the note is refused.
- Our checkpoints have no extension lines: nobody could audit them. Those of others are read and kept.
- Nothing of a note is believed before a signature has held.
Source: C2SP signed-note, tlog-checkpoint, tlog-cosignature.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from privity.errors import Mistaken
from privity.ledger.merkle import HASH_LENGTH, LARGEST_SIZE, Hash

ED25519 = 1
"""The signature type of a log's own signature."""
COSIGNATURE_V1 = 4
"""The signature type of a witness's timestamped cosignature."""
MOST_SIGNATURES = 100
LONGEST_NOTE = 1_000_000
KEY_ID_LENGTH = 4

_SIGNATURE_LINE = re.compile(r"— (?P<name>[^+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_NAME = re.compile(r"[^+\s\x00-\x1f]+")


class NoteRefused(Mistaken):
    """A note is malformed, unsigned, or signed wrongly. None of its text is to be believed."""

    exit_code = 1

    def __init__(self, why: str) -> None:
        super().__init__(
            "the signed note was not accepted",
            why=why,
            next_step="fetch it again, and check the key you compare with",
        )


class NoteVerifier(Protocol):
    """The public half of a key that signs notes."""

    @property
    def name(self) -> str:
        """Return the key's name; for a log's key, the log's origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        ...

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Return whether `signature` is the key's signature over `message`."""
        ...


class NoteSigner(Protocol):
    """The private half of a key that signs notes."""

    @property
    def name(self) -> str:
        """Return the key's name; for a log's key, the log's origin."""
        ...

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signature lines name the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line, not yet checked."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        _signature_line(self.name, self.key_id, self.signature)

    @property
    def line(self) -> str:
        """Return the line as it stands in a note."""
        return _signature_line(self.name, self.key_id, self.signature).decode()

    def is_by(self, key: NoteVerifier | NoteSigner) -> bool:
        """Return whether the line names `key`, by name and by id."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text ending in a newline, and its signature lines. Holding one proves its form and no signature."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or _CONTROL.search(self.text):
            raise NoteRefused("its text does not end in a newline, or holds control characters")
        if not 1 <= len(self.signatures) <= MOST_SIGNATURES:
            raise NoteRefused(f"it has {len(self.signatures)} signatures and not 1 to {MOST_SIGNATURES}")

    def __bytes__(self) -> bytes:
        return f"{self.text}\n{''.join(signature.line for signature in self.signatures)}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How large a log is and what its root is. `extensions` are lines that only others write."""

    origin: str
    size: int
    root: Hash
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= LARGEST_SIZE or len(self.root) != HASH_LENGTH:
            raise NoteRefused("a checkpoint needs a size below 2**63 and a root of 32 bytes")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise NoteRefused("a checkpoint's origin and further lines are never empty")

    @property
    def body(self) -> str:
        """Return the note text that is signed."""
        further = "".join(f"{line}\n" for line in self.extensions)
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n{further}"


def key_id(name: str, algorithm: int, public_key: bytes) -> bytes:
    """Return the four bytes that name a key in signature lines."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:KEY_ID_LENGTH]


@lru_cache(maxsize=256)
def is_key_name(name: str) -> bool:
    """Return whether a key may be called `name`: not empty, no space, no plus sign, no control character."""
    return _KEY_NAME.fullmatch(name) is not None


def read_note(content: bytes) -> Note:
    """Return a note taken apart, with no signature checked.

    Raises: NoteRefused: the bytes are not the one spelling of a note.
    """
    if len(content) > LONGEST_NOTE:
        raise NoteRefused(f"it is longer than {LONGEST_NOTE} bytes")
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise NoteRefused("it is not UTF-8") from None
    above, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise NoteRefused("it has no blank line before its signatures, or does not end in a newline")
    lines = below[:-1].split("\n")
    return Note(text=above + "\n", signatures=tuple(_read_signature(line) for line in lines))


def open_note(content: bytes, verifiers: Sequence[NoteVerifier]) -> Note:
    """Return a note that at least one known key has signed.

    Raises: NoteRefused: malformed; no known key signed it; a known key's signature does not hold.
    """
    note = read_note(content)
    if not any(_has_signed(verifier, note) for verifier in verifiers):
        names = ", ".join(f"`{verifier.name}+{verifier.key_id.hex()}`" for verifier in verifiers)
        raise NoteRefused(f"no signature on it is by {names or 'a known key'}")
    return note


def sign_note(text: str, signers: Sequence[NoteSigner]) -> bytes:
    """Return `text` as a note signed by each signer in turn.

    What is checked is what `Note` and `NoteSignature` check, on the text itself: every act signs one.
    Raises: NoteRefused: no signer, or a text that is no note text.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteRefused("its text does not end in a newline, or holds control characters")
    if not 1 <= len(signers) <= MOST_SIGNATURES:
        raise NoteRefused(f"it has {len(signers)} signatures and not 1 to {MOST_SIGNATURES}")
    message = text.encode()
    lines = [_signature_line(signer.name, signer.key_id, signer.sign(message)) for signer in signers]
    return b"".join((message, b"\n", *lines))


def _signature_line(name: str, named_by: bytes, signature: bytes) -> bytes:
    if len(named_by) != KEY_ID_LENGTH or not signature or not is_key_name(name):
        raise NoteRefused("a signature line has no proper key name, key id or signature")
    return b"\xe2\x80\x94 %b %b" % (name.encode(), b2a_base64(named_by + signature))  # a dash, and a newline at its end


def read_body(text: str) -> Checkpoint:
    """Return the checkpoint a note text states. It is worth what the note's signatures are worth.

    Raises: NoteRefused: the text is not the one spelling of a checkpoint.
    """
    lines = text.split("\n")[:-1]
    if len(lines) < 3:
        raise NoteRefused("a checkpoint has at least three lines")
    origin, size, root, *extensions = lines
    if not _DECIMAL.fullmatch(size):
        raise NoteRefused("the size on its second line is not a plain whole number")
    checkpoint = Checkpoint(origin=origin, size=int(size), root=_from_base64(root), extensions=tuple(extensions))
    if checkpoint.body != text:
        raise NoteRefused("its text is not the one spelling of a checkpoint")
    return checkpoint


def open_checkpoint(content: bytes, log: NoteVerifier) -> Checkpoint:
    """Return the checkpoint that the log's own key has signed for the log's own origin.

    Raises: NoteRefused: malformed, not signed by the log, or about another log.
    """
    checkpoint = read_body(open_note(content, [log]).text)
    if checkpoint.origin != log.name:
        raise NoteRefused(f"it speaks of another log than the key's own, `{log.name}`")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[NoteSigner]) -> bytes:
    """Return the checkpoint as a signed note.

    Raises: NoteRefused: no signer.
    """
    return sign_note(checkpoint.body, signers)


def _has_signed(verifier: NoteVerifier, note: Note) -> bool:
    lines = [line for line in note.signatures if line.is_by(verifier)]
    if len(lines) > 1:
        raise NoteRefused(f"`{verifier.name}` stands on it more than once")
    if lines and not verifier.verifies(note.text.encode(), lines[0].signature):
        raise NoteRefused(f"the signature of `{verifier.name}` does not hold: the text or the signature was changed")
    return bool(lines)


def _read_signature(line: str) -> NoteSignature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if not found:
        raise NoteRefused("a signature line does not have the form `— name signature`")
    signature = _from_base64(found["signature"])
    return NoteSignature(name=found["name"], key_id=signature[:KEY_ID_LENGTH], signature=signature[KEY_ID_LENGTH:])


def _base64(given: bytes) -> str:
    return b2a_base64(given, newline=False).decode()


def _from_base64(text: str) -> bytes:
    """Return what `text` spells; refuse other spellings of the same bytes, and other alphabets."""
    try:
        found = b64decode(text.encode(), validate=True)
    except NotBase64:
        raise NoteRefused("it holds text that is not base64") from None
    if _base64(found) != text:
        raise NoteRefused("it holds base64 in another spelling than the one")
    return found
