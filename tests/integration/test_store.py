"""The store as it lies on disk: how durable it is opened, and what the database itself refuses."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, Corridor, asker, police_request
from tests.fakes.people import with_account
from tests.fakes.standing import stand_everywhere

from privity.casework.assign import assign
from privity.casework.case_file import CaseFile
from privity.casework.debt_records import DEBT_RECORDS
from privity.casework.desk import QueueFilter
from privity.casework.instance_records import INSTANCE_RECORDS
from privity.casework.lifecycle import OWNERS, Owner, Status
from privity.casework.officers import Reason
from privity.casework.receive import receive
from privity.casework.record import NumberedRecord, Record, moment, read_moment
from privity.casework.records import CASE_RECORDS
from privity.casework.watch_records import WATCH_RECORDS
from privity.errors import Impossible, Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

KINDS = (*CASE_RECORDS, *INSTANCE_RECORDS, *DEBT_RECORDS, *WATCH_RECORDS)
LEDGER_ROWS = ("log_entry", "log_checkpoint")


def pragma(name: str) -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"), [("synchronous", 2), ("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1)]
)
def test_the_live_connection_is_durable_and_leaves_no_copies(instance: "Instance", name: str, value: object) -> None:
    assert pragma(name) == value
    instance.store.close()
    assert pragma(name) == value, "a connection opened anew is the same"


def test_a_transaction_holds_the_only_pen_from_its_first_moment(instance: "Instance") -> None:
    import sqlite3

    with instance.store.unit():
        other = sqlite3.connect(instance.data.database, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_unit_within_a_transaction_would_not_be_durable_and_is_refused(instance: "Instance") -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), instance.store.unit():
        pass


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_rows_and_records_have_the_same_columns(instance: "Instance", kind: type[Record]) -> None:
    from privity.edge.store.tables import CHANGING, MODEL_OF

    model = MODEL_OF[kind]
    columns = {field.name: field for field in model._meta.get_fields()}
    fields = {field.name: field for field in dataclasses.fields(kind)}
    assert set(columns) - {"id", "entry"} == set(fields)
    assert ("number" in columns) == issubclass(kind, NumberedRecord)
    assert model._meta.db_table == kind.table
    for name, field in fields.items():
        stored = columns[name].get_internal_type()
        wanted = {"bool": "BooleanField", "int": "Integer", "int | None": "Integer"}.get(
            getattr(field.type, "__name__", str(field.type)), ""
        )
        assert wanted in stored, f"{kind.table}.{name} is kept as {stored}"
    assert kind in MODEL_OF
    assert set(MODEL_OF) >= CHANGING


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_a_row_without_an_entry_cannot_be_stored(instance: "Instance", kind: type[Record]) -> None:
    from django.db import IntegrityError, connection, transaction

    names = [field.name for field in dataclasses.fields(kind)]
    values = ["7" for _ in names]
    statement = f"INSERT INTO {kind.table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    with pytest.raises(IntegrityError, match="entry"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("table", LEDGER_ROWS)
@pytest.mark.parametrize("change", ["UPDATE {} SET size_or_leaf = x'00'", "DELETE FROM {}"])
def test_the_database_of_an_instance_refuses_to_change_its_ledger(
    corridor: Corridor, instance: "Instance", table: str, change: str
) -> None:
    from django.db import IntegrityError, connection, transaction

    statement = change.format(table).replace("size_or_leaf", "leaf" if table == "log_entry" else "note")
    before = instance.log.root()
    with (
        pytest.raises(IntegrityError, match="the ledger only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert instance.log.root() == before


def test_every_transaction_ends_under_a_signed_checkpoint(corridor: Corridor, instance: "Instance") -> None:
    from privity.ledger.checkpoint import open_checkpoint

    for _ in range(3):
        corridor.receive()
        note = instance.log.latest_checkpoint()
        assert note is not None
        signed = open_checkpoint(note, instance.note_signer.verifier)
        assert (signed.size, signed.root) == (instance.log.size(), instance.log.root())


def test_a_failed_transaction_leaves_no_row_of_any_kind(corridor: Corridor, instance: "Instance") -> None:
    from django.apps import apps

    def count() -> dict[str, int]:
        return {
            model._meta.db_table: model._default_manager.count() for model in apps.get_app_config("store").get_models()
        }

    before = count()

    def fail_at_the_end() -> None:
        with instance.store.unit() as unit:
            receive(unit, police_request(), at=corridor.tick(), by=asker(KENT))
            reference = receive(unit, police_request(), at=corridor.tick(), by=asker(KENT))
            unit.end(instance.log, instance.note_signer)  # everything is written …
            unit.case(reference)
            raise ZeroDivisionError  # … and then the power of the act fails

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()
    assert count() == before


def test_two_transactions_that_change_one_case_do_so_one_after_the_other(
    corridor: Corridor, instance: "Instance"
) -> None:
    import threading

    reference = corridor.received()
    start = corridor.read(reference).state.revision

    def assign_often() -> None:
        for _ in range(8):
            with instance.store.unit() as unit:
                assign(unit, reference, to="first", by=FIRST, at=corridor.now)
        instance.store.close()

    threads = [threading.Thread(target=assign_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file = corridor.read(reference)
    assert file.state.revision == start + 24
    assert [line.number for line in file.history] == list(range(1, len(file.history) + 1))


def test_the_statuses_and_packs_asked_for_are_those_of_the_cases(corridor: Corridor, instance: "Instance") -> None:
    cases = stand_everywhere(corridor)
    statuses = instance.store.statuses()
    assert {statuses[reference]: reference for reference in cases.values()} == {
        status.value: reference for status, reference in cases.items()
    }
    sent = corridor.read(cases[Status.SENT])
    assert sent.outbox is not None
    assert (KENT, sent.outbox.sha256) in instance.store.packs_with_status("sent")
    assert instance.store.identity_choices()[cases[Status.IDENTIFIED]] == 1
    assert cases[Status.RECEIVED] not in instance.store.identity_choices()


def files_of(corridor: Corridor, instance: "Instance") -> list[CaseFile]:
    return [corridor.read(reference) for reference in instance.store.statuses()]  # type: ignore[arg-type]  # its keys


def naive_queue(files: list[CaseFile], today: date) -> dict[str, list[CaseFile]]:
    """Return which cases each view of the queue holds, by looking at every case."""
    still = [file for file in files if not file.status.is_closed]
    return {
        "open": still,
        "mine": [file for file in still if file.state.assigned_to == "first"],
        "unassigned": [file for file in still if not file.state.assigned_to and file.status is not Status.HELD],
        "overdue": [file for file in still if file.state.due and file.state.due < today.isoformat()],
        "with-requester": [file for file in still if file.status is Status.WITH_REQUESTER],
        "to-do": [file for file in still if OWNERS[file.status] in (Owner.OFFICER, Owner.GUARDIAN)],
        "closed": [file for file in files if file.status.is_closed],
    }


def test_the_queue_holds_what_a_naive_reading_of_every_case_would(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.store.queue import count_queue, read_queue

    cases = stand_everywhere(corridor)
    for status in (Status.JUDGING_PURPOSE, Status.IDENTIFIED):
        corridor.do(lambda unit, at, one=cases[status]: assign(unit, one, to="first", by=FIRST, at=at))  # type: ignore[misc]  # binds the loop's name
    files = files_of(corridor, instance)
    for days in (0, 22, 27, 28, 29, 40):
        today = corridor.now.date() + timedelta(days=days)
        naive = naive_queue(files, today)
        for view, wanted in naive.items():
            lines, found = read_queue(QueueFilter(view=view), staff_id="first", today=today, alias="default")
            assert found == len(lines) == len(wanted)
            assert {line.reference for line in lines} == {file.reference for file in wanted}
            dues = [line.due or date.max for line in lines]
            assert view == "closed" or dues == sorted(dues), "oldest due comes first, what has no day last"
        soon = today + timedelta(days=7)
        counts = count_queue(staff_id="first", today=today, soon=soon, alias="default")
        due = [file.state.due for file in naive["open"] if today.isoformat() <= file.state.due <= soon.isoformat()]
        assert (counts.open, counts.overdue) == (len(naive["open"]), len(naive["overdue"]))
        assert (counts.mine, counts.unassigned) == (len(naive["mine"]), len(naive["unassigned"]))
        assert (counts.with_requester, counts.due_soon) == (len(naive["with-requester"]), len(due))


def test_the_queue_is_narrowed_by_organisation_and_status(corridor: Corridor, instance: "Instance") -> None:
    from privity.edge.store.queue import PAGE, read_queue

    for number in range(PAGE + 1):
        corridor.receive(police_request(reference=f"KP/{number}"))
    today = corridor.now.date()

    def found(**asked: str | int) -> tuple[int, int]:
        lines, total = read_queue(QueueFilter(**asked), staff_id="first", today=today, alias="default")  # type: ignore[arg-type]  # a test's words
        return len(lines), total

    assert found() == (PAGE, PAGE + 1)
    assert found(page=2) == (1, PAGE + 1)
    assert found(organisation=KENT, status="received", page=2) == (1, PAGE + 1)
    assert found(organisation="home-office") == (0, 0)
    assert found(organisation="' OR 1=1 --") == (0, 0)
    assert found(status="sealed") == (0, 0)


@pytest.mark.parametrize("at", [datetime(2017, 3, 26, 0, 59, 59, tzinfo=UTC), datetime(2017, 7, 1, 12, 0, tzinfo=UTC)])
def test_a_moment_is_written_one_way_and_read_back(at: datetime) -> None:
    assert read_moment(moment(at)) == at
    assert moment(at.astimezone(tz=None)) == moment(at)


def test_a_moment_without_its_zone_is_not_written() -> None:
    with pytest.raises(Impossible, match="no zone"):
        moment(datetime(2017, 3, 1, 12))  # noqa: DTZ001  that is what is refused


def test_an_account_is_one_persons_and_is_closed_at_once(instance: "Instance") -> None:
    from privity.edge.store.account import Account
    from privity.edge.wiring.accounts import officer_of

    with_account(instance, FIRST, password="open-the-register-please")
    account = Account.objects.get_by_natural_key("first")
    assert officer_of(account) == FIRST
    assert account.check_password("open-the-register-please")
    assert "please" not in account.password
    with pytest.raises(Mistaken, match="has one already"):
        instance.accounts.add(FIRST, password="open-the-register-please")
    now = datetime.now(UTC)  # noqa: TID251  as served
    instance.keeper.close("first", Reason.LEFT, by=ADMINISTRATORS[0], at=now)
    assert not Account.objects.get(staff_id="first").is_active
    with pytest.raises(Mistaken, match="enrolled"):
        instance.keeper.close("nobody", Reason.LEFT, by=ADMINISTRATORS[0], at=now)


def test_the_migrations_say_what_the_rows_say_and_end_in_one_place(instance: "Instance") -> None:
    from io import StringIO

    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    assert MigrationLoader(connection).detect_conflicts() == {}
    said = StringIO()
    call_command("makemigrations", "store", "--check", "--dry-run", stdout=said, verbosity=1)
    assert "No changes detected" in said.getvalue()
