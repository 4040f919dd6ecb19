"""What guardian and department do about decided cases at a terminal: threads of challenges, and the month's sample."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional.test_demo import Demo, a_demo
from tests.functional.typing_in import Ran, run

pytestmark = pytest.mark.slow
PASSWORD = "open-the-register-please"
MONTH = "2017-06"
"""A month in which the demonstration closed cases."""
Types = Callable[..., Ran]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("cases") / "privity-demo")


@pytest.fixture
def types(demo: Demo, tmp_path: Path) -> Types:
    """Return how somebody types a command about cases."""

    def typed(who: str, *words: str) -> Ran:
        return run(["case", *words, "--as", who, "--data", str(demo.data)], tmp_path, said=f"{PASSWORD}\n")

    return typed


def told(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def challenged(types: Types, outcome: str) -> str:
    lines = told(types("d.oversight", "challenges", "--json"))["challenges"]
    return next(str(line["case"]) for line in lines if line["outcome"] == outcome)


def test_the_department_brokers_and_the_guardian_ends_a_challenge(types: Types, demo: Demo, tmp_path: Path) -> None:
    case = challenged(types, "open")
    thread = types("d.oversight", "thread", case).out
    assert "  refused under 5.3: " in thread
    assert "the department:" in thread
    written = types("d.oversight", "reply", case, "--words", "Send a new request, with the complaint in it.")
    assert "  5. " in written.out
    assert "     Send a new request, with the complaint in it." in written.out
    late = types("g.hale", "reply", case, "--words", "As above.", "--outcome", "ask-again", "--after", "4")
    assert (late.code, "somebody wrote in this thread" in late.err) == (2, True)
    ended = told(types("g.hale", "reply", case, "--words", "As above.", "--outcome", "ask-again", "--json"))
    assert ended["shown"][-1] == "  a new request is worth sending"
    assert challenged(types, "a new request is worth sending")
    assert (types("d.oversight", "reply", case, "--words", "Once more.")).code == 2
    assert run(["audit", "--data", str(demo.data)], tmp_path).code == 0


def test_only_whom_the_pages_would_let_replies_or_ends(types: Types) -> None:
    case = challenged(types, "a new request is worth sending")
    for who in ("a.okafor", "p.reid"):
        assert "was not found" in types(who, "reply", case, "--words", "I think so, too.").err
        assert types(who, "thread", case).code == 2
        assert types(who, "challenges").code == 2
    assert "only the guardian" in types("d.oversight", "reply", case, "--words", "x", "--outcome", "upheld").err


def test_the_guardian_draws_a_month_once_and_writes_down_what_they_found(types: Types) -> None:
    assert "draw it first" in types("g.hale", "sample", MONTH).err
    drawn = told(types("g.hale", "sample", MONTH, "--draw", "--json"))
    by_lot = min(5, drawn["population"])
    assert [one["by_lot"] for one in drawn["cases"]] == [place < by_lot for place in range(drawn["unread"])]
    assert "was drawn before" in types("g.hale", "sample", MONTH, "--draw").err
    case = drawn["cases"][0]["case"]
    found = ("--month", MONTH, "--finding", "weak-reasons", "--words", "The second view has one sentence.")
    assert "Right answer, weak reasons; still to be read" in types("g.hale", "review", case, *found).out
    again = told(types("g.hale", "sample", MONTH, "--json"))
    read = {"finding": "weak-reasons", "words": "The second view has one sentence."}
    assert again["cases"][0] == {"case": case, **read, "by_lot": True}
    assert again["unread"] == drawn["unread"] - 1
    assert "has been read in that sample" in types("g.hale", "review", case, *found).err
    assert f"  {case}  Right answer, weak reasons" in types("g.hale", "sample", MONTH).out


@pytest.mark.parametrize("who", ["a.okafor", "d.oversight"])
def test_nobody_else_draws_or_reviews(types: Types, who: str) -> None:
    assert types(who, "sample", MONTH).code == 2
    assert types(who, "sample", "2017-05", "--draw").code == 2
    case = told(types("g.hale", "sample", MONTH, "--json"))["cases"][-1]["case"]
    assert types(who, "review", case, "--month", MONTH, "--finding", "sound", "--words", "All well.").code == 2


@pytest.mark.parametrize("month", ["2017-13", "2099-01", "2016-02"])
def test_a_month_that_is_none_or_not_over_or_empty_is_refused(types: Types, month: str) -> None:
    refused = types("g.hale", "sample", month, "--draw")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("privity: nothing was recorded of the sample: ")
