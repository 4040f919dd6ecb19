"""What may stand in the ledger, and in which one spelling."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.ledger import example_entry

from privity.definitions.party import OrganisationId, Role
from privity.errors import PrivityError
from privity.ledger.checkpoint import NoteRefused
from privity.ledger.commitment import Commitments, Fields
from privity.ledger.encoding import LeafRefused, decode, encode
from privity.ledger.entry import MOST_COMMITMENTS, Entry, EntryRefused, Fact
from privity.ledger.entry_facts import ALLOWED, ALWAYS_ALLOWED, FactKind
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import NotProved
from privity.ledger.tiles import LONGEST_LEAF

DIGEST = "a" * 64
NAME = "Przemyslawa Okonkwo-Llewellyn"
WORDS = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,2}", fullmatch=True)
CLAUSES = st.from_regex(r"[0-9]\.[0-9]{1,2}[a-z]?", fullmatch=True)
FREE_TEXT = (NAME, NAME.upper(), "LS1 4AP", "1.0", "a" * 41, "a\nb", "", "-", 1.5, -1, None, [NAME])
FACT_VALUES: Mapping[FactKind, st.SearchStrategy[Fact]] = {
    FactKind.COUNT: st.integers(min_value=0, max_value=2**53 - 1),
    FactKind.FLAG: st.booleans(),
    FactKind.DIGEST: st.binary(min_size=32, max_size=32).map(bytes.hex),
    FactKind.DAY: st.dates().map(lambda day: day.isoformat()),
    FactKind.WORD: WORDS,
    FactKind.LOG: st.from_regex(r"[a-z]{1,9}\.[a-z]{2,5}(/[a-z0-9]{1,12}){1,3}", fullmatch=True),
}
TOO_MANY = tuple(sorted(f"request/{number}.purpose" for number in range(MOST_COMMITMENTS + 1)))
MINIMAL = Entry(kind=EntryKind.LEDGER_PADDING, at=datetime(2017, 1, 3, 9, 59, tzinfo=UTC), eid=bytes(16))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Return any entry the ledger accepts."""
    kind = draw(st.sampled_from(EntryKind))
    allowed = {**ALLOWED[kind], **ALWAYS_ALLOWED}
    chosen = draw(st.lists(st.sampled_from(sorted(allowed)), unique=True))
    digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
    fields = st.from_regex(r"[a-z]{1,9}/[0-9]{1,9}\.[a-z]{1,9}", fullmatch=True)
    return Entry(
        kind=kind,
        at=draw(st.datetimes(min_value=datetime(2016, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001  zone is beside it
        eid=draw(st.binary(min_size=16, max_size=16)),
        case=draw(st.just("") | digests),
        organisation=OrganisationId(draw(st.just("") | WORDS)),
        role=draw(st.none() | st.sampled_from(Role)),
        agreement=draw(st.just("") | st.just("home-office@2017-01")),
        clauses=tuple(sorted(draw(st.sets(CLAUSES, max_size=5)))),
        outcome=draw(st.just("") | WORDS),
        facts={name: draw(FACT_VALUES[allowed[name]]) for name in chosen},
        commitments=draw(st.dictionaries(fields, digests, max_size=4)),
    )


@given(entries())
def test_an_entry_is_read_back_as_it_was_written_with_its_moment_cut_to_the_hour(entry: Entry) -> None:
    hour = entry.at.replace(minute=0, second=0, microsecond=0)
    assert decode(encode(entry)) == replace(entry, at=hour)
    assert encode(decode(encode(entry))) == encode(entry)


@given(entry=entries(), data=st.data())
def test_no_changed_byte_of_a_leaf_is_read_as_the_same_entry(entry: Entry, data: st.DataObject) -> None:
    leaf = bytearray(encode(entry))
    at = data.draw(st.integers(min_value=0, max_value=len(leaf) - 1))
    leaf[at] ^= 1 << data.draw(st.integers(min_value=0, max_value=7))
    try:
        found = decode(bytes(leaf))
    except LeafRefused:
        return
    assert encode(found) == bytes(leaf) != encode(entry)


def test_the_leaf_is_canonical_json_and_leaves_out_what_is_empty() -> None:
    expected = f'{{"at":"2017-01-03T09:00:00Z","eid":"{"00" * 16}","t":"ledger.padding","v":1}}'
    assert encode(MINIMAL).decode() == expected


def test_every_kind_has_its_list_of_facts_and_a_docstring_beside_it() -> None:
    assert set(ALLOWED) == set(EntryKind)
    assert len(EntryKind) == 120


@pytest.mark.parametrize("kind", EntryKind)
def test_no_fact_of_any_kind_of_entry_has_room_for_a_name(kind: EntryKind) -> None:
    for fact in {**ALLOWED[kind], **ALWAYS_ALLOWED}:
        for smuggled in FREE_TEXT:
            with pytest.raises(EntryRefused) as refusal:
                replace(MINIMAL, kind=kind, facts={fact: smuggled})  # type: ignore[dict-item]  # smuggled
            assert NAME not in str(refusal.value)


@pytest.mark.parametrize("kind", EntryKind)
def test_a_fact_that_is_not_on_the_list_is_refused(kind: EntryKind) -> None:
    with pytest.raises(EntryRefused):
        replace(MINIMAL, kind=kind, facts={"remarks": "ok"})


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (EntryKind.REGISTER_READ, {"reads": True}),
        (EntryKind.REGISTER_READ, {"reads": 2**53}),
        (EntryKind.CASE_OPENED, {"received": "2017-02-29"}),
        (EntryKind.CASE_OPENED, {"received": "20170228"}),
        (EntryKind.CASE_OPENED, {"batch": DIGEST.upper()}),
        (EntryKind.CASE_OPENED, {"exceptional": 1}),
        (EntryKind.PACK_SENT, {"transport": Role.GUARDIAN}),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused(kind: EntryKind, facts: dict[str, Fact]) -> None:
    with pytest.raises(EntryRefused):
        replace(MINIMAL, kind=kind, facts=facts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"organisation": NAME},
        {"outcome": NAME},
        {"agreement": NAME},
        {"agreement": "home-office"},
        {"case": "PRV-" + "0" * 26},
        {"case": NAME},
        {"eid": b"short"},
        {"clauses": (NAME,)},
        {"clauses": ("2", "1")},
        {"clauses": ("1", "1")},
        {"clauses": tuple(f"{number:03d}" for number in range(65))},
        {"commitments": {"request/okonkwo.name": DIGEST}},
        {"commitments": {NAME: DIGEST}},
        {"commitments": {"request/1.purpose": NAME}},
        {"commitments": {f"request/{number}.purpose": DIGEST for number in range(MOST_COMMITMENTS + 1)}},
        {"commitments": Commitments(Fields((NAME,)), bytes(32))},
        {"commitments": Commitments(Fields(("request/1.purpose%s",)), bytes(32))},
        {"commitments": Commitments(Fields(TOO_MANY), bytes(32 * len(TOO_MANY)))},
        {"at": datetime(2017, 1, 3, 9)},  # noqa: DTZ001  a naive moment is what is refused
        {"at": datetime(2017, 7, 3, 9, tzinfo=timezone(timedelta(hours=1)))},
    ],
    ids=str,
)
def test_free_text_and_wrong_forms_are_refused_everywhere(wrong: dict[str, Any]) -> None:
    with pytest.raises(EntryRefused) as refusal:
        replace(MINIMAL, **wrong)
    assert NAME not in str(refusal.value)


@given(entry=entries())
def test_commitments_as_they_are_made_are_spelled_like_those_that_were_read(entry: Entry) -> None:
    fields = Fields(tuple(sorted(entry.commitments)))
    digests = bytes.fromhex("".join(entry.commitments[name] for name in fields.names))
    made = replace(entry, commitments=Commitments(fields, digests))
    assert encode(made) == encode(entry)
    assert made == entry
    assert decode(encode(made)).commitments == made.commitments


def test_the_largest_entry_the_lists_allow_fits_into_a_bundle() -> None:
    table, column = "t" * 40, "c" * 40
    fields = {f"{table}/{number:064x}.{column}": DIGEST for number in range(MOST_COMMITMENTS)}
    clauses = tuple(f"{number:040d}" for number in range(64))
    assert len(encode(replace(example_entry(1), clauses=clauses, commitments=fields))) <= LONGEST_LEAF


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"{" * 5000,
        b'{"a":' * 5000,
        b'{"v":1}',
        encode(MINIMAL) + b"\n",
        b" " + encode(MINIMAL),
        encode(MINIMAL).replace(b'"v":1', b'"v":2'),
        encode(MINIMAL).replace(b'"v":1', b'"v":1.0'),
        encode(MINIMAL).replace(b'"v":1', b'"v":true'),
        encode(MINIMAL).replace(b'"v":1', b'"v":1,"w":1'),
        encode(MINIMAL).replace(b'"v":1', b'"v":1,"v":1'),
        encode(MINIMAL).replace(b"ledger.padding", b"ledger.stuffing"),
        encode(MINIMAL).replace(b"ledger.padding", b"ledger\\u002epadding"),
        encode(MINIMAL).replace(b"09:00:00Z", b"09:59:00Z"),
        encode(MINIMAL).replace(b"09:00:00Z", b"09:00:00"),
        encode(MINIMAL).replace(b"2017", b"2O17"),
        encode(MINIMAL).replace(b'"t"', b'"facts":{"reads":NaN},"t"'),
        encode(MINIMAL).replace(b'"t"', b'"cm":{"a/1.b":1},"t"'),
        encode(MINIMAL).replace(b'"t"', b'"clauses":"1","t"'),
        encode(MINIMAL).replace(b'"t"', b'"clauses":[],"t"'),
        encode(MINIMAL).replace(b'"t":"ledger.padding",', b""),
        b'{"v":' + b"9" * 5000 + b"}",
    ],
    ids=lambda leaf: repr(leaf[:60]),
)
def test_bytes_that_are_not_the_one_spelling_of_an_entry_are_refused(leaf: bytes) -> None:
    with pytest.raises(LeafRefused):
        decode(leaf)


def test_a_refused_leaf_is_not_repeated_in_the_message() -> None:
    leaf = json.dumps({"v": 1, "t": NAME}).encode()
    with pytest.raises(LeafRefused) as refusal:
        decode(leaf)
    assert NAME not in str(refusal.value)


@pytest.mark.parametrize(
    "refusal",
    [EntryRefused("case.opened", "reason"), LeafRefused("reason"), NotProved("reason"), NoteRefused("reason")],
)
def test_a_refusal_says_what_why_and_what_next(refusal: PrivityError) -> None:
    assert refusal.why == "reason"
    assert str(refusal) == f"{refusal.what}: reason; {refusal.next_step}"
    assert len(refusal.what.split()) > 2 < len(refusal.next_step.split())
