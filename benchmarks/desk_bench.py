"""The server's time for the pages an officer waits for: `python benchmarks/desk_bench.py [--cases N] [--pages N]`.

    queue       the first page of the queue with 10,000 open cases, everything on it counted anew
    late        the same, of the late ones only, sorted, on its third page
    case        the page of one case: findings, particulars, history with ledger entries
    listing     a requester's own list, of as many requests as its body has sent
    changes     what a requester's system is told when it polls and nothing is new

Every case is a real one: received, assessed and in the ledger. Times are of the whole stack in one process (routing,
session, authorisation, database, template), without the network. Ends with 1 where a promised figure is missed; where
the machine has more to do than it has cores, by processor time, and the table says so.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from privity.casework.assess import assess_case
from privity.casework.receive import receive
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.person import Gender, Particulars
from privity.definitions.reference import AgreementFamily, Slug
from privity.edge.demonstration.setting_up import FIRST_MOMENT, publish_until, set_up
from privity.edge.wiring.instance import Instance
from privity.request.tracing_request import Countersignature, TracingRequest

QUEUE_MS, CASE_MS = 150.0, 60.0
TOGETHER = 200
DAYS = 40
BODIES = ("kent-police", "metropolitan-police", "greater-manchester-police")


def request(number: int) -> TracingRequest:
    """Return one of many like requests, each about somebody else."""
    return TracingRequest(
        requester=OrganisationId(BODIES[number % len(BODIES)]),
        family=AgreementFamily("police"),
        requester_reference=f"B/{number}",
        officer_name="DC Example",
        purpose=Slug("criminal-investigation"),
        items=frozenset({DataItem.NAME, DataItem.LAST_KNOWN_ADDRESS}),
        particulars=Particulars(
            family_name=f"Family{number}",
            given_name="Given",
            other_given_names="",
            date_of_birth=date(1980, 1, 1) + timedelta(days=number % 9_000),
            gender=Gender.UNKNOWN,
            nhs_number=None,
            postcode="",
            address_lines=(),
        ),
        facts={"offence": Slug("murder"), "person_is": Slug("suspect")},
        declarations=frozenset({Slug("aids_investigation"), Slug("this_person")}),
        countersignature=Countersignature(name="Insp. Example", rank=Slug("inspector")),
        statement="Nobody else knows where the person lives.",
    )


def fill(instance: Instance, cases: int, now: datetime) -> None:
    """Receive and assess `cases` requests, spread over the last forty days."""
    begins = now - timedelta(days=DAYS)
    publish_until(instance, begins, after=FIRST_MOMENT)
    for start in range(0, cases, TOGETHER):
        at = begins + (now - begins) * (start / cases)
        with instance.store.unit() as unit:
            for number in range(start, min(start + TOGETHER, cases)):
                asked = request(number)
                by = Officer(
                    staff_id=StaffId(f"desk@{asked.requester}"),
                    name="Desk",
                    organisation=asked.requester,
                    role=Role.REQUESTING_OFFICER,
                )
                assess_case(unit, instance.agreements, receive(unit, asked, at=at, by=by), at=at)


def timed(deed: Callable[[], Any], times: int) -> tuple[float, float, float]:
    """Return the median by the wall clock and by processor time, and the slowest, in milliseconds."""
    wall, processor = [], []
    deed()
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        deed()
        wall.append((time.perf_counter() - began) * 1_000)
        processor.append((time.process_time() - worked) * 1_000)
    return statistics.median(wall), statistics.median(processor), max(wall)


def pages(instance: Instance) -> Iterator[tuple[str, Callable[[], Any], float | None]]:
    """Yield what is measured: its name, how it is asked for, and the promise, if there is one."""
    client, account = import_module("django.test").Client, import_module("privity.edge.store.account").Account
    rows = import_module("privity.edge.store.case_rows")
    wsgi_door = import_module("privity.edge.web.door")
    wsgi_door.open_with(instance.desk, requester_desk=instance.requester_desk, letters=instance.letters)
    import_module("django.conf").settings.ALLOWED_HOSTS = ["localhost"]

    def at_the_pages(staff_id: str) -> Any:
        signed_in = client(SERVER_NAME="localhost")
        signed_in.force_login(account.objects.get(staff_id=staff_id))
        return signed_in

    def fetched(signed_in: Any, path: str) -> Callable[[], None]:
        def fetch() -> None:
            answer = signed_in.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

        return fetch

    officer, asker = at_the_pages("a.okafor"), at_the_pages("p.reid")
    case = rows.State.objects.filter(closed_on="").order_by("due").values_list("reference", flat=True)[0]
    theirs = Officer(
        staff_id=StaffId("desk@kent-police"),
        name="Desk",
        organisation=OrganisationId("kent-police"),
        role=Role.REQUESTING_OFFICER,
    )
    upto = instance.log.size()
    yield "queue", fetched(officer, "/cases/"), QUEUE_MS
    yield "late", fetched(officer, "/cases/?view=overdue&page=3"), QUEUE_MS
    yield "case", fetched(officer, f"/cases/{case}/"), CASE_MS
    yield "listing", fetched(asker, "/requests/"), None
    yield "changes", lambda: instance.requester_desk.changes(upto, by=theirs), None


def main() -> int:
    """Measure, print a table, and return 1 where a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=40, help="how often each page is asked for")
    arguments = parser.parse_args()
    now = datetime.now(UTC)  # noqa: TID251  cases are as old as they look today
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        stage = set_up(Path(folder) / "desk", people=500, seed=1, today=now.date(), progress=lambda _: None)
        fill(stage.instance, arguments.cases, now)
        waiting = sum(load > (os.cpu_count() or 1) for load in os.getloadavg()[:1])
        print(f"{arguments.cases:,} open cases made in {time.perf_counter() - began:.0f} s")
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        missed = report(stage.instance, arguments.pages, busy=bool(waiting))
        stage.instance.store.close()
    return 1 if missed else 0


def report(instance: Instance, times: int, *, busy: bool) -> list[str]:
    """Print one line a page, and return the names of those that missed their promise."""
    missed = []
    print("\n| page | median ms | of processor | slowest | promised |\n|---|---|---|---|---|")
    for name, deed, promise in pages(instance):
        median, processor, slowest = timed(deed, times)
        kept = promise is None or (processor if busy else median) <= promise
        said = "" if promise is None else f"{promise:.0f}" + ("" if kept else " MISSED")
        print(f"| {name} | {median:.1f} | {processor:.1f} | {slowest:.1f} | {said} |")
        missed += [] if kept else [name]
    if busy:
        print("\nThe machine had more to do than it has cores: judged by processor time.")
    return missed


if __name__ == "__main__":
    sys.exit(main())
