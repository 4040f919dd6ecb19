"""The six things a safety screen looks for before a release, each by its own name (issue 5)."""

from dataclasses import replace

import pytest
from tests.fakes import golden
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, a_certificate, police_request

from privity.agreement.version import InstrumentKind
from privity.casework.certificates import revoke
from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.casework.lifecycle import Status
from privity.casework.screen import Parked, show_screen
from privity.casework.trace import show_candidates
from privity.definitions.party import OrganisationId
from privity.definitions.person import Address
from privity.definitions.reference import CaseReference, Slug
from privity.disclosure.safety import GUARDIANS_ONLY, Concern, Course, concerns
from privity.errors import Mistaken
from privity.protection.household import Household
from privity.protection.signs import Signs

ELSEWHERE = Address(lines=("The Refuge", "1 Quiet Street"), postcode="LS1 4AP")


def seen(corridor: Corridor, reference: CaseReference) -> set[Concern]:
    """Return what an officer who opens the screen is told."""
    _file, sight = corridor.do(lambda unit, at: show_screen(unit, corridor.gateway, reference, by=FIRST, at=at))
    return set(concerns(sight))


def may_not_go_on(corridor: Corridor, reference: CaseReference) -> bool:
    with pytest.raises(Mistaken, match="does not let you choose that"):
        corridor.screen(reference)
    return corridor.read(reference).status is Status.IDENTIFIED


def test_protected_record(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    assert Concern.PROTECTED in seen(corridor, reference)
    assert may_not_go_on(corridor, reference)


def test_household_at_risk(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.households[1] = Household(others=2, children=1, protected=0)
    assert {Concern.SHARED, Concern.CHILDREN} <= seen(corridor, reference)
    corridor.register.households[1] = Household(others=1, children=0, protected=1)
    assert Concern.PROTECTED_NEIGHBOUR in seen(corridor, reference)
    assert may_not_go_on(corridor, reference)


@pytest.mark.parametrize("person_is", ["victim", "witness", "missing"])
def test_welfare_flags_of_the_request(corridor: Corridor, person_is: str) -> None:
    facts = {**police_request().facts, "person_is": Slug(person_is)}
    reference = corridor.identified(replace(police_request(reference=f"KP/{person_is}"), facts=facts))
    assert Concern.WELFARE in seen(corridor, reference)


def test_welfare_flags_of_the_practice(corridor: Corridor) -> None:
    """A practice can say that somebody is feared for without hiding them: their letters go elsewhere."""
    reference = corridor.identified()
    corridor.register.people[1] = replace(corridor.register.people[1], correspondence=ELSEWHERE)
    assert Concern.LETTERS_ELSEWHERE in seen(corridor, reference)


def test_a_practice_that_hides_the_record_stops_it_whatever_the_register_says(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.registered[1] = Signs(hidden=True)
    assert Concern.PROTECTED_BY_PRACTICE in seen(corridor, reference)
    assert Concern.PROTECTED not in seen(corridor, reference), "each concern is named with where it comes from"
    assert may_not_go_on(corridor, reference)


@pytest.mark.parametrize(
    ("registered", "concern"),
    [
        (Signs(letters=True, feared_for=True), Concern.FEARED_FOR),
        (Signs(ended=True), Concern.PROTECTION_ENDED),
        (Signs(coming=True), Concern.PROTECTION_COMING),
    ],
)
def test_what_a_practice_feared_or_had_lifted_is_for_the_guardian_and_not_told_to_officers(
    corridor: Corridor, registered: Signs, concern: Concern
) -> None:
    reference = corridor.identified()
    corridor.register.registered[1] = registered
    assert concern in seen(corridor, reference)
    assert concern in GUARDIANS_ONLY
    assert may_not_go_on(corridor, reference)


def test_an_address_of_many_family_names_with_children_is_taken_for_a_refuge(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.households[1] = Household(others=4, children=0, protected=0, families=5)
    assert Concern.UNRELATED in seen(corridor, reference)
    assert Concern.REFUGE_LIKE not in seen(corridor, reference), "a shared house is thought of, not stopped"
    corridor.register.households[1] = Household(others=4, children=1, protected=0, families=4)
    assert Concern.REFUGE_LIKE in seen(corridor, reference)
    assert may_not_go_on(corridor, reference)


def test_a_record_without_a_home_says_so(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.people[1] = replace(corridor.register.people[1], residence=None, correspondence=ELSEWHERE)
    assert {Concern.NO_HOME, Concern.LETTERS_ELSEWHERE} <= seen(corridor, reference)


def test_a_protection_registered_after_the_screen_stops_the_release(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    corridor.register.registered[1] = Signs(coming=True)
    with pytest.raises(Mistaken, match="has changed since"):
        corridor.release(reference)
    assert corridor.sealer.packs == []


@pytest.mark.parametrize("concern", list(Concern))
def test_every_concern_says_what_it_is_and_where_it_comes_from(concern: Concern) -> None:
    assert concern.words.endswith(".")
    assert concern.origin.words.startswith("From ")


def test_address_changed_since_approval(corridor: Corridor) -> None:
    reference = corridor.approved()
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.do(
            lambda unit, at, who=who: show_candidates(unit, corridor.register, reference, by=who, at=at)  # type: ignore[misc]  # bound now
        )
        corridor.name_record(reference, who, 1)
    assert Concern.ADDRESS_CHANGED not in seen(corridor, reference)
    corridor.register.people[1] = replace(corridor.register.people[1], residence=ELSEWHERE)
    assert Concern.ADDRESS_CHANGED in seen(corridor, reference)


def test_certificate_revoked_since(corridor: Corridor) -> None:
    reference = corridor.identified()
    with corridor.open_unit() as unit:
        held = unit.certificates(corridor.read(reference).organisation)[0]
        revoke(unit, OrganisationId(KENT), held.sha256, reason="lost", by=ADMINISTRATORS[0], at=corridor.tick())
    assert {Concern.CERTIFICATE_REVOKED, Concern.NO_CERTIFICATE} <= seen(corridor, reference)
    assert may_not_go_on(corridor, reference)
    with corridor.open_unit() as unit:
        enrol_certificate(unit, a_certificate(KENT, 2), by=ADMINISTRATORS[0], at=corridor.tick())
        approve_certificate(unit, a_certificate(KENT, 2), by=ADMINISTRATORS[1], at=corridor.tick())
    assert Concern.CERTIFICATE_REVOKED in seen(corridor, reference), "another one does not make it unhappen"
    assert Concern.NO_CERTIFICATE not in seen(corridor, reference)


def test_agreement_changed_since(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now)
    assert Concern.AGREEMENT_CHANGED in seen(corridor, reference)
    assert corridor.screen(reference) == Parked(status=Status.HELD)
    with pytest.raises(Mistaken):
        corridor.screen(reference, Course.GO_ON)
