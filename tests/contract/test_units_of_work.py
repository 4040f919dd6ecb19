"""What every unit of work promises, the one in memory and the one over a database alike."""

from datetime import timedelta
from typing import cast

import pytest
from tests.fakes.corridor import ADMINISTRATORS, KENT, Corridor, a_certificate, asker, police_request

from privity.casework.enrol import approve_certificate, enrol_certificate, enrol_officer, publish
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.receive import close_batch, receive, take_rows
from privity.casework.record import moment
from privity.casework.records import HistoryRecord
from privity.definitions.party import GATEWAY, OrganisationId, Role
from privity.definitions.reference import BatchReference, CaseReference, read_case_reference
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry import EntryRefused
from privity.ledger.entry_kind import EntryKind
from privity.request.intake_row import IntakeRow

BATCH = BatchReference("ab" * 32)


def rows(count: int, first: int = 2) -> list[IntakeRow]:
    return [
        IntakeRow(row=number, request=police_request(reference=f"KP/{number}"))
        for number in range(first, first + count)
    ]


def test_what_is_written_is_read_back_the_same_in_another_transaction(corridor: Corridor) -> None:
    reference = corridor.receive()
    with corridor.open_unit() as unit:
        assert unit.case(reference) == corridor.read(reference)
    assert corridor.read(reference).tracing_request() == police_request()


def test_a_transaction_sees_what_it_has_itself_written(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        reference = receive(unit, police_request(), at=corridor.tick(), by=asker(KENT))
        inside = unit.case(reference)
        unit.load([reference])
        assert unit.case(reference) == inside
    assert corridor.read(reference) == inside


def test_a_block_that_fails_leaves_no_case_no_entry_and_no_key(corridor: Corridor) -> None:
    before = len(corridor.entries())
    made: list[CaseReference] = []

    def fail() -> None:
        with corridor.open_unit() as unit:
            made.append(receive(unit, police_request(), at=corridor.tick(), by=asker(KENT)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(corridor.entries()) == before
    with pytest.raises(Mistaken, match="the case was not found"):
        corridor.read(made[0])


def test_an_entry_the_ledger_refuses_undoes_the_acts_before_it(corridor: Corridor) -> None:
    before = len(corridor.entries())
    told = Act(kind=EntryKind.NOTE_ADDED, at=corridor.now, by=GATEWAY, key="instance", facts={"words": "free text"})

    def receive_and_tell() -> None:
        with corridor.open_unit() as unit:
            receive(unit, police_request(), at=corridor.tick(), by=asker(KENT))
            unit.write(told)

    with pytest.raises(EntryRefused):
        receive_and_tell()
    assert len(corridor.entries()) == before


def test_a_block_without_acts_writes_nothing(corridor: Corridor) -> None:
    before = len(corridor.entries())
    with corridor.open_unit() as unit:
        unit.load([])
    assert len(corridor.entries()) == before


def test_references_are_fresh_and_of_the_one_form(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        made = {unit.new_reference() for _ in range(200)}
    assert len(made) == 200
    assert {read_case_reference(f" {reference.lower()} ") for reference in made} == made


def test_a_case_nobody_has_is_not_found(corridor: Corridor) -> None:
    unknown = CaseReference("PRV-" + "0" * 26)
    with pytest.raises(Mistaken, match="the case was not found"):
        corridor.read(unknown)
    with corridor.open_unit() as unit, pytest.raises(Mistaken, match="the case was not found"):
        unit.case(unknown)


def test_an_organisation_nobody_enrolled_is_not_known(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        assert unit.organisation(OrganisationId(KENT)).family == "police"
        with pytest.raises(Mistaken, match="not enrolled here"):
            unit.organisation(OrganisationId("essex-police"))


def test_certificates_come_oldest_first_with_those_of_this_transaction(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        second = a_certificate(KENT, 2)
        enrol_certificate(unit, second, by=ADMINISTRATORS[0], at=corridor.tick())
        pending = unit.certificates(OrganisationId(KENT))
        assert [each.number for each in pending] == [1, 2]
        approve_certificate(unit, second, by=ADMINISTRATORS[1], at=corridor.tick())
    with corridor.open_unit() as unit:
        assert [bool(each.approved_by) for each in unit.certificates(OrganisationId(KENT))] == [True, True]
        assert unit.certificates(OrganisationId("home-office"))[0].reference == "home-office"


def test_a_record_that_never_changes_is_not_written_twice(corridor: Corridor) -> None:
    reference = corridor.receive()
    again = HistoryRecord(
        reference=reference,
        number=1,
        at=moment(corridor.now),
        kind="case.opened",
        staff_id="x",
        role="system",
        status="received",
        words="Something else.",
    )
    before = corridor.read(reference), len(corridor.entries())
    with pytest.raises(Exception, match=r"UNIQUE|history"), corridor.open_unit() as unit:
        unit.write(Act(kind=EntryKind.NOTE_ADDED, at=corridor.tick(), by=GATEWAY, key="instance", records=(again,)))
    assert (corridor.read(reference), len(corridor.entries())) == before


def test_acts_are_refused_while_the_clock_lies_behind_the_ledger(corridor: Corridor) -> None:
    reference = corridor.receive()
    before = corridor.read(reference), len(corridor.entries())
    corridor.now -= timedelta(minutes=30)
    with pytest.raises(Unavailable, match="clock"):
        corridor.assess(reference)
    assert (corridor.read(reference), len(corridor.entries())) == before


def test_a_small_step_back_is_forgiven_and_no_entry_is_earlier_than_the_one_before(corridor: Corridor) -> None:
    corridor.now = corridor.now.replace(minute=59)  # the ledger tells the hour only, so the hour has to turn
    corridor.receive()
    corridor.now -= timedelta(minutes=4)
    corridor.receive()
    with corridor.open_unit() as unit:
        for minutes in (65, 1, 3):
            receive(unit, police_request(), at=corridor.now + timedelta(minutes=minutes), by=asker(KENT))
    moments = [entry.at for entry in corridor.entries()]
    assert moments == sorted(moments)


def test_the_same_batch_again_adds_nothing_and_half_a_batch_goes_on(corridor: Corridor) -> None:
    by, file = asker(KENT), rows(5)
    first = corridor.do(lambda unit, at: take_rows(unit, file[:3], batch=BATCH, at=at, by=by))
    rest = corridor.do(lambda unit, at: take_rows(unit, file, batch=BATCH, at=at, by=by))
    assert (len(first), len(rest)) == (3, 2)
    corridor.do(lambda unit, at: close_batch(unit, file, batch=BATCH, at=at, by=by))
    entries = len(corridor.entries())
    assert corridor.do(lambda unit, at: take_rows(unit, file, batch=BATCH, at=at, by=by)) == ()
    assert len(corridor.entries()) == entries
    taken = [corridor.read(reference) for reference in (*first, *rest)]
    assert [case.opening.row_number for case in taken] == [2, 3, 4, 5, 6]
    assert {case.opening.requester_reference for case in taken} == {f"KP/{number}" for number in range(2, 7)}
    with corridor.open_unit() as unit:
        assert unit.batch_rows(BATCH) == {2, 3, 4, 5, 6}
        assert unit.batch_rows("cd" * 32) == frozenset()


def test_two_cases_of_one_batch_row_cannot_be(corridor: Corridor) -> None:
    if corridor.name == "memory":
        pytest.skip("the database is what refuses it; in memory there is nobody to race")

    def take_twice() -> None:
        with corridor.open_unit() as unit:
            for _ in range(2):
                take_rows(unit, rows(1), batch=BATCH, at=corridor.tick(), by=asker(KENT))

    with pytest.raises(Exception, match="UNIQUE"):
        take_twice()
    with corridor.open_unit() as unit:
        assert unit.batch_rows(BATCH) == frozenset()


def test_what_widens_what_can_leave_needs_two_people(corridor: Corridor) -> None:
    before = len(corridor.entries())
    certificate, alone = a_certificate(KENT, 3), ADMINISTRATORS[0]
    with corridor.open_unit() as unit:
        with pytest.raises(Mistaken, match="cannot approve"):
            approve_certificate(unit, certificate, by=alone, at=corridor.tick())
        with pytest.raises(Mistaken, match="two people"):
            enrol_officer(cast(PublicUnit, unit), asker(KENT), by=alone, seconded_by=alone, at=corridor.tick())
        with pytest.raises(Mistaken, match="two people"):
            publish(
                unit,
                family="police",
                number=1,
                kind="version",
                name="2017-01",
                sha256="0" * 64,
                in_force_from=corridor.now.date(),
                by=alone,
                seconded_by=alone,
                at=corridor.tick(),
            )
    assert len(corridor.entries()) == before


def test_what_narrows_one_person_does_at_once(corridor: Corridor) -> None:
    alone = ADMINISTRATORS[0]
    for number, kind in enumerate(("suspension", "withdrawal"), start=1):
        with corridor.open_unit() as unit:
            publish(
                unit,
                family="police",
                number=number,
                kind=kind,
                name=f"2017-0{number}",
                sha256="0" * 64,
                in_force_from=corridor.now.date(),
                by=alone,
                seconded_by=alone,
                at=corridor.tick(),
            )
    assert [entry.kind for entry in corridor.entries()][-2:] == [
        EntryKind.AGREEMENT_SUSPENDED,
        EntryKind.AGREEMENT_WITHDRAWN,
    ]


def test_the_ledger_says_the_role_and_never_the_name(corridor: Corridor) -> None:
    new = asker(KENT)
    with corridor.open_unit() as unit:
        enrol_officer(
            cast(PublicUnit, unit), new, by=ADMINISTRATORS[0], seconded_by=ADMINISTRATORS[1], at=corridor.tick()
        )
    told = corridor.entries()[-2:]
    assert [entry.outcome for entry in told] == [Role.REQUESTING_OFFICER.value] * 2
    assert new.name not in repr(told)
