"""The register in PostgreSQL: the same tables in a schema of its own, loaded by COPY, changed by transaction.

Rules of the room:
- psycopg is an extra (`postgres`): without it, this module says so and nothing else breaks.
- A bulk load fills a staging schema, which takes the register's name in one transaction.
- A change locks the register's facts first, so that counts and digest follow one order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from privity.edge.registers.batch_tables import BatchTables
from privity.edge.registers.changes import Transaction
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.connections import Connections
from privity.edge.registers.schema import INDEXES, TABLES
from privity.edge.registers.tables import Row
from privity.edge.registers.writer import Progress, table_rows
from privity.errors import Mistaken, Unavailable

_SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,40}")


def _driver() -> ModuleType:
    """Return psycopg.

    Raises: Unavailable: it is not installed.
    """
    try:
        return import_module("psycopg")
    except ImportError as error:
        raise Unavailable(
            "the register was not opened",
            why="the PostgreSQL driver is not installed",
            next_step="install the extra `postgres`; docs/how-to/start.md says how",
        ) from error


def _marked(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s")


def _tables(schema: str) -> Iterable[str]:
    """Return the commands that make the tables, said as PostgreSQL says them."""
    text = TABLES.replace(" WITHOUT ROWID, STRICT", "").replace(" STRICT", "")
    text = text.replace("INTEGER", "BIGINT").replace("BLOB", "BYTEA")
    return [
        command.strip().replace("CREATE TABLE ", f"CREATE TABLE {schema}.")
        for command in text.split(";")
        if command.strip()
    ]


class PostgresRegister(BatchTables):
    """A register in one schema of a database, open for reading, by as many threads as like."""

    def __init__(self, address: str, schema: str = "register") -> None:
        self._address, self._schema = address, _checked(schema)
        self._connections: Connections[Any] = Connections(self._connect)
        super().__init__()

    def close(self) -> None:
        """Close all connections. The register is not read afterwards."""
        self._connections.close()

    def __enter__(self) -> "PostgresRegister":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _among(self, query: str, values: Sequence[Any], before: Sequence[Any] = ()) -> list[Row]:
        return self._rows(f"{query} = ANY(?)", (*before, list(values))) if values else []

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        driver, connection = _driver(), None
        try:
            connection = self._connections.lend()
            rows: list[Row] = connection.execute(_marked(query), tuple(values)).fetchall()
        except driver.Error as error:
            if connection is not None:
                connection.close()
            raise _refused("read", error) from error
        self._connections.take_back(connection)
        return rows

    def _connect(self) -> Any:
        """Return a new read-only connection, statements prepared once they are used again."""
        connection = _connected(_driver(), self._address, self._schema)
        connection.prepare_threshold = 2
        connection.execute("SET default_transaction_read_only = on")
        return connection


def write_postgres(
    columns: RegisterColumns, address: str, schema: str = "register", progress: Progress | None = None
) -> None:
    """Write a register to a schema, all or nothing; the one in place is replaced at the end.

    Raises: Unavailable: the database refused.
    """
    tell = progress or (lambda _what, _share: None)
    driver, staged = _driver(), f"{_checked(schema)}_staged"
    try:
        with driver.connect(address) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {staged} CASCADE")
            connection.execute(f"CREATE SCHEMA {staged}")
            for command in _tables(staged):
                connection.execute(command)
            for table, rows in table_rows(columns, tell):
                with connection.cursor().copy(f"COPY {staged}.{table} FROM STDIN") as copying:
                    for row in rows:
                        copying.write_row(row)
            for index in INDEXES:
                connection.execute(index.replace(" ON ", f" ON {staged}."))
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.execute(f"ALTER SCHEMA {staged} RENAME TO {schema}")
        with driver.connect(address, autocommit=True) as connection:
            for table in ("person", "blocking", "name", "address", "name_frequency", "postcode_frequency"):
                connection.execute(f"ANALYZE {schema}.{table}")
    except driver.Error as error:
        raise _refused("written", error) from error
    tell("the register is in place", 1.0)


def holds_register(address: str, schema: str = "register") -> bool:
    """Return whether the database has a register in that schema.

    Raises: Unavailable: the database did not answer, which is no proof that there is none.
    """
    driver = _driver()
    try:
        with driver.connect(address) as connection:
            found = connection.execute("SELECT to_regclass(%s)", (f"{_checked(schema)}.fact",)).fetchall()
    except driver.Error as error:
        raise _refused("read", error) from error
    return found[0][0] is not None


class _PostgresTransaction:
    """A connection within one transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        rows: list[Row] = self._connection.execute(_marked(query), tuple(values)).fetchall()
        return rows

    def run(self, command: str, values: Sequence[Any] = ()) -> None:
        """Run a command."""
        self._connection.execute(_marked(command), tuple(values))


@contextmanager
def changing_postgres(address: str, schema: str = "register") -> Iterator[Transaction]:
    """Open a register to change people in it; all changes inside are one durable transaction.

    Raises: Unavailable: the database refused. Nothing is changed then.
    """
    driver = _driver()
    try:
        with _connected(driver, address, _checked(schema), autocommit=False) as connection:
            connection.execute("SELECT value FROM fact WHERE name = 'revision' FOR UPDATE")
            yield _PostgresTransaction(connection)
    except driver.Error as error:
        raise _refused("changed", error) from error


def _connected(driver: ModuleType, address: str, schema: str, *, autocommit: bool = True) -> Any:
    return driver.connect(address, autocommit=autocommit, options=f"-c search_path={schema}")


def _checked(schema: str) -> str:
    if not _SCHEMA.fullmatch(schema):
        raise Mistaken(
            "the register was not opened",
            why="the name of its schema is not made of small letters, digits and underscores",
            next_step="name another schema",
        )
    return schema


def _refused(done: str, error: Exception) -> Unavailable:
    """Return the error without the driver's message: it may repeat what was asked for."""
    return Unavailable(
        f"the register was not {done}",
        why=f"PostgreSQL refused: {type(error).__name__}",
        next_step="check the address of the database and that the register was imported; nothing was changed",
    )
