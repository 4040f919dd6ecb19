"""What everybody may see of the ledger, as it was published: its cadence, its checkpoint, its hash tiles.

Rules of the module:
- Pages serve what `edge.wiring.publishing` wrote, byte for byte. The size of the ledger as it stands inside is nowhere
  in reach, so no page can tell it.
- The cadence is written once. A second one is refused, because a change would show.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime

from privity.edge.settings.places import DataDirectory
from privity.edge.tiles.directory import public_file
from privity.errors import Mistaken, Unavailable
from privity.ledger.cadence import Cadence
from privity.ledger.checkpoint import Checkpoint, read_body, read_note
from privity.ledger.tiles import CHECKPOINT

HOURS, ENTRIES = 24, 2048
"""What a ledger is published by where nobody chose: above the reported year 2016 (docs/decisions/0062, 0123)."""


@dataclass(frozen=True, slots=True)
class PublicLedger:
    """The published ledger of one data directory."""

    data: DataDirectory

    def file(self, name: str) -> bytes | None:
        """Return the checkpoint or a hash tile, or None where nothing of that name is public.

        Raises: FolderUnreadable: it is there and does not open.
        """
        return public_file(self.data.public_ledger, name)

    def checkpoint(self) -> Checkpoint | None:
        """Return what the published checkpoint says, or None before the first publication.

        Raises: NoteRefused: it is none. FolderUnreadable: it does not open.
        """
        note = self.file(CHECKPOINT)
        return None if note is None else read_body(read_note(note).text)

    def cadence(self) -> Cadence | None:
        """Return the cadence in use, or None before the first publication.

        Raises: Unavailable: it is written and cannot be read.
        """
        try:
            stated = json.loads(self.data.ledger_cadence.read_text(encoding="ascii"))
            return Cadence(
                begins=datetime.fromisoformat(stated["begins"]),
                hours=stated["hours"],
                entries=stated["entries"],
                first=stated.get("first", 0),
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, Mistaken) as refusal:
            raise Unavailable(
                "nothing was published, and nothing sealed",
                why="the ledger's cadence is written and cannot be read",
                next_step="restore `ledger-cadence.json` from a copy of the data directory",
            ) from refusal

    def settled_cadence(self, *, hours: int | None, entries: int | None, first: int, now: datetime) -> Cadence:
        """Return the cadence in use; the first time, the one asked for, counted from now, written before it is used.

        Args:   hours, entries: what is asked for; None for whatever is in use.
                first: what is public from the beginning, heeded the first time only.
        Raises: Mistaken: another cadence than the one in use. Unavailable: the one in use cannot be read.
        """
        known = self.cadence()
        if known is None:
            begins = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            known = Cadence(begins=begins, hours=_or(hours, HOURS), entries=_or(entries, ENTRIES), first=first)
            self._write(known)
            return known
        if (_or(hours, known.hours), _or(entries, known.entries)) != (known.hours, known.entries):
            raise Mistaken(
                "nothing was published",
                why=f"this ledger is published with {known.entries} entries every {known.hours} hours",
                next_step="keep to that: a change of cadence would show in public",
            )
        return known

    def _write(self, cadence: Cadence) -> None:
        """Write the cadence whole or not at all."""
        stated = {"begins": cadence.begins.isoformat(), "hours": cadence.hours, "entries": cadence.entries}
        stated |= {"first": cadence.first} if cadence.first else {}
        staged = self.data.ledger_cadence.with_suffix(".new")
        with staged.open("w", encoding="ascii") as file:
            file.write(json.dumps(stated, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        staged.replace(self.data.ledger_cadence)


def _or(asked: int | None, otherwise: int) -> int:
    return otherwise if asked is None else asked
