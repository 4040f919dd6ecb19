"""The keys that wrap the keys of cases: one a month, beside the database and never in it.

A database keeps deleted bytes longer than it says: in free pages, in the log of writes, in archives of that log, in
replicas, in copies. What it keeps of a case's key is of no use without the month's key, and that is one small file:
when the last case of a month is destroyed, the file goes, and with it every such copy (docs/decisions/0064).

Rules of the module:
- `epoch-keys/2017-03` wraps the keys of the cases opened in that month; `epoch-keys/standing` those of what outlives
  cases (organisations, agreements, officers), and never goes.
- A wrapped key is bound to its reference and its epoch: it opens in no other row.
- A file is whole, durable and for its owner's eyes only before anything is wrapped with it, and is never replaced.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from privity.errors import Unavailable
from privity.ledger.commitment import KEY_LENGTH

STANDING = "standing"
NONCE_LENGTH = 12
_EPOCH = re.compile(r"standing|[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_OF_CASES = "PRV-"


class KeyNotOpened(Unavailable):
    """A case's key is there and does not open."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "the key of a case was not opened",
            why=why,
            next_step="restore the folder `epoch-keys` of the data directory, and run `privity audit`",
        )


class EpochKeyMissing(KeyNotOpened):
    """There is no key for the epoch a row names."""


def epoch_of(reference: str, at: datetime) -> str:
    """Return the epoch whose key wraps the key of something that begins at a moment."""
    return f"{at:%Y-%m}" if reference.startswith(_OF_CASES) else STANDING


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """The epoch keys in one folder."""

    folder: Path
    _opened: dict[str, AESGCM] = field(default_factory=dict, repr=False, compare=False)

    def wrap(self, epoch: str, reference: str, key: bytes) -> bytes:
        """Return a key wrapped for one row; the epoch's key is made where there is none.

        Raises: Unavailable: the folder refused.
        """
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + self._key(epoch, make=True).encrypt(nonce, key, _bound(epoch, reference))

    def unwrap(self, epoch: str, reference: str, kept: bytes) -> bytes:
        """Return the key a row keeps.

        Raises: EpochKeyMissing: there is no such epoch, or its key is gone. KeyNotOpened: it was wrapped for another
                row, or was altered.
        """
        opener = self._key(epoch, make=False)
        try:
            return opener.decrypt(kept[:NONCE_LENGTH], kept[NONCE_LENGTH:], _bound(epoch, reference))
        except (InvalidTag, ValueError):
            raise KeyNotOpened("it was wrapped for another case, or was altered") from None

    def epochs(self) -> tuple[str, ...]:
        """Return the epochs there is a key for, oldest first, the standing one left out."""
        names = (path.name for path in self.folder.glob("*-*"))
        return tuple(sorted(name for name in names if _EPOCH.fullmatch(name) and name != STANDING))

    def destroy(self, epoch: str) -> None:
        """Overwrite an epoch's key and remove it, and return when both are on the disk.

        Raises: Unavailable: the folder refused.
        """
        self._opened.pop(epoch, None)
        place = self.folder / epoch
        try:
            handle = os.open(place, os.O_WRONLY)
            try:
                os.pwrite(handle, os.urandom(KEY_LENGTH), 0)
                os.fsync(handle)
            finally:
                os.close(handle)
            place.unlink()
            _wait_for(self.folder)
        except OSError as refusal:
            raise _refused("an epoch's key was not destroyed", refusal) from refusal

    def _key(self, epoch: str, *, make: bool) -> AESGCM:
        # A key that was destroyed meanwhile, by another process, must not live on in this one. Every act asks, and a
        # `Path` takes several times as long as the question.
        known = self._opened.get(epoch)
        if known is not None and os.access(f"{self.folder}/{epoch}", os.F_OK):
            return known
        place = self.folder / epoch
        if not _EPOCH.fullmatch(epoch) or not place.exists():
            self._opened.pop(epoch, None)
            if not make:
                raise EpochKeyMissing("the key of its epoch is not there")
            self._make(place)
        self._opened[epoch] = AESGCM(_read(place))
        return self._opened[epoch]

    def _make(self, place: Path) -> None:
        """Make an epoch's key; whoever comes second uses the first one's."""
        # A draft of its own for each: two threads with one would write two keys into what is already linked.
        draft = place.with_name(f".{place.name}.{token_hex(8)}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, os.urandom(KEY_LENGTH))
                os.fsync(handle)
            finally:
                os.close(handle)
            with suppress(FileExistsError):
                os.link(draft, place)
            draft.unlink()
            _wait_for(self.folder)
            _wait_for(self.folder.parent)
        except OSError as refusal:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _refused("nothing was recorded", refusal) from refusal


def epoch_keys() -> EpochKeys:
    """Return the epoch keys of the data directory this process has open."""
    folder: Path = settings.EPOCH_KEYS
    keys = _OPEN.get("keys")
    if keys is None or (keys.folder is not folder and keys.folder != folder):
        keys = _OPEN["keys"] = EpochKeys(folder)
    return keys


_OPEN: dict[str, EpochKeys] = {}


def _bound(epoch: str, reference: str) -> bytes:
    return f"privity/case-key/{epoch}/{reference}".encode()


def _read(place: Path) -> bytes:
    try:
        found = place.read_bytes()
    except OSError as refusal:
        raise KeyNotOpened(f"the key of its epoch does not open ({(refusal.strerror or 'refused').lower()})") from None
    if len(found) != KEY_LENGTH:
        raise KeyNotOpened("the key of its epoch is not whole")
    return found


def _wait_for(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(what: str, refusal: OSError) -> Unavailable:
    return Unavailable(
        what,
        why=f"the folder `epoch-keys` refused ({(refusal.strerror or 'no reason given').lower()})",
        next_step="make room or put its rights in order, and try again",
    )
