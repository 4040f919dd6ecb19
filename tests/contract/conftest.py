"""The two corridors every act is walked through: a unit of work in memory, and the real one over SQLite."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import START, Corridor
from tests.fakes.unit_of_work import MemoryStore

from privity.ledger.commitment import key_identifier

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


def memory_corridor() -> Corridor:
    store = MemoryStore()
    return Corridor(
        name="memory",
        open_unit=store.unit,
        read=store.case,
        entries=lambda: store.entries,
        sealed_bytes=lambda reference: store.sealed[reference],
        key_of=lambda reference: key_identifier(sha256(reference.encode()).digest()),
    )


def stored_corridor(instance: "Instance") -> Corridor:
    from privity.edge.store.case_rows import CaseKey, SealedBytes

    return Corridor(
        name="store",
        open_unit=instance.store.unit,
        read=instance.store.case,
        entries=lambda: [indexed.entry for indexed in instance.log.entries()],
        sealed_bytes=lambda reference: bytes(SealedBytes.objects.get(reference=reference).sealed),
        key_of=lambda reference: CaseKey.objects.get(reference=reference).kid,
    )


@pytest.fixture(params=["memory", "store"])
def corridor(request: pytest.FixtureRequest) -> Corridor:
    """Return a corridor with three organisations enrolled."""
    memory = request.param == "memory"
    made = memory_corridor() if memory else stored_corridor(request.getfixturevalue("instance"))
    made.now = datetime(2016, 12, 1, 9, tzinfo=UTC)
    made.enrol()
    made.now = START
    return made
