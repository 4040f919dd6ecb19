"""Papers attached to an agreement, the plan of its revision, and what is said where there is none."""

import pytest
from tests.fakes.agreements import shipped_version

from privity.agreement.papers import PaperKind, PhaseStatus, papers_of, plan_of
from privity.agreement.written import Unreadable
from privity.definitions.reference import VersionName
from privity.edge.settings.shelf import default_shelf, shelf_files

FILES = shelf_files(default_shelf())
VERSION = VersionName("2017-01")


def test_what_was_said_of_the_memorandum_is_attached_and_no_assessment_is_made_up() -> None:
    papers = papers_of(FILES["home-office"], VERSION)
    assert [paper.kind for paper in papers] == [PaperKind.CONSULTATION] * 3
    making = shipped_version("home-office@2017-01").making
    assert (making.data_protection.on, making.equality.on, making.consulted.on) == (None, None, None)
    assert papers_of(FILES["police"], VERSION) == ()


def test_papers_stand_in_the_order_of_their_kinds_and_belong_to_one_version() -> None:
    files = {
        "2017-01/papers/equality.md": "# On equality\n\nWords.",
        "2017-01/papers/consultation-b.md": "# B\n",
        "2017-01/papers/consultation-a.md": "# A\n",
        "2017-01/papers/data-protection.md": "# On data\n",
        "2018-01/papers/equality.md": "# Another version's\n",
    }
    assert [paper.title for paper in papers_of(files, VERSION)] == ["On data", "On equality", "A", "B"]


@pytest.mark.parametrize(
    ("name", "text", "why"), [("minutes", "# Minutes\n", "no kind"), ("equality", "Words.\n", "no title")]
)
def test_a_paper_of_no_kind_or_without_a_title_is_refused_by_its_file(name: str, text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as refused:
        papers_of({f"2017-01/papers/{name}.md": text}, VERSION)
    assert f"2017-01/papers/{name}.md" in str(refused.value)


def test_the_plan_of_2018_names_its_phases_and_guesses_no_status() -> None:
    plan = plan_of(FILES["home-office"])
    assert plan is not None
    assert len(plan.phases) == 3
    assert {phase.status for phase in plan.phases} == {PhaseStatus.NOT_ON_RECORD}
    assert "9 November 2018" in plan.outcome
    assert plan_of(FILES["police"]) is None


def test_a_phase_without_a_known_status_is_refused_with_its_line() -> None:
    text = "title: T\nsays: S\nsource: ours\nphases:\n  - what: W\n    status: soon\n"
    with pytest.raises(Unreadable, match="line 6"):
        plan_of({"plan.yaml": text})
