"""PDS behind the register's doors, against a double written from its public specification."""

from datetime import date

import pytest
from tests.fakes.pds import Patient, PdsDouble

from privity.definitions.person import Address, NhsNumber, Particulars, PersonId
from privity.edge.registers.pds import Answer, Confirmation, HttpsLine, Pace, PdsRegister
from privity.errors import Mistaken, Unavailable

BORN = date(1971, 5, 23)
MAUD = Patient(
    number="9434765919", family="Zzyzxworth", given=("Maud", "Ann"), born=BORN, earlier_families=("Qqqq",),
    postcode="QV1 1AA", lines=("1 Blank Row",), letters="QV3 3CC", died="2015-02-03",
)  # fmt: skip
HIDDEN = Patient(number="9000000025", family="Hidden", given=("Jo",), born=BORN, postcode="QV2 2BB", restricted=True)
OLD = Patient(number="9000000017", family="Zzyzxworth", given=("Maud",), born=BORN, replaced_by=MAUD.number)
GONE = Patient(number="9000000033", family="Gone", given=("Gone",), born=BORN, invalidated=True)
ASKED = Particulars(family_name="Zzyzxworth", given_name="Maudie", date_of_birth=BORN, postcode="QV8 8XX")
NUMBER = NhsNumber(MAUD.number)


def register(*patients: Patient, busy: bool = False) -> tuple[PdsRegister, PdsDouble]:
    double = PdsDouble(patients or (MAUD, HIDDEN, OLD, GONE), busy=busy)
    return PdsRegister(double), double


def test_particulars_that_single_out_a_number_confirm_it_and_send_no_place() -> None:
    pds, double = register()
    assert pds.confirm(ASKED, NUMBER) is Confirmation.CONFIRMED
    sent = double.asked[0][1]
    assert sent == {
        "family": "Zzyzxworth", "given": "Mau*", "birthdate": "eq1971-05-23", "_history": "true", "_max-results": "1",
    }  # fmt: skip
    assert pds.reads == len(double.asked) == 2


def test_an_earlier_family_name_confirms_too() -> None:
    pds, _ = register()
    asked = Particulars(family_name="Qqqq", given_name="Maud", date_of_birth=BORN)
    assert pds.confirm(asked, NUMBER) is Confirmation.CONFIRMED


def test_a_superseded_number_is_confirmed_as_what_it_became() -> None:
    assert register()[0].confirm(ASKED, NhsNumber(OLD.number)) is Confirmation.CONFIRMED


def test_two_fitting_records_confirm_neither() -> None:
    twin = Patient(number="9000000041", family="Zzyzxworth", given=("Maureen",), born=BORN)
    assert register(MAUD, twin)[0].confirm(ASKED, NUMBER) is Confirmation.NOT_UNIQUE


def test_another_number_and_nobody_are_told_apart() -> None:
    pds, _ = register()
    assert pds.confirm(ASKED, NhsNumber(HIDDEN.number)) is Confirmation.OTHER
    assert pds.confirm(ASKED, NhsNumber(GONE.number)) is Confirmation.OTHER
    nobody = Particulars(family_name="Nobody", given_name="Nobody", date_of_birth=BORN)
    assert pds.confirm(nobody, NUMBER) is Confirmation.NOBODY


def test_a_record_is_refreshed_with_residence_and_correspondence_apart() -> None:
    held = register()[0].demographics(PersonId(int(MAUD.number)))
    assert held.residence == Address(lines=("1 Blank Row",), postcode="QV1 1AA")
    assert held.correspondence == Address(lines=("Care of",), postcode="QV3 3CC")
    assert (held.given_name, held.other_given_names, held.previous_family_names) == ("Maud", "Ann", ("Qqqq",))
    assert held.deceased_on == date(2015, 2, 3)
    assert not held.sensitive


def test_a_correspondence_address_alone_is_no_residence() -> None:
    class Letters:
        def get(self, _path: str, _query: object) -> Answer:
            return Answer(200, {
                "resourceType": "Patient", "id": MAUD.number, "name": [{"family": "A"}], "birthDate": "1971-05-23",
                "address": [{"use": "temp", "line": ["Elsewhere"], "postalCode": "QV4 4DD"}],
            })  # fmt: skip

    held = PdsRegister(Letters()).refresh(NUMBER)
    assert held is not None
    assert held.residence is None
    assert held.correspondence is not None


def test_a_restricted_record_has_no_place_even_if_one_came_along() -> None:
    class Leaking:
        def get(self, _path: str, _query: object) -> Answer:
            return Answer(200, {
                "resourceType": "Patient", "id": HIDDEN.number, "birthDate": "1971-05-23", "name": [{"family": "A"}],
                "meta": {"security": [{"code": "R"}]}, "address": [{"use": "home", "postalCode": "QV2 2BB"}],
                "generalPractitioner": [{"identifier": {"value": "Z00001"}}],
            })  # fmt: skip

    for pds in (register()[0], PdsRegister(Leaking())):
        held = pds.refresh(NhsNumber(HIDDEN.number))
        assert held is not None
        assert held.sensitive
        assert held.residence is None
        assert held.correspondence is None
        assert held.gp_practice_code == ""


def test_an_invalidated_number_is_nobodys() -> None:
    pds, _ = register()
    assert pds.refresh(NhsNumber(GONE.number)) is None
    with pytest.raises(Mistaken, match="PDS holds no record"):
        pds.demographics(PersonId(int(GONE.number)))


def test_less_than_a_family_name_and_a_birthday_is_not_asked() -> None:
    pds, double = register()
    with pytest.raises(Mistaken, match="family name and a date of birth"):
        pds.confirm(Particulars(family_name="Zzyzxworth", postcode="QV1 1AA"), NUMBER)
    assert double.asked == []


def test_a_reached_rate_limit_is_told_and_not_retried() -> None:
    pds, double = register(busy=True)
    with pytest.raises(Unavailable, match="rate limit"):
        pds.refresh(NUMBER)
    assert len(double.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(500, {}), Answer(200, {"resourceType": "Bundle"}), Answer(200, {"resourceType": "Patient", "id": "1"})],
)
def test_an_answer_beside_the_specification_is_no_record(answer: Answer) -> None:
    class Odd:
        def get(self, _path: str, _query: object) -> Answer:
            return answer

    with pytest.raises(Unavailable, match="PDS was not read"):
        PdsRegister(Odd()).refresh(NUMBER)


def test_calls_are_paced_over_all_threads() -> None:
    waited: list[float] = []
    pace = Pace(5, now=lambda: 100.0, wait=waited.append)
    for _ in range(4):
        pace.keep()
    assert waited == pytest.approx([0.2, 0.4, 0.6])


def test_an_address_without_https_and_one_that_is_silent_are_refused() -> None:
    with pytest.raises(Mistaken, match="not https"):
        HttpsLine("http://localhost", dict, Pace(5))
    with pytest.raises(Unavailable, match="PDS was not read") as silent:
        HttpsLine("https://localhost:1", dict, Pace(5)).get("/Patient", {"family": "Zzyzxworth"})
    assert "Zzyzxworth" not in str(silent.value)
