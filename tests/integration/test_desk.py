"""The desk over a real store: what people at it see and do, and who may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.agreements import GOLDEN_NAME
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor, asker, officer, police_request
from tests.fakes.guarded_register import PROTECTED
from tests.fakes.shelf import ShelfAgreements
from tests.fakes.standing import stand_everywhere

from privity.casework.desk import CaseView, Desk, QueueFilter
from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference, Slug
from privity.edge.demonstration.setting_up import publish_until
from privity.errors import Mistaken, Unavailable
from privity.statistics.counts import COLUMN_OF, Column

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.live_figures import LiveFigures

REASONS = "What weighs for and against, in words of my own."


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> Desk:
    """Return the instance's desk with every agreement published by May 2018, a counting register and a plain seal."""
    from privity.edge.wiring.desk import InstanceDesk

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime(2018, 6, 1, 9, tzinfo=UTC)
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    gateway = Gateway(agreements=instance.agreements, register=corridor.register, sealer=corridor.sealer)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    joined = instance.desk
    assert isinstance(joined, InstanceDesk)
    return replace(joined, register=corridor.register, gateway=gateway)  # type: ignore[arg-type]  # counted, not guarded


def revision(desk: Desk, reference: CaseReference, corridor: Corridor) -> int:
    return corridor.read(reference).state.revision


def shown(desk: Desk, corridor: Corridor, reference: CaseReference, by: Officer = FIRST) -> CaseView:
    return desk.case(reference, by=by, at=corridor.tick(), candidates=True)


def test_a_case_is_walked_at_the_desk_from_the_queue_to_the_outbox(desk: Desk, corridor: Corridor) -> None:
    reference = corridor.received()
    assert [line.reference for line in desk.queue(QueueFilter(), by=FIRST, at=corridor.now).lines] == [reference]
    desk.take(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    for who in (FIRST, SECOND):
        desk.determine_purpose(
            reference,
            question=Slug("public_interest"),
            answer=True,
            reasons=REASONS + who.staff_id,
            factors=(),
            revision=revision(desk, reference, corridor),
            by=who,
            at=corridor.tick(),
        )
    desk.trace(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    for who in (FIRST, SECOND):
        desk.determine_identity(
            reference,
            choice=1,
            reasons=REASONS + who.staff_id,
            revision=revision(desk, reference, corridor),
            by=who,
            at=corridor.tick(),
        )
    corridor.screen(reference)
    desk.release(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    file = corridor.read(reference)
    assert file.status is Status.SEALED
    assert [line.kind for line in file.history][-3:] == ["disclosure.intended", "pack.sealed", "destruction.due"]


def test_whoever_acts_on_what_has_changed_meanwhile_is_told_and_nothing_is_recorded(
    desk: Desk, corridor: Corridor
) -> None:
    reference = corridor.received()
    seen = revision(desk, reference, corridor)
    desk.take(reference, revision=seen, by=SECOND, at=corridor.tick())
    before = corridor.read(reference), len(corridor.entries())
    acts: list[Callable[[], None]] = [
        lambda: desk.ask(reference, words="Which house?", revision=seen, by=FIRST, at=corridor.tick()),
        lambda: desk.trace(reference, revision=seen, by=FIRST, at=corridor.tick()),
        lambda: desk.release(reference, revision=seen, by=FIRST, at=corridor.tick()),
        lambda: desk.close_protected(reference, reasons=REASONS, revision=seen, by=GUARDIAN, at=corridor.tick()),
        lambda: desk.determine_identity(
            reference, choice=1, reasons=REASONS, revision=seen, by=FIRST, at=corridor.tick()
        ),
        lambda: desk.determine_purpose(
            reference,
            question=Slug("public_interest"),
            answer=True,
            reasons=REASONS,
            factors=(),
            revision=seen,
            by=FIRST,
            at=corridor.tick(),
        ),
    ]
    for act in acts:
        with pytest.raises(Mistaken, match="somebody else acted"):
            act()
    assert (corridor.read(reference), len(corridor.entries())) == before


def test_a_case_whose_candidate_has_gone_is_traced_again_and_the_same_officers_judge_it(
    desk: Desk, corridor: Corridor
) -> None:
    reference = corridor.identified()
    reasons = REASONS + " The candidate has gone from the register."
    desk.set_trace_aside(
        reference, reasons=reasons, revision=revision(desk, reference, corridor), by=SECOND, at=corridor.tick()
    )
    view = desk.case(reference, by=FIRST, at=corridor.tick())
    assert (view.file.status, view.may_set_aside) == (Status.APPROVED, False)
    desk.trace(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    for who in (FIRST, SECOND):
        assert shown(desk, corridor, reference, who).may_judge_identity
        desk.determine_identity(
            reference,
            choice=1,
            reasons=REASONS + who.staff_id,
            revision=revision(desk, reference, corridor),
            by=who,
            at=corridor.tick(),
        )
    assert corridor.read(reference).status is Status.IDENTIFIED


def test_a_trace_asked_for_after_a_suspension_is_refused_and_the_case_is_held(
    desk: Desk, corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.wiring.suspending import suspend_agreement

    reference = corridor.approved()
    suspend_agreement(instance.store, instance.agreements, "police", reasons=REASONS, by=GUARDIAN, at=corridor.tick())
    with pytest.raises(Mistaken, match="the register was not read: the agreement in force now says otherwise"):
        desk.trace(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    assert corridor.read(reference).status is Status.HELD
    assert corridor.register.reads([reference]) == 0


@pytest.mark.parametrize(
    "role", [Role.DEPARTMENT, Role.AUDITOR, Role.ADMINISTRATOR, Role.REQUESTING_OFFICER, Role.SYSTEM]
)
def test_whoever_does_not_work_on_cases_sees_none_and_does_nothing(desk: Desk, corridor: Corridor, role: Role) -> None:
    reference = corridor.identified()
    stranger = officer("stranger", role)
    before = corridor.read(reference), len(corridor.entries()), len(corridor.register.read_for)
    with pytest.raises(Mistaken, match="the case was not found"):
        desk.case(reference, by=stranger, at=corridor.now)
    acts: list[Callable[[], object]] = [
        lambda: desk.queue(QueueFilter(), by=stranger, at=corridor.now),
        lambda: desk.take(reference, revision=1, by=stranger, at=corridor.tick()),
        lambda: desk.ask(reference, words="Which?", revision=1, by=stranger, at=corridor.tick()),
        lambda: desk.trace(reference, revision=1, by=stranger, at=corridor.tick()),
        lambda: desk.release(reference, revision=1, by=stranger, at=corridor.tick()),
    ]
    for act in acts:
        with pytest.raises(Mistaken, match=r"your role does not allow it|the case was not found"):
            act()
    assert (corridor.read(reference), len(corridor.entries()), len(corridor.register.read_for)) == before


def test_a_case_that_is_not_there_and_one_that_is_not_yours_look_alike(desk: Desk, corridor: Corridor) -> None:
    there, not_there = corridor.received(), CaseReference("PRV-" + "0" * 26)
    said = []
    for reference in (there, not_there):
        with pytest.raises(Mistaken) as told:
            desk.case(reference, by=asker("kent-police"), at=corridor.now)
        said.append(str(told.value))
    assert said[0] == said[1]


def test_candidates_are_shown_while_they_are_judged_and_every_showing_is_on_record(
    desk: Desk, corridor: Corridor
) -> None:
    reference = corridor.approved()
    assert shown(desk, corridor, reference).candidates == ()
    corridor.trace(reference)
    entries = len(corridor.entries())
    assert desk.case(reference, by=FIRST, at=corridor.tick()).candidates == ()
    assert len(corridor.entries()) == entries, "a page that shows none reads none"
    view = shown(desk, corridor, reference)
    assert [each.record.family_name for each in view.candidates] == [GOLDEN_NAME]
    assert view.may_judge_identity
    assert len(corridor.entries()) == entries + 1
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, 1)
    assert shown(desk, corridor, reference).candidates == ()


def test_a_protected_record_is_shown_to_the_guardian_and_to_nobody_else(desk: Desk, corridor: Corridor) -> None:
    corridor.register.finds = PROTECTED
    corridor.trace(reference := corridor.approved())
    read = len(corridor.register.read_for)
    assert shown(desk, corridor, reference).candidates == ()
    assert len(corridor.register.read_for) == read
    assert len(shown(desk, corridor, reference, GUARDIAN).candidates) == 1
    seen = revision(desk, reference, corridor)
    desk.close_protected(reference, reasons=REASONS, revision=seen, by=GUARDIAN, at=corridor.tick())
    assert corridor.read(reference).status is Status.UNIDENTIFIED


def test_nobody_sees_another_view_before_both_are_in(desk: Desk, corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, False)
    view = desk.case(reference, by=SECOND, at=corridor.tick())
    (question,) = view.questions
    assert (question.views_given, question.mine_given, question.may_answer) == (1, False, True)
    (mine,) = desk.case(reference, by=FIRST, at=corridor.tick()).questions
    assert (mine.mine_given, mine.may_answer) == (True, False)


def test_the_clock_of_a_case_is_computed_when_it_is_looked_at(desk: Desk, corridor: Corridor) -> None:
    reference = corridor.received()
    view = desk.case(reference, by=FIRST, at=corridor.tick())
    assert view.clock is not None
    assert view.clock.due == datetime(2018, 6, 29, tzinfo=UTC).date()
    assert view.working_days_left == 20
    assert view.clock.steps()[-1] == "Due on 29 June 2018."
    later = desk.case(reference, by=FIRST, at=corridor.now + timedelta(days=33))
    assert later.working_days_left == -3


def test_an_unfit_release_is_told_and_the_case_stays_ready(desk: Desk, corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.sealer.refuses = True
    with pytest.raises(Unavailable):
        desk.release(reference, revision=revision(desk, reference, corridor), by=FIRST, at=corridor.tick())
    assert corridor.read(reference).status is Status.IDENTIFIED
    assert corridor.kinds(reference)[-1] == "disclosure.intended", "a release that failed leaves its intent"


def live_figures(desk: Desk) -> "LiveFigures":
    from privity.edge.wiring.desk import InstanceDesk

    assert isinstance(desk, InstanceDesk)
    return desk._live


def test_the_table_is_what_a_naive_count_of_the_database_says(desk: Desk, corridor: Corridor) -> None:
    from privity.edge.store.case_rows import Opening, State

    corridor.agreements = ShelfAgreements()  # so that a suspension can be laid over the last of them
    stand_everywhere(corridor)
    live = live_figures(desk)
    view = live.own(2018, corridor.now)
    statuses = dict(State.objects.values_list("reference", "status"))
    naive = dict.fromkeys(Column, 0)
    for opening in Opening.objects.filter(received_on__startswith="2018"):
        naive[COLUMN_OF[statuses[opening.reference]]] += 1
    (line,) = view.lines
    assert {column: getattr(line, column.value) for column in Column} == naive
    assert line.received == sum(naive.values()) == view.total.received
    received = corridor.receive(police_request(reference="KP/new"))
    again = live.own(2018, corridor.now)
    assert (again.total.received, again.total.open) == (line.received + 1, line.open + 1)
    assert corridor.read(received).status is Status.RECEIVED
    with pytest.raises(Mistaken, match="nothing was received then"):
        live.own(1999, corridor.now)


def test_the_ledger_page_shows_what_was_published_and_never_how_much_was_done(
    desk: Desk, corridor: Corridor, instance: "Instance"
) -> None:
    from privity.edge.seals.note_keys import read_verifier_key
    from privity.ledger.checkpoint import open_checkpoint

    before = desk.ledger()
    assert (before.checkpoint, before.root, before.size, desk.ledger_file("checkpoint")) == ("", "", 0, None)
    corridor.receive()
    instance.publisher.publish(corridor.now)
    begun = desk.ledger()
    assert (begun.size, begun.hours, begun.entries) == (0, 24, 2048)
    corridor.receive(police_request(reference="KP/2"))
    assert desk.ledger() == begun, "work does not show"
    instance.publisher.publish(corridor.now + timedelta(days=2))
    shown = desk.ledger()
    signed = open_checkpoint(shown.checkpoint.encode(), read_verifier_key(shown.verifier_key))
    assert (shown.size, shown.root, shown.origin) == (2 * 2048, signed.root.hex(), instance.origin)
    assert desk.ledger_file("checkpoint") == shown.checkpoint.encode()
    assert len(desk.ledger_file("tile/0/000") or b"") == 256 * 32
    assert desk.ledger_file("tile/entries/000") is None


def test_the_situation_says_since_when_nothing_is_shared_with_whom(desk: Desk) -> None:
    situation = desk.situation(datetime(2018, 6, 1, tzinfo=UTC))
    standing = {line.family: line.standing for line in situation.lines}
    assert standing["home-office"] == "suspended"
    assert standing["police"] == "in-force"
