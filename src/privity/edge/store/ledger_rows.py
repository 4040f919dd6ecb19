"""The ledger's tables, and the triggers that let nobody change an entry.

Rules of the module:
- These are rows, not rules: what may be written is decided in `privity.ledger`, by `edge.store.log`.
- An entry is never updated, deleted or replaced. The database refuses, whoever asks.
- Level-0 tiles are stored once they are full; a partial one is computed from the entries.
"""

from django.db import models


class LogEntry(models.Model):
    """One leaf. `kind` and `case_kid` repeat what the leaf says, to find it by."""

    idx = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()
    kind = models.CharField(max_length=40)
    case_kid = models.CharField(max_length=64, blank=True)

    class Meta:
        """Where it lives."""

        app_label = "store"
        db_table = "log_entry"
        indexes = (models.Index(fields=["case_kid", "idx"], name="log_entry_of_case"),)

    def __str__(self) -> str:
        return f"{self.idx} {self.kind}"


class LogTile(models.Model):
    """Up to 256 neighbouring hashes of one level."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """Where it lives."""

        app_label = "store"
        db_table = "log_tile"

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class LogHead(models.Model):
    """The size of the log and the right edge of its tree. One row; locked by whoever appends."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    frontier = models.BinaryField()

    class Meta:
        """Where it lives."""

        app_label = "store"
        db_table = "log_head"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="log_head_is_one_row"),)

    def __str__(self) -> str:
        return f"{self.size} entries"


class LogCheckpoint(models.Model):
    """A signed checkpoint, as published, and when it was signed."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    note = models.BinaryField()
    signed_at = models.DateTimeField()

    class Meta:
        """Where it lives."""

        app_label = "store"
        db_table = "log_checkpoint"

    def __str__(self) -> str:
        return f"checkpoint of size {self.size}"


class LogPending(models.Model):
    """An entry that is durable with its act and waits for its index (PostgreSQL only; edge.store.sequencer).

    `id` is its ticket. `rows` names the rows of its act, so that they can be pointed at the index once there is one.
    """

    id = models.BigAutoField(primary_key=True)
    leaf = models.BinaryField()
    rows = models.TextField()

    class Meta:
        """Where it lives."""

        app_label = "store"
        db_table = "log_pending"

    def __str__(self) -> str:
        return f"ticket {self.id}"


APPEND_ONLY_ON_SQLITE = tuple(
    f"CREATE TRIGGER log_{table}_no_{change} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
    for table, change, when in (
        ("entry", "update", "UPDATE ON log_entry"),
        ("entry", "delete", "DELETE ON log_entry"),
        # REPLACE deletes without firing a delete trigger, so an insert over an existing row is refused too.
        ("entry", "replace", "INSERT ON log_entry WHEN EXISTS (SELECT 1 FROM log_entry WHERE idx = NEW.idx)"),
        ("checkpoint", "update", "UPDATE ON log_checkpoint"),
        ("checkpoint", "delete", "DELETE ON log_checkpoint"),
        (
            "checkpoint",
            "replace",
            "INSERT ON log_checkpoint WHEN EXISTS (SELECT 1 FROM log_checkpoint WHERE id = NEW.id)",
        ),
    )
)
"""Statements a migration runs one by one on SQLite, after the tables exist."""

LEAN_ON_SQLITE = (
    *(
        f"DROP TRIGGER IF EXISTS log_{table}_no_{change}"
        for table in ("entry", "checkpoint")
        for change in ("update", "delete", "replace")
    ),
    # `integer` and no other word makes the key the row's own number; rows never go, so no number is ever given twice.
    "CREATE TABLE log_entry_lean (idx integer NOT NULL PRIMARY KEY, leaf BLOB NOT NULL,"  # noqa: ISC004  one statement
    " kind varchar(40) NOT NULL, case_kid varchar(64) NOT NULL)",
    "INSERT INTO log_entry_lean SELECT idx, leaf, kind, case_kid FROM log_entry ORDER BY idx",
    "DROP TABLE log_entry",
    "ALTER TABLE log_entry_lean RENAME TO log_entry",
    "CREATE INDEX log_entry_of_case ON log_entry (case_kid, idx)",
    "CREATE TABLE log_checkpoint_lean (id integer NOT NULL PRIMARY KEY, size bigint NOT NULL,"  # noqa: ISC004  one statement
    " note BLOB NOT NULL, signed_at datetime NOT NULL)",
    "INSERT INTO log_checkpoint_lean SELECT id, size, note, signed_at FROM log_checkpoint ORDER BY id",
    "DROP TABLE log_checkpoint",
    "ALTER TABLE log_checkpoint_lean RENAME TO log_checkpoint",
    *APPEND_ONLY_ON_SQLITE,
)
"""Statements by which the tables of the ledger shed what only made every act write more pages."""
LEAN_ON_POSTGRESQL = ("DROP INDEX IF EXISTS log_checkpoint_size_9ea8bf9d",)
"""The same on PostgreSQL, where only the index was too much."""

_POSTGRESQL_FUNCTION = """
CREATE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation'; END $$
"""
APPEND_ONLY_ON_POSTGRESQL = (
    _POSTGRESQL_FUNCTION,
    *(
        f"CREATE TRIGGER log_{table}_no_{change} BEFORE {when} EXECUTE FUNCTION log_only_grows()"
        for table, change, when in (
            ("entry", "change", "UPDATE OR DELETE ON log_entry FOR EACH ROW"),
            ("entry", "truncate", "TRUNCATE ON log_entry FOR EACH STATEMENT"),
            ("checkpoint", "change", "UPDATE OR DELETE ON log_checkpoint FOR EACH ROW"),
            ("checkpoint", "truncate", "TRUNCATE ON log_checkpoint FOR EACH STATEMENT"),
        )
    ),
)
"""The same on PostgreSQL."""
