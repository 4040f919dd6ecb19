"""What stands in the way of an address, as the register's rules have it."""

from datetime import date

import pytest
from tests.fakes.packs import CASE, CHARITY, HOME, PERSON, golden_person, sought_at

from privity.definitions.person import Address
from privity.errors import Mistaken
from privity.protection.correspondence_address import (
    AddressUse,
    CorrespondenceAddress,
    Period,
    PlaceKind,
    RegisteredAddress,
    letters_to,
    residence_of,
    sought_elsewhere,
)
from privity.protection.sensitive_flag import guardian_notice, is_place_evidence, without_whereabouts

DAY = date(2017, 3, 1)
ALWAYS = Period()
ELSEWHERE = Address(lines=("1 Other Street",), postcode="OT1 1HR")


def held(use: AddressUse, address: Address, period: Period = ALWAYS) -> RegisteredAddress:
    return RegisteredAddress(use=use, address=address, period=period)


def test_only_an_address_registered_as_home_is_a_residence() -> None:
    others = [held(use, CHARITY) for use in AddressUse if use is not AddressUse.HOME]
    assert residence_of(others, DAY) is None
    assert residence_of([*others, held(AddressUse.HOME, HOME)], DAY) == HOME


@pytest.mark.parametrize("place", PlaceKind)
def test_an_address_registered_at_a_practice_takes_letters_and_is_never_a_residence(place: PlaceKind) -> None:
    registered = CorrespondenceAddress(place=place, address=CHARITY, period=ALWAYS).as_registered()
    assert residence_of([registered], DAY) is None
    assert letters_to([registered, held(AddressUse.HOME, HOME)], DAY) == CHARITY


def test_letters_go_to_correspondence_then_temporary_then_home_and_never_to_work() -> None:
    home, stay = held(AddressUse.HOME, HOME), held(AddressUse.TEMPORARY, ELSEWHERE)
    letters, work = held(AddressUse.CORRESPONDENCE, CHARITY), held(AddressUse.WORK, ELSEWHERE)
    assert letters_to([home, stay, letters, work], DAY) == CHARITY
    assert letters_to([home, stay, work], DAY) == ELSEWHERE
    assert letters_to([home, work], DAY) == HOME
    assert letters_to([work], DAY) is None


def test_an_address_counts_from_its_first_day_to_its_last_and_not_beyond() -> None:
    march = Period(first=date(2017, 3, 1), last=date(2017, 3, 31))
    home = [held(AddressUse.HOME, HOME, march)]
    found = [residence_of(home, date(2017, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))]
    assert found == [None, HOME, HOME, None]


def test_two_different_homes_at_once_are_no_residence_and_the_same_one_twice_is_one() -> None:
    again = Address(lines=("FLAT 9,", "41 Zzyzx Terrace", "Quxbury"), postcode="qx14zz")
    assert residence_of([held(AddressUse.HOME, HOME), held(AddressUse.HOME, ELSEWHERE)], DAY) is None
    assert residence_of([held(AddressUse.HOME, HOME), held(AddressUse.HOME, again)], DAY) == HOME


def test_of_two_correspondence_addresses_the_later_takes_the_letters() -> None:
    old = held(AddressUse.CORRESPONDENCE, ELSEWHERE, Period(first=date(2015, 1, 1)))
    new = held(AddressUse.CORRESPONDENCE, CHARITY, Period(first=date(2016, 1, 1)))
    assert letters_to([new, old], DAY) == letters_to([old, new], DAY) == CHARITY


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Mistaken, match="last day lies before its first"):
        Period(first=date(2017, 3, 2), last=date(2017, 3, 1))


@pytest.mark.parametrize(
    ("given", "elsewhere"),
    [
        (CHARITY, True),
        (Address(lines=(), postcode="FB2 7WT"), True),
        (Address(lines=("the wibblesby trust", "2 frobnic road"), postcode=""), True),
        (Address(lines=CHARITY.lines, postcode=HOME.postcode), True),
        (HOME, False),
        (Address(lines=(), postcode="QX1 4ZZ"), False),
        (ELSEWHERE, False),
        (Address(lines=(), postcode=""), False),
    ],
)
def test_whoever_gives_the_address_for_letters_knows_the_person_from_elsewhere(given: Address, elsewhere: bool) -> None:
    assert sought_elsewhere(sought_at(given), HOME, (CHARITY,)) is elsewhere


def test_no_place_of_a_flagged_record_is_evidence_or_can_be_seen() -> None:
    flagged = golden_person(sensitive=True, correspondence=CHARITY)
    seen = without_whereabouts(flagged)
    assert not is_place_evidence(flagged)
    assert (seen.residence, seen.correspondence, seen.gp_practice_code) == (None, None, "")
    assert seen.family_name == flagged.family_name


def test_an_unflagged_record_is_left_as_it_is_and_nobody_is_told() -> None:
    plain = golden_person()
    assert without_whereabouts(plain) is plain
    assert is_place_evidence(plain)
    assert guardian_notice(CASE, plain) is None


def test_the_guardian_is_told_of_a_flagged_record_by_number_and_the_notice_names_nobody() -> None:
    notice = guardian_notice(CASE, golden_person(sensitive=True))
    assert notice is not None
    assert (notice.case, notice.person) == (CASE, PERSON)
    assert "7" not in repr(notice).replace(CASE, "")
