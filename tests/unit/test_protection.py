"""What stands in the way of an address, as the register's rules have it."""

from datetime import date

import pytest
from tests.fakes.packs import CASE, CHARITY, HOME, PERSON, golden_person, sought_at

from privity.definitions.person import Address
from privity.errors import Mistaken
from privity.protection.correspondence_address import (
    Period,
    sought_elsewhere,
)
from privity.protection.sensitive_flag import guardian_notice, without_whereabouts

ELSEWHERE = Address(lines=("1 Other Street",), postcode="OT1 1HR")


def test_a_period_counts_from_its_first_day_to_its_last_and_not_beyond() -> None:
    march = Period(first=date(2017, 3, 1), last=date(2017, 3, 31))
    days = [date(2017, month, day) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))]
    assert [march.covers(day) for day in days] == [False, True, True, False]
    assert all(Period().covers(day) for day in days)


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
        (Address(lines=("The Wibblesby Trust",), postcode=""), True),
        (Address(lines=("the wibblesby trust.", "Quxbury"), postcode=HOME.postcode), True),
        (Address(lines=("41 Zzyzx Terrace",), postcode=""), False),
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
    assert (seen.residence, seen.correspondence, seen.gp_practice_code) == (None, None, "")
    assert seen.family_name == flagged.family_name


def test_an_unflagged_record_is_left_as_it_is_and_nobody_is_told() -> None:
    plain = golden_person()
    assert without_whereabouts(plain) is plain
    assert guardian_notice(CASE, plain) is None


def test_the_guardian_is_told_of_a_flagged_record_by_number_and_the_notice_names_nobody() -> None:
    notice = guardian_notice(CASE, golden_person(sensitive=True))
    assert notice is not None
    assert (notice.case, notice.person) == (CASE, PERSON)
    assert "7" not in repr(notice).replace(CASE, "")
