"""Sending what is sealed: only under a signed checkpoint, at least once, the same bytes every time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor, police_request
from tests.fakes.guarded_register import NOBODY

from privity.casework.lifecycle import Status
from privity.casework.ports import Outgoing
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry import EntryKind
from privity.ledger.proof import read_proof, verify_proof

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


class Killed(BaseException):
    """The process is gone: nothing below catches this."""


@dataclass(slots=True)
class DyingTransport:
    """Takes packs and dies at the one whose turn it is: before taking it, or with it in hand."""

    dies_before: int = 99
    dies_after: int = 99
    error: type[BaseException] = Killed
    taken: list[Outgoing] = field(default_factory=list)

    def send(self, message: Outgoing) -> None:
        turn = len(self.taken) + 1
        if turn == self.dies_before:
            raise self._death()
        self.taken.append(message)
        if turn == self.dies_after:
            raise self._death()

    def _death(self) -> BaseException:
        if issubclass(self.error, Unavailable):
            return Unavailable("a pack was not handed over", why="the peer is silent", next_step="try again")
        return self.error()


@pytest.fixture
def sealed(corridor: Corridor) -> Sequence[CaseReference]:
    """Return three sealed cases in the order they were sealed; the second found nobody."""
    first = corridor.sealed(police_request(reference="KP/1"))
    corridor.register.finds, found = NOBODY, corridor.register.finds
    corridor.trace(second := corridor.approved(police_request(reference="KP/2")))
    corridor.register.finds = found
    corridor.intend(second)
    corridor.release(second)
    return first, second, corridor.sealed(police_request(reference="KP/3"))


def test_everything_sealed_is_sent_once_in_order_with_a_proof_that_holds(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference]
) -> None:
    transport = DyingTransport()
    assert instance.outbox.send(at=corridor.tick(), transport=transport) == list(sealed)
    assert [message.case for message in transport.taken] == list(sealed)
    for message in transport.taken:
        assert sha256(message.sealed).hexdigest() == message.sha256
        assert message.sealed == corridor.sealed_bytes(message.case)
        proof = read_proof(message.proof.encode())
        leaf = proof.extra
        assert leaf is not None
        assert message.sha256.encode() in leaf
        assert verify_proof(proof, leaf=leaf, log=instance.note_signer.verifier).size > proof.index
    assert [corridor.read(reference).status for reference in sealed] == [Status.SENT, Status.UNTRACED, Status.SENT]
    assert instance.outbox.send(at=corridor.tick(), transport=transport) == []
    assert len(transport.taken) == 3


@pytest.mark.parametrize("error", [Killed, Unavailable])
def test_a_transport_that_dies_in_between_loses_nothing_and_what_it_took_is_marked(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference], error: type[BaseException]
) -> None:
    dying = DyingTransport(dies_before=2, error=error)
    with pytest.raises(error):
        instance.outbox.send(at=corridor.tick(), transport=dying)
    assert [message.case for message in dying.taken] == [sealed[0]]
    healthy = DyingTransport()
    assert instance.outbox.send(at=corridor.tick(), transport=healthy) == list(sealed[1:])


def test_a_crash_between_sending_and_marking_sends_the_same_bytes_again(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference]
) -> None:
    dying = DyingTransport(dies_after=1)
    with pytest.raises(Killed):
        instance.outbox.send(at=corridor.tick(), transport=dying)
    corridor.receive()  # the ledger grows in the meantime; the pack does not change with it
    again = DyingTransport()
    assert instance.outbox.send(at=corridor.tick(), transport=again) == list(sealed)
    assert again.taken[0].case == dying.taken[0].case
    assert again.taken[0].sealed == dying.taken[0].sealed
    assert again.taken[0].sha256 == dying.taken[0].sha256
    sent = [one for one in instance.log.entries() if one.entry.kind is EntryKind.PACK_SENT]
    assert len(sent) == 3


def test_nothing_is_sent_whose_entry_is_under_no_signed_checkpoint(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference]
) -> None:
    from django.db import connection

    from privity.edge.store.case_rows import Pack

    entry = Pack.objects.get(reference=sealed[0]).entry
    with connection.cursor() as cursor:  # as if the disk had lost the checkpoints since: nobody could have signed it
        cursor.execute("DROP TRIGGER log_checkpoint_no_delete")
        cursor.execute("DELETE FROM log_checkpoint WHERE size > %s", [entry])
    transport = DyingTransport()
    with pytest.raises(Mistaken, match=f"entry `{entry}` was not found"):
        instance.outbox.send(at=corridor.tick(), transport=transport)
    assert transport.taken == []
    assert corridor.read(sealed[0]).status is Status.SEALED


def test_the_spool_gets_the_pack_and_its_proof(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference]
) -> None:
    instance.outbox.send(at=corridor.tick())
    for reference in sealed:
        pack = corridor.read(reference).pack
        assert pack is not None
        written = instance.data.spool / "kent-police" / f"{pack.sha256}.eml"
        assert written.read_bytes() == corridor.sealed_bytes(reference)
        assert written.with_suffix(".tlog-proof").exists()


def test_more_packs_than_fit_one_transaction_are_sent_in_parts(
    corridor: Corridor, instance: "Instance", sealed: Sequence[CaseReference], monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import outbox

    monkeypatch.setattr(outbox, "TOGETHER", 2)
    transport = DyingTransport(dies_before=3)
    with pytest.raises(Killed):
        instance.outbox.send(at=corridor.tick(), transport=transport)
    assert [corridor.read(reference).status for reference in sealed] == [Status.SENT, Status.UNTRACED, Status.SEALED]
