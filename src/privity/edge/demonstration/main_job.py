"""The main job, start to end: set up, send in, walk, count, replay, look from outside, and leave the desk alive."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module

from privity.agreement.replay import RequestClass, replay
from privity.casework.lifecycle import Status
from privity.definitions.day import Calendar, civil_day
from privity.definitions.party import GATEWAY, Role
from privity.definitions.person import PersonId
from privity.edge.demonstration.checking import check_from_outside, whole_periods
from privity.edge.demonstration.plans import REPORTED
from privity.edge.demonstration.present_day import make_present_day
from privity.edge.demonstration.results import LATER_VERSION, Done, Traces, Wishes
from privity.edge.demonstration.setting_up import FIRST_MOMENT, Stage, publish_until, set_up, write_passwords
from privity.edge.demonstration.telling import Teller
from privity.edge.demonstration.walk import Walk
from privity.edge.demonstration.year import Sent, bodies_of, draw_plans, send_year
from privity.edge.wiring.instance import Instance
from privity.ledger.entry_kind import EntryKind
from privity.request.tracing_request import TracingRequest
from privity.statistics.counts import Counts, Fold
from privity.statistics.quarter import Quarter
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression

YEAR = 2017
YEAR_ENDS = datetime(2018, 4, 30, 18, tzinfo=UTC)
"""By then every request of the simulated year is answered."""
CALENDAR = "england-and-wales"
QUARTERS = tuple(Quarter(year=YEAR, number=number) for number in (1, 2, 3, 4))


def do_main_job(wishes: Wishes, teller: Teller) -> Done:
    """Do the main job.

    Raises: Mistaken: there is an instance in the folder already.
    """
    today = civil_day(wishes.now)
    stage = set_up(wishes.data, people=wishes.people, seed=wishes.seed, today=today, progress=teller.step)
    instance = stage.instance
    calendar = instance.agreements.calendar(CALENDAR)
    sent, walk = _walk_year(stage, wishes, calendar, teller)
    publish_until(instance, YEAR_ENDS, after=FIRST_MOMENT)
    teller.step("counting, from the ledger alone")
    # Loaded by name: its rows can be imported only once the instance is open.
    publishing = import_module("privity.edge.wiring.publishing")
    publishing.pad(instance.log, instance.note_signer, whole_periods(instance.log.size()), YEAR_ENDS)
    rows, unapproved_reads, stories = _count(instance)
    teller.step("publishing the figures of the four quarters")
    _publish_figures(instance, stories, calendar)
    teller.step("replaying the year under the terms of May 2018")
    classes, totals, example = _replay(instance, sent)
    teller.step("checking the ledger and one pack from outside")
    traces = _traces(stage, walk)
    teller.step("making present-day cases")
    present, patients = make_present_day(stage, wishes, calendar, walk, published_until=YEAR_ENDS)
    checked = check_from_outside(instance, stage.requester_keys, at=wishes.now)
    write_passwords(instance.data.root)
    teller.done()
    return Done(
        wishes=wishes,
        statistics=rows,
        replayed=classes,
        replay_totals=totals,
        example=example,
        sent=sent,
        checked=checked,
        traces=traces,
        present=present,
        codes=patients.printed(),
        register_reads_without_approval=unapproved_reads,
        tracer=_tracer(instance),
    )


def _tracer(instance: Instance) -> str:
    """Return how the tracer stood at the end, in a sentence."""
    view = instance.watch_desk.tracer_stands(Role.AUDITOR)
    record = view.standing.record
    if record is None:
        return "Nobody was proposed automatically: no certificate holds for a register of this size."
    proposed = f"{record.determined + record.left_open:,} proposals were decided on"
    if not record.suspended_for:
        return f"The tracer proposes under its certificate; {proposed}."
    return f"{proposed.capitalize()}, until the tracer suspended itself on {record.suspended_at[:10]}: {record.words}."


def _walk_year(stage: Stage, wishes: Wishes, calendar: Calendar, teller: Teller) -> tuple[Sent, Walk]:
    instance = stage.instance
    volumes = {family: max(round(count * wishes.scale), 1) for family, count in REPORTED.items()}
    bodies = {family: bodies_of(family) for family in volumes}
    teller.step("making up a year of requests and writing the files a requester would send")
    plans = draw_plans(stage.population, volumes, seed=wishes.seed, bodies=bodies)
    sent = send_year(plans, instance.agreements, calendar, instance.data.root / "sent-in", seed=wishes.seed)
    with teller.bar("walking the year through the corridor", len(plans)) as advance:
        walk = Walk(instance=instance, calendar=calendar, plans=dict(sent.plans), progress=advance, now=FIRST_MOMENT)
        walk.run(sent.deliveries, until=YEAR_ENDS)
    return sent, walk


def _replay(instance: Instance, sent: Sent) -> tuple[tuple[RequestClass, ...], Mapping[str, int], str]:
    """Return what would have become of the Home Office's year under the terms announced in May 2018."""
    version = instance.agreements.families()["home-office"].version(LATER_VERSION)  # type: ignore[arg-type]
    assert version is not None, "the shelf ships the terms of May 2018"
    requests = _requests(instance, sent, "home-office")
    replayed = replay(requests, version)
    totals = Counter(outcome.outcome for outcome in replayed.outcomes)
    overstay = next(
        place
        for place, request in enumerate(requests)
        if request.facts.get("offence") == "ia1971-s24-1-b-i" and request.purpose == "immigration-offence"
    )
    outcome = replayed.outcomes[overstay]
    cited = "; ".join(f"{clause.ref.clause}: {clause.says}" for clause in outcome.cited)
    return replayed.classes, totals, f"{outcome.outcome} ({cited})"


def _requests(instance: Instance, sent: Sent, body: str) -> list[TracingRequest]:
    return [
        read.request for delivery in sent.deliveries if delivery.organisation == body for read in delivery.reading.rows
    ]


def _traces(stage: Stage, walk: Walk) -> Traces:
    """Return how often the right and the wrong person were named; the simulation knows, a custodian would not."""
    instance = stage.instance
    here = {f"{number:010d}": PersonId(number) for number in stage.population.columns.nhs_number.tolist()}
    chosen = instance.store.identity_choices()
    ended = {Status.SEALED.value, Status.SENT.value, Status.COLLECTED.value, Status.DESTROYED.value}
    closed = {*ended, Status.UNTRACED.value}
    answered = {reference: status for reference, status in instance.store.statuses().items() if status in closed}
    traced = wrong = present = found = 0
    for reference, plan in walk.known.items():
        status = answered.get(reference)
        if status is None:
            continue
        truth = here.get(plan.truth)
        named = PersonId(chosen[reference]) if status in ended else None
        present += truth is not None
        traced += named is not None
        wrong += named is not None and named != truth
        found += named is not None and named == truth
    return Traces(traced=traced, wrong=wrong, present=present, found=found)


def _publish_figures(instance: Instance, stories: Stories, calendar: Calendar) -> None:
    """Publish the year's quarters, as a custodian would have when all of it was answered."""
    # Loaded by name: its rows can be imported only once the instance is open.
    publishing = import_module("privity.edge.wiring.public_statistics")
    publishing.publish_counted(
        instance.store, stories, QUARTERS, calendar=calendar, setting=Suppression.EXACT, by=GATEWAY, at=YEAR_ENDS
    )


def _count(instance: Instance) -> tuple[tuple[Counts, ...], int, Stories]:
    """Return the year's figures, how often the register was read before a case's purpose was approved, and all cases.

    All from one walk over the ledger, as an auditor would.
    """
    stories = Stories()
    fold, opened, approved, reads = Fold(), set[str](), set[str](), 0
    for indexed in instance.log.entries():
        entry = indexed.entry
        fold.see((entry,))
        stories.see((entry,))
        if entry.kind is EntryKind.CASE_OPENED:
            opened.add(entry.case)
        if entry.outcome == "approved":
            approved.add(entry.case)
        elif entry.kind is EntryKind.REGISTER_READ and entry.case in opened - approved:
            reads += 1
    return fold.table(year=YEAR), reads, stories
