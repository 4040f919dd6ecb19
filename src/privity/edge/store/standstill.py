"""Whether this instance may write: not after a restore that nobody acknowledged, nor on an older copy of its tables.

Two things bring an instance to a standstill:
    `restored.json` in the data directory   a backup was restored here; what was written after it may be missing
    `ledger-seen` in the data directory     a checkpoint that was signed here, and that the tables do not continue

Rules of the module:
- At a standstill nothing is appended, sealed, sent, traced or released; everything can still be read and checked.
- Only the acknowledgement passes (`passes`), and it must be the first entry of its transaction.
- The file is looked for at each act; the checkpoint is compared before the first act over a connection, and once a
  minute after that.
- What cannot be read counts as a standstill.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from time import monotonic

from django.conf import settings
from django.db import connections

from privity.edge.store.statements import fetch_one
from privity.errors import Unavailable
from privity.ledger.checkpoint import NoteRefused, read_body, read_note
from privity.ledger.entry_kind import EntryKind

MARK, SEEN = "restored.json", "ledger-seen"
NEXT = "two officers say so on the page `/restored/`, or run `privity restore acknowledge`"
COMPARED_HOLDS = 60.0
"""For how many seconds a comparison is believed: two small readings a minute cost no act anything."""
_SELECT_SIZE = "SELECT size FROM log_head WHERE id = 1"
_SELECT_SIGNED = "SELECT note FROM log_checkpoint WHERE size = %s ORDER BY id DESC LIMIT 1"


class StandsStill(Unavailable):
    """The instance writes nothing now."""


def data_directory() -> Path:
    """Return the data directory this process has open."""
    root: Path = settings.DATA_DIRECTORY
    return root


def stands_still(root: Path | None = None) -> bool:
    """Return whether a restore waits here to be acknowledged."""
    return os.access(f"{root or data_directory()}/{MARK}", os.F_OK)  # every act asks, and `Path` takes longer


def must_go_on(what: str) -> None:
    """Raise where this instance writes nothing now.

    Args:   what: what is refused, as a sentence without its end: `nothing was sent`.
    Raises: StandsStill: a restore is not acknowledged, or the tables are an older copy.
    """
    if stands_still():
        raise StandsStill(
            what,
            why="this instance was restored from a backup, and what may be missing since is not acknowledged",
            next_step=NEXT,
        )
    if not _goes_on():
        raise StandsStill(
            what,
            why="the tables are older than, or others than, a checkpoint that was signed in this data directory",
            next_step="keep both; restore by `privity restore` into an empty folder, which begins a log of its own",
        )


def standstill() -> StandsStill | None:
    """Return why nothing is written now, or None where everything is."""
    try:
        must_go_on("nothing was changed")
    except StandsStill as still:
        return still
    return None


def passes(kinds: Sequence[EntryKind]) -> bool:
    """Return whether an act may be written although the instance stands still: the acknowledgement alone."""
    return bool(kinds) and kinds[0] is EntryKind.RESTORE_ACKNOWLEDGED


def keep_in_sight(note: bytes, root: Path | None = None) -> None:
    """Keep a checkpoint of this log beside the tables, so that older tables are noticed. Never a smaller one.

    Raises: OSError: the disk refused.
    """
    place = (root or data_directory()) / SEEN
    try:
        held = read_body(read_note(place.read_bytes()).text)
    except (FileNotFoundError, NoteRefused):
        held = None
    new = read_body(read_note(note).text)
    if held is not None and held.origin == new.origin and held.size >= new.size:
        return
    staged = place.with_name(f"{SEEN}.{os.getpid()}.{get_ident()}")
    with staged.open("wb") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a comparison came to, over which connection, and when by the clock that only runs on."""

    connection: object
    at: float
    goes_on: bool


_COMPARED: dict[tuple[Path, int], _Compared] = {}


def _goes_on() -> bool:
    """Return whether the tables continue the checkpoint, compared anew over every connection and every minute.

    Tables can be put back under a process that lives on, with its connection cut or not.
    """
    root, now = data_directory(), monotonic()
    connection, place = connections["default"].connection, (root, get_ident())
    held = _COMPARED.get(place)
    if held is None or connection is None or held.connection is not connection or now - held.at > COMPARED_HOLDS:
        goes_on = _continues(root / SEEN)
        held = _COMPARED[place] = _Compared(connections["default"].connection, now, goes_on)
    return held.goes_on


def _continues(seen: Path) -> bool:
    """Return whether the tables continue the checkpoint in a file, where there is one.

    Every size that was ever signed has its checkpoint in the tables, so the tables of the same log hold one of that
    size that says the same.
    """
    try:
        held = read_body(read_note(seen.read_bytes()).text)
    except FileNotFoundError:
        return True
    except (OSError, NoteRefused):
        return False
    if held.size == 0:
        return True
    head, signed = fetch_one("default", _SELECT_SIZE), fetch_one("default", _SELECT_SIGNED, [held.size])
    if head is None or signed is None or head[0] < held.size:
        return False
    return read_body(read_note(bytes(signed[0])).text).root == held.root
