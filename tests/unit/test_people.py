"""Two people: what one puts forward another confirms, and nobody does either for themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.corridor import ADMINISTRATORS, officer
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.unit_of_work import MemoryStore

from privity.casework import officers
from privity.casework.account_records import Change, Outcome, Standing
from privity.casework.officers import Reason
from privity.casework.proposals import GOOD_FOR, confirm, propose, withdraw
from privity.definitions.party import Officer, Role
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST, SECOND = ADMINISTRATORS[:2]
NEW = officer("newcomer", Role.DISCLOSURE_OFFICER)
NAME = "a" * 32


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def put_forward(store: MemoryStore, change: Change = Change.ROLE, about: str = "newcomer", by: Officer = FIRST) -> None:
    with store.unit() as unit:
        propose(unit, NAME, change, about, {"role": "guardian", "rank": ""}, by=by, at=AT)


def confirmed(store: MemoryStore, by: Officer, at: datetime = AT) -> str:
    with store.unit() as unit:
        return confirm(unit, NAME, by=by, at=at).outcome


def test_whoever_put_it_forward_cannot_confirm_it_and_somebody_else_can(store: MemoryStore) -> None:
    put_forward(store)
    with pytest.raises(Mistaken, match="cannot confirm"):
        confirmed(store, FIRST)
    assert confirmed(store, SECOND) == Outcome.CONFIRMED.value
    with pytest.raises(Mistaken, match="already"):
        confirmed(store, SECOND)


@pytest.mark.parametrize("change", [change for change in Change if change.is_about_a_person])
def test_nobody_puts_forward_or_confirms_a_change_of_themselves(store: MemoryStore, change: Change) -> None:
    with pytest.raises(Mistaken, match="of themselves"):
        put_forward(store, change, about=FIRST.staff_id)
    put_forward(store, change, about=SECOND.staff_id)
    with pytest.raises(Mistaken, match="of themselves"):
        confirmed(store, SECOND)


def test_a_proposal_is_good_for_seven_days_and_can_then_only_be_withdrawn(store: MemoryStore) -> None:
    put_forward(store)
    late = AT + GOOD_FOR + timedelta(seconds=1)
    with pytest.raises(Mistaken, match="seven days"):
        confirmed(store, SECOND, late)
    with store.unit() as unit:
        assert withdraw(unit, NAME, by=FIRST, at=late).outcome == Outcome.WITHDRAWN.value
    with pytest.raises(Mistaken, match="withdrawn"):
        confirmed(store, SECOND)


def test_the_ledger_says_that_something_was_put_forward_and_by_which_role_and_names_nobody(store: MemoryStore) -> None:
    put_forward(store)
    confirmed(store, SECOND)
    with store.unit() as unit:
        officers.enrol(unit, NEW, rank="", by=SECOND, at=AT)
    assert [entry.kind for entry in store.entries] == [
        EntryKind.PROPOSAL_MADE,
        EntryKind.PROPOSAL_ENDED,
        EntryKind.OFFICER_ENROLLED,
        EntryKind.ROLE_GRANTED,
    ]
    told = repr(store.entries)
    assert "newcomer" not in told
    assert not any(word in told for word in GOLDEN_WORDS)
    assert store.entries[-1].commitments, "the record is committed to"


TAKING: list[tuple[Callable[..., object], EntryKind, Standing]] = [
    (officers.close, EntryKind.OFFICER_CLOSED, Standing.CLOSED),
    (officers.revoke, EntryKind.ROLE_REVOKED, Standing.WITHOUT_ROLE),
]


@pytest.mark.parametrize(("act", "kind", "standing"), TAKING)
def test_what_is_taken_away_ends_the_sessions_and_only_a_grant_gives_it_back(
    store: MemoryStore, act: Callable[..., object], kind: EntryKind, standing: Standing
) -> None:
    with store.unit() as unit:
        before = officers.enrol(unit, NEW, rank="", by=SECOND, at=AT)
        act(unit, "newcomer", reason=Reason.LOST, by=FIRST, at=AT)
        after = officers.enrolled(unit, "newcomer")
        assert (after.standing, after.sessions) == (standing.value, before.sessions + 1)
        with pytest.raises(Mistaken, match="already"):
            act(unit, "newcomer", reason=Reason.LOST, by=FIRST, at=AT)
        again = officers.grant(unit, "newcomer", Role.GUARDIAN, rank="", by=SECOND, at=AT)
        assert (again.standing, again.role, again.sessions) == ("open", "guardian", before.sessions + 2)
    assert kind in [entry.kind for entry in store.entries]


@pytest.mark.parametrize(
    ("staff_id", "name", "organisation", "role"),
    [
        ("x", "A Name", "custodian", Role.AUDITOR),
        ("has space", "A Name", "custodian", Role.AUDITOR),
        ("fine.id", "  ", "custodian", Role.AUDITOR),
        ("fine.id", "n" * 101, "custodian", Role.AUDITOR),
        ("fine.id", "A Name", "custodian", Role.SYSTEM),
        ("fine.id", "A Name", "kent-police", Role.DISCLOSURE_OFFICER),
        ("fine.id", "A Name", "kent-police", Role.ADMINISTRATOR),
        ("fine.id", "A Name", "custodian", Role.REQUESTING_OFFICER),
    ],
)
def test_somebody_who_cannot_be_an_officer_is_not_enrolled(
    staff_id: str, name: str, organisation: str, role: Role
) -> None:
    with pytest.raises(Mistaken, match="nothing was changed"):
        officers.must_be_fit(staff_id, name=name, organisation=organisation, role=role)


def test_a_link_names_an_issuer_under_tls_and_a_subject(store: MemoryStore) -> None:
    with store.unit() as unit:
        officers.enrol(unit, NEW, rank="", by=SECOND, at=AT)
        for issuer, subject in (("http://id.example", "s"), ("https://id.example", ""), ("https://id.example", "a\nb")):
            with pytest.raises(Mistaken, match="issuer"):
                officers.link(unit, "newcomer", issuer=issuer, subject=subject, by=SECOND, at=AT)
        linked = officers.link(unit, "newcomer", issuer="https://id.example", subject="7", by=SECOND, at=AT)
    assert (linked.issuer, linked.subject) == ("https://id.example", "7")
