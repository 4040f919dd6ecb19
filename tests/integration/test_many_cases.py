"""An officer with many cases: handing them out at once, going from one to the next, and finding whose they are."""

from typing import TYPE_CHECKING

from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, THIRD, Corridor, police_request
from tests.fakes.visitor import at_the_pages, text
from tests.integration.test_custody_pages import DEPARTMENT, desk

from privity.casework.assign import assign

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

__all__ = ["desk"]
"""The fixture of the custodian's pages."""


def test_chosen_cases_are_handed_to_one_person_and_one_that_changed_is_left_and_named(
    desk: "Instance", corridor: Corridor
) -> None:
    first, given, changed = (
        at_the_pages(FIRST),
        corridor.received(),
        corridor.received(police_request(reference="KP/2")),
    )
    listed = first.get("/cases/")
    ticked = [f"{one}:{corridor.read(one).state.revision}" for one in (given, changed)]
    assert all(f'value="{one}"' in listed.content.decode() for one in ticked)
    asked = first.post("/workload/assign/", {"case": ticked})
    assert "Who takes these 2 cases?" in text(asked)
    assert first.post("/workload/assign/", {"case": ticked, "step": "to"}).status_code == 422, "nobody was chosen"
    corridor.do(lambda unit, at: assign(unit, changed, to=FIRST.staff_id, by=FIRST, at=at))
    done = first.post("/workload/assign/", {"case": ticked, "step": "to", "to": SECOND.staff_id}, follow=True)
    assert "1 case is assigned." in text(done)
    assert f"they changed or were answered meanwhile: {changed[:12]}" in text(done)
    assert corridor.read(given).state.assigned_to == SECOND.staff_id
    assert corridor.read(changed).state.assigned_to == FIRST.staff_id
    theirs = text(first.get("/cases/", {"officer": SECOND.staff_id}))
    assert given[:12] in theirs
    assert changed[:12] not in theirs


def test_nothing_is_handed_out_that_nobody_chose_and_not_by_who_judges_no_case(
    desk: "Instance", corridor: Corridor
) -> None:
    first, reference = at_the_pages(FIRST), corridor.received()
    before = corridor.read(reference).state
    for sent in ({}, {"case": "PRV-nothing:1"}, {"case": f"{reference}:x"}, {"case": reference}):
        assert "Choose the cases first" in text(first.post("/workload/assign/", sent, follow=True))
    ticked = {"case": f"{reference}:{before.revision}", "step": "to", "to": "stranger"}
    assert "Not assigned" in text(first.post("/workload/assign/", ticked, follow=True)), "strangers take no case"
    assert at_the_pages(DEPARTMENT).post("/workload/assign/", ticked).status_code == 403
    assert corridor.read(reference).state == before


def test_the_next_case_is_the_next_of_the_list_that_waits_for_the_person_looking(
    desk: "Instance", corridor: Corridor
) -> None:
    first, third = at_the_pages(FIRST), at_the_pages(THIRD)
    here, answered, waiting = (corridor.received(police_request(reference=f"KP/{n}")) for n in range(3))
    corridor.view(answered, FIRST, True)
    first.get("/cases/")
    assert first.get(f"/cases/{here}/next/")["Location"] == f"/cases/{waiting}/", "one's own view is in on the other"
    last = first.get(f"/cases/{waiting}/next/")
    assert last["Location"] == f"/cases/{here}/", "from the last it goes on at the top"
    for reference in (here, waiting):
        corridor.view(reference, FIRST, True)
    done = first.get(f"/cases/{here}/next/", follow=True)
    assert "Nothing else in this list waits for you." in text(done)
    assert third.get(f"/cases/{here}/next/").status_code == 302
    assert at_the_pages(GUARDIAN).get(f"/cases/{here}/next/")["Location"].startswith("/cases/?")
