"""The status of a case: one table, every status owned, worded and counted, and no way around it."""

from collections.abc import Set as AbstractSet
from datetime import date
from random import Random

import pytest

from privity.casework.lifecycle import (
    CLOSED,
    OWNERS,
    READY,
    TRANSITIONS,
    WITHDRAWABLE,
    Owner,
    Status,
    assigned,
    moved,
    opened,
    touched,
)
from privity.casework.permits import AFTER_APPROVAL
from privity.casework.records import StateRecord
from privity.errors import Mistaken
from privity.statistics.counts import COLUMN_OF

TODAY = date(2017, 3, 1)
TERMINAL = {Status.UNREADABLE, Status.RETURNED, Status.REFUSED, Status.DESTROYED, Status.WITHDRAWN}
UNSENT = {Status.SEALED, Status.UNTRACED}


def state_in(status: Status) -> StateRecord:
    return StateRecord(
        reference="PRV-00000000000000000000000001",
        status=status.value,
        version="police@2017-01",
        urgent=False,
        working_days=20,
        due="2017-03-29",
        assigned_to="",
        closed_on="",
        revision=4,
    )


def reachable(start: Status, avoiding: AbstractSet[Status] = frozenset()) -> set[Status]:
    found, ahead = {start}, [start]
    while ahead:
        following = TRANSITIONS[ahead.pop()] - found - avoiding
        found |= following
        ahead += following
    return found


@pytest.mark.parametrize("status", Status)
def test_every_status_has_an_owner_words_a_column_and_a_row_in_the_table(status: Status) -> None:
    assert isinstance(OWNERS[status], Owner)
    assert status.words
    assert status.value in COLUMN_OF
    assert status in TRANSITIONS


def test_no_two_statuses_are_worded_alike_and_no_column_counts_what_is_no_status() -> None:
    assert len({status.words for status in Status}) == len(Status)
    assert set(COLUMN_OF) == {status.value for status in Status}


def test_nothing_follows_a_terminal_status_and_they_are_owned_by_nobody() -> None:
    assert {status for status in Status if not TRANSITIONS[status]} == TERMINAL
    assert {OWNERS[status] for status in TERMINAL} == {Owner.NOBODY}
    assert TERMINAL <= CLOSED


def test_every_status_can_be_reached_and_every_case_can_end() -> None:
    assert reachable(Status.RECEIVED) == set(Status)
    for status in Status:
        assert reachable(status) & TERMINAL


def test_once_its_answer_has_left_a_case_never_opens_again() -> None:
    for status in CLOSED - UNSENT:
        assert TRANSITIONS[status] <= CLOSED
        assert status not in WITHDRAWABLE


def test_an_answer_that_has_not_left_can_only_go_back_to_where_answers_are_released() -> None:
    for status in UNSENT:
        assert TRANSITIONS[status] - CLOSED <= set(READY)
        assert status not in WITHDRAWABLE


def test_nothing_is_sealed_before_purpose_and_identity() -> None:
    assert Status.SEALED not in reachable(Status.RECEIVED, avoiding={Status.IDENTIFIED, Status.HELD})
    assert Status.SENT not in reachable(Status.RECEIVED, avoiding={Status.SEALED})
    # A held case goes back where it was, so the table alone must not be asked about ways through a suspension.
    assert Status.SEALED not in reachable(Status.RECEIVED, avoiding={Status.APPROVED, Status.HELD})
    without = {Status.JUDGING_IDENTITY, Status.IDENTITY_DIVIDED, Status.HELD}
    assert Status.IDENTIFIED not in reachable(Status.RECEIVED, avoiding=without)


def test_whoever_is_refused_was_not_answered_and_whoever_was_answered_is_not_refused() -> None:
    for status in (Status.SENT, Status.COLLECTED, Status.DESTROYED):
        assert Status.REFUSED not in reachable(status)


def test_the_purpose_stands_approved_only_after_the_approval() -> None:
    before = reachable(Status.RECEIVED, avoiding={Status.APPROVED, Status.HELD})
    assert not before & AFTER_APPROVAL


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("to", Status)
def test_a_move_is_made_exactly_when_the_table_has_it(now: Status, to: Status) -> None:
    state = state_in(now)
    if to in TRANSITIONS[now]:
        after = moved(state, to, on=TODAY)
        assert (after.status, after.revision) == (to.value, state.revision + 1)
        assert after.closed_on == (TODAY.isoformat() if to in CLOSED else "")
        assert (after.version, after.due, after.working_days) == (state.version, state.due, state.working_days)
    else:
        with pytest.raises(Mistaken, match=f"`{now.value}` cannot become `{to.value}`"):
            moved(state, to, on=TODAY)


def test_a_move_can_change_version_urgency_clock_and_due_day() -> None:
    after = moved(state_in(Status.RECEIVED), Status.HELD, on=TODAY, version="a@b", urgent=True, working_days=5, due="")
    assert (after.version, after.urgent, after.working_days, after.due) == ("a@b", True, 5, "")


def test_a_case_is_closed_on_the_day_it_was_first_answered() -> None:
    sealed = moved(state_in(Status.IDENTIFIED), Status.SEALED, on=TODAY)
    sent = moved(sealed, Status.SENT, on=date(2017, 3, 9))
    assert sent.closed_on == TODAY.isoformat()


def test_assigning_and_touching_change_no_status() -> None:
    state = opened("PRV-00000000000000000000000001")
    assert (state.status, state.revision) == ("received", 1)
    assert assigned(state, "a.okafor").assigned_to == "a.okafor"
    for after in (assigned(state, "a.okafor"), touched(state), touched(state, due="2017-03-29")):
        assert (after.status, after.revision) == (state.status, 2)


def test_no_walk_leaves_the_table() -> None:
    """Every second walk goes on at most steps, so that it gets far; the others stumble where they like."""
    reached: set[Status] = set()
    for seed in range(400):
        rng, state, walked = Random(seed), opened("PRV-00000000000000000000000001"), [Status.RECEIVED]
        for _ in range(40):
            onward = sorted(one for one in TRANSITIONS[walked[-1]] if TRANSITIONS[one])
            goes_on = bool(onward) and seed % 2 == 0 and rng.random() < 0.9
            wish = rng.choice(onward if goes_on else list(Status))
            if wish in TRANSITIONS[walked[-1]]:
                state = moved(state, wish, on=TODAY)
                walked.append(wish)
            else:
                with pytest.raises(Mistaken):
                    moved(state, wish, on=TODAY)
        assert state.revision == len(walked)
        assert bool(state.closed_on) == walked[-1].is_closed
        if Status.SEALED in walked and Status.HELD not in walked:
            assert walked.index(Status.APPROVED) < walked.index(Status.SEALED)
        reached |= set(walked)
    assert reached == set(Status)
