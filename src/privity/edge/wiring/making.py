"""Making a new instance: its secrets and its empty tables."""

import os
import secrets
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.settings.places import DataDirectory, write_secret


def write_secrets(data: DataDirectory) -> None:
    """Write the session secret and the ledger's signing key, each for the owner's eyes only."""
    data.root.mkdir(parents=True, exist_ok=True)
    write_secret(data.root / "secret-key", secrets.token_urlsafe(48))
    key = NoteSigningKey(name=f"privity.example/ledger/{secrets.token_hex(4)}", seed=os.urandom(32))
    write_secret(data.ledger_key, key.guarded_text())
    data.ledger_public_key.write_text(f"{key.verifier}\n", encoding="ascii")


def make_tables() -> None:
    """Create or bring up to date the tables of the instance that has been started."""
    if connection.vendor == "sqlite":
        # Who is sought, and who is signed in, is in there. SQLite gives what it writes beside a file the file's rights.
        Path(connection.settings_dict["NAME"]).touch(mode=0o600)
    call_command("migrate", verbosity=0, interactive=False)


def let_go() -> None:
    """Close this process's connection, so that none is handed on to the processes it starts."""
    connection.close()


def steps_behind() -> int:
    """Return how many steps the tables of the started instance lie behind this program; below nought if ahead."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    unknown = len(set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes))
    connection.close()
    return missing or -unknown
