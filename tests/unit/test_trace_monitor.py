"""When proposals are suspended, when a promise is refuted, and when an officer has traced enough."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from privity.errors import Mistaken
from privity.trace.budget import Account, Allowance, Overdrawn, Spent, spend
from privity.trace.certificate import Certificate, Trial
from privity.trace.monitor import FEWEST, WINDOW, RecentTraces, evidence_of, suspension

CERTIFICATE = Certificate(
    alpha=0.001, confidence=0.95, threshold=0.99, model_digest="ab" * 32, synthetic=True, labels_from="a test",
    trials=(
        Trial(
            register_rows=10, register_digest="cd" * 32, labels=10_000, absent=2_100, accepted=7_500, wrong=1
        ),
    ),
)  # fmt: skip


def recent(unproposed: int, proposed: int) -> RecentTraces:
    found = RecentTraces()
    for place in range(unproposed + proposed):
        found = found.with_one(proposed=place >= unproposed)
    return found


def test_the_certified_share_suspends_nothing() -> None:
    assert suspension(recent(50, 150), CERTIFICATE) is None


def test_far_more_without_proposal_than_certified_suspend_proposals_and_say_why() -> None:
    found = suspension(recent(80, 120), CERTIFICATE)
    assert found is not None
    assert "40% of the last 200 traces had no proposal, and the certificate allows for 25%" in found.words


def shown_with(absent: float, covered: float) -> Trial:
    """A register of 10,000 labels: nobody absent was proposed, and this share of those present was."""
    accepted = round(10_000 * (1 - absent) * covered)
    return Trial(
        register_rows=10, register_digest="cd" * 32, labels=10_000, absent=round(10_000 * absent), accepted=accepted,
        wrong=0,
    )  # fmt: skip


def test_what_is_seen_at_work_is_compared_with_what_was_seen_on_the_labels_and_not_with_who_was_absent() -> None:
    certificate = replace(CERTIFICATE, trials=(shown_with(0.45, 0.94), shown_with(0.45, 0.97)))
    assert certificate.most_absent == 0.45
    assert certificate.most_unproposed == pytest.approx(1 - 0.55 * 0.97, abs=1e-4), "the smaller of its trials'"
    assert suspension(recent(70, 130), certificate) is None, "35%, as the demonstration's year has it"
    assert suspension(recent(96, 104), certificate) is None, "45% absent, and a twentieth of the others not found"
    assert suspension(recent(126, 74), certificate) is not None


@pytest.mark.parametrize(("absent", "suspended"), [(0.21, False), (0.35, False), (0.45, False), (0.75, True)])
def test_years_of_requests_suspend_proposals_where_more_are_absent_than_certified(
    absent: float, suspended: bool
) -> None:
    certificate = replace(CERTIFICATE, trials=(shown_with(0.45, 0.95),))
    rng = np.random.default_rng(8)
    window = RecentTraces()
    stopped = False
    for is_absent, is_covered in zip(rng.random(2_000) < absent, rng.random(2_000) < 0.95, strict=True):
        window = window.with_one(proposed=bool(is_covered and not is_absent))
        stopped = stopped or suspension(window, certificate) is not None
    assert stopped is suspended


def test_a_few_traces_conclude_nothing() -> None:
    assert suspension(recent(FEWEST - 1, 0), CERTIFICATE) is None
    assert suspension(recent(FEWEST, 0), CERTIFICATE) is not None


def test_proposals_return_once_the_share_has() -> None:
    window = recent(80, 120)
    for _ in range(WINDOW):
        window = window.with_one(proposed=True)
    assert suspension(window, CERTIFICATE) is None
    assert len(window.unproposed) == WINDOW


def test_traces_as_certified_are_hardly_ever_suspended() -> None:
    rng = np.random.default_rng(3)
    windows = [RecentTraces(unproposed=tuple((rng.random(WINDOW) < 0.25).tolist())) for _ in range(500)]
    assert sum(suspension(one, CERTIFICATE) is not None for one in windows) <= 3


def test_looking_after_every_determination_refutes_a_promise_that_holds_in_few_of_many_lives() -> None:
    rng, refuted = np.random.default_rng(5), 0
    certificate = replace(CERTIFICATE, alpha=0.02, trials=(replace(CERTIFICATE.trials[0], wrong=10),))
    for _ in range(200):
        evidence = evidence_of(certificate)
        for wrong in (rng.random(400) < 0.02).tolist():
            evidence = evidence.with_one(wrong=wrong)
            if evidence.is_broken:
                refuted += 1
                break
    assert refuted <= 20


def test_a_promise_that_is_broken_tenfold_is_refuted_before_long() -> None:
    evidence = evidence_of(CERTIFICATE, [place % 100 == 99 for place in range(1_000)])
    assert evidence.is_broken
    assert "10 of 1000 proposals were found to be somebody else: that refutes" in evidence.words
    assert not evidence_of(CERTIFICATE, [False] * 1_000).is_broken


def test_two_wrong_ones_in_a_row_refute_a_thousandth() -> None:
    assert evidence_of(CERTIFICATE, [True, True]).is_broken
    assert "nothing yet against" in evidence_of(CERTIFICATE, [False]).words


NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
ALLOWANCE = Allowance(at_once=3, every=timedelta(minutes=10))


def spent(times: int, at: datetime = NOON) -> Account:
    account = Account()
    for _ in range(times):
        answer = spend(account, ALLOWANCE, at=at)
        assert isinstance(answer, Spent)
        account = answer.account
    return account


def test_an_officer_who_has_used_the_allowance_is_told_when_to_come_back() -> None:
    answer = spend(spent(3), ALLOWANCE, at=NOON)
    assert answer == Overdrawn(until=NOON + timedelta(minutes=10))


def test_one_trace_is_earned_back_at_a_time() -> None:
    account = spent(3)
    later = NOON + timedelta(minutes=10)
    answer = spend(account, ALLOWANCE, at=later)
    assert isinstance(answer, Spent)
    assert isinstance(spend(answer.account, ALLOWANCE, at=later), Overdrawn)


def test_a_long_rest_earns_no_more_than_the_allowance() -> None:
    account = spent(3)
    rested = NOON + timedelta(days=30)
    for _ in range(3):
        answer = spend(account, ALLOWANCE, at=rested)
        assert isinstance(answer, Spent)
        account = answer.account
    assert isinstance(spend(account, ALLOWANCE, at=rested), Overdrawn)


@pytest.mark.parametrize(("at_once", "minutes"), [(0, 1), (1, 0)])
def test_an_allowance_that_allows_nothing_is_refused(at_once: int, minutes: int) -> None:
    with pytest.raises(Mistaken, match="the allowance was not accepted"):
        Allowance(at_once=at_once, every=timedelta(minutes=minutes))
