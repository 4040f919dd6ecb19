"""Learn-then-Test: what is certified, what is refused, and that the promise holds as often as it says."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from privity.edge.registers.models import default_certificates, default_model, default_text
from privity.errors import Mistaken
from privity.ledger.entry import Entry
from privity.ledger.entry_facts import ALLOWED
from privity.ledger.entry_kind import EntryKind
from privity.trace.bound import WrongPersonBound, bound_for
from privity.trace.certificate import (
    THRESHOLDS,
    Certificate,
    Labelled,
    certificate_text,
    certify,
    fitting,
    read_certificate,
    start_of,
)
from privity.trace.evaluation import at_most
from privity.trace.model import read_model, with_certificate

ALPHA, CONFIDENCE = 0.01, 0.95


def labels(count: int, seed: int, *, rows: int = 1_000, too_sure: float = 1.0) -> Labelled:
    """Return traces whose score is the chance of being right, or claims too much of it."""
    rng = np.random.default_rng(seed)
    doubt = 10 ** -rng.uniform(0, 5, count)
    return Labelled(
        register_rows=rows, register_digest="ab" * 32, scores=1 - doubt, right=rng.random(count) > doubt * too_sure,
        absent=count // 5,
    )  # fmt: skip


def certified(*some: Labelled, start: int = 30) -> Certificate | None:
    return certify(
        some,
        alpha=ALPHA,
        confidence=CONFIDENCE,
        start=start,
        model_digest="cd" * 32,
        synthetic=True,
        labels_from="a test",
    )


def made() -> Certificate:
    found = certified(labels(6_000, 1))
    assert found is not None
    return found


def test_every_threshold_of_the_order_is_more_lenient_than_the_one_before() -> None:
    assert all(one > two for one, two in pairwise(THRESHOLDS))


def test_the_next_more_lenient_threshold_did_not_pass() -> None:
    found, one = made(), labels(6_000, 1)
    place = next(number for number, threshold in enumerate(THRESHOLDS) if abs(threshold - found.threshold) < 1e-8)
    accepted = one.scores >= THRESHOLDS[place + 1]
    assert at_most(int((accepted & ~one.right).sum()), int(accepted.sum()), ALPHA) > 1 - CONFIDENCE
    assert found.trials[0].wrong < found.trials[0].accepted * ALPHA


def test_the_certificate_for_a_size_is_the_first_that_covers_it_else_the_nearest() -> None:
    small, large = (
        replace(made(), trials=tuple(replace(made().trials[0], register_rows=rows) for rows in sizes))
        for sizes in ((20, 1_000), (1_000, 10_000))
    )
    wanted = {5: small, 20: small, 500: small, 1_000: small, 1_001: large, 10_000: large, 99_999: large}
    assert {rows: fitting((small, large), rows) for rows in wanted} == wanted
    assert not fitting((small, large), 99_999).covers(99_999), "and its bound says so"


def test_the_certificates_that_ship_cover_every_size_from_twenty_thousand_to_ten_million() -> None:
    small, large = default_certificates()
    assert small.rows == (20_000, 1_000_000)
    assert large.rows == (1_000_000, 10_000_000)
    for one in (small, large):
        assert one.model_digest == default_model().digest
        assert one.most_absent >= 0.44
        assert one.most_unproposed > one.most_absent
    for rows in (20_000, 1_000_000, 1_000_001, 10_000_000):
        assert default_model(rows).bound_on(rows).certified
    assert default_model(10_000_000).threshold > default_model(1_000_000).threshold
    assert not default_model(10_000_001).bound_on(10_000_001).certified
    assert default_model().certificate == small


def test_too_few_labels_certify_nothing() -> None:
    assert certified(labels(200, 1)) is None


def test_scores_that_claim_too_much_certify_nothing() -> None:
    assert certified(labels(6_000, 1, too_sure=1e4)) is None


def test_a_threshold_passes_only_where_it_passes_on_every_register() -> None:
    worse = labels(6_000, 2, rows=5_000, too_sure=4)
    both = certified(labels(6_000, 1), worse)
    assert both is not None
    assert both.threshold > made().threshold
    assert both.rows == (1_000, 5_000)


def test_the_promise_is_kept_at_least_as_often_as_it_says() -> None:
    broken = 0
    for seed in range(100):
        found = certified(labels(2_500, seed, too_sure=3), start=40)
        if found is not None:
            doubt = 10 ** -np.linspace(0, 5, 200_001)
            broken += float((doubt * 3)[1 - doubt >= found.threshold].mean()) > ALPHA
    assert at_most(broken - 1, 100, 1 - CONFIDENCE) < 0.999 if broken else True


def test_the_start_is_strict_enough_to_pass_and_no_stricter_than_needed() -> None:
    place = start_of([labels(6_000, 3)], alpha=ALPHA, confidence=CONFIDENCE)
    assert 0 < place < len(THRESHOLDS) - 1
    assert certified(labels(6_000, 4), start=place) is not None


def test_a_certificate_reads_back_as_it_was_written() -> None:
    assert read_certificate(certificate_text(made())) == made()
    assert read_certificate(certificate_text(made())).digest == made().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 9},
        {"alpha": 0.0001},
        {"trials": []},
        {"trials": [{}]},
        {"threshold": "0.99"},
        {"synthetic": 1},
        {"extra": 1},
        {"model_digest": None},
    ],
)
def test_a_certificate_that_was_changed_is_refused(changes: dict[str, object]) -> None:
    tree = json.loads(certificate_text(made()))
    with pytest.raises(Mistaken, match="the certificate was not accepted"):
        read_certificate(json.dumps(tree | changes))


def test_more_wrong_ones_than_its_bound_allows_are_refused() -> None:
    tree = json.loads(certificate_text(made()))
    tree["trials"][0]["wrong"] = tree["trials"][0]["accepted"] // 50
    with pytest.raises(Mistaken, match="its own counts do not show its bound"):
        read_certificate(json.dumps(tree))


def test_a_certificate_of_another_model_is_refused() -> None:
    with pytest.raises(Mistaken, match="another model"):
        with_certificate(read_model(default_text()), made())


def test_a_bound_is_certified_only_between_the_registers_it_was_shown_on() -> None:
    aim = WrongPersonBound(alpha=0.02, confidence=0.9, certified=False)
    found = certified(labels(6_000, 1, rows=1_000), labels(6_000, 5, rows=9_000))
    assert bound_for(found, aim, 4_000).certified
    assert "made-up people only" in bound_for(found, aim, 4_000).words
    for rows in (999, 9_001):
        outside = bound_for(found, aim, rows)
        assert not outside.certified
        assert "holds for registers of 1,000 to 9,000" in outside.words
    assert bound_for(None, aim, 4_000) is aim


def test_the_ledger_is_told_numbers_digests_and_flags_only() -> None:
    facts = made().ledger_facts()
    assert facts["alpha_per_million"] == 10_000
    assert facts["synthetic"] is True
    assert set(facts) == set(ALLOWED[EntryKind.TRACER_CERTIFIED])
    Entry(kind=EntryKind.TRACER_CERTIFIED, at=datetime(2026, 11, 21, tzinfo=UTC), eid=bytes(16), facts=facts)


def test_the_model_that_ships_carries_a_certificate_shown_on_made_up_people() -> None:
    model = default_model()
    assert model.certificate is not None
    assert model.certificate.synthetic
    assert model.certificate.model_digest == model.digest
    assert model.bound_on(model.certificate.rows[1]).certified
    assert not model.bound_on(model.certificate.rows[1] + 1).certified
    assert model.threshold == model.certificate.threshold
    assert replace(model, certificate=None).threshold == model.propose_at
