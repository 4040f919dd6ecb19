"""A case walked from its request to its collection, act by act, with the ledger and without, in turns.

"Without" is the same transaction over the same tables: it reads the case, judges, writes every row and the sealed
bytes, and commits as durably. What it leaves out is the key of the case, the commitments, the entry, the tree and the
signed checkpoint. The register, the agreements' shelf and the seal are those of the tests; the store is the real one.
"""

import random
import string
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.db import transaction
from tests.fakes.corridor import FIRST, SECOND, Corridor, police_request
from tests.fakes.corridors import stored_corridor

from privity.casework.record import NumberedRecord
from privity.definitions.person import Particulars
from privity.edge.store.log import Log
from privity.edge.store.statements import send_many
from privity.edge.store.tables import write_rows
from privity.edge.store.unit_of_work import KEEP_IN_MIND, KEEP_SEALED, Unit
from privity.edge.wiring.instance import Instance
from privity.ledger.checkpoint import NoteSigner

EARLIEST_BIRTH = date(1920, 1, 1)


class UnitWithoutLedger(Unit):
    """A transaction of acts that writes their rows and says nothing to any ledger."""

    def end(self, log: Log, signer: NoteSigner) -> None:
        """Write the rows, the sealed bytes and what is to be remembered."""
        for act in self._acts:
            for record in act.records:
                number = record.number if isinstance(record, NumberedRecord) else 0
                self._written[type(record)][record.reference, number] = record
        for kind, written in self._written.items():
            write_rows(kind, [(record, 0) for record in written.values()], self.alias)
        sealed = [(act.key, str((act.facts or {})["pack_digest"]), act.sealed) for act in self._acts if act.sealed]
        if sealed:
            send_many(self.alias, KEEP_SEALED, sealed)
        if self._memory:
            send_many(self.alias, KEEP_IN_MIND, [(name, *kept) for name, kept in sorted(self._memory.items())])
        for deed in self._deeds:
            deed()


@dataclass(slots=True)
class Walked:
    """Cases walked with and without the ledger, and how long each act took."""

    instance: Instance
    corridor: Corridor | None = None
    logged: bool = True
    act: str = ""
    wall: dict[bool, dict[str, list[float]]] = field(default_factory=lambda: {True: {}, False: {}})
    work: dict[bool, dict[str, list[float]]] = field(default_factory=lambda: {True: {}, False: {}})

    def walk(self, cases: int) -> None:
        """Walk so many cases each way, in turns."""
        corridor = self.corridor = self.corridor or stored_corridor(self.instance)
        corridor.open_unit = self._timed
        for number in range(2 * cases):
            self.logged = bool(number % 2)
            self._walk_one(corridor, random.Random(f"{corridor.now} {number}"))

    def _walk_one(self, corridor: Corridor, rng: random.Random) -> None:
        corridor.now += timedelta(hours=1)
        request = replace(police_request(reference=f"{_word(rng)}/{rng.randrange(10**9)}"), particulars=_somebody(rng))
        self.act = "receive"
        reference = corridor.receive(request)
        for act, deed in (
            ("assess", lambda: corridor.assess(reference)),
            ("first view of the purpose", lambda: corridor.view(reference, FIRST, True)),
            ("second view of the purpose", lambda: corridor.view(reference, SECOND, True)),
            ("trace", lambda: corridor.trace(reference)),
            ("first view of the identity", lambda: corridor.name_record(reference, FIRST, 1)),
            ("second view of the identity", lambda: corridor.name_record(reference, SECOND, 1)),
            ("safety screen", lambda: corridor.screen(reference)),
            ("intent to disclose", lambda: corridor.intend(reference)),
            ("release", lambda: corridor.release(reference)),
            ("sent", lambda: corridor.send(reference)),
            ("collected", lambda: corridor.collect(reference)),
        ):
            self.act = act
            deed()

    @contextmanager
    def _timed(self) -> Iterator[Unit]:
        started, at_work = time.perf_counter(), time.thread_time()
        with self.instance.store.unit() if self.logged else self._without() as unit:
            yield unit
        self.wall[self.logged].setdefault(self.act, []).append(time.perf_counter() - started)
        self.work[self.logged].setdefault(self.act, []).append(time.thread_time() - at_work)

    @contextmanager
    def _without(self) -> Iterator[Unit]:
        with transaction.atomic(durable=True):
            unit = UnitWithoutLedger(blind_key=self.instance.store.blind_key)
            yield unit
            unit.end(self.instance.log, self.instance.store.signer)


def all_of(taken: dict[str, list[float]]) -> list[float]:
    """Return what every act took, whichever it was."""
    return [each for some in taken.values() for each in some]


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=11)).title()


def _somebody(rng: random.Random) -> Particulars:
    """Return particulars of somebody made up whom nobody has asked for before."""
    letters = "".join(rng.choices("ABDEFGH", k=4))
    return Particulars(
        family_name=_word(rng),
        given_name=_word(rng),
        other_given_names=_word(rng),
        date_of_birth=EARLIEST_BIRTH + timedelta(days=rng.randrange(28_000)),
        postcode=f"{letters[:2]}{rng.randrange(1, 20)} {rng.randrange(1, 9)}{letters[2:]}",
        address_lines=(f"{rng.randrange(1, 999)} {_word(rng)} Road",),
    )
