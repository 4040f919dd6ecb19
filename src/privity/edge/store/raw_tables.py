"""Tables read and written without models: those of a copy, which nothing of Django has open, and the instance's own.

Rules of the module:
- Statements are ours, with values in `%s` places; names of tables and columns come from the database itself.
- Nothing here commits: whoever began a transaction ends it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connections

from privity.edge.store.statements import fetch, send, send_many

Values = Sequence[object]
_COLUMNS_ON_POSTGRESQL = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
)
_TABLES_ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


class RawTables(Protocol):
    """A database's tables."""

    def fetch(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return the rows a statement finds."""

    def send(self, statement: str, values: Values = ()) -> int:
        """Send a statement and return how many rows it changed."""

    def send_many(self, statement: str, rows: Sequence[Values]) -> None:
        """Send a statement once for each row of values."""

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of every table, in their order."""


@dataclass(frozen=True, slots=True)
class FileTables:
    """The tables of a SQLite file, over a connection of our own."""

    connection: sqlite3.Connection

    def fetch(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return the rows a statement finds."""
        return self.connection.execute(_spelled(statement), values).fetchall()

    def each(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows a statement finds, without holding them all."""
        yield from self.connection.execute(_spelled(statement))

    def send(self, statement: str, values: Values = ()) -> int:
        """Send a statement and return how many rows it changed."""
        return self.connection.execute(_spelled(statement), values).rowcount

    def send_many(self, statement: str, rows: Sequence[Values]) -> None:
        """Send a statement once for each row of values."""
        self.connection.executemany(_spelled(statement), rows)

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of every table, in their order."""
        names = [str(name) for (name,) in self.fetch(_TABLES_ON_SQLITE)]
        return {name: self._columns_of(name) for name in names}

    def _columns_of(self, table: str) -> tuple[str, ...]:
        return tuple(str(row[1]) for row in self.fetch(f"PRAGMA table_info({quoted(table)})"))


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The tables of the instance this process has open, inside whatever transaction is open."""

    alias: str = "default"

    def fetch(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return the rows a statement finds."""
        return fetch(self.alias, statement, values)

    def send(self, statement: str, values: Values = ()) -> int:
        """Send a statement and return how many rows it changed."""
        return int(send(self.alias, statement, values).rowcount)

    def send_many(self, statement: str, rows: Sequence[Values]) -> None:
        """Send a statement once for each row of values."""
        if rows:
            send_many(self.alias, statement, rows)

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of every table, in their order."""
        if connections[self.alias].vendor == "sqlite":
            connections[self.alias].ensure_connection()
            return FileTables(connections[self.alias].connection).columns()
        found: dict[str, list[str]] = {}
        for table, column in self.fetch(_COLUMNS_ON_POSTGRESQL):
            found.setdefault(str(table), []).append(str(column))
        return {table: tuple(columns) for table, columns in found.items()}


def quoted(name: str) -> str:
    """Return the name of a table or column as both databases read it."""
    return '"' + name.replace('"', '""') + '"'


def _spelled(statement: str) -> str:
    return statement.replace("%s", "?")
