"""What governs at an instant, and what is told of an agreement's life."""

from datetime import UTC, date, datetime

import pytest
from tests.fakes.agreements import (
    SMALL_AGREEMENT,
    clauses,
    shipped,
    shipped_version,
    small_asked,
    small_files,
)

from privity.agreement.assessment import Standing
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import (
    Held,
    InForce,
    NoAgreement,
    NoAgreementReason,
    governing,
    timeline,
)
from privity.agreement.lifecycle import publication_gap_days
from privity.agreement.lint import ended_reliances, lint
from privity.agreement.reading import read_family
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug
from privity.errors import Mistaken

HOME_OFFICE = shipped("home-office")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_before_the_first_day_no_agreement_is_in_force_and_the_first_day_is_told() -> None:
    found = governing(HOME_OFFICE, _at("2016-12-31T23:59:59+00:00"))
    assert isinstance(found, NoAgreement)
    assert (found.reason, found.since) == (NoAgreementReason.NOT_YET, _at("2017-01-01T00:00:00+00:00"))


def test_the_renewal_changes_nothing_but_is_told() -> None:
    found = governing(HOME_OFFICE, _at("2018-01-01T00:00:00+00:00"))
    assert isinstance(found, InForce)
    assert found.version == shipped_version("home-office@2017-01")
    assert [row.name for row in found.renewals] == ["2017-12-20-renewal"]


def test_from_the_first_instant_of_9_may_2018_in_london_everything_is_held() -> None:
    assert isinstance(governing(HOME_OFFICE, _at("2018-05-08T22:59:59+00:00")), InForce)
    found = governing(HOME_OFFICE, _at("2018-05-08T23:00:00+00:00"))
    assert isinstance(found, Held)
    assert found.version == shipped_version("home-office@2017-01")


def test_criteria_that_were_only_announced_never_govern() -> None:
    instants = [_at(f"{year}-{month:02}-15T12:00:00+00:00") for year in range(2016, 2027) for month in range(1, 13)]
    governed = {
        found.version.name for instant in instants if isinstance(found := governing(HOME_OFFICE, instant), InForce)
    }
    assert governed == {"2017-01"}


def test_after_the_withdrawal_no_agreement_is_in_force_and_the_withdrawal_says_why() -> None:
    found = governing(HOME_OFFICE, _at("2026-01-05T10:00:00+00:00"))
    assert isinstance(found, NoAgreement)
    assert found.instrument is not None
    assert (found.reason, found.instrument.name) == (NoAgreementReason.WITHDRAWN, "2018-11-09-withdrawal")
    assert found.last_version == shipped_version("home-office@2017-01")


@pytest.mark.parametrize("family", ["coroner", "court-order", "national-crime-agency", "police"])
def test_the_open_ended_agreements_govern_in_2026(family: str) -> None:
    assert isinstance(governing(shipped(family), _at("2026-01-05T10:00:00+00:00")), InForce)


def test_an_agreement_ends_on_its_own_term() -> None:
    ended = SMALL_AGREEMENT.replace("published_at:", "effective_to: 2025-09-01T00:00:00+01:00\npublished_at:")
    found = governing(read_family(small_files(agreement=ended)), _at("2025-09-01T00:00:00+01:00"))
    assert isinstance(found, NoAgreement)
    assert found.reason is NoAgreementReason.ENDED


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(Mistaken, match="no offset"):
        governing(HOME_OFFICE, datetime(2018, 1, 1))  # noqa: DTZ001  the missing offset is what is tested


PROHIBITION = """\
@id("no-address")
@clause("1")
@says("Addresses do not leave.")
@consequence("refuse")
forbid (principal, action, resource)
when { resource == DataItem::"last_known_address" };
"""
INSTRUMENT = """\
kind: prohibition
title: Prohibition of January 2025
says: Addresses are barred from now on.
effective_from: 2025-01-01T00:00:00+00:00
lifted_at: 2025-02-01T00:00:00+00:00
sources: [{what: Illustrative}]
"""


def test_a_prohibition_bars_what_it_names_while_it_binds_and_nothing_else() -> None:
    family = read_family(small_files(instrument=INSTRUMENT, forbid=PROHIBITION))
    both = frozenset({DataItem.NAME, DataItem.LAST_KNOWN_ADDRESS})
    asked = small_asked(items=both, judged={Slug("welfare"): True})
    permitted = {}
    for instant in ("2024-12-31T00:00:00+00:00", "2025-01-15T00:00:00+00:00", "2025-02-01T00:00:00+00:00"):
        found = governing(family, _at(instant))
        assert isinstance(found, InForce)
        permitted[instant[:7]] = assess_asked(found.version, asked).permitted_items
    assert permitted == {"2024-12": both, "2025-01": {DataItem.NAME}, "2025-02": both}


def test_what_a_prohibition_bars_is_cited_from_the_prohibition() -> None:
    family = read_family(small_files(instrument=INSTRUMENT, forbid=PROHIBITION))
    found = governing(family, _at("2025-01-15T00:00:00+00:00"))
    assert isinstance(found, InForce)
    assessment = assess_asked(found.version, small_asked(items=frozenset({DataItem.LAST_KNOWN_ADDRESS})))
    assert (assessment.standing, clauses(assessment)) == (Standing.REFUSED, {"no-address"})


def test_the_gap_between_effect_and_publication_is_told() -> None:
    assert publication_gap_days(shipped_version("home-office@2017-01")) == 23
    told = [event.says for event in timeline(HOME_OFFICE)]
    assert "2017-01 published, 23 days after it took effect." in told


def test_a_timeline_runs_from_the_oldest_event_to_the_newest() -> None:
    events = [(event.at.astimezone(UTC).date().isoformat(), event.kind.value) for event in timeline(HOME_OFFICE)]
    assert events == [
        ("2017-01-01", "in force"),
        ("2017-01-24", "published"),
        ("2017-12-20", "renewed"),
        *([("2018-05-08", "announced")] * 5),
        ("2018-05-08", "queue"),
        ("2018-11-09", "withdrawn"),
    ]


def test_an_agreement_that_relies_on_a_warrant_that_has_ended_is_stale_from_the_day_after() -> None:
    version = shipped_version("national-crime-agency@2017-01")
    ended = (("European Arrest Warrant", date(2020, 12, 31)),)
    assert ended_reliances(version, date(2020, 12, 31)) == ()
    assert ended_reliances(version, date(2021, 1, 1)) == ended
    told = [row.what for row in lint(shipped("national-crime-agency"), date(2026, 1, 5))]
    assert "stale: it relies on `European Arrest Warrant`, which ended on 31 December 2020" in told


def test_a_family_without_cases_and_invariants_is_told_so() -> None:
    told = [row.what for row in lint(read_family(small_files(invariants=None)), date(2026, 1, 5))]
    assert any(what.startswith("no worked case of `2024-09` turns on gateway.missing") for what in told)
    assert "nothing is written down that must never happen" in told
