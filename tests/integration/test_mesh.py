"""MESH against NHS England's own sandbox, with NHS England's own client as the requester's side.

The sandbox pins other versions than we do, so it runs in a Python of its own: PRIVITY_MESH_PYTHON names it (CI and
`make nightly` make one by `tools/peers.sh`), or the Python of these tests where mesh-sandbox is installed in it.
Without it these tests skip by name; where one is named and does not have it they fail, so that CI cannot lose them in
silence.
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.fakes.certificates import seal_for_program
from tests.fakes.packs import CANARIES, CASE, HOME_OFFICE, disclosed_pack
from tests.fakes.peers import LOCALHOST, Behaviour, Machine, drips, floods, peer, resets, stalls

from privity.casework.news import Awaited, Fate, Receipt, Statement
from privity.casework.ports import Outgoing
from privity.edge.seals.cms import as_sealed
from privity.edge.transports.mesh import Mesh
from privity.edge.transports.peers import NoAddress, PeerRefused, PeerSilent
from privity.edge.transports.travelling import proof_in

OURS, THEIRS = "X26ABC1", "X26ABC2"
WORKFLOW = "TEST_WORKFLOW"
PASSWORD, SHARED_KEY = "password", "TestKey"
PROOF = "c2sp.org/tlog-proof@v1\nextra bm9ib2R5\nindex 7\n\nprivity.example\n8\nAAAA\n"
SECONDS = 2.0
SANDBOX_STARTS_WITHIN = 30


class Sandbox:
    """The sandbox, running with mutual TLS."""

    def __init__(self, folder: Path, python: str) -> None:
        self.machine = Machine(folder)
        self.folder = folder
        with socket.create_server((LOCALHOST, 0)) as free:
            self.port = free.getsockname()[1]
        words = [python, "-m", "uvicorn", "mesh_sandbox.api:app", "--host", LOCALHOST, "--port", str(self.port)]
        words += ["--ssl-keyfile", str(self.machine.key), "--ssl-certfile", str(self.machine.certificate)]
        words += ["--ssl-ca-certs", str(self.machine.authority), "--ssl-cert-reqs", "2", "--log-level", "critical"]
        settings = {"AUTH_MODE": "full", "STORE_MODE": "memory", "SHARED_KEY": SHARED_KEY, "PATH": os.environ["PATH"]}
        self.running = subprocess.Popen(words, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self, client: Mesh) -> None:
        """Wait until it answers."""
        until = time.monotonic() + SANDBOX_STARTS_WITHIN
        while time.monotonic() < until:
            try:
                client.handshake()
            except PeerSilent:
                time.sleep(0.2)
            else:
                return
        pytest.fail("the sandbox did not start")

    def gives_back(self, digest: str) -> None:
        """Have MESH say that nobody fetched a pack for five days."""
        told = {
            "mailbox_id": OURS,
            "status": "undeliverable",
            "workflow_id": WORKFLOW,
            "code": "14",
            "description": "Message not collected by recipient after 5 days",
            "subject": "",
            "local_id": digest[:32],
        }
        request = Request(
            f"https://{LOCALHOST}:{self.port}/messageexchange/admin/report",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urlopen(request, context=_client_context(self.machine), timeout=10) as answer:
            assert answer.status == 200


def _client_context(machine: Machine) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(machine.authority))
    context.load_cert_chain(machine.certificate, machine.key)
    return context


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    pytest.importorskip("mesh_client", reason="mesh-client, the requester's side, is not installed")
    named = os.environ.get("PRIVITY_MESH_PYTHON")
    python = named or sys.executable
    has_it = subprocess.run([python, "-c", "import mesh_sandbox"], capture_output=True, check=False).returncode == 0
    if named and not has_it:
        pytest.fail("PRIVITY_MESH_PYTHON names a Python that has no mesh-sandbox")
    if not has_it:
        pytest.skip("mesh-sandbox is not installed; PRIVITY_MESH_PYTHON may name a Python that has it")
    running = Sandbox(tmp_path_factory.mktemp("mesh"), python)
    try:
        running.wait(ours(running.machine, running.port, seconds=10))
        yield running
    finally:
        running.running.terminate()
        running.running.wait(10)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal_for_program(disclosed_pack())


def ours(machine: Machine, port: int, *, seconds: float = SECONDS, password: str = PASSWORD) -> Mesh:
    return Mesh(
        host=LOCALHOST,
        port=port,
        mailbox=OURS,
        password=password,
        shared_key=SHARED_KEY.encode(),
        authorities=machine.authority,
        certificate=machine.certificate,
        key=machine.key,
        workflow=WORKFLOW,
        seconds=seconds,
        read_seconds=seconds,
    )


def client(sandbox: Sandbox) -> Mesh:
    return ours(sandbox.machine, sandbox.port, seconds=10)


def theirs(sandbox: Sandbox) -> Any:
    """Return the requester's side: NHS England's client."""
    mesh_client = pytest.importorskip("mesh_client")
    machine = sandbox.machine
    return mesh_client.MeshClient(
        f"https://{LOCALHOST}:{sandbox.port}",
        THEIRS,
        PASSWORD,
        shared_key=SHARED_KEY.encode(),
        cert=(str(machine.certificate), str(machine.key)),
        verify=str(machine.authority),
    )


def outgoing(sealed: bytes, address: str = f"mesh:{THEIRS}") -> Outgoing:
    return Outgoing(
        case=CASE,
        organisation=HOME_OFFICE,
        sha256=sha256(sealed).hexdigest(),
        sealed=sealed,
        proof=PROOF,
        address=address,
        sealed_at=datetime(2017, 3, 1, tzinfo=UTC),
    )


def heard(sandbox: Sandbox, awaited: list[Awaited]) -> list[Receipt | Statement]:
    mesh = client(sandbox)
    found = list(mesh.news(awaited))
    for one in found:
        mesh.settle(one)
    return found


def test_a_pack_goes_there_is_fetched_byte_for_byte_and_its_acknowledgement_comes_back(
    sandbox: Sandbox, sealed: bytes
) -> None:
    number = client(sandbox).send(outgoing(sealed))
    digest = sha256(sealed).hexdigest()
    awaited = [Awaited(sha256=digest, receipt=number)]
    assert heard(sandbox, awaited) == []
    with theirs(sandbox) as requester, requester.retrieve_message(number) as message:
        arrived = message.read()
        assert message.local_id == digest[:32]
        headers = str(dict(message.mex_headers()))
        message.acknowledge()
    assert as_sealed(arrived) == sealed
    assert proof_in(arrived) == PROOF.encode()
    assert not any(word in headers for word in CANARIES)
    (receipt,) = heard(sandbox, awaited)
    assert receipt == Receipt(digest_begins=digest, fate=Fate.COLLECTED, claimed=False)


def test_a_pack_nobody_fetches_for_five_days_is_given_back_and_goes_again(sandbox: Sandbox, sealed: bytes) -> None:
    digest = sha256(sealed).hexdigest()
    sandbox.gives_back(digest)
    (receipt,) = heard(sandbox, [])
    assert isinstance(receipt, Receipt)
    assert (receipt.fate, receipt.claimed, receipt.reason) == (Fate.FAILED, False, "mesh-14")
    assert digest.startswith(receipt.digest_begins)
    assert heard(sandbox, []) == []


def test_a_confirmation_of_destruction_comes_back_on_its_own_workflow_from_a_known_mailbox(sandbox: Sandbox) -> None:
    with theirs(sandbox) as requester:
        requester.send_message(OURS, b'{"v":1}', workflow_id=f"{WORKFLOW}_ACK", filename="destruction.json")
        requester.send_message(OURS, b"for somebody else", workflow_id="OTHER")
    (statement,) = heard(sandbox, [])
    assert isinstance(statement, Statement)
    assert (statement.address, statement.content) == (f"mesh:{THEIRS}", b'{"v":1}')
    assert heard(sandbox, []) == []


def test_a_mailbox_that_is_not_registered_is_refused_for_this_pack_alone(sandbox: Sandbox, sealed: bytes) -> None:
    with pytest.raises(PeerRefused):
        client(sandbox).send(outgoing(sealed, "mesh:X26NOBODY"))


def test_without_an_enrolled_mailbox_nothing_is_said(sandbox: Sandbox, sealed: bytes) -> None:
    with pytest.raises(NoAddress):
        client(sandbox).send(outgoing(sealed, "mailto:tracing@home-office.example"))


def test_a_wrong_password_sends_nothing(sandbox: Sandbox, sealed: bytes) -> None:
    with pytest.raises(PeerSilent, match="403"):
        ours(sandbox.machine, sandbox.port, seconds=10, password="other").send(outgoing(sealed))


def test_a_service_nobody_vouches_for_is_told_nothing(sandbox: Sandbox, sealed: bytes, tmp_path: Path) -> None:
    stranger = Machine(tmp_path, "stranger")
    with pytest.raises(PeerSilent, match="not vouched for"):
        ours(stranger, sandbox.port).send(outgoing(sealed))


def within_tls(machine: Machine, behaviour: Behaviour) -> Behaviour:
    """Return a peer that does TLS properly and misbehaves inside it."""

    def talk(connection: socket.socket) -> None:
        context = machine.server_context()
        with context.wrap_socket(connection, server_side=True) as line:
            line.recv(65_536)
            behaviour(line)

    return talk


def answers(content: bytes) -> Behaviour:
    """Return a peer that gives one answer and holds the line."""

    def behaviour(connection: socket.socket) -> None:
        connection.sendall(content)
        threading.Event().wait(30)

    return behaviour


def endless(connection: socket.socket) -> None:
    """Answer with a body that never ends."""
    connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10000000000\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


# Where a line is reset before TLS begins, Python's own ssl module forgets to close what it was making of it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("behaviour", [stalls, resets, drips, floods, endless], ids=lambda one: one.__name__)
@pytest.mark.parametrize("inside", [False, True], ids=["before TLS", "inside TLS"])
def test_no_peer_holds_a_worker_beyond_its_time(
    tmp_path: Path, sealed: bytes, behaviour: Behaviour, inside: bool
) -> None:
    machine = Machine(tmp_path)
    with peer(within_tls(machine, behaviour) if inside else behaviour) as port:
        began = time.monotonic()
        with pytest.raises(PeerSilent, match="go again, byte for byte"):
            ours(machine, port).send(outgoing(sealed))
    assert time.monotonic() - began < SECONDS * 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\n\r\n{"message_id":"a b\\r\\nc"} ',
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\n[[[[",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://example.org/\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["no number", "a number that is none", "nonsense", "its own trouble", "a way elsewhere"],
)
def test_an_answer_that_is_not_taken_at_its_word_leaves_the_pack_where_it_is(
    tmp_path: Path, sealed: bytes, answer: bytes
) -> None:
    machine = Machine(tmp_path)
    with peer(within_tls(machine, answers(answer))) as port, pytest.raises(PeerSilent):
        ours(machine, port).send(outgoing(sealed))
