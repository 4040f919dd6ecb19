"""What an administrator with every right on the database can change, and that the audit notices and says where."""

import contextlib
import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connections

from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key

if TYPE_CHECKING:
    from privity.ledger.reconciliation import Finding

ALIAS = "audit-test"
HELD_BY_THE_DATABASE = {("log_head", "id")}
"""Columns that a constraint of the database already lets have only one value."""
LEDGER_TABLES = {"log_entry", "log_tile", "log_head", "log_checkpoint", "log_pending"}
SAID_OTHERWISE = {
    # A row that is renamed is one row too many; a tile that is moved is one tile too many.
    ("log_tile", "level"): ("log_tile", "number"),
    # A pack's digest and its row point at each other, so the one that no longer fits is named.
    ("published_file", "sha256"): ("published_file", "files"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A column of one row, and the case the row is about."""

    table: str
    column: str
    rowid: int
    case: str


@pytest.fixture(scope="session")
def populated(started: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of a small demonstration, made once."""
    del started  # Django has its settings from there
    root = tmp_path_factory.mktemp("audit") / "demo"
    command = [sys.executable, "-m", "privity.edge.commands.console", "demo", "--scale", "0.002", "--people", "2000"]
    made = subprocess.run(
        [*command, "--data", root, "--json"], capture_output=True, text=True, check=False, timeout=120
    )
    assert made.returncode == 0, made.stderr[-2000:]
    return root


@pytest.fixture
def copy(populated: Path, tmp_path: Path) -> Iterator["Copy"]:
    """Return copies of the populated database in the hands of somebody who may do anything to them."""
    made, before = Copy(populated, tmp_path / "privity.sqlite"), settings.EPOCH_KEYS
    settings.EPOCH_KEYS = populated / "epoch-keys"
    yield made
    settings.EPOCH_KEYS = before
    connections[ALIAS].close()


@dataclass(frozen=True, slots=True)
class Copy:
    """One database at a time, made anew from the populated one."""

    populated: Path
    file: Path

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Yield a fresh copy without its triggers; they are put back at the end, as a careful forger would."""
        connections.settings[ALIAS] = {**connections.settings["default"], "NAME": self.file}
        connections[ALIAS].close()
        del connections[ALIAS]
        for left in self.file.parent.glob("privity.sqlite*"):
            left.unlink()
        with (
            contextlib.closing(sqlite3.connect(self.populated / "privity.sqlite")) as source,
            contextlib.closing(sqlite3.connect(self.file, isolation_level=None)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA synchronous=OFF")
            triggers = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                target.execute(f"DROP TRIGGER {name}")
            yield target
            for _, statement in triggers:
                target.execute(statement)

    def findings(self) -> "list[Finding]":
        """Return what the audit finds in the copy."""
        return audited(self.populated)


def key_of(populated: Path) -> NoteVerifierKey:
    return read_verifier_key((populated / "ledger-key.pub").read_text(encoding="ascii"))


def audited(populated: Path) -> "list[Finding]":
    from privity.edge.store.audit import Tally, audit_rows
    from privity.edge.store.audit_ledger import audit_ledger
    from privity.edge.store.log import Log

    log = Log(alias=ALIAS)
    tables = audit_ledger(log, [key_of(populated)], now=datetime.fromtimestamp(time.time(), tz=UTC))
    return [*tables.findings, *audit_rows(log, Tally())]


def tables_of(database: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of every table but those of which the audit itself says that it does not compare them."""
    from privity.edge.store.audit import not_under_the_ledger

    left_out = {*not_under_the_ledger(ALIAS), "sqlite_sequence"}
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = (name for name in sorted(names) if name not in left_out)
    return {name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in kept}


def changed(value: object) -> object:
    match value:
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case int():
            return 1 - value if value in (0, 1) else value + 1
        case str():
            return f"{value}x"
        case _:
            return 1


def edit(database: sqlite3.Connection, place: Place) -> None:
    """Change one column of one row; a row's place in its table is exchanged with a neighbour of the same case."""
    if place.column == "id" and place.table not in LEDGER_TABLES:
        (other,) = database.execute(
            f"SELECT rowid FROM {place.table} WHERE reference = ? AND rowid <> ?", [place.case, place.rowid]
        ).fetchone()
        for old, new in ((place.rowid, -1), (other, place.rowid), (-1, other)):
            database.execute(f"UPDATE {place.table} SET id = ? WHERE id = ?", [new, old])
        return
    (value,) = database.execute(f"SELECT {place.column} FROM {place.table} WHERE rowid = ?", [place.rowid]).fetchone()
    new = -1 if place.column in ("number", "idx", "level") else changed(value)
    if (place.table, place.column) == ("log_checkpoint", "signed_at"):
        new = "2031-01-01 00:00:00"
    if (place.table, place.column) == ("log_checkpoint", "id"):
        new = 10**9
    database.execute(f"UPDATE {place.table} SET {place.column} = ? WHERE rowid = ?", [new, place.rowid])


def places_of(database: sqlite3.Connection, table: str, columns: list[str]) -> list[tuple[str, list[Place]]]:
    """Return, for each column, the rows in which it can be changed so that the change means something."""
    case_column = next((name for name in ("reference", "sha256") if name in columns), None)
    found = []
    for column in columns:
        if (table, column) in HELD_BY_THE_DATABASE:
            continue
        where = "1"
        if column == "id" and "reference" in columns:
            where = f"(SELECT COUNT(*) FROM {table} o WHERE o.reference = t.reference) > 1"
        if table == "case_key":  # the keys of officers and of the instance itself open nothing
            where = "reference LIKE 'PRV-%'"
        rows = database.execute(
            f"SELECT rowid, {case_column or repr('')} FROM {table} t WHERE {where} ORDER BY rowid LIMIT 400"
        ).fetchall()
        found.append((column, [Place(table, column, rowid, str(case)) for rowid, case in rows]))
    return found


def rounds_of(database: sqlite3.Connection) -> list[list[Place]]:
    """Return every column of every table once, in as few rounds as leave one change a case."""
    rounds: list[list[Place]] = []
    for table, columns in tables_of(database).items():
        for _, places in places_of(database, table, columns):
            for current in range(100):
                if current == len(rounds):
                    rounds.append([])
                taken = {place.case for place in rounds[current]}
                alone = table in LEDGER_TABLES and any(place.table in LEDGER_TABLES for place in rounds[current])
                free = next((place for place in places if place.case not in taken or table in LEDGER_TABLES), None)
                if free is not None and not alone:
                    rounds[current].append(free)
                    break
                if not places:
                    break
    return [places for places in rounds if places]


def is_located(place: Place, findings: "list[Finding]") -> bool:
    table, column = SAID_OTHERWISE.get((place.table, place.column), (place.table, place.column))
    for finding in findings:
        named = finding.case.partition(":")[2] or finding.case
        same_case = place.table in LEDGER_TABLES or place.case.partition("x")[0] in (
            named,
            named.rstrip("x"),
            finding.case,
        )
        if finding.table == table and finding.column == column and same_case:
            return True
    return False


def test_an_untouched_instance_is_found_intact(copy: Copy) -> None:
    with copy.opened():
        pass
    assert copy.findings() == []


def test_a_change_of_any_column_of_any_table_is_noticed_and_located(copy: Copy) -> None:
    with copy.opened() as database:
        rounds = rounds_of(database)
        everywhere = {(table, column) for table, columns in tables_of(database).items() for column in columns}
    missed = []
    for places in rounds:
        with copy.opened() as database:
            for place in places:
                edit(database, place)
        findings = copy.findings()
        missed += [(place.table, place.column) for place in places if not is_located(place, findings)]
    done = {(place.table, place.column) for places in rounds for place in places}
    without_rows = sorted({table for table, _ in everywhere - done})
    print(f"\n{len(done)} columns in {len(rounds)} rounds; tables without rows: {without_rows}")
    assert missed == [], missed
    assert len(done) > 130


def test_a_row_deleted_from_any_table_is_noticed_and_located(copy: Copy) -> None:
    missed, tried = [], 0
    with copy.opened() as database:
        tables = tables_of(database)
        taken: set[str] = set()
        places = {}
        for table, columns in tables.items():
            for _, rows in places_of(database, table, columns[:1]):
                place = next((row for row in rows if row.case not in taken or table in LEDGER_TABLES), None)
                if place:
                    taken.add(place.case)
                    places[table] = place
                    database.execute(f"DELETE FROM {table} WHERE rowid = ?", [place.rowid])
    findings = copy.findings()
    for table, place in places.items():
        tried += 1
        if table == "log_checkpoint":  # the first of hundreds: a later one covers it, and nothing is lost
            continue
        expected = "case_key" if table == "case_key" else table
        if not any(finding.table == expected for finding in findings):
            missed.append((table, place.case))
    assert missed == []
    assert tried > 14


def test_a_row_copied_to_another_case_or_number_is_noticed(copy: Copy) -> None:
    with copy.opened() as database:
        tables = {t: c for t, c in tables_of(database).items() if "reference" in c and t != "case_key"}
        inserted = {}
        for table, columns in tables.items():
            row = database.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 1").fetchone()
            if row is None:
                continue
            values = dict(zip(columns, row, strict=True))
            values |= {"reference": f"{values['reference']}-copy"}
            values |= {name: f"{values[name]}-copy" for name in ("sha256", "finance_reference") if name in values}
            values |= {"row_number": 999} if "row_number" in values else {}
            values |= {"part": 999} if "part" in values else {}
            values.pop("id", None)
            names, places = ", ".join(values), ", ".join("?" * len(values))
            database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))
            inserted[table] = values["reference"]
    found = {(finding.table, finding.case) for finding in copy.findings()}
    assert set(inserted.items()) <= found
    assert len(inserted) > 10


def test_two_rows_exchanged_between_cases_are_noticed_in_every_table(copy: Copy) -> None:
    with copy.opened() as database:
        tables = {t: c for t, c in tables_of(database).items() if "reference" in c}
        exchanged: dict[str, set[str]] = {}
        taken: set[str] = set()
        for table, columns in tables.items():
            number = " WHERE number = 1" if "number" in columns else ""
            if table == "case_key":  # an officer's key opens nothing: no row of theirs is committed to
                number = " WHERE reference LIKE 'PRV-%'"
            rows = database.execute(f"SELECT MAX(rowid), reference FROM {table}{number} GROUP BY reference").fetchall()
            free = [row for row in rows if row[1] not in taken]
            for (one, first), (other, second) in itertools.pairwise(free):
                moves = ((one, "between"), (other, first), (one, second))
                with contextlib.suppress(sqlite3.IntegrityError):  # the database itself may refuse: try the next two
                    database.execute("BEGIN")
                    for rowid, reference in moves:
                        database.execute(f"UPDATE {table} SET reference = ? WHERE rowid = ?", [reference, rowid])
                    database.execute("COMMIT")
                    exchanged[table] = {first, second}
                    taken |= {first, second}
                    break
                database.execute("ROLLBACK")
    findings = copy.findings()
    for table, cases in exchanged.items():
        assert any(f.table == table and (f.case.partition(":")[2] or f.case) in cases for f in findings), table
    assert len(exchanged) > 10


def wrapped_again(database: sqlite3.Connection, were: dict[str, str]) -> None:
    """Wrap the keys of renamed rows for their new names, as somebody could who has the epoch keys as well."""
    from privity.edge.store.epoch_keys import epoch_keys

    for name, was in were.items():
        epoch, kept = database.execute("SELECT epoch, key FROM case_key WHERE reference = ?", [name]).fetchone()
        again = epoch_keys().wrap(epoch, name, epoch_keys().unwrap(epoch, was, kept))
        database.execute("UPDATE case_key SET key = ? WHERE reference = ?", [again, name])


def test_two_cases_whose_keys_were_not_wrapped_again_do_not_even_open(copy: Copy) -> None:
    with copy.opened() as database:
        (first,), (second,) = database.execute("SELECT reference FROM opening LIMIT 2").fetchall()
        for old, new in ((first, "between"), (second, first), ("between", second)):
            database.execute("UPDATE case_key SET reference = ? WHERE reference = ?", [new, old])
    found = {(finding.table, finding.case) for finding in copy.findings()}
    assert {("case_key", first), ("case_key", second)} <= found


def test_two_cases_that_change_places_in_every_table_are_noticed(copy: Copy) -> None:
    """Everything still opens under its key; only the commitment to the reference itself tells."""
    with copy.opened() as database:
        tables = [t for t, c in tables_of(database).items() if "reference" in c]
        (first,), (second,) = database.execute("SELECT reference FROM opening LIMIT 2").fetchall()
        for table in tables:
            for old, new in ((first, "between"), (second, first), ("between", second)):
                database.execute(f"UPDATE {table} SET reference = ? WHERE reference = ?", [new, old])
        wrapped_again(database, {first: second, second: first})
    found = {(finding.table, finding.column, finding.case) for finding in copy.findings()}
    assert {("opening", "reference", first), ("opening", "reference", second)} <= found


def test_a_commitment_copied_from_another_case_is_noticed(copy: Copy) -> None:
    with copy.opened() as database:
        rows = database.execute(
            "SELECT idx, leaf FROM log_entry WHERE kind = 'case.opened' ORDER BY idx LIMIT 2"
        ).fetchall()
        (index, leaf), (_, other) = rows
        donor = json.loads(other)["cm"]["opening/1.family"]
        forged = bytes(leaf).replace(json.loads(leaf)["cm"]["opening/1.family"].encode(), donor.encode())
        database.execute("UPDATE log_entry SET leaf = ? WHERE idx = ?", [forged, index])
    findings = copy.findings()
    assert any(finding.table == "log_entry" and finding.entry == index for finding in findings)
    assert any((finding.table, finding.column) == ("opening", "family") for finding in findings)


def test_triggers_that_were_removed_are_missed(copy: Copy) -> None:
    with copy.opened():
        pass
    with contextlib.closing(sqlite3.connect(copy.file)) as database:
        database.execute("DROP TRIGGER log_entry_no_update")
    assert [(finding.table, finding.column) for finding in copy.findings()] == [("log_entry", "triggers")]


def audit_command(data: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "privity.edge.commands.console", "audit", "--data", str(data), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_answers_with_the_promised_exit_codes(populated: Path, tmp_path: Path) -> None:
    data, export = tmp_path / "data", populated / "ledger-export"
    shutil.copytree(populated, data, ignore=shutil.ignore_patterns("ledger-export", "sent-in", "outbox"))
    whole = audit_command(data, "--ledger", export, "--json")
    assert whole.returncode == 0, whole.stderr
    assert json.loads(whole.stdout)["outcome"] == "intact"
    with contextlib.closing(sqlite3.connect(data / "privity.sqlite")) as database, database:
        database.execute(
            "UPDATE state SET status = 'withdrawn' WHERE reference = "
            "(SELECT MIN(reference) FROM state WHERE status <> 'withdrawn')"
        )
    altered = audit_command(data)
    assert altered.returncode == 1
    assert "edited: state.status, case PRV-" in altered.stdout
    with contextlib.closing(sqlite3.connect(data / "privity.sqlite")) as database, database:
        database.execute("DROP TRIGGER log_entry_no_delete")
        database.execute("DELETE FROM log_entry WHERE idx >= 900")
    cut = audit_command(data, "--ledger", export)
    assert cut.returncode == 2
    assert cut.stdout.startswith("Rolled back")
    with (data / "privity.sqlite").open("r+b") as file:
        file.write(b"no database")
    for left in data.glob("privity.sqlite-*"):
        left.unlink()
    assert audit_command(data).returncode == 3
