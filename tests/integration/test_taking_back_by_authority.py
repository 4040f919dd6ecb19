"""Between the seal and the sending, and when it is fetched again: a certificate that its authority revoked, or ran out.

The packs are sealed for real, to the one certificate of the police, which ends two days after the corridor begins.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.certificates import FIRST as FIRST_DAY
from tests.fakes.certificates import LAST, enrolment
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, Corridor, asker
from tests.integration.test_outbox import Carrier, state_of
from tests.integration.test_taking_back import last_told

from privity.agreement.version import InstrumentKind
from privity.casework import certificates
from privity.casework.certificates import Standing
from privity.casework.dispatch import TAKEN_BACK, mark_failed
from privity.casework.incident import send_notice
from privity.casework.lifecycle import Status
from privity.casework.take_back import Doubt, take_back
from privity.casework.watch_clock import TaskKind
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.notice import NoticeKind
from privity.edge.seals.authority import Holder
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import write_certificate, write_custodian
from privity.edge.wiring.sealing import REVOCATIONS, CertificateSealer
from privity.edge.wiring.standing import CertificateStandings
from privity.errors import Mistaken, RefusedOnRecord, Unavailable

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ENDS = datetime(2017, 3, 3, tzinfo=UTC)
POLICE = OrganisationId(KENT)


@pytest.fixture(scope="module")
def holder() -> Holder:
    return enrolment().requester_authority.issue_recipient("Kent Police", first=FIRST_DAY, last=ENDS)


@pytest.fixture(scope="module")
def successor() -> Holder:
    return enrolment().requester_authority.issue_recipient("Kent Police, the next", first=FIRST_DAY, last=LAST)


@dataclass
class World:
    """A corridor that seals for real, what sends for it, and the custodian's folder that both look at."""

    corridor: Corridor
    instance: "Instance"
    folder: Path

    def enrol(self, holder: Holder, ends: datetime) -> None:
        pin = fingerprint(holder.certificate)
        pem = holder.certificate.public_bytes(Encoding.PEM).decode()
        first, second = ADMINISTRATORS[:2]
        with self.corridor.open_unit() as unit:
            certificates.put_forward(
                unit,
                POLICE,
                sha256=pin,
                pem=pem,
                not_after=ends,
                profile="mail",
                deliver_to="",
                by=first,
                at=self.corridor.tick(),
            )
            certificates.approve(unit, POLICE, pin, by=second, at=self.corridor.tick())

    def load(self, *named: Holder, until: datetime = LAST) -> None:
        """Load the list of the authority that issued to the police; it names `named`."""
        found = enrolment().requester_authority.revoke(
            [one.certificate for one in named] or [enrolment().stranger.certificate], at=self.corridor.now, until=until
        )
        (self.folder / REVOCATIONS / "authority.crl").write_bytes(found.public_bytes(Encoding.DER))

    def send(self, carrier: Carrier) -> list[CaseReference]:
        return self.instance.outbox.send(at=self.corridor.tick(), transport=carrier)

    def fetch(self, reference: CaseReference) -> bytes:
        from privity.edge.wiring.requester import InstanceRequesterDesk

        desk = self.instance.requester_desk
        assert isinstance(desk, InstanceRequesterDesk)
        desk = replace(desk, agreements=self.corridor.agreements, standings=self.instance.outbox.standings)  # type: ignore[arg-type]  # the shelf the corridor judges by
        return desk.sealed(reference, by=asker(KENT), at=self.corridor.tick())[0]


@pytest.fixture
def world(corridor: Corridor, instance: "Instance", tmp_path: Path, holder: Holder) -> World:
    write_custodian(tmp_path, enrolment().custodian)
    write_certificate(tmp_path / "authorities" / "requesters.pem", enrolment().requester_authority.certificate)
    (tmp_path / REVOCATIONS).mkdir()
    corridor.sealer = CertificateSealer(custodian_folder=tmp_path, authorities_folder=tmp_path / "authorities")  # type: ignore[assignment]  # the real one in place of the keeping one
    outbox = replace(
        instance.outbox, agreements=corridor.agreements, standings=CertificateStandings(custodian_folder=tmp_path)
    )
    world = World(corridor, replace(instance, outbox=outbox), tmp_path)
    with corridor.open_unit() as unit:
        made_up = unit.certificates(POLICE)[0].sha256
        certificates.revoke(unit, POLICE, made_up, reason="replaced", by=ADMINISTRATORS[0], at=corridor.tick())
    world.enrol(holder, ENDS)
    return world


def _named(world: World, holder: Holder) -> None:
    world.load(holder)


def _named_by_a_list_past_its_day(world: World, holder: Holder) -> None:
    world.load(holder, until=world.corridor.now + timedelta(minutes=30))
    world.corridor.now += timedelta(hours=1)


def _ended(world: World, holder: Holder) -> None:
    world.corridor.now = ENDS + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_named, "revoked-by-authority"),
        (_named_by_a_list_past_its_day, "revoked-by-authority"),
        (_ended, "certificate-expired"),
    ],
    ids=["its authority names it", "a list past its day names it", "it ran out"],
)
def test_an_answer_sealed_to_a_certificate_that_no_longer_holds_is_taken_back_and_never_sent(
    world: World, holder: Holder, successor: Holder, change: Callable[[World, Holder], None], reason: str
) -> None:
    corridor, carrier = world.corridor, Carrier()
    reference = corridor.sealed()
    first = corridor.sealed_bytes(reference)
    change(world, holder)
    assert world.send(carrier) == []
    assert carrier.given == []
    assert (corridor.read(reference).status, state_of(corridor, reference)) == (Status.IDENTIFIED, TAKEN_BACK)
    assert last_told(corridor, reference)[1:] == (reason, "identified")
    with corridor.open_unit() as unit:
        gone = fingerprint(holder.certificate)
        certificates.revoke(unit, POLICE, gone, reason="replaced", by=ADMINISTRATORS[0], at=corridor.tick())
    world.load()
    world.enrol(successor, LAST)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert world.send(carrier) == [reference]
    assert [message.sealed for message in carrier.given] == [corridor.sealed_bytes(reference)] != [first]


def test_while_nobody_can_say_nothing_leaves_and_nothing_is_taken_back_and_the_next_list_settles_it(
    world: World, holder: Holder
) -> None:
    corridor, carrier = world.corridor, Carrier()
    reference = corridor.sealed()
    world.load(until=corridor.now + timedelta(minutes=10))
    corridor.now += timedelta(minutes=20)
    assert world.send(carrier) == []
    assert (corridor.read(reference).status, state_of(corridor, reference)) == (Status.SEALED, "sealed")
    assert world.instance.outbox.held_back(at=corridor.now) == {Doubt.REVOCATIONS_UNKNOWN: 1}
    with pytest.raises(Unavailable, match="list of the certificate's authority is out of date here; ask the custodian"):
        world.fetch(reference)
    with pytest.raises(Mistaken, match="load the authority's current list"), corridor.open_unit() as unit:
        take_back(unit, reference, Doubt.REVOCATIONS_UNKNOWN, at=corridor.tick())
    world.load()
    assert world.instance.outbox.held_back(at=corridor.now) == {}
    assert world.send(carrier) == [reference]


def test_a_list_or_certificate_that_cannot_be_read_leaves_it_unknown(world: World) -> None:
    corridor = world.corridor
    corridor.sealed()
    (world.folder / REVOCATIONS / "authority.crl").write_bytes(b"no list")
    assert world.instance.outbox.held_back(at=corridor.now) == {Doubt.REVOCATIONS_UNKNOWN: 1}
    world.load()
    with corridor.open_unit() as unit:
        in_use = next(one for one in unit.certificates(POLICE) if not one.revoked_at)
    standings = CertificateStandings(custodian_folder=world.folder)
    assert standings.standing(in_use, corridor.now) is Standing.HOLDS
    assert standings.standing(replace(in_use, pem="none"), corridor.now) is Standing.UNKNOWN
    (world.folder / "authorities" / "requesters.pem").unlink()
    assert standings.standing(in_use, corridor.now) is Standing.UNKNOWN, "nobody here vouches for the list"


def test_during_a_change_over_the_older_one_running_out_holds_up_nothing_and_either_being_named_does(
    world: World, holder: Holder, successor: Holder
) -> None:
    corridor, carrier = world.corridor, Carrier()
    world.enrol(successor, LAST)
    first, second = corridor.sealed(), corridor.sealed()
    _ended(world, holder)
    assert sorted(world.send(carrier)) == sorted([first, second])
    third = corridor.sealed()
    world.load(successor)
    assert world.send(carrier) == []
    assert state_of(corridor, third) == TAKEN_BACK


def test_fetched_first_from_the_pages_it_is_taken_back_just_the_same(world: World, holder: Holder) -> None:
    reference = world.corridor.sealed()
    world.load(holder)
    with pytest.raises(RefusedOnRecord, match="so that it was taken back; wait for the custodian to answer anew"):
        world.fetch(reference)
    assert state_of(world.corridor, reference) == TAKEN_BACK


def test_fetched_again_it_is_the_same_bytes_until_its_certificate_is_revoked_here_or_by_its_authority(
    world: World, holder: Holder
) -> None:
    corridor = world.corridor
    reference = corridor.sealed()
    sealed = corridor.sealed_bytes(reference)
    assert world.fetch(reference) == sealed
    corridor.collect(reference)
    assert world.fetch(reference) == sealed
    _ended(world, holder)
    assert world.fetch(reference) == sealed, "it held when the answer left, and the same key opens the same bytes"
    world.load(holder)
    with pytest.raises(Mistaken, match=r"not fetched again: the authority has revoked .* enrol another certificate"):
        world.fetch(reference)
    assert corridor.read(reference).status is Status.COLLECTED, "what left is not taken back"
    world.load()
    assert world.fetch(reference) == sealed
    with corridor.open_unit() as unit:
        pin = fingerprint(holder.certificate)
        certificates.revoke(unit, POLICE, pin, reason="key-lost", by=ADMINISTRATORS[0], at=corridor.tick())
    with pytest.raises(Mistaken, match="not fetched again: a certificate of the requester has been revoked"):
        world.fetch(reference)


def test_fetched_again_it_is_not_given_out_while_its_agreement_is_suspended(world: World) -> None:
    corridor = world.corridor
    reference = corridor.sealed()
    sealed = world.fetch(reference)
    lifted = corridor.now + timedelta(days=1)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    with pytest.raises(Mistaken, match="not fetched again: no agreement is in force"):
        world.fetch(reference)
    corridor.now = lifted
    assert world.fetch(reference) == sealed


def test_what_a_mailbox_gave_back_goes_again_though_its_certificate_ran_out_and_not_once_its_authority_names_it(
    world: World, holder: Holder
) -> None:
    corridor, carrier = world.corridor, Carrier()
    reference = corridor.sealed()
    world.send(carrier)
    corridor.do(lambda unit, at: mark_failed(unit, reference, reason="mesh-14", at=at))
    _ended(world, holder)
    assert world.send(carrier) == [reference]
    assert len({message.sealed for message in carrier.given}) == 1
    corridor.do(lambda unit, at: mark_failed(unit, reference, reason="mesh-14", at=at))
    world.load(holder)
    corridor.now += timedelta(hours=3)
    assert world.send(carrier) == []
    assert world.instance.outbox.held_back(at=corridor.now) == {Doubt.REVOKED_BY_AUTHORITY: 1}


def test_a_recall_sealed_to_a_certificate_revoked_since_goes_nowhere_and_somebody_is_told_to_seal_another(
    world: World, holder: Holder, successor: Holder
) -> None:
    corridor, carrier = world.corridor, Carrier()
    reference = corridor.sealed()
    world.send(carrier)
    corridor.do(
        lambda unit, at: send_notice(unit, corridor.sealer, reference, NoticeKind.RECALL, by=FIRST, at=at)  # type: ignore[arg-type]  # the real sealer seals notices too
    )
    world.load(holder)
    assert world.send(carrier) == []
    assert len(carrier.given) == 1

    def stuck() -> list[CaseReference]:
        due = world.instance.watcher.tasks(corridor.now)
        return [task.case for task in due if task.kind is TaskKind.STUCK]

    assert stuck() == [reference]
    with corridor.open_unit() as unit:
        gone = fingerprint(holder.certificate)
        certificates.revoke(unit, POLICE, gone, reason="replaced", by=ADMINISTRATORS[0], at=corridor.tick())
    world.enrol(successor, LAST)
    corridor.do(
        lambda unit, at: send_notice(unit, corridor.sealer, reference, NoticeKind.RECALL, by=FIRST, at=at)  # type: ignore[arg-type]  # the real sealer seals notices too
    )
    assert stuck() == []
    assert world.send(carrier) == [reference]
