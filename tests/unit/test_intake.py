"""What a requester sends, right and wrong: a file is taken whole or not at all, and no answer repeats a field."""

import json
from collections.abc import Mapping
from datetime import date

import pytest
from tests.fakes.agreements import GOLDEN_NAME, shipped
from tests.fakes.golden import GIVEN, GOLDEN_WORDS, OTHER, POSTCODE, STREET
from tests.fakes.register import nhs_number

from privity.agreement.vocabulary import request_form
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.person import Gender
from privity.definitions.reference import Slug
from privity.request.csv_lines import LARGEST_FILE, MOST_ERRORS, MOST_ROWS
from privity.request.intake import (
    Reading,
    batch_reference,
    columns_of,
    read_csv,
    read_json,
)
from privity.request.intake_row import LONGEST_FIELD, LONGEST_REFERENCE, RowError
from privity.request.tracing_request import Countersignature

FORM = request_form(shipped("police").vocabulary)
KENT = OrganisationId("kent-police")
GOOD = {
    "your_reference": "KP/2017/1",
    "officer": "DC A. Officer",
    "purpose": "criminal-investigation",
    "items": "name;last_known_address",
    "statement": "Wanted for questioning.",
    "urgency": "",
    "countersigned_by": "Insp. B. Officer",
    "countersigned_rank": "inspector",
    "offence": "murder",
    "person_is": "suspect",
    "aids_investigation": "yes",
    "this_person": "Yes",
    "nhs_number": f"{nhs_number(7).digits[:3]} {nhs_number(7).digits[3:6]}-{nhs_number(7).digits[6:]}",
    "family_name": GOLDEN_NAME,
    "given_name": GIVEN,
    "other_given_names": OTHER,
    "date_of_birth": "29/11/1963",
    "gender": "Female",
    "postcode": POSTCODE.lower().replace(" ", ""),
    "address_line_1": STREET,
}


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",\r\n') else text


def written(*rows: Mapping[str, str], columns: tuple[str, ...] = tuple(GOOD)) -> bytes:
    """Return a CSV of these rows, written by hand, with the fields of GOOD where a row does not say."""
    lines = [",".join(columns)]
    lines += [",".join(cell({**GOOD, **row}.get(column, "")) for column in columns) for row in rows]
    return "\r\n".join(lines).encode() + b"\r\n"


def read(content: bytes) -> Reading:
    """Read a CSV, and hold it to the promises of every reading."""
    reading = read_csv(content, FORM, KENT)
    assert not (reading.rows and reading.errors), "a file with an error is not taken at all"
    assert reading.rows or reading.errors, "a file is either taken or told why not"
    for error in reading.errors:
        said = str(error).lower()
        assert error.what, "an error says what"
        assert error.next_step, "an error says what next"
        assert not [word for word in GOLDEN_WORDS if word.lower() in said], "an error repeats no field"
    return reading


def the_error(reading: Reading) -> RowError:
    assert len(reading.errors) == 1, [str(error) for error in reading.errors]
    return reading.errors[0]


def test_a_whole_row_is_read_into_a_request() -> None:
    (row,) = read(written({})).rows
    request = row.request
    assert row.row == 2
    assert (request.requester, request.family, request.purpose) == (KENT, "police", "criminal-investigation")
    assert request.items == {DataItem.NAME, DataItem.LAST_KNOWN_ADDRESS}
    assert request.facts == {"offence": "murder", "person_is": "suspect"}
    assert request.declarations == {"aids_investigation", "this_person"}
    assert request.countersignature == Countersignature(name="Insp. B. Officer", rank=Slug("inspector"))
    person = request.particulars
    assert (person.family_name, person.given_name, person.other_given_names) == (GOLDEN_NAME, GIVEN, OTHER)
    assert (person.date_of_birth, person.gender) == (date(1963, 11, 29), Gender.FEMALE)
    assert (person.postcode, person.nhs_number, person.address_lines) == (POSTCODE, nhs_number(7), (STREET,))


def test_what_is_missing_in_substance_is_a_request_and_goes_back_later() -> None:
    blank = {"countersigned_by": "", "countersigned_rank": "", "offence": "", "aids_investigation": "no"}
    (row,) = read(written(blank)).rows
    assert row.request.countersignature is None
    assert "offence" not in row.request.facts
    assert row.request.declarations == {"this_person"}


def test_a_byte_order_mark_and_capitals_in_the_header_do_no_harm() -> None:
    plain = read(written({}))
    marked = read(b"\xef\xbb\xbf" + written({}).replace(b"your_reference", b" Your_Reference "))
    assert marked == plain


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"], ids=["unix", "windows", "old"])
def test_line_endings_do_no_harm(ending: bytes) -> None:
    assert read(written({}).replace(b"\r\n", ending)) == read(written({}))


@pytest.mark.parametrize("column", ["your_reference", "officer", "purpose", "items"])
def test_a_missing_column_is_named(column: str) -> None:
    kept = tuple(name for name in GOOD if name != column)
    error = the_error(read(written({}, columns=kept)))
    assert (error.row, error.column, error.what) == (1, column, "the column is missing")


def test_a_file_without_any_name_column_is_refused() -> None:
    kept = tuple(name for name in GOOD if name not in ("family_name", "given_name"))
    assert the_error(read(written({}, columns=kept))).what == "no name column"


def test_a_doubled_column_is_named_once_known() -> None:
    error = the_error(read(written({}, columns=(*GOOD, "purpose"))))
    assert (error.row, error.column, error.what) == (1, "purpose", "the column stands twice")


def test_an_unknown_column_is_told_by_its_place_and_never_by_its_name() -> None:
    error = the_error(read(written({}, columns=(*GOOD, GOLDEN_NAME))))
    assert error.column == f"number {len(GOOD) + 1}"


def test_a_file_without_a_header_repeats_nobody_however_often_the_name_stands_in_it() -> None:
    errors = read(f"{GOLDEN_NAME},{GOLDEN_NAME},{GIVEN}\n".encode()).errors
    assert "the column stands twice" in {error.what for error in errors}


@pytest.mark.parametrize(
    "day",
    ["31/02/1979", "10/25/1979", "1979-02-30", "29/02/1900", "4 May 1979", "0000-00-00", "1979-5", "05/1979", "x"],
)
def test_a_day_that_never_was_is_refused(day: str) -> None:
    error = the_error(read(written({"date_of_birth": day})))
    assert (error.row, error.column, error.what) == (2, "date_of_birth", "it is not a day")


def test_days_are_read_day_first_as_in_britain() -> None:
    (row,) = read(written({"date_of_birth": "03/04/1979"})).rows
    assert row.request.particulars.date_of_birth == date(1979, 4, 3)


def test_a_birth_before_1880_is_refused() -> None:
    assert "1880" in the_error(read(written({"date_of_birth": "1879-12-31"}))).what


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("purpose", "curiosity"),
        ("items", "name;shoe_size"),
        ("items", ";"),
        ("items", ""),
        ("offence", "Murder!"),
        ("aids_investigation", "perhaps"),
        ("countersigned_rank", "admiral"),
        ("countersigned_rank", ""),
        ("gender", "f."),
        ("nhs_number", "1234567890"),
        ("nhs_number", "12345"),
        ("postcode", "NOT A CODE"),
        ("officer", "   "),
        ("your_reference", "r" * (LONGEST_REFERENCE + 1)),
        ("family_name", "n" * 101),
        ("statement", "s" * (LONGEST_FIELD + 1)),
        ("statement", "a\x07b"),
        ("statement", "signed by \u202eelbatsnoc a"),
        ("statement", "a\x9bb"),
    ],
)
def test_a_wrong_field_is_told_by_row_and_column(column: str, wrong: str) -> None:
    errors = read(written({"your_reference": "KP/0"}, {column: wrong})).errors
    assert {error.row for error in errors} == {3}
    assert errors[0].column in (column, "countersigned_by")


@pytest.mark.parametrize("start", ["=", "+", "@", "-", "\t", "\r", " =", "\xa0=", "\n=", "  @"])
def test_no_field_can_start_a_formula_whatever_blanks_stand_before_it(start: str) -> None:
    for column in ("statement", "officer", "given_name"):
        error = the_error(read(written({column: f'{start}HYPERLINK("x","{GIVEN}")'})))
        assert (error.column, error.what) == (column, "the field starts like a spreadsheet formula")


def test_a_field_of_a_million_characters_is_refused_quickly() -> None:
    error = the_error(read(written({"statement": "x" * 1_000_000})))
    assert error.row == 2
    assert "far too long" in error.what


def test_a_quote_left_open_is_told_where_it_opens() -> None:
    content = written({}) + b'"KP/2,never closed\r\n' + b"x,y\r\n" * 50
    assert the_error(read(content)).row == 3


def test_newlines_within_quotes_keep_the_row_numbers_a_spreadsheet_shows() -> None:
    told = "first\r\nsecond\nthird"
    reading = read(written({"statement": told}, {"your_reference": "KP/2", "postcode": "wrong"}))
    assert the_error(reading).row == 3
    (row,) = read(written({"statement": told})).rows
    assert row.request.statement == told


def test_blank_lines_are_passed_over_and_still_counted() -> None:
    content = written({}).replace(b"KP/2017/1", b"KP/1") + b"\r\n,,,\r\n" + written({}).split(b"\r\n")[1]
    assert [row.row for row in read(content).rows] == [2, 5]


@pytest.mark.parametrize(("change", "fields"), [(-1, len(GOOD) - 1), (1, len(GOOD) + 1)])
def test_too_few_or_too_many_fields_are_counted(change: int, fields: int) -> None:
    header, row, _ = written({}).split(b"\r\n")
    changed = row.rsplit(b",", 1)[0] if change < 0 else row + b",extra"
    error = the_error(read(b"\n".join([header, changed])))
    assert (error.row, error.what) == (2, f"it has {fields} fields and the header {len(GOOD)}")


def test_one_byte_of_another_encoding_is_told_where_it_stands() -> None:
    content = written({}, {"your_reference": "KP/2", "officer": "DC Rene"}).replace(b"Rene", "René".encode("cp1252"))
    error = the_error(read(content))
    assert error.row == 3
    assert "is not UTF-8" in error.what


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_of_wide_characters_is_told_what_to_save_as(encoding: str) -> None:
    error = the_error(read(written({}).decode().encode(encoding)))
    assert error.row == 0
    assert "UTF-8" in error.next_step


@pytest.mark.parametrize("content", [b"\x00", b"a\x00b", written({}) + b"\x00"])
def test_zero_bytes_are_refused(content: bytes) -> None:
    assert the_error(read(content)).what == "it holds zero bytes"


@pytest.mark.parametrize(("content", "row"), [(b"", 0), (b"\xef\xbb\xbf", 0), (b"\n\n", 1), (written(), 0)])
def test_an_empty_file_and_a_header_alone_are_refused(content: bytes, row: int) -> None:
    assert read(content).errors[0].row == row


def test_a_reference_given_twice_names_the_row_it_stood_in_first() -> None:
    error = the_error(read(written({}, {"your_reference": "KP/2"}, {})))
    assert (error.row, error.column) == (4, "your_reference")
    assert "row 2" in error.what


def test_more_rows_than_a_file_may_hold_are_refused_whole() -> None:
    columns = ("your_reference", "officer", "purpose", "items", "family_name")
    rows = [{"your_reference": f"KP/{number}"} for number in range(MOST_ROWS)]
    assert len(read(written(*rows, columns=columns)).rows) == MOST_ROWS
    more = read(written(*rows, {"your_reference": "KP/one-more"}, columns=columns))
    assert str(MOST_ROWS) in the_error(more).what


def test_a_file_larger_than_any_honest_one_is_not_even_read() -> None:
    assert "MiB" in the_error(read(b"x" * (LARGEST_FILE + 1))).what
    assert "MiB" in the_error(read_json(b" " * (LARGEST_FILE + 1), FORM, KENT)).what


def test_a_thoroughly_wrong_file_is_told_its_first_errors_only() -> None:
    rows = [{"your_reference": f"KP/{number}", "postcode": "x", "gender": "x"} for number in range(500)]
    assert len(read(written(*rows)).errors) == MOST_ERRORS


def test_one_wrong_row_among_many_takes_nothing() -> None:
    rows = [{"your_reference": f"KP/{number}"} for number in range(100)]
    reading = read(written(*rows[:50], {"your_reference": "KP/x", "gender": "x"}, *rows[50:]))
    assert the_error(reading).row == 52
    assert reading.rows == ()


def test_the_template_lists_every_column_that_is_read() -> None:
    assert set(GOOD) <= set(columns_of(FORM))
    assert len(set(columns_of(FORM))) == len(columns_of(FORM))


def test_the_same_bytes_from_another_sender_are_another_batch() -> None:
    content = written({})
    assert batch_reference(content, KENT) == batch_reference(content, KENT)
    assert batch_reference(content, KENT) != batch_reference(content, OrganisationId("essex-police"))
    assert batch_reference(content, KENT) != batch_reference(content + b" ", KENT)


def test_the_same_request_as_json_is_the_same_request() -> None:
    value: dict[str, object] = {**GOOD, "items": ["name", "last_known_address"], "aids_investigation": True}
    (row,) = read_json(json.dumps(value).encode(), FORM, KENT).rows
    (other,) = read(written({})).rows
    assert row.request == other.request


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"1" * 5_000,
        b"\xff\xfe\x00",
        b"[" * 100_000,
        json.dumps(GOOD | {"shoe_size": "9"}).encode(),
        json.dumps(GOOD | {"statement": "\ud800"}).encode(),
        json.dumps(GOOD | {"statement": {"a": GIVEN}}).encode(),
        json.dumps(GOOD | {"statement": [[GIVEN]]}).encode(),
        json.dumps(GOOD).encode().replace(b'"officer"', b'"purpose": "x", "officer"', 1),
        b'{"statement": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"statement": 1' + b"0" * 5_000 + b"}",
    ],
    ids=range(14),
)
def test_json_that_is_no_request_is_refused_with_what_and_what_next(content: bytes) -> None:
    reading = read_json(content, FORM, KENT)
    assert reading.rows == ()
    assert reading.errors
    for error in reading.errors:
        assert error.what
        assert error.next_step
        assert not [word for word in GOLDEN_WORDS if word.lower() in str(error).lower()]
