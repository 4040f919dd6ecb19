"""The files a requester would send: weekly CSVs over eleven months, some of them wrong the first time."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from privity.casework.ports import Agreements
from privity.definitions.day import Calendar
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily
from privity.edge.demonstration.plans import ABSENT, Plan, make_plan
from privity.edge.demonstration.walk import Delivery
from privity.edge.synthetic.particulars import draw
from privity.edge.synthetic.people import SyntheticPopulation
from privity.request.intake import Reading, batch_reference, columns_of, read_csv

FIRST_DAY, LAST_DAY = date(2017, 1, 3), date(2017, 11, 30)
"""January to November, as the reported volumes; 2017, because in 2016 no written terms were in force."""
MOST_FILES = 47
"""Files a body sends: one a week over the eleven months."""
SPOILT = 0.25
"""Share of files that come with row errors the first time."""
FORCES = ("greater-manchester-police", "metropolitan-police", "west-yorkshire-police", "kent-police")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Everything sent in: the deliveries taken, the plans behind them, and the files that were refused."""

    deliveries: tuple[Delivery, ...]
    plans: Mapping[tuple[str, str], Plan]
    refused_files: int
    row_errors: int
    example: str


def bodies_of(family: str) -> Sequence[str]:
    """Return the bodies that send requests under a family in the simulated year."""
    return FORCES if family == "police" else (family,)


def draw_plans(
    population: SyntheticPopulation, volumes: Mapping[str, int], *, seed: int, bodies: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Plan]:
    """Return made-up requests, by body and the body's own reference, in the order they are sent."""
    plans: dict[tuple[str, str], Plan] = {}
    for place, (family, count) in enumerate(sorted(volumes.items())):
        drawn = draw(population, count, seed + place, absent_share=ABSENT[family])
        for number, particulars in enumerate(drawn, start=1):
            body = bodies[family][number % len(bodies[family])]
            reference = f"{body[:2].upper()}/{seed}/{number:05d}"
            plan = make_plan(
                organisation=body,
                family=family,
                reference=reference,
                fields=particulars.fields,
                truth=particulars.truth,
                seed=seed,
            )
            plans[body, reference] = plan
    return plans


def send_year(
    plans: Mapping[tuple[str, str], Plan],
    agreements: Agreements,
    calendar: Calendar,
    folder: Path,
    *,
    seed: int,
    first: date = FIRST_DAY,
    last: date = LAST_DAY,
) -> Sent:
    """Write the files week by week, read each as the intake does, and return what arrives when.

    A file with row errors is refused whole; its corrected version arrives on the next working day.
    """
    folder.mkdir(parents=True, exist_ok=True)
    days = [day for day in _days(first, last) if calendar.is_working_day(day)]
    weeks = [days[len(days) * number // MOST_FILES] for number in range(MOST_FILES)] if len(days) > MOST_FILES else days
    deliveries: list[Delivery] = []
    refused = errors = 0
    example = ""
    rng = random.Random(seed)
    for body in sorted({plan.organisation for plan in plans.values()}):
        own = [plan for plan in plans.values() if plan.organisation == body]
        form = agreements.form(AgreementFamily(own[0].family))
        columns = columns_of(form)
        for number, (day, part) in enumerate(_spread(own, weeks), start=1):
            path = folder / f"{body}-{day.isoformat()}.csv"
            content = _csv(part, columns)
            organisation = OrganisationId(body)
            if number > 1 and rng.random() < SPOILT:
                spoilt = _csv(part, columns, spoil=rng)
                wrong = read_csv(spoilt, form, organisation)
                path.with_suffix(".refused.csv").write_bytes(spoilt)
                refused, errors = refused + 1, errors + len(wrong.errors)
                example = example or str(wrong.errors[0])
                day = next(later for later in days if later > day) if day < days[-1] else day
            path.write_bytes(content)
            deliveries.append(_delivery(day, organisation, content, read_csv(content, form, organisation)))
    return Sent(
        deliveries=tuple(sorted(deliveries, key=lambda one: (one.day, one.organisation))),
        plans=plans,
        refused_files=refused,
        row_errors=errors,
        example=example,
    )


def _delivery(day: date, organisation: OrganisationId, content: bytes, reading: Reading) -> Delivery:
    assert not reading.errors, f"the corrected file is still wrong: {reading.errors[0]}"
    batch = batch_reference(content, organisation)
    return Delivery(day=day, organisation=organisation, batch=batch, reading=reading)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _spread(plans: Sequence[Plan], days: Sequence[date]) -> Iterable[tuple[date, Sequence[Plan]]]:
    """Yield the requests sent on each day, about equally many a week."""
    for place, day in enumerate(days):
        part = plans[len(plans) * place // len(days) : len(plans) * (place + 1) // len(days)]
        if part:
            yield day, part


def _csv(plans: Sequence[Plan], columns: Sequence[str], *, spoil: random.Random | None = None) -> bytes:
    """Return the file a requester would send, with a few slips in it where `spoil` is given."""
    rows = [dict(plan.fields) for plan in plans]
    if spoil is not None:
        for row in spoil.sample(rows, min(2, len(rows))):
            slip = spoil.choice(("date_of_birth", "nhs_number", "postcode", "purpose"))
            row[slip] = {"date_of_birth": "31/02/1980", "nhs_number": "1234567890"}.get(slip, "=A1")
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
