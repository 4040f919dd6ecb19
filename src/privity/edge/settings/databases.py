"""Which database an instance lives in: a file in its folder, or PostgreSQL where `PRIVITY_DB` names one.

    postgres://USER:PASSWORD@HOST:PORT/NAME        over a network; add ?sslmode=verify-full&sslrootcert=FILE
    postgres:///NAME?host=/FOLDER                  over a socket on this machine

The rest of the data directory (keys, register, spool) stays where it is.
"""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from privity.errors import Mistaken

# Every commit reaches the disk before it is acknowledged (synchronous=FULL), and a deleted key leaves no
# copy in free pages (secure_delete). One act is one IMMEDIATE transaction.
SQLITE_OPENING = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=8000; PRAGMA journal_size_limit=67108864;"
    " PRAGMA cache_size=-64000;"
)
KEPT_READY = 512
"""Statements SQLite keeps taken apart for the next time. An instance sends some three hundred different ones."""
POSTGRESQL_OPENING = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed"
SCHEMES = ("postgres", "postgresql")


def database_settings(url: str, file: Path) -> dict[str, object]:
    """Return Django's settings for the database.

    Args:   url: empty for the file.
    Raises: Mistaken: the address is none. The message never repeats it: it may hold a password.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            "CONN_MAX_AGE": None,
            "ATOMIC_REQUESTS": False,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": SQLITE_OPENING,
                "cached_statements": KEPT_READY,
            },
        }
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or not name or "/" in name:
        raise Mistaken(
            "the database was not opened",
            why="the address does not have the form `postgres://USER@HOST/NAME`",
            next_step="correct `--db` or `PRIVITY_DB`, or leave it out to use the file in the data directory",
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"options": POSTGRESQL_OPENING, **options},
    }
