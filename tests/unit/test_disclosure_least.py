"""The least that leaves: worked cases 36 and 38, and the addresses in between."""

from dataclasses import replace

import pytest
from tests.fakes.packs import CHARITY, HOME, SIX_ITEMS, golden_person, permit_for, released, sought_at

from privity.definitions.item import DataItem
from privity.definitions.person import Address, Gender, PersonId
from privity.disclosure.minimise import least
from privity.disclosure.pack import NO_TRACE, Answer, Outcome, answer_from
from privity.disclosure.release import NothingLeaves, Release, ReleasedItem, WithheldBecause
from privity.errors import Impossible


def given(release: Release) -> dict[DataItem, tuple[str, ...]]:
    return {item.item: item.values for item in release.items}


def kept_back(release: Release) -> dict[DataItem, WithheldBecause]:
    return {item.item: item.why for item in release.withheld}


def test_what_was_agreed_and_is_on_record_leaves_and_nothing_else() -> None:
    assert given(released(golden_person())) == {
        DataItem.NAME: ("Xylophanta Quetzalberg",),
        DataItem.CHANGE_OF_NAME: ("Oldnamovic",),
        DataItem.LAST_KNOWN_ADDRESS: (*HOME.lines, HOME.postcode),
        DataItem.DATE_OF_BIRTH: ("1979-08-17",),
        DataItem.GENDER: ("female",),
        DataItem.NHS_REGISTRATION_DATE: ("1999-04-06",),
    }


def test_an_item_that_was_not_agreed_does_not_leave_though_the_register_holds_it() -> None:
    found = least(permit_for(frozenset({DataItem.NAME})), golden_person(), sought=sought_at())
    assert isinstance(found, Release)
    assert set(given(found)) == {DataItem.NAME}
    assert found.withheld == ()


def test_a_practice_code_is_neither_a_care_area_nor_the_contact_of_a_practice() -> None:
    items = frozenset({DataItem.PRIMARY_CARE_AREA, DataItem.GP_CONTACT, DataItem.TELEPHONE, DataItem.EMAIL})
    found = least(permit_for(items), golden_person(), sought=sought_at())
    assert isinstance(found, Release)
    assert found.items == ()
    assert set(kept_back(found).values()) == {WithheldBecause.NOT_ON_RECORD}


def test_what_the_register_does_not_know_is_not_on_record() -> None:
    bare = replace(golden_person(registered_on=None), gender=Gender.UNKNOWN, previous_family_names=())
    assert kept_back(released(bare)) == {
        DataItem.CHANGE_OF_NAME: WithheldBecause.NOT_ON_RECORD,
        DataItem.GENDER: WithheldBecause.NOT_ON_RECORD,
        DataItem.NHS_REGISTRATION_DATE: WithheldBecause.NOT_ON_RECORD,
    }


def test_an_address_for_letters_is_not_given_as_a_residence() -> None:
    found = released(golden_person(residence=None, correspondence=CHARITY))
    assert DataItem.LAST_KNOWN_ADDRESS not in given(found)
    assert kept_back(found)[DataItem.LAST_KNOWN_ADDRESS] is WithheldBecause.CORRESPONDENCE_ONLY


def test_the_residence_is_given_beside_an_address_for_letters_the_requester_did_not_have() -> None:
    found = released(golden_person(correspondence=CHARITY))
    assert given(found)[DataItem.LAST_KNOWN_ADDRESS] == (*HOME.lines, HOME.postcode)


def test_whoever_had_the_address_for_letters_is_not_given_the_home() -> None:
    found = released(golden_person(correspondence=CHARITY), sought_at(CHARITY))
    assert DataItem.LAST_KNOWN_ADDRESS not in given(found)
    assert kept_back(found)[DataItem.LAST_KNOWN_ADDRESS] is WithheldBecause.SOUGHT_BY_OTHER_ADDRESS


def test_an_address_for_letters_entered_as_home_as_well_is_no_residence() -> None:
    found = released(golden_person(residence=CHARITY, correspondence=CHARITY))
    assert kept_back(found)[DataItem.LAST_KNOWN_ADDRESS] is WithheldBecause.CORRESPONDENCE_ONLY


def test_an_address_without_a_word_in_it_is_not_on_record() -> None:
    found = released(golden_person(residence=Address(lines=(" ", ""), postcode="")))
    assert kept_back(found)[DataItem.LAST_KNOWN_ADDRESS] is WithheldBecause.NOT_ON_RECORD


def test_a_protected_record_releases_nothing_and_the_guardian_hears_of_it() -> None:
    found = least(permit_for(), golden_person(sensitive=True), sought=sought_at())
    assert isinstance(found, NothingLeaves)
    assert found.guardian.person == permit_for().person
    assert answer_from(found) is NO_TRACE


def test_a_permit_for_one_person_does_not_open_the_record_of_another() -> None:
    with pytest.raises(Impossible, match="not the one that two people identified"):
        least(permit_for(person=PersonId(8)), golden_person(), sought=sought_at())


def test_a_release_without_any_item_is_answered_as_no_trace() -> None:
    found = least(permit_for(frozenset({DataItem.EMAIL})), golden_person(), sought=sought_at())
    assert answer_from(found) is NO_TRACE


def test_the_answer_names_agreed_items_without_a_value_and_never_why() -> None:
    answer = answer_from(released(golden_person(residence=None, correspondence=CHARITY)))
    assert answer.outcome is Outcome.DISCLOSED
    assert answer.not_given == (DataItem.LAST_KNOWN_ADDRESS,)


@pytest.mark.parametrize("item", [DataItem.DIAGNOSIS, DataItem.CLINIC_ATTENDED, DataItem.NEXT_APPOINTMENT])
def test_a_clinical_item_cannot_be_released_at_all(item: DataItem) -> None:
    with pytest.raises(Impossible, match=item.value):
        ReleasedItem(item=item, values=("something",), why="agreed")


def test_an_answer_of_no_trace_cannot_hold_items() -> None:
    item = released(golden_person()).items[0]
    with pytest.raises(Impossible):
        Answer(outcome=Outcome.NO_TRACE, items=(item,))
    with pytest.raises(Impossible):
        Answer(outcome=Outcome.DISCLOSED)
    with pytest.raises(Impossible):
        Answer(outcome=Outcome.NO_TRACE, not_given=(DataItem.NAME,))


def test_items_leave_in_one_order_whatever_the_permit_listed() -> None:
    order = [item.item for item in released(golden_person()).items]
    assert order == [item for item in DataItem if item in SIX_ITEMS]
