"""Acts on an instance in PostgreSQL, and kills the process that acts, or the server's, at every message between them.

    python -m tests.fakes.killing_postgres DIR SOCKETS EVERY      SOCKETS: the folder of the server's socket

A relay stands between the two. At the message it is told, it sends SIGKILL to the process at one end: before it passes
the message on, or after. A server's process that dies so takes the whole server through its recovery. After each kill a
process of our own goes on, and what is found is held to what was acknowledged. Says what was done, as JSON.
"""

import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

import psycopg

from privity.casework.receive import receive
from privity.edge.wiring.instance import Instance, make_instance
from privity.ledger.audit import Intact, audit
from tests.fakes.corridor import KENT, START, asker, police_request

NAME = ".s.PGSQL.5432"
_KEY_DATA = b"K\x00\x00\x00\x0c"
UNSURE, DEFECT, PATIENCE = 3, 70, 60
ROWS = ("opening", "request", "state", "history")
Victim = Literal["ours", "server's"]


@dataclass(slots=True)
class Relay:
    """Passes messages between us and the server, and kills one end at a message: in a process of its own.

    Only connections made since it was last aimed count; `at` counts their messages from 1, and 0 is never.
    """

    ours: Path
    server: Path
    aimed: int = 0
    victim: Victim = "ours"
    at: int = 0
    passed_on: bool = False
    seen: int = 0
    killed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _told: "socket.socket | None" = None

    def start(self) -> None:
        """Begin to listen."""
        door = socket.socket(socket.AF_UNIX)
        door.bind(str(self.ours / NAME))
        door.listen()
        self._told, hears = socket.socketpair()
        if os.fork() == 0:
            self._told.close()
            threading.Thread(target=self._listen, args=(door,), daemon=True).start()
            self._obey(hears)
            os._exit(0)
        hears.close()
        door.close()

    def aim(self, victim: Victim, at: int, *, passed_on: bool) -> tuple[bool, int]:
        """Kill one end at the message of that number from now on; return what came of the aim before."""
        assert self._told is not None, "it was started"
        self._told.sendall(json.dumps([victim, at, passed_on]).encode())
        killed, seen = json.loads(self._told.recv(1_000))
        return bool(killed), int(seen)

    def _obey(self, hears: socket.socket) -> None:
        while told := hears.recv(1_000):
            with self._lock:
                before = [self.killed, self.seen]
                self.victim, self.at, self.passed_on = json.loads(told)
                self.aimed, self.seen, self.killed = self.aimed + 1, 0, False
            hears.sendall(json.dumps(before).encode())

    def _listen(self, door: socket.socket) -> None:
        while True:
            here, _ = door.accept()
            there = socket.socket(socket.AF_UNIX)
            with suppress(OSError):
                there.connect(str(self.server / NAME))
            (peer,) = struct.unpack("i8x", here.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            ends: dict[Victim, int] = {"ours": peer}
            threading.Thread(target=self._up, args=(here, there, ends, self.aimed), daemon=True).start()
            threading.Thread(target=self._down, args=(here, there, ends), daemon=True).start()

    def _up(self, here: socket.socket, there: socket.socket, ends: dict[Victim, int], aimed: int) -> None:
        with suppress(OSError):
            while message := here.recv(1 << 20):
                with self._lock:
                    counts = aimed == self.aimed
                    self.seen += counts
                    now = counts and self.seen == self.at and self.victim in ends
                if now and not self.passed_on:
                    self._kill(ends)
                there.sendall(message)
                if now and self.passed_on:
                    self._kill(ends)
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)

    def _down(self, here: socket.socket, there: socket.socket, ends: dict[Victim, int]) -> None:
        with suppress(OSError):
            while message := there.recv(1 << 20):
                place = message.find(_KEY_DATA)
                if "server's" not in ends and place >= 0:
                    (ends["server's"],) = struct.unpack(">i", message[place + 5 : place + 9])
                here.sendall(message)
        with suppress(OSError):
            here.shutdown(socket.SHUT_RDWR)

    def _kill(self, ends: dict[Victim, int]) -> None:
        with suppress(ProcessLookupError):
            os.kill(ends[self.victim], signal.SIGKILL)
            self.killed = True


def act(instance: Instance, number: int, *, patient: bool) -> str:
    """Receive one request in a process of its own; return its reference once acknowledged, empty where it was not."""
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        code = DEFECT
        try:
            code = _act_and_tell(instance, number, tells, patient=patient)
        finally:
            # Whatever happened: this process is a copy of the one that forked it, and must not go on as that one.
            sys.excepthook(*sys.exc_info()) if code == DEFECT else None
            os._exit(code)
    os.close(tells)
    with os.fdopen(told) as heard:
        reference = heard.read().strip()
    os.waitpid(child, 0)
    return reference


def _act_and_tell(instance: Instance, number: int, tells: int, *, patient: bool) -> int:
    from django.db import Error, connection

    until = time.monotonic() + (PATIENCE if patient else 0)
    at = START + timedelta(minutes=number)
    while True:
        try:
            with instance.store.unit() as unit:
                made = receive(unit, police_request(reference=f"KP/{number}"), at=at, by=asker(KENT))
        except Error:
            connection.close()
            if time.monotonic() > until:
                return UNSURE
            time.sleep(0.05)
        else:
            os.write(tells, f"{made}\n".encode())
            return 0


def faults(server: Path, acknowledged: set[str]) -> list[str]:
    """Return what is not as it was promised, once a process of ours has gone on."""
    found = []
    with psycopg.connect(f"host={server} user=privity dbname=postgres") as database:

        def one(statement: str) -> object:
            (value,) = database.execute(statement).fetchone() or (None,)
            return value

        there = {reference for (reference,) in database.execute("SELECT reference FROM opening")}
        if acknowledged - there:
            found.append(f"{len(acknowledged - there)} acknowledged and lost")
        if one("SELECT COUNT(*) FROM log_pending"):
            found.append("entries wait and nobody takes them up")
        if one("SELECT COUNT(*) - COALESCE(MAX(idx) + 1, 0) FROM log_entry"):
            found.append("the sequence has a gap")
        if one("SELECT COUNT(*) - COUNT(DISTINCT leaf) FROM log_entry"):
            found.append("an entry stands twice")
        if one("SELECT COUNT(*) FROM log_entry WHERE kind = 'case.opened'") != len(there):
            found.append("the ledger tells of another number of cases than there are")
        found += [f"`{table}` is not entered" for table in ROWS if one(f"SELECT COUNT(*) FROM {table} WHERE entry < 0")]
    return found


def main(root: Path, server: Path, every: int) -> None:
    relay = Relay(ours=root / "relay", server=server)
    relay.ours.mkdir(parents=True)
    os.environ["PRIVITY_DB"] = f"postgres://privity@/postgres?host={relay.ours}"
    relay.start()
    instance = make_instance(root / "instance")
    from tests.fakes.corridors import stored_corridor

    stored_corridor(instance)
    instance.store.close()
    acknowledged, wrong, kills, number = set[str](), list[str](), dict[str, int](), 0
    for victim in ("ours", "server's"):
        for passed_on in (False, True):
            at = 1
            while True:
                number += 2
                relay.aim(victim, at, passed_on=passed_on)
                acknowledged.add(act(instance, number, patient=False))
                hit, messages = relay.aim("ours", 0, passed_on=False)
                went_on = act(instance, number + 1, patient=True)
                wrong += [] if went_on else [f"nothing goes on after message {at}"]
                acknowledged = (acknowledged | {went_on}) - {""}
                told = f"{victim} {'after' if passed_on else 'before'} message"
                wrong += [f"{told} {at}: {fault}" for fault in faults(server, acknowledged)]
                if not hit and messages < at:
                    break
                kills[told] = kills.get(told, 0) + hit
                at += every
    is_intact = isinstance(audit(instance.log, instance.note_signer.verifier), Intact)
    from privity.edge.store.audit import Tally, audit_rows

    wrong += [] if is_intact else ["the ledger is not intact"]
    wrong += [f"`{finding.table}` differs from the ledger" for finding in audit_rows(instance.log, Tally())]
    print(json.dumps({"kills": kills, "acknowledged": len(acknowledged), "faults": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
