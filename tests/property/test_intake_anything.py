"""Whatever bytes come in, intake answers: requests or errors, never both, never an exception, never a repetition."""

import csv
import io
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.fakes.agreements import FAMILIES, shipped

from privity.agreement.vocabulary import request_form
from privity.definitions.party import OrganisationId
from privity.request.intake import Reading, columns_of, read_csv, read_json

FORMS = {family: request_form(shipped(family).vocabulary) for family in FAMILIES}
KENT = OrganisationId("kent-police")
SECRET = "Qwyzzlebrandt"
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "yes", "no", "29/02/2000", "=1", "name", "criminal-investigation", '"', "\n", "a,b", SECRET]),
)


def holds(reading: Reading) -> None:
    assert bool(reading.rows) != bool(reading.errors)
    for error in reading.errors:
        assert SECRET.lower() not in str(error).lower()
        assert error.row >= 0
        assert error.next_step
    assert len({row.row for row in reading.rows}) == len(reading.rows)


@given(content=st.binary(max_size=300), family=st.sampled_from(FAMILIES))
@example(content=b"\xef\xbb\xbf", family="police")
@example(content=b'"', family="police")
@example(content=b"\r", family="police")
def test_any_bytes_are_answered(content: bytes, family: str) -> None:
    holds(read_csv(content, FORMS[family], KENT))
    reading = read_json(content, FORMS[family], KENT)
    assert bool(reading.rows) != bool(reading.errors)


@given(
    header=st.lists(st.sampled_from([*columns_of(FORMS["police"]), SECRET, "Purpose "]), max_size=24),
    rows=st.lists(st.lists(texts, max_size=24), max_size=4),
    cut=st.integers(0, 40),
)
@settings(max_examples=150)
def test_any_table_is_answered_whole_or_cut_short(header: list[str], rows: list[list[str]], cut: int) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    content = file.getvalue().encode("utf-8", "surrogatepass")
    holds(read_csv(content, FORMS["police"], KENT))
    holds(read_csv(content[: len(content) - cut], FORMS["police"], KENT))


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_row_with_every_column_is_read_or_told_by_its_column(data: st.DataObject) -> None:
    columns = columns_of(FORMS["police"])
    likely = {
        "your_reference": st.just("KP/1"),
        "officer": st.just("An Officer"),
        "purpose": st.sampled_from(["criminal-investigation", SECRET]),
        "items": st.sampled_from(["name", "name;gender", SECRET]),
        "family_name": st.sampled_from([SECRET, ""]),
    }
    row = {column: data.draw(likely.get(column, texts), label=column) for column in columns}
    file = io.StringIO()
    csv.writer(file).writerows([columns, list(row.values())])
    reading = read_csv(file.getvalue().encode("utf-8", "surrogatepass"), FORMS["police"], KENT)
    holds(reading)
    for read in reading.rows:
        assert read.request.particulars.family_name == row["family_name"].strip()
        assert read.request.items
    as_json = read_json(json.dumps(row).encode(), FORMS["police"], KENT)
    if reading.rows and as_json.rows:
        assert as_json.rows[0].request == reading.rows[0].request


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*columns_of(FORMS["police"]), "x"]), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_answered(value: object) -> None:
    reading = read_json(json.dumps(value).encode(), FORMS["police"], KENT)
    assert bool(reading.rows) != bool(reading.errors)
