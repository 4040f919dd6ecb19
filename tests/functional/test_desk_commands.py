"""At a terminal: a bank holiday proclaimed late, and the mailboxes organisations are told at."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.functional.test_demo import Demo, a_demo

PASSWORD = "open-the-register-please\n"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("terminal") / "privity-demo")


def a_working_day() -> str:
    """Return a weekday within the clocks that run now, and no bank holiday of any year."""
    day = datetime.now(UTC).date() + timedelta(days=3)  # noqa: TID251  commands run on the machine's clock
    while day.weekday() >= 5 or day.month in (1, 4, 5, 8, 12):
        day += timedelta(days=1)
    return day.isoformat()


def test_a_bank_holiday_is_proclaimed_and_taken_back_by_an_administrator(demo: Demo) -> None:
    day = a_working_day()
    named = ("--name", "Day of mourning")
    done = demo.run("holiday", "proclaim", day, *named, "--by", "m.ford", "--json", said=PASSWORD)
    assert done.returncode == 0, done.stderr
    moved = json.loads(done.stdout)["moved"]
    assert moved > 0, "the demonstration has open cases"
    listed = json.loads(demo.run("holiday", "list", "--json").stdout)
    assert {"day": day, "name": "Day of mourning"} in listed["holidays"]
    again = demo.run("holiday", "proclaim", day, *named, "--by", "m.ford", said=PASSWORD)
    assert again.returncode == 2
    assert "already" in again.stderr
    back = demo.run("holiday", "take-back", day, "--by", "n.shah", "--json", said=PASSWORD)
    assert json.loads(back.stdout)["moved"] == moved
    assert demo.run("audit").returncode == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("holiday", "proclaim", "someday", "--name", "A day", "--by", "m.ford"), 2),
        (("holiday", "proclaim", "2035-05-08", "--name", "A day", "--by", "m.ford"), 3),
        (("holiday", "proclaim", "2026-12-24", "--name", "A day", "--by", "a.okafor"), 2),
        (("notify", "contact", "kent-police", "no address", "--by", "m.ford"), 2),
        (("notify", "contact", "atlantis", "a@b.example", "--by", "m.ford"), 2),
        (("notify", "run", "--once", "--relay", "spool:x"), 2),
        (("notify", "run", "--once", "--relay", "smtp://127.0.0.1:1?from=a@b.example", "--sign-in", "x"), 2),
    ],
)
def test_bad_input_is_refused_with_what_why_and_what_next(demo: Demo, words: tuple[str, ...], code: int) -> None:
    refused = demo.run(*words, said=PASSWORD)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert refused.stderr.startswith("privity: ")
    assert refused.stderr.count(";") >= 1, "what next"


def test_a_mailbox_is_set_shown_and_a_silent_relay_is_told(demo: Demo, tmp_path: Path) -> None:
    set_to = demo.run("notify", "contact", "kent-police", "tracing@kent.example", "--by", "m.ford", said=PASSWORD)
    assert set_to.returncode == 0, set_to.stderr
    assert "tracing@kent.example" in demo.run("notify", "list").stdout
    told = demo.run("notify", "run", "--once", "--json", "--relay", "smtp://127.0.0.1:1?from=a@b.example")
    assert told.returncode == 0, "nobody has anything to be told yet, so no relay is asked"
    nothing = {"made": 0, "sent": 0, "waiting": 0, "given_up": 0, "people": {"refused": 0, "told": 0}}
    assert json.loads(told.stdout) == nothing
    assert demo.run("notify", "contact", "kent-police", "none", "--by", "m.ford", said=PASSWORD).returncode == 0
    assert "no organisation is told" in demo.run("notify", "list").stdout
