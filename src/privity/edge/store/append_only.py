"""What migrations do to the ledger besides making tables: entries and checkpoints can be added and never changed."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from privity.edge.store.ledger_rows import (
    APPEND_ONLY_ON_POSTGRESQL,
    APPEND_ONLY_ON_SQLITE,
    LEAN_ON_POSTGRESQL,
    LEAN_ON_SQLITE,
)


def refuse_changes(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers that refuse UPDATE and DELETE, in the dialect of the database."""
    postgresql = editor.connection.vendor == "postgresql"
    for statement in APPEND_ONLY_ON_POSTGRESQL if postgresql else APPEND_ONLY_ON_SQLITE:
        editor.execute(statement)


def make_lean(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the ledger's tables into ones that take fewer pages an act; what is in them stays byte for byte."""
    postgresql = editor.connection.vendor == "postgresql"
    for statement in LEAN_ON_POSTGRESQL if postgresql else LEAN_ON_SQLITE:
        editor.execute(statement)
