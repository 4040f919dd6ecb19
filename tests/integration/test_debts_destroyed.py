"""Destroying a debt here: when it may go, who allows it, what is left in the files, and what anybody can check."""

import argparse
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, SECOND, Corridor
from tests.fakes.debts import DebtWalk, a_debt, as_public
from tests.integration.test_destroying import raw_bytes

from privity.casework.debt_destroy import KeptDebt, allow_debt, debt_faults, hold_debt, kept_debt, lift_debt_hold
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.destroy import KEPT_DAYS, HoldReason, NotYet
from privity.casework.destruction_certificate import verify_certificate
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.proof import verify_proof
from privity.request.debt_report import Settlement

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def walk(corridor: Corridor) -> DebtWalk:
    return DebtWalk(corridor).enrol()


def dropped(walk: DebtWalk, reference: str = "INV/1") -> CaseReference:
    """Return a debt that was settled before it was reported, kept here for its time."""
    case = walk.take(a_debt(reference=reference))
    walk.settle(case.reference, Settlement.PAID)
    walk.corridor.now += timedelta(days=KEPT_DAYS + 1)
    return CaseReference(case.reference)


def kept(walk: DebtWalk, reference: str) -> KeptDebt:
    with walk.corridor.open_unit() as unit:
        return kept_debt(as_public(unit), reference)


def allow(walk: DebtWalk, reference: str, *people: Officer) -> None:
    for by in people:
        walk.corridor.do(
            lambda unit, at, by=by: allow_debt(as_public(unit), reference, by=by, at=at, kept_days=KEPT_DAYS)  # type: ignore[misc]  # bound now
        )


def why(walk: DebtWalk, reference: str) -> tuple[NotYet, ...]:
    return debt_faults(kept(walk, reference), walk.corridor.now.date(), kept_days=KEPT_DAYS)


def test_after_two_people_allowed_it_nothing_of_the_debt_is_in_the_files_and_the_ledger_still_proves(
    walk: DebtWalk, instance: "Instance"
) -> None:
    reference = dropped(walk)
    found = raw_bytes(instance)
    assert all(word.encode() in found for word in (golden.GIVEN, golden.STREET, reference)), "the scan would find them"
    key, size = instance.note_signer.verifier, instance.log.size()
    before, leaves = [instance.log.prove(index) for index in range(size)], instance.log.leaves(0, size)
    allow(walk, reference, FIRST, GUARDIAN)
    record = instance.shredder.destroy(reference, by=FIRST, at=walk.corridor.tick())
    left = raw_bytes(instance)
    for word in (golden.GIVEN, golden.STREET, golden.POSTCODE, reference):
        assert left.count(word.encode()) == 0, "something of the debt is left"
    for proof, leaf in zip(before, leaves, strict=True):
        assert verify_proof(proof, leaf=leaf, log=key).size > proof.index
    told = verify_certificate(instance.shredder.certificate(record.reference), key)
    assert (told.statements["rows_after"], told.statements["allowed_by"]) == ("0", "two people")
    with pytest.raises(Mistaken, match="the debt was not found"):
        kept(walk, reference)
    assert not instance.shredder.is_debt(reference)


def test_after_a_debt_is_destroyed_the_audit_finds_nothing_wrong(walk: DebtWalk, instance: "Instance") -> None:
    from tests.integration.test_audit_of_a_destroyed_case import audited

    gone, stays = dropped(walk), walk.take(a_debt(reference="INV/2")).reference
    allow(walk, gone, FIRST, SECOND)
    instance.shredder.destroy(gone, by=SECOND, at=walk.corridor.tick())
    assert audited(instance)[1] == []
    assert kept(walk, stays).case.reference == stays


def test_one_person_is_not_enough_and_nobody_allows_twice_or_from_elsewhere(
    walk: DebtWalk, instance: "Instance"
) -> None:
    reference = dropped(walk)
    allow(walk, reference, FIRST)
    with pytest.raises(Mistaken, match="allowed it already"):
        allow(walk, reference, FIRST)
    with pytest.raises(Mistaken, match="only a disclosure officer"):
        allow(walk, reference, ADMINISTRATORS[0])
    with pytest.raises(Mistaken, match="1 of two people"):
        instance.shredder.destroy(reference, by=FIRST, at=walk.corridor.tick())


def test_a_debt_stays_while_anything_is_to_come_and_for_its_time_afterwards(walk: DebtWalk) -> None:
    checking = walk.take(a_debt(reference="INV/1")).reference
    assert why(walk, checking) == (NotYet.OPEN,)
    walk.checked(checking)
    walk.at(date(2017, 4, 3)).run("2017-03")
    assert walk.case(checking).standing is DebtStanding.REPORTED
    walk.corridor.now += timedelta(days=3 * KEPT_DAYS)
    assert why(walk, checking) == (NotYet.OPEN,), "the recipient holds it, however old it is"
    with pytest.raises(Mistaken, match="it is not answered yet"):
        allow(walk, checking, FIRST)
    dropped_one = walk.take(a_debt(reference="INV/2")).reference
    walk.settle(dropped_one, Settlement.PAID)
    assert why(walk, dropped_one) == (NotYet.KEPT,)
    walk.corridor.now += timedelta(days=KEPT_DAYS + 1)
    assert why(walk, dropped_one) == ()


def test_a_hold_stops_what_two_people_allowed_until_it_is_lifted(walk: DebtWalk, instance: "Instance") -> None:
    reference = dropped(walk)
    allow(walk, reference, FIRST, SECOND)
    walk.corridor.do(lambda unit, at: hold_debt(as_public(unit), reference, HoldReason.COMPLAINT, by=FIRST, at=at))
    with pytest.raises(Mistaken, match="a hold is on it"):
        instance.shredder.destroy(reference, by=FIRST, at=walk.corridor.tick())
    with pytest.raises(Mistaken, match="no open hold"):
        walk.corridor.do(lambda unit, at: lift_debt_hold(as_public(unit), reference, 2, by=FIRST, at=at))
    walk.corridor.do(lambda unit, at: lift_debt_hold(as_public(unit), reference, 1, by=FIRST, at=at))
    assert instance.shredder.destroy(reference, by=FIRST, at=walk.corridor.tick()).rows_before > 4


def test_a_debt_stated_anew_must_be_allowed_anew(walk: DebtWalk) -> None:
    reference = dropped(walk)
    allow(walk, reference, FIRST, SECOND)
    assert len(kept(walk, reference).allowed_by()) == 2
    walk.corridor.now += timedelta(days=1)
    walk.take(a_debt(pounds=700), before=reference)
    assert kept(walk, reference).allowed_by() == ()
    assert why(walk, reference) == (NotYet.OPEN,)


def test_the_command_lists_what_may_go_and_what_keeps_one(
    walk: DebtWalk, instance: "Instance", capsys: pytest.CaptureFixture[str]
) -> None:
    from privity.edge.commands import destroy

    # Kept here far longer than its time ago, so that the command, which lives by the real clock, finds it over.
    gone, stays = dropped(walk), walk.take(a_debt(reference="INV/2")).reference
    parser = argparse.ArgumentParser()
    destroy.configure(parser)

    def listed(*words: str) -> str:
        arguments = parser.parse_args(["list", *words, "--data", str(instance.data.root)])
        assert destroy._list(instance, arguments) == 0
        return capsys.readouterr().out

    (told,) = json.loads(listed("--json"))
    assert (told["debt"], told["kept_by"], told["allowed"]) == (gone, [], 0)
    assert "may go" in listed(gone)
    assert "it is not answered yet" in listed(stays)
