"""The two corridors every act is walked through: a unit of work in memory, and the real one over SQLite."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from privity.casework.destroy import KEPT_DAYS
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.ledger.commitment import key_identifier
from tests.fakes.corridor import START, Corridor, police_request
from tests.fakes.guarded_register import CountingRegister
from tests.fakes.shelf import ShelfAgreements
from tests.fakes.unit_of_work import MemoryStore

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.outbox import OutboxSender

ENROLLED_AT = datetime(2016, 12, 1, 9, tzinfo=UTC)


def memory_corridor() -> Corridor:
    """Return a corridor over memory, its organisations enrolled."""
    store = MemoryStore()
    return _enrolled(
        Corridor(
            name="memory",
            open_unit=store.unit,
            read=store.case,
            entries=lambda: store.entries,
            sealed_bytes=lambda reference: store.sealed[reference],
            key_of=lambda reference: key_identifier(sha256(reference.encode()).digest()),
        )
    )


def stored_corridor(instance: "Instance") -> Corridor:
    """Return a corridor over an instance's database, its organisations enrolled."""
    return _enrolled(going_on(instance))


def going_on(instance: "Instance") -> Corridor:
    """Return a corridor over an instance's database, as it stands."""
    from privity.edge.store.case_rows import CaseKey, SealedBytes

    return Corridor(
        name="store",
        open_unit=instance.store.unit,
        read=instance.store.case,
        entries=lambda: [indexed.entry for indexed in instance.log.entries()],
        sealed_bytes=lambda reference: bytes(SealedBytes.objects.get(reference=reference).sealed),
        key_of=lambda reference: CaseKey.objects.get(reference=reference).kid,
    )


def looking_again(outbox: "OutboxSender") -> "OutboxSender":
    """Return an outbox that looks once more at what a corridor judged by: its agreements and its register."""
    gateway = replace(outbox.gateway, register=CountingRegister())
    return replace(outbox, agreements=ShelfAgreements(), gateway=gateway)


def kept_out(corridor: Corridor, count: int) -> list[CaseReference]:
    """Return so many cases of one month: answered, sent, destroyed by the requester, and kept here for their time."""
    references = [corridor.sealed(police_request(reference=f"KP/{number}")) for number in range(count)]
    for reference in references:
        corridor.send(reference)
        corridor.destroyed(reference, on=civil_day(corridor.now))
    corridor.now += timedelta(days=KEPT_DAYS + 1)
    return references


def _enrolled(corridor: Corridor) -> Corridor:
    corridor.now = ENROLLED_AT
    corridor.enrol()
    corridor.now = START
    return corridor
