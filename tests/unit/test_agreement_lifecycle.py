"""From draft to force: nothing governs unpublished or unassessed; history is marked; late knowledge only narrows."""

from datetime import date, datetime

import pytest
from tests.fakes.agreements import (
    SMALL_AGREEMENT,
    SMALL_POLICY,
    SMALL_TEXT,
    shipped,
    shipped_version,
    small_asked,
    small_files,
)

from privity.agreement.anchors import anchors, drift
from privity.agreement.in_force import Held, InForce, NoAgreement, NoAgreementReason, governing, timeline
from privity.agreement.late import Disclosed, review
from privity.agreement.lifecycle import Stage, governs_from, obstacles, stage
from privity.agreement.lint import lint
from privity.agreement.reading import read_family
from privity.agreement.statutes import moved
from privity.agreement.version import Family
from privity.agreement.written import Unreadable
from privity.definitions.reference import Slug

MAKING = """\
making:
  consulted: {on: 2024-06-03}
  data_protection: {on: 2024-07-01}
  equality: {on: 2024-07-01}
"""


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _family(old: str = "", new: str = "") -> Family:
    assert old in SMALL_AGREEMENT
    return read_family(small_files(agreement=SMALL_AGREEMENT.replace(old, new) if old else SMALL_AGREEMENT))


def test_a_version_walks_from_draft_to_force() -> None:
    (version,) = _family().versions
    days = ["2024-05-01", "2024-06-10", "2024-07-15", "2024-08-10", "2024-09-02"]
    assert [stage(version, _at(f"{day}T00:00:00+00:00")) for day in days] == [
        Stage.DRAFT,
        Stage.CONSULTED,
        Stage.ASSESSED,
        Stage.PUBLISHED,
        Stage.IN_FORCE,
    ]


UNREADY = {
    "unpublished": ("published_at: 2024-08-01T00:00:00+01:00\n", "published_at: ~\n", "it was not published"),
    "data protection": ("  data_protection: {on: 2024-07-01}\n", "", "no assessment of its effect on data protection"),
    "equality": ("  equality: {on: 2024-07-01}\n", "  equality: {on: ~}\n", "no assessment of its effect on equality"),
    "nothing at all": (MAKING, "", "no assessment"),
}


@pytest.mark.parametrize("name", UNREADY)
def test_nothing_comes_into_force_unpublished_or_unassessed(name: str) -> None:
    old, new, told = UNREADY[name]
    family = _family(old, new)
    found = governing(family, _at("2026-06-01T00:00:00+00:00"))
    assert isinstance(found, NoAgreement)
    assert found.reason is NoAgreementReason.NOT_YET
    assert any(told in what for what in obstacles(family.versions[0]))
    assert any("cannot govern" in row.what for row in lint(family, date(2026, 6, 1)))


def test_a_version_published_late_takes_effect_only_then() -> None:
    family = _family("published_at: 2024-08-01", "published_at: 2024-10-01")
    assert isinstance(governing(family, _at("2024-09-15T00:00:00+00:00")), NoAgreement)
    assert isinstance(governing(family, _at("2024-10-02T00:00:00+00:00")), InForce)


def test_the_memorandum_of_2017_governed_before_it_was_published_and_is_marked_as_history() -> None:
    version = shipped_version("home-office@2017-01")
    assert isinstance(governing(shipped("home-office"), _at("2017-01-10T00:00:00+00:00")), InForce)
    assert "it was published 23 days after its day of effect" in obstacles(version)
    told = next(event.says for event in timeline(shipped("home-office")) if event.kind.value == "in force")
    assert "History, which could not be repeated" in told
    assert any(
        "history that could not be repeated here" in row.what for row in lint(shipped("home-office"), date(2026, 1, 1))
    )


def test_history_governs_no_day_of_our_own_time() -> None:
    family = _family(MAKING, "making: {history: yes}\n")
    assert isinstance(governing(family, _at("2025-12-31T23:59:59+00:00")), InForce)
    found = governing(family, _at("2026-01-01T00:00:00+00:00"))
    assert isinstance(found, NoAgreement)
    assert found.reason is NoAgreementReason.ENDED


def test_an_announced_version_is_never_in_force() -> None:
    version = shipped_version("home-office@2018-05")
    assert governs_from(version) is None
    assert stage(version, _at("2018-06-01T00:00:00+00:00")) is Stage.ANNOUNCED


QUEUE = """\
kind: queue
title: A queue
says: Everything is held.
effective_from: 2025-01-01T12:00:00+00:00
recorded_at: 2025-01-01T15:00:00+00:00
sources: [{what: Illustrative}]
"""


def test_what_was_learnt_late_lists_the_disclosures_to_review_and_no_others() -> None:
    family = read_family(small_files(instrument=QUEUE))
    asked = small_asked(judged={Slug("welfare"): True})
    made = [
        Disclosed(reference=hour, at=_at(f"2025-01-01T{hour}:00:00+00:00"), asked=asked) for hour in ("11", "13", "16")
    ]
    found = list(review(family, made, known_at=_at("2025-01-02T00:00:00+00:00")))
    assert [row.reference for row in found] == ["13"]
    assert found[0].says == "Everything is held."
    assert list(review(family, made, known_at=_at("2025-01-01T14:00:00+00:00"))) == []


def test_a_queue_binds_from_the_instant_it_takes_effect() -> None:
    family = read_family(small_files(instrument=QUEUE))
    assert isinstance(governing(family, _at("2025-01-01T11:59:59+00:00")), InForce)
    assert isinstance(governing(family, _at("2025-01-01T12:00:00+00:00")), Held)


def test_a_version_may_reach_back_only_if_it_narrows() -> None:
    late = "effective_from: 2024-09-01T00:00:00+01:00\nrecorded_at: 2024-09-10T00:00:00+01:00\n"
    with pytest.raises(Unreadable, match=r"agreement\.yaml") as caught:
        _family("effective_from: 2024-09-01T00:00:00+01:00\n", late)
    assert "does not claim to narrow" in caught.value.why
    narrowing = _family("effective_from: 2024-09-01T00:00:00+01:00\n", late + "claim: narrows\n")
    assert narrowing.versions[0].known_at == _at("2024-09-10T00:00:00+01:00")


def _two_versions(commencement: str) -> Family:
    later = SMALL_AGREEMENT.replace("version: 2024-09", "version: 2025-03")
    later = later.replace("effective_from: 2024-09-01T00:00:00+01:00", "effective_from: 2025-03-01T00:00:00+00:00")
    extra = {
        "2025-03/agreement.yaml": later + f"amends: 2024-09\n{commencement}",
        "2025-03/policy.cedar": SMALL_POLICY.replace(">= 3", ">= 2"),
        "2025-03/text.md": SMALL_TEXT,
    }
    return read_family(small_files() | extra)


def test_a_change_reaches_cases_under_way_unless_it_saves_them() -> None:
    at, before = _at("2025-03-05T00:00:00+00:00"), _at("2025-02-20T00:00:00+00:00")

    def name(commencement: str, **when: datetime) -> str:
        found = governing(_two_versions(commencement), at, **when)
        assert isinstance(found, InForce)
        return found.version.name

    assert name("claim: widens\n", received=before, decided=before) == "2025-03"
    assert name("claim: widens\ncommencement: {governs: request}\n", received=before) == "2024-09"
    assert name("claim: widens\ncommencement: {governs: request}\n", received=at) == "2025-03"
    assert name("claim: widens\ncommencement: {governs: decision}\n", decided=before) == "2024-09"
    assert name("claim: widens\ncommencement: {governs: decision}\n") == "2025-03"


def test_a_narrowing_that_spares_cases_under_way_must_be_signed() -> None:
    with pytest.raises(Unreadable) as caught:
        _two_versions("claim: narrows\ncommencement: {governs: request}\n")
    assert "nobody signed why" in caught.value.why
    signed = "claim: narrows\ncommencement: {governs: request, signed_by: the guardian, why: 'a trial is running'}\n"
    assert _two_versions(signed).versions[1].commencement.signed_by == "the guardian"


def test_statutes_are_read_as_they_stood_and_what_has_moved_is_told() -> None:
    version = shipped_version("home-office@2018-05")
    overstay = next(row for row in moved(version, date(2023, 1, 1)) if row.offence.code == "ia1971-s24-1-b-i")
    assert (overstay.pinned.value, overstay.later.value, overstay.verified) == ("below", "at-least", False)
    assert list(moved(version, date(2018, 5, 9))) == []
    assert list(moved(shipped_version("home-office@2017-01"), date(2023, 1, 1))) == []


DRIFTS = {
    "words": ("text.md", "## Clause 4 {#c4}\n", "## Clause 4 {#c4}\nNew words.\n", "its rule is the same"),
    "rule": ("policy.cedar", ">= 3", ">= 4", "says the same"),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_words_and_rules_that_part_company_are_told(name: str) -> None:
    file, old, new, told = DRIFTS[name]
    files = small_files()
    files["2024-09/anchors.yaml"] = anchors(read_family(files).versions[0])
    assert list(drift(read_family(files).versions[0])) == []
    assert old in files[f"2024-09/{file}"]
    files[f"2024-09/{file}"] = files[f"2024-09/{file}"].replace(old, new)
    (found,) = drift(read_family(files).versions[0])
    assert told in found.what
