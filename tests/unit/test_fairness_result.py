"""The fairness that ships: a file that reads back as it was written, and the disparities it tells of."""

from collections.abc import Sequence

import pytest

from privity.edge.registers.models import default_certificates, default_fairness, default_model
from privity.errors import Mistaken
from privity.trace.evaluation import Judged
from privity.trace.fairness import ENOUGH_EXPECTED, Verdict, fairness
from privity.trace.fairness_result import FairnessResult, disparities, read_result, result_of, result_text


def some(group: str, *, right: int, wrong: int = 0, missed: int = 0) -> list[Judged]:
    return [
        Judged(present=present, proposed=proposed, proposed_right=proposed and present, truth_is_candidate=present,
               traits=(("name origin", group),))
        for count, present, proposed in ((right, True, True), (wrong, False, True), (missed, True, False))
        for _ in range(count)
    ]  # fmt: skip


def result(judged: Sequence[Judged]) -> FairnessResult:
    return result_of(
        fairness(judged, alpha=0.01), model="m@0123456789ab", model_digest="ab" * 32, certificate_digest="",
        confidence=0.95, register_rows=1_000, register_digest="cd" * 32, labels_from="a test", synthetic=True,
    )  # fmt: skip


JUDGED = [
    *some("north", right=4_000),
    *some("south_west", right=490, wrong=12),
    *some("east", right=97, wrong=3),
    *some("west", right=200, missed=200),
]


def test_a_result_reads_back_as_it_was_written() -> None:
    made = result(JUDGED)
    assert read_result(result_text(made)) == made
    assert {one.verdict for one in made.groups} == {Verdict.WITHIN, Verdict.EXCEEDS, Verdict.WARNING}


def test_groups_above_the_limit_few_or_many_and_groups_found_less_often_are_disparities() -> None:
    first, second, third = disparities(result(JUDGED))
    assert first == "name origin, south west: 0.0239 of proposals are somebody else, the limit is 0.02"
    assert second.startswith("name origin, east: 3 of 100 proposals are somebody else, too few to tell ")
    assert third.startswith("name origin, west: 50% of the people present are found, of everybody ")
    assert not result(JUDGED).holds
    assert result(JUDGED[:4_000]).holds
    assert disparities(result(JUDGED[:4_000])) == ()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "groups": [{}]}'])
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Mistaken, match="the fairness of the tracer was not read"):
        read_result(text)


def test_the_result_that_ships_is_of_the_model_and_a_certificate_that_ship() -> None:
    shipped = default_fairness()
    assert shipped is not None
    assert shipped.is_of(default_model().digest)
    assert shipped.certificate_digest in {one.digest for one in default_certificates()}
    assert shipped.holds
    assert shipped.traces >= 300_000, "enough to resolve the limit in every group"
    assert [one.name for one in shipped.groups if one.wrong_person.of * shipped.limit < ENOUGH_EXPECTED] == ["unknown"]
