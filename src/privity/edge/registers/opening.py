"""Registers by what names them: a register file, a CSV file, or the address of a PostgreSQL database.

Rule of the module: an address begins with `postgres://` or `postgresql://`; everything else is the name of a file.
"""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from privity.edge.registers.batch_tables import BatchTables
from privity.edge.registers.changes import Change, Transaction, put
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.limits import People, movement, refuse_suspicious
from privity.edge.registers.parquet import is_parquet
from privity.edge.registers.postgres import PostgresRegister, changing_postgres, holds_register, write_postgres
from privity.edge.registers.register_csv import read_register
from privity.edge.registers.sqlite import SqliteRegister, changing, check_digest, import_csv
from privity.edge.registers.writer import Agreed, Progress, nothing_more, write_register
from privity.errors import Mistaken

_ADDRESSES = ("postgres://", "postgresql://")
_IN_A_FOLDER = "register.sqlite"
_OF_AN_INSTANCE = "ledger-key"
"""The file that lies beside an instance's register."""


def is_address(name: str) -> bool:
    """Return whether a name is the address of a database."""
    return name.startswith(_ADDRESSES)


def is_of_an_instance(name: str) -> bool:
    """Return whether a name is that of the register of an instance, which is read and changed on record only."""
    return bool(name) and not is_address(name) and (Path(name).parent / _OF_AN_INSTANCE).exists()


@contextmanager
def opened_register(name: str | None) -> Iterator[BatchTables]:
    """Open a register beside any instance; a CSV or Parquet file by way of a register file that goes away afterwards.

    Args:   name: an address, a file, or a folder in which a register file lies.
    Raises: Mistaken: none was named, or that of an instance. Unavailable: it cannot be read.
    """
    if name is None:
        raise Mistaken("nothing was traced", why="no register was named", next_step="add `--register FILE`")
    if is_address(name):
        with PostgresRegister(name) as held:
            yield held
        return
    path = Path(name) / _IN_A_FOLDER if Path(name).is_dir() else Path(name)
    if is_of_an_instance(str(path)):
        raise Mistaken(
            "nothing was traced",
            why="that is the register of an instance, which is read for an approved case and on record only",
            next_step="name a register of your own: `privity register import FILE --register MINE.sqlite`",
        )
    if path.suffix.lower() != ".csv" and not is_parquet(path):
        with SqliteRegister.open(path) as register:
            yield register
        return
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "register.sqlite"
        import_csv(path, staged)
        with SqliteRegister.open(staged) as register:
            yield register


def take_in(
    source: Path, name: str, progress: Progress, *, digest: str = "", confirmed_by: tuple[str, ...] = ()
) -> RegisterColumns:
    """Take a CSV or Parquet file in as a register, all or nothing, and return what was taken.

    Raises: Mistaken: the file, its digest, or what it moves. Unavailable: file or database refused.
    """
    if not is_address(name):
        return import_csv(source, Path(name), progress, digest, confirmed_by)
    check_digest(source, digest)
    columns = read_register(source)
    if holds_register(name):
        with PostgresRegister(name) as before:
            moved = movement(before.people(), People(columns.nhs_number, columns.sensitive))
        refuse_suspicious(moved, confirmed_by)
    write_postgres(columns, name, progress=progress)
    return columns


def update(source: Path, name: str, agreed: Agreed = nothing_more) -> int:
    """Put every row of a CSV or Parquet file in, in one transaction, and return how many.

    Args:   agreed: called once every row is put in, before that holds for anybody else.
    Raises: Mistaken: the file. Unavailable: file or database refused; then nothing was changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "changes.sqlite"
        columns = read_register(source)
        write_register(columns, staged)
        with SqliteRegister.open(staged) as changes, _changing(name) as inside:
            for person in changes.everybody():
                put(inside, Change(demographics=changes.demographics(person)))
            agreed(columns)
    return columns.size


def _changing(name: str) -> AbstractContextManager[Transaction]:
    return changing_postgres(name) if is_address(name) else changing(Path(name))
