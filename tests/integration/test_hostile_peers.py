"""The outbox with peers that stall, reset, drop, drip and repeat themselves: nothing lost, nothing sent differently."""

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.certificates import LAST
from tests.fakes.corridor import ADMINISTRATORS, KENT, Corridor, police_request
from tests.fakes.corridors import stored_corridor
from tests.fakes.hostile_peers import Manner, Script
from tests.fakes.peers import LOCALHOST, Machine, peer, stalls

from privity.casework import certificates
from privity.casework.lifecycle import Status
from privity.casework.ports import Transport
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.transports.deadline import LONGEST_SECONDS, connected
from privity.edge.transports.mesh import Mesh
from privity.edge.transports.secure_mail import SecureMail
from privity.errors import Unavailable

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

SECONDS = 1.0
"""What a peer gets here in all; 45 in the product."""
PACKS = 3
MANNERS = (Manner.STALLS, Manner.RESETS, Manner.DROPS, Manner.SLOW, Manner.BUSY, Manner.WELL, Manner.TWICE, Manner.WELL)
MOST_RUNS = 12


def enrolled_at(instance: "Instance", address: str) -> Corridor:
    """Return a corridor whose police force is written to at an address that two people approved."""
    walk = stored_corridor(instance)
    digest = sha256(address.encode()).hexdigest()
    with instance.store.unit() as unit:
        certificates.put_forward(
            unit,
            OrganisationId(KENT),
            sha256=digest,
            pem="a certificate",
            not_after=LAST,
            profile="mail",
            deliver_to=address,
            by=ADMINISTRATORS[0],
            at=walk.tick(),
        )
        certificates.approve(unit, OrganisationId(KENT), digest[:16], by=ADMINISTRATORS[1], at=walk.tick())
    return walk


def by_mail(machine: Machine, port: int) -> Transport:
    return SecureMail(
        host=LOCALHOST,
        port=port,
        sender="disclosures@custodian.example",
        authorities=machine.authority,
        seconds=SECONDS,
        read_seconds=SECONDS,
    )


def by_mesh(machine: Machine, port: int) -> Transport:
    return Mesh(
        host=LOCALHOST,
        port=port,
        mailbox="X26OURS",
        password="pass",
        shared_key=b"key",
        authorities=machine.authority,
        certificate=machine.certificate,
        key=machine.key,
        seconds=SECONDS,
        read_seconds=SECONDS,
    )


WAYS: dict[str, tuple[str, Callable[[Machine, int], Transport], Callable[[Script], AbstractContextManager[int]]]] = {
    "mail": ("mailto:tracing@kent.example", by_mail, Script.relay),
    "mesh": ("mesh:X26ABC2", by_mesh, Script.mesh),
}


def runs(instance: "Instance", walk: Corridor, transport: Transport, references: list[CaseReference]) -> list[float]:
    """Run the outbox as its worker does until everything is sent; return how long each run took, in seconds."""
    took: list[float] = []
    while any(walk.read(one).status is Status.SEALED for one in references):
        assert len(took) < MOST_RUNS, "it comes to an end"
        began = time.monotonic()
        try:
            instance.outbox.send(at=walk.tick(), transport=transport, called="hostile")
        except Unavailable:
            assert [walk.read(one).status for one in references].count(Status.SEALED), "what was not taken stays sealed"
        took.append(time.monotonic() - began)
    return took


@pytest.mark.parametrize("way", WAYS)
def test_whatever_a_peer_does_every_pack_arrives_as_it_was_sealed_and_is_on_record_once(
    instance: "Instance", tmp_path: Path, way: str
) -> None:
    address, transport_to, served = WAYS[way]
    walk = enrolled_at(instance, address)
    references = [walk.sealed(police_request(reference=f"KP/{number}")) for number in range(PACKS)]
    sealed = {one: walk.sealed_bytes(one) for one in references}
    script = Script(machine=Machine(tmp_path), manners=MANNERS)
    with served(script) as port:
        took = runs(instance, walk, transport_to(script.machine, port), references)
    assert set(script.seen) == set(MANNERS), "everything was met"
    assert max(took) < SECONDS * (PACKS + 1), "no peer holds a worker"
    for reference in references:
        assert any(sealed[reference] in one for one in script.taken), "it arrived"
        assert walk.kinds(reference).count("pack.sent") == 1
        assert "pack.failed" not in walk.kinds(reference), "a line that breaks is no fault of the pack"
    for one in script.taken:
        assert sum(pack in one for pack in sealed.values()) == 1, "nothing was sent differently, nor two in one"


def test_a_mesh_that_calls_two_packs_by_one_number_is_not_believed_about_the_second(
    instance: "Instance", tmp_path: Path
) -> None:
    address, transport_to, served = WAYS["mesh"]
    walk = enrolled_at(instance, address)
    references = [walk.sealed(police_request(reference=f"KP/{number}")) for number in range(2)]
    script = Script(machine=Machine(tmp_path), manners=(Manner.WELL, Manner.SAME_NUMBER, Manner.WELL))
    with served(script) as port:
        transport = transport_to(script.machine, port)
        with pytest.raises(Unavailable, match="the same number"):
            instance.outbox.send(at=walk.tick(), transport=transport)
        assert [walk.read(one).status for one in references] == [Status.SENT, Status.SEALED]
        assert instance.outbox.send(at=walk.tick(), transport=transport) == [references[1]]
    receipts = [file.outbox.receipt for one in references if (file := walk.read(one)).outbox]
    assert receipts == ["NUMBER1", "NUMBER2"]


def test_a_name_that_stands_for_many_machines_that_let_us_wait_gets_no_more_time_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = socket.getaddrinfo

    def many(host: str, port: int, **how: int) -> list[object]:
        return [*real(host, port, **how)] * 50

    monkeypatch.setattr(socket, "getaddrinfo", many)
    with socket.create_server((LOCALHOST, 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:  # nobody takes these calls, so that the next ones are not even answered
            one.setblocking(False)
            one.connect_ex((LOCALHOST, port))
        began = time.monotonic()
        with pytest.raises(TimeoutError), connected(LOCALHOST, port, seconds=0.6, read_seconds=0.2):
            pass
        assert time.monotonic() - began < 2
        for one in waiting:
            one.close()
    assert LONGEST_SECONDS < 60


def test_a_machine_that_refuses_is_passed_over_for_the_next_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    with socket.create_server((LOCALHOST, 0)) as free:
        closed = int(free.getsockname()[1])
    with peer(stalls) as port:
        ports = (closed, port)
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, _port, **how: [one for at in ports for one in real(host, at, **how)]
        )
        with connected(LOCALHOST, port, seconds=0.5, read_seconds=5) as line:
            assert line.recv(1) == b"", "it is the second, which is cut off in its time"
