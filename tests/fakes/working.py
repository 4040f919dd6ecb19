"""Walks requests through an instance and says, after each act, what it has just been promised is durable.

python -m tests.fakes.working DIR CASES [careless]

    size N              the ledger has N entries
    case PRV-… STATUS   that is where the case stands
    sent PRV-… DIGEST   the pack of that digest is with the transport
    key PRV-… HEX       the case's key, said before it goes
    destroyed PRV-…     the case is gone
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from privity.agreement.version import OUR_LADDER
from privity.casework.destroy import allow_destruction
from privity.casework.ports import UnitOfWork
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.edge.wiring.instance import Instance, open_instance
from privity.request.tracing_request import TracingRequest
from tests.fakes import golden
from tests.fakes.corridor import FIRST, SECOND, START, Corridor, police_request
from tests.fakes.corridors import going_on, looking_again
from tests.fakes.keys import opened_key
from tests.fakes.shelf import ShelfAgreements

AUTOCHECKPOINT_PAGES = 150
"""Far below the product's own, so that a short walk sees the log of writes emptied into the database often."""


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def about_somebody(number: int) -> TracingRequest:
    """Return a request about a person of its own: the same one again and again would be stopped as fishing."""
    drawn = sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789abcdef", "ABCDEFGHIKLMNOPR"))
    somebody = replace(
        golden.particulars(),
        family_name=drawn[:9],
        given_name=drawn[9:16],
        other_given_names="",
        date_of_birth=date(1940, 1, 1) + timedelta(days=97 * number),
        postcode="",
        address_lines=(),
    )
    return replace(police_request(reference=f"KP/{number}"), particulars=somebody)


def walk(instance: Instance, corridor: Corridor, number: int) -> CaseReference:
    reference = corridor.sealed(about_somebody(number))
    say("case", reference, corridor.read(reference).status.value)
    assert reference in instance.outbox.send(at=corridor.tick()), "it stayed where it was"
    pack = corridor.read(reference).pack
    assert pack is not None
    say("sent", reference, pack.sha256)
    if number % 2:
        corridor.collect(reference)
        corridor.destroyed(reference, on=civil_day(corridor.now))
        say("case", reference, corridor.read(reference).status.value)
    return reference


def shred(instance: Instance, corridor: Corridor, reference: CaseReference) -> None:
    from privity.edge.store.case_rows import CaseKey

    say("key", reference, opened_key(CaseKey.objects.get(reference=reference)).hex())
    corridor.now += timedelta(days=OUR_LADDER.kept_here_days + 1)
    for who in (FIRST, SECOND):
        corridor.do(lambda unit, at, who=who: allow_destruction(unit, reference, by=who, at=at))  # type: ignore[misc]
    shredder = replace(instance.shredder, agreements=ShelfAgreements())
    shredder.destroy(reference, by=SECOND, at=corridor.tick())
    say("destroyed", reference)


def main(root: Path, cases: int, *, careless: bool) -> None:
    opened = open_instance(root)
    # What the corridor judges by and traces in is what the outbox looks at again: this instance has none of it itself.
    instance = replace(opened, outbox=looking_again(opened.outbox))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint={AUTOCHECKPOINT_PAGES}")
        if careless:
            cursor.execute("PRAGMA synchronous=OFF")

    @contextmanager
    def open_unit() -> Iterator[UnitOfWork]:
        with instance.store.unit() as unit:
            yield unit
        say("size", instance.log.size())

    last = instance.log.last_moment()
    assert last is not None, "the organisations are enrolled"
    corridor = replace(going_on(instance), open_unit=open_unit, now=max(START, last + timedelta(hours=1)))
    references = [walk(instance, corridor, number) for number in range(cases)]
    if cases > 1:
        shred(instance, corridor, references[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), careless="careless" in sys.argv)
