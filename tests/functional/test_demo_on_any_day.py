"""The demonstration is made on whatever day and at whatever hour somebody asks for it."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from privity.edge.demonstration.debts import months_walked

MADE_THEN = """
import sys
from datetime import datetime
from pathlib import Path
from privity.edge.demonstration.main_job import do_main_job
from privity.edge.demonstration.results import Wishes
from privity.edge.demonstration.telling import Teller

wishes = Wishes(data=Path(sys.argv[1]), people=1000, scale=0.002, seed=1, now=datetime.fromisoformat(sys.argv[2]))
done = do_main_job(wishes, Teller(quiet=True))
sys.exit(0 if done.holds and sum(done.present.values()) > 60 else 1)
"""


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 12, 11, 10, tzinfo=UTC),  # a working morning, and the oldest case of a first of the month
        datetime(2028, 2, 29, 8, 30, 20, tzinfo=UTC),  # twenty seconds after the made-up officers sit down
    ],
)
def test_a_demonstration_is_made_on_a_working_morning_and_whatever_the_day_of_the_month(
    tmp_path: Path, now: datetime
) -> None:
    made = subprocess.run(
        [sys.executable, "-c", MADE_THEN, tmp_path / "demo", now.isoformat()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-600:]


def test_the_last_month_of_debts_is_run_before_the_first_present_day_case_whatever_the_day() -> None:
    for days in range(4 * 365 + 1):
        until = date(2026, 1, 1) + timedelta(days=days)
        months = months_walked(until)
        assert [one.day for one in months] == [1, 1, 1]
        assert (months[-1] + timedelta(days=31)).replace(day=1) < until, "its run comes on the first of the next month"
        assert until - months[-1] < timedelta(days=64), "and it is the last month there is"
