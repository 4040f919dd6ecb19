"""For any permit and any record: out is within both, and never where it must not be."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.packs import CHARITY, HOME, golden_person, permit_for, sought_at

from privity.definitions.item import DataItem, ItemClass
from privity.definitions.person import Address, Demographics, Gender, Particulars
from privity.disclosure.minimise import least
from privity.disclosure.pack import NO_TRACE, answer_from
from privity.disclosure.release import NothingLeaves, Release

AGREEABLE = [item for item in DataItem if item.item_class is ItemClass.DEMOGRAPHIC]
WORDS = st.text("abcdefghij '-é", max_size=12)
ADDRESSES = st.builds(
    Address,
    lines=st.lists(WORDS, max_size=3).map(tuple),
    postcode=st.sampled_from(["LS1 4AP", "M1 1AA", ""]),
)
PERMITTED = st.frozensets(st.sampled_from(AGREEABLE), min_size=1)


@st.composite
def records(draw: st.DrawFn) -> Demographics:
    return replace(
        golden_person(sensitive=draw(st.booleans())),
        given_name=draw(WORDS),
        previous_family_names=tuple(draw(st.lists(WORDS, max_size=3))),
        gender=draw(st.sampled_from(Gender)),
        residence=draw(st.none() | ADDRESSES | st.just(HOME)),
        correspondence=draw(st.none() | ADDRESSES | st.just(CHARITY)),
        registered_on=draw(st.none() | st.dates()),
    )


SOUGHT = st.builds(sought_at, st.none() | ADDRESSES | st.sampled_from([HOME, CHARITY]))


def held_by(record: Demographics) -> set[str]:
    """Return everything the record says, word by word, but for where letters go."""
    home = (*record.residence.lines, record.residence.postcode) if record.residence else ()
    dates = [day.isoformat() for day in (record.date_of_birth, record.registered_on) if day]
    name = " ".join(part.strip() for part in (record.given_name, record.family_name) if part.strip())
    return {
        value.strip()
        for value in (*home, *dates, name, *record.previous_family_names, record.gender.value)
        if value.strip()
    }


@given(items=PERMITTED, record=records(), sought=SOUGHT)
@settings(max_examples=300)
def test_what_leaves_is_within_the_permit_and_within_the_record(
    items: frozenset[DataItem], record: Demographics, sought: Particulars
) -> None:
    found = least(permit_for(items), record, sought=sought)
    if isinstance(found, Release):
        named = [item.item for item in found.items] + [item.item for item in found.withheld]
        assert sorted(named) == sorted(items)
        assert {value for item in found.items for value in item.values} <= held_by(record)


@given(items=PERMITTED, record=records(), sought=SOUGHT)
@settings(max_examples=300)
def test_an_address_leaves_only_if_it_is_the_residence_and_not_where_letters_go(
    items: frozenset[DataItem], record: Demographics, sought: Particulars
) -> None:
    found = least(permit_for(items), record, sought=sought)
    if isinstance(found, Release):
        for item in found.items:
            if item.item is DataItem.LAST_KNOWN_ADDRESS:
                assert record.residence is not None
                assert record.residence != record.correspondence
                stripped = [line.strip() for line in (*record.residence.lines, record.residence.postcode)]
                assert list(item.values) == [line for line in stripped if line]


@given(items=PERMITTED, record=records(), sought=SOUGHT)
@settings(max_examples=300)
def test_a_sensitive_record_and_no_record_get_one_and_the_same_answer(
    items: frozenset[DataItem], record: Demographics, sought: Particulars
) -> None:
    found = least(permit_for(items), replace(record, sensitive=True), sought=sought)
    assert isinstance(found, NothingLeaves)
    assert answer_from(found) == NO_TRACE


@given(items=PERMITTED, record=records())
@settings(max_examples=200)
def test_taking_an_item_out_of_the_permit_takes_out_that_item_and_changes_no_other(
    items: frozenset[DataItem], record: Demographics
) -> None:
    plain = replace(record, sensitive=False)
    whole = least(permit_for(items), plain, sought=sought_at())
    assert isinstance(whole, Release)
    for item in items if len(items) > 1 else ():
        less = least(permit_for(items - {item}), plain, sought=sought_at())
        assert isinstance(less, Release)
        assert less.items == tuple(kept for kept in whole.items if kept.item is not item)
