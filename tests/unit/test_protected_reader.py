"""Protections laid over a register: who is compared is who would be, if the register itself had the protection."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests.fakes.register import MemoryRegister, record

from privity.definitions.person import Particulars
from privity.edge.wiring.protected_register import ProtectedReader, nothing_registered
from privity.protection.correspondence_address import Period
from privity.protection.registration import AskedBy, Registration
from privity.trace.blocking import MOST_COMPARED, query_keys, record_keys
from privity.trace.record import NOWHERE, RegisterRecord

DAY = date(2017, 3, 1)
HOME = "LS1 4AP"
ASKED = Particulars(family_name="Ali", given_name="Mohammed", date_of_birth=date(1970, 1, 1), postcode=HOME)


def registered(*some: RegisterRecord) -> tuple[Registration, ...]:
    return tuple(
        Registration(
            nhs_number=one.nhs_number, flagged=True, correspondence=None, period=Period(first=DAY, last=None),
            reason="The person has fled from home.", asked_by=AskedBy.PRACTICE,
        )
        for one in some
    )  # fmt: skip


def namesakes(count: int) -> list[RegisterRecord]:
    """People of one name and one day of birth, anywhere else."""
    return [record(number, "Mohammed", "Ali", "1970-01-01", postcode="M1 1AA") for number in range(10, 10 + count)]


def compared(records: Sequence[RegisterRecord], *protected: RegisterRecord) -> list[RegisterRecord]:
    """Who is compared where the register does not know of the protection, and a practice registered it."""
    register = MemoryRegister(records)
    registrations = registered(*protected)
    reader = ProtectedReader(
        register=register,
        registrations=lambda numbers: tuple(one for one in registrations if one.nhs_number.digits in numbers),
        day=DAY,
    )
    return [one.whole() for one in reader.candidates(query_keys(ASKED, register.birth_years))]


def compared_if_held(records: Sequence[RegisterRecord], *protected: RegisterRecord) -> list[RegisterRecord]:
    """Who is compared where the register holds the protection itself."""
    held = [replace(one, place=NOWHERE, sensitive=True) if one in protected else one for one in records]
    register = MemoryRegister(held)
    return list(register.candidates(query_keys(ASKED, register.birth_years)))


@pytest.mark.parametrize("crowd", [0, MOST_COMPARED - 1, MOST_COMPARED, MOST_COMPARED + 40])
@pytest.mark.parametrize("number", [1, 9_000], ids=["first", "last"])
@pytest.mark.parametrize(
    ("given", "family", "born"),
    [("Mohammed", "Ali", "1970-01-01"), ("Mohammed", "Ali", "1931-06-05"), ("Mohammed", "Khan", "1931-06-05")],
    ids=["alike", "named alike", "found by the place alone"],
)
def test_a_protected_record_is_compared_exactly_where_it_were_without_its_place(
    crowd: int, number: int, given: str, family: str, born: str
) -> None:
    person = record(number, given, family, born, postcode=HOME)
    records = [*namesakes(crowd), person]
    without = [one.row for one in MemoryRegister(records).candidates(sorted(record_keys(person)))]
    assert person.row in without, "it is filed, and its place is one way to it"
    found = compared(records, person)
    assert found == compared_if_held(records, person)
    assert all(one.place == NOWHERE for one in found if one.sensitive)


def test_a_place_does_not_lift_a_protected_record_over_a_crowd_and_nobody_is_missing_for_it() -> None:
    person = record(9_000, "Mohammed", "Ali", "1970-01-01", postcode=HOME)
    records = [*namesakes(MOST_COMPARED + 40), person]
    open_register = MemoryRegister(records)
    assert person in open_register.candidates(query_keys(ASKED, open_register.birth_years)), "open, it is"
    found = compared(records, person)
    assert person.row not in {one.row for one in found}
    assert len(found) == MOST_COMPARED, "a number that is public does not tell of it"


def test_one_protected_record_after_another_gives_way() -> None:
    family = [record(number, "Mohammed", "Ali", "1970-01-01", postcode=HOME) for number in range(9_000, 9_005)]
    records = [*namesakes(MOST_COMPARED - 2), *family]
    found = compared(records, *family)
    assert found == compared_if_held(records, *family)
    assert len(found) == MOST_COMPARED
    assert sum(one.sensitive for one in found) == 2


def test_without_a_protection_the_register_answers_by_itself() -> None:
    register = MemoryRegister(namesakes(5))
    reader = ProtectedReader(register=register, registrations=nothing_registered, day=DAY)
    keys = query_keys(ASKED, register.birth_years)
    assert reader.candidates(keys) == register.candidates(keys)
