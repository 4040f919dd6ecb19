"""Some dozens of present-day cases in every state, so that the desk is alive today.

Police, courts and coroners, whose agreements are in force in this made-up world. The Home Office asks too, and is
refused: no agreement with it has been in force since 9 November 2018.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice

import numpy as np

from privity.casework.lifecycle import Status
from privity.casework.release import intend, release
from privity.definitions.day import Calendar, civil_day
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.cast import OFFICERS
from privity.edge.demonstration.debts import walk_debts
from privity.edge.demonstration.disputes import make_disputes
from privity.edge.demonstration.patients import Patients, answer_patients, meet_patients
from privity.edge.demonstration.plans import Left, Plan
from privity.edge.demonstration.results import Wishes
from privity.edge.demonstration.screening import simulated_screen
from privity.edge.demonstration.setting_up import Stage, publish_until
from privity.edge.demonstration.walk import Walk
from privity.edge.demonstration.year import bodies_of, draw_plans, send_year
from privity.edge.synthetic.people import SyntheticPopulation

VOLUMES = {"police": 48, "court-order": 20, "coroner": 16, "home-office": 3}
SPARE = 7
"""How many of those whom nobody asks about play a part."""
DAYS = 40
"""Calendar days back from today over which they arrive: the oldest open ones are overdue."""
ANSWERABLE = ("murder inquiry", "rape investigation", "child abuse investigation", "court order")
TO_RULE = ("shoplifting", "fraud")


def make_present_day(
    stage: Stage, wishes: Wishes, calendar: Calendar, walked: Walk, *, published_until: datetime
) -> tuple[Mapping[str, int], Patients]:
    """Make the cases and return how many stand in each status, and the patients who asked about themselves.

    Args:   walked: the year before, about whose people something was disclosed.
            published_until: the moment until which what happened to the agreements is published already.
    """
    instance = stage.instance
    publish_until(instance, wishes.now, after=published_until)
    today = civil_day(wishes.now)
    bodies = {
        "police": bodies_of("police"),
        "court-order": ("family-court", "county-court"),
        "coroner": ("hm-coroner",),
        "home-office": ("home-office",),
    }
    plans = draw_plans(stage.population, VOLUMES, seed=wishes.seed + 100, bodies=bodies)
    _leave_some_lying(list(plans.values()), stage.population)
    first = today - timedelta(days=DAYS)
    walk_debts(stage, until=first, seed=wishes.seed + 200)
    sent = send_year(
        plans,
        instance.agreements,
        calendar,
        instance.data.root / "sent-in",
        seed=wishes.seed + 100,
        first=first,
        last=today - timedelta(days=1),
    )
    before = instance.store.statuses()
    opens = datetime(first.year, first.month, first.day, tzinfo=UTC)
    patients = meet_patients(instance, walked, _spare_numbers(stage, walked, plans), at=opens)
    walk = Walk(
        instance=instance,
        calendar=calendar,
        plans=dict(sent.plans),
        progress=lambda _count: None,
        collects=True,
        now=opens,
    )
    # Whole days only: what today would bring could lie ahead of the clock of whoever makes the demonstration.
    walk.run(sent.deliveries, until=datetime(today.year, today.month, today.day, tzinfo=UTC))
    make_disputes(instance, walk, calendar, until=wishes.now)
    _seal_without_sending(stage, walk, wishes.now)
    answer_patients(instance, patients, at=wishes.now)
    found = Counter(status for reference, status in instance.store.statuses().items() if reference not in before)
    return found, patients


def _spare_numbers(stage: Stage, walked: Walk, plans: Mapping[tuple[str, str], Plan]) -> list[str]:
    """Return the NHS numbers of some people whom nobody asks about."""
    taken = {plan.truth for plan in (*walked.known.values(), *plans.values())}
    columns = stage.population.columns
    numbers = (
        f"{number:010d}" for number, hidden in zip(columns.nhs_number, columns.sensitive, strict=True) if not hidden
    )
    return list(islice((number for number in numbers if number not in taken), SPARE))


def _leave_some_lying(plans: Sequence[Plan], population: SyntheticPopulation) -> None:
    """Decide where cases lie still: each of the states among those early enough to get there."""
    answerable = [plan for plan in plans if plan.kind.name in ANSWERABLE]
    early = answerable[: max(len(answerable) * 2 // 3, 1)]
    for plan, left in zip(early, cycle([*Left, None, None, None]), strict=False):
        plan.left = left
        plan.withdrawn, plan.questioned, plan.leans = False, left is Left.WITH_REQUESTER, True
        if left is Left.BEFORE_GUARDIAN:
            _ask_for_protected(plan, population)
    for plan in [plan for plan in plans if plan.kind.name in TO_RULE][:2]:
        plan.left, plan.withdrawn, plan.questioned = Left.BEFORE_VIEWS, False, False
    for place, plan in enumerate(plans):
        plan.withdrawn = plan.left is None and place % 17 == 0


def _ask_for_protected(plan: Plan, population: SyntheticPopulation) -> None:
    """Make a request ask for a person whose record is protected, by name and date of birth."""
    columns = population.columns
    row = int(np.flatnonzero(columns.sensitive)[plan.seed % int(columns.sensitive.sum())])
    plan.truth = f"{columns.nhs_number[row]:010d}"
    plan.fields |= {
        "family_name": columns.names[columns.family[row]],
        "given_name": columns.names[columns.given[row]],
        "date_of_birth": date.fromordinal(int(columns.born[row])).isoformat(),
        "nhs_number": "",
    }
    for name in [name for name in plan.fields if name.startswith(("address_line", "postcode", "other_given"))]:
        del plan.fields[name]


def _seal_without_sending(stage: Stage, walk: Walk, now: datetime) -> None:
    """Seal the answers of the cases that are to lie sealed and not sent."""
    instance = stage.instance
    for reference, plan in walk.known.items():
        status = instance.store.statuses()[reference]
        if plan.left is not Left.BEFORE_SENDING or status != Status.IDENTIFIED.value:
            continue
        with instance.store.unit() as unit:
            simulated_screen(unit, instance.gateway, CaseReference(reference), by=OFFICERS[0], at=now)
            if unit.case(CaseReference(reference)).status is not Status.IDENTIFIED:
                continue
            intend(unit, instance.agreements, CaseReference(reference), by=OFFICERS[0], at=now)
        with instance.store.unit() as unit:
            release(unit, instance.gateway, CaseReference(reference), by=OFFICERS[0], at=now)
