"""What a command meets around it, disk, database and memory, told as their refusal and not as a defect of ours.

Rules of the module:
- Nothing is recorded by halves: a transaction that meets any of this is undone by the database.
- Only what the machine did is told here. A statement that the database does not understand stays a defect.
- Django is asked only where it is loaded already: outsiders' commands start without it.
"""

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from privity.errors import Unavailable

WHAT = "the command was not finished"
_DATABASE: Mapping[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("another process is writing to the database", "try again when it has ended"),
    sqlite3.SQLITE_LOCKED: ("another process is using the database", "try again when it has ended"),
    sqlite3.SQLITE_FULL: ("the disk is full", "make room, and run it again"),
    sqlite3.SQLITE_IOERR: ("the disk refused to read or write the database", "see to the disk, and run it again"),
    sqlite3.SQLITE_READONLY: ("the database can only be read", "let whoever runs this write to the data directory"),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", "let whoever runs this into the data directory"),
    sqlite3.SQLITE_PERM: ("the database may not be opened", "let whoever runs this into the data directory"),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", "keep it as it is, and restore a backup beside it"),
    sqlite3.SQLITE_NOTADB: ("the database is damaged", "keep it as it is, and restore a backup beside it"),
    sqlite3.SQLITE_NOMEM: ("there is not enough memory", "give the machine more, or end what uses it"),
}
"""What SQLite's codes mean for whoever runs a command: why, and what to do."""
_PRIMARY = 0xFF
"""SQLite's extended codes carry the plain one in their last eight bits."""


def refusal_of(error: BaseException) -> Unavailable | None:
    """Return what the surroundings refused, or None where the error is our own doing."""
    for one in _causes(error):
        if isinstance(one, sqlite3.Error):
            known = _DATABASE.get((getattr(one, "sqlite_errorcode", None) or 0) & _PRIMARY)
            return Unavailable(WHAT, why=known[0], next_step=known[1]) if known else None
        if isinstance(one, OSError) and one.strerror:
            return Unavailable(
                WHAT, why=f"{one.strerror.lower()}{_named(one)}", next_step="see to it, and run the command again"
            )
        if isinstance(one, MemoryError):
            why, next_step = _DATABASE[sqlite3.SQLITE_NOMEM]
            return Unavailable(WHAT, why=why, next_step=next_step)
    if _is_silent_database(error):
        return Unavailable(
            WHAT,
            why="the database did not answer, or hung up",
            next_step="see that it runs, and try again",
        )
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was raised from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _named(error: OSError) -> str:
    """Return which file it was about, by its name alone."""
    return f" (`{Path(str(error.filename)).name}`)" if error.filename else ""


def _is_silent_database(error: BaseException) -> bool:
    """Return whether a database elsewhere did not answer, by what Django calls it."""
    django_errors = sys.modules.get("django.db.utils")
    silent = (getattr(django_errors, "OperationalError", None), getattr(django_errors, "InterfaceError", None))
    return any(kind is not None and isinstance(error, kind) for kind in silent)
