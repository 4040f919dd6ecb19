"""Groups, the worst first, the gate, the page, and a trace explained."""

from datetime import date
from xml.etree import ElementTree

import pytest
from tests.fakes.register import MemoryRegister, record

from privity.definitions.person import Particulars
from privity.edge.commands.trace_chart import fairness_chart, fairness_page
from privity.edge.commands.trace_shown import waterfall
from privity.edge.registers.models import default_model
from privity.trace.bound import WrongPersonBound
from privity.trace.evaluation import Judged
from privity.trace.explanation import explain
from privity.trace.fairness import Fairness, Verdict, fairness
from privity.trace.tracer import trace

BOUND = WrongPersonBound(alpha=0.01, confidence=0.95, certified=False)


def some(group: str, *, right: int, wrong: int = 0, missed: int = 0) -> list[Judged]:
    traits = (("name origin", group),)
    return [
        Judged(present=present, proposed=proposed, proposed_right=proposed and present, truth_is_candidate=present,
               traits=traits)
        for count, present, proposed in ((right, True, True), (wrong, False, True), (missed, True, False))
        for _ in range(count)
    ]  # fmt: skip


def found() -> Fairness:
    judged = some("north", right=95, missed=5) + some("south & west", right=490, wrong=26, missed=50)
    return fairness([*judged, *some("east", right=20, wrong=1)], alpha=BOUND.alpha)


def test_the_worst_group_comes_first_and_a_group_above_twice_the_bound_fails_the_gate() -> None:
    groups = {one.name: one.verdict for one in found().groups}
    assert [one.name for one in found().groups] == ["south & west", "east", "north"]
    assert groups == {"south & west": Verdict.EXCEEDS, "east": Verdict.WARNING, "north": Verdict.WITHIN}
    assert not found().holds
    assert found().worst_found == found().groups[0]


@pytest.mark.parametrize(
    ("right", "wrong", "verdict"),
    [
        (489, 11, Verdict.EXCEEDS),
        (490, 10, Verdict.WITHIN),
        (488, 11, Verdict.WARNING),
        (97, 3, Verdict.WARNING),
        (93, 7, Verdict.EXCEEDS),
        (1, 2, Verdict.EXCEEDS),
        (20, 1, Verdict.WARNING),
    ],
)
def test_a_group_above_the_limit_fails_where_it_is_large_enough_or_where_chance_does_not_explain_it(
    right: int, wrong: int, verdict: Verdict
) -> None:
    found = fairness(some("one", right=right, wrong=wrong), alpha=0.01)
    assert found.groups[0].verdict is verdict
    assert found.holds is (verdict is not Verdict.EXCEEDS)
    assert found.warned == (found.groups if verdict is Verdict.WARNING else ())
    assert found.undecided == found.warned


def test_at_the_size_that_is_published_every_group_above_the_limit_fails_the_gate() -> None:
    welsh = fairness(some("welsh", right=7_002, wrong=19), alpha=0.001)
    assert welsh.groups[0].wrong_person.low < 0.002, "chance might explain it, and is no excuse"
    assert not welsh.holds
    hausa = fairness(some("hausa", right=1_438, wrong=3), alpha=0.001)
    assert hausa.holds
    assert [one.name for one in hausa.warned] == ["hausa"]


def test_a_group_without_an_error_is_too_small_to_tell_where_one_would_have_been_too_many() -> None:
    small = fairness(some("few", right=49), alpha=0.01)
    assert small.groups[0].verdict is Verdict.TOO_FEW
    assert small.undecided == small.groups
    assert small.holds
    assert fairness(some("enough", right=50), alpha=0.01).groups[0].verdict is Verdict.WITHIN


def test_the_chart_is_well_formed_and_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(fairness_chart(found()))
    words = " ".join(root.itertext())
    assert "A group exceeds twice the bound of 0.01" in words
    assert root.attrib["role"] == "img"
    for group in found().groups:
        assert f"{group.name} (name origin)" in words
        assert f"{group.wrong_person.share:.4f}" in words


def test_the_page_has_every_number_in_a_table_and_loads_nothing() -> None:
    page = fairness_page(found(), BOUND, "labels <of a test>", 1_000)
    assert "<script" not in page
    assert "http://www.w3.org/2000/svg" in page.replace("https://", "http://")
    assert page.count("<tr>") == 1 + len(found().groups)
    assert "labels &lt;of a test&gt;" in page
    assert "At least one group exceeds the gate." in page


REGISTER = MemoryRegister(
    [
        record(1, "Maud", "Ashworth", "1971-05-23", postcode="QV1 1AA", line="1 Blank Row"),
        record(2, "Jane", "Ashworth", "1971-05-24", postcode="QV1 1AA"),
        record(3, "Maud", "Ashworth", "1950-01-01", sensitive=True),
    ],
    size=100_000,
)


def test_the_steps_of_an_explanation_add_up_to_the_weight_and_say_what_differs() -> None:
    asked = Particulars(family_name="Ashworth", given_name="Maud", date_of_birth=date(1971, 5, 24), postcode="QV1 1AA")
    result = trace(asked, REGISTER, default_model())
    found = explain(result, register_rows=REGISTER.size, present=0.79)
    assert found is not None
    assert found.steps[-1].end_bits == pytest.approx(found.steps[0].bits + found.candidate.weight_bits)
    assert any("family name is the same" in words for words in found.agrees)
    assert "NHS number" in " ".join(found.missing)
    said = " ".join(found.in_words)
    assert "not in the register at all" in said
    assert "would bear such a name" in said
    assert len(waterfall(found)) >= 4
    assert "Ashworth" not in said + " ".join(waterfall(found))


def test_there_is_nothing_to_explain_where_there_is_no_candidate() -> None:
    asked = Particulars(family_name="Nobody", given_name="Knows", date_of_birth=date(1971, 5, 24))
    result = trace(asked, REGISTER, default_model())
    assert explain(result, register_rows=REGISTER.size, present=0.79) is None
