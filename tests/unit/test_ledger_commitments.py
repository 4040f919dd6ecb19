"""Commitments bind, hide, and open one field at a time."""

import hmac
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from privity.ledger.canonical import NotCanonical, Value, canonical_value
from privity.ledger.commitment import (
    CommitmentRefused,
    Commitments,
    Fields,
    commit,
    commit_all,
    field_key,
    key_identifier,
    opens,
)

CASE_KEY = bytes(range(32))
EID = bytes(range(16))
FIELD = "request/1.family_name"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SCALARS = TEXTS | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1) | st.booleans() | st.none()
VALUES: st.SearchStrategy[Value] = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


def length_prefixed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def test_a_commitment_is_built_as_written_down() -> None:
    info = length_prefixed(b"privity/commit/v1", EID, FIELD.encode())
    key = HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(CASE_KEY)
    spelled = length_prefixed(FIELD.encode(), b'"O\xc3\x96\\"\\n"')
    assert field_key(CASE_KEY, EID, FIELD) == key
    assert commit(CASE_KEY, EID, FIELD, 'OÖ"\n') == hmac.new(key, spelled, "sha256").hexdigest()


def test_a_key_is_named_by_its_labelled_digest() -> None:
    assert key_identifier(CASE_KEY) == sha256(b"privity/case-key/v1" + CASE_KEY).hexdigest()


@given(value=VALUES, other=VALUES)
def test_a_commitment_opens_to_its_value_and_to_no_other(value: Value, other: Value) -> None:
    key = field_key(CASE_KEY, EID, FIELD)
    commitment = commit(CASE_KEY, EID, FIELD, value)
    assert opens(key, FIELD, value, commitment)
    assert opens(key, FIELD, other, commitment) == (canonical_value(value) == canonical_value(other))


@given(values=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), VALUES, max_size=6))
def test_committing_to_all_at_once_is_committing_to_each(values: dict[str, Value]) -> None:
    fields = Fields(tuple(sorted(values)))
    made = commit_all(CASE_KEY, EID, fields, [values[name] for name in fields.names])
    assert made == {name: commit(CASE_KEY, EID, name, value) for name, value in values.items()}
    with pytest.raises(KeyError):
        made["a name of more than eighty letters, which none of them can have, as none is longer than that"]


def test_fields_stand_in_order_each_once_and_each_has_one_value_and_one_digest() -> None:
    for wrong in (("b", "a"), ("a", "a")):
        with pytest.raises(CommitmentRefused):
            Fields(wrong)
    fields = Fields(("a", "b"))
    for values in (["one"], ["one", "two", "three"]):
        with pytest.raises(CommitmentRefused):
            commit_all(CASE_KEY, EID, fields, values)
    for length in (32, 63, 96):
        with pytest.raises(CommitmentRefused):
            Commitments(fields, bytes(length))


@given(value=VALUES, key=st.binary(min_size=32, max_size=32), name=st.text(st.characters(codec="utf-8"), max_size=300))
def test_a_commitment_is_the_librarys_own_hmac_whatever_the_length(value: Value, key: bytes, name: str) -> None:
    info = length_prefixed(b"privity/commit/v1", EID, name.encode()) + b"\x01"
    opener = hmac.new(key, info, "sha256").digest()
    assert field_key(key, EID, name) == opener
    spelled = length_prefixed(name.encode(), canonical_value(value))
    assert commit(key, EID, name, value) == hmac.new(opener, spelled, "sha256").hexdigest()


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, "1"), (1, True), (0, False), (None, "null"), ("", None), ([], ""), (["a", "b"], ["ab"])],
)
def test_values_that_python_holds_alike_are_still_told_apart(one: Value, other: Value) -> None:
    assert commit(CASE_KEY, EID, FIELD, one) != commit(CASE_KEY, EID, FIELD, other)


def test_the_same_value_elsewhere_has_another_commitment_and_another_key() -> None:
    elsewhere = [
        (bytes(32), EID, FIELD),
        (CASE_KEY, bytes(16), FIELD),
        (CASE_KEY, EID, "request/2.family_name"),
    ]
    made = {commit(*place, "value") for place in [*elsewhere, (CASE_KEY, EID, FIELD)]}
    keys = {field_key(*place) for place in [*elsewhere, (CASE_KEY, EID, FIELD)]}
    assert len(made) == len(keys) == 4


@pytest.mark.parametrize("key", [b"", CASE_KEY[:-1], CASE_KEY + b"\x00"], ids=["none", "short", "padded"])
def test_a_key_of_another_length_is_refused_because_padding_would_bind_to_two_keys(key: bytes) -> None:
    for refused in (
        lambda: key_identifier(key),
        lambda: commit(key, EID, FIELD, 1),
        lambda: opens(key, FIELD, 1, "00" * 32),
    ):
        with pytest.raises(CommitmentRefused):
            refused()


def test_an_entry_id_of_another_length_and_a_value_too_long_are_refused() -> None:
    with pytest.raises(CommitmentRefused):
        commit(CASE_KEY, EID + b"\x00", FIELD, 1)
    with pytest.raises(CommitmentRefused):
        commit(CASE_KEY, EID, FIELD, "a" * 65_534)
    assert commit(CASE_KEY, EID, FIELD, "a" * 65_533)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), {"a": 1}, b"bytes", 2**53, -(2**53), "\ud800", [1, [2.5]], {1}],
    ids=repr,
)
def test_what_has_no_single_spelling_is_not_committed_to(value: object) -> None:
    with pytest.raises(NotCanonical):
        commit(CASE_KEY, EID, FIELD, value)  # type: ignore[arg-type]  # wrong on purpose


def test_control_characters_are_spelled_as_the_canonical_scheme_says() -> None:
    assert canonical_value('\x00\x08\t\n\x0c\r\x1f\x7f/é€😀"\\') == (
        b'"\\u0000\\b\\t\\n\\f\\r\\u001f\x7f/' + "é€😀".encode() + b'\\"\\\\"'
    )
