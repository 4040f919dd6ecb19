"""Which texts tell of health, and which only look as if they did."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.debts import TODAY, a_debt, a_file

from privity.definitions.item import DataItem
from privity.definitions.reference import AgreementFamily
from privity.disclosure.collation import CollationLine
from privity.errors import Impossible, Mistaken
from privity.request.debt_file import read_debts, read_pence, read_settlements
from privity.request.debt_report import incurred, is_unresolved, months_after
from privity.request.form import FieldKind, RequestField, RequestForm
from privity.request.health_words import HealthWord, TextKind, health_word, own_word

FORM = RequestForm(
    family=AgreementFamily("debt-reporting"),
    purposes=(),
    fields=(
        RequestField(name="exempt_service", kind=FieldKind.ONE_OF, words="?", choices=(("none", "no"),)),  # type: ignore[arg-type]
        *(
            RequestField(name=name, kind=FieldKind.YES_NO, words="?")
            for name in ("exempt_person", "repayment_schedule")
        ),
        *(
            RequestField(name=name, kind=FieldKind.YES_NO, words="?", is_declaration=True)
            for name in ("this_person", "patient_told")
        ),
    ),
)
TELLS = {
    TextKind.FREE: [
        "seen on Ward 7", "MATERNITY", "o\u0301ncology", "ｏｎｃｏｌｏｇｙ", "renal dialysis", "chemo\u200btherapy",
        "A&E",
        "diagnosis C50.9", "HRG LA08G", "baby delivered", "Dr's surgery", "operation on 3 May", "tuberculosis", "HIV",
        "NeuroSurgery outpatients", "paediatricward", "consultant's letter", "mental health team",
    ],
    TextKind.REFERENCE: ["ONC-2041", "MAT/2016/12", "GUM 44", "INV-TB-3", "renal/7", "C50.9"],
    TextKind.NAME: ["Oncology", "Maternity Patient", "Hepatitis"],
    TextKind.ADDRESS: ["Ward 5", "Flat 2, Ward B", "St Mary's Hospital", "Leeds General Infirmary",
                       "The Oncology Centre",
                       "Oakview Nursing Home"],
}  # fmt: skip
SILENT = {
    TextKind.FREE: ["paid 120 pounds in May, the rest is promised", "cheque returned by the bank", "",
                    "second reminder"],
    TextKind.REFERENCE: ["INV/2016/0044", "A1234567", "533401372GBR", "PRV-4T", "LA08G"],
    TextKind.NAME: ["Ward", "Mary Ward", "Burns", "Surgeon", "Doctor", "Theatre", "Stroke", "Nurse", "Hale", "Payne"],
    TextKind.ADDRESS: ["12 Hospital Road", "Ward Street", "Infirmary Lane", "3 Clinic Close", "Ward End Road",
                       "Wards Corner", "Chapel Hill"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TELLS.items() for text in texts])
def test_a_word_about_care_is_found_however_it_is_written(kind: TextKind, text: str) -> None:
    assert health_word(text, kind) is not None


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SILENT.items() for text in texts])
def test_a_surname_a_street_or_a_sum_is_nobodys_diagnosis(kind: TextKind, text: str) -> None:
    assert health_word(text, kind) is None


@given(st.text(max_size=80), st.sampled_from(TextKind))
def test_any_text_is_read_without_complaint(text: str, kind: TextKind) -> None:
    health_word(text, kind)


@given(st.sampled_from(["oncology", "maternity ward", "tuberculosis"]), st.text("0123456789 ,.;:()", max_size=20))
def test_signs_and_numbers_around_a_word_hide_nothing(word: str, around: str) -> None:
    assert health_word(f"{around} {word} {around}", TextKind.FREE) is not None


def test_a_report_cannot_be_built_with_a_word_about_health() -> None:
    with pytest.raises(Mistaken, match="finance_reference"):
        a_debt(reference="ONC-1")


def test_a_line_of_a_collation_is_read_once_more_before_it_leaves() -> None:
    with pytest.raises(Impossible, match="not collated"):
        CollationLine(reference="PRV-1", values=((DataItem.DEBT, ("for chemotherapy",)),), retracts=False)


@pytest.mark.parametrize(
    ("billed", "first"),
    [
        (date(2016, 12, 31), date(2017, 2, 28)),
        (date(2017, 1, 2), date(2017, 3, 2)),
        (date(2015, 12, 30), date(2016, 2, 29)),
    ],
)
def test_two_months_are_over_on_the_same_day_of_the_second_month_after(billed: date, first: date) -> None:
    assert months_after(billed, 2) == first
    assert not is_unresolved(billed, date.fromordinal(first.toordinal() - 1))
    assert is_unresolved(billed, first)


def test_the_day_of_the_charge_gives_its_threshold() -> None:
    assert incurred(date(2016, 4, 6)) == "since-6-april-2016"
    assert incurred(date(2016, 4, 5)) == "since-1-november-2011"
    assert incurred(date(2011, 10, 31)) == "earlier"


@pytest.mark.parametrize(("text", "pence"), [("620", 62_000), ("620.00", 62_000), ("\u00a31,250.50", 125_050)])
def test_sums_are_read_in_pence(text: str, pence: int) -> None:
    assert read_pence(text) == pence


@pytest.mark.parametrize("text", ["6.2", "1,2", "-5", "1e3", "620.000", "", "\u0661\u0662", "9999999"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(Mistaken):
        read_pence(text)


def test_every_wrong_field_of_a_row_is_told_and_none_is_repeated() -> None:
    content = a_file({"national_insurance_number": "QQ1", "date_of_birth": "31/02/1990", "amount_billed": "much"})
    reading = read_debts(content, FORM, TODAY)
    assert {error.column for error in reading.errors} == {
        "national_insurance_number", "date_of_birth", "amount_billed"
    }  # fmt: skip
    assert not reading.rows
    assert "QQ1" not in str(reading.errors)


@given(st.binary(max_size=300))
def test_any_bytes_are_debts_or_errors_and_never_both(content: bytes) -> None:
    for reading in (read_debts(content, FORM, TODAY), read_settlements(content, TODAY)):
        assert bool(reading.rows) != bool(reading.errors)


@pytest.mark.parametrize("kind", [TextKind.FREE, TextKind.REFERENCE, TextKind.ADDRESS])
@pytest.mark.parametrize("text", ["Willowbank", "at WILLOWBANK, in May", "willowbanks", "Willówbank", "INV/willowbank"])
def test_a_custodians_own_word_is_found_however_it_is_written(kind: TextKind, text: str) -> None:
    assert own_word(text, kind, frozenset({"willowbank"})) is HealthWord.OWN


def test_an_own_word_is_looked_for_in_no_name_and_in_no_longer_word() -> None:
    own = frozenset({"willow"})
    assert own_word("Willow Smith", TextKind.NAME, own) is None
    assert own_word("12 Willowbank Road", TextKind.ADDRESS, own) is None
    assert own_word("Willow", TextKind.FREE, frozenset()) is None


def test_a_file_that_holds_an_own_word_is_not_taken_and_the_word_is_not_repeated() -> None:
    row = {"note": "seen at willowbank"}
    reading = read_debts(a_file(row), FORM, TODAY, frozenset({"willowbank"}))
    (error,) = reading.errors
    assert (error.column, reading.rows) == ("note", ())
    assert "willowbank" not in str(error).casefold()
    assert not read_debts(a_file(row), FORM, TODAY).errors
