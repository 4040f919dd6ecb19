"""What is due is computed from dated events: once a week, on the day after, whoever asks and however often."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.agreements import shipped_files
from tests.fakes.corridor import FIRST, KENT, SECOND, Corridor, police_request

from privity.agreement.reading import read_family
from privity.agreement.version import OUR_LADDER, Ladder
from privity.casework.incident import (
    Cause,
    Gravity,
    Occurrence,
    breach_pack,
    close_incident,
    open_incident,
    report_incident,
)
from privity.casework.lifecycle import Status
from privity.casework.screen import Parked
from privity.casework.watch_clock import TaskKind, tasks
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.edge.commands.watch import look
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.statistics.overdue import OverdueFold

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

RETENTION = 180
REMIND_EVERY_DAYS = OUR_LADDER.remind_every_days
CALENDAR = "england-and-wales"


def collected(corridor: Corridor, number: int = 1) -> CaseReference:
    reference = corridor.sealed(police_request(reference=f"KP/{number}"))
    corridor.send(reference)
    corridor.collect(reference)
    return reference


def kinds(corridor: Corridor, reference: CaseReference) -> list[TaskKind]:
    return [task.kind for task in tasks(corridor.read(reference), corridor.now)]


def days_after_release(corridor: Corridor, days: int) -> None:
    corridor.now += timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (RETENTION - 8, []),
        (RETENTION - 7, [TaskKind.DUE_SOON]),
        (RETENTION, [TaskKind.DUE_SOON]),
        (RETENTION + 1, [TaskKind.REMIND]),
        (RETENTION + OUR_LADDER.escalate_after_days, [TaskKind.REMIND]),
        (RETENTION + OUR_LADDER.escalate_after_days + 1, [TaskKind.REMIND, TaskKind.ESCALATE]),
    ],
)
def test_a_pack_is_due_overdue_and_escalated_on_its_days(
    corridor: Corridor, days: int, expected: list[TaskKind]
) -> None:
    reference = collected(corridor)
    days_after_release(corridor, days)
    assert kinds(corridor, reference) == expected


def test_watching_twice_a_day_reminds_once_and_again_after_a_week_and_escalates_once(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = collected(corridor)
    days_after_release(corridor, RETENTION + 1)
    for _ in range(3):
        look(instance, corridor.tick())
    days_after_release(corridor, REMIND_EVERY_DAYS)
    look(instance, corridor.tick())
    days_after_release(corridor, 3 * REMIND_EVERY_DAYS)
    for _ in range(2):
        look(instance, corridor.tick())
    told = [entry for entry in corridor.entries() if entry.kind is EntryKind.DESTRUCTION_OVERDUE]
    assert [entry.facts["reminder"] for entry in told] == [1, 2, 3]
    escalated = [entry for entry in corridor.entries() if entry.kind is EntryKind.DESTRUCTION_ESCALATED]
    assert len(escalated) == 1
    assert kinds(corridor, reference) == []


def test_the_public_count_of_overdue_packs_is_a_fold_over_the_ledger_and_equals_the_database(
    corridor: Corridor, instance: "Instance"
) -> None:
    references = [collected(corridor, number) for number in range(3)]
    days_after_release(corridor, RETENTION + 1)
    assert OverdueFold().see(corridor.entries()).counts() == {}
    look(instance, corridor.tick())
    assert OverdueFold().see(corridor.entries()).counts() == {KENT: 3}
    corridor.destroyed(references[0], on=civil_day(corridor.now))
    assert OverdueFold().see(corridor.entries()).counts() == {KENT: 2}
    with instance.store.unit() as unit:
        assert unit.overdue_destructions(corridor.read(references[1]).organisation, civil_day(corridor.now)) == 2


def test_a_pack_sent_and_not_collected_is_told_after_five_days(corridor: Corridor) -> None:
    reference = corridor.sealed(police_request())
    corridor.send(reference)
    days_after_release(corridor, 4)
    assert kinds(corridor, reference) == []
    days_after_release(corridor, 1)
    assert kinds(corridor, reference) == [TaskKind.NOT_COLLECTED]


FACT = """facts:
  overdue_destructions:
    type: whole-number
    stated_by: gateway
    words: How many packs the force should have destroyed and has not confirmed.
"""
CLAUSE = """@id("none-overdue")
@clause("9.1")
@says("A force that keeps what it was to destroy is sent nothing new.")
@consequence("refuse")
forbid (principal, action, resource)
when { context has overdue_destructions && context.overdue_destructions >= 1 };

@id("never-clinical")"""
STRICT = {
    "vocabulary.yaml": ("facts:\n", FACT),
    "2017-01/policy.cedar": ('@id("never-clinical")', CLAUSE),
}


def make_strict(corridor: Corridor) -> None:
    """Put a clause into the police agreement that refuses whoever has overdue destructions."""
    files = dict(shipped_files()["police"])
    for name, (before, after) in STRICT.items():
        assert before in files[name]
        files[name] = files[name].replace(before, after, 1)
    files["2017-01/text.md"] += (
        "\n## 9.1 Nothing new {#c9.1}\n\nA force that keeps what it was to destroy is sent nothing new.\n"
    )
    corridor.agreements.families["police"] = read_family(files)


def test_an_agreement_may_refuse_whoever_has_overdue_destructions(corridor: Corridor) -> None:
    kept = collected(corridor)
    make_strict(corridor)
    waiting = corridor.ready(police_request(reference="KP/2"))
    days_after_release(corridor, RETENTION + 1)
    refused = corridor.received(police_request(reference="KP/3"))
    assert corridor.read(refused).status is Status.REFUSED
    assert "none-overdue" in corridor.read(refused).assessment.cited
    parked = corridor.intend(waiting)
    assert isinstance(parked, Parked)
    assert parked.status is Status.REFUSED
    corridor.destroyed(kept, on=civil_day(corridor.now))
    again = corridor.received(police_request(reference="KP/4"))
    assert corridor.read(again).status is Status.JUDGING_PURPOSE


def test_an_agreement_says_how_often_it_reminds_when_the_department_is_told_and_how_long_a_case_is_kept(
    corridor: Corridor,
) -> None:
    files = dict(shipped_files()["police"])
    written = "  remind_every_days: 3\n  escalate_after_days: 5\n  kept_here_days: 400\n"
    files["2017-01/agreement.yaml"] = files["2017-01/agreement.yaml"].replace(
        "  days: 180\n", "  days: 180\n" + written
    )
    corridor.agreements.families["police"] = read_family(files)
    reference = collected(corridor)
    ladder = corridor.agreements.ladder_of(corridor.read(reference).family, corridor.read(reference).state.version)
    assert ladder == Ladder(remind_every_days=3, escalate_after_days=5, kept_here_days=400)
    days_after_release(corridor, RETENTION + 6)
    assert [task.kind for task in tasks(corridor.read(reference), corridor.now, ladder)] == [
        TaskKind.REMIND,
        TaskKind.ESCALATE,
    ]
    assert [task.kind for task in tasks(corridor.read(reference), corridor.now)] == [TaskKind.REMIND]
    corridor.destroyed(reference, on=civil_day(corridor.now))
    days_after_release(corridor, 401)
    assert [task.kind for task in tasks(corridor.read(reference), corridor.now, ladder)] == [TaskKind.DESTROY_HERE]
    assert kinds(corridor, reference) == []


def opened(corridor: Corridor, reference: CaseReference, gravity: Gravity, *, people: int = 1) -> None:
    corridor.do(
        lambda unit, at: open_incident(
            unit,
            reference,
            corridor.agreements.calendar(CALENDAR),
            Occurrence(
                gravity=gravity,
                cause=Cause.WRONG_PERSON,
                people=people,
                words="The record of another person was named.",
                discovered_at=at,
            ),
            by=FIRST,
            at=at,
        )
    )


def test_a_wrong_disclosure_is_reported_within_five_working_days_and_72_hours_run(corridor: Corridor) -> None:
    reference = collected(corridor)
    opened(corridor, reference, Gravity.REPORTABLE, people=2)
    (incident,) = corridor.read(reference).incidents
    # Found on Wednesday, 1 March 2017: five working days on is the Wednesday after.
    assert incident.report_by == "2017-03-08"
    assert kinds(corridor, reference) == [TaskKind.REPORT, TaskKind.BREACH_CLOCK]
    days_after_release(corridor, 4)
    assert kinds(corridor, reference) == [TaskKind.REPORT]
    file = corridor.do(lambda unit, at: report_incident(unit, reference, 1, by=SECOND, at=at))
    assert corridor.entries()[-1].facts["in_time"] is True
    assert file.incidents[0].reported_at
    corridor.do(lambda unit, at: close_incident(unit, reference, 1, by=SECOND, at=at))
    assert kinds(corridor, reference) == []


def test_a_late_report_is_taken_and_says_that_it_was_late(corridor: Corridor) -> None:
    reference = collected(corridor)
    opened(corridor, reference, Gravity.REPORTABLE)
    days_after_release(corridor, 10)
    corridor.do(lambda unit, at: report_incident(unit, reference, 1, by=FIRST, at=at))
    assert corridor.entries()[-1].facts["in_time"] is False


def test_a_near_miss_has_no_clock_and_can_be_closed_at_once(corridor: Corridor) -> None:
    reference = corridor.received()
    with pytest.raises(Mistaken, match="nothing was sealed"):
        opened(corridor, reference, Gravity.REPORTABLE)
    opened(corridor, reference, Gravity.RECORDABLE)
    assert corridor.read(reference).incidents[0].report_by == ""
    with pytest.raises(Mistaken, match="not reportable"):
        corridor.do(lambda unit, at: report_incident(unit, reference, 1, by=FIRST, at=at))
    corridor.do(lambda unit, at: close_incident(unit, reference, 1, by=FIRST, at=at))
    with pytest.raises(Mistaken, match="not closed"):
        corridor.do(lambda unit, at: close_incident(unit, reference, 1, by=FIRST, at=at))


def test_the_breach_pack_says_who_what_when_and_how_many_and_names_nobody_sought(corridor: Corridor) -> None:
    reference = collected(corridor)
    opened(corridor, reference, Gravity.REPORTABLE, people=2)
    told = breach_pack(corridor.read(reference), 1, [], now=corridor.now + timedelta(hours=2))
    assert (told.organisation, told.people, told.cause) == (KENT, 2, "wrong-person")
    assert told.disclosed_items == ("name", "last_known_address")
    assert told.decided_by == ("first", "second")
    assert told.hours_left == 70.0
    assert told.sealed_at <= told.sent_at <= told.collected_at <= told.discovered_at
    assert len(told.acts) == len(corridor.read(reference).history)
    with pytest.raises(Mistaken, match="none of that number"):
        breach_pack(corridor.read(reference), 2, [], now=corridor.now)
