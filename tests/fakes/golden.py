"""Golden people: made-up names that occur nowhere else, so that wherever one turns up it has leaked."""

from datetime import date

from privity.definitions.person import Address, Demographics, Gender, Particulars, PersonId
from tests.fakes.agreements import GOLDEN_NAME
from tests.fakes.packs import CANARIES
from tests.fakes.register import nhs_number

GIVEN, OTHER, STREET, POSTCODE, EARLIER = "Thaddeuszka", "Ploverina", "7 Skrimshank Wynd", "ZQ9 8XW", "Vandermoost"
GOLDEN_WORDS = (*CANARIES, GOLDEN_NAME, GIVEN, OTHER, "Skrimshank", POSTCODE, EARLIER, "1963-11-29")
"""No log line, error message, warning or ledger entry of any test may hold one of these."""


def particulars() -> Particulars:
    """Return what a requester knows of the golden person."""
    return Particulars(
        family_name=GOLDEN_NAME,
        given_name=GIVEN,
        other_given_names=OTHER,
        date_of_birth=date(1963, 11, 29),
        gender=Gender.FEMALE,
        postcode=POSTCODE,
        address_lines=(STREET,),
    )


def demographics(serial: int = 1, *, sensitive: bool = False) -> Demographics:
    """Return the golden person's record in the register, under a number of its own."""
    return Demographics(
        person=PersonId(serial),
        nhs_number=nhs_number(serial),
        family_name=GOLDEN_NAME,
        given_name=GIVEN,
        other_given_names=OTHER,
        previous_family_names=(EARLIER,),
        date_of_birth=date(1963, 11, 29),
        gender=Gender.FEMALE,
        residence=Address(lines=(STREET, "Quxbury"), postcode=POSTCODE),
        correspondence=None,
        gp_practice_code="Z99999",
        registered_on=date(1990, 2, 1),
        deceased_on=None,
        sensitive=sensitive,
    )
