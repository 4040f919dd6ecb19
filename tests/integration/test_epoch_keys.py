"""The keys of months: made once, whoever comes first, and never by halves."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from privity.edge.store.epoch_keys import EpochKeys

SIDE_BY_SIDE, MONTHS = 4, 48
CASE, KEY = "PRV-00000000000000000000000000", bytes(range(32))


def test_acts_side_by_side_at_the_beginning_of_a_month_wrap_under_one_key_that_is_on_the_disk(tmp_path: Path) -> None:
    ring, together = EpochKeys(tmp_path), Barrier(SIDE_BY_SIDE)

    def first_act_of(month: str) -> bytes:
        together.wait(timeout=30)
        return ring.wrap(month, CASE, KEY)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        for month in (f"{2017 + number // 12}-{number % 12 + 1:02d}" for number in range(MONTHS)):
            acts = [threads.submit(first_act_of, month) for _ in range(SIDE_BY_SIDE)]
            for kept in [act.result() for act in acts]:
                assert EpochKeys(tmp_path).unwrap(month, CASE, kept) == KEY
    assert len(list(tmp_path.iterdir())) == MONTHS, "no draft is left"
