"""Every column of every row is committed to by the entry the row points at, and opens with the key of its case."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.corridor import ADMINISTRATORS, KENT, Corridor, asker, police_request
from tests.fakes.keys import opened_key
from tests.fakes.standing import stand_everywhere

from privity.casework.debt_records import DEBT_RECORDS
from privity.casework.enrol import publish
from privity.casework.instance_records import INSTANCE_RECORDS
from privity.casework.lifecycle import Status
from privity.casework.ports import Act
from privity.casework.receive import close_batch, take_rows
from privity.casework.record import Column, Record, committed_in
from privity.casework.records import (
    CASE_RECORDS,
    DeterminationRecord,
    HistoryRecord,
    OpeningRecord,
    QuestionRecord,
    RequestRecord,
    StateRecord,
    TraceRecord,
)
from privity.casework.watch_records import WATCH_RECORDS
from privity.definitions.party import GATEWAY
from privity.definitions.reference import BatchReference
from privity.ledger.audit import Intact, audit
from privity.ledger.commitment import field_key, key_identifier, opens
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.request.intake_row import IntakeRow

if TYPE_CHECKING:
    from django.db import models

    from privity.edge.wiring.instance import Instance

KINDS = (*CASE_RECORDS, *INSTANCE_RECORDS, *DEBT_RECORDS, *WATCH_RECORDS)
BATCH = BatchReference("ab" * 32)
SAMPLES = {"str": "x", "int": 3, "bool": True, "int | None": None}
SAID = (
    (RequestRecord, ("officer_name", "statement", "countersigned_by", "family_name", "given_name", "date_of_birth")),
    (RequestRecord, ("other_given_names", "postcode", "address_lines", "nhs_number", "facts", "declarations")),
    (OpeningRecord, ("requester_reference", "received_at")),
    (DeterminationRecord, ("reasons",)),
    (QuestionRecord, ("words", "answer")),
    (TraceRecord, ("candidates",)),
    (HistoryRecord, ("words",)),
)
"""What somebody said, or what a person could be told by: none of it may stand in a leaf."""


@pytest.fixture
def lived(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return an instance in which everything has happened that can."""
    row = IntakeRow(row=2, request=police_request())
    corridor.do(lambda unit, at: take_rows(unit, [row], batch=BATCH, at=at, by=asker(KENT)))
    corridor.do(lambda unit, at: close_batch(unit, [row], batch=BATCH, at=at, by=asker(KENT)))
    corridor.do(
        lambda unit, at: publish(
            unit,
            family="police",
            number=1,
            kind="version",
            name="2017-01",
            sha256="0" * 64,
            in_force_from=at.date(),
            by=ADMINISTRATORS[0],
            seconded_by=ADMINISTRATORS[1],
            at=at,
        )
    )
    corridor.ask(answered := corridor.received())
    corridor.answer(answered)
    cases = stand_everywhere(corridor)
    for kind in KINDS:
        if not list(rows_of(kind)):  # nothing that the corridor does writes one yet
            corridor.do(lambda unit, at, kind=kind: unit.write(sample_act(kind, cases[Status.SENT], at)))  # type: ignore[misc]  # binds the loop's name
    return instance


def sample(kind: type[Record], reference: str) -> Record:
    values: dict[str, Any] = {
        field.name: SAMPLES[str(getattr(field.type, "__name__", field.type))] for field in dataclasses.fields(kind)
    }
    return kind(**(values | {"reference": reference} | ({"number": 1} if "number" in values else {})))


def sample_act(kind: type[Record], reference: str, at: datetime) -> Act:
    key = reference if kind in CASE_RECORDS else "instance"
    return Act(kind=EntryKind.NOTE_ADDED, at=at, by=GATEWAY, key=key, records=(sample(kind, reference),))


def rows_of(kind: type[Record]) -> "Iterator[models.Model]":
    from privity.edge.store.tables import MODEL_OF

    yield from MODEL_OF[kind]._default_manager.all()


def record_of(kind: type[Record], row: Any) -> Record:
    return kind(**{field.name: getattr(row, field.name) for field in dataclasses.fields(kind)})


def opened(entry: Entry, key: bytes, record: Record) -> dict[str, bool]:
    """Return, by column, whether the entry's commitment opens to the record's value under the case's key."""
    told = {}
    for column, value in record.committed().items():
        name = f"{record.called()}.{column}"
        commitment = entry.commitments.get(name, "0" * 64)
        told[column] = opens(field_key(key, entry.eid, name), name, value, commitment)
    return told


def test_every_column_of_every_row_opens_in_the_entry_it_points_at(lived: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey

    keys = {row.kid: row for row in CaseKey.objects.all()}
    entries = [indexed.entry for indexed in lived.log.entries()]
    for kind in KINDS:
        rows = list(rows_of(kind))
        assert rows, f"{kind.table} was never written"
        for row in rows:
            record, entry = record_of(kind, row), entries[row.entry]  # type: ignore[attr-defined]  # every row has one
            held = keys[entry.case]
            assert key_identifier(opened_key(held)) == entry.case
            assert held.reference == record.reference or kind in (*INSTANCE_RECORDS, *DEBT_RECORDS, *WATCH_RECORDS)
            told = opened(entry, opened_key(held), record)
            assert told, f"{kind.table} commits to something"
            assert all(told.values()), f"{kind.table}: {[column for column, opens_ in told.items() if not opens_]}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_every_column_but_those_of_the_name_is_committed_to(kind: type[Record]) -> None:
    names = {field.name for field in dataclasses.fields(kind)}
    committed = set(sample(kind, "PRV-" + "0" * 26).committed())
    assert names - committed <= {"reference", "number"}
    assert committed <= names


def test_an_act_commits_to_each_column_of_its_rows_and_to_the_last_of_a_row_it_writes_twice() -> None:
    before, history = (sample(kind, "PRV-" + "0" * 26) for kind in (StateRecord, HistoryRecord))
    assert isinstance(before, StateRecord)
    after = dataclasses.replace(before, status="released")
    fields, values = committed_in((before, history, after))
    wanted = {f"{row.called()}.{name}": value for row in (history, after) for name, value in row.committed().items()}
    assert dict(zip(fields.names, values, strict=True)) == wanted
    again, others = committed_in((after, history, before))
    assert again is fields, "rows called alike are laid out once"
    assert [name for name, one, other in zip(fields.names, values, others, strict=True) if one != other] == [
        "state/1.status"
    ]


def test_a_changed_column_no_longer_opens_whichever_it_is(lived: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey

    for kind in KINDS:
        row = next(rows_of(kind))
        record, entry = record_of(kind, row), lived.log.entry(row.entry)  # type: ignore[attr-defined]  # every row has one
        key = opened_key(CaseKey.objects.get(kid=entry.case))
        for column, value in record.committed().items():
            changed: dict[str, Any] = {column: another(value)}
            told = opened(entry, key, dataclasses.replace(record, **changed))
            assert [name for name, opens_ in told.items() if not opens_] == [column]


def another(value: Column) -> Column:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case None:
            return 1


def test_a_row_moved_to_another_case_no_longer_opens(lived: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey, Request

    first = Request.objects.filter(facts__contains="murder").order_by("entry")[0]
    second = Request.objects.filter(facts__contains="theft").order_by("entry")[0]
    moved = record_of(RequestRecord, first)
    here, there = (lived.log.entry(row.entry) for row in (first, second))
    keys = {row.kid: opened_key(row) for row in CaseKey.objects.all()}
    assert all(opened(here, keys[here.case], moved).values())
    assert not all(opened(there, keys[there.case], moved).values())
    assert not any(opened(here, keys[there.case], moved).values())


def test_no_leaf_holds_what_anybody_said_or_could_be_known_by(lived: "Instance") -> None:
    leaves = b"".join(lived.log.leaves(0, lived.log.size()))
    for kind, columns in SAID:
        values = {
            value for row in rows_of(kind) for column in columns if (value := getattr(row, column)) not in ("", "[]")
        }
        assert values
        told = {value for value in values if not value.endswith(":00:00Z")}  # a whole hour is what a leaf may tell
        assert not [value for value in told if value.encode() in leaves], f"{kind.table} {columns}"


def test_a_case_whose_key_is_gone_opens_no_more_and_the_ledger_stays_whole(lived: "Instance") -> None:
    from privity.edge.store.case_rows import CaseKey, Request

    row = Request.objects.order_by("entry")[0]
    entry = lived.log.entry(row.entry)
    CaseKey.objects.filter(kid=entry.case).delete()
    for held in CaseKey.objects.all():
        assert not any(opened(entry, opened_key(held), record_of(RequestRecord, row)).values())
    assert isinstance(audit(lived.log, lived.note_signer.verifier), Intact)
