"""The public figures: a fold over ledger entries that always closes and that anybody can repeat."""

from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.casework.lifecycle import TRANSITIONS, Status
from privity.errors import Impossible
from privity.ledger.encoding import decode, encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.counts import COLUMN_OF, Column, Counts, Fold, total

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
COLUMNS = tuple(Column)


def entry(case: int, status: str, *, opens: str = "", outcome: str = "", number: int = 0) -> Entry:
    """Return an entry of a case; with a family it opens the case."""
    kid = sha256(str(case).encode()).hexdigest()
    day = NOON + timedelta(days=200 * case)
    facts: dict[str, int | bool | str] = {"status": status}
    if opens:
        facts |= {"received": day.date().isoformat(), "family": opens}
    return Entry(
        kind=EntryKind.CASE_OPENED if opens else EntryKind.CASE_ASSESSED,
        at=day,
        eid=sha256(f"{case}/{number}/{status}".encode()).digest()[:16],
        case=kid,
        outcome=outcome,
        facts=facts,
    )


def counts(**columns: int) -> Counts:
    values = dict.fromkeys((column.value for column in COLUMNS), 0) | columns
    received = values.pop("received", sum(columns.values()))
    return Counts(requester="police", received=received, **values)


def test_a_row_that_does_not_add_up_cannot_be() -> None:
    assert counts(traced=3, open=1).received == 4
    for wrong in ({"received": 5, "traced": 3}, {"received": 2, "traced": 3}, {"received": 0, "held": 1}):
        with pytest.raises(Impossible, match="add up to"):
            counts(**wrong)
    with pytest.raises(Impossible):
        replace(counts(refused=1), refused_by_terms=2)


def test_the_figures_reported_for_2016_would_not_have_been_published() -> None:
    with pytest.raises(Impossible, match="8127 were received"):
        counts(received=8127, traced=5854, untraced=1583, refused=119)


@pytest.mark.parametrize(
    ("column", "statuses"),
    [
        (Column.REJECTED, {"returned"}),
        (Column.UNREADABLE, {"unreadable"}),
        (Column.REFUSED, {"refused"}),
        (Column.TRACED, {"sealed", "sent", "collected", "destroyed"}),
        (Column.UNTRACED, {"untraced"}),
        (Column.WITHDRAWN, {"withdrawn"}),
        (Column.HELD, {"held"}),
    ],
)
def test_a_case_is_counted_where_the_public_would_look_for_it(column: Column, statuses: set[str]) -> None:
    assert {status for status, counted in COLUMN_OF.items() if counted is column} == statuses


def test_the_latest_word_of_a_case_counts_and_each_case_once() -> None:
    told = [entry(1, "received", opens="police"), entry(1, "judging-purpose"), entry(1, "approved"), entry(1, "sealed")]
    for size, column in ((1, "open"), (2, "open"), (3, "open"), (4, "traced")):
        (row,) = Fold().see(told[:size]).table()
        assert (row.received, getattr(row, column)) == (1, 1)


def test_people_and_rules_refuse_in_columns_that_can_be_told_apart() -> None:
    fold = Fold().see([entry(case, "received", opens="police") for case in range(3)])
    fold.see(
        [
            entry(0, "refused", outcome="refused-public-interest"),
            entry(1, "refused", outcome="refused-terms"),
            entry(2, "refused", outcome="refused-no-agreement"),
        ]
    )
    (row,) = fold.table()
    assert (row.received, row.refused, row.refused_by_terms) == (3, 3, 2)


def test_an_answer_not_destroyed_in_time_is_counted_until_its_destruction_is_confirmed() -> None:
    def told(case: int, kind: EntryKind) -> Entry:
        return replace(entry(case, "collected"), kind=kind, facts={})

    opened = [entry(case, "received", opens="police") for case in (0, 0, 1)]
    fold = Fold().see([*opened, told(0, EntryKind.DESTRUCTION_OVERDUE), told(1, EntryKind.DESTRUCTION_OVERDUE)])
    assert total(fold.table()).overdue == 2
    fold.see([told(0, EntryKind.DESTRUCTION_OVERDUE), told(7, EntryKind.DESTRUCTION_OVERDUE)])
    assert total(fold.table()).overdue == 2
    fold.see([told(1, EntryKind.DESTRUCTION_CONFIRMED)])
    assert total(fold.table()).overdue == 1
    with pytest.raises(Impossible):
        replace(counts(traced=1), overdue=2)


def test_entries_of_no_case_and_of_cases_never_opened_count_nothing() -> None:
    instance = Entry(kind=EntryKind.INSTANCE_OPENED, at=NOON, eid=bytes(16))
    fold = Fold().see([instance, entry(7, "sealed")])
    assert fold.table() == ()
    assert fold.size == 2
    assert total(()).received == 0


def test_a_status_nobody_counts_is_no_reason_to_publish_less() -> None:
    fold = Fold().see([entry(1, "received", opens="police"), entry(1, "lost")])
    with pytest.raises(Impossible, match="no column counts"):
        fold.table()


def test_years_are_those_of_receipt_newest_first() -> None:
    fold = Fold().see([entry(case, "received", opens="police") for case in range(4)])
    assert fold.years() == (2018, 2017)
    assert [row.received for row in fold.table(year=2017)] == [2]
    assert fold.table(year=2016) == ()
    assert sum(row.received for year in fold.years() for row in fold.table(year=year)) == 4


walks = st.lists(
    st.tuples(st.sampled_from(["police", "home-office"]), st.lists(st.integers(0, 10), max_size=8)), max_size=6
)


@given(walks, st.randoms(use_true_random=False))
def test_any_walks_in_any_order_close_and_are_what_a_naive_count_says(
    walked: list[tuple[str, list[int]]], shuffle: Random
) -> None:
    lines: list[list[Entry]] = []
    ends: Counter[tuple[str, Column]] = Counter()
    for case, (family, choices) in enumerate(walked):
        status = Status.RECEIVED
        entries = [entry(case, status.value, opens=family)]
        for number, choice in enumerate(choices):
            ahead = sorted(TRANSITIONS[status])
            if ahead:
                status = ahead[choice % len(ahead)]
                entries.append(entry(case, status.value, number=number))
        lines.append(entries)
        ends[family, COLUMN_OF[status.value]] += 1
    mixed: list[Entry] = []
    while any(lines):
        line = shuffle.choice([line for line in lines if line])
        mixed.append(line.pop(0))
    rows = Fold().see(mixed).table()
    assert {
        (row.requester, column): getattr(row, column) for row in rows for column in COLUMNS if getattr(row, column)
    } == ends
    assert sum(row.received for row in rows) == len(walked) == total(rows).received
    half = len(mixed) // 2
    assert Fold().see(mixed[:half]).see(mixed[half:]).table() == rows
    assert Fold().see(decode(encode(each)) for each in mixed).table() == rows, (
        "an auditor reads leaves and finds the same"
    )


def test_the_total_sums_every_column() -> None:
    rows = [counts(traced=1, open=2), counts(traced=3, held=4, refused=2)]
    summed = total(rows, name="everybody")
    for field in fields(Counts):
        if field.name != "requester":
            assert getattr(summed, field.name) == sum(getattr(row, field.name) for row in rows)
    assert summed.requester == "everybody"
