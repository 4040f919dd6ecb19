"""A quarter's figures: closed, timed in working days, bytes that anybody can compute again."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from tests.fakes.calendars import ENGLAND
from tests.fakes.published import QUARTERS, a_world, ledger_of, published_quarters

from privity.errors import Mistaken
from privity.ledger.encoding import decode, encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.counts import Column
from privity.statistics.publication import publication, read_publication
from privity.statistics.quarter import Quarter, quarter_of, read_quarter
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression

WORLD = a_world(Random(7))
ENTRIES = ledger_of(WORLD, 7)


def of_one(*entries: tuple[EntryKind, date, dict[str, str | int | bool], str]) -> Stories:
    """Return the stories of one case."""
    made = [
        Entry(
            kind=kind,
            at=datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
            eid=bytes([number]) * 16,
            case="ab" * 32,
            outcome=outcome,
            facts=facts,
        )
        for number, (kind, day, facts, outcome) in enumerate(entries)
    ]
    return Stories().see(made)


def opened(day: date) -> tuple[EntryKind, date, dict[str, str | int | bool], str]:
    return EntryKind.CASE_OPENED, day, {"family": "police", "received": day.isoformat(), "status": "received"}, ""


@pytest.mark.parametrize("text", ["2017", "2017Q5", "17Q1", "2017-Q1", "", "2017Q1 "])
def test_a_period_that_is_no_quarter_is_not_understood(text: str) -> None:
    with pytest.raises(Mistaken, match="2017Q1"):
        read_quarter(text)


def test_quarters_follow_each_other_without_a_gap() -> None:
    for quarter in QUARTERS:
        assert quarter_of(quarter.first) == quarter_of(quarter.last) == quarter == read_quarter(quarter.word)
        assert (quarter.following.first - quarter.last).days == 1


def test_every_row_closes_and_every_cell_is_the_true_count() -> None:
    for made in published_quarters(ENTRIES, Suppression.EXACT):
        rows = made.contents["requesters"]
        assert isinstance(rows, list)
        assert len(rows) == 3
        for row in rows:
            true = WORLD.counts(made.quarter, row["requester"])
            assert row["outcomes"] == {column.value: true["outcomes"][column.value] for column in Column}
            assert Counter(row["refusals"]) + Counter() == true["refusals"]
            assert row["received"] == sum(row["outcomes"].values()) == sum(row["timeliness"].values())


def test_the_bytes_are_the_same_from_leaves_as_from_entries() -> None:
    read = [decode(encode(entry)) for entry in ENTRIES]
    again = published_quarters(read, Suppression.EXACT)
    assert [made.sha256 for made in again] == [made.sha256 for made in published_quarters(ENTRIES, Suppression.EXACT)]


def test_a_publication_is_read_back_and_any_changed_byte_is_noticed_or_changes_its_name() -> None:
    made = published_quarters(ENTRIES, Suppression.EXACT)[0]
    assert read_publication(made.text).contents == made.contents
    for at in range(0, len(made.text), 97):
        changed = made.text[:at] + bytes([made.text[at] ^ 1]) + made.text[at + 1 :]
        try:
            assert read_publication(changed).sha256 != made.sha256
        except Mistaken:
            continue


def test_twenty_working_days_are_in_time_and_twenty_one_are_late() -> None:
    for answered, expected in ((date(2017, 1, 31), "in-time"), (date(2017, 2, 1), "late")):
        stories = of_one(
            opened(date(2017, 1, 3)), (EntryKind.PURPOSE_DECIDED, answered, {"status": "refused"}, "refused-terms")
        )
        made = publication(
            stories, Quarter(year=2017, number=1), origin="o", calendar=ENGLAND, setting=Suppression.EXACT
        )
        rows = made.contents["requesters"]
        assert isinstance(rows, list)
        assert rows[0]["timeliness"][expected] == 1, answered


@pytest.mark.parametrize(("made_as", "told"), [(3, "in-time"), (4, "withdrawn")])
def test_what_was_taken_back_was_not_answered_and_a_publication_before_is_counted_as_it_was(
    made_as: int, told: str
) -> None:
    stories = of_one(
        opened(date(2017, 1, 3)), (EntryKind.CASE_WITHDRAWN, date(2017, 1, 4), {"status": "withdrawn"}, "")
    )
    quarter = Quarter(year=2017, number=1)
    made = publication(stories, quarter, origin="o", calendar=ENGLAND, setting=Suppression.EXACT, made_as=made_as)
    rows = made.contents["requesters"]
    assert isinstance(rows, list)
    assert {name for name, count in rows[0]["timeliness"].items() if count} == {told}


def test_the_clock_stands_still_while_the_requester_is_asked() -> None:
    stories = of_one(
        opened(date(2017, 1, 3)),
        (EntryKind.QUESTION_ASKED, date(2017, 1, 10), {"status": "with-requester"}, ""),
        (EntryKind.QUESTION_ANSWERED, date(2017, 2, 10), {"status": "judging-purpose"}, ""),
        (EntryKind.PURPOSE_DECIDED, date(2017, 2, 13), {"status": "refused"}, "refused-public-interest"),
    )
    assert next(iter(stories.cases.values())).working_days(ENGLAND) == 5 + 1


def test_the_usual_rule_for_small_counts_is_no_setting_of_a_publication() -> None:
    with pytest.raises(Mistaken, match="can be solved for"):
        published_quarters(ENTRIES, Suppression.SMALL_HIDDEN)


def test_a_change_of_terms_is_marked_with_the_day_it_took_effect() -> None:
    suspended = replace(
        ENTRIES[0],
        kind=EntryKind.AGREEMENT_SUSPENDED,
        case="",
        agreement="home-office@2018-05-suspension",
        facts={"in_force_from": "2018-05-09"},
    )
    made = published_quarters([suspended, *ENTRIES], Suppression.EXACT)[0]
    assert made.contents["markers"] == [
        {"agreement": "home-office@2018-05-suspension", "change": "suspended", "effective": "2018-05-09"}
    ]


def with_incidents() -> Stories:
    day = date(2017, 2, 1)
    wrong: dict[str, str | int | bool] = {"gravity": "reportable", "cause": "wrong-person"}
    return of_one(
        opened(day),
        (EntryKind.INCIDENT_OPENED, day, wrong, ""),
        (EntryKind.INCIDENT_OPENED, day, {"gravity": "recordable", "cause": "too-much"}, ""),
        (EntryKind.INCIDENT_REPORTED, day, {**wrong, "in_time": False}, ""),
        (EntryKind.INCIDENT_REPORTED, day, {**wrong, "in_time": True}, ""),
    )


def test_incidents_of_a_wrong_person_and_reported_late_are_counted_apart() -> None:
    made = publication(
        with_incidents(), Quarter(year=2017, number=1), origin="o", calendar=ENGLAND, setting=Suppression.EXACT
    )
    events = made.contents["events"]
    assert isinstance(events, dict)
    told = {name: count for name, count in events.items() if name.startswith("incident")}
    assert told == {
        "incident-recordable": 1,
        "incident-reportable": 1,
        "incident-wrong-person": 1,
        "incident-reported-late": 1,
    }
    terms = made.contents["terms"]
    assert isinstance(terms, dict)
    assert set(told) - {"incident-recordable", "incident-reportable"} <= set(terms)


def test_what_was_published_in_the_first_format_is_read_and_counted_again_as_it_was() -> None:
    first, now = (
        publication(
            with_incidents(),
            Quarter(year=2017, number=1),
            origin="o",
            calendar=ENGLAND,
            setting=Suppression.EXACT,
            made_as=made_as,
        )
        for made_as in (1, 3)
    )
    assert read_publication(first.text).contents == first.contents
    assert b"wrong-person" not in first.text
    assert b"wrong-person" in now.text
    assert (b"unreadable" in first.text, b"unreadable" in now.text) == (False, True)
    with pytest.raises(Mistaken):
        read_publication(first.text.replace(b'"format":1', b'"format":9'))


def test_criteria_that_were_only_announced_and_a_renewal_mark_the_series_as_what_they_are() -> None:
    day = date(2018, 5, 9)
    stories = of_one(
        (EntryKind.AGREEMENT_PUBLISHED, day, {"in_force_from": "2018-05-09", "reason": "announced"}, ""),
        (EntryKind.AGREEMENT_PUBLISHED, day, {"in_force_from": "2017-12-20", "reason": "renewed"}, ""),
        (EntryKind.AGREEMENT_PUBLISHED, day, {"in_force_from": "2017-01-01"}, ""),
    )
    assert [mark.change for mark in stories.markers] == ["announced", "renewed", "published"]


def test_the_figures_of_a_demonstration_say_so_in_their_own_bytes_and_no_others_do() -> None:
    opening = Entry(kind=EntryKind.INSTANCE_OPENED, at=ENTRIES[0].at, eid=bytes(16), facts={"demonstration": True})
    for setting in (Suppression.EXACT, Suppression.BANDED):
        for made in published_quarters([opening, *ENTRIES], setting):
            assert made.is_made_up
            assert read_publication(made.text).contents["made-up"] is True
        assert not any(made.is_made_up or b"made-up" in made.text for made in published_quarters(ENTRIES, setting))
