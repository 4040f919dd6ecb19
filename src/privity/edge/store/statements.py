"""Sending statements to the database as they are written, without the object mapper and its cursors on the way.

Every act comes through here a dozen times, and what Django's cursor does around one statement takes several times what
SQLite does for it. Errors are still Django's own, so nobody who catches one needs to know which way it came.

Rules of the module:
- Statements are ours, never composed from what somebody sent; values stand in `%s` places.
- Nothing here commits, and nothing here opens a transaction.
- What only matters where the database refuses (turning its error into Django's) is done only then.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


def send(alias: str, statement: str, values: Sequence[object] = ()) -> Any:
    """Send one statement and return the database's own cursor, to fetch from or to ask how many rows it changed.

    Raises: django.db.Error: the database refused.
    """
    return send_over(connections[alias], statement, values)


def send_over(connection: BaseDatabaseWrapper, statement: str, values: Sequence[object] = ()) -> Any:
    """Do what `send` does, for whoever sends several: looking a connection up takes as long as a small statement.

    Raises: django.db.Error: the database refused.
    """
    if connection.connection is None:
        connection.ensure_connection()
    try:
        return connection.connection.execute(_spelled(statement, connection.vendor), values)
    except connection.Database.Error:  # type: ignore[attr-defined]  # the stubs leave out the library behind it
        with connection.wrap_database_errors:
            raise


def send_many(alias: str, statement: str, rows: Sequence[Sequence[object]]) -> int:
    """Send one statement once for each row of values; return how many rows of the table that changed.

    Raises: django.db.Error: the database refused.
    """
    if len(rows) == 1:
        return int(send(alias, statement, rows[0]).rowcount)
    connection = connections[alias]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = connection.connection.cursor()
        cursor.executemany(_spelled(statement, connection.vendor), rows)
    return int(cursor.rowcount)


def fetch(alias: str, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Return the rows a statement finds.

    Raises: django.db.Error: the database refused.
    """
    found: list[tuple[Any, ...]] = send(alias, statement, values).fetchall()
    return found


def fetch_one(alias: str, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """Return the only row a statement finds, or None.

    Raises: django.db.Error: the database refused.
    """
    found = fetch(alias, statement, values)
    return found[0] if found else None


def places(values: Iterable[object]) -> str:
    """Return as many `%s` places as there are values, with commas between."""
    return ", ".join("%s" for _ in values)


@lru_cache(maxsize=512)
def _spelled(statement: str, vendor: str) -> str:
    """Return a statement with places as the database's own library spells them."""
    return statement.replace("%s", "?") if vendor == "sqlite" else statement
