"""Why a trace came out so, at a terminal: what the pages show, and nothing that they do not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.fakes.cases import candidate_record, reference_of
from tests.fakes.desk import FakeDesk

from privity.casework.desk import CaseView
from privity.casework.explaining import explanations
from privity.casework.lifecycle import Status
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.commands.case_explained import explained_lines
from privity.errors import Mistaken

TODAY = date(2026, 11, 20)
OFFICER = Officer(
    staff_id=StaffId("okafor"), name="A. Okafor", organisation=OrganisationId("custodian"), role=Role.DISCLOSURE_OFFICER
)


def view(status: Status = Status.JUDGING_IDENTITY) -> CaseView:
    found = FakeDesk(TODAY).case(
        reference_of(status.value), by=OFFICER, at=datetime(2026, 11, 20, 12, tzinfo=UTC), candidates=True
    )
    if not found.file.traces:
        return found
    sized = replace(found.file.traces[-1], register_rows=100_000, chance_before="7.9e-06", bound="at most 0.001")
    file = replace(found.file, traces=(sized,))
    return replace(found, file=file, explanations=explanations(file))


def test_both_sides_stand_side_by_side_with_what_each_field_says() -> None:
    lines = explained_lines(view(), 1)
    text = "\n".join(lines)
    held = candidate_record(view().candidates[0].shown.person, 0)
    assert held.given_name in text
    assert "asked for" in text
    assert "on the register" in text
    assert any(line.startswith("  + ") for line in lines)
    assert "before anything is compared: one chance in 126,582" in text
    assert "not in the register at all with a probability of 0.0830" in text
    assert "The next record has 0.0143" in text
    assert "Wrong-person bound: at most 0.001" in text
    assert sum("Candidate 2: probability" in line for line in lines) == 1


def test_a_protected_records_place_stays_locked() -> None:
    text = "\n".join(explained_lines(view(), 3))
    assert "locked: protected record" in text
    assert "3 Gilded Row" not in text


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_candidate_who_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(Mistaken, match=f"there is no candidate {number}"):
        explained_lines(view(), number)


def test_who_may_not_see_candidates_on_the_page_sees_none_here() -> None:
    with pytest.raises(Mistaken, match="not yours to see now"):
        explained_lines(replace(view(), explanations=(), candidates=()), 1)


def test_nothing_is_explained_before_anybody_was_traced() -> None:
    with pytest.raises(Mistaken, match="nobody was traced for this case yet"):
        explained_lines(view(Status.APPROVED), 1)


def test_where_nobody_fits_the_chance_of_absence_is_all_there_is() -> None:
    found = view()
    nobody = replace(found.file.traces[-1], candidates="[]", outcome="untraced", probability_absent="0.999971")
    file = replace(found.file, traces=(nobody,))
    lines = explained_lines(replace(found, file=file, candidates=(), explanations=explanations(file)), 1)
    assert "Nobody on the register fits: with a probability of more than 0.9999" in lines[-1]
