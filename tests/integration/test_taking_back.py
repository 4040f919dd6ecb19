"""Between the seal and the sending: what is sealed on something that no longer holds goes nowhere."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, a_certificate
from tests.fakes.guarded_register import CountingRegister
from tests.integration.test_outbox import Carrier, digest_of, state_of

from privity.agreement.version import InstrumentKind
from privity.casework import certificates
from privity.casework.dispatch import TAKEN_BACK, mark_failed
from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.casework.lifecycle import Status
from privity.casework.progress import Progress, progress_of
from privity.casework.screen import Parked
from privity.casework.take_back import Doubt, take_back
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.protection.household import Household
from privity.protection.signs import Signs

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.outbox import OutboxSender


def untraced(corridor: Corridor) -> CaseReference:
    """Walk a request until an answer saying that nobody was found is sealed."""
    reference = corridor.approved()
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, None)
    corridor.intend(reference)
    corridor.release(reference)
    return reference


class PowerCut(Exception):
    """The power goes after the packs were handed over and before anybody wrote that down."""


def cut_short(instance: "Instance") -> "OutboxSender":
    """Return an outbox that the power fails at that moment."""
    from privity.edge.wiring.outbox import OutboxSender

    class CutShort(OutboxSender):
        def _mark(self, *_: object) -> None:
            raise PowerCut

    given = {one.name: getattr(instance.outbox, one.name) for one in fields(instance.outbox)}
    return CutShort(**given)


def findings(instance: "Instance") -> set[str]:
    """Return the tables in which the audit finds something."""
    from privity.edge.store.audit import Tally, audit_rows

    return {finding.table for finding in audit_rows(instance.log, Tally())}


def revoke(corridor: Corridor) -> None:
    """Revoke the certificate that answers are sealed to."""
    with corridor.open_unit() as unit:
        in_use = next(one for one in unit.certificates(OrganisationId(KENT)) if not one.revoked_at)
        certificates.revoke(
            unit, OrganisationId(KENT), in_use.sha256, reason="key-lost", by=ADMINISTRATORS[0], at=corridor.tick()
        )


def enrol_another(corridor: Corridor) -> None:
    another = a_certificate(KENT, 2)
    with corridor.open_unit() as unit:
        enrol_certificate(unit, another, by=ADMINISTRATORS[0], at=corridor.tick())
        approve_certificate(unit, another, by=ADMINISTRATORS[1], at=corridor.tick())


def last_told(corridor: Corridor, reference: CaseReference) -> tuple[str, object, object]:
    entry = corridor.entries_of(reference)[-1]
    return entry.kind, entry.facts.get("reason"), entry.facts.get("status")


def test_an_answer_sealed_to_a_certificate_revoked_since_is_taken_back_and_never_sent(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference, carrier = corridor.sealed(), Carrier()
    first = digest_of(corridor, reference)
    revoke(corridor)
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == []
    assert carrier.given == []
    file = corridor.read(reference)
    assert (file.status, state_of(corridor, reference), file.state.closed_on) == (Status.IDENTIFIED, TAKEN_BACK, "")
    assert progress_of(file) is Progress.CONSIDERED
    assert last_told(corridor, reference) == (EntryKind.PACK_FAILED, "certificate-revoked", "identified")
    enrol_another(corridor)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    second = digest_of(corridor, reference)
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == [reference]
    assert [message.sha256 for message in carrier.given] == [second]
    assert second != first
    assert corridor.read(reference).status is Status.SENT


@pytest.mark.parametrize(("kept_open", "at_a_page"), [(False, False), (False, True), (True, False)])
def test_what_a_pass_laid_down_before_it_was_cut_short_is_fetched_by_nobody_once_it_is_taken_back(
    corridor: Corridor, instance: "Instance", kept_open: bool, at_a_page: bool
) -> None:
    reference, spool = corridor.sealed(), instance.outbox.spool
    with pytest.raises(PowerCut):
        cut_short(instance).send(at=corridor.tick())
    (pack,) = spool.rglob("*.eml")
    assert state_of(corridor, reference) == "sealed", "it lies there, and nothing says so"
    (pack.parent / f".{pack.name}.77").write_bytes(pack.read_bytes())
    if kept_open:
        assert instance.outbox.send(at=corridor.tick()) == [reference]
        assert pack.exists(), "what may leave goes where it was going"
        return
    revoke(corridor)
    if at_a_page:
        corridor.do(lambda unit, at: take_back(unit, reference, Doubt.CERTIFICATE_REVOKED, at=at))
    assert instance.outbox.send(at=corridor.tick()) == []
    assert state_of(corridor, reference) == TAKEN_BACK
    assert [path for path in spool.rglob("*") if path.is_file()] == []


def test_taken_back_it_is_released_only_on_a_new_intent_and_a_new_screen(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = corridor.sealed()
    revoke(corridor)
    instance.outbox.send(at=corridor.tick(), transport=Carrier())
    with pytest.raises(Mistaken, match="intent to answer it is not on record"):
        corridor.release(reference)
    enrol_another(corridor)
    corridor.intend(reference)
    with pytest.raises(Mistaken, match="has changed since it was taken"):
        corridor.release(reference)


def test_a_no_trace_is_taken_back_just_the_same(corridor: Corridor, instance: "Instance") -> None:
    reference = untraced(corridor)
    assert corridor.read(reference).status is Status.UNTRACED
    revoke(corridor)
    assert instance.outbox.send(at=corridor.tick(), transport=Carrier()) == []
    file = corridor.read(reference)
    assert (file.status, state_of(corridor, reference)) == (Status.UNIDENTIFIED, TAKEN_BACK)
    assert progress_of(file) is Progress.CONSIDERED


def test_nothing_sealed_leaves_while_its_agreement_is_suspended(corridor: Corridor, instance: "Instance") -> None:
    reference, carrier = corridor.sealed(), Carrier()
    lifted = corridor.now + timedelta(days=3)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    outbox = replace(instance.outbox, agreements=corridor.agreements)
    assert outbox.send(at=corridor.tick(), transport=carrier) == []
    assert carrier.given == []
    assert last_told(corridor, reference) == (EntryKind.PACK_FAILED, "agreement-suspended", "identified")
    assert corridor.intend(reference) == Parked(status=Status.HELD)


def test_what_left_once_is_not_taken_back_and_not_sent_again_to_a_revoked_certificate(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference, carrier = corridor.sealed(), Carrier()
    instance.outbox.send(at=corridor.tick(), transport=carrier)
    with corridor.open_unit() as unit:
        mark_failed(unit, reference, reason="mesh-14", at=corridor.tick())
    revoke(corridor)
    corridor.now += timedelta(hours=3)
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == []
    assert (len(carrier.given), state_of(corridor, reference)) == (1, "failed")
    with pytest.raises(Mistaken, match="none that is sealed and has not left"), corridor.open_unit() as unit:
        take_back(unit, reference, Doubt.CERTIFICATE_REVOKED, at=corridor.tick())


def test_the_audit_finds_a_case_whole_after_its_answer_was_taken_back_and_sealed_anew(
    corridor: Corridor, instance: "Instance"
) -> None:
    reference = corridor.sealed()
    first = corridor.sealed_bytes(reference)
    revoke(corridor)
    instance.outbox.send(at=corridor.tick(), transport=Carrier())
    assert findings(instance) == set()
    enrol_another(corridor)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert findings(instance) == set()
    from privity.edge.store.case_rows import SealedBytes

    SealedBytes.objects.filter(reference=reference).update(sealed=first, sha256=sha256(first).hexdigest())
    assert findings(instance) == {"sealed_bytes"}


def is_hidden(register: CountingRegister) -> None:
    register.people[1] = golden.demographics(1, sensitive=True)


def lives_with_somebody_hidden(register: CountingRegister) -> None:
    register.households[1] = Household(others=1, children=0, protected=1)


def is_feared_for(register: CountingRegister) -> None:
    register.registered[1] = Signs(letters=True, feared_for=True)


def has_gone(register: CountingRegister) -> None:
    del register.people[1]


@pytest.mark.parametrize("change", [is_hidden, lives_with_somebody_hidden, is_feared_for, has_gone])
def test_somebody_hidden_or_gone_since_the_seal_is_not_given_away(
    corridor: Corridor, instance: "Instance", change: Callable[[CountingRegister], None]
) -> None:
    reference, carrier = corridor.sealed(), Carrier()
    change(corridor.register)
    assert instance.outbox.send(at=corridor.tick(), transport=carrier) == []
    assert carrier.given == []
    assert (corridor.read(reference).status, state_of(corridor, reference)) == (Status.IDENTIFIED, TAKEN_BACK)
    assert last_told(corridor, reference) == (EntryKind.PACK_FAILED, "record-changed", "identified")
    assert findings(instance) == set()
